//! Conditions -> what they ask of each fact.
//!
//! The questions decide where facts are cut into cells. Equal questions are kept once, so a thousand rules about the same
//! ten constants cost as much as ten.

use super::AxisKind;
use crate::model::{Atom, Bits, Cond, FactId, Model, PeriodId, SetTest, Unit};
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// What conditions ask of one fact.
#[derive(Debug, Default)]
pub(super) struct Asked<'m> {
    /// Any condition speaks of it.
    pub spoken: bool,
    /// Measured against another fact.
    pub linked: bool,
    /// Measured against itself: then conditions ask at least whether it exists.
    pub itself: bool,
    pub values: FxHashSet<&'m Bits>,
    pub ranges: FxHashSet<&'m [(i64, i64)]>,
    pub weekdays: BTreeSet<u8>,
    pub periods: BTreeSet<PeriodId>,
    /// Sets of elements of which conditions ask whether the set has one.
    pub extents: BTreeSet<Bits>,
}

/// What conditions ask of one pair of facts in one unit.
#[derive(Debug)]
pub(super) struct Measured {
    pub from: FactId,
    pub to: FactId,
    pub unit: Unit,
    /// Intervals with open ends as `i64::MIN` and `i64::MAX`.
    pub ranges: BTreeSet<(i64, i64)>,
}

#[derive(Debug)]
pub(super) struct Uses<'m> {
    pub asked: Vec<Asked<'m>>,
    /// In the order and the direction in which conditions first measure.
    pub measured: Vec<Measured>,
}

/// What the conditions ask, defines not followed: the model's own defines are among its conditions.
pub(super) fn uses<'m>(model: &'m Model, conditions: &[&'m Cond]) -> Uses<'m> {
    uses_of(model, conditions, std::iter::empty())
}

/// What the conditions and these atoms ask.
pub(super) fn uses_of<'m>(model: &Model, conditions: &[&'m Cond], atoms: impl Iterator<Item = &'m Atom>) -> Uses<'m> {
    let asked = model.facts.iter().map(|_| Asked::default()).collect();
    let mut uses = Uses { asked, measured: Vec::new() };
    let mut known = BTreeMap::new();
    for cond in conditions {
        cond.atoms(&mut |atom| uses.add(model, atom, &mut known));
    }
    atoms.for_each(|atom| uses.add(model, atom, &mut known));
    uses
}

impl<'m> Uses<'m> {
    fn add(&mut self, model: &Model, atom: &'m Atom, known: &mut BTreeMap<(FactId, FactId, Unit), usize>) {
        for fact in atom.facts() {
            self.asked[fact.index()].spoken = true;
        }
        match atom {
            Atom::Yes(_) => {}
            Atom::OneOf(fact, values) => {
                self.asked[fact.index()].values.insert(values);
            }
            Atom::Range(fact, ranges) => {
                self.asked[fact.index()].ranges.insert(ranges);
            }
            Atom::Weekday(fact, days) => {
                self.asked[fact.index()].weekdays.insert(*days);
            }
            Atom::Within { fact, period, .. } => {
                self.asked[fact.index()].periods.insert(*period);
            }
            Atom::Set { fact, test } => {
                let extents = &mut self.asked[fact.index()].extents;
                match test {
                    SetTest::Any(set) | SetTest::None(set) => {
                        extents.insert(set.clone());
                    }
                    SetTest::All(sets) => extents.extend(sets.iter().cloned()),
                    SetTest::Only(set) => {
                        extents.insert(others(model, *fact, set));
                    }
                }
            }
            Atom::Distance { from, to, .. } if from == to => self.asked[from.index()].itself = true,
            Atom::Distance { from, to, unit, low, high } => {
                self.asked[from.index()].linked = true;
                self.asked[to.index()].linked = true;
                let range = (low.unwrap_or(i64::MIN), high.unwrap_or(i64::MAX));
                let here = AxisKind::Distance(*from, *to, *unit);
                let back = here.reversed().and_then(|_| known.get(&(*to, *from, *unit)).copied());
                let (index, range) = match back {
                    Some(index) => (index, flip(range)),
                    None => {
                        let next = self.measured.len();
                        (*known.entry((*from, *to, *unit)).or_insert(next), range)
                    }
                };
                if index == self.measured.len() {
                    self.measured.push(Measured { from: *from, to: *to, unit: *unit, ranges: BTreeSet::new() });
                }
                self.measured[index].ranges.insert(range);
            }
        }
    }
}

/// The elements of a set's domain that are not in `set`.
pub(super) fn others(model: &Model, fact: FactId, set: &Bits) -> Bits {
    match &model.fact(fact).ty {
        crate::model::Type::Set(domain) => set.complement(domain.values.len()),
        _ => Bits::new(),
    }
}

/// The interval of a distance as seen from its other end.
pub(super) fn flip((low, high): (i64, i64)) -> (i64, i64) {
    let turn = |end: i64| match end {
        i64::MIN => i64::MAX,
        i64::MAX => i64::MIN,
        end => -end,
    };
    (turn(high), turn(low))
}
