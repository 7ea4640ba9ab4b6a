//! The documents of clients (Client ID Metadata Documents) over real https, and the addresses that must
//! never be asked for one.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use snappy_domain::clock::MockClock;
use snappy_net::GuardedClient;
use snappy_oauth::grant::authorize::AuthorizeError;
use snappy_oauth::{AuthorizationServer, Site, testing};
use snappy_store::MemoryStore;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const CALLBACK: &str = "https://client.example/callback";

/// A certificate with its key, as PEM.
struct Certificate {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl Certificate {
    fn for_name(name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (key, cert) = (dir.path().join("key.pem"), dir.path().join("cert.pem"));
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
            ])
            .args(["-days", "2", "-subj", &format!("/CN={name}")])
            .args(["-addext", &format!("subjectAltName=DNS:{name}")])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&cert)
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        Self { cert: std::fs::read(cert).unwrap(), key: std::fs::read(key).unwrap() }
    }
}

/// What the client's host does with a request.
#[derive(Clone)]
enum Says {
    /// It sends these bytes.
    Bytes(String),
    /// It sends a beginning, and then a byte now and then, for ever.
    Trickle,
}

fn ok(body: &str) -> Says {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
    Says::Bytes(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
}

fn status(line: &str) -> Says {
    Says::Bytes(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
}

/// The client's host. Counts connections.
struct Host {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Host {
    async fn start(certificate: &Certificate, says: impl FnOnce(u16) -> Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let says = says(port);
        let visits = Arc::new(AtomicUsize::new(0));
        let chain = vec![CertificateDer::from_pem_slice(&certificate.cert).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(&certificate.key).unwrap();
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
        let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
        let counted = Arc::clone(&visits);
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let (acceptor, says) = (acceptor.clone(), says.clone());
                tokio::spawn(async move {
                    let Ok(mut tls) = acceptor.accept(socket).await else { return };
                    let _ = tls.read(&mut [0; 4096]).await;
                    match says {
                        Says::Bytes(bytes) => {
                            let _ = tls.write_all(bytes.as_bytes()).await;
                            let _ = tls.shutdown().await;
                        }
                        Says::Trickle => {
                            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{";
                            let _ = tls.write_all(head).await;
                            while tls.write_all(b" ").await.is_ok() && tls.flush().await.is_ok() {
                                tokio::time::sleep(Duration::from_millis(200)).await;
                            }
                        }
                    }
                });
            }
        });
        Self { port, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn server(http: GuardedClient) -> AuthorizationServer {
    let (store, clock) = (Arc::new(MemoryStore::default()), Arc::new(MockClock::default()));
    testing::server(store, clock, 1, Arc::new(http))
}

async fn authorize(server: &AuthorizationServer, id: &str) -> Result<(), AuthorizeError> {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", id)
        .append_pair("redirect_uri", CALLBACK)
        .append_pair("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        .append_pair("code_challenge_method", "S256")
        .finish();
    server.authorize(&Site::new("https://mcp.example"), &query).await.map(drop)
}

fn document(id: &str) -> Value {
    json!({"client_id": id, "client_name": "Fixture", "redirect_uris": [CALLBACK]})
}

fn address(port: u16) -> String {
    format!("https://localhost:{port}/client.json")
}

#[tokio::test]
async fn a_document_is_read_over_https() {
    let certificate = Certificate::for_name("localhost");
    let good = |port| ok(&document(&address(port)).to_string());
    let host = Host::start(&certificate, good).await;
    let client = GuardedClient::trusting(["localhost".to_owned()], &certificate.cert).unwrap();
    authorize(&server(client), &address(host.port)).await.unwrap();
    assert_eq!(host.visits(), 1);
}

#[tokio::test]
async fn whatever_else_its_host_says_is_refused() {
    let certificate = Certificate::for_name("localhost");
    let elsewhere =
        Host::start(&certificate, |port| ok(&document(&address(port)).to_string())).await;
    let redirect = |code: &str| {
        let to = format!("https://localhost:{}/client.json", elsewhere.port);
        let head = format!("HTTP/1.1 {code}\r\nLocation: {to}\r\nContent-Length: 0");
        Says::Bytes(format!("{head}\r\nConnection: close\r\n\r\n"))
    };
    let padded = |port| {
        let mut large = document(&address(port));
        large["client_uri"] = json!("x".repeat(6 * 1024));
        large.to_string()
    };
    let chunked = |port| {
        let body = padded(port);
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close";
        Says::Bytes(format!("{head}\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()))
    };
    type Answer<'a> = Box<dyn Fn(u16) -> Says + 'a>;
    let said: Vec<(&str, Answer<'_>)> = vec![
        ("302", Box::new(|_| redirect("302 Found"))),
        ("307", Box::new(|_| redirect("307 Temporary Redirect"))),
        ("larger than 5 KiB", Box::new(|port| ok(&padded(port)))),
        ("larger than 5 KiB", Box::new(chunked)),
        ("404", Box::new(|_| status("404 Not Found"))),
        ("500", Box::new(|_| status("500 Internal Server Error"))),
        ("204", Box::new(|_| status("204 No Content"))),
        ("is not valid", Box::new(|_| ok("<!doctype html>"))),
        ("of another client", Box::new(|_| ok(&document(CALLBACK).to_string()))),
        ("8 seconds", Box::new(|_| Says::Trickle)),
    ];
    let each = said.iter().map(|(says, answer)| {
        let certificate = &certificate;
        async move {
            let host = Host::start(certificate, answer).await;
            let client = GuardedClient::trusting(["localhost".to_owned()], &certificate.cert);
            let refused = authorize(&server(client.unwrap()), &address(host.port)).await;
            let error = refused.unwrap_err().to_string();
            assert!(error.contains(says), "{error}: {says}");
        }
    });
    futures::future::join_all(each).await;
    assert_eq!(elsewhere.visits(), 0, "no redirect is followed");
}

#[tokio::test]
async fn a_certificate_must_be_trusted_and_be_the_hosts_own() {
    let (own, other) = (Certificate::for_name("localhost"), Certificate::for_name("other.example"));
    for (served, trusted) in [(&own, &other), (&other, &other)] {
        let host = Host::start(served, |port| ok(&document(&address(port)).to_string())).await;
        let client = GuardedClient::trusting(["localhost".to_owned()], &trusted.cert).unwrap();
        let error = authorize(&server(client), &address(host.port)).await.unwrap_err();
        assert!(error.to_string().contains("can't be fetched right now"), "{error}");
    }
}

#[tokio::test]
async fn no_address_that_is_not_public_is_ever_connected_to() {
    let certificate = Certificate::for_name("localhost");
    let host = Host::start(&certificate, |port| ok(&document(&address(port)).to_string())).await;
    let port = host.port;
    let client = GuardedClient::trusting([], &certificate.cert).unwrap();
    let server = server(client);
    for authority in [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "127.0.0.1",
        "127.1",
        "127.9.9.9",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "[fd00::1]",
        "[fe80::1]",
        "user@localhost",
        "client.example@localhost",
        "１２７.0.0.1",
        "127。0。0。1",
    ] {
        let id = format!("https://{authority}:{port}/client.json");
        let error = authorize(&server, &id).await.unwrap_err();
        assert!(
            matches!(error, AuthorizeError::Document(_) | AuthorizeError::UnknownClient),
            "{id}: {error}"
        );
    }
    assert_eq!(host.visits(), 0);
}
