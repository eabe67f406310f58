//! A scenario, from one steady state to the next.

use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;

use crate::{
    alert::Alert,
    annotations::Annotations,
    held_back,
    load::Load,
    milestone::Milestone,
    scenario::Scenario,
    snapshot::{InPrometheus, OnPager, Phase, Recording, Snapshot},
    stack::{Stack, now},
    steady,
    stop::Stop,
};
use test_support::stack::Part;

/// How often the stack is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How long the load runs before the fault, so that there are numbers from before it.
const RUN_UP: Duration = Duration::from_secs(5);

/// How long the steady state may let itself be waited for. Alerts that waited to fire take minutes to go.
const STEADY_PATIENCE: Duration = Duration::from_mins(5);

/// What all scenarios need.
#[derive(Clone)]
pub struct Stage {
    pub stack: Stack,
    pub annotations: std::sync::Arc<Annotations>,
    pub stop: Stop,
    pub heartbeat_timeout: Duration,
}

impl Stage {
    /// Finds the stack.
    ///
    /// # Errors
    ///
    /// Fails if the pager does not answer.
    pub async fn set(stop: Stop) -> anyhow::Result<Self> {
        let stack = Stack::new()?;
        let pages = stack.get(Part::Pager, "/api/pages", &[]).await?;
        let timeout = pages["heartbeat"]["timeout_seconds"].as_f64();
        Ok(Self {
            stack,
            annotations: Annotations::read().into(),
            stop,
            heartbeat_timeout: Duration::from_secs_f64(timeout.context("the pager does not say its timeout")?),
        })
    }

    /// Runs a scenario, and returns all that was seen. What it broke is mended at the end.
    pub async fn run(mut self, scenario: &'static Scenario) -> Recording {
        let mut recording = Recording::default();
        if let Err(complaint) = self.steady(Instant::now()).await {
            recording
                .trouble
                .push(format!("no steady state to begin with: {complaint}"));
            return recording;
        }
        say(Duration::ZERO, "the steady state is there");
        match Load::start() {
            Ok(load) => {
                self.stop.sleep(RUN_UP).await;
                self.break_and_mend(scenario, &mut recording).await;
                recording.calls = load.end().await;
            }
            Err(error) => recording.trouble.push(format!("no load: {error:#}")),
        }
        if self.stop.is_wished() {
            recording.trouble.push("it was ended early".to_owned());
        }
        recording
    }

    async fn break_and_mend(&mut self, scenario: &'static Scenario, recording: &mut Recording) {
        let (broken, since) = (Instant::now(), now());
        say(Duration::ZERO, scenario.what);
        match scenario.fault.inflict(&self.stack).await {
            Ok(()) => {
                self.watch(scenario, Phase::Broken, broken, since, recording).await;
                self.look_closer(scenario, recording).await;
            }
            Err(error) => recording.trouble.push(format!("cannot break it: {error:#}")),
        }
        let mended = Instant::now();
        say(Duration::ZERO, "mended");
        if let Err(error) = scenario.fault.mend(&self.stack).await {
            recording.trouble.push(format!("cannot mend it: {error:#}"));
        }
        self.watch(scenario, Phase::Mended, mended, since, recording).await;
        let again = self.steady(mended).await;
        if let Ok(after) = &again {
            say(*after, "the steady state is back");
        }
        recording.steady_again = Some(again);
    }

    /// Looks at the stack until all that this phase is to bring has come, or its time is over.
    async fn watch(
        &mut self,
        scenario: &Scenario,
        phase: Phase,
        began: Instant,
        since: Timestamp,
        recording: &mut Recording,
    ) {
        let limits = scenario
            .expected
            .iter()
            .map(|expected| expected.limit(phase, self.heartbeat_timeout));
        let limit = limits.max().unwrap_or_default();
        let mut awaited: Vec<(&Alert, Milestone)> = scenario
            .expected
            .iter()
            .flat_map(|expected| {
                let milestones = expected.course.milestones(phase).iter();
                milestones.map(|milestone| (&expected.alert, *milestone))
            })
            .filter(|(alert, milestone)| milestone.can_be_seen(alert, recording))
            .collect();
        while !awaited.is_empty() && began.elapsed() <= limit && !self.stop.is_wished() {
            let undrawn = awaited.iter().filter(|(_, milestone)| *milestone == Milestone::Drawn);
            let undrawn: Vec<_> = undrawn.map(|(alert, _)| *alert).collect();
            recording.add(phase, self.look(began, since, &undrawn).await);
            awaited.retain(|(alert, milestone)| {
                let seen = milestone.seen(alert, recording);
                if let Some(at) = seen {
                    say(at, &format!("{alert} is {milestone}"));
                }
                seen.is_none()
            });
            self.stop.sleep(LOOK).await;
        }
    }

    /// What the stack says now.
    async fn look(&self, began: Instant, since: Timestamp, undrawn: &[&Alert]) -> Snapshot {
        let prometheus = self.stack.get(Part::Prometheus, "/api/v1/alerts", &[]).await.ok();
        let pager = self.stack.get(Part::Pager, "/api/pages", &[]).await.ok();
        let mut snapshot = Snapshot {
            at: began.elapsed(),
            prometheus: prometheus.as_ref().and_then(InPrometheus::read),
            pager: pager.as_ref().and_then(|answer| OnPager::read(answer, since)),
            ..Snapshot::default()
        };
        let fires = |alert: &Alert| {
            let prometheus = snapshot.prometheus.as_ref();
            prometheus.is_some_and(|prometheus| prometheus.firing.contains(alert))
        };
        for alert in undrawn.iter().copied().filter(|alert| fires(alert)) {
            if self.annotations.draw(&self.stack, alert).await.unwrap_or(false) {
                snapshot.drawn.insert(alert.clone());
            }
        }
        snapshot
    }

    /// What is looked at once, while the alert fires.
    async fn look_closer(&self, scenario: &Scenario, recording: &mut Recording) {
        if self.stop.is_wished() {
            return;
        }
        if let Some((name, instance)) = scenario.annotation {
            let shown = self.annotations.show(&self.stack, name, instance).await;
            recording.annotated = Some(match shown {
                Ok(true) => Ok(()),
                Ok(false) => Err(format!("the annotation {name} shows nothing of {}", instance.name())),
                Err(error) => Err(format!("{error:#}")),
            });
        }
        if let Some((held_back, told)) = scenario.holds_warnings_back {
            let result = held_back::check(&self.stack, held_back, told).await;
            recording.held_back = Some(result.map_err(|error| format!("{error:#}")));
        }
    }

    /// Waits until the steady state is there, and returns when that was; or what is wrong still.
    async fn steady(&mut self, began: Instant) -> Result<Duration, String> {
        let asked = Instant::now();
        loop {
            let complaints = steady::complaints(&self.stack).await;
            if complaints.is_empty() {
                return Ok(began.elapsed());
            }
            if asked.elapsed() > STEADY_PATIENCE || self.stop.is_wished() {
                return Err(complaints.join("; "));
            }
            self.stop.sleep(LOOK).await;
        }
    }
}

/// A line of the report in the terminal: when, from the fault or from the mending, and what.
fn say(at: Duration, what: &str) {
    println!("{:7.1} s  {what}", at.as_secs_f64());
}
