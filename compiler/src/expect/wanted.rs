//! What no expectation depends on, and changes that none would notice -> what is wanted of new expectations; and from that
//! the conditions that give most of it together.
//!
//! An expectation is about one **subject**, a decision or a duty. What is wanted has, by subject, a set of cases: one
//! expectation of the subject that is about a case of the set will do. A **candidate** is a subject with a condition in
//! whose cases the same is decided: one that gives some facts one value each (`general`), or one that says as much of one
//! case as makes it cover what it covers (`together`), which is needed for moments that are measured against one another.
//! Of either kind all are there that cover something which no other one covers besides.

use super::coverage::{Coverage, depended_on};
use super::general::{self, Cube};
use super::mutants::{Sides, Subject, Trial, trial};
use super::mutate::Mutation;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::tabulate::carries_duties;

/// Candidates of one subject and result that are kept while they are looked for.
const CANDIDATES: usize = 20_000;

/// One thing to be covered.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Where an expectation about the subject covers it; never empty sets.
    pub places: Vec<(Subject, Node)>,
    /// The clause whose word it is, if it is about one that decides or obliges.
    pub by: Option<ClauseId>,
}

/// An expectation that can be written.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub subject: Subject,
    /// What it covers: indexes into what is wanted.
    pub covers: Bits,
    /// Cases that it is about, in which the same is decided.
    pub cases: Node,
    /// The facts that have one value each in these cases, and no others; else it is about one of the cases, told by the
    /// facts that make it one.
    pub given: Option<Vec<FactId>>,
}

/// All candidates, or some.
#[derive(Debug, Default)]
pub struct Candidates {
    pub all: Vec<Candidate>,
    /// There were too many, or too much work: of some results only a few are there, which cover all that any can.
    pub some_only: bool,
    /// By subject and result: what can be covered there at all. No expectation is about two of these.
    pub apart: Vec<Bits>,
}

/// What is uncovered and can be covered, in the order of the coverage.
pub fn uncovered(lowered: &mut Lowered<'_>, coverage: &Coverage) -> Vec<Wanted> {
    let model = lowered.model;
    let decisions: Vec<DecisionId> = (0..model.decisions.len() as u32).map(DecisionId).collect();
    let mut wanted = Vec::new();
    for uncovered in coverage.clauses.iter().filter(|c| c.by.is_empty()) {
        let id = uncovered.clause;
        let mut places: Vec<(Subject, Node)> =
            decisions.iter().map(|d| (Subject::Decision(*d), depended_on(lowered, id, *d))).collect();
        for duty in (0..model.duties.len() as u32).map(DutyId) {
            places.push((Subject::Duty(duty), super::claim::obliges(lowered, id, duty)));
        }
        let by = (!model.clause(id).waive).then_some(id);
        wanted.push(Wanted { places, by });
    }
    for uncovered in coverage.provisos.iter().filter(|p| p.by.is_empty()) {
        let places = vec![(Subject::Decision(VERDICT), uncovered.region)];
        wanted.push(Wanted { places, by: Some(uncovered.clause) });
    }
    for table in &coverage.rows {
        for (_, region) in table.rows.iter().filter(|r| r.0.is_empty()) {
            let mut places = vec![(Subject::Decision(table.decision), *region)];
            if carries_duties(model, table.decision) {
                for (i, follows) in lowered.duties().into_iter().enumerate() {
                    places.push((Subject::Duty(DutyId(i as u32)), lowered.dd.and(*region, follows)));
                }
            }
            wanted.push(Wanted { places, by: None });
        }
    }
    wanted.iter_mut().for_each(|w| w.places.retain(|p| p.1 != Diagrams::FALSE));
    wanted.retain(|w| !w.places.is_empty());
    wanted
}

/// The changes that the expectations which hold would not notice; those for which the budget does not suffice are left
/// out. Their conditions can be expressed in the space.
pub fn unnoticed(
    lowered: &mut Lowered<'_>,
    holding: &[&Expectation],
    mutations: &[Mutation],
    each: &mut dyn FnMut(),
) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    for mutation in mutations {
        let mark = lowered.dd.begin();
        let changed_model = mutation.apply(lowered.model);
        let before = Sides::of(lowered);
        // The changed policy's diagrams grow behind the policy's own, and stay.
        let dd = std::mem::replace(&mut lowered.dd, Diagrams::new(Vec::new(), 0));
        let mut changed = Lowered::over(&changed_model, lowered.space.clone(), dd);
        let trial = trial(&before, &mut changed, holding);
        lowered.dd = changed.dd;
        match trial {
            Trial::Unfinished => lowered.roll_back(mark),
            Trial::Open(places) => wanted.push(Wanted { places, by: None }),
            Trial::Killed | Trial::Equivalent => {}
        }
        each();
    }
    wanted
}

