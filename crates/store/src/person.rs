//! People, as the service behind the server knows them.

/// Who a person is: known by the system that signed them in, and by its id for them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The system that signed the person in, as a URL.
    pub upstream: String,
    /// That system's id of the person.
    pub subject: String,
}
