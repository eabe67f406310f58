//! The table of targets against measurements.
//!
//!     report RESULTS.json < MEASUREMENTS
//!
//! reads what the other programs wrote, one measurement a line, prints the table and writes the same as JSON. Behind each median stand the quartiles.

use std::{
    env, fs,
    io::{self, BufRead},
};

use anyhow::{Context, bail};
use observer_benches::{Bound, Measurement, Spread};
use serde::Serialize;

/// A row of the table.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    measurement: Measurement,
    #[serde(flatten)]
    spread: Spread,
    /// Nothing where nothing is aimed at.
    met: Option<bool>,
}

impl Row {
    fn of(measurement: Measurement) -> Self {
        let spread = measurement.spread();
        Self {
            met: measurement.bound.map(|bound| bound.is_met_by(spread.median)),
            measurement,
            spread,
        }
    }

    fn print(&self, width: usize) {
        let target = match self.measurement.bound {
            Some(Bound::AtMost(bound)) => format!("<= {bound}"),
            Some(Bound::AtLeast(bound)) => format!(">= {bound}"),
            None => String::new(),
        };
        let verdict = match self.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        println!(
            "{:width$}  {:>9}  {:21}  {:12}  {target:9}  {verdict}",
            self.measurement.name,
            short(self.spread.median),
            format!("({} to {})", short(self.spread.lower), short(self.spread.upper)),
            self.measurement.unit,
        );
    }
}

/// A number with as many places as say something.
fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 || number.fract() == 0.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

fn main() -> anyhow::Result<()> {
    let Some(file) = env::args_os().nth(1) else {
        bail!("expected the name of the file for the results");
    };
    let mut rows = Vec::new();
    for (number, line) in io::stdin().lock().lines().enumerate() {
        let line = line.context("standard input")?;
        let measurement: Measurement =
            serde_json::from_str(&line).with_context(|| format!("line {}: '{line}'", number + 1))?;
        if measurement.rounds.is_empty() {
            bail!("line {}: rounds: found none, expected at least one number", number + 1);
        }
        rows.push(Row::of(measurement));
    }
    let width = rows
        .iter()
        .map(|row| row.measurement.name.len())
        .max()
        .unwrap_or_default();
    for row in &rows {
        row.print(width);
    }
    fs::write(&file, serde_json::to_string_pretty(&rows)? + "\n").with_context(|| format!("{}", file.display()))?;

    let met = rows.iter().filter(|row| row.met == Some(true)).count();
    let missed = rows.iter().filter(|row| row.met == Some(false)).count();
    println!("\n{met} targets met, {missed} missed");
    Ok(())
}
