//! The log lines that are written while a request is served.

use std::{
    convert::Infallible,
    fs::File,
    io::{Read, Seek},
    sync::Arc,
};

use axum::{body::Body, extract::Request, response::Response};
use futures_util::FutureExt;
use http::StatusCode;
use tower::{ServiceExt, service_fn};
use tracing::{Dispatch, dispatcher::with_default, info};
use tracing_subscriber::fmt;

use observer::web::request_log::{RequestLog, WithRequest};

/// Serves a request that fails, logs a line outside of any request, and returns the lines of the log.
fn logged(subscriber: impl FnOnce(Arc<File>) -> Dispatch) -> Vec<String> {
    let mut log = tempfile::tempfile().expect("a temporary file");
    let writer = Arc::new(log.try_clone().expect("a second handle"));
    let subscriber = subscriber(writer);
    with_default(&subscriber, || {
        let service = RequestLog(service_fn(async |_: Request| {
            info!("at work");
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            Ok::<_, Infallible>(response)
        }));
        let request = Request::post("/echo?to=me")
            .header("x-request-id", "order-17")
            .body(Body::empty());
        let answered = service.oneshot(request.expect("a request")).now_or_never();
        answered.expect("it does not wait").expect("infallible");
        info!("afterwards");
    });
    let mut lines = String::new();
    log.rewind().expect("it is a file");
    log.read_to_string(&mut lines).expect("the log is text");
    lines.lines().map(str::to_owned).collect()
}

#[test]
fn a_line_for_people_ends_with_the_request_during_which_it_was_written() {
    let lines = logged(|log| {
        fmt()
            .with_writer(log)
            .map_event_format(WithRequest::text)
            .finish()
            .into()
    });
    let request = r#" request_id="order-17" method="POST" path="/echo""#;
    let [at_work, answered, afterwards] = &lines[..] else {
        panic!("expected three lines: {lines:?}");
    };
    assert!(at_work.ends_with(&format!("at work{request}")), "{at_work}");
    assert!(
        answered.contains("answered with a server error status=500 duration="),
        "{answered}"
    );
    assert!(answered.ends_with(request), "{answered}");
    assert!(afterwards.ends_with("afterwards"), "{afterwards}");
}

#[test]
fn a_line_for_machines_is_one_object_that_holds_the_request() {
    let lines = logged(|log| {
        let json = fmt().json().flatten_event(true).with_writer(log);
        json.map_event_format(WithRequest::json).finish().into()
    });
    let lines: Vec<serde_json::Value> = lines
        .iter()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let request = serde_json::json!({ "request_id": "order-17", "method": "POST", "path": "/echo" });
    let found: Vec<_> = lines
        .iter()
        .map(|line| (&line["message"], line.get("request")))
        .collect();
    assert_eq!(
        found,
        [
            (&"at work".into(), Some(&request)),
            (&"answered with a server error".into(), Some(&request)),
            (&"afterwards".into(), None),
        ]
    );
}
