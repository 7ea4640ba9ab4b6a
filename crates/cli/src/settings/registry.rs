//! Every setting, declared once. The reference page `docs/settings.md` is made from this list.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// What counts when it is not set: a value, or words in brackets.
    pub default: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// What it is for.
    pub meaning: &'static str,
}

pub(super) const LISTEN: Setting = Setting {
    name: "SNAPPY_LISTEN",
    default: "127.0.0.1:8787",
    takes: "an IP address with a port, such as 127.0.0.1:8787 or [::]:8787",
    meaning: "Where the server listens.",
};
pub(super) const PUBLIC_URL: Setting = Setting {
    name: "SNAPPY_PUBLIC_URL",
    default: "(the loopback address of the request)",
    takes: "the https:// address people use, without a path (http:// only on loopback)",
    meaning: "The issuer, and the base of the MCP address. Needed when the server listens on more \
              than loopback.",
};
pub(super) const ALLOWED_ORIGINS: Setting = Setting {
    name: "SNAPPY_ALLOWED_ORIGINS",
    default: "(none)",
    takes: "a comma-separated list of web origins, such as https://app.example",
    meaning: "Web pages that may call the MCP endpoint from a browser, besides the server's own and \
              those on loopback.",
};
pub(super) const DATABASE_URL: Setting = Setting {
    name: "DATABASE_URL",
    default: "(snappy.db in the data directory)",
    takes: "sqlite:// with the path of a file, such as sqlite:///var/lib/snappy/snappy.db, or \
            postgres://user:password@host/database",
    meaning: "Where everything is kept: in one SQLite file, or in a PostgreSQL database that several \
              replicas share.",
};
pub(super) const DATA_DIR: Setting = Setting {
    name: "SNAPPY_DATA_DIR",
    default: "(snappy-mcp in the platform's data directory)",
    takes: "a directory",
    meaning: "Where the SQLite file and a generated key live, readable by their owner alone.",
};
pub(super) const ENCRYPTION_KEY: Setting = Setting {
    name: "ENCRYPTION_KEY",
    default: "(generated into the data directory, on loopback only)",
    takes: "one or more keys of at least 16 characters, separated by commas, newest first; \
            `openssl rand -hex 32` makes a good one",
    meaning: "Seals what is secret in the database. The first key seals, every key opens.",
};
pub(super) const COOKIE_ENCRYPTION_KEY: Setting = Setting {
    name: "COOKIE_ENCRYPTION_KEY",
    default: "(none)",
    takes: "what ENCRYPTION_KEY takes",
    meaning: "An older name of ENCRYPTION_KEY.",
};
pub(super) const BASE_URL: Setting = Setting {
    name: "XANO_BASE_URL",
    default: "(none: sign-in with e-mail and password is hidden)",
    takes: "https:// with the host of a Xano instance, without a path",
    meaning: "The backend that holds auth/login and auth/me.",
};
pub(super) const AUTH_API: Setting = Setting {
    name: "XANO_AUTH_API",
    default: "api:e6emygx3",
    takes: "an API group, such as api:e6emygx3",
    meaning: "The API group of auth/login and auth/me at XANO_BASE_URL.",
};
pub(super) const ACCOUNT_ORIGIN: Setting = Setting {
    name: "XANO_ACCOUNT_ORIGIN",
    default: "https://app.xano.com",
    takes: "https:// with a host, without a path",
    meaning: "The account-level Metadata API, which lists a person's instances.",
};
pub(super) const EXTRA_HOSTS: Setting = Setting {
    name: "XANO_EXTRA_HOSTS",
    default: "(none)",
    takes: "a comma-separated list of exact host or host:port entries",
    meaning: "Hosts that may get a Xano key besides the account's own instances at Xano: custom \
              domains, self-hosted instances. Plain http is used only for loopback addresses that \
              stand here.",
};
pub(super) const TOKEN_TTL: Setting = Setting {
    name: "OAUTH_TOKEN_TTL",
    default: "86400",
    takes: "a number of seconds, at least 3600",
    meaning: "How long an access token lives. Tokens can be revoked at once whatever their life.",
};
pub(super) const REFRESH_TTL: Setting = Setting {
    name: "OAUTH_REFRESH_TTL",
    default: "7776000",
    takes: "a number of seconds, at least OAUTH_TOKEN_TTL",
    meaning: "How long a connection lives that nobody uses: each refresh starts it anew. Default 90 \
              days.",
};
pub(super) const GRANT_TTL: Setting = Setting {
    name: "OAUTH_GRANT_TTL",
    default: "31536000",
    takes: "a number of seconds, at least OAUTH_REFRESH_TTL",
    meaning: "How long a connection lives however much it is used. Default a year.",
};
pub(super) const REUSE_WINDOW: Setting = Setting {
    name: "OAUTH_REUSE_WINDOW",
    default: "(a week, and at least twice OAUTH_TOKEN_TTL)",
    takes: "a number of seconds",
    meaning: "After a refresh token's successor was used: how long the old one still gives an access \
              token, and never a refresh token; it starts anew each time. Later the old one is \
              taken for stolen and ends the connection. 0 is strict: it then ends it at once.",
};
pub(super) const REGISTRATION: Setting = Setting {
    name: "SNAPPY_REGISTRATION",
    default: "open",
    takes: "open, documents or closed",
    meaning: "Which apps may connect besides those that you register with `snappy-mcp client add`: \
              all, as most register themselves; those with a public description at an address of \
              their own; or none.",
};
pub(super) const LIMIT_LOGINS: Setting = Setting {
    name: "SNAPPY_LIMIT_LOGINS",
    default: "300",
    takes: "a number; 0 switches it off",
    meaning: "Sign-ins from one address within a minute.",
};
pub(super) const LIMIT_LOGIN_FAILURES: Setting = Setting {
    name: "SNAPPY_LIMIT_LOGIN_FAILURES",
    default: "20",
    takes: "a number; 0 switches it off",
    meaning: "Failed sign-ins of one e-mail address within a quarter of an hour, whether or not the \
              account exists.",
};
pub(super) const LIMIT_REGISTRATIONS: Setting = Setting {
    name: "SNAPPY_LIMIT_REGISTRATIONS",
    default: "300",
    takes: "a number; 0 switches it off",
    meaning: "Registrations of clients from one address within a minute.",
};
pub(super) const LIMIT_AUTHORIZATIONS: Setting = Setting {
    name: "SNAPPY_LIMIT_AUTHORIZATIONS",
    default: "600",
    takes: "a number; 0 switches it off",
    meaning: "Sign-ins that apps start from one address within a minute.",
};
pub(super) const LIMIT_TOKEN_FAILURES: Setting = Setting {
    name: "SNAPPY_LIMIT_TOKEN_FAILURES",
    default: "600",
    takes: "a number; 0 switches it off",
    meaning: "Refused token requests from one address within a minute. Valid ones are never counted.",
};
pub(super) const TRUSTED_PROXIES: Setting = Setting {
    name: "SNAPPY_TRUSTED_PROXIES",
    default: "0",
    takes: "a number",
    meaning: "How many proxies in front of the server add to X-Forwarded-For. The limits count by \
              the address that the outermost of them saw.",
};
pub(super) const METRICS_LISTEN: Setting = Setting {
    name: "SNAPPY_METRICS_LISTEN",
    default: "(none: no metrics)",
    takes: "an IP address with a port, such as 127.0.0.1:9464",
    meaning: "Where `GET /metrics` answers for Prometheus. It needs no sign-in, so it must not be \
              open to everybody.",
};
pub(super) const OTLP: Setting = Setting {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    default: "(none: no traces)",
    takes: "the http:// or https:// base address of a collector, such as http://127.0.0.1:4318",
    meaning: "Where traces are sent, over OTLP/HTTP. They say what the log says.",
};
pub(super) const TOOLSETS: Setting = Setting {
    name: "SNAPPY_TOOLSETS",
    default: "all",
    takes: "all, or a comma-separated list of workspaces, tables, records, debug",
    meaning: "Which groups of tools the server offers.",
};
pub(super) const READ_ONLY: Setting = Setting {
    name: "SNAPPY_READ_ONLY",
    default: "false",
    takes: "true or false",
    meaning: "Offers only tools that change nothing. Wins over every toolset.",
};
pub(super) const DEBUG_TOOLS: Setting = Setting {
    name: "SNAPPY_DEBUG_TOOLS",
    default: "(the debug tools, but not /debug-oauth)",
    takes: "true or false",
    meaning: "true also opens /debug-oauth, which shows what the server saw of a request; false \
              hides the debug tools as well. They concern only the caller's own sign-in.",
};
pub(super) const LOG_FORMAT: Setting = Setting {
    name: "SNAPPY_LOG_FORMAT",
    default: "human",
    takes: "human or json",
    meaning: "How log lines look. Their level follows RUST_LOG, such as info or snappy_xano=debug.",
};

