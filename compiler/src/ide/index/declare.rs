//! Syntax trees -> what they declare: values, provisos, and what is written about every name.

use super::{About, Index, NamedValue, Provisos};
use crate::resolve::names::{Kind, Symbols};
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
    /// Positions in [`Index::values`], by where they are declared.
    pub values: FxHashMap<Span, u32>,
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
            // See `rule` and `provisos`.
            ItemKind::Rule(_) | ItemKind::Exception { .. } => {}
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
            if let Some(about) = own.and_then(|i| self.index.about.get_mut(&i)) {
                about.parent = about.parent.or(parent);
            }
            open.extend(node.children.iter().map(|c| (c, own)));
        }
    }

    fn declare(&mut self, kind: Kind, name: &Name, title: Option<&Str>, docs: &[Text], item: Span) {
        let Some(i) = self.index.find(kind, &name.text) else { return };
        // A second declaration of a name says nothing about it.
        if self.index.names.symbols[i as usize].span == name.span {
            let parent = self.index.parent(i);
            let title = title.map(|t| t.text.clone());
            self.index.about.insert(i, About { title, docs: docs.to_vec(), item, parent });
        }
    }
}

/// What is said about the rule or exception whose name stands at a place.
pub(super) fn rule(items: &[Item], name: Span) -> Option<About> {
    let item = items.get(items.partition_point(|item| item.span.start <= name.start).checked_sub(1)?)?;
    let (mut clause, mut docs) = match &item.kind {
        ItemKind::Section(section) => return rule(&section.items, name),
        ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => (clause, item.docs.as_slice()),
        _ => return None,
    };
    while clause.name.span != name {
        clause = clause.exceptions.iter().find(|e| e.span.contains(name.start))?;
        docs = &[];
    }
    let docs = if clause.docs.is_empty() { docs } else { &clause.docs };
    let title = clause.title.as_ref().map(|t| t.text.clone());
    Some(About { title, docs: docs.to_vec(), item: clause.span, parent: None })
}

/// All provisos, files in the order of the project.
pub(super) fn provisos(trees: &[(FileId, Arc<ast::File>)], names: &Symbols) -> Provisos {
    let mut found = Provisos::default();
    for tree in names.files.iter().filter_map(|(id, _)| trees.iter().find(|t| t.0 == *id)) {
        let mut open: Vec<&Item> = tree.1.items.iter().rev().collect();
        while let Some(item) = open.pop() {
            match &item.kind {
                ItemKind::Section(section) => open.extend(section.items.iter().rev()),
                ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => found.add(clause, None),
                _ => {}
            }
        }
    }
    found
}

impl Provisos {
    /// Those of a rule or an exception, and of those nested in it; the parser bounds how deep they nest.
    fn add(&mut self, clause: &Clause, above: Option<&str>) {
        let path = path_of(clause, above);
        for statement in &clause.statements {
            let StatementKind::Permit { provided, .. } = &statement.kind else { continue };
            for proviso in provided {
                self.at.insert(proviso.name.span, self.list.len() as u32);
                self.list.push((path.clone(), proviso.name.text.clone(), proviso.name.span));
            }
        }
        clause.exceptions.iter().for_each(|e| self.add(e, Some(&path)));
    }
}

/// The path of a clause that stands in another one.
pub(super) fn path_of(clause: &Clause, above: Option<&str>) -> Text {
    above.map_or(clause.name.text.clone(), |a| Text::new(format!("{a}.{}", clause.name.text)))
}
