//! Redundant rules: every case a rule decides is decided the same by other rules, and it adds no duty or advice.
//!
//! That is: in each of these cases another clause is among those that decide, and with the rule gone the answer is what it
//! was. (A rule of a policy that yields is not among them, even if it would say the same once the rule is gone.) Rules are
//! looked at from the last to the first, and one found redundant counts as gone for the rest, so
//! of two equal rules the later is reported, and all that are reported could be deleted together if their exceptions are made
//! exceptions to the rules named instead. Exceptions are not rules here: without one its rule would speak again, which is
//! the finding "exception without effect".

use super::cover::cover_all;
use super::{Finding, Kind};
use crate::diagram::{Diagrams, Node};
use crate::lower::{DecisionSets, Lowered};
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>) -> Vec<Finding> {
    let model = lowered.model;
    let mut gone = vec![false; model.clauses.len()];
    let mut found = Vec::new();
    for id in (0..model.clauses.len() as u32).rev().map(ClauseId) {
        let follows = |nodes: &[Node]| nodes.iter().any(|n| *n != Diagrams::FALSE);
        if model.clause(id).is_exception()
            || follows(&lowered.obligations[id.index()])
            || follows(&lowered.advice[id.index()])
        {
            continue;
        }
        let decides = lowered.decides(id);
        if decides == Diagrams::FALSE {
            continue;
        }
        gone[id.index()] = true;
        let by = covered_by(lowered, id, &gone);
        if let Some(by) = by
            && decided_without(lowered, id, &gone)
            && !lowered.dd.exhausted()
        {
            found.push(Finding::new(Kind::Redundant { clause: id, by }, decides));
        } else {
            gone[id.index()] = false;
        }
    }
    found.reverse();
    found
}

/// Wherever the clause decides, the answer without it is the same and a rule's.
fn decided_without(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> bool {
    let (by_outcome, by_requirement) = (lowered.decides_by_outcome(id), lowered.decides_by_requirement(id));
    let own = lowered.model.clause(id).outcome.as_ref().map(|o| o.decision);
    (0..lowered.model.decisions.len() as u32).map(DecisionId).all(|decision| {
        let mut region = if own == Some(decision) { by_outcome } else { Diagrams::FALSE };
        if decision == VERDICT {
            region = lowered.dd.or(region, by_requirement);
        }
        if region == Diagrams::FALSE {
            return true;
        }
        let without = without(lowered, decision, gone);
        let kept = same_by_rule(lowered, decision, &without);
        lowered.dd.implies(region, kept)
    })
}

/// The decision's answer without the clauses that are gone, in cases in which none of their exceptions applies.
fn without(lowered: &mut Lowered<'_>, decision: DecisionId, gone: &[bool]) -> DecisionSets {
    let model = lowered.model;
    let outranked = outranked_without(lowered, decision, gone);
    let values = model.decision(decision).values.len();
    let mut said = vec![Vec::new(); values];
    for id in lowered.speakers(decision).filter(|id| !gone[id.index()]) {
        let above = outranked[model.clause(id).policy.index()];
        let stands = lowered.dd.diff(lowered.remains[id.index()], above);
        for (value, parts) in said.iter_mut().enumerate() {
            parts.push(lowered.says_where(id, value as u32, stands));
        }
    }
    let said: Vec<Node> = said.iter().map(|parts| lowered.dd.or_all(parts)).collect();
    let mut fails = Vec::new();
    if decision == VERDICT {
        for id in model.clause_ids().filter(|id| !gone[id.index()] && !model.clause(*id).requirements.is_empty()) {
            let above = outranked[model.clause(id).policy.index()];
            let asking = lowered.dd.diff(lowered.remains[id.index()], above);
            fails.push(super::reach::breaks(lowered, id, asking));
        }
    }
    let failing = lowered.dd.or_all(&fails);
    lowered.combine(decision, said, failing)
}

/// By policy, where one above it speaks although the gone clauses do not.
fn outranked_without(lowered: &mut Lowered<'_>, decision: DecisionId, gone: &[bool]) -> Vec<Node> {
    let model = lowered.model;
    let mut speaks = vec![Diagrams::FALSE; model.policies.len()];
    if model.policies.iter().any(|p| !p.yields_to.is_empty()) {
        for id in lowered.speakers(decision).filter(|id| !gone[id.index()]) {
            let p = model.clause(id).policy.index();
            speaks[p] = lowered.dd.or(speaks[p], lowered.remains[id.index()]);
        }
    }
    let above = model.policies.iter().map(|p| {
        let above: Vec<Node> = p.yields_to.iter().map(|q| speaks[q.index()]).collect();
        lowered.dd.or_all(&above)
    });
    above.collect()
}

/// Where the answer without them is the answer with them, and a rule gives it.
fn same_by_rule(lowered: &mut Lowered<'_>, decision: DecisionId, without: &DecisionSets) -> Node {
    let with = lowered.decisions[decision.index()].clone();
    let mut same = lowered.dd.and(with.conflict, without.conflict);
    for (a, b) in with.result.iter().zip(&without.result) {
        let b = lowered.dd.diff(*b, without.defaulted);
        let both = lowered.dd.and(*a, b);
        same = lowered.dd.or(same, both);
    }
    same
}

/// A smallest set of the clauses that are left with one of them among those that decide, wherever this clause does; its own
/// decision and the verdict, which a requirement decides, each by itself.
fn covered_by(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> Option<Vec<ClauseId>> {
    let model = lowered.model;
    let own = model.clause(id).outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let decisions = if own == VERDICT { vec![VERDICT] } else { vec![own, VERDICT] };
    let regions: Vec<Node> = decisions.iter().map(|d| lowered.decides_in(id, *d)).collect();
    let mut candidates = Vec::new();
    let mut sets: Vec<Vec<Node>> = Vec::new();
    for other in model.clause_ids().filter(|o| !gone[o.index()]) {
        candidates.push(other);
        sets.push(decisions.iter().map(|d| lowered.decides_in(other, *d)).collect());
    }
    let chosen = cover_all(&mut lowered.dd, &regions, &sets)?;
    Some(chosen.into_iter().map(|i| candidates[i]).collect())
}
