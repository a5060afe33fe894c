//! Some facts of a case -> what it gets, why, what is missing, and what would change it.
//!
//! ```text
//! given facts --pins--> conditions --lower--> region: the kinds of case that agree with what is given
//!     one result in the region      -> settled, whatever the missing facts are
//!     several                       -> the fewest facts whose values settle it (projection, dropped one by one)
//!     the cheapest way through the other results' diagram -> the nearest change (`flip`)
//! ```
//!
//! Every given value becomes a cell of its own, so answers are exact for it and not only for its kind of case. What is
//! shown of one case is replayed through `decide`. Must not know where the facts come from or how answers are printed.

mod document;
mod flip;
pub mod given;

pub use document::{Document, Writer, advice_text};
pub use flip::Flip;
pub use given::{Given, Refused};

use crate::decide::{Status, Verdict, decide};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show;
use crate::model::*;
use crate::source::Sources;
use crate::space::Space;
use crate::tabulate;
use crate::witness;

/// A fact and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub fact: FactId,
    pub given: Given,
}

/// What cases with the given facts get.
#[derive(Debug, Clone)]
pub struct Explained {
    /// Of every decision that the policy makes.
    pub answers: Vec<Settled>,
    pub duties: Vec<Follows<DutyId>>,
    /// Clause and index into its advice.
    pub advice: Vec<Follows<(ClauseId, usize)>>,
    /// One case with the given facts, with values a person would choose for the others.
    pub case: Case,
    /// How many kinds of case have the given facts, given values counted as kinds of their own.
    pub kinds: u128,
}

/// One decision's answer.
#[derive(Debug, Clone)]
pub struct Settled {
    pub decision: DecisionId,
    /// The result, if all cases with the given facts have the same.
    pub result: Option<Verdict>,
    /// All results that such cases have.
    pub possible: Vec<Possible>,
    /// The fewest missing facts that settle it; empty where it is settled.
    pub depends_on: Vec<FactId>,
    /// The clauses whose word it is.
    pub by: Vec<Decider>,
    pub by_default: bool,
    /// For settled ones: the nearest case with another result.
    pub flip: Option<Flip>,
}

#[derive(Debug, Clone)]
pub struct Possible {
    pub result: Verdict,
    pub case: Case,
    /// The missing facts that lead there, in reading order.
    pub facts: Vec<FactId>,
}

#[derive(Debug, Clone)]
pub struct Decider {
    pub clause: ClauseId,
    /// It decides in all cases with the given facts, not only in some.
    pub always: bool,
    /// Provisos and requirements of it that fail: the proviso's name, if it has one, and why.
    pub failing: Vec<(Option<String>, String)>,
}

/// A duty or advice that follows.
#[derive(Debug, Clone)]
pub struct Follows<T> {
    pub what: T,
    pub always: bool,
    pub by: Vec<ClauseId>,
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The diagrams outgrew the budget.
    Exhausted,
    /// No case has these facts: the fewest of them that contradict, and why, a sentence each.
    NoCase { facts: Vec<FactId>, why: Vec<String> },
}

/// That no case has these values, in words; `asked` if a condition was asked about besides.
pub fn no_such_case(model: &Model, facts: &[FactId], asked: bool) -> String {
    let names: Vec<String> = facts.iter().map(|f| format!("`{}`", model.fact(*f).name)).collect();
    match (names.as_slice(), asked) {
        ([], _) => "no case fulfils the condition".to_string(),
        ([one], false) => format!("no case has this value of {one}"),
        (names, false) => format!("no case has these values of {}", show::list(names, "and")),
        ([one], true) => format!("no case fulfils the condition with this value of {one}"),
        (names, true) => format!("no case fulfils the condition with these values of {}", show::list(names, "and")),
    }
}

/// Explains the cases that agree with the known facts and lie in `scope`.
pub fn explain(
    model: &Model,
    sources: &Sources,
    known: &[Known],
    scope: Option<&Cond>,
    budget: u64,
) -> Result<Explained, Fault> {
    let pins: Vec<Cond> = known.iter().map(|k| given::condition(model, k.fact, &k.given)).collect();
    let extra: Vec<&Cond> = pins.iter().chain(scope).collect();
    let mut lowered = Lowered::new(model, &extra, budget);
    let mut region = match scope {
        Some(scope) => lowered.cond(scope),
        None => lowered.space.valid,
    };
    for pin in &pins {
        let node = lowered.cond(pin);
        region = lowered.dd.and(region, node);
    }
    if lowered.dd.exhausted() {
        return Err(Fault::Exhausted);
    }
    let Some((case, _)) = witness::choose(&mut lowered, region, None) else {
        return Err(no_case(&mut lowered, known, &pins, scope));
    };
    let mut explainer = Explainer { lowered, sources, known, region, case };
    let answers = tabulate::decisions(model).into_iter().map(|d| explainer.settle(d)).collect();
    let explained = Explained {
        answers,
        duties: explainer.duties(),
        advice: explainer.advice(),
        kinds: explainer.lowered.dd.count(region),
        case: explainer.case,
    };
    if explainer.lowered.dd.exhausted() { Err(Fault::Exhausted) } else { Ok(explained) }
}

