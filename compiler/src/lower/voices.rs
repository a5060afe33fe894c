//! What clauses say, as boxes.
//!
//! Most rules are one box: each of their parts restricts one axis, nothing replaces them, and no proviso divides them. What
//! others say is a few boxes, the ways through its diagram. Searches over many clauses (`boxes`, `sat`) work on these.

use super::Lowered;
use crate::diagram::{Diagrams, Node};
use crate::model::*;
use crate::space::Hull;
use std::sync::Arc;

/// More boxes than this are not taken from one diagram.
const BOXES: usize = 64;

/// Boxes that hold a set of cases, and nothing else of the valid assignments.
pub type Boxed = Arc<[Hull]>;

impl Lowered<'_> {
    /// What a clause says, by value, in boxes; `None` where it takes too many.
    pub fn voices(&mut self, id: ClauseId) -> Option<Arc<[(u32, Hull)]>> {
        if let Some(known) = &self.voices[id.index()] {
            return known.clone();
        }
        let found = self.find_voices(id);
        if !self.dd.exhausted() {
            self.voices[id.index()] = Some(found.clone());
        }
        found
    }

    fn find_voices(&mut self, id: ClauseId) -> Option<Arc<[(u32, Hull)]>> {
        let mut voices = Vec::new();
        for (value, node) in self.words(id) {
            if self.plain[id.index()] && node == self.applies[id.index()] {
                voices.push((value, self.near.hull(id).clone()));
            } else {
                voices.extend(self.boxes(node)?.iter().map(|hull| (value, hull.clone())));
            }
        }
        Some(voices.into())
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
        let mut found = Vec::new();
        self.dd.boxes(small, BOXES, &mut |sides| found.push(Hull { sides: sides.to_vec() })).then(|| found.into())
    }

    /// Some case has an assignment of the box.
    pub fn occurs(&mut self, hull: &Hull) -> bool {
        if hull.is_empty() || self.space.valid == Diagrams::TRUE {
            return !hull.is_empty();
        }
        let node = self.cube(hull);
        !self.dd.disjoint(node, self.space.valid)
    }

    /// The assignments of a box.
    pub fn cube(&mut self, hull: &Hull) -> Node {
        hull.sides.iter().rev().fold(Diagrams::TRUE, |below, (axis, cells)| self.dd.above(*axis, cells, below))
    }
}
