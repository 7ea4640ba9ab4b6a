//! Which redirect URIs the authorization endpoint accepts, as a browser without cookies sees it.

use http::header::LOCATION;
use snappy_domain::http::Answer;
use snappy_xano::oauth::{RequestedAccess, ServerMetadata};
use url::Url;

use super::checker::Checker;
use super::registration::Client;
use super::report::Report;
use super::response::{no_response, place};

/// Added to a redirect URI, it gives one that was not registered.
const OTHER: &str = "-not-registered";

pub(super) async fn check(
    checker: &Checker,
    report: &mut Report<'_>,
    server: &ServerMetadata,
    clients: &[Client],
) {
    report.group("Redirect URIs at the authorization endpoint");
    let Some(first) = clients.first() else {
        return report.not_tried("Redirect URIs", "there is no client");
    };
    for client in clients {
        let subject = if client.is_loopback { "Loopback" } else { "https" };
        let expected = "a page, or a redirect to one of Xano";
        match open(checker, server, client, &client.redirect_uri).await {
            Ok(Opened::Refused(said)) => report.known(subject, false, expected, said),
            Ok(Opened::Page(said)) => report.known(subject, true, expected, said),
            Err(said) => report.failed(subject, expected, said),
        }
    }
    let (subject, expected) = ("Not registered", "400 or another refusal, without a redirect");
    let other = format!("{}{OTHER}", first.redirect_uri);
    match open(checker, server, first, &other).await {
        Ok(Opened::Refused(said)) => {
            report.known(subject, said.starts_with('4'), expected, said);
        }
        Ok(Opened::Page(said)) => {
            let said = format!("{said}; it may be refused later");
            report.known(subject, false, expected, said);
        }
        Err(said) => report.failed(subject, expected, said),
    }
}

enum Opened {
    /// A page, or the way to one.
    Page(String),
    /// An error, or a redirect to the client.
    Refused(String),
}

async fn open(
    checker: &Checker,
    server: &ServerMetadata,
    client: &Client,
    redirect_uri: &str,
) -> Result<Opened, String> {
    let access = RequestedAccess::Full;
    let (url, _) = checker.oauth.authorization(server, client.id.clone(), redirect_uri, access);
    let answer = checker.oauth.authorization_answer(url.clone()).await;
    let answer = answer.map_err(|error| no_response(&error))?;
    let status = answer.status;
    if !status.is_redirection() {
        let said = status.as_u16().to_string();
        return Ok(if status.is_success() { Opened::Page(said) } else { Opened::Refused(said) });
    }
    let Some(target) = target(&answer, &url) else {
        return Ok(Opened::Refused(format!("{} without a place to go", status.as_u16())));
    };
    let said = format!("{} to {}", status.as_u16(), place(&target));
    let is_back = Url::parse(redirect_uri).is_ok_and(|back| place(&back) == place(&target));
    Ok(if is_back { Opened::Refused(said) } else { Opened::Page(said) })
}

fn target(answer: &Answer, url: &Url) -> Option<Url> {
    url.join(answer.headers.get(LOCATION)?.to_str().ok()?).ok()
}
