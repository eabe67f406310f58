//! What the server needs to know of the bytes that a client sends: when they begin, and when they end.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::connection::Connection;

/// How long a request may go on after its client has closed its sending half.
///
/// TCP does not tell whether such a client still waits for the answer, as `nc -N` does, or has left. So it gets what is
/// answered in this time; after that, hyper sees the end of the stream and drops the request, which counts as aborted.
const HALF_CLOSE_GRACE: Duration = Duration::from_secs(2);

pin_project! {
    /// A connection's stream that tells the connection of what its client sends.
    ///
    /// While a request is in progress, it withholds the end of the stream for a while: hyper would drop the request at once.
    /// hyper's own `half_close` would never notice that a client has left.
    #[derive(Debug)]
    pub struct TrackReads<IO> {
        #[pin]
        io: IO,
        connection: Arc<Connection>,
        ended: Option<Pin<Box<Sleep>>>,
    }
}

impl<IO> TrackReads<IO> {
    pub fn new(io: IO, connection: Arc<Connection>) -> Self {
        Self {
            io,
            connection,
            ended: None,
        }
    }
}

impl<IO: AsyncRead> AsyncRead for TrackReads<IO> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.project();
        if this.ended.is_none() {
            let before = buffer.filled().len();
            ready!(this.io.poll_read(context, buffer))?;
            if buffer.filled().len() > before {
                this.connection.received();
                return Poll::Ready(Ok(()));
            }
        }
        if !this.connection.is_busy() {
            return Poll::Ready(Ok(()));
        }
        let grace = this.ended.get_or_insert_with(|| Box::pin(sleep(HALF_CLOSE_GRACE)));
        grace.as_mut().poll(context).map(Ok)
    }
}

impl<IO: AsyncWrite> AsyncWrite for TrackReads<IO> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.project().io.poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.project().io.poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_shutdown(context)
    }
}
