//! The two people who can sign in.

/// E-mail address of the demo user.
pub const DEMO_EMAIL: &str = "demo@acme.test";
/// Password of the demo user.
pub const DEMO_PASSWORD: &str = "demo-password";
/// Name of the demo user.
pub const DEMO_NAME: &str = "Demo Person";
/// E-mail address of the second user.
pub const SECOND_EMAIL: &str = "second@acme.test";
/// Password of the second user.
pub const SECOND_PASSWORD: &str = "second-password";
/// Name of the second user.
pub const SECOND_NAME: &str = "Second Person";

/// A user of the sign-in backend.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
    pub(crate) created_at_ms: i64,
}

/// All users.
pub(crate) const PEOPLE: [Person; 2] = [
    Person {
        id: 1,
        name: DEMO_NAME,
        email: DEMO_EMAIL,
        password: DEMO_PASSWORD,
        created_at_ms: 1_754_243_623_870,
    },
    Person {
        id: 2,
        name: SECOND_NAME,
        email: SECOND_EMAIL,
        password: SECOND_PASSWORD,
        created_at_ms: 1_755_092_417_306,
    },
];
