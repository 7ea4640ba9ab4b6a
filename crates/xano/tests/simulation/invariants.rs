//! What must be true after each step of a run, and at its end.

use snappy_store::CredentialState;

use crate::faults::Kind;
use crate::world::{PEOPLE, World};
use crate::xano::parts;

impl World {
    /// Checks the invariants after a step. Returns the number of each person's stored key.
    pub fn check(&self, before: &[u64]) -> Vec<u64> {
        for (call, times) in &self.xano.state().writes {
            assert!(*times <= 1, "{call} was carried out {times} times");
        }
        (1..=PEOPLE)
            .map(|person| {
                let stored = self.stored(person);
                let (owner, number) = parts(stored.secret.bearer().expose());
                assert_eq!(owner, person, "another person's key was stored");
                let older = before.get(usize::try_from(person - 1).unwrap());
                assert!(older.is_none_or(|older| *older <= number), "a refresh was undone");
                if self.faults.kind == Kind::Rotating {
                    let (now, margin) = (self.time.now(), self.margin());
                    self.xano.check_stored(person, &stored, now, margin);
                } else if stored.state != CredentialState::Usable {
                    let known = &self.xano.state().people[&person];
                    assert!(known.refused || known.sign_ins > 0, "person {person} needs a sign-in");
                }
                number
            })
            .collect()
    }

    /// How much too early an access token may be given up when Xano gives no answer about it: the difference of
    /// two clocks, and the time in which it was issued.
    fn margin(&self) -> i64 {
        let rates = self.faults.rates;
        if rates.failing + rates.lost + rates.slow == 0 {
            return 0;
        }
        i64::try_from(self.faults.skew * 2).unwrap() + 10_000
    }

    /// Checks the invariants of a run that is over.
    pub fn check_end(&self) {
        if self.faults.kind == Kind::Rotating {
            for person in 1..=PEOPLE {
                self.xano.check_end(person, &self.stored(person));
            }
        }
    }
}
