//! The pages and their files.

use std::path::Path;

use reqwest::StatusCode;

use crate::{process::Console, upstream::Upstream};

const PAGES: [&str; 6] = [
    "/",
    "/d/http-services",
    // Grafana's own URL of a dashboard ends in its title.
    "/d/http-services/http-services-of-all",
    "/explore",
    "/alerts",
    "/targets",
];

/// All of it: what is missing would be allowed.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

async fn text(console: &Console, path: &str) -> (reqwest::header::HeaderMap, String) {
    let response = console.get(path).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    let headers = response.headers().clone();
    (headers, response.text().await.expect("text"))
}

/// The URLs of the files that a page loads.
fn files(html: &str) -> Vec<&str> {
    html.split('"').filter(|part| part.starts_with("/assets/")).collect()
}

#[tokio::test]
async fn every_page_has_a_strict_policy_and_all_of_its_files() {
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, Path::new("/nonexistent"), &[]).await;
    for page in PAGES {
        let (headers, html) = text(&console, page).await;
        assert_eq!(headers["content-security-policy"], POLICY, "{page}");
        assert!(!html.contains("{version}") && !html.contains(" style="), "{html}");
        for file in files(&html) {
            let (headers, _) = text(&console, file).await;
            assert!(
                headers["cache-control"].to_str().expect("text").contains("immutable"),
                "{file}"
            );
        }
    }
}

#[tokio::test]
async fn only_pages_with_charts_load_plotly() {
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, Path::new("/nonexistent"), &[]).await;
    for page in PAGES {
        let (_, html) = text(&console, page).await;
        assert_eq!(
            html.contains("/plotly.js\""),
            page == "/explore" || page.starts_with("/d/"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn files_are_compressed_and_kept() {
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, Path::new("/nonexistent"), &[]).await;
    let (_, html) = text(&console, "/explore").await;
    for file in files(&html) {
        let plain = console
            .get(file)
            .send()
            .await
            .expect("an answer")
            .bytes()
            .await
            .expect("a body");
        let response = console
            .get(file)
            .header("accept-encoding", "br, gzip")
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.headers()["content-encoding"], "gzip", "{file}");
        let types: Vec<_> = response.headers().get_all("content-type").iter().collect();
        let expected = match file.rsplit_once('.') {
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(types, [expected], "{file}");
        let etag = response.headers()["etag"].clone();
        let compressed = response.bytes().await.expect("a body");
        let mut unpacked = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&compressed[..]), &mut unpacked).expect("gzip");
        assert_eq!(unpacked, plain, "{file}");
        let again = console
            .get(file)
            .header("if-none-match", etag)
            .send()
            .await
            .expect("an answer");
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{file}");
    }
    let old = console
        .get("/assets/0000000000000000/dom.js")
        .send()
        .await
        .expect("an answer");
    assert_eq!(old.status(), StatusCode::NOT_FOUND);
}
