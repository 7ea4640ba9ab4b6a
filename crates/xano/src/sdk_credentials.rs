//! The credentials of Xano's official SDK on a person's own computer: its file (`~/.xanosdk/auth.json`, or
//! `.xano/auth.json` in a project) and its environment variables. Only tests use this module so far.
//!
//! An OAuth pair in the file belongs to the SDK. Its access token is used while it lives, and never refreshed
//! here, because that would sign the SDK out. So the refresh token is not even read.
//!
//! The format is that of the SDK 1.0.7, as its source has it; it was not compared with a file of a live account.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Number, Value};
use snappy_domain::{Secret, Timestamp};

use crate::claims::Claims;
use crate::{HostPolicy, XanoOrigin};

/// The profile that is used when nothing selects one, and the name of a record without a name.
const DEFAULT: &str = "default";
/// The newest version of the file that is known.
const VERSION: f64 = 2.0;

/// A credential of the SDK that can be used now. It can't be refreshed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdkCredential {
    pub source: Source,
    /// The bearer of the Metadata API.
    pub token: Secret,
    /// When the token ends, if that is known.
    pub expires_at: Option<Timestamp>,
    pub instance: XanoOrigin,
    pub workspace: String,
}

/// Where a credential was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Environment,
    Profile(String),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::Profile(name) => write!(f, "the profile {:?}", shown(name)),
        }
    }
}

/// Why the SDK's credentials can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SdkCredentialError {
    #[error("XANO_INSTANCE_URL, XANO_WORKSPACE_ID and XANO_META_TOKEN belong together; missing: {}", .0.join(", "))]
    MissingVariables(Vec<&'static str>),
    #[error(
        "XANO_REFRESH_TOKEN is used up by one exchange and belongs to Xano's SDK, so it is not used here"
    )]
    RefreshToken,
    #[error("Xano's SDK is not signed in on this computer")]
    NoFile,
    #[error("the credentials of Xano's SDK are damaged: {0}")]
    Damaged(&'static str),
    #[error("the credentials of Xano's SDK have version {0}, and only versions up to 2 are known")]
    NewerVersion(String),
    #[error("Xano's SDK has no profile {:?}", shown(.0))]
    NoProfile(String),
    #[error("the profile {:?} of Xano's SDK has an unknown type", shown(.0))]
    UnknownType(String),
    #[error("{source_of} has no usable {field}")]
    Broken { source_of: Source, field: &'static str },
    #[error("{0} names an instance at a host that may not receive a Xano token")]
    ForeignHost(Source),
    #[error("the token of {0} has expired")]
    Expired(Source),
}

impl SdkCredentialError {
    /// What the person can do about it.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::MissingVariables(_) => "Set all three, or none of them and run `xanosdk login`",
            Self::RefreshToken => {
                "Remove it and run `xanosdk login`, or set XANO_INSTANCE_URL, XANO_WORKSPACE_ID and \
                 XANO_META_TOKEN"
            }
            Self::NewerVersion(_) => "Update snappy-mcp",
            Self::NoProfile(_) => {
                "Set XANO_PROFILE to one of its profiles, or run `xanosdk login` for this one"
            }
            Self::ForeignHost(_) => "XANO_EXTRA_HOSTS can allow that host",
            Self::Broken { source_of: Source::Environment, .. }
            | Self::Expired(Source::Environment) => {
                "Correct XANO_INSTANCE_URL, XANO_WORKSPACE_ID and XANO_META_TOKEN, or remove them and \
                 run `xanosdk login`"
            }
            _ => "Run `xanosdk login`",
        }
    }
}

/// Finds the credential to use: that of the environment (XANO_INSTANCE_URL, XANO_WORKSPACE_ID and
/// XANO_META_TOKEN), or of the profile that XANO_PROFILE or the file selects. `file` is the text of the file, if
/// there is one, and `lookup` returns the value of an environment variable.
///
/// # Errors
/// See [`SdkCredentialError`].
pub fn read(
    policy: &HostPolicy,
    file: Option<&str>,
    lookup: &dyn Fn(&str) -> Option<String>,
    now: Timestamp,
) -> Result<SdkCredential, SdkCredentialError> {
    let variable = |name| {
        let value = lookup(name)?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    };
    let found = match environment(&variable)? {
        Some(found) => found,
        None => {
            let file = file.ok_or(SdkCredentialError::NoFile)?;
            of_file(file, variable("XANO_PROFILE"))?
        }
    };
    checked(policy, found, now)
}

/// What a source says, unchecked.
struct Found {
    source: Source,
    token: Option<Secret>,
    expires_at: Option<Option<Timestamp>>,
    instance: Option<String>,
    workspace: Option<String>,
}

