//! The row that /counter counts in.

use std::time::Duration;

use anyhow::ensure;
use sqlx::{Connection, PgConnection};
use tokio::runtime::{self, Runtime};

use crate::{command::sleep, load::Answers};

/// How long nothing may change before no request is in flight any more.
const IN_FLIGHT: Duration = Duration::from_millis(200);

/// A connection to the database.
#[derive(Debug)]
pub struct Count {
    runtime: Runtime,
    connection: PgConnection,
}

impl Count {
    pub fn connect(database_url: &str) -> anyhow::Result<Self> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let connection = runtime.block_on(PgConnection::connect(database_url))?;
        Ok(Self { runtime, connection })
    }

    /// Runs loads, and checks that the count has grown by every answer and by nothing that was not asked for. At its end wrk
    /// leaves requests in flight, at most one for each client.
    pub fn checked(
        &mut self,
        clients: usize,
        load: impl FnOnce() -> anyhow::Result<Vec<Answers>>,
    ) -> anyhow::Result<Vec<Answers>> {
        let before = self.settled()?;
        let answers = load()?;
        let grown = u64::try_from(self.settled()? - before)?;
        check(
            grown,
            answers.iter().map(|answers| answers.answered).sum(),
            clients as u64,
        )?;
        Ok(answers)
    }

    /// Returns the count once nothing in flight changes it any more.
    fn settled(&mut self) -> anyhow::Result<i64> {
        let mut value = self.value()?;
        loop {
            sleep(IN_FLIGHT);
            let later = self.value()?;
            if later == value {
                return Ok(value);
            }
            value = later;
        }
    }

    fn value(&mut self) -> anyhow::Result<i64> {
        let value = sqlx::query_scalar("SELECT value FROM counter").fetch_one(&mut self.connection);
        Ok(self.runtime.block_on(value)?)
    }
}

fn check(grown: u64, answered: u64, clients: u64) -> anyhow::Result<()> {
    ensure!(
        (answered..=answered + clients).contains(&grown),
        "the count is wrong: it grew by {grown}; {answered} requests were answered, and at most {clients} more were sent"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_in_flight_may_be_counted() {
        assert!(check(100, 100, 2).is_ok());
        assert!(check(102, 100, 2).is_ok());
    }

    #[test]
    fn missing_and_additional_counts_are_errors() {
        assert!(check(99, 100, 2).is_err());
        assert!(check(103, 100, 2).is_err());
    }
}
