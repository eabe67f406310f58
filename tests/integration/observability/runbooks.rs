//! Every alert has a runbook, and every runbook an alert; the pager serves them.

use std::collections::BTreeSet;

use regex::Regex;
use reqwest::{Response, StatusCode};
use test_support::{repository, rules};

use crate::pager::process::{PagerProcess, folder};

const FOLDER: &str = "docs/runbooks";

/// The list of all runbooks.
const LIST: &str = "README";

/// The one alert that no rule raises: the pager does it by itself.
const OF_THE_PAGER: &str = "MonitoringDown";

/// What every runbook says, in this order.
const SECTIONS: [&str; 5] = ["Meaning", "Impact", "Confirm", "What to do", "Try it out"];

fn pages() -> BTreeSet<String> {
    let files = repository::files(FOLDER, "md");
    let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
    names.filter(|name| *name != LIST).map(str::to_owned).collect()
}

fn page(name: &str) -> String {
    repository::read(format!("{FOLDER}/{name}.md").as_ref())
}

#[test]
fn every_alert_has_a_page_and_every_page_an_alert() {
    let alerts = rules::all().into_iter().filter_map(|(_, rule)| rule.alert);
    let alerts: BTreeSet<_> = alerts.chain([OF_THE_PAGER.to_owned()]).collect();
    assert_eq!(pages(), alerts);
}

#[test]
fn the_list_links_to_every_page() {
    let list = page(LIST);
    for name in pages() {
        assert!(list.contains(&format!("[{name}]({name}.md)")), "{name} is not listed");
    }
}

#[test]
fn every_page_has_the_same_sections() {
    for name in pages() {
        let page = page(&name);
        let titles = page.lines().filter_map(|line| line.strip_prefix("## "));
        assert_eq!(titles.collect::<Vec<_>>(), SECTIONS, "{name}");
        assert!(page.starts_with(&format!("# {name}\n")), "{name} has another title");
    }
}

/// The addresses that a page links to.
fn links(html: &str) -> Vec<String> {
    let link = Regex::new(r#" href="([^"]*)""#).expect("a valid pattern");
    link.captures_iter(html)
        .map(|found| found[1].replace("&amp;", "&"))
        .collect()
}

async fn get(pager: &PagerProcess, path: &str) -> Response {
    reqwest::get(format!("{}{path}", pager.url)).await.expect("an answer")
}

#[tokio::test]
async fn the_pager_serves_every_page_and_every_link_of_it_leads_somewhere() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &["--prometheus-url=http://127.0.0.1:19090/prefix/"]);
    let paths = pages().into_iter().map(|name| format!("/runbooks/{name}"));
    for path in paths.chain(["/runbooks".to_owned(), "/runbooks/".to_owned()]) {
        let reply = get(&pager, &path).await;
        assert_eq!(reply.status(), StatusCode::OK, "{path}");
        let policy = reply.headers()["content-security-policy"].to_str().expect("a text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        let html = reply.text().await.expect("a text");
        assert!(!html.contains("${"), "{path} has an unfilled variable");
        for link in links(&html) {
            if link.starts_with('/') {
                assert_eq!(
                    get(&pager, &link).await.status(),
                    StatusCode::OK,
                    "{path} links to {link}"
                );
            } else {
                assert!(
                    link.starts_with("http://127.0.0.1:19090/prefix/"),
                    "{path} links to {link}, which is neither of the pager nor of Prometheus"
                );
            }
        }
    }
}

#[tokio::test]
async fn each_query_of_a_page_links_to_prometheus() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    for name in pages() {
        let html = get(&pager, &format!("/runbooks/{name}"))
            .await
            .text()
            .await
            .expect("a text");
        let queries = page(&name).matches("```promql\n").count();
        assert!(queries > 0, "{name} has no query");
        let links = links(&html);
        let graphs = links
            .iter()
            .filter(|link| link.starts_with("http://127.0.0.1:9090/graph?g0.expr="));
        assert_eq!(graphs.count(), queries, "{name}");
    }
}

#[tokio::test]
async fn an_unknown_name_is_answered_with_the_list_of_those_that_are_there() {
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[]);
    for name in [
        "HighErrorRat",
        "..%2F..%2FCargo",
        "%3Cscript%3E",
        "README.md",
        "HighErrorRate.md",
    ] {
        let reply = get(&pager, &format!("/runbooks/{name}")).await;
        assert_eq!(reply.status(), StatusCode::NOT_FOUND, "{name}");
        let html = reply.text().await.expect("a text");
        assert!(!html.contains("<script>"), "{name}: {html}");
        for name in pages() {
            assert!(
                html.contains(&format!("href=\"/runbooks/{name}\"")),
                "{name} is not listed"
            );
        }
    }
}

#[tokio::test]
async fn monitoring_down_links_to_the_runbook_of_the_setting() {
    let folder = folder();
    let flags = [
        "--heartbeat-timeout=1ms",
        "--runbooks-url=https://runbooks.example.com/observer/",
    ];
    let pager = PagerProcess::start(folder.path(), &flags);
    let page = test_support::exposition::eventually("MonitoringDown is raised", async || {
        pager.pages().await["firing"].get(0).cloned()
    })
    .await;
    assert_eq!(
        page["runbook_url"],
        "https://runbooks.example.com/observer/MonitoringDown"
    );
}
