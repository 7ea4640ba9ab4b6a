//! The contract of [`Store`](crate::Store): what every backend must do, one function a case.
//! A backend's tests call [`contract_tests!`](crate::contract_tests) with a function that opens an
//! empty store.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests; a failure must stop them"
)]

mod accounts;
mod clients;
mod grants;

use std::time::Duration;

use serde_json::{Map, json};
use snappy_domain::clock::{MockClock, after};
use snappy_domain::limits::{Limits, Workspaces};
use snappy_domain::random::SeededRandom;
use snappy_domain::{
    AccountId, ClientId, Clock, GrantId, Keyring, Scopes, Secret, Timestamp, TokenHash,
};

use crate::{
    AccessToken, AccountKind, Applied, AuthorizationCode, Client, CodeState, Credential, Grant,
    GrantState, Lease, NewAccount, NewGrant, Profile, RefreshState, RefreshToken, Registration,
    Rotation, Store, TokenEndpointAuth,
};

pub use accounts::*;
pub use clients::*;
pub use grants::*;

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
