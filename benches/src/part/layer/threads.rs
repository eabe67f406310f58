//! What a request takes while two threads answer requests to the same routes.

use axum::{extract::Request, response::Response};
use http_body::Body;
use prometheus::Registry;
use std::convert::Infallible;
use tower::Service;

use super::{BATCH, BATCHES, ROUNDS, batches, nanoseconds};
use crate::{
    candidates::{ROUTES, answer, bare, get_only, outermost},
    measurement::Measurement,
    rounds::{in_turns, ratios},
    threads::at_once,
};

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  two threads");
    let bare = bare(ROUTES);
    let bare = |threads| request(&bare, threads);
    let outermost = outermost(&Registry::new(), ROUTES, &get_only());
    let outermost = |threads| request(&outermost, threads);
    let applications: [(&str, &dyn Fn(u32) -> f64); 2] = [("bare router", &bare), ("outermost", &outermost)];

    let mut candidates: Vec<_> = applications
        .iter()
        .flat_map(|(_, application)| [(application, 1), (application, 2)])
        .collect();
    let times = in_turns(ROUNDS, &mut candidates, |(application, threads)| {
        Ok(application(*threads))
    })?;
    Ok(applications
        .iter()
        .zip(times.chunks(2))
        .map(|((name, _), times)| {
            let name = format!("{name}: a request with two threads, to one");
            Measurement::new(name, "times", ratios(&times[1], &times[0]))
        })
        .collect())
}

/// Returns the time of a request in nanoseconds while this many threads send them.
fn request<S, B>(service: &S, threads: u32) -> f64
where
    S: Service<Request, Response = Response<B>, Error = Infallible> + Clone + Sync,
    B: Body,
{
    let spent = at_once(threads, || {
        let mut service = service.clone();
        batches(ROUTES, |request| answer(&mut service, request))
    });
    nanoseconds(spent, BATCHES * BATCH)
}
