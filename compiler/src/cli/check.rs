//! `ordain check`: everything the compiler finds, as one report.

use super::ui::{Done, Exit, Failure, Format, Ui};
use super::{certify, load};
use crate::diagnostics::json::{self, Counts};
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::render::{self, Look};
use crate::diagnostics::{Level, codes, thousands};
use crate::model::time;
use crate::workspace::{Checked, Options};
use clap::ValueEnum;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check policies: contradictions, gaps, rules without effect, failed expectations
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  ordain check\n  ordain check policies/ --fail-level warning\n  ordain check student_aup.ordain --format json\n  ordain check - < draft.ordain\n  ordain check policies/ --certify certificates"
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
    /// Write every verdict into this folder as SMT-LIB 2 scripts that a solver can check
    #[arg(long, value_name = "DIR")]
    pub certify: Option<PathBuf>,
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

/// The result of a check for machines, see `docs/schema/check.schema.json`.
#[derive(Serialize)]
struct Document {
    version: u32,
    files: Vec<String>,
    diagnostics: Vec<json::Report>,
    summary: Summary,
    /// Whether a diagnostic reaches the fail level.
    failed: bool,
}

#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    counts: Counts,
    rules: usize,
    /// How many kinds of case the rules decide; null where errors kept them from being counted.
    kinds: Option<json::Count>,
}

pub fn run(args: &Args, ui: &Ui) -> Done {
    let mut options = args.options.options();
    options.fail_level = args.fail_level.map(|level| match level {
        FailLevel::Error => Level::Error,
        FailLevel::Warning => Level::Warning,
        FailLevel::Note => Level::Note,
    });
    let projects = load::projects(&args.paths, &options)?;
    let checked: Vec<(&load::Project, Checked)> =
        ui.busy("checking", || projects.iter().map(|project| (project, project.workspace.check())).collect());
    match args.format {
        Format::Text => ui.print(&text(&checked, args.limit, ui))?,
        Format::Json => ui.json(&document(&checked))?,
    }
    if let Some(folder) = &args.certify {
        let remarks = ui.busy("certifying", || certify::write(folder, &checked))?;
        remarks.iter().for_each(|remark| ui.remark(remark));
    }
    Ok(exit(checked.iter().map(|c| &c.1)))
}

fn exit<'a>(mut checked: impl Iterator<Item = &'a Checked>) -> Exit {
    let mut exit = Exit::Fine;
    checked.by_ref().for_each(|checked| {
        if checked.diagnostics.iter().any(|d| d.code == &codes::BAD_SETTINGS) {
            exit = Exit::Usage;
        } else if exit == Exit::Fine && failed(checked) {
            exit = Exit::Findings;
        }
    });
    exit
}

fn failed(checked: &Checked) -> bool {
    checked.worst().is_some_and(|level| level >= checked.settings.fail_level)
}

fn text(all: &[(&load::Project, Checked)], limit: usize, ui: &Ui) -> String {
    let mut out = String::new();
    let (mut counts, mut files) = ([(Level::Error, 0), (Level::Warning, 0), (Level::Note, 0)], 0);
    for (project, checked) in all {
        let look = Look { paint: ui.paint, stand: project.stand.clone(), limit };
        out.push_str(&render::reports(&checked.diagnostics, &checked.sources, &look));
        for count in &mut counts {
            count.1 += checked.diagnostics.iter().filter(|d| d.level == count.0).count();
        }
        let found: std::collections::BTreeSet<_> = checked.diagnostics.iter().map(|d| d.span.file).collect();
        files += found.len();
    }
    let rules: usize = all.iter().map(|c| c.1.model.clauses.len()).sum();
    let line = render::summary_of(counts.into_iter(), files, ui.paint).unwrap_or_else(|| {
        let good = ui.paint.text(Tint::Good, "no findings");
        let rules = render::plural(rules as u128, "rule");
        let verb = if rules.starts_with("1 ") { "decides" } else { "decide" };
        match kinds(all) {
            Some(kinds) => format!("{good}: {rules} {verb} {}", kinds_of_case(kinds)),
            None => format!("{good}: {rules}"),
        }
    });
    out.push_str(&line);
    out.push('\n');
    out
}

/// `2,304 kinds of case`
pub fn kinds_of_case(kinds: u128) -> String {
    match kinds {
        1 => "1 kind of case".into(),
        u128::MAX => "more kinds of case than can be counted".into(),
        kinds => format!("{} kinds of case", thousands(kinds)),
    }
}

fn kinds(all: &[(&load::Project, Checked)]) -> Option<u128> {
    all.iter().map(|c| c.1.kinds).try_fold(0u128, |sum, kinds| Some(sum.saturating_add(kinds?)))
}

fn document(all: &[(&load::Project, Checked)]) -> Document {
    let mut document = Document {
        version: json::VERSION,
        files: Vec::new(),
        diagnostics: Vec::new(),
        summary: Summary { counts: Counts::default(), rules: 0, kinds: kinds(all).map(json::Count) },
        failed: all.iter().any(|c| failed(&c.1)),
    };
    for (project, checked) in all {
        let path = |source: &crate::source::Source| project.stand.path(&source.path);
        let own = checked.files.iter().map(|(id, _)| checked.sources.get(*id));
        document.files.extend(own.filter(|s| !crate::stdlib::is_std(&s.path)).map(path));
        let reports = checked.diagnostics.iter().map(|d| json::report(d, &checked.sources, &path));
        document.diagnostics.extend(reports);
        document.summary.rules += checked.model.clauses.len();
    }
    document.summary.counts = Counts::of(all.iter().flat_map(|c| &c.1.diagnostics));
    document
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
    let message =
        format!("a question about the rules needs more than the {} steps of the budget", thousands(u128::from(budget)));
    Failure { code: Some(&codes::BUDGET), ..Failure::usage(message).finding() }.help(format!(
        "try `--budget {}`, or fewer facts that rules compare with one another",
        budget.saturating_mul(4)
    ))
}
