//! The one entry for messages.

use http::{HeaderMap, StatusCode};
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorData, JsonRpcRequest, ServerJsonRpcMessage,
};
use snappy_domain::Scope;

use crate::message::{self, NotAMessage};
use crate::revision::Revision;
use crate::url_elicitation::{self, UrlElicitation};
use crate::{Answer, Caller, Challenge, ServerInfo, SignInState, http_headers, methods};

/// Answers messages of MCP clients.
#[derive(Debug)]
pub struct Dispatch {
    info: ServerInfo,
}

impl Dispatch {
    /// A dispatch of a server that introduces itself so.
    #[must_use]
    pub const fn new(info: ServerInfo) -> Self {
        Self { info }
    }

    /// Answers one message. `body` is its JSON, `headers` those of the HTTP request that brought it; a transport
    /// without them passes `None`, and what streamable HTTP requires of them is not checked.
    ///
    /// Whether the caller is authorized is decided before anything about the message, because clients take a
    /// 400 without a challenge for a broken server.
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
        // A tool call of a client that opens addresses leads the person to the sign-in; a challenge would make
        // the client connect anew.
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

/// The message, if the caller may send it and it came as it must.
fn admit(
    message: Result<ClientJsonRpcMessage, NotAMessage>,
    headers: Option<&HeaderMap>,
    caller: &Caller,
) -> Result<ClientJsonRpcMessage, Answer> {
    match &message {
        Ok(message) => {
            if let Some(needed) = missing_scope(message, caller) {
                return Err(Answer::Challenge(Challenge::Scope(needed)));
            }
        }
        Err(NotAMessage::Unrecognized(_)) => {}
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

/// The scope that a tool call needs and the caller does not have. The answer comes before the call, so that
/// a client can step up by itself.
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
