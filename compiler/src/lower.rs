//! Conditions and rules -> diagrams over cells.
//!
//! [`Lowered`] holds, for every clause, where it applies, where it remains after exceptions, and what it says there. It is
//! the symbolic twin of `decide`, and tests hold the two together.

use crate::diagram::{Diagrams, Node};
use crate::model::*;
use crate::space::{self, Memo, Space};

/// A model over cells. All sets are subsets of `space.valid`.
pub struct Lowered<'m> {
    pub model: &'m Model,
    pub space: Space,
    pub dd: Diagrams,
    /// By clause: where it applies.
    pub applies: Vec<Node>,
    /// By clause: where it applies and no exception that applies replaces it (step 2 of the semantics).
    pub remains: Vec<Node>,
    /// By clause: where it remains and no policy that speaks outranks it (step 3), for its outcome's decision (the verdict
    /// for clauses without outcome).
    pub stands: Vec<Node>,
    /// By decision.
    pub decisions: Vec<DecisionSets>,
    /// By duty: where it follows.
    pub duties: Vec<Node>,
    /// By clause and obligation: where it follows.
    pub obligations: Vec<Vec<Node>>,
    /// By clause and advice: where it follows.
    pub advice: Vec<Vec<Node>>,
    /// By clause and requirement: where it stands, is asked and fails.
    pub fails: Vec<Vec<Node>>,
    /// Where some requirement fails.
    pub failing: Node,
    /// By clause: its outcome's provisos, each within the whole space.
    pub provisos: Vec<Vec<Node>>,
    /// The exceptions that replace each clause.
    pub exceptions: Vec<Vec<ClauseId>>,
    memo: Memo,
}

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

impl<'m> Lowered<'m> {
    /// `extra` are conditions besides the model's own that must be expressible (a case's condition, a query). `limit` is
    /// the most nodes the diagrams may hold; past it `dd.exhausted()` is true and nothing here means anything.
    pub fn new(model: &'m Model, extra: &[&Cond], limit: usize) -> Self {
        let mut lowered = Self::rules(model, extra, limit);
        lowered.lower_decisions();
        lowered.lower_duties();
        lowered
    }

    /// The same of each rule for itself, without the sets that put the rules together: no decisions, duties, advice.
    pub fn rules(model: &'m Model, extra: &[&Cond], limit: usize) -> Self {
        let (space, dd) = space::build(model, extra, limit);
        let n = model.clauses.len();
        let mut exceptions = vec![Vec::new(); n];
        for id in model.clause_ids() {
            model.clause(id).replaces.iter().for_each(|p| exceptions[p.index()].push(id));
        }
        let mut lowered = Self {
            model,
            space,
            dd,
            applies: vec![Diagrams::FALSE; n],
            remains: Vec::new(),
            stands: Vec::new(),
            decisions: Vec::new(),
            duties: Vec::new(),
            obligations: vec![Vec::new(); n],
            advice: vec![Vec::new(); n],
            fails: Vec::new(),
            failing: Diagrams::FALSE,
            provisos: Vec::new(),
            exceptions,
            memo: Memo::default(),
        };
        lowered.lower_applies();
        lowered.lower_remains();
        lowered.lower_stands();
        lowered
    }

    /// Where a condition holds, within `valid`. Its atoms must be the model's or among `extra`.
    pub fn cond(&mut self, cond: &Cond) -> Node {
        let node = self.raw(cond);
        self.dd.and(node, self.space.valid)
    }

    /// Where a condition holds by its cells alone, whether or not a case has them.
    pub fn raw(&mut self, cond: &Cond) -> Node {
        space::lower_cond(&self.space, self.model, &mut self.dd, &mut self.memo, cond)
    }

    fn lower_applies(&mut self) {
        let model = self.model;
        let own: Vec<Node> = model
            .clauses
            .iter()
            .map(|c| {
                let (scope, in_force) = (self.cond(&c.scope), self.cond(&c.in_force));
                self.dd.and(scope, in_force)
            })
            .collect();
        let mut done = vec![false; own.len()];
        let mut open: Vec<ClauseId> = model.clause_ids().filter(|id| !model.clause(*id).is_exception()).collect();
        for id in &open {
            self.applies[id.index()] = own[id.index()];
            done[id.index()] = true;
        }
        // Exceptions after all the clauses they replace; each is looked at once for each of these.
        while let Some(id) = open.pop() {
            for e in self.exceptions[id.index()].clone() {
                if !done[e.index()] && model.clause(e).replaces.iter().all(|p| done[p.index()]) {
                    let parents: Vec<Node> = model.clause(e).replaces.iter().map(|p| self.applies[p.index()]).collect();
                    let parents = self.dd.or_all(&parents);
                    self.applies[e.index()] = self.dd.and(own[e.index()], parents);
                    done[e.index()] = true;
                    open.push(e);
                }
            }
        }
    }

