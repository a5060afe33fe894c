//! The results of expectations, their coverage, and what they would notice -> text for a terminal.

use super::failed;
use crate::cli::load;
use crate::cli::ui::Ui;
use crate::diagnostics::render::paint::Tint;
use crate::diagnostics::render::{self, Look};
use crate::expect::{self, Coverage, ExpectationResult, Mutants};
use crate::model::Model;
use crate::workspace::Checked;

pub fn results(project: &load::Project, checked: &Checked, results: &[ExpectationResult], ui: &Ui) -> String {
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
    out
}

/// What is covered, and what is not.
pub fn coverage(coverage: &Coverage, model: &Model, ui: &Ui) -> String {
    let mut out = String::new();
    let counts = coverage.counts().into_iter().zip(expect::THINGS).filter(|((_, all), _)| *all > 0);
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

/// How many changes would be noticed, and the others.
pub fn mutants(mutants: &Mutants, ui: &Ui) -> String {
    let (noticed, all) = mutants.score();
    let percent = (noticed * 100).checked_div(all).unwrap_or(100);
    let mut line = format!("changes that are noticed: {noticed} of {all} ({percent} %)");
    if mutants.equivalent > 0 {
        line.push_str(&format!("; {} more decide no case differently, which is proved", mutants.equivalent));
    }
    if mutants.unfinished > 0 {
        line.push_str(&format!("; {} need more steps than the budget has", mutants.unfinished));
    }
    let tint = if mutants.survivors.is_empty() { Tint::Good } else { Tint::Warning };
    let mut out = format!("{}\n", ui.paint.text(tint, &line));
    for survivor in &mutants.survivors {
        let (name, what) = (&survivor.mutation.name, &survivor.mutation.what);
        out.push_str(&format!("   = unnoticed in `{name}`: {}\n", render::quote::clean(what)));
        out.push_str(&format!(
            "     {}: {} today, {} then\n",
            render::quote::clean(&survivor.sentence),
            survivor.today,
            survivor.then
        ));
        let help = ui.paint.text(Tint::Help, "help:");
        out.push_str(&format!("     {help} {}\n", render::quote::clean(&survivor.expectation)));
    }
    out
}
