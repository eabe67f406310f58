//! The table of routes: path, handlers, faults and metrics.

use std::sync::Arc;

use axum::{handler::Handler, routing::get};
use http::{Method, StatusCode};

use red_metrics::{MonitoredRouter, Monitoring};

use super::{
    route_summaries::RouteSummaries,
    routes::{counter, echo, health, index, lorem, metrics, ping},
    state::App,
};
use crate::{
    faults::{Endpoint, FaultLayer},
    web::exposition,
};

/// Returns all routes of the service.
pub fn monitored(app: &App, summaries: &RouteSummaries) -> MonitoredRouter<App> {
    // Layers the handlers, not their method routes: a nested route costs two more allocations per request. Handlers
    // that do not need the application have no state, which would be cloned for each request.
    let faults = |endpoint| FaultLayer::new(Arc::clone(&app.faults), endpoint);
    let (ping, echo) = (
        ping::pong.layer(faults(Endpoint::Ping)),
        echo::echo.layer(faults(Endpoint::Echo)),
    );
    let failures = [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE];
    let get_and_post = || Monitoring::of([Method::GET, Method::POST]).expect_statuses(failures);

    MonitoredRouter::with_state(app.clone())
        .route("/", get(index::show), Monitoring::of([Method::GET]))
        .route(
            Endpoint::Ping.path(),
            get(ping.clone()).post(ping).with_state(()),
            get_and_post(),
        )
        .route(
            Endpoint::Echo.path(),
            get(echo.clone()).post(echo).with_state(()),
            get_and_post(),
        )
        .route(
            Endpoint::Counter.path(),
            get(counter::next.layer(faults(Endpoint::Counter))),
            Monitoring::of([Method::GET]).expect_statuses(failures),
        )
        .route(
            lorem::PATH,
            get(lorem::show).post(lorem::show),
            Monitoring::of([Method::GET, Method::POST])
                .expect_statuses([StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS])
                .observed_by(summaries.of(lorem::PATH)),
        )
        .route(
            "/metrics",
            get(metrics::show).layer(exposition::compression()),
            Monitoring::disabled(),
        )
        .route("/healthz", get(health::alive), Monitoring::disabled())
        .route("/readyz", get(health::ready), Monitoring::disabled())
}
