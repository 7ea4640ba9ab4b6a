//! The contract of [`Store`]: what every backend must do, one function for each case.
//!
//! A backend on a tokio runtime calls [`contract_tests!`](crate::contract_tests) with a function that
//! opens an empty store; any other host runs [`CASES`], each on an empty store.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests; a failure must stop them"
)]

mod clients;
mod credentials;
mod grants;
mod samples;
mod sweeps;

use std::fmt;
use std::pin::Pin;

use crate::Store;

pub use clients::*;
pub use credentials::*;
pub use grants::*;
pub use sweeps::*;

/// The future of a case.
type Running<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

#[derive(Clone, Copy)]
pub struct Case {
    pub name: &'static str,
    /// Runs it on an empty store; panics when the store does not keep the contract.
    pub run: for<'a> fn(&'a dyn Store) -> Running<'a>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Hands the names of all cases to a macro.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_cases {
    ($with:path, $($argument:tt)*) => {
        $with! { @ $($argument)*:
            clients_come_back_whole
            an_id_of_any_text_is_looked_up
            a_secrets_hash_can_be_renewed
            a_client_with_keys_comes_back_whole
            an_assertion_is_used_once
            a_service_account_is_changed_only_as_it_was_seen
            key_sets_are_kept_with_their_age
            a_document_can_change
            a_removed_client_takes_its_grants_along
            only_never_used_clients_are_purged
            an_identity_is_one_person
            signing_in_again_renews_the_credential
            another_pasted_token_is_another_credential
            every_shape_of_a_credential_comes_back_whole
            a_credential_changes_only_from_the_version_that_was_seen
            the_right_to_refresh_is_one_at_a_time
            a_dead_credential_is_not_refreshed
            credentials_that_expire_soon_are_found
            credentials_that_were_refused_are_found
            a_credentials_life_is_only_shortened
            rotated_secrets_are_kept_whoever_holds_the_lease
            an_oauth_sign_in_renews_its_workspace
            a_removed_credential_is_gone
            one_client_is_kept_for_each_upstream
            a_code_is_redeemed_once
            a_change_whose_answer_was_lost_can_be_repeated
            tokens_are_found_with_what_decides_about_them
            what_belongs_to_one_person_is_not_found_for_another
            a_persons_grants_are_listed_while_they_are_valid
            a_grant_remembers_what_its_client_can_do
            a_refresh_token_rotates_once
            a_fork_is_remembered
            a_reuse_is_remembered
            a_revoked_grant_stays_revoked
            all_grants_are_revoked_in_parts
            access_tokens_are_single_things
            a_grants_access_tokens_are_limited
            a_service_accounts_grant_needs_no_code
            a_grant_may_use_several_credentials
            purging_removes_only_what_is_over
            purging_goes_on_where_it_stopped
            a_removed_credential_goes_when_nothing_names_it
        }
    };
}

macro_rules! list {
    (@ : $($case:ident)*) => {
        /// Every case of the contract.
        pub const CASES: &[Case] =
            &[$(Case { name: stringify!($case), run: |store| Box::pin($case(store)) }),*];
    };
}

contract_cases!(list,);

/// Makes one `#[tokio::test]` for each case. Takes an async function that opens an empty store and
/// gives it with whatever must live as long (a temporary directory, a database).
#[macro_export]
macro_rules! contract_tests {
    (@ $open:ident: $($case:ident)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (store, _guard) = $open().await;
                $crate::contract::$case(&store).await;
            }
        )*
    };
    ($open:ident) => {
        $crate::contract_cases!($crate::contract_tests, $open);
    };
}
