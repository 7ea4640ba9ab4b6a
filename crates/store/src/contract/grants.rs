//! What every backend does with codes, grants and tokens.

use snappy_domain::clock::after;
use snappy_domain::{AccessLimits, CredentialId, PersonId, Scopes};

use super::samples::{
    DAY, access, at, client_record, code_record, credential_id, granted, hash, kill, lease,
    new_credential, new_grant, now, oauth, party, person, person_id, refresh, rotation, session,
    signed_in, token_ref,
};
use crate::{
    AccessToken, Admitted, Applied, AuthorizationCode, CodeState, Credential, CredentialState,
    Fork, Grant, GrantState, MAX_ACCESS_TOKENS_PER_GRANT, RefreshState, RefreshToken, RefreshView,
    RevocationReason, Store,
};

async fn code(store: &dyn Store, person: PersonId, codes: &[&str]) -> Option<AuthorizationCode> {
    store.code(&token_ref(person, codes)).await.unwrap()
}

async fn admit(store: &dyn Store, person: PersonId, tokens: &[&str]) -> Option<Admitted> {
    store.admit(&token_ref(person, tokens)).await.unwrap()
}

async fn refresh_token(store: &dyn Store, person: PersonId, token: &str) -> Option<RefreshView> {
    store.refresh_token(&token_ref(person, &[token])).await.unwrap()
}

async fn credential_of(store: &dyn Store, grant: &Grant) -> Credential {
    store.credential(grant.person, grant.credentials[0]).await.unwrap().unwrap()
}

async fn revoke(store: &dyn Store, grant: &Grant, reason: RevocationReason) -> Applied {
    store.revoke_grant(grant.person, grant.id, reason, now()).await.unwrap()
}

/// A code comes back whole and is redeemed once.
pub async fn a_code_is_redeemed_once(store: &dyn Store) {
    let credential = signed_in(store, "7", "key", 1).await;
    let owner = credential.person;
    let record = code_record(&credential, "code");
    store.add_code(&record).await.unwrap();
    assert_eq!(code(store, owner, &["other", "code"]).await, Some(record.clone()));
    let first = new_grant(&credential, 5, "a");
    assert_eq!(store.redeem(&record.hash, &first).await.unwrap(), Applied::Yes);
    let second = new_grant(&credential, 6, "b");
    assert_eq!(store.redeem(&record.hash, &second).await.unwrap(), Applied::No);
    let grant = async |id| store.grant(owner, id).await.unwrap();
    assert_eq!(grant(second.grant.id).await, None, "all or nothing");
    assert_eq!(grant(first.grant.id).await, Some(first.grant.clone()));
    let found = code(store, owner, &["code"]).await.unwrap();
    assert_eq!(found.state, CodeState::Redeemed(first.grant.id));
}

/// The same change again says the same again: whoever got no answer asks once more.
pub async fn a_change_whose_answer_was_lost_can_be_repeated(store: &dyn Store) {
    let credential = signed_in(store, "7", "key", 1).await;
    let (owner, id) = (credential.person, credential.id);
    let record = code_record(&credential, "code");
    store.add_code(&record).await.unwrap();
    let new = new_grant(&credential, 5, "a");
    let step = rotation(new.grant.id, "a-rt", "b-rt", now());
    let reused = refresh(new.grant.id, "a-rt");
    let third = access(new.grant.id, "third");
    let fence = lease(store, &credential, 1).await;
    let newer = session("key-2");
    for _ in 0..2 {
        assert_eq!(store.redeem(&record.hash, &new).await.unwrap(), Applied::Yes);
    }
    for _ in 0..2 {
        assert_eq!(store.rotate(owner, &step).await.unwrap(), Applied::Yes);
    }
    for _ in 0..2 {
        assert_eq!(store.add_access_token(owner, &third).await.unwrap(), Applied::Yes);
        let again = store.reuse(owner, &reused, at(5), &third).await.unwrap();
        assert_eq!(again, Applied::Yes);
        let kept =
            store.replace_credential(owner, id, 1, Some(fence), &newer, at(5)).await.unwrap();
        assert_eq!(kept, Applied::Yes);
    }
    let is = store.credential(owner, id).await.unwrap().unwrap();
    assert_eq!((is.version, is.secret), (2, newer));
    assert!(admit(store, owner, &["b-rt-access"]).await.is_some());
    assert!(admit(store, owner, &["third"]).await.is_some());
}

