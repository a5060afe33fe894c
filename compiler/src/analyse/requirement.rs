//! Impossible requirements: circumstances in which some choice of the facts that the requirement speaks of would be
//! permitted without it, and none is with it.
//!
//! A choice changes the facts of the requirement's condition and nothing else, except that facts that exist only because of
//! the choice may have any value, and facts that no longer exist are gone. The finding's region are the cases that would be
//! permitted without the requirement and from which no choice leads to a permitted case. With X the axes of the condition's
//! facts that is `permitted without it` less `open(∃X permitted)`, where `open` lets the axes of facts whose existence
//! depends on X come and go: `open(W)(v) = W(v) ∨ W(absent)`, `open(W)(absent) = ∨ W(v)`.
//!
//! The rules that leave no choice are named:
//! a smallest set that forbids, in one such circumstance, every choice with which the requirement would hold. Where two
//! requirements leave no choice to one another that is one cause and one finding, told at the first.

use super::cover::cover;
use super::{Finding, Found, Kind, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::fact_facts;
use crate::model::*;
use crate::space::Hull;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    let mut told: Vec<(ClauseId, Vec<ClauseId>)> = Vec::new();
    for id in model.clause_ids() {
        if found.possible(id) {
            continue;
        }
        let changes = found.changes(id);
        for requirement in 0..model.clause(id).requirements.len() {
            let met = found.ask(lowered, Question::Requirements, id, |lowered, findings| {
                let still = |lowered: &mut _, changes| still_possible(lowered, id, requirement, changes);
                if changes.as_ref().is_some_and(|changes| still(lowered, changes)) {
                    return true;
                }
                let region = impossible(lowered, id, requirement);
                if region == Diagrams::FALSE {
                    return true;
                }
                let by = blockers(lowered, id, requirement, region);
                if !told.iter().any(|(clause, others)| by.contains(clause) && others.contains(&id)) {
                    told.push((id, by.clone()));
                    findings.push(Finding::plain(Kind::Impossible { clause: id, requirement, by }));
                }
                false
            });
            found.impossible |= met == Some(false);
        }
    }
}

/// The cases that would be permitted without the requirement and in which no choice is permitted with it.
pub fn impossible(lowered: &mut Lowered<'_>, id: ClauseId, requirement: usize) -> Node {
    // Elsewhere what would be permitted is.
    let fails = lowered.fails[id.index()][requirement];
    impossible_among(lowered, id, requirement, fails)
}

fn impossible_among(lowered: &mut Lowered<'_>, id: ClauseId, requirement: usize, cases: Node) -> Node {
    if cases == Diagrams::FALSE {
        return cases;
    }
    let model = lowered.model;
    let without = permitted(lowered, cases, &|c, r| (c, r) != (id, requirement));
    if without == Diagrams::FALSE {
        return without;
    }
    let cond = &model.clause(id).requirements[requirement].cond;
    let open = ways_out(lowered, without, cond);
    lowered.dd.diff(without, open)
}

/// Of a requirement that left a choice everywhere: does it still, where in these boxes cases are decided otherwise now? Only
/// cases from which a choice leads into them can be other than before.
fn still_possible(lowered: &mut Lowered<'_>, id: ClauseId, requirement: usize, changes: &[Hull]) -> bool {
    let loose = loose(lowered, &lowered.model.clause(id).requirements[requirement].cond);
    let mut from = Vec::new();
    for hull in changes {
        let mut open = hull.clone();
        open.sides.retain(|(axis, _)| !loose.contains(axis));
        from.push(lowered.cube(&open));
    }
    let from = lowered.dd.or_all(&from);
    let cases = lowered.dd.and(lowered.fails[id.index()][requirement], from);
    impossible_among(lowered, id, requirement, cases) == Diagrams::FALSE
}

/// Those of the cases from which a choice of the condition's facts leads to a permitted case.
pub fn ways_out(lowered: &mut Lowered<'_>, cases: Node, cond: &Cond) -> Node {
    let loose = loose(lowered, cond);
    let choices = lowered.dd.exists(cases, &loose);
    let choices = lowered.dd.and(choices, lowered.space.valid);
    let permitted = permitted(lowered, choices, &|_, _| true);
    let open = reachable(lowered, permitted, cond);
    lowered.dd.and(open, cases)
}

/// The permitted ones of these cases, of all requirements only those counted that `counted` accepts: where something permits,
/// or the default does, nothing forbids and no requirement fails.
fn permitted(lowered: &mut Lowered<'_>, cases: Node, counted: &dyn Fn(ClauseId, usize) -> bool) -> Node {
    let near = lowered.around(cases);
    let mut left = cases;
    if lowered.model.decision(VERDICT).default != Some(PERMIT) {
        let permits = near.iter().map(|id| {
            let permits = lowered.says_verdict(*id, PERMIT);
            lowered.dd.and(permits, cases)
        });
        let permits: Vec<Node> = permits.filter(|node| *node != Diagrams::FALSE).collect();
        left = lowered.dd.or_all(&permits);
    }
    for id in near {
        if left == Diagrams::FALSE {
            break;
        }
        let forbids = lowered.says_verdict(id, FORBID);
        left = lowered.dd.diff(left, forbids);
        for requirement in 0..lowered.fails[id.index()].len() {
            if counted(id, requirement) {
                left = lowered.dd.diff(left, lowered.fails[id.index()][requirement]);
            }
        }
    }
    left
}

