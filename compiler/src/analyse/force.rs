//! Periods of validity: never in force, and, against a given day, expired or not yet in force.

use super::{Finding, Found, Kind, Question};
use crate::diagnostics::{Diagnostic, codes};
use crate::diagram::Diagrams;
use crate::lower::Lowered;
use crate::model::Model;
use crate::model::time::show_date;

/// Clauses whose own period and their policy's have no day in common, or that end before they begin.
pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    for clause in model.clause_ids() {
        let known = found.known(clause, |kind| matches!(kind, Kind::NeverInForce { .. }));
        if known || model.clause(clause).period.is_none() {
            continue;
        }
        found.ask(lowered, Question::Scopes, clause, |lowered, findings| {
            if lowered.cond(&model.clause(clause).in_force) == Diagrams::FALSE {
                findings.push(Finding::about_nothing(Kind::NeverInForce { clause }));
            }
        });
    }
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

/// Policies whose own period is over, or has not begun, on this day.
pub fn policies_as_of(model: &Model, day: i64) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for policy in &model.policies {
        let (from, until) = policy.in_force.unwrap_or_default();
        if let Some(until) = until.filter(|u| *u < day) {
            let message = format!("the policy `{}` has expired", policy.name);
            let d = Diagnostic::new(&codes::EXPIRED, policy.span, message);
            found.push(d.label(policy.span, format!("in force until {}", show_date(until))).help("extend its period"));
        } else if let Some(from) = from.filter(|f| *f > day) {
            let message = format!("the policy `{}` is not yet in force", policy.name);
            let d = Diagnostic::new(&codes::NOT_YET_IN_FORCE, policy.span, message);
            found.push(d.label(policy.span, format!("in force from {}", show_date(from))));
        }
    }
    found
}
