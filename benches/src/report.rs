//! The tables of figures: as text, as JSON with every round, and as Markdown for docs/performance.md.

use std::fmt::Write as _;

use serde::Serialize;

use crate::measurement::{Measurement, Spread};

/// The figures of a run.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    measurement: Measurement,
    #[serde(flatten)]
    spread: Spread,
    /// Nothing where there is no target.
    met: Option<bool>,
}

impl From<Measurement> for Row {
    fn from(measurement: Measurement) -> Self {
        let spread = measurement.spread();
        Self {
            met: measurement.target.map(|target| target.is_met_by(spread.median)),
            measurement,
            spread,
        }
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        match self.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        }
    }

    fn quartiles(&self) -> String {
        format!("({} to {})", short(self.spread.lower), short(self.spread.upper))
    }
}

impl Report {
    /// Adds figures.
    pub fn extend(&mut self, measurements: Vec<Measurement>) {
        self.rows.extend(measurements.into_iter().map(Row::from));
    }

    /// Returns a line for each figure, with its quartiles, and the number of targets met.
    pub fn text(&self) -> String {
        let width = self.rows.iter().map(|row| row.measurement.name.len()).max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        for row in &self.rows {
            let target = row.measurement.target.map(|target| target.to_string());
            let target = target.unwrap_or_default();
            let line = format!(
                "{:width$}  {:>9}  {:21}  {:12}  {target:13}  {}",
                row.measurement.name,
                short(row.spread.median),
                row.quartiles(),
                row.measurement.unit,
                row.verdict(),
            );
            text += line.trim_end();
            text.push('\n');
        }
        let count = |met| self.rows.iter().filter(|row| row.met == Some(met)).count();
        let _ = writeln!(text, "\n{} targets met, {} missed", count(true), count(false));
        text
    }

    /// Returns all figures as JSON, with the numbers of every round.
    pub fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(&self.rows)? + "\n")
    }

    /// Returns the headlines as a table in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = String::from("| figure | target | measured |\n|---|---|---|\n");
        for row in self.rows.iter().filter(|row| row.measurement.headline) {
            let Measurement { name, unit, rounds, .. } = &row.measurement;
            let unit = if unit.is_empty() {
                String::new()
            } else {
                format!(" {unit}")
            };
            let target = row.measurement.target.map(|target| format!("{target}{unit}"));
            let target = target.unwrap_or_default();
            let mut measured = format!("{}{unit}", short(row.spread.median));
            if rounds.len() > 1 {
                measured = format!("{measured} {}", row.quartiles());
            }
            if row.met.is_some() {
                measured = format!("{measured}, {}", row.verdict().to_lowercase());
            }
            let _ = writeln!(text, "| {name} | {target} | {measured} |");
        }
        text
    }
}

/// Formats a number with three significant digits, or all digits of a whole number.
fn short(number: f64) -> String {
    match number.abs() {
        size if size >= 100.0 || number.fract() == 0.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measurement::Target;

    fn report() -> Report {
        let mut report = Report::default();
        report.extend(vec![
            Measurement::new("time", "ns", vec![1.0, 2.0, 3.0]).target(Target::AtMost(2.0)),
            Measurement::new("calls", "times", vec![0.5]).target(Target::AtLeast(0.9)),
            Measurement::new("lines", "", vec![1234.0]),
        ]);
        report
    }

    #[test]
    fn text_has_every_figure() {
        let expected = "\
time           2  (1.50 to 2.50)         ns            at most 2      met
calls       0.50  (0.50 to 0.50)         times         at least 0.9   MISSED
lines       1234  (1234 to 1234)

1 targets met, 1 missed
";
        assert_eq!(report().text(), expected);
    }

    #[test]
    fn markdown_has_the_headlines() {
        let expected = "\
| figure | target | measured |
|---|---|---|
| time | at most 2 ns | 2 ns (1.50 to 2.50), met |
| calls | at least 0.9 times | 0.50 times, missed |
";
        assert_eq!(report().markdown(), expected);
    }

    #[test]
    fn json_has_every_round() {
        let json: serde_json::Value = serde_json::from_str(&report().json().expect("valid")).expect("valid");
        let time = serde_json::json!({
            "name": "time", "unit": "ns", "at_most": 2.0, "rounds": [1.0, 2.0, 3.0],
            "median": 2.0, "lower": 1.5, "upper": 2.5, "met": true,
        });
        assert_eq!(json[0], time);
        assert_eq!(json[2]["met"], serde_json::Value::Null);
    }
}
