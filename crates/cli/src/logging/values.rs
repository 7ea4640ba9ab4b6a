//! Values in log lines: control characters are escaped, and long values are cut.

use std::fmt::{self, Debug, Write as _};
use std::io;

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{FormatFields, Writer};

/// The most characters of a value.
const MOST: usize = 1_000;

/// A text that is written escaped, and not beyond its limit.
struct Escaped<'a, 'w> {
    to: &'a mut Writer<'w>,
    left: usize,
}

/// Whether a character could end the line, change the terminal or the direction of the text.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl fmt::Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match self.left {
                0 => return Ok(()),
                1 => self.to.write_char('…')?,
                _ if is_unsafe(c) => write!(self.to, "{}", c.escape_default())?,
                _ => self.to.write_char(c)?,
            }
            self.left -= 1;
        }
        Ok(())
    }
}

struct Visitor<'w> {
    to: Writer<'w>,
    is_first: bool,
    result: fmt::Result,
}

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if self.result.is_err() {
            return;
        }
        let name = field.name();
        self.result = (|| {
            if !std::mem::take(&mut self.is_first) {
                self.to.write_char(' ')?;
            }
            if name != "message" {
                write!(self.to, "{}=", name.trim_start_matches("r#"))?;
            }
            write!(Escaped { to: &mut self.to, left: MOST }, "{value:?}")
        })();
    }
}

/// The fields of human-readable lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct EscapedValues;

impl<'w> FormatFields<'w> for EscapedValues {
    fn format_fields<R: RecordFields>(&self, to: Writer<'w>, fields: R) -> fmt::Result {
        let mut visitor = Visitor { to, is_first: true, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

/// A writer of JSON lines whose long values are cut. JSON escapes them itself.
#[derive(Debug)]
pub(super) struct CutLines<W>(pub(super) W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for CutLines<W> {
    type Writer = CutLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        CutLine(self.0.make_writer())
    }
}

#[derive(Debug)]
pub(super) struct CutLine<W>(W);

impl<W: io::Write> io::Write for CutLine<W> {
    /// The formatter writes each line at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if line.len() <= MOST {
            return self.0.write(line);
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(mut record) => {
                cut(&mut record);
                let mut shorter = serde_json::to_vec(&record)?;
                shorter.push(b'\n');
                self.0.write_all(&shorter)?;
            }
            Err(_) => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn cut(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().count() > MOST => {
            *text = text.chars().take(MOST - 1).chain(['…']).collect();
        }
        Value::Object(fields) => fields.values_mut().for_each(cut),
        Value::Array(items) => items.iter_mut().for_each(cut),
        _ => {}
    }
}