/// Tokens are found with their grant and its credential.
pub async fn tokens_are_found_with_what_decides_about_them(store: &dyn Store) {
    let new = granted(store, "g").await;
    let owner = new.grant.person;
    let found = admit(store, owner, &["x", "g-at"]).await.unwrap();
    let credential = credential_of(store, &new.grant).await;
    let (token, grant) = (new.access.clone(), new.grant.clone());
    assert_eq!(found, Admitted { token, grant, credentials: vec![credential.clone()] });
    kill(store, &credential, 1).await;
    let dead = CredentialState::SignInRequired { since: now() };
    assert_eq!(admit(store, owner, &["g-at"]).await.unwrap().credentials[0].state, dead);
    let view = refresh_token(store, owner, "g-rt").await.unwrap();
    assert_eq!((view.token, view.grant, view.needs_sign_in), (new.refresh, new.grant, true));
    assert_eq!(view.successor_used_at, None);
    assert!(admit(store, owner, &["x"]).await.is_none());
    assert!(admit(store, owner, &[]).await.is_none());
    assert!(refresh_token(store, owner, "x").await.is_none());
}

/// What belongs to one person is not found under another's id.
pub async fn what_belongs_to_one_person_is_not_found_for_another(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let stranger = person_id(99);
    assert!(store.grant(stranger, grant.id).await.unwrap().is_none());
    assert!(store.credential(stranger, grant.credentials[0]).await.unwrap().is_none());
    assert!(store.grants_of(stranger, now()).await.unwrap().is_empty());
}

/// A person's grants are listed while they are valid, with their last use.
pub async fn a_persons_grants_are_listed_while_they_are_valid(store: &dyn Store) {
    let first = granted(store, "g").await.grant;
    let other = signed_in(store, "8", "key", 2).await;
    let record = code_record(&other, "other-code");
    store.add_code(&record).await.unwrap();
    let _ = store.redeem(&record.hash, &new_grant(&other, 7, "o")).await.unwrap();

    let listed = async |when| store.grants_of(first.person, when).await.unwrap();
    assert_eq!(listed(now()).await, std::slice::from_ref(&first));
    let later = after(now(), DAY);
    store.touch_grant(first.person, first.id, later).await.unwrap();
    assert_eq!(listed(now()).await, [Grant { used_at: Some(later), ..first.clone() }]);
    assert!(listed(first.expires_at).await.is_empty());
    let _ = revoke(store, &first, RevocationReason::Person).await;
    assert!(listed(now()).await.is_empty());
    assert_eq!(store.grants_of(other.person, now()).await.unwrap().len(), 1);
}

/// A grant remembers whether its client opens URLs for the person.
pub async fn a_grant_remembers_what_its_client_can_do(store: &dyn Store) {
    let new = granted(store, "g").await;
    let (owner, id) = (new.grant.person, new.grant.id);
    for elicits_urls in [true, false] {
        store.note_elicitation(owner, id, elicits_urls).await.unwrap();
        let found = admit(store, owner, &["g-at"]).await.unwrap();
        assert_eq!(found.grant, Grant { elicits_urls, ..new.grant.clone() });
    }
}

/// A refresh token rotates once, and the chain can be followed.
pub async fn a_refresh_token_rotates_once(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let (owner, id) = (grant.person, grant.id);
    let rotate =
        async |from, to, when| store.rotate(owner, &rotation(id, from, to, when)).await.unwrap();
    assert_eq!(rotate("g-rt", "second", now()).await, Applied::Yes);
    assert_eq!(rotate("g-rt", "fork", now()).await, Applied::No);
    assert!(refresh_token(store, owner, "fork").await.is_none());
    assert!(admit(store, owner, &["fork-access"]).await.is_none());

    let view = refresh_token(store, owner, "g-rt").await.unwrap();
    let rotated = RefreshState::Rotated {
        at: now(),
        successor: hash("second"),
        sealed_successor: vec![1, 2, 3],
        by: Some(party("192.0.2.1")),
    };
    assert_eq!((view.token.state, view.successor_used_at), (rotated, None));

    let later = after(now(), DAY);
    assert_eq!(rotate("second", "third", later).await, Applied::Yes);
    let view = refresh_token(store, owner, "g-rt").await.unwrap();
    assert_eq!(view.successor_used_at, Some(later));
}

/// That two parties used a refresh token is remembered with its grant.
pub async fn a_fork_is_remembered(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    for second in ["198.51.100.2", "203.0.113.3"] {
        let fork = Fork { at: now(), first: party("192.0.2.1"), second: party(second) };
        store.note_fork(grant.person, grant.id, &fork).await.unwrap();
        let is = store.grant(grant.person, grant.id).await.unwrap().unwrap();
        assert_eq!(is.fork, Some(fork));
    }
}

