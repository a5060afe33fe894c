//! What no expectation depends on -> the fewest expectations for it, as Ordain text.
//!
//! Each is pinned to what is decided today, for a person to confirm or to correct, and says no more than it has to: it
//! gives some facts one value each, and all cases that have these get the same. So it holds by construction.
//!
//! How few there can be is found exactly: `wanted` has every set of things that one such expectation can cover, `cover`
//! takes the fewest of these sets. Where one of the two is too much work, `least` says how many were proved to be needed.

use super::claim::run;
use super::cover::{Cover, STEPS, cover};
use super::coverage::coverage;
use super::general;
use super::mutants::{Subject, mutants};
use super::mutate::Mutation;
use super::wanted::{self, Candidate, Wanted};
use crate::decide::{Verdict, decide};
use crate::diagram::Node;
use crate::lower::Lowered;
use crate::model::*;
use crate::source::Sources;
use crate::tabulate::{Rows, result_word, rows};
use crate::witness;

/// Expectations that are missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Missing {
    /// As text, with what they are above them; empty if nothing is missing.
    pub text: String,
    pub written: usize,
    /// No fewer expectations of this kind cover what is missing.
    pub least: usize,
}

/// What stands above them.
const PINNED: &str = "// Pinned to what is decided today: confirm or correct each.";

/// The fewest expectations for everything uncovered that some case could cover, and for each of the changes that no
/// expectation would notice; in the order of the coverage and of the changes. `each` is told after every change.
pub fn missing(
    model: &Model,
    sources: &Sources,
    mutations: &[Mutation],
    budget: u64,
    each: &mut dyn FnMut(),
) -> Missing {
    // Boundaries that move need cells of their own; all are looked at together.
    let moved: Vec<&Cond> = mutations.iter().filter_map(|m| m.moved.as_ref()).collect();
    let mut lowered = Lowered::new(model, &moved, budget);
    if !lowered.dd.exhausted() {
        let tables = rows(&mut lowered, budget);
        if !lowered.dd.exhausted() {
            let (pinned, least) = together(&mut lowered, sources, &tables, mutations, each);
            return text(&pinned, least);
        }
    }
    // Too many cells: what is uncovered first, then each change by itself.
    let mut plain = Lowered::new(model, &[], budget);
    let tables = rows(&mut plain, budget);
    let (mut pinned, least) = together(&mut plain, sources, &tables, &[], each);
    let results = run(&mut plain, sources);
    for survivor in mutants(&mut plain, &results, mutations, budget, each).survivors {
        if !pinned.iter().any(|p| p.notices(model, &survivor.mutation)) {
            pinned.push(Pinned { subject: survivor.subject, case: survivor.case, line: survivor.expectation });
        }
    }
    let least = least.max(usize::from(!pinned.is_empty()));
    text(&pinned, least)
}

/// An expectation, with a case that it is about.
struct Pinned {
    subject: Subject,
    case: Case,
    line: String,
}

impl Pinned {
    /// The change decides its case differently.
    fn notices(&self, model: &Model, mutation: &Mutation) -> bool {
        let (before, after) = (decide(model, &self.case), decide(&mutation.apply(model), &self.case));
        match self.subject {
            Subject::Decision(d) => before.answers[d.index()].result != after.answers[d.index()].result,
            Subject::Duty(duty) => before.duties.contains(&duty) && !after.duties.contains(&duty),
        }
    }
}

fn text(pinned: &[Pinned], least: usize) -> Missing {
    let written = pinned.len();
    let mut text = String::new();
    if written > 0 {
        text = format!("{PINNED}\n");
        if least < written {
            text.push_str(&format!("// They may be more than are needed: {least} at least, {written} are written.\n"));
        }
        pinned.iter().for_each(|p| text.push_str(&format!("{}\n", p.line)));
    }
    Missing { text, written, least }
}

/// The fewest expectations, and how many are needed at least.
fn together(
    lowered: &mut Lowered<'_>,
    sources: &Sources,
    tables: &[Rows],
    mutations: &[Mutation],
    each: &mut dyn FnMut(),
) -> (Vec<Pinned>, usize) {
    let model = lowered.model;
    let results = run(lowered, sources);
    let coverage = coverage(lowered, &results, tables);
    let holding: Vec<&Expectation> = results
        .iter()
        .filter(|r| r.finished && r.holds && !r.vacuous)
        .map(|r| &model.expectations[r.id.index()])
        .collect();
    let mut wanted = wanted::uncovered(lowered, &coverage);
    wanted.extend(wanted::unnoticed(lowered, &holding, mutations, each));
    let (mut chosen, least) = fewest(lowered, &wanted);
    chosen.sort_by_key(|c| c.covers.first());
    (chosen.iter().filter_map(|c| pinned(lowered, &wanted, c)).collect(), least)
}

