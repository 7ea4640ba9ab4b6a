//! The credentials of Xano's official SDK: which one is used, and what is refused with which sentence.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use proptest::prelude::*;
use serde_json::{Value, json};
use snappy_domain::Timestamp;
use snappy_xano::HostPolicy;
use snappy_xano::sdk_credentials::{self, SdkCredential, SdkCredentialError, Source};

const NOW: i64 = 1_767_225_600_000;
const INSTANCE: &str = "https://x1234-5678.n7.xano.io";

fn read_text(
    file: Option<&str>,
    variables: &[(&str, &str)],
) -> Result<SdkCredential, SdkCredentialError> {
    let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
    let lookup = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    sdk_credentials::read(&policy, file, &lookup, Timestamp::from_millisecond(NOW).unwrap())
}

fn read(file: &Value, variables: &[(&str, &str)]) -> Result<SdkCredential, SdkCredentialError> {
    read_text(Some(&file.to_string()), variables)
}

fn oauth() -> Value {
    json!({
        "type": "oauth", "access_token": "access-1", "refresh_token": "refresh-1",
        "expires_at": NOW + 60_000, "scope": "workspace:read", "instance": INSTANCE,
        "workspace_id": 7, "auth_host": "https://app.xano.com", "client_id": "client-1",
    })
}

fn token() -> Value {
    json!({
        "type": "token", "instance_base_url": format!("{INSTANCE}/"), "workspace_id": "8",
        "meta_api_token": "meta-1",
    })
}

fn file() -> Value {
    json!({"version": 2, "default": "work", "profiles": {
        "work": oauth(), "other": token(), "default": token(), "new": {"type": "passkey"},
        "broken": ["no record"],
    }})
}

fn with(mut record: Value, field: &str, value: Value) -> Value {
    record.as_object_mut().unwrap().insert(field.to_owned(), value);
    json!({"version": 2, "profiles": {"default": record, "good": oauth()}})
}

const TRIPLE: [(&str, &str); 3] = [
    ("XANO_INSTANCE_URL", "https://x9.n7.xano.io"),
    ("XANO_WORKSPACE_ID", "9"),
    ("XANO_META_TOKEN", "meta-9"),
];

#[test]
fn the_environment_comes_first_then_xano_profile_then_the_files_default() {
    let profile = |name: &str| Source::Profile(name.to_owned());
    let found = read(&file(), &[]).unwrap();
    assert_eq!(found.source, profile("work"));
    assert_eq!((found.token.expose(), found.workspace.as_str()), ("access-1", "7"));
    assert_eq!(found.instance.as_str(), INSTANCE);
    assert_eq!(found.expires_at.unwrap().as_millisecond(), NOW + 60_000);

    let found = read(&file(), &[("XANO_PROFILE", "other")]).unwrap();
    assert_eq!((found.source, found.token.expose()), (profile("other"), "meta-1"));
    assert_eq!((found.workspace.as_str(), found.expires_at), ("8", None));
    assert_eq!(found.instance.as_str(), INSTANCE);

    let everything = [&TRIPLE[..], &[("XANO_PROFILE", "other"), ("XANO_REFRESH_TOKEN", "r")]];
    for text in [Some(file().to_string()), Some("damaged".to_owned()), None] {
        let found = read_text(text.as_deref(), &everything.concat()).unwrap();
        assert_eq!((found.source, found.token.expose()), (Source::Environment, "meta-9"));
        assert_eq!((found.instance.as_str(), found.workspace.as_str()), (TRIPLE[0].1, "9"));
    }

    // Empty variables are not set, and without a default the name is `default`.
    let unnamed = json!({"version": 1, "profiles": {"default": token(), "work": oauth()}});
    let found = read(&unnamed, &[("XANO_PROFILE", " "), ("XANO_META_TOKEN", "")]).unwrap();
    assert_eq!(found.source, profile("default"));
}

#[test]
fn a_file_without_profiles_is_one_record() {
    for record in [oauth(), token()] {
        let found = read(&record, &[]).unwrap();
        assert_eq!(found.source, Source::Profile("default".to_owned()));
        let other = read(&record, &[("XANO_PROFILE", "work")]);
        assert_eq!(other, Err(SdkCredentialError::NoProfile("work".to_owned())));
    }
    let mut untyped = oauth();
    untyped.as_object_mut().unwrap().remove("type");
    assert_eq!(read(&untyped, &[]).unwrap().token.expose(), "access-1");
}

#[test]
fn an_unknown_or_broken_profile_spoils_only_itself() {
    let bad = [("type", json!("passkey")), ("access_token", json!(7)), ("workspace_id", json!({}))];
    for (field, value) in bad {
        let file = with(oauth(), field, value);
        assert!(read(&file, &[]).is_err(), "{field}");
        assert!(read(&file, &[("XANO_PROFILE", "good")]).is_ok(), "{field}");
    }
    let unknown = read(&file(), &[("XANO_PROFILE", "new")]);
    assert_eq!(unknown, Err(SdkCredentialError::UnknownType("new".to_owned())));
    assert!(read(&file(), &[("XANO_PROFILE", "broken")]).is_err());
}