    fn lower_remains(&mut self) {
        for id in self.model.clause_ids() {
            let by: Vec<Node> = self.exceptions[id.index()].iter().map(|e| self.applies[e.index()]).collect();
            let by = self.dd.or_all(&by);
            self.remains.push(self.dd.diff(self.applies[id.index()], by));
        }
    }

    /// By policy: where one that it yields to speaks of the decision.
    pub(crate) fn outranked(&mut self, decision: DecisionId) -> Vec<Node> {
        let model = self.model;
        if model.policies.iter().all(|p| p.yields_to.is_empty()) {
            return vec![Diagrams::FALSE; model.policies.len()];
        }
        let speaks: Vec<Node> = (0..model.policies.len() as u32)
            .map(|p| {
                let parts: Vec<Node> = self
                    .model
                    .clause_ids()
                    .filter(|id| model.clause(*id).policy == PolicyId(p) && decides_on(model.clause(*id), decision))
                    .map(|id| self.remains[id.index()])
                    .collect();
                self.dd.or_all(&parts)
            })
            .collect();
        model
            .policies
            .iter()
            .map(|p| {
                let parts: Vec<Node> = p.yields_to.iter().map(|q| speaks[q.index()]).collect();
                self.dd.or_all(&parts)
            })
            .collect()
    }

    fn lower_stands(&mut self) {
        let model = self.model;
        let outranked: Vec<Vec<Node>> =
            (0..model.decisions.len() as u32).map(|d| self.outranked(DecisionId(d))).collect();
        for id in model.clause_ids() {
            let clause = model.clause(id);
            let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
            let remains = self.remains[id.index()];
            let stands = self.dd.diff(remains, outranked[decision.index()][clause.policy.index()]);
            self.stands.push(stands);
            let provisos = clause.outcome.iter().flat_map(|o| &o.provisos).map(|p| self.cond(&p.cond)).collect();
            self.provisos.push(provisos);
            let asking = self.dd.diff(remains, outranked[VERDICT.index()][clause.policy.index()]);
            let fails = clause
                .requirements
                .iter()
                .map(|r| {
                    let (when, cond) = (self.cond(&r.when), self.cond(&r.cond));
                    let asked = self.dd.and(asking, when);
                    self.dd.diff(asked, cond)
                })
                .collect();
            self.fails.push(fails);
        }
    }

    fn lower_decisions(&mut self) {
        let all: Vec<Node> = self.fails.iter().flatten().copied().collect();
        self.failing = self.dd.or_all(&all);
        for d in 0..self.model.decisions.len() as u32 {
            let decision = DecisionId(d);
            let values = self.model.decision(decision).values.len() as u32;
            let said: Vec<Node> = (0..values)
                .map(|v| {
                    let clauses: Vec<ClauseId> = self.speakers(decision).collect();
                    let parts: Vec<Node> = clauses.into_iter().map(|id| self.says(id, v)).collect();
                    self.dd.or_all(&parts)
                })
                .collect();
            let sets = self.combine(decision, said, self.failing);
            self.decisions.push(sets);
        }
    }

    /// Steps 4 to 6: what is said, and where a requirement fails, become the answer.
    pub(crate) fn combine(&mut self, decision: DecisionId, said: Vec<Node>, failing: Node) -> DecisionSets {
        let valid = self.space.valid;
        let dd = &mut self.dd;
        let mut conflict = Diagrams::FALSE;
        let mut any = Diagrams::FALSE;
        for &s in &said {
            let overlap = dd.and(any, s);
            conflict = dd.or(conflict, overlap);
            any = dd.or(any, s);
        }
        let mut result: Vec<Node> = said.iter().map(|&s| dd.diff(s, conflict)).collect();
        let mut nothing = dd.diff(valid, any);
        if decision == VERDICT {
            let turned = dd.and(failing, result[PERMIT as usize]);
            let unsaid = dd.and(failing, nothing);
            result[PERMIT as usize] = dd.diff(result[PERMIT as usize], turned);
            nothing = dd.diff(nothing, unsaid);
            let more = dd.or(turned, unsaid);
            result[FORBID as usize] = dd.or(result[FORBID as usize], more);
        }
        let (mut undecided, mut defaulted) = (nothing, Diagrams::FALSE);
        if let Some(value) = self.model.decision(decision).default {
            result[value as usize] = dd.or(result[value as usize], nothing);
            (undecided, defaulted) = (Diagrams::FALSE, nothing);
        }
        DecisionSets { said, result, conflict, undecided, defaulted }
    }

