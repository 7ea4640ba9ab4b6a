//! What every backend does with OAuth clients.

use std::time::Duration;

use serde_json::json;
use snappy_domain::clock::after;
use snappy_domain::{ClientId, Scopes};

use super::{DAY, account_id, client_record, granted, hash, limits, now};
use crate::{
    Applied, Client, ClientKeys, GrantState, KEY_SETS_KEPT, KeySet, Machine, Registration,
    RevocationReason, Store, TokenEndpointAuth,
};

/// A secret's hash is replaced only by whoever saw it.
pub async fn a_secrets_hash_can_be_renewed(store: &dyn Store) {
    let client = client_record("c1");
    store.add_client(&client).await.unwrap();
    let (seen, newer) = (hash("secret"), hash("the same under another key"));
    let renew = async |seen, newer| store.rehash_secret(&client.id, seen, newer).await.unwrap();
    assert_eq!(renew(&seen, &newer).await, Applied::Yes);
    assert_eq!(renew(&seen, &newer).await, Applied::No);
    let found = store.client(&client.id).await.unwrap().unwrap();
    assert_eq!(found, Client { secret: Some(newer), ..client.clone() });
}

/// A client comes back as it was kept.
pub async fn clients_come_back_whole(store: &dyn Store) {
    let client = client_record("c1");
    store.add_client(&client).await.unwrap();
    assert_eq!(store.client(&client.id).await.unwrap(), Some(client.clone()));
    assert_eq!(store.client(&ClientId::new("c2")).await.unwrap(), None);
    store.check().await.unwrap();
}

/// Keys, and what a machine may have for itself, come back with the client.
pub async fn a_client_with_keys_comes_back_whole(store: &dyn Store) {
    let set = json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}]});
    let machine = Machine { account: account_id(1), scopes: Scopes::all(), limits: limits() };
    let at = ClientKeys::At { uri: "https://client.example/jwks.json".into() };
    for (id, keys) in [("inline", ClientKeys::Inline(set)), ("at", at)] {
        let client = Client {
            auth: TokenEndpointAuth::PrivateKeyJwt,
            also_public: true,
            keys: Some(keys),
            machine: Some(machine.clone()),
            secret: None,
            ..client_record(id)
        };
        store.add_client(&client).await.unwrap();
        assert_eq!(store.client(&client.id).await.unwrap(), Some(client));
    }
}

/// What a machine may have is replaced only by whoever saw the newest, and never brought back.
pub async fn a_machine_is_changed_only_as_it_was_seen(store: &dyn Store) {
    let first = Machine { account: account_id(1), scopes: Scopes::all(), limits: limits() };
    let second = Machine { account: account_id(2), ..first.clone() };
    let client = Client { machine: Some(first.clone()), ..client_record("m") };
    store.add_client(&client).await.unwrap();
    let replace = async |seen, new| store.replace_machine(&client.id, seen, new).await.unwrap();
    assert_eq!(replace(&first, &second).await, Applied::Yes);
    assert_eq!(replace(&first, &first).await, Applied::No);
    let found = store.client(&client.id).await.unwrap().unwrap();
    assert_eq!(found, Client { machine: Some(second.clone()), ..client.clone() });
    assert_eq!(store.remove_client(&client.id, now()).await.unwrap(), Applied::Yes);
    assert_eq!(replace(&second, &first).await, Applied::No);
    assert!(store.client(&client.id).await.unwrap().is_none());
}

/// A key set is asked for by one at a time and remembered with its age.
pub async fn key_sets_are_kept_with_their_age(store: &dyn Store) {
    let uri = "https://client.example/jwks.json";
    let at = |seconds| after(now(), Duration::from_secs(seconds));
    assert_eq!(store.key_set(uri).await.unwrap(), KeySet::default());
    assert_eq!(store.ask_key_set(uri, at(0), at(60)).await.unwrap(), Applied::Yes);
    assert_eq!(store.ask_key_set(uri, at(59), at(119)).await.unwrap(), Applied::No);
    let asked = KeySet { read: None, asked_at: Some(at(60)) };
    assert_eq!(store.key_set(uri).await.unwrap(), asked);
    let set = json!({"keys": [{"kty": "EC"}]});
    store.put_key_set(uri, Some(&set), at(61)).await.unwrap();
    let known = KeySet { read: Some((set.clone(), at(61))), asked_at: Some(at(61)) };
    assert_eq!(store.key_set(uri).await.unwrap(), known);
    assert_eq!(store.ask_key_set(uri, at(61), at(121)).await.unwrap(), Applied::Yes);
    let again = KeySet { asked_at: Some(at(121)), ..known };
    assert_eq!(store.key_set(uri).await.unwrap(), again, "what was read stays");
    store.put_key_set(uri, None, at(122)).await.unwrap();
    assert_eq!(store.key_set(uri).await.unwrap().read, None);
    store.purge_expired(after(at(122), KEY_SETS_KEPT)).await.unwrap();
    assert_eq!(store.key_set(uri).await.unwrap().asked_at, Some(at(122)));
    store.purge_expired(after(at(123), KEY_SETS_KEPT)).await.unwrap();
    assert_eq!(store.key_set(uri).await.unwrap(), KeySet::default());
}