struct Explainer<'m, 'a> {
    lowered: Lowered<'m>,
    sources: &'a Sources,
    known: &'a [Known],
    region: Node,
    case: Case,
}

impl Explainer<'_, '_> {
    fn settle(&mut self, decision: DecisionId) -> Settled {
        let parts = self.parts(decision);
        let settled = match parts.as_slice() {
            [(result, _)] => Some(*result),
            _ => None,
        };
        let possible = match settled {
            Some(result) => vec![Possible { result, case: self.case.clone(), facts: Vec::new() }],
            None => parts.iter().filter_map(|(result, node)| self.possible(*result, *node)).collect(),
        };
        let defaulted = self.lowered.decision(decision).defaulted;
        Settled {
            decision,
            result: settled,
            depends_on: if settled.is_some() { Vec::new() } else { self.missing(&parts) },
            by: if settled.is_some() { self.deciders(decision) } else { Vec::new() },
            by_default: self.lowered.dd.implies(self.region, defaulted),
            flip: settled.and_then(|result| {
                let known: Vec<FactId> = self.known.iter().map(|k| k.fact).collect();
                flip::nearest(&mut self.lowered, decision, result, &self.case, &known)
            }),
            possible,
        }
    }

    /// The results that cases of the region have, each with these cases.
    fn parts(&mut self, decision: DecisionId) -> Vec<(Verdict, Node)> {
        let sets = self.lowered.decision(decision);
        let results = sets.result.iter().enumerate().map(|(v, node)| (Verdict::Is(v as u32), *node));
        let all: Vec<_> =
            results.chain([(Verdict::Conflict, sets.conflict), (Verdict::Undecided, sets.undecided)]).collect();
        let here = all.into_iter().map(|(result, node)| (result, self.lowered.dd.and(node, self.region)));
        here.filter(|(_, node)| *node != Diagrams::FALSE).collect()
    }

    fn possible(&mut self, result: Verdict, node: Node) -> Option<Possible> {
        let (case, mut facts) = witness::choose(&mut self.lowered, node, None)?;
        facts.retain(|f| self.known.iter().all(|k| k.fact != *f || !k.given.is_one()));
        Some(Possible { result, case, facts })
    }

    /// The fewest unknown facts whose values tell the parts apart: dropped one by one while they still do.
    fn missing(&mut self, parts: &[(Verdict, Node)]) -> Vec<FactId> {
        let model = self.lowered.model;
        let sure = |f: &FactId| self.known.iter().any(|k| k.fact == *f && k.given.is_one());
        let mut kept: Vec<FactId> = show::reading_order(model);
        kept.retain(|f| !sure(f) && !self.lowered.space.axes_of(*f).is_empty());
        let known: Vec<FactId> = model.fact_ids().filter(sure).collect();
        for fact in kept.clone().into_iter().rev() {
            let fewer: Vec<FactId> = kept.iter().copied().filter(|f| *f != fact).collect();
            if self.tells(parts, &known, &fewer) {
                kept = fewer;
            }
        }
        kept
    }

    /// Whether no two parts have cases that agree on all these facts.
    fn tells(&mut self, parts: &[(Verdict, Node)], known: &[FactId], facts: &[FactId]) -> bool {
        let open = |f: FactId| !known.contains(&f) && !facts.contains(&f);
        let space = &self.lowered.space;
        let levels: Vec<usize> = (0..space.axes.len()).filter(|&axis| facts_of(space, axis).any(open)).collect();
        let dd = &mut self.lowered.dd;
        let shadows: Vec<Node> = parts.iter().map(|(_, node)| dd.exists(*node, &levels)).collect();
        shadows.iter().enumerate().all(|(i, a)| shadows[..i].iter().all(|b| dd.disjoint(*a, *b)))
    }

    /// Who decides, and what of it fails.
    fn deciders(&mut self, decision: DecisionId) -> Vec<Decider> {
        let model = self.lowered.model;
        let decided = decide(model, &self.case);
        let mut deciders = Vec::new();
        for clause in model.clause_ids() {
            let mut decides = match &model.clause(clause).outcome {
                Some(outcome) if outcome.decision == decision => self.lowered.decides_by_outcome(clause),
                _ => Diagrams::FALSE,
            };
            if decision == VERDICT {
                let by_requirement = self.lowered.decides_by_requirement(clause);
                decides = self.lowered.dd.or(decides, by_requirement);
            }
            if self.lowered.dd.disjoint(decides, self.region) {
                continue;
            }
            let always = self.lowered.dd.implies(self.region, decides);
            let failing = self.failing(clause, decided.status.of(clause));
            deciders.push(Decider { clause, always, failing });
        }
        deciders
    }

