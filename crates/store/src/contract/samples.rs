//! Records that the cases share.

use std::time::Duration;

use serde_json::{Map, json};
use snappy_domain::access_limits::{AccessLimits, Workspaces};
use snappy_domain::clock::{MockClock, after};
use snappy_domain::random::SeededRandom;
use snappy_domain::{
    ClientId, Clock, CredentialId, GrantId, Keyring, PersonId, Scopes, Secret, Timestamp, TokenHash,
};

use crate::{
    AccessToken, Applied, AuthorizationCode, Client, ClientProof, CodeState, Coverage, Credential,
    CredentialSecret, Grant, GrantState, Identity, Lease, NewCredential, NewGrant, OAuthTokens,
    Party, Profile, RefreshState, RefreshToken, Registration, Rotation, SecretMethod, Store,
    TokenRef,
};

pub(super) const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn now() -> Timestamp {
    MockClock::default().now()
}

pub(super) fn at(seconds: u64) -> Timestamp {
    after(now(), Duration::from_secs(seconds))
}

pub(super) fn hash(token: &str) -> TokenHash {
    Keyring::new(&[Secret::new("contract-contract")]).unwrap().hash("contract", token)
}

/// A token of the person, presented under these texts' hashes.
pub(super) fn token_ref(person: PersonId, tokens: &[&str]) -> TokenRef {
    TokenRef { person: Some(person), hashes: tokens.iter().map(|token| hash(token)).collect() }
}

pub(super) fn client_record(id: &str) -> Client {
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

pub(super) fn session(key: &str) -> CredentialSecret {
    let session = Secret::new(format!("session-of-{key}"));
    CredentialSecret::Session { key: Secret::new(key), session, expires_at: None }
}

pub(super) fn pasted(token: &str) -> CredentialSecret {
    CredentialSecret::Token { token: Secret::new(token), expires_at: None }
}

/// Tokens of an OAuth sign-in for a workspace of the instance `x1`.
pub(super) fn oauth(workspace: &str, tokens: &str) -> CredentialSecret {
    CredentialSecret::OAuth(Box::new(OAuthTokens {
        access_token: Secret::new(format!("{tokens}-at")),
        refresh_token: Some(Secret::new(format!("{tokens}-rt"))),
        expires_at: Some(at(900)),
        refresh_expires_at: Some(at(86_400)),
        client_id: "our-client".into(),
        coverage: Coverage {
            instance: "x1".into(),
            instance_label: Some("Shop".into()),
            origin: "https://x1.example".into(),
            workspace: workspace.into(),
            workspace_label: None,
            scope: "workspace:read workspace:write".into(),
        },
    }))
}

pub(super) fn new_credential(subject: &str, secret: CredentialSecret) -> NewCredential {
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

pub(super) fn random(seed: u64) -> SeededRandom {
    SeededRandom::new(seed)
}

pub(super) fn person_id(seed: u64) -> PersonId {
    PersonId::generate(&MockClock::default(), &random(seed))
}

pub(super) fn credential_id(seed: u64) -> CredentialId {
    CredentialId::generate(&MockClock::default(), &random(1_000 + seed))
}

pub(super) async fn person(store: &dyn Store, subject: &str, proposed: u64) -> PersonId {
    let identity =
        Identity { upstream: "https://x.example/auth".into(), subject: subject.to_owned() };
    store.person(&identity, person_id(proposed), now()).await.unwrap()
}

/// Signs a subject in with a session; the person and the credential get ids of the seed if they are new.
pub(super) async fn signed_in(
    store: &dyn Store,
    subject: &str,
    key: &str,
    seed: u64,
) -> Credential {
    let person = person(store, subject, seed).await;
    let new = new_credential(subject, session(key));
    store.sign_in(person, credential_id(seed), &new).await.unwrap()
}

pub(super) fn code_record(credential: &Credential, token: &str) -> AuthorizationCode {
    AuthorizationCode {
        hash: hash(token),
        client: ClientId::new("client"),
        redirect_uri: "http://127.0.0.1:3000/callback".into(),
        code_challenge: "challenge".into(),
        resource: "https://mcp.example/mcp".into(),
        scopes: Scopes::from_stored("read write"),
        limits: limits(),
        person: credential.person,
        credentials: vec![credential.id],
        expires_at: at(60),
        state: CodeState::Issued,
    }
}

pub(super) fn limits() -> AccessLimits {
    let only = Workspaces::Only(["1".to_owned(), "2".to_owned()].into());
    AccessLimits {
        toolsets: Some(["records".to_owned()].into()),
        instances: Some([("x1".to_owned(), Workspaces::All), ("x2".to_owned(), only)].into()),
    }
}

pub(super) fn access(grant: GrantId, token: &str) -> AccessToken {
    let scopes = Scopes::from_stored("read write");
    AccessToken { hash: hash(token), grant, scopes, expires_at: after(now(), DAY) }
}

pub(super) fn refresh(grant: GrantId, token: &str) -> RefreshToken {
    RefreshToken {
        hash: hash(token),
        grant,
        expires_at: after(now(), 90 * DAY),
        reused_at: None,
        state: RefreshState::Current,
    }
}

pub(super) fn new_grant(credential: &Credential, seed: u64, tokens: &str) -> NewGrant {
    let id = GrantId::generate(&MockClock::default(), &random(seed));
    NewGrant {
        grant: Grant {
            id,
            client: ClientId::new("client"),
            person: credential.person,
            credentials: vec![credential.id],
            resource: "https://mcp.example/mcp".into(),
            scopes: Scopes::from_stored("read write"),
            limits: limits(),
            created_at: now(),
            expires_at: after(now(), 365 * DAY),
            used_at: None,
            elicits_urls: false,
            fork: None,
            state: GrantState::Active,
        },
        refresh: refresh(id, &format!("{tokens}-rt")),
        access: access(id, &format!("{tokens}-at")),
    }
}

pub(super) fn party(address: &str) -> Party {
    Party { address: address.into(), user_agent: "client/1".into() }
}

pub(super) fn rotation(grant: GrantId, from: &str, to: &str, at: Timestamp) -> Rotation {
    Rotation {
        presented: hash(from),
        by: party("192.0.2.1"),
        at,
        successor: refresh(grant, to),
        sealed_successor: vec![1, 2, 3],
        access: access(grant, &format!("{to}-access")),
    }
}

/// Takes the right to refresh a version; gives its fence.
pub(super) async fn lease(store: &dyn Store, credential: &Credential, seen: u64) -> u64 {
    let (person, id) = (credential.person, credential.id);
    match store.lease_refresh(person, id, seen, now(), after(now(), DAY)).await.unwrap() {
        Lease::Taken { fence, .. } => fence,
        other => panic!("{other:?}"),
    }
}

/// Marks a credential of a version as needing a sign-in.
pub(super) async fn kill(store: &dyn Store, credential: &Credential, version: u64) {
    let (person, id) = (credential.person, credential.id);
    let fence = lease(store, credential, version).await;
    let dead = store.require_sign_in(person, id, version, fence, now()).await.unwrap();
    assert_eq!(dead, Applied::Yes);
}

/// Signs somebody in and makes a redeemed grant with tokens `{tokens}-rt` and `{tokens}-at`.
pub(super) async fn granted(store: &dyn Store, tokens: &str) -> NewGrant {
    let credential = signed_in(store, "7", "key", 1).await;
    let code = code_record(&credential, &format!("{tokens}-code"));
    store.add_code(&code).await.unwrap();
    let grant = new_grant(&credential, 5, tokens);
    assert_eq!(store.redeem(&code.hash, &grant).await.unwrap(), Applied::Yes);
    grant
}
