//! Refreshing (RFC 6749 §6) so that nobody is signed out by it. Several processes share one stored
//! refresh token, answers get lost, and machines sleep; so rotation is idempotent: the predecessor,
//! presented again, gets the very same successor until that one is used.

use snappy_domain::keys::{Place, open_under_token, seal_under_token};
use snappy_domain::metrics::timed_store;
use snappy_domain::{Scopes, Secret, Timestamp, audit, metrics};
use snappy_store::{
    AccountState, Applied, Client, GrantState, RefreshState, RefreshView, RevocationReason,
    Rotation,
};

use crate::form::Form;
use crate::secrets::Kind;
use crate::token::{TokenError, TokenResponse};
use crate::{AuthorizationServer, Lifetimes, Site, resource};

/// How often a lost race is looked at again. Each loss means that somebody else got through, and a
/// token can only be rotated once, so the second look always finds it rotated or revoked.
const LOOKS: usize = 3;

/// What becomes of a presented refresh token.
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
    /// The Xano account needs a person. The grant stays, and works again after the sign-in.
    SignInRequired,
    /// It was superseded too long ago: taken for stolen (RFC 9700 §4.14.2).
    Reused,
}

impl Decision {
    /// The name it is logged under.
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
    if view.account != AccountState::Usable {
        return Decision::SignInRequired;
    }
    match (&view.token.state, view.successor_used_at) {
        (RefreshState::Current, _) => Decision::Rotate,
        (RefreshState::Rotated { .. }, None) => Decision::Repeat,
        (RefreshState::Rotated { .. }, Some(used)) => {
            // Clients keep the token they presented when an answer has no new one, and store it over
            // a newer one. So the window starts anew with each such answer: whoever comes back
            // before it ends is not signed out.
            let last = view.token.reused_at.map_or(used, |reused| reused.max(used));
            let window_ends = snappy_domain::clock::after(last, lifetimes.reuse_window);
            if now < window_ends { Decision::AccessOnly } else { Decision::Reused }
        }
    }
}

impl AuthorizationServer {
    pub(crate) async fn refresh(
        &self,
        site: &Site,
        client: &Client,
        form: &Form,
    ) -> Result<TokenResponse, TokenError> {
        let presented = form.secret("refresh_token").ok_or(TokenError::Missing("refresh_token"))?;
        let hashes = self.hashes(Kind::RefreshToken, presented);
        for _ in 0..LOOKS {
            let view = self
                .store
                .refresh_token(&hashes)
                .await?
                .filter(|view| view.grant.client == client.id)
                .ok_or(TokenError::InvalidRefreshToken)?;
            // Refused before anything changes.
            let resource = resource::canonical(site, form.get("resource"))?;
            // Its tokens would be refused here (the server's address has changed): the client must
            // connect anew, and `invalid_grant` is what makes it do so.
            if resource != view.grant.resource {
                return Err(TokenError::InvalidRefreshToken);
            }
            let scopes = narrowed(&view.grant.scopes, form.get("scope"))?;
            let now = self.clock.now();
            let decision = decide(&view, now, &self.lifetimes);
            let about = audit::Fields {
                grant_id: Some(view.grant.id),
                client_id: Some(&client.id),
                ..Default::default()
            };
            let came_of_it = || {
                metrics::TOKEN_REFRESHES.count(&[decision.as_str()]);
                let outcome = Some(decision.as_str());
                audit::TOKEN_REFRESHED.record(audit::Fields { outcome, ..about });
            };
            let answer = match decision {
                Decision::Rotate => self.rotate(presented, &view, scopes, now).await?,
                Decision::Repeat => self.repeat(presented, &view, scopes, now).await?,
                Decision::AccessOnly => self.access_only(&view, scopes, now).await?,
                Decision::Expired | Decision::Revoked => {
                    came_of_it();
                    return Err(TokenError::InvalidRefreshToken);
                }
                Decision::SignInRequired => {
                    came_of_it();
                    return Err(TokenError::SignInRequired);
                }
                Decision::Reused => {
                    let reason = RevocationReason::RefreshReuse;
                    let ended = self.store.revoke_grant(view.grant.id, reason, now).await?;
                    came_of_it();
                    if ended == Applied::Yes {
                        audit::REFRESH_REUSE.record(about);
                    }
                    return Err(TokenError::RefreshTokenReused);
                }
            };
            // Otherwise somebody else was first: look again.
            if let Some(answer) = answer {
                came_of_it();
                return Ok(answer);
            }
        }
        Err(TokenError::InvalidRefreshToken)
    }

    /// Makes the successor; `None` when somebody else was first.
    async fn rotate(
        &self,
        presented: &Secret,
        view: &RefreshView,
        scopes: Scopes,
        now: Timestamp,
    ) -> Result<Option<TokenResponse>, TokenError> {
        let (successor, hash) = self.new_secret(Kind::RefreshToken);
        let access = self.mint_access(&view.grant, scopes, now);
        let row = view.token.hash.as_bytes();
        let rotation = Rotation {
            presented: view.token.hash,
            at: now,
            sealed_successor: seal_under_token(&*self.random, presented, place(row), &successor)?,
            successor: self.refresh_record(&view.grant, hash, now),
            access: access.record.clone(),
        };
        let rotating = timed_store(&*self.clock, "rotate", self.store.rotate(&rotation));
        Ok(match rotating.await? {
            Applied::Yes => Some(self.response(&access, Some(&successor), now)),
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
        let place = place(view.token.hash.as_bytes());
        let successor = open_under_token(presented, place, sealed_successor)
            .map_err(|_| TokenError::InvalidRefreshToken)?;
        let access = self.mint_access(&view.grant, scopes, now);
        Ok(match self.store.add_access_token(&access.record).await? {
            Applied::Yes => Some(self.response(&access, Some(&successor), now)),
            Applied::No => None,
        })
    }

    async fn access_only(
        &self,
        view: &RefreshView,
        scopes: Scopes,
        now: Timestamp,
    ) -> Result<Option<TokenResponse>, TokenError> {
        let access = self.mint_access(&view.grant, scopes, now);
        // The idle time starts anew, as with any other use.
        let reused = self.refresh_record(&view.grant, view.token.hash, now);
        Ok(match self.store.reuse(&reused, now, &access.record).await? {
            Applied::Yes => Some(self.response(&access, None, now)),
            Applied::No => None,
        })
    }
}

fn place(row: &[u8]) -> Place<'_> {
    Place { table: "refresh_tokens", row, column: "successor" }
}

/// The scopes of the new access token: the grant's, or fewer when fewer are asked for (RFC 6749 §6).
pub(crate) fn narrowed(granted: &Scopes, asked: Option<&str>) -> Result<Scopes, TokenError> {
    let asked = Scopes::parse(asked.unwrap_or_default());
    if asked.is_empty() {
        return Ok(granted.clone());
    }
    if asked.intersection(granted) == asked {
        Ok(asked)
    } else {
        Err(TokenError::WiderScope(granted.clone()))
    }
}
