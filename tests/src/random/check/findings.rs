//! The compiler's findings against those of looking at every case.

use super::{Outcome, Pair, Tally, fail};
use crate::random::oracle;
use ordain::analyse::{self, Finding, Kind};
use ordain::lower::Lowered;
use ordain::model::Model;

/// A finding's name and whatever else tells it apart, without the sets that it names.
fn bare(kind: &Kind) -> Kind {
    let mut kind = kind.clone();
    match &mut kind {
        Kind::NoCases { assumptions } => assumptions.clear(),
        Kind::NeverApplies { parts, .. } => parts.clear(),
        Kind::Unreachable { by, .. } | Kind::Redundant { by, .. } | Kind::Impossible { by, .. } => by.clear(),
        _ => {}
    }
    kind
}

/// `Conflict`
pub fn name(kind: &Kind) -> String {
    let text = format!("{kind:?}");
    let name: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    match kind {
        Kind::Always { value: true, implied: true, .. } => "Always true, implied".into(),
        Kind::Always { value: true, .. } => "Always true".into(),
        Kind::Always { .. } => "Always false".into(),
        Kind::NeverApplies { statement: Some(_), .. } => "NeverApplies, a statement".into(),
        _ => name,
    }
}

pub fn check(pair: &mut Pair<'_, '_>, found: &[Finding], as_of: i64, tally: &mut Tally) -> Outcome {
    let world = pair.world;
    let mut expected = oracle::findings(world, as_of);
    let impossible = if world.legal.is_empty() { Vec::new() } else { oracle::impossible(world) };
    for finding in found {
        tally.see(&name(&finding.kind));
        let label = name(&finding.kind);
        let region = if let Kind::Impossible { clause, requirement, .. } = finding.kind {
            let known = impossible.iter().find(|i| (i.0, i.1) == (clause, requirement));
            known.map(|i| i.2.clone())
        } else {
            let at = expected.iter().position(|e| e.0 == bare(&finding.kind));
            at.map(|at| expected.remove(at).1)
        };
        let Some(region) = region else {
            return fail(format!("{label}: a false alarm"), format!("{:?}", finding.kind));
        };
        if !world.legal.is_empty() {
            pair.same(&format!("{label}: region"), finding.region, &region)?;
        }
        if let Err(text) = oracle::names(world, &finding.kind, &region, found) {
            return fail(format!("{label}: what it names"), format!("{text}: {:?}", finding.kind));
        }
    }
    if let Some((kind, _)) = expected.first() {
        return fail(format!("{}: missed", name(kind)), format!("{kind:?}"));
    }
    // Where two requirements leave no choice to one another only the first is told.
    for (clause, requirement, _) in impossible {
        let told = found.iter().any(|f| match &f.kind {
            Kind::Impossible { clause: c, requirement: r, by } => {
                (*c, *r) == (clause, requirement) || by.contains(&clause)
            }
            _ => false,
        });
        if !told {
            return fail("Impossible: missed", format!("{clause:?}, requirement {requirement}"));
        }
    }
    Ok(())
}

/// With too few nodes the findings are the same or the budget is one of them; with dates nothing else is.
pub fn budget(model: &Model, found: &[Finding], seed: u64, as_of: i64, tally: &mut Tally) -> Outcome {
    let nodes = 2usize << (seed % 12);
    let mut lowered = Lowered::new(model, &[], nodes);
    let few = analyse::findings(&mut lowered, Some(as_of));
    let kinds = |list: &[Finding]| list.iter().map(|f| f.kind.clone()).collect::<Vec<_>>();
    if few.iter().any(|f| f.kind == Kind::Budget) {
        tally.see("Budget");
        let of_dates = |k: &Kind| matches!(k, Kind::Budget | Kind::Expired { .. } | Kind::NotYetInForce { .. });
        if !few.iter().all(|f| of_dates(&f.kind)) {
            return fail("claims past the budget", format!("{nodes} nodes: {:?}", kinds(&few)));
        }
    } else if kinds(&few) != kinds(found) {
        return fail("silent past the budget", format!("{nodes} nodes: {:?}", kinds(&few)));
    }
    Ok(())
}