#[test]
fn every_refusal_has_a_sentence_and_a_next_step() {
    let profile = "the profile \"default\"";
    let foreign =
        format!("{profile} names an instance at a host that may not receive a Xano token");
    for (file, variables, sentence, step) in [
        (
            json!({"version": 3, "profiles": {}}),
            &[][..],
            "the credentials of Xano's SDK have version 3, and only versions up to 2 are known",
            "Update",
        ),
        (
            json!({"version": 2, "profiles": {}}),
            &[],
            "Xano's SDK has no profile \"default\"",
            "XANO_PROFILE",
        ),
        (
            json!({"version": "2"}),
            &[],
            "the credentials of Xano's SDK are damaged: the file is not JSON as the SDK writes it",
            "xanosdk login",
        ),
        (
            with(oauth(), "type", json!("x")),
            &[],
            "the profile \"default\" of Xano's SDK has an unknown type",
            "xanosdk login",
        ),
        (
            with(oauth(), "access_token", json!("")),
            &[],
            "the profile \"default\" has no usable token",
            "xanosdk login",
        ),
        (
            with(oauth(), "expires_at", json!(1e300)),
            &[],
            "the profile \"default\" has no usable expires_at",
            "xanosdk login",
        ),
        (
            with(oauth(), "expires_at", json!(NOW)),
            &[],
            "the token of the profile \"default\" has expired",
            "xanosdk login",
        ),
        (
            with(oauth(), "workspace_id", json!("1/2")),
            &[],
            "the profile \"default\" has no usable workspace",
            "xanosdk login",
        ),
        (
            with(oauth(), "instance", json!(null)),
            &[],
            "the profile \"default\" has no usable instance",
            "xanosdk login",
        ),
        (
            with(oauth(), "instance", json!("https://evil.example")),
            &[],
            foreign.as_str(),
            "XANO_EXTRA_HOSTS",
        ),
        (
            with(token(), "instance_base_url", json!("http://x1.n7.xano.io")),
            &[],
            foreign.as_str(),
            "XANO_EXTRA_HOSTS",
        ),
        (
            file(),
            &[("XANO_META_TOKEN", "m")],
            "XANO_INSTANCE_URL, XANO_WORKSPACE_ID and XANO_META_TOKEN belong together; missing: XANO_INSTANCE_URL, XANO_WORKSPACE_ID",
            "all three",
        ),
        (
            file(),
            &[("XANO_REFRESH_TOKEN", "r"), ("XANO_CLIENT_ID", "c")],
            "XANO_REFRESH_TOKEN is used up by one exchange and belongs to Xano's SDK, so it is not used here",
            "xanosdk login",
        ),
    ] {
        let error = read(&file, variables).unwrap_err();
        assert_eq!(error.to_string(), sentence);
        assert!(error.advice().contains(step), "{error}: {}", error.advice());
    }
    assert_eq!(read_text(None, &[]), Err(SdkCredentialError::NoFile));
}

#[test]
fn a_host_without_a_scheme_is_one_with_https() {
    let file = with(oauth(), "instance", json!("x1234-5678.n7.xano.io"));
    assert_eq!(read(&file, &[]).unwrap().instance.as_str(), INSTANCE);
}

#[test]
fn nothing_secret_is_printed() {
    let shown = format!("{:?}", read(&file(), &[]).unwrap());
    assert!(!shown.contains("access-1") && !shown.contains("refresh-1"), "{shown}");
    let hidden = with(oauth(), "access_token", json!(["hidden-1"]));
    let error = read(&hidden, &[]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hidden-1"));
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!("oauth")),
        Just(json!("token")),
        Just(json!(INSTANCE)),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop_oneof![
            Just("version"),
            Just("default"),
            Just("profiles"),
            Just("type"),
            Just("access_token"),
            Just("expires_at"),
            Just("instance"),
            Just("workspace_id"),
            Just("meta_api_token"),
            Just("instance_base_url"),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name.prop_map(str::to_owned), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}", profile in "\\PC{0,20}") {
        let _ = read_text(Some(&text), &[("XANO_PROFILE", &profile)]);
        let _ = read_text(Some(&text), &[
            ("XANO_INSTANCE_URL", &text), ("XANO_WORKSPACE_ID", "1"), ("XANO_META_TOKEN", &profile),
        ]);
    }

    #[test]
    fn no_json_panics_and_no_credential_leaves_xano(file in any_value()) {
        if let Ok(found) = read(&file, &[]) {
            prop_assert!(found.instance.host().ends_with(".xano.io"));
        }
    }

    #[test]
    fn no_change_of_a_good_file_panics(at in 0_usize..400, with in "\\PC{0,3}", cut in 0_usize..5) {
        let mut text: Vec<char> = file().to_string().chars().collect();
        let at = at.min(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, with.chars());
        let _ = read_text(Some(&text.into_iter().collect::<String>()), &[]);
    }
}
