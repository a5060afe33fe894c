//! The sets that findings name: do they show what they should, and could they be smaller?

use super::impossible::Circumstances;
use super::whens;
use crate::random::set::Set;
use crate::random::world::World;
use ordain::analyse::{Finding, Kind};
use ordain::model::*;
use ordain::source::Span;

/// What is wrong with the set that a finding names.
pub fn names(world: &World<'_>, kind: &Kind, region: &Set, found: &[Finding]) -> Result<(), String> {
    let model = world.model;
    match kind {
        Kind::NoCases { assumptions } => {
            let parts: Vec<Set> = model.assumptions.iter().map(|a| world.truth(&a.cond)).collect();
            contradict(&Set::of(world.n(), |_| true), &parts, assumptions)
        }
        Kind::NeverApplies { clause, parts, statement } => {
            let clause_model = model.clause(*clause);
            let in_force = world.holds(&clause_model.in_force);
            let (cond, within) = match statement {
                None if world.holds(&clause_model.scope).is_empty() => (&clause_model.scope, &world.legal),
                None => (&clause_model.scope, &in_force),
                Some(span) => {
                    let when = whens(clause_model).into_iter().find(|w| w.span == *span);
                    (when.ok_or("no such statement")?, &world.applies[clause.index()])
                }
            };
            let (spans, sets) = flat(world, cond);
            let chosen: Option<Vec<usize>> = parts.iter().map(|p| spans.iter().position(|s| s == p)).collect();
            contradict(within, &sets, &chosen.ok_or("a part that the condition does not have")?)
        }
        Kind::Unreachable { clause, by } => {
            if region.is_empty() {
                return if by.is_empty() { Ok(()) } else { Err("blocked nowhere, yet somebody blocks".into()) };
            }
            let blockers = blockers(world, *clause);
            cover(region, &blockers, by)?;
            others_first(model, *clause, by, region, &blockers)
        }
        Kind::Redundant { clause, by } => {
            // Later rules found redundant are not there any more.
            let gone = |id: ClauseId| {
                let is = |f: &Finding| matches!(f.kind, Kind::Redundant { clause: c, .. } if c == id);
                id == *clause || (id > *clause && found.iter().any(is))
            };
            // One entry for each case and decision that it decides.
            let mut places: Vec<(usize, usize)> = Vec::new();
            for case in region.iter() {
                let answers = world.decided[case].answers.iter().enumerate();
                places.extend(answers.filter(|(_, a)| a.by.contains(clause)).map(|(d, _)| (case, d)));
            }
            let n = places.len();
            let decides =
                |id: ClauseId| Set::of(n, |i| world.decided[places[i].0].answers[places[i].1].by.contains(&id));
            let sets: Vec<(ClauseId, Set)> =
                model.clause_ids().filter(|o| !gone(*o)).map(|o| (o, decides(o))).collect();
            cover(&Set::of(n, |_| true), &sets, by)
        }
        Kind::Impossible { clause, requirement, by } => impossible(world, *clause, *requirement, by, region),
        _ => Ok(()),
    }
}

/// The parts of nested conjunctions, with their spans.
fn flat(world: &World<'_>, cond: &Cond) -> (Vec<Span>, Vec<Set>) {
    match &cond.kind {
        CondKind::True => (Vec::new(), Vec::new()),
        CondKind::And(parts) => {
            let (mut spans, mut sets) = (Vec::new(), Vec::new());
            for part in parts {
                let (more, sets_of) = flat(world, part);
                spans.extend(more);
                sets.extend(sets_of);
            }
            (spans, sets)
        }
        _ => (vec![cond.span], vec![world.holds(cond)]),
    }
}

/// The chosen sets have nothing in common within the whole, and no fewer of them.
fn contradict(whole: &Set, sets: &[Set], chosen: &[usize]) -> Result<(), String> {
    let complements: Vec<(usize, Set)> = sets.iter().map(|s| whole.less(s)).enumerate().collect();
    cover(whole, &complements, chosen)
}

/// The chosen candidates cover the region; none can be left out; up to three, there are no fewer.
fn cover<T: PartialEq + Copy + std::fmt::Debug>(region: &Set, sets: &[(T, Set)], chosen: &[T]) -> Result<(), String> {
    let set = |t: &T| sets.iter().find(|s| s.0 == *t).map(|s| &s.1);
    let covered = |list: &[&Set]| list.iter().fold(region.clone(), |left, s| left.less(s)).is_empty();
    let list: Option<Vec<&Set>> = chosen.iter().map(set).collect();
    let list = list.ok_or("one that is no candidate")?;
    if chosen.is_empty() {
        return Err("nobody is named".into());
    }
    if !covered(&list) {
        return Err(format!("{chosen:?} do not cover it"));
    }
    for leave in 0..list.len() {
        let fewer: Vec<&Set> = list.iter().enumerate().filter(|(i, _)| *i != leave).map(|(_, s)| *s).collect();
        if covered(&fewer) {
            return Err(format!("of {chosen:?}, {:?} can be left out", chosen[leave]));
        }
    }
    let n = sets.len();
    let pair = |i: usize, j: usize| covered(&[&sets[i].1, &sets[j].1]);
    if chosen.len() > 2 && (0..n).any(|i| (i + 1..n).any(|j| pair(i, j))) {
        return Err(format!("{chosen:?}, but two are enough"));
    }
    if chosen.len() > 1 && (0..n).any(|i| covered(&[&sets[i].1])) {
        return Err(format!("{chosen:?}, but one is enough"));
    }
    if chosen.len() > 3
        && (0..n).any(|i| (i + 1..n).any(|j| (j + 1..n).any(|k| covered(&[&sets[i].1, &sets[j].1, &sets[k].1]))))
    {
        return Err(format!("{chosen:?}, but three are enough"));
    }
    Ok(())
}

