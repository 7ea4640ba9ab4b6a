//! The handlers, one module for each subject.

mod arguments;
mod debug;
mod instances;
mod new_field;
mod records;
mod schema;
mod tables;

use crate::tool::Tool;

/// All tools, in the order of `tools/list`.
pub(crate) fn all() -> Vec<Tool> {
    [instances::tools(), tables::tools(), schema::tools(), records::tools(), debug::tools()]
        .concat()
}
