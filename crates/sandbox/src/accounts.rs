//! The people who can sign in, and which of their keys and sessions are valid.

use serde::{Deserialize, Serialize};

use crate::seed::people::Person;
use crate::token;

/// A credential of a user: its current token, and whether it is valid.
#[derive(Debug, Clone)]
struct Credential {
    kind: &'static str,
    generation: u64,
    live: bool,
    token: String,
}

impl Credential {
    fn new(kind: &'static str, seed: u64, user: u64, generation: u64, live: bool) -> Self {
        let token = token::token(seed, kind, user, generation);
        Self { kind, generation, live, token }
    }

    fn renew(&mut self, seed: u64, user: u64) {
        *self = Self::new(self.kind, seed, user, self.generation + 1, true);
    }

    fn accepts(&self, presented: &str) -> bool {
        self.live && self.token == presented
    }
}

/// A user with their current credentials.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) person: Person,
    key: Credential,
    session: Credential,
}

/// The part of a user that is stored in a snapshot. Tokens are derived from the generations.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Generations {
    id: u64,
    key: u64,
    key_live: bool,
    session: u64,
    session_live: bool,
}

/// All users.
#[derive(Debug)]
pub(crate) struct Accounts {
    seed: u64,
    users: Vec<User>,
}

impl Accounts {
    pub(crate) fn new(seed: u64, people: &[Person], kept: &[Generations]) -> Self {
        let users = people
            .iter()
            .map(|person| {
                let kept =
                    kept.iter().find(|kept| kept.id == person.id).copied().unwrap_or(Generations {
                        id: person.id,
                        key: 1,
                        key_live: true,
                        session: 1,
                        session_live: true,
                    });
                User {
                    person: *person,
                    key: Credential::new("key", seed, kept.id, kept.key, kept.key_live),
                    session: Credential::new(
                        "session",
                        seed,
                        kept.id,
                        kept.session,
                        kept.session_live,
                    ),
                }
            })
            .collect();
        Self { seed, users }
    }

    pub(crate) fn generations(&self) -> Vec<Generations> {
        self.users
            .iter()
            .map(|user| Generations {
                id: user.person.id,
                key: user.key.generation,
                key_live: user.key.live,
                session: user.session.generation,
                session_live: user.session.live,
            })
            .collect()
    }

    pub(crate) fn knows(&self, email: &str) -> bool {
        self.users.iter().any(|user| user.person.email.eq_ignore_ascii_case(email.trim()))
    }

    /// The owner of a Metadata key.
    pub(crate) fn by_key(&self, key: &str) -> Option<Person> {
        self.users.iter().find(|user| user.key.accepts(key)).map(|user| user.person)
    }

    /// The owner of a session. With [`LoginShape::ApiKey`](crate::LoginShape::ApiKey), the key is also the
    /// session.
    pub(crate) fn by_session(&self, token: &str, key_is_session: bool) -> Option<Person> {
        self.users
            .iter()
            .find(|user| {
                user.session.accepts(token)
                    || (key_is_session && user.session.live && user.key.accepts(token))
            })
            .map(|user| user.person)
    }

    pub(crate) fn by_password(&self, email: &str, password: &str) -> Option<Person> {
        let email = email.trim();
        self.users
            .iter()
            .map(|user| user.person)
            .find(|person| person.email.eq_ignore_ascii_case(email) && person.password == password)
    }

    /// The user's key, replaced first if it is invalid. The flag says whether it was.
    pub(crate) fn valid_key(&mut self, email: &str) -> Option<(String, bool)> {
        let seed = self.seed;
        let user = self.find(email)?;
        let minted = !user.key.live;
        if minted {
            user.key.renew(seed, user.person.id);
        }
        Some((user.key.token.clone(), minted))
    }

    /// The user's session token, replaced first if it is invalid. The flag says whether it was.
    pub(crate) fn valid_session(&mut self, email: &str) -> Option<(String, bool)> {
        let seed = self.seed;
        let user = self.find(email)?;
        let minted = !user.session.live;
        if minted {
            user.session.renew(seed, user.person.id);
        }
        Some((user.session.token.clone(), minted))
    }

    pub(crate) fn rotate_key(&mut self, email: &str) -> Option<String> {
        let seed = self.seed;
        let user = self.find(email)?;
        user.key.renew(seed, user.person.id);
        Some(user.key.token.clone())
    }

    pub(crate) fn expire_key(&mut self, email: &str) -> Option<()> {
        self.find(email)?.key.live = false;
        Some(())
    }

    pub(crate) fn expire_session(&mut self, email: &str) -> Option<()> {
        self.find(email)?.session.live = false;
        Some(())
    }

    fn find(&mut self, email: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.person.email.eq_ignore_ascii_case(email.trim()))
    }
}
