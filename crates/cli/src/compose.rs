//! Builds the server from its settings.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use snappy_domain::http::HttpClient;
use snappy_domain::{Keyring, Random, Runtime, Secret, random};
use snappy_net::GuardedClient;
use snappy_oauth::client::rules::ClientRules;
use snappy_oauth::{AuthorizationServer, Config, Service};
use snappy_store::{CredentialStore, Store, UpstreamClientStore};
use snappy_tools::Inventory;
use snappy_web::{AdmissionRules, Parts};
use snappy_xano::{SignInApi, Xano, XanoApi, XanoOAuth, scopes};

use crate::settings::{DebugTools, KeySource, Settings};

/// The upstream service.
const XANO: Service =
    Service { name: "Xano", resource_name: "Snappy MCP for Xano", scopes: &scopes::ALL };

/// All parts of the server.
#[derive(Debug)]
pub struct Composed {
    /// The HTTP routes.
    pub router: Router,
    /// The authorization server, for the operator's commands.
    pub oauth: AuthorizationServer,
    /// The client for Xano, for the operator's commands.
    pub xano: Arc<Xano>,
    /// The store.
    pub store: Arc<dyn Store>,
    /// The clock, timer, randomness and spawner.
    pub runtime: Runtime,
}

/// Opens the store and builds the server.
///
/// # Errors
/// When the data directory, the key or the database can't be used.
pub async fn compose(settings: &Settings, runtime: Runtime) -> anyhow::Result<Composed> {
    let keys = Arc::new(keyring(settings, &*runtime.random)?);
    let url = match &settings.values.database_url {
        Some(url) => url.expose().to_owned(),
        None => {
            create_private_dir(&settings.values.data_dir)?;
            let path = settings.values.data_dir.join("snappy.db").display().to_string();
            // The URL is decoded later, so escape the characters that are special in URLs.
            let escaped = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
            format!("sqlite://{escaped}")
        }
    };
    let opened = snappy_store_sql::open(&url, Arc::clone(&keys), Arc::clone(&runtime.random));
    let opened = opened.await;
    let store: Arc<dyn Store> =
        Arc::new(opened.with_context(|| format!("DATABASE_URL {} can't be used", redacted(&url)))?);

    let http = xano_client(settings)?;
    let sign_in = settings.sign_in.clone();
    let xano_oauth = XanoOAuth::new(
        Arc::clone(&http),
        settings.hosts.clone(),
        runtime.clone(),
        Arc::clone(&store) as Arc<dyn UpstreamClientStore>,
        settings.values.oauth_client_id.clone(),
    );
    let xano = Arc::new(Xano::new(
        XanoApi::new(Arc::clone(&http)),
        settings.hosts.clone(),
        sign_in.map(|(backend, group)| SignInApi::new(http, backend, group)),
        xano_oauth,
        Arc::clone(&store) as Arc<dyn CredentialStore>,
        runtime.clone(),
    ));
    let admission = settings.values.registration;
    let clients = ClientRules {
        allowed: settings.values.allowed_clients.as_slice().into(),
        denied: settings.values.denied_clients.as_slice().into(),
    };
    let config = Config { service: XANO, lifetimes: settings.lifetimes, admission, clients };
    // Anyone can submit the URL of a metadata document, so this client must not reach private hosts.
    let public_http = Arc::new(GuardedClient::new([])?);
    let oauth = AuthorizationServer::new(
        Arc::clone(&store),
        Arc::clone(&keys),
        runtime.clone(),
        public_http,
        config,
    );
    let router = snappy_web::router(Parts {
        oauth: oauth.clone(),
        keys,
        runtime: runtime.clone(),
        xano: Arc::clone(&xano),
        inventory: Inventory::new(&settings.tool_policy),
        public: settings.values.public.clone(),
        allowed_origins: settings.values.allowed_origins.clone(),
        account_origin: settings.hosts.account().to_string(),
        limits: settings.limits,
        admission: AdmissionRules::new(
            settings.values.allowed_people.clone(),
            &settings.values.allowed_instances,
        ),
        offers_oauth: settings.values.offers_oauth,
        debug_oauth: settings.values.debug_tools == DebugTools::On,
    });
    Ok(Composed { router, oauth, xano, store, runtime })
}

/// The HTTP client for Xano. Hosts from the operator's settings may be on a private network.
///
/// # Errors
/// When TLS can't be set up.
pub fn xano_client(settings: &Settings) -> anyhow::Result<Arc<dyn HttpClient>> {
    let trusted_hosts = settings
        .values
        .extra_hosts
        .iter()
        .map(|extra| extra.host().to_owned())
        .chain([settings.hosts.account().host()])
        .chain(settings.sign_in.iter().map(|(backend, _)| backend.host()));
    Ok(Arc::new(GuardedClient::new(trusted_hosts)?))
}

fn keyring(settings: &Settings, random: &dyn Random) -> anyhow::Result<Keyring> {
    let keys = match &settings.keys {
        KeySource::Configured(keys) => keys.clone(),
        KeySource::Generated => {
            create_private_dir(&settings.values.data_dir)?;
            vec![generated_key(&settings.values.data_dir.join("encryption.key"), random)?]
        }
    };
    Keyring::new(&keys).with_context(|| match &settings.keys {
        KeySource::Configured(_) => "ENCRYPTION_KEY can't be used".to_owned(),
        KeySource::Generated => {
            let file = settings.values.data_dir.join("encryption.key");
            format!("the encryption key in {} can't be used", file.display())
        }
    })
}

/// The URL for messages. The URL of a database server may contain a password, so it is not shown.
fn redacted(url: &str) -> &str {
    if url.starts_with("sqlite://") { url } else { "(not shown)" }
}

fn create_private_dir(path: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .with_context(|| format!("the data directory {} can't be created", path.display()))
}

/// Reads the key from the file, or generates one. The new file is written under a temporary name first, so
/// that a crash never leaves a partial key, and an existing file is never replaced.
fn generated_key(path: &Path, random: &dyn Random) -> anyhow::Result<Secret> {
    let read = || std::fs::read_to_string(path).map(|text| Secret::new(text.trim()));
    if path.exists() {
        return read()
            .with_context(|| format!("the encryption key {} can't be read", path.display()));
    }
    let key = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>(random));
    let unique = BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<6>(random));
    let temporary = path.with_extension(format!("key.{unique}"));
    let write = || {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        std::io::Write::write_all(&mut file, key.as_bytes())?;
        file.sync_all()?;
        // A hard link never replaces a file, so if another process was faster, its key is used. If the
        // file system does not support links, rename the file.
        if std::fs::hard_link(&temporary, path).is_err() && !path.exists() {
            std::fs::rename(&temporary, path)?;
        } else {
            std::fs::remove_file(&temporary)?;
        }
        read()
    };
    write().with_context(|| format!("the encryption key {} can't be created", path.display()))
}
