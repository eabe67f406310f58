//! No file descriptor is left.

use std::{process::Command, time::Duration};

use tokio::{net::TcpStream, time::timeout};

use crate::{
    load::{Outcome, client, get},
    process::Service,
};

#[tokio::test(flavor = "multi_thread")]
async fn without_descriptors_idle_connections_are_evicted_and_requests_are_served() {
    let mut service = Service::start(&[]);
    let before = service.footprint().await;
    // Taken away while it runs: at its start it would have taken fewer connections in the first place.
    let limited = Command::new("prlimit")
        .args(["--pid", &service.id().to_string(), "--nofile=48:48"])
        .status();
    assert!(limited.expect("prlimit runs").success());

    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(TcpStream::connect(&service.address).await.expect("the kernel takes it"));
    }
    for _ in 0..3 {
        // A new client each time, so a new connection.
        let answered = timeout(Duration::from_secs(15), get(&client(), &service.at("/echo"))).await;
        assert_eq!(answered.expect("in time").outcome, Outcome::Answered(200));
    }
    let metrics = service.metrics().await;
    assert!(metrics.value("http_accept_errors_total") > 0.0, "they did run out");
    assert!(metrics.value("http_connections_evicted_total") > 0.0);

    drop(idle);
    service.is_back_at(before).await;
}
