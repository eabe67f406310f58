//! Instructions of a request in user space, which no other work of the machine can change.

use std::{fs, path::Path, process::Command, time::Duration};

use anyhow::Context;

use super::ACTIVE;
use crate::{
    command::{run, wrapped},
    load::{Load, Wrk},
    measurement::Measurement,
    part::cost,
    rounds::{in_turns, ratios},
    server::Server,
};

const ROUNDS: usize = 3;
const SECONDS: u64 = 2;
const TIMEOUT: Duration = Duration::from_secs(20);

pub fn measure(wrk: &Wrk<'_>, observer: &Command, bare: &Command) -> anyhow::Result<Vec<Measurement>> {
    eprintln!("  instructions of a request");
    let folder = tempfile::tempdir()?;
    let mut servers = [
        Counted::start(observer, &folder.path().join("observer"))?,
        Counted::start(bare, &folder.path().join("bare"))?,
    ];
    let [observer, bare] = in_turns(ROUNDS, &mut servers, |server| server.of_a_request(wrk))?
        .try_into()
        .expect("two servers");
    let ratio = ratios(&observer, &bare);
    Ok(vec![
        Measurement::new("/echo: instructions of a request", "", observer).headline(),
        Measurement::new("/echo: instructions of a request, bare axum", "", bare),
        Measurement::new("/echo: instructions of a request, to bare axum's", "times", ratio).headline(),
    ])
}

/// A server under callgrind.
struct Counted {
    server: Server,
    folder: std::path::PathBuf,
}

impl Counted {
    /// Starts a server. Its counts go to files in a folder of its own.
    fn start(command: &Command, folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir(folder)?;
        let file = format!("--callgrind-out-file={}", folder.join("counts").display());
        let mut command = wrapped(&["valgrind", "--tool=callgrind", &file], command);
        Ok(Self {
            server: Server::start(&mut command)?,
            folder: folder.to_owned(),
        })
    }

    fn of_a_request(&self, wrk: &Wrk<'_>) -> anyhow::Result<f64> {
        self.control("--zero")?;
        let answers = wrk.run(&self.server, Load::echo(ACTIVE, SECONDS))?;
        self.control("--dump")?;
        let mut total = None;
        for file in fs::read_dir(&self.folder)? {
            let path = file?.path();
            let counts = fs::read_to_string(&path)?;
            // There is one file for each dump.
            fs::remove_file(&path)?;
            total = cost::total(&counts).or(total);
        }
        let total: u64 = total.context("callgrind has written no totals")?;
        Ok(total as f64 / answers.answered as f64)
    }

    fn control(&self, action: &str) -> anyhow::Result<()> {
        let mut control = Command::new("callgrind_control");
        run(control.args([action, &self.server.id().to_string()]), TIMEOUT)?;
        Ok(())
    }
}
