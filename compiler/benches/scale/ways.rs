//! The ways to the answer of one question, each on shapes that suit it and on others -> tables of times.
//!
//! What the analysis takes is a way of its own, `as it is`: it chooses by the policy, and beside it stand the ways that it
//! chooses from, each forced. All give the same answers, which `tests/tests/strategies.rs` holds them to.

use crate::deciding;
use crate::measured::Measured;
use crate::report::time;
use crate::work::Work;
use ordain::analyse::{self, Found, gap};
use ordain::compile::Policy;
use ordain::diagram::Diagrams;
use ordain::lower::Lowered;
use ordain::model::{ClauseId, DecisionId, Model, VERDICT};
use ordain::workspace::Checked;
use std::fmt::Write;

/// One way to an answer.
pub struct Way {
    pub question: &'static str,
    /// A word, for the name of its row.
    pub name: &'static str,
    run: Run,
}

enum Run {
    /// How much was found, and whether that is all.
    Ask(fn(&mut Lowered<'_>) -> (usize, bool)),
    /// A decision by the policy, compiled within so many nodes.
    Decide(Option<usize>),
}

const fn ask(question: &'static str, name: &'static str, run: fn(&mut Lowered<'_>) -> (usize, bool)) -> Way {
    Way { question, name, run: Run::Ask(run) }
}

static WAYS: [Way; 12] = [
    ask("conflicts", "as-it-is", |lowered| found(lowered, analyse::conflict::find)),
    ask("conflicts", "all-pairs", |lowered| (all_pairs(lowered), true)),
    ask("redundant", "as-it-is", |lowered| found(lowered, |l, f| drop(analyse::redundant::find(l, f)))),
    ask("redundant", "one-by-one", |l| found(l, |l, f| drop(analyse::redundant::find_from(l, f, usize::MAX)))),
    ask("redundant", "at-once", |lowered| found(lowered, |l, f| drop(analyse::redundant::find_from(l, f, 0)))),
    ask("redundant", "diagrams", |lowered| found(lowered, analyse::redundant::find_by_diagrams)),
    ask("gaps", "as-it-is", |lowered| found(lowered, analyse::gap::find)),
    ask("gaps", "diagram", |lowered| {
        lowered.dd.begin();
        let gap = gap::by_diagram(lowered, open(lowered.model));
        (usize::from(gap != gap::Gap::None), !lowered.dd.exhausted())
    }),
    ask("gaps", "counting", |lowered| {
        lowered.dd.begin();
        let gap = gap::voices(lowered, open(lowered.model)).and_then(|voices| gap::by_counting(lowered, &voices));
        (usize::from(gap.is_some_and(|g| g != gap::Gap::None)), gap.is_some())
    }),
    ask("gaps", "search", |lowered| {
        lowered.dd.begin();
        let gap = gap::voices(lowered, open(lowered.model)).map(|voices| gap::by_search(lowered, &voices));
        (usize::from(gap.is_some_and(|g| g != gap::Gap::None)), gap.is_some() && !lowered.dd.exhausted())
    }),
    Way { question: "decide", name: "as-it-is", run: Run::Decide(None) },
    Way { question: "decide", name: "bits", run: Run::Decide(Some(0)) },
];

/// The shapes on which the ways of a question are compared.
const SHAPES: [(&str, &[(&str, usize)]); 4] = [
    (
        "conflicts",
        &[("aup", 3_000), ("bpm5", 1_500), ("sel8", 1_000), ("hard20", 300), ("wide40", 300), ("dense8", 300)],
    ),
    (
        "redundant",
        &[
            ("aup", 1_000),
            ("layers", 1_000),
            ("bpm5", 1_500),
            ("sel8", 1_000),
            ("hard20", 300),
            ("wide40", 300),
            ("dense8", 300),
        ],
    ),
    (
        "gaps",
        &[
            ("bpm5", 1_500),
            ("bpm13", 1_500),
            ("products", 1_000),
            ("staircase", 1_000),
            ("wildcards", 300),
            ("hard20-open", 300),
            ("wide40-open", 300),
        ],
    ),
    ("decide", &[("dense8", 20), ("aup", 1_000), ("bpm5", 1_500), ("hard20", 100), ("wide40", 100)]),
];

pub fn all() -> Vec<Work> {
    let mut all = Vec::new();
    for (question, shapes) in SHAPES {
        for &(shape, rules) in shapes {
            all.extend(WAYS.iter().filter(|w| w.question == question).map(|way| Work::Way { way, shape, rules }));
        }
    }
    all
}

pub fn measure(way: &Way, checked: &Checked, seed: u64) -> Measured {
    let model = &checked.model;
    match way.run {
        Run::Ask(ask) => {
            let lower = || Lowered::new(model, &[], checked.settings.budget);
            let (mut measured, (count, all)) = Measured::repeat_after(lower, |mut lowered| ask(&mut lowered));
            measured.count = count;
            measured.partial = !all;
            measured
        }
        Run::Decide(nodes) => {
            let policy = nodes.map_or_else(|| Policy::compile(model), |n| Policy::compile_within(model, n));
            deciding::row_of(model, &policy, seed)
        }
    }
}

fn found(lowered: &mut Lowered<'_>, find: impl FnOnce(&mut Lowered<'_>, &mut Found)) -> (usize, bool) {
    let mut found = Found::default();
    find(lowered, &mut found);
    (found.findings.len(), found.unfinished() == 0)
}

/// The decision that somebody speaks of and that has no default.
fn open(model: &Model) -> DecisionId {
    let speaks = |d: DecisionId| model.clauses.iter().any(|c| c.outcome.as_ref().is_some_and(|o| o.decision == d));
    let all = (0..model.decisions.len() as u32).map(DecisionId);
    all.into_iter().find(|d| speaks(*d) && model.decision(*d).default.is_none()).unwrap_or(VERDICT)
}

/// Each two clauses of a decision, asked by their diagrams.
fn all_pairs(lowered: &mut Lowered<'_>) -> usize {
    let model: &Model = lowered.model;
    let decision = |id: ClauseId| model.clause(id).outcome.as_ref().map(|o| o.decision);
    let mut count = 0;
    for d in (0..model.decisions.len() as u32).map(DecisionId) {
        let ids: Vec<ClauseId> = model.clause_ids().filter(|id| decision(*id) == Some(d)).collect();
        let words: Vec<_> = ids.iter().map(|id| lowered.words(*id)).collect();
        for (i, a) in words.iter().enumerate() {
            for b in &words[i + 1..] {
                let mut meet = |x, y| lowered.dd.and(x, y) != Diagrams::FALSE;
                count += usize::from(a.iter().any(|v| b.iter().any(|w| v.0 != w.0 && meet(v.1, w.1))));
            }
        }
    }
    count
}

/// A table for each question: a line for each shape, a column for each way.
pub fn tables(results: &[(String, Measured)]) -> String {
    let mut text = String::new();
    for (question, shapes) in SHAPES {
        let ways: Vec<&Way> = WAYS.iter().filter(|w| w.question == question).collect();
        let cell = |shape: &str, rules: usize, way: &Way| {
            let name = format!("{question}-{}/{shape}/{rules}", way.name);
            results.iter().find(|r| r.0 == name).map(|r| shown(&r.1))
        };
        let lines: Vec<String> = shapes
            .iter()
            .filter_map(|&(shape, rules)| {
                let cells: Option<Vec<String>> = ways.iter().map(|way| cell(shape, rules, way)).collect();
                Some(format!("| `{shape}/{rules}` | {} |", cells?.join(" | ")))
            })
            .collect();
        if lines.is_empty() {
            continue;
        }
        let names: Vec<String> = ways.iter().map(|w| w.name.replace('-', " ")).collect();
        let _ = writeln!(text, "| {question} | {} |\n|---|{}", names.join(" | "), "--:|".repeat(ways.len()));
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        text.push('\n');
    }
    text.trim_end().to_string() + "\n"
}

fn shown(measured: &Measured) -> String {
    match measured.over {
        Some(seconds) => format!("over {seconds} s"),
        None if measured.broken => measured.note.clone(),
        None if measured.partial => format!("no answer, {}", time(measured.median)),
        None => time(measured.median),
    }
}
