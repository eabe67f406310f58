//! How the stack runs, and which scenarios that allows.

use clap::ValueEnum;

use crate::scenario::{self, Scenario};

/// How the stack runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Runtime {
    Compose,
    Local,
    Kubernetes,
}

impl Runtime {
    pub const ALL: &[Self] = &[Self::Compose, Self::Local, Self::Kubernetes];
    pub const ON_ONE_MACHINE: &[Self] = &[Self::Compose, Self::Local];
    pub const IN_A_CLUSTER: &[Self] = &[Self::Kubernetes];

    /// Returns its name, as `RUNTIME` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Local => "local",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// Returns its scenarios, in the order in which they run.
    fn scenarios(self) -> impl Iterator<Item = &'static Scenario> {
        scenario::all().filter(move |scenario| scenario.runtimes.contains(&self))
    }

    /// Returns the scenarios of these names, or all without one.
    ///
    /// # Errors
    ///
    /// Names the first that this runtime does not have, and those that it has.
    pub fn choose(self, names: &[String]) -> Result<Vec<&'static Scenario>, String> {
        if names.is_empty() {
            return Ok(self.scenarios().collect());
        }
        let named = |name: &String| {
            self.scenarios()
                .find(|scenario| scenario.name == name)
                .ok_or_else(|| self.refusal(name))
        };
        names.iter().map(named).collect()
    }

    fn refusal(self, name: &str) -> String {
        let runtime = self.name();
        let reason = if scenario::all().any(|scenario| scenario.name == name) {
            format!(", which RUNTIME={runtime} does not support")
        } else {
            String::new()
        };
        let names: Vec<_> = self.scenarios().map(|scenario| scenario.name).collect();
        format!(
            "SCENARIO: found '{name}'{reason}, expected one of: {}",
            names.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn refusal(runtime: Runtime, name: &str) -> String {
        runtime.choose(&[name.to_owned()]).expect_err("a refusal")
    }

    #[test]
    fn an_unknown_name_is_rejected_with_the_names_of_the_runtime() {
        for runtime in Runtime::ALL {
            let refusal = refusal(*runtime, "postgres-kiled");
            assert!(!refusal.contains("does not support"), "{refusal}");
            for scenario in runtime.scenarios() {
                assert!(refusal.contains(scenario.name), "{refusal}");
            }
        }
    }

    #[test]
    fn a_scenario_of_another_runtime_is_rejected_by_name() {
        let text = refusal(Runtime::Kubernetes, "postgres-stopped");
        assert!(
            text.contains("'postgres-stopped', which RUNTIME=kubernetes does not support"),
            "{text}"
        );
        assert!(text.contains("pod-evicted"), "{text}");
        assert!(!text.ends_with("postgres-stopped"), "{text}");
        let text = refusal(Runtime::Local, "node-drained");
        assert!(text.contains("which RUNTIME=local does not support"), "{text}");
    }

    #[test]
    fn no_runtime_has_two_scenarios_of_one_name() {
        for runtime in Runtime::ALL {
            let all = runtime.choose(&[]).expect("all");
            let names: BTreeSet<_> = all.iter().map(|scenario| scenario.name).collect();
            assert_eq!(names.len(), all.len(), "{runtime:?}");
        }
    }
}
