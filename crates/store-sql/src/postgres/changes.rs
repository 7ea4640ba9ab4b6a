//! Notifications of other processes' changes of credentials (LISTEN and NOTIFY).

use std::sync::Arc;
use std::time::Duration;

use snappy_domain::CredentialId;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

/// The channel of the messages, each the id of a credential.
const CHANNEL: &str = "snappy_accounts";

const BACKLOG: usize = 1024;
/// How long after a failure the listener connects again.
const RECONNECT: Duration = Duration::from_secs(1);
/// How soon a credential is read again when no message came: one may be missed during a reconnect.
const POLL: Duration = Duration::from_millis(500);

/// Receives the messages of all processes.
#[derive(Debug, Clone)]
pub(crate) struct Changes {
    messages: broadcast::Sender<String>,
    listener: Arc<Listener>,
}

/// Ends with the last receiver.
#[derive(Debug)]
struct Listener(AbortHandle);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Changes {
    /// Listens on a connection of its own.
    pub(crate) fn listen(pool: PgPool) -> Self {
        let (messages, _) = broadcast::channel(BACKLOG);
        let to = messages.clone();
        let listener = tokio::spawn(async move {
            loop {
                if let Err(error) = pass_on(&pool, &to).await {
                    tracing::warn!("Notifications of other processes are not received: {error}");
                }
                tokio::time::sleep(RECONNECT).await;
            }
        });
        Self { messages, listener: Arc::new(Listener(listener.abort_handle())) }
    }

    /// Completes when a message about a credential comes, or soon enough to read it again.
    pub(crate) async fn of(&self, credential: CredentialId, at_most: Duration) {
        let credential = credential.to_string();
        let mut messages = self.messages.subscribe();
        let heard = async {
            // Having missed some is as good as one: the caller reads again.
            while messages.recv().await.is_ok_and(|changed| changed != credential) {}
        };
        let _ = tokio::time::timeout(at_most.min(POLL), heard).await;
    }

    /// Stops listening.
    pub(crate) fn stop(&self) {
        self.listener.0.abort();
    }
}

async fn pass_on(pool: &PgPool, to: &broadcast::Sender<String>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let message = listener.recv().await?;
        // Most of the time there is no receiver.
        let _ = to.send(message.payload().to_owned());
    }
}
