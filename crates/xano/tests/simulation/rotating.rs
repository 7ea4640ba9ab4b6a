//! Xano's OAuth server, simulated: a refresh token gives the next pair once. One that arrives again ends the
//! sign-in, and must not do so unless the response to the first use was lost.

use std::collections::HashMap;

use http::Method;
use serde_json::json;
use snappy_domain::http::{Answer, HttpError, Outgoing};
use snappy_domain::{Secret, Timestamp};
use snappy_store::{Coverage, Credential, CredentialSecret, CredentialState, OAuthTokens};

use crate::dice::Dice;
use crate::figures::{Figures, Loss};
use crate::time::EPOCH;
use crate::xano::{Person, State, Xano, answer, parts};

const METADATA_PATH: &str = "/.well-known/oauth-authorization-server";
const TOKEN_PATH: &str = "/api:master/oauth/token";

/// The pairs of one person, by their numbers, which grow over all sign-ins.
#[derive(Debug, Default)]
pub struct Tokens {
    /// The first pair of the current sign-in.
    first: u64,
    /// Access tokens up to this one were ended before their time.
    ended: Option<u64>,
    /// When each access token ends.
    ends: HashMap<u64, i64>,
    /// Refresh tokens whose next pair is not stored yet, and the process that will store it.
    unstored: HashMap<u64, usize>,
    /// Refresh tokens whose next pair was lost.
    lost: HashMap<u64, Loss>,
}

impl Tokens {
    pub fn accepts(&self, number: u64, at: i64) -> bool {
        self.ended.is_none_or(|ended| number > ended) && at < self.ends[&number]
    }

    pub const fn end(&mut self, up_to: u64) {
        self.ended = Some(up_to);
    }

    pub fn lose(&mut self, number: u64, loss: Loss, figures: &mut Figures) {
        if self.unstored.remove(&number).is_some() {
            self.lost.insert(number, loss);
            match loss {
                Loss::Answer => figures.lost_answers += 1,
                Loss::Crash => figures.during_refresh += 1,
            }
        }
    }

    /// The process has crashed, and with it the pairs that only it had.
    pub fn crash(&mut self, process: usize, figures: &mut Figures) {
        let own = self.unstored.iter().filter(|(_, by)| **by == process);
        let own: Vec<_> = own.map(|(number, _)| *number).collect();
        for number in own {
            self.lose(number, Loss::Crash, figures);
        }
    }
}

impl Person {
    /// Issues the next pair; returns its life in seconds.
    fn issue(&mut self, now: i64, dice: &Dice) -> u64 {
        self.generation += 1;
        let life = 8 + dice.roll(60);
        self.tokens.ends.insert(self.generation, now + i64::try_from(life).unwrap() * 1_000);
        life
    }

    /// The first pair of a new sign-in.
    pub fn sign_in(&mut self, person: u64, now: i64, dice: &Dice, origin: String) -> OAuthTokens {
        let life = i64::try_from(self.issue(now, dice)).unwrap();
        let number = self.generation;
        self.tokens.first = number;
        self.tokens.unstored.clear();
        self.tokens.lost.clear();
        let ends = EPOCH + now + life * 1_000;
        let workspace = person.to_string();
        OAuthTokens {
            access_token: Secret::new(format!("at-{person}-{number}")),
            refresh_token: Some(Secret::new(format!("rt-{person}-{number}"))),
            expires_at: Some(Timestamp::from_millisecond(ends).unwrap()),
            refresh_expires_at: None,
            client_id: "client".into(),
            coverage: Coverage { instance: "x".into(), origin, workspace, ..Coverage::default() },
        }
    }
}

/// Whether a request goes to the OAuth server.
pub fn is_oauth(request: &Outgoing) -> bool {
    [METADATA_PATH, TOKEN_PATH].contains(&request.url.path())
}

