//! `ordain expect`: the expectations of a policy, proved one by one, and what they cover.

mod document;
mod junit;
mod text;

use super::ui::{Done, Exit, Failure, Ui};
use super::{check, load, uses, write};
use crate::diagnostics::render;
use crate::expect::{self, Coverage, ExpectationResult, Mutants, Mutation};
use crate::lower::Lowered;
use crate::tabulate::{self, Hit};
use crate::workspace::{Change, Checked};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Prove the expectations of a policy and say what they cover
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain expect policies/\n  ordain expect policies/ --format json\n  ordain expect policies/ --write-missing policies/missing.ordain\n  ordain expect policies/ --coverage html --coverage-out coverage.html --fail-under 90\n  ordain expect policies/ --mutants"
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
    /// Print what the expectations cover in this format instead of the results, or write it with --coverage-out
    #[arg(long, value_enum, value_name = "FORMAT")]
    coverage: Option<Covering>,
    /// Write the coverage to this file, beside the results
    #[arg(long, value_name = "FILE", requires = "coverage")]
    coverage_out: Option<PathBuf>,
    /// Fail if less than so many percent of rules, exceptions, provisos and rows are covered
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    fail_under: Option<u32>,
    /// Try mistakes (a condition left out, another verdict, a boundary moved by one …), and say which nothing would notice
    #[arg(long)]
    mutants: bool,
    /// Fail if less than so many percent of these mistakes would be noticed
    #[arg(long, value_name = "PERCENT", requires = "mutants", value_parser = clap::value_parser!(u32).range(0..=100))]
    mutants_fail_under: Option<u32>,
    #[command(flatten)]
    options: check::Common,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    /// JUnit XML
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Covering {
    Text,
    /// One page that needs no other file
    Html,
    /// For editors and services that show coverage
    Lcov,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    let (project, checked) = check::understood(&args.path, &args.options.options(), ui)?;
    let model = &checked.model;
    let budget = checked.settings.budget;
    let mut lowered = Lowered::new(model, &[], budget);
    if lowered.dd.exhausted() {
        return Err(check::exhausted(budget));
    }
    let (results, coverage) = ui.busy("proving", || {
        let results = expect::run(&mut lowered, &checked.sources);
        let decisions = tabulate::decisions(model);
        let tables: Vec<_> = decisions.iter().map(|d| tabulate::tabulate(&mut lowered, *d, Hit::Unique)).collect();
        let coverage = expect::coverage(&mut lowered, &results, &tables);
        (results, coverage)
    });
    let mutants = args.mutants.then(|| mutants(&mut lowered, &checked, &results, &|_| true, ui));
    let missing = match args.write_missing {
        Some(_) => missing(&project, &checked, &mut lowered, &coverage, args.mutants, ui),
        None => String::new(),
    };
    let short = short(args, &coverage, mutants.as_ref());
    let failed = failed(&results) || !short.is_empty();
    let path = |path: &str| project.stand.path(path);
    let covered = match args.coverage {
        Some(Covering::Lcov) => Some(expect::lcov(&coverage, model, &checked.sources, &path)),
        Some(Covering::Html) => Some(expect::page(&coverage, &results, model, &checked.sources, &path)),
        Some(Covering::Text) => Some(text::coverage(&coverage, model, ui)),
        None => None,
    };
    match (&covered, &args.coverage_out, args.format) {
        // Where the missing ones or the coverage are printed, they are the result.
        (Some(covered), None, _) => ui.print(covered)?,
        (_, _, Format::Text) if args.write_missing.as_deref() == Some(Path::new("-")) => ui.print(&missing)?,
        (_, _, Format::Text) => {
            ui.print(&text::results(&project, &checked, &results, ui))?;
            ui.print(&text::coverage(&coverage, model, ui))?;
            if let Some(mutants) = &mutants {
                ui.print(&text::mutants(mutants, ui))?;
            }
        }
        (_, _, Format::Json) => {
            ui.json(&document::document(&project, &checked, &results, &coverage, mutants.as_ref(), failed))?;
        }
        (_, _, Format::Junit) => ui.print(&junit::junit(&project, &checked.sources, model, &results))?,
    }
    if let (Some(covered), Some(path)) = (&covered, &args.coverage_out) {
        write::replace(path, covered)?;
        ui.remark(&format!("wrote the coverage to `{}`", load::shown(path)));
    }
    if let Some(path) = args.write_missing.as_deref().filter(|path| path.as_os_str() != "-") {
        append(path, &checked, &missing, ui)?;
    }
    short.iter().for_each(|line| ui.remark(line));
    Ok(if failed { Exit::Findings } else { Exit::Fine })
}

