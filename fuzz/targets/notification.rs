//! What the pager's webhook is sent.

#![no_main]

#[path = "../properties/notification.rs"]
mod notification;

libfuzzer_sys::fuzz_target!(|input: &[u8]| notification::holds(input));
