//! Requests -> answers: each asks `ordain::ide` and puts what it says into the protocol's types.

pub mod commands;
pub mod files;
pub mod lenses;
pub mod names;
pub mod reading;
pub mod writing;

use crate::server::lsp_types::SymbolKind;
use ordain::resolve::names::Kind;

/// The protocol has no rules and roles; these are the nearest of its kinds, so that editors show different icons.
fn symbol_kind(kind: Kind) -> SymbolKind {
    match kind {
        Kind::Fact => SymbolKind::FIELD,
        Kind::Define => SymbolKind::VARIABLE,
        Kind::Decision => SymbolKind::ENUM,
        Kind::Role => SymbolKind::CLASS,
        Kind::Channel => SymbolKind::INTERFACE,
        Kind::Period => SymbolKind::EVENT,
        Kind::Duty => SymbolKind::OPERATOR,
        Kind::Rule => SymbolKind::FUNCTION,
        Kind::Section => SymbolKind::NAMESPACE,
        Kind::Policy => SymbolKind::MODULE,
    }
}
