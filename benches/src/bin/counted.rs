//! Runs requests through one candidate, and prints the number of allocations that they took. Valgrind counts the
//! instructions of this process.
//!
//! A process of its own: the allocator that counts would slow down what is timed elsewhere.

use std::os::unix::process::parent_id;

use clap::Parser;
use observer_benches::{
    candidates::{Candidate, ROUTES, requests},
    part::cost::REQUESTS,
};

#[derive(Parser)]
struct Arguments {
    candidate: Candidate,
}

fn main() {
    let Arguments { candidate } = Arguments::parse();
    let mut application = candidate.application(ROUTES);
    // What happens only once is no request's cost.
    requests(0, ROUTES, ROUTES).into_iter().for_each(&mut application);

    let requests = requests(0, REQUESTS, ROUTES);
    let allocations = allocation_counter::measure(|| {
        mark();
        requests.into_iter().for_each(&mut application);
        mark();
    });
    println!("{}", allocations.count_total);
}

/// Makes callgrind write down its counts, and begin anew: it recognizes the system call's name, also in a stripped binary.
fn mark() {
    std::hint::black_box(parent_id());
}
