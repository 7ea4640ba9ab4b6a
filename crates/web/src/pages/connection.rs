//! `/account/connection`: which of a person's Xano sign-ins an app may use, and `/account/workspace`, where an app sends
//! its person to add one.

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::{CredentialId, GrantId};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_oauth::grant::Connection;
use snappy_store::{Applied, StoreError};

use super::browser::Browser;
use super::problem::Problem;
use super::render::render;
use super::session::{self, Session};
use super::sign_ins::{self, SignInRow};
use super::xano_oauth;
use crate::app::App;
use crate::responses::{add_cookie, see_other};

#[derive(Template)]
#[template(path = "connection.html")]
struct ConnectionPage<'a> {
    app: &'a str,
    grant: String,
    sign_ins: Vec<SignInRow>,
    added: bool,
    /// Whether the person limited it to some instances or workspaces when they connected it.
    limited: bool,
    /// Whether the app only reads.
    only_reads: bool,
    offers_oauth: bool,
    csrf: &'a str,
}

#[derive(Template)]
#[template(path = "workspace.html")]
struct WorkspacePage<'a> {
    grant: Option<String>,
    xano: &'a str,
    /// The login page for the app.
    login: String,
    /// Whether the app only reads.
    only_reads: bool,
    offers_oauth: bool,
    csrf: &'a str,
}

fn storage_error(error: &StoreError) -> Response {
    tracing::error!("The page of a connection failed: {error}");
    Problem::ServerError.page()
}

/// The person's connection with this id.
async fn own(app: &App, session: &Session, id: GrantId) -> Result<Option<Connection>, StoreError> {
    let connections = app.oauth.connections(session.person).await?;
    Ok(connections.into_iter().find(|connection| connection.grant.id == id))
}

/// Shows which sign-ins the connection may use. `add` names one that was just made for it.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(session) = session::get(&app, &site, &headers) else {
        return see_other("/login");
    };
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let Some(id) = form.get("grant").and_then(|id| id.parse().ok()) else {
        return see_other("/account");
    };
    let added: Option<CredentialId> = form.get("add").and_then(|id| id.parse().ok());
    let (connection, credentials) =
        match (own(&app, &session, id).await, app.oauth.credentials(session.person).await) {
            (Ok(Some(connection)), Ok(credentials)) => (connection, credentials),
            // Somebody signed in as another person than the one whose app this is.
            (Ok(None), _) => return see_other("/account?notice=other_person"),
            (Err(error), _) | (_, Err(error)) => return storage_error(&error),
        };
    let added = added.filter(|id| credentials.iter().any(|one| one.id == *id));
    let mut checked = connection.grant.credentials.clone();
    checked.extend(added);
    let now = app.runtime.clock.now();
    let page = ConnectionPage {
        app: connection.client_name.as_deref().unwrap_or("An app"),
        grant: id.to_string(),
        sign_ins: sign_ins::rows(&credentials, now, &checked),
        added: added.is_some(),
        limited: connection.grant.limits.instances.is_some(),
        only_reads: xano_oauth::only_reads(&app, &connection.grant.scopes),
        offers_oauth: app.offers_oauth,
        csrf: &session.browser.csrf_token(&app.keys),
    };
    render(StatusCode::OK, &page)
}

/// Changes which sign-ins the connection may use.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(Session { browser, person, .. }) = session::get(&app, &site, &headers) else {
        return see_other("/login");
    };
    let Ok(form) = Form::parse(&body) else { return Problem::InvalidForm.page() };
    if !browser.has_csrf_token(&app.keys, form.get("csrf")) {
        return Problem::InvalidForm.page();
    }
    let Some(grant) = form.get("grant").and_then(|id| id.parse().ok()) else {
        return Problem::InvalidForm.page();
    };
    let chosen: Vec<_> = form.after("credential:").filter_map(|id| id.parse().ok()).collect();
    if chosen.is_empty() {
        return Problem::NoSignInSelected.page();
    }
    match app.oauth.set_grant_credentials(person, grant, &chosen).await {
        Ok(Applied::Yes) => see_other("/account?notice=changed"),
        Ok(Applied::No) => see_other("/account"),
        Err(error) => storage_error(&error),
    }
}

/// `/account/workspace`: adds a workspace for an app, which Xano asks for. Nobody needs to be signed in here: Xano says
/// who it is.
pub(crate) async fn add_workspace(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let grant: Option<GrantId> = form.get("grant").and_then(|id| id.parse().ok());
    let known = Browser::from_headers(&headers, &site);
    let browser = known.unwrap_or_else(|| Browser::new(&*app.runtime.random));
    let account = app.account_origin.split("://").nth(1);
    let only_reads = form.get("access") == Some("read");
    let login = grant.map(|grant| xano_oauth::login_path(grant, only_reads));
    let page = WorkspacePage {
        grant: grant.map(|grant| grant.to_string()),
        xano: account.unwrap_or(&app.account_origin),
        login: login.unwrap_or_else(|| "/login".to_owned()),
        only_reads,
        offers_oauth: app.offers_oauth,
        csrf: &browser.csrf_token(&app.keys),
    };
    add_cookie(render(StatusCode::OK, &page), browser.set_cookie(&site))
}
