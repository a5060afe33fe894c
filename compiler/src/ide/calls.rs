//! A rule -> what replaces it, and an exception -> what it replaces: the exceptions of a policy as a hierarchy.

use super::View;
use super::index::Target;
use crate::model::ClauseId;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};

/// A rule or an exception in the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: String,
    pub exception: bool,
    pub title: Option<String>,
    /// The whole clause, and its name.
    pub span: Span,
    pub name: Span,
}

/// The rule that an offset names or lies in.
pub fn entry_at(view: &View, file: FileId, offset: u32) -> Option<Entry> {
    let named = view.index.at(file, offset).and_then(|o| match o.target {
        Target::Symbol(i) => view.index.names.symbols.get(i as usize).filter(|s| s.kind == Kind::Rule),
        _ => None,
    });
    if let Some(symbol) = named {
        return entry(view, view.checked.model.find_clause(&symbol.name)?);
    }
    let tree = view.tree(file)?;
    let (path, _) = super::around::clause_at(tree, offset)?;
    entry(view, view.checked.model.find_clause(&path)?)
}

/// The exceptions that replace a rule, in order.
pub fn exceptions(view: &View, path: &str) -> Vec<Entry> {
    let model = &view.checked.model;
    let Some(id) = model.find_clause(path) else { return Vec::new() };
    model.exceptions_of(id).filter_map(|e| entry(view, e)).collect()
}

/// The rules that an exception replaces, in order.
pub fn replaced(view: &View, path: &str) -> Vec<Entry> {
    let model = &view.checked.model;
    let Some(id) = model.find_clause(path) else { return Vec::new() };
    model.clause(id).replaces.iter().filter_map(|r| entry(view, *r)).collect()
}

fn entry(view: &View, id: ClauseId) -> Option<Entry> {
    let clause = view.checked.model.clauses.get(id.index())?;
    Some(Entry {
        path: clause.path.to_string(),
        exception: clause.is_exception(),
        title: clause.title.as_ref().map(|t| t.to_string()),
        span: clause.span,
        name: clause.name_span,
    })
}
