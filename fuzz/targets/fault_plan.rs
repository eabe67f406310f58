//! Fuzzes changes of the fault plan, as the control listener reads them.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzz_properties::fault_plan::check(input));
