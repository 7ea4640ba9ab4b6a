//! What every backend does with people and their credentials.

use std::time::Duration;

use snappy_domain::Secret;
use snappy_domain::clock::after;

use super::samples::{
    DAY, at, credential_id, kill, lease, new_credential, now, oauth, pasted, person, person_id,
    session, signed_in,
};
use crate::{
    Applied, Credential, CredentialSecret, CredentialState, Identity, Lease, NewCredential, Store,
    UpstreamClient,
};

async fn read(store: &dyn Store, credential: &Credential) -> Credential {
    store.credential(credential.person, credential.id).await.unwrap().unwrap()
}

/// An identity is one person, whatever id is proposed; another subject or system is another person.
pub async fn an_identity_is_one_person(store: &dyn Store) {
    let identity = Identity { upstream: "https://x.example/auth".into(), subject: "7".into() };
    let first = store.person(&identity, person_id(1), now()).await.unwrap();
    assert_eq!(first, person_id(1));
    assert_eq!(store.person(&identity, person_id(2), now()).await.unwrap(), first);
    for other in [
        Identity { subject: "70".into(), ..identity.clone() },
        Identity { upstream: "https://x.example".into(), ..identity.clone() },
    ] {
        let proposed = person_id(other.upstream.len() as u64);
        assert_eq!(store.person(&other, proposed, now()).await.unwrap(), proposed);
    }
}

/// A second sign-in of the same person renews the session; another person gets another credential.
pub async fn signing_in_again_renews_the_credential(store: &dyn Store) {
    let first = signed_in(store, "7", "key-1", 1).await;
    assert_eq!((first.id, first.version), (credential_id(1), 1));
    kill(store, &first, 1).await;
    let again = signed_in(store, "7", "key-2", 2).await;
    assert_eq!((again.id, again.version), (first.id, 2));
    assert_eq!(again.state, CredentialState::Usable);
    assert_eq!(again.secret, session("key-2"));
    assert_eq!(read(store, &first).await, again);
    let other = signed_in(store, "8", "key-3", 3).await;
    assert_eq!((other.id, other.person), (credential_id(3), person_id(3)));
    let token = new_credential("7", pasted("key-4"));
    let token = store.sign_in(first.person, credential_id(4), &token).await.unwrap();
    assert_eq!((token.id, token.person), (credential_id(4), first.person));
    let elsewhere = NewCredential {
        authority: "https://y.example".into(),
        ..new_credential("7", session("key-5"))
    };
    let elsewhere = store.sign_in(first.person, credential_id(5), &elsewhere).await.unwrap();
    assert_eq!(elsewhere.id, credential_id(5), "another origin is another credential");
}

/// Each pasted token is a credential of its own; a new one never takes the place of one that has ended.
pub async fn another_pasted_token_is_another_credential(store: &dyn Store) {
    let owner = person(store, "7", 1).await;
    let paste = async |token: &str, seed| {
        let new = new_credential("7", pasted(token));
        store.sign_in(owner, credential_id(seed), &new).await.unwrap()
    };
    let narrow = paste("narrow", 1).await;
    let wide = paste("wide", 2).await;
    assert_eq!((narrow.id, wide.id), (credential_id(1), credential_id(2)));
    assert_eq!(read(store, &narrow).await.secret, pasted("narrow"), "untouched");
    let same = paste("wide", 3).await;
    assert_eq!((same.id, same.version), (wide.id, 2));
    kill(store, &narrow, 1).await;
    let third = paste("third", 5).await;
    assert_eq!((third.id, third.profile.subject.as_str()), (credential_id(5), "7"));
    assert_ne!(read(store, &narrow).await.state, CredentialState::Usable);
    let again = paste("narrow", 6).await;
    assert_eq!((again.id, again.state), (narrow.id, CredentialState::Usable), "the very same");
    let stranger = person(store, "70", 6).await;
    let other = new_credential("70", pasted("k"));
    let other = store.sign_in(stranger, credential_id(6), &other).await.unwrap();
    assert_eq!(other.id, credential_id(6));
}

