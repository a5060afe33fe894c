//! Conditions and rules -> diagrams over cells.
//!
//! [`Lowered`] holds, for every clause, where it applies, where it remains after exceptions, and what it says there. It is
//! the symbolic twin of `decide`, and tests hold the two together.
//!
//! What a clause does depends only on the clauses that it meets (`near`), so whatever is asked of one clause looks at these
//! and at no others (`local`). The sets over the whole space that tables and expectations need are made when they are first
//! asked for (`answers`).

mod again;
mod answers;
mod local;
pub mod near;
mod voices;

pub use again::{Edit, Parked, Touched};
pub use answers::DecisionSets;
pub use local::Words;

use crate::diagram::{Diagrams, Mark, Node};
use crate::model::*;
use crate::space::{self, Hull, Memo, Space, Tally};
use crate::witness::Prices;
use near::Near;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use voices::{Boxed, Voices};

/// The most nodes that the diagrams may hold: about 2 GiB.
pub(crate) const NODES: usize = 40_000_000;

/// Chosen cases that are remembered, each of a few hundred bytes.
const CHOSEN: usize = 5_000;

/// Neighbours that are remembered, of all clauses together: 40 MB.
const NEIGHBOURS: usize = 10_000_000;

/// A model over cells. All sets are subsets of `space.valid`.
#[derive(Clone)]
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
    /// By clause and obligation: where it follows.
    pub obligations: Vec<Vec<Node>>,
    /// By clause and advice: where it follows.
    pub advice: Vec<Vec<Node>>,
    /// By clause and requirement: where it stands, is asked and fails.
    pub fails: Vec<Vec<Node>>,
    /// By clause: its outcome's provisos, each within the whole space.
    pub provisos: Vec<Vec<Node>>,
    /// The exceptions that replace each clause.
    pub exceptions: &'m [Vec<ClauseId>],
    near: Near,
    /// By clause: where it applies is its box, of the valid assignments.
    plain: Vec<bool>,
    /// By clause: what it says in boxes, once asked for.
    voices: Vec<Option<Voices>>,
    /// Sets in boxes, once asked for.
    boxed: FxHashMap<Node, Option<Boxed>>,
    /// By clause: its neighbours, once asked for, as long as there is room for all of them.
    neighbours: Vec<Option<Arc<[ClauseId]>>>,
    room: usize,
    /// Some policy yields to another.
    pub yields: bool,
    /// The clause whose lowering began last: where that was too much for the budget, the one that it was too much for.
    pub last: Option<ClauseId>,
    /// By decision, once asked for.
    decisions: Vec<Option<Arc<DecisionSets>>>,
    duties: Vec<Option<Node>>,
    failing: Option<Node>,
    prices: Option<Arc<Prices>>,
    memo: Memo,
    /// Of a set and a part of it: the case that `witness::choose` found, and what there is to tell of it.
    chosen: FxHashMap<(Node, Node), (Case, Vec<FactId>)>,
    /// Once there was an edit.
    tally: Option<Tally>,
}

impl<'m> Lowered<'m> {
    /// `extra` are conditions besides the model's own that must be expressible (a case's condition, a query). `budget` is
    /// the most steps that the space, each clause, and each question later, may take; past it `dd.exhausted()` is true and
    /// nothing here means anything.
    pub fn new(model: &'m Model, extra: &[&Cond], budget: u64) -> Self {
        let mut conditions = show::conditions(model);
        conditions.extend(extra);
        let (space, dd) = space::build(model, &conditions, NODES, budget);
        Self::over(model, space, dd)
    }

    /// The policy alone: its expectations cut no cells, and their conditions cannot be asked about. What people are shown of
    /// the policy does not depend on what is expected of it.
    pub fn without_expectations(model: &'m Model, budget: u64) -> Self {
        let (space, dd) = space::build(model, &show::policy_conditions(model), NODES, budget);
        Self::over(model, space, dd)
    }

    /// The same over a space that is there: that of a model with the same facts, in which the model's conditions can be
    /// expressed. Nodes of the diagrams that come along keep their meaning.
    pub fn over(model: &'m Model, space: Space, mut dd: Diagrams) -> Self {
        if !dd.exhausted() {
            dd.begin();
        }
        let mut lowered = Self::blank(model, space, dd);
        lowered.lower_applies();
        let all: Vec<ClauseId> = model.clause_ids().collect();
        lowered.lower_rest(&all);
        lowered
    }

