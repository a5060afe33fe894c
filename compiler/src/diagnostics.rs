//! Diagnostics: what the compiler has to say about a text, as plain data.
//!
//! Every stage returns its value and its diagnostics. A diagnostic carries its code, the places, a witness, the reasons
//! and the fixes; rendering to a terminal, JSON or an editor happens elsewhere and adds nothing.

mod checkstyle;
pub mod codes;
mod fingerprint;
mod fix;
mod github;
mod gitlab;
pub mod json;
mod junit;
pub mod render;
mod sarif;

pub use checkstyle::checkstyle;
pub use codes::Code;
pub use fingerprint::{about, fingerprints};
pub use fix::edited;
pub use github::github;
pub use gitlab::gitlab;
pub use junit::junit;
pub use sarif::sarif;

use crate::source::Span;
use serde::Serialize;

/// How bad it is. `Error` fails the check by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Note,
    Warning,
    Error,
}

#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub code: &'static Code,
    pub level: Level,
    /// One sentence that starts in lower case and has no full stop; names of the policy in backticks.
    pub message: String,
    /// Where it is.
    pub span: Span,
    /// What stands at the place, and further places: both clauses of a conflict. The first belongs to `span`.
    pub labels: Vec<Label>,
    /// Lines below the quotes, each a sentence of its own: the witness ("for example: …"), what happens today and why,
    /// the share of all kinds of case.
    pub notes: Vec<String>,
    /// One to three ways out. One without edits is advice in words.
    pub fixes: Vec<Fix>,
    /// The text has no effect (shown dimmed in editors).
    pub unnecessary: bool,
    /// For machines: the witness as facts and values, in the words of the policy; empty without one.
    pub witness: Vec<(String, String)>,
    /// The witness as expectations, one for each answer that it could have: the answer ("permitted"), the whole item.
    pub expects: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

#[derive(Debug, Clone)]
pub struct Fix {
    /// An order: "make `a` an exception to `b`, if it should win".
    pub title: String,
    pub edits: Vec<Edit>,
}

/// Replace the text under `span`; an empty span inserts. The edits of one fix do not overlap.
#[derive(Debug, Clone)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

impl Diagnostic {
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level,
            message: message.into(),
            span,
            labels: Vec::new(),
            notes: Vec::new(),
            fixes: Vec::new(),
            unnecessary: false,
            witness: Vec::new(),
            expects: Vec::new(),
        }
    }

    /// Moves it by so many bytes, with all that it points at.
    pub(crate) fn shift(&mut self, by: i64) {
        let labels = self.labels.iter_mut().map(|l| &mut l.span);
        let edits = self.fixes.iter_mut().flat_map(|f| &mut f.edits).map(|e| &mut e.span);
        for span in labels.chain(edits).chain([&mut self.span]) {
            let moved = |offset: u32| (i64::from(offset) + by) as u32;
            (span.start, span.end) = (moved(span.start), moved(span.end));
        }
    }

    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// A fix in words.
    pub fn help(mut self, title: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits: Vec::new() });
        self
    }

    /// A fix that the editor can apply.
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }

    /// The order of a report: by file, place, code.
    pub fn sort_key(&self) -> (u32, u32, &'static str, &str) {
        (self.span.file.0, self.span.start, self.code.id, &self.message)
    }
}

impl Edit {
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// `2,304`. `u128::MAX` stands for that many or more.
pub fn thousands(n: u128) -> String {
    if n == u128::MAX {
        return "more than 10^38".into();
    }
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share in words, and never a rounded 0 or 100: `25 %`, `0.74 %`, `less than 0.01 %`.
pub fn percent(part: u128, all: u128) -> String {
    if part == all {
        return "100 %".into();
    }
    let share = 100.0 * part as f64 / all as f64;
    match share {
        _ if part == 0 => "0 %".into(),
        s if s < 0.01 => "less than 0.01 %".into(),
        s if s < 10.0 => format!("{s:.2} %"),
        s if s > 99.9 => "more than 99.9 %".into(),
        s => format!("{s:.0} %"),
    }
}
