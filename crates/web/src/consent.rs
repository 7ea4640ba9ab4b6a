//! `/consent`: the person sees who asks for what, narrows it, and says yes or no. Asked every time.

mod choice;

pub(crate) use choice::Place;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::{CredentialId, PersonId};
use snappy_oauth::Site;
use snappy_oauth::client::redirect_uri;
use snappy_oauth::form::Form;
use snappy_oauth::grant::pending::Pending;
use snappy_store::{Client, Credential, Registration, StoreResult};
use snappy_xano::scopes;
use url::Url;

use crate::App;
use crate::browser::Browser;
use crate::pages::{self, ConsentPage, Problem, problem};
use crate::pending;
use crate::reply::see_other;

/// Shows the question.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Ok(form) = Form::parse(query.unwrap_or_default().as_bytes()) else {
        return problem(&Problem::NotThisBrowser);
    };
    let sealed = form.get("request").unwrap_or_default();
    let (browser, pending, who) = match open(&app, &site, &headers, sealed) {
        Ok(opened) => opened,
        Err(page) => return *page,
    };
    match client_and_credential(&app, &pending, who).await {
        Ok(Some((client, credential))) => {
            let places = choice::places(&app, &credential).await;
            show(&app, &browser, sealed, &pending, &client, &credential, &places)
        }
        Ok(None) => problem(&Problem::Expired),
        Err(error) => {
            tracing::error!("Consent could not be shown: {error}");
            problem(&Problem::Trouble)
        }
    }
}

/// Takes the answer. A second answer to the same question just makes another code.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(form) = Form::parse(&body) else {
        return problem(&Problem::NotOurForm);
    };
    let sealed = form.get("request").unwrap_or_default();
    let (browser, pending, who) = match open(&app, &site, &headers, sealed) {
        Ok(opened) => opened,
        Err(page) => return *page,
    };
    if !browser.sent(&app.keys, form.get("csrf")) {
        return problem(&Problem::NotOurForm);
    }
    let chosen = match form.get("decision") {
        Some("deny") => return see_other(&app.oauth.deny(&site, &pending)),
        Some("allow") => Some(choice::everything(&pending.scopes)),
        Some("read") => Some(choice::everything(&[scopes::READ].into_iter().collect())),
        Some("chosen") => choice::chosen(&form, &pending.scopes),
        _ => return problem(&Problem::NotOurForm),
    };
    let Some(chosen) = chosen else { return problem(&Problem::NothingChosen) };
    let credential = match client_and_credential(&app, &pending, who).await {
        Ok(Some((_, credential))) => credential,
        Ok(None) => return problem(&Problem::Expired),
        Err(error) => {
            tracing::error!("Consent could not be kept: {error}");
            return problem(&Problem::Trouble);
        }
    };
    match app.oauth.allow(&site, &pending, &credential, &chosen).await {
        Ok(Some(to)) => see_other(&to),
        Ok(None) => problem(&Problem::Expired),
        Err(error) => {
            tracing::error!("Consent could not be kept: {error}");
            problem(&Problem::Trouble)
        }
    }
}

/// The person and the credential that a request is about.
type Who = (PersonId, CredentialId);

/// The request, which must have come through the login.
fn open(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    sealed: &str,
) -> Result<(Browser, Pending, Who), Box<Response>> {
    let (browser, pending) = pending::open(app, site, headers, sealed)?;
    match pending.signed_in {
        Some(who) => Ok((browser, pending, who)),
        None => Err(Box::new(problem(&Problem::NotThisBrowser))),
    }
}

async fn client_and_credential(
    app: &App,
    pending: &Pending,
    (person, id): Who,
) -> StoreResult<Option<(Client, Credential)>> {
    let client = app.oauth.pending_client(pending).await?;
    let credential = app.oauth.credential(person, id).await?;
    Ok(client.zip(credential))
}

fn show(
    app: &App,
    browser: &Browser,
    sealed: &str,
    pending: &Pending,
    client: &Client,
    credential: &Credential,
    places: &[choice::Place],
) -> Response {
    let goes_to = destination(&pending.redirect_uri);
    let described_at = match client.registration {
        Registration::Document { .. } => Some(destination(client.id.as_str())),
        Registration::Dynamic | Registration::PreRegistered => None,
    };
    let authority = &credential.authority;
    let declared = app.oauth.config().service.scopes.iter().copied();
    let asked = declared.filter(|scope| pending.scopes.contains(scope.name));
    let page = ConsentPage {
        client: client.name.as_deref(),
        client_id: client.id.as_str(),
        described_at: described_at.as_deref(),
        goes_to: &goes_to,
        on_this_computer: is_an_app_here(&pending.redirect_uri),
        account: credential.profile.label(),
        xano: authority.split("://").nth(1).unwrap_or(authority),
        scopes: asked.collect(),
        may_read_only: pending.scopes.allow(scopes::READ) && pending.scopes.names().count() > 1,
        toolsets: choice::toolsets(&app.inventory),
        places,
        shown: choice::shown(places),
        request: sealed,
        csrf: &browser.csrf(&app.keys),
    };
    pages::show(StatusCode::OK, &page)
}

/// Where the answer goes, as a person reads it: a web host, or the kind of link an app takes.
pub(crate) fn destination(redirect_uri: &str) -> String {
    match Url::parse(redirect_uri) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => {
            url.host_str().unwrap_or(redirect_uri).to_owned()
        }
        Ok(url) => format!("the app that opens {}: links", url.scheme()),
        Err(_) => redirect_uri.to_owned(),
    }
}

/// Whether the answer stays on the person's own computer, where any program could have asked.
fn is_an_app_here(redirect_uri: &str) -> bool {
    redirect_uri::is_loopback(redirect_uri) || !redirect_uri.starts_with("https:")
}
