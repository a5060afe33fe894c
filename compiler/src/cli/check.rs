//! `ordain check`: everything the compiler finds, as one report.

mod baseline;
mod fix;
mod found;
mod report;
mod watch;

pub use found::Found;

use super::ui::{Done, Exit, Failure, Ui};
use super::{certify, load};
use crate::diagnostics::render::{self, Look};
use crate::diagnostics::{Level, codes, thousands};
use crate::model::time;
use crate::workspace::{Checked, Options};
use baseline::Baseline;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Check policies: contradictions, gaps, rules without effect, failed expectations
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain check\n  ordain check policies/ --fail-level warning\n  ordain check student_aup.ordain --format json\n  ordain check - < draft.ordain\n  ordain check policies/ --format sarif > ordain.sarif\n  ordain check policies/ --baseline ordain-baseline.json\n  ordain check policies/ --fix --dry-run\n  ordain check policies/ --certify certificates"
)]
pub struct Args {
    /// Files, folders, or - for standard input
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    #[command(flatten)]
    pub options: Common,
    /// The level from which the check fails (exit code 1); without it that of ordain.toml, else error
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub fail_level: Option<FailLevel>,
    /// The most reports to print; 0 prints all
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
    /// Accept the findings that this file lists, and fail on new ones
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write today's findings into the baseline
    #[arg(long, requires = "baseline")]
    pub write_baseline: bool,
    /// Repair what can be repaired in one way only and without a change of what is decided
    #[arg(long, conflicts_with_all = ["watch", "write_baseline"])]
    pub fix: bool,
    /// With --fix: print the changes and make none; exit code 1 if there are any
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["certify", "write_baseline"])]
    pub watch: bool,
    /// Write every verdict into this folder as SMT-LIB 2 scripts that a solver can check
    #[arg(long, value_name = "DIR")]
    pub certify: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Commands of a GitHub workflow
    Github,
    /// A GitLab Code Quality report
    Gitlab,
    /// JUnit XML
    Junit,
    /// Checkstyle XML
    Checkstyle,
}

/// What all verbs that analyse understand.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// The day for which rules are expired or not yet in force
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<i64>,
    /// The most steps that one question about the rules may take
    #[arg(long, value_name = "N", value_parser = budget)]
    pub budget: Option<u64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FailLevel {
    Error,
    Warning,
    Note,
}

impl Common {
    pub fn options(&self) -> Options {
        Options { as_of: self.as_of, budget: self.budget, ..Options::default() }
    }
}

fn date(text: &str) -> Result<i64, String> {
    time::parse_date(text).ok_or_else(|| "write a date of the years 1900 to 2199 like 2026-09-01".into())
}

pub fn budget(text: &str) -> Result<u64, String> {
    text.replace('_', "").parse().ok().filter(|n| *n > 0).ok_or_else(|| "write a whole number above 0".into())
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    if args.watch { watch::run(args, ui) } else { once(args, ui) }
}

/// Checks, and says what there is to say.
fn once(args: &Args, ui: &Ui) -> Done {
    let mut options = args.options.options();
    options.fail_level = args.fail_level.map(|level| match level {
        FailLevel::Error => Level::Error,
        FailLevel::Warning => Level::Warning,
        FailLevel::Note => Level::Note,
    });
    let mut projects = load::projects(&args.paths, &options)?;
    if args.fix {
        let fixed = ui.busy("fixing", || fix::fix(&mut projects))?;
        if args.dry_run {
            return fix::show(&fixed, ui);
        }
        fix::write(&fixed, ui)?;
    }
    let mut found: Vec<Found> = ui.busy("checking", || {
        projects.into_iter().map(|project| Found::new(project.workspace.check(), project)).collect()
    });
    if let Some(path) = &args.baseline {
        let baseline = match args.write_baseline {
            true => Baseline::write(path, &found, ui)?,
            false => Baseline::read(path)?,
        };
        baseline.apply(&mut found, ui);
    }
    match args.format {
        Format::Text => ui.print(&report::text(&found, args.limit, ui))?,
        format => report::machine(&found, format, ui)?,
    }
    if let Some(folder) = &args.certify {
        let remarks = ui.busy("certifying", || certify::write(folder, &found))?;
        remarks.iter().for_each(|remark| ui.remark(remark));
    }
    Ok(exit(&found))
}

fn exit(found: &[Found]) -> Exit {
    if found.iter().any(|f| f.checked.diagnostics.iter().any(|d| d.code == &codes::BAD_SETTINGS)) {
        Exit::Usage
    } else if found.iter().any(Found::failed) {
        Exit::Findings
    } else {
        Exit::Fine
    }
}

/// `2,304 kinds of case`
pub fn kinds_of_case(kinds: u128) -> String {
    match kinds {
        1 => "1 kind of case".into(),
        u128::MAX => "more kinds of case than can be counted".into(),
        kinds => format!("{} kinds of case", thousands(kinds)),
    }
}

/// Loads and types the one project of a path. Errors that keep a verb from its work are shown on standard error.
pub fn understood(path: &Path, options: &Options, ui: &Ui) -> Result<(load::Project, Checked), Failure> {
    let project = load::project(path, options)?;
    let checked = project.workspace.understand();
    if checked.complete {
        return Ok((project, checked));
    }
    Err(refuse(&project, &checked, ui))
}

/// Says the errors of a project that is not understood.
pub fn refuse(project: &load::Project, checked: &Checked, ui: &Ui) -> Failure {
    let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.level == Level::Error).cloned().collect();
    let look = Look { paint: ui.remarks, stand: project.stand.clone(), limit: 20 };
    ui.remark(render::reports(&errors, &checked.sources, &look).trim_end_matches('\n'));
    ui.remark("");
    Failure::usage("the policy has errors, so nothing can be said about what it decides").finding()
}

/// The analysis ran out of its budget, so its results mean nothing.
pub fn exhausted(budget: u64) -> Failure {
    let steps = thousands(u128::from(budget));
    out_of_steps(format!("a question about the rules needs more than the {steps} steps of the budget"), budget)
}

/// The same where it is known what the question was.
pub fn not_found_out(what: &str, budget: u64) -> Failure {
    let steps = thousands(u128::from(budget));
    out_of_steps(format!("the {steps} steps of the budget did not suffice to find out {what}"), budget)
}

fn out_of_steps(message: String, budget: u64) -> Failure {
    Failure { code: Some(&codes::BUDGET), ..Failure::usage(message).finding() }.help(format!(
        "try `--budget {}`, or fewer facts that rules compare with one another",
        budget.saturating_mul(4)
    ))
}
