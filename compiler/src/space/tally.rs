//! What the conditions of a policy ask, clause by clause, and how often it is asked: so that after an edit only the clauses
//! that have changed are read again to know whether the facts are cut as before.
//!
//! The cells of the facts depend on which atoms are asked at all, the order of the axes on how many conditions speak of each
//! bundle of facts and on which distance is measured first. Where an edit has to do with distances, all is read again.

use super::build::{bundles, by_fact, cells_of_bundles, cut, fact_axes, fits, places, speaks};
use super::uses::uses_of;
use super::{AxisKind, Space};
use crate::model::{Asked, Atom, Cond, CondKind, DefineId, FactId, Model, show};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Behind the parts of each condition.
const END: u32 = u32::MAX;
/// With more than so many parts that nobody asks any more, and more than there are others, it starts anew.
const SPARE: usize = 1_000;

#[derive(Clone)]
pub struct Tally {
    atoms: FxHashMap<Atom, u32>,
    defines: BTreeMap<DefineId, u32>,
    parts: Vec<Part>,
    /// By clause the parts of its conditions.
    clauses: Vec<Box<[u32]>>,
    expectations: Box<[u32]>,
    /// By fact.
    bundle_of: Vec<usize>,
    /// By bundle: how many conditions speak of it.
    spoken: Vec<usize>,
    /// The bundles, those first of which most conditions speak.
    places: Vec<usize>,
}

/// An atom or a define.
#[derive(Clone)]
struct Part {
    atom: Option<Atom>,
    bundles: SmallVec<[usize; 2]>,
    /// How often clauses and expectations have it.
    times: usize,
}

impl Part {
    fn measures(&self) -> bool {
        matches!(self.atom, Some(Atom::Distance { .. }))
    }
}

impl Tally {
    /// Of a model and its space.
    pub fn new(model: &Model, space: &Space) -> Self {
        let mut tally = Self {
            atoms: FxHashMap::default(),
            defines: BTreeMap::new(),
            parts: Vec::new(),
            clauses: Vec::new(),
            expectations: Box::default(),
            bundle_of: Vec::new(),
            spoken: Vec::new(),
            places: Vec::new(),
        };
        tally.bundle_of = bundle_of(model, space);
        tally.spoken = speaks(model, &show::declared_conditions(model), &tally.bundle_of);
        let clauses = model.clauses.iter().map(|c| tally.read(model, show::clause_conditions(c)));
        tally.clauses = clauses.collect();
        tally.expectations = tally.read(model, model.expectations.iter().map(|e| &e.scope));
        for i in 0..tally.clauses.len() {
            let list = std::mem::take(&mut tally.clauses[i]);
            tally.count(&list, true);
            tally.clauses[i] = list;
        }
        let list = tally.expectations.clone();
        tally.count(&list, true);
        tally.places = places(&tally.spoken, &cells_of_bundles(space.axes.iter(), &tally.bundle_of));
        tally
    }

    /// In place of some clauses others stand, of a model with the same declarations. Whether its space is this one.
    pub fn edit(&mut self, model: &Model, space: &Space, old: Range<usize>, new: Range<usize>) -> bool {
        let lists = model.clauses[new].iter().map(|c| self.read(model, show::clause_conditions(c)));
        let new: Vec<Box<[u32]>> = lists.collect();
        let expected = self.read(model, model.expectations.iter().map(|e| &e.scope));
        let old: Vec<Box<[u32]>> = self.clauses.splice(old, new.iter().cloned()).collect();
        let was_expected = std::mem::replace(&mut self.expectations, expected.clone());
        if old == new && was_expected == expected {
            return true;
        }
        let gone: Vec<u32> = old.iter().flatten().chain(&was_expected).copied().collect();
        let come: Vec<u32> = new.iter().flatten().chain(&expected).copied().collect();
        let parts = || gone.iter().chain(&come).filter(|part| **part != END).map(|part| *part as usize);
        let before: Vec<bool> = parts().map(|part| self.parts[part].times > 0).collect();
        self.count(&come, true);
        self.count(&gone, false);
        let many = self.parts.len() > SPARE + 2 * self.parts.iter().filter(|p| p.times > 0).count();
        if many || parts().any(|part| self.parts[part].measures()) {
            let same = fits(model, space);
            if same {
                *self = Self::new(model, space);
            }
            return same;
        }
        let other = parts().zip(before).filter(|(part, before)| (self.parts[*part].times > 0) != *before);
        let atoms = other.filter_map(|(part, _)| self.parts[part].atom.as_ref());
        let facts: BTreeSet<FactId> = atoms.flat_map(Atom::facts).collect();
        let places = places(&self.spoken, &cells_of_bundles(space.axes.iter(), &self.bundle_of));
        let placed = std::mem::replace(&mut self.places, places) == self.places;
        if placed { self.cut_as_before(model, space, &facts) } else { self.fits(model, space) }
    }

