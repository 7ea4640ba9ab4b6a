//! One process of this server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use snappy_domain::Runtime;
use snappy_store::UpstreamClientStore;
use snappy_xano::{HostPolicy, SignInApi, Xano as XanoSide, XanoApi, XanoOAuth};

use crate::store::Shared;
use crate::time::SkewedClock;
use crate::wire::Wire;
use crate::world::World;

impl World {
    /// Starts a process, without anything that an earlier one kept in memory.
    pub fn start(&self, process: usize) -> Arc<XanoSide> {
        let fences = Arc::new(Mutex::new(HashMap::new()));
        let wire = Arc::new(Wire {
            xano: self.xano.clone(),
            time: self.time.clone(),
            dice: self.dice.clone(),
            rates: self.faults.rates,
            process,
            fences: Arc::clone(&fences),
        });
        let store = Shared {
            inner: Arc::clone(&self.store),
            people: Arc::clone(&self.people),
            time: self.time.clone(),
            dice: self.dice.clone(),
            failing: self.faults.store_failing,
            is_down: Arc::clone(&self.store_is_down),
            extensions_failing: self.faults.extensions_failing,
            late_leases: self.faults.late_leases,
            failed: Mutex::default(),
            fences,
        };
        let policy = HostPolicy::new("https://app.xano.com", Vec::new()).unwrap();
        let signin = SignInApi::new(wire.clone(), policy.account().clone(), "api:sign-in");
        let runtime = Runtime {
            clock: Arc::new(SkewedClock { time: self.time.clone(), skew: self.skews[process] }),
            timer: Arc::new(self.time.clone()),
            random: Arc::new(self.dice.clone()),
            spawner: Arc::new(self.tasks[process].clone()),
        };
        let api = XanoApi::new(wire.clone());
        let clients = Arc::clone(&self.store) as Arc<dyn UpstreamClientStore>;
        let oauth = XanoOAuth::new(wire, policy.clone(), runtime.clone(), clients, None);
        Arc::new(XanoSide::new(api, policy, Some(signin), oauth, Arc::new(store), runtime))
    }
}
