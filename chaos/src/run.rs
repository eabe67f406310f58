//! Runs a scenario, from one steady state to the next.

use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;

use crate::{
    alert::Alert,
    annotations::Annotations,
    inhibition,
    load::Load,
    milestone::Milestone,
    retry,
    scenario::Scenario,
    served::{self, ClusterLoad},
    snapshot::{InPrometheus, OnPager, Phase, Recording, Snapshot},
    stack::{Stack, now},
    steady,
    stop::Stop,
};
use test_support::stack::Part;

/// Pause between two snapshots of the stack.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long the load runs before the fault, to have numbers from before it.
const WARM_UP: Duration = Duration::from_secs(5);

/// Time limit for an annotation: Prometheus scrapes what it shows every few seconds.
const ANNOTATION_TIMEOUT: Duration = Duration::from_secs(30);

/// Time limit for the steady state. Pending alerts take minutes to go away.
const STEADY_TIMEOUT: Duration = Duration::from_mins(5);

/// Shared by all scenarios.
#[derive(Clone)]
pub struct Stage {
    pub stack: Stack,
    pub annotations: std::sync::Arc<Annotations>,
    pub stop: Stop,
    pub heartbeat_timeout: Duration,
}

impl Stage {
    /// Connects to the stack.
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

    /// Runs a scenario and returns the recording. Restores the stack at the end.
    pub async fn run(mut self, scenario: &'static Scenario) -> Recording {
        let mut recording = Recording::default();
        if let Err(complaint) = self.steady(Instant::now()).await {
            recording
                .errors
                .push(format!("no steady state before the fault: {complaint}"));
            return recording;
        }
        log(Duration::ZERO, "steady state");
        match Load::start() {
            Ok(load) => {
                self.stop.sleep(WARM_UP).await;
                self.inject_and_restore(scenario, &mut recording).await;
                recording.calls = load.end().await;
            }
            Err(error) => recording.errors.push(format!("no load: {error:#}")),
        }
        if self.stop.is_requested() {
            recording.errors.push("interrupted".to_owned());
        }
        recording
    }

    async fn inject_and_restore(&mut self, scenario: &'static Scenario, recording: &mut Recording) {
        let mut cluster_load = scenario.fault.is_unnoticed().then(ClusterLoad::start);
        if cluster_load.is_some() {
            self.stop.sleep(served::WARM_UP).await;
        }
        let (injected, since) = (Instant::now(), now());
        log(Duration::ZERO, scenario.what);
        match scenario.fault.inject(&self.stack).await {
            Ok(()) => {
                self.watch(scenario, Phase::Fault, injected, since, recording).await;
                self.check_details(scenario, recording).await;
            }
            Err(error) => recording.errors.push(format!("cannot inject the fault: {error:#}")),
        }
        if let Some(load) = &mut cluster_load {
            recording.served = self.stop.unless_requested(load.end()).await;
        }
        let restored = Instant::now();
        log(Duration::ZERO, "restored");
        if let Err(error) = scenario.fault.restore(&self.stack).await {
            recording.errors.push(format!("cannot restore the stack: {error:#}"));
        }
        // After the restore, for which a load that lasts minutes must not be waited.
        if let Some(load) = cluster_load.filter(|_| recording.served.is_none())
            && let Err(error) = load.cancel().await
        {
            recording.errors.push(format!("cannot end the load: {error:#}"));
        }
        self.watch(scenario, Phase::Recovery, restored, since, recording).await;
        let again = self.steady(restored).await;
        if let Ok(after) = &again {
            log(*after, "steady state again");
        }
        recording.steady_after = Some(again);
    }

    /// Takes snapshots until every milestone of the phase is reached or the time limit is over. Where nothing is expected
    /// of a fault, the limit is the time in which an alert would fire.
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
        let quiet = scenario.expected.is_empty() && phase == Phase::Fault;
        let limit = if quiet {
            served::DURATION
        } else {
            limits.max().unwrap_or_default()
        };
        let mut remaining: Vec<(&Alert, Milestone)> = scenario
            .expected
            .iter()
            .flat_map(|expected| {
                let milestones = expected.course.milestones(phase).iter();
                milestones.map(|milestone| (&expected.alert, *milestone))
            })
            .filter(|(alert, milestone)| milestone.can_be_seen(alert, recording))
            .collect();
        while (quiet || !remaining.is_empty()) && began.elapsed() <= limit && !self.stop.is_requested() {
            let not_drawn = remaining.iter().filter(|(_, milestone)| *milestone == Milestone::Drawn);
            let not_drawn: Vec<_> = not_drawn.map(|(alert, _)| *alert).collect();
            recording.add(phase, self.snapshot(began, since, &not_drawn).await);
            remaining.retain(|(alert, milestone)| {
                let seen = milestone.seen(alert, recording);
                if let Some(at) = seen {
                    log(at, &format!("{alert} is {milestone}"));
                }
                seen.is_none()
            });
            self.stop.sleep(POLL_INTERVAL).await;
        }
    }

    /// Queries the current state of the stack.
    async fn snapshot(&self, began: Instant, since: Timestamp, not_drawn: &[&Alert]) -> Snapshot {
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
        for alert in not_drawn.iter().copied().filter(|alert| fires(alert)) {
            if self.annotations.draw(&self.stack, alert).await.unwrap_or(false) {
                snapshot.drawn.insert(alert.clone());
            }
        }
        snapshot
    }

    /// Runs the scenario's extra checks while the alert fires.
    async fn check_details(&self, scenario: &Scenario, recording: &mut Recording) {
        if self.stop.is_requested() {
            return;
        }
        if let Some((name, instance)) = scenario.annotation {
            let check = || self.annotations.check(&self.stack, name, instance);
            let result = retry::within(ANNOTATION_TIMEOUT, check).await;
            recording.annotated = Some(result.map_err(|error| format!("{error:#}")));
        }
        if let Some((inhibited, delivered)) = scenario.inhibits_warnings {
            let result = inhibition::check(&self.stack, inhibited, delivered).await;
            recording.inhibition = Some(result.map_err(|error| format!("{error:#}")));
        }
    }

    /// Waits for the steady state. Returns the time since `began`, or the remaining complaints.
    async fn steady(&mut self, began: Instant) -> Result<Duration, String> {
        let asked = Instant::now();
        loop {
            let complaints = steady::complaints(&self.stack).await;
            if complaints.is_empty() {
                return Ok(began.elapsed());
            }
            if asked.elapsed() > STEADY_TIMEOUT || self.stop.is_requested() {
                return Err(complaints.join("; "));
            }
            self.stop.sleep(POLL_INTERVAL).await;
        }
    }
}

/// Prints an event with its time since the fault or since the restore.
fn log(at: Duration, what: &str) {
    println!("{:7.1} s  {what}", at.as_secs_f64());
}
