//! The two instances of the account.

/// An instance. All of them have this server's host and the same workspaces.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instance {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) display: &'static str,
}

/// The instance of a Metadata API key.
pub(crate) const FIRST: Instance =
    Instance { id: 1, name: "xsbx-demo-0001", display: "Acme Store" };

const SECOND: Instance = Instance { id: 2, name: "xsbx-demo-0002", display: "Acme Staging" };

/// All instances.
pub(crate) const INSTANCES: [Instance; 2] = [FIRST, SECOND];
