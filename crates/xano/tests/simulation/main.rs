//! A deterministic simulation of the credential coordinator: processes with skewed clocks that crash at any
//! step, slow and lost responses, keys that Xano rotates at any time, people whose sign-ins end and who
//! sign in again. The people have a session (the tests of this file) or a pair of tokens of Xano's OAuth server
//! (those of `rotations`). All choices come from a seed, so a failing run can be reproduced:
//!
//! ```text
//! SNAPPY_SEED=1234 cargo test -p snappy-xano --test simulation -- --nocapture
//! ```
//!
//! `SNAPPY_SEEDS=100000` explores more seeds. The invariants: no call uses another person's key, and each
//! person and fence has at most one refresh of a session in flight (asserted in `xano`); a refresh token arrives
//! a second time only after a lost response (asserted in `rotating`); a write is carried out at most once,
//! nobody has to sign in again unless Xano refused the refresh itself, and a stored key is never replaced by an
//! older one (asserted in `invariants`); every call ends (asserted in `explore`).
#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a failing test must stop"
)]

mod call;
mod dice;
mod explore;
mod faults;
mod figures;
mod invariants;
mod process;
mod rotating;
mod rotations;
mod scripted;
mod store;
mod tasks;
mod time;
mod wire;
mod world;
mod xano;

use explore::explore;
use faults::{FaultRates, Faults, NO_FAULTS};

#[test]
fn without_faults_each_rotation_costs_one_refresh_and_no_call_fails() {
    let faults = |seed| Faults { rotations: 60, processes: 1 + (seed % 4) as usize, ..NO_FAULTS };
    explore("no faults", faults, |world| {
        assert_eq!(world.finished.keys().copied().collect::<Vec<_>>(), ["ok"]);
        let state = world.xano.state();
        let changes: u64 = state.people.values().map(|person| person.generation).sum();
        assert!(state.refreshes <= changes, "{} for {changes}", state.refreshes);
    });
}

#[test]
fn a_process_that_stalls_loses_only_its_lease() {
    let faults = |seed| Faults {
        rotations: 60,
        max_advance: 1_000,
        skew: (seed % 3) * 2_000,
        processes: 4,
        ..NO_FAULTS
    };
    explore("stalls", faults, |world| {
        assert!(!world.finished.contains_key("still unauthorized"), "{:?}", world.finished);
        assert!(!world.finished.contains_key("sign-in required"));
    });
}

#[test]
fn slow_responses_and_skewed_clocks_sign_nobody_out() {
    let rates = FaultRates { slow: 4, slowest: 14_000, ..FaultRates::default() };
    let faults = |seed| Faults {
        repeated_rotations: true,
        max_advance: 400,
        rotations: 80,
        skew: (seed % 5) * 2_000,
        rates,
        ..NO_FAULTS
    };
    explore("slow", faults, |world| assert!(!world.finished.contains_key("sign-in required")));
}

#[test]
fn crashes_and_lost_responses_sign_nobody_out() {
    let rates = FaultRates { lost: 12, failing: 12, slow: 8, slow_oauth: 0, slowest: 14_000 };
    let faults = |seed| Faults {
        repeated_rotations: true,
        max_advance: 400,
        rotations: 60,
        crashes: 40,
        store_failing: 40,
        skew: (seed % 3) * 3_000,
        rates,
        ..NO_FAULTS
    };
    explore("crashes", faults, |world| assert!(!world.finished.contains_key("sign-in required")));
}

#[test]
fn only_people_whom_xano_refused_must_sign_in_again() {
    let rates = FaultRates { lost: 20, failing: 20, slow: 8, slow_oauth: 0, slowest: 14_000 };
    let faults = |seed| Faults {
        repeated_rotations: true,
        max_advance: 400,
        rotations: 60,
        crashes: 60,
        store_failing: 60,
        skew: (seed % 3) * 3_000,
        endings: 400,
        rates,
        ..NO_FAULTS
    };
    explore("refusals", faults, |_| {});
}
