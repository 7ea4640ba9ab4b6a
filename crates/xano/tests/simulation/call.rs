//! A call that a person makes, and what may come of it.

use std::pin::Pin;

use serde_json::{Value, json};
use snappy_credentials::Outcome;
use snappy_xano::{HostPolicy, Request, Session, SessionError, operations};

type Call = Pin<Box<dyn Future<Output = Result<Value, SessionError>>>>;

/// A call that has begun.
pub struct Running {
    pub process: usize,
    pub person: u64,
    /// Whether the sign-in had ended when the call began, and how many had until then.
    pub was_refused: bool,
    pub endings: u64,
    /// How often the key was rotated since the call started, plus one if the stored key was outdated.
    pub rotations: u32,
    pub polled_at: i64,
    /// The number of the stored key when the call began.
    pub number: u64,
    /// Whether the sign-in could not be refreshed any more then, although the key was not refused.
    pub is_ending: bool,
    pub call: Call,
}

impl Running {
    /// Calls work as long as the access token of a sign-in lives that can't be refreshed any more. Returns whether
    /// this was one; `lives` says whether Xano accepts that token even now.
    pub fn check_ending(&self, result: &Result<Value, SessionError>, lives: bool) -> bool {
        let failed = matches!(
            result,
            Err(SessionError::SignInRequired
                | SessionError::RefreshUnavailable(_)
                | SessionError::StillUnauthorized(_))
        );
        assert!(!failed || !lives, "{result:?}, but the access token lives");
        self.is_ending && result.is_ok()
    }

    /// The name of a result. `endings` is how many of the person's sign-ins have ended until now.
    pub fn outcome(&self, result: &Result<Value, SessionError>, endings: u64) -> &'static str {
        match result {
            Ok(_) => "ok",
            Err(SessionError::SignInRequired) => {
                let has_ended = self.was_refused || endings > self.endings;
                assert!(has_ended, "person {} was asked to sign in", self.person);
                "sign-in required"
            }
            Err(SessionError::RefreshUnavailable(_)) => "refresh unavailable",
            Err(SessionError::StillUnauthorized(_)) => "still unauthorized",
            Err(SessionError::Xano(_)) => "xano",
            Err(SessionError::Storage(_)) => "storage",
            Err(SessionError::ClientDisconnected) => "client disconnected",
        }
    }
}

/// Reads or writes something of the person, after a refresh if that is asked for.
pub async fn tool_call(
    session: Session,
    person: u64,
    origin: String,
    name: String,
    write: bool,
    refresh: bool,
) -> Result<Value, SessionError> {
    if refresh && matches!(session.refresh_now().await?, Outcome::SignInRequired) {
        return Err(SessionError::SignInRequired);
    }
    let spec = if write { &operations::CREATE_RECORD } else { &operations::GET_TABLE };
    let request = Request::to(spec).set("workspace_id", person).set("table_id", 3);
    let request = if write { request.json(&json!({"call": name})) } else { request };
    let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
    session.send(&policy.audience(&origin).unwrap(), &request.build().unwrap()).await
}
