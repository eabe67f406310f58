//! Whether a load inside the cluster was served all the while: `make load`, whose clients find the services by their names.

use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinHandle;

use crate::command;

/// Requests per second, and for how long.
const RATE: u32 = 50;
pub const DURATION: Duration = Duration::from_mins(3);

/// How long it runs before the fault.
pub const WARM_UP: Duration = Duration::from_secs(20);

/// Statuses of a request that found nobody to serve it; 0 is none at all. The services' own faults answer with 500.
const LOST: [u16; 4] = [0, 502, 503, 504];

/// A load that runs in the cluster.
#[derive(Debug)]
pub struct ClusterLoad(JoinHandle<anyhow::Result<String>>);

impl ClusterLoad {
    pub fn start() -> Self {
        let (rate, duration) = (format!("RATE={RATE}"), format!("DURATION={}s", DURATION.as_secs()));
        Self(tokio::spawn(async move {
            command::run("make", &["--no-print-directory", "load", &rate, &duration], None).await
        }))
    }

    /// Waits for its end. Returns the number of its requests, or how many were lost.
    pub async fn end(&mut self) -> Result<u64, String> {
        let report = (&mut self.0).await.map_err(|error| error.to_string())?;
        report
            .and_then(|report| read(&report))
            .map_err(|error| format!("{error:#}"))
            .and_then(|statuses| judge(&statuses))
    }

    /// Ends it before its time. Its report does not matter any more.
    pub async fn cancel(self) -> anyhow::Result<()> {
        command::run("make", &["--no-print-directory", "stop", "APP=vegeta"], None).await?;
        let _ = self.0.await;
        Ok(())
    }
}

/// Reads the number of requests of each status from vegeta's report.
fn read(report: &str) -> anyhow::Result<Vec<(u16, u64)>> {
    let line = report
        .lines()
        .find_map(|line| line.strip_prefix("Status Codes"))
        .context("the load's report has no status codes")?;
    let (_, statuses) = line
        .split_once(']')
        .context("the load's status codes have no heading")?;
    let pair = |pair: &str| {
        let (status, count) = pair.split_once(':')?;
        Some((status.parse().ok()?, count.parse().ok()?))
    };
    statuses
        .split_whitespace()
        .map(|text| pair(text).with_context(|| format!("found '{text}', expected STATUS:COUNT")))
        .collect()
}

fn judge(statuses: &[(u16, u64)]) -> Result<u64, String> {
    let total = statuses.iter().map(|(_, count)| count).sum();
    let lost: Vec<_> = statuses
        .iter()
        .filter(|(status, _)| LOST.contains(status))
        .map(|(status, count)| format!("{count} ended with status {status}"))
        .collect();
    if lost.is_empty() {
        Ok(total)
    } else {
        Err(format!("of {total} requests, {}", lost.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(statuses: &str) -> Result<u64, String> {
        let report =
            format!("Success       [ratio]                    99.00%\nStatus Codes  [code:count]    {statuses}\n");
        judge(&read(&report).expect("a report"))
    }

    #[test]
    fn injected_errors_and_refusals_of_the_rate_limit_are_not_lost() {
        assert_eq!(judged("200:90  429:4  500:6"), Ok(100));
    }

    #[test]
    fn requests_without_an_answer_and_those_that_nobody_serves_are_lost() {
        assert_eq!(
            judged("0:1  200:99"),
            Err("of 100 requests, 1 ended with status 0".to_owned())
        );
        assert!(judged("200:99  503:1").is_err());
    }

    #[test]
    fn a_report_without_statuses_is_an_error() {
        assert!(read("Requests [total] 0").is_err());
        assert!(read("Status Codes  [code:count]  many").is_err());
    }
}
