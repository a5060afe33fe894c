//! Declarations of the project that nothing uses.

use super::context::Cx;
use super::tree::Hierarchy;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Element, Type};
use crate::resolve::names::{Kind, NodeDecl, Symbol};
use crate::source::Span;
use crate::syntax::ast::{Item, Name, Text, TreeNode};
use rustc_hash::FxHashSet;

type Unused = Vec<(&'static str, Text, Span)>;

impl Cx<'_> {
    /// Reports them as well.
    pub fn unused(&self) -> Unused {
        let mut found: Vec<(&Symbol, Option<Edit>)> = Vec::new();
        let roles = self.idle_nodes(Kind::Role, &self.roles);
        let channels = self.idle_nodes(Kind::Channel, &self.channels);
        let by_use = self.decls.by_use.len();
        for (i, symbol) in self.names.known.symbols.iter().enumerate() {
            let std = symbol.file.is_none_or(|f| self.project.files[f].std);
            if std || self.is_used(i) {
                continue;
            }
            let at = symbol.index as usize;
            let edit = match symbol.kind {
                Kind::Role if roles.contains(&symbol.index) => {
                    self.decls.roles.get(at).and_then(|d| self.without_node(d, &self.roles, at))
                }
                Kind::Channel if channels.contains(&symbol.index) => {
                    self.decls.channels.get(at).and_then(|d| self.without_node(d, &self.channels, at))
                }
                Kind::Fact => self.decls.facts.get(at.wrapping_sub(by_use)).and_then(|d| {
                    if d.facts.names.len() == 1 {
                        Some(self.without(d.item))
                    } else {
                        without_name(&d.facts.names, d.name)
                    }
                }),
                Kind::Define => self.decls.defines.get(at).map(|d| self.without(d.2)),
                Kind::Period => self.decls.periods.get(at).map(|d| self.without(d.2)),
                Kind::Duty => {
                    // Another duty may still exclude it by name.
                    let named = self.duties.get(at).is_some_and(|d| !d.excludes.is_empty());
                    self.decls.duties.get(at).filter(|_| !named).map(|d| self.without(d.3))
                }
                _ => continue,
            };
            found.push((symbol, edit));
        }
        for (symbol, edit) in &found {
            let message = format!("nothing uses the {} `{}`", symbol.kind.noun(), symbol.name);
            let mut d = Diagnostic::new(&codes::UNUSED, symbol.span, message);
            d.unnecessary = true;
            let title = format!("delete `{}`, or write the rule that asks for it", symbol.name);
            self.report(match edit {
                Some(edit) => d.fix(title, vec![edit.clone()]),
                None => d.help(title),
            });
        }
        found.into_iter().map(|(s, _)| (s.kind.noun(), s.name.clone(), s.span)).collect()
    }

    /// The outermost nodes that nothing names, with nothing named above or below them, and over which no fact ranges.
    fn idle_nodes(&self, kind: Kind, tree: &Hierarchy) -> FxHashSet<u32> {
        let mut named = vec![false; tree.nodes.len()];
        for (i, symbol) in self.names.known.symbols.iter().enumerate().filter(|s| s.1.kind == kind) {
            named[symbol.index as usize] = self.is_used(i);
        }
        let element = if kind == Kind::Role { Element::Role } else { Element::Channel };
        for fact in &self.facts {
            if let Type::Choice(domain) | Type::Set(domain) = &fact.ty
                && domain.what == element
            {
                let over: FxHashSet<&str> = domain.groups.iter().map(|g| g.0.as_str()).collect();
                for &leaf in &tree.leaves {
                    named[leaf as usize] |= over.contains(tree.nodes[leaf as usize].name.as_str());
                }
            }
        }
        let parent = |i: u32| tree.nodes[i as usize].parent;
        let (mut below, mut above) = (named.clone(), named);
        for &i in tree.order.iter().rev() {
            if let Some(p) = parent(i) {
                below[p as usize] |= below[i as usize];
            }
        }
        for &i in &tree.order {
            above[i as usize] |= parent(i).is_some_and(|p| above[p as usize]);
        }
        let idle = |i: u32| !below[i as usize] && !above[i as usize];
        tree.order.iter().copied().filter(|&i| idle(i) && !parent(i).is_some_and(idle)).collect()
    }

    /// Deletes an item with the `///` lines above it and its line break.
    fn without(&self, item: &Item) -> Edit {
        let text = &self.sources.get(item.span.file).text;
        let (mut start, mut end) = (item.span.start as usize, item.span.end as usize);
        let line_start = |at: usize| text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
        if text.get(line_start(start)..start).is_some_and(|t| t.trim().is_empty()) {
            start = line_start(start);
            while start > 0 {
                let above = line_start(start - 1);
                if !text.get(above..start).is_some_and(|l| l.trim_start().starts_with("///")) {
                    break;
                }
                start = above;
            }
            let rest = text.get(end..).unwrap_or("");
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if rest[blank..].starts_with('\n') {
                end += blank + 1;
            }
        }
        Edit::replace(Span::new(item.span.file, start..end), "")
    }

    /// Deletes a node that has an item of its own, or a leaf.
    fn without_node(&self, decl: &NodeDecl, tree: &Hierarchy, at: usize) -> Option<Edit> {
        use crate::syntax::ast::ItemKind;
        let (ItemKind::Roles(item) | ItemKind::Channels(item)) = &decl.item.kind else { return None };
        let alone = item.nodes.len() == 1 && item.nodes[0].name.span == decl.name.span;
        if !alone && tree.nodes[at].children.is_empty() {
            return without_leaf(&item.nodes, decl.name.span);
        }
        // What another item adds below it would lose its parent.
        let whole = tree.nodes[at]
            .children
            .iter()
            .all(|&c| decl.item.span.range().contains(&(tree.nodes[c as usize].span.start as usize)));
        (alone && whole).then(|| self.without(decl.item))
    }
}

/// Deletes a leaf with its title and a comma beside it; not the last child, without which the parent would be a leaf.
fn without_leaf(nodes: &[TreeNode], leaf: Span) -> Option<Edit> {
    let end = |n: &TreeNode| n.title.as_ref().map_or(n.name.span.end, |t| t.span.end);
    for (i, node) in nodes.iter().enumerate() {
        if node.name.span == leaf {
            let next = nodes.get(i + 1);
            let before = i.checked_sub(1).and_then(|b| nodes.get(b)).filter(|b| b.children.is_empty());
            let span = match (next, before) {
                (Some(next), _) => Span { end: next.name.span.start, ..leaf },
                (None, Some(before)) => Span { start: end(before), end: end(node), ..leaf },
                (None, None) => return None,
            };
            return Some(Edit::replace(span, ""));
        }
        if let Some(edit) = without_leaf(&node.children, leaf) {
            return Some(edit);
        }
    }
    None
}

/// Deletes one name of a list and a comma beside it.
fn without_name(names: &[Name], name: &Name) -> Option<Edit> {
    let i = names.iter().position(|n| n.span == name.span)?;
    let span = match i.checked_sub(1).and_then(|before| names.get(before)) {
        Some(before) => Span { start: before.span.end, ..name.span },
        None => Span { end: names.get(1)?.span.start, ..name.span },
    };
    Some(Edit::replace(span, ""))
}
