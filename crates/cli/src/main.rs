//! The command line.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};
use snappy_cli::clients::{self, ClientCommand};
use snappy_cli::compose::{Composed, compose};
use snappy_cli::connections::{self, ConnectionsCommand};
#[cfg(feature = "demo")]
use snappy_cli::demo;
use snappy_cli::keys::{self, KeysCommand};
use snappy_cli::serve::{serve, shutdown_signal};
use snappy_cli::settings::{self, SETTINGS, Settings};
use snappy_cli::xano_check::{self, XanoCommand};
use snappy_cli::xano_forget;
use snappy_cli::{logging, metrics, system};
use tokio::net::TcpListener;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// A remote MCP server for Xano
#[derive(Parser)]
#[command(name = "snappy-mcp", version, styles = STYLES, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server with a simulated Xano, to try it out; the settings of `serve` apply, except those about Xano
    #[cfg(feature = "demo")]
    Demo(demo::DemoArgs),
    /// Run the server; its settings are environment variables
    #[command(after_help = settings::help())]
    Serve,
    /// Register, list and remove clients
    #[command(subcommand)]
    Client(ClientCommand),
    /// End connections of clients
    #[command(subcommand)]
    Connections(ConnectionsCommand),
    /// Rotate the encryption keys of the database
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Check Xano itself
    #[command(subcommand)]
    Xano(XanoCommand),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the async runtime can't be started")
        .and_then(|runtime| runtime.block_on(run(cli.command)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let style = AnsiColor::Red.on_default().bold();
            let _ = writeln!(anstream::stderr(), "{style}error{style:#}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The value of an environment variable. Invalid UTF-8 is replaced, so that the setting is invalid and not
/// ignored.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Opens the server for one command of the operator, which logs only warnings and audit events.
async fn open_for_operator(rust_log: Option<&str>) -> anyhow::Result<Composed> {
    let settings = Settings::read(&environment)?;
    let filter = rust_log.filter(|filter| !filter.is_empty()).unwrap_or("warn");
    let _no_traces = logging::start(settings.values.log_format, Some(filter), None)?;
    compose(&settings, system::runtime()).await
}

async fn run(command: Command) -> anyhow::Result<()> {
    let rust_log = environment("RUST_LOG");
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(args) => {
            let format = snappy_cli::settings::LogFormat::Human;
            let _traces = logging::start(format, rust_log.as_deref(), None)?;
            demo::run(args, &environment).await
        }
        Command::Client(command) => {
            let composed = open_for_operator(rust_log.as_deref()).await?;
            let done = clients::run(&composed, command, &mut anstream::stdout()).await;
            composed.store.close().await;
            done
        }
        Command::Connections(command) => {
            let composed = open_for_operator(rust_log.as_deref()).await?;
            let out = &mut anstream::stdout();
            let done = connections::run(&composed.oauth, command, out).await;
            composed.store.close().await;
            done
        }
        Command::Keys(command) => {
            let composed = open_for_operator(rust_log.as_deref()).await?;
            let done = keys::run(&*composed.store, command, &mut anstream::stdout()).await;
            composed.store.close().await;
            done
        }
        Command::Xano(XanoCommand::Forget { redirect }) => {
            let settings = Settings::read(&environment)?;
            let composed = open_for_operator(rust_log.as_deref()).await?;
            let public = settings.values.public.as_ref();
            let out = &mut anstream::stdout();
            let done = xano_forget::run(&composed.xano, public, redirect, out).await;
            composed.store.close().await;
            done
        }
        Command::Xano(XanoCommand::Check(args)) => {
            let settings = Settings::read(&environment)?;
            let filter = rust_log.as_deref().filter(|filter| !filter.is_empty()).unwrap_or("warn");
            let _no_traces = logging::start(settings.values.log_format, Some(filter), None)?;
            let (out, prompt) = (&mut anstream::stdout(), &mut anstream::stderr());
            let ran = xano_check::run(&settings, system::runtime(), &args, out, prompt).await?;
            ensure!(ran, "the check is not complete: a step failed that others need");
            Ok(())
        }
        Command::Serve => {
            let settings = Settings::read(&environment)?;
            let collector = settings.values.collector.as_deref();
            let _traces =
                logging::start(settings.values.log_format, rust_log.as_deref(), collector)?;
            warn_about_unknown_settings();
            warn_about_proxies(&settings);
            let listener = TcpListener::bind(settings.values.listen).await.with_context(|| {
                format!("SNAPPY_LISTEN {} can't be used", settings.values.listen)
            })?;
            if let Some(address) = settings.values.metrics_listen {
                let address = metrics::serve(address).await?;
                tracing::info!("Metrics at http://{address}/metrics");
            }
            let composed = compose(&settings, system::runtime()).await?;
            let address = listener.local_addr()?;
            let site = match &settings.values.public {
                Some(site) => site.clone(),
                None => snappy_oauth::Site::new(&format!("http://{address}")),
            };
            let stop = shutdown_signal()?;
            tracing::info!(%address, mcp_url = site.resource(), "Listening");
            serve(composed, listener, stop).await
        }
    }
}

/// Warns when everybody probably shares one rate limit: TLS ends at a proxy, whose address all requests come from.
fn warn_about_proxies(settings: &Settings) {
    let values = &settings.values;
    let is_https = values.public.as_ref().is_some_and(snappy_oauth::Site::is_https);
    if is_https && values.trusted_proxies.is_none() {
        tracing::warn!(
            "SNAPPY_PUBLIC_URL is https and SNAPPY_TRUSTED_PROXIES is not set, so rate limits count the address of \
             your proxy: all people share one limit, and one of them can lock out the others. Set it to the \
             number of proxies that append to X-Forwarded-For, or to 0 if there is none"
        );
    }
}

/// Warns about environment variables that look like settings, such as mistyped names.
fn warn_about_unknown_settings() {
    let known = |name: &str| SETTINGS.iter().any(|setting| setting.name == name);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("SNAPPY_") && !known(&name) {
            tracing::warn!(
                "{name} is not a setting and has no effect; docs/settings.md lists all settings"
            );
        }
    }
}