/// An assertion counts once, until it could not be used anyway.
pub async fn an_assertion_is_used_once(store: &dyn Store) {
    let (minute, second) = (after(now(), Duration::from_secs(60)), Duration::from_secs(1));
    assert_eq!(store.use_assertion(&hash("jti"), minute).await.unwrap(), Applied::Yes);
    assert_eq!(store.use_assertion(&hash("jti"), minute).await.unwrap(), Applied::No);
    assert_eq!(store.use_assertion(&hash("other"), minute).await.unwrap(), Applied::Yes);
    store.purge_expired(now()).await.unwrap();
    assert_eq!(store.use_assertion(&hash("jti"), minute).await.unwrap(), Applied::No);
    store.purge_expired(after(minute, second)).await.unwrap();
    assert_eq!(store.use_assertion(&hash("jti"), minute).await.unwrap(), Applied::Yes);
}

/// What a document says replaces what it said, but not that the client was used.
pub async fn a_document_can_change(store: &dyn Store) {
    let document = |name: &str, until| Client {
        registration: Registration::Document { fetched_at: now(), fresh_until: until },
        name: Some(name.into()),
        secret: None,
        ..client_record("https://client.example/id.json")
    };
    let first = document("First", after(now(), DAY));
    store.put_client(&first).await.unwrap();
    assert_eq!(store.client(&first.id).await.unwrap(), Some(first.clone()));
    store.mark_client_used(&first.id, now()).await.unwrap();
    let second = document("Second", after(now(), 2 * DAY));
    store.put_client(&second).await.unwrap();
    let found = store.client(&first.id).await.unwrap().unwrap();
    assert_eq!(found, Client { used_at: Some(now()), ..second });
    assert_eq!(store.purge_unused_clients(after(now(), 9 * DAY)).await.unwrap(), 0);
}

/// Clients are listed; a removed one takes its grants along.
pub async fn a_removed_client_takes_its_grants_along(store: &dyn Store) {
    let operators = Client { registration: Registration::PreRegistered, ..client_record("client") };
    store.add_client(&operators).await.unwrap();
    let later = after(now(), DAY);
    store.add_client(&Client { created_at: later, ..client_record("later") }).await.unwrap();
    let ids: Vec<_> = store.clients().await.unwrap().into_iter().map(|client| client.id).collect();
    assert_eq!(ids, [ClientId::new("client"), ClientId::new("later")]);
    assert_eq!(store.purge_unused_clients(after(now(), 9 * DAY)).await.unwrap(), 1);

    let grant = granted(store, "g").await.grant.id;
    assert_eq!(store.remove_client(&operators.id, now()).await.unwrap(), Applied::Yes);
    assert_eq!(store.remove_client(&operators.id, now()).await.unwrap(), Applied::No);
    let state = GrantState::Revoked { at: now(), reason: RevocationReason::ClientRemoved };
    assert_eq!(store.grant(grant).await.unwrap().unwrap().state, state);
    assert!(store.clients().await.unwrap().is_empty());
}

/// Only dynamic registrations that nobody ever authorized are purged.
pub async fn only_never_used_clients_are_purged(store: &dyn Store) {
    for id in ["used", "unused", "young"] {
        let created_at = if id == "young" { after(now(), DAY) } else { now() };
        store.add_client(&Client { created_at, ..client_record(id) }).await.unwrap();
    }
    store.mark_client_used(&ClientId::new("used"), now()).await.unwrap();
    store.mark_client_used(&ClientId::new("used"), after(now(), DAY)).await.unwrap();
    let before = after(now(), Duration::from_secs(1));
    assert_eq!(store.purge_unused_clients(before).await.unwrap(), 1);
    let used = store.client(&ClientId::new("used")).await.unwrap().unwrap();
    assert_eq!(used.used_at, Some(now()), "the first use is kept");
    assert!(store.client(&ClientId::new("unused")).await.unwrap().is_none());
    assert!(store.client(&ClientId::new("young")).await.unwrap().is_some());
}
