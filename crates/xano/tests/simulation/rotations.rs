//! The runs with tokens of Xano's OAuth server.

use crate::explore::explore;
use crate::faults::{FaultRates, Faults, Kind, NO_FAULTS};
use crate::world::World;

/// Three processes without any fault, whose people have a pair of tokens.
const ROTATING: Faults = Faults {
    kind: Kind::Rotating,
    calls: 40,
    rotations: 30,
    max_advance: 100,
    max_stall: 1_000,
    ..NO_FAULTS
};

/// Nothing was lost, so no sign-in may end either.
fn nothing_was_lost(world: &World) {
    let figures = world.xano.state().figures;
    assert_eq!(figures.lost_answers + figures.during_refresh, 0);
    assert!(!world.finished.contains_key("sign-in required"), "{:?}", world.finished);
}

#[test]
fn without_faults_each_refresh_token_is_used_once_and_no_call_fails() {
    let faults = |seed| Faults { processes: 1 + (seed % 4) as usize, ..ROTATING };
    let figures = explore("rotating, no faults", faults, |world| {
        nothing_was_lost(world);
        assert_eq!(world.finished.keys().copied().collect::<Vec<_>>(), ["ok"]);
    });
    println!("rotating, no faults: {figures}");
}

#[test]
fn stalls_clocks_and_a_failing_store_cost_no_sign_in() {
    let stalls = |seed| Faults {
        processes: 2 + (seed % 3) as usize,
        max_advance: 3_500,
        max_stall: 3_500,
        skew: (seed % 4) * 1_000,
        ..ROTATING
    };
    let figures = explore("rotating, stalls", stalls, |world| {
        nothing_was_lost(world);
        assert!(!world.finished.contains_key("storage"), "{:?}", world.finished);
    });
    println!("rotating, stalls: {figures}");
    // A pair takes longer to be stored, so the stalls must be shorter to be within the time that others wait.
    let failing = |seed| {
        let stall = 2_800 - (seed % 4) * 280;
        let store_failing = 4 + seed % 20;
        let max_stall = i64::try_from(stall).unwrap();
        Faults {
            max_advance: stall,
            max_stall,
            store_failing,
            late_leases: (seed % 3) * 3,
            ..stalls(seed)
        }
    };
    let figures = explore("rotating, failing store", failing, nothing_was_lost);
    println!("rotating, failing store: {figures}");
}

#[test]
fn slow_responses_cost_no_sign_in() {
    let rates =
        FaultRates { slow: 3, slow_oauth: 3, slowest: 3_500, failing: 12, ..FaultRates::default() };
    let faults = |seed| Faults {
        repeated_rotations: true,
        rotations: 90,
        max_advance: 700,
        max_stall: 700,
        skew: (seed % 4) * 1_000,
        store_failing: (seed % 2) * 20,
        rates,
        ..ROTATING
    };
    let figures = explore("rotating, slow", faults, nothing_was_lost);
    println!("rotating, slow: {figures}");
    // Leases are lost while their holders wait for a response, and the waits of others are interrupted.
    let interrupted = |seed| Faults {
        processes: 2,
        calls: 25,
        rotations: 30,
        store_failing: 25,
        extensions_failing: 65,
        rates: FaultRates { slow: 0, slow_oauth: 1, failing: 0, ..rates },
        ..faults(seed)
    };
    let figures = explore("rotating, interrupted", interrupted, nothing_was_lost);
    println!("rotating, interrupted: {figures}");
}

#[test]
fn only_lost_answers_cost_a_sign_in() {
    let rates = FaultRates { lost: 12, failing: 12, slow: 8, slow_oauth: 8, slowest: 14_000 };
    let faults = |seed| Faults {
        repeated_rotations: true,
        rotations: 90,
        max_advance: 700,
        max_stall: 700,
        skew: (seed % 4) * 1_000,
        rates,
        ..ROTATING
    };
    let figures = explore("rotating, lost answers", faults, |_| {});
    println!("rotating, lost answers: {figures}");
}

#[test]
fn only_a_crash_during_a_refresh_costs_a_sign_in() {
    let faults = |seed| Faults {
        processes: 2 + (seed % 3) as usize,
        repeated_rotations: true,
        rotations: 90,
        max_advance: 700,
        max_stall: 1_500,
        crashes: 30,
        skew: (seed % 4) * 1_000,
        store_failing: (seed % 2) * 20,
        ..ROTATING
    };
    let figures = explore("rotating, crashes", faults, |world| {
        assert_eq!(world.xano.state().figures.lost_answers, 0);
    });
    println!("rotating, crashes: {figures}");
}

#[test]
fn with_all_faults_a_sign_in_ends_only_after_a_loss_or_at_xano() {
    let rates = FaultRates { lost: 20, failing: 20, slow: 8, slow_oauth: 8, slowest: 14_000 };
    let faults = |seed| Faults {
        processes: 2 + (seed % 3) as usize,
        repeated_rotations: true,
        rotations: 90,
        max_advance: 700,
        max_stall: 700,
        crashes: 60,
        store_failing: 40,
        skew: (seed % 4) * 1_000,
        endings: 400,
        rates,
        ..ROTATING
    };
    let figures = explore("rotating, everything", faults, |_| {});
    println!("rotating, everything: {figures}");
}
