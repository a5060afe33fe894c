//! The tokens before a place -> what is expected there.

use crate::lex::lex;
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, ItemKind};
use crate::syntax::token::{Token, TokenKind as K};

/// What is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The beginning of an item, a setting, a statement, a claim.
    Item,
    Setting,
    Statement,
    Claim,
    /// A channel, or what may follow the claim: `from`, `to`, `when`.
    Head,
    /// What may follow in a head: `from`, `to`, `when`, `provided`.
    AfterHead,
    Role,
    Channel,
    /// A condition begins: facts, defines, `not`.
    Condition,
    /// What this fact can be asked; what may follow where it is a condition by itself.
    Question(String, &'static [&'static str]),
    /// What may follow a whole condition besides `and` and `or`.
    AfterCondition(&'static [&'static str]),
    /// A value of this fact or decision; whether `any of` and `not` may stand before it.
    Value(String, bool),
    /// A unit of distances.
    Unit,
    Direction,
    /// A moment or number to compare this fact with.
    Moment(String),
    Period,
    Duty,
    Rule,
    /// The exceptions within this rule.
    Within(String),
    Target,
    Policy,
    Default,
    Type,
    Module,
    /// A citation; the file whose headings are wanted, once it is written.
    Cite(Option<String>),
    File,
    Zone,
    Nothing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub expected: Expected,
    /// The word, or the text, that is being typed.
    pub span: Span,
    /// Where the part begins that is being written: it is not spoken of in itself.
    pub part: u32,
    /// The claim begins a statement of a rule, where `provided` may follow.
    pub in_rule: bool,
    /// A line begins here, so the next item, setting or statement may begin as well.
    pub next: Option<Box<Expected>>,
}

/// The block that a place lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Top,
    Policy,
    Rule,
    Provided,
    Expect,
    Tree,
}

/// The parts of a text to read for a place, whose tree says where items begin: the heads of the sections that it lies in,
/// then the two items before it, since where one ends is decided by what follows.
fn parts(tree: &ast::File, text: &str, offset: u32) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let (mut items, mut from, mut to) = (&tree.items, 0, text.len());
    loop {
        let before = items.partition_point(|item| item.span.start < offset);
        let end = items.get(before).map_or(to, |next| next.span.start as usize);
        let begin = before.checked_sub(2).and_then(|i| items.get(i)).map_or(from, |item| item.span.start as usize);
        if let Some(item) = before.checked_sub(1).and_then(|i| items.get(i))
            && let ItemKind::Section(inner) = &item.kind
            && let Some(first) = inner.items.first().filter(|first| first.span.start < offset)
        {
            (items, from, to) = (&inner.items, first.span.start as usize, end);
            found.push(begin..from);
            continue;
        }
        found.push(begin..end);
        return found;
    }
}

/// What is expected at an offset of a text, or of one whose tree is not known.
pub fn at(file: FileId, tree: Option<&ast::File>, text: &str, offset: u32) -> Context {
    let mut tokens = Vec::new();
    for part in tree.map_or_else(|| std::iter::once(0..text.len()).collect(), |tree| parts(tree, text, offset)) {
        let begin = part.start as u32;
        let (read, _) = lex(file, text.get(part).unwrap_or_default());
        let moved = |span: Span| Span { start: span.start + begin, end: span.end + begin, ..span };
        tokens.extend(read.into_iter().map(|token| Token { span: moved(token.span), ..token }));
    }
    let here = Span { file, start: offset, end: offset };
    // In a comment nothing is offered; in a text only what may be cited.
    let inside = tokens.iter().find(|t| t.span.start < offset && offset <= t.span.end);
    let mut before: Vec<&Token> = tokens.iter().filter(|t| t.span.end <= offset && !t.kind.is_trivia()).collect();
    let mut span = here;
    if let Some(token) = inside {
        match token.kind {
            K::LineComment | K::Doc => return nothing(here),
            K::BlockComment if offset < token.span.end => return nothing(here),
            K::String if offset < token.span.end || !closed(text, token.span) => {
                before.retain(|t| t.span.end <= token.span.start);
                return in_text(text, &before, token.span, offset);
            }
            kind if kind.is_reserved() || kind.is_name() => {
                before.retain(|t| t.span.start < token.span.start);
                span = token.span;
            }
            K::Number | K::Date | K::Time => return nothing(here),
            _ => {}
        }
    }
    let blocks = Blocks::of(&before);
    let part = &before[blocks.part.min(before.len())..];
    let words = Words { text, tokens: part };
    let in_rule = blocks.block == Block::Rule;
    let new_line = before
        .last()
        .is_some_and(|t| text.get(t.span.end as usize..span.start as usize).is_some_and(|gap| gap.contains('\n')));
    let next = match blocks.block {
        _ if !new_line => None,
        Block::Top => Some(Expected::Item),
        Block::Policy => Some(Expected::Setting),
        Block::Rule => Some(Expected::Statement),
        _ => None,
    };
    let begin = part.first().map_or(offset, |t| t.span.start);
    Context { expected: words.expected(blocks.block), span, part: begin, in_rule, next: next.map(Box::new) }
}

