//! What every HTTP server of this crate needs: the accept loop, error replies, request ids and their log lines.

pub mod exposition;
pub mod hang_up;
pub mod linger;
pub mod problem;
pub mod request_id;
pub mod request_log;
pub mod server;
pub mod stack;
