//! Both compiled forms say of each case what `decide` says; of cases that cannot be, that they are none; and of cases that
//! lack facts, what all cases with the facts that are there have in common.

use super::{Outcome, Tally, fail, tell};
use crate::random::world::World;
use ordain::compile::{Decision, Fault, Form, Policy};
use ordain::decide::Decided;
use ordain::model::*;

/// Cases from which facts are taken.
const LACKING: usize = 40;

pub fn check(world: &World<'_>, seed: u64, tally: &mut Tally) -> Outcome {
    let array = Policy::compile(world.model);
    if array.form() != Form::Array {
        return fail("no array", "so few rules have no array");
    }
    let bitsets = Policy::compile_within(world.model, 0);
    for policy in [&array, &bitsets] {
        let label = format!("compiled, {:?}", policy.form());
        for (i, case) in world.cases.iter().enumerate() {
            let decision = policy.decide(case);
            let right = match (&decision, world.legal.has(i)) {
                (Ok(decision), true) => same(decision, &world.decided[i]),
                (Err(Fault::NoCase), false) => true,
                _ => false,
            };
            if !right {
                return fail(label, format!("{decision:?}: {}", tell(world.model, case)));
            }
            if world.legal.has(i) {
                let by: Vec<Vec<ClauseId>> = world.decided[i].answers.iter().map(|a| a.by.clone()).collect();
                if policy.rules(case).as_ref() != Ok(&by) {
                    return fail(format!("{label}: rules"), tell(world.model, case));
                }
            }
        }
        let batch = policy.decide_batch(&world.cases);
        if !batch.iter().zip(&world.cases).all(|(a, case)| *a == policy.decide(case)) {
            return fail(format!("{label}: batch"), "one by one it is another");
        }
        lacking(world, policy, seed, tally)?;
    }
    Ok(())
}

fn same(decision: &Decision<'_>, decided: &Decided) -> bool {
    let results = decided.answers.iter().enumerate().all(|(d, a)| decision.result(DecisionId(d as u32)) == a.result);
    results
        && decision.duties().eq(decided.duties.iter().copied())
        && decision.advice().eq(decided.advice.iter().copied())
}

/// Cases without some of their facts.
fn lacking(world: &World<'_>, policy: &Policy, seed: u64, tally: &mut Tally) -> Outcome {
    let model = world.model;
    let mut rng = fastrand::Rng::with_seed(seed);
    let atoms = crate::random::world::atoms(model);
    let linked = atoms.iter().any(|a| matches!(a, Atom::Distance { .. }));
    let spoken: Vec<bool> = model.fact_ids().map(|f| atoms.iter().any(|a| a.facts().any(|g| g == f))).collect();
    for _ in 0..LACKING.min(world.n()) {
        let whole = &world.cases[rng.usize(0..world.n())];
        let mut case = whole.clone();
        for (value, spoken) in case.values.iter_mut().zip(&spoken) {
            // What no condition speaks of is not looked at.
            if !spoken || rng.u32(0..3) == 0 {
                *value = None;
            }
        }
        let agrees = |other: &Case| case.values.iter().zip(&other.values).all(|(a, b)| a.is_none() || a == b);
        let all: Vec<usize> = (0..world.n()).filter(|&i| world.legal.has(i) && agrees(&world.cases[i])).collect();
        let one = |i: usize, j: usize| {
            let (a, b) = (&world.decided[i], &world.decided[j]);
            let results = a.answers.iter().zip(&b.answers).all(|(x, y)| x.result == y.result);
            results && a.duties == b.duties && a.advice == b.advice
        };
        let settled = all.iter().all(|&i| one(i, all[0]));
        let decision = policy.decide(&case);
        // Taking facts of moments together by their cells may leave more open than there is, never less.
        let exact = policy.form() == Form::Array && !linked;
        let right = match (&decision, all.first()) {
            (Ok(decision), Some(&first)) => settled && same(decision, &world.decided[first]),
            (Ok(_), None) => !exact,
            (Err(Fault::NoCase), first) => first.is_none(),
            (Err(Fault::Missing(facts)), _) => {
                (!settled || !exact) && !facts.is_empty() && facts.iter().all(|f| case.values[f.index()].is_none())
            }
            (Err(Fault::Unfit(_)), _) => false,
        };
        if !right {
            let label = format!("compiled, {:?}, lacking facts", policy.form());
            return fail(label, format!("{decision:?}, {} cases: {}", all.len(), tell(model, &case)));
        }
        tally.see(match decision {
            Ok(_) => "lacking facts: settled",
            Err(Fault::Missing(_)) => "lacking facts: depends",
            Err(_) => "lacking facts: no case",
        });
    }
    Ok(())
}
