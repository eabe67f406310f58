//! Properties of the parsers: each function takes arbitrary bytes and panics where its property does not hold.
//!
//! The fuzz targets (`make fuzz`) look for an input that makes one panic. The tests here run the known inputs, those in
//! `fuzz/seeds`, with every `make test`: an input that once failed belongs there.

pub mod delay;
pub mod docker_answers;
pub mod fault_plan;
pub mod notification;

#[cfg(test)]
mod tests {
    use std::{env, fs, path::PathBuf};

    use super::*;

    /// Checks a property with every seed of its target.
    fn check_seeds(property: fn(&[u8]), target: &str) {
        // Read when the test runs: copies of the tree may share one target folder.
        let package: PathBuf = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it").into();
        let seeds: Vec<_> = fs::read_dir(package.join("../../fuzz/seeds").join(target))
            .expect("a folder of seeds")
            .collect();
        assert!(!seeds.is_empty(), "there are no seeds for {target}");
        for seed in seeds {
            let path = seed.expect("an entry of the folder").path();
            // Shown where the test fails: the last one is the seed that failed.
            println!("{}", path.display());
            property(&fs::read(&path).expect("a seed"));
        }
    }

    #[test]
    fn delays_survive_formatting_and_parsing() {
        check_seeds(delay::check, "delay");
    }

    #[test]
    fn docker_answers_give_valid_target_groups_or_an_error() {
        check_seeds(docker_answers::check, "docker_answers");
    }

    #[test]
    fn accepted_fault_plans_are_valid_and_survive_a_round_trip() {
        check_seeds(fault_plan::check, "fault_plan");
    }

    #[test]
    fn notifications_survive_the_ledger() {
        check_seeds(notification::check, "notification");
    }
}
