//! The tables of the shop in workspace 1.

use serde_json::{Value, json};

use crate::meta::column::Column;
use crate::seed::define::{choice, column, index, reference, table, text};
use crate::state::Table;

/// The ids of the tables, for references.
pub(crate) const USER: u64 = 1;
pub(crate) const CATEGORY: u64 = 2;
pub(crate) const PRODUCT: u64 = 3;
pub(crate) const ORDER: u64 = 4;
pub(crate) const ORDER_ITEM: u64 = 5;
pub(crate) const REVIEW: u64 = 6;
pub(crate) const COUPON: u64 = 7;

/// The states of an order.
pub(crate) const STATUSES: [&str; 5] = ["pending", "paid", "shipped", "delivered", "cancelled"];

fn required() -> Value {
    json!({ "required": true })
}

fn note(name: &str, description: &str) -> Column {
    column(name, "text", description, json!({ "format": "" }))
}

pub(crate) fn user(seed: u64) -> Table {
    let mut table = table(
        seed,
        USER,
        "user",
        "People with an account in the shop",
        vec![
            text("name", "Full name"),
            column(
                "email",
                "email",
                "Sign-in address",
                json!({
                    "required": true, "sensitive": true, "validators": { "trim": true, "lower": true },
                }),
            ),
            column(
                "password",
                "password",
                "",
                json!({
                    "access": "internal", "sensitive": true, "nullable": true, "default": null,
                    "validators": { "min": 8, "minAlpha": 1, "minDigit": 1 },
                }),
            ),
            choice("role", &["customer", "staff", "admin"], "What the person may do"),
            note("city", "Home town"),
            column("newsletter", "bool", "Wants the newsletter", json!({ "default": "false" })),
            column("birthday", "date", "", json!({ "nullable": true, "default": null })),
        ],
    );
    table.auth = true;
    table.tag = vec![json!("people")];
    index(&mut table, seed, "btree|unique", "email");
    table
}

pub(crate) fn category(seed: u64) -> Table {
    let mut table = table(
        seed,
        CATEGORY,
        "category",
        "Shelves of the shop",
        vec![
            text("name", ""),
            note("description", "Shown at the top of the category page"),
            column("position", "int", "Order in the menu", required()),
        ],
    );
    table.tag = vec![json!("catalogue")];
    table
}

pub(crate) fn product(seed: u64) -> Table {
    let mut table = table(
        seed,
        PRODUCT,
        "product",
        "Everything that is or was on sale",
        vec![
            text("name", ""),
            note("description", ""),
            text("sku", "Stock keeping unit"),
            reference("category_id", CATEGORY, "The shelf it stands on"),
            column("price", "decimal", "In euro, tax included", required()),
            column(
                "stock",
                "int",
                "Pieces in the warehouse",
                json!({
                    "default": "0", "validators": { "min": 0 },
                }),
            ),
            column("active", "bool", "Whether it is on sale", json!({ "default": "true" })),
            column(
                "attributes",
                "json",
                "Free attributes",
                json!({ "nullable": true, "default": null }),
            ),
            column("tags", "text", "Search words", json!({ "style": "list", "format": "" })),
        ],
    );
    table.tag = vec![json!("catalogue")];
    table.autocomplete = vec![json!({ "name": "name" })];
    index(&mut table, seed, "btree|unique", "sku");
    index(&mut table, seed, "btree", "category_id");
    table
}

pub(crate) fn order(seed: u64) -> Table {
    let mut table = table(
        seed,
        ORDER,
        "order",
        "Purchases",
        vec![
            reference("user_id", USER, "Who bought"),
            choice("status", &STATUSES, "How far it is"),
            column("total", "decimal", "In euro, tax included", required()),
            column("shipped_at", "timestamp", "", json!({ "nullable": true, "default": null })),
            column(
                "address",
                "object",
                "Where it goes",
                json!({ "children": [
            column("street", "text", "", required()),
            column("city", "text", "", required()),
            column("zip", "text", "", required()),
        ] }),
            ),
            column(
                "coupon_id",
                "int",
                "The coupon used, if any",
                json!({
                    "nullable": true, "default": null, "tableref_id": COUPON,
                }),
            ),
            note("note", "What the customer asked for"),
        ],
    );
    index(&mut table, seed, "btree", "user_id");
    table
}

pub(crate) fn order_item(seed: u64) -> Table {
    let mut table = table(
        seed,
        ORDER_ITEM,
        "order_item",
        "The lines of an order",
        vec![
            reference("order_id", ORDER, ""),
            reference("product_id", PRODUCT, ""),
            column(
                "quantity",
                "int",
                "",
                json!({
                    "required": true, "default": "1", "validators": { "min": 1 },
                }),
            ),
            column("unit_price", "decimal", "Price when it was bought", required()),
        ],
    );
    index(&mut table, seed, "btree", "order_id");
    table
}

pub(crate) fn review(seed: u64) -> Table {
    let mut table = table(
        seed,
        REVIEW,
        "review",
        "What customers think of products",
        vec![
            reference("product_id", PRODUCT, ""),
            reference("user_id", USER, ""),
            column(
                "rating",
                "int",
                "Stars from 1 to 5",
                json!({
                    "required": true, "validators": { "min": 1, "max": 5 },
                }),
            ),
            note("title", ""),
            note("body", ""),
            choice("state", &["published", "waiting", "rejected"], "Moderation"),
            column(
                "verified",
                "bool",
                "The reviewer bought the product",
                json!({ "default": "false" }),
            ),
        ],
    );
    index(&mut table, seed, "btree", "product_id");
    table
}

pub(crate) fn coupon(seed: u64) -> Table {
    let mut table = table(
        seed,
        COUPON,
        "coupon",
        "Discounts",
        vec![
            text("code", "What the customer types in"),
            column(
                "percent",
                "int",
                "Discount in percent",
                json!({
                    "required": true, "validators": { "min": 1, "max": 100 },
                }),
            ),
            column("valid_until", "date", "", json!({ "nullable": true, "default": null })),
            column("active", "bool", "", json!({ "default": "true" })),
        ],
    );
    index(&mut table, seed, "btree|unique", "code");
    table
}
