//! Unreachable clauses: they apply, but decide nothing anywhere, and no duty or advice of theirs ever follows.
//!
//! The blockers are the exceptions that replace the clause, the rules of policies that outrank it, the requirements that
//! turn its permit, or, for a requirement, the rules that forbid already; a smallest set of them that covers it is named,
//! one of another verdict first.

use super::cover::cover;
use super::{Finding, Found, Kind, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;

/// Clauses that are known to be `needed` are not asked about.
pub fn find(lowered: &mut Lowered<'_>, found: &mut Found, needed: &[bool]) {
    for id in lowered.model.clause_ids() {
        if needed.get(id.index()) == Some(&true) || found.known(id, |kind| matches!(kind, Kind::Unreachable { .. })) {
            continue;
        }
        found.ask(lowered, Question::Unreachable, id, |lowered, findings| findings.extend(unreachable(lowered, id)));
    }
}

/// What a clause does somewhere: decides, obliges, advises, or lifts.
pub fn matters(lowered: &mut Lowered<'_>, id: ClauseId) -> bool {
    let follows = |nodes: &[Node]| nodes.iter().any(|n| *n != Diagrams::FALSE);
    follows(&lowered.obligations[id.index()])
        || follows(&lowered.advice[id.index()])
        || (lowered.model.clause(id).waive && lowered.remains[id.index()] != Diagrams::FALSE)
        || lowered.decides(id) != Diagrams::FALSE
}

fn unreachable(lowered: &mut Lowered<'_>, id: ClauseId) -> Option<Finding> {
    let model = lowered.model;
    let clause = model.clause(id);
    let applies = lowered.applies[id.index()];
    if applies == Diagrams::FALSE || matters(lowered, id) {
        return None;
    }
    let region = region(lowered, id);
    let mut blockers = blockers(lowered, id, only_asks(clause));
    // One of another verdict first.
    let own = clause.outcome.as_ref().map(|o| o.value);
    blockers.sort_by_key(|(b, _)| (model.clause(*b).outcome.as_ref().map(|o| o.value) == own, *b));
    let sets: Vec<Node> = blockers.iter().map(|b| b.1).collect();
    let by = if region == Diagrams::FALSE { None } else { cover(&mut lowered.dd, region, &sets) };
    let by = by.unwrap_or_default().into_iter().map(|i| blockers[i].0).collect();
    Some(Finding::plain(Kind::Unreachable { clause: id, by }))
}

/// It gives no verdict and only requires something.
fn only_asks(clause: &Clause) -> bool {
    clause.outcome.is_none() && !clause.requirements.is_empty()
}

/// Where it would decide.
pub fn region(lowered: &mut Lowered<'_>, id: ClauseId) -> Node {
    let applies = lowered.applies[id.index()];
    if only_asks(lowered.model.clause(id)) { breaks(lowered, id, applies) } else { applies }
}

/// Where, of `here`, one of the clause's requirements is asked and fails, if nothing replaced the clause.
pub fn breaks(lowered: &mut Lowered<'_>, id: ClauseId, here: Node) -> Node {
    let mut all = Diagrams::FALSE;
    for requirement in &lowered.model.clause(id).requirements {
        let (when, cond) = (lowered.cond(&requirement.when), lowered.cond(&requirement.cond));
        let asked = lowered.dd.and(here, when);
        let fails = lowered.dd.diff(asked, cond);
        all = lowered.dd.or(all, fails);
    }
    all
}

fn blockers(lowered: &mut Lowered<'_>, id: ClauseId, only_asks: bool) -> Vec<(ClauseId, Node)> {
    let model = lowered.model;
    let clause = model.clause(id);
    let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let exceptions = lowered.exceptions[id.index()].clone();
    let mut list: Vec<(ClauseId, Node)> = exceptions.iter().map(|e| (*e, lowered.applies[e.index()])).collect();
    let above = &model.policies[clause.policy.index()].yields_to;
    for &other in lowered.near(id).iter().filter(|o| **o != id && !exceptions.contains(o)) {
        let speaks = model.clause(other).outcome.as_ref().is_some_and(|o| o.decision == decision);
        let mut blocks = Diagrams::FALSE;
        if speaks && above.contains(&model.clause(other).policy) {
            blocks = lowered.remains[other.index()];
        }
        let verdict = model.clause(other).outcome.as_ref().is_some_and(|o| o.decision == VERDICT);
        if only_asks && verdict {
            let (forbids, fights) = (lowered.says(other, FORBID), lowered.fights(other));
            blocks = lowered.dd.or_all(&[blocks, forbids, fights]);
        } else if decision == VERDICT && !only_asks {
            let fails = lowered.dd.or_all(&lowered.fails[other.index()]);
            blocks = lowered.dd.or(blocks, fails);
        }
        if blocks != Diagrams::FALSE {
            list.push((other, blocks));
        }
    }
    list
}
