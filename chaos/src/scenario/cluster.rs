//! The scenarios of a cluster: its own, and those that show themselves differently there.

use crate::{
    cluster::Disruption,
    fault::{Fault, Instance, Verb},
    runtime::Runtime,
};

use super::{Scenario, missing};

pub static SCENARIOS: [Scenario; 4] = [
    Scenario {
        name: "beta-killed",
        runtimes: Runtime::IN_A_CLUSTER,
        what: "all pods of beta are killed and not replaced",
        fault: Fault::Service(Verb::Kill, "beta"),
        // Not InstanceDown: pods that are gone are gone from the discovery, too.
        expected: &[missing("TargetMissing", "beta")],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "target-vanished",
        runtimes: Runtime::IN_A_CLUSTER,
        what: "the pods of app lose the annotation by which Prometheus finds them",
        fault: Fault::Cluster(Disruption::Unscrape(Instance::App)),
        expected: &[missing("TargetMissing", "app")],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "pod-evicted",
        runtimes: Runtime::IN_A_CLUSTER,
        what: "a pod of app is evicted, under load",
        fault: Fault::Cluster(Disruption::Evict(Instance::App)),
        expected: &[],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
    Scenario {
        name: "node-drained",
        runtimes: Runtime::IN_A_CLUSTER,
        what: "the node of a pod of app is drained of the pods of app and beta, under load",
        fault: Fault::Cluster(Disruption::Drain),
        expected: &[],
        annotation: None,
        may_fire: &[],
        inhibits_warnings: None,
    },
];
