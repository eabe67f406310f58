//! Graceful interruption by Ctrl-C or a signal. Waiting ends early; restoring the stack is never interrupted.

use std::{io, time::Duration};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
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
        // A timeout, a request and a closed channel all end the sleep.
        let _ = timeout(duration, self.0.wait_for(|requested| *requested)).await;
    }
}
