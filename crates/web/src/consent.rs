//! `/consent`: the person sees who asks for what, and says yes or no. Asked every time.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::AccountId;
use snappy_oauth::form::Form;
use snappy_oauth::pending::Pending;
use snappy_oauth::{Site, redirect_uri};
use snappy_store::{Account, Client, StoreResult};
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
    let (browser, pending, account) = match open(&app, &site, &headers, sealed) {
        Ok(opened) => opened,
        Err(page) => return *page,
    };
    match client_and_account(&app, &pending, account).await {
        Ok(Some((client, account))) => show(&app, &browser, sealed, &pending, &client, &account),
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
    let (browser, pending, account) = match open(&app, &site, &headers, sealed) {
        Ok(opened) => opened,
        Err(page) => return *page,
    };
    if !browser.sent(&app.oauth.keys, form.get("csrf")) {
        return problem(&Problem::NotOurForm);
    }
    match form.get("decision") {
        Some("allow") => match app.oauth.allow(&site, &pending, account, &pending.scopes).await {
            Ok(to) => see_other(&to),
            Err(error) => {
                tracing::error!("Consent could not be kept: {error}");
                problem(&Problem::Trouble)
            }
        },
        Some("deny") => see_other(&app.oauth.deny(&site, &pending)),
        _ => problem(&Problem::NotOurForm),
    }
}

/// The request, which must have come through the login.
fn open(
    app: &App,
    site: &Site,
    headers: &HeaderMap,
    sealed: &str,
) -> Result<(Browser, Pending, AccountId), Box<Response>> {
    let (browser, pending) = pending::open(app, site, headers, sealed)?;
    match pending.account {
        Some(account) => Ok((browser, pending, account)),
        None => Err(Box::new(problem(&Problem::NotThisBrowser))),
    }
}

async fn client_and_account(
    app: &App,
    pending: &Pending,
    account: AccountId,
) -> StoreResult<Option<(Client, Account)>> {
    let client = app.oauth.client(&pending.client).await?;
    let account = app.oauth.store.account(account).await?;
    Ok(client.zip(account))
}

fn show(
    app: &App,
    browser: &Browser,
    sealed: &str,
    pending: &Pending,
    client: &Client,
    account: &Account,
) -> Response {
    let goes_to = Url::parse(&pending.redirect_uri).ok();
    let goes_to = goes_to.as_ref().and_then(Url::host_str).unwrap_or(&pending.redirect_uri);
    let page = ConsentPage {
        client: client.name.as_deref(),
        client_id: client.id.as_str(),
        goes_to,
        on_this_computer: redirect_uri::is_loopback(&pending.redirect_uri),
        account: account.profile.label(),
        xano: account.authority.split("://").nth(1).unwrap_or(&account.authority),
        scopes: pending.scopes.iter().map(|scope| scope.meaning()).collect(),
        request: sealed,
        csrf: &browser.csrf(&app.oauth.keys),
    };
    pages::show(StatusCode::OK, &page)
}
