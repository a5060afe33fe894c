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
    pub status: Vec<Status>,
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
    let applies = applying(model, case);
    let replaced_by = |id: ClauseId| model.exceptions_of(id).filter(|e| applies[e.index()]).collect::<Vec<_>>();
    let remains: Vec<bool> = model.clause_ids().map(|id| applies[id.index()] && replaced_by(id).is_empty()).collect();

    let speaks = |policy: PolicyId, decision: DecisionId| {
        model.clause_ids().any(|id| {
            let clause = model.clause(id);
            remains[id.index()]
                && clause.policy == policy
                && clause.outcome.as_ref().is_some_and(|o| o.decision == decision)
        })
    };
    let outranked_by = |clause: &Clause, decision: DecisionId| {
        model.policies[clause.policy.index()].yields_to.iter().copied().find(|&p| speaks(p, decision))
    };

    let mut status = Vec::with_capacity(model.clauses.len());
    for id in model.clause_ids() {
        let clause = model.clause(id);
        let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
        status.push(if !applies[id.index()] {
            Status::DoesNotApply
        } else if !remains[id.index()] {
            Status::Replaced(replaced_by(id))
        } else if let Some(policy) = outranked_by(clause, decision) {
            Status::Outranked(policy)
        } else {
            stands(model, clause, case, outranked_by(clause, VERDICT).is_some())
        });
    }
    // A clause about another decision may be outranked there while its requirements, which belong to the verdict, stand.
    let failing_requirement = |id: ClauseId| match &status[id.index()] {
        Status::Stands { failing_requirements, .. } => !failing_requirements.is_empty(),
        Status::Outranked(_) => {
            let clause = model.clause(id);
            outranked_by(clause, VERDICT).is_none() && !failing_requirements(model, clause, case).is_empty()
        }
        _ => false,
    };

    let answers: Vec<Answer> = (0..model.decisions.len() as u32)
        .map(|d| answer(model, DecisionId(d), &status, &failing_requirement))
        .collect();
    let follows = |id: ClauseId| {
        let clause = model.clause(id);
        remains[id.index()]
            && clause.outcome.as_ref().is_none_or(|o| {
                matches!(status[id.index()], Status::Stands { .. })
                    && answers[o.decision.index()].result == Verdict::Is(o.value)
            })
    };
    let mut duties = Vec::new();
    let mut advice = Vec::new();
    for id in model.clause_ids().filter(|id| follows(*id)) {
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

/// By clause: whether it applies. Exceptions apply only where a clause that they replace does.
fn applying(model: &Model, case: &Case) -> Vec<bool> {
    let own: Vec<bool> =
        model.clauses.iter().map(|c| holds(model, &c.scope, case) && holds(model, &c.in_force, case)).collect();
    let mut applies: Vec<bool> = model.clauses.iter().enumerate().map(|(i, c)| own[i] && !c.is_exception()).collect();
    // Chains of exceptions are not cyclic, so this ends after as many rounds as they are deep.
    loop {
        let mut changed = false;
        for (i, clause) in model.clauses.iter().enumerate() {
            if own[i] && !applies[i] && clause.replaces.iter().any(|p| applies[p.index()]) {
                applies[i] = true;
                changed = true;
            }
        }
        if !changed {
            return applies;
        }
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

fn answer(
    model: &Model,
    decision: DecisionId,
    status: &[Status],
    failing_requirement: &dyn Fn(ClauseId) -> bool,
) -> Answer {
    let mut said: Vec<(u32, ClauseId)> = Vec::new();
    for id in model.clause_ids() {
        if let (Some(outcome), Status::Stands { says: Some(value), .. }) =
            (&model.clause(id).outcome, &status[id.index()])
            && outcome.decision == decision
        {
            said.push((*value, id));
        }
    }
    let by = |list: &[(u32, ClauseId)]| list.iter().map(|s| s.1).collect::<Vec<_>>();
    let Some(&(first, _)) = said.first() else {
        let failing: Vec<ClauseId> = if decision == VERDICT {
            model.clause_ids().filter(|id| failing_requirement(*id)).collect()
        } else {
            vec![]
        };
        return match model.decision(decision).default {
            _ if !failing.is_empty() => Answer { result: Verdict::Is(FORBID), by: failing, by_default: false },
            Some(value) => Answer { result: Verdict::Is(value), by: vec![], by_default: true },
            None => Answer { result: Verdict::Undecided, by: vec![], by_default: false },
        };
    };
    if said.iter().any(|s| s.0 != first) {
        return Answer { result: Verdict::Conflict, by: by(&said), by_default: false };
    }
    if decision == VERDICT && first == PERMIT {
        let failing: Vec<ClauseId> = model.clause_ids().filter(|id| failing_requirement(*id)).collect();
        if !failing.is_empty() {
            return Answer { result: Verdict::Is(FORBID), by: failing, by_default: false };
        }
    }
    Answer { result: Verdict::Is(first), by: by(&said), by_default: false }
}
