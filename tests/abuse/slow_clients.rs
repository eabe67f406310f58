//! A thousand clients that send a byte a second.

use std::time::Duration;

use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    load::{Ended, Outcome, client, get, quantile},
    process::{Service, amount, raise_descriptors},
};

const CLIENTS: usize = 1000;

/// How long each of two rounds takes, with the slow clients and without; their full time is a minute.
fn seconds() -> u64 {
    amount("OBSERVER_ABUSE_SLOW_SECONDS", 60) / 2
}

/// What a slow client sends, a byte a second after the first part: half of them a head, half of them a body.
fn request(number: usize) -> (&'static str, &'static [u8]) {
    if number.is_multiple_of(2) {
        ("GET /echo HTTP/1.1\r\n", b"x-slow: ")
    } else {
        (
            "POST /echo HTTP/1.1\r\nhost: slow\r\ncontent-length: 1000\r\n\r\n",
            b"a",
        )
    }
}

/// Sends slowly, and reconnects whenever it is disconnected.
async fn dawdle(address: String, number: usize) {
    let (first, rest) = request(number);
    loop {
        if let Ok(mut connection) = TcpStream::connect(&address).await
            && connection.write_all(first.as_bytes()).await.is_ok()
        {
            for byte in rest.iter().cycle() {
                sleep(Duration::from_secs(1)).await;
                if connection.write_all(&[*byte]).await.is_err() {
                    break;
                }
            }
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// What four ordinary clients see, one request after the other.
async fn others(service: &Service, lasting: Duration) -> Vec<Ended> {
    let deadline = Instant::now() + lasting;
    let mut clients = JoinSet::new();
    for _ in 0..4 {
        let url = service.at("/echo");
        clients.spawn(async move {
            let client = client();
            let mut requests = Vec::new();
            while Instant::now() < deadline {
                requests.push(get(&client, &url).await);
                sleep(Duration::from_millis(2)).await;
            }
            requests
        });
    }
    clients.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_slow_clients_at_most_double_the_p99_of_others() {
    raise_descriptors();
    // Fewer connections than there are slow clients: they must not keep the others out.
    let mut service = Service::start(&["--max-connections=600"]);
    let before = service.footprint().await;
    let round = Duration::from_secs(seconds());

    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        without.extend(others(&service, round.min(Duration::from_secs(5))).await);
        let mut slow = JoinSet::new();
        for number in 0..CLIENTS {
            slow.spawn(dawdle(service.address.clone(), number));
        }
        sleep(Duration::from_secs(2)).await;
        with.extend(others(&service, round).await);
        slow.shutdown().await;
    }

    for requests in [&without, &with] {
        assert!(
            requests.iter().all(|ended| ended.outcome == Outcome::Answered(200)),
            "{:?}",
            requests.iter().find(|ended| ended.outcome != Outcome::Answered(200))
        );
    }
    let p99 = |requests: &[Ended]| quantile(0.99, requests.iter().copied());
    println!(
        "  p99 of the others: {:?} of {} without, {:?} of {} with {CLIENTS} slow clients",
        p99(&without),
        without.len(),
        p99(&with),
        with.len()
    );
    // The scheduler of a busy machine alone makes for some milliseconds at the slow end.
    assert!(p99(&with) <= 2 * p99(&without) + Duration::from_millis(10));
    service.is_back_at(before).await;
}
