//! Who waits for another process's change of an account is told of it (LISTEN and NOTIFY).

use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

/// The channel of the messages, each the id of an account.
pub(super) const CHANNEL: &str = "snappy_accounts";

const BACKLOG: usize = 1024;
/// How long after a failure the listener connects anew.
const AGAIN: Duration = Duration::from_secs(1);

/// The messages of all processes.
#[derive(Debug, Clone)]
pub(super) struct Changes {
    messages: broadcast::Sender<String>,
    listener: Arc<Listener>,
}

/// Ends with the last one who could ask for messages.
#[derive(Debug)]
struct Listener(AbortHandle);

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Changes {
    /// Listens on a connection of its own from now on.
    pub(super) fn listen(pool: PgPool) -> Self {
        let (messages, _) = broadcast::channel(BACKLOG);
        let to = messages.clone();
        let listener = tokio::spawn(async move {
            loop {
                if let Err(error) = pass_on(&pool, &to).await {
                    tracing::warn!("Changes by other processes are not heard of: {error}");
                }
                tokio::time::sleep(AGAIN).await;
            }
        });
        Self { messages, listener: Arc::new(Listener(listener.abort_handle())) }
    }

    /// Done when a message about an account comes, or after `at_most`.
    pub(super) async fn of(&self, account: &str, at_most: Duration) {
        let mut messages = self.messages.subscribe();
        let heard = async {
            // Having missed some is as good as one: whoever waits looks again.
            while messages.recv().await.is_ok_and(|changed| changed != account) {}
        };
        let _ = tokio::time::timeout(at_most, heard).await;
    }

    /// Listens no more.
    pub(super) fn stop(&self) {
        self.listener.0.abort();
    }
}

async fn pass_on(pool: &PgPool, to: &broadcast::Sender<String>) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let message = listener.recv().await?;
        // Nobody waits most of the time.
        let _ = to.send(message.payload().to_owned());
    }
}
