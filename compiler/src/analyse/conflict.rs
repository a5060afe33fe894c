//! Conflicts: every pair of clauses that says different things of one decision in one case.

use super::{Finding, Kind};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use rustc_hash::FxHashMap;

pub fn find(lowered: &mut Lowered<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for d in 0..lowered.model.decisions.len() as u32 {
        let decision = DecisionId(d);
        let conflict = lowered.decisions[decision.index()].conflict;
        if conflict == Diagrams::FALSE {
            continue;
        }
        let values = lowered.model.decision(decision).values.len() as u32;
        let mut said: Vec<(ClauseId, u32, Node)> = Vec::new();
        for id in lowered.speakers(decision) {
            for value in 0..values {
                let says = lowered.says(id, value);
                let here = lowered.dd.and(says, conflict);
                if here != Diagrams::FALSE {
                    said.push((id, value, here));
                }
            }
        }
        // A clause with provisos may meet another with its permit and with its forbid: one finding a pair.
        let mut pairs: FxHashMap<(ClauseId, ClauseId), usize> = FxHashMap::default();
        for (i, &(a, value, here)) in said.iter().enumerate() {
            for &(b, other, there) in &said[i + 1..] {
                if value == other || a == b || lowered.dd.disjoint(here, there) {
                    continue;
                }
                let region = lowered.dd.and(here, there);
                let pair = (a.min(b), a.max(b));
                if let Some(&at) = pairs.get(&pair) {
                    found[at].region = lowered.dd.or(found[at].region, region);
                } else {
                    pairs.insert(pair, found.len());
                    found.push(Finding::new(Kind::Conflict { decision, a: pair.0, b: pair.1 }, region));
                }
            }
        }
    }
    found
}
