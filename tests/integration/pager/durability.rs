//! What was acknowledged is in the ledger, whatever happens.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use test_support::exposition::eventually;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use super::process::{PagerProcess, command, folder, ledger, names, notification};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// The names of the alerts in the ledger.
fn in_ledger(folder: &std::path::Path) -> BTreeSet<String> {
    ledger(folder)
        .iter()
        .map(|entry| {
            entry["alerts"][0]["labels"]["alertname"]
                .as_str()
                .expect("a name")
                .to_owned()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_notifications_a_second_for_ten_seconds_are_all_in_the_ledger() {
    let folder = folder();
    // On a slow machine many are on their way at a time; here none shall be turned away.
    let roomy = ["--max-connections=10000", "--max-concurrent-requests=10000"];
    let pager = Arc::new(PagerProcess::start(folder.path(), &roomy));
    let mut sending = JoinSet::new();
    let mut tick = interval(Duration::from_millis(10));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for tenth_of_a_tenth in 0..1_000 {
        tick.tick().await;
        for number in 0..10 {
            let pager = Arc::clone(&pager);
            sending.spawn(async move {
                let name = format!("Alert{}", tenth_of_a_tenth * 10 + number);
                pager.notify(&notification("firing", &name, STARTED)).await;
            });
        }
    }
    sending.join_all().await;
    assert_eq!(in_ledger(folder.path()).len(), 10_000);
    assert_eq!(
        pager.metrics().await.value(r#"pager_pages_firing{severity="page"}"#),
        10_000.0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_no_acknowledged_notification() {
    let folder = folder();
    let pager = Arc::new(PagerProcess::start(folder.path(), &[]));
    let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
    let mut sending = JoinSet::new();
    for sender in 0..8 {
        let (pager, acknowledged) = (Arc::clone(&pager), Arc::clone(&acknowledged));
        sending.spawn(async move {
            for number in 0.. {
                let name = format!("Alert{sender}x{number}");
                match pager.post(notification("firing", &name, STARTED).to_string()).await {
                    Ok(reply) if reply.status() == 200 => acknowledged.lock().expect("no panic").insert(name),
                    _ => break,
                };
            }
        });
    }
    // However slow the machine is: it is killed while it works, with something to lose.
    eventually("100 notifications are acknowledged", async || {
        (acknowledged.lock().expect("no panic").len() > 100).then_some(())
    })
    .await;
    let killed = std::process::Command::new("kill")
        .args(["-9", &pager.id().to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
    sending.join_all().await;

    let acknowledged = acknowledged.lock().expect("no panic").clone();
    drop(pager);
    let again = PagerProcess::start(folder.path(), &[]);
    let kept = in_ledger(folder.path());
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let firing: BTreeSet<String> = again.firing().await.into_iter().collect();
    assert!(
        acknowledged.is_subset(&firing),
        "and all of them are on the board again"
    );
}

#[tokio::test]
async fn a_restart_keeps_firing_pages_and_history() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.notify(&notification("firing", "InstanceDown", STARTED)).await;
    pager.notify(&notification("resolved", "InstanceDown", STARTED)).await;
    let before = pager.pages().await;
    pager.kill();

    let after = PagerProcess::start(folder.path(), &[]).pages().await;
    assert_eq!(after["firing"], before["firing"]);
    assert_eq!(after["history"], before["history"]);
}

#[tokio::test]
async fn an_incomplete_last_line_of_the_ledger_is_truncated() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    pager.kill();
    let mut file = OpenOptions::new()
        .append(true)
        .open(folder.path().join("ledger.jsonl"))
        .expect("the ledger");
    file.write_all(b"{\"at\":\"2026-11").expect("half a line");

    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "InstanceDown", STARTED)).await;
    assert_eq!(in_ledger(folder.path()).len(), 2, "every line can be read");
    assert_eq!(pager.firing().await.len(), 2);
}

#[tokio::test]
async fn an_unreadable_line_of_the_ledger_is_skipped_and_kept() {
    let folder = folder();
    std::fs::write(folder.path().join("ledger.jsonl"), "what is this?\n").expect("a ledger");
    let pager = PagerProcess::start(folder.path(), &[]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    let text = std::fs::read_to_string(folder.path().join("ledger.jsonl")).expect("the ledger");
    assert!(text.starts_with("what is this?\n"), "{text}");
    assert_eq!(names(&pager.pages().await["firing"]), ["HighErrorRate"]);
}

#[tokio::test]
async fn a_second_pager_on_the_same_ledger_exits_with_an_error() {
    let folder = folder();
    let _first = PagerProcess::start(folder.path(), &[]);
    let second = command(folder.path(), &[]).output().expect("the binary runs");
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains("another pager has the ledger"), "{said}");
}
