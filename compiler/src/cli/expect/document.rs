//! The results of expectations -> JSON, see `docs/schema/expect.schema.json`.

use crate::cli::load;
use crate::diagnostics::json::{self, Given, Place};
use crate::expect::{Coverage, ExpectationResult, Mutants};
use crate::model::Model;
use crate::workspace::Checked;
use serde::Serialize;

#[derive(Serialize)]
pub struct Document {
    version: u32,
    expectations: Vec<Entry>,
    coverage: Covered,
    /// Null without `--mutants`.
    mutants: Option<Mutated>,
    failed: bool,
}

#[derive(Serialize)]
struct Entry {
    title: String,
    place: Place,
    holds: bool,
    /// It is about no case, so it says nothing.
    vacuous: bool,
    /// False where the budget did not suffice; then nothing else here means anything.
    finished: bool,
    kinds: json::Count,
    as_claimed: json::Count,
    counterexample: Option<Counterexample>,
}

#[derive(Serialize)]
struct Counterexample {
    sentence: String,
    facts: Vec<Given>,
    gets: String,
    why: Vec<String>,
    by: Vec<String>,
}

#[derive(Serialize)]
struct Covered {
    rules: Share,
    provisos: Share,
    rows: Share,
    uncovered: Vec<String>,
}

#[derive(Serialize)]
struct Share {
    covered: usize,
    all: usize,
}

/// What expectations would notice of changes.
#[derive(Serialize)]
struct Mutated {
    noticed: usize,
    unnoticed: usize,
    equivalent: usize,
    unfinished: usize,
    survivors: Vec<Survivor>,
}

#[derive(Serialize)]
struct Survivor {
    name: String,
    change: String,
    place: Place,
    sentence: String,
    today: String,
    then: String,
    expectation: String,
}

pub fn document(
    project: &load::Project,
    checked: &Checked,
    results: &[ExpectationResult],
    coverage: &Coverage,
    mutants: Option<&Mutants>,
    failed: bool,
) -> Document {
    let model = &checked.model;
    let path = |source: &crate::source::Source| project.stand.path(&source.path);
    let [rules, provisos, rows] = coverage.counts().map(|(covered, all)| Share { covered, all });
    Document {
        version: json::VERSION,
        expectations: results
            .iter()
            .map(|result| {
                let expectation = &model.expectations[result.id.index()];
                Entry {
                    title: expectation.title.to_string(),
                    place: json::place(expectation.span, &checked.sources, &path),
                    holds: result.holds,
                    vacuous: result.vacuous,
                    finished: result.finished,
                    kinds: json::Count(result.kinds),
                    as_claimed: json::Count(result.as_claimed),
                    counterexample: counterexample(model, result),
                }
            })
            .collect(),
        coverage: Covered { rules, provisos, rows, uncovered: coverage.uncovered(model) },
        mutants: mutants.map(|mutants| Mutated {
            noticed: mutants.killed,
            unnoticed: mutants.survivors.len(),
            equivalent: mutants.equivalent,
            unfinished: mutants.unfinished,
            survivors: mutants.survivors.iter().map(|s| survivor(s, checked, &path)).collect(),
        }),
        failed,
    }
}

fn counterexample(model: &Model, result: &ExpectationResult) -> Option<Counterexample> {
    let shown = result.counterexample.as_ref()?;
    let given = |(fact, value): &(String, String)| Given { fact: fact.clone(), value: value.clone() };
    Some(Counterexample {
        sentence: shown.sentence.clone(),
        facts: shown.values.iter().map(given).collect(),
        gets: shown.gets.clone(),
        why: shown.why.clone(),
        by: shown.by.iter().map(|c| model.clause(*c).path.to_string()).collect(),
    })
}

fn survivor(
    survivor: &crate::expect::Survivor,
    checked: &Checked,
    path: &dyn Fn(&crate::source::Source) -> String,
) -> Survivor {
    Survivor {
        name: survivor.mutation.name.clone(),
        change: survivor.mutation.what.clone(),
        place: json::place(survivor.mutation.span, &checked.sources, path),
        sentence: survivor.sentence.clone(),
        today: survivor.today.clone(),
        then: survivor.then.clone(),
        expectation: survivor.expectation.clone(),
    }
}
