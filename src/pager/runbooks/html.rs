//! Turns a runbook's Markdown into a page.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};
use reqwest::Url;

/// Stands for Prometheus' URL in a runbook.
const PROMETHEUS: &str = "${PROMETHEUS_URL}";

/// The language of a code block whose text is a query.
const QUERY: &str = "promql";

/// Returns the page of a runbook. Its links, its queries and `${PROMETHEUS_URL}` lead to where they are served.
pub fn page(name: &str, markdown: &str, prometheus: &str) -> String {
    let markdown = markdown.replace(PROMETHEUS, prometheus);
    let mut query: Option<String> = None;
    let events = Parser::new_ext(&markdown, Options::ENABLE_TABLES).map(|event| match event {
        // Markup is shown, not interpreted.
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: destination(dest_url),
            title,
            id,
        }),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) if &*language == QUERY => {
            query = Some(String::new());
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))
        }
        Event::Text(text) => {
            if let Some(query) = &mut query {
                query.push_str(&text);
            }
            Event::Text(text)
        }
        Event::End(TagEnd::CodeBlock) => match query.take() {
            Some(query) => Event::InlineHtml(end_of_query(&query, prometheus).into()),
            None => Event::End(TagEnd::CodeBlock),
        },
        other => other,
    });
    let mut body = String::with_capacity(2 * markdown.len());
    push_html(&mut body, events);
    let title = if name == super::LIST { "Runbooks" } else { name };
    document(title, &body)
}

/// Returns the page for a name without a runbook. It lists the names that have one.
pub fn not_found<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    let mut body = format!(
        "<h1>No runbook</h1>\n<p>There is no runbook {}. There are:</p>\n<ul>\n",
        escaped(name)
    );
    for name in names {
        let name = escaped(name);
        let _ = writeln!(body, "<li><a href=\"/runbooks/{name}\">{name}</a></li>");
    }
    body.push_str("</ul>\n");
    document("No runbook", &body)
}

/// Returns where a link leads. Runbooks link to each other by their files.
fn destination(url: CowStr<'_>) -> CowStr<'_> {
    match url.strip_suffix(".md") {
        Some(super::LIST) => "/runbooks/".into(),
        Some(name) if !name.contains('/') => format!("/runbooks/{name}").into(),
        _ => url,
    }
}

/// Closes the code block of a query, with a link that runs it.
fn end_of_query(query: &str, prometheus: &str) -> String {
    let graph = format!("{prometheus}/graph");
    let link = Url::parse_with_params(&graph, [("g0.expr", query.trim()), ("g0.tab", "1")])
        // Prometheus reads a plus as a plus.
        .map_or(graph, |url| url.as_str().replace('+', "%20"));
    format!(
        "</code></pre>\n<p class=\"run\"><a href=\"{}\">Run in Prometheus</a></p>\n",
        escaped(&link)
    )
}

fn document(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>{title} – Observer</title>
<link rel=\"stylesheet\" href=\"/page.css\">
<link rel=\"stylesheet\" href=\"/runbooks.css\">
</head>
<body>
<nav><a href=\"/\">Pager</a> <a href=\"/runbooks/\">All runbooks</a></nav>
<main>
{body}</main>
</body>
</html>
"
    )
}

/// Escapes a text for HTML. In an attribute only for a URL, which has no quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    push_html(&mut escaped, std::iter::once(Event::Text(text.into())));
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(markdown: &str) -> String {
        page("Any", markdown, "http://127.0.0.1:19090")
    }

    #[test]
    fn markup_is_shown_as_text() {
        let html = rendered("a <b>bold</b> <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n");
        assert!(html.contains("&lt;b&gt;bold&lt;/b&gt; &lt;script&gt;"), "{html}");
        assert!(html.contains("&lt;img src=x"), "{html}");
    }

    #[test]
    fn links_lead_to_the_other_runbooks() {
        let html = rendered("[a](HighErrorRate.md) [b](README.md) [c](https://example.com/x.md)");
        for href in ["/runbooks/HighErrorRate", "/runbooks/", "https://example.com/x.md"] {
            assert!(html.contains(&format!("href=\"{href}\"")), "{href}: {html}");
        }
    }

    #[test]
    fn a_query_links_to_prometheus() {
        let html = rendered("```promql\nup{job=\"a\"} < 1\n```\n\n    echo\n");
        assert!(html.contains("up{job=\"a\"} &lt; 1"), "{html}");
        let link = "http://127.0.0.1:19090/graph?g0.expr=up%7Bjob%3D%22a%22%7D%20%3C%201&amp;g0.tab=1";
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
        assert_eq!(html.matches("Run in Prometheus").count(), 1, "{html}");
    }

    #[test]
    fn the_url_of_prometheus_is_filled_in() {
        let html = rendered("[targets](${PROMETHEUS_URL}/targets)");
        assert!(html.contains("href=\"http://127.0.0.1:19090/targets\""), "{html}");
    }

    #[test]
    fn an_unknown_name_is_escaped() {
        let html = not_found("<script>", ["HighErrorRate"].into_iter());
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"), "{html}");
        assert!(html.contains("href=\"/runbooks/HighErrorRate\""), "{html}");
    }
}
