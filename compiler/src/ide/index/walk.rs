//! Syntax trees -> the places of all names. What is expected at a place decides what the name there means.

use super::{About, Index, NamedValue, Occurrence, Target};
use crate::resolve::names::Kind;
use crate::resolve::{self, near};
use crate::source::{FileId, Sources, Span};
use crate::stdlib;
use crate::syntax::ast::{
    self, Claim, Clause, Cond, CondKind, Item, ItemKind, Name, Operand, SettingKind, StatementKind, Str, Text, TypeKind,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) struct Walk<'w> {
    index: &'w mut Index,
    sources: &'w Sources,
    /// Of each fact and decision: what its values are.
    domains: FxHashMap<Text, Domain>,
    /// Sections by their title, where they have a name.
    titled: FxHashMap<Text, Text>,
    paths: FxHashMap<&'w str, FileId>,
    file: FileId,
}

/// What may stand behind `is`.
#[derive(Debug, Clone)]
enum Domain {
    /// Positions in [`Index::values`].
    Values(Vec<u32>),
    Nodes(Kind),
}

impl<'w> Walk<'w> {
    pub fn new(index: &'w mut Index, sources: &'w Sources) -> Self {
        let domains = FxHashMap::from_iter([
            (Text::new("channel"), Domain::Nodes(Kind::Channel)),
            (Text::new("sender"), Domain::Nodes(Kind::Role)),
            (Text::new("recipient"), Domain::Nodes(Kind::Role)),
        ]);
        let paths = sources.iter().map(|(id, source)| (source.path.as_str(), id)).collect();
        Self { index, sources, domains, titled: FxHashMap::default(), paths, file: FileId(0) }
    }

    pub fn project(mut self, trees: &[(FileId, Arc<ast::File>)]) {
        let order: Vec<FileId> = self.index.names.files.iter().map(|f| f.0).collect();
        let trees: BTreeMap<FileId, &ast::File> = trees.iter().map(|(id, tree)| (*id, &**tree)).collect();
        let files: Vec<(FileId, &ast::File)> = order.iter().filter_map(|id| Some((*id, *trees.get(id)?))).collect();
        // Values and sections first: a condition may stand before the fact that it asks about.
        for (_, tree) in &files {
            self.declared(&tree.items);
        }
        for (id, tree) in files {
            self.file = id;
            self.items(&tree.items);
        }
    }

    /// The values that facts and decisions declare, and the sections that have names.
    fn declared(&mut self, items: &[Item]) {
        for item in items {
            match &item.kind {
                ItemKind::Facts(facts) => {
                    let owners: Vec<Text> = facts.names.iter().map(|n| n.text.clone()).collect();
                    let ty = if let TypeKind::Set(inner) = &facts.ty.kind { inner } else { &facts.ty };
                    let domain = match &ty.kind {
                        TypeKind::OneOf(values) => Domain::Values(self.values(values, &owners)),
                        TypeKind::Role(_) => Domain::Nodes(Kind::Role),
                        TypeKind::Channel(_) => Domain::Nodes(Kind::Channel),
                        _ => continue,
                    };
                    owners.into_iter().for_each(|name| drop(self.domains.insert(name, domain.clone())));
                }
                ItemKind::Decision { name, values, .. } => {
                    let values = self.values(values, std::slice::from_ref(&name.text));
                    self.domains.insert(name.text.clone(), Domain::Values(values));
                }
                ItemKind::Section(section) => {
                    if let (Some(name), Some(title)) = (&section.name, &section.title) {
                        self.titled.insert(title.text.clone(), name.text.clone());
                    }
                    self.declared(&section.items);
                }
                _ => {}
            }
        }
    }

    fn values(&mut self, values: &[ast::EnumValue], owners: &[Text]) -> Vec<u32> {
        let mut found = Vec::new();
        for value in values {
            let i = self.index.values.len() as u32;
            let title = value.title.as_ref().map(|t| t.text.clone());
            let (name, span) = (value.name.text.clone(), value.name.span);
            self.index.values.push(NamedValue { name, title, span, owners: owners.to_vec() });
            self.index.note(Occurrence { span, target: Target::Value(i), declares: true });
            found.push(i);
        }
        found
    }

    fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Use(path) => self.import(path),
            ItemKind::Policy(policy) => {
                self.declare(Kind::Policy, &policy.name, policy.title.as_ref(), &item.docs, item.span);
                for setting in &policy.settings {
                    match &setting.kind {
                        SettingKind::Source(text) => self.cite(text),
                        SettingKind::Default { decision: Some(decision), value } => {
                            self.name(&[Kind::Decision], decision);
                            self.value(&decision.text, value);
                        }
                        SettingKind::YieldsTo(names) => names.iter().for_each(|n| self.name(&[Kind::Policy], n)),
                        _ => {}
                    }
                }
            }
            ItemKind::Roles(tree) => self.tree(Kind::Role, tree, item),
            ItemKind::Channels(tree) => self.tree(Kind::Channel, tree, item),
            ItemKind::MayBe { who, also } => {
                self.name(&[Kind::Role], who);
                also.iter().for_each(|n| self.name(&[Kind::Role], n));
            }
            ItemKind::Facts(facts) => {
                for name in &facts.names {
                    self.declare(Kind::Fact, name, facts.title.as_ref(), &item.docs, item.span);
                }
                let ty = if let TypeKind::Set(inner) = &facts.ty.kind { inner } else { &facts.ty };
                match &ty.kind {
                    TypeKind::Role(names) => names.iter().for_each(|n| self.name(&[Kind::Role], n)),
                    TypeKind::Channel(names) => names.iter().for_each(|n| self.name(&[Kind::Channel], n)),
                    _ => {}
                }
                self.maybe(facts.exists_if.as_ref());
            }
            ItemKind::Assume(assume) => self.cond(&assume.cond),
            ItemKind::Define { name, cond } => {
                self.declare(Kind::Define, name, None, &item.docs, item.span);
                self.cond(cond);
            }
            ItemKind::Section(section) => {
                if let Some(name) = &section.name {
                    self.declare(Kind::Section, name, section.title.as_ref(), &item.docs, item.span);
                }
                section.cites.iter().for_each(|c| self.cite(c));
                self.items(&section.items);
            }
            ItemKind::Rule(clause) => self.clause(clause, None, &item.docs),
            ItemKind::Exception { clause, targets } => {
                self.clause(clause, None, &item.docs);
                targets.iter().for_each(|t| self.target(t));
            }
            ItemKind::Duty { name, title, excludes } => {
                self.declare(Kind::Duty, name, title.as_ref(), &item.docs, item.span);
                excludes.iter().for_each(|n| self.name(&[Kind::Duty], n));
            }
            ItemKind::Period { name, expr } => {
                self.declare(Kind::Period, name, None, &item.docs, item.span);
                self.period(expr);
            }
            ItemKind::Decision { name, title, .. } => {
                self.declare(Kind::Decision, name, title.as_ref(), &item.docs, item.span);
            }
            ItemKind::Expect(expect) => {
                match &expect.claim {
                    Claim::Undecided(Some(name)) | Claim::Conflict(Some(name)) => self.name(&[Kind::Decision], name),
                    Claim::Obliges(name) => self.name(&[Kind::Duty], name),
                    Claim::Decides { decision, value } => {
                        self.name(&[Kind::Decision], decision);
                        self.value(&decision.text, value);
                    }
                    _ => {}
                }
                self.head(&expect.head);
                self.maybe(expect.when.as_ref());
                expect.by.iter().for_each(|p| self.path(p));
            }
            ItemKind::NotEncoded { cite, .. } => self.cite(cite),
            ItemKind::Allow(_) | ItemKind::Error => {}
        }
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
        tree.under.iter().for_each(|n| self.name(&[kind], n));
    }

    /// A rule or an exception, and those nested in it; the parser bounds how deep they nest.
    fn clause(&mut self, clause: &Clause, above: Option<&str>, docs: &[Text]) {
        let path = above.map_or(clause.name.text.to_string(), |a| format!("{a}.{}", clause.name.text));
        let docs = if clause.docs.is_empty() { docs } else { &clause.docs };
        self.declare_as(Kind::Rule, &path, &clause.name, clause.title.as_ref(), docs, clause.span);
        clause.cites.iter().for_each(|c| self.cite(c));
        for statement in &clause.statements {
            match &statement.kind {
                StatementKind::Permit { head, when, provided } => {
                    self.head(head);
                    self.maybe(when.as_ref());
                    for proviso in provided {
                        let (i, span) = (self.index.provisos.len() as u32, proviso.name.span);
                        self.index.provisos.push((Text::new(&path), proviso.name.text.clone(), span));
                        self.index.note(Occurrence { span, target: Target::Proviso(i), declares: true });
                        self.cond(&proviso.cond);
                    }
                }
                StatementKind::Forbid { head, when } => {
                    self.head(head);
                    self.maybe(when.as_ref());
                }
                StatementKind::Decide { decision, value, head, when } => {
                    self.name(&[Kind::Decision], decision);
                    self.value(&decision.text, value);
                    self.head(head);
                    self.maybe(when.as_ref());
                }
                StatementKind::Require { cond, when } | StatementKind::Advise { cond, when } => {
                    self.cond(cond);
                    self.maybe(when.as_ref());
                }
                StatementKind::Oblige { duties, when } => {
                    duties.iter().for_each(|n| self.name(&[Kind::Duty], n));
                    self.maybe(when.as_ref());
                }
                StatementKind::Waive { when } => self.maybe(when.as_ref()),
                StatementKind::Error => {}
            }
        }
        clause.exceptions.iter().for_each(|e| self.clause(e, Some(&path), &[]));
    }

    fn target(&mut self, target: &ast::Target) {
        match target {
            ast::Target::Named { path, section: true } => {
                path.segments.iter().for_each(|n| self.name(&[Kind::Section], n));
            }
            ast::Target::Named { path, .. } => self.path(path),
            ast::Target::Section(title) => {
                if let Some(i) = self.titled.get(&title.text).and_then(|name| self.index.find(Kind::Section, name)) {
                    self.index.note(Occurrence { span: title.span, target: Target::Symbol(i), declares: false });
                }
            }
        }
    }

    /// Each part of a path names the rule that ends there.
    fn path(&mut self, path: &ast::Path) {
        let mut full = String::new();
        for segment in &path.segments {
            full = if full.is_empty() { segment.text.to_string() } else { format!("{full}.{}", segment.text) };
            self.refer(&[Kind::Rule], &full, segment.span);
        }
    }

    fn head(&mut self, head: &ast::Head) {
        head.channels.iter().for_each(|n| self.name(&[Kind::Channel], n));
        head.from.iter().chain(&head.to).for_each(|n| self.name(&[Kind::Role], n));
    }

    fn maybe(&mut self, cond: Option<&Cond>) {
        cond.into_iter().for_each(|c| self.cond(c));
    }

    fn operand(&mut self, operand: &Operand) {
        if let Operand::Name(name) = operand {
            self.name(&[Kind::Fact], name);
        }
    }

    fn cond(&mut self, cond: &Cond) {
        const SUBJECT: [Kind; 3] = [Kind::Fact, Kind::Define, Kind::Decision];
        match &cond.kind {
            CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| self.cond(p)),
            CondKind::Not(inner) => self.cond(inner),
            CondKind::Name(name) => self.name(&SUBJECT, name),
            CondKind::Is { subject, values, .. } | CondKind::Include { subject, values, .. } => {
                self.name(&SUBJECT, subject);
                values.iter().for_each(|v| self.value(&subject.text, v));
            }
            CondKind::Compare { subject, value, .. } | CondKind::When { subject, value, .. } => {
                self.name(&SUBJECT, subject);
                self.operand(value);
            }
            CondKind::Between { subject, low, high } => {
                self.name(&SUBJECT, subject);
                self.operand(low);
                self.operand(high);
            }
            CondKind::OnDays { subject, .. } => self.name(&SUBJECT, subject),
            CondKind::During { subject, period, .. } => {
                self.name(&SUBJECT, subject);
                self.name(&[Kind::Period], period);
            }
            CondKind::Distance { subject, unit, other, .. } => {
                self.name(&SUBJECT, subject);
                self.name(&[Kind::Period], unit);
                self.operand(other);
            }
            CondKind::Error => {}
        }
    }

    fn period(&mut self, expr: &ast::PeriodExpr) {
        match &expr.kind {
            ast::PeriodKind::Name(name) => self.name(&[Kind::Period], name),
            ast::PeriodKind::Either(parts) => parts.iter().for_each(|p| self.period(p)),
            ast::PeriodKind::During(a, b) | ast::PeriodKind::Except(a, b) => {
                self.period(a);
                self.period(b);
            }
            _ => {}
        }
    }

    fn value(&mut self, owner: &str, name: &Name) {
        match self.domains.get(owner) {
            Some(Domain::Values(values)) => {
                let value = values.iter().copied().find(|i| self.index.values[*i as usize].name == name.text);
                if let Some(i) = value {
                    self.index.note(Occurrence { span: name.span, target: Target::Value(i), declares: false });
                }
            }
            Some(Domain::Nodes(kind)) => {
                let kind = *kind;
                self.name(&[kind], name);
            }
            None => {}
        }
    }

    fn name(&mut self, kinds: &[Kind], name: &Name) {
        self.refer(kinds, &name.text, name.span);
    }

    fn refer(&mut self, kinds: &[Kind], name: &str, span: Span) {
        if let Some(i) = kinds.iter().find_map(|kind| self.index.find(*kind, name)) {
            self.index.note(Occurrence { span, target: Target::Symbol(i), declares: false });
        }
    }

    fn declare(&mut self, kind: Kind, name: &Name, title: Option<&Str>, docs: &[Text], item: Span) {
        self.declare_as(kind, &name.text, name, title, docs, item);
    }

    fn declare_as(&mut self, kind: Kind, full: &str, name: &Name, title: Option<&Str>, docs: &[Text], item: Span) {
        let Some(i) = self.index.find(kind, full) else { return };
        // A second declaration of a name counts as a use of the first.
        let declares = self.index.names.symbols[i as usize].span == name.span;
        if declares {
            let parent = self.index.about[i as usize].parent;
            let title = title.map(|t| t.text.clone());
            self.index.about[i as usize] = About { title, docs: docs.to_vec(), item, parent };
        }
        self.index.note(Occurrence { span: name.span, target: Target::Symbol(i), declares });
    }

    fn import(&mut self, path: &ast::Path) {
        let using = &self.sources.get(self.file).path;
        let found = resolve::candidates(using, &path.dotted()).iter().find_map(|p| self.paths.get(p.as_str()).copied());
        if let Some(file) = found {
            self.index.note(Occurrence { span: path.span, target: Target::File(file), declares: false });
        }
    }

    fn cite(&mut self, text: &Str) {
        let using = &self.sources.get(self.file).path;
        let (path, heading) = text.text.split_once('#').map_or((text.text.as_str(), None), |(p, h)| (p, Some(h)));
        let found =
            near(using, path).iter().filter(|p| !stdlib::is_std(p)).find_map(|p| self.paths.get(p.as_str()).copied());
        let Some(file) = found else { return };
        let place = |h: &str| self.index.headings.get(&file).and_then(|list| list.iter().position(|x| x.id == h));
        let target = match heading.map(place) {
            None => Target::File(file),
            Some(Some(i)) => Target::Heading(file, i as u32),
            Some(None) => return,
        };
        self.index.note(Occurrence { span: text.span, target, declares: false });
    }
}
