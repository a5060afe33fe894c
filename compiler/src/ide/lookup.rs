//! A name -> where it is declared, and every place that names it.

use super::View;
use super::index::{Occurrence, Target};
use crate::lex::lex;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::syntax::ast::Name;
use crate::syntax::token::TokenKind;

/// Kinds in the order in which a name in text that was not understood is most probably meant.
const LIKELY: [Kind; 10] = [
    Kind::Fact,
    Kind::Define,
    Kind::Role,
    Kind::Channel,
    Kind::Rule,
    Kind::Period,
    Kind::Duty,
    Kind::Decision,
    Kind::Section,
    Kind::Policy,
];

/// Where something is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// The name that was asked about.
    pub from: Span,
    /// The name where it is declared.
    pub name: Span,
    /// The whole declaration.
    pub item: Span,
}

impl View<'_> {
    /// The name at an offset. In text that could not be understood the name is taken for what it most probably means.
    pub fn name_at(&self, file: FileId, offset: u32) -> Option<Occurrence> {
        if let Some(found) = self.index.at(file, offset) {
            return Some(found);
        }
        let name = self.word_at(file, offset)?;
        let symbol = LIKELY.iter().find_map(|kind| self.index.find(*kind, &name.text));
        let value = || self.index.values.iter().position(|v| v.name == name.text).map(|i| Target::Value(i as u32));
        let target = symbol.map(Target::Symbol).or_else(value)?;
        Some(Occurrence { span: name.span, target, declares: false })
    }

    /// The word at an offset, where it is a name and stands in text that was not understood.
    fn word_at(&self, file: FileId, offset: u32) -> Option<Name> {
        let broken = self.diagnostics.iter().any(|d| d.code.id.starts_with("O1") && d.span.file == file);
        if !broken {
            return None;
        }
        let text = &self.checked.sources.get(file).text;
        let (tokens, _) = lex(file, text);
        let token = tokens.iter().find(|t| t.kind == TokenKind::Name && t.span.contains(offset))?;
        Some(Name { text: self.checked.sources.text(token.span).into(), span: token.span })
    }
}

/// Where the name at an offset is declared: in the project, in the standard library, or the heading in the adopted text.
pub fn definition(view: &View, file: FileId, offset: u32) -> Option<Definition> {
    let found = view.name_at(file, offset)?;
    let name = view.index.declaration(found.target)?;
    let item = match found.target {
        Target::Symbol(i) => view
            .index
            .symbol(i)
            .map(|(_, about)| about.item)
            .filter(|item| item.file == name.file && item.contains(name.start)),
        _ => None,
    };
    Some(Definition { from: found.span, name, item: item.filter(|i| i.end > i.start).unwrap_or(name) })
}

/// Every place that names what stands at an offset, declarations first in each file where they stand.
pub fn references(view: &View, file: FileId, offset: u32, declarations: bool) -> Vec<Span> {
    let Some(found) = view.name_at(file, offset) else { return Vec::new() };
    view.index.all(found.target).filter(|o| declarations || !o.declares).map(|o| o.span).collect()
}

/// The places in the same file: (where, it is declared there).
pub fn highlights(view: &View, file: FileId, offset: u32) -> Vec<(Span, bool)> {
    let Some(found) = view.name_at(file, offset) else { return Vec::new() };
    view.index.all(found.target).filter(|o| o.span.file == file).map(|o| (o.span, o.declares)).collect()
}