    /// Nothing is lowered yet.
    fn blank(model: &'m Model, space: Space, dd: Diagrams) -> Self {
        let n = model.clauses.len();
        Self {
            model,
            space,
            dd,
            applies: vec![Diagrams::FALSE; n],
            remains: vec![Diagrams::FALSE; n],
            stands: vec![Diagrams::FALSE; n],
            obligations: vec![Vec::new(); n],
            advice: vec![Vec::new(); n],
            fails: vec![Vec::new(); n],
            provisos: vec![Vec::new(); n],
            exceptions: &model.replaced_by,
            near: Near::default(),
            plain: vec![false; n],
            voices: vec![None; n],
            boxed: FxHashMap::default(),
            neighbours: vec![None; n],
            room: NEIGHBOURS,
            last: None,
            yields: model.policies.iter().any(|p| !p.yields_to.is_empty()),
            decisions: vec![None; model.decisions.len()],
            duties: vec![None; model.duties.len()],
            failing: None,
            prices: None,
            memo: Memo::default(),
            chosen: FxHashMap::default(),
            tally: None,
        }
    }

    /// What was chosen of a part of a set, if it was lately.
    pub(crate) fn chosen(&self, asked: (Node, Node)) -> Option<&(Case, Vec<FactId>)> {
        self.chosen.get(&asked)
    }

    /// What is chosen depends on the set and the part of it alone, so that after an edit it is the same.
    pub(crate) fn keep_chosen(&mut self, asked: (Node, Node), case: &Case, facts: &[FactId]) {
        if self.dd.exhausted() {
            return;
        }
        if self.chosen.len() >= CHOSEN {
            self.chosen.clear();
        }
        self.chosen.insert(asked, (case.clone(), facts.to_vec()));
    }

    /// Forgets all that was made since the mark, see [`Diagrams::roll_back`].
    pub fn roll_back(&mut self, mark: Mark) {
        self.dd.roll_back(mark);
        self.memo.forget(mark);
        self.boxed.retain(|node, _| mark.has(*node));
        self.chosen.retain(|(set, part), _| mark.has(*set) && mark.has(*part));
        self.failing = self.failing.filter(|n| mark.has(*n));
        self.duties.iter_mut().for_each(|d| *d = d.filter(|n| mark.has(*n)));
        self.decisions.iter_mut().for_each(|d| *d = d.take().filter(|sets| sets.nodes().all(|n| mark.has(n))));
    }

    /// Tries something within a part of what is left of the budget; `None`, and nothing kept, where that does not suffice.
    pub fn attempt<T>(&mut self, steps: u64, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let mark = self.dd.mark();
        let part = self.dd.steps().saturating_add(steps.min(self.dd.steps_left()));
        let deadline = self.dd.set_deadline(part);
        let result = work(self);
        self.dd.set_deadline(deadline);
        if self.dd.exhausted() {
            self.roll_back(mark);
            return None;
        }
        Some(result)
    }

    /// The next clause of the lowering begins, unless the last one was too much.
    fn next(&mut self, id: ClauseId) {
        if !self.dd.exhausted() {
            self.dd.begin();
            self.last = Some(id);
        }
    }

    /// Where a condition holds, within `valid`. Its atoms must be the model's or among `extra`.
    pub fn cond(&mut self, cond: &Cond) -> Node {
        let node = self.raw(cond);
        self.dd.and(node, self.space.valid)
    }

    /// What it costs to tell each cell.
    pub(crate) fn prices(&mut self) -> Arc<Prices> {
        if let Some(known) = &self.prices {
            return Arc::clone(known);
        }
        let prices = Arc::new(Prices::new(self));
        self.prices = Some(Arc::clone(&prices));
        prices
    }

    /// Where a condition holds by its cells alone, whether or not a case has them.
    pub fn raw(&mut self, cond: &Cond) -> Node {
        space::lower_cond(&self.space, self.model, &mut self.dd, &mut self.memo, cond)
    }

    /// The same, with the box around it.
    fn with_hull(&mut self, cond: &Cond) -> (Node, Hull) {
        space::lower_with_hull(&self.space, self.model, &mut self.dd, &mut self.memo, cond)
    }

