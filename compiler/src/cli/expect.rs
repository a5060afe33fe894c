//! `ordain expect`: the expectations of a policy, proved one by one, and what they cover.

mod document;
mod junit;
mod text;

use super::ui::{Done, Exit, Failure, Ui};
use super::{check, load, uses, write};
use crate::diagnostics::render;
use crate::expect::{self, Coverage, ExpectationResult, Missing, Mutants};
use crate::lower::Lowered;
use crate::tabulate;
use crate::workspace::Checked;
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
    if let Some(folder) = args.write_missing.as_deref().filter(|path| path.is_dir()) {
        return Err(takes_a_file(folder, &args.path));
    }
    let (project, checked) = check::understood(&args.path, &args.options.options(), ui)?;
    let model = &checked.model;
    let budget = checked.settings.budget;
    let mut lowered = Lowered::new(model, &[], budget);
    if lowered.dd.exhausted() {
        return Err(check::exhausted(budget));
    }
    let (results, coverage) = ui.busy("proving", || {
        let results = expect::run(&mut lowered, &checked.sources);
        let tables = tabulate::rows(&mut lowered, budget);
        let coverage = expect::coverage(&mut lowered, &results, &tables);
        (results, coverage)
    });
    let mutants = args.mutants.then(|| mutants(&mut lowered, &checked, &results, ui));
    let missing = match args.write_missing {
        Some(_) => missing(&checked, args.mutants, ui),
        None => Missing::default(),
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
        (_, _, Format::Text) if args.write_missing.as_deref() == Some(Path::new("-")) => ui.print(&missing.text)?,
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

/// `--write-missing PATH` takes the path of the project for the file.
fn takes_a_file(folder: &Path, path: &Path) -> Failure {
    let shown = load::shown(folder);
    let project = if path == Path::new(".") { shown.clone() } else { load::shown(path) };
    let file = load::shown(&folder.join("missing.ordain"));
    Failure::unreadable(format!("`{shown}` is a folder, and `--write-missing` names the file that it writes"))
        .help(format!("`--write-missing={file} {project}` writes to a file, `--write-missing=- {project}` prints"))
}

/// Tries all changes.
fn mutants(lowered: &mut Lowered<'_>, checked: &Checked, results: &[ExpectationResult], ui: &Ui) -> Mutants {
    let mutations = expect::mutations(&checked.model, &checked.sources);
    let budget = checked.settings.budget;
    ui.counted("trying changes", mutations.len(), |each| expect::mutants(lowered, results, &mutations, budget, each))
}

/// Expectations for what none depends on, and for boundaries (for `all` changes, if they are tried) of which none would
/// notice that they have moved.
fn missing(checked: &Checked, all: bool, ui: &Ui) -> Missing {
    let (model, sources) = (&checked.model, &checked.sources);
    let mut mutations = expect::mutations(model, sources);
    mutations.retain(|m| all || m.moved.is_some());
    let budget = checked.settings.budget;
    ui.counted("trying changes", mutations.len(), |each| expect::missing(model, sources, &mutations, budget, each))
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

fn append(path: &Path, checked: &Checked, missing: &Missing, ui: &Ui) -> Result<(), Failure> {
    if missing.written == 0 {
        ui.remark("no expectation is missing");
        return Ok(());
    }
    // A new file has to see the names that the expectations speak of.
    let before = match path.exists() {
        true => load::read(path)?,
        false => names(checked),
    };
    let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
    write::replace(path, format!("{before}{gap}{}", missing.text))?;
    let written = render::plural(missing.written as u128, "expectation");
    let more = match missing.written - missing.least {
        0 => String::new(),
        n => format!(" (at most {n} more than needed)"),
    };
    ui.remark(&format!("wrote {written} to `{}`{more}; confirm or correct each", load::shown(path)));
    Ok(())
}
