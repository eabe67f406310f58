//! The runbooks: one page for each alert, from `docs/runbooks/`, which the binary contains.

mod html;
mod settings;

use std::sync::Arc;

use axum::{
    extract::Path,
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use http::Method;
use include_dir::{Dir, include_dir};
use red_metrics::{MonitoredRouter, Monitoring};

pub use settings::RunbookSettings;

/// The folder, as it was at build time. `build.rs` names it, so that a new file causes a rebuild.
static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/runbooks");

/// The file that lists the others.
const LIST: &str = "README";

/// Content security policy: a runbook loads its style sheets, and nothing else.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Adds the routes of the runbooks to a router.
pub fn add_routes<S>(router: MonitoredRouter<S>, settings: &RunbookSettings) -> MonitoredRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    let get_only = || Monitoring::of([Method::GET]);
    let prometheus: Arc<str> = settings.prometheus_url.as_str().trim_end_matches('/').into();
    let list = {
        let prometheus = Arc::clone(&prometheus);
        async move || page(LIST, &prometheus)
    };
    router
        .route(
            "/runbooks",
            get(async || Redirect::permanent("/runbooks/")),
            Monitoring::disabled(),
        )
        .route("/runbooks/", get(list), get_only())
        .route(
            "/runbooks/{alertname}",
            get(async move |Path(alertname): Path<String>| page(&alertname, &prometheus)),
            get_only().expect_statuses([StatusCode::NOT_FOUND]),
        )
        .route("/runbooks.css", get(style), get_only())
}

/// Returns the runbook of this name, or a page that lists what there is.
fn page(name: &str, prometheus: &str) -> Response {
    let (status, html) = match source(name) {
        Some(markdown) => (StatusCode::OK, html::page(name, markdown, prometheus)),
        None => (StatusCode::NOT_FOUND, html::not_found(name, names())),
    };
    (status, [POLICY], Html(html)).into_response()
}

fn source(name: &str) -> Option<&'static str> {
    FOLDER.get_file(format!("{name}.md"))?.contents_utf8()
}

/// Returns the names of all runbooks, sorted.
fn names() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<_> = FOLDER
        .files()
        .filter_map(|file| file.path().to_str()?.strip_suffix(".md"))
        .filter(|name| *name != LIST)
        .collect();
    names.sort_unstable();
    names.into_iter()
}

async fn style() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("runbooks.css"),
    )
}
