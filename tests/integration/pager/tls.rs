//! Forwarding over HTTPS, through a proxy or not, and what the log says of a secret URL.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use test_support::exposition::eventually;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring::default_provider,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use super::{
    process::{PagerProcess, command, folder, notification},
    receiver::Receiver,
};

const STARTED: &str = "2026-11-21T10:00:00Z";

/// Credentials, path and query, none of which may be logged.
const SECRETS: [&str; 3] = ["us3r", "p4ssw0rd", "t0ken"];

/// Serves TLS for `localhost` in front of a receiver. Returns the port. The authority's certificate is in `ca.pem`.
async fn serve_tls(receiver: &Receiver, folder: &Path) -> u16 {
    let key = || KeyPair::generate().expect("a key");
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, key()).expect("an authority");
    std::fs::write(folder.join("ca.pem"), authority.pem()).expect("a file");

    let server_key = key();
    let server = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let certificate = server.signed_by(&server_key, &authority).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate and its key");

    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let (acceptor, address) = (TlsAcceptor::from(Arc::new(config)), receiver.address);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await?;
                let mut plain = TcpStream::connect(address).await?;
                copy_bidirectional(&mut stream, &mut plain).await
            });
        }
    });
    port
}

/// Serves a proxy that knows CONNECT alone. Returns its port, and the heads of the requests that it gets.
async fn serve_proxy() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let kept = Arc::clone(&kept);
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") {
                    stream.read_line(&mut head).await?;
                }
                let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let is_connect = head.starts_with("CONNECT ");
                kept.lock().expect("no panic").push(head);
                if is_connect {
                    let mut server = TcpStream::connect(target).await?;
                    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
                    copy_bidirectional(&mut stream, &mut server).await?;
                }
                std::io::Result::Ok(())
            });
        }
    });
    (port, heads)
}

fn assert_names_cause_and_no_secret(log: &str, parts: &[&str]) {
    for part in parts {
        assert!(log.contains(part), "no '{part}' in: {log}");
    }
    for secret in SECRETS {
        assert!(!log.contains(secret), "'{secret}' in: {log}");
    }
}

#[tokio::test]
async fn a_page_is_forwarded_over_https_to_a_receiver_of_a_private_authority() {
    let (receiver, folder) = (Receiver::start().await, folder());
    let port = serve_tls(&receiver, folder.path()).await;
    let pager = PagerProcess::start(
        folder.path(),
        &[
            &format!("--forward-url=https://us3r:p4ssw0rd@localhost:{port}/hook?t0ken=1"),
            &format!("--forward-ca-file={}/ca.pem", folder.path().display()),
        ],
    );
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    receiver.messages(1).await;
    let taken = &receiver.taken()[0];
    assert_eq!(taken.uri, "/hook?t0ken=1");
    assert_eq!(taken.headers["authorization"], "Basic dXMzcjpwNHNzdzByZA==");
    assert_eq!(taken.headers["content-type"], "application/json");
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_the_log_has_host_and_cause_but_no_secret() {
    let (receiver, folder) = (Receiver::start().await, folder());
    let port = serve_tls(&receiver, folder.path()).await;
    // Another authority than the receiver's: the system's, if there are any, are others, too.
    let stranger = folder.path().join("stranger.pem");
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "a stranger");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
    std::fs::write(&stranger, authority.pem()).expect("a file");
    let pager = PagerProcess::start(
        folder.path(),
        &[
            &format!("--forward-url=https://us3r:p4ssw0rd@localhost:{port}/t0ken?t0ken=1"),
            &format!("--forward-ca-file={}", stranger.display()),
            "--log-filter=trace",
        ],
    );
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    let log = eventually("it was tried", async || {
        let log = pager.log();
        log.contains("cannot forward").then_some(log)
    })
    .await;
    assert!(receiver.requests().is_empty());
    let host = format!("localhost:{port}");
    assert_names_cause_and_no_secret(&log, &[&host, "invalid peer certificate", "UnknownIssuer"]);
}

#[tokio::test]
async fn a_failed_connection_is_logged_with_host_and_cause_but_no_secret() {
    let folder = folder();
    let pager = PagerProcess::start(
        folder.path(),
        &[
            "--forward-url=http://us3r:p4ssw0rd@127.0.0.1:9/t0ken?t0ken=1",
            "--log-filter=trace",
        ],
    );
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    let log = eventually("it was tried", async || {
        let log = pager.log();
        log.contains("cannot forward").then_some(log)
    })
    .await;
    assert_names_cause_and_no_secret(&log, &["127.0.0.1:9", "Connection refused"]);
}

#[tokio::test]
async fn a_file_without_certificates_is_refused_at_start() {
    let folder = folder();
    let empty = folder.path().join("ca.pem");
    std::fs::write(&empty, "nothing").expect("a file");
    let flag = format!("--forward-ca-file={}", empty.display());
    let output = command(folder.path(), &["--forward-url=https://127.0.0.1:9/", &flag])
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("ca.pem") && said.contains("found no certificate"),
        "{said}"
    );
}

#[tokio::test]
async fn only_the_settings_own_proxy_is_used() {
    let (receiver, folder) = (Receiver::start().await, folder());
    let port = serve_tls(&receiver, folder.path()).await;
    let url = format!("--forward-url=https://localhost:{port}/t0ken");
    let ca = format!("--forward-ca-file={}/ca.pem", folder.path().display());
    let (proxy, heads) = serve_proxy().await;

    let mut with_environment = command(folder.path(), &[&url, &ca]);
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        with_environment.env(name, format!("http://127.0.0.1:{proxy}"));
    }
    let pager = PagerProcess::spawn(&mut with_environment);
    pager.notify(&notification("firing", "Direct", STARTED)).await;
    receiver.messages(1).await;
    assert!(
        heads.lock().expect("no panic").is_empty(),
        "the environment's proxy is not used"
    );
    pager.stop();

    let proxy = format!("--forward-proxy=http://us3r:p4ssw0rd@127.0.0.1:{proxy}");
    let pager = PagerProcess::start(folder.path(), &[&url, &ca, &proxy]);
    pager.notify(&notification("firing", "Proxied", STARTED)).await;
    receiver.messages(2).await;
    let head = heads.lock().expect("no panic").concat();
    assert!(head.starts_with(&format!("CONNECT localhost:{port} ")), "{head}");
    assert!(
        head.to_lowercase()
            .contains("proxy-authorization: basic dxmzcjpwnhnzdzbyza=="),
        "{head}"
    );
    assert!(!head.contains("t0ken"), "the proxy sees no path: {head}");
}

#[tokio::test]
async fn a_receiver_that_never_ends_its_answer_holds_up_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n";
                let _ = stream.write_all(head).await;
                std::future::pending::<()>().await;
            });
        }
    });
    let folder = folder();
    let pager = PagerProcess::start(folder.path(), &[&format!("--forward-url=http://127.0.0.1:{port}/")]);
    pager.notify(&notification("firing", "HighErrorRate", STARTED)).await;
    eventually("it is delivered", async || {
        (pager.pages().await["forwarding"]["delivered"] == 1).then_some(())
    })
    .await;
}
