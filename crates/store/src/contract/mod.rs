//! The contract of [`Store`]: what every backend must do, one function for each case.
//!
//! A backend on a tokio runtime calls [`contract_tests!`](crate::contract_tests) with a function that
//! opens an empty store; any other host runs [`CASES`], each on an empty store.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests; a failure must stop them"
)]

mod clients;
mod credentials;
mod grants;
mod sweeps;

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use serde_json::{Map, json};
use snappy_domain::access_limits::{AccessLimits, Workspaces};
use snappy_domain::clock::{MockClock, after};
use snappy_domain::random::SeededRandom;
use snappy_domain::{
    ClientId, Clock, CredentialId, GrantId, Keyring, PersonId, Scopes, Secret, Timestamp, TokenHash,
};

use crate::{
    AccessToken, Applied, AuthorizationCode, Client, ClientProof, CodeState, Credential,
    CredentialSecret, Grant, GrantState, Identity, Lease, NewCredential, NewGrant, Profile,
    RefreshState, RefreshToken, Registration, Rotation, SecretMethod, Store, TokenRef,
};

pub use clients::*;
pub use credentials::*;
pub use grants::*;
pub use sweeps::*;

const DAY: Duration = Duration::from_secs(86_400);

fn now() -> Timestamp {
    MockClock::default().now()
}

fn at(seconds: u64) -> Timestamp {
    after(now(), Duration::from_secs(seconds))
}

fn hash(token: &str) -> TokenHash {
    Keyring::new(&[Secret::new("contract-contract")]).unwrap().hash("contract", token)
}

/// A token of the person, presented under these texts' hashes.
fn token_ref(person: PersonId, tokens: &[&str]) -> TokenRef {
    TokenRef { person: Some(person), hashes: tokens.iter().map(|token| hash(token)).collect() }
}

fn client_record(id: &str) -> Client {
    let mut metadata = Map::new();
    metadata.insert("client_uri".into(), json!("https://client.example/"));
    Client {
        id: ClientId::new(id),
        registration: Registration::Dynamic,
        name: Some("A <b>client</b> ’quoted’".into()),
        redirect_uris: vec!["http://127.0.0.1/callback".into(), "cursor://x/cb".into()],
        proof: ClientProof::Secret { method: SecretMethod::Post, hash: hash("secret") },
        service_account: None,
        metadata,
        created_at: now(),
        used_at: None,
    }
}

fn session(key: &str) -> CredentialSecret {
    let session = Secret::new(format!("session-of-{key}"));
    CredentialSecret::Session { key: Secret::new(key), session, expires_at: None }
}

fn pasted(token: &str) -> CredentialSecret {
    CredentialSecret::Token { token: Secret::new(token), expires_at: None }
}

fn new_credential(subject: &str, secret: CredentialSecret) -> NewCredential {
    NewCredential {
        authority: "https://x.example".into(),
        profile: Profile {
            subject: subject.into(),
            email: Some(format!("{subject}@x.example")),
            name: None,
        },
        secret,
        at: now(),
    }
}

fn random(seed: u64) -> SeededRandom {
    SeededRandom::new(seed)
}

fn person_id(seed: u64) -> PersonId {
    PersonId::generate(&MockClock::default(), &random(seed))
}

fn credential_id(seed: u64) -> CredentialId {
    CredentialId::generate(&MockClock::default(), &random(1_000 + seed))
}

/// The person of a subject.
async fn person(store: &dyn Store, subject: &str, proposed: u64) -> PersonId {
    let identity =
        Identity { upstream: "https://x.example/auth".into(), subject: subject.to_owned() };
    store.person(&identity, person_id(proposed), now()).await.unwrap()
}

/// Signs a subject in with a session; the person and the credential get ids of the seed if they are new.
async fn signed_in(store: &dyn Store, subject: &str, key: &str, seed: u64) -> Credential {
    let person = person(store, subject, seed).await;
    let new = new_credential(subject, session(key));
    store.sign_in(person, credential_id(seed), &new).await.unwrap()
}

fn code_record(credential: &Credential, token: &str) -> AuthorizationCode {
    AuthorizationCode {
        hash: hash(token),
        client: ClientId::new("client"),
        redirect_uri: "http://127.0.0.1:3000/callback".into(),
        code_challenge: "challenge".into(),
        resource: "https://mcp.example/mcp".into(),
        scopes: Scopes::from_stored("read write"),
        limits: limits(),
        person: credential.person,
        credential: credential.id,
        expires_at: at(60),
        state: CodeState::Issued,
    }
}

