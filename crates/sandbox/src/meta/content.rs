//! Single records, and pages of records. Column access is ignored: private columns are returned as well.

use serde_json::Value;

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::meta::paging::Page;
use crate::meta::rows::{Record, RowId};
use crate::meta::{search, sort, values};
use crate::state::Data;

/// `browse_content`: by id, without filter or sort.
pub(crate) fn browse(data: &Data, call: &Call) -> Outcome {
    let page = Page::of_query(call)?;
    let (_, rows) = data.rows(call)?;
    Ok(page.counted(rows.len(), rows.iter()))
}

/// `search_content`.
pub(crate) fn search(data: &Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let page = Page::new(input.number("page")?, input.number("per_page")?)?;
    let (table, rows) = data.rows(call)?;
    let filter = search::parse(input.get("search"), &table.schema)?;
    let keys = sort::parse(input.get("sort"), &table.schema)?;
    let mut found: Vec<&Record> = rows.iter().filter(|record| filter.accepts(record)).collect();
    sort::sort(&mut found, &keys);
    Ok(page.counted(found.len(), found.into_iter()))
}

/// `get_record`.
pub(crate) fn get(data: &Data, call: &Call) -> Outcome {
    let (_, rows) = data.rows(call)?;
    let record = rows.get(&row_id(call)).ok_or_else(Failure::not_found)?;
    Ok(Value::Object(record.clone()))
}

/// `create_record`: the server always chooses the id.
pub(crate) fn create(data: &mut Data, call: &Call) -> Outcome {
    let given = call.input()?.into_members();
    let (schema, rows) = data.rows_mut(call)?;
    // Validate before an id is used up.
    values::changes(schema, &given, call.now_ms)?;
    let id = rows.fresh_id(schema, call.seed);
    let record = values::new_record(schema, &given, &id, call.now_ms)?;
    rows.put(id, record.clone());
    Ok(Value::Object(record))
}

/// `update_record`: a PUT that merges; omitted columns keep their values.
pub(crate) fn update(data: &mut Data, call: &Call) -> Outcome {
    let updates = call.input()?.into_members();
    let (schema, rows) = data.rows_mut(call)?;
    let id = row_id(call);
    let mut record = rows.get(&id).ok_or_else(Failure::not_found)?.clone();
    record.extend(values::changes(schema, &updates, call.now_ms)?);
    rows.put(id, record.clone());
    Ok(Value::Object(record))
}

/// `delete_record`: returns null.
pub(crate) fn delete(data: &mut Data, call: &Call) -> Outcome {
    let (_, rows) = data.rows_mut(call)?;
    rows.remove(&row_id(call)).map(|_| Value::Null).ok_or_else(Failure::not_found)
}

fn row_id(call: &Call) -> RowId {
    RowId::parse(call.param("content_id"))
}
