//! A file -> its outline, and a project -> the names that match what is looked for.

use super::View;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::stdlib;
use crate::syntax::ast::{Clause, Item, ItemKind, Str, TreeNode};

/// What an entry of an outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    Named(Kind),
    Exception,
    Expectation,
    Assumption,
}

/// One entry of an outline, with those in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub detail: String,
    pub kind: EntryKind,
    pub span: Span,
    /// Where its name stands, within `span`.
    pub select: Span,
    pub children: Vec<Entry>,
}

/// A name of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub name: String,
    pub kind: Kind,
    pub span: Span,
    pub file: String,
}

/// The most names that a search gives.
const MOST: usize = 500;

/// The outline of a policy file.
pub fn outline(view: &View, file: FileId) -> Vec<Entry> {
    view.tree(file).map_or(Vec::new(), |tree| items(&tree.items))
}

/// The names of the project whose letters contain those of `query` in order, files in their order.
pub fn search(view: &View, query: &str) -> Vec<Found> {
    let wanted: Vec<char> = query.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let fits = |name: &str| {
        let mut left = wanted.iter().peekable();
        for c in name.to_lowercase().chars() {
            left.next_if(|w| **w == c);
        }
        left.peek().is_none()
    };
    let symbols = view.index.names.symbols.iter().filter(|s| s.file.is_some() && fits(&s.name));
    let found = symbols.map(|s| Found {
        name: s.name.to_string(),
        kind: s.kind,
        span: s.span,
        file: view.checked.sources.get(s.span.file).path.clone(),
    });
    found.filter(|f| !stdlib::is_std(&f.file)).take(MOST).collect()
}

fn entry(name: &str, detail: Option<&Str>, kind: EntryKind, span: Span, select: Span) -> Entry {
    let detail = detail.map_or(String::new(), |t| t.text.to_string());
    Entry { name: name.to_string(), detail, kind, span: span.to(select), select, children: Vec::new() }
}

fn items(items_: &[Item]) -> Vec<Entry> {
    let mut out = Vec::new();
    for item in items_ {
        let named = |kind: Kind| EntryKind::Named(kind);
        match &item.kind {
            ItemKind::Policy(p) => {
                out.push(entry(&p.name.text, p.title.as_ref(), named(Kind::Policy), item.span, p.name.span));
            }
            ItemKind::Roles(tree) => out.extend(tree.nodes.iter().map(|n| node(n, Kind::Role))),
            ItemKind::Channels(tree) => out.extend(tree.nodes.iter().map(|n| node(n, Kind::Channel))),
            ItemKind::Facts(facts) => out.extend(
                facts.names.iter().map(|n| entry(&n.text, facts.title.as_ref(), named(Kind::Fact), item.span, n.span)),
            ),
            ItemKind::Assume(assume) => {
                let select = assume.cond.span;
                out.push(entry("assume", assume.because.as_ref(), EntryKind::Assumption, item.span, select));
            }
            ItemKind::Define { name, .. } => {
                out.push(entry(&name.text, None, named(Kind::Define), item.span, name.span));
            }
            ItemKind::Section(section) => {
                let name = section.name.as_ref().map(|n| (n.text.to_string(), n.span));
                let title = section.title.as_ref().map(|t| (t.text.to_string(), t.span));
                let (name, select) = title.or(name).unwrap_or_else(|| ("section".into(), item.span));
                let mut own = entry(&name, section.cites.first(), named(Kind::Section), item.span, select);
                own.children = items(&section.items);
                out.push(own);
            }
            ItemKind::Rule(c) => out.push(clause(c, item.span, named(Kind::Rule))),
            ItemKind::Exception { clause: c, .. } => out.push(clause(c, item.span, EntryKind::Exception)),
            ItemKind::Duty { name, title, .. } => {
                out.push(entry(&name.text, title.as_ref(), named(Kind::Duty), item.span, name.span));
            }
            ItemKind::Period { name, .. } => {
                out.push(entry(&name.text, None, named(Kind::Period), item.span, name.span));
            }
            ItemKind::Decision { name, title, .. } => {
                out.push(entry(&name.text, title.as_ref(), named(Kind::Decision), item.span, name.span));
            }
            ItemKind::Expect(e) => {
                out.push(entry(&e.title.text, None, EntryKind::Expectation, item.span, e.title.span));
            }
            ItemKind::Use(_)
            | ItemKind::MayBe { .. }
            | ItemKind::NotEncoded { .. }
            | ItemKind::Allow(_)
            | ItemKind::Error => {}
        }
    }
    out
}

fn node(tree: &TreeNode, kind: Kind) -> Entry {
    let mut own = entry(&tree.name.text, tree.title.as_ref(), EntryKind::Named(kind), tree.name.span, tree.name.span);
    own.children = tree.children.iter().map(|c| node(c, kind)).collect();
    own.span = own.children.iter().fold(own.span, |span, child| span.to(child.span));
    own
}

fn clause(c: &Clause, span: Span, kind: EntryKind) -> Entry {
    let mut own = entry(&c.name.text, c.title.as_ref(), kind, span, c.name.span);
    own.children = c.exceptions.iter().map(|e| clause(e, e.span, EntryKind::Exception)).collect();
    own
}
