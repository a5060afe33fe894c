//! Rules -> rows of a `Collect` table: each says where one rule says something, whatever else is said there.

use super::boxes::BoxRow;
use super::cover::boxes_of;
use super::fuse::Fused;
use super::partition::Levels;
use super::table::Output;
use crate::decide::Verdict;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::{ClauseId, DecisionId, DutyId, FORBID, VERDICT};
use rustc_hash::FxHashMap;

/// A row before it has words.
pub struct Said {
    pub clause: ClauseId,
    pub cells: BoxRow,
    pub output: Output,
    /// A failed requirement.
    pub overrides: bool,
}

/// Where a clause's duty follows.
pub fn obliged(lowered: &mut Lowered<'_>, clause: ClauseId, duty: DutyId) -> Node {
    let model = lowered.model;
    let nodes: Vec<Node> = model
        .clause(clause)
        .obligations
        .iter()
        .zip(&lowered.obligations[clause.index()])
        .filter(|(o, _)| o.duties.contains(&duty))
        .map(|(_, node)| *node)
        .collect();
    lowered.dd.or_all(&nodes)
}

/// The rows of all clauses, in source order; statements of one clause about the same cases share a row.
pub fn collect(
    lowered: &mut Lowered<'_>,
    decision: DecisionId,
    work: &mut Diagrams,
    fused: &Fused,
    levels: &Levels,
) -> Vec<Said> {
    let model = lowered.model;
    let mut rows: Vec<Said> = Vec::new();
    let mut copied = FxHashMap::default();
    let care = fused.convert(&mut lowered.dd, lowered.space.valid, work, &mut copied);
    for clause in model.clause_ids() {
        let mut said: Vec<(Node, Output, bool)> = Vec::new();
        let nothing = Output { result: None, duties: Vec::new(), advice: Vec::new() };
        if model.clause(clause).outcome.as_ref().is_some_and(|o| o.decision == decision) {
            for value in 0..model.decision(decision).values.len() as u32 {
                let node = lowered.says(clause, value);
                said.push((node, Output { result: Some(Verdict::Is(value)), ..nothing.clone() }, false));
            }
        }
        if decision == VERDICT {
            let fails = lowered.fails[clause.index()].clone();
            let node = lowered.dd.or_all(&fails);
            said.push((node, Output { result: Some(Verdict::Is(FORBID)), ..nothing.clone() }, true));
        }
        if super::carries_duties(model, decision) {
            let mut duties: Vec<DutyId> =
                model.clause(clause).obligations.iter().flat_map(|o| o.duties.clone()).collect();
            duties.sort_unstable();
            duties.dedup();
            for duty in duties {
                let node = obliged(lowered, clause, duty);
                said.push((node, Output { duties: vec![duty], ..nothing.clone() }, false));
            }
            for (i, node) in lowered.advice[clause.index()].clone().into_iter().enumerate() {
                said.push((node, Output { advice: vec![(clause, i)], ..nothing.clone() }, false));
            }
        }
        // Statements about exactly the same cases go together: a permit and its duty.
        let mut together: Vec<(Node, Output, bool)> = Vec::new();
        for (node, output, overrides) in said.into_iter().filter(|s| s.0 != Diagrams::FALSE) {
            let fits = |t: &&mut (Node, Output, bool)| t.0 == node && (output.result.is_none() || t.1.result.is_none());
            match together.iter_mut().find(fits) {
                Some(other) => {
                    other.1.result = other.1.result.or(output.result);
                    other.1.duties.extend(output.duties);
                    other.1.advice.extend(output.advice);
                    other.2 |= overrides;
                }
                None => together.push((node, output, overrides)),
            }
        }
        for (node, output, overrides) in together {
            let region = fused.convert(&mut lowered.dd, node, work, &mut copied);
            for cells in boxes_of(work, region, care, levels) {
                rows.push(Said { clause, cells, output: output.clone(), overrides });
            }
        }
    }
    rows
}
