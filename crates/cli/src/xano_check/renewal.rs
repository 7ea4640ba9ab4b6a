//! Refreshing, using a replaced refresh token again, and revoking.

use snappy_domain::Secret;
use snappy_domain::http::{Answer, HttpError};
use snappy_xano::XanoOrigin;
use snappy_xano::oauth::ServerMetadata;

use super::checker::Checker;
use super::report::Report;
use super::response::{no_response, outcome};
use super::sign_in::SignedIn;

const REFUSED: &str = "401, code \"ERROR_CODE_UNAUTHORIZED\", message \"invalid_grant\"";
const REPLAYED: &str =
    "401, code \"ERROR_CODE_UNAUTHORIZED\", message \"invalid_grant: refresh token replayed\"";

pub(super) async fn check(
    checker: &Checker,
    report: &mut Report<'_>,
    server: &ServerMetadata,
    signed_in: &mut SignedIn,
    instance: Option<&XanoOrigin>,
    replay: bool,
) {
    report.group("Refresh");
    let steps = Steps { checker, server, instance };
    let Some(first) = signed_in.refresh.clone() else {
        let why = "there is no refresh token";
        report.not_tried("Refresh", why);
        report.group("Revocation");
        let why = "there is no refresh token; the access token ends by itself";
        return report.not_tried("Revocation", why);
    };
    let replaced = steps.refresh(report, signed_in, &first).await;
    if !replay {
        report.not_tried("Replaced refresh token", "pass --replay; it probably ends the sign-in");
    } else if replaced {
        steps.replay(report, signed_in, &first).await;
    } else {
        report.not_tried("Replaced refresh token", "the refresh token was not replaced");
    }
    steps.revoke(report, signed_in).await;
}

struct Steps<'a> {
    checker: &'a Checker,
    server: &'a ServerMetadata,
    instance: Option<&'a XanoOrigin>,
}

impl Steps<'_> {
    /// Refreshes once. Returns whether the refresh token was replaced.
    async fn refresh(
        &self,
        report: &mut Report<'_>,
        signed_in: &mut SignedIn,
        first: &Secret,
    ) -> bool {
        let older = signed_in.access.clone();
        let (answer, said) = self.present(signed_in, first).await;
        if !answer.as_ref().is_ok_and(|answer| self.take(signed_in, answer)) {
            report.failed("Refresh", "200, with tokens that this server can use", said);
            return false;
        }
        report.known("Refresh", said == "200", "200", said);
        let next = answer.ok().and_then(|answer| self.checker.oauth.tokens_of(&answer));
        let next = next.and_then(|tokens| tokens.refresh_token);
        let replaced = next.as_ref().is_some_and(|next| next != first);
        let found = match (&next, replaced) {
            (None, _) => "none",
            (_, true) => "another one",
            (_, false) => "the same one",
        };
        report.known("Refresh token after it", replaced, "another one", found);
        let new = self.checker.owner(self.instance, &signed_in.access).await;
        report.known("New access token", new.is_ok(), "200", new.outcome);
        let old = self.checker.owner(self.instance, &older).await;
        report.guessed("Old access token", old.is_ok(), "200", old.outcome);
        replaced
    }

    /// Uses the first refresh token again, and looks at what is left of the sign-in.
    async fn replay(&self, report: &mut Report<'_>, signed_in: &mut SignedIn, first: &Secret) {
        let (answer, said) = self.present(signed_in, first).await;
        report.known("Replaced refresh token", said == REPLAYED, REPLAYED, said);
        // A server that forgives a replay may have given the newest tokens.
        if let Ok(answer) = answer {
            self.take(signed_in, &answer);
        }
        let access = self.checker.owner(self.instance, &signed_in.access).await;
        report.guessed("Access token after that", access.is_ok(), "200", access.outcome);
        let Some(newest) = signed_in.refresh.clone() else { return };
        let (answer, said) = self.present(signed_in, &newest).await;
        report.guessed("Newest refresh token after that", said == REFUSED, REFUSED, said);
        if let Ok(answer) = answer {
            self.take(signed_in, &answer);
        }
    }

    async fn revoke(&self, report: &mut Report<'_>, signed_in: &mut SignedIn) {
        report.group("Revocation");
        let Some(newest) = signed_in.refresh.clone() else { return };
        let before = self.checker.owner(self.instance, &signed_in.access).await;
        let oauth = &self.checker.oauth;
        match oauth.revocation_answer(self.server, &signed_in.client_id, &newest).await {
            Ok(Some(answer)) => {
                let said = outcome(&answer, &[&newest]);
                report.known("Revocation", said == "200", "200", said);
            }
            Ok(None) => return report.known("Revocation", false, "200", "no revocation endpoint"),
            Err(error) => return report.known("Revocation", false, "200", no_response(&error)),
        }
        if before.is_ok() {
            let after = self.checker.owner(self.instance, &signed_in.access).await;
            report.guessed("Access token after it", after.status == 401, "401", after.outcome);
        } else {
            report.not_tried("Access token after it", "it was refused before");
        }
        let (answer, said) = self.present(signed_in, &newest).await;
        report.known("Refresh token after it", said == REFUSED, REFUSED, said);
        if let Ok(answer) = answer {
            self.take(signed_in, &answer);
        }
    }

    /// Presents a refresh token; gives the response, and what it is in words.
    async fn present(
        &self,
        signed_in: &SignedIn,
        token: &Secret,
    ) -> (Result<Answer, HttpError>, String) {
        let client_id = &signed_in.client_id;
        let answer = self.checker.oauth.refresh_answer(self.server, client_id, token).await;
        let said = match &answer {
            Ok(answer) => outcome(answer, &[token]),
            Err(error) => no_response(error),
        };
        (answer, said)
    }

    /// Keeps the tokens of a response as the newest. Returns whether there are any.
    fn take(&self, signed_in: &mut SignedIn, answer: &Answer) -> bool {
        let Some(tokens) = self.checker.oauth.tokens_of(answer) else { return false };
        signed_in.access = tokens.access_token;
        signed_in.refresh = tokens.refresh_token.or_else(|| signed_in.refresh.take());
        true
    }
}
