//! `ordain expect`: the expectations of a policy, proved one by one, and what they cover.

use super::ui::{Done, Exit, Failure, Format, Ui};
use super::{check, load, uses, write};
use crate::diagnostics::json::{self, Given, Place};
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::render::{self, Look};
use crate::expect::{self, Coverage, ExpectationResult};
use crate::lower::Lowered;
use crate::model::Model;
use crate::tabulate::{self, Hit};
use crate::workspace::Checked;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Prove the expectations of a policy and say what they cover
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain expect policies/\n  ordain expect policies/ --format json\n  ordain expect policies/ --write-missing policies/missing.ordain"
)]
pub struct Args {
    /// A file, a folder, or - for standard input
    #[arg(default_value = ".")]
    path: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Append expectations for what none depends on to this file, or print them with -; they state what is decided today
    #[arg(long, value_name = "FILE")]
    write_missing: Option<PathBuf>,
    #[command(flatten)]
    options: check::Common,
}

/// The result for machines, see `docs/schema/expect.schema.json`.
#[derive(Serialize)]
struct Document {
    version: u32,
    expectations: Vec<Entry>,
    coverage: Covered,
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

pub fn run(args: &Args, ui: &Ui) -> Done {
    let (project, checked) = check::understood(&args.path, &args.options.options(), ui)?;
    let model = &checked.model;
    let budget = checked.settings.budget;
    let (results, coverage, missing) = ui.busy("proving", || {
        let mut lowered = Lowered::new(model, &[], budget);
        if lowered.dd.exhausted() {
            return Err(check::exhausted(budget));
        }
        let results = expect::run(&mut lowered, &checked.sources);
        let decisions = tabulate::decisions(model);
        let tables: Vec<_> = decisions.iter().map(|d| tabulate::tabulate(&mut lowered, *d, Hit::Unique)).collect();
        let coverage = expect::coverage(&mut lowered, &results, &tables);
        let missing = match args.write_missing {
            Some(_) => expect::missing(&mut lowered, &coverage),
            None => String::new(),
        };
        Ok((results, coverage, missing))
    })?;
    match args.format {
        // Where the missing ones are printed, they are the result.
        Format::Text if args.write_missing.as_deref() == Some(Path::new("-")) => ui.print(&missing)?,
        Format::Text => ui.print(&text(&project, &checked, &results, &coverage, ui))?,
        Format::Json => ui.json(&document(&project, &checked, &results, &coverage))?,
    }
    if let Some(path) = args.write_missing.as_deref().filter(|path| path.as_os_str() != "-") {
        append(path, &checked, &missing, ui)?;
    }
    Ok(if failed(&results) { Exit::Findings } else { Exit::Fine })
}

fn failed(results: &[ExpectationResult]) -> bool {
    results.iter().any(|r| !r.finished || !r.holds)
}

fn text(
    project: &load::Project,
    checked: &Checked,
    results: &[ExpectationResult],
    coverage: &Coverage,
    ui: &Ui,
) -> String {
    let model = &checked.model;
    let mut out = String::new();
    for result in results {
        let (word, tint) = match (result.finished, result.holds, result.vacuous) {
            (false, ..) => ("open ", Tint::Error),
            (_, false, _) => ("fails", Tint::Error),
            (_, _, true) => ("empty", Tint::Warning),
            _ => ("holds", Tint::Good),
        };
        let title = &model.expectations[result.id.index()].title;
        out.push_str(&format!("{}  {}\n", ui.paint.text(tint, word), render::quote::clean(title)));
    }
    let findings = expect::findings_of(model, &checked.sources, results);
    if !findings.is_empty() {
        out.push('\n');
        let look = Look { paint: ui.paint, stand: project.stand.clone(), limit: 50 };
        out.push_str(render::reports(&findings, &checked.sources, &look).trim_end_matches('\n'));
        out.push('\n');
    }
    let holding = results.iter().filter(|r| r.finished && r.holds && !r.vacuous).count();
    let all = results.len();
    let count = match all {
        0 => "the policy has no expectations".to_string(),
        1 if holding == 1 => "the expectation holds".to_string(),
        _ if holding == all => format!("all {all} expectations hold"),
        _ => format!("{holding} of {all} expectations hold"),
    };
    let tint = if failed(results) { Tint::Error } else { Tint::Good };
    if all > 0 {
        out.push('\n');
    }
    out.push_str(&format!("{}\n", ui.paint.text(tint, &count)));
    let things = ["rules and exceptions", "provisos", "rows of the tables"];
    let counts = coverage.counts().into_iter().zip(things).filter(|((_, all), _)| *all > 0);
    let covered: Vec<String> = counts.map(|((covered, all), what)| format!("{covered} of {all} {what}")).collect();
    out.push_str(&format!("covered: {}\n", covered.join(", ")));
    let uncovered = coverage.uncovered(model);
    for line in uncovered.iter().take(SHOWN) {
        out.push_str(&format!("   = nothing depends on {line}\n"));
    }
    if uncovered.len() > SHOWN {
        out.push_str(&format!("   = and {} more\n", uncovered.len() - SHOWN));
    }
    if !uncovered.is_empty() {
        let help = ui.paint.text(Tint::Help, "help:");
        out.push_str(&format!("   = {help} `--write-missing FILE` writes expectations for these\n"));
    }
    out
}

/// The most uncovered things that are named.
const SHOWN: usize = 12;

fn document(
    project: &load::Project,
    checked: &Checked,
    results: &[ExpectationResult],
    coverage: &Coverage,
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
        failed: failed(results),
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

fn append(path: &Path, checked: &Checked, missing: &str, ui: &Ui) -> Result<(), Failure> {
    if missing.is_empty() {
        ui.remark("no expectation is missing");
        return Ok(());
    }
    // A new file has to see the names that the expectations speak of.
    let before = match path.exists() {
        true => load::read(path)?,
        false => checked.sources.iter().filter_map(|(_, source)| uses::statement(&source.path)).collect(),
    };
    let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
    write::replace(path, format!("{before}{gap}{missing}"))?;
    ui.remark(&format!("wrote {} to `{}`; confirm or correct each", plural(missing), load::shown(path)));
    Ok(())
}

fn plural(missing: &str) -> String {
    let n = missing.lines().filter(|line| line.starts_with("expect ")).count();
    render::plural(n as u128, "expectation")
}
