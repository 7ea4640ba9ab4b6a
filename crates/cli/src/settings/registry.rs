//! All settings. To add one, add an entry here: it becomes a field of [`Values`], and the reference page
//! `docs/settings.md` lists it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use snappy_domain::Secret;
use snappy_oauth::{Admission, Site};
use snappy_tools::Toolset;
use snappy_xano::origin::ExtraHost;

use super::declare::{Lookup, Setting, SettingError, settings};
use super::parse::{self, DebugTools, LogFormat, list, optional, required};

settings! {
    /// The address the server listens on.
    SNAPPY_LISTEN => listen: SocketAddr {
        default: "127.0.0.1:8787",
        accepts: "an IP address with a port, such as 127.0.0.1:8787 or [::]:8787",
        parse: required(parse::socket_address),
    }

    /// The OAuth issuer and the base of the MCP address. Required when the server listens on an
    /// address that is not loopback.
    SNAPPY_PUBLIC_URL => public: Option<Site> {
        default: "(the loopback address of the request)",
        accepts: "the https:// address that people use, without a path (http:// only on loopback)",
        parse: optional(parse::site),
    }

    /// Web pages that may call the MCP endpoint from a browser, besides the server's own pages and
    /// pages on loopback.
    SNAPPY_ALLOWED_ORIGINS => allowed_origins: Vec<String> {
        default: "(none)",
        accepts: "a comma-separated list of web origins, such as https://app.example",
        parse: list(parse::web_origin),
    }

    /// The database: one SQLite file, or a PostgreSQL database that several replicas share.
    DATABASE_URL => database_url: Option<Secret> {
        default: "(snappy.db in the data directory)",
        accepts: "sqlite:// with the path of a file, such as sqlite:///var/lib/snappy/snappy.db, or \
                postgres://user:password@host/database",
        parse: optional(parse::database_url),
    }

    /// The directory of the SQLite file and the generated encryption key. Only its owner can read it.
    SNAPPY_DATA_DIR => data_dir: PathBuf {
        default: "(snappy-mcp in the platform's data directory)",
        accepts: "a directory",
        parse: parse::data_dir,
    }

    /// Encrypts the secrets in the database. The first key encrypts; all keys decrypt.
    ENCRYPTION_KEY => encryption_key: Option<Vec<Secret>> {
        default: "(generated into the data directory, on loopback only)",
        accepts: "one or more keys of at least 16 characters, separated by commas, newest first; \
                `openssl rand -hex 32` generates a suitable one",
        parse: optional(parse::keys),
    }

    /// The former name of ENCRYPTION_KEY.
    COOKIE_ENCRYPTION_KEY => cookie_encryption_key: Option<Vec<Secret>> {
        default: "(none)",
        accepts: "keys in the format of ENCRYPTION_KEY",
        parse: optional(parse::keys),
    }

    /// The Xano backend with the endpoints auth/login and auth/me.
    XANO_BASE_URL => base_url: Option<String> {
        default: "(none: sign-in with e-mail and password is not offered)",
        accepts: "https:// with the host of a Xano instance, without a path",
        parse: optional(parse::text),
    }

    /// The API group of auth/login and auth/me at XANO_BASE_URL.
    XANO_AUTH_API => auth_api: String {
        default: "api:e6emygx3",
        accepts: "an API group, such as api:e6emygx3",
        parse: required(parse::api_group),
    }

    /// The host of the account-level Metadata API, which lists a person's instances.
    XANO_ACCOUNT_ORIGIN => account_origin: String {
        default: "https://app.xano.com",
        accepts: "https:// with a host, without a path",
        parse: required(parse::text),
    }

    /// Whether people are offered the sign-in at the OAuth server of XANO_ACCOUNT_ORIGIN. Switch it off for a
    /// self-hosted Xano without one.
    XANO_OAUTH => offers_oauth: bool {
        default: "true",
        accepts: "true or false",
        parse: required(parse::switch),
    }

    /// The client ID of this server at Xano's OAuth server, if Xano gave it one. Its redirect URI is
    /// SNAPPY_PUBLIC_URL with the path /oauth-callback.
    XANO_OAUTH_CLIENT_ID => oauth_client_id: Option<String> {
        default: "(none: this server registers itself)",
        accepts: "a client ID",
        parse: optional(parse::text),
    }

    /// Hosts that may receive a Xano key besides the account's own instances at Xano: custom domains
    /// and self-hosted instances. Plain http is only used for loopback addresses in this list.
    XANO_EXTRA_HOSTS => extra_hosts: Vec<ExtraHost> {
        default: "(none)",
        accepts: "a comma-separated list of exact host or host:port entries",
        parse: list(parse::extra_host),
    }

    /// The lifetime of an access token. Revoking a token takes effect immediately.
    OAUTH_TOKEN_TTL => token_ttl: Duration {
        default: "86400",
        accepts: "a number of seconds, at least 3600",
        parse: required(parse::access_lifetime),
    }

    /// How long an unused connection lasts; each refresh restarts this time. The default is 90 days.
    OAUTH_REFRESH_TTL => refresh_ttl: Duration {
        default: "7776000",
        accepts: "a number of seconds, at least OAUTH_TOKEN_TTL",
        parse: required(parse::seconds),
    }

    /// The maximum lifetime of a connection, regardless of use. The default is one year.
    OAUTH_GRANT_TTL => grant_ttl: Duration {
        default: "31536000",
        accepts: "a number of seconds, at least OAUTH_REFRESH_TTL",
        parse: required(parse::seconds),
    }

    /// How long a superseded refresh token still yields an access token (but no refresh token) after its
    /// successor was used; each use restarts this time, up to four times as long in all. Afterwards, using it
    /// is treated as theft and ends the connection. With 0, any use ends the connection. While nobody has used
    /// the successor, the superseded token yields the same successor again: for eight times as long from the
    /// rotation, and for at least a minute.
    OAUTH_REUSE_WINDOW => reuse_window: Option<Duration> {
        default: "(a week, and at least twice OAUTH_TOKEN_TTL)",
        accepts: "a number of seconds",
        parse: optional(parse::seconds),
    }

    /// Which apps may connect besides those registered with `snappy-mcp client add`: open lets apps
    /// register themselves, which most apps do; documents allows only apps whose client ID is the URL
    /// of a public metadata document; closed allows no other apps.
    SNAPPY_REGISTRATION => registration: Admission {
        default: "open",
        accepts: "open, documents or closed",
        parse: required(parse::admission),
    }

    /// The people who may use the server, by the e-mail address that Xano reports. Without any, everybody with a Xano
    /// account may.
    SNAPPY_ALLOWED_PEOPLE => allowed_people: Vec<String> {
        default: "(everybody)",
        accepts: "a comma-separated list of e-mail addresses, and of domains such as @example.com",
        parse: list(parse::person),
    }

    /// The instances and workspaces that can be reached through the server. Without any, all of a person's can.
    SNAPPY_ALLOWED_INSTANCES => allowed_instances: Vec<String> {
        default: "(all)",
        accepts: "a comma-separated list of instance names, or instance/workspace-id for one workspace",
        parse: list(parse::word),
    }

    /// The apps that may connect, besides those registered with `snappy-mcp client add`. Without any, all may that
    /// SNAPPY_REGISTRATION admits.
    SNAPPY_ALLOWED_CLIENTS => allowed_clients: Vec<String> {
        default: "(all)",
        accepts: "a comma-separated list of client IDs, or of hosts: of the app's metadata document, or of all its redirect URIs",
        parse: list(parse::word),
    }

    /// Apps that may not connect. The connections that they have stop working when their access tokens end.
    SNAPPY_DENIED_CLIENTS => denied_clients: Vec<String> {
        default: "(none)",
        accepts: "like SNAPPY_ALLOWED_CLIENTS",
        parse: list(parse::word),
    }

    /// The maximum number of sign-ins from one IP address within a minute.
    SNAPPY_LIMIT_LOGINS => limit_logins: Option<u32> {
        default: "300",
        accepts: "a number; 0 disables the limit",
        parse: required(parse::limit),
    }

    /// The maximum number of failed sign-ins with one e-mail address from one IP address within 15 minutes,
    /// whether or not the account exists. From all IP addresses together it is ten times as many.
    SNAPPY_LIMIT_LOGIN_FAILURES => limit_login_failures: Option<u32> {
        default: "20",
        accepts: "a number; 0 disables the limit",
        parse: required(parse::limit),
    }

    /// The maximum number of client registrations from one IP address within a minute.
    SNAPPY_LIMIT_REGISTRATIONS => limit_registrations: Option<u32> {
        default: "300",
        accepts: "a number; 0 disables the limit",
        parse: required(parse::limit),
    }

    /// The maximum number of authorization requests, and of consent pages, from one IP address within a minute,
    /// together.
    SNAPPY_LIMIT_AUTHORIZATIONS => limit_authorizations: Option<u32> {
        default: "600",
        accepts: "a number; 0 disables the limit",
        parse: required(parse::limit),
    }

    /// The maximum number of refused token requests from one IP address within a minute. Valid requests
    /// are not counted.
    SNAPPY_LIMIT_TOKEN_FAILURES => limit_token_failures: Option<u32> {
        default: "600",
        accepts: "a number; 0 disables the limit",
        parse: required(parse::limit),
    }

    /// The number of proxies in front of the server that append to X-Forwarded-For. The limits use the
    /// client address that the outermost of them reports.
    SNAPPY_TRUSTED_PROXIES => trusted_proxies: Option<u32> {
        default: "(0, with a warning when SNAPPY_PUBLIC_URL is https)",
        accepts: "a number",
        parse: optional(parse::number),
    }

    /// The address that serves `GET /metrics` for Prometheus. It requires no authentication, so it must
    /// not be public.
    SNAPPY_METRICS_LISTEN => metrics_listen: Option<SocketAddr> {
        default: "(none: no metrics)",
        accepts: "an IP address with a port, such as 127.0.0.1:9464",
        parse: optional(parse::socket_address),
    }

    /// The OpenTelemetry collector that traces are sent to, over OTLP/HTTP. They contain the same
    /// information as the log.
    OTEL_EXPORTER_OTLP_ENDPOINT => collector: Option<String> {
        default: "(none: no traces)",
        accepts: "the http:// or https:// base URL of a collector, such as http://127.0.0.1:4318",
        parse: optional(parse::collector),
    }

    /// The toolsets that the server offers.
    SNAPPY_TOOLSETS => toolsets: Vec<Toolset> {
        default: "all",
        accepts: "all, or a comma-separated list of workspaces, tables, records, debug",
        parse: parse::toolsets,
    }

    /// Offers only read-only tools, in all toolsets.
    SNAPPY_READ_ONLY => read_only: bool {
        default: "false",
        accepts: "true or false",
        parse: required(parse::switch),
    }

    /// The debug tools concern only the caller's own sign-in. true also enables /debug-oauth, which
    /// shows how the server reads a request; false disables the debug tools as well.
    SNAPPY_DEBUG_TOOLS => debug_tools: DebugTools {
        default: "(the debug tools, but not /debug-oauth)",
        accepts: "true or false",
        parse: parse::debug_tools,
    }

    /// The format of log lines. RUST_LOG sets their level, such as info or snappy_xano=debug.
    SNAPPY_LOG_FORMAT => log_format: LogFormat {
        default: "human",
        accepts: "human or json",
        parse: required(parse::log_format),
    }
}
