//! Exceptions that never meet their rule, and exceptions that change nothing.

use super::reach::breaks;
use super::{Finding, Found, Kind, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::{Lowered, Words};
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    for id in model.clause_ids() {
        let known = found.known(id, |kind| matches!(kind, Kind::ExceptionMisses { .. } | Kind::NoEffect { .. }));
        if known || !model.clause(id).is_exception() {
            continue;
        }
        found.ask(lowered, Question::Exceptions, id, |lowered, findings| findings.extend(pointless(lowered, id)));
    }
}

fn pointless(lowered: &mut Lowered<'_>, id: ClauseId) -> Option<Finding> {
    let clause = lowered.model.clause(id);
    let applies = lowered.applies[id.index()];
    if applies != Diagrams::FALSE {
        let nothing = lowered.exceptions[id.index()].is_empty() && changes_nothing(lowered, id);
        return nothing.then(|| Finding::new(Kind::NoEffect { exception: id }, applies));
    }
    let (scope, in_force) = (lowered.cond(&clause.scope), lowered.cond(&clause.in_force));
    let own = lowered.dd.and(scope, in_force);
    let rules = clause.replaces.iter().any(|p| lowered.applies[p.index()] != Diagrams::FALSE);
    // Where its own condition has no case, or its rule none, that is the finding.
    (own != Diagrams::FALSE && rules).then(|| Finding::new(Kind::ExceptionMisses { exception: id }, own))
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
    let (one, other) = (model.clause(a), model.clause(b));
    let decision = |c: &Clause| c.outcome.as_ref().map(|o| o.decision);
    if decision(one) != decision(other) {
        return Diagrams::FALSE;
    }
    let mut pairs = Vec::new();
    let (x, y) = (lowered.words_where(a, here), lowered.words_where(b, here));
    let says = |words: &Words, value: u32| words.iter().find(|w| w.0 == value).map_or(Diagrams::FALSE, |w| w.1);
    for (value, _) in x.iter().chain(&y) {
        pairs.push((says(&x, *value), says(&y, *value)));
    }
    let mut duties: Vec<DutyId> =
        one.obligations.iter().chain(&other.obligations).flat_map(|o| o.duties.iter().copied()).collect();
    duties.sort_unstable();
    duties.dedup();
    for duty in duties {
        pairs.push((obliges(lowered, a, duty, here), obliges(lowered, b, duty, here)));
    }
    pairs.push((breaks(lowered, a, here), breaks(lowered, b, here)));
    pairs.into_iter().filter(|(x, y)| x != y).fold(here, |same, (x, y)| {
        let (only_a, only_b) = (lowered.dd.diff(x, y), lowered.dd.diff(y, x));
        let differ = lowered.dd.or(only_a, only_b);
        lowered.dd.diff(same, differ)
    })
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
