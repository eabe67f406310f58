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
    /// Whether it answers; `null` if the console does not ask it. Prometheus knows of the others.
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
    let (prometheus, alertmanager, pager, grafana) = tokio::join!(
        state.prometheus.check(),
        state.alertmanager.check(),
        state.pager.check(),
        async {
            match &state.grafana {
                Some(grafana) => Some(grafana.check().await),
                None => None,
            }
        },
    );
    let checked = [
        ("prometheus", Some(prometheus)),
        ("alertmanager", Some(alertmanager)),
        ("pager", Some(pager)),
        ("grafana", grafana),
    ];
    let is_checked = |name: &str| checked.iter().any(|(there, _)| *there == name);
    let others = links.iter().filter(|link| !is_checked(&link.name)).map(|link| Part {
        name: link.name.clone(),
        url: Some(link.url.to_string()),
        answers: None,
        problem: None,
    });
    let asked = checked.iter().filter_map(|(name, outcome)| {
        let outcome = outcome.as_ref()?;
        Some(Part {
            name: (*name).to_owned(),
            url: url_of(name),
            answers: Some(outcome.is_ok()),
            problem: outcome.as_ref().err().cloned(),
        })
    });
    let parts: Vec<Part> = others.chain(asked).collect();
    Json(json!({ "parts": parts }))
}
