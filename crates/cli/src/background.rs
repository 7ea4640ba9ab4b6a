//! Recurring work beside the requests: housekeeping, and refreshing keys ahead of their expiry.

use std::sync::Arc;

use snappy_domain::Host;
use snappy_store::housekeeping::{self, Removed};
use snappy_store::{Store, StoreResult};
use snappy_xano::{Xano, ahead};
use tokio::task::JoinSet;

/// Starts the recurring work. It ends when the result is dropped.
pub(crate) fn start(store: &Arc<dyn Store>, xano: &Arc<Xano>, host: &Host) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (store, xano) = (Arc::clone(store), Arc::clone(xano));
    let (cleaning, refreshing) = (host.clone(), host.clone());
    tasks.spawn(async move {
        loop {
            log(housekeeping::round(&*store, cleaning.clock.now()).await);
            cleaning.timer.sleep(housekeeping::EVERY).await;
        }
    });
    tasks.spawn(async move {
        loop {
            refreshing.timer.sleep(ahead::pause(&refreshing)).await;
            ahead::round(&xano, &refreshing).await;
        }
    });
    tasks
}

fn log(round: StoreResult<Removed>) {
    match round {
        Ok(Removed { records: 0, clients: 0 }) => {}
        Ok(Removed { records, clients }) => {
            tracing::info!(records, clients, "Removed expired records and unused clients");
        }
        Err(error) => tracing::warn!("Housekeeping failed: {error}"),
    }
}
