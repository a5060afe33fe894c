//! Texts with a cursor `$0` -> what the editor shows there. Files of a fixture are parted by lines `-- path`; one without
//! such a line is the file `p.ordain`. The finding that an action answers must be gone once it is applied.

use super::{Index, Measured, View, measure};
use crate::diagnostics::Edit;
use crate::source::{FileId, Span};
use crate::workspace::{Change, Checked, Workspace};

mod actions;
mod completion;
mod earlier;
mod hovers;
mod lookups;
mod robust;
mod shown;

/// A project, checked and measured, and where the cursor is: `$0`, or what lies between two of them.
pub(super) struct Fixture {
    pub files: Vec<(String, String)>,
    pub checked: Checked,
    pub index: Index,
    pub measured: Option<Measured>,
    pub cursor: Span,
}

pub(super) fn workspace(files: &[(String, String)]) -> Workspace {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: path.clone(), text: text.as_str().into() });
    }
    workspace
}

impl Fixture {
    pub fn new(text: &str) -> Self {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            match line.strip_prefix("-- ") {
                Some(path) => files.push((path.trim().to_string(), String::new())),
                None => {
                    if files.is_empty() {
                        files.push(("p.ordain".into(), String::new()));
                    }
                    if let Some(last) = files.last_mut() {
                        last.1.push_str(line);
                    }
                }
            }
        }
        let mut places: Vec<(String, usize)> = Vec::new();
        for (path, text) in &mut files {
            while let Some(at) = text.find("$0") {
                text.replace_range(at..at + 2, "");
                places.push((path.clone(), at));
            }
        }
        let checked = workspace(&files).check();
        let index = Index::new(&checked);
        let measured = checked.lower().and_then(|mut l| measure::measure(&mut l, &checked.sources, &|| true));
        let file = |path: &str| checked.sources.find(path).expect("a file of the fixture");
        let cursor = match places.as_slice() {
            [(path, at)] => Span::new(file(path), *at..*at),
            [(path, from), (_, to)] => Span::new(file(path), *from..*to),
            _ => Span::new(FileId(0), 0..0),
        };
        Self { files, checked, index, measured, cursor }
    }

    pub fn view(&self) -> View<'_> {
        View {
            checked: &self.checked,
            diagnostics: &self.checked.diagnostics,
            index: &self.index,
            measured: self.measured.as_ref(),
            current: true,
        }
    }

    /// `path:line:column` and the text under a span.
    pub fn place(&self, span: Span) -> String {
        format!("{} `{}`", self.checked.sources.place(span), self.checked.sources.text(span).replace('\n', "⏎"))
    }

    /// The files with these edits made.
    pub fn edited(&self, edits: &[Edit]) -> Vec<(String, String)> {
        let mut files = self.files.clone();
        let mut edits = edits.to_vec();
        edits.sort_by_key(|e| std::cmp::Reverse(e.span));
        for edit in edits {
            let path = &self.checked.sources.get(edit.span.file).path;
            let (_, text) = files.iter_mut().find(|f| f.0 == *path).expect("only files of the project are edited");
            text.replace_range(edit.span.range(), &edit.text);
        }
        files
    }
}

/// The diagnostics of some files: code and message, in order.
pub(super) fn findings(files: &[(String, String)]) -> Vec<(&'static str, String)> {
    workspace(files).check().diagnostics.iter().map(|d| (d.code.id, d.message.clone())).collect()
}