/// A superseded token that is answered once more is remembered with the time.
pub async fn a_reuse_is_remembered(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let (owner, id) = (grant.person, grant.id);
    let _ = store.rotate(owner, &rotation(id, "g-rt", "second", now())).await.unwrap();
    let later = after(now(), DAY);
    let longer = RefreshToken { expires_at: after(now(), 91 * DAY), ..refresh(id, "g-rt") };
    let reuse = async |token: &RefreshToken, gives: &str| {
        store.reuse(owner, token, later, &access(id, gives)).await.unwrap()
    };
    assert_eq!(reuse(&longer, "again").await, Applied::Yes);
    let view = refresh_token(store, owner, "g-rt").await.unwrap();
    assert_eq!((view.token.reused_at, view.token.expires_at), (Some(later), longer.expires_at));
    assert!(matches!(view.token.state, RefreshState::Rotated { .. }));
    assert!(admit(store, owner, &["again"]).await.is_some());
    assert_eq!(reuse(&refresh(id, "x"), "never").await, Applied::No);
    assert!(admit(store, owner, &["never"]).await.is_none());
    let _ = revoke(store, &grant, RevocationReason::Client).await;
    assert_eq!(reuse(&longer, "late").await, Applied::No);
}

/// Nothing is added to a revoked grant.
pub async fn a_revoked_grant_stays_revoked(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let (owner, id) = (grant.person, grant.id);
    assert_eq!(revoke(store, &grant, RevocationReason::Client).await, Applied::Yes);
    let (reason, later) = (RevocationReason::CodeReplay, after(now(), DAY));
    let twice = store.revoke_grant(owner, id, reason, later).await.unwrap();
    assert_eq!(twice, Applied::No);
    let state = GrantState::Revoked { at: now(), reason: RevocationReason::Client };
    assert_eq!(store.grant(owner, id).await.unwrap().unwrap().state, state);
    assert_eq!(admit(store, owner, &["g-at"]).await.unwrap().grant.state, state);
    let step = rotation(id, "g-rt", "second", now());
    assert_eq!(store.rotate(owner, &step).await.unwrap(), Applied::No);
    let late = access(id, "late");
    assert_eq!(store.add_access_token(owner, &late).await.unwrap(), Applied::No);
}

/// Access tokens can be added, shortened and removed one by one.
pub async fn access_tokens_are_single_things(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let (owner, more) = (grant.person, hash("more"));
    let token = access(grant.id, "more");
    assert_eq!(store.add_access_token(owner, &token).await.unwrap(), Applied::Yes);
    for until in [at(60), after(now(), 9 * DAY)] {
        store.limit_access_life(owner, &more, until).await.unwrap();
    }
    assert_eq!(admit(store, owner, &["more"]).await.unwrap().token.expires_at, at(60));
    store.remove_access_token(owner, &more).await.unwrap();
    assert!(admit(store, owner, &["more"]).await.is_none());
    assert!(admit(store, owner, &["g-at"]).await.is_some());
}

/// A grant has only so many access tokens; the newest are kept.
pub async fn a_grants_access_tokens_are_limited(store: &dyn Store) {
    let grant = granted(store, "g").await.grant;
    let (owner, id) = (grant.person, grant.id);
    let add = async |token: &AccessToken| {
        assert_eq!(store.add_access_token(owner, token).await.unwrap(), Applied::Yes);
    };
    for n in 0..MAX_ACCESS_TOKENS_PER_GRANT + 10 {
        let expires_at = at(86_400 + n as u64);
        add(&AccessToken { expires_at, ..access(id, &format!("more-{n}")) }).await;
    }
    let is_there = async |token: &str| admit(store, owner, &[token]).await.is_some();
    assert!(!is_there("g-at").await && !is_there("more-9").await);
    for n in 10..MAX_ACCESS_TOKENS_PER_GRANT + 10 {
        assert!(is_there(&format!("more-{n}")).await, "{n}");
    }
    // One that ends before all others is kept as well: somebody has just been given it.
    add(&AccessToken { expires_at: now(), ..access(id, "short") }).await;
    assert!(is_there("short").await && !is_there("more-10").await);
}

