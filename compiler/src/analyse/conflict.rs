//! Conflicts: every pair of clauses that says different things of one decision in one case.
//!
//! A pair can only conflict where the clauses meet, so each clause is held against its neighbours (`lower::near`); whether
//! some case has both words is then asked exactly. The cases of a pair are worked out where someone asks for them: dense
//! rules conflict in quadratically many pairs, of which nobody reads more than a few.

use super::{Finding, Found, Kind, Question};
use crate::diagram::{Diagrams, Node};
use crate::lower::{Lowered, Words};
use crate::model::*;

pub fn find(lowered: &mut Lowered<'_>, found: &mut Found) {
    let model = lowered.model;
    let mut words: Vec<Option<Words>> = vec![None; model.clauses.len()];
    if found.is_fresh() {
        for id in model.clause_ids() {
            let said = found.ask(lowered, Question::Conflicts, id, |lowered, _| lowered.words(id));
            words[id.index()] = Some(said.unwrap_or_default());
        }
    }
    let before = found.findings.len();
    let mut pairs: Vec<(DecisionId, ClauseId, ClauseId)> = Vec::new();
    for a in model.clause_ids() {
        if found.known(a, |kind| matches!(kind, Kind::Conflict { .. })) {
            continue;
        }
        let Some(outcome) = &model.clause(a).outcome else { continue };
        let speaks = |b: &ClauseId| model.clause(*b).outcome.as_ref().is_some_and(|o| o.decision == outcome.decision);
        let near = lowered.near(a);
        let others: Vec<ClauseId> = near.iter().copied().filter(|b| a < *b && speaks(b)).collect();
        for id in others.iter().copied().chain([a]).filter(|id| words[id.index()].is_none()).collect::<Vec<_>>() {
            let said = found.ask(lowered, Question::Conflicts, id, |lowered, _| lowered.words(id));
            words[id.index()] = Some(said.unwrap_or_default());
        }
        if words[a.index()].as_ref().is_none_or(Words::is_empty) {
            continue;
        }
        let with = found.ask(lowered, Question::Conflicts, a, |lowered, _| {
            let said = |id: &ClauseId| words[id.index()].as_ref();
            let mut with = others;
            let box_of_one = lowered.is_its_box(a);
            with.retain(|b| {
                said(&a).zip(said(b)).is_some_and(|(x, y)| match (&x[..], &y[..]) {
                    // Neighbours are those whose boxes meet.
                    ([x], [y]) if x.0 == y.0 => false,
                    ([_], [_]) if box_of_one && lowered.is_its_box(*b) => true,
                    _ => meet(&mut lowered.dd, x, y),
                })
            });
            with
        });
        pairs.extend(with.into_iter().flatten().map(|b| (outcome.decision, a, b)));
    }
    for finding in found.findings.drain(before..) {
        if let Kind::Conflict { decision, a, b } = finding.kind {
            pairs.push((decision, a, b));
        }
    }
    pairs.sort_unstable();
    let finding = |(decision, a, b)| Finding::plain(Kind::Conflict { decision, a, b });
    found.findings.extend(pairs.into_iter().map(finding));
}

/// Some case has two different words.
fn meet(dd: &mut Diagrams, a: &Words, b: &Words) -> bool {
    a.iter().any(|(v, x)| b.iter().any(|(w, y)| v != w && !dd.disjoint(*x, *y)))
}

/// The cases in which two clauses say different things. A clause with provisos may meet another with its permit and with
/// its forbid.
pub fn region(lowered: &mut Lowered<'_>, a: ClauseId, b: ClauseId) -> Node {
    let (a, b) = (lowered.words(a), lowered.words(b));
    let mut region = Diagrams::FALSE;
    for (v, x) in &a {
        for (_, y) in b.iter().filter(|(w, _)| w != v) {
            let both = lowered.dd.and(*x, *y);
            region = lowered.dd.or(region, both);
        }
    }
    region
}