/// The candidates for what is wanted: decisions before duties.
pub fn candidates(lowered: &mut Lowered<'_>, wanted: &[Wanted]) -> Candidates {
    let model = lowered.model;
    let mut found = Candidates::default();
    for decision in (0..model.decisions.len() as u32).map(DecisionId) {
        let sets = lowered.decision(decision);
        let results = sets.result.iter().chain([&sets.conflict, &sets.undecided]);
        results.for_each(|result| within(lowered, wanted, Subject::Decision(decision), *result, &mut found));
    }
    for (i, follows) in lowered.duties().into_iter().enumerate() {
        within(lowered, wanted, Subject::Duty(DutyId(i as u32)), follows, &mut found);
    }
    found
}

/// The candidates of one subject and result.
fn within(lowered: &mut Lowered<'_>, wanted: &[Wanted], subject: Subject, result: Node, found: &mut Candidates) {
    let mut places = Vec::new();
    for (i, one) in wanted.iter().enumerate() {
        for (_, node) in one.places.iter().filter(|p| p.0 == subject) {
            let here = lowered.dd.and(*node, result);
            places.extend((here != Diagrams::FALSE).then_some((i, here)));
        }
    }
    if places.is_empty() {
        return;
    }
    found.apart.push(places.iter().map(|p| p.0).collect());
    lowered.dd.begin();
    let steps = lowered.dd.steps_left();
    match lowered.attempt(steps, |lowered| general::cubes(lowered, result, &places)).flatten() {
        None => found.some_only = true,
        Some(cubes) => {
            for Cube { covers, facts, cells } in cubes {
                let cases = general::cases(lowered, &cells);
                found.all.push(Candidate { subject, covers, cases, given: Some(facts) });
            }
        }
    }
    lowered.dd.begin();
    let steps = lowered.dd.steps_left();
    let parts = lowered.attempt(steps, |lowered| together(&mut lowered.dd, &places)).flatten();
    let parts = parts.unwrap_or_else(|| {
        found.some_only = true;
        lowered.dd.begin();
        let steps = lowered.dd.steps_left();
        let some = lowered.attempt(steps, |lowered| first_fit(&mut lowered.dd, &places));
        some.unwrap_or_else(|| places.iter().map(|(i, node)| (Bits::one(*i), *node)).collect())
    });
    found.all.extend(parts.into_iter().map(|(covers, cases)| Candidate { subject, covers, cases, given: None }));
}

/// The parts of all places in which the same of them meet, but those where all of this and more meets elsewhere. `None` if
/// there are too many on the way.
fn together(dd: &mut Diagrams, places: &[(usize, Node)]) -> Option<Vec<(Bits, Node)>> {
    // What comes from each place on.
    let mut coming = vec![Diagrams::FALSE; places.len() + 1];
    for (at, (_, node)) in places.iter().enumerate().rev() {
        coming[at] = dd.or(coming[at + 1], *node);
    }
    let mut parts: Vec<(Bits, Node)> = Vec::new();
    for (at, &(i, node)) in places.iter().enumerate() {
        let mut alone = node;
        let mut next = Vec::with_capacity(parts.len() + 1);
        for (covers, part) in parts {
            if dd.disjoint(part, node) {
                next.push((covers, part));
                continue;
            }
            let (inside, outside) = (dd.and(part, node), dd.diff(part, node));
            alone = dd.diff(alone, part);
            let with = covers.union(&Bits::one(i));
            next.push((with, inside));
            // What meets nothing that comes has less than its other part, for good.
            if !dd.disjoint(outside, coming[at + 1]) {
                next.push((covers, outside));
            }
        }
        if alone != Diagrams::FALSE {
            next.push((Bits::one(i), alone));
        }
        if next.len() > CANDIDATES || dd.exhausted() {
            return None;
        }
        parts = next;
    }
    Some(parts)
}

/// Places put together, each with the first others that it meets.
fn first_fit(dd: &mut Diagrams, places: &[(usize, Node)]) -> Vec<(Bits, Node)> {
    let mut parts: Vec<(Bits, Node)> = Vec::new();
    for (i, node) in places {
        match parts.iter().position(|p| !dd.disjoint(p.1, *node)) {
            Some(at) => {
                parts[at].1 = dd.and(parts[at].1, *node);
                parts[at].0.insert(*i);
            }
            None => parts.push((Bits::one(*i), *node)),
        }
    }
    parts
}