/// Every shape comes back with its secrets and their end.
pub async fn every_shape_of_a_credential_comes_back_whole(store: &dyn Store) {
    let owner = person(store, "7", 1).await;
    let (secret, expires_at) = (Secret::new, Some(at(3_600)));
    let shapes = [
        CredentialSecret::Session { key: secret("k"), session: secret("s"), expires_at },
        oauth("1", "a"),
        CredentialSecret::Token { token: secret("t"), expires_at: None },
        CredentialSecret::Service { token: secret("u"), expires_at },
    ];
    for (seed, shape) in (1..).zip(shapes) {
        let new = new_credential("7", shape.clone());
        let kept = store.sign_in(owner, credential_id(seed), &new).await.unwrap();
        assert_eq!((kept.id, &kept.secret), (credential_id(seed), &shape));
        assert_eq!(read(store, &kept).await, kept);
    }
}

/// Secrets are replaced only by whoever saw the newest version.
pub async fn a_credential_changes_only_from_the_version_that_was_seen(store: &dyn Store) {
    let first = signed_in(store, "7", "key-1", 1).await;
    let later = after(now(), DAY);
    let (owner, id) = (first.person, first.id);
    let fence = lease(store, &first, 1).await;
    let replace = async |seen, fence, key: &str| {
        store.replace_credential(owner, id, seen, Some(fence), &session(key), later).await.unwrap()
    };
    assert_eq!(replace(1, fence + 1, "key-0").await, Applied::No);
    assert_eq!(replace(1, fence, "key-2").await, Applied::Yes);
    assert_eq!(replace(1, fence, "key-3").await, Applied::No);
    assert_eq!(store.require_sign_in(owner, id, 1, fence, later).await.unwrap(), Applied::No);
    let is = read(store, &first).await;
    assert_eq!((is.version, is.refreshed_at), (2, later));
    assert_eq!(is.secret, session("key-2"));
    assert_eq!(is.state, CredentialState::Usable);
    assert!(store.credential(owner, credential_id(9)).await.unwrap().is_none());
}

/// One at a time may refresh. The lease ends by itself, and the fence keeps out who was slow.
pub async fn the_right_to_refresh_is_one_at_a_time(store: &dyn Store) {
    let first = signed_in(store, "7", "key-1", 1).await;
    let (owner, id) = (first.person, first.id);
    let take =
        async |seen, now, until| store.lease_refresh(owner, id, seen, now, until).await.unwrap();
    let extend = async |fence, until| store.extend_lease(owner, id, fence, until).await.unwrap();
    let replace = async |seen, fence, key: &str, when| {
        store.replace_credential(owner, id, seen, Some(fence), &session(key), when).await.unwrap()
    };
    let Lease::Taken { fence: slow, abandoned: None } = take(1, at(0), at(4)).await else {
        panic!("it was free")
    };
    assert_eq!(take(1, at(1), at(5)).await, Lease::Held { until: at(4) });
    assert_eq!(extend(slow, at(6)).await, Applied::Yes);
    assert_eq!(take(1, at(5), at(9)).await, Lease::Held { until: at(6) });
    // It has expired: the next one takes it, and the slow one is kept out.
    // That it was never given back is known.
    let Lease::Taken { fence, abandoned } = take(1, at(6), at(10)).await else {
        panic!("it ended")
    };
    assert!(fence > slow);
    assert_eq!(abandoned, Some(at(6)));
    assert_eq!(extend(slow, at(60)).await, Applied::No);
    store.release_lease(owner, id, slow).await.unwrap();
    assert_eq!(take(1, at(7), at(9)).await, Lease::Held { until: at(10) });
    assert_eq!(replace(1, slow, "late", at(7)).await, Applied::No);
    assert_eq!(store.require_sign_in(owner, id, 1, slow, at(7)).await.unwrap(), Applied::No);
    // Given back without a result, it is free at once; with one, the version has moved.
    store.release_lease(owner, id, fence).await.unwrap();
    let Lease::Taken { fence, abandoned: None } = take(1, at(7), at(11)).await else {
        panic!("it was free")
    };
    assert_eq!(replace(1, fence, "key-2", at(8)).await, Applied::Yes);
    assert_eq!(take(1, at(8), at(12)).await, Lease::Moved);
    let Lease::Taken { fence, abandoned: None } = take(2, at(8), at(12)).await else {
        panic!("it was free")
    };
    assert_eq!(extend(fence, at(13)).await, Applied::Yes);
    // A sign-in of the person wins over whoever is refreshing.
    signed_in(store, "7", "key-3", 2).await;
    let late = store.require_sign_in(owner, id, 2, fence, at(9)).await.unwrap();
    assert_eq!(late, Applied::No);
    assert_eq!(extend(fence, at(60)).await, Applied::No);
    assert!(matches!(take(3, at(9), at(13)).await, Lease::Taken { .. }));
    assert_eq!(read(store, &first).await.secret, session("key-3"));
    // One that was taken by a clock far ahead does not count.
    let ahead = take(3, at(10_000), at(10_004)).await;
    assert!(matches!(ahead, Lease::Taken { .. }));
    assert!(matches!(take(3, at(14), at(18)).await, Lease::Taken { .. }));
    let nobody = store.lease_refresh(owner, credential_id(9), 1, at(0), at(4)).await.unwrap();
    assert_eq!(nobody, Lease::Moved);
    store.wait_for_credential(owner, id, Duration::from_millis(1)).await.unwrap();
}

