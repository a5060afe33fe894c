//! A large text -> its tree, in two halves side by side.
//!
//! Why it exists: to read a text is a fourth of the time in which a large policy is proved, and the other processor has
//! nothing to do meanwhile. Must not change what comes of it: where a half has any error, or leaves anything open, the text
//! is parsed as a whole.

use super::parse_tokens;
use crate::beside::side_by_side;
use crate::source::FileId;
use crate::syntax::ast::{self, Item};
use crate::syntax::shift::shift;
use crate::syntax::token::TokenKind;

/// Texts that are shorter, in bytes, are not worth a thread.
const LARGE: usize = 1 << 16;

/// The tree, if the text is large and nothing is wrong with it.
pub fn parse(file: FileId, text: &str) -> Option<ast::File> {
    if text.len() < LARGE {
        return None;
    }
    let at = cuts(text, text.len() / 2).next()?;
    cut(file, text, at)
}

/// The tree of a text that is cut at a place.
pub(super) fn cut(file: FileId, text: &str, at: usize) -> Option<ast::File> {
    let (first, second) = text.split_at_checked(at)?;
    let second = || {
        let mut items = items(file, second, true)?;
        shift(&mut items, at as i64);
        Some(items)
    };
    let (first, second) = side_by_side(|| items(file, first, false), second);
    let mut items = first?;
    items.append(&mut second?);
    Some(ast::File { items })
}

/// The items of a part with which nothing is wrong, if it ends with what means something: comments are an item's that
/// follows.
fn items(file: FileId, part: &str, last: bool) -> Option<Vec<Item>> {
    let (tokens, errors) = crate::lex::lex(file, part);
    if !errors.is_empty() || !last && tokens.last().is_none_or(|t| t.kind.is_trivia()) {
        return None;
    }
    let parsed = parse_tokens(file, part, &tokens, errors);
    (parsed.errors.is_empty() && parsed.closed).then_some(parsed.file.items)
}

/// Where a text may be cut, from a place on: before a line that begins with the word of an item, behind a line that ends
/// with a brace, where as many braces are closed as were opened. So what ends there, ends wherever it is read.
pub(super) fn cuts(text: &str, from: usize) -> impl Iterator<Item = usize> + '_ {
    let ends = text.bytes().enumerate().skip(from).filter(|(_, byte)| *byte == b'\n');
    let (mut open, mut counted) = (0, 0);
    ends.map(|(at, _)| at + 1).filter(move |at| {
        open += opened(&text.as_bytes()[counted..*at]);
        counted = *at;
        let word = text[*at..].split(|c: char| c != '_' && !c.is_alphanumeric()).next();
        open == 0
            && word.is_some_and(|word| TokenKind::of_word(word).starts_item())
            && text[..*at].trim_end().ends_with('}')
    })
}

/// How many braces more are opened than closed. Texts and comments may have some, too; then there are fewer places to cut.
fn opened(bytes: &[u8]) -> isize {
    let count = |brace: u8| bytes.iter().filter(|byte| **byte == brace).count() as isize;
    count(b'{') - count(b'}')
}
