//! Claims about requirements that nobody can meet.
//!
//! A requirement is impossible in a case if the case would be permitted without it, and no choice of the facts that it
//! speaks of leads to a permitted one. A choice is a second case. It may differ from the first in
//!
//! * the facts of the requirement's condition;
//! * facts that exist because of these: where they exist in both cases they have the same value;
//! * numbers and moments that distances link to one of those: there the second case may have another value of the same kind,
//!   one that no condition tells apart, as findings are about kinds of case.
//!
//! So the claim has a quantifier: "for every other case". Each stands in a script of its own, for solvers are much better at
//! quantifiers where nothing else is asked.

use super::Encoding;
use super::cond;
use super::facts;
use super::meaning::speaks_on;
use super::script::{Certificates, sat, unsat};
use super::terms::{and, equal, not, or, symbol};
use crate::analyse::Kind;
use crate::model::*;
use rustc_hash::FxHashSet;

pub fn requirements(e: &Encoding<'_>, id: ClauseId, findings: &[Kind], to: &mut Certificates) {
    for i in 0..e.model.clause(id).requirements.len() {
        requirement(e, id, i, findings, to);
    }
}

fn requirement(e: &Encoding<'_>, id: ClauseId, i: usize, findings: &[Kind], to: &mut Certificates) {
    let model = e.model;
    let required = &model.clause(id).requirements[i].cond;
    let told = findings.iter().find_map(|k| match k {
        Kind::Impossible { clause, requirement, by } if *clause == id && *requirement == i => Some(by),
        _ => None,
    });
    // Two that leave no choice to one another are told once.
    let elsewhere =
        findings.iter().any(|k| matches!(k, Kind::Impossible { clause, by, .. } if *clause != id && by.contains(&id)));
    if told.is_none() && elsewhere {
        return;
    }
    let quoted = format!("`{}`", e.quote(required.span));
    let permitted = e.is(VERDICT, PERMIT, "");
    let without = without(e, id, i);
    let choice = Choice::new(e, required);
    let legal = symbol("every assumption holds'");
    let agree = choice.agree(e);
    let only = and([without, not(permitted.clone())]);
    let none = {
        let claim = format!("(not {})", and([legal.clone(), agree.clone(), other(&permitted)]));
        and([only.clone(), e.dict.for_every_other_case(&choice.differs, &claim)])
    };
    let file = format!("rule-{}-requirement-{}", e.labels[id.index()], i + 1);
    let about = format!("What the {} requires: {quoted}", e.called(id));
    let Some(by) = told else {
        let claim = "wherever only this is in the way, another choice of its facts is permitted";
        to.add(&file, about, vec![unsat(claim, none)]);
        return;
    };
    let claim = "in some case this is in the way and no choice of its facts is permitted";
    to.add(&file, about.clone(), vec![sat(claim, none.clone())]);
    let fails = e.of(id, &format!("fails requirement {}", i + 1));
    let permits = match model.decision(VERDICT).default {
        Some(PERMIT) => "true".into(),
        _ => symbol(&format!("{}: {} is said", model.decision(VERDICT).name, e.value_name(VERDICT, PERMIT))),
    };
    let blocked = or(by.iter().map(|b| blocks(e, *b, (id, i))));
    let meets = and([legal, agree, other(&and([not(fails), permits]))]);
    let claim = format!("(=> {meets} {})", other(&blocked));
    let all = e.names(by);
    let term = and([none, e.dict.for_every_other_case(&choice.differs, &claim)]);
    let claim = match by.is_empty() {
        true => "in some such case no choice that meets it is one that anything permits".to_string(),
        false => format!("in some such case {all} leaves no room for any choice that meets it"),
    };
    to.add(&format!("{file}-blockers"), about, vec![sat(claim, term)]);
}

/// Permitted if this requirement were not there.
fn without(e: &Encoding<'_>, id: ClauseId, i: usize) -> String {
    let model = e.model;
    let mut fails = Vec::new();
    for c in model.clause_ids() {
        for r in (0..model.clause(c).requirements.len()).filter(|r| (c, *r) != (id, i)) {
            fails.push(e.of(c, &format!("fails requirement {}", r + 1)));
        }
    }
    let decision = model.decision(VERDICT);
    let said = |value: u32| symbol(&format!("{}: {} is said", decision.name, e.value_name(VERDICT, value)));
    let forbidden = not(said(FORBID));
    let permits = if decision.default == Some(PERMIT) { "true".into() } else { said(PERMIT) };
    and([permits, forbidden, not(or(fails))])
}