/// As few candidates as cover all that is wanted, and how many are needed at least.
pub(super) fn fewest(lowered: &mut Lowered<'_>, wanted: &[Wanted]) -> (Vec<Candidate>, usize) {
    let candidates = wanted::candidates(lowered, wanted);
    let sets: Vec<Bits> = candidates.all.iter().map(|c| c.covers.clone()).collect();
    let Cover { chosen, least } = cover(&sets, STEPS);
    // Of some candidates the fewest may be more than of all; but each is about one result.
    let least = if candidates.some_only { cover(&candidates.apart, STEPS).least.min(chosen.len()) } else { least };
    (chosen.into_iter().map(|i| candidates.all[i].clone()).collect(), least)
}

/// The expectation of a candidate; `None` where its cases turn out not to exist.
fn pinned(lowered: &mut Lowered<'_>, wanted: &[Wanted], candidate: &Candidate) -> Option<Pinned> {
    let model = lowered.model;
    let Candidate { subject, covers, cases, given } = candidate;
    let by = covers.iter().find_map(|i| wanted.get(i)?.by.filter(|c| decides(lowered, *c, *subject, *cases)));
    let first = covers.iter().find_map(|i| wanted.get(i)?.places.iter().find(|p| p.0 == *subject)).map(|p| p.1);
    let told = match given {
        Some(facts) => {
            // A condition cannot say that a fact is absent, so its case has them all.
            let present = general::present(lowered, *cases, facts);
            let (case, _) = witness::choose(lowered, present, first)?;
            let facts = witness::with_head(lowered, &case, facts);
            Told::of(model, *subject, case, facts, by)?
        }
        None => match subject {
            Subject::Decision(decision) => Told::decided(lowered, *decision, *cases, by)?,
            Subject::Duty(duty) => Told::obliged(lowered, *duty, *cases, by)?,
        },
    };
    Some(Pinned { subject: *subject, line: told.text(model), case: told.case })
}

/// Whether the clause decides, or obliges, in all of these cases.
fn decides(lowered: &mut Lowered<'_>, clause: ClauseId, subject: Subject, cases: Node) -> bool {
    let own = match subject {
        Subject::Decision(decision) => lowered.decides_in(clause, decision),
        Subject::Duty(duty) => super::claim::obliges(lowered, clause, duty),
    };
    lowered.dd.implies(cases, own)
}

/// An expectation about the cases that agree with one case on some facts.
pub(super) struct Told {
    pub case: Case,
    pub facts: Vec<FactId>,
    pub claim: String,
    /// ` by phone`, or empty.
    pub by: String,
}

impl Told {
    /// What is decided today in one case of the region, and in all that agree with it on its facts.
    pub fn decided(
        lowered: &mut Lowered<'_>,
        decision: DecisionId,
        region: Node,
        by: Option<ClauseId>,
    ) -> Option<Self> {
        let model = lowered.model;
        let (case, _) = witness::choose(lowered, region, None)?;
        let sets = lowered.decision(decision);
        let same = match decide(model, &case).answers.get(decision.index())?.result {
            Verdict::Is(v) => sets.result[v as usize],
            Verdict::Conflict => sets.conflict,
            Verdict::Undecided => sets.undecided,
        };
        let region = lowered.dd.and(region, same);
        let facts = witness::relevant_facts(lowered, region, &case);
        Self::of(model, Subject::Decision(decision), case, facts, by)
    }

    /// That a duty follows in one case of the region, all of which have it, and in all that agree with it on its facts.
    pub fn obliged(lowered: &mut Lowered<'_>, duty: DutyId, region: Node, by: Option<ClauseId>) -> Option<Self> {
        let (case, facts) = witness::choose(lowered, region, None)?;
        Self::of(lowered.model, Subject::Duty(duty), case, facts, by)
    }

    /// What the case gets, of all cases that agree with it on the facts.
    fn of(model: &Model, subject: Subject, case: Case, facts: Vec<FactId>, by: Option<ClauseId>) -> Option<Self> {
        let claim = match subject {
            Subject::Duty(duty) => format!("obliges {}", model.duty(duty).name),
            Subject::Decision(decision) => {
                let result = decide(model, &case).answers.get(decision.index())?.result;
                let word = result_word(model, decision, result);
                match (decision, result) {
                    (VERDICT, _) => word,
                    (_, Verdict::Is(_)) => format!("{} is {word}", model.decision(decision).name),
                    _ => format!("{word} {}", model.decision(decision).name),
                }
            }
        };
        let by = by.map(|c| format!(" by {}", model.clause(c).path)).unwrap_or_default();
        Some(Self { case, facts, claim, by })
    }

    /// As Ordain text.
    pub fn text(&self, model: &Model) -> String {
        let title = show::sentence(model, &self.case, &self.facts).replace('\\', "\\\\").replace('"', "\\\"");
        let tail = show::claim_tail(model, &self.case, &self.facts);
        format!("expect \"{title}\" {{ {}{tail}{} }}", self.claim, self.by)
    }
}
