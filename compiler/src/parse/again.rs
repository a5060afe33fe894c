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
//!
//! While a text has errors, every state of it is an edit of the last one that had none: what an edit did to a tree can be
//! undone, so one tree is enough.

use super::{MAX_DEPTH, Within, parse_parts};
use crate::diagnostics::Diagnostic;
use crate::source::{Difference, FileId, Span};
use crate::syntax::ast::{Item, ItemKind};
use crate::syntax::{ast, shift::shift};
use std::ops::Range;

/// A part longer than this that is most of the text is not worth it.
const SMALL: usize = 4096;

/// What an edit makes of a tree: some of its items become others, and those behind them move.
#[derive(Debug, Clone)]
pub struct Patch {
    /// The sections in which they stand, from the outside in.
    sections: Vec<usize>,
    replaced: Range<usize>,
    items: Vec<Item>,
    by: i64,
    /// What is wrong with the text after the edit.
    pub errors: Vec<Diagnostic>,
}

impl Patch {
    /// What makes the tree of `text` of `tree`, which is that of `old` and was parsed without an error. `None` where `text`
    /// has to be parsed as a whole.
    pub fn new(file: FileId, old: &str, tree: &ast::File, text: &str) -> Option<Self> {
        let difference = Difference::between(old, text);
        let by = text.len() as i64 - old.len() as i64;
        if difference.is_none() {
            return Some(Self { sections: Vec::new(), replaced: 0..0, items: Vec::new(), by, errors: Vec::new() });
        }
        let edit = Edit { file, text, start: difference.start as u32, end: difference.old as u32, by };
        edit.patch(&tree.items, Vec::new())
    }

    /// Applies it to the tree it was made for, and gives what makes that tree again of the new one.
    pub fn apply(self, tree: &mut ast::File) -> Self {
        let Self { by, .. } = self;
        let Some(items) = moved(&mut tree.items, &self.sections, by) else { return self };
        shift(items.get_mut(self.replaced.end..).unwrap_or_default(), by);
        let replaced = self.replaced.start..self.replaced.start + self.items.len();
        let old = items.splice(self.replaced, self.items).collect();
        Self { sections: self.sections, replaced, items: old, by: -by, errors: Vec::new() }
    }
}

/// Moves what stands behind these sections, and their ends -> the items of the innermost. Recursion is as deep as sections
/// nest, which the parser bounds.
fn moved<'t>(items: &'t mut Vec<Item>, sections: &[usize], by: i64) -> Option<&'t mut Vec<Item>> {
    let Some((&section, inner)) = sections.split_first() else { return Some(items) };
    shift(items.get_mut(section + 1..)?, by);
    let item = items.get_mut(section)?;
    item.span.end = (i64::from(item.span.end) + by) as u32;
    let ItemKind::Section(section) = &mut item.kind else { return None };
    moved(&mut section.items, inner, by)
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
    /// What it makes of a list of items: those of the file, or of the innermost of these sections.
    fn patch(&self, items: &[Item], sections: Vec<usize>) -> Option<Patch> {
        let depth = sections.len();
        // Those before the change, with at least one byte between; and the first one behind it, likewise.
        let before = items.partition_point(|i| i.span.end < self.start);
        let behind = items.partition_point(|i| i.span.start <= self.end);
        if let Some(item) = items.get(before).filter(|_| behind == before + 1)
            && depth < MAX_DEPTH
            && let ItemKind::Section(inner) = &item.kind
            && let Some(patch) = self.patch(&inner.items, [sections.as_slice(), &[before]].concat())
        {
            return Some(patch);
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
        if let Some(span) = last {
            let by = |offset: u32| (i64::from(offset) + self.by) as u32;
            let moved = Span { start: by(span.start), end: by(span.end), ..span };
            new.last().filter(|item| item.span == moved)?;
        }
        let replaced = first..(behind + 1).min(items.len());
        Some(Patch { sections, replaced, items: new, by: self.by, errors })
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
