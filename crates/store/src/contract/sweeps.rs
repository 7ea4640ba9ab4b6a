//! What every backend does over the whole deployment.

use snappy_domain::clock::after;
use snappy_domain::{ClientId, PersonId};

use super::samples::{
    DAY, access, at, client_record, code_record, credential_id, granted, kill, lease,
    new_credential, new_grant, now, oauth, pasted, person, refresh, rotation, session, token_ref,
};
use crate::{
    Applied, Client, CredentialKind, CredentialSecret, CredentialState, Expiring, GrantState,
    RefreshToken, Registration, RevocationReason, Store,
};

const MANY: u32 = 1_000;

/// Clients are listed; a removed one takes its grants along.
pub async fn a_removed_client_takes_its_grants_along(store: &dyn Store) {
    let operators = Client { registration: Registration::PreRegistered, ..client_record("client") };
    store.add_client(&operators).await.unwrap();
    let later = after(now(), DAY);
    store.add_client(&Client { created_at: later, ..client_record("later") }).await.unwrap();
    let ids: Vec<_> = store.clients().await.unwrap().into_iter().map(|client| client.id).collect();
    assert_eq!(ids, [ClientId::new("client"), ClientId::new("later")]);
    assert_eq!(store.purge_unused_clients(after(now(), 9 * DAY), MANY).await.unwrap(), 1);

    let grant = granted(store, "g").await.grant;
    assert_eq!(store.remove_client(&operators.id, now()).await.unwrap(), Applied::Yes);
    assert_eq!(store.remove_client(&operators.id, now()).await.unwrap(), Applied::No);
    let state = GrantState::Revoked { at: now(), reason: RevocationReason::ClientRemoved };
    assert_eq!(store.grant(grant.person, grant.id).await.unwrap().unwrap().state, state);
    assert!(store.clients().await.unwrap().is_empty());
}

/// Only registrations of clients themselves that nobody ever used are purged.
pub async fn only_never_used_clients_are_purged(store: &dyn Store) {
    for id in ["used", "unused", "young"] {
        let created_at = if id == "young" { after(now(), DAY) } else { now() };
        store.add_client(&Client { created_at, ..client_record(id) }).await.unwrap();
    }
    let used = ClientId::new("used");
    let somebody = person(store, "7", 1).await;
    for when in [now(), after(now(), DAY)] {
        assert_eq!(store.note_client_use(&used, somebody, when).await.unwrap(), Applied::Yes);
    }
    let nobodys = ClientId::new("x");
    assert_eq!(store.note_client_use(&nobodys, somebody, now()).await.unwrap(), Applied::No);
    assert_eq!(store.purge_unused_clients(at(1), MANY).await.unwrap(), 1);
    let used = store.client(&used).await.unwrap().unwrap();
    assert_eq!(used.used_at, Some(now()), "the first use is kept");
    assert!(store.client(&ClientId::new("unused")).await.unwrap().is_none());
    assert!(store.client(&ClientId::new("young")).await.unwrap().is_some());
}

fn sessions(from: u64, before: u64, used_since: u64) -> Expiring {
    Expiring {
        kind: CredentialKind::Session,
        from: at(from),
        before: at(before),
        used_since: at(used_since),
    }
}

