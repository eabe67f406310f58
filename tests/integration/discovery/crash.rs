//! `kill -9` at any moment leaves a whole file.

use std::time::Duration;

use super::{
    engine::{Engine, targets_in},
    process::Discover,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_leaves_a_complete_file() {
    const ROUNDS: u64 = 20;
    let engine = Engine::start();
    engine.run(200);
    let mut folder = tempfile::tempdir().expect("a temporary folder");
    let mut seen = std::collections::BTreeSet::new();
    for round in 0..ROUNDS {
        let discover = Discover::start_in(folder, &engine, &["--interval=100ms"]);
        // It writes at once, since other targets run now: it is killed before, while and after it does so.
        engine.run(if round % 2 == 0 { 100 } else { 200 });
        tokio::time::sleep(Duration::from_millis(10 + 8 * round)).await;
        (_, folder) = discover.end("KILL");
        // Reading fails the test where it is not whole.
        seen.insert(targets_in(&folder.path().join("targets.json")).map(|targets| targets.len()));
    }
    seen.remove(&None);
    assert!(
        seen.iter().all(|count| [Some(100), Some(200)].contains(count)) && !seen.is_empty(),
        "{seen:?}"
    );
}
