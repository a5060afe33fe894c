//! Impossible requirements: circumstances in which some choice of the facts that a requirement speaks of would be permitted
//! without it, and none is with it.
//!
//! A circumstance is what all conditions say of the other facts. A choice may make other facts exist or cease to exist:
//! two cases share a circumstance if they agree on the other facts that both have, and a fact is in only one of them because
//! of the choice.

use crate::random::set::Set;
use crate::random::world::{World, atoms};
use ordain::decide::{Verdict, decide};
use ordain::model::*;

/// Every requirement that nobody can meet somewhere, with the cases that would be permitted without it.
pub fn impossible(world: &World<'_>) -> Vec<(ClauseId, usize, Set)> {
    let mut found = Vec::new();
    for id in world.model.clause_ids() {
        for r in 0..world.model.clause(id).requirements.len() {
            if world.fails[id.index()][r].is_empty() {
                continue;
            }
            let circumstances = Circumstances::new(world, id, r);
            let permitted = world.result(VERDICT, Verdict::Is(PERMIT));
            let without = permitted_without(world, id, r);
            let mut region = world.none();
            for case in without.iter().filter(|c| !circumstances.any(world, *c, &permitted)) {
                region.insert(case);
            }
            if !region.is_empty() {
                found.push((id, r, region));
            }
        }
    }
    found
}

fn permitted_without(world: &World<'_>, id: ClauseId, requirement: usize) -> Set {
    let mut model = world.model.clone();
    model.clauses[id.index()].requirements.remove(requirement);
    let mut set = world.none();
    for case in world.legal.iter() {
        // Only a forbid can turn into a permit.
        let now = &world.decided[case].answers[VERDICT.index()].result;
        let permit = Verdict::Is(PERMIT);
        if *now == permit || decide(&model, &world.cases[case]).answers[VERDICT.index()].result == permit {
            set.insert(case);
        }
    }
    set
}

/// What can be said of each case besides the facts of a requirement: one entry for the presence of each fact and for each
/// atom, 2 where it has no meaning.
pub struct Circumstances {
    keys: Vec<Vec<u8>>,
    /// By entry: cases may differ in it where one of them has no such fact.
    follows: Vec<bool>,
}

impl Circumstances {
    pub fn new(world: &World<'_>, id: ClauseId, requirement: usize) -> Self {
        let model = world.model;
        let chosen = show::fact_facts(model, &model.clause(id).requirements[requirement].cond);
        let mut depends = chosen.clone();
        loop {
            let more = model.fact_ids().find(|f| {
                let needs = model.fact(*f).exists_if.as_ref().map_or(Vec::new(), |c| show::fact_facts(model, c));
                !depends.contains(f) && needs.iter().any(|n| depends.contains(n))
            });
            match more {
                Some(fact) => depends.push(fact),
                None => break,
            }
        }
        let others: Vec<FactId> = model.fact_ids().filter(|f| !chosen.contains(f)).collect();
        let atoms: Vec<Atom> = atoms(model).into_iter().filter(|a| a.facts().all(|f| !chosen.contains(&f))).collect();
        let mut follows: Vec<bool> = others.iter().map(|f| depends.contains(f)).collect();
        follows.extend(atoms.iter().map(|a| a.facts().any(|f| depends.contains(&f))));
        let conds: Vec<Cond> = atoms.iter().map(|a| Cond::new(CondKind::Atom(a.clone()), Default::default())).collect();
        let key = |case: &Case| {
            let has = |f: FactId| case.values[f.index()].is_some();
            let mut key: Vec<u8> = others.iter().map(|f| if has(*f) { 1 } else { 2 }).collect();
            key.extend(atoms.iter().zip(&conds).map(|(atom, cond)| match atom.facts().all(has) {
                true => u8::from(ordain::decide::holds(model, cond, case)),
                false => 2,
            }));
            key
        };
        Self { keys: world.cases.iter().map(key).collect(), follows }
    }

    pub fn shared(&self, a: usize, b: usize) -> bool {
        let entries = self.keys[a].iter().zip(&self.keys[b]).zip(&self.follows);
        entries.into_iter().all(|((x, y), follows)| x == y || (*follows && (*x == 2 || *y == 2)))
    }

    fn any(&self, _: &World<'_>, case: usize, set: &Set) -> bool {
        set.has(case) || set.iter().any(|other| self.shared(case, other))
    }
}
