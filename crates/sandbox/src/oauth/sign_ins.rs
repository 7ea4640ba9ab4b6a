//! Sign-ins: what a person has allowed a client, with the refresh and access tokens of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::oauth::codes::Allowed;
use crate::oauth::refresh_token;
use crate::seed::people::PEOPLE;

/// A sign-in at the OAuth server, and the use of its refresh tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OauthSignIn {
    /// The person's e-mail address.
    pub email: String,
    /// The client that may act for the person.
    pub client_id: String,
    /// The name of the consented instance, such as `xsbx-demo-0001`.
    pub instance: String,
    /// The id of the consented workspace.
    pub workspace: u64,
    /// The granted scopes, separated by spaces.
    pub scope: String,
    /// Whether its refresh tokens are all refused: after a replay, a revocation, or a control.
    pub ended: bool,
    /// How many times the tokens were replaced.
    pub refreshes: u64,
    /// How many times a used refresh token was presented.
    pub replays: u64,
    /// How many times each refresh token was presented, in the order of issue.
    pub uses: Vec<u32>,
}

/// What is stored of a sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SignIn {
    pub(crate) person: u64,
    pub(crate) client_id: String,
    pub(crate) instance: String,
    pub(crate) workspace: u64,
    pub(crate) scope: String,
    ended: bool,
    refreshes: u64,
    replays: u64,
    /// One number for each refresh token.
    uses: Vec<u32>,
}

impl SignIn {
    pub(crate) fn new(allowed: Allowed) -> Self {
        Self {
            person: allowed.person,
            client_id: allowed.client_id,
            instance: allowed.instance,
            workspace: allowed.workspace,
            scope: allowed.scope,
            ended: false,
            refreshes: 0,
            replays: 0,
            uses: Vec::new(),
        }
    }

    fn shown(&self) -> OauthSignIn {
        let person = PEOPLE.iter().find(|person| person.id == self.person);
        OauthSignIn {
            email: person.map_or("", |person| person.email).to_owned(),
            client_id: self.client_id.clone(),
            instance: self.instance.clone(),
            workspace: self.workspace,
            scope: self.scope.clone(),
            ended: self.ended,
            refreshes: self.refreshes,
            replays: self.replays,
            uses: self.uses.clone(),
        }
    }
}

/// The result of presenting a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presented {
    /// Unknown, of another client, or of a sign-in that has ended.
    Refused,
    /// It was used before; the sign-in has ended now.
    Replayed(u64),
    /// It is the newest of this sign-in.
    Newest(u64),
}

/// A valid access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Access {
    pub(crate) sign_in: u64,
    pub(crate) scope: String,
    pub(crate) ends_ms: i64,
}

/// All sign-ins by their numbers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SignIns {
    started: u64,
    access_made: u64,
    list: BTreeMap<u64, SignIn>,
    /// By the digest of the token.
    access: BTreeMap<String, Access>,
}

impl SignIns {
    /// Adds a sign-in and returns its number.
    pub(crate) fn start(&mut self, sign_in: SignIn) -> u64 {
        self.started += 1;
        self.list.insert(self.started, sign_in);
        self.started
    }

    pub(crate) fn get(&self, number: u64) -> Option<&SignIn> {
        self.list.get(&number)
    }

    pub(crate) fn shown(&self) -> Vec<OauthSignIn> {
        self.list.values().map(SignIn::shown).collect()
    }

    /// Issues the next refresh token, which replaces the previous one.
    pub(crate) fn next_refresh_token(&mut self, seed: u64, number: u64) -> Option<String> {
        let sign_in = self.list.get_mut(&number)?;
        let token = refresh_token::text(seed, number, sign_in.uses.len());
        sign_in.uses.push(0);
        Some(token)
    }

    /// Counts the use of a refresh token and judges it.
    pub(crate) fn present(&mut self, seed: u64, token: &str, client_id: &str) -> Presented {
        let Some((number, place)) = refresh_token::parse(seed, token) else {
            return Presented::Refused;
        };
        let Some(sign_in) = self.list.get_mut(&number) else {
            return Presented::Refused;
        };
        let newest = place + 1 == sign_in.uses.len();
        let Some(uses) = sign_in.uses.get_mut(place) else {
            return Presented::Refused;
        };
        *uses = uses.saturating_add(1);
        if sign_in.client_id != client_id {
            return Presented::Refused;
        }
        if !newest {
            sign_in.replays += 1;
            sign_in.ended = true;
            return Presented::Replayed(number);
        }
        if sign_in.ended { Presented::Refused } else { Presented::Newest(number) }
    }

    pub(crate) fn count_refresh(&mut self, number: u64) {
        if let Some(sign_in) = self.list.get_mut(&number) {
            sign_in.refreshes += 1;
        }
    }

    /// The number of the next access token, for its `jti`.
    pub(crate) fn next_access(&mut self) -> u64 {
        self.access_made += 1;
        self.access_made
    }

    pub(crate) fn keep_access(&mut self, digest: String, access: Access, now_ms: i64) {
        self.access.retain(|_, kept| now_ms < kept.ends_ms);
        self.access.insert(digest, access);
    }

    pub(crate) fn access(&self, digest: &str, now_ms: i64) -> Option<(&SignIn, &Access)> {
        let access = self.access.get(digest).filter(|access| now_ms < access.ends_ms)?;
        Some((self.list.get(&access.sign_in)?, access))
    }

    /// Ends a sign-in with its access tokens.
    pub(crate) fn end(&mut self, number: u64) {
        if let Some(sign_in) = self.list.get_mut(&number) {
            sign_in.ended = true;
        }
        self.end_access(number);
    }

    /// Ends the access tokens of a sign-in, which can be refreshed.
    pub(crate) fn end_access(&mut self, number: u64) {
        self.access.retain(|_, access| access.sign_in != number);
    }

    /// The numbers of a person's sign-ins.
    pub(crate) fn of_person(&self, person: u64) -> Vec<u64> {
        let own = self.list.iter().filter(|(_, sign_in)| sign_in.person == person);
        own.map(|(number, _)| *number).collect()
    }
}
