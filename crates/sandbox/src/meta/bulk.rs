//! Bulk operations on records. An invalid value makes the whole call fail.

use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::{Failure, Outcome};
use crate::meta::rows::{Record, RowId};
use crate::meta::{search, values};
use crate::state::Data;

/// `bulk_create_records`: returns only the new ids, in order.
pub(crate) fn create(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let items = objects(input.required_list("items")?)?;
    let choose_ids = input.flag("allow_id_field")?.unwrap_or_default();
    let (schema, rows) = data.rows_mut(call)?;
    let mut chosen: Vec<Option<RowId>> = Vec::with_capacity(items.len());
    for item in &items {
        values::changes(schema, item, call.now_ms)?;
        let id = match item.get("id").filter(|id| choose_ids && !id.is_null()) {
            None => None,
            Some(id) => Some(RowId::of(id).ok_or_else(|| wrong_id("Not a valid id."))?),
        };
        if let Some(id) = &id
            && (rows.get(id).is_some() || chosen.iter().flatten().any(|other| other == id))
        {
            return Err(wrong_id("A record with this id already exists."));
        }
        chosen.push(id);
    }
    let mut ids = Vec::with_capacity(items.len());
    for (item, id) in items.into_iter().zip(chosen) {
        let id = id.unwrap_or_else(|| rows.fresh_id(schema, call.seed));
        let record = values::new_record(schema, item, &id, call.now_ms)?;
        ids.push(id.value());
        rows.put(id, record);
    }
    Ok(Value::Array(ids))
}

/// `bulk_patch_records`: unknown rows are omitted from the response.
pub(crate) fn patch(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let items = objects(input.required_list("items")?)?;
    let (schema, rows) = data.rows_mut(call)?;
    let mut planned = Vec::with_capacity(items.len());
    for item in items {
        let id =
            item.get("row_id").and_then(RowId::of).ok_or_else(|| Failure::missing("row_id"))?;
        let changes = match item.get("updates") {
            None | Some(Value::Null) => Record::new(),
            Some(Value::Object(updates)) => values::changes(schema, updates, call.now_ms)?,
            Some(_) => return Err(Failure::input("updates", "Not an object.")),
        };
        planned.push((id, changes));
    }
    let mut success = Vec::new();
    for (id, changes) in planned {
        if let Some(mut record) = rows.get(&id).cloned() {
            record.extend(changes);
            success.push(id.shown());
            rows.put(id, record);
        }
    }
    Ok(json!({ "success_total": success.len(), "success": success }))
}

/// `bulk_delete_records`: unknown rows are listed in `error`, with status 200.
pub(crate) fn delete(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let wanted = input.required_list("row_ids")?;
    let ids: Option<Vec<RowId>> = wanted.iter().map(RowId::of).collect();
    let ids = ids.ok_or_else(|| Failure::input("row_ids", "Not an array of ids."))?;
    let (_, rows) = data.rows_mut(call)?;
    let (mut success, mut error) = (Vec::new(), Vec::new());
    for id in ids {
        match rows.remove(&id) {
            Some(_) => success.push(id.shown()),
            None => error.push(json!({ "row_id": id.value(), "message": "Record not found" })),
        }
    }
    Ok(json!({ "success_total": success.len(), "success": success, "error": error }))
}

/// `patch_content_by_search`.
pub(crate) fn patch_by_search(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let (schema, rows) = data.rows_mut(call)?;
    let filter = search::parse(input.get("search"), schema)?;
    let updates = input.get("updates").ok_or_else(|| Failure::missing("updates"))?;
    let updates = updates.as_object().ok_or_else(|| Failure::input("updates", "Not an object."))?;
    let changes = values::changes(schema, updates, call.now_ms)?;
    let mut success = Vec::new();
    for record in rows.iter_mut().filter(|record| filter.accepts(record)) {
        success.extend(record.get("id").and_then(RowId::of).map(|id| id.shown()));
        record.extend(changes.clone());
    }
    Ok(json!({ "success_total": success.len(), "success": success }))
}

/// `delete_content_by_search`.
pub(crate) fn delete_by_search(data: &mut Data, call: &Call) -> Outcome {
    let input = call.input()?;
    let (schema, rows) = data.rows_mut(call)?;
    let filter = search::parse(input.get("search"), schema)?;
    let ids: Vec<RowId> = rows
        .iter()
        .filter(|record| filter.accepts(record))
        .filter_map(|record| record.get("id").and_then(RowId::of))
        .collect();
    let success: Vec<String> =
        ids.iter().filter(|id| rows.remove(id).is_some()).map(RowId::shown).collect();
    Ok(json!({ "success_total": success.len(), "success": success }))
}

fn objects(items: &[Value]) -> Result<Vec<&Record>, Failure> {
    let objects: Option<Vec<&Record>> = items.iter().map(Value::as_object).collect();
    objects.ok_or_else(|| Failure::input("items", "Not an array of objects."))
}

fn wrong_id(message: &str) -> Failure {
    Failure::input("id", message)
}
