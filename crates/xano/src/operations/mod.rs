//! The operations of Xano's Metadata API as data ([`OperationSpec`]), and requests built from them by
//! parameter name ([`Request`]).
//!
//! `generated.rs` has one record for each operation of `contract/metadata-api.openapi.json`. The test
//! `operations` generates it. What the contract does not say (effects, idempotency, timeouts) is in
//! `tests/operations/overrides.rs`.

mod body;
#[rustfmt::skip]
mod generated;
mod invalid;
mod request;
mod spec;

pub use body::Body;
pub use generated::*;
pub use invalid::InvalidRequest;
pub use request::{Request, RequestBuilder};
pub use spec::{
    Address, BodyKind, Effect, Location, OperationSpec, Parameter, ResponseKind, TimeoutClass,
    ValueType,
};

/// The operation with this `operationId`.
#[must_use]
pub fn find(id: &str) -> Option<&'static OperationSpec> {
    let at = OPERATIONS.binary_search_by(|operation| operation.id.cmp(id)).ok()?;
    OPERATIONS.get(at).copied()
}
