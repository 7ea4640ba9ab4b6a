//! Who may send what: every operation against every kind of connection.
#![expect(clippy::unwrap_used, reason = "a failing test must stop")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::json;
use snappy_domain::Scopes;
use snappy_domain::access_limits::{AccessLimits, Workspaces};
use snappy_tools::{Access, Annotations, Denied, ToolSpec, Toolset, authorize};
use snappy_xano::Request;
use snappy_xano::operations::{
    self, Address, Body, BodyKind, Effect, OPERATIONS, OperationSpec, RequestBuilder,
};
use snappy_xano::scopes;

/// A tool that may send everything.
static ANY: ToolSpec = ToolSpec {
    name: "any",
    title: "Any",
    description: "Sends any operation.",
    toolset: Toolset::Records,
    scope: scopes::DELETE,
    annotations: Annotations::CHANGE,
    operations: &OPERATIONS,
};

/// A request with `1` for every required parameter.
fn request(operation: &'static OperationSpec) -> Request {
    with_workspace(operation, "1").build().unwrap()
}

fn with_workspace(operation: &'static OperationSpec, workspace: &str) -> RequestBuilder {
    let mut request = Request::to(operation);
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let is_workspace = parameter.name == "workspace_id";
        request = request.set(parameter.name, if is_workspace { workspace } else { "1" });
    }
    match operation.bodies.first() {
        None => request,
        Some(BodyKind::Json) => request.json(&json!({})),
        Some(BodyKind::XanoScript) => request.body(Body::xano_script(String::new())),
        Some(BodyKind::Multipart) => request.body(Body::multipart("x", Bytes::new())),
    }
}

/// The instance `mine` as a whole, or only its workspace 1.
fn only(workspaces: Workspaces) -> AccessLimits {
    let instances = BTreeMap::from([("mine".to_owned(), workspaces)]);
    AccessLimits { instances: Some(instances), ..AccessLimits::default() }
}

fn workspace_1() -> AccessLimits {
    only(Workspaces::Only(["1".to_owned()].into()))
}

fn ask(
    scopes: &Scopes,
    limits: &AccessLimits,
    instance: &str,
    request: &Request,
) -> Result<(), Denied> {
    let at_account = request.spec().address == Address::Account;
    let instance = (!at_account).then_some(instance);
    authorize(&Access { scopes, limits, tool: &ANY }, instance, request)
}

fn all(limits: &AccessLimits, operation: &'static OperationSpec) -> Result<(), Denied> {
    ask(&everything(), limits, "mine", &request(operation))
}

fn word(outcome: Result<(), Denied>) -> &'static str {
    match outcome {
        Ok(()) => "yes",
        Err(Denied::Scope(_)) => "no (scope)",
        Err(Denied::Instance(_)) => "no (instance)",
        Err(Denied::Workspace { .. }) => "no (workspace)",
        Err(Denied::NoWorkspace) => "no (no workspace)",
        Err(Denied::Undeclared) => "no (undeclared)",
        Err(Denied::Toolset(_)) => "no (toolset)",
        Err(Denied::DataSource(_)) => "no (data source)",
    }
}

fn everything() -> Scopes {
    scopes::ALL.into_iter().collect()
}

