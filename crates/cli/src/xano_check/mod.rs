//! `snappy-mcp xano check`: walks through Xano's OAuth server as a client, and says what differs from
//! `contract/oauth.md`. It opens no database. Tokens, codes and verifiers are never printed.

mod callback;
mod calls;
mod checker;
mod discovery;
mod options;
mod redirects;
mod registration;
mod renewal;
mod report;
mod response;
mod sign_in;
mod token;

use std::io::Write;

use snappy_domain::Runtime;

pub use options::{CheckArgs, XanoCommand};
pub use report::{Basis, Finding, Verdict};

use crate::settings::Settings;
use callback::Callback;
use checker::Checker;
use registration::Redirects;
use report::Report;

/// Runs the check and prints its report to `out`; `prompt` is for the person who signs in meanwhile. Returns
/// whether no step failed that others need.
///
/// # Errors
/// When the check can't begin, or the report can't be written.
pub async fn run(
    settings: &Settings,
    runtime: Runtime,
    args: &CheckArgs,
    out: &mut impl Write,
    prompt: &mut impl Write,
) -> anyhow::Result<bool> {
    let callback = if args.sign_in { Some(Callback::bind(args.port).await?) } else { None };
    let public = settings.values.public.as_ref().filter(|site| site.is_https());
    let redirects = Redirects {
        loopback: callback::url(callback.as_ref().map_or(args.port, Callback::port)),
        https: args.redirect.clone().or_else(|| Some(public?.url(callback::PATH))),
    };
    let checker = Checker::new(settings, runtime)?;
    let account = settings.hosts.account().to_string();
    let mut report = Report::new(account, (!args.json).then_some(out as &mut dyn Write));
    walk(&checker, &mut report, args, redirects, callback, prompt).await;
    let (ran, document) = report.end()?;
    if args.json {
        writeln!(out, "{document:#}")?;
    }
    Ok(ran)
}

async fn walk(
    checker: &Checker,
    report: &mut Report<'_>,
    args: &CheckArgs,
    redirects: Redirects,
    callback: Option<Callback>,
    prompt: &mut impl Write,
) {
    let Some(server) = discovery::check(checker, report).await else { return };
    let clients = registration::check(checker, report, &server, redirects, args.register).await;
    redirects::check(checker, report, &server, &clients).await;
    report.group("Sign-in");
    let Some(callback) = callback else {
        return report.not_tried("Sign-in", "pass --sign-in to sign in with a browser");
    };
    let Some(client) = clients.first().filter(|client| client.is_loopback) else {
        let found = "no client with the loopback redirect URI";
        return report.failed("Client", "a client from --register or XANO_OAUTH_CLIENT_ID", found);
    };
    let signed_in = sign_in::check(checker, report, &server, client, callback, prompt).await;
    let Some(mut signed_in) = signed_in else { return };
    let instance = token::check(checker, report, &signed_in);
    calls::check(checker, report, instance.as_ref(), &signed_in.access).await;
    renewal::check(checker, report, &server, &mut signed_in, instance.as_ref(), args.replay).await;
}
