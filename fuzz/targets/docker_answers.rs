//! Fuzzes the mapping of Docker's API to target groups.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_properties::docker_answers::check(input));
