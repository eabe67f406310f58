//! The load on a server: wrk.

use std::{ffi::OsString, process::Command, time::Duration};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::{
    command::{command, run},
    server::Server,
};

/// The script that makes wrk send bodies, and print its results as JSON.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/wrk.lua");

/// The body of a request to /echo.
pub const BODY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// wrk, the load generator.
#[derive(Debug)]
pub struct Wrk<'a> {
    words: &'a [OsString],
}

/// What is sent, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    path: &'a str,
    connections: usize,
    seconds: u64,
    header: Option<&'a str>,
    body: Option<&'a str>,
}

impl<'a> Load<'a> {
    /// GET requests, each connection waiting for an answer before it sends the next.
    pub fn new(path: &'a str, connections: usize, seconds: u64) -> Self {
        Self {
            path,
            connections,
            seconds,
            header: None,
            body: None,
        }
    }

    /// POST requests to /echo.
    pub fn echo(connections: usize, seconds: u64) -> Self {
        Self {
            body: Some(BODY),
            ..Self::new("/echo", connections, seconds)
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(self, header: &'a str) -> Self {
        Self {
            header: Some(header),
            ..self
        }
    }
}

/// The answers to a load.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Answers {
    pub answered: u64,
    failed: u64,
    /// Answers a second.
    pub rate: f64,
    /// The median of the response times, in milliseconds.
    pub p50: f64,
    /// Their 99th percentile, in milliseconds.
    pub p99: f64,
}

impl<'a> Wrk<'a> {
    /// wrk, run by a command of these words.
    pub fn new(words: &'a [OsString]) -> Self {
        Self { words }
    }

    /// Puts a load on a server.
    ///
    /// # Errors
    ///
    /// Fails unless every request is answered with success.
    pub fn run(&self, server: &Server, load: Load<'_>) -> anyhow::Result<Answers> {
        let url = format!("http://{}{}", server.address(), load.path);
        let mut wrk: Command = command(self.words);
        wrk.args(["--threads", "1", "--script", SCRIPT]);
        wrk.args(["--connections", &load.connections.to_string()]);
        wrk.args(["--duration", &format!("{}s", load.seconds)]);
        if let Some(header) = load.header {
            wrk.args(["--header", header]);
        }
        wrk.arg(&url);
        if let Some(body) = load.body {
            wrk.args(["--", body]);
        }
        let output = run(&mut wrk, Duration::from_secs(load.seconds + 15))?;
        parse(&output).with_context(|| format!("{url}: {output}"))
    }
}

fn parse(output: &str) -> anyhow::Result<Answers> {
    let line = output.lines().rfind(|line| line.starts_with('{'));
    let answers: Answers = serde_json::from_str(line.context("no results")?)?;
    ensure!(answers.answered > 0, "no request was answered");
    ensure!(answers.failed == 0, "{} requests failed", answers.failed);
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_the_last_line() {
        let output = "Running 2s test\n{\"answered\":3,\"failed\":0,\"rate\":1.5,\"p50\":0.1,\"p99\":0.9}\n";
        let expected = Answers {
            answered: 3,
            failed: 0,
            rate: 1.5,
            p50: 0.1,
            p99: 0.9,
        };
        assert_eq!(parse(output).expect("results"), expected);
    }

    #[test]
    fn failed_requests_are_an_error() {
        let failed = |output| parse(output).expect_err("not all succeeded").to_string();
        let line = r#"{"answered":3,"failed":2,"rate":1.5,"p50":0.1,"p99":0.9}"#;
        assert_eq!(failed(line), "2 requests failed");
        let line = r#"{"answered":0,"failed":0,"rate":0,"p50":0,"p99":0}"#;
        assert_eq!(failed(line), "no request was answered");
        assert_eq!(failed("unable to connect\n"), "no results");
    }
}
