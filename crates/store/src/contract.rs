//! The contract of [`Store`](crate::Store): what every backend must do, one function a case.
//! A backend's tests call [`contract_tests!`](crate::contract_tests) with a function that opens an
//! empty store.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests; a failure must stop them"
)]

use std::time::Duration;

use serde_json::{Map, json};
use snappy_domain::clock::{MockClock, after};
use snappy_domain::limits::{Limits, Workspaces};
use snappy_domain::random::SeededRandom;
use snappy_domain::{
    AccountId, ClientId, Clock, GrantId, Keyring, Scopes, Secret, Timestamp, TokenHash,
};

use crate::{
    ACCESS_TOKENS_OF_A_GRANT, AccessToken, AccountKind, AccountState, Applied, AuthorizationCode,
    Client, ClientKeys, CodeState, Credential, Grant, GrantState, KEY_SETS_KEPT, KeySet, Lease,
    Machine, NewAccount, NewGrant, Profile, RefreshState, RefreshToken, Registration,
    RevocationReason, Rotation, Store, TokenEndpointAuth,
};

const DAY: Duration = Duration::from_secs(86_400);

fn now() -> Timestamp {
    MockClock::default().now()
}

fn hash(token: &str) -> TokenHash {
    Keyring::new(&[Secret::new("contract-contract")]).unwrap().hash("contract", token)
}

fn client_record(id: &str) -> Client {
    let mut metadata = Map::new();
    metadata.insert("client_uri".into(), json!("https://client.example/"));
    Client {
        id: ClientId::new(id),
        registration: Registration::Dynamic,
        name: Some("A <b>client</b> ’quoted’".into()),
        redirect_uris: vec!["http://127.0.0.1/callback".into(), "cursor://x/cb".into()],
        auth: TokenEndpointAuth::ClientSecretPost,
        also_public: false,
        keys: None,
        machine: None,
        secret: Some(hash("secret")),
        metadata,
        created_at: now(),
        used_at: None,
    }
}

fn new_account(user: &str, key: &str) -> NewAccount {
    NewAccount {
        kind: AccountKind::Profile,
        authority: "https://x.example".into(),
        profile: Profile {
            user_id: user.into(),
            email: Some(format!("{user}@x.example")),
            name: None,
        },
        credential: credential(key),
        at: now(),
    }
}

fn credential(key: &str) -> Credential {
    Credential {
        key: Secret::new(key),
        session: Some(Secret::new(format!("session-of-{key}"))),
        key_expires_at: None,
    }
}

fn account_id(seed: u64) -> AccountId {
    AccountId::generate(&MockClock::default(), &SeededRandom::new(seed))
}

fn code_record(account: AccountId, token: &str) -> AuthorizationCode {
    AuthorizationCode {
        hash: hash(token),
        client: ClientId::new("client"),
        redirect_uri: "http://127.0.0.1:3000/callback".into(),
        code_challenge: "challenge".into(),
        resource: "https://mcp.example/mcp".into(),
        scopes: Scopes::all(),
        limits: limits(),
        account,
        expires_at: after(now(), Duration::from_secs(60)),
        state: CodeState::Issued,
    }
}

fn limits() -> Limits {
    let only = Workspaces::Only(["1".to_owned(), "2".to_owned()].into());
    Limits {
        toolsets: Some(["records".to_owned()].into()),
        instances: Some([("x1".to_owned(), Workspaces::All), ("x2".to_owned(), only)].into()),
    }
}

fn access(grant: GrantId, token: &str) -> AccessToken {
    AccessToken { hash: hash(token), grant, scopes: Scopes::all(), expires_at: after(now(), DAY) }
}

fn refresh(grant: GrantId, token: &str) -> RefreshToken {
    RefreshToken {
        hash: hash(token),
        grant,
        expires_at: after(now(), 90 * DAY),
        reused_at: None,
        state: RefreshState::Current,
    }
}

fn new_grant(account: AccountId, seed: u64, tokens: &str) -> NewGrant {
    let id = GrantId::generate(&MockClock::default(), &SeededRandom::new(seed));
    NewGrant {
        grant: Grant {
            id,
            client: ClientId::new("client"),
            account,
            resource: "https://mcp.example/mcp".into(),
            scopes: Scopes::parse("xano:read xano:write"),
            limits: limits(),
            created_at: now(),
            expires_at: after(now(), 365 * DAY),
            used_at: None,
            state: GrantState::Active,
        },
        refresh: refresh(id, &format!("{tokens}-rt")),
        access: access(id, &format!("{tokens}-at")),
    }
}

