//! How large the service is: its binary, its memory after a load, the time until it is ready.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    command::sibling,
    load::{Load, Wrk},
    measurement::{Measurement, Target},
    server::{Server, observer},
};

const ROUNDS: usize = 3;
const STARTS: usize = 5;

pub fn measure(wrk: &Wrk<'_>, database_url: &str) -> anyhow::Result<Vec<Measurement>> {
    let size = fs::metadata(sibling("observer")?)?.len();
    let (mut at_start, mut after_load) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        eprintln!("  resident memory, round {round} of {ROUNDS}");
        let server = Server::start(&mut observer(database_url)?)?;
        at_start.push(server.resident()?);
        wrk.run(&server, Load::echo(64, 10))?;
        wrk.run(&server, Load::new("/counter", 64, 10))?;
        after_load.push(server.resident()?);
    }
    eprintln!("  the time until ready");
    let ready = (0..STARTS)
        .map(|_| time_until_ready(database_url))
        .collect::<anyhow::Result<_>>()?;
    Ok(vec![
        Measurement::new("binary, stripped", "MB", vec![size as f64 / 1e6]).target(Target::AtMost(8.0)),
        Measurement::new("resident memory at the start", "MB", at_start),
        Measurement::new("resident memory after 20 s of load", "MB", after_load).target(Target::AtMost(15.0)),
        Measurement::new("from the start until ready", "ms", ready).target(Target::AtMost(100.0)),
    ])
}

fn time_until_ready(database_url: &str) -> anyhow::Result<f64> {
    let mut command = observer(database_url)?;
    let started = Instant::now();
    let _server = Server::spawn(&mut command)?.wait_until(Duration::from_millis(2), |server| {
        // There is no answer until the server listens.
        server.get("/readyz").is_ok()
    })?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}
