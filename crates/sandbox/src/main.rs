//! Runs a simulated Xano until a shutdown signal.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Options, SIGN_IN_GROUP, Sandbox};

/// A simulated Xano for demos, tests and benchmarks.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Loopback address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8788")]
    listen: SocketAddr,
    /// Seed of the data, the keys and the session tokens
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// File that keeps the data across restarts
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run(Arguments::parse()).await else {
        return ExitCode::SUCCESS;
    };
    // The causes on one line. When standard error can't be written, nothing is left to do.
    let _ = writeln!(io::stderr().lock(), "snappy-sandbox: {error:#}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { listen, seed, snapshot } = arguments;
    let options = Options { listen, seed, snapshot, ..Options::default() };
    let sandbox = Sandbox::start(options).await?;
    announce(&sandbox).context("standard output can't be written")?;
    let shutdown = shutdown_signal().context("signal handlers can't be installed")?;
    sandbox.serve_until(shutdown).await;
    Ok(())
}

fn announce(sandbox: &Sandbox) -> io::Result<()> {
    let origin = sandbox.origin();
    let key = sandbox.control().api_key(DEMO_EMAIL);
    let mut out = io::stdout().lock();
    writeln!(out, "Simulated Xano on {origin}")?;
    writeln!(out, "Sign-in group:    {origin}/{SIGN_IN_GROUP}")?;
    writeln!(out, "Demo sign-in:     {DEMO_EMAIL} / {DEMO_PASSWORD}")?;
    writeln!(out, "Example:")?;
    writeln!(out, "  curl -H 'Authorization: Bearer {key}' {origin}/api:meta/workspace/1/table")?;
    out.flush()
}

/// Completes on Ctrl-C, and on SIGTERM on Unix.
fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupted = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without a handler Ctrl-C ends the process by itself.
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        tokio::select! {
            () = interrupted => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        interrupted.await;
    })
}
