//! A version's conditions -> the same conditions about the joint facts.
//!
//! A fact that exists in other cases than in the other version is asked about only where the version has it: there its
//! condition stands beside the atom (`guards`). Everything else is a change of numbers.

use super::types::Reading;
use crate::model::*;

pub struct Translator<'a> {
    /// By the version's ids: the joint ones.
    pub facts: &'a [FactId],
    pub readings: &'a [Reading],
    pub periods: &'a [PeriodId],
    pub defines: &'a [DefineId],
    /// By the version's facts: the joint definition that says where the version has it.
    pub guards: &'a [Option<DefineId>],
}

impl Translator<'_> {
    pub fn cond(&self, cond: &Cond) -> Cond {
        let all = |parts: &[Cond]| parts.iter().map(|p| self.cond(p)).collect::<Vec<Cond>>();
        let kind = match &cond.kind {
            CondKind::True => CondKind::True,
            CondKind::And(parts) => CondKind::And(all(parts)),
            CondKind::Or(parts) => CondKind::Or(all(parts)),
            CondKind::Not(inner) => CondKind::Not(Box::new(self.cond(inner))),
            CondKind::Define(d) => CondKind::Define(self.define(*d)),
            CondKind::Atom(atom) => {
                let kind = CondKind::Atom(self.atom(atom));
                let guards: Vec<DefineId> = atom.facts().filter_map(|f| self.guard(f)).collect();
                if guards.is_empty() { kind } else { guarded(kind, guards, cond) }
            }
        };
        Cond::new(kind, cond.span)
    }

    fn guard(&self, fact: FactId) -> Option<DefineId> {
        self.guards.get(fact.index()).copied().flatten()
    }

    pub fn fact(&self, fact: FactId) -> FactId {
        self.facts.get(fact.index()).copied().unwrap_or(fact)
    }

    pub fn define(&self, define: DefineId) -> DefineId {
        self.defines.get(define.index()).copied().unwrap_or(define)
    }

    fn period(&self, period: PeriodId) -> PeriodId {
        self.periods.get(period.index()).copied().unwrap_or(period)
    }

    fn bits(&self, fact: FactId, bits: &Bits) -> Bits {
        self.readings.get(fact.index()).map_or_else(|| bits.clone(), |r| r.bits(bits))
    }

    fn atom(&self, atom: &Atom) -> Atom {
        match atom {
            Atom::Yes(f) => Atom::Yes(self.fact(*f)),
            Atom::OneOf(f, values) => Atom::OneOf(self.fact(*f), self.bits(*f, values)),
            Atom::Range(f, ranges) => {
                let read = |r: &(i64, i64)| self.readings.get(f.index()).map_or(*r, |reading| reading.range(*r));
                Atom::Range(self.fact(*f), ranges.iter().map(read).collect())
            }
            Atom::Weekday(f, days) => Atom::Weekday(self.fact(*f), *days),
            Atom::Within { fact, period, inside } => {
                Atom::Within { fact: self.fact(*fact), period: self.period(*period), inside: *inside }
            }
            Atom::Set { fact, test } => {
                let bits = |b: &Bits| self.bits(*fact, b);
                let test = match test {
                    SetTest::Any(b) => SetTest::Any(bits(b)),
                    SetTest::All(all) => SetTest::All(all.iter().map(bits).collect()),
                    SetTest::None(b) => SetTest::None(bits(b)),
                    SetTest::Only(b) => SetTest::Only(bits(b)),
                };
                Atom::Set { fact: self.fact(*fact), test }
            }
            Atom::Distance { from, to, unit, low, high } => {
                let unit = match unit {
                    Unit::PeriodDays(p) => Unit::PeriodDays(self.period(*p)),
                    other => *other,
                };
                Atom::Distance { from: self.fact(*from), to: self.fact(*to), unit, low: *low, high: *high }
            }
        }
    }
}

fn guarded(kind: CondKind, guards: Vec<DefineId>, cond: &Cond) -> CondKind {
    let part = |kind| Cond::new(kind, cond.span);
    let guards = guards.into_iter().map(|d| part(CondKind::Define(d)));
    CondKind::And(std::iter::once(part(kind)).chain(guards).collect())
}

/// The same condition, wherever it stands.
pub fn same(a: &Cond, b: &Cond) -> bool {
    let all = |a: &[Cond], b: &[Cond]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (&a.kind, &b.kind) {
        (CondKind::True, CondKind::True) => true,
        (CondKind::And(a), CondKind::And(b)) | (CondKind::Or(a), CondKind::Or(b)) => all(a, b),
        (CondKind::Not(a), CondKind::Not(b)) => same(a, b),
        (CondKind::Define(a), CondKind::Define(b)) => a == b,
        (CondKind::Atom(a), CondKind::Atom(b)) => a == b,
        _ => false,
    }
}

/// The definitions and facts that a condition itself names.
pub fn named(cond: &Cond, defines: &mut Vec<DefineId>, facts: &mut Vec<FactId>) {
    match &cond.kind {
        CondKind::True => {}
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| named(p, defines, facts)),
        CondKind::Not(inner) => named(inner, defines, facts),
        CondKind::Define(d) => defines.push(*d),
        CondKind::Atom(atom) => facts.extend(atom.facts()),
    }
}
