//! The account API: the owner of a key or token, and the list of instances.

use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::oauth::access::{Caller, Grant, caller, workspace_guid};
use crate::seed::instances::{FIRST, INSTANCES, Instance};
use crate::server::Server;

/// `auth_me`: the owner of the key or token. Only with a token, `extras` tells the consented workspace.
pub(crate) fn auth_me(server: &Server, call: &Call) -> Outcome {
    let (person, extras) = match caller(server, call)? {
        Caller::Key(person) => (person, json!({ "instance": instance(FIRST, json!([])) })),
        Caller::Token(person, grant) => (person, token_extras(server, &grant)),
    };
    Ok(json!({
        "id": person.id,
        "created_at": person.created_at_ms / 1000,
        "name": person.name,
        "email": person.email,
        "extras": extras,
    }))
}

fn token_extras(server: &Server, grant: &Grant) -> Value {
    let guid = |id| workspace_guid(server.seed, id);
    let consented = INSTANCES.into_iter().find(|one| one.name == grant.instance);
    let data = server.data();
    let workspaces = data.workspaces.keys().map(|id| json!({ "guid": guid(*id), "id": id }));
    json!({
        "instance": instance(consented.unwrap_or(FIRST), workspaces.collect()),
        "oauth": { "workspace": guid(grant.workspace) },
    })
}

fn instance(Instance { id, name, display }: Instance, workspaces: Value) -> Value {
    json!({
        "id": id,
        "name": name,
        "display": display,
        "membership": { "role": "admin", "workspace": workspaces },
    })
}

/// `list_instances`: an array, or the value that a test has set.
pub(crate) fn list_instances(server: &Server, call: &Call) -> Outcome {
    check_token(server, call)?;
    Ok(instances(server))
}

/// `get_instance`.
pub(crate) fn get_instance(server: &Server, call: &Call) -> Outcome {
    check_token(server, call)?;
    let wanted = call.param("name");
    let found = match instances(server) {
        Value::Array(list) => {
            list.into_iter().find(|one| one.get("name").and_then(Value::as_str) == Some(wanted))
        }
        _ => None,
    };
    found.ok_or_else(Failure::not_found)
}

/// Refuses access tokens if a test has set so.
fn check_token(server: &Server, call: &Call) -> Result<(), Failure> {
    let accepted = server.settings().oauth.account_api;
    match caller(server, call)? {
        Caller::Token(..) if !accepted => Err(Failure::unauthorized()),
        _ => Ok(()),
    }
}

fn instances(server: &Server) -> Value {
    let settings = server.settings();
    if let Some(custom) = &settings.instances {
        return custom.clone();
    }
    let origin = &server.origin;
    INSTANCES
        .iter()
        .map(|Instance { name, display, .. }| {
            json!({
                "name": name,
                "display": display,
                "xano_domain": server.authority,
                "custom_domain": null,
                "rate_limit": settings.free_plan_limit,
                "meta_api": format!("{origin}/api:meta"),
                "meta_swagger": format!("{origin}/apispec:meta?type=json"),
            })
        })
        .collect()
}
