//! Decisions -> their tables within a budget: unique ones where they are small enough to be of use, else the rules' own rows.
//!
//! Command and editor show the same table because both ask here.

use super::{Hit, Table, by_rules, tabulate};
use crate::lower::Lowered;
use crate::model::{DecisionId, Model};

/// The most steps that go into a unique table that nobody asked for.
const UNASKED: u64 = 3_000_000;

/// Why there is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmade {
    /// The rules themselves are too much.
    Exhausted,
    /// The table of this decision in this form is.
    TooLarge(DecisionId, Hit),
}

/// The tables of some decisions. Where nobody asked for a hit policy, unique tables if they are small enough to be of use,
/// else ordered ones.
pub fn within(model: &Model, decisions: &[DecisionId], asked: Option<Hit>, budget: u64) -> Result<Vec<Table>, Unmade> {
    let hit = asked.unwrap_or(Hit::Unique);
    let limit = if asked.is_none() { budget.min(UNASKED) } else { budget };
    let mut lowered = Lowered::without_expectations(model, budget);
    if lowered.dd.exhausted() {
        return Err(Unmade::Exhausted);
    }
    let proved = |table: &Table| table.proof.is_none_or(|p| p.finished);
    let mut tables = Vec::with_capacity(decisions.len());
    for &decision in decisions {
        lowered.dd.begin();
        let made = lowered.attempt(limit, |lowered| tabulate(lowered, decision, hit));
        if let Some(table) = made.filter(proved) {
            tables.push(table);
            continue;
        }
        if matches!(asked, Some(Hit::Unique | Hit::Collect)) {
            return Err(Unmade::TooLarge(decision, hit));
        }
        // Each rule for itself: what it says is known without the others.
        lowered.dd.begin();
        let made = lowered.attempt(budget, |lowered| by_rules(lowered, decision)).flatten();
        tables.push(made.filter(proved).ok_or(Unmade::TooLarge(decision, hit))?);
    }
    Ok(tables)
}
