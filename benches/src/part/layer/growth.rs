//! What the layer adds with more and more routes, all of them used.

use super::{ROUNDS, request};
use crate::{
    candidates::Candidate,
    measurement::Measurement,
    rounds::{differences, in_turns},
};

const ROUTES: [usize; 4] = [1, 10, 100, 1_000];

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  growth");
    let mut candidates: Vec<_> = ROUTES
        .iter()
        .flat_map(|routes| {
            [Candidate::Bare, Candidate::Outermost].map(|candidate| (candidate.application(*routes), *routes))
        })
        .collect();
    let times = in_turns(ROUNDS, &mut candidates, |(application, routes)| {
        Ok(request(application, *routes))
    })?;
    let mut figures = Vec::new();
    for (times, routes) in times.chunks(2).zip(ROUTES) {
        let [bare, outermost] = times else {
            unreachable!("two candidates for each number of routes")
        };
        figures.extend([
            Measurement::new(format!("bare router: a request, routes: {routes}"), "ns", bare.clone()),
            Measurement::new(
                format!("outermost: added to a request, routes: {routes}"),
                "ns",
                differences(outermost, bare),
            ),
        ]);
    }
    Ok(figures)
}