    /// Whether these facts have the axes of this space; about distances nothing has changed.
    fn cut_as_before(&self, model: &Model, space: &Space, facts: &BTreeSet<FactId>) -> bool {
        if facts.is_empty() {
            return true;
        }
        let declared = show::declared_conditions(model);
        let uses = uses_of(model, &declared, self.atoms().filter(|a| a.facts().any(|f| facts.contains(&f))));
        facts.iter().all(|fact| {
            let asked = &uses.asked[fact.index()];
            let axes = space.axes_of(*fact).iter().map(|axis| &space.axes[*axis]);
            let own = axes.filter(|axis| !matches!(axis.kind, AxisKind::Distance(..)));
            asked.spoken == space.spoken[fact.index()] && own.eq(&fact_axes(model, *fact, asked))
        })
    }

    /// Whether the space of what is asked now is this one.
    fn fits(&self, model: &Model, space: &Space) -> bool {
        let declared = show::declared_conditions(model);
        let uses = uses_of(model, &declared, self.atoms());
        let cut = cut(model, &uses, |_| self.spoken.clone());
        cut.levels == space.axes && cut.spoken == space.spoken
    }

    /// What clauses and expectations ask, in the order in which it was first asked, where that counts.
    fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.parts.iter().filter(|part| part.times > 0).filter_map(|part| part.atom.as_ref())
    }

    /// What `show::asked` would find.
    pub fn asked(&self, model: &Model) -> Asked {
        show::asked_by(model, &show::declared_conditions(model), self.atoms())
    }

    /// The parts of conditions, each with a number.
    fn read<'m>(&mut self, model: &Model, conditions: impl Iterator<Item = &'m Cond>) -> Box<[u32]> {
        let mut list = Vec::new();
        for cond in conditions.filter(|c| !c.is_true()) {
            self.read_cond(model, cond, &mut list);
            list.push(END);
        }
        list.into()
    }

    /// Recursion is as deep as conditions nest, which the parser bounds.
    fn read_cond(&mut self, model: &Model, cond: &Cond, list: &mut Vec<u32>) {
        match &cond.kind {
            CondKind::True => {}
            CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| self.read_cond(model, p, list)),
            CondKind::Not(inner) => self.read_cond(model, inner, list),
            CondKind::Atom(atom) => {
                let known = self.atoms.get(atom).copied();
                list.push(known.unwrap_or_else(|| {
                    let number = self.add(Some(atom), atom.facts());
                    self.atoms.insert(atom.clone(), number);
                    number
                }));
            }
            CondKind::Define(define) => {
                let known = self.defines.get(define).copied();
                list.push(known.unwrap_or_else(|| {
                    let facts = show::fact_facts(model, &model.define(*define).cond);
                    let number = self.add(None, facts.into_iter());
                    self.defines.insert(*define, number);
                    number
                }));
            }
        }
    }

    fn add(&mut self, atom: Option<&Atom>, facts: impl Iterator<Item = FactId>) -> u32 {
        let bundles = facts.map(|f| self.bundle_of[f.index()]).collect();
        self.parts.push(Part { atom: atom.cloned(), bundles, times: 0 });
        self.parts.len() as u32 - 1
    }

    /// Counts the parts of conditions once more, or once less.
    fn count(&mut self, list: &[u32], more: bool) {
        let change = |n: &mut usize| *n = if more { *n + 1 } else { n.saturating_sub(1) };
        let mut bundles: SmallVec<[usize; 16]> = SmallVec::new();
        for &part in list {
            if part == END {
                bundles.sort_unstable();
                bundles.dedup();
                bundles.drain(..).for_each(|b| change(&mut self.spoken[b]));
            } else {
                let part = &mut self.parts[part as usize];
                change(&mut part.times);
                bundles.extend(part.bundles.iter().copied());
            }
        }
    }
}

/// By fact its bundle.
fn bundle_of(model: &Model, space: &Space) -> Vec<usize> {
    let links = space.axes.iter().filter_map(|axis| match axis.kind {
        AxisKind::Distance(from, to, _) => Some((from, to)),
        _ => None,
    });
    by_fact(model, &bundles(model, links))
}
