//! Which of a connection's sessions a call takes, and where its token goes.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests; a failure must stop them"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::executor::block_on;
use http::StatusCode;
use http::header::AUTHORIZATION;
use snappy_domain::clock::{Clock as _, MockClock};
use snappy_domain::http::{Answer, HttpClient, HttpError, Outgoing};
use snappy_domain::random::SeededRandom;
use snappy_domain::spawn::RunAtOnce;
use snappy_domain::{CredentialId, PersonId, Runtime, Secret, Timer};
use snappy_store::{
    Coverage, Credential, CredentialSecret, CredentialState, MemoryStore, OAuthTokens, Profile,
    UpstreamClientStore,
};
use snappy_xano::instances::Lookup;
use snappy_xano::operations::{BROWSE_CONTENT, CREATE_RECORD, RequestBuilder};
use snappy_xano::{HostPolicy, Request, Sessions, Xano, XanoApi, XanoOAuth};

/// Answers every request with an empty list, and remembers its host and its token.
#[derive(Debug, Default)]
struct Wire(Mutex<Vec<(String, String)>>);

#[async_trait]
impl HttpClient for Wire {
    async fn send(&self, request: Outgoing) -> Result<Answer, HttpError> {
        let token = request.headers[AUTHORIZATION].to_str().unwrap().to_owned();
        self.0.lock().unwrap().push((request.url.host_str().unwrap().to_owned(), token));
        let (status, headers, body) =
            (StatusCode::OK, Default::default(), Bytes::from_static(b"[]"));
        Ok(Answer { status, headers, body })
    }
}

#[derive(Debug)]
struct NoWaiting;

#[async_trait]
impl Timer for NoWaiting {
    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

struct World {
    wire: Arc<Wire>,
    xano: Arc<Xano>,
    clock: Arc<MockClock>,
    random: Arc<SeededRandom>,
}

impl World {
    fn new() -> Self {
        let (wire, clock) = (Arc::new(Wire::default()), Arc::new(MockClock::default()));
        let random = Arc::new(SeededRandom::new(1));
        let (timer, spawner) = (Arc::new(NoWaiting), Arc::new(RunAtOnce));
        let runtime = Runtime { clock: clock.clone(), timer, random: random.clone(), spawner };
        let store = Arc::new(MemoryStore::default());
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        let clients = store.clone() as Arc<dyn UpstreamClientStore>;
        let oauth = XanoOAuth::new(wire.clone(), policy.clone(), runtime.clone(), clients, None);
        let api = XanoApi::new(wire.clone());
        let xano = Arc::new(Xano::new(api, policy, None, oauth, store, runtime));
        Self { wire, xano, clock, random }
    }

    fn credential(&self, secret: CredentialSecret) -> Credential {
        Credential {
            id: CredentialId::generate(&*self.clock, &*self.random),
            person: PersonId::generate(&*self.clock, &*self.random),
            authority: "https://app.xano.com".into(),
            profile: Profile::default(),
            secret,
            version: 1,
            state: CredentialState::Usable,
            refreshed_at: self.clock.now(),
        }
    }

    /// A sign-in for workspace 1 of "shop" at a host.
    fn signed_in(&self, token: &str, host: &str, scope: &str) -> Credential {
        self.credential(CredentialSecret::OAuth(Box::new(OAuthTokens {
            access_token: Secret::new(token),
            refresh_token: None,
            expires_at: None,
            refresh_expires_at: None,
            client_id: "client".into(),
            coverage: Coverage {
                instance: "shop".into(),
                origin: format!("https://{host}"),
                workspace: "1".into(),
                scope: scope.into(),
                ..Coverage::default()
            },
        })))
    }

    fn pasted(&self, token: &str) -> Credential {
        self.credential(CredentialSecret::Token { token: Secret::new(token), expires_at: None })
    }

    fn sessions(&self, credentials: &[&Credential]) -> Sessions {
        let session = |one: &&Credential| self.xano.session((*one).clone());
        Sessions::new(credentials.iter().map(session).collect())
    }

    /// Sends a request to "shop"; gives the host and the token that it went with.
    async fn send(&self, sessions: &Sessions, request: &Request) -> Vec<(String, String)> {
        let reachable = sessions.find_instance("shop", Some(request)).await.unwrap().unwrap();
        let (session, origin) = reachable.route_for(request).unwrap();
        session.send(origin, request).await.unwrap();
        std::mem::take(&mut self.wire.0.lock().unwrap())
    }
}

fn to_workspace_1(request: RequestBuilder) -> Request {
    request.set("workspace_id", 1).set("table_id", 2).build().unwrap()
}

fn sent(host: &str, token: &str) -> (String, String) {
    (host.into(), format!("Bearer {token}"))
}

const FULL: &str = "workspace:read workspace:write xano:dev";

#[test]
fn a_write_takes_a_sign_in_that_may_write() {
    let world = World::new();
    let reads = world.signed_in("reads", "x1.n7.xano.io", "workspace:read");
    let writes = world.signed_in("writes", "x1.n7.xano.io", FULL);
    block_on(async {
        let both = world.sessions(&[&reads, &writes]);
        let read = to_workspace_1(Request::to(&BROWSE_CONTENT));
        assert_eq!(world.send(&both, &read).await, [sent("x1.n7.xano.io", "reads")]);
        let write = Request::to(&CREATE_RECORD).json(&serde_json::json!({}));
        let write = to_workspace_1(write);
        assert_eq!(world.send(&both, &write).await, [sent("x1.n7.xano.io", "writes")]);
    });
}

#[test]
fn two_instances_with_one_name_are_told_apart_by_their_hosts() {
    let world = World::new();
    let one = world.signed_in("one", "x1.n7.xano.io", FULL);
    let two = world.signed_in("two", "x2.n7.xano.io", FULL);
    block_on(async {
        let both = world.sessions(&[&one, &two]);
        let read = to_workspace_1(Request::to(&BROWSE_CONTENT));
        let Err(Lookup::Ambiguous(hosts)) = both.find_instance("shop", Some(&read)).await.unwrap()
        else {
            panic!("it is not clear which one is meant")
        };
        assert_eq!(hosts, ["x1.n7.xano.io", "x2.n7.xano.io"]);
        assert_eq!(both.list_instances().await.unwrap().len(), 2);
        for (host, token) in [("x1.n7.xano.io", "one"), ("x2.n7.xano.io", "two")] {
            let found = both.find_instance(host, Some(&read)).await.unwrap().unwrap();
            let (session, origin) = found.route_for(&read).unwrap();
            session.send(origin, &read).await.unwrap();
            assert_eq!(world.wire.0.lock().unwrap().pop(), Some(sent(host, token)));
        }
    });
}

#[test]
fn a_workspace_that_is_covered_needs_no_list_of_instances() {
    let world = World::new();
    let (covered, wide) = (world.signed_in("covered", "x1.n7.xano.io", FULL), world.pasted("wide"));
    block_on(async {
        let both = world.sessions(&[&wide, &covered]);
        let read = to_workspace_1(Request::to(&BROWSE_CONTENT));
        assert_eq!(world.send(&both, &read).await, [sent("x1.n7.xano.io", "covered")]);
    });
}
