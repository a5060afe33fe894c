//! `ordain compare`: what a change of a policy decides differently, for whom, and because of which edits.

mod git;
mod json;

use super::ui::{Done, Exit, Failure, Ui};
use super::{check, load, write};
use crate::compare::{self, Comparison, Fault, Version, html, markdown, text};
use crate::diagnostics::codes;
use crate::model::show;
use crate::workspace::{Checked, Options};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Compare two versions of a policy: which cases are decided differently, and why
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain compare old/ new/\n  ordain compare --git main\n  ordain compare --git HEAD~1 policies/ --fail-on widening\n  ordain compare --git origin/main policies/ --format markdown > comment.md"
)]
pub struct Args {
    /// The old and the new version: files or folders; with --git only the new one [default: .]
    #[arg(value_name = "PATH", num_args = 0..=2)]
    paths: Vec<PathBuf>,
    /// The old version is the same path at this revision of its git repository
    #[arg(long, value_name = "REV")]
    git: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 if there is a change of this kind; several with commas
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The most rows of each kind to print as text; 0 prints all
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
    /// The most steps that one question about the rules may take
    #[arg(long, value_name = "N", value_parser = check::budget)]
    budget: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// One page for a browser
    Html,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Any decision, duty or advice, or other cases than before
    Any,
    /// Something is permitted that was not
    Widening,
    /// Something is no longer permitted
    Narrowing,
    /// Some verdict differs
    Verdict,
    /// Some duty differs
    Duty,
    /// Other rules decide, even with the same result
    Rules,
}

/// One version, loaded and understood.
struct Loaded {
    /// What it is called: its path, with the revision before it.
    name: String,
    project: load::Project,
    checked: Checked,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    let options = Options { budget: args.budget, ..Options::default() };
    let (old, new) = versions(args, &options, ui)?;
    let budget = new.checked.settings.budget;
    let found = ui.busy("comparing", || {
        let [a, b] = [&old, &new].map(|l| Version { model: &l.checked.model, sources: &l.checked.sources });
        compare::compare(a, b, budget)
    });
    let mut found = match found {
        Ok(found) => found,
        Err(fault) => return refuse(fault, budget),
    };
    for edit in &mut found.edits {
        for (place, version) in edit.places.iter_mut().zip([&old, &new]) {
            *place = place.take().map(|p| version.project.stand.path(&p));
        }
    }
    let failed = args.fail_on.iter().any(|what| fails(&found, *what));
    let names = [old.name.as_str(), new.name.as_str()];
    let result = match args.format {
        Format::Text => {
            let paint = if args.out.is_some() { Default::default() } else { ui.paint };
            text::write(&found, paint, args.limit)
        }
        Format::Markdown => markdown::write(&found),
        Format::Html => html::write(&found, names),
        Format::Json => {
            let document = json::document(&found, [&old, &new], failed);
            let text = serde_json::to_string_pretty(&document);
            format!(
                "{}\n",
                text.map_err(|error| Failure::usage(format!("the result cannot be written as JSON: {error}")))?
            )
        }
    };
    match &args.out {
        Some(path) => write::replace(path, &result)?,
        None => ui.print(&result)?,
    }
    Ok(if failed { Exit::Findings } else { Exit::Fine })
}

fn fails(found: &Comparison, what: FailOn) -> bool {
    match what {
        FailOn::Any => found.any(),
        FailOn::Widening => found.widening() > 0,
        FailOn::Narrowing => found.narrowing() > 0,
        FailOn::Verdict => found.decides_differently(true),
        FailOn::Duty => found.duties_differ(),
        FailOn::Rules => found.any() || found.other_rules > 0,
    }
}

/// The old and the new version.
fn versions(args: &Args, options: &Options, ui: &Ui) -> Result<(Loaded, Loaded), Failure> {
    match (&args.git, args.paths.as_slice()) {
        (None, [old, new]) => Ok((at(old, "old", options, ui)?, at(new, "new", options, ui)?)),
        (None, _) => Err(Failure::usage("two versions are compared: name the old one and the new one").help(
            "`ordain compare OLD NEW`, or `ordain compare --git REV` for a revision against the files as they are",
        )),
        (Some(rev), []) => with_git(rev, Path::new("."), options, ui),
        (Some(rev), [path]) => with_git(rev, path, options, ui),
        (Some(_), _) => Err(Failure::usage("with `--git` one path is named: its old version comes from git")),
    }
}

fn with_git(rev: &str, path: &Path, options: &Options, ui: &Ui) -> Result<(Loaded, Loaded), Failure> {
    let new = at(path, "new", options, ui)?;
    let project = git::project(rev, path, options)?;
    Ok((understood(format!("{rev}:{}", path.display()), project, "old", ui)?, new))
}

fn at(path: &Path, which: &str, options: &Options, ui: &Ui) -> Result<Loaded, Failure> {
    let project = load::project(path, options).map_err(|mut failure| {
        failure.message = format!("the {which} version: {}", failure.message);
        failure
    })?;
    understood(path.display().to_string(), project, which, ui)
}

fn understood(name: String, project: load::Project, which: &str, ui: &Ui) -> Result<Loaded, Failure> {
    let checked = project.workspace.understand();
    if !checked.complete {
        let mut failure = check::refuse(&project, &checked, ui);
        failure.message = format!("the {which} version (`{name}`) has errors, so it cannot be compared");
        return Err(failure);
    }
    Ok(Loaded { name, project, checked })
}

fn refuse(fault: Fault, budget: u64) -> Done {
    match fault {
        Fault::Exhausted => Err(check::exhausted(budget)),
        Fault::Unfinished(groups) => {
            let facts = show::list(&groups, "and");
            let message = format!("{facts} are linked by more time constraints than can be looked at one by one");
            Err(Failure { code: Some(&codes::BUDGET), ..Failure::usage(message).finding() }
                .help("compare after the rules ask for fewer distances between them"))
        }
        Fault::TimeZones(old, new) => {
            let message = format!(
                "the old version reads times in {old}, the new one in {new}, so no moment is the same case in both"
            );
            Err(Failure::usage(message).finding().help(
                "give both versions one time zone to compare the rules; the change of the zone itself moves every time",
            ))
        }
        Fault::Unproved(what) => {
            super::ui::internal_fault(&what);
            Ok(Exit::Fault)
        }
    }
}
