//! pgbench: updates of the same row without HTTP.

use std::{
    ffi::OsString,
    io::{Seek, Write},
    time::Duration,
};

use anyhow::Context;

use crate::command::{command, run};

/// Returns the updates a second.
pub fn rate(words: &[OsString], database_url: &str, clients: usize, seconds: u64) -> anyhow::Result<f64> {
    // On standard input, because root runs Postgres' programs as a user who cannot read root's files.
    let mut script = tempfile::tempfile()?;
    script.write_all(b"UPDATE counter SET value = value + 1;\n")?;
    script.rewind()?;
    let mut pgbench = command(words);
    pgbench
        // That user may not be allowed into the folder where this process stands.
        .current_dir("/")
        .stdin(script)
        .args(["--no-vacuum", "--protocol=prepared"])
        .arg(format!("--client={clients}"))
        .arg(format!("--jobs={}", clients.min(2)))
        .arg(format!("--time={seconds}"))
        .args(["--file=-", database_url]);
    let output = run(&mut pgbench, Duration::from_secs(seconds + 30))?;
    parse(&output).with_context(|| format!("pgbench did not say how many transactions it made: {output}"))
}

fn parse(output: &str) -> Option<f64> {
    let line = output.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_is_read_from_pgbench() {
        let output = "latency average = 0.4 ms\ntps = 2917.25 (without initial connection time)\n";
        assert_eq!(parse(output), Some(2917.25));
        assert_eq!(parse("pgbench: error: connection failed\n"), None);
    }
}
