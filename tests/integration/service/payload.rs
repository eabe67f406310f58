//! /ping and /echo return what was sent.

use reqwest::{Client, header};

use crate::app::TestApp;

#[tokio::test]
async fn ping_and_echo_return_the_body_byte_for_byte() {
    let app = TestApp::start_without_database(&[]);
    let every_byte: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for path in ["/ping", "/echo"] {
        for request in [Client::new().post(app.at(path)), Client::new().get(app.at(path))] {
            let reply = request.body(every_byte.clone()).send().await.expect("an answer");
            assert_eq!(reply.status(), 200);
            assert_eq!(reply.bytes().await.expect("the body"), every_byte, "{path}");
        }
    }
}

#[tokio::test]
async fn echoed_markup_is_not_served_as_html() {
    let app = TestApp::start_without_database(&[]);
    let reply = Client::new()
        .post(app.at("/echo"))
        .header(header::CONTENT_TYPE, "text/html")
        .body("<script>alert(1)</script>")
        .send()
        .await
        .expect("an answer");
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "application/octet-stream");
    assert_eq!(reply.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
}

#[tokio::test]
async fn the_page_at_the_root_names_the_instance_and_its_peer() {
    let app = TestApp::start_without_database(&["--name=gamma", "--peer-url=http://127.0.0.1:1"]);
    let page = app.get("/").await.text().await.expect("the page");
    assert!(page.contains("<h1>gamma</h1>"), "{page}");
    assert!(page.contains("http://127.0.0.1:1/"), "{page}");
}
