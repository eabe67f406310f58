//! What requests cost a server.

use std::time::Duration;

use crate::{
    load::{Load, Wrk},
    server::Server,
    usage::Cpu,
};

/// What the requests of a load took of a server.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    cpu: Cpu,
    answered: u64,
    rate: f64,
}

impl Cost {
    /// Puts a load on a server.
    pub fn of(wrk: &Wrk<'_>, server: &Server, load: Load<'_>) -> anyhow::Result<Self> {
        let before = server.cpu()?;
        let answers = wrk.run(server, load)?;
        Ok(Self {
            cpu: server.cpu()?.since(before),
            answered: answers.answered,
            rate: answers.rate,
        })
    }

    /// User CPU of a request, in microseconds.
    pub fn user(&self) -> f64 {
        self.of_a_request(self.cpu.user)
    }

    /// User and system CPU of a request, in microseconds.
    pub fn cpu(&self) -> f64 {
        self.of_a_request(self.cpu.total())
    }

    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    fn of_a_request(&self, time: Duration) -> f64 {
        time.as_secs_f64() * 1e6 / self.answered as f64
    }
}
