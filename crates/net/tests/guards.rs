//! The guards of the outgoing client, against real sockets.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::time::Duration;

use http::{HeaderMap, Method};
use snappy_domain::http::{HttpClient as _, HttpError, Outgoing};
use snappy_net::GuardedClient;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

fn request(url: &str) -> Outgoing {
    Outgoing {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: None,
        timeout: Duration::from_millis(500),
        max_body: 64,
    }
}

/// A server that responds to every connection with the same bytes, or not at all.
async fn server(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let _ = socket.read(&mut buffer).await;
                match answer {
                    Some(answer) => socket.write_all(answer.as_bytes()).await.unwrap(),
                    None => tokio::time::sleep(Duration::from_secs(5)).await,
                }
            });
        }
    });
    format!("http://localhost:{port}/")
}

fn local() -> GuardedClient {
    GuardedClient::new(["localhost".to_owned()]).unwrap()
}

#[tokio::test]
async fn redirects_are_returned_and_not_followed() {
    let redirect = "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n";
    let answer = local().send(request(&server(Some(redirect)).await)).await.unwrap();
    assert_eq!(answer.status, 302);
}

#[tokio::test]
async fn large_responses_are_refused_by_their_declared_and_their_actual_length() {
    let declared = "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n";
    let streamed = concat!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "30\r\n012345678901234567890123456789012345678901234567\r\n",
        "30\r\n012345678901234567890123456789012345678901234567\r\n0\r\n\r\n"
    );
    for answer in [declared, streamed] {
        let error = local().send(request(&server(Some(answer)).await)).await.unwrap_err();
        assert_eq!(error, HttpError::TooLarge(64));
    }
}

#[tokio::test]
async fn a_refused_connection_a_timeout_and_a_cut_response_are_different_errors() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = local().send(request(&format!("http://localhost:{}/", closed.port()))).await;
    assert!(matches!(refused, Err(HttpError::Unreachable(_))), "{refused:?}");
    let silent = local().send(request(&server(None).await)).await;
    assert!(matches!(silent, Err(HttpError::TimedOut(_))), "{silent:?}");
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
    let half = local().send(request(&server(Some(half)).await)).await;
    assert!(matches!(half, Err(HttpError::Broken(_) | HttpError::TimedOut(_))), "{half:?}");
}

#[tokio::test]
async fn a_name_with_a_private_address_is_refused() {
    let client = GuardedClient::new([]).unwrap();
    let url = server(Some("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")).await;
    for url in [url.clone(), url.replace("localhost", "127.0.0.1"), "http://[::1]:9/".into()] {
        let error = client.send(request(&url)).await.unwrap_err();
        assert!(matches!(error, HttpError::Refused(_)), "{url}: {error:?}");
    }
}
