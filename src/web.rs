//! What every HTTP server of this crate shares: the accept loop and its limits, the middleware stack, error replies.

pub mod abort;
pub mod body_buffer;
pub mod catch_panic;
pub mod exposition;
pub mod limits;
pub mod listener;
pub mod load_shed;
pub mod metrics;
pub mod middleware;
pub mod problem;
pub mod request_id;
pub mod request_limits;
pub mod request_log;
pub mod server;
