//! `snappy-mcp demo`: the sandbox and the server together on loopback, with the configuration for
//! clients.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use serde_json::json;
use snappy_domain::Clock as _;
use snappy_sandbox::{DEMO_EMAIL, DEMO_PASSWORD, Options, SIGN_IN_GROUP, Sandbox, StartError};
use tokio::net::TcpListener;

use crate::compose::compose;
use crate::serve::{serve, shutdown_signal};
use crate::settings::{Settings, platform_data_dir};
use crate::system::{self, SystemClock};

/// The preferred port of the sandbox. It should stay the same after a restart.
const SANDBOX_PORT: u16 = 8788;

/// The options of the demo.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// The port of the MCP server; 0 picks a free one
    #[arg(long, default_value_t = 8787)]
    pub port: u16,
    /// The directory of the demo's data [default: SNAPPY_DATA_DIR, or snappy-mcp/demo in the platform's data
    /// directory]
    #[arg(long)]
    pub data_dir: Option<std::path::PathBuf>,
}

/// Runs the demo until a shutdown signal.
///
/// # Errors
/// When a port or the data directory can't be used.
pub async fn run(
    args: DemoArgs,
    environment: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<()> {
    let from_environment = || environment("SNAPPY_DATA_DIR").filter(|dir| !dir.is_empty());
    let data_dir = match args.data_dir.or_else(|| from_environment().map(Into::into)) {
        Some(dir) => dir,
        None => platform_data_dir()
            .context("this system has no data directory; pass one with --data-dir")?
            .join("demo"),
    };
    std::fs::create_dir_all(&data_dir)
        .with_context(|| format!("the data directory {} can't be created", data_dir.display()))?;
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!(
            "port {} can't be used; choose another one with --port, or any free one with --port 0",
            args.port
        )
    })?;
    let sandbox = start_sandbox(&data_dir).await?;
    let settings = settings(environment, &sandbox, &data_dir, listener.local_addr()?)?;
    let composed = compose(&settings, system::runtime()).await?;
    let stop = shutdown_signal()?;
    let mcp_url = match &settings.values.public {
        Some(site) => site.resource(),
        None => format!("http://{}/mcp", listener.local_addr()?),
    };
    // A closed standard output must not stop the server.
    let _ = announce(&mut anstream::stdout(), &mcp_url, &sandbox.origin(), &data_dir);
    let served = serve(composed, listener, stop).await;
    sandbox.stop().await;
    served
}

async fn start_sandbox(data_dir: &Path) -> anyhow::Result<Sandbox> {
    let options = |port| Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        snapshot: Some(data_dir.join("sandbox.json")),
        now_ms: Arc::new(|| SystemClock.now().as_millisecond()),
        ..Options::default()
    };
    let started = match Sandbox::start(options(SANDBOX_PORT)).await {
        Err(StartError::Bind { .. }) => Sandbox::start(options(0)).await,
        other => other,
    };
    started.context("the sandbox can't be started")
}

/// The settings of the demo: those of the environment, but Xano is the sandbox.
fn settings(
    environment: &dyn Fn(&str) -> Option<String>,
    sandbox: &Sandbox,
    data_dir: &Path,
    listen: SocketAddr,
) -> anyhow::Result<Settings> {
    let lookup = |name: &str| match name {
        "SNAPPY_LISTEN" => Some(listen.to_string()),
        "SNAPPY_DATA_DIR" => Some(data_dir.display().to_string()),
        "SNAPPY_DEBUG_TOOLS" => environment(name).or_else(|| Some("true".to_owned())),
        "XANO_BASE_URL" | "XANO_ACCOUNT_ORIGIN" => Some(sandbox.origin()),
        "XANO_AUTH_API" => Some(SIGN_IN_GROUP.to_owned()),
        "XANO_EXTRA_HOSTS" => Some(sandbox.addr().to_string()),
        "XANO_OAUTH_CLIENT_ID" => None,
        other => environment(other),
    };
    Ok(Settings::read(&lookup)?)
}

/// Prints the URLs, the sign-in and the configuration for clients.
fn announce(out: &mut impl Write, mcp: &str, xano: &str, data_dir: &Path) -> io::Result<()> {
    let bold = Style::new().bold();
    let name = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
    let dim = Style::new().dimmed();
    let servers = |server: serde_json::Value| json!({"mcpServers": {"xano": server}});
    let desktop = servers(json!({"command": "npx", "args": ["-y", "mcp-remote", mcp]}));
    let cursor = servers(json!({"url": mcp}));
    let code = json!({"name": "xano", "type": "http", "url": mcp});
    writeln!(out, "{bold}Snappy MCP{bold:#} is running with a simulated Xano.\n")?;
    for (what, value) in [
        ("MCP URL", mcp.to_owned()),
        ("Sign in", format!("{DEMO_EMAIL} / {DEMO_PASSWORD}")),
        ("Sandbox", xano.to_owned()),
        ("Data", data_dir.display().to_string()),
    ] {
        writeln!(out, "  {name}{what:<8}{name:#} {value}")?;
    }
    writeln!(out, "\nAdd it to your client:\n")?;
    for (client, where_to, line) in [
        ("Claude Code", "in a terminal", format!("claude mcp add --transport http xano {mcp}")),
        (
            "Claude Desktop",
            "in claude_desktop_config.json, through mcp-remote",
            desktop.to_string(),
        ),
        ("Cursor", "in ~/.cursor/mcp.json", cursor.to_string()),
        ("VS Code", "in a terminal", format!("code --add-mcp '{code}'")),
    ] {
        writeln!(out, "  {name}{client}{name:#} {dim}({where_to}){dim:#}")?;
        writeln!(out, "    {line}\n")?;
    }
    writeln!(
        out,
        "The client opens your browser once to sign in: choose \"Continue with Xano\" there.\n{dim}Press Ctrl-C to stop the demo.{dim:#}"
    )?;
    out.flush()
}