/// Credentials that expire soon are found while somebody uses them, the first to end first.
pub async fn credentials_that_expire_soon_are_found(store: &dyn Store) {
    let mut made = Vec::new();
    for (seed, secret) in (1..).zip([session("1"), session("2"), session("3"), pasted("4")]) {
        let secret: CredentialSecret = secret.with_expires_at(Some(at(100 - 10 * seed)));
        let owner: PersonId = person(store, &seed.to_string(), seed).await;
        let new = new_credential(&seed.to_string(), secret);
        let credential = store.sign_in(owner, credential_id(seed), &new).await.unwrap();
        let code = code_record(&credential, &format!("code-{seed}"));
        store.add_code(&code).await.unwrap();
        let grant = new_grant(&credential, 10 + seed, &format!("tokens-{seed}"));
        assert_eq!(store.redeem(&code.hash, &grant).await.unwrap(), Applied::Yes);
        store.touch_grant(owner, grant.grant.id, at(10)).await.unwrap();
        made.push((credential, grant.grant.id));
    }
    let found = async |before, since, most| {
        let found = store.expiring_credentials(&sessions(60, before, since), most).await;
        found.unwrap().into_iter().map(|(_, id, version)| (id, version)).collect::<Vec<_>>()
    };
    // They end at 90, 80 and 70; the pasted token ends first, but nobody can renew it.
    let over = store.expiring_credentials(&sessions(71, 75, 10), 9).await.unwrap();
    assert!(over.is_empty(), "what has ended long ago is not tried again and again");
    assert_eq!(found(75, 10, 9).await, [(made[2].0.id, 1)]);
    assert_eq!(found(1000, 10, 2).await, [(made[2].0.id, 1), (made[1].0.id, 1)]);
    assert!(found(1000, 11, 9).await.is_empty(), "not used lately");
    let (third, grant) = &made[2];
    let reason = RevocationReason::Person;
    let ended = store.revoke_grant(third.person, *grant, reason, now()).await.unwrap();
    assert_eq!(ended, Applied::Yes);
    kill(store, &made[1].0, 1).await;
    assert_eq!(found(1000, 0, 9).await, [(made[0].0.id, 1)]);
    // Of a person with several credentials all are found, though a connection uses only one.
    let (first, _) = &made[0];
    let oauth_expiring = async || {
        let which = Expiring { kind: CredentialKind::OAuth, ..sessions(0, 1000, 0) };
        store.expiring_credentials(&which, 9).await.unwrap()
    };
    assert!(oauth_expiring().await.is_empty());
    let mut tokens = oauth("1", "a");
    for seed in [7, 8] {
        let new = new_credential("1", tokens.clone());
        let kept = store.sign_in(first.person, credential_id(seed), &new).await.unwrap();
        assert_eq!(oauth_expiring().await, [(first.person, credential_id(7), kept.version)]);
        // Without a refresh token nobody can renew it.
        if let CredentialSecret::OAuth(tokens) = &mut tokens {
            tokens.refresh_token = None;
            tokens.coverage.workspace = "2".into();
        }
    }
}

/// All grants are revoked, so many at a time; those that were revoked before keep their reason.
pub async fn all_grants_are_revoked_in_parts(store: &dyn Store) {
    let first = granted(store, "g").await.grant;
    let owner = first.person;
    let credential = store.credential(owner, first.credentials[0]).await.unwrap().unwrap();
    let mut others = Vec::new();
    for seed in 6..9 {
        let other = new_grant(&credential, seed, &format!("h-{seed}"));
        let code = code_record(&credential, &format!("h-{seed}-code"));
        store.add_code(&code).await.unwrap();
        assert_eq!(store.redeem(&code.hash, &other).await.unwrap(), Applied::Yes);
        others.push(other.grant.id);
    }
    let reason = RevocationReason::Person;
    let ended = store.revoke_grant(owner, first.id, reason, now()).await.unwrap();
    assert_eq!(ended, Applied::Yes);
    let later = after(now(), DAY);
    for expected in [2, 1, 0] {
        let revoked = store.revoke_grants(RevocationReason::Operator, later, 2).await.unwrap();
        assert_eq!(revoked, expected);
    }
    let state = async |id| store.grant(owner, id).await.unwrap().unwrap().state;
    assert_eq!(state(first.id).await, GrantState::Revoked { at: now(), reason });
    for id in others {
        let by_operator = GrantState::Revoked { at: later, reason: RevocationReason::Operator };
        assert_eq!(state(id).await, by_operator);
        assert_eq!(store.owner_of_grant(id).await.unwrap(), Some(owner));
    }
}

/// Purging removes what has expired and nothing that is still used.
pub async fn purging_removes_only_what_is_over(store: &dyn Store) {
    let grant = granted(store, "g").await;
    let owner = grant.grant.person;
    let credential = store.credential(owner, grant.grant.credentials[0]).await.unwrap().unwrap();
    store.add_code(&code_record(&credential, "unused")).await.unwrap();
    let purge = async |when| store.purge_expired(when, MANY).await.unwrap();
    assert_eq!(purge(after(now(), 2 * DAY)).await, 2, "the access token and the unused code");
    let access_token = async |token| store.admit(&token_ref(owner, &[token])).await.unwrap();
    let refresh_token =
        async |token| store.refresh_token(&token_ref(owner, &[token])).await.unwrap();
    assert!(access_token("g-at").await.is_none());
    assert!(refresh_token("g-rt").await.is_some());
    let code = async || store.code(&token_ref(owner, &["g-code"])).await.unwrap();
    assert!(code().await.is_some(), "a replay is still seen");

    // Refresh tokens that have ended go, but not one whose predecessor still asks for it.
    let id = grant.grant.id;
    for (from, to) in [("g-rt", "2"), ("2", "3")] {
        let step = rotation(id, from, to, now());
        assert_eq!(store.rotate(owner, &step).await.unwrap(), Applied::Yes);
    }
    let longer = RefreshToken { expires_at: after(now(), 120 * DAY), ..refresh(id, "g-rt") };
    let reused = store.reuse(owner, &longer, now(), &access(id, "reuse")).await.unwrap();
    assert_eq!(reused, Applied::Yes);
    purge(after(now(), 100 * DAY)).await;
    assert_eq!(refresh_token("g-rt").await.unwrap().successor_used_at, Some(now()));
    assert!(refresh_token("3").await.is_none());
    purge(after(now(), 366 * DAY)).await;
    assert!(store.grant(owner, id).await.unwrap().is_none());
    assert!(refresh_token("g-rt").await.is_none());
    assert!(code().await.is_none());
}

