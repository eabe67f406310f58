//! The pages: one shell, whose module draws the rest.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{Html, IntoResponse},
};

use crate::assets;

/// Content security policy: the pages load their own files and call their own API. No other page may show them in a
/// frame (clickjacking).
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEAD: [(HeaderName, HeaderValue); 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

pub async fn start() -> impl IntoResponse {
    page("start", Draws::Nothing)
}

pub async fn dashboard() -> impl IntoResponse {
    page("dashboard", Draws::Charts)
}

pub async fn explore() -> impl IntoResponse {
    page("explore", Draws::Charts)
}

pub async fn alerts() -> impl IntoResponse {
    page("alerts", Draws::Nothing)
}

pub async fn targets() -> impl IntoResponse {
    page("targets", Draws::Nothing)
}

/// Whether a page loads plotly.js.
#[derive(Clone, Copy, PartialEq)]
enum Draws {
    Charts,
    Nothing,
}

fn page(module: &str, draws: Draws) -> impl IntoResponse {
    let charts = if draws == Draws::Charts {
        include_str!("page/charts.html")
    } else {
        ""
    };
    let html = include_str!("page/shell.html")
        .replace("{charts}", charts)
        .replace("{module}", module)
        .replace("{version}", &assets::VERSION);
    (HEAD, Html(html))
}
