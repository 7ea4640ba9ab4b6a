//! The frame of the pages that people see.

/// A complete page around the given content.
pub(crate) fn document(main: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Sandbox Xano</title>\
         <body style=\"font:1rem/1.5 sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem\">\
         <h1>Sandbox Xano</h1>{main}</body></html>"
    )
}

/// Text for use in HTML, also within double quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