fn rotation(grant: GrantId, from: &str, to: &str, at: Timestamp) -> Rotation {
    Rotation {
        presented: hash(from),
        at,
        successor: refresh(grant, to),
        sealed_successor: vec![1, 2, 3],
        access: access(grant, &format!("{to}-access")),
    }
}

/// Takes the right to refresh a version; gives its fence.
async fn lease(store: &dyn Store, id: AccountId, seen: u64) -> u64 {
    match store.lease_refresh(id, seen, now(), after(now(), DAY)).await.unwrap() {
        Lease::Taken { fence } => fence,
        other => panic!("{other:?}"),
    }
}

/// Makes an account and a redeemed grant with tokens `{tokens}-rt` and `{tokens}-at`.
async fn granted(store: &dyn Store, tokens: &str) -> NewGrant {
    let account = store.sign_in(account_id(1), &new_account("7", "key")).await.unwrap();
    let code = code_record(account.id, &format!("{tokens}-code"));
    store.add_code(&code).await.unwrap();
    let grant = new_grant(account.id, 5, tokens);
    assert_eq!(store.redeem(&code.hash, &grant).await.unwrap(), Applied::Yes);
    grant
}

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

/// A second sign-in of the same person renews the account; another person gets another account.
pub async fn signing_in_again_renews_the_account(store: &dyn Store) {
    let first = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap();
    assert_eq!((first.id, first.version), (account_id(1), 1));
    let fence = lease(store, first.id, 1).await;
    let dead = store.require_sign_in(first.id, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let again = store.sign_in(account_id(2), &new_account("7", "key-2")).await.unwrap();
    assert_eq!((again.id, again.version), (first.id, 2));
    assert_eq!(again.state, AccountState::Usable);
    assert_eq!(again.credential, credential("key-2"));
    assert_eq!(store.account(first.id).await.unwrap(), Some(again));
    let other = store.sign_in(account_id(3), &new_account("8", "key-3")).await.unwrap();
    assert_eq!(other.id, account_id(3));
    let token = NewAccount { kind: AccountKind::Token, ..new_account("7", "key-4") };
    assert_eq!(store.sign_in(account_id(4), &token).await.unwrap().id, account_id(4));
}

/// Each pasted token is an account of its own; a new one takes the place of a dead one.
pub async fn another_pasted_token_is_another_account(store: &dyn Store) {
    let pasted = |key: &str| NewAccount { kind: AccountKind::Token, ..new_account("7", key) };
    let narrow = store.sign_in(account_id(1), &pasted("narrow")).await.unwrap();
    let wide = store.sign_in(account_id(2), &pasted("wide")).await.unwrap();
    assert_eq!((narrow.id, wide.id), (account_id(1), account_id(2)));
    let narrow_again = store.account(narrow.id).await.unwrap().unwrap();
    assert_eq!(narrow_again.credential, credential("narrow"), "untouched");
    let same = store.sign_in(account_id(3), &pasted("wide")).await.unwrap();
    assert_eq!((same.id, same.version), (wide.id, 2));
    let fence = lease(store, narrow.id, 1).await;
    let dead = store.require_sign_in(narrow.id, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let revived = store.sign_in(account_id(4), &pasted("newest")).await.unwrap();
    assert_eq!((revived.id, revived.state), (narrow.id, AccountState::Usable));
    let third = store.sign_in(account_id(5), &pasted("third")).await.unwrap();
    assert_eq!((third.id, third.profile.user_id.as_str()), (account_id(5), "7"));
    let other = NewAccount { kind: AccountKind::Token, ..new_account("70", "k") };
    assert_eq!(store.sign_in(account_id(6), &other).await.unwrap().id, account_id(6));
}

/// A credential is replaced only by whoever saw the newest one.
pub async fn a_credential_changes_only_from_the_version_that_was_seen(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap();
    let later = after(now(), DAY);
    let id = account.id;
    let fence = lease(store, id, 1).await;
    let replace = async |seen, fence, key: &str| {
        store.replace_credential(id, seen, fence, &credential(key), later).await.unwrap()
    };
    assert_eq!(replace(1, fence + 1, "key-0").await, Applied::No);
    assert_eq!(replace(1, fence, "key-2").await, Applied::Yes);
    assert_eq!(replace(1, fence, "key-3").await, Applied::No);
    assert_eq!(store.require_sign_in(id, 1, fence, later).await.unwrap(), Applied::No);
    let now_is = store.account(account.id).await.unwrap().unwrap();
    assert_eq!((now_is.version, now_is.refreshed_at), (2, later));
    assert_eq!(now_is.credential, credential("key-2"));
    assert_eq!(now_is.state, AccountState::Usable);
    assert!(store.account(account_id(9)).await.unwrap().is_none());
}

/// One at a time may refresh. The right ends by itself, and the fence keeps out who was slow.
pub async fn the_right_to_refresh_is_one_at_a_time(store: &dyn Store) {
    let id = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap().id;
    let at = |seconds| after(now(), Duration::from_secs(seconds));
    let take = async |seen, now, until| store.lease_refresh(id, seen, now, until).await.unwrap();
    let Lease::Taken { fence: slow } = take(1, at(0), at(4)).await else { panic!("it was free") };
    assert_eq!(take(1, at(1), at(5)).await, Lease::Held { until: at(4) });
    assert_eq!(store.extend_lease(id, slow, at(6)).await.unwrap(), Applied::Yes);
    assert_eq!(take(1, at(5), at(9)).await, Lease::Held { until: at(6) });
    // Its time is over: the next one takes it, and the slow one is kept out.
    let Lease::Taken { fence } = take(1, at(6), at(10)).await else { panic!("it had ended") };
    assert!(fence > slow);
    assert_eq!(store.extend_lease(id, slow, at(60)).await.unwrap(), Applied::No);
    store.release_lease(id, slow).await.unwrap();
    assert_eq!(take(1, at(7), at(9)).await, Lease::Held { until: at(10) });
    let late = store.replace_credential(id, 1, slow, &credential("late"), at(7)).await.unwrap();
    assert_eq!(late, Applied::No);
    assert_eq!(store.require_sign_in(id, 1, slow, at(7)).await.unwrap(), Applied::No);
    // Given back without a result, it is free at once; with one, the version has moved.
    store.release_lease(id, fence).await.unwrap();
    let Lease::Taken { fence } = take(1, at(7), at(11)).await else { panic!("it was free") };
    let done = store.replace_credential(id, 1, fence, &credential("key-2"), at(8)).await.unwrap();
    assert_eq!(done, Applied::Yes);
    assert_eq!(take(1, at(8), at(12)).await, Lease::Moved);
    let Lease::Taken { fence } = take(2, at(8), at(12)).await else { panic!("it was free") };
    assert_eq!(store.extend_lease(id, fence, at(13)).await.unwrap(), Applied::Yes);
    // A sign-in of the person wins over whoever is refreshing.
    store.sign_in(account_id(2), &new_account("7", "key-3")).await.unwrap();
    let late = store.require_sign_in(id, 2, fence, at(9)).await.unwrap();
    assert_eq!(late, Applied::No);
    assert_eq!(store.extend_lease(id, fence, at(60)).await.unwrap(), Applied::No);
    assert!(matches!(take(3, at(9), at(13)).await, Lease::Taken { .. }));
    assert_eq!(store.account(id).await.unwrap().unwrap().credential, credential("key-3"));
    // One that was taken by a clock far ahead does not count.
    let ahead = store.lease_refresh(id, 3, at(10_000), at(10_004)).await.unwrap();
    assert!(matches!(ahead, Lease::Taken { .. }));
    assert!(matches!(take(3, at(14), at(18)).await, Lease::Taken { .. }));
    let nobody = store.lease_refresh(account_id(9), 1, at(0), at(4)).await.unwrap();
    assert_eq!(nobody, Lease::Moved);
    store.wait_for_account(id, Duration::from_millis(1)).await.unwrap();
}

/// An account that needs a person is not refreshed.
pub async fn a_dead_account_is_not_refreshed(store: &dyn Store) {
    let id = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap().id;
    let fence = lease(store, id, 1).await;
    let dead = store.require_sign_in(id, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let refused = store.lease_refresh(id, 1, after(now(), DAY), after(now(), 2 * DAY)).await;
    assert_eq!(refused.unwrap(), Lease::Moved);
}

/// Keys that end soon are found while somebody uses them, the first to end first.
pub async fn keys_that_end_soon_are_found(store: &dyn Store) {
    let at = |seconds| after(now(), Duration::from_secs(seconds));
    let mut ids = Vec::new();
    for (n, kind) in
        [AccountKind::Profile, AccountKind::Profile, AccountKind::Profile, AccountKind::Token]
            .into_iter()
            .enumerate()
    {
        let account = NewAccount { kind, ..new_account(&n.to_string(), "key") };
        let seed = n as u64 + 1;
        let id = store.sign_in(account_id(seed), &account).await.unwrap().id;
        store.limit_key_life(id, at(100 - 10 * seed)).await.unwrap();
        let code = code_record(id, &format!("code-{n}"));
        store.add_code(&code).await.unwrap();
        let grant = new_grant(id, 10 + seed, &format!("tokens-{n}"));
        assert_eq!(store.redeem(&code.hash, &grant).await.unwrap(), Applied::Yes);
        store.touch_grant(grant.grant.id, at(10)).await.unwrap();
        ids.push((id, grant.grant.id));
    }
    let found = async |before, since, most| {
        store.ending_keys(at(60), at(before), at(since), most).await.unwrap()
    };
    // They end at 90, 80 and 70; the pasted token ends first, but nobody can renew it.
    let over = store.ending_keys(at(71), at(75), at(10), 9).await.unwrap();
    assert!(over.is_empty(), "what has ended long ago is not tried again and again");
    assert_eq!(found(75, 10, 9).await, [(ids[2].0, 1)]);
    assert_eq!(found(1000, 10, 2).await, [(ids[2].0, 1), (ids[1].0, 1)]);
    assert!(found(1000, 11, 9).await.is_empty(), "not used lately");
    let ended = store.revoke_grant(ids[2].1, RevocationReason::Person, now()).await.unwrap();
    assert_eq!(ended, Applied::Yes);
    let fence = lease(store, ids[1].0, 1).await;
    let dead = store.require_sign_in(ids[1].0, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    assert_eq!(found(1000, 0, 9).await, [(ids[0].0, 1)]);
}

/// A key's life can be shortened, never lengthened.
pub async fn a_keys_life_is_only_shortened(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key-1")).await.unwrap();
    let minute = after(now(), Duration::from_secs(60));
    store.limit_key_life(account.id, minute).await.unwrap();
    store.limit_key_life(account.id, after(now(), DAY)).await.unwrap();
    let account = store.account(account.id).await.unwrap().unwrap();
    assert_eq!(account.credential.key_expires_at, Some(minute));
    assert_eq!(account.version, 1);
}

/// A code comes back whole and is redeemed once.
pub async fn a_code_is_redeemed_once(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key")).await.unwrap();
    let code = code_record(account.id, "code");
    store.add_code(&code).await.unwrap();
    let found = store.code(&[hash("other"), hash("code")]).await.unwrap();
    assert_eq!(found, Some(code.clone()));
    let first = new_grant(account.id, 5, "a");
    assert_eq!(store.redeem(&code.hash, &first).await.unwrap(), Applied::Yes);
    let second = new_grant(account.id, 6, "b");
    assert_eq!(store.redeem(&code.hash, &second).await.unwrap(), Applied::No);
    assert_eq!(store.grant(second.grant.id).await.unwrap(), None, "all or nothing");
    assert_eq!(store.grant(first.grant.id).await.unwrap(), Some(first.grant.clone()));
    let found = store.code(&[code.hash]).await.unwrap().unwrap();
    assert_eq!(found.state, CodeState::Redeemed(first.grant.id));
}

/// Tokens are found with their grant and the state of the account.
pub async fn tokens_are_found_with_what_decides_about_them(store: &dyn Store) {
    let grant = granted(store, "g").await;
    let view = store.access_token(&[hash("x"), hash("g-at")]).await.unwrap().unwrap();
    assert_eq!((view.token, view.grant), (grant.access.clone(), grant.grant.clone()));
    assert_eq!(view.account, AccountState::Usable);
    let fence = lease(store, grant.grant.account, 1).await;
    let dead = store.require_sign_in(grant.grant.account, 1, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
    let view = store.access_token(&[hash("g-at")]).await.unwrap().unwrap();
    assert_eq!(view.account, AccountState::SignInRequired { since: now() });
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!((view.token, view.grant), (grant.refresh, grant.grant));
    assert_eq!(view.successor_used_at, None);
    assert!(store.access_token(&[hash("x")]).await.unwrap().is_none());
    assert!(store.access_token(&[]).await.unwrap().is_none());
    assert!(store.refresh_token(&[hash("x")]).await.unwrap().is_none());
}

/// An account's grants are listed while they count, with their last use.
pub async fn an_accounts_grants_are_listed_while_they_count(store: &dyn Store) {
    let first = granted(store, "g").await.grant;
    let other = store.sign_in(account_id(2), &new_account("8", "key")).await.unwrap();
    let code = code_record(other.id, "other-code");
    store.add_code(&code).await.unwrap();
    let _ = store.redeem(&code.hash, &new_grant(other.id, 7, "o")).await.unwrap();

    assert_eq!(store.grants_of(first.account, now()).await.unwrap(), std::slice::from_ref(&first));
    let later = after(now(), DAY);
    store.touch_grant(first.id, later).await.unwrap();
    let used = Grant { used_at: Some(later), ..first.clone() };
    assert_eq!(store.grants_of(first.account, now()).await.unwrap(), [used]);
    assert!(store.grants_of(first.account, first.expires_at).await.unwrap().is_empty());
    let _ = store.revoke_grant(first.id, RevocationReason::Person, now()).await.unwrap();
    assert!(store.grants_of(first.account, now()).await.unwrap().is_empty());
    assert_eq!(store.grants_of(other.id, now()).await.unwrap().len(), 1);
}

/// A refresh token rotates once, and the chain can be followed.
pub async fn a_refresh_token_rotates_once(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    let step = rotation(grant, "g-rt", "second", now());
    assert_eq!(store.rotate(&step).await.unwrap(), Applied::Yes);
    let lost = rotation(grant, "g-rt", "fork", now());
    assert_eq!(store.rotate(&lost).await.unwrap(), Applied::No);
    assert!(store.refresh_token(&[hash("fork")]).await.unwrap().is_none());
    assert!(store.access_token(&[hash("fork-access")]).await.unwrap().is_none());

    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    let rotated = RefreshState::Rotated {
        at: now(),
        successor: hash("second"),
        sealed_successor: vec![1, 2, 3],
    };
    assert_eq!((view.token.state, view.successor_used_at), (rotated, None));

    let later = after(now(), DAY);
    let _ = store.rotate(&rotation(grant, "second", "third", later)).await.unwrap();
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!(view.successor_used_at, Some(later));
}

/// A superseded token that is answered once more is remembered with the time.
pub async fn a_reuse_is_remembered(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    let _ = store.rotate(&rotation(grant, "g-rt", "second", now())).await.unwrap();
    let later = after(now(), DAY);
    let longer = RefreshToken { expires_at: after(now(), 91 * DAY), ..refresh(grant, "g-rt") };
    let reuse = store.reuse(&longer, later, &access(grant, "again")).await.unwrap();
    assert_eq!(reuse, Applied::Yes);
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!((view.token.reused_at, view.token.expires_at), (Some(later), longer.expires_at));
    assert!(matches!(view.token.state, RefreshState::Rotated { .. }));
    assert!(store.access_token(&[hash("again")]).await.unwrap().is_some());
    let unknown = store.reuse(&refresh(grant, "x"), later, &access(grant, "never")).await.unwrap();
    assert_eq!(unknown, Applied::No);
    assert!(store.access_token(&[hash("never")]).await.unwrap().is_none());
    let _ = store.revoke_grant(grant, RevocationReason::Client, now()).await.unwrap();
    let revoked = store.reuse(&longer, later, &access(grant, "late")).await.unwrap();
    assert_eq!(revoked, Applied::No);
}

/// Nothing is added to a revoked grant.
pub async fn a_revoked_grant_stays_revoked(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    let _ = store.revoke_grant(grant, RevocationReason::Client, now()).await.unwrap();
    let twice = store.revoke_grant(grant, RevocationReason::CodeReplay, after(now(), DAY)).await;
    assert_eq!(twice.unwrap(), Applied::No);
    let state = GrantState::Revoked { at: now(), reason: RevocationReason::Client };
    assert_eq!(store.grant(grant).await.unwrap().unwrap().state, state);
    assert_eq!(store.access_token(&[hash("g-at")]).await.unwrap().unwrap().grant.state, state);
    let step = rotation(grant, "g-rt", "second", now());
    assert_eq!(store.rotate(&step).await.unwrap(), Applied::No);
    assert_eq!(store.add_access_token(&access(grant, "late")).await.unwrap(), Applied::No);
}

/// All grants are revoked at once; those that were revoked keep their reason.
pub async fn all_grants_are_revoked_at_once(store: &dyn Store) {
    let first = granted(store, "g").await.grant;
    let second = new_grant(first.account, 6, "h");
    let code = code_record(first.account, "h-code");
    store.add_code(&code).await.unwrap();
    assert_eq!(store.redeem(&code.hash, &second).await.unwrap(), Applied::Yes);
    let ended = store.revoke_grant(first.id, RevocationReason::Person, now()).await.unwrap();
    assert_eq!(ended, Applied::Yes);
    let later = after(now(), DAY);
    assert_eq!(store.revoke_all_grants(RevocationReason::Operator, later).await.unwrap(), 1);
    assert_eq!(store.revoke_all_grants(RevocationReason::Operator, later).await.unwrap(), 0);
    let state = async |id| store.grant(id).await.unwrap().unwrap().state;
    let by_person = GrantState::Revoked { at: now(), reason: RevocationReason::Person };
    assert_eq!(state(first.id).await, by_person);
    let by_operator = GrantState::Revoked { at: later, reason: RevocationReason::Operator };
    assert_eq!(state(second.grant.id).await, by_operator);
}

/// Access tokens can be added, shortened and removed one by one.
pub async fn access_tokens_are_single_things(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    assert_eq!(store.add_access_token(&access(grant, "more")).await.unwrap(), Applied::Yes);
    let minute = after(now(), Duration::from_secs(60));
    store.limit_access_life(&hash("more"), minute).await.unwrap();
    store.limit_access_life(&hash("more"), after(now(), 9 * DAY)).await.unwrap();
    let view = store.access_token(&[hash("more")]).await.unwrap().unwrap();
    assert_eq!(view.token.expires_at, minute);
    store.remove_access_token(&hash("more")).await.unwrap();
    assert!(store.access_token(&[hash("more")]).await.unwrap().is_none());
    assert!(store.access_token(&[hash("g-at")]).await.unwrap().is_some());
}

/// A grant has only so many access tokens; the newest are kept.
pub async fn a_grants_access_tokens_are_limited(store: &dyn Store) {
    let grant = granted(store, "g").await.grant.id;
    for n in 0..ACCESS_TOKENS_OF_A_GRANT + 10 {
        let later = after(now(), DAY + Duration::from_secs(n as u64));
        let token = AccessToken { expires_at: later, ..access(grant, &format!("more-{n}")) };
        assert_eq!(store.add_access_token(&token).await.unwrap(), Applied::Yes);
    }
    let is_there = async |token: &str| store.access_token(&[hash(token)]).await.unwrap().is_some();
    assert!(!is_there("g-at").await && !is_there("more-9").await);
    for n in 10..ACCESS_TOKENS_OF_A_GRANT + 10 {
        assert!(is_there(&format!("more-{n}")).await, "{n}");
    }
    // One that ends before all others is kept as well: somebody has just been given it.
    let short = AccessToken { expires_at: now(), ..access(grant, "short") };
    assert_eq!(store.add_access_token(&short).await.unwrap(), Applied::Yes);
    assert!(is_there("short").await && !is_there("more-10").await);
}

/// A grant that no code stands for is a grant like any other.
pub async fn a_machines_grant_needs_no_code(store: &dyn Store) {
    let account = store.sign_in(account_id(1), &new_account("7", "key")).await.unwrap();
    let grant = new_grant(account.id, 5, "m").grant;
    assert_eq!(store.machine_grant(&grant, now()).await.unwrap(), None, "there is no client");
    store.add_client(&client_record("client")).await.unwrap();
    assert_eq!(store.machine_grant(&grant, now()).await.unwrap(), Some(grant.clone()));
    assert_eq!(store.grant(grant.id).await.unwrap(), Some(grant.clone()));
    let other = |seed| new_grant(account.id, seed, "m").grant;
    assert_eq!(store.machine_grant(&other(6), now()).await.unwrap().unwrap().id, grant.id);
    for different in [
        Grant { scopes: Scopes::all(), ..other(7) },
        Grant { limits: Limits::default(), ..other(8) },
        Grant { resource: "https://other.example/mcp".into(), ..other(9) },
    ] {
        let made = store.machine_grant(&different, now()).await.unwrap();
        assert_eq!(made, Some(different.clone()));
        let ended = store.revoke_grant(different.id, RevocationReason::Person, now()).await;
        assert_eq!(ended.unwrap(), Applied::Yes);
    }
    let longer = Grant { expires_at: after(now(), 900 * DAY), ..other(10) };
    let made = store.machine_grant(&longer, grant.expires_at).await.unwrap();
    assert_eq!(made, Some(longer.clone()), "the other one ends too soon");
    let ended = store.revoke_grant(longer.id, RevocationReason::Person, now()).await;
    assert_eq!(ended.unwrap(), Applied::Yes);
    assert_eq!(store.grants_of(account.id, now()).await.unwrap(), std::slice::from_ref(&grant));
    assert_eq!(store.add_access_token(&access(grant.id, "m-at")).await.unwrap(), Applied::Yes);
    let view = store.access_token(&[hash("m-at")]).await.unwrap().unwrap();
    assert_eq!((view.grant, view.account), (grant, AccountState::Usable));
}

/// Purging removes what is over and nothing that still matters.
pub async fn purging_removes_only_what_is_over(store: &dyn Store) {
    let grant = granted(store, "g").await;
    store.add_code(&code_record(grant.grant.account, "unused")).await.unwrap();
    let removed = store.purge_expired(after(now(), 2 * DAY)).await.unwrap();
    assert_eq!(removed, 2, "the access token and the unused code");
    assert!(store.access_token(&[hash("g-at")]).await.unwrap().is_none());
    assert!(store.refresh_token(&[hash("g-rt")]).await.unwrap().is_some());
    assert!(store.code(&[hash("g-code")]).await.unwrap().is_some(), "a replay is still seen");

    // Refresh tokens that have ended go, but not one whose predecessor still asks for it.
    let id = grant.grant.id;
    assert_eq!(store.rotate(&rotation(id, "g-rt", "2", now())).await.unwrap(), Applied::Yes);
    assert_eq!(store.rotate(&rotation(id, "2", "3", now())).await.unwrap(), Applied::Yes);
    let longer = RefreshToken { expires_at: after(now(), 120 * DAY), ..refresh(id, "g-rt") };
    let reused = store.reuse(&longer, now(), &access(id, "reuse")).await.unwrap();
    assert_eq!(reused, Applied::Yes);
    store.purge_expired(after(now(), 100 * DAY)).await.unwrap();
    let view = store.refresh_token(&[hash("g-rt")]).await.unwrap().unwrap();
    assert_eq!(view.successor_used_at, Some(now()));
    assert!(store.refresh_token(&[hash("3")]).await.unwrap().is_none());
    store.purge_expired(after(now(), 366 * DAY)).await.unwrap();
    assert!(store.grant(grant.grant.id).await.unwrap().is_none());
    assert!(store.refresh_token(&[hash("g-rt")]).await.unwrap().is_none());
    assert!(store.code(&[hash("g-code")]).await.unwrap().is_none());
}

/// Makes one `#[tokio::test]` for each case. Takes an async function that opens an empty store and
/// gives it with whatever must live as long (a temporary directory, a database).
#[macro_export]
macro_rules! contract_tests {
    ($open:path) => {
        $crate::contract_tests!(@ $open:
            clients_come_back_whole
            a_secrets_hash_can_be_renewed
            a_client_with_keys_comes_back_whole
            an_assertion_is_used_once
            a_machine_is_changed_only_as_it_was_seen
            key_sets_are_kept_with_their_age
            a_document_can_change
            a_removed_client_takes_its_grants_along
            only_never_used_clients_are_purged
            signing_in_again_renews_the_account
            another_pasted_token_is_another_account
            a_credential_changes_only_from_the_version_that_was_seen
            the_right_to_refresh_is_one_at_a_time
            a_dead_account_is_not_refreshed
            keys_that_end_soon_are_found
            a_keys_life_is_only_shortened
            a_code_is_redeemed_once
            tokens_are_found_with_what_decides_about_them
            an_accounts_grants_are_listed_while_they_count
            a_refresh_token_rotates_once
            a_reuse_is_remembered
            a_revoked_grant_stays_revoked
            all_grants_are_revoked_at_once
            access_tokens_are_single_things
            a_grants_access_tokens_are_limited
            a_machines_grant_needs_no_code
            purging_removes_only_what_is_over
        );
    };
    (@ $open:path: $($case:ident)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (store, _guard) = $open().await;
                $crate::contract::$case(&store).await;
            }
        )*
    };
}