/// All settings, in the order of the reference page.
pub const SETTINGS: [Setting; 28] = [
    LISTEN,
    PUBLIC_URL,
    ALLOWED_ORIGINS,
    DATABASE_URL,
    DATA_DIR,
    ENCRYPTION_KEY,
    COOKIE_ENCRYPTION_KEY,
    BASE_URL,
    AUTH_API,
    ACCOUNT_ORIGIN,
    EXTRA_HOSTS,
    TOKEN_TTL,
    REFRESH_TTL,
    GRANT_TTL,
    REUSE_WINDOW,
    REGISTRATION,
    LIMIT_LOGINS,
    LIMIT_LOGIN_FAILURES,
    LIMIT_REGISTRATIONS,
    LIMIT_AUTHORIZATIONS,
    LIMIT_TOKEN_FAILURES,
    TRUSTED_PROXIES,
    METRICS_LISTEN,
    OTLP,
    TOOLSETS,
    READ_ONLY,
    DEBUG_TOOLS,
    LOG_FORMAT,
];

/// The reference page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nEvery setting is an environment variable, read once at the start. An empty \
         one counts as not set. A wrong,\nmissing or contradictory one stops the start with a \
         sentence that says which, what it got, and what it takes.\n\nThis page is made from the \
         program's own list; a test keeps it true.\n\n| setting | default | takes | meaning \
         |\n|---|---|---|---|\n",
    );
    for Setting { name, default, takes, meaning } in SETTINGS {
        let default =
            if default.starts_with('(') { default.to_owned() } else { format!("`{default}`") };
        page.push_str(&format!("| `{name}` | {default} | {takes} | {meaning} |\n"));
    }
    page
}
