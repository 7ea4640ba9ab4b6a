//! The choices on the consent page, and the person's selection. If all boxes of a group stay checked, the
//! connection is not limited, so that toolsets or instances that are added later are included.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::future::join_all;
use serde_json::Value;
use snappy_domain::Scopes;
use snappy_domain::access_limits::{AccessLimits, Workspaces};
use snappy_oauth::form::Form;
use snappy_oauth::grant::authorize::Chosen;
use snappy_store::{Credential, CredentialState};
use snappy_tools::{Inventory, Toolset};
use snappy_xano::operations::LIST_WORKSPACES;
use snappy_xano::{Instance, Request, Session};

use crate::app::App;

/// With more instances than this, their workspaces are not listed, because each takes a call to Xano.
const MAX_INSTANCES_WITH_WORKSPACES: usize = 5;

/// The time limit of each call to Xano. After it the page is shown without that list.
const XANO_TIMEOUT: Duration = Duration::from_secs(4);

/// An instance on the page.
#[derive(Debug)]
pub(super) struct InstanceChoice {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) workspaces: Vec<WorkspaceChoice>,
}

/// A workspace on the page.
#[derive(Debug)]
pub(super) struct WorkspaceChoice {
    pub(super) id: String,
    pub(super) name: String,
}

/// The toolsets on the page.
pub(super) fn toolsets(inventory: &Inventory) -> Vec<Toolset> {
    let offered: BTreeSet<_> = inventory.tools().iter().map(|tool| tool.toolset).collect();
    offered.into_iter().collect()
}

/// The instances on the page: those of the sign-in that reaches all its person's instances. Empty if Xano can't be
/// reached, or when the person has only sign-ins for one workspace each: which of those are used is the limit then.
pub(super) async fn instances(
    app: &App,
    signed_in: &Credential,
    own: &[Credential],
) -> Vec<InstanceChoice> {
    let is_wide =
        |one: &&Credential| one.secret.coverage().is_none() && one.state == CredentialState::Usable;
    let Some(credential) = std::iter::once(signed_in).chain(own).find(is_wide) else {
        return Vec::new();
    };
    let session = app.xano.session(credential.clone());
    let instances = match session.list_instances_within(XANO_TIMEOUT).await {
        Ok(instances) => instances,
        Err(error) => {
            tracing::info!("The consent page can't list instances: {error}");
            return Vec::new();
        }
    };
    let with_workspaces = instances.len() <= MAX_INSTANCES_WITH_WORKSPACES;
    join_all(instances.iter().map(|instance| instance_choice(&session, instance, with_workspaces)))
        .await
}

async fn instance_choice(
    session: &Session,
    instance: &Instance,
    with_workspaces: bool,
) -> InstanceChoice {
    let list = match &instance.origin {
        Some(origin) if with_workspaces => match Request::to(&LIST_WORKSPACES).build() {
            Ok(list) => session.send(origin, &list.within(XANO_TIMEOUT)).await.ok(),
            Err(_) => None,
        },
        _ => None,
    };
    let list = list.unwrap_or_default();
    let items = list.get("items").unwrap_or(&list).as_array();
    let workspaces = items.into_iter().flatten().filter_map(|workspace| {
        let id = match workspace.get("id")? {
            Value::String(id) => id.clone(),
            id => id.to_string(),
        };
        let name = workspace.get("name").and_then(Value::as_str).unwrap_or(&id).to_owned();
        Some(WorkspaceChoice { id, name })
    });
    InstanceChoice {
        name: instance.name.clone(),
        label: instance.display().unwrap_or(&instance.name).to_owned(),
        workspaces: workspaces.collect(),
    }
}

/// The number of boxes for instances and workspaces on the page.
pub(super) fn count_boxes(instances: &[InstanceChoice]) -> usize {
    instances.iter().map(|instance| instance.workspaces.len().max(1)).sum()
}

/// These scopes without further limits.
pub(super) fn everything(scopes: &Scopes) -> Chosen {
    Chosen { scopes: scopes.clone(), limits: AccessLimits::default(), credentials: Vec::new() }
}

/// The selection, with at most `scopes`. `None` if nothing is selected in some group.
pub(super) fn selected(form: &Form, scopes: &Scopes) -> Option<Chosen> {
    let requested: String = form.after("scope:").collect::<Vec<_>>().join(" ");
    let scopes = scopes.intersection(&Scopes::from_stored(&requested));
    let toolsets: BTreeSet<_> = form.after("toolset:").map(str::to_owned).collect();
    let all_toolsets = form.get("toolsets").is_some_and(|all| all == toolsets.len().to_string());
    let (instances, checked) = selected_instances(form);
    let all_instances = form.get("instances").is_none_or(|all| all == checked.to_string());
    if scopes.is_empty() || toolsets.is_empty() || (checked == 0 && !all_instances) {
        return None;
    }
    Some(Chosen {
        scopes,
        credentials: Vec::new(),
        limits: AccessLimits {
            toolsets: (!all_toolsets).then_some(toolsets),
            instances: (!all_instances).then_some(instances),
        },
    })
}

/// The selected instances and workspaces, and the number of their boxes.
fn selected_instances(form: &Form) -> (BTreeMap<String, Workspaces>, usize) {
    let mut instances: BTreeMap<String, Workspaces> =
        form.after("instance:").map(|name| (name.to_owned(), Workspaces::All)).collect();
    let mut checked = instances.len();
    for (name, id) in form.after("workspace:").filter_map(|name| name.rsplit_once('/')) {
        checked += 1;
        let none = || Workspaces::Only(BTreeSet::new());
        if let Workspaces::Only(ids) = instances.entry(name.to_owned()).or_insert_with(none) {
            ids.insert(id.to_owned());
        }
    }
    (instances, checked)
}