/// A purge does so much at a time, and ends when there is nothing left.
pub async fn purging_goes_on_where_it_stopped(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    for n in 0..20 {
        let token = access(grant.id, &format!("more-{n}"));
        assert_eq!(store.add_access_token(grant.person, &token).await.unwrap(), Applied::Yes);
    }
    let later = after(now(), 2 * DAY);
    let mut rounds = 0;
    while store.purge_expired(later, 5).await.unwrap() > 0 {
        rounds += 1;
        assert!(rounds < 50, "it never ends");
    }
    let left = token_ref(grant.person, &["g-at", "more-0", "more-19"]);
    assert!(store.admit(&left).await.unwrap().is_none());
    assert!(store.grant(grant.person, grant.id).await.unwrap().is_some());
}

/// Credentials that the service refused are found by kind, the last first, until they are renewed or removed.
pub async fn credentials_that_were_refused_are_found(store: &dyn Store) {
    let mut made = Vec::new();
    for (seed, secret) in (1..).zip([session("1"), session("2"), session("3"), pasted("4")]) {
        let owner = person(store, &seed.to_string(), seed).await;
        let new = new_credential(&seed.to_string(), secret);
        made.push(store.sign_in(owner, credential_id(seed), &new).await.unwrap());
    }
    let found = async |kind, since, most| {
        let found = store.refused_credentials(kind, at(since), most).await.unwrap();
        found.into_iter().map(|(_, id, version)| (id, version)).collect::<Vec<_>>()
    };
    let (one, two, three) = (&made[0], &made[1], &made[2]);
    assert!(found(CredentialKind::Session, 0, 9).await.is_empty());
    for (seconds, refused) in [(1, one), (2, two), (3, three), (4, &made[3])] {
        let (owner, id) = (refused.person, refused.id);
        let fence = lease(store, refused, 1).await;
        let ended = store.require_sign_in(owner, id, 1, fence, at(seconds)).await.unwrap();
        assert_eq!(ended, Applied::Yes);
    }
    let all = [(three.id, 1), (two.id, 1), (one.id, 1)];
    assert_eq!(found(CredentialKind::Session, 0, 9).await, all);
    assert_eq!(found(CredentialKind::Session, 1, 1).await, all[..1]);
    assert_eq!(found(CredentialKind::Token, 0, 9).await, [(made[3].id, 1)]);
    let (secret, later) = (session("new"), at(9));
    let back = store.replace_credential(three.person, three.id, 1, None, &secret, later).await;
    assert_eq!(back.unwrap(), Applied::Yes);
    let is = store.credential(three.person, three.id).await.unwrap().unwrap();
    assert_eq!(is.state, CredentialState::Usable);
    let removed = store.remove_credential(two.person, two.id, 1, later).await.unwrap();
    assert_eq!(removed, Applied::Yes);
    assert_eq!(found(CredentialKind::Session, 0, 9).await, all[2..]);
}

/// A removed credential is purged a day later, unless it is the first one of a grant.
pub async fn a_removed_credential_goes_when_nothing_names_it(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let (owner, used) = (grant.person, grant.credentials[0]);
    let new = new_credential("7", oauth("1", "a"));
    let unused = store.sign_in(owner, credential_id(2), &new).await.unwrap().id;
    for id in [used, unused] {
        assert_eq!(store.remove_credential(owner, id, 1, at(0)).await.unwrap(), Applied::Yes);
    }
    let is_kept = async |id| store.credential(owner, id).await.unwrap().is_some();
    store.purge_expired(at(3_600), 100).await.unwrap();
    assert!(is_kept(used).await && is_kept(unused).await);
    assert!(store.purge_expired(at(2 * 86_400), 100).await.unwrap() > 0);
    assert!(is_kept(used).await && !is_kept(unused).await);
}