fn nothing(span: Span) -> Context {
    Context { expected: Expected::Nothing, span, part: span.start, in_rule: false, next: None }
}

fn closed(text: &str, span: Span) -> bool {
    let written = text.get(span.range()).unwrap_or_default();
    written.len() > 1 && written.ends_with('"')
}

fn in_text(text: &str, before: &[&Token], string: Span, offset: u32) -> Context {
    let kinds: Vec<K> = before.iter().rev().take(2).map(|t| t.kind).collect();
    let written = text.get(string.start as usize + 1..offset as usize).unwrap_or_default();
    let end = if closed(text, string) { string.end - 1 } else { offset };
    let span = Span { start: string.start + 1, end: end.max(string.start + 1), ..string };
    let expected = match kinds.as_slice() {
        [K::Cite, ..] | [K::Encoded, ..] => Expected::Cite(written.split_once('#').map(|p| p.0.to_string())),
        [K::Comma, ..]
            if before
                .iter()
                .rev()
                .find(|t| !matches!(t.kind, K::Comma | K::String))
                .is_some_and(|t| t.kind == K::Cite) =>
        {
            Expected::Cite(written.split_once('#').map(|p| p.0.to_string()))
        }
        [K::Source, ..] => Expected::File,
        [K::Timezone, ..] => Expected::Zone,
        _ => Expected::Nothing,
    };
    Context { expected, span, part: span.start, in_rule: false, next: None }
}

/// The innermost open block, and where the part begins that is being written in it.
struct Blocks {
    block: Block,
    part: usize,
}

impl Blocks {
    fn of(tokens: &[&Token]) -> Self {
        let mut open: Vec<(Block, usize)> = vec![(Block::Top, 0)];
        let mut part = 0;
        for (i, token) in tokens.iter().enumerate() {
            match token.kind {
                K::LBrace => {
                    let header = tokens[part..i].iter().map(|t| t.kind);
                    let block = Self::opened(header, open.last().map_or(Block::Top, |b| b.0));
                    open.push((block, part));
                    part = i + 1;
                }
                K::RBrace => {
                    let closed = if open.len() > 1 { open.pop() } else { None };
                    // What follows `provided { … }` still belongs to the rule, but to no open statement.
                    part = match closed {
                        Some((Block::Tree, begun)) => begun,
                        _ => i + 1,
                    };
                }
                kind if kind.starts_item() && !Self::continues(tokens, i) => part = i,
                kind if (kind.starts_statement() || kind == K::Except)
                    && open.last().is_some_and(|b| b.0 == Block::Rule)
                    && !Self::is_period_except(tokens, i) =>
                {
                    part = i;
                }
                K::Source | K::Timezone | K::Default | K::Yields
                    if open.last().is_some_and(|b| b.0 == Block::Policy) =>
                {
                    part = i;
                }
                K::Cite if open.last().is_some_and(|b| b.0 == Block::Rule) => part = i,
                K::Role | K::Channel
                    if open.last().is_some_and(|b| b.0 == Block::Top) && Self::begins_line(tokens, i) =>
                {
                    part = i;
                }
                _ => {}
            }
        }
        Self { block: open.last().map_or(Block::Top, |b| b.0), part }
    }

    /// `to section …` names a section.
    fn continues(tokens: &[&Token], i: usize) -> bool {
        tokens[i].kind == K::Section && i > 0 && matches!(tokens[i - 1].kind, K::To | K::Comma)
    }

    fn is_period_except(tokens: &[&Token], i: usize) -> bool {
        tokens[i].kind == K::Except && i > 0 && tokens[..i].iter().rev().take(12).any(|t| t.kind == K::Period)
    }

    /// `role` behind `:` or `of` is a type.
    fn begins_line(tokens: &[&Token], i: usize) -> bool {
        i == 0
            || !matches!(
                tokens[i - 1].kind,
                K::Colon | K::Of | K::When | K::If | K::And | K::Or | K::Not | K::Equal | K::LParen
            ) && !tokens.get(i + 1).is_some_and(|t| matches!(t.kind, K::Is))
    }

