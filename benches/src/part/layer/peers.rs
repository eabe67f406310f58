//! The time of a request, beside the peers.

use super::{ROUNDS, request};
use crate::{
    candidates::{Application, Candidate, ROUTES},
    measurement::{Measurement, Target},
    rounds::{differences, in_turns, ratios},
};

pub fn measure() -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  a request beside the peers");
    let mut candidates = vec![Candidate::Bare.application(ROUTES)];
    candidates.extend(Candidate::MEASURING.map(|candidate| candidate.application(ROUTES)));
    let mut times = in_turns(ROUNDS, &mut candidates, |application: &mut Application| {
        Ok(request(application, ROUTES))
    })?;
    let bare = times.remove(0);

    let mut figures = vec![Measurement::new("bare router: a request", "ns", bare.clone()).headline()];
    for (candidate, times) in Candidate::MEASURING.iter().zip(&times) {
        let ratio = Measurement::new(
            format!("{candidate}: a request, to the bare router's"),
            "times",
            ratios(times, &bare),
        );
        figures.push(if *candidate == Candidate::Outermost {
            ratio.target(Target::AtMost(1.2))
        } else {
            ratio
        });
        let added = differences(times, &bare);
        figures.push(Measurement::new(format!("{candidate}: added to a request"), "ns", added).headline());
    }

    let [outermost, drop_in, from_fn, axum_prometheus] = [0, 1, 2, 3].map(|at| differences(&times[at], &bare));
    for (layer, added) in [(Candidate::Outermost, outermost), (Candidate::DropIn, drop_in)] {
        for (peer, peer_added) in [
            (Candidate::FromFn, &from_fn),
            (Candidate::AxumPrometheus, &axum_prometheus),
        ] {
            let ratio = Measurement::new(
                format!("{peer}: time added, to what {layer} adds"),
                "times",
                ratios(peer_added, &added),
            );
            figures.push(if peer == Candidate::AxumPrometheus {
                ratio.target(Target::AtLeast(10.0))
            } else {
                ratio
            });
        }
    }
    Ok(figures)
}
