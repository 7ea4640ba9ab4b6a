//! `/account`: the person's own page. Which apps are connected, what they may do, when they were last
//! used; ending one or all; whether Xano still takes the sign-in.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use snappy_domain::clock::after;
use snappy_domain::{AccessLimits, Timestamp};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_oauth::grant::Connection;
use snappy_store::{CredentialState, StoreError, StoreResult};
use snappy_xano::session::ANNOUNCED;

use crate::App;
use crate::browser::{self, SignedIn};
use crate::pages::{self, AccountPage, Connected, Problem, problem};
use crate::reply::see_other;

/// Shows the page; without a session it leads to the login, which leads back.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(signed_in) = browser::session(&app, &site, &headers) else {
        return see_other("/login");
    };
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    match page(&app, &signed_in, form.get("notice")).await {
        Ok(Some(page)) => page,
        Ok(None) => see_other("/login"),
        Err(error) => trouble(&error),
    }
}

/// Ends connections, or the session.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(SignedIn { browser, person, .. }) = browser::session(&app, &site, &headers) else {
        return see_other("/login");
    };
    let Ok(form) = Form::parse(&body) else { return problem(&Problem::NotOurForm) };
    if !browser.sent(&app.keys, form.get("csrf")) {
        return problem(&Problem::NotOurForm);
    }
    let only = match form.get("action") {
        Some("leave") => {
            let mut response = see_other("/");
            let closed = browser::close_session(&site);
            response.headers_mut().extend(closed.map(|cookie| (header::SET_COOKIE, cookie)));
            return response;
        }
        Some("end") => match form.get("grant").and_then(|id| id.parse().ok()) {
            Some(id) => Some(id),
            None => return problem(&Problem::NotOurForm),
        },
        Some("end_all") => None,
        _ => return problem(&Problem::NotOurForm),
    };
    match app.oauth.end_connections(person, only).await {
        Ok(0) => see_other("/account"),
        Ok(_) => see_other("/account?notice=ended"),
        Err(error) => trouble(&error),
    }
}

async fn page(
    app: &App,
    signed_in: &SignedIn,
    notice: Option<&str>,
) -> StoreResult<Option<Response>> {
    let now = app.runtime.clock.now();
    let credential = app.oauth.credential(signed_in.person, signed_in.credential).await?;
    let Some(credential) = credential else { return Ok(None) };
    let connections = app.oauth.connections(signed_in.person).await?;
    let connected = connections.into_iter().map(|one| shown(app, one)).collect();
    let renewable = credential.secret.kind().is_renewable();
    let ends = credential.secret.expires_at();
    let ends = ends.filter(|ends| !renewable && *ends <= after(now, ANNOUNCED));
    let authority = &credential.authority;
    let page = AccountPage {
        who: credential.profile.label(),
        xano: authority.split("://").nth(1).unwrap_or(authority),
        works: credential.state == CredentialState::Usable,
        since: day(credential.refreshed_at),
        ends: ends.map(day),
        connected,
        csrf: &signed_in.browser.csrf(&app.keys),
        notice: notice.and_then(pages::notice),
    };
    Ok(Some(pages::show(StatusCode::OK, &page)))
}

fn shown(app: &App, Connection { grant, client_name }: Connection) -> Connected {
    let declared = app.oauth.config().service.scopes.iter();
    let granted = declared.filter(|scope| grant.scopes.contains(scope.name));
    Connected {
        id: grant.id.to_string(),
        name: client_name.unwrap_or_else(|| "An app".to_owned()),
        may: granted.map(|scope| scope.meaning).collect(),
        narrowed: grant.limits != AccessLimits::default(),
        since: day(grant.created_at),
        used: grant.used_at.map(day),
    }
}

/// A time as the page shows it: the day and the hour, in UTC.
fn day(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, rest) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", rest.get(..5).unwrap_or_default())
}

fn trouble(error: &StoreError) -> Response {
    tracing::error!("The account page failed: {error}");
    problem(&Problem::Trouble)
}
