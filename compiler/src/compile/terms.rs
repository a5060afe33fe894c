//! Where clauses apply by themselves -> terms: a set of cells for some axes, and what else must hold.
//!
//! Most rules are one term: "a text from a student when not approved" is three axes. An `or` becomes a term for each part,
//! as long as these are few; what no axis tells alone is left to a program. So a term says where its clause *may* apply,
//! and its program decides.

use super::program::{Programmer, Simple};
use crate::model::*;
use crate::space::AxisId;
use crate::space::cond::demands;

/// Most terms that a condition is parted into.
const PARTS: usize = 16;
/// Most conditions looked at for one clause; the rest is left to its program.
const LOOKS: usize = 4000;

#[derive(Debug, Clone, Default)]
pub(super) struct Term<'m> {
    /// One set for each axis, ascending.
    pub cells: Vec<(AxisId, Bits)>,
    /// What must hold besides.
    pub rest: Vec<&'m Cond>,
}

/// The terms of a clause: it applies by itself where one of them holds.
pub(super) fn terms<'m>(programmer: &Programmer<'m>, clause: &'m Clause) -> Vec<Term<'m>> {
    let mut splitter = Splitter { programmer, looks: LOOKS };
    let own = splitter.both(vec![Term::default()], &clause.scope);
    splitter.both(own, &clause.in_force)
}

struct Splitter<'a, 'm> {
    programmer: &'a Programmer<'m>,
    looks: usize,
}

impl<'m> Splitter<'_, 'm> {
    fn split(&mut self, cond: &'m Cond) -> Vec<Term<'m>> {
        let rest = || vec![Term { cells: Vec::new(), rest: vec![cond] }];
        if self.looks == 0 {
            return rest();
        }
        self.looks -= 1;
        match self.programmer.simple(cond) {
            Simple::Always => return vec![Term::default()],
            Simple::Never => return Vec::new(),
            Simple::On(axis, set) => return vec![Term { cells: vec![(axis, set)], rest: Vec::new() }],
            Simple::Mixed => {}
        }
        match &cond.kind {
            CondKind::And(parts) => parts.iter().fold(vec![Term::default()], |terms, part| self.both(terms, part)),
            CondKind::Or(parts) => {
                let mut terms = Vec::new();
                for part in parts {
                    terms.extend(self.split(part));
                    if terms.len() > PARTS {
                        return rest();
                    }
                }
                terms
            }
            CondKind::Define(define) => self.split(&self.programmer.model.define(*define).cond),
            CondKind::Atom(atom) => {
                let programmer = self.programmer;
                let mut term = Term::default();
                for alternatives in demands(programmer.space, programmer.model, atom) {
                    match <[_; 1]>::try_from(alternatives) {
                        Ok([(axis, set)]) => term.meet(axis, &set),
                        Err(_) => term.rest = vec![cond],
                    }
                }
                vec![term]
            }
            CondKind::True | CondKind::Not(_) => rest(),
        }
    }

    /// Each term with each of the condition's, or with the condition, if that were too many.
    fn both(&mut self, terms: Vec<Term<'m>>, cond: &'m Cond) -> Vec<Term<'m>> {
        let more = self.split(cond);
        if terms.len() * more.len() > PARTS.max(terms.len()) {
            return terms
                .into_iter()
                .map(|mut term| {
                    term.rest.push(cond);
                    term
                })
                .collect();
        }
        let mut all = Vec::new();
        for a in &terms {
            for b in &more {
                let mut term = a.clone();
                b.cells.iter().for_each(|(axis, set)| term.meet(*axis, set));
                term.rest.extend(b.rest.iter().copied());
                if term.cells.iter().all(|(_, set)| !set.is_empty()) {
                    all.push(term);
                }
            }
        }
        all
    }
}

impl Term<'_> {
    fn meet(&mut self, axis: AxisId, set: &Bits) {
        match self.cells.binary_search_by_key(&axis, |c| c.0) {
            Ok(i) => self.cells[i].1 = self.cells[i].1.intersection(set),
            Err(i) => self.cells.insert(i, (axis, set.clone())),
        }
    }
}
