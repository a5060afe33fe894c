//! Two versions -> which clause of one is which of the other, and what is written differently in it.
//!
//! Clauses with one path are the same clause. Of the rest, two that say the same are one that has a new name. What is written
//! alike means alike, as both versions stand over one vocabulary; what is written differently may still mean the same, which
//! is for the diagrams to find out.

use super::joint::Joint;
use super::translate::same;
use crate::model::*;
use rustc_hash::FxHashMap;

/// A clause in the versions that have it.
#[derive(Debug, Clone)]
pub struct Pair {
    pub old: Option<ClauseId>,
    pub new: Option<ClauseId>,
    /// What is written differently; empty where all is as before.
    pub parts: Vec<Part>,
}

/// A part of a clause that is written differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Condition,
    InForce,
    Outcome,
    Provisos,
    Requirements,
    Duties,
    Advice,
    /// What it replaces.
    Replaces,
    /// Its policy, or what that yields to.
    Policy,
}

#[derive(Debug, Clone)]
pub struct Pairs {
    /// In the order of the new version; those that it lacks stand last.
    pub all: Vec<Pair>,
    /// By version and clause: its pair.
    pub of: [Vec<usize>; 2],
}

/// More pairs than these are not looked at for clauses with a new name.
const RENAMES: usize = 1_000_000;

pub fn pairs(joint: &Joint) -> Pairs {
    let [old, new] = &joint.models;
    let paths: FxHashMap<&str, ClauseId> = old.clause_ids().map(|id| (old.clause(id).path.as_str(), id)).collect();
    let mut partner: Vec<Option<ClauseId>> = Vec::with_capacity(new.clauses.len());
    let mut taken = vec![false; old.clauses.len()];
    for clause in &new.clauses {
        let found = paths.get(clause.path.as_str()).copied().filter(|id| !taken[id.index()]);
        found.iter().for_each(|id| taken[id.index()] = true);
        partner.push(found);
    }
    rename(joint, &mut partner, &mut taken);
    let mut all: Vec<Pair> = Vec::with_capacity(new.clauses.len());
    let mut of = [vec![0; old.clauses.len()], Vec::with_capacity(new.clauses.len())];
    for (id, partner) in new.clause_ids().zip(&partner) {
        of[1].push(all.len());
        if let Some(before) = partner {
            of[0][before.index()] = all.len();
        }
        all.push(Pair { old: *partner, new: Some(id), parts: Vec::new() });
    }
    for id in old.clause_ids().filter(|id| !taken[id.index()]) {
        of[0][id.index()] = all.len();
        all.push(Pair { old: Some(id), new: None, parts: Vec::new() });
    }
    for pair in &mut all {
        if let (Some(before), Some(now)) = (pair.old, pair.new) {
            let (a, b) = (old.clause(before), new.clause(now));
            pair.parts = own_parts(a, b);
            let replaced = |clause: &Clause, of: &[usize]| {
                let mut pairs: Vec<usize> = clause.replaces.iter().map(|p| of[p.index()]).collect();
                pairs.sort_unstable();
                pairs
            };
            if replaced(a, &of[0]) != replaced(b, &of[1]) {
                pair.parts.push(Part::Replaces);
            }
            if policy(old, a) != policy(new, b) {
                pair.parts.push(Part::Policy);
            }
        }
    }
    Pairs { all, of }
}

/// Clauses that lack a partner get one that says the same, if there is exactly one.
fn rename(joint: &Joint, partner: &mut [Option<ClauseId>], taken: &mut [bool]) {
    let [old, new] = &joint.models;
    let left: Vec<ClauseId> = old.clause_ids().filter(|id| !taken[id.index()]).collect();
    let fresh: Vec<ClauseId> = new.clause_ids().filter(|id| partner[id.index()].is_none()).collect();
    if left.len().saturating_mul(fresh.len()) > RENAMES {
        return;
    }
    let alike = |a: ClauseId, b: ClauseId| {
        let (a, b) = (old.clause(a), new.clause(b));
        a.replaces.len() == b.replaces.len() && same(&a.scope, &b.scope) && own_parts(a, b).is_empty()
    };
    for &id in &fresh {
        let mut found = left.iter().copied().filter(|other| alike(*other, id));
        let (Some(one), None) = (found.next(), found.next()) else { continue };
        let others = fresh.iter().filter(|other| alike(one, **other)).count();
        if others == 1 && !taken[one.index()] {
            taken[one.index()] = true;
            partner[id.index()] = Some(one);
        }
    }
}

/// The name of the clause's policy and of those that it yields to.
fn policy<'m>(model: &'m Model, clause: &Clause) -> (&'m str, Vec<&'m str>) {
    // A policy without a name, and the only one there is, may get a name.
    let name = |p: &PolicyId| if model.policies.len() == 1 { "" } else { model.policies[p.index()].name.as_str() };
    let mut above: Vec<&str> = model.policies[clause.policy.index()].yields_to.iter().map(name).collect();
    above.sort_unstable();
    (name(&clause.policy), above)
}

/// What the clauses themselves say differently.
fn own_parts(a: &Clause, b: &Clause) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut note = |part, differs: bool| {
        if differs {
            parts.push(part);
        }
    };
    note(Part::Condition, !same(&a.scope, &b.scope));
    note(Part::InForce, !same(&a.in_force, &b.in_force));
    let says = |c: &Clause| (c.outcome.as_ref().map(|o| (o.decision, o.value)), c.waive, c.is_exception());
    note(Part::Outcome, says(a) != says(b));
    let provisos = |c: &Clause| c.outcome.iter().flat_map(|o| o.provisos.clone()).map(|p| p.cond).collect::<Vec<_>>();
    note(Part::Provisos, !all_same(&provisos(a), &provisos(b)));
    let two = |a: (&Cond, &Cond), b: (&Cond, &Cond)| same(a.0, b.0) && same(a.1, b.1);
    note(
        Part::Requirements,
        a.requirements.len() != b.requirements.len()
            || !a.requirements.iter().zip(&b.requirements).all(|(x, y)| two((&x.cond, &x.when), (&y.cond, &y.when))),
    );
    note(
        Part::Duties,
        a.obligations.len() != b.obligations.len()
            || !a.obligations.iter().zip(&b.obligations).all(|(x, y)| x.duties == y.duties && same(&x.when, &y.when)),
    );
    note(
        Part::Advice,
        a.advice.len() != b.advice.len()
            || !a.advice.iter().zip(&b.advice).all(|(x, y)| two((&x.cond, &x.when), (&y.cond, &y.when))),
    );
    parts
}

fn all_same(a: &[Cond], b: &[Cond]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}