/// Of blockers one of another verdict comes first, and where one is enough, it is of another verdict if such a one is.
fn others_first(
    model: &Model,
    id: ClauseId,
    by: &[ClauseId],
    region: &Set,
    blockers: &[(ClauseId, Set)],
) -> Result<(), String> {
    let says = |id: ClauseId| model.clause(id).outcome.as_ref().map(|o| o.value);
    let same = |other: &ClauseId| says(*other) == says(id);
    if !by.is_sorted_by_key(|other| (same(other), *other)) {
        return Err(format!("{by:?}, but one of another verdict comes first"));
    }
    let enough = |(other, set): &(ClauseId, Set)| !same(other) && region.less(set).is_empty();
    match by {
        [one] if same(one) && blockers.iter().any(enough) => {
            Err(format!("{one:?}, but one of another verdict is enough"))
        }
        _ => Ok(()),
    }
}

/// Who may keep a clause from deciding, and where: exceptions, policies above, requirements that turn a permit, and for a
/// requirement whoever forbids or quarrels already.
fn blockers(world: &World<'_>, id: ClauseId) -> Vec<(ClauseId, Set)> {
    let model = world.model;
    let clause = model.clause(id);
    let decision = clause.outcome.as_ref().map_or(VERDICT, |o| o.decision);
    let only_asks = clause.outcome.is_none() && !clause.requirements.is_empty();
    let conflict = world.result(VERDICT, ordain::decide::Verdict::Conflict);
    let mut list = Vec::new();
    for other in model.clause_ids().filter(|o| *o != id) {
        let them = model.clause(other);
        let speaks = them.outcome.as_ref().is_some_and(|o| o.decision == decision);
        let mut set = world.none();
        if them.replaces.contains(&id) {
            list.push((other, world.applies[other.index()].clone()));
            continue;
        }
        if speaks && model.policies[clause.policy.index()].yields_to.contains(&them.policy) {
            set = set.or(&world.remains[other.index()]);
        }
        let verdict = them.outcome.as_ref().is_some_and(|o| o.decision == VERDICT);
        if only_asks && verdict {
            set = set.or(&world.says(other, FORBID)).or(&world.decides[other.index()].and(&conflict));
        }
        if decision == VERDICT && !only_asks {
            set = set.or(&world.union(&world.fails[other.index()]));
        }
        list.push((other, set));
    }
    list
}

/// In one of the circumstances, those named keep everybody from meeting the requirement.
fn impossible(
    world: &World<'_>,
    id: ClauseId,
    requirement: usize,
    by: &[ClauseId],
    region: &Set,
) -> Result<(), String> {
    let model = world.model;
    let circumstances = Circumstances::new(world, id, requirement);
    let may = match model.decision(VERDICT).default {
        Some(PERMIT) => world.legal.clone(),
        _ => world.where_(|d| {
            d.status.iter().any(|(c, s)| {
                let c = model.clause(c);
                matches!(s, ordain::decide::Status::Stands { says: Some(PERMIT), .. })
                    && c.outcome.as_ref().is_some_and(|o| o.decision == VERDICT)
            })
        }),
    };
    let mut reason = String::from("no circumstance");
    let mut seen: Vec<usize> = Vec::new();
    for case in region.iter() {
        if seen.iter().any(|s| circumstances.shared(*s, case)) {
            continue;
        }
        seen.push(case);
        let choices = Set::of(world.n(), |c| world.legal.has(c) && circumstances.shared(case, c));
        let choices = choices.less(&world.fails[id.index()][requirement]).and(&may);
        if choices.is_empty() {
            if by.is_empty() {
                return Ok(());
            }
            continue;
        }
        let mut sets = Vec::new();
        for other in model.clause_ids() {
            let fails = world.fails[other.index()].iter().enumerate();
            let fails = fails.filter(|(r, _)| (other, *r) != (id, requirement)).map(|(_, s)| s);
            let mut set = world.union(fails);
            if model.clause(other).outcome.as_ref().is_some_and(|o| o.decision == VERDICT) {
                set = set.or(&world.says(other, FORBID));
            }
            sets.push((other, set));
        }
        match cover(&choices, &sets, by) {
            Ok(()) => return Ok(()),
            Err(text) => reason = text,
        }
    }
    Err(reason)
}
