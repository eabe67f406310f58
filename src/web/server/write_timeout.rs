//! The time limit for receiving a reply.
//!
//! Without it a client that asks for a large reply and does not read it would hold the reply's memory and its connection
//! indefinitely. hyper has no such limit, and `tokio-io-timeout` one for each write, which a byte now and then prolongs.

use std::{
    future::Future,
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

pin_project! {
    /// A connection whose writes fail when the client has not received what is to be sent in time.
    ///
    /// The time runs from the first write that has to wait to the flush after the last one: a client that reads a byte now
    /// and then does not prolong it.
    #[derive(Debug)]
    pub struct WriteTimeout<IO> {
        #[pin]
        io: IO,
        limit: Duration,
        stalled: Option<Pin<Box<Sleep>>>,
    }
}

impl<IO> WriteTimeout<IO> {
    pub fn new(io: IO, limit: Duration) -> Self {
        Self {
            io,
            limit,
            stalled: None,
        }
    }
}

impl<IO: AsyncWrite> WriteTimeout<IO> {
    fn write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut IO>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let this = self.project();
        let written = write(this.io, context);
        if written.is_pending() {
            let limit = *this.limit;
            let timer = this.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
            ready!(timer.as_mut().poll(context));
            return Poll::Ready(Err(ErrorKind::TimedOut.into()));
        }
        written
    }
}

impl<IO: AsyncWrite> AsyncWrite for WriteTimeout<IO> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(context, |io, context| io.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |io, context| io.poll_write_vectored(context, pieces))
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.project();
        let flushed = this.io.poll_flush(context);
        if flushed.is_ready() {
            *this.stalled = None;
        }
        flushed
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_shutdown(context)
    }
}

impl<IO: AsyncRead> AsyncRead for WriteTimeout<IO> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_read(context, buffer)
    }
}
