//! A person with a browser, who reads what the check prints and decides on the sandbox's consent page.

use std::io::{self, Write};

use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::{Url, form_urlencoded};

/// What is printed for the person, given to the browser at each flush.
pub(crate) struct Prompt {
    text: Vec<u8>,
    sender: UnboundedSender<String>,
}

pub(crate) fn prompt() -> (Prompt, UnboundedReceiver<String>) {
    let (sender, receiver) = unbounded_channel();
    (Prompt { text: Vec::new(), sender }, receiver)
}

impl Write for Prompt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let text = String::from_utf8(std::mem::take(&mut self.text)).unwrap();
        let _ = self.sender.send(text);
        Ok(())
    }
}

/// The address in a text.
pub(crate) fn address(text: &str) -> Option<Url> {
    text.split_whitespace().find_map(|word| Url::parse(word).ok())
}

pub(crate) fn client() -> reqwest::Client {
    let builder = reqwest::ClientBuilder::new().no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Decides on the page of an authorization request, and returns the address to go to.
pub(crate) async fn decide(url: &Url, decision: &str) -> Url {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(url.query_pairs())
        .append_pair("email", DEMO_EMAIL)
        .append_pair("password", DEMO_PASSWORD)
        .append_pair("workspace", "xsbx-demo-0001/1")
        .append_pair("decision", decision)
        .finish();
    let page = url.as_str().split('?').next().unwrap();
    let request = client().post(page).header("content-type", "application/x-www-form-urlencoded");
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.status(), 303);
    Url::parse(response.headers()["location"].to_str().unwrap()).unwrap()
}

/// Goes to an address; gives the status and the page.
pub(crate) async fn go(url: &Url) -> (u16, String) {
    let response = client().get(url.clone()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}
