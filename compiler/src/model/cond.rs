//! Conditions: and, or, not over typed atoms.

use super::{Bits, DefineId, FactId, PeriodId};
use crate::source::Span;

#[derive(Debug, Clone)]
pub struct Cond {
    pub kind: CondKind,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum CondKind {
    True,
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Atom(Atom),
    /// A define, by reference: its name is what people see.
    Define(DefineId),
}

/// An atomic condition. Each is **false** where a fact it speaks of is absent, also the negative ones
/// (`is not a` is the set of the other values, `outside P` is `within: false`); only `not (…)` turns that.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// A yes/no fact is yes.
    Yes(FactId),
    /// A choice is one of these values.
    OneOf(FactId, Bits),
    /// A number, date, time or datetime lies in one of these intervals: sorted, disjoint, both ends included, never
    /// adjacent, clipped to the fact's range.
    Range(FactId, Vec<(i64, i64)>),
    /// The local day of a date or datetime is one of these; bit 0 is Monday.
    Weekday(FactId, u8),
    /// A date or datetime lies in the period (`inside`) or outside it.
    Within { fact: FactId, period: PeriodId, inside: bool },
    /// About a set.
    Set { fact: FactId, test: SetTest },
    /// `low <= distance(from, to) <= high`, where the distance counts `unit`s from `from` to `to`, negative where
    /// `to` comes first. See [`Unit`].
    Distance { from: FactId, to: FactId, unit: Unit, low: Option<i64>, high: Option<i64> },
}

/// What `include` asks. Each name in the list has become the set of elements it covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SetTest {
    /// The set has an element of this one.
    Any(Bits),
    /// For each of these, the set has an element of it.
    All(Vec<Bits>),
    /// The set has no element of this one.
    None(Bits),
    /// All elements of the set are in this one (so the empty set passes).
    Only(Bits),
}

/// The units of a distance. Every distance grows with its end and falls with its start, which is what makes time
/// constraints decidable by bounds alone (see `space::time`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Calendar days in the policy's zone: the date of `to` less the date of `from`. Between dates and datetimes.
    Days,
    /// Whole calendar months: the greatest k such that the date of `from` plus k months is not after the date of `to`;
    /// a day that the month lacks becomes its last day (31 January + 1 month = 28 February).
    Months,
    /// Elapsed minutes between two datetimes, or two times.
    Minutes,
    /// The days d with date(from) < d <= date(to) on which the period contains any moment; negative the other way round.
    PeriodDays(PeriodId),
    /// The difference of two numbers with the same scale and unit, in their smallest step.
    Number,
}

impl Cond {
    pub fn new(kind: CondKind, span: Span) -> Self {
        Self { kind, span }
    }

    pub fn always(span: Span) -> Self {
        Self { kind: CondKind::True, span }
    }

    pub fn is_true(&self) -> bool {
        matches!(self.kind, CondKind::True)
    }

    /// The conjunction; leaves out `True`, flattens nothing else.
    pub fn and(parts: Vec<Cond>, span: Span) -> Self {
        let mut parts: Vec<Cond> = parts.into_iter().filter(|c| !c.is_true()).collect();
        match parts.len() {
            0 => Self::always(span),
            1 => parts.remove(0),
            _ => Self { kind: CondKind::And(parts), span },
        }
    }

    pub fn or(mut parts: Vec<Cond>, span: Span) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { Self { kind: CondKind::Or(parts), span } }
    }

    /// Calls `f` on every atom, those of defines not included.
    pub fn atoms<'a>(&'a self, f: &mut impl FnMut(&'a Atom)) {
        match &self.kind {
            CondKind::True | CondKind::Define(_) => {}
            CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| p.atoms(f)),
            CondKind::Not(inner) => inner.atoms(f),
            CondKind::Atom(atom) => f(atom),
        }
    }

    /// The parts of a conjunction, or the condition itself.
    pub fn conjuncts(&self) -> &[Cond] {
        match &self.kind {
            CondKind::And(parts) => parts,
            CondKind::True => &[],
            _ => std::slice::from_ref(self),
        }
    }
}

impl Atom {
    /// The facts it speaks of: one, or two for a distance.
    pub fn facts(&self) -> impl Iterator<Item = FactId> + use<> {
        let (a, b) = match self {
            Atom::Yes(f) | Atom::OneOf(f, _) | Atom::Range(f, _) | Atom::Weekday(f, _) => (*f, None),
            Atom::Within { fact, .. } | Atom::Set { fact, .. } => (*fact, None),
            Atom::Distance { from, to, .. } => (*from, Some(*to)),
        };
        std::iter::once(a).chain(b)
    }
}
