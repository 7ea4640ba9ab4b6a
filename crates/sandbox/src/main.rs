//! Runs a simulated Xano until it is told to stop.

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
    // The causes go on one line, for a person. Nothing is left to tell when not even this can be
    // written.
    let _ = writeln!(io::stderr().lock(), "snappy-sandbox: {error:#}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { listen, seed, snapshot } = arguments;
    let options = Options { listen, seed, snapshot, ..Options::default() };
    let sandbox = Sandbox::start(options).await?;
    greet(&sandbox).context("cannot write to the standard output")?;
    let stop = stop_signal().context("cannot listen for signals")?;
    sandbox.serve_until(stop).await;
    Ok(())
}

fn greet(sandbox: &Sandbox) -> io::Result<()> {
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

/// Completes on ctrl-c, and on SIGTERM where there is such a thing.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupted = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without a handler ctrl-c ends the process by itself.
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
