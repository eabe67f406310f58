//! `GET /`: a page about this instance.

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::Html,
};

use crate::service::state::App;

const PAGE: &str = include_str!("index.html");

/// Content security policy: the page loads nothing and runs no script.
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'unsafe-inline'",
);

/// Returns the page, with the instance's name and peer.
pub async fn show(State(app): State<App>) -> ([(HeaderName, &'static str); 1], Html<String>) {
    let peer = match &app.peer_url {
        Some(url) => format!("It continuously calls its peer at <code>{}</code>.", escape(url)),
        None => "It has no peer to call.".to_owned(),
    };
    let page = PAGE.replace("{name}", &app.name).replace("{peer}", &peer);
    ([POLICY], Html(page))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
