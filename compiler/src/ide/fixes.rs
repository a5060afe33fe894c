//! A range of a file -> what can be done there: the fixes of findings, and changes that keep the meaning.
//!
//! Edits of one action never overlap. "Fix all" takes only findings that have one way out.

mod convert;
mod narrow;
mod refactor;

pub use convert::convert;

use super::View;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::source::{FileId, Span};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// It answers a finding.
    Fix,
    /// It states a finding's example as an expectation.
    Expect,
    Extract,
    Inline,
    /// It says the same in another way.
    Rewrite,
    Imports,
    FixAll,
}

/// Something that can be done to the text.
#[derive(Debug, Clone)]
pub struct Action {
    pub title: String,
    pub kind: ActionKind,
    pub edits: Vec<Edit>,
    /// The finding that it answers, by its place in the report.
    pub finding: Option<usize>,
    /// The one way out of the finding.
    pub preferred: bool,
}

/// What can be done within a range.
pub fn actions(view: &View, range: Span) -> Vec<Action> {
    let mut out = Vec::new();
    let here = |d: &Diagnostic| {
        let touches = |s: Span| s.file == range.file && s.start <= range.end && range.start <= s.end;
        touches(d.span) || d.labels.iter().any(|l| !l.text.is_empty() && touches(l.span))
    };
    let found = view.diagnostics.iter().enumerate().filter(|(_, d)| here(d));
    for (i, d) in found {
        let ways = d.fixes.iter().filter(|f| !f.edits.is_empty());
        let only = ways.clone().count() == 1;
        out.extend(ways.map(|fix| Action {
            title: fix.title.clone(),
            kind: ActionKind::Fix,
            edits: fix.edits.clone(),
            finding: Some(i),
            preferred: only,
        }));
        if d.code == &codes::CONFLICT {
            out.extend(narrow::narrow(view, i, d));
        }
        out.extend(d.expects.iter().map(|(title, item)| Action {
            title: format!("state that the example is {title}"),
            kind: ActionKind::Expect,
            edits: vec![append(view, d.span.file, item)],
            finding: Some(i),
            preferred: false,
        }));
    }
    out.extend(refactor::extract(view, range));
    out.extend(refactor::inline(view, range));
    out.extend(refactor::imports(view, range.file));
    let all = fix_all(view, range.file);
    if !all.is_empty() {
        let title = "repair all that has one repair".to_string();
        out.push(Action { title, kind: ActionKind::FixAll, edits: all, finding: None, preferred: false });
    }
    out
}

/// The edits of every mistake of a file that has exactly one repair. Findings about what the rules decide are left out:
/// which way out is meant is the author's business.
pub fn fix_all(view: &View, file: FileId) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mechanical = |d: &&Diagnostic| d.code.id < "O3" && d.code.id != codes::UNCITED.id;
    for d in view.diagnostics.iter().filter(|d| d.span.file == file).filter(mechanical) {
        let mut ways = d.fixes.iter().filter(|f| !f.edits.is_empty());
        let (Some(fix), None) = (ways.next(), ways.next()) else { continue };
        let free = |e: &Edit| {
            let apart = |o: &Edit| o.span.file != e.span.file || o.span.end < e.span.start || e.span.end < o.span.start;
            e.span.file == file && edits.iter().all(apart)
        };
        if fix.edits.iter().all(free) {
            edits.extend(fix.edits.iter().cloned());
        }
    }
    edits.sort_by_key(|e| e.span);
    edits
}

/// An item at the end of a file.
fn append(view: &View, file: FileId, item: &str) -> Edit {
    let text = &view.checked.sources.get(file).text;
    let end = Span::new(file, text.len()..text.len());
    let gap = if text.is_empty() || text.ends_with("\n\n") {
        ""
    } else if text.ends_with('\n') {
        "\n"
    } else {
        "\n\n"
    };
    Edit::replace(end, format!("{gap}{item}\n"))
}
