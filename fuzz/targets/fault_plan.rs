//! What the control listener is sent.

#![no_main]

#[path = "../properties/fault_plan.rs"]
mod fault_plan;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fault_plan::holds(input));