/// Tries the changes that are wanted.
fn mutants(
    lowered: &mut Lowered<'_>,
    checked: &Checked,
    results: &[ExpectationResult],
    wanted: &dyn Fn(&Mutation) -> bool,
    ui: &Ui,
) -> Mutants {
    let mut mutations = expect::mutations(&checked.model, &checked.sources);
    mutations.retain(|m| wanted(m));
    let budget = checked.settings.budget;
    ui.counted("trying changes", mutations.len(), |each| expect::mutants(lowered, results, &mutations, budget, each))
}

/// Expectations for what none depends on; and, with these, for boundaries (for `all` changes, if they are tried) of which
/// none would notice that they have moved.
fn missing(
    project: &load::Project,
    checked: &Checked,
    lowered: &mut Lowered<'_>,
    coverage: &Coverage,
    all: bool,
    ui: &Ui,
) -> String {
    let written = expect::missing(lowered, coverage, &Mutants::default());
    let mut workspace = project.workspace.clone();
    let text = format!("{}{written}", names(checked));
    workspace.apply(Change::Set { path: "missing_expectations.ordain".into(), text: text.into() });
    let checked = workspace.understand();
    if !checked.complete {
        // Standard input has no name by which a file could use it.
        return written;
    }
    let mut lowered = Lowered::new(&checked.model, &[], checked.settings.budget);
    let results = expect::run(&mut lowered, &checked.sources);
    let left = mutants(&mut lowered, &checked, &results, &|m| all || m.moved.is_some(), ui);
    let more = expect::missing(&mut lowered, &Coverage::default(), &left);
    match more.split_once('\n') {
        // The line above them is there already.
        Some((_, rest)) if !written.is_empty() => format!("{written}{rest}"),
        _ => format!("{written}{more}"),
    }
}

/// The statements that a new file needs to see all names.
fn names(checked: &Checked) -> String {
    checked.sources.iter().filter_map(|(_, source)| uses::statement(&source.path)).collect()
}

/// What is less than was asked for, a line each.
fn short(args: &Args, coverage: &Coverage, mutants: Option<&Mutants>) -> Vec<String> {
    let (covered, all) = coverage.counts().iter().fold((0, 0), |sum, c| (sum.0 + c.0, sum.1 + c.1));
    let mut lines = Vec::new();
    let mut ask = |least: Option<u32>, what: &str, part: usize, all: usize| {
        let Some(least) = least else { return };
        // Exactly: no rounding makes 94.6 % of it 95 %.
        if part * 100 < least as usize * all {
            lines.push(format!("{what}: {part} of {all} is less than {least} %"));
        }
    };
    ask(args.fail_under, "covered", covered, all);
    if let Some(mutants) = mutants {
        let (noticed, all) = mutants.score();
        ask(args.mutants_fail_under, "changes that are noticed", noticed, all + mutants.unfinished);
    }
    lines
}

fn failed(results: &[ExpectationResult]) -> bool {
    results.iter().any(|r| !r.finished || !r.holds)
}

fn append(path: &Path, checked: &Checked, missing: &str, ui: &Ui) -> Result<(), Failure> {
    if missing.is_empty() {
        ui.remark("no expectation is missing");
        return Ok(());
    }
    // A new file has to see the names that the expectations speak of.
    let before = match path.exists() {
        true => load::read(path)?,
        false => names(checked),
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
