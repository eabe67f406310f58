//! What goes wrong is said clearly and tried again; what was found last holds meanwhile.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};

use axum::http::StatusCode;

use super::{
    engine::{Engine, targets_in},
    process::Discover,
};

const OFTEN: &str = "--interval=100ms";

#[tokio::test]
async fn a_socket_that_is_missing_is_waited_for() {
    let mut engine = Engine::stopped();
    engine.run(2);
    let mut discover = Discover::start(&engine, &[OFTEN]);
    discover.logs("docker.sock is not there: is Docker running").await;
    assert!(discover.is_running());
    assert_eq!(
        targets_in(&discover.file()),
        None,
        "nothing is told before something is known"
    );
    engine.listen();
    discover.finds(2).await;
    discover.logs("discovery works again").await;
}

#[tokio::test]
async fn a_restart_of_docker_keeps_the_targets_and_discovery_recovers() {
    let mut engine = Engine::start();
    engine.run(2);
    let mut discover = Discover::start(&engine, &[OFTEN]);
    discover.finds(2).await;
    engine.stop();
    discover.logs("cannot discover; the targets stay as they are").await;
    assert_eq!(targets_in(&discover.file()).expect("the file").len(), 2);
    engine.run(3);
    engine.listen();
    discover.finds(3).await;
    assert!(discover.is_running());
    assert!(
        discover
            .metrics()
            .await
            .value(r#"discovery_errors_total{stage="poll"}"#)
            >= 1.0
    );
}

#[tokio::test]
async fn invalid_answers_keep_the_targets() {
    let engine = Engine::start();
    engine.run(2);
    let discover = Discover::start(&engine, &[OFTEN]);
    discover.finds(2).await;
    for (status, body, said) in [
        (StatusCode::OK, "<html>", "GET /containers/json is not understood"),
        (
            StatusCode::OK,
            "[{\"Id\": 7}]",
            "invalid type: integer `7`, expected a string",
        ),
        (StatusCode::OK, "[{\"Id\": \"4c\"", "EOF while parsing"),
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            "no space left",
            "500 Internal Server Error: no space left",
        ),
        (StatusCode::FORBIDDEN, "", "403 Forbidden"),
    ] {
        engine.answer_raw("/containers/json", status, body);
        discover.logs(said).await;
        assert_eq!(targets_in(&discover.file()).expect("the file").len(), 2, "{body}");
    }
    engine.run(1);
    discover.finds(1).await;
}

#[tokio::test]
async fn a_pending_swarm_does_not_fall_back_to_plain_containers() {
    let engine = Engine::start();
    engine.run(2);
    engine.answer_raw("/info", StatusCode::OK, r#"{"Swarm": {"LocalNodeState": "pending"}}"#);
    let discover = Discover::start(&engine, &[OFTEN]);
    discover.logs("pending").await;
    assert_eq!(targets_in(&discover.file()), None);
}

#[tokio::test]
async fn a_socket_without_permission_is_named_in_the_log() {
    let engine = Engine::start();
    fs::set_permissions(engine.socket(), fs::Permissions::from_mode(0o600)).expect("it is ours");
    let socket_folder = engine.socket().parent().expect("a folder").to_owned();
    fs::set_permissions(socket_folder, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");

    let mut command = Command::new(env!("CARGO_BIN_EXE_observer"));
    if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        // Root may use every socket: nobody runs it, from where nobody can reach it.
        let reachable = folder.path().join("observer");
        // Not by this process: a test beside this one may start a program meanwhile, which would inherit the open file,
        // and a file that is open for writing cannot be run.
        let copied = Command::new("cp")
            .args([env!("CARGO_BIN_EXE_observer"), &*reachable.to_string_lossy()])
            .status();
        assert!(copied.expect("cp runs").success());
        command = Command::new(reachable);
        command.uid(65534).gid(65534).current_dir(Path::new("/"));
    } else {
        fs::set_permissions(engine.socket(), fs::Permissions::from_mode(0o000)).expect("it is ours");
    }
    command.arg("discover");
    let mut discover = Discover::spawn(command, folder, &engine, &[OFTEN]);
    discover.logs("no permission to use unix://").await;
    assert!(discover.is_running());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_tried_again() {
    let engine = Engine::start();
    engine.run(1);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let in_the_way = folder.path().join(".targets.json.tmp");
    fs::create_dir(&in_the_way).expect("made");
    let discover = Discover::start_in(folder, &engine, &[OFTEN]);
    discover.logs("cannot write the file of targets").await;
    fs::remove_dir(in_the_way).expect("removed");
    discover.finds(1).await;
    assert!(
        discover
            .metrics()
            .await
            .value(r#"discovery_errors_total{stage="write"}"#)
            >= 1.0
    );
}
