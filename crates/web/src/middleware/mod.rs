//! What every request passes before its route handles it.

pub(crate) mod body;
pub(crate) mod headers;
pub(crate) mod remote_address;
pub(crate) mod site;
pub(crate) mod trace;
