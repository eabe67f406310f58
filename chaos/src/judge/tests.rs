//! Judges a recorded run of `beta-killed`, and the same run with one thing wrong: each must fail.

use serde_json::{Value, json};

use super::*;
use crate::{
    counter::{Answer, Call, tests::call},
    fault::Instance,
    runtime::Runtime,
    snapshot::{InPrometheus, OnPager, Snapshot},
};

const HEARTBEAT_TIMEOUT: Duration = Duration::from_mins(3);

/// When beta was killed.
const SINCE: &str = "2026-11-24T19:01:42Z";

/// An alert as `/api/v1/alerts` shows it.
fn alert(name: &str, job: &str, state: &str) -> Value {
    json!({
        "labels": {"alertname": name, "instance": "127.0.0.1:24081", "job": job, "severity": "page"},
        "annotations": {"summary": "beta at 127.0.0.1:24081 is down"},
        "state": state,
        "activeAt": "2026-11-24T19:01:48.785Z",
        "value": "0e+00",
    })
}

/// A page as `/api/pages` shows it.
fn page(name: &str, job: &str, delivered_at: &str) -> Value {
    json!({
        "alertname": name,
        "severity": "page",
        "job": job,
        "instance": "127.0.0.1:24081",
        "started_at": "2026-11-24T19:02:48.785Z",
        "delivered_at": delivered_at,
        "ended_at": null,
        "notifications": 1,
    })
}

/// A snapshot of these answers, `at` seconds after the phase began.
fn snapshot(at: u64, alerts: &[Value], firing: &[Value], history: &[Value]) -> Snapshot {
    let watchdog = json!({"labels": {"alertname": "Watchdog", "severity": "none"}, "state": "firing"});
    let alerts: Vec<_> = alerts.iter().chain([&watchdog]).collect();
    let alerts = json!({"status": "success", "data": {"alerts": alerts}});
    let pages = json!({"heartbeat": {"fresh": true}, "firing": firing, "history": history});
    Snapshot {
        at: Duration::from_secs(at),
        prometheus: InPrometheus::read(&alerts),
        pager: OnPager::read(&pages, SINCE.parse().expect("a time")),
        ..Snapshot::default()
    }
}

/// The recorded run, at the moments at which something changed.
fn recorded() -> Recording {
    let down = |state| alert("InstanceDown", "beta", state);
    let delivered = || page("InstanceDown", "beta", "2026-11-24T19:02:53.790524164Z");
    let drawn = Snapshot {
        drawn: [Alert::of("InstanceDown", "beta")].into(),
        ..snapshot(71, &[down("firing")], &[], &[])
    };
    Recording {
        during_fault: vec![
            snapshot(1, &[], &[], &[]),
            snapshot(12, &[down("pending")], &[], &[]),
            drawn,
            snapshot(76, &[down("firing")], &[delivered()], &[]),
        ],
        after_restore: vec![
            snapshot(9, &[], &[delivered()], &[]),
            snapshot(14, &[], &[], &[delivered()]),
        ],
        steady_after: Some(Ok(Duration::from_secs(15))),
        calls: calls(&[10, 11, 12, 13]),
        ..Recording::default()
    }
}

/// Sequential calls that returned these numbers, alternating between the instances.
fn calls(numbers: &[i64]) -> Vec<Call> {
    let turns = Instance::BOTH.into_iter().cycle();
    let seconds = (0..).step_by(2);
    turns
        .zip(seconds)
        .zip(numbers)
        .map(|((instance, second), number)| call(instance, second, second + 1, Answer::Number(*number)))
        .collect()
}

/// Returns the failed findings.
fn complaints(recording: &Recording) -> Vec<String> {
    complaints_of(Runtime::Local, "beta-killed", recording)
}

fn complaints_of(runtime: Runtime, scenario: &str, recording: &Recording) -> Vec<String> {
    let scenarios = runtime.choose(&[scenario.to_owned()]).expect("it exists");
    judge(scenarios[0], recording, HEARTBEAT_TIMEOUT)
        .into_iter()
        .filter(|finding| !finding.passed)
        .map(|finding| finding.to_string())
        .collect()
}

#[test]
fn the_recorded_run_passes() {
    assert_eq!(complaints(&recorded()), [""; 0]);
}

#[test]
fn requests_that_were_lost_while_a_pod_was_evicted_fail() {
    let evicted = |served| Recording {
        during_fault: vec![snapshot(1, &[], &[], &[])],
        served,
        steady_after: Some(Ok(Duration::from_secs(1))),
        calls: calls(&[10, 11]),
        ..Recording::default()
    };
    let complaints = |served| complaints_of(Runtime::Kubernetes, "pod-evicted", &evicted(served));
    assert_eq!(complaints(Some(Ok(9000))), [""; 0]);
    let lost = complaints(Some(Err("of 9000 requests, 2 ended with status 0".to_owned())));
    assert!(
        lost[0].ends_with("lost no request: of 9000 requests, 2 ended with status 0"),
        "{lost:?}"
    );
    let unknown = complaints(None);
    assert!(unknown[0].ends_with("it was not checked"), "{unknown:?}");
}

