//! Refreshing (RFC 6749 §6) so that nobody is signed out by it. Several processes of a client share one
//! stored refresh token, answers get lost, and computers sleep; so rotation is idempotent: the
//! predecessor, presented again, gets the very same successor until that one is used.

use std::time::Duration;

use snappy_domain::clock::after;
use snappy_domain::keys::{SealContext, open_under_token, seal_under_token};
use snappy_domain::metrics::timed_store;
use snappy_domain::{Scopes, Secret, Timestamp, audit, metrics};
use snappy_store::{
    Applied, Client, Fork, GrantState, Party, RefreshState, RefreshView, RevocationReason,
    Rotation, repeat,
};

use super::error::TokenError;
use super::issue::{TokenResponse, response};
use super::resource;
use crate::form::Form;
use crate::tokens::TokenKind;
use crate::{AuthorizationServer, Lifetimes, Site};

/// How often the token is read after a lost race. Each loss means that somebody else was first, and a
/// token can only be rotated once, so the second read always finds it rotated or revoked.
const READS: usize = 3;

/// How long at least a rotated token is answered with the same successor, when nobody has used that: answers get
/// lost, and clients repeat their request.
const MIN_REPEAT_WINDOW: Duration = Duration::from_secs(60);
/// For how long it is otherwise, as a multiple of the window for reuse: a client that lost an answer may be away for
/// weeks.
const REPEAT_WINDOWS: u32 = 8;
/// How long after a fork was noted the next one of the grant is not.
const FORK_PAUSE: Duration = Duration::from_secs(3_600);
/// How often the window for a superseded token may be extended, as a multiple of it from the first use of the successor.
const MOST_REUSE_WINDOWS: u32 = 4;

/// What happens to a presented refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is current: make a successor.
    Rotate,
    /// It was rotated and the successor is unused: give the same successor again.
    Repeat,
    /// The successor is in use: an access token and nothing more.
    AccessOnly,
    /// It is expired, or its grant is.
    Expired,
    /// Its grant is revoked.
    Revoked,
    /// The credential needs a sign-in. The grant stays, and works again after the sign-in.
    SignInRequired,
    /// It was superseded too long ago: taken for stolen (RFC 9700 §4.14.2).
    Reused,
}

impl Decision {
    /// The name in logs and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rotate => "rotated",
            Self::Repeat => "repeated",
            Self::AccessOnly => "access_only",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::SignInRequired => "sign_in_required",
            Self::Reused => "reused",
        }
    }
}

/// Decides about a refresh token, from what is stored and the time alone.
#[must_use]
pub fn decide(view: &RefreshView, now: Timestamp, lifetimes: &Lifetimes) -> Decision {
    if view.grant.state != GrantState::Active {
        return Decision::Revoked;
    }
    if view.token.expires_at <= now || view.grant.expires_at <= now {
        return Decision::Expired;
    }
    if view.needs_sign_in {
        return Decision::SignInRequired;
    }
    match (&view.token.state, view.successor_used_at) {
        (RefreshState::Current, _) => Decision::Rotate,
        (RefreshState::Rotated { at, .. }, None) => {
            let repeat_window = lifetimes.reuse_window * REPEAT_WINDOWS;
            let repeat_window = repeat_window.max(MIN_REPEAT_WINDOW);
            if now < after(*at, repeat_window) { Decision::Repeat } else { Decision::Reused }
        }
        (RefreshState::Rotated { .. }, Some(used)) => {
            // Clients keep the token that they presented when an answer has no new one, and store it
            // over a newer one. So each such answer extends the window: a client that comes back
            // before it ends is not signed out.
            // Not for ever, because a thief comes back as well.
            let last = view.token.reused_at.map_or(used, |reused| reused.max(used));
            let slides_to = after(last, lifetimes.reuse_window);
            let ends = slides_to.min(after(used, lifetimes.reuse_window * MOST_REUSE_WINDOWS));
            if now < ends { Decision::AccessOnly } else { Decision::Reused }
        }
    }
}

impl AuthorizationServer {
    pub(super) async fn refresh(
        &self,
        site: &Site,
        client: &Client,
        form: &Form,
        by: &Party,
    ) -> Result<TokenResponse, TokenError> {
        let presented = form.secret("refresh_token").ok_or(TokenError::Missing("refresh_token"))?;
        let token = self.token_ref(TokenKind::Refresh, presented);
        for _ in 0..READS {
            let view = self
                .store
                .refresh_token(&token)
                .await?
                .filter(|view| view.grant.client == client.id)
                .ok_or(TokenError::InvalidRefreshToken)?;
            // Refused before anything changes.
            let resource = resource::canonical(site, form.get("resource"))?;
            // Its tokens would be refused here (the server's address has changed): the client must
            // connect again, and `invalid_grant` makes it do so.
            if resource != view.grant.resource {
                return Err(TokenError::InvalidRefreshToken);
            }
            let scopes = self.narrowed(&view.grant.scopes, form.get("scope"))?;
            let now = self.now();
            let decision = decide(&view, now, &self.config.lifetimes);
            let record = || {
                metrics::TOKEN_REFRESHES.count(&[decision.as_str()]);
                audit::REFRESH_TOKEN_USED.record(audit::Fields {
                    grant_id: Some(view.grant.id),
                    client_id: Some(&client.id),
                    outcome: Some(decision.as_str()),
                    ..Default::default()
                });
            };
            let answer = match decision {
                Decision::Rotate => self.rotate(presented, &view, scopes, by, now).await?,
                Decision::Repeat => self.repeat(presented, &view, scopes, now).await?,
                Decision::AccessOnly => self.access_only(&view, scopes, now).await?,
                Decision::Expired | Decision::Revoked => {
                    record();
                    return Err(TokenError::InvalidRefreshToken);
                }
                Decision::SignInRequired => {
                    record();
                    return Err(TokenError::SignInRequired);
                }
                Decision::Reused => {
                    record();
                    self.revoke_grant(&view.grant, RevocationReason::RefreshReuse).await?;
                    return Err(TokenError::RefreshTokenReused);
                }
            };
            // Otherwise somebody else was first: read again.
            if let Some(answer) = answer {
                record();
                if decision != Decision::Rotate {
                    self.note_fork(&view, by, now).await;
                }
                return Ok(answer);
            }
        }
        Err(TokenError::InvalidRefreshToken)
    }

