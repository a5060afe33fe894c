//! What one clause says and decides, from the clauses that it meets.
//!
//! A clause's word decides where it stands, with one exception: a permit does not where a requirement fails and nothing
//! forbids, for there the requirement decides. (Where values of one decision meet they are in conflict, and then all of them
//! decide.) So only the neighbours that ask for something or that forbid have to be looked at.

use super::{Lowered, decides_on};
use crate::decide::{Decided, decide_among};
use crate::diagram::{Diagrams, Node};
use crate::model::*;
use crate::space::Hull;
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// The values that a clause says, and where: its outcome's, and forbid where a proviso fails.
pub type Words = SmallVec<[(u32, Node); 2]>;

impl Lowered<'_> {
    /// The clauses that may meet this one, itself included, ascending.
    pub fn near(&mut self, id: ClauseId) -> Arc<[ClauseId]> {
        if let Some(known) = &self.neighbours[id.index()] {
            return Arc::clone(known);
        }
        let near = self.near.of(id);
        if near.len() <= self.room {
            self.room -= near.len();
            self.neighbours[id.index()] = Some(Arc::clone(&near));
        }
        near
    }

    /// A box around where the clause applies.
    pub fn hull(&self, id: ClauseId) -> &Hull {
        self.near.hull(id)
    }

    /// The clauses that may apply in some of these cases, ascending.
    pub fn around(&mut self, cases: Node) -> Vec<ClauseId> {
        let sides = self.dd.hull(cases).into_iter().enumerate().filter_map(|(axis, cells)| Some((axis, cells?)));
        let hull = Hull { sides: sides.collect() };
        self.near.around(&hull)
    }

    /// What `decide` says of a case, asked of the clauses that may apply in it.
    pub fn decide(&mut self, case: &Case) -> Decided {
        let near = self.around_case(case);
        decide_among(self.model, case, &near)
    }

    /// The clauses that may apply in a case, ascending.
    pub fn around_case(&mut self, case: &Case) -> Vec<ClauseId> {
        let cells = self.space.locate(self.model, case);
        let sides = cells.iter().enumerate().map(|(axis, cell)| (axis, Bits::one(*cell as usize)));
        self.near.around(&Hull { sides: sides.collect() })
    }

    /// Where the clause remains and none of the policies that it yields to speaks of the decision; of their clauses those
    /// that `counted` accepts count.
    pub(crate) fn not_outranked(
        &mut self,
        id: ClauseId,
        decision: DecisionId,
        counted: &dyn Fn(ClauseId) -> bool,
    ) -> Node {
        let model = self.model;
        let remains = self.remains[id.index()];
        let above = &model.policies[model.clause(id).policy.index()].yields_to;
        if !self.yields || above.is_empty() || remains == Diagrams::FALSE {
            return remains;
        }
        let mut stands = remains;
        for &other in self.near(id).iter() {
            let clause = model.clause(other);
            if above.contains(&clause.policy) && decides_on(clause, decision) && counted(other) {
                stands = self.dd.diff(stands, self.remains[other.index()]);
            }
        }
        stands
    }

    /// What a clause says, of where it stands.
    pub fn words(&mut self, clause: ClauseId) -> Words {
        self.words_where(clause, self.stands[clause.index()])
    }

    /// The same, of `here` instead of where it stands.
    pub fn words_where(&mut self, clause: ClauseId, here: Node) -> Words {
        let Some(outcome) = &self.model.clause(clause).outcome else { return Words::new() };
        if here == Diagrams::FALSE {
            return Words::new();
        }
        if outcome.provisos.is_empty() {
            return smallvec![(outcome.value, here)];
        }
        let kept = self.dd.and_all(&self.provisos[clause.index()]);
        let mut words: Words = smallvec![(outcome.value, self.dd.and(here, kept))];
        if outcome.decision == VERDICT {
            let forbids = self.dd.diff(here, kept);
            match words.iter_mut().find(|w| w.0 == FORBID) {
                Some(word) => word.1 = self.dd.or(word.1, forbids),
                None => words.push((FORBID, forbids)),
            }
        }
        words.retain(|w| w.1 != Diagrams::FALSE);
        words
    }

    /// Where a clause says this value of its own decision, of where it stands.
    pub fn says(&mut self, clause: ClauseId, value: u32) -> Node {
        self.says_where(clause, value, self.stands[clause.index()])
    }

    /// The same, of `here` instead of where it stands.
    pub fn says_where(&mut self, clause: ClauseId, value: u32, here: Node) -> Node {
        self.words_where(clause, here).iter().find(|w| w.0 == value).map_or(Diagrams::FALSE, |w| w.1)
    }

    /// The same of the verdict, by any clause.
    pub fn says_verdict(&mut self, clause: ClauseId, value: u32) -> Node {
        if decides_on(self.model.clause(clause), VERDICT) { self.says(clause, value) } else { Diagrams::FALSE }
    }

    /// Where requirements of its neighbours, or its own, fail.
    fn fails_near(&mut self, id: ClauseId) -> Vec<Node> {
        let near = self.near(id);
        near.iter().flat_map(|n| &self.fails[n.index()]).copied().filter(|n| *n != Diagrams::FALSE).collect()
    }

    /// `from`, of the clause's cases, less those in which a neighbour, or it itself, forbids.
    fn not_forbidden(&mut self, id: ClauseId, from: Node) -> Node {
        let mut rest = from;
        for &other in self.near(id).iter() {
            if rest == Diagrams::FALSE {
                break;
            }
            let forbids = self.says_verdict(other, FORBID);
            rest = self.dd.diff(rest, forbids);
        }
        rest
    }

    /// Where it permits and something forbids.
    pub(crate) fn fights(&mut self, id: ClauseId) -> Node {
        let permits = self.says_verdict(id, PERMIT);
        let alone = self.not_forbidden(id, permits);
        self.dd.diff(permits, alone)
    }

    /// Where its statements' duties and advice follow: where it remains; of a clause with an outcome, where that is the
    /// answer.
    pub(crate) fn follows(&mut self, id: ClauseId) -> Node {
        let Some(outcome) = &self.model.clause(id).outcome else { return self.remains[id.index()] };
        let mut follows = self.says(id, outcome.value);
        for &other in self.near(id).iter() {
            if follows == Diagrams::FALSE {
                break;
            }
            if other != id && decides_on(self.model.clause(other), outcome.decision) {
                for (value, node) in self.words(other) {
                    if value != outcome.value {
                        follows = self.dd.diff(follows, node);
                    }
                }
            }
        }
        if outcome.decision == VERDICT && outcome.value == PERMIT {
            for fails in self.fails_near(id) {
                follows = self.dd.diff(follows, fails);
            }
        }
        follows
    }

    /// Where this clause is among those whose word its decision's answer is (`Answer::by` of `decide`): its outcome is the
    /// final one, or it takes part in a conflict.
    pub fn decides_by_outcome(&mut self, clause: ClauseId) -> Node {
        let Some(outcome) = &self.model.clause(clause).outcome else { return Diagrams::FALSE };
        let stands = self.stands[clause.index()];
        if outcome.decision != VERDICT || outcome.value != PERMIT || stands == Diagrams::FALSE {
            return stands;
        }
        let fails = self.fails_near(clause);
        if fails.is_empty() {
            return stands;
        }
        let permits = self.says(clause, PERMIT);
        let fails = self.dd.or_all(&fails);
        let turned = self.dd.and(permits, fails);
        let turned = self.not_forbidden(clause, turned);
        self.dd.diff(stands, turned)
    }

    /// Where one of its requirements fails and turns a permit, or nothing, into forbid.
    pub fn decides_by_requirement(&mut self, clause: ClauseId) -> Node {
        if self.fails[clause.index()].iter().all(|f| *f == Diagrams::FALSE) {
            return Diagrams::FALSE;
        }
        let fails = self.dd.or_all(&self.fails[clause.index()]);
        self.not_forbidden(clause, fails)
    }

    /// Where it is among those that decide this decision: by its outcome, or the verdict by a requirement.
    pub fn decides_in(&mut self, clause: ClauseId, decision: DecisionId) -> Node {
        let own = decides_on(self.model.clause(clause), decision);
        let by_outcome = if own { self.decides_by_outcome(clause) } else { Diagrams::FALSE };
        let by_requirement = if decision == VERDICT { self.decides_by_requirement(clause) } else { Diagrams::FALSE };
        self.dd.or(by_outcome, by_requirement)
    }

    /// Where it decides in either way.
    pub fn decides(&mut self, clause: ClauseId) -> Node {
        let (a, b) = (self.decides_by_outcome(clause), self.decides_by_requirement(clause));
        self.dd.or(a, b)
    }
}
