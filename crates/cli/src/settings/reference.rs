//! The reference page of the settings, `docs/settings.md`.

use super::declare::Setting;
use super::registry::SETTINGS;

/// The reference page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\nEvery setting is an environment variable, which is read at startup. An empty \
         value is treated as not set. If a\nsetting is invalid, missing, or in conflict with another \
         one, the server does not start, and the error message says what\nto change.\n\nThis page is \
         generated from the code; a test checks that it is current.\n\n| setting | default | value | \
         meaning |\n|---|---|---|---|\n",
    );
    for Setting { name, default, accepts, meaning } in SETTINGS {
        let default =
            if default.starts_with('(') { (*default).to_owned() } else { format!("`{default}`") };
        page.push_str(&format!("| `{name}` | {default} | {accepts} | {meaning} |\n"));
    }
    page
}
