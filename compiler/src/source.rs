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
    line_starts: Arc<Vec<u32>>,
}

impl Source {
    pub fn new(path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i as u32 + 1)).collect();
        Self { path: path.into(), text, line_starts: Arc::new(line_starts) }
    }

    /// The same file with another text: only the lines between what the two have in common are looked for.
    pub fn with(&self, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let Difference { start, old, new } = Difference::between(&self.text, &text);
        let kept = self.line_starts.partition_point(|&s| s as usize <= start);
        let behind = self.line_starts.partition_point(|&s| s as usize <= old);
        let mut line_starts = Vec::with_capacity(self.line_starts.len() + 16);
        line_starts.extend_from_slice(&self.line_starts[..kept]);
        let within = text.as_bytes()[start..new].iter().enumerate().filter(|b| *b.1 == b'\n');
        line_starts.extend(within.map(|(i, _)| (start + i + 1) as u32));
        line_starts.extend(self.line_starts[behind..].iter().map(|&s| (s as usize - old + new) as u32));
        Self { path: self.path.clone(), text, line_starts: Arc::new(line_starts) }
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

/// Where two texts differ: between the bytes that they have in common at their starts, and those at their ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// From here, in both...
    pub start: usize,
    /// ...to here in the old text,
    pub old: usize,
    /// and to here in the new one.
    pub new: usize,
}

impl Difference {
    pub fn between(old: &str, new: &str) -> Self {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let start = alike(old, new);
        let end = alike_from_end(&old[start..], &new[start..]);
        Self { start, old: old.len() - end, new: new.len() - end }
    }

    pub fn is_none(self) -> bool {
        self.start == self.old && self.start == self.new
    }

    /// How many bytes further left the same text could be inserted or taken out, with the same outcome: who types `r`
    /// before `rule`, types it before its `r` or behind it.
    pub fn slack(self, old: &str, new: &str) -> usize {
        let (text, end) = match self {
            Self { start, old: end, new } if start == new => (old.as_bytes(), end),
            Self { start, old, new: end } if start == old => (new.as_bytes(), end),
            _ => return 0,
        };
        (1..=self.start).take_while(|back| text[self.start - back] == text[end - back]).count()
    }
}

/// How many bytes the two have in common at their starts.
fn alike(a: &[u8], b: &[u8]) -> usize {
    const BLOCK: usize = 4096;
    let blocks = a.chunks_exact(BLOCK).zip(b.chunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    blocks + a[blocks..].iter().zip(&b[blocks..]).take_while(|(a, b)| a == b).count()
}

fn alike_from_end(a: &[u8], b: &[u8]) -> usize {
    const BLOCK: usize = 4096;
    let blocks = a.rchunks_exact(BLOCK).zip(b.rchunks_exact(BLOCK)).take_while(|(a, b)| a == b).count() * BLOCK;
    let rest = (&a[..a.len() - blocks], &b[..b.len() - blocks]);
    blocks + rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// The parts of two lists between the elements that are the same at their starts, and those at their ends.
pub fn between<A, B>(old: &[A], new: &[B], same: impl Fn(&A, &B) -> bool) -> (Range<usize>, Range<usize>) {
    let before = old.iter().zip(new).take_while(|(a, b)| same(a, b)).count();
    let most = old.len().min(new.len()) - before;
    let behind = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| same(a, b)).count();
    (before..old.len() - behind, before..new.len() - behind)
}

/// Two states of the same files: says what stands in them as it stood.
pub struct States<'s> {
    old: &'s Sources,
    new: &'s Sources,
    /// By file.
    differences: Vec<Difference>,
}

impl<'s> States<'s> {
    pub fn new(old: &'s Sources, new: &'s Sources) -> Self {
        let texts = old.files.iter().zip(&new.files);
        let differences = texts.map(|(a, b)| Difference::between(&a.text, &b.text)).collect();
        Self { old, new, differences }
    }

    /// The same text in the same file.
    pub fn same(&self, there: Span, here: Span) -> bool {
        let Some(difference) = self.differences.get(there.file.0 as usize).filter(|_| there.file == here.file) else {
            return false;
        };
        let Difference { start, old, new } = *difference;
        let ((a, x), (b, y)) = ((there.range().start, there.range().end), (here.range().start, here.range().end));
        let before = x <= start && (a, x) == (b, y);
        let behind = a >= old && b >= new && (a - old, x - old) == (b - new, y - new);
        before || behind || self.old.text(there) == self.new.text(here)
    }

    pub fn all_same(&self, there: &[Span], here: &[Span]) -> bool {
        there.len() == here.len() && there.iter().zip(here).all(|(a, b)| self.same(*a, *b))
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
