//! Parts of conditions that are always true or false where they stand, and those that hold because a fact is absent.
//!
//! The context of a condition: for a define, and for a rule's condition behind its head, every case; for an exception the
//! cases in which a clause that it replaces applies; for `when`s, provisos and requirements those in which their clause
//! applies (and asks). The context of a part of `and` is where the other parts hold too, later parts first, less those found
//! always true; parts of `or` and the inside of `not` have the context of the whole.

use super::{Found, whens};
use crate::random::set::Set;
use crate::random::world::World;
use ordain::analyse::{Kind, Place};
use ordain::model::*;

pub fn find(world: &World<'_>, found: &mut Vec<Found>) {
    let model = world.model;
    for (i, define) in model.defines.iter().enumerate() {
        part(world, Place::Define(DefineId(i as u32)), &define.cond, &world.legal, found);
    }
    assumptions(world, found);
    for id in model.clause_ids() {
        let clause = model.clause(id);
        let applies = &world.applies[id.index()];
        if applies.is_empty() {
            continue;
        }
        let context = match clause.is_exception() {
            true => world.union(clause.replaces.iter().map(|p| &world.applies[p.index()])),
            false => world.legal.clone(),
        };
        scope(world, id, &context, found);
        for when in whens(clause) {
            let own_scope = clause.outcome.is_none() && clause.scope.span == when.span;
            if !own_scope && applies.meets(&world.holds(when)) {
                part(world, Place::When(id), when, applies, found);
            }
        }
        for (i, proviso) in clause.outcome.iter().flat_map(|o| &o.provisos).enumerate() {
            part(world, Place::Proviso(id, i), &proviso.cond, applies, found);
        }
        for (i, requirement) in clause.requirements.iter().enumerate() {
            let asked = applies.and(&world.holds(&requirement.when));
            part(world, Place::Requirement(id, i), &requirement.cond, &asked, found);
        }
    }
}

/// An assumption that the others imply; of two equal ones the later.
fn assumptions(world: &World<'_>, found: &mut Vec<Found>) {
    let model = world.model;
    let truths: Vec<Set> = model.assumptions.iter().map(|a| world.truth(&a.cond)).collect();
    let all = Set::of(world.n(), |_| true);
    for (i, assumption) in model.assumptions.iter().enumerate().filter(|(_, a)| !a.implied) {
        let others = truths.iter().enumerate().filter(|(j, _)| *j != i).fold(all.clone(), |s, (_, t)| s.and(t));
        if others.within(&truths[i]) && !truths[i + 1..].contains(&truths[i]) {
            let place = Place::Assumption(i);
            found.push(always(world, place, &assumption.cond, true, false));
        }
    }
}

fn always(world: &World<'_>, place: Place, cond: &Cond, value: bool, implied: bool) -> Found {
    (Kind::Always { place, part: cond.span, value, implied }, world.none())
}

/// `x between y and z` is one condition, though both its bounds are asked.
fn apart(cond: &Cond) -> bool {
    match &cond.kind {
        CondKind::And(parts) | CondKind::Or(parts) => parts.iter().all(|p| p.span != cond.span),
        _ => true,
    }
}

fn scope(world: &World<'_>, id: ClauseId, context: &Set, found: &mut Vec<Found>) {
    let model = world.model;
    let scope = &model.clause(id).scope;
    let head = |c: &Cond| match &c.kind {
        CondKind::Atom(Atom::OneOf(f, _)) => ["channel", "sender", "recipient"].contains(&&*model.fact(*f).name),
        _ => false,
    };
    let parts: Vec<&Cond> = match &scope.kind {
        CondKind::And(parts) if apart(scope) => parts.iter().collect(),
        CondKind::True => return,
        _ => vec![scope],
    };
    let mut context = context.clone();
    for part in parts.iter().filter(|p| head(p)) {
        context = context.and(&world.holds(part));
    }
    let rest: Vec<&Cond> = parts.into_iter().filter(|p| !head(p)).collect();
    match rest[..] {
        [] => {}
        [one] => part(world, Place::Scope(id), one, &context, found),
        _ => conjunction(world, Place::Scope(id), &rest, &context, found),
    }
}

fn part(world: &World<'_>, place: Place, cond: &Cond, context: &Set, found: &mut Vec<Found>) {
    if context.is_empty() || cond.is_true() {
        return;
    }
    let here = world.holds(cond).and(context);
    if here == *context || here.is_empty() {
        found.push(always(world, place, cond, !here.is_empty(), false));
        return;
    }
    match &cond.kind {
        CondKind::And(_) | CondKind::Or(_) if !apart(cond) => {}
        CondKind::And(parts) => conjunction(world, place, &parts.iter().collect::<Vec<_>>(), context, found),
        CondKind::Or(parts) => parts.iter().for_each(|p| part(world, place, p, context, found)),
        CondKind::Not(inner) => {
            for fact in show::fact_facts(world.model, inner) {
                let absent = Set::of(world.n(), |i| world.cases[i].values[fact.index()].is_none());
                let region = here.and(&absent);
                if !region.is_empty() {
                    found.push((Kind::RestsOnAbsence { place, part: cond.span, fact }, region));
                }
            }
            part(world, place, inner, context, found);
        }
        _ => {}
    }
}

fn conjunction(world: &World<'_>, place: Place, parts: &[&Cond], context: &Set, found: &mut Vec<Found>) {
    let truths: Vec<Set> = parts.iter().map(|p| world.holds(p)).collect();
    let mut left: Vec<usize> = (0..parts.len()).collect();
    for i in (0..parts.len()).rev() {
        let others: Vec<usize> = left.iter().copied().filter(|&j| j != i).collect();
        let inner = others.iter().fold(context.clone(), |s, &j| s.and(&truths[j]));
        if inner.is_empty() {
            continue;
        }
        if inner.within(&truths[i]) {
            left = others.clone();
            // Only because the facts of the other parts exist?
            let facts: Vec<FactId> = others.iter().flat_map(|&j| show::fact_facts(world.model, parts[j])).collect();
            let exist = Set::of(world.n(), |c| facts.iter().all(|f| world.cases[c].values[f.index()].is_some()));
            let implied = context.and(&exist).within(&truths[i]);
            found.push(always(world, place, parts[i], true, implied));
        } else {
            part(world, place, parts[i], &inner, found);
        }
    }
}
