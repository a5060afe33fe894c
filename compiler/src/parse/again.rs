//! The tree of a text, and the text after an edit -> its tree.
//!
//! Why it exists: an edit costs what it touches. Where two texts differ in one place, the items before it are the same
//! and those behind it the same further on; only the item before the change, those in it and the one behind it are
//! parsed. The items of a section are looked into in the same way. The result is what `parse` makes of the new text: a
//! test compares them on random edits. Must not guess: whatever does not fit exactly is left to `parse`.
//!
//! Why one item more on each side: where an item ends is decided by what follows, so the one before the change is parsed
//! once more, and the one behind it must come out again at its place. Where all brackets are closed and no comment or text
//! is open, nothing else reaches across the border of an item: so a part may have errors, but not of these kinds.

use super::{MAX_DEPTH, Within, parse_parts};
use crate::diagnostics::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Item, ItemKind};
use crate::syntax::{ast, shift::shift};

/// A part longer than this that is most of the text is not worth it.
const SMALL: usize = 4096;

/// The tree of `text` and its errors, made from `tree`, which is that of `old` and was parsed without an error. `Err` gives
/// the tree back untouched where `text` has to be parsed as a whole.
pub fn parse_again(
    file: FileId,
    old: &str,
    mut tree: ast::File,
    text: &str,
) -> Result<(ast::File, Vec<Diagnostic>), ast::File> {
    let same = alike(old.as_bytes(), text.as_bytes());
    let rest = (&old.as_bytes()[same..], &text.as_bytes()[same..]);
    let behind = rest.0.len() - alike_from_end(rest.0, rest.1);
    let edit =
        Edit { file, text, start: same as u32, end: (same + behind) as u32, by: text.len() as i64 - old.len() as i64 };
    if edit.start == edit.end && edit.by == 0 {
        return Ok((tree, Vec::new()));
    }
    match edit.apply(&mut tree.items, 0) {
        Some(errors) => Ok((tree, errors)),
        None => Err(tree),
    }
}

/// What stood from `start` to `end` became longer by `by` bytes.
struct Edit<'a> {
    file: FileId,
    /// The new text.
    text: &'a str,
    start: u32,
    end: u32,
    by: i64,
}

impl Edit<'_> {
    /// Brings a list of items up to date, or leaves it as it is: those of the file, or of a section so many deep. Tells the
    /// errors.
    fn apply(&self, items: &mut Vec<Item>, depth: usize) -> Option<Vec<Diagnostic>> {
        // Those before the change, with at least one byte between; and the first one behind it, likewise.
        let before = items.partition_point(|i| i.span.end < self.start);
        let behind = items.partition_point(|i| i.span.start <= self.end);
        if let Some(item) = items.get_mut(before).filter(|_| behind == before + 1)
            && depth < MAX_DEPTH
            && let ItemKind::Section(inner) = &mut item.kind
            && let Some(errors) = self.apply(&mut inner.items, depth + 1)
        {
            self.moved(&mut item.span, false);
            shift(&mut items[behind..], self.by);
            return Some(errors);
        }
        let first = before.saturating_sub(1);
        // In a section only what lies between two of its items can be told apart from its braces.
        let from = match first.checked_sub(1).and_then(|i| items.get(i)) {
            Some(item) => item.span.end as usize,
            None if depth == 0 => 0,
            None => return None,
        };
        let last = items.get(behind).map(|item| item.span);
        let to = match last {
            Some(span) => (i64::from(span.end) + self.by) as usize,
            None if depth == 0 => self.text.len(),
            None => return None,
        };
        let (new, errors) = self.parse(from, to, depth)?;
        if let Some(mut span) = last {
            self.moved(&mut span, true);
            new.last().filter(|item| item.span == span)?;
        }
        shift(items.get_mut(behind + 1..).unwrap_or_default(), self.by);
        items.splice(first..(behind + 1).min(items.len()), new);
        Some(errors)
    }

    /// Moves what stands around the change, or behind it.
    fn moved(&self, span: &mut Span, start: bool) {
        let by = |offset: u32| (i64::from(offset) + self.by) as u32;
        span.end = by(span.end);
        if start {
            span.start = by(span.start);
        }
    }

    /// The items of a part of the new text and its errors; nothing where these may reach further.
    fn parse(&self, from: usize, to: usize, depth: usize) -> Option<(Vec<Item>, Vec<Diagnostic>)> {
        let part = self.text.get(from..to)?;
        if part.len() > SMALL && part.len() > self.text.len() / 2 {
            return None;
        }
        let (tokens, errors) = crate::lex::lex(self.file, part);
        if !errors.is_empty() {
            return None;
        }
        let within = Within { depth, by_hand: true };
        let parsed = parse_parts(self.file, part, &tokens, errors, within);
        if !parsed.closed {
            return None;
        }
        let mut items = parsed.file.items;
        shift(&mut items, from as i64);
        let mut errors = parsed.errors;
        errors.iter_mut().for_each(|error| error.shift(from as i64));
        Some((items, errors))
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
