//! The initial data, which depends only on the seed.

mod define;
pub(crate) mod instances;
pub(crate) mod people;
mod playground;
mod rows;
mod shop;
mod words;

use std::collections::BTreeMap;

use rand::SeedableRng as _;
use rand::rngs::ChaCha8Rng;

use crate::seed::define::{MADE_AT_MS, TEST};
use crate::state::{Data, LIVE, Table, Workspace};

/// Both workspaces with their tables and rows.
pub(crate) fn data(seed: u64) -> Data {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut users = shop::user(seed);
    let mut categories = shop::category(seed);
    let mut products = shop::product(seed);
    let mut orders = shop::order(seed);
    let mut items = shop::order_item(seed);
    let mut reviews = shop::review(seed);
    let mut coupons = shop::coupon(seed);
    rows::users(&mut users, &mut rng);
    rows::catalogue(&mut categories, &mut products, &mut rng);
    rows::coupons(&mut coupons, &mut rng);
    rows::orders(&mut orders, &mut items, &products, &mut rng);
    rows::reviews(&mut reviews, &mut rng);
    let shop = workspace(
        1,
        "Acme Store",
        "The shop and its orders",
        vec![users, categories, products, orders, items, reviews, coupons],
    );
    let playground = workspace(
        2,
        "Playground",
        "For trying things out",
        vec![playground::notes(seed), playground::tasks(seed)],
    );
    let workspaces: BTreeMap<u64, Workspace> =
        [shop, playground].into_iter().map(|workspace| (workspace.id, workspace)).collect();
    let tables = workspaces.values().flat_map(|workspace| workspace.tables.keys());
    let next_table_id = tables.max().map_or(1, |id| id + 1);
    Data { workspaces, next_table_id }
}

fn workspace(id: u64, name: &str, description: &str, tables: Vec<Table>) -> Workspace {
    Workspace {
        id,
        name: name.to_owned(),
        description: description.to_owned(),
        created_at_ms: MADE_AT_MS,
        data_sources: vec![
            (LIVE.to_owned(), "#008000".to_owned()),
            (TEST.to_owned(), "#fff3cd".to_owned()),
        ],
        tables: tables.into_iter().map(|table| (table.id, table)).collect(),
    }
}
