//! Handles messages of MCP clients.

use http::{HeaderMap, StatusCode};
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorData, JsonRpcRequest, ServerJsonRpcMessage,
};
use snappy_domain::Scope;

use crate::message::{self, InvalidMessage};
use crate::revision::Revision;
use crate::url_elicitation::{self, UrlElicitation};
use crate::{Answer, Caller, Challenge, ServerInfo, SignInState, http_headers, methods};

/// Handles messages of MCP clients.
#[derive(Debug)]
pub struct Dispatch {
    info: ServerInfo,
}

impl Dispatch {
    /// Creates a dispatch for a server that introduces itself with `info`.
    #[must_use]
    pub const fn new(info: ServerInfo) -> Self {
        Self { info }
    }

    /// Handles one message. `body` is its JSON, and `headers` are those of its HTTP request. A transport without
    /// headers passes `None`, which skips the checks of streamable HTTP.
    ///
    /// Authorization is checked before the message, because clients treat a 400 without a challenge as a server
    /// error and do not start the authorization.
    pub async fn handle(&self, body: &[u8], headers: Option<&HeaderMap>, caller: Caller) -> Answer {
        let message = message::parse(body);
        let elicitation = match &message {
            Ok(message) => {
                if let Some(elicits_urls) = url_elicitation::declared(message) {
                    caller.capabilities.note_elicitation(elicits_urls).await;
                }
                UrlElicitation::of(message, caller.elicits_urls)
            }
            Err(_) => UrlElicitation::Unsupported,
        };
        // A client that supports URL elicitation is asked to open the sign-in page. A challenge would make it
        // repeat the whole authorization.
        if caller.sign_in == SignInState::Required && elicitation == UrlElicitation::Unsupported {
            return Answer::Challenge(Challenge::SignIn);
        }
        match admit(message, headers, &caller) {
            Ok(ClientJsonRpcMessage::Request(request)) => {
                self.respond(request, caller, elicitation).await
            }
            Ok(ClientJsonRpcMessage::Notification(_)) => Answer::Accepted,
            // The server sends no requests.
            Ok(ClientJsonRpcMessage::Response(_) | ClientJsonRpcMessage::Error(_)) => {
                let why = "stateless server does not accept JSON-RPC responses";
                Answer::bad_request(None, ErrorData::invalid_request(why, None))
            }
            Err(answer) => answer,
        }
    }

    async fn respond(
        &self,
        JsonRpcRequest { id, request, .. }: JsonRpcRequest<ClientRequest>,
        caller: Caller,
        elicitation: UrlElicitation,
    ) -> Answer {
        let revision = Revision::of(&request);
        let result = match revision.check() {
            Ok(()) => methods::answer(self.info, request, &revision, &caller, elicitation).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(result) => {
                Answer::response(StatusCode::OK, &ServerJsonRpcMessage::response(result, id))
            }
            Err(error) => {
                let status = revision.status(&error);
                Answer::response(status, &ServerJsonRpcMessage::error(error, Some(id)))
            }
        }
    }
}

/// The message, if the caller is authorized to send it and its headers are valid.
fn admit(
    message: Result<ClientJsonRpcMessage, InvalidMessage>,
    headers: Option<&HeaderMap>,
    caller: &Caller,
) -> Result<ClientJsonRpcMessage, Answer> {
    match &message {
        Ok(message) => {
            if let Some(needed) = missing_scope(message, caller) {
                return Err(Answer::Challenge(Challenge::Scope(needed)));
            }
        }
        Err(InvalidMessage::Unrecognized(_)) => {}
        Err(error) => return Err(error.answer()),
    }
    if let Some(headers) = headers {
        http_headers::check_media(headers)?;
    }
    let message = message.map_err(|error| error.answer())?;
    if let Some(headers) = headers {
        http_headers::check(headers, &message)?;
    }
    Ok(message)
}

/// The scope that a tool call needs and the caller lacks. It is checked before the call, so that a client
/// can request it with a step-up authorization.
fn missing_scope(message: &ClientJsonRpcMessage, caller: &Caller) -> Option<Scope> {
    let ClientJsonRpcMessage::Request(JsonRpcRequest {
        request: ClientRequest::CallToolRequest(call),
        ..
    }) = message
    else {
        return None;
    };
    let needed = caller.tools.scope(&call.params.name)?;
    (!caller.scopes.allow(needed)).then_some(needed)
}
