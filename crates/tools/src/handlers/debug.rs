//! Debug tools: showing the caller's own sign-in, and testing that it is refreshed.

use std::time::Duration;

use serde_json::json;
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_mcp_server::Annotations;
use snappy_xano::scopes;
use snappy_xano::{Outcome, SessionError};

use crate::args::NoArguments;
use crate::call::Call;
use crate::spec::Toolset;
use crate::tool::Tool;

/// How long tokens remain valid after `debug_expire_oauth_tokens`.
const REMAINING: Duration = Duration::from_secs(60);

pub(super) fn tools() -> Vec<Tool> {
    let spec = |name, title, description, annotations| {
        Toolset::Debug.spec(name, title, description, scopes::READ, annotations, &[])
    };
    let own = Annotations { open_world_hint: false, ..Annotations::READ };
    vec![
        spec(
            "debug_auth",
            "Show sign-in",
            "Shows who you are signed in as, with which client, what it may do, when its tokens expire \
             and whether Xano still accepts the sign-in. Never shows a secret.",
            own,
        )
        .handled_by(debug_auth),
        spec(
            "debug_expire_oauth_tokens",
            "Expire own tokens",
            "Makes your own access token and the cached Xano key expire in 60 seconds, to test that they are \
             refreshed.",
            Annotations { read_only_hint: false, ..own },
        )
        .handled_by(debug_expire_oauth_tokens),
        spec(
            "debug_refresh_profile",
            "Refresh Xano key",
            "Requests your current key from Xano now. This happens automatically when a key stops working.",
            Annotations { read_only_hint: false, open_world_hint: true, ..own },
        )
        .handled_by(debug_refresh_profile),
    ]
}

async fn debug_auth(call: Call, _: NoArguments) -> Result<Success, ToolError> {
    let status = call.grant().status().await?;
    Ok(Success::new(status, "This is your sign-in."))
}

async fn debug_expire_oauth_tokens(call: Call, _: NoArguments) -> Result<Success, ToolError> {
    let until = call.grant().limit_access_token(REMAINING).await?;
    let key = call.limit_key_lifetime(REMAINING).await?;
    let data = json!({"access_token_expires_at": until, "xano_key_expires": key});
    let message = if key {
        "Your access token and the cached Xano key expire in 60 seconds."
    } else {
        "Your access token expires in 60 seconds. The Xano key can't be renewed, so it was not changed."
    };
    Ok(Success::new(data, message))
}

async fn debug_refresh_profile(call: Call, _: NoArguments) -> Result<Success, ToolError> {
    let mut refreshed = false;
    for outcome in call.refresh_keys().await? {
        match outcome {
            Outcome::Refreshed(_) => refreshed = true,
            Outcome::AlreadyFresh(_) | Outcome::Ending(_) => {}
            Outcome::UpstreamUnavailable(why) => {
                return Err(ToolError::new(
                    ErrorCode::UpstreamUnavailable,
                    format!("The current key could not be requested from Xano: {why}."),
                    "The stored key is unchanged. Try again in a minute.",
                ));
            }
            Outcome::SignInRequired => {
                return Err(call.to_tool_error(SessionError::SignInRequired));
            }
        }
    }
    Ok(match refreshed {
        true => Success::new(json!({"outcome": "refreshed"}), "Xano returned the current key."),
        false => Success::new(json!({"outcome": "already_fresh"}), "The key is still valid."),
    })
}