/// The cases from which a choice of the condition's facts leads into the set.
fn reachable(lowered: &mut Lowered<'_>, set: Node, cond: &Cond) -> Node {
    let axes = axes_of(lowered, cond);
    let mut open = lowered.dd.exists(set, &axes);
    for axis in dependent_axes(lowered, cond).into_iter().filter(|a| !axes.contains(a)) {
        if let Some(absent) = lowered.space.axes[axis].absent() {
            let gone = lowered.dd.cofactor(open, axis, absent);
            let any = lowered.dd.exists(open, &[axis]);
            let present = lowered.dd.or(open, gone);
            let is_absent = lowered.dd.literal(axis, &Bits::one(absent as usize));
            open = lowered.dd.ite(is_absent, any, present);
        }
    }
    lowered.dd.and(open, lowered.space.valid)
}

/// The axes that a choice of the condition's facts may change.
pub fn loose(lowered: &Lowered<'_>, cond: &Cond) -> Vec<usize> {
    let mut loose = axes_of(lowered, cond);
    loose.extend(dependent_axes(lowered, cond));
    loose
}

/// The axes of the facts whose existence depends on the condition's facts, directly or through others.
fn dependent_axes(lowered: &Lowered<'_>, cond: &Cond) -> Vec<usize> {
    let model = lowered.model;
    let mut chosen = vec![false; model.facts.len()];
    fact_facts(model, cond).iter().for_each(|f| chosen[f.index()] = true);
    let mut facts: Vec<FactId> = Vec::new();
    loop {
        let more: Vec<FactId> = model
            .fact_ids()
            .filter(|f| !chosen[f.index()])
            .filter(|f| {
                let exists = model.fact(*f).exists_if.as_ref();
                exists.is_some_and(|c| fact_facts(model, c).iter().any(|g| chosen[g.index()]))
            })
            .collect();
        if more.is_empty() {
            break;
        }
        more.iter().for_each(|f| chosen[f.index()] = true);
        facts.extend(more);
    }
    let mut axes: Vec<usize> = facts.iter().flat_map(|f| lowered.space.axes_of(*f).iter().copied()).collect();
    axes.sort_unstable();
    axes.dedup();
    axes
}

/// The axes of the facts that a condition speaks of, distances from and to them included.
pub fn axes_of(lowered: &Lowered<'_>, cond: &Cond) -> Vec<usize> {
    let mut axes: Vec<usize> =
        fact_facts(lowered.model, cond).iter().flat_map(|f| lowered.space.axes_of(*f).iter().copied()).collect();
    axes.sort_unstable();
    axes.dedup();
    axes
}

/// Who leaves no choice in one of these circumstances.
fn blockers(lowered: &mut Lowered<'_>, id: ClauseId, requirement: usize, region: Node) -> Vec<ClauseId> {
    let model = lowered.model;
    let cond = &model.clause(id).requirements[requirement].cond;
    let (free, loose) = (axes_of(lowered, cond), dependent_axes(lowered, cond));
    let Some(assignment) = lowered.dd.pick(region, &|_, cell| u64::from(cell)) else { return Vec::new() };
    let mut choices = lowered.space.valid;
    for (axis, &cell) in assignment.iter().enumerate().filter(|(axis, _)| !free.contains(axis)) {
        let mut cells = Bits::one(cell as usize);
        if let Some(absent) = lowered.space.axes[axis].absent().filter(|_| loose.contains(&axis)) {
            // Where the fact does not exist here it may come into being; where it does, it may vanish.
            cells = if cell == absent { continue } else { cells.union(&Bits::one(absent as usize)) };
        }
        let literal = lowered.dd.literal(axis, &cells);
        choices = lowered.dd.and(choices, literal);
    }
    let choices = lowered.dd.diff(choices, lowered.fails[id.index()][requirement]);
    let near = lowered.around(choices);
    // Choices that nobody permits anyway have no blocker of their own.
    let mut choices = choices;
    if model.decision(VERDICT).default != Some(PERMIT) {
        let permits: Vec<Node> = near.iter().map(|n| lowered.says_verdict(*n, PERMIT)).collect();
        let permits = lowered.dd.or_all(&permits);
        choices = lowered.dd.and(choices, permits);
    }
    if choices == Diagrams::FALSE {
        return Vec::new();
    }
    let mut candidates: Vec<(ClauseId, Node)> = Vec::new();
    for other in near {
        let fails: Vec<Node> = lowered.fails[other.index()]
            .iter()
            .enumerate()
            .filter(|(r, _)| (other, *r) != (id, requirement))
            .map(|(_, node)| *node)
            .collect();
        let fails = lowered.dd.or_all(&fails);
        let forbids = lowered.says_verdict(other, FORBID);
        let blocks = lowered.dd.or(fails, forbids);
        if !lowered.dd.disjoint(blocks, choices) {
            candidates.push((other, blocks));
        }
    }
    let sets: Vec<Node> = candidates.iter().map(|c| c.1).collect();
    let chosen = cover(&mut lowered.dd, choices, &sets).unwrap_or_default();
    chosen.into_iter().map(|i| candidates[i].0).collect()
}
