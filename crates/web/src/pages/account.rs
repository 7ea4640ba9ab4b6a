//! `/account`: the person's connected apps, what each may do and when it was last used, and whether Xano
//! still accepts the sign-in. Apps can be disconnected here, one by one or all at once.

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::clock::after;
use snappy_domain::{AccessLimits, Timestamp};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_oauth::grant::Connection;
use snappy_store::{CredentialState, StoreError, StoreResult};
use snappy_xano::session::ANNOUNCED;

use super::problem::Problem;
use super::render::render;
use super::session::{self, Session};
use crate::app::App;
use crate::responses::{add_cookie, see_other};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    account: &'a str,
    xano: &'a str,
    is_usable: bool,
    refreshed_at: String,
    /// When a token that can't be renewed expires, if that is soon.
    expires_at: Option<String>,
    apps: Vec<ConnectedApp>,
    csrf: &'a str,
    notice: Option<&'static str>,
}

struct ConnectedApp {
    id: String,
    name: String,
    permissions: Vec<&'static str>,
    is_limited: bool,
    connected_at: String,
    last_used_at: Option<String>,
}

/// Shows the page. Without a session it redirects to the login page, which redirects back.
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
    match page(&app, &session, form.get("notice")).await {
        Ok(Some(page)) => page,
        Ok(None) => see_other("/login"),
        Err(error) => storage_error(&error),
    }
}

/// Disconnects apps, or signs the person out.
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
    let only = match form.get("action") {
        Some("sign_out") => return add_cookie(see_other("/"), session::end(&site)),
        Some("disconnect") => match form.get("grant").and_then(|id| id.parse().ok()) {
            Some(id) => Some(id),
            None => return Problem::InvalidForm.page(),
        },
        Some("disconnect_all") => None,
        _ => return Problem::InvalidForm.page(),
    };
    match app.oauth.end_connections(person, only).await {
        Ok(0) => see_other("/account"),
        Ok(_) => see_other("/account?notice=disconnected"),
        Err(error) => storage_error(&error),
    }
}

async fn page(app: &App, session: &Session, notice: Option<&str>) -> StoreResult<Option<Response>> {
    let now = app.runtime.clock.now();
    let credential = app.oauth.credential(session.person, session.credential).await?;
    let Some(credential) = credential else { return Ok(None) };
    let connections = app.oauth.connections(session.person).await?;
    let apps = connections.into_iter().map(|connection| connected_app(app, connection)).collect();
    let renewable = credential.secret.kind().is_renewable();
    let expires_at = credential.secret.expires_at();
    let expires_at = expires_at.filter(|at| !renewable && *at <= after(now, ANNOUNCED));
    let authority = &credential.authority;
    let page = AccountPage {
        account: credential.profile.label(),
        xano: authority.split("://").nth(1).unwrap_or(authority),
        is_usable: credential.state == CredentialState::Usable,
        refreshed_at: format_time(credential.refreshed_at),
        expires_at: expires_at.map(format_time),
        apps,
        csrf: &session.browser.csrf_token(&app.keys),
        notice: notice.and_then(notice_text),
    };
    Ok(Some(render(StatusCode::OK, &page)))
}

fn connected_app(app: &App, Connection { grant, client_name }: Connection) -> ConnectedApp {
    let declared = app.oauth.config().service.scopes.iter();
    let granted = declared.filter(|scope| grant.scopes.contains(scope.name));
    ConnectedApp {
        id: grant.id.to_string(),
        name: client_name.unwrap_or_else(|| "An app".to_owned()),
        permissions: granted.map(|scope| scope.meaning).collect(),
        is_limited: grant.limits != AccessLimits::default(),
        connected_at: format_time(grant.created_at),
        last_used_at: grant.used_at.map(format_time),
    }
}

/// A time as `YYYY-MM-DD HH:MM UTC`.
fn format_time(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, rest) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", rest.get(..5).unwrap_or_default())
}

/// The notice at the top of the page, by its name in the query.
fn notice_text(name: &str) -> Option<&'static str> {
    match name {
        "renewed" => Some(
            "Your Xano sign-in is renewed. If an app asked you to sign in, go back to it and try \
             again.",
        ),
        "new" => Some(
            "You are signed in, but no app uses this sign-in. If an app asked you to sign in, use the \
             same account and the same sign-in method that you connected it with.",
        ),
        "disconnected" => Some("Disconnected. This takes effect immediately."),
        _ => None,
    }
}

fn storage_error(error: &StoreError) -> Response {
    tracing::error!("The account page failed: {error}");
    Problem::ServerError.page()
}
