//! `snappy-mcp client`: clients that the operator registers. Works on the storage that `serve` uses,
//! also while it runs.

use std::io::{self, Write};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use snappy_domain::{ClientId, Secret};
use snappy_oauth::AuthorizationServer;
use snappy_oauth::register::Preregistration;
use snappy_store::{Applied, Client, Registration, TokenEndpointAuth};

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client and print its id, and its secret if it has one
    Add(Add),
    /// List the clients
    List,
    /// Remove a client and end its connections
    Remove {
        /// The client's id
        id: String,
    },
}

/// A client to register.
#[derive(Debug, Args)]
pub struct Add {
    /// What people see on the consent page
    #[arg(long)]
    name: String,
    /// An address it may be sent back to; may be given several times
    #[arg(long = "redirect-uri", required = true)]
    redirect_uris: Vec<String>,
    /// Its id [default: a new one]
    #[arg(long)]
    id: Option<String>,
    /// How it proves itself at the token endpoint
    #[arg(long, value_enum, default_value_t = Auth::None)]
    auth: Auth,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Auth {
    None,
    ClientSecretBasic,
    ClientSecretPost,
}

impl From<Auth> for TokenEndpointAuth {
    fn from(auth: Auth) -> Self {
        match auth {
            Auth::None => Self::None,
            Auth::ClientSecretBasic => Self::ClientSecretBasic,
            Auth::ClientSecretPost => Self::ClientSecretPost,
        }
    }
}

/// Does it, and prints the result as lines of `name value`.
///
/// # Errors
/// When the storage fails, or the client is not there or can't be made.
pub async fn run(
    oauth: &AuthorizationServer,
    command: ClientCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        ClientCommand::Add(add) => {
            let new = Preregistration {
                id: add.id.map(ClientId::new),
                name: add.name,
                redirect_uris: add.redirect_uris,
                auth: add.auth.into(),
            };
            let (client, secret) = oauth.preregister(new).await.context("it was not registered")?;
            Ok(added(out, &client, secret.as_ref())?)
        }
        ClientCommand::List => {
            for client in oauth.store.clients().await? {
                listed(out, &client)?;
            }
            Ok(())
        }
        ClientCommand::Remove { id } => {
            let removed = oauth.store.remove_client(&ClientId::new(&id), oauth.clock.now()).await?;
            match removed {
                Applied::Yes => Ok(writeln!(out, "Removed {id}; its connections have ended.")?),
                Applied::No => {
                    bail!("there is no client {id:?}; `snappy-mcp client list` shows them")
                }
            }
        }
    }
}

fn added(out: &mut impl Write, client: &Client, secret: Option<&Secret>) -> io::Result<()> {
    writeln!(out, "client_id {}", client.id)?;
    if let Some(secret) = secret {
        writeln!(out, "client_secret {}", secret.expose())?;
    }
    out.flush()
}

fn listed(out: &mut impl Write, client: &Client) -> io::Result<()> {
    let how = match client.registration {
        Registration::Dynamic => "registered itself",
        Registration::PreRegistered => "registered by the operator",
        Registration::Document { .. } => "described by a document",
    };
    let used = match client.used_at {
        Some(at) => format!("first used {at}"),
        None => "never used".to_owned(),
    };
    let name = client.name.as_deref().unwrap_or("(no name)");
    writeln!(out, "{}  {name}  {how}, {}, {used}", client.id, client.auth.as_str())
}
