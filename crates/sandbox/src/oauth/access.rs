//! Who calls the Metadata API, and what they may do.

use crate::call::Call;
use crate::failure::Failure;
use crate::oauth::scopes;
use crate::seed::people::{PEOPLE, Person};
use crate::server::Server;
use crate::token;

/// The owner of the key or token of a request.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// A Metadata API key, which may do everything.
    Key(Person),
    /// An OAuth access token.
    Token(Person, Grant),
}

/// What an access token is for.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    pub(crate) instance: String,
    pub(crate) workspace: u64,
    scope: String,
}

/// The caller of a request.
pub(crate) fn caller(server: &Server, call: &Call) -> Result<Caller, Failure> {
    let bearer = call.bearer.as_deref().ok_or_else(Failure::unauthorized)?;
    if let Some(person) = server.accounts().by_key(bearer) {
        return Ok(Caller::Key(person));
    }
    let state = server.oauth();
    let found = state.sign_ins.access(&token::digest(bearer), call.now_ms);
    let (sign_in, access) = found.ok_or_else(Failure::unauthorized)?;
    let person = PEOPLE.iter().find(|person| person.id == sign_in.person);
    let person = person.ok_or_else(Failure::unauthorized)?;
    let grant = Grant {
        instance: sign_in.instance.clone(),
        workspace: sign_in.workspace,
        scope: access.scope.clone(),
    };
    Ok(Caller::Token(*person, grant))
}

impl Caller {
    /// Checks the workspace in the path, and that a token may write.
    pub(crate) fn permit(&self, call: &Call, writes: bool) -> Result<(), Failure> {
        let Self::Token(_, grant) = self else {
            return Ok(());
        };
        // The operation itself reports an id that is not a number.
        let foreign = call.id("workspace_id").is_ok_and(|id| id != grant.workspace);
        if foreign || (writes && !scopes::contains(&grant.scope, scopes::WRITE)) {
            return Err(Failure::access_denied());
        }
        Ok(())
    }
}

/// The GUID of a workspace, which is the same after a restart.
pub(crate) fn workspace_guid(seed: u64, id: u64) -> String {
    token::guid(seed, &format!("workspace/{id}"))
}