    fn lower_duties(&mut self) {
        let model = self.model;
        let mut by_duty = vec![Vec::new(); model.duties.len()];
        for id in model.clause_ids() {
            let clause = model.clause(id);
            let follows = match &clause.outcome {
                Some(o) => {
                    let result = self.decisions[o.decision.index()].result[o.value as usize];
                    self.dd.and(self.stands[id.index()], result)
                }
                None => self.remains[id.index()],
            };
            let mut obligations = Vec::new();
            for obligation in &clause.obligations {
                let when = self.cond(&obligation.when);
                let node = self.dd.and(follows, when);
                obligation.duties.iter().for_each(|d| by_duty[d.index()].push(node));
                obligations.push(node);
            }
            self.obligations[id.index()] = obligations;
            let mut advice = Vec::new();
            for item in &clause.advice {
                let when = self.cond(&item.when);
                advice.push(self.dd.and(follows, when));
            }
            self.advice[id.index()] = advice;
        }
        self.duties = by_duty.iter().map(|parts| self.dd.or_all(parts)).collect();
    }

    /// The clauses with an outcome of this decision.
    pub fn speakers(&self, decision: DecisionId) -> impl Iterator<Item = ClauseId> + use<'m> {
        let model = self.model;
        model.clause_ids().filter(move |id| decides_on(model.clause(*id), decision))
    }

    /// Where a clause says this value of its own decision, of where it stands: its outcome, or forbid where a proviso fails.
    pub fn says(&mut self, clause: ClauseId, value: u32) -> Node {
        self.says_where(clause, value, self.stands[clause.index()])
    }

    /// The same, of `here` instead of where it stands.
    pub fn says_where(&mut self, clause: ClauseId, value: u32, here: Node) -> Node {
        let Some(outcome) = &self.model.clause(clause).outcome else { return Diagrams::FALSE };
        if outcome.provisos.is_empty() {
            return if outcome.value == value { here } else { Diagrams::FALSE };
        }
        let kept = self.dd.and_all(&self.provisos[clause.index()]);
        if value == outcome.value {
            self.dd.and(here, kept)
        } else if outcome.decision == VERDICT && value == FORBID {
            self.dd.diff(here, kept)
        } else {
            Diagrams::FALSE
        }
    }

    /// Where requirements turn a permit, or nothing, into forbid.
    pub fn turned(&mut self) -> Node {
        let sets = &self.decisions[VERDICT.index()];
        let (forbidden, conflict) = (sets.said[FORBID as usize], sets.conflict);
        let said = self.dd.or(forbidden, conflict);
        self.dd.diff(self.failing, said)
    }

    /// Where this clause is among those whose word its decision's answer is (`Answer::by` of `decide`): its outcome is the
    /// final one, or it takes part in a conflict.
    pub fn decides_by_outcome(&mut self, clause: ClauseId) -> Node {
        let Some(outcome) = &self.model.clause(clause).outcome else { return Diagrams::FALSE };
        let sets = self.decisions[outcome.decision.index()].clone();
        let mut decides = self.dd.and(self.stands[clause.index()], sets.conflict);
        for (value, &result) in sets.result.iter().enumerate() {
            let says = self.says(clause, value as u32);
            let here = self.dd.and(says, result);
            decides = self.dd.or(decides, here);
        }
        decides
    }

    /// Where one of its requirements fails and turns a permit, or nothing, into forbid.
    pub fn decides_by_requirement(&mut self, clause: ClauseId) -> Node {
        if self.fails[clause.index()].is_empty() {
            return Diagrams::FALSE;
        }
        let turned = self.turned();
        let fails = self.dd.or_all(&self.fails[clause.index()]);
        self.dd.and(fails, turned)
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

fn decides_on(clause: &Clause, decision: DecisionId) -> bool {
    clause.outcome.as_ref().is_some_and(|o| o.decision == decision)
}
