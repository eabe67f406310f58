//! A hundred thousand malformed requests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
    time::Duration,
};

use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use regex::Regex;
use test_support::exposition::Exposition;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

use crate::process::{Service, amount, raise_descriptors};

/// Where the mutations begin: what is valid, and what was found to be worth a try.
const SEEDS: &[&[u8]] = &[
    b"GET /ping HTTP/1.1\r\nhost: a\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello",
    b"POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    b"GET /%00%ff%2e%2e/ HTTP/1.1\r\nhost: a\r\nx-request-id: \xff\xfe\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n",
    b"GET http://other/ping HTTP/1.1\r\nhost: a\r\n\r\n",
    b"GET /echo HTTP/1.1\r\nhost: a\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
    b"GET /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 1\r\n\r\n",
    b"HEAD /counter HTTP/1.0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"\r\n\r\n\r\n",
];

/// Pieces that parsers have stumbled over.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\r",
    b"\n",
    b"\r\n\r\n",
    b" ",
    b"\t",
    b":",
    b"\xff",
    b"%",
    b"HTTP/9.9",
    b"content-length: 0\r\n",
    b"999999999",
];

/// The number makes the request: a failure can be repeated by it.
fn request(number: u64) -> Vec<u8> {
    let mut rng = StdRng::seed_from_u64(number);
    let mut bytes = SEEDS.choose(&mut rng).expect("seeds").to_vec();
    for _ in 0..rng.random_range(0..6) {
        let at = rng.random_range(0..=bytes.len());
        match rng.random_range(0..4) {
            0 if at < bytes.len() => bytes[at] = rng.random(),
            1 => drop(bytes.splice(at..at, PIECES.choose(&mut rng).expect("pieces").iter().copied())),
            2 => bytes.truncate(at),
            _ => {
                let repeated = bytes[at..].to_vec();
                bytes.extend(repeated.repeat(rng.random_range(1..20)));
            }
        }
    }
    bytes
}

/// Sends it, says that there is no more to come, and reads the status of the first reply, if one comes.
async fn send(address: &str, number: u64) -> Option<u16> {
    let exchange = async {
        let mut connection = TcpStream::connect(address).await.ok()?;
        // The server may have closed before all was sent.
        let _ = connection.write_all(&request(number)).await;
        let _ = connection.shutdown().await;
        let mut reply = Vec::new();
        let _ = connection.read_to_end(&mut reply).await;
        let reply = String::from_utf8_lossy(&reply);
        reply.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()
    };
    timeout(Duration::from_secs(20), exchange)
        .await
        .unwrap_or_else(|_| panic!("request {number} is not brought to an end"))
}

/// How often each status came; 0 where none did.
async fn send_all(address: &str, numbers: std::ops::Range<u64>) -> BTreeMap<u16, u64> {
    const SENDERS: u64 = 64;
    let mut senders = JoinSet::new();
    for sender in 0..SENDERS {
        let (address, numbers) = (address.to_owned(), numbers.clone());
        senders.spawn(async move {
            let mut statuses = BTreeMap::<u16, u64>::new();
            for number in numbers.filter(|number| number % SENDERS == sender) {
                let status = send(&address, number).await.unwrap_or(0);
                assert!(
                    status < 500 || status == 503,
                    "request {number} is answered with {status}: {:?}",
                    request(number).escape_ascii().to_string()
                );
                *statuses.entry(status).or_default() += 1;
            }
            statuses
        });
    }
    let mut all = BTreeMap::new();
    for (status, times) in senders.join_all().await.into_iter().flatten() {
        *all.entry(status).or_default() += times;
    }
    all
}

/// The label values that a request may lead to, whatever is in it. Paths are those of the routes, which all have series
/// from the start.
const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "other",
];
const STATUSES: &[&str] = &["200", "400", "404", "405", "408", "413", "429", "503", "aborted"];

/// The families that get a series when a method or a status comes for the first time.
const GROWING: &[&str] = &[
    "http_requests_total",
    "http_request_duration_seconds",
    "http_concurrent_requests",
    "http_response_size_bytes",
];

/// The name of a series' family, and its labels.
fn read(series: &str) -> (&str, BTreeMap<&str, &str>) {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r#"([a-z_]+)="([^"]*)""#).expect("a pattern"));
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    let part = ["_bucket", "_sum", "_count"]
        .iter()
        .find_map(|part| name.strip_suffix(part));
    let labels = LABEL.captures_iter(labels).map(|label| {
        let (_, [name, value]) = label.extract();
        (name, value)
    });
    (part.unwrap_or(name), labels.collect())
}

/// The series that have been added are combinations of fixed values, so that no client can add them without end.
fn assert_bounded(before: &Exposition, after: &Exposition) {
    let routes: BTreeSet<_> = before
        .series()
        .filter_map(|series| read(series).1.remove("path"))
        .collect();
    for added in after.series_set().difference(&before.series_set()) {
        let (family, labels) = read(added);
        let fixed = labels.iter().all(|(name, value)| match *name {
            "method" => METHODS.contains(value),
            "path" => routes.contains(value),
            "status_code" => STATUSES.contains(value),
            // A bucket's, which comes with its histogram.
            name => name == "le",
        });
        assert!(fixed && GROWING.contains(&family), "{added} was added");
    }
    assert!(before.series_set().is_subset(&after.series_set()), "none goes away");
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_cause_no_crash_no_500_and_no_label_from_a_client() {
    let requests = amount("OBSERVER_ABUSE_MALFORMED", 100_000);
    raise_descriptors();
    let mut service = Service::start(&["--body-timeout=2s"]);
    let (before, at_first) = (service.footprint().await, service.metrics().await);
    let mut statuses = send_all(&service.address, 0..requests / 2).await;
    let half_way = service.metrics().await;
    for (status, times) in send_all(&service.address, requests / 2..requests).await {
        *statuses.entry(status).or_default() += times;
    }
    let at_last = service.metrics().await;
    let [first, half, last] = [&at_first, &half_way, &at_last].map(|metrics| metrics.series().count());
    println!("  {requests} requests; statuses (0 is none): {statuses:?}");
    println!("  {first} series before, {half} half-way, {last} at the end");

    assert!(
        statuses[&400] > 0 && statuses[&200] > 0,
        "some are refused, some are not: {statuses:?}"
    );
    assert_bounded(&at_first, &at_last);
    service.is_back_at(before).await;
}
