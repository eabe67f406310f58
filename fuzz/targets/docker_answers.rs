//! What Docker answers.

#![no_main]

#[path = "../properties/docker_answers.rs"]
mod docker_answers;

libfuzzer_sys::fuzz_target!(|input: &[u8]| docker_answers::holds(input));
