//! Exceptions that never meet their rule, and exceptions that change nothing.

use super::reach::breaks;
use super::{Finding, Kind};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>) -> Vec<Finding> {
    let model = lowered.model;
    let mut found = Vec::new();
    for id in model.clause_ids().filter(|id| model.clause(*id).is_exception()) {
        let clause = model.clause(id);
        if lowered.applies[id.index()] == Diagrams::FALSE {
            let (scope, in_force) = (lowered.cond(&clause.scope), lowered.cond(&clause.in_force));
            let own = lowered.dd.and(scope, in_force);
            let rules = clause.replaces.iter().any(|p| lowered.applies[p.index()] != Diagrams::FALSE);
            // Where its own condition has no case, or its rule none, that is the finding.
            if own != Diagrams::FALSE && rules {
                found.push(Finding::new(Kind::ExceptionMisses { exception: id }, own));
            }
        } else if lowered.exceptions[id.index()].is_empty() && changes_nothing(lowered, id) {
            found.push(Finding::new(Kind::NoEffect { exception: id }, lowered.applies[id.index()]));
        }
    }
    found
}

/// Everywhere it applies it says what every clause that it replaces there would have said: the same outcome, the same
/// duties, the same failing requirements, no advice.
fn changes_nothing(lowered: &mut Lowered<'_>, id: ClauseId) -> bool {
    let model = lowered.model;
    let clause = model.clause(id);
    let replaced: Vec<ClauseId> = clause.replaces.clone();
    if !clause.advice.is_empty() {
        return false;
    }
    replaced.into_iter().all(|rule| {
        let here = lowered.dd.and(lowered.applies[id.index()], lowered.applies[rule.index()]);
        here == Diagrams::FALSE || (model.clause(rule).advice.is_empty() && same_words(lowered, id, rule, here))
    })
}

fn same_words(lowered: &mut Lowered<'_>, a: ClauseId, b: ClauseId, here: Node) -> bool {
    let model = lowered.model;
    for d in 0..model.decisions.len() as u32 {
        for value in 0..model.decision(DecisionId(d)).values.len() as u32 {
            if word(lowered, a, DecisionId(d), value, here) != word(lowered, b, DecisionId(d), value, here) {
                return false;
            }
        }
    }
    let duties = (0..model.duties.len() as u32).map(DutyId);
    for duty in duties {
        if obliges(lowered, a, duty, here) != obliges(lowered, b, duty, here) {
            return false;
        }
    }
    breaks(lowered, a, here) == breaks(lowered, b, here)
}

/// Where, of `here`, the clause would say this value if it stood.
fn word(lowered: &mut Lowered<'_>, id: ClauseId, decision: DecisionId, value: u32, here: Node) -> Node {
    match &lowered.model.clause(id).outcome {
        Some(o) if o.decision == decision => lowered.says_where(id, value, here),
        _ => Diagrams::FALSE,
    }
}

fn obliges(lowered: &mut Lowered<'_>, id: ClauseId, duty: DutyId, here: Node) -> Node {
    let mut all = Diagrams::FALSE;
    for obligation in lowered.model.clause(id).obligations.iter().filter(|o| o.duties.contains(&duty)) {
        let when = lowered.cond(&obligation.when);
        all = lowered.dd.or(all, when);
    }
    lowered.dd.and(all, here)
}