fn environment(
    variable: &dyn Fn(&'static str) -> Option<String>,
) -> Result<Option<Found>, SdkCredentialError> {
    let names = ["XANO_INSTANCE_URL", "XANO_WORKSPACE_ID", "XANO_META_TOKEN"];
    let [instance, workspace, token] = names.map(variable);
    let given = [instance.is_some(), workspace.is_some(), token.is_some()];
    let missing: Vec<_> =
        names.into_iter().zip(given).filter_map(|(name, given)| (!given).then_some(name)).collect();
    if missing.is_empty() {
        let (source, token) = (Source::Environment, token.map(Secret::new));
        return Ok(Some(Found { source, token, expires_at: None, instance, workspace }));
    }
    if variable("XANO_REFRESH_TOKEN").is_some() {
        return Err(SdkCredentialError::RefreshToken);
    }
    if missing.len() == names.len() {
        return Ok(None);
    }
    Err(SdkCredentialError::MissingVariables(missing))
}

/// The file. Profiles are read one by one, so that a broken one spoils only itself.
#[derive(Deserialize)]
struct File<'a> {
    version: Option<Number>,
    default: Option<String>,
    #[serde(borrow)]
    profiles: Option<BTreeMap<String, &'a RawValue>>,
}

/// A profile of either type. Without a type, its token tells.
#[derive(Deserialize)]
struct Profile {
    #[serde(rename = "type")]
    kind: Option<String>,
    workspace_id: Option<Value>,
    access_token: Option<Secret>,
    expires_at: Option<Number>,
    instance: Option<String>,
    meta_api_token: Option<Secret>,
    instance_base_url: Option<String>,
}

fn of_file(text: &str, selected: Option<String>) -> Result<Found, SdkCredentialError> {
    let damaged = SdkCredentialError::Damaged;
    let text = text.trim_start_matches('\u{feff}');
    let file: File<'_> = serde_json::from_str(text)
        .map_err(|_| damaged("the file is not JSON as the SDK writes it"))?;
    if let Some(version) = &file.version
        && !version.as_f64().is_some_and(|version| version <= VERSION)
    {
        return Err(SdkCredentialError::NewerVersion(shown(&version.to_string())));
    }
    let name = selected.or(file.default).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| DEFAULT.to_owned());
    let record = match &file.profiles {
        Some(profiles) => profiles.get(&name).map(|profile| profile.get()),
        None => (name == DEFAULT).then_some(text),
    };
    let record = record.ok_or_else(|| SdkCredentialError::NoProfile(name.clone()))?;
    let source = Source::Profile(name.clone());
    // The parser's message may show a value, so it is dropped.
    let profile: Profile = serde_json::from_str(record)
        .map_err(|_| SdkCredentialError::Broken { source_of: source.clone(), field: "record" })?;
    let workspace = match profile.workspace_id {
        Some(Value::Number(id)) => Some(id.to_string()),
        Some(Value::String(id)) => Some(id),
        _ => None,
    };
    let is_oauth = match profile.kind.as_deref() {
        Some("oauth") => true,
        Some("token") => false,
        Some(_) => return Err(SdkCredentialError::UnknownType(name)),
        None => profile.access_token.is_some(),
    };
    Ok(if is_oauth {
        let expires_at = profile
            .expires_at
            .map(|end| end.as_f64().and_then(|end| Timestamp::from_millisecond(end as i64).ok()));
        let (token, instance) = (profile.access_token, profile.instance);
        Found { source, token, expires_at, instance, workspace }
    } else {
        let (token, instance) = (profile.meta_api_token, profile.instance_base_url);
        Found { source, token, expires_at: None, instance, workspace }
    })
}

fn checked(
    policy: &HostPolicy,
    found: Found,
    now: Timestamp,
) -> Result<SdkCredential, SdkCredentialError> {
    let Found { source, token, expires_at, instance, workspace } = found;
    let broken = |field| SdkCredentialError::Broken { source_of: source.clone(), field };
    let token = token.filter(|token| !token.is_empty()).ok_or_else(|| broken("token"))?;
    let is_id = |id: &String| {
        !id.is_empty()
            && id.len() <= 64
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let workspace = workspace.filter(is_id).ok_or_else(|| broken("workspace"))?;
    let instance = instance.filter(|text| !text.is_empty()).ok_or_else(|| broken("instance"))?;
    // The SDK may keep a host without a scheme.
    let url = if instance.contains("://") { instance } else { format!("https://{instance}") };
    let foreign = || SdkCredentialError::ForeignHost(source.clone());
    let instance = policy.audience(&url).ok_or_else(foreign)?;
    let expires_at = match expires_at {
        Some(end) => Some(end.ok_or_else(|| broken("expires_at"))?),
        None => Claims::of(&token).expires_at(),
    };
    if expires_at.is_some_and(|end| end <= now) {
        return Err(SdkCredentialError::Expired(source));
    }
    Ok(SdkCredential { source, token, expires_at, instance, workspace })
}

/// A name from outside, for a message.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
