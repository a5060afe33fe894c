//! The case that a finding shows: it can occur, it shows the finding, and the facts told with it are enough and needed.

use super::{Outcome, Pair, fail, findings::name, tell};
use crate::random::set::Set;
use ordain::analyse::Finding;
use ordain::decide;
use ordain::diagram::Diagrams;
use ordain::model::FactId;
use ordain::model::show::HeadFacts;
use ordain::space::{AxisKind, Cell};
use ordain::witness;

pub fn check(pair: &mut Pair<'_, '_>, found: &[Finding]) -> Outcome {
    let world = pair.world;
    let model = world.model;
    for finding in found {
        let shown = finding.region(&mut pair.lowered);
        if shown == Diagrams::FALSE {
            continue;
        }
        let label = name(&finding.kind);
        let Some((case, facts)) = witness::choose(&mut pair.lowered, shown, None) else {
            return fail("no witness", label);
        };
        let wrong = decide::check_case(model, &case);
        if !wrong.is_empty() {
            return fail("a witness that cannot be", format!("{label}: {}: {wrong:?}", tell(model, &case)));
        }
        let place = pair.lowered.space.locate(model, &case);
        let region = pair.read(shown);
        let Some(&like) = pair.first.get(&place) else {
            return fail("a witness of no known kind", format!("{label}: {}", tell(model, &case)));
        };
        if !region.has(like) {
            return fail("a witness that does not show it", format!("{label}: {}", tell(model, &case)));
        }
        // What `decide` says of it is what it says of its kind.
        let (one, other) = (decide::decide(model, &case), &world.decided[like]);
        if one != *other {
            return fail("a witness unlike its kind", format!("{label}: {}", tell(model, &case)));
        }
        if !enough(pair, &place, &facts, &region) {
            return fail("a witness that tells too little", format!("{label}: {}: {facts:?}", tell(model, &case)));
        }
        // Channel, sender and recipient are also told where they follow from the other facts.
        let mut needed = facts.clone();
        for fact in facts.iter().filter(|f| HeadFacts::of(model).contains(**f)) {
            let fewer: Vec<FactId> = needed.iter().copied().filter(|f| f != fact).collect();
            let alike = pair.first.values().copied().filter(|c| agrees(pair, &place, &[*fact], &pair.places[*c]));
            let alike = alike.fold(world.none(), |mut set, c| {
                set.insert(c);
                set
            });
            if !fewer.is_empty() && enough(pair, &place, &fewer, &region) && enough(pair, &place, &fewer, &alike) {
                needed = fewer;
            }
        }
        for fact in &needed {
            let fewer: Vec<FactId> = needed.iter().copied().filter(|f| f != fact).collect();
            if enough(pair, &place, &fewer, &region) {
                let text = format!("{label}: {}: without `{}`", tell(model, &case), model.fact(*fact).name);
                return fail("a witness that tells too much", text);
            }
        }
    }
    Ok(())
}

/// Every legal case that agrees on these facts lies in the region.
fn enough(pair: &Pair<'_, '_>, place: &[u32], facts: &[FactId], region: &Set) -> bool {
    pair.first.iter().all(|(other, &case)| region.has(case) || !agrees(pair, place, facts, other))
}

/// Two places are the same as far as these facts, and the distances between them, go. To say no of a fact does not say that
/// it exists.
fn agrees(pair: &Pair<'_, '_>, place: &[u32], facts: &[FactId], other: &[u32]) -> bool {
    pair.lowered.space.axes.iter().zip(place.iter().zip(other)).all(|(axis, (cell, there))| {
        let (one, second) = axis.kind.facts();
        let told = facts.contains(&one) && second.is_none_or(|f| facts.contains(&f));
        let denied = matches!(axis.kind, AxisKind::YesNo(_)) && axis.cells[*cell as usize] == Cell::Bool(false);
        !told || cell == there || (denied && axis.absent() == Some(*there))
    })
}