/// A credential that needs a sign-in is not refreshed.
pub async fn a_dead_credential_is_not_refreshed(store: &dyn Store) {
    let first = signed_in(store, "7", "key-1", 1).await;
    kill(store, &first, 1).await;
    let (from, until) = (after(now(), DAY), after(now(), 2 * DAY));
    let refused = store.lease_refresh(first.person, first.id, 1, from, until).await;
    assert_eq!(refused.unwrap(), Lease::Moved);
}

/// A bearer's life can be shortened, never lengthened.
pub async fn a_credentials_life_is_only_shortened(store: &dyn Store) {
    let first = signed_in(store, "7", "key-1", 1).await;
    for until in [at(60), after(now(), DAY)] {
        store.limit_credential_life(first.person, first.id, until).await.unwrap();
    }
    let is = read(store, &first).await;
    assert_eq!((is.secret.expires_at(), is.version), (Some(at(60)), 1));
}

/// Without a fence, the version alone decides whether the secrets are replaced.
pub async fn rotated_secrets_are_kept_whoever_holds_the_lease(store: &dyn Store) {
    let owner = person(store, "7", 1).await;
    let new = new_credential("7", oauth("1", "first"));
    let id = store.sign_in(owner, credential_id(1), &new).await.unwrap().id;
    let first = store.lease_refresh(owner, id, 1, at(0), at(4)).await.unwrap();
    assert!(matches!(first, Lease::Taken { abandoned: None, .. }));
    let second = store.lease_refresh(owner, id, 1, at(4), at(8)).await.unwrap();
    let Lease::Taken { fence, abandoned: Some(ended) } = second else { panic!("{second:?}") };
    assert_eq!(ended, at(4));
    let keep = async |seen, secret: &CredentialSecret| {
        store.replace_credential(owner, id, seen, None, secret, at(5)).await.unwrap()
    };
    let newer = oauth("1", "second");
    assert_eq!(keep(1, &newer).await, Applied::Yes);
    assert_eq!(keep(1, &newer).await, Applied::Yes, "the same again");
    assert_eq!(keep(1, &oauth("1", "third")).await, Applied::No);
    assert_eq!(store.extend_lease(owner, id, fence, at(9)).await.unwrap(), Applied::No);
    let is = store.credential(owner, id).await.unwrap().unwrap();
    assert_eq!((is.version, is.secret), (2, newer));
}

/// An OAuth sign-in renews the credential of its workspace with its scopes, and no other.
pub async fn an_oauth_sign_in_renews_its_workspace(store: &dyn Store) {
    let owner = person(store, "7", 1).await;
    let sign_in = async |secret: CredentialSecret, seed| {
        store.sign_in(owner, credential_id(seed), &new_credential("7", secret)).await.unwrap()
    };
    let first = sign_in(oauth("1", "a"), 1).await;
    let other = sign_in(oauth("2", "b"), 2).await;
    assert_eq!((first.id, other.id), (credential_id(1), credential_id(2)));
    let again = sign_in(oauth("1", "c"), 3).await;
    assert_eq!((again.id, again.version), (first.id, 2));
    assert_eq!(read(store, &first).await.secret, oauth("1", "c"));
    let mut narrow = oauth("1", "d");
    if let CredentialSecret::OAuth(tokens) = &mut narrow {
        tokens.coverage.scope = "workspace:read".into();
    }
    assert_eq!(sign_in(narrow, 4).await.id, credential_id(4), "other scopes");
    let mut elsewhere = oauth("1", "e");
    if let CredentialSecret::OAuth(tokens) = &mut elsewhere {
        tokens.coverage.origin = "https://x2.example".into();
    }
    assert_eq!(sign_in(elsewhere, 5).await.id, credential_id(5), "an instance of the same name");
    assert_eq!(read(store, &other).await.secret, oauth("2", "b"), "untouched");
}

