//! `snappy-mcp client`: clients that the operator registers. Works on the storage that `serve` uses,
//! also while it runs.

mod machine;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use machine::MachineArgs;
use snappy_domain::{ClientId, Secret};
use snappy_oauth::preregister::Preregistration;
use snappy_store::{Applied, Client, Registration, TokenEndpointAuth};

use crate::compose::Composed;

/// What to do with clients.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client and print its id, and its secret if it has one
    Add(Box<Add>),
    /// List the clients
    List,
    /// Remove a client and end its connections
    Remove {
        /// The client's id
        id: String,
    },
    /// Give a machine another Xano access token, when the one it has ends
    Token {
        /// The client's id
        id: String,
        /// A file with the token; `-` reads it from standard input
        #[arg(long, value_name = "FILE")]
        xano_token_file: PathBuf,
    },
}

/// A client to register.
#[derive(Debug, Args)]
pub struct Add {
    /// What people see on the consent page
    #[arg(long)]
    name: String,
    /// An address it may be sent back to; may be given several times
    #[arg(long = "redirect-uri", required_unless_present = "xano_token_file")]
    redirect_uris: Vec<String>,
    /// Its id [default: a new one]
    #[arg(long)]
    id: Option<String>,
    /// How it proves itself at the token endpoint [default: private-key-jwt with keys,
    /// client-secret-basic for a machine without, else none]
    #[arg(long, value_enum)]
    auth: Option<Auth>,
    /// A file with its public keys, a JWK Set, for private-key-jwt
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    jwks: Option<PathBuf>,
    /// The https address where its public keys stand
    #[arg(long, value_name = "URL")]
    jwks_uri: Option<String>,
    #[command(flatten)]
    machine: MachineArgs,
}

impl Add {
    fn auth(&self) -> anyhow::Result<TokenEndpointAuth> {
        let keys = self.jwks.is_some() || self.jwks_uri.is_some();
        let auth = match (self.auth, keys, self.machine.is_one()) {
            (Some(auth), ..) => auth.into(),
            (None, true, _) => TokenEndpointAuth::PrivateKeyJwt,
            (None, false, true) => TokenEndpointAuth::ClientSecretBasic,
            (None, false, false) => TokenEndpointAuth::None,
        };
        if auth == TokenEndpointAuth::None && self.machine.is_one() {
            bail!("a machine must prove itself: --auth none is not for it");
        }
        if keys && auth != TokenEndpointAuth::PrivateKeyJwt {
            bail!("--jwks and --jwks-uri go with --auth private-key-jwt");
        }
        Ok(auth)
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Auth {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

impl From<Auth> for TokenEndpointAuth {
    fn from(auth: Auth) -> Self {
        match auth {
            Auth::None => Self::None,
            Auth::ClientSecretBasic => Self::ClientSecretBasic,
            Auth::ClientSecretPost => Self::ClientSecretPost,
            Auth::PrivateKeyJwt => Self::PrivateKeyJwt,
        }
    }
}

/// Does it, and prints the result as lines of `name value`.
///
/// # Errors
/// When the storage fails, or the client is not there or can't be made.
pub async fn run(
    composed: &Composed,
    command: ClientCommand,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let Composed { oauth, xano, .. } = composed;
    match command {
        ClientCommand::Add(add) => {
            let auth = add.auth()?;
            let new = Preregistration {
                id: add.id.map(ClientId::new),
                name: add.name,
                redirect_uris: add.redirect_uris,
                auth,
                jwks: add.jwks.as_deref().map(read_json).transpose()?,
                jwks_uri: add.jwks_uri,
                machine: None,
            };
            // Refused before anything is kept, and before Xano is asked.
            oauth.check_preregistration(&new).await.context("it was not registered")?;
            let machine = add.machine.machine(oauth, xano).await?;
            let new = Preregistration { machine, ..new };
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
        ClientCommand::Token { id, xano_token_file } => {
            machine::give_token(oauth, xano, &id, &xano_token_file).await?;
            Ok(writeln!(out, "{id} has the new Xano access token.")?)
        }
    }
}

fn read_json(file: &Path) -> anyhow::Result<serde_json::Value> {
    let text = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))
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
    let machine = client.machine.as_ref();
    let machine = machine.map(|machine| format!(", a machine with {}", machine.scopes));
    let machine = machine.unwrap_or_default();
    let name = client.name.as_deref().unwrap_or("(no name)");
    writeln!(out, "{}  {name}  {how}{machine}, {}, {used}", client.id, client.auth.as_str())
}
