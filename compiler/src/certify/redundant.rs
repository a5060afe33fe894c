//! Claims about redundant rules, and about rules that are not.
//!
//! A rule is redundant if the cases that it decides are decided the same without it, by other rules, and no duty or advice of
//! it follows. Rules are looked at from the last to the first, and those found redundant count as gone for the rest, so the
//! claim about one is about the policy without it and without the redundant rules behind it.

use super::Encoding;
use super::script::{Claim, sat, unsat};
use super::terms::{and, not, or};
use crate::analyse::Kind;
use crate::model::*;

pub fn redundant(e: &mut Encoding<'_>, id: ClauseId, findings: &[Kind], claims: &mut Vec<Claim>) {
    let model = e.model;
    let unreachable = findings.iter().any(|k| matches!(k, Kind::Unreachable { clause, .. } if *clause == id));
    if model.clause(id).is_exception() || unreachable {
        return;
    }
    let told = findings.iter().find_map(|k| match k {
        Kind::Redundant { clause, by } if *clause == id => Some(by),
        _ => None,
    });
    let decisions = e.decided_by(id);
    if told.is_none() && decisions.is_empty() {
        return; // It only obliges or advises.
    }
    let gone: Vec<bool> = model
        .clause_ids()
        .map(|c| {
            let redundant = || findings.iter().any(|k| matches!(k, Kind::Redundant { clause, .. } if *clause == c));
            c == id || (c > id && redundant())
        })
        .collect();
    let name = e.called(id);
    let others: Vec<ClauseId> = model.clause_ids().filter(|c| !gone[c.index()]).collect();
    let changed = or(decisions
        .iter()
        .map(|d| {
            let kept = same_by_rule(e, id, *d, &gone);
            and([e.decides_in(id, *d), not(kept)])
        })
        .collect::<Vec<_>>());
    let alone = |by: &[ClauseId]| {
        or(decisions.iter().map(|d| {
            let by = or(by.iter().map(|o| e.decides_in(*o, *d)));
            and([e.decides_in(id, *d), not(by)])
        }))
    };
    let more = e.obliges_or_advises(id);
    let Some(by) = told else {
        let needed = or([more, changed, alone(&others)]);
        claims.push(sat(
            format!("without the {name} some case that it decides is not decided the same by another rule"),
            needed,
        ));
        return;
    };
    let all = e.names(by);
    claims.push(unsat(format!("no duty or advice of the {name} follows"), more));
    claims
        .push(unsat(format!("wherever the {name} decides, the answer is the same without it, and a rule's"), changed));
    claims.push(unsat(format!("wherever the {name} decides, so does one of {all}"), alone(by)));
    for one in by {
        let rest: Vec<ClauseId> = by.iter().copied().filter(|b| b != one).collect();
        let claim = format!("somewhere the {name} decides and no other of {all} than {} does", e.names(&[*one]));
        claims.push(sat(claim, alone(&rest)));
    }
}

/// The answer is what it is without the clauses that are gone, and a rule gives it. Defines that answer.
fn same_by_rule(e: &mut Encoding<'_>, id: ClauseId, d: DecisionId, gone: &[bool]) -> String {
    let model = e.model;
    let without = format!(" without {}", e.labels[id.index()]);
    let left: Vec<ClauseId> = model.clause_ids().filter(|c| !gone[c.index()]).collect();
    let stands = |e: &Encoding<'_>, c: ClauseId| {
        let outranked = e.outranked(model.clause(c).policy, d, |o| !gone[o.index()]);
        and([e.of(c, "remains"), not(outranked)])
    };
    let fails = match d == VERDICT {
        true => or(left.iter().map(|c| match model.clause(*c).requirements.is_empty() {
            true => "false".into(),
            false => and([e.breaks(*c), stands(e, *c)]),
        })),
        false => "false".into(),
    };
    e.answer(d, &without, &fails, |e, value| {
        let speakers = left.iter().filter(|c| super::meaning::speaks_on(model.clause(**c), d));
        or(speakers.map(|c| e.says_where(*c, value, &stands(e, *c))))
    });
    let both = |what: &str, e: &Encoding<'_>| and([e.answers(d, what, ""), e.answers(d, what, &without)]);
    let mut ways = vec![both("conflict", e)];
    for value in 0..model.decision(d).values.len() as u32 {
        ways.push(both(&format!("is {}", e.value_name(d, value)), e));
    }
    and([or(ways), or([not(e.answers(d, "by default", &without)), both("conflict", e)])])
}
