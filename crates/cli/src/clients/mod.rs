//! `snappy-mcp client`: clients that the operator registers. The commands use the same database as
//! `serve`, which may be running.

mod service_account;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use service_account::ServiceAccountArgs;
use snappy_domain::{ClientId, Secret};
use snappy_oauth::client::preregister::Preregistration;
use snappy_store::{Client, Registration, TokenEndpointAuth};

use crate::compose::Composed;

/// The subcommands of `client`.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Register a client and print its ID, and its secret if it has one
    Add(Box<Add>),
    /// List the clients
    List,
    /// Remove a client and end its connections
    Remove {
        /// The client's ID
        id: String,
    },
    /// Replace the Xano access token of a service account, for example before it expires
    Token {
        /// The client's ID
        id: String,
        /// A file with the token; `-` reads it from standard input
        #[arg(long, value_name = "FILE")]
        xano_token_file: PathBuf,
    },
}

/// A client to register.
#[derive(Debug, Args)]
pub struct Add {
    /// The name that people see on the consent page
    #[arg(long)]
    name: String,
    /// A redirect URI of the client; may be repeated
    #[arg(long = "redirect-uri", required_unless_present = "xano_token_file")]
    redirect_uris: Vec<String>,
    /// The client ID [default: a generated one]
    #[arg(long)]
    id: Option<String>,
    /// How the client authenticates at the token endpoint [default: private-key-jwt with keys,
    /// client-secret-basic for a service account without keys, otherwise none]
    #[arg(long, value_enum)]
    auth: Option<Auth>,
    /// A file with the client's public keys (a JWK Set), for private-key-jwt
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    jwks: Option<PathBuf>,
    /// The https URL of the client's public keys (a JWK Set), for private-key-jwt
    #[arg(long, value_name = "URL")]
    jwks_uri: Option<String>,
    #[command(flatten)]
    service_account: ServiceAccountArgs,
}

impl Add {
    fn auth(&self) -> anyhow::Result<TokenEndpointAuth> {
        let keys = self.jwks.is_some() || self.jwks_uri.is_some();
        let auth = match (self.auth, keys, self.service_account.is_service_account()) {
            (Some(auth), ..) => auth.into(),
            (None, true, _) => TokenEndpointAuth::PrivateKeyJwt,
            (None, false, true) => TokenEndpointAuth::ClientSecretBasic,
            (None, false, false) => TokenEndpointAuth::None,
        };
        if auth == TokenEndpointAuth::None && self.service_account.is_service_account() {
            bail!(
                "a service account must authenticate: --xano-token-file can't be used with --auth none"
            );
        }
        if keys && auth != TokenEndpointAuth::PrivateKeyJwt {
            bail!("--jwks and --jwks-uri require --auth private-key-jwt");
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

/// Runs the command and prints its result.
///
/// # Errors
/// When the storage fails, or the client does not exist or can't be registered.
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
                service_account: None,
            };
            // Before anything is stored or sent to Xano.
            oauth.check_preregistration(&new).await.context("the client was not registered")?;
            let service_account = add.service_account.service_account(oauth, xano).await?;
            let new = Preregistration { service_account, ..new };
            let (client, secret) =
                oauth.preregister(new).await.context("the client was not registered")?;
            Ok(print_added(out, &client, secret.as_ref())?)
        }
        ClientCommand::List => {
            for client in oauth.clients().await? {
                print_client(out, &client)?;
            }
            Ok(())
        }
        ClientCommand::Remove { id } => {
            if !oauth.remove_client(&ClientId::new(&id)).await? {
                bail!("client {id:?} does not exist; `snappy-mcp client list` lists all clients");
            }
            Ok(writeln!(out, "Removed {id} and ended its connections.")?)
        }
        ClientCommand::Token { id, xano_token_file } => {
            service_account::replace_token(oauth, xano, &id, &xano_token_file).await?;
            Ok(writeln!(out, "Replaced the Xano access token of {id}.")?)
        }
    }
}

fn read_json(file: &Path) -> anyhow::Result<serde_json::Value> {
    let text = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))
}

fn print_added(out: &mut impl Write, client: &Client, secret: Option<&Secret>) -> io::Result<()> {
    writeln!(out, "client_id {}", client.id)?;
    if let Some(secret) = secret {
        writeln!(out, "client_secret {}", secret.expose())?;
    }
    out.flush()
}

fn print_client(out: &mut impl Write, client: &Client) -> io::Result<()> {
    let registration = match client.registration {
        Registration::Dynamic => "registered itself",
        Registration::PreRegistered => "registered by the operator",
        Registration::Document { .. } => "metadata document",
    };
    let used = match client.used_at {
        Some(at) => format!("first used {at}"),
        None => "never used".to_owned(),
    };
    let account = client.service_account.as_ref();
    let account = account.map(|account| format!(", service account with {}", account.scopes));
    let account = account.unwrap_or_default();
    let name = client.name.as_deref().unwrap_or("(no name)");
    writeln!(
        out,
        "{}  {name}  {registration}{account}, {}, {used}",
        client.id,
        client.proof.method().as_str()
    )
}
