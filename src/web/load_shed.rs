//! A limit of the requests in progress. What exceeds it is turned away at once rather than queued: a queue would only
//! make every client wait, until those at its head have given up and the work for them is wasted.

use std::{
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll},
};

use axum::response::{IntoResponse, Response};
use http::Request;
use pin_project_lite::pin_project;
use prometheus::IntCounter;
use tower::{Layer, Service};

use super::problem::Problem;

/// Lets so many requests in and answers the others with 503, except on the paths that are exempt.
///
/// A request is in progress until its handler has answered; while the client sends or receives a body it is not
/// counted. A slow client so never takes the place of others.
#[derive(Clone, Copy, Debug)]
pub struct ShedLayer {
    /// Never freed: there is one for each server, and requests that counted references to it would fight over the count.
    gate: &'static Gate,
}

#[derive(Debug)]
struct Gate {
    most: usize,
    /// How many are in, or are just about to learn that they are too many.
    entered: AtomicUsize,
    exempt: Vec<String>,
    shed: IntCounter,
}

impl ShedLayer {
    /// Lets `most` requests in. Those to `exempt` paths always get in: whoever watches an overloaded service must see it.
    pub fn new(most: usize, exempt: Vec<String>, shed: IntCounter) -> Self {
        Self {
            gate: Box::leak(Box::new(Gate {
                most,
                entered: AtomicUsize::new(0),
                exempt,
                shed,
            })),
        }
    }
}

impl<S> Layer<S> for ShedLayer {
    type Service = Shed<S>;

    fn layer(&self, inner: S) -> Shed<S> {
        Shed { inner, gate: self.gate }
    }
}

/// The service that [`ShedLayer`] makes.
#[derive(Clone, Debug)]
pub struct Shed<S> {
    inner: S,
    gate: &'static Gate,
}

impl<S, B> Service<Request<B>> for Shed<S>
where
    S: Service<Request<B>, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = ShedFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let permit = Permit::of(self.gate);
        if permit.is_none() && !self.gate.exempts(request.uri().path()) {
            self.gate.shed.inc();
            return ShedFuture::TurnedAway;
        }
        ShedFuture::LetIn {
            inner: self.inner.call(request),
            permit,
        }
    }
}

impl Gate {
    fn exempts(&self, path: &str) -> bool {
        self.exempt.iter().any(|exempt| exempt == path)
    }
}

/// A request's place, which is free again when this is dropped: when it was answered, panicked, or the client has left.
#[derive(Debug)]
pub struct Permit(&'static Gate);

impl Permit {
    fn of(gate: &'static Gate) -> Option<Self> {
        if gate.entered.fetch_add(1, Ordering::Relaxed) < gate.most {
            return Some(Self(gate));
        }
        gate.entered.fetch_sub(1, Ordering::Relaxed);
        None
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.entered.fetch_sub(1, Ordering::Relaxed);
    }
}

pin_project! {
    /// Waits for a response, or turns the request away.
    #[derive(Debug)]
    #[project = Projection]
    pub enum ShedFuture<F> {
        /// It runs, and holds its place, if it needs one.
        LetIn { #[pin] inner: F, permit: Option<Permit> },
        /// It is one too many.
        TurnedAway,
    }
}

impl<F, E> Future for ShedFuture<F>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        match self.project() {
            Projection::LetIn { inner, permit } => inner.poll(context).map(|result| {
                drop(permit.take());
                result
            }),
            Projection::TurnedAway => Poll::Ready(Ok(Problem::overloaded(
                "Too many requests are in progress; try again in a moment.",
            )
            .into_response())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tokio::sync::oneshot;
    use tower::{ServiceExt, service_fn};

    use super::*;

    fn counter() -> IntCounter {
        IntCounter::new("shed", "shed").expect("a name")
    }

    fn request(path: &str) -> Request<()> {
        Request::get(path).body(()).expect("a request")
    }

    #[tokio::test]
    async fn what_is_too_much_is_turned_away_and_a_place_is_free_again_after_the_answer() {
        let (shed, exempt) = (counter(), vec!["/metrics".to_owned()]);
        let (answer, answered) = oneshot::channel::<()>();
        let mut answered = Some(answered);
        let service = service_fn(move |request: Request<()>| {
            let held_back = (request.uri().path() == "/slow").then(|| answered.take().expect("the only slow one"));
            async move {
                if let Some(held_back) = held_back {
                    let _ = held_back.await;
                }
                Ok::<_, Infallible>(Response::default())
            }
        });
        let mut service = ShedLayer::new(1, exempt, shed.clone()).layer(service);
        let running = service.call(request("/slow"));

        for (path, status, turned_away) in [("/", 503, 1), ("/metrics", 200, 1), ("/metrics/x", 503, 2)] {
            let response = service.call(request(path)).await.expect("infallible");
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(shed.get(), turned_away, "{path}");
        }

        answer.send(()).expect("it waits");
        assert_eq!(running.await.expect("infallible").status(), 200);
        assert_eq!(service.call(request("/")).await.expect("infallible").status(), 200);
    }

    #[tokio::test]
    async fn a_client_that_leaves_gives_its_place_back() {
        let service = service_fn(|_: Request<()>| std::future::pending::<Result<Response, Infallible>>());
        let service = ShedLayer::new(1, Vec::new(), counter()).layer(service);
        for _ in 0..3 {
            let mut running = std::pin::pin!(service.clone().oneshot(request("/")));
            let polled = futures_util::poll!(running.as_mut());
            assert!(polled.is_pending(), "it is let in");
        }
    }
}
