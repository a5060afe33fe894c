//! The compiler's findings against those of looking at every case.

use super::{Outcome, Pair, Tally, fail};
use crate::random::oracle;
use ordain::analyse::{self, Finding, Found, Kind, Place, Question};
use ordain::lower::Lowered;
use ordain::model::{ClauseId, Model};

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

/// Rules asked about all at once are found redundant as they are one by one.
fn redundant(pair: &mut Pair<'_, '_>, found: &[Finding]) -> Outcome {
    let mut at_once = Found::default();
    analyse::redundant::find_from(&mut pair.lowered, &mut at_once, 0);
    let told = found.iter().filter(|f| matches!(f.kind, Kind::Redundant { .. }));
    if !pair.world.legal.is_empty() && !told.eq(&at_once.findings) {
        return fail("Redundant: at once", format!("{:?}", at_once.findings));
    }
    Ok(())
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
            let node = finding.region(&mut pair.lowered);
            pair.same(&format!("{label}: region"), node, &region)?;
        }
        if let Err(text) = oracle::names(world, &finding.kind, &region, found) {
            return fail(format!("{label}: what it names"), format!("{text}: {:?}", finding.kind));
        }
    }
    if let Some((kind, _)) = expected.first() {
        return fail(format!("{}: missed", name(kind)), format!("{kind:?}"));
    }
    redundant(pair, found)?;
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

/// With a small budget the findings are the same, but for those of which a budget finding says that they were not looked at.
pub fn budget(model: &Model, found: &[Finding], seed: u64, as_of: i64, tally: &mut Tally) -> Outcome {
    let steps = 4u64 << (seed % 12);
    let mut lowered = Lowered::new(model, &[], steps);
    let few: Vec<Kind> = analyse::findings(&mut lowered, Some(as_of)).into_iter().map(|f| f.kind).collect();
    let gave_up = |question: Question, clause: Option<ClauseId>| {
        few.iter().any(|k| match k {
            Kind::Budget { question: Question::Lowering, .. } => true,
            Kind::Budget { question: q, clauses } => {
                *q == question && clause.is_none_or(|c| clauses.is_empty() || clauses.contains(&c))
            }
            _ => false,
        })
    };
    if few.iter().any(|k| matches!(k, Kind::Budget { .. })) {
        tally.see("Budget");
    }
    if gave_up(Question::Lowering, None) {
        tally.see("Budget: nothing looked at");
        let of_dates = |k: &Kind| matches!(k, Kind::Budget { .. } | Kind::Expired { .. } | Kind::NotYetInForce { .. });
        if !few.iter().all(of_dates) {
            return fail("claims past the budget", format!("{steps} steps: {few:?}"));
        }
        return Ok(());
    }
    for kind in few.iter().filter(|k| !matches!(k, Kind::Budget { .. })) {
        // What else is redundant, or impossible, depends on what was found to be.
        let depends = match kind {
            Kind::Redundant { .. } => gave_up(Question::Redundant, None),
            Kind::Impossible { .. } => gave_up(Question::Requirements, None),
            _ => false,
        };
        if !depends && found.iter().all(|f| f.kind != *kind) {
            return fail("claims past the budget", format!("{steps} steps: {kind:?}"));
        }
    }
    for finding in found.iter().filter(|f| !few.contains(&f.kind)) {
        let (question, clause) = question(&finding.kind);
        let told = match question {
            Some(question @ (Question::Redundant | Question::Requirements)) => gave_up(question, None),
            // Either of a pair may have been too much.
            Some(Question::Conflicts) => match finding.kind {
                Kind::Conflict { a, b, .. } => {
                    gave_up(Question::Conflicts, Some(a)) || gave_up(Question::Conflicts, Some(b))
                }
                _ => false,
            },
            Some(question) => gave_up(question, clause),
            None => false,
        };
        if !told {
            return fail("silent past the budget", format!("{steps} steps: {:?}", finding.kind));
        }
    }
    Ok(())
}

/// What was asked, and of which clause, when this was found.
fn question(kind: &Kind) -> (Option<Question>, Option<ClauseId>) {
    match kind {
        Kind::NoCases { .. } => (Some(Question::Scopes), None),
        Kind::NeverApplies { clause, .. } | Kind::NeverInForce { clause } => (Some(Question::Scopes), Some(*clause)),
        Kind::ExceptionMisses { exception } | Kind::NoEffect { exception } => {
            (Some(Question::Exceptions), Some(*exception))
        }
        Kind::Conflict { a, .. } => (Some(Question::Conflicts), Some(*a)),
        Kind::Gap { .. } => (Some(Question::Gaps), None),
        Kind::Unreachable { clause, .. } => (Some(Question::Unreachable), Some(*clause)),
        Kind::Redundant { clause, .. } => (Some(Question::Redundant), Some(*clause)),
        Kind::Impossible { clause, .. } => (Some(Question::Requirements), Some(*clause)),
        Kind::DutiesContradict { .. } => (Some(Question::Duties), None),
        Kind::Always { place, .. } | Kind::RestsOnAbsence { place, .. } => match place {
            Place::Scope(c) | Place::When(c) | Place::Proviso(c, _) | Place::Requirement(c, _) => {
                (Some(Question::Parts), Some(*c))
            }
            Place::Define(_) | Place::Assumption(_) => (Some(Question::Parts), None),
        },
        Kind::Expired { .. } | Kind::NotYetInForce { .. } | Kind::Budget { .. } => (None, None),
    }
}