/// The person and the number of the refresh token that a request carries.
pub fn refresh_token(request: &Outgoing) -> Option<(u64, u64)> {
    if request.method != Method::POST || request.url.path() != TOKEN_PATH {
        return None;
    }
    let form = form_urlencoded::parse(request.body.as_ref().unwrap());
    let form: HashMap<_, _> = form.into_owned().collect();
    assert_eq!(form["grant_type"], "refresh_token");
    assert_eq!(form["client_id"], "client");
    assert!(form["refresh_token"].starts_with("rt-"), "another secret was sent as a refresh token");
    Some(parts(&form["refresh_token"]))
}

impl Xano {
    pub fn serve_oauth(
        &self,
        process: usize,
        now: i64,
        dice: &Dice,
        request: &Outgoing,
    ) -> Result<Answer, HttpError> {
        let Some((person, number)) = refresh_token(request) else {
            assert_eq!(request.url.path(), METADATA_PATH);
            let token_endpoint = format!("https://app.xano.com{TOKEN_PATH}");
            return answer(
                200,
                &json!({
                    "issuer": "https://app.xano.com",
                    "authorization_endpoint": "https://app.xano.com/oauth2/authorize",
                    "token_endpoint": token_endpoint,
                }),
            );
        };
        let refuse =
            |why| answer(400, &json!({"error": "invalid_grant", "error_description": why}));
        let mut state = self.state();
        let State { people, figures, refreshes, .. } = &mut *state;
        let known = people.get_mut(&person).unwrap();
        if known.refused || number < known.tokens.first {
            return refuse("the sign-in has ended");
        }
        if number < known.generation {
            let loss = known.tokens.lost.get(&number);
            assert!(loss.is_some(), "rt-{person}-{number} was used again, and nothing was lost");
            figures.cost[loss.map_or(0, |loss| *loss as usize)] += 1;
            known.end();
            if dice.once_in(2) {
                known.tokens.end(known.generation);
            }
            return refuse("refresh token replayed");
        }
        assert_eq!(number, known.generation, "a refresh token that was never issued");
        let life = known.issue(now, dice);
        known.tokens.unstored.insert(number, process);
        (*refreshes, figures.refreshes) = (*refreshes + 1, figures.refreshes + 1);
        let next = number + 1;
        answer(
            200,
            &json!({
                "access_token": format!("at-{person}-{next}"),
                "refresh_token": format!("rt-{person}-{next}"),
                "token_type": "Bearer",
                "expires_in": life,
            }),
        )
    }

    /// Checks what is stored for a person now, and notes which pairs were stored. `margin` is how much
    /// earlier than Xano this server may find that an access token has ended.
    pub fn check_stored(&self, person: u64, stored: &Credential, now: i64, margin: i64) {
        let CredentialSecret::OAuth(tokens) = &stored.secret else { panic!("not a pair") };
        let (_, number) = parts(tokens.access_token.expose());
        if let Some(refresh_token) = &tokens.refresh_token {
            let pair = parts(refresh_token.expose());
            assert_eq!(pair, (person, number), "the tokens of two pairs were mixed");
        }
        let mut state = self.state();
        let known = state.people.get_mut(&person).unwrap();
        known.tokens.unstored.retain(|used, _| *used >= number);
        let is_dead = stored.state != CredentialState::Usable;
        let is_dying = tokens.refresh_token.is_none();
        assert!(known.refused || !is_dead && !is_dying, "person {person} lost a sign-in");
        let lives = known.tokens.accepts(number, now + margin);
        assert!(!is_dead || !lives, "person {person} must sign in, but at-{person}-{number} lives");
    }

    /// Counts a sign-in whose refresh token was used, but whose next pair was lost.
    /// Without any such loss, the newest pair must be the stored one.
    pub fn check_end(&self, person: u64, stored: &Credential) {
        let mut state = self.state();
        let State { people, figures, .. } = &mut *state;
        let known = &people[&person];
        let (_, number) = parts(stored.secret.bearer().expose());
        assert!(
            known.refused || known.tokens.unstored.is_empty(),
            "a pair was received and never stored"
        );
        if !known.refused && number < known.generation {
            let loss = known.tokens.lost.get(&number);
            assert!(loss.is_some(), "the next pair of rt-{person}-{number} was never stored");
            figures.unnoticed[loss.map_or(0, |loss| *loss as usize)] += 1;
        }
    }
}
