//! The caller's own sign-in: looking at it, and trying out that it renews itself.

use std::time::Duration;

use serde_json::json;
use snappy_domain::envelope::Success;
use snappy_domain::{ErrorCode, ToolError};
use snappy_xano::scopes;
use snappy_xano::{Outcome, SessionError};

use crate::ToolContext;
use crate::tool::{Annotations, Nothing, Tool, Toolset};

/// How long tokens live on after they were told to expire.
const LEFT: Duration = Duration::from_secs(60);

pub(super) fn tools() -> Vec<Tool> {
    let card = |name, title, description, annotations| {
        Toolset::Debug.card(name, title, description, scopes::READ, annotations)
    };
    let own = Annotations { open_world_hint: false, ..Annotations::READ };
    vec![
        card(
            "debug_auth",
            "Show sign-in",
            "Shows who you are signed in as, with which client, what it may do, how long its tokens \
             live and whether Xano still accepts the sign-in. Never shows a secret.",
            own,
        )
        .handled_by(debug_auth),
        card(
            "debug_expire_oauth_tokens",
            "Expire own tokens",
            "For trying out that tokens renew themselves: your own access token and the cached Xano \
             key live 60 more seconds.",
            Annotations { read_only_hint: false, ..own },
        )
        .handled_by(debug_expire_oauth_tokens),
        card(
            "debug_refresh_profile",
            "Refresh Xano key",
            "Asks Xano for your current key now, as happens by itself when a key stops working.",
            Annotations { read_only_hint: false, open_world_hint: true, ..own },
        )
        .handled_by(debug_refresh_profile),
    ]
}

async fn debug_auth(context: ToolContext, _: Nothing) -> Result<Success, ToolError> {
    let status = context.grant.status().await?;
    Ok(Success::new(status, "This is your sign-in."))
}

async fn debug_expire_oauth_tokens(context: ToolContext, _: Nothing) -> Result<Success, ToolError> {
    let until = context.grant.limit_access_token(LEFT).await?;
    let key = context.session.limit_key(LEFT).await;
    let key = key.map_err(|error| context.explain(error, None))?;
    let data = json!({"access_token_expires_at": until, "xano_key_expires": key});
    let message = if key {
        "Your access token and the cached Xano key live 60 more seconds."
    } else {
        "Your access token lives 60 more seconds. A pasted Xano token can't be renewed, so it stays."
    };
    Ok(Success::new(data, message))
}

async fn debug_refresh_profile(context: ToolContext, _: Nothing) -> Result<Success, ToolError> {
    let outcome = context.session.refresh_now().await;
    match outcome.map_err(|error| context.explain(error, None))? {
        Outcome::Refreshed(_) => {
            Ok(Success::new(json!({"outcome": "refreshed"}), "Xano gave the current key."))
        }
        Outcome::AlreadyFresh(_) => {
            Ok(Success::new(json!({"outcome": "already_fresh"}), "The key is good."))
        }
        Outcome::UpstreamUnavailable(why) => Err(ToolError::new(
            ErrorCode::UpstreamUnavailable,
            format!("Xano could not be asked for the key: {why}."),
            "The present key stays in use. Try again in a minute.",
        )),
        Outcome::SignInRequired => Err(context.explain(SessionError::SignInRequired, None)),
    }
}