/// A grant that no code stands for is a grant like any other.
pub async fn a_service_accounts_grant_needs_no_code(store: &dyn Store) {
    let credential = signed_in(store, "7", "key", 1).await;
    let owner = credential.person;
    let grant = new_grant(&credential, 5, "m").grant;
    let get = async |grant: &Grant, until| store.service_grant(grant, until).await.unwrap();
    assert_eq!(get(&grant, now()).await, None, "there is no client");
    store.add_client(&client_record("client")).await.unwrap();
    assert_eq!(get(&grant, now()).await, Some(grant.clone()));
    assert_eq!(store.grant(owner, grant.id).await.unwrap(), Some(grant.clone()));
    let other = |seed| new_grant(&credential, seed, "m").grant;
    assert_eq!(get(&other(6), now()).await.unwrap().id, grant.id);
    for different in [
        Grant { scopes: Scopes::from_stored("read"), ..other(7) },
        Grant { limits: AccessLimits::default(), ..other(8) },
        Grant { resource: "https://other.example/mcp".into(), ..other(9) },
    ] {
        assert_eq!(get(&different, now()).await, Some(different.clone()));
        assert_eq!(revoke(store, &different, RevocationReason::Person).await, Applied::Yes);
    }
    let longer = Grant { expires_at: after(now(), 900 * DAY), ..other(10) };
    let made = get(&longer, grant.expires_at).await;
    assert_eq!(made, Some(longer.clone()), "the other one ends too soon");
    assert_eq!(revoke(store, &longer, RevocationReason::Person).await, Applied::Yes);
    assert_eq!(store.grants_of(owner, now()).await.unwrap(), std::slice::from_ref(&grant));
    let token = access(grant.id, "m-at");
    assert_eq!(store.add_access_token(owner, &token).await.unwrap(), Applied::Yes);
    let found = admit(store, owner, &["m-at"]).await.unwrap();
    assert_eq!((found.grant, found.credentials), (grant, vec![credential]));
}

/// A grant may use several credentials, in its order; it needs a sign-in when none of them is usable.
pub async fn a_grant_may_use_several_credentials(store: &dyn Store) {
    let owner = person(store, "7", 1).await;
    let sign_in = async |workspace: &str, seed| {
        let new = new_credential("7", oauth(workspace, workspace));
        store.sign_in(owner, credential_id(seed), &new).await.unwrap()
    };
    let (one, two) = (sign_in("1", 1).await, sign_in("2", 2).await);
    let code = AuthorizationCode { credentials: vec![two.id, one.id], ..code_record(&one, "code") };
    store.add_code(&code).await.unwrap();
    let found = store.code(&token_ref(owner, &["code"])).await.unwrap().unwrap();
    assert_eq!(found.credentials, [two.id, one.id]);
    let mut new = new_grant(&one, 5, "g");
    new.grant.credentials = vec![two.id, one.id];
    assert_eq!(store.redeem(&code.hash, &new).await.unwrap(), Applied::Yes);
    let id = new.grant.id;
    let admitted = admit(store, owner, &["g-at"]).await.unwrap();
    assert_eq!(admitted.grant, new.grant);
    assert_eq!(admitted.credentials, [two.clone(), one.clone()]);
    assert_eq!(store.grants_of(owner, now()).await.unwrap(), std::slice::from_ref(&new.grant));
    let needs_sign_in = async || {
        let view = store.refresh_token(&token_ref(owner, &["g-rt"])).await.unwrap().unwrap();
        view.needs_sign_in
    };
    kill(store, &two, 1).await;
    assert!(!needs_sign_in().await);
    assert_eq!(store.remove_credential(owner, one.id, 1, at(5)).await.unwrap(), Applied::Yes);
    assert!(needs_sign_in().await);
    let states: Vec<_> = admit(store, owner, &["g-at"]).await.unwrap().credentials;
    assert_eq!(states.len(), 2, "also those that can't be used");
    // Which ones it may use is changed for its own person alone.
    let three = sign_in("3", 3).await;
    let set = async |person, ids: &[CredentialId]| {
        store.set_grant_credentials(person, id, ids).await.unwrap()
    };
    let stranger = person_id(9);
    assert_eq!(set(stranger, &[three.id]).await, Applied::No);
    assert_eq!(set(owner, &[three.id, two.id]).await, Applied::Yes);
    let admitted = admit(store, owner, &["g-at"]).await.unwrap();
    assert_eq!(admitted.grant.credentials, [three.id, two.id]);
    assert_eq!(admitted.credentials[0], three);
    assert!(!needs_sign_in().await);
    assert_eq!(set(owner, &[three.id]).await, Applied::Yes);
    assert_eq!(
        admit(store, owner, &["g-at"]).await.unwrap().credentials,
        std::slice::from_ref(&three)
    );
    let revoked = store.revoke_grant(owner, id, RevocationReason::Person, at(6)).await.unwrap();
    assert_eq!(revoked, Applied::Yes);
    assert_eq!(set(owner, &[two.id]).await, Applied::No);
}
