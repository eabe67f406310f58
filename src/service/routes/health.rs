//! `GET /healthz` and `GET /readyz`: the liveness and readiness probes.
//!
//! Parameters and responses of `/readyz` are those of kube-apiserver, which people and tools know.

use std::collections::BTreeSet;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};

use crate::service::{readiness::Check, state::App};

/// Liveness: the process responds. Checks nothing else, because a restart would not repair another part.
pub async fn alive() -> &'static str {
    "ok"
}

/// Readiness: every check passes that is not excluded. An excluded check is not run, and neither is one after a failure: a
/// load balancer must learn of a shutdown at once, though the database is away. A failure lists the checks, a success only
/// with `verbose`.
pub async fn ready(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let mut lines = Vec::new();
    let mut passed = true;
    for check in Check::ALL {
        let name = check.as_str();
        if parameters.excluded.contains(name) {
            lines.push(format!("[+]{name} excluded: ok\n"));
        } else if let Err(reason) = check.run(&app).await {
            lines.push(format!("[-]{name} failed: {reason}\n"));
            passed = false;
            break;
        } else {
            lines.push(format!("[+]{name} ok\n"));
        }
    }
    lines.extend(parameters.warnings());
    let lines = lines.concat();
    // A warning repeats what the client sent.
    let plain = [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    if !passed {
        let retry = [(header::RETRY_AFTER, "1")];
        let text = format!("{lines}readyz check failed\n");
        (StatusCode::SERVICE_UNAVAILABLE, plain, retry, text).into_response()
    } else if parameters.verbose {
        (plain, format!("{lines}readyz check passed\n")).into_response()
    } else {
        "ok".into_response()
    }
}

/// The parameters of a readiness probe. Sets, so that a name comes once, and in the same order.
#[derive(Debug, Default)]
struct Parameters {
    verbose: bool,
    excluded: BTreeSet<String>,
    unknown: BTreeSet<String>,
}

impl Parameters {
    fn parse(query: &str) -> Self {
        let mut parameters = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "verbose" => parameters.verbose = true,
                "exclude" => drop(parameters.excluded.insert(value.into_owned())),
                _ => drop(parameters.unknown.insert(name.into_owned())),
            }
        }
        parameters
    }

    /// Returns a line for each kind of mistake. A mistake does not fail the probe: a check that was not excluded is run.
    fn warnings(&self) -> impl Iterator<Item = String> {
        let known = Check::ALL.map(Check::as_str);
        let no_checks = quoted(self.excluded.iter().filter(|name| !known.contains(&name.as_str()))).map(|names| {
            let known = known.join(" or ");
            format!("warn: some health checks cannot be excluded: no matches for {names}; expected {known}\n")
        });
        let unknown = quoted(self.unknown.iter())
            .map(|names| format!("warn: unknown parameters {names}; expected verbose or exclude\n"));
        no_checks.into_iter().chain(unknown)
    }
}

/// Returns the names as a list for people, with control characters escaped, or `None` if there are none.
fn quoted<'a>(names: impl Iterator<Item = &'a String>) -> Option<String> {
    let names: Vec<_> = names.map(|name| format!("{name:?}")).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
