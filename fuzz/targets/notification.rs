//! Fuzzes Alertmanager's notifications, as the pager's webhook reads them.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_properties::notification::check(input));
