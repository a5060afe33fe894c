//! Changes of a policy, and its expectations -> which changes they would notice.
//!
//! The changed policy and the policy share one space, so the cases that they decide differently are a diagram, and where it
//! is empty the change is proved to change nothing. Else it is **noticed** if an expectation that holds of the policy does
//! not hold of the changed one. For one that is not, a case is chosen that is decided differently, decided by the
//! reference both ways, and written as the expectation that would notice. What no claim can see (more duties than before,
//! another rule that decides the same, other advice) counts as no difference.

use super::claim::{ExpectationResult, holds};
use super::missing::Told;
use super::mutate::Mutation;
use crate::decide::{Decided, decide};
use crate::diagram::{Diagrams, Node};
use crate::lower::{DecisionSets, Lowered};
use crate::model::*;
use crate::tabulate::result_word;
use std::sync::Arc;

/// What became of all changes.
#[derive(Debug, Clone, Default)]
pub struct Mutants {
    /// Expectations notice them.
    pub killed: usize,
    /// They decide no case differently.
    pub equivalent: usize,
    /// The budget did not suffice.
    pub unfinished: usize,
    pub survivors: Vec<Survivor>,
}

/// A change that no expectation notices.
#[derive(Debug, Clone)]
pub struct Survivor {
    pub mutation: Mutation,
    /// A case that is decided differently.
    pub sentence: String,
    /// What it gets today, and what it would get.
    pub today: String,
    pub then: String,
    /// The expectation that would notice, and what it is about.
    pub expectation: String,
    pub subject: Subject,
    pub case: Case,
}

/// What became of one change.
#[derive(Debug, Clone)]
pub enum Fate {
    Killed,
    Equivalent,
    Unfinished,
    Survives(Box<Survivor>),
}

impl Mutants {
    /// Noticed, and all that could be.
    pub fn score(&self) -> (usize, usize) {
        (self.killed, self.killed + self.survivors.len())
    }
}

/// Tries all changes. `each` is told after every one.
pub fn mutants(
    lowered: &mut Lowered<'_>,
    results: &[ExpectationResult],
    mutations: &[Mutation],
    budget: u64,
    each: &mut dyn FnMut(),
) -> Mutants {
    let model = lowered.model;
    let holding: Vec<&Expectation> = results
        .iter()
        .filter(|r| r.finished && r.holds && !r.vacuous)
        .map(|r| &model.expectations[r.id.index()])
        .collect();
    let mut all = Mutants::default();
    for mutation in mutations {
        let fate = match &mutation.moved {
            // A moved boundary needs cells that the policy has no use for.
            Some(cond) => one(&mut Lowered::new(model, &[cond], budget), &holding, mutation),
            None => one(lowered, &holding, mutation),
        };
        match fate {
            Fate::Killed => all.killed += 1,
            Fate::Equivalent => all.equivalent += 1,
            Fate::Unfinished => all.unfinished += 1,
            Fate::Survives(survivor) => all.survivors.push(*survivor),
        }
        each();
    }
    all
}

fn one(lowered: &mut Lowered<'_>, holding: &[&Expectation], mutation: &Mutation) -> Fate {
    let model = lowered.model;
    let before = Sides::of(lowered);
    let changed_model = mutation.apply(model);
    let mut changed = Lowered::over(&changed_model, lowered.space.clone(), lowered.dd.clone());
    let differs = match trial(&before, &mut changed, holding) {
        Trial::Killed => return Fate::Killed,
        Trial::Equivalent => return Fate::Equivalent,
        Trial::Unfinished => return Fate::Unfinished,
        Trial::Open(differs) => differs,
    };
    // The region's nodes are those of the changed policy's diagrams; today's answers are sought among them.
    let mut today = Lowered::over(model, changed.space.clone(), changed.dd.clone());
    let told = differs.iter().find_map(|(subject, region)| survivor(&mut today, mutation, *subject, *region));
    told.map_or(Fate::Unfinished, |told| Fate::Survives(Box::new(told)))
}

