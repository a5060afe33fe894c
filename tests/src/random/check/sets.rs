//! The space has exactly the kinds of case there are, and the lowered rules say of each case what `decide` says.

use super::{Outcome, Pair, fail, tell};
use crate::random::world::World;
use ordain::decide::Verdict;
use ordain::diagram::Node;
use ordain::lower::Lowered;
use ordain::model::*;
use std::collections::HashMap;

/// Puts every case in its place.
pub fn locate<'a, 'm>(lowered: Lowered<'m>, world: &'a World<'m>) -> Result<Pair<'a, 'm>, super::Failure> {
    let mut places = vec![Vec::new(); world.n()];
    let mut first = HashMap::new();
    let mut possible = HashMap::new();
    for (i, case) in world.cases.iter().enumerate() {
        let place = lowered.space.locate(world.model, case);
        let legal = world.legal.has(i);
        if lowered.dd.eval(lowered.space.possible, &place) != 1 {
            return fail("a case that the space rules out", tell(world.model, case));
        }
        if (lowered.dd.eval(lowered.space.valid, &place) == 1) != legal {
            return fail("an assumption", tell(world.model, case));
        }
        possible.entry(place.clone()).or_insert(i);
        if legal {
            first.entry(place.clone()).or_insert(i);
        }
        places[i] = place;
    }
    let mut pair = Pair { lowered, world, places, first };
    let (valid, possible_node) = (pair.lowered.space.valid, pair.lowered.space.possible);
    let (valid, all) = (pair.lowered.dd.count(valid), pair.lowered.dd.count(possible_node));
    if valid != pair.first.len() as u128 || all != possible.len() as u128 {
        // Which one has no case?
        let place = missing(&mut pair, &possible);
        let pick = pair.lowered.space.case(world.model, &place);
        let text = format!(
            "the space has {valid} kinds of case ({all} without assumptions), {} ({}) have a case; one: {:?}",
            pair.first.len(),
            possible.len(),
            pick.map(|c| tell(world.model, &c))
        );
        return fail("kinds of case", text);
    }
    Ok(pair)
}

/// An assignment of the space that no case looked at has.
fn missing(pair: &mut Pair<'_, '_>, known: &HashMap<Vec<u32>, usize>) -> Vec<u32> {
    let mut left = pair.lowered.space.possible;
    for place in known.keys() {
        let mut cube = ordain::diagram::Diagrams::TRUE;
        for (level, cell) in place.iter().enumerate().rev() {
            let literal = pair.lowered.dd.literal(level, &Bits::one(*cell as usize));
            cube = pair.lowered.dd.and(literal, cube);
        }
        left = pair.lowered.dd.diff(left, cube);
    }
    pair.lowered.dd.pick(left, &|_, c| u64::from(c)).unwrap_or_default()
}

/// Every set of the lowered model, case by case.
pub fn check(pair: &mut Pair<'_, '_>) -> Outcome {
    let world = pair.world;
    let model = world.model;
    for id in model.clause_ids() {
        let i = id.index();
        let nodes = (pair.lowered.applies[i], pair.lowered.remains[i], pair.lowered.stands[i]);
        pair.same("applies", nodes.0, &world.applies[i])?;
        pair.same("remains", nodes.1, &world.remains[i])?;
        pair.same("stands", nodes.2, &world.stands[i])?;
        let decides = pair.lowered.decides(id);
        pair.same("decides", decides, &world.decides[i])?;
        let parts = [
            ("fails", pair.lowered.fails[i].clone(), &world.fails[i]),
            ("obligation", pair.lowered.obligations[i].clone(), &world.obligations[i]),
            ("advice", pair.lowered.advice[i].clone(), &world.advice[i]),
        ];
        for (label, nodes, sets) in parts {
            for (node, set) in nodes.into_iter().zip(sets) {
                pair.same(label, node, set)?;
            }
        }
        let values = model.clause(id).outcome.as_ref().map_or(0, |o| model.decision(o.decision).values.len());
        for value in 0..values as u32 {
            let says = pair.lowered.says(id, value);
            pair.same("says", says, &world.says(id, value))?;
        }
    }
    for (i, node) in pair.lowered.duties().into_iter().enumerate() {
        pair.same("duty", node, &world.duties[i])?;
    }
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        let sets = pair.lowered.decision(decision);
        let mut parts: Vec<(Verdict, Node)> =
            sets.result.iter().enumerate().map(|(v, n)| (Verdict::Is(v as u32), *n)).collect();
        parts.extend([(Verdict::Conflict, sets.conflict), (Verdict::Undecided, sets.undecided)]);
        for (verdict, node) in parts {
            pair.same("result", node, &world.result(decision, verdict))?;
        }
        let defaulted = world.where_(|d| d.answers[decision.index()].by_default);
        pair.same("default", sets.defaulted, &defaulted)?;
    }
    Ok(())
}
