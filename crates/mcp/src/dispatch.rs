//! The one entry for messages.

use http::{HeaderMap, StatusCode};
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorData, JsonRpcRequest, ServerJsonRpcMessage,
};
use snappy_domain::{Scope, Scopes};
use snappy_tools::Inventory;

use crate::message::{self, NotAMessage};
use crate::revision::Revision;
use crate::url_elicitation::{self, UrlElicitation};
use crate::{Answer, Caller, Challenge, SignInState, http_headers, methods};

/// Answers messages of MCP clients.
#[derive(Debug)]
pub struct Dispatch {
    inventory: Inventory,
}

impl Dispatch {
    /// A dispatch over these tools.
    #[must_use]
    pub fn new(inventory: Inventory) -> Self {
        Self { inventory }
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
                    caller.tools.grant.note_elicitation(elicits_urls).await;
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
        match self.admit(message, headers, &caller.tools.scopes) {
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

    /// The message, if the caller may send it and it came as it must.
    fn admit(
        &self,
        message: Result<ClientJsonRpcMessage, NotAMessage>,
        headers: Option<&HeaderMap>,
        scopes: &Scopes,
    ) -> Result<ClientJsonRpcMessage, Answer> {
        match &message {
            Ok(message) => {
                if let Some(needed) = self.missing_scope(message, scopes) {
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
    fn missing_scope(&self, message: &ClientJsonRpcMessage, scopes: &Scopes) -> Option<Scope> {
        let ClientJsonRpcMessage::Request(JsonRpcRequest {
            request: ClientRequest::CallToolRequest(call),
            ..
        }) = message
        else {
            return None;
        };
        let needed = self.inventory.get(&call.params.name)?.scope;
        (!scopes.allow(needed)).then_some(needed)
    }

    async fn respond(
        &self,
        JsonRpcRequest { id, request, .. }: JsonRpcRequest<ClientRequest>,
        caller: Caller,
        elicitation: UrlElicitation,
    ) -> Answer {
        let revision = Revision::of(&request);
        let result = match revision.check() {
            Ok(()) => {
                methods::answer(&self.inventory, request, &revision, caller.tools, elicitation)
                    .await
            }
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
