//! The parts of the stack: their addresses, and whether those that the console asks answer.

use axum::{Json, extract::State};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{problem::Problem, routes::AppState, settings::Link};

/// The addresses of the parts, as a browser reaches them.
#[derive(Debug)]
pub struct Parts(Vec<Link>);

impl Parts {
    pub const fn new(links: Vec<Link>) -> Self {
        Self(links)
    }
}

/// A part, as the API returns it.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    url: Option<String>,
    /// Whether it answers; `null` if the console has not asked it. Prometheus knows of those that it never asks.
    answers: Option<bool>,
    /// Why it does not answer, and since when.
    problem: Option<Problem>,
}

/// The parts that the console asks, then the other ones with an address.
pub async fn show(State(state): State<AppState>) -> Json<Value> {
    let links = &state.parts.0;
    let url_of = |name: &str| {
        let link = links.iter().find(|link| link.name == name)?;
        Some(link.url.to_string())
    };
    // A Grafana that the console does not ask may not run: only one that is asked is shown.
    let is_asked = |name: &str| name == "grafana" || state.upstreams().any(|(asked, _)| asked == name);
    let others = links.iter().filter(|link| !is_asked(&link.name)).map(|link| Part {
        name: link.name.clone(),
        url: Some(link.url.to_string()),
        answers: None,
        problem: None,
    });
    let asked = state.upstreams().map(|(name, upstream)| {
        let outcome = upstream.last_check();
        Part {
            name: name.to_owned(),
            url: url_of(name),
            answers: outcome.as_ref().map(Result::is_ok),
            problem: outcome.and_then(Result::err),
        }
    });
    let parts: Vec<Part> = others.chain(asked).collect();
    Json(json!({ "parts": parts }))
}
