//! The reference page of the settings, `docs/settings.md`.

use super::declare::Setting;
use super::registry::SETTINGS;

/// The reference page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nEvery setting is an environment variable, read once at startup. An empty \
         value counts as not set. If a setting is\ninvalid, missing or contradicts another one, the \
         server does not start, and the error message says what to set\ninstead.\n\nThis page is \
         generated from the program's declarations; a test keeps it up to date.\n\n| setting | \
         default | takes | meaning |\n|---|---|---|---|\n",
    );
    for Setting { name, default, takes, meaning } in SETTINGS {
        let default =
            if default.starts_with('(') { (*default).to_owned() } else { format!("`{default}`") };
        page.push_str(&format!("| `{name}` | {default} | {takes} | {meaning} |\n"));
    }
    page
}
