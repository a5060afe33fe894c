//! Redundant rules: the model with the rule silenced, decided.
//!
//! From the last to the first; a rule found redundant stays silent for the rest. Its exceptions stay: to delete the rule is
//! to make them exceptions to another. In every case and decision in which a redundant rule is among those that decide,
//! another clause is too, and without the rule the answer is the same.

use super::Found;
use crate::random::set::Set;
use crate::random::world::World;
use ordain::analyse::Kind;
use ordain::decide::decide;
use ordain::model::*;

pub fn find(world: &World<'_>, found: &mut Vec<Found>) {
    let model = world.model;
    let mut without = model.clone();
    let mut gone: Vec<ClauseId> = Vec::new();
    for id in (0..model.clauses.len() as u32).rev().map(ClauseId) {
        let any = |sets: &[Set]| sets.iter().any(|s| !s.is_empty());
        let decides = &world.decides[id.index()];
        if model.clause(id).is_exception()
            || any(&world.obligations[id.index()])
            || any(&world.advice[id.index()])
            || decides.is_empty()
        {
            continue;
        }
        gone.push(id);
        let clause = &mut without.clauses[id.index()];
        let kept = clause.clone();
        clause.outcome = None;
        clause.requirements.clear();
        clause.obligations.clear();
        clause.advice.clear();
        let same = decides.iter().all(|case| {
            let now = decide(&without, &world.cases[case]);
            world.decided[case].answers.iter().zip(&now.answers).all(|(before, after)| {
                !before.by.contains(&id)
                    || (before.result == after.result
                        && !after.by_default
                        && before.by.iter().any(|other| !gone.contains(other)))
            })
        });
        if same {
            found.push((Kind::Redundant { clause: id, by: Vec::new() }, decides.clone()));
        } else {
            without.clauses[id.index()] = kept;
            gone.pop();
        }
    }
}
