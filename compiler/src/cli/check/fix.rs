//! `ordain check --fix`: findings -> files in which they are repaired.
//!
//! A round makes fixes that do not overlap, and checks again; one that brings a finding that was not there before is taken
//! back. What only a deleted rule used is left over, which is no such finding: a later round deletes it, too. Of fixes that
//! delete what the rules do not need, each has a round of its own: of two rules that say the same, one has to stay. It ends
//! when no fix is left, and after [`ROUNDS`] rounds in any case.

use crate::cli::load::{self, Project};
use crate::cli::ui::{Done, Exit, Failure, Ui};
use crate::cli::write::replace;
use crate::diagnostics::{Diagnostic, Edit, codes, edited, fingerprints, render};
use crate::source::FileId;
use crate::workspace::{Change, Checked, STDIN, Workspace};
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// The most rounds for one project.
pub const ROUNDS: usize = 500;

/// What became of the files.
pub struct Fixed {
    /// How many findings are repaired.
    findings: usize,
    files: Vec<Changed>,
    /// There was more to do than rounds.
    unfinished: bool,
}

struct Changed {
    path: PathBuf,
    shown: String,
    before: Arc<str>,
    after: Arc<str>,
}

/// Repairs the projects in memory.
pub fn fix(projects: &mut [Project]) -> Result<Fixed, Failure> {
    let mut fixed = Fixed { findings: 0, files: Vec::new(), unfinished: false };
    for project in projects {
        if project.workspace.contains(STDIN) {
            return Err(Failure::usage("standard input cannot be repaired, there is no file to write"));
        }
        let before: BTreeMap<String, Arc<str>> = texts(&project.workspace);
        let (findings, unfinished) = rounds(&mut project.workspace);
        fixed.findings += findings;
        fixed.unfinished |= unfinished;
        for (path, after) in texts(&project.workspace) {
            if let Some(before) = before.get(&path).filter(|before| **before != after) {
                let (file, before) = (project.root.join(&path), Arc::clone(before));
                fixed.files.push(Changed { path: file, shown: project.stand.path(&path), before, after });
            }
        }
    }
    Ok(fixed)
}

fn texts(workspace: &Workspace) -> BTreeMap<String, Arc<str>> {
    workspace.paths().filter_map(|path| Some((path.to_string(), Arc::clone(workspace.text(path)?)))).collect()
}

fn rounds(workspace: &mut Workspace) -> (usize, bool) {
    let mut refused: BTreeSet<String> = BTreeSet::new();
    let (mut findings, mut alone) = (0, false);
    let mut checked = workspace.check();
    for _ in 0..ROUNDS {
        let prints = fingerprints(&checked.diagnostics, &checked.sources, &checked.files);
        let chosen = choose(&checked, &prints, &refused, alone);
        if chosen.is_empty() {
            return (findings, false);
        }
        let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in chosen.iter().filter_map(|i| checked.diagnostics[*i].safe_fix()).flat_map(|f| &f.edits) {
            edits.entry(edit.span.file).or_default().push(edit);
        }
        let mut undo = Vec::new();
        for (file, edits) in edits {
            let source = checked.sources.get(file);
            if let Some(text) = edited(&source.text, &edits) {
                undo.push((source.path.clone(), Arc::clone(&source.text)));
                workspace.apply(Change::Set { path: source.path.clone(), text: text.into() });
            }
        }
        let after = workspace.check();
        let known: BTreeSet<&String> = prints.iter().collect();
        let new = fingerprints(&after.diagnostics, &after.sources, &after.files);
        // Where the text was not understood, what the rules decide was not known either.
        let worse = after
            .diagnostics
            .iter()
            .zip(&new)
            .filter(|(d, print)| !known.contains(print) && !left_over(d))
            .any(|(d, _)| checked.complete || !d.code.acceptable());
        if worse || undo.is_empty() {
            undo.into_iter().for_each(|(path, text)| workspace.apply(Change::Set { path, text }));
            match chosen.as_slice() {
                [one] => {
                    refused.insert(prints[*one].clone());
                }
                _ => alone = true,
            }
            continue;
        }
        findings += chosen.len();
        checked = after;
    }
    (findings, true)
}

/// Something that nothing needs any more: a name that nothing uses, an acceptance of what no longer occurs.
fn left_over(diagnostic: &Diagnostic) -> bool {
    [&codes::UNUSED, &codes::ALLOWANCE_UNUSED].contains(&diagnostic.code)
}

/// The diagnostics that are repaired next: as many as do not overlap, or one.
fn choose(checked: &Checked, prints: &[String], refused: &BTreeSet<String>, alone: bool) -> Vec<usize> {
    let own = |d: &Diagnostic| {
        let files = d.safe_fix().into_iter().flat_map(|f| &f.edits).map(|e| e.span.file);
        files.map(|f| &checked.sources.get(f).path).all(|path| !path.starts_with('<'))
    };
    let mut chosen: Vec<usize> = Vec::new();
    let mut taken: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for (i, diagnostic) in checked.diagnostics.iter().enumerate() {
        let Some(fix) = diagnostic.safe_fix().filter(|_| own(diagnostic) && !refused.contains(&prints[i])) else {
            continue;
        };
        let decides = diagnostic.code.id.starts_with("O3");
        if decides && !chosen.is_empty() {
            continue;
        }
        let mut all = taken.clone();
        fix.edits.iter().for_each(|e| all.entry(e.span.file).or_default().push(e));
        if all.iter().all(|(file, edits)| edited(&checked.sources.get(*file).text, edits).is_some()) {
            chosen.push(i);
            taken = all;
        }
        if !chosen.is_empty() && (alone || decides) {
            break;
        }
    }
    chosen
}

/// Prints the changes as a patch.
pub fn show(fixed: &Fixed, ui: &Ui) -> Done {
    for file in &fixed.files {
        let diff = TextDiff::from_lines(file.before.as_ref(), file.after.as_ref());
        let (old, new) = (format!("a/{}", file.shown), format!("b/{}", file.shown));
        ui.print(&diff.unified_diff().context_radius(3).header(&old, &new).to_string())?;
    }
    say(fixed, "would repair", ui);
    Ok(if fixed.files.is_empty() { Exit::Fine } else { Exit::Findings })
}

/// Writes the files that have changed.
pub fn write(fixed: &Fixed, ui: &Ui) -> Result<(), Failure> {
    for file in &fixed.files {
        replace(&file.path, file.after.as_ref())?;
    }
    say(fixed, "repaired", ui);
    Ok(())
}

fn say(fixed: &Fixed, verb: &str, ui: &Ui) {
    let findings = render::plural(fixed.findings as u128, "finding");
    match fixed.files.as_slice() {
        [] => ui.remark("nothing can be repaired without a decision of yours"),
        [file] => ui.remark(&format!("{verb} {findings} in `{}`", load::shown(&file.path))),
        files => ui.remark(&format!("{verb} {findings} in {} files", files.len())),
    }
    if fixed.unfinished {
        ui.remark("there may be more to repair: run it again");
    }
}
