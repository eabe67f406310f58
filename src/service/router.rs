//! The table of routes: path, handlers, faults, and what is measured.

use axum::{
    middleware::from_fn_with_state,
    routing::{MethodRouter, get},
};
use http::{Method, StatusCode};

use super::{
    routes::{counter, echo, health, index, lorem, metrics, ping},
    state::App,
};
use crate::{
    faults::{self, Endpoint},
    metrics::{MonitoredRouter, Monitoring, RouteSummaries},
};

/// All routes of the service.
pub fn monitored(app: &App, summaries: &RouteSummaries) -> MonitoredRouter<App> {
    let fallible = |handlers: MethodRouter<App>, endpoint: Endpoint| {
        let state = (app.faults.clone(), endpoint);
        handlers.layer(from_fn_with_state(state, faults::inject))
    };
    let failures = [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE];
    let get_and_post = || Monitoring::of([Method::GET, Method::POST]).may_answer(failures);

    MonitoredRouter::new()
        .route("/", get(index::show), Monitoring::of([Method::GET]))
        .route(
            Endpoint::Ping.path(),
            fallible(get(ping::pong).post(ping::pong), Endpoint::Ping),
            get_and_post(),
        )
        .route(
            Endpoint::Echo.path(),
            fallible(get(echo::echo).post(echo::echo), Endpoint::Echo),
            get_and_post(),
        )
        .route(
            Endpoint::Counter.path(),
            fallible(get(counter::next), Endpoint::Counter),
            Monitoring::of([Method::GET]).may_answer(failures),
        )
        .route(
            lorem::PATH,
            get(lorem::show).post(lorem::show),
            Monitoring::of([Method::GET, Method::POST])
                .may_answer([StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS])
                .observed_by(summaries.of(lorem::PATH)),
        )
        .route("/metrics", get(metrics::show), Monitoring::off())
        .route("/healthz", get(health::alive), Monitoring::off())
        .route("/readyz", get(health::ready), Monitoring::off())
}
