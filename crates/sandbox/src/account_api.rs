//! The account API: the owner of a key, and the list of instances.

use serde_json::{Value, json};

use crate::accounts::Accounts;
use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::seed::people::Person;
use crate::server::Server;

/// Name and display name of the seeded instances. Both have this server's host.
const INSTANCES: [(&str, &str); 2] =
    [("xsbx-demo-0001", "Acme Store"), ("xsbx-demo-0002", "Acme Staging")];

/// The owner of the key of a request.
pub(crate) fn owner(accounts: &Accounts, call: &Call) -> Result<Person, Failure> {
    let key = call.bearer.as_deref().ok_or_else(Failure::unauthorized)?;
    accounts.by_key(key).ok_or_else(Failure::unauthorized)
}

/// `auth_me`: the owner of the key.
pub(crate) fn auth_me(server: &Server, call: &Call) -> Outcome {
    let person = owner(&server.accounts(), call)?;
    let [(name, display), _] = INSTANCES;
    Ok(json!({
        "id": person.id,
        "created_at": person.created_at_ms / 1000,
        "name": person.name,
        "email": person.email,
        "extras": { "instance": {
            "id": 1,
            "name": name,
            "display": display,
            "membership": { "role": "admin", "workspace": [] },
        } },
    }))
}

/// `list_instances`: an array, or the value that a test has set.
pub(crate) fn list_instances(server: &Server, _call: &Call) -> Outcome {
    Ok(instances(server))
}

/// `get_instance`.
pub(crate) fn get_instance(server: &Server, call: &Call) -> Outcome {
    let wanted = call.param("name");
    let found = match instances(server) {
        Value::Array(list) => {
            list.into_iter().find(|one| one.get("name").and_then(Value::as_str) == Some(wanted))
        }
        _ => None,
    };
    found.ok_or_else(Failure::not_found)
}

fn instances(server: &Server) -> Value {
    let settings = server.settings();
    if let Some(custom) = &settings.instances {
        return custom.clone();
    }
    let origin = &server.origin;
    INSTANCES
        .iter()
        .map(|(name, display)| {
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
