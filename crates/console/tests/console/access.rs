//! Who may use the console.

use std::path::Path;

use reqwest::{Method, StatusCode};

use crate::{
    process::{Console, reply},
    upstream::Upstream,
};

#[tokio::test]
async fn a_foreign_host_is_refused() {
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, Path::new("/nonexistent"), &[]).await;
    for path in ["/", "/api/parts", "/assets/x/dom.js"] {
        let (status, _) = reply(console.get(path).header("host", "attacker.example:8000")).await;
        assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_make_silences() {
    let upstream = Upstream::start().await;
    // A browser that has the token does not make another page's request one of the console's.
    for settings in [&[][..], &["--token=secret"]] {
        let console = Console::start(&upstream.url, Path::new("/nonexistent"), settings).await;
        let end_silence = || {
            let request = console.request(Method::DELETE, "/api/alertmanager/silences/1");
            request.header("authorization", "Bearer secret")
        };
        for origin in ["http://127.0.0.1:8080", "https://attacker.example", "null"] {
            let (status, _) = reply(end_silence().header("origin", origin)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{settings:?} {origin}");
        }
        assert_eq!(upstream.asked(), [""; 0]);
        let own = format!("http://{}", console.address);
        assert_eq!(reply(end_silence().header("origin", own)).await.0, StatusCode::OK);
        assert_eq!(upstream.asked(), ["DELETE /api/v2/silence/1"]);
    }
}

#[tokio::test]
async fn with_a_token_the_api_is_closed_and_the_pages_are_not() {
    let upstream = Upstream::start().await;
    let console = Console::start(&upstream.url, Path::new("/nonexistent"), &["--token=secret"]).await;
    assert_eq!(console.ask("/").await.0, StatusCode::OK);
    for wrong in [None, Some("Bearer wrong"), Some("Basic secret")] {
        let mut request = console.get("/api/prometheus/query?query=up");
        if let Some(wrong) = wrong {
            request = request.header("authorization", wrong);
        }
        assert_eq!(reply(request).await.0, StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
    assert_eq!(upstream.asked(), [""; 0]);
    let request = console
        .get("/api/prometheus/query?query=up")
        .header("authorization", "Bearer secret");
    assert_eq!(reply(request).await.0, StatusCode::OK);
}
