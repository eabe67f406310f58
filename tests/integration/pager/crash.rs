//! The pager is killed again and again, under load and with a webhook that fails: nothing acknowledged is lost.

use std::{
    collections::BTreeSet,
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use reqwest::Client;
use serde_json::Value;
use test_support::exposition::eventually;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

use super::process::{PagerProcess, command, ended_at, folder, ledger, notification};

const KILLS: usize = 200;
const SENDERS: usize = 4;

/// An incident's identity and a status.
type Told = (String, String);

/// What is known of all incidents.
#[derive(Default)]
struct Truth {
    /// Sent, whether it was acknowledged or not.
    sent: Mutex<BTreeSet<Told>>,
    /// Acknowledged with 200, with the ends that follow from it.
    acknowledged: Mutex<BTreeSet<Told>>,
    /// Taken by the webhook.
    taken: Mutex<BTreeSet<Told>>,
    requests: AtomicUsize,
    /// Whether the webhook takes everything.
    reliable: AtomicBool,
}

/// Serves a webhook that answers 500, drops the connection before or after it has taken the message, is slow, or works.
async fn serve_flaky(truth: Arc<Truth>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let truth = Arc::clone(&truth);
            tokio::spawn(async move { answer(stream, &truth).await });
        }
    });
    port
}

async fn answer(stream: TcpStream, truth: &Truth) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end().to_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().ok()?,
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let message: Value = serde_json::from_slice(&body).expect("a whole message");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let told = (text(&message["page"]["id"]), text(&message["status"]));
    truth.requests.fetch_add(1, Ordering::Relaxed);
    let fate = if truth.reliable.load(Ordering::Relaxed) {
        9
    } else {
        rand::rng().random_range(0..10)
    };
    let take = || truth.taken.lock().expect("no panic").insert(told);
    let status = match fate {
        0 => return None,
        1 => {
            take();
            return None;
        }
        2 => "500 Internal Server Error",
        3 => {
            sleep(Duration::from_millis(100)).await;
            take();
            "200 OK"
        }
        _ => {
            take();
            "200 OK"
        }
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(head.as_bytes()).await.ok()
}

/// Sends one incident of an alert after the other, each notification until it is acknowledged, as Alertmanager does.
/// A third of the incidents ends without a resolution: the next one begins.
async fn send(number: usize, truth: Arc<Truth>, url: Arc<Mutex<String>>, stop: Arc<AtomicBool>) {
    let client = Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(5))
        .build()
        .expect("a client");
    let name = format!("Alert{number}");
    let mut started: Timestamp = "2026-11-21T07:00:00Z".parse().expect("a time");
    let mut open = None;
    while !stop.load(Ordering::Relaxed) {
        started += SignedDuration::from_secs(60);
        let id = format!("of-{name}@{started}");
        let mut statuses = vec!["firing"];
        if rand::rng().random_range(0..3) > 0 {
            statuses.push("resolved");
        }
        for status in statuses {
            let end = (started + SignedDuration::from_secs(30)).to_string();
            let body = ended_at(notification(status, &name, &started.to_string()), &end).to_string();
            truth
                .sent
                .lock()
                .expect("no panic")
                .insert((id.clone(), status.to_owned()));
            loop {
                let url = url.lock().expect("no panic").clone();
                let request = client
                    .post(url)
                    .header("content-type", "application/json")
                    .body(body.clone());
                match request.send().await {
                    Ok(reply) if reply.status() == 200 => break,
                    _ => sleep(Duration::from_millis(5)).await,
                }
            }
            let mut acknowledged = truth.acknowledged.lock().expect("no panic");
            acknowledged.insert((id.clone(), status.to_owned()));
            // A beginning ends the incident before it, unless that has ended.
            let superseded = if status == "firing" {
                open.replace(id.clone())
            } else {
                open = None;
                None
            };
            if let Some(superseded) = superseded {
                acknowledged.insert((superseded, "resolved".to_owned()));
            }
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// Starts a pager that is killed before it has said where it listens: while it reads the ledger.
fn start_blindly(folder: &std::path::Path, flags: &[&str]) -> Child {
    command(folder, flags)
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_kills_lose_and_invent_nothing() {
    let begun = Instant::now();
    let (folder, truth) = (folder(), Arc::new(Truth::default()));
    let flag = format!(
        "--forward-url=http://127.0.0.1:{}/",
        serve_flaky(Arc::clone(&truth)).await
    );
    let (url, stop) = (Arc::new(Mutex::new("http://127.0.0.1:9".to_owned())), Arc::default());
    let mut senders = JoinSet::new();
    for number in 0..SENDERS {
        senders.spawn(send(number, Arc::clone(&truth), Arc::clone(&url), Arc::clone(&stop)));
    }

    for kill in 0..KILLS {
        let moment = Duration::from_millis(rand::rng().random_range(0..100));
        if kill % 5 == 4 {
            let mut child = start_blindly(folder.path(), &[&flag]);
            sleep(moment / 8).await;
            child.kill().expect("it can be killed");
            child.wait().expect("it ends");
            continue;
        }
        let pager = PagerProcess::start(folder.path(), &[&flag]);
        *url.lock().expect("no panic") = format!("{}/alerts", pager.url);
        assert!(!pager.log().contains("invalid line"), "{}", pager.log());
        sleep(moment).await;
        pager.kill();
    }

    let pager = PagerProcess::start(folder.path(), &[&flag]);
    *url.lock().expect("no panic") = format!("{}/alerts", pager.url);
    stop.store(true, Ordering::Relaxed);
    senders.join_all().await;
    truth.reliable.store(true, Ordering::Relaxed);
    eventually("everything is forwarded", async || {
        (pager.pages().await["forwarding"]["pending"] == 0).then_some(())
    })
    .await;

    let acknowledged = truth.acknowledged.lock().expect("no panic");
    let taken = truth.taken.lock().expect("no panic");
    let lost: Vec<_> = acknowledged.difference(&taken).collect();
    assert!(lost.is_empty(), "acknowledged and never forwarded: {lost:?}");
    let sent = truth.sent.lock().expect("no panic");
    let ids: BTreeSet<_> = sent.iter().map(|(id, _)| id).collect();
    let invented: Vec<_> = taken.iter().filter(|(id, _)| !ids.contains(id)).collect();
    assert!(invented.is_empty(), "forwarded and never sent: {invented:?}");
    let unfinished: Vec<_> = taken.difference(&acknowledged).collect();
    assert!(unfinished.is_empty(), "forwarded and not true: {unfinished:?}");
    let entries = ledger(folder.path());
    println!(
        "{KILLS} kills in {:.1?}: {} changes acknowledged, all of {} taken, in {} requests; {} lines in the ledger",
        begun.elapsed(),
        acknowledged.len(),
        taken.len(),
        truth.requests.load(Ordering::Relaxed),
        entries.len(),
    );
    assert!(acknowledged.len() > KILLS, "there was something to lose");
}
