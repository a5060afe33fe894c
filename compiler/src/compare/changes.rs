//! Both versions over one space -> the cases in which they differ, and in what.
//!
//! ```text
//! clauses written differently --their cells--> effect: where what the clause says, asks or gives differs
//! all effects together = where the versions may differ; outside, every case meets the same clauses
//! within each effect: the answers of both, of the clauses near it --> who differs from whom
//! ```
//!
//! A case outside all effects meets the same clauses in both versions, with the same words; so nothing outside has to be
//! looked at, and where there is no effect the proof is done. A changed default has an effect wherever nothing else decides.

use super::joint::Joint;
use super::pairs::{Pair, Pairs, Part};
use super::sides::{NEW, OLD, Sides};
use crate::decide::Verdict;
use crate::diagram::{Diagrams, Node};
use crate::lower::{DecisionSets, Lowered};
use crate::model::show::describe;
use crate::model::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The default, among the pairs that decide.
pub const DEFAULT: usize = usize::MAX;

/// So many clauses are named where a budget does not suffice.
const NAMED: usize = 3;

/// Who decides, by pair: where in the old and in the new version.
pub type Deciders = BTreeMap<usize, [Node; 2]>;

#[derive(Debug)]
pub struct Changes {
    /// By pair: where what it says, asks or gives differs.
    pub effects: Vec<Node>,
    /// Decisions with another default: where it decides in either version.
    pub defaults: Vec<(DecisionId, Node)>,
    /// Decision, result before, result now.
    pub results: BTreeMap<(DecisionId, Verdict, Verdict), Node>,
    /// Duty, and whether it follows now.
    pub duties: BTreeMap<(DutyId, bool), Node>,
    /// Advice in words, and whether it follows now.
    pub advice: BTreeMap<(String, bool), Node>,
    /// Within the effects, by decision.
    pub deciders: BTreeMap<DecisionId, Deciders>,
    /// By decision: where the result is the same and others decide.
    pub rules: BTreeMap<DecisionId, Node>,
    /// Where a result, a duty or advice differs.
    pub differs: Node,
}

/// The decisions that both versions make, by their joint number.
pub fn compared(joint: &Joint) -> Vec<DecisionId> {
    let [old, new] = &joint.sides;
    let known: BTreeSet<DecisionId> = old.decisions.iter().map(|d| d.0).collect();
    new.decisions.iter().map(|d| d.0).filter(|d| known.contains(d)).collect()
}

/// What took too many steps is worthless; the error says what was to be found out.
pub fn changes(sides: &mut Sides<'_>, joint: &Joint, pairs: &Pairs) -> Result<Changes, String> {
    let mut found = Changes {
        effects: Vec::with_capacity(pairs.all.len()),
        defaults: Vec::new(),
        results: BTreeMap::new(),
        duties: BTreeMap::new(),
        advice: BTreeMap::new(),
        deciders: BTreeMap::new(),
        rules: BTreeMap::new(),
        differs: Diagrams::FALSE,
    };
    for pair in &pairs.all {
        let node = if pair.old.is_some() && pair.new.is_some() && pair.parts.is_empty() {
            Diagrams::FALSE
        } else {
            let name = name(joint, pair);
            ask(sides, || format!("where `{name}` says something else"), |sides| effect(sides, pair))?
        };
        found.effects.push(node);
    }
    let decisions = compared(joint);
    for &decision in &decisions {
        let default = |which: usize| joint.models[which].decision(decision).default;
        if default(OLD) != default(NEW) {
            let name = &joint.models[NEW].decision(decision).name;
            let open = ask(
                sides,
                || format!("where the default decides `{name}`"),
                |sides| {
                    let mut open = Vec::new();
                    for which in [OLD, NEW] {
                        let sets = sides.on(which).decision(decision);
                        open.extend([sets.defaulted, sets.undecided]);
                    }
                    sides.dd().or_all(&open)
                },
            )?;
            found.defaults.push((decision, open));
        }
    }
    let places: BTreeSet<Node> = found.effects.iter().copied().chain(found.defaults.iter().map(|d| d.1)).collect();
    let mut parts = Parts::default();
    for place in places.into_iter().filter(|p| *p != Diagrams::FALSE) {
        let what = || format!("what is decided otherwise because of {}", differing(joint, pairs, &found, Some(place)));
        ask(sides, what, |sides| parts.look(sides, pairs, &decisions, place))?;
    }
    let what = format!("what is decided otherwise because of {}", differing(joint, pairs, &found, None));
    ask(sides, || what, |sides| parts.sum(sides.dd(), &mut found))?;
    Ok(found)
}

