//! A restart while requests come in.

use std::{env, process::Command, time::Duration};

use test_support::stack::Part;
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    load::{Ended, Outcome, count, during},
    process::Service,
};

const RATE: u32 = 200;

/// Whole replies, and refused connections where that is allowed; nothing else. Injected errors are whole replies.
fn assert_no_loss(who: &str, requests: &[Ended], refusals_allowed: bool) {
    let of = |outcome| count(requests, outcome);
    let (answered, injected, refused) = (of(Outcome::Answered(200)), of(Outcome::Injected), of(Outcome::Refused));
    println!(
        "  {who}: {} requests, {answered} answered, {injected} injected errors, {refused} refused",
        requests.len()
    );
    let other = requests.iter().find(|ended| {
        !matches!(
            ended.outcome,
            Outcome::Answered(200) | Outcome::Injected | Outcome::Refused
        )
    });
    assert!(other.is_none(), "{who}: {other:?}");
    assert!(refusals_allowed || refused == 0, "{who}: {refused} were refused");
    assert!(answered > 0, "{who}: none was answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_under_load_cuts_no_reply() {
    let service = Service::start(&["--ping-delay=uniform:5ms:150ms"]);
    let (url, listen) = (service.at("/ping"), format!("--listen={}", service.address));
    let restart = async {
        let mut service = service;
        for _ in 0..3 {
            sleep(Duration::from_secs(1)).await;
            service.stop().await;
            service = Service::start(&["--ping-delay=uniform:5ms:150ms", &listen]);
        }
        sleep(Duration::from_secs(1)).await;
        service
    };
    let (_service, requests) = during(&url, RATE, restart).await;
    assert_no_loss("app", &requests, true);
}

/// `make restart APP=app` on the stack that runs.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "restarts a part of the stack that runs: make verify_restart"]
async fn make_restart_loses_nothing_of_beta_and_cuts_nothing_of_app() {
    let restart = async {
        sleep(Duration::from_secs(2)).await;
        let restarted = spawn_blocking(|| {
            let root = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it");
            Command::new("make")
                .args(["restart", "APP=app"])
                .current_dir(root)
                .status()
        });
        assert!(restarted.await.expect("no panic").expect("make runs").success());
        sleep(Duration::from_secs(2)).await;
    };
    let (app, beta) = (Part::App.url("/echo", &[]), Part::Beta.url("/echo", &[]));
    let (((), to_app), to_beta) = during(beta.as_str(), RATE, during(app.as_str(), RATE, restart)).await;
    assert_no_loss("beta", &to_beta, false);
    assert_no_loss("app", &to_app, true);
}
