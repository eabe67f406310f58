//! SIGTERM and SIGINT, as they reach the first process of a container.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// Time limit for the end after a signal: less than anything that the subcommands would wait for.
const LIMIT: Duration = Duration::from_secs(8);

/// Starts the binary with both signals ignored, which is all that they do to PID 1 by default: it ends only by handlers of
/// its own.
fn start(arguments: &[&str]) -> Child {
    Command::new("sh")
        .args([
            "-c",
            "trap '' TERM INT; exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_observer"),
        ])
        .args(arguments)
        .stderr(Stdio::piped())
        .spawn()
        .expect("sh runs")
}

fn ends_in_time(mut child: Child, signal: Signal, what: &str) {
    let id = Pid::from_child(&child);
    let began = Instant::now();
    kill_process(id, signal).expect("it runs");
    let (ended, end) = mpsc::channel();
    let waiter = thread::spawn(move || {
        let status = child.wait();
        let _ = ended.send(());
        status
    });
    if end.recv_timeout(LIMIT).is_err() {
        let _ = kill_process(id, Signal::KILL);
        panic!("{what}: it still runs {:?} after {signal:?}", began.elapsed());
    }
    let status = waiter.join().expect("no panic").expect("it is a child");
    assert!(
        status.code().is_some(),
        "{what}: {signal:?} is handled, not fatal: {status}"
    );
}

#[test]
fn a_command_that_waits_for_another_part_ends_at_once() {
    for signal in [Signal::TERM, Signal::INT] {
        // It accepts connections and never answers.
        let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = silent.local_addr().expect("an address");
        for arguments in [
            [
                "migrate",
                "--wait=60s",
                &format!("--database-url=postgres://x@{address}/x"),
            ],
            ["healthcheck", "--wait=60s", &format!("--url=http://{address}/readyz")],
        ] {
            let child = start(&arguments);
            let _connection = silent.accept().expect("it connects");
            ends_in_time(child, signal, arguments[0]);
        }
    }
}

#[test]
fn a_server_ends_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let away = "--database-url=postgres://x@127.0.0.1:1/x";
    let (ledger, file) = (
        format!("--ledger={}", path("ledger")),
        format!("--file={}", path("targets")),
    );
    for signal in [Signal::TERM, Signal::INT] {
        for arguments in [
            ["serve", away, "--control-listen=127.0.0.1:0", "--shutdown-delay=0s"],
            ["pager", &ledger, "--log-filter=info", "--shutdown-delay=0s"],
            [
                "discover",
                &file,
                "--docker-host=tcp://127.0.0.1:1",
                "--shutdown-delay=0s",
            ],
        ] {
            let mut child = start(&[&arguments[..], &["--listen=127.0.0.1:0"]].concat());
            let mut log = BufReader::new(child.stderr.take().expect("it is piped")).lines();
            // Its first line comes before it serves.
            log.next().expect("a line").expect("a text");
            thread::spawn(move || log.for_each(drop));
            ends_in_time(child, signal, arguments[0]);
        }
    }
}