#[test]
fn who_may_send_what() {
    let read: Scopes = [scopes::READ].into_iter().collect();
    let (no_limits, one_instance) = (AccessLimits::default(), only(Workspaces::All));
    let mut table = format!(
        "{:38}{:8}{:14}{:12}{:17}{:18}{}\n",
        "operation", "effect", "scope", "everything", "one instance", "one workspace", "xano:read"
    );
    for operation in OPERATIONS {
        let reading = ask(&read, &no_limits, "mine", &request(operation));
        writeln!(
            table,
            "{:38}{:8}{:14}{:12}{:17}{:18}{}",
            operation.id,
            format!("{:?}", operation.effect),
            operation.scope().name,
            word(all(&no_limits, operation)),
            word(all(&one_instance, operation)),
            word(all(&workspace_1(), operation)),
            word(reading),
        )
        .unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn without_limits_every_operation_is_allowed_by_its_scope_alone() {
    for operation in OPERATIONS {
        assert_eq!(all(&AccessLimits::default(), operation), Ok(()), "{}", operation.id);
        for scope in scopes::ALL {
            let scopes: Scopes = [scope].into_iter().collect();
            let allowed =
                ask(&scopes, &AccessLimits::default(), "mine", &request(operation)).is_ok();
            let expected = scope == operation.scope() || operation.effect == Effect::Read;
            assert_eq!(allowed, expected, "{} with {scope}", operation.id);
        }
        let nothing =
            ask(&Scopes::default(), &AccessLimits::default(), "mine", &request(operation));
        assert_eq!(nothing, Err(Denied::Scope(operation.scope())), "{}", operation.id);
    }
}

#[test]
fn another_instance_is_never_allowed() {
    for operation in OPERATIONS.iter().filter(|one| one.address != Address::Account) {
        for limits in [only(Workspaces::All), workspace_1()] {
            let outcome = ask(&everything(), &limits, "other", &request(operation));
            assert_eq!(outcome, Err(Denied::Instance("other".into())), "{}", operation.id);
        }
    }
}

#[test]
fn another_workspace_is_never_allowed() {
    let of_workspaces = |one: &&&OperationSpec| matches!(one.address, Address::Workspace { .. });
    for operation in OPERATIONS.iter().filter(of_workspaces) {
        for workspace in ["2", "01", "1 ", "1/../2"] {
            let request = with_workspace(operation, workspace).build().unwrap();
            let outcome = ask(&everything(), &workspace_1(), "mine", &request);
            assert!(matches!(outcome, Err(Denied::Workspace { .. })), "{}", operation.id);
        }
    }
}

#[test]
fn limited_connections_use_only_listed_operations_without_a_workspace() {
    let without = OPERATIONS.iter().filter(|one| !matches!(one.address, Address::Workspace { .. }));
    let allowed: Vec<_> =
        without.filter(|one| all(&workspace_1(), one).is_ok()).map(|one| one.id).collect();
    let expected = [
        "auth_me",
        "get_mcp_documentation",
        "get_platform",
        "list_instances",
        "list_platforms",
        "list_workspaces",
    ];
    assert_eq!(allowed, expected);
}

#[test]
fn an_instance_is_shown_if_it_is_part_of_the_connection() {
    let named = |name: &str| {
        let request = Request::to(&operations::GET_INSTANCE).set("name", name).build().unwrap();
        ask(&everything(), &workspace_1(), "mine", &request)
    };
    assert_eq!(named("mine"), Ok(()));
    assert_eq!(named("other"), Err(Denied::Instance("other".into())));
}

#[test]
fn limited_to_workspaces_means_the_default_data_source() {
    for operation in OPERATIONS.iter().filter(|one| one.data_source.is_some()) {
        let request = with_workspace(operation, "1").set("x-data-source", "test").build().unwrap();
        let outcome = |limits| ask(&everything(), &limits, "mine", &request);
        assert_eq!(outcome(AccessLimits::default()), Ok(()), "{}", operation.id);
        assert_eq!(outcome(only(Workspaces::All)), Ok(()), "{}", operation.id);
        assert_eq!(outcome(workspace_1()), Err(Denied::DataSource("test".into())));
    }
}

#[test]
fn a_tool_sends_only_what_it_declares_and_only_if_its_toolset_is_granted() {
    let (scopes, limits) = (everything(), AccessLimits::default());
    let request = request(&operations::GET_RECORD);
    let tool = ToolSpec { operations: &[], ..ANY };
    let access = Access { scopes: &scopes, limits: &limits, tool: &tool };
    assert_eq!(authorize(&access, Some("mine"), &request), Err(Denied::Undeclared));
    let limits =
        AccessLimits { toolsets: Some(["tables".to_owned()].into()), ..AccessLimits::default() };
    let access = Access { scopes: &scopes, limits: &limits, tool: &ANY };
    let denied = Err(Denied::Toolset(Toolset::Records));
    assert_eq!(authorize(&access, Some("mine"), &request), denied);
}
