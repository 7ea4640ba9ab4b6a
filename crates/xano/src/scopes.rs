//! The scopes of this server for Xano. Every operation of the Metadata API needs one of them.

use snappy_domain::Scope;

/// Read instances, workspaces, tables, schemas and records. Every other scope includes it.
pub const READ: Scope = Scope {
    name: "xano:read",
    meaning: "Read your instances, workspaces, tables and records",
    implied: true,
};
/// Create and change records.
pub const WRITE: Scope =
    Scope { name: "xano:write", meaning: "Create and change records", implied: false };
/// Create tables and change their fields.
pub const SCHEMA: Scope =
    Scope { name: "xano:schema", meaning: "Create tables and change their fields", implied: false };
/// Delete records, fields and tables.
pub const DELETE: Scope =
    Scope { name: "xano:delete", meaning: "Delete records, fields and tables", implied: false };

/// Every scope, in the order of the metadata documents.
pub const ALL: [Scope; 4] = [READ, WRITE, SCHEMA, DELETE];
