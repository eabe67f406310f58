//! The id that follows a request.

use reqwest::Client;

use crate::app::TestApp;

async fn id_of_reply(app: &TestApp, sent: Option<&str>) -> String {
    let mut request = Client::new().get(app.at("/echo"));
    if let Some(sent) = sent {
        request = request.header("x-request-id", sent);
    }
    let reply = request.send().await.expect("an answer");
    reply.headers()["x-request-id"]
        .to_str()
        .expect("visible ASCII")
        .to_owned()
}

#[tokio::test]
async fn a_sent_request_id_is_returned() {
    let app = TestApp::start_without_database(&[]);
    assert_eq!(id_of_reply(&app, Some("order-17.retry_2")).await, "order-17.retry_2");
}

#[tokio::test]
async fn a_request_without_an_id_gets_a_new_one() {
    let app = TestApp::start_without_database(&[]);
    let (first, second) = (id_of_reply(&app, None).await, id_of_reply(&app, None).await);
    assert_eq!(first.len(), 32);
    assert_ne!(first, second);
}

#[tokio::test]
async fn an_invalid_request_id_is_replaced() {
    let app = TestApp::start_without_database(&[]);
    for unfit in ["a b", "\"quoted\"", &"a".repeat(129)] {
        assert_eq!(id_of_reply(&app, Some(unfit)).await.len(), 32, "{unfit}");
    }
}

#[tokio::test]
async fn error_replies_have_a_request_id() {
    let app = TestApp::start_without_database(&[]);
    assert!(app.get("/nowhere").await.headers().contains_key("x-request-id"));
}