fn limits() -> AccessLimits {
    let only = Workspaces::Only(["1".to_owned(), "2".to_owned()].into());
    AccessLimits {
        toolsets: Some(["records".to_owned()].into()),
        instances: Some([("x1".to_owned(), Workspaces::All), ("x2".to_owned(), only)].into()),
    }
}

fn access(grant: GrantId, token: &str) -> AccessToken {
    let scopes = Scopes::from_stored("read write");
    AccessToken { hash: hash(token), grant, scopes, expires_at: after(now(), DAY) }
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

fn new_grant(credential: &Credential, seed: u64, tokens: &str) -> NewGrant {
    let id = GrantId::generate(&MockClock::default(), &random(seed));
    NewGrant {
        grant: Grant {
            id,
            client: ClientId::new("client"),
            person: credential.person,
            credential: credential.id,
            resource: "https://mcp.example/mcp".into(),
            scopes: Scopes::from_stored("read write"),
            limits: limits(),
            created_at: now(),
            expires_at: after(now(), 365 * DAY),
            used_at: None,
            elicits_urls: false,
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
async fn lease(store: &dyn Store, credential: &Credential, seen: u64) -> u64 {
    let (person, id) = (credential.person, credential.id);
    match store.lease_refresh(person, id, seen, now(), after(now(), DAY)).await.unwrap() {
        Lease::Taken { fence } => fence,
        other => panic!("{other:?}"),
    }
}

/// Marks a credential of a version as needing a sign-in.
async fn kill(store: &dyn Store, credential: &Credential, version: u64) {
    let (person, id) = (credential.person, credential.id);
    let fence = lease(store, credential, version).await;
    let dead = store.require_sign_in(person, id, version, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
}

/// Signs somebody in and makes a redeemed grant with tokens `{tokens}-rt` and `{tokens}-at`.
async fn granted(store: &dyn Store, tokens: &str) -> NewGrant {
    let credential = signed_in(store, "7", "key", 1).await;
    let code = code_record(&credential, &format!("{tokens}-code"));
    store.add_code(&code).await.unwrap();
    let grant = new_grant(&credential, 5, tokens);
    assert_eq!(store.redeem(&code.hash, &grant).await.unwrap(), Applied::Yes);
    grant
}

/// The future of a case.
type Running<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// One case.
#[derive(Clone, Copy)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// Runs it on an empty store; panics when the store does not keep the contract.
    pub run: for<'a> fn(&'a dyn Store) -> Running<'a>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Hands the names of all cases to a macro.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_cases {
    ($with:path, $($argument:tt)*) => {
        $with! { @ $($argument)*:
            clients_come_back_whole
            a_secrets_hash_can_be_renewed
            a_client_with_keys_comes_back_whole
            an_assertion_is_used_once
            a_service_account_is_changed_only_as_it_was_seen
            key_sets_are_kept_with_their_age
            a_document_can_change
            a_removed_client_takes_its_grants_along
            only_never_used_clients_are_purged
            an_identity_is_one_person
            signing_in_again_renews_the_credential
            another_pasted_token_is_another_credential
            every_shape_of_a_credential_comes_back_whole
            a_credential_changes_only_from_the_version_that_was_seen
            the_right_to_refresh_is_one_at_a_time
            a_dead_credential_is_not_refreshed
            credentials_that_expire_soon_are_found
            a_credentials_life_is_only_shortened
            a_code_is_redeemed_once
            a_change_whose_answer_was_lost_can_be_repeated
            tokens_are_found_with_what_decides_about_them
            what_belongs_to_one_person_is_not_found_for_another
            a_persons_grants_are_listed_while_they_are_valid
            a_grant_remembers_what_its_client_can_do
            a_refresh_token_rotates_once
            a_reuse_is_remembered
            a_revoked_grant_stays_revoked
            all_grants_are_revoked_in_parts
            access_tokens_are_single_things
            a_grants_access_tokens_are_limited
            a_service_accounts_grant_needs_no_code
            purging_removes_only_what_is_over
            purging_goes_on_where_it_stopped
        }
    };
}

macro_rules! list {
    (@ : $($case:ident)*) => {
        /// Every case of the contract.
        pub const CASES: &[Case] =
            &[$(Case { name: stringify!($case), run: |store| Box::pin($case(store)) }),*];
    };
}

contract_cases!(list,);

/// Makes one `#[tokio::test]` for each case. Takes an async function that opens an empty store and
/// gives it with whatever must live as long (a temporary directory, a database).
#[macro_export]
macro_rules! contract_tests {
    (@ $open:ident: $($case:ident)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (store, _guard) = $open().await;
                $crate::contract::$case(&store).await;
            }
        )*
    };
    ($open:ident) => {
        $crate::contract_cases!($crate::contract_tests, $open);
    };
}
