//! Syntax trees -> what they declare: values, provisos, and what is written about every name.

use super::{About, Index, NamedValue};
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, Clause, Item, ItemKind, Name, StatementKind, Str, Text, TypeKind};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What it takes to say what a name means where it stands.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Of each fact and decision: what its values are.
    pub domains: FxHashMap<Text, Domain>,
    /// Sections by their title, where they have a name.
    pub titled: FxHashMap<Text, Text>,
    pub paths: FxHashMap<String, FileId>,
    /// Positions in [`Index::values`] and [`Index::provisos`], by where they are declared.
    pub values: FxHashMap<Span, u32>,
    pub provisos: FxHashMap<Span, u32>,
}

/// What may stand behind `is`.
#[derive(Debug, Clone)]
pub(super) enum Domain {
    /// Positions in [`Index::values`].
    Values(Vec<u32>),
    Nodes(Kind),
}

pub(super) struct Declare<'w> {
    index: &'w mut Index,
}

impl<'w> Declare<'w> {
    pub fn new(index: &'w mut Index) -> Self {
        index.known.domains = FxHashMap::from_iter([
            (Text::new("channel"), Domain::Nodes(Kind::Channel)),
            (Text::new("sender"), Domain::Nodes(Kind::Role)),
            (Text::new("recipient"), Domain::Nodes(Kind::Role)),
        ]);
        index.known.paths = index.sources.iter().map(|(id, source)| (source.path.clone(), id)).collect();
        Self { index }
    }

    pub fn project(mut self, trees: &[(FileId, Arc<ast::File>)]) {
        let order: Vec<FileId> = self.index.names.files.iter().map(|f| f.0).collect();
        let trees: BTreeMap<FileId, &ast::File> = trees.iter().map(|(id, tree)| (*id, &**tree)).collect();
        for tree in order.iter().filter_map(|id| trees.get(id)) {
            self.items(&tree.items);
        }
    }

    fn items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Policy(policy) => {
                self.declare(Kind::Policy, &policy.name, policy.title.as_ref(), &item.docs, item.span);
            }
            ItemKind::Roles(tree) => self.tree(Kind::Role, tree, item),
            ItemKind::Channels(tree) => self.tree(Kind::Channel, tree, item),
            ItemKind::Facts(facts) => {
                for name in &facts.names {
                    self.declare(Kind::Fact, name, facts.title.as_ref(), &item.docs, item.span);
                }
                let owners: Vec<Text> = facts.names.iter().map(|n| n.text.clone()).collect();
                let ty = if let TypeKind::Set(inner) = &facts.ty.kind { inner } else { &facts.ty };
                let domain = match &ty.kind {
                    TypeKind::OneOf(values) => Domain::Values(self.values(values, &owners)),
                    TypeKind::Role(_) => Domain::Nodes(Kind::Role),
                    TypeKind::Channel(_) => Domain::Nodes(Kind::Channel),
                    _ => return,
                };
                owners.into_iter().for_each(|name| drop(self.index.known.domains.insert(name, domain.clone())));
            }
            ItemKind::Define { name, .. } => self.declare(Kind::Define, name, None, &item.docs, item.span),
            ItemKind::Section(section) => {
                if let Some(name) = &section.name {
                    self.declare(Kind::Section, name, section.title.as_ref(), &item.docs, item.span);
                    if let Some(title) = &section.title {
                        self.index.known.titled.insert(title.text.clone(), name.text.clone());
                    }
                }
                self.items(&section.items);
            }
            ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => self.clause(clause, None, &item.docs),
            ItemKind::Duty { name, title, .. } => {
                self.declare(Kind::Duty, name, title.as_ref(), &item.docs, item.span);
            }
            ItemKind::Period { name, .. } => self.declare(Kind::Period, name, None, &item.docs, item.span),
            ItemKind::Decision { name, values, title } => {
                self.declare(Kind::Decision, name, title.as_ref(), &item.docs, item.span);
                let values = self.values(values, std::slice::from_ref(&name.text));
                self.index.known.domains.insert(name.text.clone(), Domain::Values(values));
            }
            ItemKind::Use(_) | ItemKind::MayBe { .. } | ItemKind::Assume(_) | ItemKind::Expect(_) => {}
            ItemKind::NotEncoded { .. } | ItemKind::Allow(_) | ItemKind::Error => {}
        }
    }

    fn values(&mut self, values: &[ast::EnumValue], owners: &[Text]) -> Vec<u32> {
        let mut found = Vec::new();
        for value in values {
            let i = self.index.values.len() as u32;
            let title = value.title.as_ref().map(|t| t.text.clone());
            let (name, span) = (value.name.text.clone(), value.name.span);
            self.index.values.push(NamedValue { name, title, span, owners: owners.to_vec() });
            self.index.known.values.insert(span, i);
            found.push(i);
        }
        found
    }

    fn tree(&mut self, kind: Kind, tree: &ast::Tree, item: &Item) {
        let above = tree.under.as_ref().and_then(|n| self.index.find(kind, &n.text));
        let mut open: Vec<(&ast::TreeNode, Option<u32>)> = tree.nodes.iter().map(|n| (n, above)).collect();
        while let Some((node, parent)) = open.pop() {
            self.declare(kind, &node.name, node.title.as_ref(), &item.docs, item.span);
            let own = self.index.find(kind, &node.name.text);
            if let Some(about) = own.and_then(|i| self.index.about.get_mut(i as usize)) {
                about.parent = about.parent.or(parent);
            }
            open.extend(node.children.iter().map(|c| (c, own)));
        }
    }

    /// A rule or an exception, and those nested in it; the parser bounds how deep they nest.
    fn clause(&mut self, clause: &Clause, above: Option<&str>, docs: &[Text]) {
        let path = path_of(clause, above);
        let docs = if clause.docs.is_empty() { docs } else { &clause.docs };
        self.declare_as(Kind::Rule, &path, &clause.name, clause.title.as_ref(), docs, clause.span);
        for statement in &clause.statements {
            let StatementKind::Permit { provided, .. } = &statement.kind else { continue };
            for proviso in provided {
                let (i, span) = (self.index.provisos.len() as u32, proviso.name.span);
                self.index.provisos.push((path.clone(), proviso.name.text.clone(), span));
                self.index.known.provisos.insert(span, i);
            }
        }
        clause.exceptions.iter().for_each(|e| self.clause(e, Some(&path), &[]));
    }

    fn declare(&mut self, kind: Kind, name: &Name, title: Option<&Str>, docs: &[Text], item: Span) {
        self.declare_as(kind, &name.text, name, title, docs, item);
    }

    fn declare_as(&mut self, kind: Kind, full: &str, name: &Name, title: Option<&Str>, docs: &[Text], item: Span) {
        let Some(i) = self.index.find(kind, full) else { return };
        // A second declaration of a name says nothing about it.
        if self.index.names.symbols[i as usize].span == name.span {
            let parent = self.index.about[i as usize].parent;
            let title = title.map(|t| t.text.clone());
            self.index.about[i as usize] = About { title, docs: docs.to_vec(), item, parent };
        }
    }
}

/// The path of a clause that stands in another one.
pub(super) fn path_of(clause: &Clause, above: Option<&str>) -> Text {
    above.map_or(clause.name.text.clone(), |a| Text::new(format!("{a}.{}", clause.name.text)))
}
