//! What the app logs, for stories that read it.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::Value;
use snappy_cli::settings::LogFormat;
use snappy_domain::audit;
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// While there is one subscriber, tracing asks only the thread that meets an event first whether
/// anybody wants it, and a thread without a subscriber says no for all. Two more that live as long
/// as the process make it ask every subscriber.
static EVERY_SUBSCRIBER_IS_ASKED: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Dispatch::new(tracing_subscriber::registry())));

/// The lines that were logged on this thread.
#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Lines {
    /// Everything, at every level, until the guard is dropped.
    pub fn all() -> (Self, DefaultGuard) {
        LazyLock::force(&EVERY_SUBSCRIBER_IS_ASKED);
        let lines = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(lines.clone())
            .with_ansi(false)
            .finish();
        (lines, tracing::subscriber::set_default(subscriber))
    }

    /// Everything, in the form in which the server writes it.
    pub fn as_the_server_writes(format: LogFormat) -> (Self, DefaultGuard) {
        LazyLock::force(&EVERY_SUBSCRIBER_IS_ASKED);
        let lines = Self::default();
        let layer = snappy_cli::logging::lines(format, lines.clone(), false);
        let subscriber = tracing_subscriber::registry().with(layer);
        (lines, tracing::subscriber::set_default(subscriber))
    }

    /// The audit trail alone, as JSON.
    pub fn audit() -> (Self, DefaultGuard) {
        LazyLock::force(&EVERY_SUBSCRIBER_IS_ASKED);
        let lines = Self::default();
        let only = Targets::new().with_target(audit::TARGET, tracing::Level::TRACE);
        let json =
            tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(lines.clone());
        let subscriber = tracing_subscriber::registry().with(only).with(json);
        (lines, tracing::subscriber::set_default(subscriber))
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines as JSON objects.
    pub fn json(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