    /// Remembers that two parties used the token, for its person and in the audit trail.
    async fn note_fork(&self, view: &RefreshView, by: &Party, now: Timestamp) {
        let Some(first) = forked(&view.token.state, by, now) else { return };
        let (grant, first) = (&view.grant, first.clone());
        // The first times are enough to look into it.
        if grant.fork.as_ref().is_some_and(|known| now < after(known.at, FORK_PAUSE)) {
            return;
        }
        audit::REFRESH_TOKEN_FORKED.record(audit::Fields {
            grant_id: Some(grant.id),
            client_id: Some(&grant.client),
            person_id: Some(grant.person),
            address: Some(&by.address),
            user_agent: Some(&by.user_agent),
            first_address: Some(&first.address),
            first_user_agent: Some(&first.user_agent),
            ..Default::default()
        });
        let fork = Fork { at: now, first, second: by.clone() };
        if let Err(error) = self.store.note_fork(grant.person, grant.id, &fork).await {
            tracing::warn!("That two parties used a refresh token can't be stored: {error}");
        }
    }

    /// Makes the successor; `None` when somebody else was first.
    async fn rotate(
        &self,
        presented: &Secret,
        view: &RefreshView,
        scopes: Scopes,
        by: &Party,
        now: Timestamp,
    ) -> Result<Option<TokenResponse>, TokenError> {
        let (successor, hash) = self.new_token(TokenKind::Refresh, view.grant.person);
        let access = self.new_access_token(&view.grant, scopes, now);
        let row = view.token.hash.as_bytes();
        let rotation = Rotation {
            presented: view.token.hash,
            by: by.clone(),
            at: now,
            sealed_successor: seal_under_token(
                &*self.runtime.random,
                presented,
                context(row),
                &successor,
            )?,
            successor: self.refresh_record(&view.grant, hash, now),
            access: access.record.clone(),
        };
        let person = view.grant.person;
        let rotating = repeat(&*self.runtime.timer, || self.store.rotate(person, &rotation));
        Ok(match timed_store(&*self.runtime.clock, "rotate", rotating).await? {
            Applied::Yes => Some(response(&access, Some(&successor), now)),
            Applied::No => None,
        })
    }

    /// Gives the successor that was made before.
    async fn repeat(
        &self,
        presented: &Secret,
        view: &RefreshView,
        scopes: Scopes,
        now: Timestamp,
    ) -> Result<Option<TokenResponse>, TokenError> {
        let RefreshState::Rotated { sealed_successor, .. } = &view.token.state else {
            return Ok(None);
        };
        let context = context(view.token.hash.as_bytes());
        let successor = open_under_token(presented, context, sealed_successor)
            .map_err(|_| TokenError::InvalidRefreshToken)?;
        let access = self.new_access_token(&view.grant, scopes, now);
        let add = || self.store.add_access_token(view.grant.person, &access.record);
        Ok(match repeat(&*self.runtime.timer, add).await? {
            Applied::Yes => Some(response(&access, Some(&successor), now)),
            Applied::No => None,
        })
    }

    async fn access_only(
        &self,
        view: &RefreshView,
        scopes: Scopes,
        now: Timestamp,
    ) -> Result<Option<TokenResponse>, TokenError> {
        let access = self.new_access_token(&view.grant, scopes, now);
        // Like any other use it extends the token's life.
        let reused = self.refresh_record(&view.grant, view.token.hash, now);
        let reuse = || self.store.reuse(view.grant.person, &reused, now, &access.record);
        Ok(match repeat(&*self.runtime.timer, reuse).await? {
            Applied::Yes => Some(response(&access, None, now)),
            Applied::No => None,
        })
    }
}

/// Who used the token first, if that was somebody else. A client whose network changes while it waits for an answer
/// is the same client.
fn forked<'a>(state: &'a RefreshState, by: &Party, now: Timestamp) -> Option<&'a Party> {
    let RefreshState::Rotated { at, by: Some(first), .. } = state else { return None };
    let moved = first.address != by.address && now >= after(*at, MIN_REPEAT_WINDOW);
    (moved || first.user_agent != by.user_agent).then_some(first)
}

fn context(row: &[u8]) -> SealContext<'_> {
    SealContext { table: "refresh_tokens", row, column: "successor" }
}
