//! Access control of listeners that serve loopback without a login, and any other address with a token.

mod access;
mod refusal;
mod token;

pub use access::{Access, UnprotectedAddress};
pub use refusal::Refusal;
pub use token::Token;