#[test]
fn an_alert_that_never_fires_fails() {
    let mut recording = recorded();
    recording.during_fault.truncate(2);
    let missed = [
        "firing",
        "drawn by the dashboards",
        "on the pager",
        "resolved",
        "cleared on the pager",
    ];
    let complaints = complaints(&recording);
    assert_eq!(complaints.len(), missed.len(), "{complaints:?}");
    for (complaint, missed) in complaints.iter().zip(missed) {
        assert!(
            complaint.contains(&format!("InstanceDown of beta is {missed} (")),
            "{complaint}"
        );
        assert!(complaint.ends_with(": never"), "{complaint}");
    }
}

#[test]
fn an_alert_of_another_service_is_not_the_expected_one() {
    let mut recording = recorded();
    recording.during_fault = vec![snapshot(71, &[alert("InstanceDown", "app", "firing")], &[], &[])];
    let complaints = complaints(&recording);
    for expected in [
        "is firing (at most 150 s): never",
        "no other alert fires: InstanceDown of app",
    ] {
        assert!(
            complaints.iter().any(|complaint| complaint.contains(expected)),
            "{complaints:?}"
        );
    }
}

#[test]
fn a_late_page_fails() {
    let mut recording = recorded();
    recording.during_fault[3].at = Duration::from_secs(151);
    assert_eq!(
        complaints(&recording),
        ["FAILED: InstanceDown of beta is on the pager, after 151.0 s (at most 150 s)"]
    );
}

#[test]
fn a_page_that_stays_on_the_pager_fails() {
    let mut recording = recorded();
    recording.after_restore.pop();
    assert_eq!(
        complaints(&recording),
        ["FAILED: InstanceDown of beta is cleared on the pager (at most 120 s): never"]
    );
}

#[test]
fn no_answer_does_not_count_as_resolved() {
    let mut recording = recorded();
    recording.after_restore = vec![Snapshot::default()];
    assert_eq!(
        complaints(&recording),
        [
            "FAILED: InstanceDown of beta is resolved (at most 120 s): never",
            "FAILED: InstanceDown of beta is cleared on the pager (at most 120 s): never"
        ]
    );
}

#[test]
fn an_unexpected_firing_alert_fails() {
    let mut recording = recorded();
    recording
        .during_fault
        .push(snapshot(80, &[alert("HighErrorRate", "app", "firing")], &[], &[]));
    assert_eq!(
        complaints(&recording),
        ["FAILED: no other alert fires: HighErrorRate of app"]
    );
}

#[test]
fn an_unexpected_page_fails_even_if_no_snapshot_saw_it_firing() {
    let mut recording = recorded();
    let brief = page("HighLatency", "app", "2026-11-24T19:02:00Z");
    recording.after_restore.push(snapshot(20, &[], &[], &[brief]));
    assert_eq!(
        complaints(&recording),
        ["FAILED: no other alert fires: HighLatency of app"]
    );
}

#[test]
fn a_page_from_before_the_fault_is_ignored() {
    let mut recording = recorded();
    let old = page("HighLatency", "app", "2026-11-24T19:01:41Z");
    recording.after_restore.push(snapshot(20, &[], &[], &[old]));
    assert_eq!(complaints(&recording), [""; 0]);
}

#[test]
fn an_unexpected_pending_alert_is_no_failure() {
    let mut recording = recorded();
    recording
        .during_fault
        .push(snapshot(80, &[alert("HighErrorRate", "app", "pending")], &[], &[]));
    assert_eq!(complaints(&recording), [""; 0]);
}

#[test]
fn a_duplicate_number_fails() {
    let mut recording = recorded();
    recording.calls.push(call(Instance::App, 0, 9, Answer::Number(12)));
    assert_eq!(complaints(&recording), ["FAILED: no number was returned twice: [12]"]);
}

#[test]
fn a_lost_count_fails() {
    let mut recording = recorded();
    recording.calls = calls(&[10, 11, 20, 15]);
    assert_eq!(complaints(&recording), ["FAILED: no count was lost: [15]"]);
}

#[test]
fn an_instance_that_does_not_count_again_fails() {
    let mut recording = recorded();
    recording.calls = calls(&[10]);
    assert_eq!(
        complaints(&recording),
        ["FAILED: both instances count: none from [Beta]"]
    );
}

#[test]
fn late_refusals_fail_above_one_call_in_a_hundred() {
    let late = call(Instance::App, 0, 3, Answer::Refused(503));
    let mut recording = recorded();
    recording.calls = calls(&(1..=99).collect::<Vec<_>>());
    recording.calls.push(late);
    assert_eq!(complaints(&recording), [""; 0]);
    recording.calls.push(late);
    assert_eq!(
        complaints(&recording),
        ["FAILED: calls are refused within 2s: 2 refusals took longer, the slowest 3.0 s"]
    );
}

#[test]
fn a_stack_that_is_not_steady_at_the_end_fails() {
    let mut recording = recorded();
    recording.steady_after = Some(Err("HighErrorRate of beta is pending".to_owned()));
    assert_eq!(
        complaints(&recording),
        ["FAILED: the stack is steady again: HighErrorRate of beta is pending"]
    );
}

#[test]
fn an_error_of_the_proof_itself_fails() {
    let mut recording = recorded();
    recording
        .errors
        .push("cannot restore the stack: make does not run".to_owned());
    assert_eq!(
        complaints(&recording),
        ["FAILED: the proof itself ran: cannot restore the stack: make does not run"]
    );
    // So does an empty recording.
    assert!(!complaints(&Recording::default()).is_empty());
}
