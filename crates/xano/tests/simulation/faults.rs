//! What a run simulates.

/// The kind of credential that the people of a run have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session, which gives the current key as often as it is asked.
    Session,
    /// A pair of tokens of Xano's OAuth server; each refresh token is used once.
    Rotating,
}

/// How often requests fail: once in `n` requests, never if 0.
#[derive(Debug, Clone, Copy, Default)]
pub struct FaultRates {
    pub lost: u64,
    pub failing: u64,
    pub slow: u64,
    /// The same for requests to the OAuth server.
    pub slow_oauth: u64,
    /// The longest delay of a slow request or response, in milliseconds.
    pub slowest: u64,
}

/// The faults that a run simulates. A rate of `n` means once in `n` choices, 0 means never.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    pub kind: Kind,
    pub processes: usize,
    /// How often a call begins. The fewer at a time, the more often a key is refreshed during a run.
    pub calls: u64,
    pub rates: FaultRates,
    pub store_failing: u64,
    /// How many of a hundred extensions of a lease fail, besides. Leases are then lost while their holders are alive.
    pub extensions_failing: u64,
    /// How often a process learns only after a long time that it has a lease.
    pub late_leases: u64,
    pub crashes: u64,
    /// How often the keys that Xano has issued to a person end before their time.
    pub rotations: u64,
    /// The largest skew of a clock, in milliseconds.
    pub skew: u64,
    /// How often a person's sign-in ends at Xano.
    pub endings: u64,
    /// The largest step by which time advances at once, in milliseconds.
    pub max_advance: u64,
    /// How long a call or a refresh may go without being polled, in milliseconds; `i64::MAX` is no limit.
    pub max_stall: i64,
    /// Whether a key may be rotated more than once during a call.
    pub repeated_rotations: bool,
}

/// Three processes without any fault, whose people have a session.
pub const NO_FAULTS: Faults = Faults {
    kind: Kind::Session,
    processes: 3,
    calls: 8,
    rates: FaultRates { lost: 0, failing: 0, slow: 0, slow_oauth: 0, slowest: 0 },
    store_failing: 0,
    extensions_failing: 0,
    late_leases: 0,
    crashes: 0,
    rotations: 0,
    skew: 0,
    endings: 0,
    max_advance: 10,
    max_stall: i64::MAX,
    repeated_rotations: false,
};