    /// The provisos and requirements of a clause that fail in every case of the region.
    fn failing(&mut self, id: ClauseId, status: &Status) -> Vec<(Option<String>, String)> {
        let Status::Stands { failing, failing_requirements, .. } = status else { return Vec::new() };
        let model = self.lowered.model;
        let clause = model.clause(id);
        let mut found = Vec::new();
        let provisos = clause.outcome.iter().flat_map(|o| &o.provisos).enumerate();
        for (i, proviso) in provisos.filter(|(i, _)| failing.contains(i)) {
            let holds = self.lowered.provisos[id.index()][i];
            if self.lowered.dd.disjoint(holds, self.region) {
                let why = show::failing(model, self.sources, &proviso.cond, &self.case);
                found.push((Some(proviso.name.to_string()), why));
            }
        }
        let requirements = clause.requirements.iter().enumerate();
        for (i, requirement) in requirements.filter(|(i, _)| failing_requirements.contains(i)) {
            let fails = self.lowered.fails[id.index()][i];
            if self.lowered.dd.implies(self.region, fails) {
                found.push((None, show::failing(model, self.sources, &requirement.cond, &self.case)));
            }
        }
        found
    }

    fn duties(&mut self) -> Vec<Follows<DutyId>> {
        let model = self.lowered.model;
        let mut found = Vec::new();
        for duty in (0..model.duties.len() as u32).map(DutyId) {
            let node = self.lowered.duty(duty);
            if self.lowered.dd.disjoint(node, self.region) {
                continue;
            }
            let always = self.lowered.dd.implies(self.region, node);
            let mut by = Vec::new();
            for clause in model.clause_ids() {
                let obligations =
                    model.clause(clause).obligations.iter().zip(self.lowered.obligations[clause.index()].clone());
                let mut here = obligations.filter(|(o, _)| o.duties.contains(&duty));
                if here.any(|(_, node)| !self.lowered.dd.disjoint(node, self.region)) {
                    by.push(clause);
                }
            }
            found.push(Follows { what: duty, always, by });
        }
        found
    }

    fn advice(&mut self) -> Vec<Follows<(ClauseId, usize)>> {
        let mut found = Vec::new();
        for clause in self.lowered.model.clause_ids() {
            for (i, node) in self.lowered.advice[clause.index()].clone().into_iter().enumerate() {
                if !self.lowered.dd.disjoint(node, self.region) {
                    let always = self.lowered.dd.implies(self.region, node);
                    found.push(Follows { what: (clause, i), always, by: vec![clause] });
                }
            }
        }
        found
    }
}

/// The facts of an axis: one, or two for a distance.
fn facts_of(space: &Space, axis: usize) -> impl Iterator<Item = FactId> + use<> {
    let (one, other) = space.axes[axis].kind.facts();
    std::iter::once(one).chain(other)
}

/// The fewest facts that contradict one another, and what rules them out.
fn no_case(lowered: &mut Lowered<'_>, known: &[Known], pins: &[Cond], scope: Option<&Cond>) -> Fault {
    let model = lowered.model;
    let mut nodes: Vec<(usize, Node)> = Vec::new();
    for (i, pin) in pins.iter().enumerate() {
        nodes.push((i, lowered.raw(pin)));
    }
    let scope = scope.map_or(Diagrams::TRUE, |scope| lowered.raw(scope));
    let empty = |lowered: &mut Lowered<'_>, nodes: &[(usize, Node)]| {
        let mut all: Vec<Node> = nodes.iter().map(|n| n.1).collect();
        all.extend([scope, lowered.space.valid]);
        lowered.dd.and_all(&all) == Diagrams::FALSE
    };
    for i in (0..nodes.len()).rev() {
        let mut fewer = nodes.clone();
        fewer.remove(i);
        if empty(lowered, &fewer) {
            nodes = fewer;
        }
    }
    let mut why = Vec::new();
    for &(i, _) in &nodes {
        let fact = model.fact(known[i].fact);
        let Some(exists) = &fact.exists_if else { continue };
        let others: Vec<Node> = nodes.iter().filter(|n| n.0 != i).map(|n| n.1).collect();
        let others = lowered.dd.and_all(&others);
        let exists_node = lowered.raw(exists);
        let exists = show::describe(model, exists);
        if known[i].given != Given::Absent && lowered.dd.disjoint(others, exists_node) {
            why.push(format!("`{}` exists only if {exists}", fact.name));
        } else if known[i].given == Given::Absent && lowered.dd.implies(others, exists_node) {
            why.push(format!("`{}` exists if {exists}", fact.name));
        }
    }
    let all: Vec<Node> = nodes.iter().map(|n| n.1).chain([scope]).collect();
    let all = lowered.dd.and_all(&all);
    for assumption in &model.assumptions {
        let node = lowered.raw(&assumption.cond);
        if all != Diagrams::FALSE && lowered.dd.disjoint(all, node) {
            why.push(match (&assumption.because, assumption.implied) {
                (_, true) => "the policy is not in force on this date".to_string(),
                (Some(because), _) => format!("it is assumed not to occur: {because}"),
                (None, _) => format!("it is assumed that {}", show::describe(model, &assumption.cond)),
            });
        }
    }
    Fault::NoCase { facts: nodes.iter().map(|n| known[n.0].fact).collect(), why }
}

#[cfg(test)]
mod tests;
