//! The authorization endpoint.

use http::StatusCode;

use crate::answer::Message;
use crate::call::Call;
use crate::oauth::authorize_request::{self, AuthorizeRequest, Refusal};
use crate::oauth::codes::Allowed;
use crate::oauth::consent_page::{self, Choice};
use crate::oauth::fields::Fields;
use crate::oauth::redirect;
use crate::oauth::settings::OauthSettings;
use crate::seed::instances::INSTANCES;
use crate::seed::people::DEMO_EMAIL;
use crate::server::Server;

/// `GET /oauth2/authorize`: shows the page.
pub(crate) fn show(server: &Server, call: &Call) -> Message {
    let settings = server.settings().oauth.clone();
    let fields = Fields::of_query(call);
    let request = match check(server, &fields, &settings) {
        Ok(request) => request,
        Err(message) => return message,
    };
    let choices: Vec<Choice> = workspaces(server).into_iter().map(|(choice, ..)| choice).collect();
    let note = "This page simulates the consent page of Xano.";
    let html = consent_page::consent(&request, &fields, &choices, DEMO_EMAIL, note);
    Message::page(StatusCode::OK, html)
}

/// `POST /oauth2/authorize`: what the person has decided.
pub(crate) fn decide(server: &Server, call: &Call) -> Message {
    let settings = server.settings().oauth.clone();
    let fields = Fields::of_form(call);
    let request = match check(server, &fields, &settings) {
        Ok(request) => request,
        Err(message) => return message,
    };
    let back = |parameter| {
        let AuthorizeRequest { redirect_uri, state, .. } = &request;
        redirect::back(redirect_uri, parameter, state.as_deref(), &server.origin, &settings)
    };
    if fields.get("decision") == Some("deny") {
        return back(("error", "access_denied"));
    }
    let workspaces = workspaces(server);
    let chosen = fields.get("workspace").unwrap_or_default();
    let chosen = workspaces.iter().find(|(choice, ..)| choice.value == chosen);
    let email = fields.get("email").unwrap_or_default();
    let password = fields.get("password").unwrap_or_default();
    let person = server.accounts().by_password(email, password);
    let (status, note) = match (person, chosen, fields.get("decision")) {
        (Some(person), Some((_, instance, workspace)), Some("allow")) => {
            let allowed = Allowed {
                client_id: request.client_id.clone(),
                redirect_uri: request.redirect_uri.clone(),
                challenge: request.challenge.clone(),
                scope: request.scope.clone(),
                person: person.id,
                instance: (*instance).to_owned(),
                workspace: *workspace,
            };
            let code = server.oauth().codes.issue(call.seed, call.now_ms, allowed);
            server.changed();
            return back(("code", &code));
        }
        (None, ..) => (StatusCode::FORBIDDEN, "Invalid Credentials."),
        (_, None, _) => (StatusCode::BAD_REQUEST, "Choose a workspace."),
        _ => (StatusCode::BAD_REQUEST, "Choose Allow or Cancel."),
    };
    let choices: Vec<Choice> = workspaces.into_iter().map(|(choice, ..)| choice).collect();
    Message::page(status, consent_page::consent(&request, &fields, &choices, email, note))
}

fn check(
    server: &Server,
    fields: &Fields,
    settings: &OauthSettings,
) -> Result<AuthorizeRequest, Message> {
    authorize_request::check(&server.oauth().clients, fields).map_err(|refusal| match refusal {
        Refusal::Page(reason) => {
            Message::page(StatusCode::BAD_REQUEST, consent_page::refusal(reason))
        }
        Refusal::Redirect { redirect_uri, state, error } => redirect::back(
            &redirect_uri,
            ("error", error),
            state.as_deref(),
            &server.origin,
            settings,
        ),
    })
}

/// Each workspace of each instance, with the instance's name and the workspace's id.
fn workspaces(server: &Server) -> Vec<(Choice, &'static str, u64)> {
    let data = server.data();
    let mut all = Vec::new();
    for instance in &INSTANCES {
        for workspace in data.workspaces.values() {
            let choice = Choice {
                value: format!("{}/{}", instance.name, workspace.id),
                label: format!("{} / {}", instance.display, workspace.name),
            };
            all.push((choice, instance.name, workspace.id));
        }
    }
    all
}
