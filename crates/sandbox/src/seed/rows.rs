//! The rows of the shop.

use rand::RngExt as _;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};

use crate::seed::define::{MADE_AT_MS, member, row};
use crate::seed::people::PEOPLE;
use crate::seed::shop::STATUSES;
use crate::seed::words::{CITIES, FIRST_NAMES, LAST_NAMES, REVIEWS, SHELVES};
use crate::state::Table;
use crate::token;

pub(crate) const USERS: u64 = 36;
const ORDERS: u64 = 80;
const REVIEWS_WRITTEN: u64 = 72;
const COUPONS: [(&str, u64); 4] =
    [("WELCOME10", 10), ("SUMMER15", 15), ("FRIENDS20", 20), ("CLEAROUT40", 40)];

const HOUR_MS: i64 = 3_600_000;

/// Converts cents to a decimal amount.
fn euro(cents: u64) -> Value {
    let whole = format!("{}.{:02}", cents / 100, cents % 100);
    whole.parse::<f64>().map_or(Value::Null, |amount| json!(amount))
}

fn jitter(rng: &mut ChaCha8Rng) -> i64 {
    rng.random_range(0..=3_599_999)
}

/// A time about `hours` hours after the tables were created.
fn moment(rng: &mut ChaCha8Rng, hours: u64) -> i64 {
    MADE_AT_MS + i64::try_from(hours).unwrap_or_default() * HOUR_MS + jitter(rng)
}

pub(crate) fn users(table: &mut Table, rng: &mut ChaCha8Rng) {
    for person in PEOPLE {
        let password = token::password(person.password);
        row(
            table,
            [
                json!(person.created_at_ms),
                json!(person.name),
                json!(person.email),
                json!(password),
                json!(if person.id == 1 { "admin" } else { "staff" }),
                json!("Lisbon"),
                json!(true),
                Value::Null,
            ],
        );
    }
    for number in 3..=USERS {
        let first = FIRST_NAMES.choose(rng).copied().unwrap_or_default();
        let last = LAST_NAMES.choose(rng).copied().unwrap_or_default();
        let local = format!("{first}.{last}{number}").to_lowercase().replace('\'', "");
        let (year, month, day) =
            (rng.random_range(1958..=2004), rng.random_range(1..=12), rng.random_range(1..=28));
        let birthday = format!("{year}-{month:02}-{day:02}");
        row(
            table,
            [
                json!(moment(rng, number * 11)),
                json!(format!("{first} {last}")),
                json!(format!("{local}@example.test")),
                Value::Null,
                json!("customer"),
                json!(CITIES.choose(rng)),
                json!(rng.random_ratio(40, 100)),
                if rng.random_ratio(70, 100) { json!(birthday) } else { Value::Null },
            ],
        );
    }
}

pub(crate) fn catalogue(categories: &mut Table, products: &mut Table, rng: &mut ChaCha8Rng) {
    for ((name, description, items), category) in SHELVES.iter().zip(1_u64..) {
        let at = moment(rng, category);
        row(categories, [json!(at), json!(name), json!(description), json!(category * 10)]);
        for ((item, about, cents), number) in items.iter().zip(1_u64..) {
            let prefix: String = name.chars().take(3).collect::<String>().to_uppercase();
            let attributes =
                rng.random_ratio(60, 100).then(|| json!({ "weight_g": cents / 7 + 80 }));
            row(
                products,
                [
                    json!(at + jitter(rng)),
                    json!(item),
                    json!(about),
                    json!(format!("{prefix}-{:04}", category * 100 + number)),
                    json!(category),
                    euro(*cents),
                    json!(rng.random_range(0..=140)),
                    json!(rng.random_ratio(90, 100)),
                    json!(attributes),
                    json!([name.to_lowercase()]),
                ],
            );
        }
    }
}

pub(crate) fn coupons(table: &mut Table, rng: &mut ChaCha8Rng) {
    for ((code, percent), number) in COUPONS.iter().zip(1_u64..) {
        let until = format!("2026-{:02}-28", number * 3);
        row(
            table,
            [
                json!(moment(rng, number * 40)),
                json!(code),
                json!(percent),
                json!(until),
                json!(number != 4),
            ],
        );
    }
}

pub(crate) fn orders(
    orders: &mut Table,
    items: &mut Table,
    products: &Table,
    rng: &mut ChaCha8Rng,
) {
    for number in 1..=ORDERS {
        let at = moment(rng, 400 + number * 9);
        let mut total = 0;
        for _ in 0..rng.random_range(1..=3) {
            let product = rng.random_range(1..=48);
            let quantity = rng.random_range(1..=3);
            let price = member(products, product, "price");
            total += cents(&price) * quantity;
            row(items, [json!(at), json!(number), json!(product), json!(quantity), price]);
        }
        let status = STATUSES.choose(rng).copied().unwrap_or_default();
        let shipped = matches!(status, "shipped" | "delivered");
        let coupon = rng.random_ratio(20, 100).then(|| rng.random_range(1..=4));
        row(
            orders,
            [
                json!(at),
                json!(rng.random_range(1..=USERS)),
                json!(status),
                euro(total),
                if shipped { json!(at + 26 * HOUR_MS + jitter(rng)) } else { Value::Null },
                json!({
                    "street": format!("Harbour Street {}", rng.random_range(1..=120)),
                    "city": CITIES.choose(rng),
                    "zip": format!("{:05}", rng.random_range(10_000..=99_999)),
                }),
                json!(coupon),
                json!(if rng.random_ratio(15, 100) {
                    "Please leave it with the neighbours."
                } else {
                    ""
                }),
            ],
        );
    }
}

fn cents(price: &Value) -> u64 {
    let text = price.as_f64().map(|amount| format!("{:.0}", amount * 100.0));
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

pub(crate) fn reviews(table: &mut Table, rng: &mut ChaCha8Rng) {
    let choices: Vec<&(&str, &str)> = REVIEWS.iter().collect();
    for number in 1..=REVIEWS_WRITTEN {
        // The better of two ratings, because most reviews are positive.
        let rating = rng.random_range(1..=5).max(rng.random_range(1..=5));
        let place = usize::try_from(rating - 1).unwrap_or_default();
        let (title, body) = choices.get(place).copied().copied().unwrap_or_default();
        let state = if rng.random_ratio(80, 100) { "published" } else { "waiting" };
        row(
            table,
            [
                json!(moment(rng, 700 + number * 8)),
                json!(rng.random_range(1..=48)),
                json!(rng.random_range(1..=USERS)),
                json!(rating),
                json!(title),
                json!(body),
                json!(if rating == 1 && rng.random_ratio(30, 100) { "rejected" } else { state }),
                json!(rng.random_ratio(65, 100)),
            ],
        );
    }
}
