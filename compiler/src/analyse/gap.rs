//! Gaps: cases that no rule and no default decides.

use super::{Finding, Kind};
use crate::diagram::Diagrams;
use crate::lower::Lowered;
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>) -> Vec<Finding> {
    (0..lowered.model.decisions.len() as u32)
        .map(DecisionId)
        // A verdict that no clause speaks of, in a policy of duties or of other decisions, is not missed by anyone.
        .filter(|d| *d != VERDICT || speaks_of_verdict(lowered.model))
        .map(|decision| (decision, lowered.decisions[decision.index()].undecided))
        .filter(|(_, undecided)| *undecided != Diagrams::FALSE)
        .map(|(decision, undecided)| Finding::new(Kind::Gap { decision }, undecided))
        .collect()
}

/// Whether any clause gives a verdict or asks something of one.
pub fn speaks_of_verdict(model: &Model) -> bool {
    let gives = |c: &Clause| c.outcome.as_ref().is_some_and(|o| o.decision == VERDICT);
    model.clauses.iter().any(|c| gives(c) || !c.requirements.is_empty())
}
