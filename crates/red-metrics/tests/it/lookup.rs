//! The outermost layer's lookup against axum's own router.

use std::panic::{AssertUnwindSafe, catch_unwind};

use axum::{
    body::Body,
    extract::{MatchedPath, Request},
    routing::get,
};
use futures_util::FutureExt;
use http::Method;
use prometheus::Registry;
use proptest::{collection::vec, prelude::*, sample::select};
use red_metrics::{MonitoredRouter, Monitoring, RedMetrics, encode};
use tower::{Layer, ServiceExt};

/// Segments of templates. Few and alike, so that templates overlap and paths match.
fn template() -> impl Strategy<Value = String> {
    let segment = select(vec!["", "a", "b", "ab", "{x}", "{y}", "{{a}}", "a{x}", "%61"]);
    let rest = select(vec!["", "/", "/{*rest}"]);
    (vec(segment, 1..4), rest).prop_map(|(segments, rest)| format!("/{}{rest}", segments.join("/")))
}

fn path() -> impl Strategy<Value = String> {
    let segment = select(vec!["", "a", "b", "ab", "{a}", "{x}", "abc", "%61", "c"]);
    (vec(segment, 1..6), any::<bool>()).prop_map(|(segments, slash)| {
        let end = if slash { "/" } else { "" };
        format!("/{}{end}", segments.join("/"))
    })
}

/// A router with as many of these templates as axum accepts side by side, whose handlers answer with their template.
fn router(templates: &[String]) -> MonitoredRouter {
    let handler = || get(async |path: MatchedPath| path.as_str().to_owned());
    let accepts = |templates: &[&String]| {
        let routes = templates.iter().fold(axum::Router::<()>::new(), |router, template| {
            router.route(template, handler())
        });
        drop(routes);
    };
    let mut accepted = Vec::new();
    for template in templates {
        accepted.push(template);
        if catch_unwind(AssertUnwindSafe(|| accepts(&accepted))).is_err() {
            accepted.pop();
        }
    }
    accepted.iter().fold(MonitoredRouter::new(), |router, template| {
        router.route(template, handler(), Monitoring::of([Method::GET]))
    })
}

/// What the request is recorded as, and what the router answers.
fn recorded_and_matched(templates: &[String], path: &str) -> (String, String) {
    let registry = Registry::new();
    let metrics = RedMetrics::register(&registry).expect("an empty registry");
    let (router, table) = router(templates).into_parts();
    let service = metrics.outermost(&table).layer(router);
    // A brace must be escaped in a URI, or so the http crate has it of some; such paths do not reach a router.
    let request = Request::get(path).body(Body::empty()).expect("a valid path");
    let response = service.oneshot(request).now_or_never().expect("nothing waits");
    let response = response.expect("infallible");
    let matched = response.status().is_success();
    let body = axum::body::to_bytes(Body::new(response.into_body()), 1_000).now_or_never();
    let body = body.expect("nothing waits").expect("a body");
    let answer = String::from_utf8(body.to_vec()).expect("a template");

    let text = encode(&registry).expect("the metrics");
    let counted = text
        .lines()
        .find(|line| line.starts_with("http_requests_total") && line.ends_with(" 1"));
    let (_, rest) = counted.expect("a request").split_once("path=\"").expect("a path");
    let (recorded, _) = rest.split_once('"').expect("an end");
    (
        recorded.to_owned(),
        if matched { answer } else { "unmatched".to_owned() },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_request_is_recorded_with_the_template_that_axum_matches(
        templates in vec(template(), 1..8),
        paths in vec(path(), 1..8),
    ) {
        for path in paths {
            let (recorded, matched) = recorded_and_matched(&templates, &path);
            prop_assert_eq!(recorded, matched, "{} among {:?}", path, templates);
        }
    }
}
