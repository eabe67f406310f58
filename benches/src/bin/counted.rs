//! Runs requests through one candidate, and prints the number of allocations that they took. Valgrind counts the
//! instructions of this process.
//!
//! A process of its own: the allocator that counts would slow down what is timed elsewhere.

use clap::Parser;
use observer_benches::{
    candidates::{Candidate, ROUTES, requests},
    part::cost::REQUESTS,
};

#[derive(Parser)]
struct Arguments {
    candidate: Candidate,

    /// Drops the requests instead of answering them: the rest is no request's cost
    #[arg(long)]
    prepare_only: bool,
}

fn main() {
    let Arguments {
        candidate,
        prepare_only,
    } = Arguments::parse();
    let mut application = candidate.application(ROUTES);
    // What happens only once is no request's cost.
    requests(0, ROUTES, ROUTES).into_iter().for_each(&mut application);

    let requests = requests(0, REQUESTS, ROUTES);
    let allocations = allocation_counter::measure(|| {
        if prepare_only {
            drop(requests);
        } else {
            requests.into_iter().for_each(&mut application);
        }
    });
    println!("{}", allocations.count_total);
}
