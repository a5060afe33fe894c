//! The semantics of one case, straight from the rules. The reference: diagrams, tables, formats and witnesses are
//! checked against it.
//!
//! In this order: (1) the clauses that apply and are in force; (2) less those replaced by an applying exception; (3) less
//! those of policies that yield to a policy that speaks; (4) different outcomes left together are a conflict; (5) a failing
//! requirement turns a permit, or nothing, into forbid; (6) nothing left: the default, or undecided. Duties and advice
//! are collected from (2); those of a clause with an outcome follow only where that outcome stands.
//!
//! It is written to be read, not to be fast, and shares no evaluation with the diagrams. Must not know cells.

pub mod holds;
pub mod legal;

pub use holds::{distance, holds, within};
pub use legal::{check_case, exists};

use crate::model::*;

/// What one case gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// By decision.
    pub answers: Vec<Answer>,
    /// The duties that follow, ascending, without repeats.
    pub duties: Vec<DutyId>,
    /// The advice that follows: (clause, index into its advice), in order.
    pub advice: Vec<(ClauseId, usize)>,
    /// By clause: what became of it.
    pub status: Statuses,
}

/// What became of each clause; only of those that apply is anything kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statuses(Vec<(ClauseId, Status)>);

impl Statuses {
    pub fn of(&self, clause: ClauseId) -> &Status {
        self.0.binary_search_by_key(&clause, |s| s.0).map_or(&Status::DoesNotApply, |at| &self.0[at].1)
    }

    /// The clauses that apply, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (ClauseId, &Status)> {
        self.0.iter().map(|(clause, status)| (*clause, status))
    }
}

/// One decision's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub result: Verdict,
    /// The clauses whose word this is, ascending: for a conflict all that take part; for a permit (or nothing) turned by
    /// requirements the clauses with a failing requirement; empty where the default decides or nothing does.
    pub by: Vec<ClauseId>,
    /// The default decided.
    pub by_default: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// An index into the decision's values: for the verdict 0 permit, 1 forbid.
    Is(u32),
    Conflict,
    Undecided,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    DoesNotApply,
    /// By the exceptions that apply (some may `waive`).
    Replaced(Vec<ClauseId>),
    /// It applies, and a policy that it yields to speaks: its outcome and its requirements count for nothing.
    Outranked(PolicyId),
    Stands {
        /// What it says of its decision: the value, after provisos.
        says: Option<u32>,
        /// Indexes of the provisos that fail.
        failing: Vec<usize>,
        /// Indexes of the requirements that are asked and fail.
        failing_requirements: Vec<usize>,
    },
}

/// Decides one case. The case has a value for every fact exactly where it exists (see [`check_case`]).
pub fn decide(model: &Model, case: &Case) -> Decided {
    decide_among(model, case, &model.clause_ids().collect::<Vec<_>>())
}

/// The same by these clauses alone, ascending; right if all that apply are among them.
pub fn decide_among(model: &Model, case: &Case, clauses: &[ClauseId]) -> Decided {
    let applies = applying(model, case, clauses);
    let is_among = |list: &[ClauseId], id: ClauseId| list.binary_search(&id).is_ok();
    let replaced_by =
        |id: ClauseId| model.exceptions_of(id).filter(|e| is_among(&applies, *e)).collect::<Vec<ClauseId>>();
    let remains: Vec<ClauseId> = applies.iter().copied().filter(|id| replaced_by(*id).is_empty()).collect();

    let speaks = |policy: PolicyId, decision: DecisionId| {
        remains.iter().any(|id| {
            let clause = model.clause(*id);
            clause.policy == policy && clause.outcome.as_ref().is_some_and(|o| o.decision == decision)
        })
    };
    let outranked_by = |clause: &Clause, decision: DecisionId| {
        model.policies[clause.policy.index()].yields_to.iter().copied().find(|&p| speaks(p, decision))
    };

    let mut status = Statuses::default();
    for &id in &applies {
        let clause = model.clause(id);
        let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
        let own = if !is_among(&remains, id) {
            Status::Replaced(replaced_by(id))
        } else if let Some(policy) = outranked_by(clause, decision) {
            Status::Outranked(policy)
        } else {
            stands(model, clause, case, outranked_by(clause, VERDICT).is_some())
        };
        status.0.push((id, own));
    }
    // A clause about another decision may be outranked there while its requirements, which belong to the verdict, stand.
    let fails = |(id, status): &(ClauseId, &Status)| match status {
        Status::Stands { failing_requirements, .. } => !failing_requirements.is_empty(),
        Status::Outranked(_) => {
            let clause = model.clause(*id);
            outranked_by(clause, VERDICT).is_none() && !failing_requirements(model, clause, case).is_empty()
        }
        _ => false,
    };
    let failing: Vec<ClauseId> = status.iter().filter(fails).map(|s| s.0).collect();

    let answers: Vec<Answer> =
        (0..model.decisions.len() as u32).map(|d| answer(model, DecisionId(d), &status, &failing)).collect();
    let follows = |id: &ClauseId| {
        model.clause(*id).outcome.as_ref().is_none_or(|o| {
            matches!(status.of(*id), Status::Stands { .. })
                && answers[o.decision.index()].result == Verdict::Is(o.value)
        })
    };
    let mut duties = Vec::new();
    let mut advice = Vec::new();
    for id in remains.iter().copied().filter(follows) {
        let clause = model.clause(id);
        for obligation in clause.obligations.iter().filter(|o| holds(model, &o.when, case)) {
            duties.extend(obligation.duties.iter().copied());
        }
        let given = clause.advice.iter().enumerate().filter(|(_, a)| holds(model, &a.when, case));
        advice.extend(given.map(|(i, _)| (id, i)));
    }
    duties.sort_unstable();
    duties.dedup();
    Decided { answers, duties, advice, status }
}