/// What an expectation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Decision(DecisionId),
    Duty(DutyId),
}

/// All that a policy says.
pub(super) struct Sides {
    decisions: Vec<Arc<DecisionSets>>,
    duties: Vec<Node>,
    /// The budget did not suffice.
    exhausted: bool,
}

impl Sides {
    pub fn of(lowered: &mut Lowered<'_>) -> Self {
        let decisions = (0..lowered.model.decisions.len() as u32).map(|d| lowered.decision(DecisionId(d))).collect();
        let duties = lowered.duties();
        Self { decisions, duties, exhausted: lowered.dd.exhausted() }
    }
}

/// What became of a change, before anybody is told.
pub(super) enum Trial {
    Killed,
    Equivalent,
    Unfinished,
    /// No expectation notices it, and here it decides differently: what an expectation of this subject would notice.
    Open(Vec<(Subject, Node)>),
}

/// Holds what a policy says against the changed one, whose diagrams are those of the policy, or a copy.
pub(super) fn trial(before: &Sides, changed: &mut Lowered<'_>, holding: &[&Expectation]) -> Trial {
    let mut differs: Vec<(Subject, Node)> = Vec::new();
    for (decision, before) in (0..).map(DecisionId).zip(&before.decisions) {
        let after = changed.decision(decision);
        let region = different(&mut changed.dd, before, &after);
        differs.push((Subject::Decision(decision), region));
    }
    for (duty, before) in (0..).map(DutyId).zip(&before.duties) {
        let after = changed.duty(duty);
        // There is no claim that a duty does not follow.
        let lost = changed.dd.diff(*before, after);
        differs.push((Subject::Duty(duty), lost));
    }
    if changed.dd.exhausted() || before.exhausted {
        return Trial::Unfinished;
    }
    differs.retain(|d| d.1 != Diagrams::FALSE);
    if differs.is_empty() {
        return Trial::Equivalent;
    }
    let killed = holding.iter().any(|expectation| !holds(changed, expectation));
    match (changed.dd.exhausted(), killed) {
        (true, _) => Trial::Unfinished,
        (false, true) => Trial::Killed,
        (false, false) => Trial::Open(differs),
    }
}

/// The cases that get another result.
fn different(dd: &mut Diagrams, before: &DecisionSets, after: &DecisionSets) -> Node {
    let of =
        |sets: &DecisionSets| sets.result.iter().copied().chain([sets.conflict, sets.undecided]).collect::<Vec<Node>>();
    let parts: Vec<Node> = of(before).into_iter().zip(of(after)).map(|(a, b)| dd.diff(a, b)).collect();
    dd.or_all(&parts)
}

/// A case of the region in words, what it gets both ways, and the expectation about it.
fn survivor(today: &mut Lowered<'_>, mutation: &Mutation, subject: Subject, region: Node) -> Option<Survivor> {
    let model = today.model;
    let told = match subject {
        Subject::Decision(decision) => Told::decided(today, decision, region, None)?,
        Subject::Duty(duty) => Told::obliged(today, duty, region, None)?,
    };
    let changed = mutation.apply(model);
    let (before, then) = (decide(model, &told.case), decide(&changed, &told.case));
    let words = |model: &Model, decided: &Decided| match subject {
        Subject::Decision(decision) => {
            decided.answers.get(decision.index()).map_or(String::new(), |a| result_word(model, decision, a.result))
        }
        Subject::Duty(duty) if decided.duties.contains(&duty) => format!("`{}`", model.duty(duty).name),
        Subject::Duty(duty) => format!("not `{}`", model.duty(duty).name),
    };
    let (before, then) = (words(model, &before), words(&changed, &then));
    // The reference has the last word.
    (before != then).then(|| Survivor {
        mutation: mutation.clone(),
        sentence: show::sentence(model, &told.case, &told.facts),
        today: before,
        then,
        expectation: told.text(model),
        subject,
        case: told.case,
    })
}
