//! Diagnostics -> JSON, version 1: described by `docs/schema/check.schema.json`.
//!
//! The shape is a promise: fields are added, never renamed or removed, as long as `version` is 1. Must not know who asked.

use super::{Diagnostic, Level};
use crate::source::{Source, Sources, Span};
use serde::Serialize;

/// The version of every JSON document that Ordain writes.
pub const VERSION: u32 = 1;

/// A point in a file.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters (Unicode scalar values).
    pub column: u32,
    /// From 0, in bytes of the file without its byte order mark.
    pub offset: u32,
}

/// A range of a file; `end` is the first position behind it.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub start: Position,
    pub end: Position,
}

#[derive(Debug, Clone, Serialize)]
pub struct Report {
    pub code: &'static str,
    pub name: &'static str,
    pub level: Level,
    pub message: String,
    pub place: Place,
    pub labels: Vec<Label>,
    pub notes: Vec<String>,
    pub fixes: Vec<Fix>,
    pub unnecessary: bool,
    pub witness: Vec<Given>,
    /// The same as long as the finding is, whatever moves in its file.
    pub fingerprint: String,
}

impl Report {
    /// The sentence and the notes, a line each: the witness, what happens today and why.
    pub fn words(&self) -> String {
        std::iter::once(&self.message).chain(&self.notes).map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// A finding that somebody has accepted: it fails no check.
#[derive(Debug, Clone, Serialize)]
pub struct Accepted {
    pub by: By,
    /// The reason that the policy gives.
    pub because: Option<String>,
    /// The last day on which it is accepted.
    pub until: Option<String>,
    #[serde(rename = "diagnostic")]
    pub report: Report,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// An `allow` in the text.
    Policy,
    Baseline,
}

impl By {
    /// The kind of the suppression in SARIF.
    pub(super) fn sarif(self) -> &'static str {
        match self {
            By::Policy => "inSource",
            By::Baseline => "external",
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Fix {
    pub title: String,
    pub edits: Vec<Edit>,
}

/// Replace the text at `place` by `text`.
#[derive(Debug, Clone, Serialize)]
pub struct Edit {
    pub place: Place,
    pub text: String,
}

/// A fact and its value in the words of the policy.
#[derive(Debug, Clone, Serialize)]
pub struct Given {
    pub fact: String,
    pub value: String,
}

/// A count: a number where every reader of JSON can hold it, else its digits as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub u128);

impl Serialize for Count {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match u64::try_from(self.0) {
            Ok(n) if n <= 1 << 53 => serializer.serialize_u64(n),
            _ => serializer.collect_str(&self.0),
        }
    }
}

/// Numbers of diagnostics by level.
#[derive(Debug, Clone, Copy, Default, Serialize, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Counts {
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.level {
                Level::Error => counts.errors += 1,
                Level::Warning => counts.warnings += 1,
                Level::Note => counts.notes += 1,
            }
        }
        counts
    }
}

/// One diagnostic; `path` says how a file is called.
pub fn report(
    diagnostic: &Diagnostic,
    fingerprint: &str,
    sources: &Sources,
    path: &dyn Fn(&Source) -> String,
) -> Report {
    let place = |span: Span| place(span, sources, path);
    Report {
        code: diagnostic.code.id,
        name: diagnostic.code.name,
        level: diagnostic.level,
        message: diagnostic.message.clone(),
        place: place(diagnostic.span),
        labels: diagnostic
            .labels
            .iter()
            .map(|l| Label { place: place(l.span), text: l.text.replace('\n', ", ") })
            .collect(),
        notes: diagnostic.notes.clone(),
        fixes: diagnostic
            .fixes
            .iter()
            .map(|fix| Fix {
                title: fix.title.clone(),
                edits: fix.edits.iter().map(|e| Edit { place: place(e.span), text: e.text.clone() }).collect(),
            })
            .collect(),
        unnecessary: diagnostic.unnecessary,
        witness: diagnostic
            .witness
            .iter()
            .map(|(fact, value)| Given { fact: fact.clone(), value: value.clone() })
            .collect(),
        fingerprint: fingerprint.to_string(),
    }
}

pub fn place(span: Span, sources: &Sources, path: &dyn Fn(&Source) -> String) -> Place {
    let source = sources.get(span.file);
    Place { file: path(source), start: position(source, span.start), end: position(source, span.end) }
}

fn position(source: &Source, offset: u32) -> Position {
    let (line, bytes) = source.line_column(offset);
    let start = source.line_start(line) as usize;
    let before = source.text.get(start..start + bytes as usize);
    let column = before.map_or(bytes as usize, |text| text.chars().count());
    Position { line: line + 1, column: column as u32 + 1, offset }
}
