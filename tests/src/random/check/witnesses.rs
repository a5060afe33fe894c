//! The case that a finding shows: it can occur, it shows the finding, and the facts told with it are enough and needed.

use super::{Outcome, Pair, fail, findings::name, tell};
use ordain::analyse::Finding;
use ordain::decide;
use ordain::diagram::Diagrams;
use ordain::model::FactId;
use ordain::space::{AxisKind, Cell};
use ordain::witness;

pub fn check(pair: &mut Pair<'_, '_>, found: &[Finding]) -> Outcome {
    let world = pair.world;
    let model = world.model;
    for finding in found.iter().filter(|f| f.region != Diagrams::FALSE) {
        let label = name(&finding.kind);
        let Some((case, facts)) = witness::choose(&mut pair.lowered, finding.region, None) else {
            return fail("no witness", label);
        };
        let wrong = decide::check_case(model, &case);
        if !wrong.is_empty() {
            return fail("a witness that cannot be", format!("{label}: {}: {wrong:?}", tell(model, &case)));
        }
        let place = pair.lowered.space.locate(model, &case);
        let region = pair.read(finding.region);
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
        for fact in &facts {
            let fewer: Vec<FactId> = facts.iter().copied().filter(|f| f != fact).collect();
            if enough(pair, &place, &fewer, &region) {
                let text = format!("{label}: {}: without `{}`", tell(model, &case), model.fact(*fact).name);
                return fail("a witness that tells too much", text);
            }
        }
    }
    Ok(())
}

/// Every legal case that agrees on these facts (and on distances between them) lies in the region. To say no of a fact does
/// not say that it exists.
fn enough(pair: &Pair<'_, '_>, place: &[u32], facts: &[FactId], region: &crate::random::set::Set) -> bool {
    let axes = &pair.lowered.space.axes;
    let told: Vec<usize> = (0..place.len())
        .filter(|&level| {
            let (one, other) = axes[level].kind.facts();
            facts.contains(&one) && other.is_none_or(|f| facts.contains(&f))
        })
        .collect();
    let agrees = |level: usize, cell: u32| {
        let denied = matches!(axes[level].kind, AxisKind::YesNo(_))
            && axes[level].cells[place[level] as usize] == Cell::Bool(false);
        cell == place[level] || (denied && axes[level].absent() == Some(cell))
    };
    pair.first.iter().all(|(other, &case)| region.has(case) || told.iter().any(|&l| !agrees(l, other[l])))
}
