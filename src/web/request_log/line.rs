//! Log lines that name the request during which they were written.

use std::fmt;

use serde_json::{Map, Value};
use tracing::{Event, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use super::context::RequestContext;

/// Adds the id, method and path of the current request to the lines of another format.
#[derive(Clone, Copy, Debug)]
pub struct WithRequest<F> {
    format: F,
    add: fn(&str, &RequestContext) -> Option<String>,
}

impl<F> WithRequest<F> {
    /// Adds fields to the end of text lines.
    pub fn text(format: F) -> Self {
        Self {
            format,
            add: |line, request| {
                let fields = request.fields().map(|(name, value)| format!(" {name}={value:?}"));
                Some(line.to_owned() + &fields.concat())
            },
        }
    }

    /// Adds an object, `request`, to lines that are JSON objects.
    pub fn json(format: F) -> Self {
        Self {
            format,
            add: |line, request| {
                let mut line: Map<String, Value> = serde_json::from_str(line).ok()?;
                line.insert("request".to_owned(), request.fields().into_iter().collect());
                serde_json::to_string(&line).ok()
            },
        }
    }
}

impl<S, N, F> FormatEvent<S, N> for WithRequest<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        self.format.format_event(context, Writer::new(&mut line), event)?;
        let line = line.trim_end();
        match RequestContext::with_current(|request| (self.add)(line, request)) {
            Some(line) => writeln!(writer, "{}", line.ok_or(fmt::Error)?),
            None => writeln!(writer, "{line}"),
        }
    }
}
