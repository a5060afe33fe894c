//! A text -> the edits that lay it out, all of it or a range.
//!
//! The formatter moves tokens and changes none, so what differs are the gaps between them: each that does is one edit, and
//! cursors and marks elsewhere stay where they are.

use super::View;
use crate::diagnostics::Edit;
use crate::format::format;
use crate::lex::lex;
use crate::source::{FileId, Span};
use crate::syntax::token::TokenKind;

/// The edits that lay out what lies in `range`; the whole file where that is `None`. Empty where the text is laid out
/// already or too broken to be.
pub fn reformat(view: &View, file: FileId, range: Option<Span>) -> Vec<Edit> {
    if view.tree(file).is_none() {
        return Vec::new();
    }
    let text = &view.checked.sources.get(file).text;
    let edits = format(text).map_or(Vec::new(), |new| edits(file, text, &new));
    let within = |e: &Edit| range.is_none_or(|r| r.start <= e.span.start && e.span.end <= r.end);
    edits.into_iter().filter(within).collect()
}

/// What to lay out when a brace was typed before the offset: the lines up to it from the item that it ends.
pub fn after_brace(view: &View, file: FileId, offset: u32) -> Vec<Edit> {
    let text = &view.checked.sources.get(file).text;
    let (tokens, _) = lex(file, text);
    let mut depth = 0_i32;
    let mut start = None;
    for token in tokens.iter().rev().filter(|t| t.span.end <= offset) {
        match token.kind {
            TokenKind::RBrace => depth += 1,
            TokenKind::LBrace => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            start = Some(token.span.start);
            break;
        }
    }
    let Some(start) = start else { return Vec::new() };
    let line = text.get(..start as usize).and_then(|t| t.rfind('\n')).map_or(0, |i| i as u32);
    reformat(view, file, Some(Span { file, start: line, end: offset }))
}

/// The gaps that differ; the whole text where tokens do.
fn edits(file: FileId, old: &str, new: &str) -> Vec<Edit> {
    let (a, b) = (lex(file, old).0, lex(file, new).0);
    let text = |text: &'_ str, span: Span| text.get(span.range()).unwrap_or_default().to_string();
    let same = a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| text(old, x.span) == text(new, y.span));
    if !same {
        return vec![Edit::replace(Span::new(file, 0..old.len()), new)];
    }
    let mut edits = Vec::new();
    let (mut before, mut there) = (0, 0);
    for i in 0..=a.len() {
        let (end, stop) = match (a.get(i), b.get(i)) {
            (Some(x), Some(y)) => (x.span.start as usize, y.span.start as usize),
            _ => (old.len(), new.len()),
        };
        let (gap, wanted) = (old.get(before..end).unwrap_or_default(), new.get(there..stop).unwrap_or_default());
        if gap != wanted {
            edits.push(Edit::replace(Span::new(file, before..end), wanted));
        }
        if let (Some(x), Some(y)) = (a.get(i), b.get(i)) {
            (before, there) = (x.span.end as usize, y.span.end as usize);
        }
    }
    edits
}
