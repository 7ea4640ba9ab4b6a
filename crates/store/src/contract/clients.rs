//! What every backend does with OAuth clients.

use serde_json::json;
use snappy_domain::clock::after;
use snappy_domain::{ClientId, Scopes};

use super::samples::{DAY, at, client_record, credential_id, hash, limits, now, person, person_id};
use crate::{
    Applied, Client, ClientKeys, ClientProof, KEY_SETS_KEPT, KeySet, Registration, SecretMethod,
    ServiceAccount, Store,
};

/// No client has an id that a database can't store.
pub async fn an_id_of_any_text_is_looked_up(store: &dyn Store) {
    for id in ["", "\0", "a\0b", "\n", "\u{202e}", &"x".repeat(70_000), "'; DROP TABLE clients"] {
        assert!(store.client(&ClientId::new(id)).await.unwrap().is_none(), "{id:?}");
    }
}

/// A secret's hash is replaced only by whoever saw it.
pub async fn a_secrets_hash_can_be_renewed(store: &dyn Store) {
    let client = client_record("c1");
    store.add_client(&client).await.unwrap();
    let (seen, newer) = (hash("secret"), hash("the same under another key"));
    let renew = async |seen, newer| store.rehash_secret(&client.id, seen, newer).await.unwrap();
    assert_eq!(renew(&seen, &newer).await, Applied::Yes);
    assert_eq!(renew(&seen, &hash("a third")).await, Applied::No);
    let found = store.client(&client.id).await.unwrap().unwrap();
    let proof = ClientProof::Secret { method: SecretMethod::Post, hash: newer };
    assert_eq!(found, Client { proof, ..client.clone() });
}

/// A client comes back as it was kept.
pub async fn clients_come_back_whole(store: &dyn Store) {
    let client = client_record("c1");
    store.add_client(&client).await.unwrap();
    assert_eq!(store.client(&client.id).await.unwrap(), Some(client.clone()));
    assert_eq!(store.client(&ClientId::new("c2")).await.unwrap(), None);
    store.check().await.unwrap();
}

/// Keys and a service account come back with the client.
pub async fn a_client_with_keys_comes_back_whole(store: &dyn Store) {
    let set = json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}]});
    let service_account = service_account(1);
    let at = ClientKeys::At { uri: "https://client.example/jwks.json".into() };
    for (id, keys) in [("inline", ClientKeys::Inline(set)), ("at", at)] {
        let client = Client {
            proof: ClientProof::Keys { keys, also_public: true },
            service_account: Some(service_account.clone()),
            ..client_record(id)
        };
        store.add_client(&client).await.unwrap();
        assert_eq!(store.client(&client.id).await.unwrap(), Some(client));
    }
}

fn service_account(seed: u64) -> ServiceAccount {
    let scopes = Scopes::from_stored("read write");
    ServiceAccount::new(person_id(seed), credential_id(seed), scopes, limits())
}

/// A service account is replaced only by whoever saw the newest, and never brought back.
pub async fn a_service_account_is_changed_only_as_it_was_seen(store: &dyn Store) {
    let [first, second, third] = [1, 2, 3].map(service_account);
    let client = Client { service_account: Some(first.clone()), ..client_record("m") };
    store.add_client(&client).await.unwrap();
    let replace =
        async |seen, new| store.replace_service_account(&client.id, seen, new).await.unwrap();
    assert_eq!(replace(&first, &second).await, Applied::Yes);
    assert_eq!(replace(&first, &third).await, Applied::No);
    let found = store.client(&client.id).await.unwrap().unwrap();
    assert_eq!(found, Client { service_account: Some(second.clone()), ..client.clone() });
    assert_eq!(store.remove_client(&client.id, now()).await.unwrap(), Applied::Yes);
    assert_eq!(replace(&second, &first).await, Applied::No);
    assert!(store.client(&client.id).await.unwrap().is_none());
}

/// A key set is asked for by one at a time and remembered with its age.
pub async fn key_sets_are_kept_with_their_age(store: &dyn Store) {
    let (client, uri) = (&ClientId::new("c"), "https://client.example/jwks.json");
    let purge = async |when| store.purge_expired(when, 100).await.unwrap();
    assert_eq!(store.key_set(client, uri).await.unwrap(), KeySet::default());
    assert_eq!(store.ask_key_set(client, uri, at(0), at(60)).await.unwrap(), Applied::Yes);
    assert_eq!(store.ask_key_set(client, uri, at(59), at(119)).await.unwrap(), Applied::No);
    let asked = KeySet { read: None, asked_at: Some(at(60)) };
    assert_eq!(store.key_set(client, uri).await.unwrap(), asked);
    let set = json!({"keys": [{"kty": "EC"}]});
    store.put_key_set(client, uri, Some(&set), at(61)).await.unwrap();
    let known = KeySet { read: Some((set.clone(), at(61))), asked_at: Some(at(61)) };
    assert_eq!(store.key_set(client, uri).await.unwrap(), known);
    assert_eq!(store.ask_key_set(client, uri, at(61), at(121)).await.unwrap(), Applied::Yes);
    let again = KeySet { asked_at: Some(at(121)), ..known };
    assert_eq!(store.key_set(client, uri).await.unwrap(), again, "what was read stays");
    store.put_key_set(client, uri, None, at(122)).await.unwrap();
    assert_eq!(store.key_set(client, uri).await.unwrap().read, None);
    purge(after(at(122), KEY_SETS_KEPT)).await;
    assert_eq!(store.key_set(client, uri).await.unwrap().asked_at, Some(at(122)));
    purge(after(at(123), KEY_SETS_KEPT)).await;
    assert_eq!(store.key_set(client, uri).await.unwrap(), KeySet::default());
}

/// An assertion is used once, until it could not be used anyway.
pub async fn an_assertion_is_used_once(store: &dyn Store) {
    let client = ClientId::new("c");
    let take = async |jti: &str, request: &str| {
        store.use_assertion(&client, &hash(jti), &hash(request), at(60)).await.unwrap()
    };
    assert_eq!(take("jti", "first request").await, Applied::Yes);
    assert_eq!(take("jti", "first request").await, Applied::Yes, "its answer was lost");
    assert_eq!(take("jti", "second request").await, Applied::No);
    assert_eq!(take("other", "second request").await, Applied::Yes);
    store.purge_expired(now(), 100).await.unwrap();
    assert_eq!(take("jti", "third request").await, Applied::No);
    store.purge_expired(at(61), 100).await.unwrap();
    assert_eq!(take("jti", "fourth request").await, Applied::Yes);
}

/// What a document says replaces what it said, but not that the client was used.
pub async fn a_document_can_change(store: &dyn Store) {
    let document = |name: &str, until| Client {
        registration: Registration::Document { fetched_at: now(), fresh_until: until },
        name: Some(name.into()),
        proof: ClientProof::Public,
        ..client_record("https://client.example/id.json")
    };
    let first = document("First", after(now(), DAY));
    store.put_client(&first).await.unwrap();
    assert_eq!(store.client(&first.id).await.unwrap(), Some(first.clone()));
    let somebody = person(store, "7", 1).await;
    assert_eq!(store.note_client_use(&first.id, somebody, now()).await.unwrap(), Applied::Yes);
    let second = document("Second", after(now(), 2 * DAY));
    store.put_client(&second).await.unwrap();
    let found = store.client(&first.id).await.unwrap().unwrap();
    assert_eq!(found, Client { used_at: Some(now()), ..second });
    assert_eq!(store.purge_unused_clients(after(now(), 9 * DAY), 100).await.unwrap(), 0);
}
