//! The instance level of the Metadata API.

pub(crate) mod bulk;
pub(crate) mod column;
pub(crate) mod compare;
pub(crate) mod condition;
pub(crate) mod content;
pub(crate) mod filter;
pub(crate) mod indexes;
pub(crate) mod paging;
pub(crate) mod rows;
pub(crate) mod schema;
pub(crate) mod search;
pub(crate) mod search_structured;
pub(crate) mod sort;
pub(crate) mod tables;
pub(crate) mod values;
pub(crate) mod workspaces;
pub(crate) mod xanoscript;
