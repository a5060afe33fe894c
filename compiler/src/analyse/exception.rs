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
/// duties, the same failing requirements, no advice. And its rule, or another exception that says the same, takes its
/// place if it is deleted: where others replace the rule as well, one that says something else would be left alone.
fn changes_nothing(lowered: &mut Lowered<'_>, id: ClauseId) -> bool {
    let model = lowered.model;
    let clause = model.clause(id);
    if !clause.advice.is_empty() {
        return false;
    }
    // Words of policies that yield to one another have not the same weight.
    let yields = model.policies.iter().any(|p| !p.yields_to.is_empty());
    let alike = |other: ClauseId| !yields || model.clause(other).policy == clause.policy;
    clause.replaces.iter().all(|&rule| {
        let here = lowered.dd.and(lowered.applies[id.index()], lowered.applies[rule.index()]);
        if here == Diagrams::FALSE {
            return true;
        }
        if !alike(rule) || !model.clause(rule).advice.is_empty() || same_words(lowered, id, rule, here) != here {
            return false;
        }
        let others: Vec<ClauseId> = lowered.exceptions[rule.index()].iter().copied().filter(|o| *o != id).collect();
        let replaced: Vec<Node> = others.iter().map(|o| lowered.applies[o.index()]).collect();
        let replaced = lowered.dd.or_all(&replaced);
        let mut open = lowered.dd.and(here, replaced);
        for other in others.into_iter().filter(|o| alike(*o)) {
            let there = lowered.dd.and(open, lowered.remains[other.index()]);
            let same = same_words(lowered, id, other, there);
            open = lowered.dd.diff(open, same);
        }
        open == Diagrams::FALSE
    })
}

/// Where, of `here`, both clauses say the same.
fn same_words(lowered: &mut Lowered<'_>, a: ClauseId, b: ClauseId, here: Node) -> Node {
    let model = lowered.model;
    let mut pairs = Vec::new();
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        for value in 0..model.decision(decision).values.len() as u32 {
            pairs.push((word(lowered, a, decision, value, here), word(lowered, b, decision, value, here)));
        }
    }
    for duty in (0..model.duties.len() as u32).map(DutyId) {
        pairs.push((obliges(lowered, a, duty, here), obliges(lowered, b, duty, here)));
    }
    pairs.push((breaks(lowered, a, here), breaks(lowered, b, here)));
    pairs.into_iter().filter(|(x, y)| x != y).fold(here, |same, (x, y)| {
        let (only_a, only_b) = (lowered.dd.diff(x, y), lowered.dd.diff(y, x));
        let differ = lowered.dd.or(only_a, only_b);
        lowered.dd.diff(same, differ)
    })
}

/// Where, of `here`, the clause would say this value if it stood.
fn word(lowered: &mut Lowered<'_>, id: ClauseId, decision: DecisionId, value: u32, here: Node) -> Node {
    match &lowered.model.clause(id).outcome {
        Some(o) if o.decision == decision => lowered.says_where(id, value, here),
        _ => Diagrams::FALSE,
    }
}

/// Where, of `here`, the duty would follow if the clause stood and its word were the answer: not where a proviso of it fails.
fn obliges(lowered: &mut Lowered<'_>, id: ClauseId, duty: DutyId, here: Node) -> Node {
    let clause = lowered.model.clause(id);
    let mut all = Diagrams::FALSE;
    for obligation in clause.obligations.iter().filter(|o| o.duties.contains(&duty)) {
        let when = lowered.cond(&obligation.when);
        all = lowered.dd.or(all, when);
    }
    let kept = match &clause.outcome {
        Some(outcome) => lowered.says_where(id, outcome.value, here),
        None => here,
    };
    lowered.dd.and(all, kept)
}
