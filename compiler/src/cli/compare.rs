//! `ordain compare`: what a change of a policy decides differently, for whom, and because of which edits.

mod git;
mod json;

use super::ui::{Done, Exit, Failure, Ui};
use super::{check, load, write};
use crate::compare::{self, Comparison, Fault, Version, html, markdown, text};
use crate::diagnostics::codes;
use crate::diagnostics::render::Stand;
use crate::diagnostics::render::paint::Paint;
use crate::workspace::{Checked, Options};
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    #[arg(long, default_value_t = ROWS, value_name = "N")]
    limit: usize,
    /// The most steps that one question about the rules may take
    #[arg(long, value_name = "N", value_parser = check::budget)]
    budget: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
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
    stand: Stand,
    checked: Arc<Checked>,
}

/// The most rows of each kind in a text, unless another number is asked for.
const ROWS: usize = 20;

pub fn run(args: &Args, ui: &Ui) -> Done {
    let options = Options { budget: args.budget, ..Options::default() };
    let (old, new) = versions(args, &options, ui)?;
    let budget = new.checked.settings.budget;
    let found = match ui.busy("comparing", || found(&old, &new)) {
        Err(Fault::Unproved(what)) => {
            super::ui::internal_fault(&what);
            return Ok(Exit::Fault);
        }
        found => found.map_err(|fault| refused(fault, budget))?,
    };
    let failed = args.fail_on.iter().any(|what| fails(&found, *what));
    let paint = if args.out.is_some() { Paint::default() } else { ui.paint };
    let result = written(&found, [&old, &new], args.format, (paint, args.limit), failed)?;
    match &args.out {
        Some(path) => write::replace(path, &result)?,
        None => ui.print(&result)?,
    }
    Ok(if failed { Exit::Findings } else { Exit::Fine })
}

/// What `--git REV` in the root of a project writes, with texts that may not be on disk as the new version: whether nothing
/// is decided differently, and the text.
pub fn with_revision(rev: &str, root: &Path, checked: Arc<Checked>, format: Format) -> Result<(bool, String), Failure> {
    let options = Options { budget: Some(checked.settings.budget), ..Options::default() };
    let here = ".".to_string();
    if !checked.complete {
        return Err(errors("new", &here));
    }
    let project = git::project(rev, root, &options)?;
    let old = Arc::new(project.workspace.understand());
    let name = format!("{rev}:{here}");
    if !old.complete {
        return Err(errors("old", &name));
    }
    let budget = checked.settings.budget;
    let old = Loaded { name, stand: project.stand, checked: old };
    let new = Loaded { name: here, stand: Stand::default(), checked };
    let found = found(&old, &new).map_err(|fault| refused(fault, budget))?;
    let text = written(&found, [&old, &new], format, (Paint::default(), ROWS), false)?;
    Ok((found.same(), text))
}

/// What differs, with the places of the edits as the reader finds them.
fn found(old: &Loaded, new: &Loaded) -> Result<Comparison, Fault> {
    let [a, b] = [old, new].map(|l| Version { model: &l.checked.model, sources: &l.checked.sources });
    let mut found = compare::compare(a, b, new.checked.settings.budget)?;
    for edit in &mut found.edits {
        for (place, version) in edit.places.iter_mut().zip([old, new]) {
            *place = place.take().map(|p| version.stand.path(&p));
        }
    }
    Ok(found)
}

/// The comparison in a format; a text is painted and has so many rows.
fn written(
    found: &Comparison,
    versions: [&Loaded; 2],
    format: Format,
    (paint, limit): (Paint, usize),
    failed: bool,
) -> Result<String, Failure> {
    Ok(match format {
        Format::Text => text::write(found, paint, limit),
        Format::Markdown => markdown::write(found),
        Format::Html => html::write(found, versions.map(|v| v.name.as_str())),
        Format::Json => {
            let text = serde_json::to_string_pretty(&json::document(found, versions, failed));
            let text = text.map_err(|e| Failure::usage(format!("the result cannot be written as JSON: {e}")))?;
            format!("{text}\n")
        }
    })
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
        check::refuse(&project, &checked, ui);
        return Err(errors(which, &name));
    }
    Ok(Loaded { name, stand: project.stand, checked: Arc::new(checked) })
}

fn errors(which: &str, name: &str) -> Failure {
    let failure =
        Failure::usage(format!("the {which} version (`{name}`) has errors, so it cannot be compared")).finding();
    match which {
        "old" => failure.help("compare with an earlier version that has none"),
        _ => failure,
    }
}

fn refused(fault: Fault, budget: u64) -> Failure {
    match fault {
        Fault::Exhausted(what) => check::not_found_out(&what, budget),
        Fault::Unfinished(groups, true) => {
            check::not_found_out(&format!("which values {} can have together", groups.join("; ")), budget)
        }
        Fault::Unfinished(groups, false) => {
            let message = format!("{} are measured from one another in too many ways", groups.join("; "));
            Failure { code: Some(&codes::BUDGET), ..Failure::usage(message).finding() }
                .help("compare after the rules ask for fewer distances between them")
        }
        Fault::TimeZones(old, new) => {
            let message = format!(
                "the old version reads times in {old}, the new one in {new}, so no moment is the same case in both"
            );
            Failure::usage(message).finding().help(
                "give both versions one time zone to compare the rules; the change of the zone itself moves every time",
            )
        }
        Fault::Unproved(what) => Failure { exit: Exit::Fault, ..Failure::usage(format!("internal fault: {what}")) },
    }
}
