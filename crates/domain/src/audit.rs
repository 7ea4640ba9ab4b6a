//! The audit trail: what happened to sign-ins, clients and grants, as log lines of one shape with ids
//! and never a token. [`EVENTS`] is the whole set; `docs/audit.md` is generated from it. Names and fields
//! are an interface: log collectors rely on them.

use std::fmt::Display;

use tracing::field::{DisplayValue, display};

use crate::{ClientId, CredentialId, GrantId, PersonId};

/// The `target` of the lines, for filters.
pub const TARGET: &str = "audit";

/// One kind of event.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub name: &'static str,
    /// When it happens, as a sentence without its full stop.
    pub when: &'static str,
    /// The fields that it always has.
    pub fields: &'static [&'static str],
}

/// What an event is about. Each kind has its own choice of these.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a> {
    /// The grant: a connection, as people see it.
    pub grant_id: Option<GrantId>,
    pub client_id: Option<&'a ClientId>,
    /// The person, or the service account that stands for one.
    pub person_id: Option<PersonId>,
    /// The person's credential at the service.
    pub credential_id: Option<CredentialId>,
    /// How it was done.
    pub method: Option<&'a str>,
    /// How it ended.
    pub outcome: Option<&'a str>,
    /// Why, without anything that was typed or sent.
    pub reason: Option<&'a str>,
    /// The client's network address.
    pub address: Option<&'a str>,
    pub user_agent: Option<&'a str>,
    /// The address of whoever was first.
    pub first_address: Option<&'a str>,
    pub first_user_agent: Option<&'a str>,
}

macro_rules! events {
    ($($(#[$doc:meta])* $event:ident = $name:literal, $when:literal, [$($field:literal),*];)*) => {
        $(
            $(#[$doc])*
            #[doc = $when]
            pub const $event: Event = Event { name: $name, when: $when, fields: &[$($field),*] };
        )*

        /// Every kind of event, in the order of the reference page.
        pub const EVENTS: &[Event] = &[$($event),*];
    };
}

events! {
    SIGN_IN = "sign_in", "A person signed in",
        ["person_id", "credential_id", "method"];
    SIGN_IN_FAILED = "sign_in_failed", "A sign-in failed",
        ["method", "reason", "address"];
    CLIENT_REGISTERED = "client_registered", "A client was registered, or its metadata document was read for the first time",
        ["client_id", "method"];
    CLIENT_REMOVED = "client_removed", "The operator removed a client; its grants were revoked",
        ["client_id"];
    CLIENT_AUTHENTICATION_FAILED = "client_authentication_failed", "A registered client failed to authenticate",
        ["client_id", "reason"];
    CONSENT_GRANTED = "consent_granted", "A person allowed a client",
        ["client_id", "person_id"];
    CONSENT_DENIED = "consent_denied", "A person refused a client",
        ["client_id"];
    GRANT_CREATED = "grant_created", "A client or a service account received a grant",
        ["grant_id", "client_id", "person_id", "method"];
    REFRESH_TOKEN_USED = "refresh_token_used", "A client presented a refresh token",
        ["grant_id", "client_id", "outcome"];
    REFRESH_TOKEN_FORKED = "refresh_token_forked", "Two programs, or two networks, used one refresh token",
        ["grant_id", "client_id", "person_id", "address", "user_agent", "first_address", "first_user_agent"];
    ACCESS_TOKEN_ISSUED = "access_token_issued", "A service account received an access token",
        ["grant_id", "client_id", "person_id"];
    ACCESS_TOKEN_REVOKED = "access_token_revoked", "A client revoked one of its access tokens",
        ["grant_id", "client_id"];
    GRANT_REVOKED = "grant_revoked", "A grant was revoked",
        ["grant_id", "client_id", "reason"];
    GRANTS_REVOKED = "grants_revoked", "The operator revoked all grants",
        ["reason"];
    INSUFFICIENT_SCOPE = "insufficient_scope", "A call needed a scope that the access token does not have",
        ["grant_id", "client_id", "reason"];
    CREDENTIAL_REMOVED = "credential_removed", "A person removed one of their credentials at the service",
        ["person_id", "credential_id"];
    GRANT_CREDENTIALS_CHANGED = "grant_credentials_changed", "A person changed which of their credentials a grant may use",
        ["grant_id", "person_id"];
    CREDENTIAL_REFRESHED = "credential_refreshed", "A newer credential was requested from the service",
        ["person_id", "credential_id", "outcome"];
}

fn shown<T: Display>(value: Option<T>) -> Option<DisplayValue<T>> {
    value.map(display)
}

impl Event {
    /// Writes the line.
    pub fn record(&self, fields: Fields<'_>) {
        let Fields {
            grant_id,
            client_id,
            person_id,
            credential_id,
            method,
            outcome,
            reason,
            address,
            user_agent,
            first_address,
            first_user_agent,
        } = fields;
        tracing::info!(
            target: TARGET,
            event = self.name,
            grant_id = shown(grant_id),
            client_id = shown(client_id),
            person_id = shown(person_id),
            credential_id = shown(credential_id),
            method,
            outcome,
            reason,
            address,
            user_agent,
            first_address,
            first_user_agent,
            "{}",
            self.when,
        );
    }
}

/// The reference page in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Audit trail\n\nEvents about sign-ins, clients and grants are logged, one line each, with ids \
         and never with a token, a password or\ndata from the service. With `SNAPPY_LOG_FORMAT=json` \
         each line is a JSON object with `\"target\":\"audit\"`, so that\na log collector can separate \
         them. An event that a request caused carries the `request_id` that its response returned as\n\
         `x-request-id`. Events of the operator's commands are logged by the command, not by the server.\n\n\
         Event and field names are stable. A *grant* is what the pages call a connection.\n\n\
         This page is generated from the code; a test checks that it is current.\n\n\
         | `event` | when | fields |\n|---|---|---|\n",
    );
    for Event { name, when, fields } in EVENTS {
        let fields: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
        page.push_str(&format!("| `{name}` | {when} | {} |\n", fields.join(", ")));
    }
    page
}
