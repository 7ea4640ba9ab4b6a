//! Settings: what they take, what they refuse, and their reference page.

use std::time::Duration;

use snappy_cli::settings::{DebugTools, KeySource, LogFormat, SETTINGS, Settings, reference};
use snappy_tools::Toolset;

fn read(given: &[(&str, &str)]) -> Result<Settings, String> {
    let lookup = |name: &str| {
        let found = given.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Settings::read(&lookup).map_err(|error| error.to_string())
}

#[test]
fn nothing_set_is_a_working_loopback_server() {
    let settings = read(&[]).unwrap();
    assert_eq!(settings.values.listen.to_string(), "127.0.0.1:8787");
    assert_eq!(settings.values.public, None);
    assert_eq!(settings.keys, KeySource::Generated);
    assert_eq!(settings.lifetimes.access, Duration::from_secs(86_400));
    assert_eq!(settings.hosts.account().as_str(), "https://app.xano.com");
    assert!(settings.sign_in.is_none() && settings.values.database_url.is_none());
    assert_eq!(settings.values.debug_tools, DebugTools::Tools);
    assert_eq!(settings.values.log_format, LogFormat::Human);
    assert_eq!(settings.tool_policy.toolsets.len(), Toolset::ALL.len());
}

#[test]
fn everything_set_is_taken() {
    let settings = read(&[
        ("SNAPPY_LISTEN", "0.0.0.0:80"),
        ("SNAPPY_PUBLIC_URL", "https://mcp.example/"),
        ("SNAPPY_ALLOWED_ORIGINS", "https://a.example, https://b.example:8443"),
        ("DATABASE_URL", "sqlite:///var/lib/snappy.db"),
        ("COOKIE_ENCRYPTION_KEY", "an-older-name-of-it"),
        ("ENCRYPTION_KEY", "an-older-name-of-it"),
        ("XANO_BASE_URL", "https://x1.n7.xano.io"),
        ("XANO_AUTH_API", "api:abc123"),
        ("XANO_ACCOUNT_ORIGIN", "http://127.0.0.1:9000"),
        ("XANO_EXTRA_HOSTS", "127.0.0.1:9000,api.acme.example"),
        ("OAUTH_TOKEN_TTL", " 3600 "),
        ("SNAPPY_TOOLSETS", "tables,debug"),
        ("SNAPPY_READ_ONLY", "YES"),
        ("SNAPPY_DEBUG_TOOLS", "0"),
        ("SNAPPY_LOG_FORMAT", "json"),
    ])
    .unwrap();
    assert_eq!(settings.values.public.unwrap().resource(), "https://mcp.example/mcp");
    assert_eq!(settings.values.allowed_origins.len(), 2);
    assert_eq!(settings.sign_in.unwrap().1, "api:abc123");
    assert!(settings.tool_policy.read_only);
    assert_eq!(settings.tool_policy.toolsets, [Toolset::Tables].into());
    assert_eq!(settings.lifetimes.access, Duration::from_secs(3600));
}

#[test]
fn a15_wrong_missing_and_contradictory_settings_stop_with_one_sentence() {
    let cases: &[&[(&str, &str)]] = &[
        &[("SNAPPY_LISTEN", "localhost")],
        &[("SNAPPY_LISTEN", "127.0.0.1:99999")],
        &[("SNAPPY_LISTEN", "0.0.0.0:80")],
        &[("SNAPPY_LISTEN", "0.0.0.0:80"), ("SNAPPY_PUBLIC_URL", "https://mcp.example")],
        &[("SNAPPY_PUBLIC_URL", "mcp.example")],
        &[("SNAPPY_PUBLIC_URL", "http://mcp.example")],
        &[("SNAPPY_PUBLIC_URL", "https://mcp.example/base")],
        &[("SNAPPY_ALLOWED_ORIGINS", "https://a.example/path")],
        &[("DATABASE_URL", "mysql://user:hunter2@db/x")],
        &[("DATABASE_URL", "sqlite://")],
        &[("ENCRYPTION_KEY", "hunter2")],
        &[("ENCRYPTION_KEY", "long-enough-long-enough,hunter2")],
        &[
            ("ENCRYPTION_KEY", "one-key-one-key-one"),
            ("COOKIE_ENCRYPTION_KEY", "two-key-two-key-two"),
        ],
        &[("XANO_BASE_URL", "x1.n7.xano.io")],
        &[("XANO_BASE_URL", "http://x1.n7.xano.io")],
        &[("XANO_BASE_URL", "https://x1.n7.xano.io/api:x")],
        &[("XANO_BASE_URL", "http://127.0.0.1:9000")],
        &[("XANO_BASE_URL", "https://person:hunter2@x1.n7.xano.io")],
        &[("XANO_AUTH_API", "api:abc")],
        &[("XANO_BASE_URL", "https://x1.n7.xano.io"), ("XANO_AUTH_API", "abc/../x")],
        &[("XANO_ACCOUNT_ORIGIN", "ftp://app.xano.com")],
        &[("XANO_EXTRA_HOSTS", "https://api.acme.example")],
        &[("OAUTH_TOKEN_TTL", "3599")],
        &[("OAUTH_TOKEN_TTL", "a day")],
        &[("OAUTH_REFRESH_TTL", "3600")],
        &[("OAUTH_GRANT_TTL", "86400")],
        &[("OAUTH_REUSE_WINDOW", "-1")],
        &[("SNAPPY_LIMIT_LOGINS", "many")],
        &[("SNAPPY_TRUSTED_PROXIES", "10.0.0.1")],
        &[("OAUTH_REUSE_WINDOW", "999999999999")],
        &[("SNAPPY_TOOLSETS", "tables,everything")],
        &[("SNAPPY_READ_ONLY", "maybe")],
        &[("SNAPPY_DEBUG_TOOLS", "2")],
        &[("SNAPPY_LOG_FORMAT", "xml")],
        &[("SNAPPY_REGISTRATION", "maybe")],
        &[("SNAPPY_METRICS_LISTEN", "9464")],
        &[("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4318")],
    ];
    let sentences: Vec<_> = cases.iter().map(|given| read(given).unwrap_err()).collect();
    for sentence in &sentences {
        assert!(!sentence.contains("hunter2"), "{sentence}");
        assert!(!sentence.contains('\n'), "{sentence}");
    }
    insta::assert_snapshot!(sentences.join("\n"));
}

/// `.ci/run` also runs this without the features.
#[test]
fn a_build_refuses_settings_that_need_a_feature_it_lacks() {
    for (name, value, feature, is_built) in [
        ("DATABASE_URL", "postgres://u:p@db/x", "`postgres`", cfg!(feature = "postgres")),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318", "`otel`", cfg!(feature = "otel")),
    ] {
        match read(&[(name, value)]) {
            Ok(_) => assert!(is_built, "{name}"),
            Err(error) => assert!(!is_built && error.contains(feature), "{error}"),
        }
    }
}

#[test]
fn empty_values_count_as_not_set() {
    let empty: Vec<_> = SETTINGS.iter().map(|setting| (setting.name, " ")).collect();
    assert!(read(&empty).is_ok());
}

#[test]
fn the_reference_pages_are_the_registries() {
    for (page, made) in [
        ("settings", reference()),
        ("audit", snappy_domain::audit::reference()),
        ("metrics", snappy_domain::metrics::reference()),
    ] {
        let path = format!("{}/../../docs/{page}.md", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let page = std::fs::read_to_string(path).unwrap();
        assert_eq!(page, made, "run the tests with UPDATE_DOCS=1");
    }
}
