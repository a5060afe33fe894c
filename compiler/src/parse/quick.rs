//! The tokens of one small part -> its tree, by hand.
//!
//! Why it exists: nearly every part of nearly every text is in order, and then all that is asked for is its tree. This
//! builds it in one pass, several times as fast as the combinators of `grammar` can, and gives up without a word on what
//! it does not take. `grammar` stays the definition: it decides about all that is not taken here, and it alone knows what
//! was expected. A test holds the two together on thousands of texts (`tests/quick.rs`).
//!
//! What stands here never takes back a token; where the grammar would, it looks ahead. Recursion is as deep as brackets
//! nest, which `brackets` bounds before any part is read. Must not report anything.

mod conds;
mod items;

use super::grammar::{self, Tok};
use crate::source::Span;
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;

pub struct Quick<'a> {
    text: &'a str,
    toks: &'a [Tok],
    at: usize,
}

impl<'a> Quick<'a> {
    /// What `part` makes of all these tokens; `None` where it does not take them, or not all of them.
    pub fn read<O>(text: &'a str, toks: &'a [Tok], part: fn(&mut Self) -> Option<O>) -> Option<O> {
        let mut quick = Quick { text, toks, at: 0 };
        part(&mut quick).filter(|_| quick.at == toks.len())
    }

    /// The kind of the next token; behind the last one that of no token of a part.
    fn peek(&self) -> K {
        self.ahead(0)
    }

    fn ahead(&self, n: usize) -> K {
        self.toks.get(self.at + n).map_or(K::Stray, |t| t.0)
    }

    /// The next token, if it is of this kind.
    fn take(&mut self, kind: K) -> Option<Span> {
        let &(found, span) = self.toks.get(self.at)?;
        (found == kind).then(|| {
            self.at += 1;
            span
        })
    }

    fn has(&mut self, kind: K) -> bool {
        self.take(kind).is_some()
    }

    /// From a token to the last one taken.
    fn since(&self, first: usize) -> Option<Span> {
        Some(self.toks.get(first)?.1.to(self.toks.get(self.at.checked_sub(1)?)?.1))
    }

    fn name(&mut self) -> Option<Name> {
        self.name_if(K::is_name)
    }

    fn name_if(&mut self, fits: impl Fn(K) -> bool) -> Option<Name> {
        let &(kind, span) = self.toks.get(self.at)?;
        (kind.is_name() && fits(kind)).then(|| {
            self.at += 1;
            grammar::named(self.text, span)
        })
    }

    /// One or more, separated by commas.
    fn list<O>(&mut self, part: impl Fn(&mut Self) -> Option<O>) -> Option<Vec<O>> {
        let mut all = vec![part(self)?];
        while self.has(K::Comma) {
            all.push(part(self)?);
        }
        Some(all)
    }

    fn names(&mut self) -> Option<Vec<Name>> {
        self.list(Self::name)
    }

    fn string(&mut self) -> Option<Str> {
        self.take(K::String).map(|span| grammar::quoted(self.text, span))
    }

    fn dotted(&mut self, segment: impl Fn(&mut Self) -> Option<Name>) -> Option<Path> {
        let first = self.at;
        let mut segments = vec![segment(self)?];
        while self.has(K::Dot) {
            segments.push(segment(self)?);
        }
        Some(Path { segments, span: self.since(first)? })
    }

    fn path(&mut self) -> Option<Path> {
        self.dotted(Self::name)
    }

    fn literal(&mut self, kind: K, make: impl Fn(&str) -> LiteralKind) -> Option<Literal> {
        let span = self.take(kind)?;
        Some(Literal { span, kind: make(self.text.get(span.range()).unwrap_or("")) })
    }

    fn number(&mut self) -> Option<Literal> {
        self.literal(K::Number, super::conds::number_of)
    }

    fn date(&mut self) -> Option<Literal> {
        self.literal(K::Date, |day| LiteralKind::Date(Text::new(day)))
    }

    fn time(&mut self) -> Option<Literal> {
        self.literal(K::Time, |time| LiteralKind::Time(Text::new(time)))
    }
}
