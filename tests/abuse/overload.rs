//! Four times as many requests as the service can do.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{
    load::{Ended, Outcome, client, count, during, get, quantile},
    process::Service,
};

/// How long each request takes, and how many run at a time: 80 a second.
const WORK: Duration = Duration::from_millis(200);
const AT_A_TIME: u32 = 16;
const CAPACITY: u32 = 80;

const LASTING: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread")]
async fn overload_is_shed_at_once_accepted_requests_stay_fast_and_it_recovers() {
    let flags = [
        format!("--ping-delay=constant:{}ms", WORK.as_millis()),
        format!("--max-concurrent-requests={AT_A_TIME}"),
    ];
    let mut service = Service::start(&flags.each_ref().map(String::as_str));
    let client = client();
    let before = service.footprint().await;
    let alone = get(&client, &service.at("/ping")).await.duration;

    let watch = async {
        sleep(LASTING).await;
        service.metrics().await
    };
    let (at_the_end, requests) = during(&service.at("/ping"), 4 * CAPACITY, watch).await;
    let ended = Instant::now();
    let again = get(&client, &service.at("/ping")).await;
    assert_eq!(again.outcome, Outcome::Answered(200));
    // A queue of those that were turned away would take 24 s.
    assert!(ended.elapsed() < Duration::from_secs(10), "it recovers at once");

    let of = |status| -> Vec<Ended> {
        let with = |ended: &&Ended| ended.outcome == Outcome::Answered(status);
        requests.iter().filter(with).copied().collect()
    };
    let (answered, shed) = (of(200), of(503));
    assert_eq!(answered.len() + shed.len(), requests.len(), "every request got a reply");
    println!(
        "  {} answered, p90 {:?} (alone {alone:?}); {} turned away, p50 {:?}",
        answered.len(),
        quantile(0.9, answered.iter().copied()),
        shed.len(),
        quantile(0.5, shed.iter().copied()),
    );
    let possible = LASTING.as_secs_f64() * f64::from(CAPACITY);
    assert!(
        answered.len() as f64 > 0.6 * possible,
        "it does what it can: {possible}"
    );
    assert!(count(&requests, Outcome::Answered(503)) > requests.len() / 2);
    assert!(
        quantile(0.9, answered) < 3 * alone.max(WORK),
        "no queue in front of those that are answered"
    );
    assert!(quantile(0.5, shed) < WORK, "to be turned away is quick");

    let counted = at_the_end.value(r#"http_requests_shed_total{reason="concurrency"}"#);
    assert!(counted > 0.0, "it can be seen while it lasts");
    assert!(at_the_end.value("process_resident_memory_bytes") < 64e6);
    drop(client);
    service.is_back_at(before).await;
}