/// A question, which has the whole budget; the error is what it was.
fn ask<'m, T>(
    sides: &mut Sides<'m>,
    what: impl FnOnce() -> String,
    answer: impl FnOnce(&mut Sides<'m>) -> T,
) -> Result<T, String> {
    sides.dd().begin();
    let found = answer(sides);
    if sides.dd().exhausted() { Err(what()) } else { Ok(found) }
}

/// The clauses and defaults that differ, of one place or anywhere, the first few by name.
fn differing(joint: &Joint, pairs: &Pairs, found: &Changes, place: Option<Node>) -> String {
    let here = |node: Node| node != Diagrams::FALSE && place.is_none_or(|place| place == node);
    let own = pairs.all.iter().zip(&found.effects).filter(|(_, node)| here(**node));
    let mut names: Vec<String> = own.map(|(pair, _)| format!("`{}`", name(joint, pair))).collect();
    let defaults = found.defaults.iter().filter(|d| here(d.1));
    names.extend(defaults.map(|d| format!("the default of `{}`", joint.models[NEW].decision(d.0).name)));
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match more {
        0 => show::list(&names, "and"),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// The path of a clause, the new one if it has two.
fn name(joint: &Joint, pair: &Pair) -> String {
    let [old, new] = &joint.models;
    let path = |model: &Model, id: ClauseId| model.clause(id).path.to_string();
    pair.new.map(|id| path(new, id)).or_else(|| pair.old.map(|id| path(old, id))).unwrap_or_default()
}

/// What a clause says besides where it applies.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// Its provisos hold.
    Kept,
    /// A requirement is asked and fails.
    Fails,
    Duty(DutyId),
    Advice(String),
}

fn says(lowered: &mut Lowered<'_>, id: ClauseId) -> BTreeMap<Says, Node> {
    let clause = lowered.model.clause(id);
    let mut said: BTreeMap<Says, Vec<Node>> = BTreeMap::new();
    let kept = lowered.dd.and_all(&lowered.provisos[id.index()].clone());
    said.entry(Says::Kept).or_default().push(kept);
    for r in &clause.requirements {
        let (when, cond) = (lowered.cond(&r.when), lowered.cond(&r.cond));
        said.entry(Says::Fails).or_default().push(lowered.dd.diff(when, cond));
    }
    for o in &clause.obligations {
        let when = lowered.cond(&o.when);
        o.duties.iter().for_each(|d| said.entry(Says::Duty(*d)).or_default().push(when));
    }
    for a in &clause.advice {
        let when = lowered.cond(&a.when);
        said.entry(Says::Advice(describe(lowered.model, &a.cond))).or_default().push(when);
    }
    said.into_iter().map(|(what, nodes)| (what, lowered.dd.or_all(&nodes))).collect()
}

fn effect(sides: &mut Sides<'_>, pair: &Pair) -> Node {
    let applies = |sides: &mut Sides<'_>, which: usize, id: ClauseId| sides.on(which).applies[id.index()];
    let (old, new) = match (pair.old, pair.new) {
        (Some(old), Some(new)) => (old, new),
        (Some(old), None) => return applies(sides, OLD, old),
        (None, Some(new)) => return applies(sides, NEW, new),
        (None, None) => return Diagrams::FALSE,
    };
    let (a, b) = (applies(sides, OLD, old), applies(sides, NEW, new));
    let either = sides.dd().or(a, b);
    if pair.parts.iter().any(|p| matches!(p, Part::Outcome | Part::Replaces | Part::Policy)) {
        return either;
    }
    let both = sides.dd().and(a, b);
    let mut differs = vec![sides.dd().diff(either, both)];
    if pair.parts.iter().any(|p| !matches!(p, Part::Condition | Part::InForce)) {
        let (before, now) = (says(sides.on(OLD), old), says(sides.on(NEW), new));
        let dd = sides.dd();
        for what in before.keys().chain(now.keys()).collect::<BTreeSet<_>>() {
            let of = |said: &BTreeMap<Says, Node>| said.get(what).copied().unwrap_or(Diagrams::FALSE);
            let other = unlike(dd, of(&before), of(&now));
            differs.push(dd.and(both, other));
        }
    }
    sides.dd().or_all(&differs)
}

/// What is in one of two sets and not in both.
pub fn unlike(dd: &mut Diagrams, a: Node, b: Node) -> Node {
    let (x, y) = (dd.diff(a, b), dd.diff(b, a));
    dd.or(x, y)
}

/// The results of a decision and where they are.
fn results(sets: &DecisionSets) -> Vec<(Verdict, Node)> {
    let values = sets.result.iter().enumerate().map(|(v, node)| (Verdict::Is(v as u32), *node));
    let rest = [(Verdict::Conflict, sets.conflict), (Verdict::Undecided, sets.undecided)];
    values.chain(rest).filter(|r| r.1 != Diagrams::FALSE).collect()
}

/// What is found in each place, not yet put together.
#[derive(Default)]
struct Parts {
    results: BTreeMap<(DecisionId, Verdict, Verdict), Vec<Node>>,
    duties: BTreeMap<(DutyId, bool), Vec<Node>>,
    advice: BTreeMap<(String, bool), Vec<Node>>,
    deciders: BTreeMap<(DecisionId, usize), [Vec<Node>; 2]>,
    /// By version, clause and decision: where it decides.
    decides: FxHashMap<(usize, ClauseId, DecisionId), Node>,
}

impl Parts {
    fn look(&mut self, sides: &mut Sides<'_>, pairs: &Pairs, decisions: &[DecisionId], place: Node) {
        let mut answers: [Vec<DecisionSets>; 2] = Default::default();
        let mut duties: BTreeMap<DutyId, [Vec<Node>; 2]> = BTreeMap::new();
        let mut advice: BTreeMap<String, [Vec<Node>; 2]> = BTreeMap::new();
        for which in [OLD, NEW] {
            let lowered = sides.on(which);
            let model = lowered.model;
            answers[which] = decisions.iter().map(|d| lowered.decision_within(*d, place)).collect();
            for id in lowered.around(place) {
                let clause = model.clause(id);
                for (i, o) in clause.obligations.iter().enumerate() {
                    let node = lowered.dd.and(lowered.obligations[id.index()][i], place);
                    o.duties.iter().for_each(|d| duties.entry(*d).or_default()[which].push(node));
                }
                for (i, a) in clause.advice.iter().enumerate() {
                    let node = lowered.dd.and(lowered.advice[id.index()][i], place);
                    advice.entry(describe(model, &a.cond)).or_default()[which].push(node);
                }
                for &decision in decisions {
                    let speaks = clause.outcome.as_ref().is_some_and(|o| o.decision == decision)
                        || (decision == VERDICT && !clause.requirements.is_empty());
                    if speaks {
                        let known = self.decides.entry((which, id, decision));
                        let node = *known.or_insert_with(|| lowered.decides_in(id, decision));
                        let node = lowered.dd.and(node, place);
                        let pair = pairs.of[which][id.index()];
                        self.deciders.entry((decision, pair)).or_default()[which].push(node);
                    }
                }
            }
            for (decision, sets) in decisions.iter().zip(&answers[which]) {
                self.deciders.entry((*decision, DEFAULT)).or_default()[which].push(sets.defaulted);
            }
        }
        let dd = sides.dd();
        for (i, &decision) in decisions.iter().enumerate() {
            for (before, a) in results(&answers[OLD][i]) {
                for (now, b) in results(&answers[NEW][i]) {
                    let node = if before == now { Diagrams::FALSE } else { dd.and(a, b) };
                    if node != Diagrams::FALSE {
                        self.results.entry((decision, before, now)).or_default().push(node);
                    }
                }
            }
        }
        let mut sort = |[before, now]: &[Vec<Node>; 2]| {
            let (a, b) = (dd.or_all(before), dd.or_all(now));
            [(true, dd.diff(b, a)), (false, dd.diff(a, b))]
        };
        for (duty, nodes) in &duties {
            for (now, node) in sort(nodes).into_iter().filter(|n| n.1 != Diagrams::FALSE) {
                self.duties.entry((*duty, now)).or_default().push(node);
            }
        }
        for (text, nodes) in &advice {
            for (now, node) in sort(nodes).into_iter().filter(|n| n.1 != Diagrams::FALSE) {
                self.advice.entry((text.clone(), now)).or_default().push(node);
            }
        }
    }

    fn sum(self, dd: &mut Diagrams, into: &mut Changes) {
        into.results = self.results.into_iter().map(|(k, nodes)| (k, dd.or_all(&nodes))).collect();
        into.duties = self.duties.into_iter().map(|(k, nodes)| (k, dd.or_all(&nodes))).collect();
        into.advice = self.advice.into_iter().map(|(k, nodes)| (k, dd.or_all(&nodes))).collect();
        for ((decision, pair), [before, now]) in self.deciders {
            let nodes = [dd.or_all(&before), dd.or_all(&now)];
            into.deciders.entry(decision).or_default().insert(pair, nodes);
        }
        for (decision, deciders) in &into.deciders {
            let others: Vec<Node> = deciders.values().map(|[a, b]| unlike(dd, *a, *b)).collect();
            let others = dd.or_all(&others);
            let changed: Vec<Node> = into.results.iter().filter(|r| r.0.0 == *decision).map(|r| *r.1).collect();
            let changed = dd.or_all(&changed);
            into.rules.insert(*decision, dd.diff(others, changed));
        }
        let all: Vec<Node> =
            into.results.values().chain(into.duties.values()).chain(into.advice.values()).copied().collect();
        into.differs = dd.or_all(&all);
    }
}
