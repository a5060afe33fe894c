//! What is said about a project -> the marks of each file.

use crate::diagnostics::{Code, Diagnostic, Fix, Level};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// One diagnostic as an editor shows it.
#[derive(Debug, Clone)]
pub struct Marked {
    pub span: Span,
    pub code: &'static Code,
    pub level: Level,
    /// The message with its notes and ways out, one a line.
    pub text: String,
    pub related: Vec<Related>,
    /// Shown dimmed: the text has no effect.
    pub unnecessary: bool,
    pub fixes: Vec<Fix>,
}

/// Another place that belongs to it.
#[derive(Debug, Clone)]
pub struct Related {
    pub span: Span,
    pub text: String,
}

/// The marks of every file that has some.
pub fn diagnostics(all: &[Diagnostic]) -> BTreeMap<FileId, Vec<Marked>> {
    let mut files: BTreeMap<FileId, Vec<Marked>> = BTreeMap::new();
    for diagnostic in all {
        files.entry(diagnostic.span.file).or_default().push(marked(diagnostic));
    }
    files
}

fn marked(diagnostic: &Diagnostic) -> Marked {
    let mut lines = vec![format!("{}: {}", diagnostic.code.name, diagnostic.message)];
    lines.extend(diagnostic.notes.iter().cloned());
    lines.extend(diagnostic.fixes.iter().map(|fix| format!("help: {}", fix.title)));
    let related = diagnostic
        .labels
        .iter()
        .filter(|label| !label.text.is_empty())
        .map(|label| Related { span: label.span, text: label.text.replace('\n', ", ") })
        .collect();
    Marked {
        span: diagnostic.span,
        code: diagnostic.code,
        level: diagnostic.level,
        text: lines.join("\n"),
        related,
        unnecessary: diagnostic.unnecessary,
        fixes: diagnostic.fixes.clone(),
    }
}
