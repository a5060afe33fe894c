//! Syntax trees -> the places of all names. What is expected at a place decides what the name there means.

use super::declare::{Domain, path_of};
use super::{Index, Occurrence, Target};
use crate::resolve::names::Kind;
use crate::resolve::{self, near};
use crate::source::{FileId, Span};
use crate::stdlib;
use crate::syntax::ast::{
    self, Claim, Clause, Cond, CondKind, Item, ItemKind, Name, Operand, SettingKind, StatementKind, Str, TypeKind,
};

pub(super) struct Walk<'w> {
    index: &'w Index,
    file: FileId,
    places: Vec<Occurrence>,
}

impl<'w> Walk<'w> {
    pub fn new(index: &'w Index, file: FileId) -> Self {
        Self { index, file, places: Vec::new() }
    }

    /// What was found, in the order of the text.
    pub fn places(mut self) -> Vec<Occurrence> {
        self.places.sort_by_key(|o| (o.span.start, std::cmp::Reverse(o.span.end), o.target));
        self.places.dedup();
        self.places
    }

    /// Only what lies around an offset.
    pub fn around(&mut self, items: &[Item], offset: u32) {
        let end = items.partition_point(|item| item.span.start <= offset);
        // Where one item ends another may begin.
        for item in items[end.saturating_sub(2)..end].iter().filter(|item| item.span.contains(offset)) {
            match &item.kind {
                ItemKind::Section(section) => {
                    self.section(section);
                    self.around(&section.items, offset);
                }
                _ => self.item(item),
            }
        }
    }

    fn note(&mut self, span: Span, target: Target, declares: bool) {
        self.places.push(Occurrence { span, target, declares });
    }

