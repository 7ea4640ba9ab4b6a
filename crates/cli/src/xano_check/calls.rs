//! Calls of the Metadata API with the access token.

use serde_json::Value;
use snappy_domain::Secret;
use snappy_xano::oauth::extras;
use snappy_xano::operations::{AUTH_ME, GET_WORKSPACE, LIST_INSTANCES, LIST_WORKSPACES};
use snappy_xano::{Request, XanoOrigin};

use super::checker::{Called, Checker};
use super::report::Report;

const DENIED: &str = "ERROR_CODE_ACCESS_DENIED";

pub(super) async fn check(
    checker: &Checker,
    report: &mut Report<'_>,
    instance: Option<&XanoOrigin>,
    token: &Secret,
) {
    report.group("Calls with the access token");
    let account = checker.hosts.account();
    let me = checker.call(account, token, Request::to(&AUTH_ME)).await;
    report.guessed("auth/me at the account", me.is_ok(), "200", me.outcome);
    let list = checker.call(account, token, Request::to(&LIST_INSTANCES)).await;
    instances(checker, report, instance, &list);
    match instance {
        Some(instance) => at_instance(checker, report, instance, token).await,
        None => {
            report.not_tried("Calls at the instance", "the token names none that may be called");
        }
    }
}

fn instances(
    checker: &Checker,
    report: &mut Report<'_>,
    instance: Option<&XanoOrigin>,
    list: &Called,
) {
    let records = items(&list.body);
    let own = records.iter().filter(|record| {
        let origin = checker.hosts.instance(record);
        origin.is_some() && origin.as_ref() == instance
    });
    let own = own.count();
    let found = match list.is_ok() {
        true => format!("{}, {} in the list, {own} at its host", list.outcome, records.len()),
        false => list.outcome.clone(),
    };
    let expected = "200, with the token's instance in the list";
    report.guessed("instance at the account", list.is_ok() && own > 0, expected, found);
}

async fn at_instance(
    checker: &Checker,
    report: &mut Report<'_>,
    instance: &XanoOrigin,
    token: &Secret,
) {
    let me = checker.owner(Some(instance), token).await;
    report.known("auth/me at the instance", me.is_ok(), "200", me.outcome.clone());
    let (memberships, picked) = workspaces(&me.body);
    let expected = "extras.oauth.workspace, with an id among the memberships";
    let found = match (&picked, &memberships[..]) {
        (Some(id), all) => format!("workspace {id}, of {} memberships", all.len()),
        (None, all) => format!("no workspace that is among the {} memberships", all.len()),
    };
    report.known("Workspace in auth/me", picked.is_some(), expected, found);

    let list = checker.call(instance, token, Request::to(&LIST_WORKSPACES)).await;
    let listed: Vec<_> = items(&list.body).iter().filter_map(id).collect();
    let subject = "workspace at the instance";
    let found = match list.is_ok() {
        true => format!("{}, {} in the list", list.outcome, listed.len()),
        false => list.outcome.clone(),
    };
    if list.is_ok() && memberships.len() < 2 && listed.len() < 2 {
        report.not_tried(subject, format!("{found}; more can't be told of one workspace"));
    } else {
        let expected = "200, with all workspaces and not only one";
        report.guessed(subject, list.is_ok() && listed.len() > 1, expected, found);
    }

    let get = |id: &str| Request::to(&GET_WORKSPACE).set("workspace_id", id);
    let subject = "The workspace that was chosen";
    let Some(picked) = picked else {
        report.not_tried(subject, "it is not known which one it is");
        return report.not_tried("Another workspace", "it is not known which one was chosen");
    };
    let own = checker.call(instance, token, get(&picked)).await;
    report.known(subject, own.is_ok(), "200", own.outcome);
    let Some(other) = memberships.iter().chain(&listed).find(|id| **id != picked) else {
        return report.not_tried("Another workspace", "the account has no other one here");
    };
    let other = checker.call(instance, token, get(other)).await;
    let code = other.body.get("code").and_then(Value::as_str);
    let is_so = other.status == 403 && code == Some(DENIED);
    report.known("Another workspace", is_so, format!("403, code {DENIED:?}"), other.outcome);
}

/// The ids of the memberships, and the one that was chosen.
fn workspaces(me: &Value) -> (Vec<String>, Option<String>) {
    let extras = extras(me);
    let memberships = extras.pointer("/instance/membership/workspace");
    let memberships = memberships.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let picked = extras.pointer("/oauth/workspace").filter(|guid| guid.is_string());
    let picked = memberships.iter().find(|one| picked.is_some() && one.get("guid") == picked);
    (memberships.iter().filter_map(id).collect(), picked.and_then(id))
}

/// The entries of a list: an array, or an envelope with `items`.
fn items(body: &Value) -> &[Value] {
    let items = body.as_array().or_else(|| body.get("items").and_then(Value::as_array));
    items.map(Vec::as_slice).unwrap_or_default()
}

fn id(record: &Value) -> Option<String> {
    match record.get("id")? {
        Value::Number(id) => Some(id.to_string()),
        Value::String(id) => Some(super::response::shown(id)),
        _ => None,
    }
}