/// Where a clause forbids, or another requirement than this one fails.
fn blocks(e: &Encoding<'_>, other: ClauseId, this: (ClauseId, usize)) -> String {
    let clause = e.model.clause(other);
    let fails = (0..clause.requirements.len()).filter(|r| (other, *r) != this);
    let fails = fails.map(|r| e.of(other, &format!("fails requirement {}", r + 1)));
    let forbids = if speaks_on(clause, VERDICT) { e.says(other, FORBID) } else { None };
    or(fails.chain(forbids))
}

/// The same of the second case.
fn other(term: &str) -> String {
    let mut text = String::new();
    for (i, part) in term.split('|').enumerate() {
        text.push_str(if i > 0 { "|" } else { "" });
        text.push_str(part);
        text.push_str(if i % 2 == 1 { "'" } else { "" });
    }
    text
}

/// What may differ in a second case.
struct Choice {
    /// By fact: the requirement speaks of it; it exists because of such a fact; a distance links it to one of both.
    chosen: Vec<bool>,
    loose: Vec<bool>,
    linked: Vec<bool>,
    /// The constants of all of them.
    differs: FxHashSet<String>,
}

impl Choice {
    fn new(e: &Encoding<'_>, required: &Cond) -> Self {
        let model = e.model;
        let n = model.facts.len();
        let (mut chosen, mut loose) = (vec![false; n], vec![false; n]);
        show::fact_facts(model, required).iter().for_each(|f| chosen[f.index()] = true);
        loop {
            let more: Vec<FactId> = model
                .fact_ids()
                .filter(|f| !chosen[f.index()] && !loose[f.index()])
                .filter(|f| {
                    let needs = model.fact(*f).exists_if.as_ref().map_or(Vec::new(), |c| show::fact_facts(model, c));
                    needs.iter().any(|g| chosen[g.index()] || loose[g.index()])
                })
                .collect();
            if more.is_empty() {
                break;
            }
            more.iter().for_each(|f| loose[f.index()] = true);
        }
        let mut links = Vec::new();
        for cond in show::conditions(model) {
            cond.atoms(&mut |atom| {
                if let Atom::Distance { from, to, .. } = atom {
                    links.push((from.index(), to.index()));
                }
            });
        }
        let mut linked = vec![false; n];
        loop {
            let before = linked.clone();
            for &(a, b) in &links {
                let near = |f: usize| chosen[f] || loose[f] || before[f];
                let (from_a, from_b) = (near(a), near(b));
                linked[b] |= from_a;
                linked[a] |= from_b;
            }
            if linked == before {
                break;
            }
        }
        let differs = model
            .fact_ids()
            .filter(|f| chosen[f.index()] || loose[f.index()] || linked[f.index()])
            .flat_map(|f| facts::constants(model.fact(f)))
            .map(|name| symbol(&name).trim_matches('|').to_string())
            .collect();
        Self { chosen, loose, linked, differs }
    }

    /// What the second case has in common with the first.
    fn agree(&self, e: &Encoding<'_>) -> String {
        let model = e.model;
        let mut parts = Vec::new();
        for id in model.fact_ids().filter(|f| !self.chosen[f.index()] && self.loose[f.index()]) {
            if self.linked[id.index()] {
                continue;
            }
            let fact = model.fact(id);
            let exists = facts::exists(fact);
            let names = facts::constants(fact);
            let same = and(names.iter().map(|n| equal(&symbol(n), &symbol(&format!("{n}'")))));
            parts.push(format!("(=> {} {same})", and([exists.clone(), other(&exists)])));
        }
        let mut seen: Vec<&Atom> = Vec::new();
        for cond in show::conditions(model) {
            cond.atoms(&mut |atom| {
                let facts: Vec<FactId> = atom.facts().collect();
                let touches = facts.iter().any(|f| self.linked[f.index()]);
                let free = facts.iter().any(|f| self.chosen[f.index()]);
                if touches && !free && !seen.contains(&atom) {
                    seen.push(atom);
                }
            });
        }
        for atom in seen {
            let (exist, value) = (cond::exist(e, atom), cond::value(e, atom));
            parts.push(format!("(=> {} {})", and([exist.clone(), other(&exist)]), equal(&value, &other(&value))));
        }
        and(parts)
    }
}
