//! The reference page of the settings, `docs/settings.md`.

use super::declare::Setting;
use super::registry::SETTINGS;

/// The settings with their defaults, for `snappy-mcp serve --help`.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Settings (docs/settings.md says more):\n");
    for Setting { name, default, meaning, .. } in SETTINGS {
        let meaning = meaning.split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = meaning.split_inclusive(". ").next().unwrap_or_default().trim();
        text.push_str(&format!(
            "\n  {name} [default: {}]\n      {sentence}",
            default.trim_matches(['(', ')'])
        ));
    }
    text
}

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
