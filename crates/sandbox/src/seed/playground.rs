//! The small tables of workspace 2.

use serde_json::{Value, json};

use crate::seed::define::{MADE_AT_MS, choice, column, row, table, text};
use crate::state::Table;

const NOTE: u64 = 8;
const TASK: u64 = 9;

const NOTES: [(&str, &str); 4] = [
    ("Welcome", "This workspace is for trying things out."),
    ("Shopping list", "Flour, yeast, olive oil."),
    ("Ideas", "A table of birds seen from the window."),
    ("Café Zürich", "Names with accents must survive: ñ, ø, 漢字, 🦊."),
];

const TASKS: [(&str, &str, u64); 5] = [
    ("Draft the launch post", "doing", 2),
    ("Count the stock", "open", 3),
    ("Renew the certificate", "done", 1),
    ("Call the printer", "open", 1),
    ("Tidy the archive", "open", 5),
];

pub(crate) fn notes(seed: u64) -> Table {
    let mut table = table(
        seed,
        NOTE,
        "note",
        "Notes",
        vec![
            text("title", ""),
            column("body", "text", "", json!({ "format": "markdown" })),
            column(
                "place",
                "geo_point",
                "Where it was written",
                json!({
                    "nullable": true, "default": null,
                }),
            ),
        ],
    );
    for ((title, body), hour) in NOTES.iter().zip(1_i64..) {
        let at = MADE_AT_MS + hour * 7_211_000;
        row(&mut table, [json!(at), json!(title), json!(body), Value::Null]);
    }
    table
}

pub(crate) fn tasks(seed: u64) -> Table {
    let mut table = table(
        seed,
        TASK,
        "task",
        "Things to do",
        vec![
            text("title", ""),
            choice("status", &["open", "doing", "done"], ""),
            column("priority", "int", "1 is the most urgent", json!({ "default": "3" })),
            column("due", "date", "", json!({ "nullable": true, "default": null })),
        ],
    );
    for ((title, status, priority), day) in TASKS.iter().zip(1_i64..) {
        let at = MADE_AT_MS + day * 86_411_000;
        let due = format!("2026-03-{:02}", day * 5);
        row(&mut table, [json!(at), json!(title), json!(status), json!(priority), json!(due)]);
    }
    table
}
