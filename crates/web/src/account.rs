//! `/account`: the person's own page. Which apps are connected, what they may do, when they were last
//! used; ending one or all; whether Xano still takes the sign-in.

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use snappy_domain::clock::after;
use snappy_domain::{AccountId, GrantId, Timestamp, audit};
use snappy_oauth::Site;
use snappy_oauth::form::Form;
use snappy_store::{AccountState, Applied, Grant, RevocationReason, StoreError, StoreResult};

use snappy_xano::session::ANNOUNCED;

use crate::App;
use crate::browser::{self, Browser};
use crate::pages::{self, AccountPage, Connected, Problem, problem};
use crate::reply::see_other;

/// Shows the page; without a session it leads to the login, which leads back.
pub(crate) async fn get(
    State(app): State<App>,
    Extension(site): Extension<Site>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some((browser, account)) = browser::session(&app, &site, &headers) else {
        return see_other("/login");
    };
    let form = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    match page(&app, &browser, account, form.get("notice")).await {
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
    let Some((browser, account)) = browser::session(&app, &site, &headers) else {
        return see_other("/login");
    };
    let Ok(form) = Form::parse(&body) else { return problem(&Problem::NotOurForm) };
    if !browser.sent(&app.oauth.keys, form.get("csrf")) {
        return problem(&Problem::NotOurForm);
    }
    let ended = match form.get("action") {
        Some("leave") => {
            let mut response = see_other("/");
            let closed = browser::close_session(&site);
            response.headers_mut().extend(closed.map(|cookie| (header::SET_COOKIE, cookie)));
            return response;
        }
        Some("end") => end(&app, account, form.get("grant").and_then(|id| id.parse().ok())).await,
        Some("end_all") => end(&app, account, None).await,
        _ => return problem(&Problem::NotOurForm),
    };
    match ended {
        Ok(0) => see_other("/account"),
        Ok(_) => see_other("/account?notice=ended"),
        Err(error) => trouble(&error),
    }
}

/// Ends one of the account's own grants, or all, and says how many that were.
async fn end(app: &App, account: AccountId, only: Option<GrantId>) -> StoreResult<usize> {
    let now = app.oauth.clock.now();
    let mut ended = 0;
    for grant in app.oauth.store.grants_of(account, now).await? {
        if only.is_none_or(|only| only == grant.id) {
            let reason = RevocationReason::Person;
            if app.oauth.store.revoke_grant(grant.id, reason, now).await? == Applied::Yes {
                audit::GRANT_REVOKED.record(audit::Fields {
                    grant_id: Some(grant.id),
                    client_id: Some(&grant.client),
                    reason: Some(reason.as_str()),
                    ..Default::default()
                });
                ended += 1;
            }
        }
    }
    Ok(ended)
}

async fn page(
    app: &App,
    browser: &Browser,
    id: AccountId,
    notice: Option<&str>,
) -> StoreResult<Option<Response>> {
    let now = app.oauth.clock.now();
    let Some(account) = app.oauth.store.account(id).await? else { return Ok(None) };
    let mut connected = Vec::new();
    for grant in app.oauth.store.grants_of(id, now).await? {
        connected.push(shown(app, grant).await?);
    }
    let ends = account
        .credential
        .key_expires_at
        .filter(|ends| !account.kind.can_be_renewed() && *ends <= after(now, ANNOUNCED));
    let page = AccountPage {
        who: account.profile.label(),
        xano: account.authority.split("://").nth(1).unwrap_or(&account.authority),
        works: account.state == AccountState::Usable,
        since: day(account.refreshed_at),
        ends: ends.map(day),
        connected,
        csrf: &browser.csrf(&app.oauth.keys),
        notice: notice.and_then(pages::notice),
    };
    Ok(Some(pages::show(StatusCode::OK, &page)))
}

async fn shown(app: &App, grant: Grant) -> StoreResult<Connected> {
    let client = app.oauth.client(&grant.client).await?;
    let name = client.and_then(|client| client.name).unwrap_or_else(|| "An app".to_owned());
    let narrowed = grant.limits != snappy_domain::Limits::default();
    Ok(Connected {
        id: grant.id.to_string(),
        name,
        may: grant.scopes.iter().map(|scope| scope.meaning()).collect(),
        narrowed,
        since: day(grant.created_at),
        used: grant.used_at.map(day),
    })
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
