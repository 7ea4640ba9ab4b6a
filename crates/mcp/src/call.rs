//! `tools/call`.

use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, ErrorData, ServerResult};
use snappy_domain::ErrorCode;
use snappy_domain::envelope::envelope;

use crate::url_elicitation::{self, UrlElicitation};
use crate::{Caller, ServerInfo};

/// Calls a tool. The result contains the envelope, or asks the client to open the sign-in page.
pub(crate) async fn call(
    info: ServerInfo,
    params: CallToolRequestParams,
    caller: &Caller,
    elicitation: UrlElicitation,
) -> Result<ServerResult, ErrorData> {
    if caller.tools.scope(&params.name).is_none() {
        let shown: String = params.name.chars().take(100).collect();
        return Err(ErrorData::invalid_params(
            format!("There is no tool called {shown:?}; tools/list lists all tools."),
            None,
        ));
    }
    let outcome = caller.tools.call(&params.name, params.arguments.unwrap_or_default()).await;
    let sign_in_url = &caller.sign_in_url;
    let failed = match &outcome {
        Ok(_) => false,
        Err(error) if error.code == ErrorCode::ReauthRequired => match elicitation {
            UrlElicitation::ByError => {
                return Err(url_elicitation::as_error(info.service, sign_in_url));
            }
            UrlElicitation::ByResult
                if !url_elicitation::is_declined(params.input_responses.as_ref()) =>
            {
                let result = url_elicitation::as_result(info.service, sign_in_url);
                return Ok(ServerResult::InputRequiredResult(result));
            }
            _ => true,
        },
        Err(_) => true,
    };
    let content = vec![ContentBlock::text(envelope(&params.name, outcome).to_string())];
    let result =
        if failed { CallToolResult::error(content) } else { CallToolResult::success(content) };
    Ok(ServerResult::CallToolResult(result))
}