    fn lower_applies(&mut self) {
        let model = self.model;
        let n = model.clauses.len();
        let mut own = Vec::with_capacity(n);
        let mut hulls: Vec<Hull> = Vec::with_capacity(n);
        for id in model.clause_ids() {
            self.next(id);
            let (node, hull) = self.own(id);
            own.push(node);
            hulls.push(hull);
        }
        let mut done = vec![false; own.len()];
        let mut open: Vec<ClauseId> = model.clause_ids().filter(|id| !model.clause(*id).is_exception()).collect();
        for id in &open {
            self.applies[id.index()] = own[id.index()];
            done[id.index()] = true;
        }
        // Exceptions after all the clauses they replace; each is looked at once for each of these.
        while let Some(id) = open.pop() {
            for e in self.exceptions[id.index()].clone() {
                let replaces = &model.clause(e).replaces;
                self.next(e);
                if !done[e.index()] && replaces.iter().all(|p| done[p.index()]) {
                    if let [one] = replaces[..] {
                        let above = std::mem::take(&mut hulls[one.index()]);
                        hulls[e.index()].intersect(&above);
                        hulls[one.index()] = above;
                    }
                    self.apply_exception(e, own[e.index()]);
                    done[e.index()] = true;
                    open.push(e);
                }
            }
        }
        self.near = Near::new(hulls, self.dd.cells());
    }

    /// Where a clause's own condition holds, in force, and the box around that.
    fn own(&mut self, id: ClauseId) -> (Node, Hull) {
        let clause = self.model.clause(id);
        let (mut node, mut hull) = self.with_hull(&clause.scope);
        if !clause.in_force.is_true() {
            let (in_force, around) = self.with_hull(&clause.in_force);
            node = self.dd.and(node, in_force);
            hull.intersect(&around);
        }
        self.plain[id.index()] = clause.in_force.is_true() && space::is_box(&clause.scope);
        (self.dd.and(node, self.space.valid), hull)
    }

    /// An exception applies where its own condition holds and one of the clauses that it replaces applies.
    fn apply_exception(&mut self, id: ClauseId, own: Node) {
        let replaces = &self.model.clause(id).replaces;
        self.plain[id.index()] &= replaces.len() == 1 && self.plain[replaces[0].index()];
        let rules: Vec<Node> = replaces.iter().map(|p| self.applies[p.index()]).collect();
        let rules = self.dd.or_all(&rules);
        self.applies[id.index()] = self.dd.and(own, rules);
    }

    /// What follows from where clauses apply, of these clauses.
    fn lower_rest(&mut self, ids: &[ClauseId]) {
        for &id in ids {
            self.next(id);
            let by: Vec<Node> = self.exceptions[id.index()].iter().map(|e| self.applies[e.index()]).collect();
            let by = self.dd.or_all(&by);
            self.remains[id.index()] = self.dd.diff(self.applies[id.index()], by);
        }
        ids.iter().for_each(|id| self.lower_stands(*id));
        ids.iter().for_each(|id| self.lower_duties(*id));
    }

    fn lower_stands(&mut self, id: ClauseId) {
        let clause = self.model.clause(id);
        let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
        self.next(id);
        let stands = self.not_outranked(id, decision, &|_| true);
        self.stands[id.index()] = stands;
        self.provisos[id.index()] =
            clause.outcome.iter().flat_map(|o| &o.provisos).map(|p| self.cond(&p.cond)).collect();
        let mut fails = Vec::new();
        if !clause.requirements.is_empty() {
            let asking = if decision == VERDICT { stands } else { self.not_outranked(id, VERDICT, &|_| true) };
            for r in &clause.requirements {
                let (when, cond) = (self.cond(&r.when), self.cond(&r.cond));
                let asked = self.dd.and(asking, when);
                fails.push(self.dd.diff(asked, cond));
            }
        }
        self.fails[id.index()] = fails;
    }

    fn lower_duties(&mut self, id: ClauseId) {
        let clause = self.model.clause(id);
        if clause.obligations.is_empty() && clause.advice.is_empty() {
            return;
        }
        self.next(id);
        let follows = self.follows(id);
        let mut where_follows = |when: &Cond| {
            let when = self.cond(when);
            self.dd.and(follows, when)
        };
        let obligations = clause.obligations.iter().map(|o| where_follows(&o.when)).collect();
        let advice = clause.advice.iter().map(|a| where_follows(&a.when)).collect();
        (self.obligations[id.index()], self.advice[id.index()]) = (obligations, advice);
    }
}

fn decides_on(clause: &Clause, decision: DecisionId) -> bool {
    clause.outcome.as_ref().is_some_and(|o| o.decision == decision)
}