    pub fn items(&mut self, items: &[Item]) {
        for item in items {
            self.item(item);
        }
    }

    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Use(path) => self.import(path),
            ItemKind::Policy(policy) => {
                self.declare(Kind::Policy, &policy.name);
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
            ItemKind::Roles(tree) => self.tree(Kind::Role, tree),
            ItemKind::Channels(tree) => self.tree(Kind::Channel, tree),
            ItemKind::MayBe { who, also } => {
                self.name(&[Kind::Role], who);
                also.iter().for_each(|n| self.name(&[Kind::Role], n));
            }
            ItemKind::Facts(facts) => {
                facts.names.iter().for_each(|name| self.declare(Kind::Fact, name));
                let ty = if let TypeKind::Set(inner) = &facts.ty.kind { inner } else { &facts.ty };
                match &ty.kind {
                    TypeKind::OneOf(values) => self.values(values),
                    TypeKind::Role(names) => names.iter().for_each(|n| self.name(&[Kind::Role], n)),
                    TypeKind::Channel(names) => names.iter().for_each(|n| self.name(&[Kind::Channel], n)),
                    _ => {}
                }
                self.maybe(facts.exists_if.as_ref());
            }
            ItemKind::Assume(assume) => self.cond(&assume.cond),
            ItemKind::Define { name, cond } => {
                self.declare(Kind::Define, name);
                self.cond(cond);
            }
            ItemKind::Section(section) => {
                self.section(section);
                self.items(&section.items);
            }
            ItemKind::Rule(clause) => self.clause(clause, None),
            ItemKind::Exception { clause, targets } => {
                self.clause(clause, None);
                targets.iter().for_each(|t| self.target(t));
            }
            ItemKind::Duty { name, excludes, .. } => {
                self.declare(Kind::Duty, name);
                excludes.iter().for_each(|n| self.name(&[Kind::Duty], n));
            }
            ItemKind::Period { name, expr } => {
                self.declare(Kind::Period, name);
                self.period(expr);
            }
            ItemKind::Decision { name, values, .. } => {
                self.declare(Kind::Decision, name);
                self.values(values);
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

    fn section(&mut self, section: &ast::Section) {
        section.name.iter().for_each(|name| self.declare(Kind::Section, name));
        section.cites.iter().for_each(|c| self.cite(c));
    }

    fn values(&mut self, values: &[ast::EnumValue]) {
        for value in values {
            if let Some(i) = self.index.known.values.get(&value.name.span) {
                self.note(value.name.span, Target::Value(*i), true);
            }
        }
    }

    fn tree(&mut self, kind: Kind, tree: &ast::Tree) {
        let mut open: Vec<&ast::TreeNode> = tree.nodes.iter().collect();
        while let Some(node) = open.pop() {
            self.declare(kind, &node.name);
            open.extend(&node.children);
        }
        tree.under.iter().for_each(|n| self.name(&[kind], n));
    }

    /// A rule or an exception, and those nested in it; the parser bounds how deep they nest.
    fn clause(&mut self, clause: &Clause, above: Option<&str>) {
        let path = path_of(clause, above);
        self.declare_as(Kind::Rule, &path, &clause.name);
        clause.cites.iter().for_each(|c| self.cite(c));
        for statement in &clause.statements {
            match &statement.kind {
                StatementKind::Permit { head, when, provided } => {
                    self.head(head);
                    self.maybe(when.as_ref());
                    for proviso in provided {
                        if let Some(i) = self.index.provisos().at.get(&proviso.name.span) {
                            self.note(proviso.name.span, Target::Proviso(*i), true);
                        }
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
        clause.exceptions.iter().for_each(|e| self.clause(e, Some(&path)));
    }

    fn target(&mut self, target: &ast::Target) {
        match target {
            ast::Target::Named { path, section: true } => {
                path.segments.iter().for_each(|n| self.name(&[Kind::Section], n));
            }
            ast::Target::Named { path, .. } => self.path(path),
            ast::Target::Section(title) => {
                if let Some(i) =
                    self.index.known.titled.get(&title.text).and_then(|name| self.index.find(Kind::Section, name))
                {
                    self.note(title.span, Target::Symbol(i), false);
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
        match self.index.known.domains.get(owner) {
            Some(Domain::Values(values)) => {
                let value = values.iter().copied().find(|i| self.index.values[*i as usize].name == name.text);
                if let Some(i) = value {
                    self.note(name.span, Target::Value(i), false);
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
            self.note(span, Target::Symbol(i), false);
        }
    }

    fn declare(&mut self, kind: Kind, name: &Name) {
        self.declare_as(kind, &name.text, name);
    }

    fn declare_as(&mut self, kind: Kind, full: &str, name: &Name) {
        let Some(i) = self.index.find(kind, full) else { return };
        // A second declaration of a name counts as a use of the first.
        let declares = self.index.names.symbols[i as usize].span == name.span;
        self.note(name.span, Target::Symbol(i), declares);
    }

    fn import(&mut self, path: &ast::Path) {
        let using = &self.index.sources.get(self.file).path;
        let found = resolve::candidates(using, &path.dotted())
            .iter()
            .find_map(|p| self.index.known.paths.get(p.as_str()).copied());
        if let Some(file) = found {
            self.note(path.span, Target::File(file), false);
        }
    }

    fn cite(&mut self, text: &Str) {
        let using = &self.index.sources.get(self.file).path;
        let (path, heading) = text.text.split_once('#').map_or((text.text.as_str(), None), |(p, h)| (p, Some(h)));
        let found = near(using, path)
            .iter()
            .filter(|p| !stdlib::is_std(p))
            .find_map(|p| self.index.known.paths.get(p.as_str()).copied());
        let Some(file) = found else { return };
        let place = |h: &str| self.index.headings.get(&file).and_then(|list| list.iter().position(|x| x.id == h));
        let target = match heading.map(place) {
            None => Target::File(file),
            Some(Some(i)) => Target::Heading(file, i as u32),
            Some(None) => return,
        };
        self.note(text.span, target, false);
    }
}
