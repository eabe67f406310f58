//! Grafana dashboards, read from their files.
//!
//! A file that cannot be read is named, with the line and the reason; the others still work. In a dashboard, whatever the
//! console cannot draw is named at its panel: a panel is never drawn wrong in silence.

mod annotation;
mod data_source;
mod field;
mod folder;
mod link;
mod model;
mod options;
mod overrides;
mod panel;
mod source;
mod strict;
mod variable;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

pub use folder::Folder;

use crate::{problem::Problem, routes::AppState};

/// All dashboards, and the files that cannot be read.
pub async fn list(State(state): State<AppState>) -> Json<Value> {
    let contents = state.folder.read().await;
    let dashboards: Vec<Value> = contents
        .dashboards
        .iter()
        .map(|dashboard| {
            json!({
                "uid": dashboard.uid,
                "title": dashboard.title,
                "description": dashboard.description,
                "problems": dashboard.problem_count(),
            })
        })
        .collect();
    Json(json!({
        "dashboards": dashboards,
        "problems": contents.problems,
        "scrape_interval": state.scrape_interval,
    }))
}

/// One dashboard, and the files that cannot be read: the wanted one may be among them.
pub async fn show(State(state): State<AppState>, Path(uid): Path<String>) -> Result<Json<Value>, Problem> {
    let contents = state.folder.read().await;
    let Some(dashboard) = contents.dashboards.iter().find(|dashboard| dashboard.uid == uid) else {
        let reasons: Vec<String> = contents.problems.iter().map(ToString::to_string).collect();
        let mut detail = format!("There is no dashboard with the uid '{uid}'.");
        if !reasons.is_empty() {
            detail = format!("{detail} These files cannot be read: {}", reasons.join("; "));
        }
        return Err(Problem::new(StatusCode::NOT_FOUND, detail));
    };
    Ok(Json(json!({
        "dashboard": dashboard.as_ref(),
        "problems": contents.problems,
        "scrape_interval": state.scrape_interval,
    })))
}
