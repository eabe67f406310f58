//! Log lines that say during which request they were written.

use std::fmt::{self, Write};

use tracing::{Event, Subscriber};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use super::context::{Fields, RequestContext};

/// Adds the fields of the request that is served to the lines of another format: its id, its method and its path.
#[derive(Clone, Copy, Debug)]
pub struct NamingRequest<F> {
    format: F,
    add: fn(&mut String, &Fields<'_>) -> fmt::Result,
}

impl<F> NamingRequest<F> {
    /// To lines for people.
    pub fn in_text(format: F) -> Self {
        Self {
            format,
            add: |line, fields| {
                line.truncate(line.trim_end().len());
                let Fields {
                    request_id,
                    method,
                    path,
                } = fields;
                writeln!(line, " request_id={request_id:?} method={method:?} path={path:?}")
            },
        }
    }

    /// To lines that are JSON objects: as one object more, `request`.
    pub fn in_json(format: F) -> Self {
        Self {
            format,
            add: |line, fields| {
                let request = serde_json::to_string(fields).expect("three texts are JSON");
                // Without the brace at its end.
                line.truncate(line.trim_end().len() - 1);
                writeln!(line, r#","request":{request}}}"#)
            },
        }
    }
}

impl<S, N, F> FormatEvent<S, N> for NamingRequest<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::new();
        self.format.format_event(context, Writer::new(&mut line), event)?;
        let mut added = Ok(());
        RequestContext::with_served(|fields| added = (self.add)(&mut line, fields));
        added?;
        writer.write_str(&line)
    }
}
