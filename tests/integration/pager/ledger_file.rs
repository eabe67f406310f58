//! What the ledger can be, and what reading it takes.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use super::process::{PagerProcess, folder, notification};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// Starts a pager with this ledger, which must be refused, and returns what it says.
fn refusal(ledger: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_observer"))
        .args(["pager", "--listen=127.0.0.1:0", "--ledger"])
        .arg(ledger)
        .stderr(Stdio::piped())
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_ledger_that_is_no_regular_file_is_refused_at_start() {
    let folder = folder();
    let fifo = folder.path().join("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .expect("mkfifo runs")
            .success()
    );
    for (ledger, found) in [
        (Path::new("/dev/full"), "a device"),
        (Path::new("/dev/null"), "a device"),
        (folder.path(), "a directory"),
        (&fifo, "a FIFO"),
    ] {
        let said = refusal(ledger);
        for part in [&ledger.display().to_string(), found, "expected a regular file"] {
            assert!(said.contains(part), "no '{part}' in: {said}");
        }
    }
}

/// The most memory that the process has had, in bytes.
fn peak_memory(pager: &PagerProcess) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", pager.id())).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    let kib: u64 = line
        .split_whitespace()
        .nth(1)
        .and_then(|kib| kib.parse().ok())
        .expect("kB");
    kib << 10
}

#[tokio::test]
async fn a_line_of_a_gigabyte_is_skipped_and_takes_no_memory() {
    let folder = folder();
    let path = folder.path().join("ledger.jsonl");
    let file = File::create(&path).expect("a ledger");
    // A hole: it takes no room on the disk.
    file.set_len(1 << 30).expect("a large file");
    let entry = json!({ "at": STARTED, "event": "monitoring_down" });
    let mut file = OpenOptions::new().append(true).open(&path).expect("the ledger");
    write!(file, "\n{entry}\n").expect("two lines");

    let pager = PagerProcess::start(folder.path(), &[]);
    assert_eq!(pager.firing().await, ["MonitoringDown"]);
    assert!(pager.log().contains("too long"));
    let peak = peak_memory(&pager);
    assert!(peak < 128 << 20, "{peak} bytes");
}

#[tokio::test]
async fn a_long_ledger_is_replayed_in_bounded_memory() {
    let folder = folder();
    let file = File::create(folder.path().join("ledger.jsonl")).expect("a ledger");
    let mut file = BufWriter::new(file);
    let description = "a".repeat(1000);
    for number in 0..50_000 {
        let entry = json!({
            "at": STARTED, "event": "notified", "receiver": "page",
            "alerts": [{
                "status": "resolved", "labels": { "alertname": format!("Alert{number}"), "severity": "page" },
                "annotations": { "description": description },
                "starts_at": STARTED, "ends_at": STARTED, "fingerprint": format!("{number}"),
            }]
        });
        writeln!(file, "{entry}").expect("a line");
    }
    file.flush().expect("it is written");
    let pager = PagerProcess::start(folder.path(), &[]);
    assert_eq!(pager.pages().await["history"].as_array().map(Vec::len), Some(500));
    let peak = peak_memory(&pager);
    assert!(peak < 64 << 20, "{peak} bytes for a ledger of 60 MB");
}

#[tokio::test]
async fn a_page_keeps_a_bounded_part_of_a_long_text() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    let mut long = notification("firing", "HighErrorRate", STARTED);
    long["alerts"][0]["annotations"]["description"] = json!("é".repeat(1 << 20));
    pager.notify(&long).await;
    let pages = pager.pages().await;
    let shown = pages["firing"][0]["description"].as_str().expect("a text");
    assert!(shown.len() < 4096 && shown.ends_with('…'));
}
