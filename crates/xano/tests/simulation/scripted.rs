//! Schedules that the random runs find too rarely.

use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::executor::block_on;
use snappy_credentials::Outcome;
use snappy_domain::Clock as _;
use snappy_domain::clock::after;
use snappy_store::{CredentialStore as _, Lease, StoreResult};
use snappy_xano::SessionError;

use crate::call::tool_call;
use crate::faults::{Faults, Kind, NO_FAULTS};
use crate::time::SkewedClock;
use crate::world::World;

type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// Goes on with something of the first process as far as it goes at this time.
fn go_on<T>(world: &World, pending: &mut Pending<T>) -> Poll<T> {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..50 {
        if let Poll::Ready(outcome) = pending.as_mut().poll(&mut context) {
            return Poll::Ready(outcome);
        }
        if world.tasks[0].len() > 0 {
            world.tasks[0].poll(0);
        }
    }
    Poll::Pending
}

#[test]
fn a_wait_for_an_absent_holder_that_was_interrupted_is_not_forgotten() {
    let world = World::new(0, Faults { kind: Kind::Rotating, processes: 1, ..NO_FAULTS });
    let stored = world.stored(1);
    let (person, id, seen) = (stored.person, stored.id, stored.version);
    let now = SkewedClock { time: world.time.clone(), skew: 0 }.now();
    let until = after(now, Duration::from_secs(4));
    // Another process takes the lease, and is not heard of again.
    let lease = block_on(world.store.lease_refresh(person, id, seen, now, until)).unwrap();
    assert!(matches!(lease, Lease::Taken { abandoned: None, .. }));

    world.time.advance(5_000);
    let refresh = || -> Pending<StoreResult<Outcome>> {
        let coordinator = world.processes[0].coordinator().clone();
        Box::pin(async move { coordinator.refresh(person, id, seen).await })
    };
    let mut first = refresh();
    assert!(go_on(&world, &mut first).is_pending());
    world.store_is_down.store(true, Ordering::SeqCst);
    world.time.advance(1_000);
    assert!(matches!(go_on(&world, &mut first), Poll::Ready(Err(_))));

    world.store_is_down.store(false, Ordering::SeqCst);
    let mut second = refresh();
    // The lease ended after 4 seconds, and its holder may be busy for 20 more.
    while world.time.now() < 24_000 {
        assert!(go_on(&world, &mut second).is_pending());
        assert_eq!(world.xano.state().refreshes, 0, "after {} ms", world.time.now());
        world.time.advance(500);
    }
    world.time.advance(1_000);
    let outcome = go_on(&world, &mut second);
    assert!(matches!(outcome, Poll::Ready(Ok(Outcome::Refreshed(_)))), "{outcome:?}");
    assert_eq!(world.xano.state().refreshes, 1);
}

#[test]
fn an_access_token_is_used_to_its_end_after_the_refresh_token_was_refused() {
    let world = World::new(0, Faults { kind: Kind::Rotating, processes: 1, ..NO_FAULTS });
    let stored = world.stored(1);
    let (person, id, seen) = (stored.person, stored.id, stored.version);
    world.xano.state().people.get_mut(&1).unwrap().end();
    let coordinator = world.processes[0].coordinator().clone();
    let mut refresh: Pending<_> =
        Box::pin(async move { coordinator.refresh(person, id, seen).await });
    let outcome = go_on(&world, &mut refresh);
    assert!(matches!(outcome, Poll::Ready(Ok(Outcome::Ending(_)))), "{outcome:?}");

    let call = || -> Pending<_> {
        let session = world.processes[0].session(world.stored(1));
        Box::pin(tool_call(session, 1, world.xano.origin(1), "call".into(), false, true))
    };
    let result = go_on(&world, &mut call());
    assert!(matches!(result, Poll::Ready(Ok(_))), "{result:?}");
    world.xano.end_keys(1);
    let result = go_on(&world, &mut call());
    assert!(matches!(result, Poll::Ready(Err(SessionError::SignInRequired))), "{result:?}");
}
