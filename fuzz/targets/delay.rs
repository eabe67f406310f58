//! Fuzzes the text form of delays.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_properties::delay::check(input));
