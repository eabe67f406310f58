//! How a delay is written.

#![no_main]

#[path = "../properties/delay.rs"]
mod delay;

libfuzzer_sys::fuzz_target!(|input: &[u8]| delay::holds(input));
