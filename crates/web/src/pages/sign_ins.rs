//! A person's Xano sign-ins, as pages list them.

use snappy_domain::{CredentialId, Timestamp};
use snappy_store::{Credential, CredentialKind, CredentialSecret, CredentialState};
use snappy_xano::oauth::may_write;

/// One sign-in on a page.
#[derive(Debug)]
pub(super) struct SignInRow {
    pub(super) id: String,
    /// What it reaches.
    pub(super) label: String,
    pub(super) state: String,
    pub(super) is_usable: bool,
    /// Whether it only reads, so that it is renewed as such.
    pub(super) only_reads: bool,
    /// Whether its person should sign in at Xano again: it has ended or is about to.
    pub(super) wants_xano: bool,
    pub(super) checked: bool,
}

impl SignInRow {
    pub(super) fn of(credential: &Credential, now: Timestamp, checked: bool) -> Self {
        let coverage = credential.secret.coverage();
        let only_reads = coverage.is_some_and(|coverage| !may_write(coverage));
        let is_usable = credential.state == CredentialState::Usable;
        Self {
            id: credential.id.to_string(),
            label: label(credential, only_reads),
            state: state(credential, now),
            is_usable,
            only_reads,
            wants_xano: coverage.is_some() && !(is_usable && credential.secret.is_renewable()),
            checked,
        }
    }
}

/// The rows of some credentials, with those in `checked` checked.
pub(super) fn rows(
    credentials: &[Credential],
    now: Timestamp,
    checked: &[CredentialId],
) -> Vec<SignInRow> {
    let row = |one: &Credential| SignInRow::of(one, now, checked.contains(&one.id));
    credentials.iter().map(row).collect()
}

fn label(credential: &Credential, only_reads: bool) -> String {
    let host = credential.authority.split("://").nth(1).unwrap_or(&credential.authority);
    match (credential.secret.coverage(), credential.secret.kind()) {
        (Some(coverage), _) if only_reads => format!("{} (read only)", coverage.label()),
        (Some(coverage), _) => coverage.label(),
        (None, CredentialKind::Session) => format!("All your instances, by the account at {host}"),
        (None, _) => format!("All that your access token of {host} reaches"),
    }
}

fn state(credential: &Credential, now: Timestamp) -> String {
    let secret = &credential.secret;
    match credential.state {
        CredentialState::SignInRequired { .. } => "No longer valid. Sign in again.".to_owned(),
        CredentialState::Removed { .. } => "Removed.".to_owned(),
        CredentialState::Usable if secret.is_renewable() => {
            let renewed = format_time(credential.refreshed_at);
            match secret {
                CredentialSecret::OAuth(tokens) if tokens.refresh_expires_at.is_some() => format!(
                    "Active, renews itself. Last renewed {renewed}; Xano ends it if it is not renewed until {}.",
                    tokens.refresh_expires_at.map(format_time).unwrap_or_default(),
                ),
                _ => format!("Active, renews itself. Last renewed {renewed}."),
            }
        }
        CredentialState::Usable => match secret.expires_at() {
            Some(at) if at > now => {
                format!("Active until {}, then sign in again.", format_time(at))
            }
            _ => "Active until Xano ends it.".to_owned(),
        },
    }
}

/// A time as `YYYY-MM-DD HH:MM UTC`.
pub(super) fn format_time(at: Timestamp) -> String {
    let text = at.to_string();
    let (day, rest) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", rest.get(..5).unwrap_or_default())
}
