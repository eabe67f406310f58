//! Graceful interruption by Ctrl-C or a signal. Waiting ends early; restoring the stack is never interrupted.

use std::{future::Future, io, time::Duration};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time,
};

/// Whether a signal has requested the end. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Handles the signals from now on: they no longer end the process.
    pub fn on_signals() -> io::Result<Self> {
        let mut signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()]
            .into_iter()
            .map(signal)
            .collect::<io::Result<Vec<_>>>()?;
        let (request, requested) = watch::channel(false);
        tokio::spawn(async move {
            let any = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
            futures_util::future::select_all(any).await;
            println!("          interrupted: restoring the stack first");
            request.send_replace(true);
            // Keeps the handlers, so that another Ctrl-C does not end the process.
            std::future::pending::<()>().await;
        });
        Ok(Self(requested))
    }

    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Sleeps for the duration, or until the end is requested.
    pub async fn sleep(&mut self, duration: Duration) {
        self.unless_requested(time::sleep(duration)).await;
    }

    /// Waits for the future, or returns `None` as soon as the end is requested.
    pub async fn unless_requested<F: Future>(&mut self, future: F) -> Option<F::Output> {
        tokio::select! {
            output = future => Some(output),
            _ = self.0.wait_for(|requested| *requested) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_request_ends_waiting() {
        let (request, requested) = watch::channel(false);
        let mut stop = Stop(requested);
        assert_eq!(stop.unless_requested(ready(1)).await, Some(1));
        request.send_replace(true);
        assert_eq!(stop.unless_requested(pending::<()>()).await, None);
    }
}
