//! What every HTTP server of this crate needs: the accept loop, its limits, error replies, request ids and their
//! log lines.

pub mod abort;
pub mod body_buffer;
pub mod catch_panic;
pub mod deadline;
pub mod exposition;
pub mod limits;
pub mod linger;
pub mod load_shed;
pub mod metrics;
pub mod middleware;
pub mod problem;
pub mod request_id;
pub mod request_log;
pub mod request_timeout;
pub mod server;
