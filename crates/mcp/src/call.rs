//! `tools/call`.

use rmcp::model::{CallToolRequestParams, CallToolResult, ContentBlock, ErrorData, ServerResult};
use snappy_domain::Page;
use snappy_domain::envelope::envelope;

use crate::Caller;
use crate::url_elicitation::{self, UrlElicitation};

/// Calls a tool. The result contains the envelope, or asks the client to open a page.
pub(crate) async fn call(
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
    let responses = params.input_responses.as_ref();
    if elicitation != UrlElicitation::Unsupported
        && responses.is_none()
        && let Some(page) = caller.tools.warning(&params.name)
    {
        return ask(&page, elicitation);
    }
    let outcome = caller.tools.call(&params.name, params.arguments.unwrap_or_default()).await;
    let page = outcome.as_ref().err().and_then(|error| error.page.as_deref());
    if let Some(page) = page
        && elicitation != UrlElicitation::Unsupported
        && !url_elicitation::is_declined(responses)
    {
        return ask(page, elicitation);
    }
    let failed = outcome.is_err();
    let content = vec![ContentBlock::text(envelope(&params.name, outcome).to_string())];
    let result =
        if failed { CallToolResult::error(content) } else { CallToolResult::success(content) };
    Ok(ServerResult::CallToolResult(result))
}

/// Asks the client to open a page for the person, and to repeat the call.
fn ask(page: &Page, elicitation: UrlElicitation) -> Result<ServerResult, ErrorData> {
    match elicitation {
        UrlElicitation::ByError => Err(url_elicitation::as_error(page)),
        _ => Ok(ServerResult::InputRequiredResult(url_elicitation::as_result(page))),
    }
}
