//! Source files: ids, spans and line starts.
//!
//! A span is a byte range in one file. Everything that points into text points with a span; lines and columns are
//! computed only when something is shown. Must not know where files come from.

use std::ops::Range;
use std::sync::Arc;

/// A file of the project, or of the standard library; an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FileId(pub u32);

/// A range of bytes in one file, `start..end`, always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start as u32, end: range.end as u32 }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both; both are in one file.
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The empty span at the end of this one.
    pub fn after(self) -> Span {
        Span { start: self.end, ..self }
    }

    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }
}

/// One file's name and text. `path` is shown to people: relative to the project, `/`-separated, or `<std/school.ordain>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: String,
    pub text: Arc<str>,
    line_starts: Vec<u32>,
}

impl Source {
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i as u32 + 1)).collect();
        Self { path: path.into(), text, line_starts }
    }

    /// Zero-based line and zero-based byte column of an offset; offsets past the end clamp.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let offset = offset.min(self.text.len() as u32);
        let line = self.line_starts.partition_point(|&s| s <= offset) - 1;
        (line as u32, offset - self.line_starts[line])
    }

    /// The byte offset at which a zero-based line starts; lines past the end clamp.
    pub fn line_start(&self, line: u32) -> u32 {
        self.line_starts.get(line as usize).copied().unwrap_or(self.text.len() as u32)
    }

    /// A line's text without its line break.
    pub fn line(&self, line: u32) -> &str {
        let (start, end) = (self.line_start(line) as usize, self.line_start(line + 1) as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The span, with its lines' ends if nothing else stands on them.
    pub fn whole_lines(&self, span: Span) -> Span {
        let text = &self.text;
        let (Some(before), Some(after)) = (text.get(..span.start as usize), text.get(span.end as usize..)) else {
            return span;
        };
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        let end = after.find('\n').map_or(text.len(), |i| span.end as usize + i + 1);
        let alone =
            text[start..span.start as usize].trim().is_empty() && text[span.end as usize..end].trim().is_empty();
        if alone { Span::new(span.file, start..end) } else { span }
    }

    pub fn lines(&self) -> usize {
        self.line_starts.len()
    }
}

/// All files, by id.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    pub fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId(self.files.len() as u32 - 1)
    }

    pub fn get(&self, file: FileId) -> &Source {
        &self.files[file.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(i, s)| (FileId(i as u32), s))
    }

    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.iter().position(|s| s.path == path).map(|i| FileId(i as u32))
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or("")
    }

    /// `path:line:column`, one-based, column in characters.
    pub fn place(&self, span: Span) -> String {
        let source = self.get(span.file);
        let (line, column) = source.line_column(span.start);
        let column = source.line(line).get(..column as usize).map_or(column as usize, |s| s.chars().count());
        format!("{}:{}:{}", source.path, line + 1, column + 1)
    }
}
