//! The in-memory backend passes the contract.

use snappy_store::MemoryStore;

async fn open() -> (MemoryStore, ()) {
    (MemoryStore::default(), ())
}

snappy_store::contract_tests!(open);
