//! Runs commands to their end.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    process::{Command, Output, Stdio},
};

use anyhow::{Context, bail};
use tokio::task::spawn_blocking;

use test_support::repository;

/// Runs a command in the repository, and returns what it printed. It has a process group of its own, so that Ctrl-C does not
/// interrupt it.
///
/// # Errors
///
/// Fails with what the command printed if the command does.
pub async fn run(program: &'static str, arguments: &[&str], input: Option<String>) -> anyhow::Result<String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(repository::root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let output = spawn_blocking(move || output(&mut command, input.as_deref().unwrap_or_default()))
        .await?
        .with_context(|| format!("{program} does not run"))?;
    if !output.status.success() {
        let printed = [output.stdout, output.stderr].concat();
        bail!(
            "{program} {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&printed).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn output(command: &mut Command, input: &str) -> std::io::Result<Output> {
    let mut child = command.spawn()?;
    // Dropped at the end of the statement, which is the end of the input.
    child
        .stdin
        .take()
        .map_or(Ok(()), |mut stdin| stdin.write_all(input.as_bytes()))?;
    child.wait_with_output()
}
