//! Runs many seeds, and prints what was explored.

use std::collections::{HashMap, HashSet};
use std::hash::Hasher as _;
use std::panic::AssertUnwindSafe;

use crate::faults::{Faults, Kind};
use crate::figures::Figures;
use crate::world::World;

/// A run with more steps is considered stuck.
const MAX_STEPS: usize = 60_000;

/// Runs one seed until all calls have finished.
fn run(seed: u64, faults: Faults) -> World {
    let mut world = World::new(seed, faults);
    let mut stored = world.check(&[]);
    for _ in 0..MAX_STEPS {
        if world.is_over() {
            world.check_end();
            return world;
        }
        world.step();
        stored = world.check(&stored);
    }
    panic!("some calls never finished");
}

/// Runs all seeds, or the one in `SNAPPY_SEED`, prints what was explored, and returns the sum of the figures.
pub fn explore(name: &str, faults: impl Fn(u64) -> Faults, verify: impl Fn(&World)) -> Figures {
    let number = |name| std::env::var(name).ok().map(|text: String| text.parse::<u64>().unwrap());
    // A run with rotating tokens has more steps.
    let default = match faults(0).kind {
        Kind::Session => 400,
        Kind::Rotating => 130,
    };
    let seeds = match number("SNAPPY_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SNAPPY_SEEDS").unwrap_or(default),
    };
    let (mut runs, mut traces, mut figures) = (0_usize, HashSet::new(), Figures::default());
    let mut finished: HashMap<&str, usize> = HashMap::new();
    for seed in seeds {
        let world = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let world = run(seed, faults(seed));
            verify(&world);
            world
        }));
        let world = world.unwrap_or_else(|_| {
            panic!("seed {seed} fails: reproduce it with SNAPPY_SEED={seed} and the test {name}")
        });
        runs += 1;
        traces.insert(world.trace.finish());
        figures.add(&world.xano.state().figures);
        for (what, times) in world.finished {
            *finished.entry(what).or_default() += times;
        }
    }
    let mut outcomes: Vec<_> = finished.into_iter().collect();
    outcomes.sort_unstable();
    println!("{name}: {runs} runs, {} different schedules, outcomes: {outcomes:?}", traces.len());
    figures
}
