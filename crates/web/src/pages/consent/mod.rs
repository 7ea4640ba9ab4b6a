//! `/consent`: the person sees which app asks for which access, can narrow it, and allows or denies it.
//! Consent is asked for every authorization request.

mod choices;
mod page;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use snappy_domain::{CredentialId, PersonId};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_oauth::grant::pending::Pending;
use snappy_store::{Client, Credential, StoreResult};
use snappy_xano::scopes;

use super::browser::Browser;
use super::login::messages;
use super::pending;
use super::problem::Problem;
use super::xano_oauth::{self, Begin};
use crate::app::App;
use crate::middleware::remote_address::RemoteAddress;
use crate::rate_limits::Action;
use crate::responses::see_other;

/// Shows the page.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // The page asks Xano for the person's instances.
    if !app.limiter().count(Action::Authorize, &address) {
        return Problem::TooManyRequests.page();
    }
    let Ok(form) = Form::parse(query.unwrap_or_default().as_bytes()) else {
        return Problem::WrongBrowser.page();
    };
    let encrypted = form.get("request").unwrap_or_default();
    let (browser, pending, signed_in) = match open(&app, &site, &headers, encrypted) {
        Ok(opened) => opened,
        Err(page) => return *page,
    };
    match client_and_credential(&app, &pending, signed_in).await {
        Ok(Some((client, credential, own))) => {
            let instances = choices::instances(&app, &credential, &own).await;
            let shown = page::Shown { client: &client, credential: &credential, own: &own };
            page::show(&app, &browser, encrypted, &pending, &shown, &instances)
        }
        Ok(None) => Problem::Expired.page(),
        Err(error) => {
            tracing::error!("The consent page failed: {error}");
            Problem::ServerError.page()
        }
    }
}

/// Handles the decision. Submitting the form again issues another code.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    Extension(RemoteAddress(address)): Extension<RemoteAddress>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(form) = Form::parse(&body) else {
        return Problem::InvalidForm.page();
    };
    let encrypted = form.get("request").unwrap_or_default();
    let (browser, pending, signed_in) = match open(&app, &site, &headers, encrypted) {
        Ok(opened) => opened,
        Err(page) => return *page,
    };
    if !browser.has_csrf_token(&app.keys, form.get("csrf")) {
        return Problem::InvalidForm.page();
    }
    let selected = match form.get("decision") {
        Some("deny") => return see_other(&app.oauth.deny(&site, &pending)),
        Some("add") if app.offers_oauth => {
            return add(&app, &site, &headers, &browser, &address, pending, &form).await;
        }
        Some("allow") => Some(choices::everything(&pending.scopes)),
        Some("read") => Some(choices::everything(&[scopes::READ].into_iter().collect())),
        Some("custom") => choices::selected(&form, &pending.scopes),
        _ => return Problem::InvalidForm.page(),
    };
    let Some(mut selected) = selected else { return Problem::NothingSelected.page() };
    let (person, own) = match client_and_credential(&app, &pending, signed_in).await {
        Ok(Some((_, credential, own))) => (credential.person, own),
        Ok(None) => return Problem::Expired.page(),
        Err(error) => {
            tracing::error!("The consent could not be stored: {error}");
            return Problem::ServerError.page();
        }
    };
    // A page with one sign-in has no boxes for it.
    selected.credentials = match form.get("sign_ins") {
        Some(_) => chosen_credentials(&form),
        None => vec![signed_in.1],
    };
    selected.credentials.retain(|id| own.iter().any(|one| one.id == *id));
    if selected.credentials.is_empty() {
        return Problem::NoSignInSelected.page();
    }
    match app.oauth.allow(&site, &pending, person, &selected).await {
        Ok(Some(to)) => see_other(&to),
        Ok(None) => Problem::Expired.page(),
        Err(error) => {
            tracing::error!("The consent could not be stored: {error}");
            Problem::ServerError.page()
        }
    }
}

fn chosen_credentials(form: &Form) -> Vec<CredentialId> {
    form.after("credential:").filter_map(|id| id.parse().ok()).collect()
}

/// Sends the person to Xano for another workspace. They come back to this page with what they had chosen.
async fn add(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    browser: &Browser,
    address: &str,
    mut pending: Pending,
    form: &Form,
) -> Response {
    pending.also = chosen_credentials(form);
    let only_reads = xano_oauth::only_reads(app, &pending.scopes);
    let Ok(encrypted) = app.oauth.seal_pending(&pending, browser.as_str()) else {
        return Problem::ServerError.page();
    };
    let begin = Begin { request: Some(&encrypted), grant: None, only_reads };
    match xano_oauth::start(app, site, headers, browser, begin).await {
        Ok(response) => response,
        Err(error) => {
            messages::record_oauth_failure(&error, address);
            let failed = messages::oauth_error_name(&error);
            see_other(&format!("{}&failed={failed}", pending::address("/login", &encrypted)))
        }
    }
}

/// The person who signed in, and the credential they signed in with.
type SignedIn = (PersonId, CredentialId);

/// Decrypts the request, which must have passed the login page.
fn open(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    encrypted: &str,
) -> Result<(Browser, Pending, SignedIn), Box<Response>> {
    let (browser, pending) = pending::open(app, site, headers, encrypted)?;
    match pending.signed_in {
        Some(signed_in) => Ok((browser, pending, signed_in)),
        None => Err(Box::new(Problem::WrongBrowser.page())),
    }
}

async fn client_and_credential(
    app: &App,
    pending: &Pending,
    (person, id): SignedIn,
) -> StoreResult<Option<(Client, Credential, Vec<Credential>)>> {
    let Some(client) = app.oauth.pending_client(pending).await? else { return Ok(None) };
    let own = app.oauth.credentials(person).await?;
    let credential = own.iter().find(|one| one.id == id).cloned();
    Ok(credential.map(|credential| (client, credential, own)))
}
