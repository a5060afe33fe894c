//! An item -> which of the facts that come into being by use it uses: `channel`, `sender`, `recipient`, `on`.
//!
//! Why it exists: whether these facts exist, and where they are first used, must be known before any name is looked up.
//! Each item keeps its own, found when it is parsed, so that nobody walks through all trees after every edit.

use super::ast::{self, Cond, CondKind, Head, Item, ItemKind, Name, Operand, SettingKind, StatementKind};
use crate::source::Span;

/// Where each is first used, in the order of [`BY_USE`].
pub type FirstUse = [Option<Span>; 4];

/// The facts that exist as soon as something uses them.
pub const BY_USE: [&str; 4] = ["channel", "sender", "recipient", "on"];

/// What there is in an item, or in several.
#[derive(Debug, Clone, Default)]
pub struct Uses {
    /// The first use of each.
    pub first: FirstUse,
    /// It is or holds an item, statement or condition that could not be understood.
    pub broken: bool,
    /// Some clause in it accepts findings.
    pub allows: bool,
}

impl Uses {
    /// Of an item by itself: a section's are those of its items, and these keep them.
    pub fn of(kind: &ItemKind) -> Self {
        let mut uses = Uses::default();
        uses.kind(kind);
        uses
    }

    /// Adds those of items further on, those in sections included. Recursion is as deep as sections nest, which the
    /// parser bounds.
    pub fn add(&mut self, items: &[Item]) {
        for item in items {
            if let ItemKind::Section(section) = &item.kind {
                self.add(&section.items);
            }
            self.broken |= item.uses.broken;
            for (first, here) in self.first.iter_mut().zip(item.uses.first) {
                *first = first.or(here);
            }
        }
    }

    fn mark(&mut self, which: usize, span: Span) {
        if self.first[which].is_none() {
            self.first[which] = Some(span);
        }
    }

    fn kind(&mut self, kind: &ItemKind) {
        match kind {
            ItemKind::Policy(policy) => {
                for setting in &policy.settings {
                    if let SettingKind::InForce(period) = &setting.kind {
                        self.mark(3, period.span);
                    }
                }
            }
            ItemKind::Facts(facts) => self.maybe(facts.exists_if.as_ref()),
            ItemKind::Assume(assume) => self.cond(&assume.cond),
            ItemKind::Define { cond, .. } => self.cond(cond),
            ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => self.clause(clause),
            ItemKind::Expect(expect) => {
                self.head(&expect.head);
                self.maybe(expect.when.as_ref());
            }
            ItemKind::Error => self.broken = true,
            _ => {}
        }
    }

    fn clause(&mut self, clause: &ast::Clause) {
        if let Some(period) = clause.in_force.first() {
            self.mark(3, period.span);
        }
        self.allows |= !clause.allows.is_empty();
        for statement in &clause.statements {
            match &statement.kind {
                StatementKind::Permit { head, when, provided } => {
                    self.head(head);
                    self.maybe(when.as_ref());
                    provided.iter().for_each(|p| self.cond(&p.cond));
                }
                StatementKind::Forbid { head, when } | StatementKind::Decide { head, when, .. } => {
                    self.head(head);
                    self.maybe(when.as_ref());
                }
                StatementKind::Require { cond, when } | StatementKind::Advise { cond, when } => {
                    self.cond(cond);
                    self.maybe(when.as_ref());
                }
                StatementKind::Oblige { when, .. } | StatementKind::Waive { when } => self.maybe(when.as_ref()),
                StatementKind::Error => self.broken = true,
            }
        }
        clause.exceptions.iter().for_each(|e| self.clause(e));
    }

    fn head(&mut self, head: &Head) {
        for (i, names) in [&head.channels, &head.from, &head.to].into_iter().enumerate() {
            if let Some(name) = names.first() {
                self.mark(i, name.span);
            }
        }
    }

    fn maybe(&mut self, cond: Option<&Cond>) {
        if let Some(cond) = cond {
            self.cond(cond);
        }
    }

    fn name(&mut self, name: &Name) {
        if let Some(i) = BY_USE.iter().position(|n| *n == name.text) {
            self.mark(i, name.span);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        if let Operand::Name(name) = operand {
            self.name(name);
        }
    }

    fn cond(&mut self, cond: &Cond) {
        match &cond.kind {
            CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| self.cond(p)),
            CondKind::Not(inner) => self.cond(inner),
            CondKind::Name(name) => self.name(name),
            CondKind::Is { subject, .. }
            | CondKind::OnDays { subject, .. }
            | CondKind::During { subject, .. }
            | CondKind::Include { subject, .. } => self.name(subject),
            CondKind::Compare { subject, value, .. } | CondKind::When { subject, value, .. } => {
                self.name(subject);
                self.operand(value);
            }
            CondKind::Between { subject, low, high } => {
                self.name(subject);
                self.operand(low);
                self.operand(high);
            }
            CondKind::Distance { subject, other, .. } => {
                self.name(subject);
                self.operand(other);
            }
            CondKind::Error => self.broken = true,
        }
    }
}
