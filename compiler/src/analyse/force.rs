//! Periods of validity: never in force, and, against a given day, expired or not yet in force.

use super::{Finding, Kind};
use crate::diagram::Diagrams;
use crate::lower::Lowered;

/// Clauses whose own period and their policy's have no day in common, or that end before they begin.
pub fn find(lowered: &mut Lowered<'_>) -> Vec<Finding> {
    let model = lowered.model;
    let with_period = model.clause_ids().filter(|id| model.clause(*id).period.is_some());
    with_period
        .filter(|id| lowered.cond(&model.clause(*id).in_force) == Diagrams::FALSE)
        .map(|clause| Finding::about_nothing(Kind::NeverInForce { clause }))
        .collect()
}

/// Clauses with a period that is over, or has not begun, on this day.
pub fn as_of(lowered: &Lowered<'_>, day: i64) -> Vec<Finding> {
    let model = lowered.model;
    let mut found = Vec::new();
    for id in model.clause_ids() {
        let (from, until) = model.clause(id).period.unwrap_or_default();
        if from.zip(until).is_some_and(|(from, until)| from > until) {
            continue;
        }
        if let Some(until) = until.filter(|u| *u < day) {
            found.push(Finding::about_nothing(Kind::Expired { clause: id, until }));
        } else if let Some(from) = from.filter(|f| *f > day) {
            found.push(Finding::about_nothing(Kind::NotYetInForce { clause: id, from }));
        }
    }
    found
}