/// A person's credentials are listed; a removed one is gone with its secrets, and stays so.
pub async fn a_removed_credential_is_gone(store: &dyn Store) {
    let owner = person(store, "7", 1).await;
    let sign_in = async |secret: CredentialSecret, seed| {
        store.sign_in(owner, credential_id(seed), &new_credential("7", secret)).await.unwrap()
    };
    let first = sign_in(oauth("1", "a"), 1).await;
    let other = sign_in(oauth("2", "b"), 2).await;
    let stranger = person(store, "70", 6).await;
    let own = store.credentials_of(owner).await.unwrap();
    assert_eq!(own.len(), 2);
    assert!(own.contains(&first) && own.contains(&other));
    assert!(store.credentials_of(stranger).await.unwrap().is_empty());
    assert_eq!(store.remove_credential(stranger, first.id, 1, at(5)).await.unwrap(), Applied::No);
    let fence = lease(store, &first, 1).await;
    // It was renewed since it was read: its newer secrets have to be read first.
    assert_eq!(store.remove_credential(owner, first.id, 0, at(5)).await.unwrap(), Applied::No);
    for _ in 0..2 {
        assert_eq!(store.remove_credential(owner, first.id, 1, at(5)).await.unwrap(), Applied::Yes);
    }
    assert_eq!(store.credentials_of(owner).await.unwrap(), std::slice::from_ref(&other));
    let gone = read(store, &first).await;
    assert_eq!(gone.state, CredentialState::Removed { at: at(5) });
    assert!(gone.secret.bearer().is_empty() && !gone.secret.is_renewable());
    // Neither a refresh that was running nor a sign-in brings it back.
    let late = oauth("1", "late");
    for fence in [Some(fence), None] {
        let kept = store.replace_credential(owner, first.id, 1, fence, &late, at(6)).await;
        assert_eq!(kept.unwrap(), Applied::No);
    }
    let refused = store.lease_refresh(owner, first.id, gone.version, at(6), at(10)).await;
    assert_eq!(refused.unwrap(), Lease::Moved);
    assert_eq!(sign_in(oauth("1", "c"), 3).await.id, credential_id(3));
    assert_eq!(read(store, &first).await, gone);
}

/// There is one client for each authorization server and redirect URI; whoever was first wins.
pub async fn one_client_is_kept_for_each_upstream(store: &dyn Store) {
    let (issuer, uri) = ("https://as.example", "https://mcp.example/oauth-callback");
    let client = |uri: &str, id: &str| UpstreamClient {
        issuer: issuer.into(),
        redirect_uri: uri.into(),
        client_id: id.into(),
        registered_at: at(1),
    };
    let replace =
        async |seen, new: &UpstreamClient| store.replace_upstream_client(seen, new).await.unwrap();
    assert!(store.upstream_client(issuer, uri).await.unwrap().is_none());
    let first = client(uri, "one");
    assert_eq!(replace(None, &first).await, Applied::Yes);
    assert_eq!(replace(None, &first).await, Applied::Yes, "the same again");
    assert_eq!(replace(None, &client(uri, "two")).await, Applied::No);
    assert_eq!(store.upstream_client(issuer, uri).await.unwrap(), Some(first));
    let elsewhere = client("http://127.0.0.1/oauth-callback", "three");
    assert_eq!(replace(None, &elsewhere).await, Applied::Yes);
    let newer = client(uri, "four");
    assert_eq!(replace(Some("one"), &newer).await, Applied::Yes);
    let forget = async |id| store.forget_upstream_client(issuer, id).await.unwrap();
    assert_eq!(forget("one").await, Applied::No);
    assert_eq!(store.upstream_client(issuer, uri).await.unwrap(), Some(newer));
    assert_eq!(forget("four").await, Applied::Yes);
    assert!(store.upstream_client(issuer, uri).await.unwrap().is_none());
    assert_eq!(
        store.upstream_client(issuer, &elsewhere.redirect_uri).await.unwrap(),
        Some(elsewhere)
    );
}
