//! The format `json`: the page's fields.

use serde_json::{Value, json};

use crate::pager::{
    forwarding::Forwarding,
    page::{Change, Page},
};

/// Returns the message. A page's `id` tells a message that is sent twice.
pub fn message(change: &Change) -> Value {
    let page = Page {
        // The receiver does not care what else was forwarded.
        forwarding: Forwarding::default(),
        ..change.page().clone()
    };
    json!({ "status": change.status(), "page": page })
}
