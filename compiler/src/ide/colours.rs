//! A text -> its words by what they mean, for colouring.
//!
//! A grammar of the editor colours words by how they look; this says which are roles, facts, values, rules. Every part
//! lies on one line.

use super::View;
use super::index::Target;
use crate::lex::lex;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::syntax::token::TokenKind;

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    Keyword,
    Comment,
    Text,
    Number,
    Operator,
    Fact,
    Define,
    Decision,
    Role,
    Channel,
    Period,
    Duty,
    Rule,
    Section,
    Policy,
    Value,
    Proviso,
    Module,
}

/// Every colour, in the order of the numbers that stand for them.
pub const COLOURS: [Colour; 18] = [
    Colour::Keyword,
    Colour::Comment,
    Colour::Text,
    Colour::Number,
    Colour::Operator,
    Colour::Fact,
    Colour::Define,
    Colour::Decision,
    Colour::Role,
    Colour::Channel,
    Colour::Period,
    Colour::Duty,
    Colour::Rule,
    Colour::Section,
    Colour::Policy,
    Colour::Value,
    Colour::Proviso,
    Colour::Module,
];

/// One coloured part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coloured {
    pub span: Span,
    pub colour: Colour,
    pub declares: bool,
    /// It belongs to the standard library.
    pub library: bool,
}

/// The coloured parts of a policy file, in order.
pub fn colours(view: &View, file: FileId) -> Vec<Coloured> {
    if view.tree(file).is_none() {
        return Vec::new();
    }
    let text = &view.checked.sources.get(file).text;
    let (tokens, _) = lex(file, text);
    let mut names = view.index.of_file(file).iter().peekable();
    let mut out = Vec::with_capacity(tokens.len());
    for token in tokens {
        while names.next_if(|o| o.span.end <= token.span.start).is_some() {}
        let name = names.peek().filter(|o| o.span.start <= token.span.start && token.span.end <= o.span.end);
        let named = name.and_then(|o| Some((meant(view, o.target)?, o.declares)));
        let plain = match token.kind {
            TokenKind::String => Some(Colour::Text),
            TokenKind::Number | TokenKind::Date | TokenKind::Time => Some(Colour::Number),
            TokenKind::LineComment | TokenKind::BlockComment | TokenKind::Doc => Some(Colour::Comment),
            TokenKind::Name | TokenKind::Stray => None,
            TokenKind::Equal
            | TokenKind::NotEqual
            | TokenKind::LessSign
            | TokenKind::LessEqual
            | TokenKind::Greater
            | TokenKind::GreaterEqual => Some(Colour::Operator),
            kind if kind.is_reserved() || kind.is_name() => Some(Colour::Keyword),
            _ => None,
        };
        let (colour, declares, library) = match (named, plain) {
            (_, Some(Colour::Text)) => (Colour::Text, false, false),
            (Some(((colour, library), declares)), _) if token.kind != TokenKind::Dot => (colour, declares, library),
            (_, Some(colour)) => (colour, false, false),
            _ => continue,
        };
        lines(text, token.span, |span| out.push(Coloured { span, colour, declares, library }));
    }
    out
}

fn meant(view: &View, target: Target) -> Option<(Colour, bool)> {
    let std = |span: Span| crate::stdlib::is_std(&view.checked.sources.get(span.file).path);
    Some(match target {
        Target::Symbol(i) => {
            let symbol = view.index.names.symbols.get(i as usize)?;
            let colour = match symbol.kind {
                Kind::Fact => Colour::Fact,
                Kind::Define => Colour::Define,
                Kind::Decision => Colour::Decision,
                Kind::Role => Colour::Role,
                Kind::Channel => Colour::Channel,
                Kind::Period => Colour::Period,
                Kind::Duty => Colour::Duty,
                Kind::Rule => Colour::Rule,
                Kind::Section => Colour::Section,
                Kind::Policy => Colour::Policy,
            };
            (colour, std(symbol.span))
        }
        Target::Value(i) => (Colour::Value, std(view.index.values.get(i as usize)?.span)),
        Target::Proviso(_) => (Colour::Proviso, false),
        Target::File(file) => (Colour::Module, crate::stdlib::is_std(&view.checked.sources.get(file).path)),
        Target::Heading(..) => return None,
    })
}

/// The parts of a span on each of its lines.
fn lines(text: &str, span: Span, mut each: impl FnMut(Span)) {
    let mut start = span.start;
    for line in text.get(span.range()).unwrap_or_default().split_inclusive('\n') {
        let length = line.trim_end_matches(['\n', '\r']).len() as u32;
        if length > 0 {
            each(Span { start, end: start + length, ..span });
        }
        start += line.len() as u32;
    }
}
