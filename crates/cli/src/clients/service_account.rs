//! Service accounts: clients that get access tokens without a person (client credentials grant,
//! RFC 6749 §4.4). Each uses a Xano access token from the operator.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use snappy_domain::access_limits::{AccessLimits, Workspaces};
use snappy_domain::{ClientId, Scopes, Secret};
use snappy_oauth::AuthorizationServer;
use snappy_store::{CredentialSecret, NewCredential, ServiceAccount};
use snappy_tools::Toolset;
use snappy_xano::{SignedIn, Xano, scopes as xano_scopes};

/// The options of a service account.
#[derive(Debug, Args)]
pub(super) struct ServiceAccountArgs {
    /// Make the client a service account, which gets access tokens without a person, with the Xano
    /// access token in this file; `-` reads from standard input
    #[arg(long, value_name = "FILE")]
    xano_token_file: Option<PathBuf>,
    /// The scopes of the service account, separated by spaces
    #[arg(long, requires = "xano_token_file", default_value = "xano:read", value_parser = scopes)]
    scope: Scopes,
    /// A toolset that the service account may use; may be repeated [default: all]
    #[arg(long = "toolset", requires = "xano_token_file", value_parser = toolset)]
    toolsets: Vec<String>,
    /// An instance that the service account may use, or one workspace of it as
    /// INSTANCE/WORKSPACE_ID; may be repeated [default: all]
    #[arg(long = "instance", requires = "xano_token_file", value_parser = instance_or_workspace)]
    instances: Vec<String>,
}

impl ServiceAccountArgs {
    /// Whether the client is a service account.
    pub(super) const fn is_service_account(&self) -> bool {
        self.xano_token_file.is_some()
    }

    /// Checks the token with Xano and stores it as the credential of a service account.
    pub(super) async fn service_account(
        self,
        oauth: &AuthorizationServer,
        xano: &Xano,
    ) -> anyhow::Result<Option<ServiceAccount>> {
        let Some(file) = self.xano_token_file else { return Ok(None) };
        let limits = AccessLimits {
            toolsets: (!self.toolsets.is_empty()).then(|| self.toolsets.into_iter().collect()),
            instances: (!self.instances.is_empty()).then(|| instance_limits(&self.instances)),
        };
        let credential = credential(xano, &file).await?;
        Ok(Some(oauth.new_service_account(&credential, self.scope, limits).await?))
    }
}

/// Replaces the Xano access token of a service account, and revokes the grants made with the old one.
pub(super) async fn replace_token(
    oauth: &AuthorizationServer,
    xano: &Xano,
    id: &str,
    file: &Path,
) -> anyhow::Result<()> {
    let credential = credential(xano, file).await?;
    Ok(oauth.replace_service_credential(&ClientId::new(id), &credential).await?)
}

/// Reads a Xano access token from a file, and checks it with Xano.
async fn credential(xano: &Xano, file: &Path) -> anyhow::Result<NewCredential> {
    let token = read(file).with_context(|| format!("{} can't be read", file.display()))?;
    let checked = xano.check_token(&token).await;
    let SignedIn { credential, .. } = checked.context("the Xano access token can't be used")?;
    let expires_at = credential.secret.expires_at();
    Ok(NewCredential { secret: CredentialSecret::Service { token, expires_at }, ..credential })
}

fn read(file: &Path) -> anyhow::Result<Secret> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = std::fs::read_to_string(file)?;
    }
    let token = text.trim();
    if token.is_empty() || token.contains(char::is_whitespace) {
        bail!("it must contain a Xano access token and nothing else");
    }
    Ok(Secret::new(token))
}

fn scopes(text: &str) -> Result<Scopes, String> {
    let scopes = Scopes::select(&xano_scopes::ALL, text);
    let all = xano_scopes::ALL.map(|scope| scope.name);
    if scopes.is_empty() || !text.split_ascii_whitespace().all(|token| all.contains(&token)) {
        return Err(format!("not a list of scopes; the scopes are {}", all.join(", ")));
    }
    Ok(scopes)
}

fn toolset(text: &str) -> Result<String, String> {
    let names = Toolset::ALL.map(Toolset::as_str);
    let known = names.contains(&text).then(|| text.to_owned());
    known.ok_or_else(|| format!("not a toolset; the toolsets are {}", names.join(", ")))
}

fn instance_or_workspace(text: &str) -> Result<String, String> {
    let is_valid = text.split('/').all(|part| !part.is_empty()) && text.split('/').count() <= 2;
    is_valid.then(|| text.to_owned()).ok_or_else(|| "not INSTANCE or INSTANCE/WORKSPACE_ID".into())
}

/// The limits for a list of `INSTANCE` (all its workspaces) and `INSTANCE/WORKSPACE_ID` (only this one).
fn instance_limits(named: &[String]) -> BTreeMap<String, Workspaces> {
    let mut limits = BTreeMap::new();
    for named in named {
        match named.split_once('/') {
            None => {
                limits.insert(named.clone(), Workspaces::All);
            }
            Some((instance, workspace)) => {
                let none = || Workspaces::Only(BTreeSet::new());
                let workspaces = limits.entry(instance.to_owned()).or_insert_with(none);
                if let Workspaces::Only(ids) = workspaces {
                    ids.insert(workspace.to_owned());
                }
            }
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_instances_or_some_of_their_workspaces() {
        let named = ["a/1", "a/2", "b", "b/3"].map(str::to_owned);
        let only = Workspaces::Only(["1".to_owned(), "2".to_owned()].into());
        let expected = [("a".to_owned(), only), ("b".to_owned(), Workspaces::All)];
        assert_eq!(instance_limits(&named), expected.into());
    }

    #[test]
    fn unknown_scopes_and_toolsets_are_refused() {
        assert!(scopes("xano:read xano:write").is_ok());
        assert!(scopes("xano:read admin").is_err() && scopes("").is_err());
        assert!(instance_or_workspace("x1").is_ok() && instance_or_workspace("x1/2").is_ok());
        for invalid in ["x1/", "/2", "a/b/c"] {
            assert!(instance_or_workspace(invalid).is_err(), "{invalid}");
        }
        assert!(toolset("records").is_ok() && toolset("everything").is_err());
    }
}
