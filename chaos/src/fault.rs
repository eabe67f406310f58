//! Breaks a part of the stack, and mends it again: by the commands that a person would type, and by the services' own
//! control listeners. What runs the stack, containers or processes, is the commands' to know.

use std::{
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail};
use serde::Serialize;
use serde_json::Value;
use tokio::{task::spawn_blocking, time::sleep};

use crate::stack::Stack;
use test_support::{repository, stack::Part};

/// An instance of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Instance {
    App,
    Beta,
}

impl Instance {
    pub const BOTH: [Self; 2] = [Self::App, Self::Beta];

    /// Its name, which is its job in Prometheus, too.
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

/// What is done to a service; `make VERB APP=service`.
#[derive(Clone, Copy, Debug)]
pub enum Verb {
    /// SIGKILL, and it stays dead.
    Kill,
    /// SIGSTOP: its connections stay, nothing is answered.
    Freeze,
    /// An orderly end.
    Stop,
}

/// What is broken.
#[derive(Debug)]
pub enum Fault {
    Service(Verb, &'static str),
    /// A fault plan for an instance, as its control listener takes it.
    Plan(Instance, &'static str),
}

/// Should nobody live to mend it, a fault plan ends by itself. Longer than any scenario takes.
const PLAN_LASTS: &str = "20m";

/// How often mending is tried, and the pause between.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_secs(3);

impl Fault {
    /// Breaks it. Not to be cancelled: then nobody could know what is broken.
    pub async fn inflict(&self, stack: &Stack) -> anyhow::Result<()> {
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
                plan["for"] = PLAN_LASTS.into();
                stack.put(instance.control(), "/faults", &plan).await
            }
        }
    }

    /// Mends it, whether it is broken or not, and waits until the service is healthy.
    pub async fn mend(&self, stack: &Stack) -> anyhow::Result<()> {
        for _ in 1..TRIES {
            match self.try_to_mend(stack).await {
                Ok(()) => return Ok(()),
                Err(error) => println!("          cannot mend it yet: {error:#}"),
            }
            sleep(PAUSE).await;
        }
        self.try_to_mend(stack).await
    }

    async fn try_to_mend(&self, stack: &Stack) -> anyhow::Result<()> {
        match self {
            Self::Service(_, service) => make("start", service).await,
            Self::Plan(instance, _) => stack.delete(instance.control(), "/faults").await,
        }
    }
}

/// Runs a command to its end. It is in a process group of its own, so that Ctrl-C does not cut it off half-way.
async fn make(verb: &'static str, service: &'static str) -> anyhow::Result<()> {
    let run = move || {
        Command::new("make")
            .args(["--no-print-directory", verb, &format!("APP={service}")])
            .current_dir(repository::root())
            .stdin(Stdio::null())
            .process_group(0)
            .output()
    };
    let output = spawn_blocking(run).await?.context("make does not run")?;
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        bail!("make {verb} APP={service}: {}", String::from_utf8_lossy(&said).trim());
    }
    Ok(())
}
