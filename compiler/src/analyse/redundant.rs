//! Redundant rules: every case a rule decides is decided the same by other rules, and it adds no duty or advice.
//!
//! That is: in each of these cases another clause is among those that decide, and with the rule gone the answer is what it
//! was. (A rule of a policy that yields is not among them, even if it would say the same once the rule is gone.) Rules are
//! looked at from the last to the first, and one found redundant counts as gone for the rest, so
//! of two equal rules the later is reported, and all that are reported could be deleted together if their exceptions are made
//! exceptions to the rules named instead. Exceptions are not rules here: without one its rule would speak again, which is
//! the finding "exception without effect".

use super::cover::cover_all;
use super::{Finding, Found, Kind, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::{DecisionSets, Lowered};
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    let mut gone = vec![false; model.clauses.len()];
    let mut list = Vec::new();
    for id in (0..model.clauses.len() as u32).rev().map(ClauseId) {
        let follows = |nodes: &[Node]| nodes.iter().any(|n| *n != Diagrams::FALSE);
        if model.clause(id).is_exception()
            || follows(&lowered.obligations[id.index()])
            || follows(&lowered.advice[id.index()])
        {
            continue;
        }
        let finding = found.ask(lowered, Question::Redundant, id, |lowered, _| redundant(lowered, id, &mut gone));
        gone[id.index()] = matches!(finding, Some(Some(_)));
        list.extend(finding.flatten());
    }
    list.reverse();
    found.findings.extend(list);
}

fn redundant(lowered: &mut Lowered<'_>, id: ClauseId, gone: &mut [bool]) -> Option<Finding> {
    let decides = lowered.decides(id);
    if decides == Diagrams::FALSE {
        return None;
    }
    gone[id.index()] = true;
    if !decided_without(lowered, id, gone) {
        return None;
    }
    let by = covered_by(lowered, id, gone)?;
    Some(Finding::new(Kind::Redundant { clause: id, by }, decides))
}

/// The decisions that the clause takes part in, with where it does: its own, and the verdict by a requirement.
fn regions(lowered: &mut Lowered<'_>, id: ClauseId) -> Vec<(DecisionId, Node)> {
    let own = lowered.model.clause(id).outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let mut regions = vec![(own, lowered.decides_in(id, own))];
    if own != VERDICT {
        regions.push((VERDICT, lowered.decides_in(id, VERDICT)));
    }
    regions
}

/// Wherever the clause decides, the answer without it is the same and a rule's.
fn decided_without(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> bool {
    regions(lowered, id).into_iter().filter(|r| r.1 != Diagrams::FALSE).all(|(decision, region)| {
        let with = answer(lowered, id, decision, region, &|_| true);
        let without = answer(lowered, id, decision, region, &|other| !gone[other.index()]);
        // Where both are in conflict or have the same result, and a rule gives it.
        let mut other = lowered.dd.diff(region, without.conflict);
        for (a, b) in with.result.iter().zip(&without.result) {
            let by_rule = lowered.dd.diff(*b, without.defaulted);
            let same = lowered.dd.and(*a, by_rule);
            other = lowered.dd.diff(other, same);
        }
        let settled = lowered.dd.diff(without.conflict, with.conflict);
        other == Diagrams::FALSE && settled == Diagrams::FALSE
    })
}

/// The decision's answer in some of the clause's cases, from the clauses that `counted` accepts.
fn answer(
    lowered: &mut Lowered<'_>,
    id: ClauseId,
    decision: DecisionId,
    cases: Node,
    counted: &dyn Fn(ClauseId) -> bool,
) -> DecisionSets {
    let model = lowered.model;
    let near = lowered.near(id);
    let mut said = vec![Vec::new(); model.decision(decision).values.len()];
    let mut fails = Vec::new();
    for &other in near.iter().filter(|o| counted(**o)) {
        let clause = model.clause(other);
        if clause.outcome.as_ref().is_some_and(|o| o.decision == decision) {
            let stands = lowered.not_outranked(other, decision, counted);
            let here = lowered.dd.and(stands, cases);
            for (value, node) in lowered.words_where(other, here) {
                said[value as usize].push(node);
            }
        }
        if decision == VERDICT && !clause.requirements.is_empty() {
            let asking = lowered.not_outranked(other, VERDICT, counted);
            let here = lowered.dd.and(asking, cases);
            fails.push(super::reach::breaks(lowered, other, here));
        }
    }
    let said: Vec<Node> = said.iter().map(|parts| lowered.dd.or_all(parts)).collect();
    let failing = lowered.dd.or_all(&fails);
    lowered.combine(decision, said, failing, cases)
}

/// A smallest set of the clauses that are left with one of them among those that decide, wherever this clause does; its own
/// decision and the verdict, which a requirement decides, each by itself.
fn covered_by(lowered: &mut Lowered<'_>, id: ClauseId, gone: &[bool]) -> Option<Vec<ClauseId>> {
    let (decisions, regions): (Vec<DecisionId>, Vec<Node>) = regions(lowered, id).into_iter().unzip();
    let mut candidates = Vec::new();
    let mut sets: Vec<Vec<Node>> = Vec::new();
    for &other in lowered.near(id).iter().filter(|o| !gone[o.index()]) {
        candidates.push(other);
        sets.push(decisions.iter().map(|d| lowered.decides_in(other, *d)).collect());
    }
    let chosen = cover_all(&mut lowered.dd, &regions, &sets)?;
    Some(chosen.into_iter().map(|i| candidates[i]).collect())
}
