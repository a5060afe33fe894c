//! What was found -> the output of a format.

use super::{Format, Found, kinds_of_case};
use crate::cli::ui::{Failure, Ui};
use crate::diagnostics::json::{self, Accepted, By, Counts, Report};
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::render::{self, Look};
use crate::diagnostics::{self, Level};
use serde::Serialize;
use std::collections::BTreeSet;

/// The result of a check for machines, see `docs/schema/check.schema.json`.
#[derive(Serialize)]
struct Document {
    version: u32,
    files: Vec<String>,
    diagnostics: Vec<Report>,
    /// What the policy or a baseline accepts; it counts nowhere.
    accepted: Vec<Accepted>,
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

/// Prints a format for other programs.
pub fn machine(all: &[Found], format: Format, ui: &Ui) -> Result<(), Failure> {
    let document = document(all);
    let (files, reports) = (&document.files, &document.diagnostics);
    match format {
        Format::Text | Format::Json => ui.json(&document),
        Format::Sarif => ui.json(&diagnostics::sarif(reports, &document.accepted, env!("CARGO_PKG_VERSION"))),
        Format::Github => ui.print(&diagnostics::github(reports)),
        Format::Gitlab => ui.json(&diagnostics::gitlab(reports)),
        Format::Junit => {
            // Projects of one run may have levels of their own; the strictest is that of the report.
            let level = all.iter().map(|f| f.checked.settings.fail_level).min().unwrap_or(Level::Error);
            ui.print(&diagnostics::junit(files, reports, level))
        }
        Format::Checkstyle => ui.print(&diagnostics::checkstyle(files, reports)),
    }
}

fn document(all: &[Found]) -> Document {
    let own = |found: &Found| {
        let stand = found.project.stand.clone();
        found.own_files().map(move |source| stand.path(&source.path)).collect::<Vec<_>>()
    };
    let summary = Summary {
        counts: Counts::of(all.iter().flat_map(|f| &f.checked.diagnostics)),
        rules: rules(all),
        kinds: kinds(all).map(json::Count),
    };
    Document {
        version: json::VERSION,
        files: all.iter().flat_map(own).collect(),
        diagnostics: all.iter().flat_map(Found::reports).collect(),
        accepted: all.iter().flat_map(|f| f.accepted.iter().cloned()).collect(),
        summary,
        failed: all.iter().any(Found::failed),
    }
}

pub fn text(all: &[Found], limit: usize, ui: &Ui) -> String {
    let mut out = String::new();
    let (mut counts, mut files) = ([(Level::Error, 0), (Level::Warning, 0), (Level::Note, 0)], 0);
    for Found { project, checked, .. } in all {
        let look = Look { paint: ui.paint, stand: project.stand.clone(), limit };
        out.push_str(&render::reports(&checked.diagnostics, &checked.sources, &look));
        for count in &mut counts {
            count.1 += checked.diagnostics.iter().filter(|d| d.level == count.0).count();
        }
        let found: BTreeSet<_> = checked.diagnostics.iter().map(|d| d.span.file).collect();
        files += found.len();
    }
    let accepted = accepted(all);
    let line = render::summary_of(counts.into_iter(), files, ui.paint).unwrap_or_else(|| {
        let calm = if accepted.is_empty() { "no findings" } else { "no new findings" };
        let good = ui.paint.text(Tint::Good, calm);
        let rules = render::plural(rules(all) as u128, "rule");
        let verb = if rules.starts_with("1 ") { "decides" } else { "decide" };
        match kinds(all) {
            Some(kinds) => format!("{good}: {rules} {verb} {}", kinds_of_case(kinds)),
            None => format!("{good}: {rules}"),
        }
    });
    out.push_str(&line);
    out.push_str(&accepted);
    out.push('\n');
    out
}

/// `; accepted: 1 by the policy, 3 by the baseline`
fn accepted(all: &[Found]) -> String {
    let count = |by: By| all.iter().flat_map(|f| &f.accepted).filter(|a| a.by == by).count();
    let parts: Vec<String> = [(By::Policy, "policy"), (By::Baseline, "baseline")]
        .into_iter()
        .map(|(by, name)| (count(by), name))
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| format!("{n} by the {name}"))
        .collect();
    if parts.is_empty() { String::new() } else { format!("; accepted: {}", parts.join(", ")) }
}

fn rules(all: &[Found]) -> usize {
    all.iter().map(|f| f.checked.model.clauses.len()).sum()
}

fn kinds(all: &[Found]) -> Option<u128> {
    all.iter().map(|f| f.checked.kinds).try_fold(0u128, |sum, kinds| Some(sum.saturating_add(kinds?)))
}