/// The clauses that apply, ascending. Exceptions apply only where a clause that they replace does.
fn applying(model: &Model, case: &Case, clauses: &[ClauseId]) -> Vec<ClauseId> {
    let own = |id: &ClauseId| {
        let clause = model.clause(*id);
        holds(model, &clause.scope, case) && holds(model, &clause.in_force, case)
    };
    let (mut waiting, mut applies): (Vec<ClauseId>, Vec<ClauseId>) =
        clauses.iter().copied().filter(own).partition(|id| model.clause(*id).is_exception());
    // Chains of exceptions are not cyclic, so this ends after as many rounds as they are deep.
    loop {
        let met = |id: &ClauseId| model.clause(*id).replaces.iter().any(|p| applies.binary_search(p).is_ok());
        let (more, rest): (Vec<ClauseId>, Vec<ClauseId>) = waiting.into_iter().partition(met);
        if more.is_empty() {
            return applies;
        }
        applies.extend(more);
        applies.sort_unstable();
        waiting = rest;
    }
}

fn stands(model: &Model, clause: &Clause, case: &Case, requirements_outranked: bool) -> Status {
    let failing: Vec<usize> = clause
        .outcome
        .as_ref()
        .map_or(Vec::new(), |o| (0..o.provisos.len()).filter(|&i| !holds(model, &o.provisos[i].cond, case)).collect());
    let says = clause.outcome.as_ref().map(|o| if failing.is_empty() { o.value } else { FORBID });
    let failing_requirements =
        if requirements_outranked { Vec::new() } else { failing_requirements(model, clause, case) };
    Status::Stands { says, failing, failing_requirements }
}

fn failing_requirements(model: &Model, clause: &Clause, case: &Case) -> Vec<usize> {
    let asked = clause.requirements.iter().enumerate();
    asked.filter(|(_, r)| holds(model, &r.when, case) && !holds(model, &r.cond, case)).map(|(i, _)| i).collect()
}

fn answer(model: &Model, decision: DecisionId, status: &Statuses, failing: &[ClauseId]) -> Answer {
    let mut said: Vec<(u32, ClauseId)> = Vec::new();
    for (id, status) in status.iter() {
        if let (Some(outcome), Status::Stands { says: Some(value), .. }) = (&model.clause(id).outcome, status)
            && outcome.decision == decision
        {
            said.push((*value, id));
        }
    }
    // Requirements belong to the verdict.
    let failing = if decision == VERDICT { failing } else { &[] };
    let turned = || Answer { result: Verdict::Is(FORBID), by: failing.to_vec(), by_default: false };
    let by = |list: &[(u32, ClauseId)]| list.iter().map(|s| s.1).collect::<Vec<_>>();
    let Some(&(first, _)) = said.first() else {
        return match model.decision(decision).default {
            _ if !failing.is_empty() => turned(),
            Some(value) => Answer { result: Verdict::Is(value), by: vec![], by_default: true },
            None => Answer { result: Verdict::Undecided, by: vec![], by_default: false },
        };
    };
    if said.iter().any(|s| s.0 != first) {
        return Answer { result: Verdict::Conflict, by: by(&said), by_default: false };
    }
    if decision == VERDICT && first == PERMIT && !failing.is_empty() {
        return turned();
    }
    Answer { result: Verdict::Is(first), by: by(&said), by_default: false }
}
