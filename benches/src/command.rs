//! Other programs: started, waited for, and ended.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{Read, Seek},
    path::PathBuf,
    process::{Child, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};

/// The time between two looks at a process.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Returns a command from its words.
///
/// # Panics
///
/// Panics if there is no word.
pub fn command(words: &[OsString]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// Returns a command that runs another one: `valgrind` and its options, for example.
pub fn wrapped(wrapper: &[&str], inner: &Command) -> Command {
    let mut command = Command::new(wrapper[0]);
    command
        .args(&wrapper[1..])
        .arg(inner.get_program())
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Returns the path of a program that stands beside this one.
pub fn sibling(name: &str) -> anyhow::Result<PathBuf> {
    let path = env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{}: not found; make bench builds it", path.display());
    Ok(path)
}

/// Runs a command to its end, and returns what it printed.
///
/// # Errors
///
/// Fails if the command fails, or takes longer than `timeout`.
pub fn run(command: &mut Command, timeout: Duration) -> anyhow::Result<String> {
    let mut process = Process::start(command)?;
    let started = Instant::now();
    loop {
        match process.exit_status()? {
            Some(status) if status.success() => return process.output(),
            Some(status) => bail!("{}: {status}\n{}", process.name, process.output()?),
            None if started.elapsed() > timeout => {
                bail!(
                    "{}: still running after {timeout:?}\n{}",
                    process.name,
                    process.output()?
                )
            }
            None => sleep(POLL_INTERVAL),
        }
    }
}

/// Pauses between two tries.
#[expect(clippy::disallowed_methods, reason = "no runtime waits meanwhile")]
pub fn sleep(duration: Duration) {
    thread::sleep(duration);
}

/// A process, killed on drop.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    output: File,
}

impl Process {
    /// Starts a command.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let name = command.get_program().display().to_string();
        // A file, because a pipe that nobody reads would fill up.
        let output = tempfile::tempfile()?;
        let child = command
            .stdout(output.try_clone()?)
            .stderr(output.try_clone()?)
            .spawn()
            .with_context(|| name.clone())?;
        Ok(Self { name, child, output })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the exit status, once the process has ended.
    pub fn exit_status(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Returns what the process has printed. It must not print more: the file's position is its own, too.
    pub fn output(&self) -> anyhow::Result<String> {
        let mut text = Vec::new();
        (&self.output).rewind()?;
        (&self.output).read_to_end(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Either fails only if the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn both_streams_are_returned() {
        let output = run(&mut shell("echo out; echo err >&2"), Duration::from_secs(10)).expect("success");
        assert_eq!(output, "out\nerr\n");
    }

    #[test]
    fn failure_contains_the_output() {
        let error = run(&mut shell("echo reason; exit 3"), Duration::from_secs(10)).expect_err("exit code 3");
        assert!(error.to_string().contains("exit status: 3\nreason"), "{error}");
    }

    #[test]
    fn command_is_ended_by_the_timeout() {
        let started = Instant::now();
        let error = run(&mut shell("exec sleep 60"), Duration::from_millis(50)).expect_err("timeout");
        assert!(error.to_string().contains("still running after 50ms"), "{error}");
        assert!(started.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn wrapped_command_keeps_arguments_and_environment() {
        let mut inner = shell("echo $KEPT $0");
        inner.arg("argument").env("KEPT", "value");
        let output = run(&mut wrapped(&["env", "OTHER=1"], &inner), Duration::from_secs(10)).expect("success");
        assert_eq!(output, "value argument\n");
    }
}
