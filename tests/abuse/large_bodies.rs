//! Large bodies from many clients at once.

use std::time::Duration;

use tokio::{task::JoinSet, time::Instant};

use crate::{load::client, process::Service};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_large_bodies_stay_within_the_memory_budget() {
    let mut service = Service::start(&["--ping-delay=constant:100ms", "--body-timeout=1m"]);
    let before = service.footprint().await;
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut clients = JoinSet::new();
    for _ in 0..200 {
        let url = service.at("/ping");
        clients.spawn(async move {
            let client = client();
            let mut statuses = Vec::new();
            while Instant::now() < deadline {
                let reply = client
                    .post(&url)
                    .body(vec![b'a'; 1 << 20])
                    .send()
                    .await
                    .expect("an answer");
                statuses.push(reply.status().as_u16());
                reply.bytes().await.expect("the body");
            }
            statuses
        });
    }
    let mut most = 0.0_f64;
    while Instant::now() < deadline {
        most = most.max(service.metrics().await.value("process_resident_memory_bytes"));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let statuses = clients.join_all().await.concat();
    let served = statuses.iter().filter(|status| **status == 200).count();
    println!("  {served} of {} served, at most {:.1} MB", statuses.len(), most / 1e6);
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(served > 0, "those for whom there is memory are served");
    assert!(most < 64.0 * 1_048_576.0, "{most} bytes");
    service.is_back_at(before).await;
}
