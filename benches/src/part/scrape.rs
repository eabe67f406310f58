//! How long GET /metrics takes for whoever scrapes, over one connection that stays open.

use crate::{
    load::{Load, Wrk},
    measurement::{Measurement, Target},
    rounds::in_turns,
    server::{Server, observer},
};

const ROUNDS: usize = 7;

pub fn measure(wrk: &Wrk<'_>, database_url: &str) -> anyhow::Result<Vec<Measurement>> {
    let server = Server::start(&mut observer(database_url)?)?;
    // So that the series have numbers in them.
    wrk.run(&server, Load::echo(32, 1))?;
    wrk.run(&server, Load::new("/counter", 32, 1))?;
    let page = server.get("/metrics")?;
    let samples = page.split(|byte| *byte == b'\n');
    let samples = samples
        .filter(|line| line.first().is_some_and(u8::is_ascii_lowercase))
        .count();

    eprintln!("  plain and compressed");
    let plain = Load::new("/metrics", 1, 2);
    let mut candidates = [plain, plain.header("Accept-Encoding: gzip")];
    let times = in_turns(ROUNDS, &mut candidates, |load| Ok(wrk.run(&server, *load)?.p50))?;
    let [plain, compressed] = times.try_into().expect("two candidates");
    Ok(vec![
        Measurement::new("/metrics: samples", "", vec![samples as f64]),
        Measurement::new("/metrics: size of the response", "bytes", vec![page.len() as f64]),
        Measurement::new("/metrics: time", "ms", plain).target(Target::AtMost(1.0)),
        Measurement::new("/metrics: time, compressed", "ms", compressed),
    ])
}
