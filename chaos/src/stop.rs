//! The wish to end early: Ctrl-C, or a signal to stop. Whoever waits asks for it; what mends is never cut off.

use std::{io, time::Duration};

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

/// Knows whether the end is wished for. Cloning it is cheap.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// From now on signals do not end the process any more.
    pub fn on_signals() -> io::Result<Self> {
        let mut signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()]
            .into_iter()
            .map(signal)
            .collect::<io::Result<Vec<_>>>()?;
        let (wish, wished) = watch::channel(false);
        tokio::spawn(async move {
            let any = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
            futures_util::future::select_all(any).await;
            println!("          ending early: what is broken is mended first");
            wish.send_replace(true);
            // The others, and the next Ctrl-C, change nothing.
            std::future::pending::<()>().await;
        });
        Ok(Self(wished))
    }

    pub fn is_wished(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits so long, or until the end is wished for.
    pub async fn sleep(&mut self, duration: Duration) {
        // Either is a reason to go on, and so is that nobody can wish for it any more.
        let _ = timeout(duration, self.0.wait_for(|wished| *wished)).await;
    }
}
