//! What fuzzing (`make fuzz`) looks for a counterexample of holds for all that it starts from, and all that it ever found:
//! each input in `fuzz/seeds`.

#[path = "../fuzz/properties/delay.rs"]
mod delay;
#[path = "../fuzz/properties/docker_answers.rs"]
mod docker_answers;
#[path = "../fuzz/properties/fault_plan.rs"]
mod fault_plan;
#[path = "../fuzz/properties/notification.rs"]
mod notification;

use std::{env, fs, path::PathBuf};

/// Asked when the test runs, not when it is compiled: copies of the tree may share what was built.
fn hold(property: fn(&[u8]), target: &str) {
    let root: PathBuf = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it").into();
    let seeds: Vec<_> = fs::read_dir(root.join("fuzz/seeds").join(target))
        .expect("a folder of seeds")
        .collect();
    assert!(!seeds.is_empty());
    for seed in seeds {
        let path = seed.expect("an entry of the folder").path();
        // Told where the property does not hold.
        println!("{}", path.display());
        property(&fs::read(&path).expect("a seed"));
    }
}

#[test]
fn a_delay_reads_as_it_is_written() {
    hold(delay::holds, "delay");
}

#[test]
fn what_docker_answers_makes_target_groups_or_is_refused() {
    hold(docker_answers::holds, "docker_answers");
}

#[test]
fn a_fault_plan_is_made_of_shares_and_taken_as_it_is_shown() {
    hold(fault_plan::holds, "fault_plan");
}

#[test]
fn a_notification_reads_from_the_ledger_as_it_came() {
    hold(notification::holds, "notification");
}
