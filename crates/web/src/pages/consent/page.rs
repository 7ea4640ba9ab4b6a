//! The consent page.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use snappy_domain::Scope;
use snappy_oauth::grant::pending::Pending;
use snappy_store::{Client, Credential, Registration};
use snappy_tools::Toolset;
use snappy_xano::scopes;

use super::choices::{self, InstanceChoice};
use crate::app::App;
use crate::pages::browser::Browser;
use crate::pages::redirect_target;
use crate::pages::render::render;
use crate::pages::sign_ins::{self, SignInRow};

#[derive(Template)]
#[template(path = "consent.html")]
struct ConsentPage<'a> {
    client: Option<&'a str>,
    client_id: &'a str,
    /// The host of the client's metadata document, if it has one.
    metadata_host: Option<&'a str>,
    redirect_target: &'a str,
    on_this_device: bool,
    account: &'a str,
    xano: &'a str,
    /// The person's sign-ins, if there is a choice.
    sign_ins: Vec<SignInRow>,
    offers_oauth: bool,
    /// Whether the sign-in reaches one workspace.
    is_one_workspace: bool,
    scopes: Vec<Scope>,
    offers_read_only: bool,
    toolsets: Vec<Toolset>,
    instances: &'a [InstanceChoice],
    /// The number of boxes for instances and workspaces.
    instance_boxes: usize,
    request: &'a str,
    csrf: &'a str,
}

/// Who the page is about.
pub(super) struct Shown<'a> {
    pub(super) client: &'a Client,
    /// What the person signed in with.
    pub(super) credential: &'a Credential,
    /// All their credentials.
    pub(super) own: &'a [Credential],
}

/// Renders the page.
pub(super) fn show(
    app: &App,
    browser: &Browser,
    encrypted: &str,
    pending: &Pending,
    shown: &Shown<'_>,
    instances: &[InstanceChoice],
) -> Response {
    let Shown { client, credential, own } = shown;
    let mut checked = pending.also.clone();
    checked.push(credential.id);
    let is_one_workspace = credential.secret.coverage().is_some();
    let is_choice = is_one_workspace || own.iter().any(|one| one.secret.coverage().is_some());
    let sign_ins =
        if is_choice { sign_ins::rows(own, app.runtime.clock.now(), &checked) } else { Vec::new() };
    let redirect_target = redirect_target::describe(&pending.redirect_uri);
    let metadata_host = match client.registration {
        Registration::Document { .. } => Some(redirect_target::describe(client.id.as_str())),
        Registration::Dynamic | Registration::PreRegistered => None,
    };
    let authority = &credential.authority;
    let declared = app.oauth.config().service.scopes.iter().copied();
    let requested = declared.filter(|scope| pending.scopes.contains(scope.name));
    let page = ConsentPage {
        client: client.name.as_deref(),
        client_id: client.id.as_str(),
        metadata_host: metadata_host.as_deref(),
        redirect_target: &redirect_target,
        on_this_device: redirect_target::is_on_this_device(&pending.redirect_uri),
        account: credential.profile.label(),
        xano: authority.split("://").nth(1).unwrap_or(authority),
        sign_ins,
        offers_oauth: app.offers_oauth,
        is_one_workspace,
        scopes: requested.collect(),
        offers_read_only: pending.scopes.allow(scopes::READ) && pending.scopes.names().count() > 1,
        toolsets: choices::toolsets(&app.inventory),
        instances,
        instance_boxes: choices::count_boxes(instances),
        request: encrypted,
        csrf: &browser.csrf_token(&app.keys),
    };
    render(StatusCode::OK, &page)
}
