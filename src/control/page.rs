//! The control page and its style sheet and script.

use axum::{
    extract::State,
    http::{HeaderName, header},
    response::{Html, IntoResponse},
};

use super::state::ControlState;
use crate::faults::ErrorStatus;

/// Content security policy: the page loads its own two files and calls its own API. No other page may show it in a
/// frame (clickjacking).
const POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
);

pub async fn show(State(state): State<ControlState>) -> impl IntoResponse {
    let statuses = ErrorStatus::ALL.map(|status| format!("<option>{}</option>", status.get().as_str()));
    let page = include_str!("page.html")
        .replace("{name}", &state.name)
        .replace("{statuses}", &statuses.concat());
    ([POLICY], Html(page))
}

pub async fn style() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8")],
        include_str!("page.css"),
    )
}

pub async fn script() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("page.js"),
    )
}
