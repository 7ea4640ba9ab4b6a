//! `GET /login?dest=cli`: Xano's own sign-in page, as used by the official command line. With `callback`, it
//! redirects there with `?token=`; otherwise it shows the token.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, header};

use crate::page::{document, escape};
use crate::seed::people::DEMO_EMAIL;
use crate::server::Server;

fn fields(encoded: &[u8]) -> HashMap<String, String> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn page(status: StatusCode, main: &str) -> Response {
    (status, Html(document(main))).into_response()
}

fn form(callback: &str, email: &str, note: &str) -> String {
    format!(
        "<p>{note}</p><form method=\"post\" action=\"/login\">\
         <input type=\"hidden\" name=\"callback\" value=\"{}\">\
         <p><label>E-mail<br><input name=\"email\" type=\"email\" value=\"{}\"></label></p>\
         <p><label>Password<br><input name=\"password\" type=\"password\"></label></p>\
         <button>Sign in</button></form>",
        escape(callback),
        escape(email),
    )
}

/// Shows the form.
pub(crate) async fn show(RawQuery(query): RawQuery) -> Response {
    let fields = fields(query.unwrap_or_default().as_bytes());
    let callback = fields.get("callback").map(String::as_str).unwrap_or_default();
    let note = "This page simulates the sign-in page of Xano.";
    page(StatusCode::OK, &form(callback, DEMO_EMAIL, note))
}

/// Handles the submitted form, and returns the token.
pub(crate) async fn submit(State(server): State<Arc<Server>>, body: Bytes) -> Response {
    let fields = fields(&body);
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let key = {
        let mut accounts = server.accounts();
        let person = accounts.by_password(field("email"), field("password"));
        person.and_then(|person| accounts.valid_key(person.email))
    };
    let Some((key, minted)) = key else {
        let note = "Invalid Credentials.";
        return page(StatusCode::FORBIDDEN, &form(field("callback"), field("email"), note));
    };
    if minted {
        server.changed();
    }
    match field("callback") {
        "" => page(StatusCode::OK, &format!("<p>Copy this code:</p><code>{key}</code>")),
        callback => {
            let to = format!("{callback}?token={key}");
            (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
        }
    }
}