    fn opened(mut header: impl DoubleEndedIterator<Item = K>, outer: Block) -> Block {
        if header.next_back() == Some(K::Provided) {
            return Block::Provided;
        }
        match header.next() {
            Some(K::Policy) => Block::Policy,
            Some(K::Rule | K::Exception | K::Except) => Block::Rule,
            Some(K::Expect) => Block::Expect,
            Some(K::Role | K::Channel) => Block::Tree,
            _ if outer == Block::Tree => Block::Tree,
            _ => Block::Top,
        }
    }
}

/// The tokens of a part, up to the place.
struct Words<'a> {
    text: &'a str,
    tokens: &'a [&'a Token],
}

impl Words<'_> {
    fn kind(&self, back: usize) -> Option<K> {
        self.tokens.len().checked_sub(back + 1).map(|i| self.tokens[i].kind)
    }

    fn word(&self, back: usize) -> String {
        let token = self.tokens.len().checked_sub(back + 1).map(|i| self.tokens[i]);
        token.and_then(|t| self.text.get(t.span.range())).unwrap_or_default().to_string()
    }

    /// Back over a list `a, b,` to the token before it: how far that is from the end.
    fn before_list(&self) -> usize {
        let mut back = 0;
        while self.kind(back) == Some(K::Comma) {
            back += 2;
            // `"title"` behind a name, `.` within one.
            while matches!(self.kind(back), Some(K::Dot)) {
                back += 2;
            }
        }
        back
    }

    fn expected(&self, block: Block) -> Expected {
        use Expected::*;
        let Some(last) = self.kind(0) else {
            return match block {
                Block::Top => Item,
                Block::Policy => Setting,
                Block::Rule => Statement,
                Block::Expect => Claim,
                Block::Provided | Block::Tree => Nothing,
            };
        };
        if last == K::Dot {
            return self.after_dot();
        }
        let back = self.before_list();
        if let Some(found) = self.in_list(back, block) {
            return found;
        }
        match last {
            K::When | K::If | K::And | K::Or | K::Not | K::LParen | K::Assume => Condition,
            K::Require | K::Advise => Condition,
            K::Equal if self.first() == Some(K::Define) => Condition,
            K::Equal if self.first() == Some(K::Period) => Period,
            K::Colon if block == Block::Provided => Condition,
            K::Colon => Type,
            K::During | K::Outside => Period,
            K::Default => Default,
            K::Use => Module,
            K::Equal | K::NotEqual | K::LessSign | K::LessEqual | K::Greater | K::GreaterEqual => Moment(self.word(1)),
            K::Before | K::After => self.subject_of_distance().map_or(Nothing, Moment),
            K::Number if self.counts() => Unit,
            kind if self.is_unit(kind) => Direction,
            K::Some => Claim,
            _ => self.after_name(block, last),
        }
    }

    fn first(&self) -> Option<K> {
        self.tokens.first().map(|t| t.kind)
    }

    fn after_dot(&self) -> Expected {
        if self.first() == Some(K::Use) {
            return Expected::Module;
        }
        let mut path = Vec::new();
        let mut back = 1;
        loop {
            path.push(self.word(back));
            if self.kind(back + 1) != Some(K::Dot) {
                break;
            }
            back += 2;
        }
        path.reverse();
        Expected::Within(path.join("."))
    }

    /// What stands in a list whose head is `back` tokens from the end.
    fn in_list(&self, back: usize, block: Block) -> Option<Expected> {
        use Expected::*;
        let listed = back > 0;
        Some(match self.kind(back)? {
            K::Is => {
                Value(self.word(back + 1), !listed && !matches!(block, Block::Expect) && back + 2 < self.tokens.len())
            }
            K::Not if self.kind(back + 1) == Some(K::Is) => Value(self.word(back + 2), false),
            K::Of if matches!(self.kind(back + 1), Some(K::Any | K::None | K::All)) => {
                let mut at = back + 2;
                if matches!(self.kind(at), Some(K::Is | K::Includes)) {
                    at += 1;
                }
                Value(self.word(at), false)
            }
            K::Includes => Value(self.word(back + 1), false),
            K::Only if self.kind(back + 1) == Some(K::Includes) => Value(self.word(back + 2), false),
            K::Permit | K::Forbid if block != Block::Policy => {
                if listed {
                    Channel
                } else {
                    Head
                }
            }
            K::From if self.kind(back + 1) == Some(K::Force) => Nothing,
            K::From => Role,
            K::To => match self.first() {
                Some(K::Exception) => Target,
                Some(K::Yields) => Policy,
                Some(K::Period | K::Fact) => Nothing,
                _ => Role,
            },
            K::Oblige | K::Obliges | K::Excludes => Duty,
            K::By => Rule,
            K::Section if self.first() == Some(K::Exception) => Target,
            K::Under => {
                if self.first() == Some(K::Channel) {
                    Channel
                } else {
                    Role
                }
            }
            K::Be if self.kind(back + 1) == Some(K::May) => Role,
            K::Role if self.first() == Some(K::Fact) => Role,
            K::Channel if self.first() == Some(K::Fact) => Channel,
            _ => return None,
        })
    }

    /// `at least 4`, `within 4`, `more than 4`: a unit follows.
    fn counts(&self) -> bool {
        matches!(self.kind(1), Some(K::Least | K::Most | K::Than | K::Exactly | K::Within))
    }

    fn is_unit(&self, kind: K) -> bool {
        kind.is_name()
            && self.kind(1) == Some(K::Number)
            && matches!(self.kind(2), Some(K::Least | K::Most | K::Than | K::Exactly | K::Within))
    }

    /// `A at least 4 days before`, `A before`: the fact A.
    fn subject_of_distance(&self) -> Option<String> {
        let mut back = 1;
        if self.kind(2) == Some(K::Number) {
            back = match self.kind(3) {
                Some(K::Least | K::Most | K::Than) => 5,
                _ => 4,
            };
        }
        if self.kind(back) == Some(K::Or) && self.kind(back + 1) == Some(K::On) {
            back += 2;
        }
        Some(self.word(back)).filter(|w| !w.is_empty())
    }

    /// What may follow the condition of this part.
    fn follow(&self) -> &'static [&'static str] {
        let when = self.tokens.iter().any(|t| t.kind == K::When);
        match self.first() {
            Some(K::Permit) => &["provided"],
            Some(K::Require | K::Advise) if !when => &["when"],
            Some(K::Assume) => &["because"],
            Some(K::Forbid | K::Undecided | K::Conflict | K::Obliges) => &["by"],
            _ => &[],
        }
    }

    /// Behind a name: what may be asked of it, or what may follow.
    fn after_name(&self, block: Block, last: K) -> Expected {
        use Expected::*;
        let name = last.is_name() || last == K::String;
        if !name {
            return match last {
                K::RParen | K::Number | K::Date | K::Time => AfterCondition(self.follow()),
                _ => Nothing,
            };
        }
        // A name that begins a condition is its subject.
        if matches!(
            self.kind(1),
            Some(K::When | K::If | K::And | K::Or | K::Not | K::LParen | K::Assume | K::Require | K::Advise)
        ) || self.kind(1) == Some(K::Equal) && self.first() == Some(K::Define)
            || self.kind(1) == Some(K::Colon) && block == Block::Provided
        {
            return Question(self.word(0), self.follow());
        }
        let begins = |kind: &K| matches!(kind, K::When | K::If | K::Require | K::Advise | K::Assume | K::Define);
        let in_condition = self.tokens.iter().map(|t| t.kind).any(|k| begins(&k)) || block == Block::Provided;
        if in_condition {
            return AfterCondition(self.follow());
        }
        match (self.first(), block) {
            (Some(K::Permit | K::Forbid), _) => AfterHead,
            (_, Block::Expect) => AfterHead,
            (Some(K::Default), _) if self.tokens.len() == 2 => Value(self.word(0), false),
            (Some(K::Oblige | K::Waive), _) => AfterHead,
            _ => Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;

    /// What is read for a place of a text in order is as good as the whole text.
    #[test]
    fn parts_say_what_the_whole_says() {
        let file = FileId(0);
        let contact = include_str!("../../../../examples/student-aup/contact.ordain");
        let texts = [crate::parse::tests::WHOLE, contact];
        for text in texts {
            let (tree, errors) = parse(file, text);
            assert!(errors.is_empty());
            let mut read = 0;
            for (offset, _) in text.char_indices() {
                let offset = offset as u32;
                let (some, all) = (at(file, Some(&tree), text, offset), at(file, None, text, offset));
                // Where no word begins an item, as in `a may be b`, the whole takes it for one with the item before.
                assert!(some.part >= all.part);
                assert_eq!(Context { part: 0, ..some }, Context { part: 0, ..all }, "{}", &text[..offset as usize]);
                read += parts(&tree, text, offset).iter().map(|part| part.len()).sum::<usize>();
            }
            // Most of a text is not read.
            assert!(read * 2 < text.len() * text.len(), "{read}");
        }
    }
}
