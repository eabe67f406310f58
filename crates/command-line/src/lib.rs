//! What the command lines of the binaries have in common: how they are read, and the settings of URLs and logs.

mod log;
mod read;
mod url;

pub use log::{LogFormat, LogSettings};
pub use read::read;
pub use url::http_url;
