//! What clauses say, as boxes.
//!
//! Most rules are one box: each of their parts restricts one axis, nothing replaces them, and no proviso divides them. What
//! others say is a few boxes: its box less those of its exceptions, in two by its provisos; where these are no boxes, the ways
//! through its diagram. Searches over many clauses (`boxes`, `sat`) work on these.

use super::Lowered;
use crate::diagram::{Diagrams, Node};
use crate::model::*;
use crate::space::{self, Hull};
use std::sync::Arc;

/// More boxes than this are not taken from one diagram.
const BOXES: usize = 64;

/// What a clause says, by value, in boxes; `None` where it takes too many.
pub type Voices = Option<Arc<[(u32, Hull)]>>;

/// Boxes that hold a set of cases, and nothing else of the valid assignments.
pub type Boxed = Arc<[Hull]>;

impl Lowered<'_> {
    /// What a clause says, by value, in boxes; `None` where it takes too many.
    pub fn voices(&mut self, id: ClauseId) -> Voices {
        if let Some(known) = &self.voices[id.index()] {
            return known.clone();
        }
        let found = self.find_voices(id);
        if !self.dd.exhausted() {
            self.voices[id.index()] = Some(found.clone());
        }
        found
    }

    fn find_voices(&mut self, id: ClauseId) -> Voices {
        let Some(outcome) = &self.model.clause(id).outcome else { return Some(Vec::new().into()) };
        let exceptions = self.exceptions[id.index()].clone();
        let plain = |id: &ClauseId| self.plain[id.index()];
        if !plain(&id) || !exceptions.iter().all(plain) || self.yields {
            let mut voices = Vec::new();
            for (value, node) in self.words(id) {
                voices.extend(self.boxes(node)?.iter().map(|hull| (value, hull.clone())));
            }
            return Some(voices.into());
        }
        if exceptions.is_empty() && outcome.provisos.is_empty() {
            return Some([(outcome.value, self.near.hull(id).clone())].into());
        }
        let kept: Vec<&Cond> = outcome.provisos.iter().map(|p| &p.cond).collect();
        if kept.iter().all(|cond| space::is_box(cond)) {
            return self.plain_voices(id, outcome.value, &exceptions, &kept).map(Into::into);
        }
        // Boxes less boxes, whether or not some case has them: what no case has changes nothing.
        let mut own = self.near.hull(id).cube(&mut self.dd);
        for exception in exceptions {
            let replaced = self.near.hull(exception).cube(&mut self.dd);
            own = self.dd.diff(own, replaced);
        }
        let kept: Vec<Node> = kept.into_iter().map(|cond| self.raw(cond)).collect();
        let kept = self.dd.and_all(&kept);
        let words = [(outcome.value, self.dd.and(own, kept)), (FORBID, self.dd.diff(own, kept))];
        let mut voices = Vec::new();
        for (value, node) in words {
            voices.extend(self.ways(node)?.into_iter().map(|hull| (value, hull)));
        }
        Some(voices.into())
    }

    /// The same where all of it is boxes: the clause, what replaces it, and its provisos.
    fn plain_voices(
        &mut self,
        id: ClauseId,
        value: u32,
        exceptions: &[ClauseId],
        kept: &[&Cond],
    ) -> Option<Vec<(u32, Hull)>> {
        let mut within = Hull::default();
        kept.iter().for_each(|cond| within.intersect(&self.with_hull(cond).1));
        let cells = self.dd.cells();
        let mut own = vec![self.near.hull(id).clone()];
        for exception in exceptions {
            let mut left = Vec::new();
            own.into_iter().for_each(|part| part.less(self.near.hull(*exception), cells, &mut left));
            own = left;
            if own.len() > BOXES {
                return None;
            }
        }
        let mut outside = Vec::new();
        if !kept.is_empty() {
            own.iter().for_each(|part| part.clone().less(&within, cells, &mut outside));
        }
        own.iter_mut().for_each(|part| part.intersect(&within));
        let said = own.into_iter().map(|part| (value, part)).chain(outside.into_iter().map(|part| (FORBID, part)));
        let said: Vec<(u32, Hull)> = said.filter(|(_, part)| !part.is_empty()).collect();
        (said.len() <= BOXES).then_some(said)
    }

    /// The ways through a diagram, each a box.
    fn ways(&self, node: Node) -> Option<Vec<Hull>> {
        let mut found = Vec::new();
        self.dd.boxes(node, BOXES, &mut |sides| found.push(Hull { sides: sides.to_vec() })).then_some(found)
    }

    /// A set in boxes; `None` where it takes too many.
    pub fn boxes(&mut self, set: Node) -> Option<Boxed> {
        if let Some(known) = self.boxed.get(&set) {
            return known.clone();
        }
        let found = self.find_boxes(set);
        if !self.dd.exhausted() {
            self.boxed.insert(set, found.clone());
        }
        found
    }

    fn find_boxes(&mut self, set: Node) -> Option<Boxed> {
        let small = self.dd.simplify(set, self.space.valid);
        self.ways(small).map(Into::into)
    }

    /// The clause says one thing, in all assignments of the box around it, and nowhere else: where some case has every
    /// assignment.
    pub fn is_its_box(&self, id: ClauseId) -> bool {
        let says_one = |outcome: &Outcome| outcome.provisos.is_empty();
        self.plain[id.index()]
            && !self.yields
            && self.space.valid == Diagrams::TRUE
            && self.exceptions[id.index()].is_empty()
            && self.model.clause(id).outcome.as_ref().is_some_and(says_one)
    }

    /// Each part of the clause's condition restricts a fact of its own, and where the others hold there are cases in which it
    /// does not: so none of them follows from the others. To be asked where the clause applies at all.
    pub(crate) fn speaks_for_itself(&mut self, id: ClauseId) -> bool {
        let model = self.model;
        let clause = model.clause(id);
        let parts = clause.scope.conjuncts();
        if !self.plain[id.index()] || !parts.iter().all(|p| matches!(p.kind, CondKind::Atom(_))) {
            return false;
        }
        let hull = self.near.hull(id);
        // A plain exception has one rule, and a box within that of the rule.
        let rule = clause.replaces.first().map(|rule| self.near.hull(*rule));
        let scope = rule.map(|_| space::hull(&self.space, &self.dd, &self.memo, &clause.scope));
        let own = scope.as_ref().unwrap_or(hull);
        let anywhere = self.space.valid == Diagrams::TRUE && rule.is_none();
        own.sides.len() == parts.len()
            && own.sides.iter().all(|(axis, cells)| {
                let all = self.dd.cells()[*axis] as usize;
                if anywhere {
                    return cells.len() < all;
                }
                let around = rule.and_then(|rule| rule.side(*axis));
                let outside = around.map_or_else(|| cells.complement(all), |around| around.difference(cells));
                self.dd.meets_box_but(self.space.valid, &hull.sides, *axis, &outside)
            })
    }

    /// Some case has an assignment of the box.
    pub fn occurs(&mut self, hull: &Hull) -> bool {
        self.dd.meets_box(self.space.valid, &hull.sides)
    }

    /// The assignments of a box.
    pub fn cube(&mut self, hull: &Hull) -> Node {
        hull.cube(&mut self.dd)
    }
}
