//! Conditions and rules -> diagrams over cells.
//!
//! `Lowered` holds, for every clause, where it applies, where it remains after exceptions, and what it says there. It is
//! the symbolic twin of `decide`, and tests hold the two together.

use crate::diagram::{Diagrams, Node};
use crate::model::*;
use crate::space::Space;

/// A model over cells. All sets are subsets of `space.valid`.
pub struct Lowered<'m> {
    pub model: &'m Model,
    pub space: Space,
    pub dd: Diagrams,
    /// By clause: where it applies.
    pub applies: Vec<Node>,
    /// By clause: where it applies and is neither replaced nor waived (step 2 of the semantics).
    pub remains: Vec<Node>,
    /// By clause: where it remains and no policy that speaks outranks it (step 3), for its outcome's decision (the verdict
    /// for clauses without outcome).
    pub stands: Vec<Node>,
    /// By decision.
    pub decisions: Vec<DecisionSets>,
    /// By duty: where it follows.
    pub duties: Vec<Node>,
    /// By clause and obligation / advice: where it follows.
    pub obligations: Vec<Vec<Node>>,
    pub advice: Vec<Vec<Node>>,
    /// By clause and requirement: where it stands and fails.
    pub fails: Vec<Vec<Node>>,
}

pub struct DecisionSets {
    /// By value: where a standing clause says it (step 3, before requirements).
    pub said: Vec<Node>,
    /// By value: the final verdict, default included.
    pub result: Vec<Node>,
    pub conflict: Node,
    pub undecided: Node,
    /// Where nothing but the default decides.
    pub defaulted: Node,
}

impl<'m> Lowered<'m> {
    /// `extra` are conditions besides the model's own that must be expressible (a case's condition, a query).
    pub fn new(model: &'m Model, extra: &[&Cond], limit: usize) -> Self {
        todo!()
    }

    /// Where a condition holds, within `valid`. Its atoms must be the model's or among `extra`.
    pub fn cond(&mut self, cond: &Cond) -> Node {
        todo!()
    }

    /// Where a clause says this value of its own decision, of where it stands: its outcome, or forbid where a proviso fails.
    pub fn says(&mut self, clause: ClauseId, value: u32) -> Node {
        todo!()
    }

    /// Where this clause is among those that decide: its word is the final one. For requirements: where one of them fails
    /// and turns a permit or nothing into forbid.
    pub fn decides(&mut self, clause: ClauseId) -> Node {
        todo!()
    }
}
