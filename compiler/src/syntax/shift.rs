//! A tree -> the same tree, further on or further back in its text.
//!
//! Why it exists: an edit moves all that stands behind it, and to move a tree is much cheaper than to parse its text
//! again. Recursion is as deep as the tree, which the parser bounds.

use super::ast::*;
use crate::source::Span;

/// Moves everything by so many bytes.
pub fn shift(items: &mut [Item], by: i64) {
    if by != 0 {
        let mut shift = Shift(by as u32);
        items.iter_mut().for_each(|item| shift.item(item));
    }
}

/// The distance; one back is what wraps around.
struct Shift(u32);

impl Shift {
    fn span(&mut self, span: &mut Span) {
        span.start = span.start.wrapping_add(self.0);
        span.end = span.end.wrapping_add(self.0);
    }

    fn name(&mut self, name: &mut Name) {
        self.span(&mut name.span);
    }

    fn names(&mut self, names: &mut [Name]) {
        names.iter_mut().for_each(|n| self.name(n));
    }

    fn strings<'s>(&mut self, strings: impl IntoIterator<Item = &'s mut Str>) {
        strings.into_iter().for_each(|s| self.span(&mut s.span));
    }

    fn path(&mut self, path: &mut Path) {
        self.span(&mut path.span);
        self.names(&mut path.segments);
    }

    fn item(&mut self, item: &mut Item) {
        self.span(&mut item.span);
        item.uses.first.iter_mut().flatten().for_each(|s| self.span(s));
        match &mut item.kind {
            ItemKind::Use(path) => self.path(path),
            ItemKind::Policy(policy) => {
                self.name(&mut policy.name);
                self.strings(&mut policy.title);
                policy.settings.iter_mut().for_each(|s| self.setting(s));
            }
            ItemKind::Roles(tree) | ItemKind::Channels(tree) => {
                tree.nodes.iter_mut().for_each(|n| self.node(n));
                tree.under.iter_mut().for_each(|n| self.name(n));
            }
            ItemKind::MayBe { who, also } => {
                self.name(who);
                self.names(also);
            }
            ItemKind::Facts(facts) => {
                self.names(&mut facts.names);
                self.ty(&mut facts.ty);
                self.strings(&mut facts.title);
                self.conds(&mut facts.exists_if);
            }
            ItemKind::Assume(assume) => {
                self.cond(&mut assume.cond);
                self.strings(&mut assume.because);
            }
            ItemKind::Define { name, cond } => {
                self.name(name);
                self.cond(cond);
            }
            ItemKind::Section(section) => {
                section.name.iter_mut().for_each(|n| self.name(n));
                self.strings(section.title.iter_mut().chain(&mut section.cites));
                section.items.iter_mut().for_each(|item| self.item(item));
            }
            ItemKind::Rule(clause) => self.clause(clause),
            ItemKind::Exception { clause, targets } => {
                self.clause(clause);
                for target in targets {
                    match target {
                        Target::Named { path, .. } => self.path(path),
                        Target::Section(title) => self.span(&mut title.span),
                    }
                }
            }
            ItemKind::Duty { name, title, excludes } => {
                self.name(name);
                self.strings(title);
                self.names(excludes);
            }
            ItemKind::Period { name, expr } => {
                self.name(name);
                self.period(expr);
            }
            ItemKind::Decision { name, values, title } => {
                self.name(name);
                self.values(values);
                self.strings(title);
            }
            ItemKind::Expect(expect) => {
                self.span(&mut expect.body);
                self.strings([&mut expect.title]);
                self.head(&mut expect.head);
                self.conds(&mut expect.when);
                expect.by.iter_mut().for_each(|path| self.path(path));
                match &mut expect.claim {
                    Claim::Undecided(name) | Claim::Conflict(name) => name.iter_mut().for_each(|n| self.name(n)),
                    Claim::Obliges(name) => self.name(name),
                    Claim::Decides { decision, value } => {
                        self.name(decision);
                        self.name(value);
                    }
                    Claim::Permit | Claim::Forbid | Claim::Error => {}
                }
            }
            ItemKind::NotEncoded { cite, because } => self.strings([cite].into_iter().chain(because)),
            ItemKind::Allow(allow) => self.allow(allow),
            ItemKind::Error => {}
        }
    }

    fn setting(&mut self, setting: &mut Setting) {
        self.span(&mut setting.span);
        match &mut setting.kind {
            SettingKind::Source(text) | SettingKind::Timezone(text) => self.span(&mut text.span),
            SettingKind::InForce(period) => self.in_force(period),
            SettingKind::Default { decision, value } => {
                decision.iter_mut().for_each(|n| self.name(n));
                self.name(value);
            }
            SettingKind::YieldsTo(names) => self.names(names),
            SettingKind::Allow(allow) => self.allow(allow),
            SettingKind::Error => {}
        }
    }

    fn allow(&mut self, allow: &mut Allow) {
        self.span(&mut allow.span);
        self.names(&mut allow.codes);
        allow.until.iter_mut().for_each(|l| self.literal(l));
        self.strings([&mut allow.because]);
    }

    fn in_force(&mut self, period: &mut InForce) {
        self.span(&mut period.span);
        period.from.iter_mut().chain(&mut period.until).for_each(|l| self.literal(l));
    }

    fn node(&mut self, node: &mut TreeNode) {
        self.name(&mut node.name);
        self.strings(&mut node.title);
        node.children.iter_mut().for_each(|n| self.node(n));
    }

    fn values(&mut self, values: &mut [EnumValue]) {
        for value in values {
            self.name(&mut value.name);
            self.strings(&mut value.title);
        }
    }

    fn ty(&mut self, ty: &mut Type) {
        self.span(&mut ty.span);
        match &mut ty.kind {
            TypeKind::OneOf(values) => self.values(values),
            TypeKind::Role(names) | TypeKind::Channel(names) => self.names(names),
            TypeKind::Number { range, unit } => {
                range.iter_mut().for_each(|ends| self.ends(ends));
                unit.iter_mut().for_each(|n| self.name(n));
            }
            TypeKind::Date(range) | TypeKind::DateTime(range) => range.iter_mut().for_each(|ends| self.ends(ends)),
            TypeKind::Set(inner) => self.ty(inner),
            TypeKind::YesNo | TypeKind::Time | TypeKind::Error => {}
        }
    }

    fn ends(&mut self, (low, high): &mut (Literal, Literal)) {
        self.literal(low);
        self.literal(high);
    }

    fn literal(&mut self, literal: &mut Literal) {
        self.span(&mut literal.span);
        if let LiteralKind::Number { unit: Some(unit), .. } = &mut literal.kind {
            self.name(unit);
        }
    }

    fn clause(&mut self, clause: &mut Clause) {
        self.span(&mut clause.span);
        self.name(&mut clause.name);
        self.strings(clause.title.iter_mut().chain(&mut clause.cites));
        clause.in_force.iter_mut().for_each(|period| self.in_force(period));
        clause.allows.iter_mut().for_each(|allow| self.allow(allow));
        clause.statements.iter_mut().for_each(|s| self.statement(s));
        clause.exceptions.iter_mut().for_each(|e| self.clause(e));
    }

    fn statement(&mut self, statement: &mut Statement) {
        self.span(&mut statement.span);
        self.span(&mut statement.keyword);
        match &mut statement.kind {
            StatementKind::Permit { head, when, provided } => {
                self.head(head);
                self.conds(when);
                for proviso in provided {
                    self.name(&mut proviso.name);
                    self.cond(&mut proviso.cond);
                }
            }
            StatementKind::Forbid { head, when } => {
                self.head(head);
                self.conds(when);
            }
            StatementKind::Decide { decision, value, head, when } => {
                self.name(decision);
                self.name(value);
                self.head(head);
                self.conds(when);
            }
            StatementKind::Require { cond, when } | StatementKind::Advise { cond, when } => {
                self.cond(cond);
                self.conds(when);
            }
            StatementKind::Oblige { duties, when } => {
                self.names(duties);
                self.conds(when);
            }
            StatementKind::Waive { when } => self.conds(when),
            StatementKind::Error => {}
        }
    }

    fn head(&mut self, head: &mut Head) {
        self.names(&mut head.channels);
        self.names(&mut head.from);
        self.names(&mut head.to);
    }

    fn conds<'c>(&mut self, conds: impl IntoIterator<Item = &'c mut Cond>) {
        conds.into_iter().for_each(|c| self.cond(c));
    }

    fn cond(&mut self, cond: &mut Cond) {
        self.span(&mut cond.span);
        match &mut cond.kind {
            CondKind::And(parts) | CondKind::Or(parts) => self.conds(parts),
            CondKind::Not(inner) => self.cond(inner),
            CondKind::Name(subject) | CondKind::OnDays { subject, .. } => self.name(subject),
            CondKind::Is { subject, values, .. } | CondKind::Include { subject, values, .. } => {
                self.name(subject);
                self.names(values);
            }
            CondKind::Compare { subject, value, .. } | CondKind::When { subject, value, .. } => {
                self.name(subject);
                self.operand(value);
            }
            CondKind::Between { subject, low, high } => {
                self.name(subject);
                self.operand(low);
                self.operand(high);
            }
            CondKind::During { subject, period, .. } => {
                self.name(subject);
                self.name(period);
            }
            CondKind::Distance { subject, amount, unit, other, .. } => {
                self.name(subject);
                self.literal(amount);
                self.name(unit);
                self.operand(other);
            }
            CondKind::Error => {}
        }
    }

    fn operand(&mut self, operand: &mut Operand) {
        match operand {
            Operand::Name(name) => self.name(name),
            Operand::Literal(literal) => self.literal(literal),
        }
    }

    fn period(&mut self, period: &mut PeriodExpr) {
        self.span(&mut period.span);
        match &mut period.kind {
            PeriodKind::Dates(from, to) => {
                self.literal(from);
                self.literal(to);
            }
            PeriodKind::Days { hours, .. } => hours.iter_mut().for_each(|ends| self.ends(ends)),
            PeriodKind::Name(name) => self.name(name),
            PeriodKind::Either(parts) => parts.iter_mut().for_each(|p| self.period(p)),
            PeriodKind::During(a, b) | PeriodKind::Except(a, b) => {
                self.period(a);
                self.period(b);
            }
            PeriodKind::Error => {}
        }
    }
}
