//! Every fix of every finding on the pages of the codes and of the specification, made: the finding is gone, the text is
//! understood as well as before, and where a fix only takes away what has no effect, nothing is decided differently.

use ordain::compare::{self, Version};
use ordain::diagnostics::{Code, Diagnostic, Fix, codes, edited};
use ordain::model::DecisionId;
use ordain::workspace::Checked;
use ordain_tests::{Project, pages, report};
use std::collections::{BTreeMap, BTreeSet};

/// Their fixes take away what has no effect.
const KEEPS: [&Code; 9] = [
    &codes::NEVER_APPLIES,
    &codes::UNREACHABLE,
    &codes::REDUNDANT,
    &codes::EXCEPTION_NO_EFFECT,
    &codes::ALWAYS_TRUE,
    &codes::ALWAYS_FALSE,
    &codes::EXPECTATION_VACUOUS,
    &codes::UNUSED,
    &codes::ALLOWANCE_UNUSED,
];

/// The project with the edits of a fix.
fn fixed(project: &Project, checked: &Checked, fix: &Fix) -> Option<Project> {
    let mut project = project.clone();
    let mut files: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(&checked.sources.get(edit.span.file).path).or_default().push(edit);
    }
    for (path, edits) in files {
        let file = project.files.iter_mut().find(|f| f.path == path)?;
        file.text = edited(&file.text, &edits)?;
    }
    Some(project)
}

/// Nothing is decided differently, or it cannot be compared.
fn same(before: &Checked, after: &Checked) -> bool {
    if !before.complete || !after.complete {
        return true;
    }
    let [old, new] = [before, after].map(|c| Version { model: &c.model, sources: &c.sources });
    compare::compare(old, new, before.settings.budget).map_or(true, |found| found.same())
}

/// Kinds of case that some decision leaves open.
fn undecided(checked: &Checked) -> Option<u128> {
    let mut lowered = checked.lower()?;
    let decisions = (0..checked.model.decisions.len() as u32).map(DecisionId);
    let open: Vec<_> = decisions.map(|d| lowered.decision(d).undecided).collect();
    let all = open.iter().fold(0, |sum: u128, node| sum.saturating_add(lowered.dd.count(*node)));
    (!lowered.dd.exhausted()).then_some(all)
}

/// What was changed was open, all that was closed is one thing, and no condition cuts the cases anew.
fn closes(before: &Checked, after: &Checked) -> Result<(), String> {
    if before.kinds != after.kinds {
        return Err(format!("{:?} kinds of case became {:?}", before.kinds, after.kinds));
    }
    let [old, new] = [before, after].map(|c| Version { model: &c.model, sources: &c.sources });
    let Ok(found) = compare::compare(old, new, before.settings.budget) else { return Ok(()) };
    let decided = found.aspects.iter().filter(|a| matches!(a.what, compare::What::Decision(_)));
    if let Some(row) = decided.flat_map(|a| &a.rows).find(|r| r.before != "undecided") {
        return Err(format!("what was {} is {}", row.before, row.after));
    }
    let (Some(was), Some(is)) = (undecided(before), undecided(after)) else { return Ok(()) };
    match was.checked_sub(is) {
        Some(closed) if closed == found.changed && closed > 0 => Ok(()),
        _ => Err(format!("{was} open kinds of case became {is}, but {} were decided", found.changed)),
    }
}

/// What is decided otherwise was in conflict; whether something is.
fn settles(before: &Checked, after: &Checked) -> Result<bool, String> {
    let [old, new] = [before, after].map(|c| Version { model: &c.model, sources: &c.sources });
    let Ok(found) = compare::compare(old, new, before.settings.budget) else { return Ok(false) };
    let decided = found.aspects.iter().filter(|a| matches!(a.what, compare::What::Decision(_)));
    let rows: Vec<_> = decided.flat_map(|a| &a.rows).collect();
    match rows.iter().find(|r| r.before != "conflict") {
        Some(row) => Err(format!("what was {} is {}", row.before, row.after)),
        None => Ok(!rows.is_empty()),
    }
}

fn faults(checked: &Checked) -> Vec<&Diagnostic> {
    checked.diagnostics.iter().filter(|d| d.code.id < "O3").collect()
}

/// What there was to try.
#[derive(Debug, Default)]
struct Tried {
    codes: BTreeSet<&'static str>,
    /// Fixes that decided something that was in conflict.
    settled: usize,
}

fn complaints(project: &Project, page: &str, tried: &mut Tried) -> Vec<String> {
    let before = project.check();
    let mut out = Vec::new();
    for d in &before.diagnostics {
        for fix in d.fixes.iter().filter(|f| !f.edits.is_empty()) {
            let what = format!("{page}:{}: {} `{}`", project.line, d.code.id, fix.title);
            let Some(after) = fixed(project, &before, fix) else {
                out.push(format!("{what}: its edits overlap, or lie in no file of the project"));
                continue;
            };
            tried.codes.insert(d.code.id);
            let after = after.check();
            // Of a gap in several parts one is closed; then the others are told.
            let gap = d.code == &codes::GAP;
            let same_finding = |a: &Diagnostic| a.code == d.code && a.message == d.message;
            let shown = |a: &Diagnostic| same_finding(a) && (!gap || a.witness == d.witness);
            if after.diagnostics.iter().any(shown) {
                out.push(format!("{what}: the finding is still there"));
            }
            if gap && let Err(why) = closes(&before, &after) {
                out.push(format!("{what}: {why}"));
            }
            if d.code == &codes::CONFLICT {
                match settles(&before, &after) {
                    Ok(some) => tried.settled += usize::from(some),
                    Err(why) => out.push(format!("{what}: {why}")),
                }
            }
            let known = faults(&before).len();
            if before.complete && !after.complete || faults(&after).len() > known {
                let new: Vec<&str> = faults(&after).iter().map(|f| f.message.as_str()).collect();
                out.push(format!("{what}: the text is understood less than before: {new:?}"));
            }
            if KEEPS.contains(&d.code) && !same(&before, &after) {
                out.push(format!("{what}: something is decided differently"));
            }
        }
    }
    out
}

#[test]
fn every_fix_does_away_with_its_finding() {
    let (mut out, mut tried) = (Vec::new(), Tried::default());
    for page in pages("docs/codes", &[]).iter().chain(&pages("tests/spec", &[])) {
        for project in Project::of_page(page).unwrap_or_default() {
            if project.files.iter().all(|f| f.bytes.is_none()) {
                out.extend(complaints(&project, &page.path, &mut tried));
            }
        }
    }
    report(out);
    assert!(tried.codes.len() >= 29 && tried.settled >= 20, "only these were tried: {tried:?}");
}
