//! What each decision answers in every case, as sets over the whole space.
//!
//! Tables, expectations and comparison need these; the findings do not, as whatever a clause does depends only on the
//! clauses that it meets (`local`). So they are made when first asked for.

use super::{Lowered, decides_on};
use crate::diagram::{Diagrams, Node};
use crate::model::*;
use std::sync::Arc;

/// One decision's answer, as sets that partition `space.valid`.
#[derive(Debug, Clone)]
pub struct DecisionSets {
    /// By value: where a standing clause says it (step 3, before requirements). May overlap.
    pub said: Vec<Node>,
    /// By value: the final result, default included.
    pub result: Vec<Node>,
    pub conflict: Node,
    pub undecided: Node,
    /// Where nothing but the default decides.
    pub defaulted: Node,
}

impl DecisionSets {
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        let rest = [self.conflict, self.undecided, self.defaulted];
        self.said.iter().chain(&self.result).copied().chain(rest)
    }
}

impl<'m> Lowered<'m> {
    /// The answers of one decision.
    pub fn decision(&mut self, decision: DecisionId) -> Arc<DecisionSets> {
        if let Some(known) = &self.decisions[decision.index()] {
            return Arc::clone(known);
        }
        let mut parts = vec![Vec::new(); self.model.decision(decision).values.len()];
        for id in self.speakers(decision) {
            for (value, node) in self.words(id) {
                parts[value as usize].push(node);
            }
        }
        let said = parts.iter().map(|p| self.dd.or_all(p)).collect();
        let failing = if decision == VERDICT { self.failing() } else { Diagrams::FALSE };
        let sets = Arc::new(self.combine(decision, said, failing, self.space.valid));
        if !self.dd.exhausted() {
            self.decisions[decision.index()] = Some(Arc::clone(&sets));
        }
        sets
    }

    /// The answers of one decision in some cases, from the clauses that may apply in these.
    pub fn decision_within(&mut self, decision: DecisionId, cases: Node) -> DecisionSets {
        if let Some(known) = self.decisions[decision.index()].clone() {
            let mut within = |node: &Node| self.dd.and(*node, cases);
            return DecisionSets {
                said: known.said.iter().map(&mut within).collect(),
                result: known.result.iter().map(&mut within).collect(),
                conflict: within(&known.conflict),
                undecided: within(&known.undecided),
                defaulted: within(&known.defaulted),
            };
        }
        let mut parts = vec![Vec::new(); self.model.decision(decision).values.len()];
        let mut fails = Vec::new();
        for id in self.around(cases) {
            if decides_on(self.model.clause(id), decision) {
                let here = self.dd.and(self.stands[id.index()], cases);
                for (value, node) in self.words_where(id, here) {
                    parts[value as usize].push(node);
                }
            }
            if decision == VERDICT {
                for i in 0..self.fails[id.index()].len() {
                    fails.push(self.dd.and(self.fails[id.index()][i], cases));
                }
            }
        }
        let said = parts.iter().map(|p| self.dd.or_all(p)).collect();
        let failing = self.dd.or_all(&fails);
        self.combine(decision, said, failing, cases)
    }

    /// Where some requirement fails.
    pub fn failing(&mut self) -> Node {
        if let Some(known) = self.failing {
            return known;
        }
        let all: Vec<Node> = self.fails.iter().flatten().copied().collect();
        let failing = self.dd.or_all(&all);
        self.failing = (!self.dd.exhausted()).then_some(failing);
        failing
    }

    /// Where a duty follows.
    pub fn duty(&mut self, duty: DutyId) -> Node {
        if let Some(known) = self.duties[duty.index()] {
            return known;
        }
        let mut parts = Vec::new();
        for (clause, follows) in self.model.clauses.iter().zip(&self.obligations) {
            let own = clause.obligations.iter().zip(follows).filter(|(o, _)| o.duties.contains(&duty));
            parts.extend(own.map(|(_, node)| *node));
        }
        let all = self.dd.or_all(&parts);
        self.duties[duty.index()] = (!self.dd.exhausted()).then_some(all);
        all
    }

    /// By duty: where it follows.
    pub fn duties(&mut self) -> Vec<Node> {
        (0..self.model.duties.len() as u32).map(|d| self.duty(DutyId(d))).collect()
    }

    /// Steps 4 to 6, of the cases `within`: what is said, and where a requirement fails, become the answer.
    pub(crate) fn combine(
        &mut self,
        decision: DecisionId,
        said: Vec<Node>,
        failing: Node,
        within: Node,
    ) -> DecisionSets {
        let dd = &mut self.dd;
        let mut conflict = Diagrams::FALSE;
        let mut any = Diagrams::FALSE;
        for &s in &said {
            let overlap = dd.and(any, s);
            conflict = dd.or(conflict, overlap);
            any = dd.or(any, s);
        }
        let mut result: Vec<Node> = said.iter().map(|&s| dd.diff(s, conflict)).collect();
        let mut nothing = dd.diff(within, any);
        if decision == VERDICT {
            let turned = dd.and(failing, result[PERMIT as usize]);
            let unsaid = dd.and(failing, nothing);
            result[PERMIT as usize] = dd.diff(result[PERMIT as usize], turned);
            let forbidden = dd.or(turned, unsaid);
            result[FORBID as usize] = dd.or(result[FORBID as usize], forbidden);
            nothing = dd.diff(nothing, failing);
        }
        let (mut undecided, mut defaulted) = (nothing, Diagrams::FALSE);
        if let Some(value) = self.model.decision(decision).default {
            result[value as usize] = dd.or(result[value as usize], nothing);
            (undecided, defaulted) = (Diagrams::FALSE, nothing);
        }
        DecisionSets { said, result, conflict, undecided, defaulted }
    }

    /// The clauses with an outcome of this decision.
    pub fn speakers(&self, decision: DecisionId) -> impl Iterator<Item = ClauseId> + use<'m> {
        let model = self.model;
        model.clause_ids().filter(move |id| decides_on(model.clause(*id), decision))
    }
}
