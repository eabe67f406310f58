//! Docker's API on a socket, with answers that a test sets.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::UnixListener, runtime::Runtime, sync::broadcast};

/// An engine. It stops when this is dropped.
pub struct Engine {
    folder: TempDir,
    shared: Arc<Shared>,
    running: Option<Runtime>,
}

struct Shared {
    answers: Mutex<HashMap<&'static str, (StatusCode, Bytes)>>,
    calls: Mutex<Vec<String>>,
    events: broadcast::Sender<()>,
}

impl Engine {
    /// An engine that does not listen yet, with no containers.
    pub fn stopped() -> Self {
        let engine = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            shared: Arc::new(Shared {
                answers: Mutex::default(),
                calls: Mutex::default(),
                events: broadcast::channel(16).0,
            }),
            running: None,
        };
        engine.answer(
            "/info",
            &json!({ "Name": "host", "Swarm": { "LocalNodeState": "inactive" } }),
        );
        engine.answer("/containers/json", &json!([]));
        engine
    }

    /// An engine that listens.
    pub fn start() -> Self {
        let mut engine = Self::stopped();
        engine.listen();
        engine
    }

    /// Begins to listen.
    pub fn listen(&mut self) {
        // A runtime of its own: its end cuts all connections, as that of an engine does.
        let runtime = Runtime::new().expect("a runtime");
        let _inside = runtime.enter();
        let listener = UnixListener::bind(self.socket()).expect("the socket is free");
        let router = Router::new().fallback(answer).with_state(Arc::clone(&self.shared));
        runtime.spawn(async move { axum::serve(listener, router).await });
        self.running = Some(runtime);
    }

    /// Ends it, as a restart of Docker does first.
    pub fn stop(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_background();
            fs::remove_file(self.socket()).expect("the socket is there");
        }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("docker.sock")
    }

    pub fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Sets the answer to a call.
    pub fn answer(&self, path: &'static str, answer: &Value) {
        self.answer_raw(path, StatusCode::OK, answer.to_string());
    }

    /// Sets the answer to a call, whatever it is.
    pub fn answer_raw(&self, path: &'static str, status: StatusCode, body: impl Into<Bytes>) {
        let mut answers = self.shared.answers.lock().expect("no panic");
        answers.insert(path, (status, body.into()));
    }

    /// Sets how many containers of the service `app` run.
    pub fn run(&self, count: u16) {
        let containers: Vec<_> = (1..=count).map(container).collect();
        self.answer("/containers/json", &containers.into());
    }

    /// Tells all that follow the events of one.
    pub fn tell_event(&self) {
        // It fails where nobody follows.
        let _ = self.shared.events.send(());
    }

    /// How many follow the events.
    pub fn followers(&self) -> usize {
        self.shared.events.receiver_count()
    }

    /// The calls since this was last asked, in their order, without those of the events.
    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.calls.lock().expect("no panic"))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(runtime) = self.running.take() {
            runtime.shutdown_background();
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let set = shared.answers.lock().expect("no panic").get(&*path).cloned();
    if path == "/events" {
        return set.map_or_else(|| events(&shared), IntoResponse::into_response);
    }
    let call = format!("{} {path}", request.method());
    shared.calls.lock().expect("no panic").push(call);
    set.unwrap_or((StatusCode::NOT_FOUND, "page not found".into()))
        .into_response()
}

fn events(shared: &Shared) -> Response {
    let stream = futures_util::stream::unfold(shared.events.subscribe(), async |mut events| {
        let () = events.recv().await.ok()?;
        let line = "{\"Type\":\"container\",\"Action\":\"start\"}\n";
        Some((Ok::<_, std::convert::Infallible>(line), events))
    });
    Body::from_stream(stream).into_response()
}

/// A container of the service `app`, in as many words as Docker uses.
pub fn container(number: u16) -> Value {
    let address = format!("10.{}.{}.2", number / 250, number % 250);
    json!({
        "Id": format!("{number:064x}"),
        "Names": [format!("/observer-app-{number}")],
        "Image": "observer-app",
        "ImageID": format!("sha256:{number:064x}"),
        "Command": "/usr/local/bin/observer serve",
        "Created": 1_795_546_800,
        "Ports": [{ "IP": "127.0.0.1", "PrivatePort": 8080, "PublicPort": 32_768, "Type": "tcp" }],
        "Labels": {
            "com.docker.compose.config-hash": format!("{number:064x}"),
            "com.docker.compose.container-number": number.to_string(),
            "com.docker.compose.depends_on": "migrate:service_completed_successfully:false",
            "com.docker.compose.image": format!("sha256:{number:064x}"),
            "com.docker.compose.oneoff": "False",
            "com.docker.compose.project": "observer",
            "com.docker.compose.project.config_files": "/home/somebody/observer/compose.yml",
            "com.docker.compose.project.working_dir": "/home/somebody/observer",
            "com.docker.compose.service": "app",
            "com.docker.compose.version": "2.26.1",
            "org.opencontainers.image.revision": "unknown",
        },
        "State": "running",
        "Status": "Up 5 minutes (healthy)",
        "HostConfig": { "NetworkMode": "observer_default" },
        "NetworkSettings": { "Networks": { "observer_default": {
            "IPAMConfig": null,
            "Links": null,
            "Aliases": null,
            "NetworkID": format!("{number:064x}"),
            "EndpointID": format!("{number:064x}"),
            "Gateway": "10.0.0.1",
            "IPAddress": address,
            "IPPrefixLen": 8,
            "IPv6Gateway": "",
            "GlobalIPv6Address": "",
            "GlobalIPv6PrefixLen": 0,
            "MacAddress": "02:42:ac:12:00:02",
            "DriverOpts": null,
        } } },
        "Mounts": [],
    })
}

/// The targets in a file, of all groups.
pub fn targets_in(file: &Path) -> Option<Vec<String>> {
    let groups: Value = serde_json::from_slice(&fs::read(file).ok()?).expect("whole JSON");
    let groups = groups.as_array().expect("a list of groups");
    let targets = groups
        .iter()
        .flat_map(|group| group["targets"].as_array().expect("targets"));
    Some(
        targets
            .map(|target| target.as_str().expect("a text").to_owned())
            .collect(),
    )
}
