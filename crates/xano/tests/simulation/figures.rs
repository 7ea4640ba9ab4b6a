//! What was lost in the runs with rotating tokens, and at what cost.

use std::fmt;

/// How the next pair got lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The response did not arrive in time, or could not be read.
    Answer,
    /// The process crashed before it had stored the pair.
    Crash,
}

/// How often something was lost, and at what cost.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub crashes: u64,
    /// Crashes between the arrival of a refresh token at Xano and the commit of the next pair.
    pub during_refresh: u64,
    /// Lost responses that carried a pair.
    pub lost_answers: u64,
    /// Sign-ins that ended because a refresh token was used again after a crash, and after a lost response.
    pub cost: [u64; 2],
    /// Sign-ins that will end so with the next refresh.
    pub unnoticed: [u64; 2],
    /// Calls that succeeded although the sign-in could not be refreshed any more.
    pub ok_while_ending: u64,
    /// Pairs that were issued for a refresh token.
    pub refreshes: u64,
}

impl Figures {
    pub fn add(&mut self, other: &Self) {
        self.crashes += other.crashes;
        self.during_refresh += other.during_refresh;
        self.lost_answers += other.lost_answers;
        self.refreshes += other.refreshes;
        self.ok_while_ending += other.ok_while_ending;
        for of in [Loss::Crash as usize, Loss::Answer as usize] {
            self.cost[of] += other.cost[of];
            self.unnoticed[of] += other.unnoticed[of];
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            crashes,
            during_refresh,
            lost_answers,
            refreshes,
            cost,
            unnoticed,
            ok_while_ending,
        } = self;
        let shown = |of: Loss| {
            let (now, later) = (cost[of as usize], unnoticed[of as usize]);
            format!("{now} cost a sign-in, {later} will with the next refresh")
        };
        let (crash, answer) = (shown(Loss::Crash), shown(Loss::Answer));
        write!(f, "{refreshes} refreshes; {crashes} crashes, {during_refresh} during a refresh, ")?;
        write!(f, "{crash}; lost answers: {lost_answers}, {answer}; ")?;
        write!(f, "{ok_while_ending} calls succeeded after the last refresh")
    }
}
