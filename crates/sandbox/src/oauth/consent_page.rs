//! The pages of the authorization endpoint.

use crate::oauth::authorize_request::{AuthorizeRequest, PARAMETERS};
use crate::oauth::fields::Fields;
use crate::oauth::scopes;
use crate::page::{document, escape};

/// A workspace that can be chosen.
#[derive(Debug)]
pub(crate) struct Choice {
    /// `<instance name>/<workspace id>`.
    pub(crate) value: String,
    /// For example `Acme Store / Playground`.
    pub(crate) label: String,
}

/// The page on which a person signs in, chooses a workspace, and decides. Keeps what was entered before,
/// except the password.
pub(crate) fn consent(
    request: &AuthorizeRequest,
    fields: &Fields,
    choices: &[Choice],
    email: &str,
    note: &str,
) -> String {
    let client = escape(&request.client_name);
    let scopes: String = scopes::split(&request.scope)
        .map(|scope| format!("<li><code>{}</code></li>", escape(scope)))
        .collect();
    let hidden: String = PARAMETERS
        .iter()
        .filter_map(|name| Some((name, fields.get(name)?)))
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value))
        })
        .collect();
    let chosen = fields.get("workspace");
    let workspaces: String = choices.iter().map(|choice| radio(choice, chosen)).collect();
    document(&format!(
        "<p>{note}</p>\
         <p><strong>{client}</strong> asks for access to one workspace, with these scopes:</p>\
         <ul>{scopes}</ul><form method=\"post\" action=\"/oauth2/authorize\">{hidden}\
         <p><label>E-mail<br><input name=\"email\" type=\"email\" autocomplete=\"username\" \
         value=\"{}\"></label></p>\
         <p><label>Password<br><input name=\"password\" type=\"password\" \
         autocomplete=\"current-password\"></label></p>\
         <fieldset><legend>Workspace</legend>{workspaces}</fieldset>\
         <p><button name=\"decision\" value=\"allow\">Allow</button> \
         <button name=\"decision\" value=\"deny\" formnovalidate>Cancel</button></p></form>",
        escape(email),
    ))
}

fn radio(choice: &Choice, chosen: Option<&str>) -> String {
    let checked = if chosen == Some(&choice.value) { " checked" } else { "" };
    format!(
        "<label><input type=\"radio\" name=\"workspace\" value=\"{}\" required{checked}> {}</label><br>",
        escape(&choice.value),
        escape(&choice.label),
    )
}

/// The page for a request that leads nowhere.
pub(crate) fn refusal(reason: &str) -> String {
    document(&format!("<p>{reason}</p><p>Close this page, and start again in the application.</p>"))
}
