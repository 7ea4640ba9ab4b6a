//! `/account`: the person's Xano sign-ins with what each reaches, its state and its end; and their connected apps, what
//! each may do and when it was last used. Sign-ins can be added and removed here, and apps disconnected.

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use snappy_domain::clock::after;
use snappy_domain::{AccessLimits, PersonId, Timestamp};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_oauth::grant::Connection;
use snappy_store::{Credential, CredentialKind, CredentialSecret, Party, StoreError, StoreResult};
use snappy_xano::session::ANNOUNCED;

use super::problem::Problem;
use super::render::render;
use super::session::{self, Session};
use super::sign_ins::{self, SignInRow, format_time};
use crate::app::App;
use crate::responses::{add_cookie, see_other};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage<'a> {
    account: &'a str,
    xano: &'a str,
    sign_ins: Vec<SignInRow>,
    offers_oauth: bool,
    /// When a pasted token expires, if that is soon.
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
    /// What the sign-ins that it uses reach, if there is a choice.
    reaches: Vec<String>,
    connected_at: String,
    last_used_at: Option<String>,
    /// That two parties used one of its tokens.
    fork: Option<ShownFork>,
}

struct ShownFork {
    at: String,
    first: Party,
    second: Party,
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
        Some("remove") => return remove(&app, person, &form).await,
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

/// Removes a sign-in here, and at Xano where that is possible.
async fn remove(app: &App, person: PersonId, form: &Form) -> Response {
    let Some(id) = form.get("credential").and_then(|id| id.parse().ok()) else {
        return Problem::InvalidForm.page();
    };
    let removed = match app.oauth.remove_credential(person, id).await {
        Ok(Some(removed)) => removed,
        Ok(None) => return see_other("/account"),
        Err(error) => return storage_error(&error),
    };
    let notice = match &removed.secret {
        CredentialSecret::OAuth(tokens) if app.xano.oauth().revoke(tokens).await => "removed",
        CredentialSecret::OAuth(_) => "removed_here",
        CredentialSecret::Session { .. } => "removed_session",
        _ => "removed_token",
    };
    see_other(&format!("/account?notice={notice}"))
}

async fn page(app: &App, session: &Session, notice: Option<&str>) -> StoreResult<Option<Response>> {
    let now = app.runtime.clock.now();
    let credential = app.oauth.credential(session.person, session.credential).await?;
    let Some(credential) = credential else { return Ok(None) };
    let credentials = app.oauth.credentials(session.person).await?;
    let connections = app.oauth.connections(session.person).await?;
    let apps = connections.into_iter();
    let apps = apps.map(|connection| connected_app(app, connection, &credentials, now)).collect();
    let is_pasted = credential.secret.kind() == CredentialKind::Token;
    let expires_at = credential.secret.expires_at();
    let expires_at = expires_at.filter(|at| is_pasted && *at <= after(now, ANNOUNCED));
    let authority = &credential.authority;
    let page = AccountPage {
        account: credential.profile.label(),
        xano: authority.split("://").nth(1).unwrap_or(authority),
        sign_ins: sign_ins::rows(&credentials, now, &[]),
        offers_oauth: app.offers_oauth,
        expires_at: expires_at.map(format_time),
        apps,
        csrf: &session.browser.csrf_token(&app.keys),
        notice: notice.and_then(notice_text),
    };
    Ok(Some(render(StatusCode::OK, &page)))
}

fn connected_app(
    app: &App,
    Connection { grant, client_name }: Connection,
    credentials: &[Credential],
    now: Timestamp,
) -> ConnectedApp {
    let declared = app.oauth.config().service.scopes.iter();
    let granted = declared.filter(|scope| grant.scopes.contains(scope.name));
    let used = credentials.iter().filter(|one| grant.credentials.contains(&one.id));
    let is_choice = credentials.len() > 1 || credentials.iter().any(|one| one.secret.rotates());
    let reaches = used.map(|one| SignInRow::of(one, now, true).label);
    ConnectedApp {
        id: grant.id.to_string(),
        name: client_name.unwrap_or_else(|| "An app".to_owned()),
        permissions: granted.map(|scope| scope.meaning).collect(),
        is_limited: grant.limits != AccessLimits::default(),
        reaches: if is_choice { reaches.collect() } else { Vec::new() },
        connected_at: format_time(grant.created_at),
        last_used_at: grant.used_at.map(format_time),
        fork: grant.fork.map(|fork| ShownFork {
            at: format_time(fork.at),
            first: fork.first,
            second: fork.second,
        }),
    }
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
        "added" => Some(
            "The workspace is added. To let an app use it, choose Change next to the app. If an app asked \
             you to sign in, pick the workspace that the app uses.",
        ),
        "ends" => Some(
            "You are signed in, but Xano gave no way to renew this sign-in. It works until it ends; \
             then sign in again.",
        ),
        "disconnected" => Some("Disconnected. This takes effect immediately."),
        "changed" => Some("Saved. Go back to your app and try again."),
        "removed" => Some("Removed, here and at Xano. Apps that used it can't use it any more."),
        "removed_session" => Some("Removed. Apps that used it can't use it any more."),
        "removed_here" => Some(
            "Removed here. Xano did not confirm that it ended the sign-in; check the connected apps in \
             your Xano account.",
        ),
        "removed_token" => Some(
            "Removed here. The access token stays valid at Xano until it expires or you revoke it \
             there.",
        ),
        "other_person" => Some(
            "This account has no such app. You signed in with another Xano account than the one the \
             app is connected to.",
        ),
        _ => None,
    }
}

fn storage_error(error: &StoreError) -> Response {
    tracing::error!("The account page failed: {error}");
    Problem::ServerError.page()
}
