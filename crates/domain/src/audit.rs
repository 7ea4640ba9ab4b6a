//! The audit trail: what happened to sign-ins, clients and connections, as log lines of one shape with
//! ids and never a token. [`EVENTS`] is the whole set; `docs/audit.md` is made from it.

use std::fmt::Display;

use tracing::field::{DisplayValue, display};

use crate::{AccountId, ClientId, GrantId};

/// The `target` of the lines, for filters.
pub const TARGET: &str = "audit";

/// One kind of event.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// When it happens, as a sentence without its end.
    pub when: &'static str,
    /// The fields that it always has.
    pub fields: &'static [&'static str],
}

/// What an event is about. Each kind has its own choice of these.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a> {
    /// The connection.
    pub grant_id: Option<GrantId>,
    /// The app or machine.
    pub client_id: Option<&'a ClientId>,
    /// The Xano account.
    pub account_id: Option<AccountId>,
    /// How it was done.
    pub way: Option<&'a str>,
    /// What came of it.
    pub outcome: Option<&'a str>,
    /// Why, without anything that was typed or sent.
    pub reason: Option<&'a str>,
    /// The address it came from.
    pub address: Option<&'a str>,
}

/// A person signed in to Xano.
pub const SIGN_IN: Kind =
    Kind { name: "sign_in", when: "a person signed in to Xano", fields: &["account_id", "way"] };
/// A sign-in did not work.
pub const SIGN_IN_FAILED: Kind = Kind {
    name: "sign_in_failed",
    when: "a sign-in did not work",
    fields: &["way", "reason", "address"],
};
/// A known app did not prove itself.
pub const CLIENT_REFUSED: Kind = Kind {
    name: "client_refused",
    when: "a known app did not prove itself",
    fields: &["client_id", "reason"],
};
/// An app registered itself, or was described for the first time.
pub const CLIENT_REGISTERED: Kind = Kind {
    name: "client_registered",
    when: "an app registered itself, or was described for the first time",
    fields: &["client_id", "way"],
};
/// A person allowed an app.
pub const AUTHORIZED: Kind = Kind {
    name: "authorized",
    when: "a person allowed an app",
    fields: &["client_id", "account_id"],
};
/// A person did not allow an app.
pub const DENIED: Kind =
    Kind { name: "denied", when: "a person did not allow an app", fields: &["client_id"] };
/// An app or a machine got a connection.
pub const GRANT_MADE: Kind = Kind {
    name: "grant_made",
    when: "an app or a machine got a connection",
    fields: &["grant_id", "client_id", "account_id", "way"],
};
/// An app presented a refresh token.
pub const TOKEN_REFRESHED: Kind = Kind {
    name: "token_refreshed",
    when: "an app presented a refresh token",
    fields: &["grant_id", "client_id", "outcome"],
};
/// A machine got a token.
pub const TOKEN_ISSUED: Kind = Kind {
    name: "token_issued",
    when: "a machine got a token",
    fields: &["grant_id", "client_id", "account_id"],
};
/// An app gave an access token up.
pub const TOKEN_REVOKED: Kind = Kind {
    name: "token_revoked",
    when: "an app gave an access token up",
    fields: &["grant_id", "client_id"],
};
/// A long-superseded refresh token came; the connection is ended.
pub const REFRESH_REUSE: Kind = Kind {
    name: "refresh_reuse",
    when: "a long-superseded refresh token came; the connection is ended",
    fields: &["grant_id", "client_id"],
};
/// An authorization code came twice; the connection is ended.
pub const CODE_REPLAY: Kind = Kind {
    name: "code_replay",
    when: "an authorization code came twice; the connection is ended",
    fields: &["grant_id", "client_id"],
};
/// A connection was ended by its app or its person.
pub const GRANT_REVOKED: Kind = Kind {
    name: "grant_revoked",
    when: "a connection was ended by its app or its person",
    fields: &["grant_id", "client_id", "reason"],
};
/// A connection tried more than its scopes allow.
pub const SCOPE_REFUSED: Kind = Kind {
    name: "scope_refused",
    when: "a connection tried more than its scopes allow",
    fields: &["grant_id", "client_id", "reason"],
};
/// A newer Xano key was needed.
pub const KEY_REFRESHED: Kind = Kind {
    name: "key_refreshed",
    when: "a newer Xano key was needed",
    fields: &["account_id", "outcome"],
};

/// Every kind of event, in the order of the reference page.
pub const EVENTS: [Kind; 15] = [
    SIGN_IN,
    SIGN_IN_FAILED,
    CLIENT_REGISTERED,
    CLIENT_REFUSED,
    AUTHORIZED,
    DENIED,
    GRANT_MADE,
    TOKEN_REFRESHED,
    TOKEN_ISSUED,
    TOKEN_REVOKED,
    REFRESH_REUSE,
    CODE_REPLAY,
    GRANT_REVOKED,
    SCOPE_REFUSED,
    KEY_REFRESHED,
];

fn shown<T: Display>(value: Option<T>) -> Option<DisplayValue<T>> {
    value.map(display)
}

impl Kind {
    /// Writes the line.
    pub fn record(&self, fields: Fields<'_>) {
        let Fields { grant_id, client_id, account_id, way, outcome, reason, address } = fields;
        tracing::info!(
            target: TARGET,
            event = self.name,
            grant_id = shown(grant_id),
            client_id = shown(client_id),
            account_id = shown(account_id),
            way,
            outcome,
            reason,
            address,
            "{}",
            self.when,
        );
    }
}

/// The reference page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Audit trail\n\nWhat happens to sign-ins, apps and connections is logged, one line each, with \
         ids and never a token, a password or\nanything of Xano's data. With `SNAPPY_LOG_FORMAT=json` \
         each is one JSON object with `\"target\":\"audit\"`, so that a log\ncollector can keep them \
         apart. Where a request caused it, the line has the `request_id` that its answer carried as\n\
         `x-request-id`. What the operator does with `snappy-mcp client` is not in the server's log.\n\nThis page is made from the program's own list; a test keeps it true.\n\n\
         | `event` | when | fields |\n|---|---|---|\n",
    );
    for Kind { name, when, fields } in EVENTS {
        let fields: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
        page.push_str(&format!("| `{name}` | {when} | {} |\n", fields.join(", ")));
    }
    page
}
