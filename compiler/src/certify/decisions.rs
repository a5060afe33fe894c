//! Claims about cases as such, about each decision, and about duties that exclude one another.

use super::Encoding;
use super::meaning::assumption;
use super::script::{Certificates, Claim, either, sat, unsat};
use super::terms::{and, equal, int, not, or, symbol};
use crate::analyse::{Kind, Place};
use crate::model::*;

/// That there are cases, and what each assumption is for. True if there are none.
pub fn cases(e: &mut Encoding<'_>, findings: &[Kind], to: &mut Certificates) -> bool {
    let model = e.model;
    let quoted = |i: usize| format!("`{}`", e.quote(model.assumptions[i].cond.span));
    let holds = |i: usize| symbol(&assumption(i));
    let all = symbol("every assumption holds");
    let contradict = findings.iter().find_map(|k| match k {
        Kind::NoCases { assumptions } => Some(assumptions),
        _ => None,
    });
    let mut claims = Vec::new();
    if let Some(few) = contradict {
        let together = and(few.iter().map(|i| holds(*i)));
        let names: Vec<String> = few.iter().map(|i| quoted(*i)).collect();
        claims.push(unsat(format!("no case meets the assumptions {}", show::list(&names, "and")), together));
        for i in few {
            let others = and(few.iter().filter(|j| *j != i).map(|j| holds(*j)));
            claims.push(sat(format!("without {} there are cases that meet the others", quoted(*i)), others));
        }
    } else {
        claims.push(sat("there are cases that meet every assumption", all));
        let told = |i: usize| {
            findings.iter().any(|k| matches!(k, Kind::Always { place: Place::Assumption(a), .. } if *a == i))
        };
        for (i, _) in model.assumptions.iter().enumerate().filter(|(_, a)| !a.implied) {
            let others = and((0..model.assumptions.len()).filter(|j| *j != i).map(holds));
            let excludes = and([others, not(holds(i))]);
            if told(i) {
                claims.push(unsat(format!("the other assumptions already rule out what {} does", quoted(i)), excludes));
            } else if !(i + 1..model.assumptions.len()).any(told) {
                // Of two that say the same the later is told, so then nothing is said of this one.
                claims.push(sat(format!("{} rules out a case that the others leave", quoted(i)), excludes));
            }
        }
    }
    to.add_unassumed("cases", "The cases".into(), claims);
    contradict.is_some()
}

pub fn decisions(e: &mut Encoding<'_>, findings: &[Kind], to: &mut Certificates) {
    let model = e.model;
    for d in (0..model.decisions.len() as u32).map(DecisionId) {
        let name = &model.decision(d).name;
        let pairs: Vec<(ClauseId, ClauseId)> = findings
            .iter()
            .filter_map(|k| match k {
                Kind::Conflict { decision, a, b } if *decision == d => Some((*a, *b)),
                _ => None,
            })
            .collect();
        let mut claims = Vec::new();
        for &(a, b) in &pairs {
            let claim =
                format!("`{}` and `{}` say different things in one case", e.labels[a.index()], e.labels[b.index()]);
            claims.push(sat(claim, differ(e, a, b)));
        }
        if pairs.is_empty() {
            claims.push(unsat("no two rules say different things in one case", e.answers(d, "conflict", "")));
        } else {
            let term = another_pair(e, d, &pairs);
            claims.push(unsat("no two rules but these say different things in one case", term));
        }
        let asked = d != VERDICT
            || model.clauses.iter().any(|c| super::meaning::speaks_on(c, VERDICT) || !c.requirements.is_empty());
        if asked {
            let gap = findings.iter().any(|k| matches!(k, Kind::Gap { decision } if *decision == d));
            let (so, not_so) = ("a case is undecided".to_string(), "every case is decided".to_string());
            claims.push(either(gap, so, not_so, e.answers(d, "is undecided", "")));
        }
        to.add(&format!("decision-{name}"), format!("The decision `{name}`: conflicts and gaps"), claims);
    }
}

/// Both say something, and not the same.
fn differ(e: &Encoding<'_>, a: ClauseId, b: ClauseId) -> String {
    let mut ways = Vec::new();
    for v in e.sayable(a) {
        for w in e.sayable(b).into_iter().filter(|w| *w != v) {
            ways.extend(e.says(a, v).zip(e.says(b, w)).map(|(x, y)| and([x, y])));
        }
    }
    or(ways)
}

/// Some two clauses differ that are none of these pairs: two numbers stand for them, so that not all pairs are written out.
fn another_pair(e: &mut Encoding<'_>, d: DecisionId, pairs: &[(ClauseId, ClauseId)]) -> String {
    let speakers: Vec<ClauseId> = e.speakers(d).collect();
    let name = &e.model.decision(d).name;
    let numbers: Vec<String> = speakers.iter().map(|id| format!("{} `{}`", id.0, e.labels[id.index()])).collect();
    let mut rules = Vec::new();
    let mut words = Vec::new();
    let mut parts = Vec::new();
    for who in ["one", "other"] {
        let comment = (who == "one").then(|| format!("the numbers of two rules: {}", numbers.join(", ")));
        let rule = e.dict.value(&format!("{who} rule of {name}"), "Int", "true".into(), comment);
        let comment = (who == "one").then(|| "the numbers of the values that they say".to_string());
        let says = e.dict.value(&format!("{who} says of {name}"), "Int", "true".into(), comment);
        let ways = speakers.iter().map(|id| {
            let words =
                e.sayable(*id).into_iter().filter_map(|v| Some(and([e.says(*id, v)?, equal(&says, &int(v.into()))])));
            and([equal(&rule, &int(id.0.into())), or(words)])
        });
        parts.push(or(ways));
        rules.push(rule);
        words.push(says);
    }
    parts.push(format!("(< {})", rules.join(" ")));
    parts.push(format!("(distinct {})", words.join(" ")));
    let index = |id: ClauseId| i64::from(id.0);
    for (a, b) in pairs {
        let (a, b) = (index(*a.min(b)), index(*a.max(b)));
        parts.push(not(and([equal(&rules[0], &int(a)), equal(&rules[1], &int(b))])));
    }
    and(parts)
}

pub fn duties(e: &Encoding<'_>, findings: &[Kind], to: &mut Certificates) {
    let model = e.model;
    let mut claims: Vec<Claim> = Vec::new();
    for (i, duty) in model.duties.iter().enumerate() {
        let x = DutyId(i as u32);
        for &y in duty.excludes.iter().filter(|y| x < **y) {
            let told = findings.contains(&Kind::DutiesContradict { a: x, b: y });
            let other = &model.duty(y).name;
            let both = and([&duty.name, other].map(|n| symbol(&format!("duty {n} follows"))));
            let so =
                format!("the duties `{}` and `{other}` exclude one another and both follow in one case", duty.name);
            let not_so =
                format!("the duties `{}` and `{other}`, which exclude one another, never both follow", duty.name);
            claims.push(either(told, so, not_so, both));
        }
    }
    to.add("duties", "Duties that exclude one another".into(), claims);
}
