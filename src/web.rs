//! What every HTTP server of this crate needs: the accept loop, its limits, error replies, request ids and their
//! log lines.

pub mod body_buffer;
pub mod catch_panic;
pub mod deadline;
pub mod exposition;
pub mod hang_up;
pub mod limits;
pub mod linger;
pub mod metrics;
pub mod problem;
pub mod request_id;
pub mod request_log;
pub mod request_timeout;
pub mod server;
pub mod shed;
pub mod stack;
