//! Background tasks: housekeeping, and refreshing credentials before they expire.

use std::sync::Arc;

use snappy_credentials::proactive;
use snappy_domain::Runtime;
use snappy_store::housekeeping::{self, Removed};
use snappy_store::{Store, StoreResult};
use snappy_xano::Xano;
use tokio::task::JoinSet;

/// Starts the background tasks. They stop when the result is dropped.
pub(crate) fn start(store: &Arc<dyn Store>, xano: &Arc<Xano>, runtime: &Runtime) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let (swept, host) = (Arc::clone(store), runtime.clone());
    tasks.spawn(async move {
        loop {
            log(housekeeping::round(&*swept, host.clock.now()).await);
            host.timer.sleep(housekeeping::EVERY).await;
        }
    });
    let (xano, store, host) = (Arc::clone(xano), Arc::clone(store), runtime.clone());
    tasks.spawn(async move { proactive::run(xano.coordinator(), &*store, &host).await });
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
