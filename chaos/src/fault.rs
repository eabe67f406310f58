//! Injects a fault and restores the stack: by the `make` commands that a person would type, by the services' control
//! listeners, by edits of Prometheus' files, and by what disrupts a cluster. The commands know the runtime, so these faults
//! are the same in containers, processes and pods.

use std::time::Duration;

use anyhow::Context;
use serde::Serialize;
use serde_json::Value;
use tokio::time::sleep;

use crate::{
    cluster::{self, Disruption},
    command,
    configuration::{self, Edit},
    runtime::Runtime,
    stack::Stack,
};
use test_support::stack::Part;

/// An instance of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Instance {
    App,
    Beta,
}

impl Instance {
    pub const BOTH: [Self; 2] = [Self::App, Self::Beta];

    /// Returns its name, which is also its job in Prometheus.
    pub const fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Beta => "beta",
        }
    }

    pub const fn part(self) -> Part {
        match self {
            Self::App => Part::App,
            Self::Beta => Part::Beta,
        }
    }

    const fn control(self) -> Part {
        match self {
            Self::App => Part::AppControl,
            Self::Beta => Part::BetaControl,
        }
    }
}

/// How a service is taken down, by `make VERB APP=service`.
#[derive(Clone, Copy, Debug)]
pub enum Verb {
    /// SIGKILL, without a restart.
    Kill,
    /// SIGSTOP: connections stay open, nothing is answered.
    Freeze,
    /// An orderly stop.
    Stop,
}

/// A fault.
#[derive(Debug)]
pub enum Fault {
    Service(Verb, &'static str),
    /// A fault plan for an instance, as its control listener accepts it.
    Plan(Instance, &'static str),
    /// An edit of Prometheus' files.
    Configuration(Edit),
    /// A disruption that only a cluster has.
    Cluster(Disruption),
}

/// A fault plan ends by itself after this, in case nothing restores it. Longer than any scenario.
const PLAN_LIFETIME: &str = "20m";

/// How often restoring is attempted, and the pause in between.
const ATTEMPTS: usize = 10;
const RETRY_PAUSE: Duration = Duration::from_secs(3);

impl Fault {
    /// Injects the fault. Must not be cancelled: the state would be unknown.
    pub async fn inject(&self, stack: &Stack) -> anyhow::Result<()> {
        match self {
            Self::Service(verb, service) => {
                let verb = match verb {
                    Verb::Kill => "kill",
                    Verb::Freeze => "freeze",
                    Verb::Stop => "stop",
                };
                make(verb, service).await
            }
            Self::Plan(instance, plan) => {
                let mut plan: Value = serde_json::from_str(plan).context("the plan is JSON")?;
                plan["for"] = PLAN_LIFETIME.into();
                stack.put(instance.control(), "/faults", &plan).await
            }
            Self::Configuration(edit) => {
                edit.apply()?;
                reload(*edit).await
            }
            Self::Cluster(disruption) => disruption.inject().await,
        }
    }

    /// Returns whether clients in the cluster must not notice it.
    pub const fn is_unnoticed(&self) -> bool {
        matches!(self, Self::Cluster(disruption) if disruption.is_unnoticed())
    }

    /// Restores the service, whatever its state, and waits until it is healthy.
    pub async fn restore(&self, stack: &Stack) -> anyhow::Result<()> {
        for _ in 1..ATTEMPTS {
            match self.try_restore(stack).await {
                Ok(()) => return Ok(()),
                Err(error) => println!("          cannot restore yet: {error:#}"),
            }
            sleep(RETRY_PAUSE).await;
        }
        self.try_restore(stack).await
    }

    async fn try_restore(&self, stack: &Stack) -> anyhow::Result<()> {
        match self {
            Self::Service(_, service) => make("start", service).await,
            Self::Plan(instance, _) => stack.delete(instance.control(), "/faults").await,
            Self::Configuration(edit) => {
                edit.restore()?;
                reload(*edit).await
            }
            Self::Cluster(disruption) => disruption.restore().await,
        }
    }
}

async fn reload(edit: Edit) -> anyhow::Result<()> {
    if edit.needs_reload() {
        make("reload", "prometheus").await?;
    }
    Ok(())
}

/// Restores what a killed run has left: in Prometheus' files, or in the cluster.
pub async fn restore_leftovers(runtime: Runtime) -> anyhow::Result<()> {
    if runtime == Runtime::Kubernetes {
        cluster::restore_all().await?;
    } else if configuration::restore_all()? {
        println!("          restored Prometheus' files, which an earlier run had left edited");
        make("reload", "prometheus").await?;
    }
    Ok(())
}

async fn make(verb: &str, service: &str) -> anyhow::Result<()> {
    let app = format!("APP={service}");
    command::run("make", &["--no-print-directory", verb, &app], None).await?;
    Ok(())
}
