//! The report: one finding for each thing that was compared, and a summary.

use std::io::{self, Write};

use serde_json::{Value, json};

/// The result of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    Differs,
    NotTried,
    /// Later steps need what this one did not get.
    Failed,
}

impl Verdict {
    /// The word in the report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Differs => "differs",
            Self::NotTried => "not tried",
            Self::Failed => "failed",
        }
    }
}

/// How much the expectation is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// `contract/oauth.md` has a source for it.
    Expected,
    /// `contract/oauth.md` lists it under "Not known".
    Guessed,
}

impl Basis {
    /// The word in the report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Guessed => "guessed",
        }
    }
}

/// One comparison.
#[derive(Debug, Clone)]
pub struct Finding {
    pub group: &'static str,
    pub subject: String,
    pub verdict: Verdict,
    pub basis: Basis,
    /// What was expected; nothing if it was not tried.
    pub expected: String,
    /// What was found, or why it was not tried.
    pub found: String,
}

/// All findings. As text, each is written at once.
pub(super) struct Report<'a> {
    account: String,
    out: Option<&'a mut dyn Write>,
    /// The first failure to write.
    broken: Option<io::Error>,
    group: &'static str,
    findings: Vec<Finding>,
}

impl<'a> Report<'a> {
    /// A report that is written to `out` as text, if there is one.
    pub(super) fn new(account: String, out: Option<&'a mut dyn Write>) -> Self {
        let mut report = Self { account, out, broken: None, group: "", findings: Vec::new() };
        let title = format!("Xano's OAuth server at {}", report.account);
        report.write(&title);
        report
    }

    /// Begins a group of findings.
    pub(super) fn group(&mut self, name: &'static str) {
        self.group = name;
        self.write(&format!("\n{name}"));
    }

    /// Compares with something that is known.
    pub(super) fn known(
        &mut self,
        subject: impl Into<String>,
        is_so: bool,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        self.compared(subject.into(), is_so, Basis::Expected, expected.into(), found.into());
    }

    /// Compares with something that is guessed.
    pub(super) fn guessed(
        &mut self,
        subject: impl Into<String>,
        is_so: bool,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        self.compared(subject.into(), is_so, Basis::Guessed, expected.into(), found.into());
    }

    fn compared(
        &mut self,
        subject: String,
        is_so: bool,
        basis: Basis,
        expected: String,
        found: String,
    ) {
        let verdict = if is_so { Verdict::Ok } else { Verdict::Differs };
        self.add(Finding { group: self.group, subject, verdict, basis, expected, found });
    }

    pub(super) fn not_tried(&mut self, subject: impl Into<String>, why: impl Into<String>) {
        let (subject, verdict, found) = (subject.into(), Verdict::NotTried, why.into());
        let (basis, expected) = (Basis::Expected, String::new());
        self.add(Finding { group: self.group, subject, verdict, basis, expected, found });
    }

    pub(super) fn failed(
        &mut self,
        subject: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) {
        let (subject, verdict, basis) = (subject.into(), Verdict::Failed, Basis::Expected);
        let (expected, found) = (expected.into(), found.into());
        self.add(Finding { group: self.group, subject, verdict, basis, expected, found });
    }

    fn add(&mut self, finding: Finding) {
        let Finding { subject, verdict, basis, expected, found, .. } = &finding;
        let line = match verdict {
            Verdict::NotTried => format!("{subject}: {found}"),
            _ => format!("{subject}: {} {expected}; found {found}", basis.word()),
        };
        self.write(&format!("  {:<9}  {line}", verdict.word()));
        self.findings.push(finding);
    }

    fn write(&mut self, line: &str) {
        if let (Some(out), None) = (&mut self.out, &self.broken) {
            self.broken = writeln!(out, "{line}").and_then(|()| out.flush()).err();
        }
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict == verdict).count()
    }

    /// Writes the summary. Returns whether nothing failed, and the report as a JSON document.
    ///
    /// # Errors
    /// When the report could not be written.
    pub(super) fn end(mut self) -> io::Result<(bool, Value)> {
        let counts = [Verdict::Ok, Verdict::Differs, Verdict::NotTried, Verdict::Failed]
            .map(|verdict| self.count(verdict));
        let [ok, differs, not_tried, failed] = counts;
        self.write(&format!(
            "\nAs expected: {ok}. Differs: {differs}. Not tried: {not_tried}. Failed: {failed}."
        ));
        if let Some(error) = self.broken {
            return Err(error);
        }
        let findings: Vec<Value> = self.findings.iter().map(document).collect();
        let summary =
            json!({"ok": ok, "differs": differs, "not_tried": not_tried, "failed": failed});
        let document =
            json!({"account_origin": self.account, "findings": findings, "summary": summary});
        Ok((failed == 0, document))
    }
}

fn document(finding: &Finding) -> Value {
    let Finding { group, subject, verdict, basis, expected, found } = finding;
    let verdict = verdict.word().replace(' ', "_");
    match expected.is_empty() {
        true => json!({"group": group, "subject": subject, "verdict": verdict, "why": found}),
        false => json!({
            "group": group, "subject": subject, "verdict": verdict, "basis": basis.word(),
            "expected": expected, "found": found,
        }),
    }
}
