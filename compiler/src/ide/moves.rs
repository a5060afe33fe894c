//! Files that are renamed -> the edits that keep `use`, `source` and citations leading to them.
//!
//! A path is written anew only where it would lead elsewhere afterwards: because what it names moves, or because the file
//! that it stands in does.

use crate::diagnostics::Edit;
use crate::resolve::{candidates, module_of, near};
use crate::source::Span;
use crate::stdlib;
use crate::syntax::ast::{Clause, Item, ItemKind, SettingKind, Str};
use crate::workspace::Checked;

/// A file or a folder of the project: its path now, and its path afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub old: String,
    pub new: String,
}

/// What has to change, in the texts as they are before anything moves.
pub fn edits(checked: &Checked, moves: &[Move]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let moved = |path: &str| after(path, moves);
    let exists = |path: &String| checked.sources.find(path).is_some();
    let there: Vec<String> = checked.sources.iter().map(|(_, s)| moved(&s.path)).collect();
    for (file, tree) in &checked.files {
        let path = &checked.sources.get(*file).path;
        if stdlib::is_std(path) {
            continue;
        }
        let using = moved(path);
        let leads = |paths: Vec<String>| paths.into_iter().find(|p| there.contains(p));
        let mut named: Vec<&Str> = Vec::new();
        for item in &tree.items {
            if let ItemKind::Use(module) = &item.kind {
                let written = module.dotted();
                let Some(target) = candidates(path, &written).into_iter().find(exists) else { continue };
                let target = moved(&target);
                if leads(candidates(&using, &written)).as_ref() == Some(&target) {
                    continue;
                }
                let module_ =
                    beside(&using, &target).and_then(|near| module_of(&near)).into_iter().chain(module_of(&target));
                let new = module_.into_iter().find(|m| leads(candidates(&using, m)).as_ref() == Some(&target));
                edits.extend(new.map(|new| Edit::replace(module.span, new)));
            }
        }
        texts(&tree.items, &mut named);
        for text in named {
            let written = text.text.split('#').next().unwrap_or_default();
            let Some(target) = near(path, written).into_iter().find(exists) else { continue };
            let target = moved(&target);
            if written.is_empty() || leads(near(&using, written)).as_ref() == Some(&target) {
                continue;
            }
            let ways = beside(&using, &target).into_iter().chain([target.clone()]);
            let new = ways.into_iter().find(|w| leads(near(&using, w)).as_ref() == Some(&target));
            let quoted = checked.sources.text(text.span);
            let at = quoted.find(written).filter(|_| !written.contains(['"', '\\']));
            edits.extend(new.zip(at).map(|(new, at)| {
                let start = text.span.start as usize + at;
                Edit::replace(Span::new(text.span.file, start..start + written.len()), new)
            }));
        }
    }
    edits
}

/// The path that a file has afterwards.
fn after(path: &str, moves: &[Move]) -> String {
    let inside = |folder: &str| path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    let moved = moves.iter().find_map(|m| {
        if m.old == path { Some(m.new.clone()) } else { inside(&m.old).map(|rest| format!("{}/{rest}", m.new)) }
    });
    moved.unwrap_or_else(|| path.to_string())
}

/// A path as it is written in a file of the same folder or one above it.
fn beside(using: &str, target: &str) -> Option<String> {
    let folder = using.rsplit_once('/').map_or("", |p| p.0);
    if folder.is_empty() {
        return Some(target.to_string());
    }
    Some(target.strip_prefix(folder)?.strip_prefix('/')?.to_string())
}

/// All texts that name a file.
fn texts<'a>(items: &'a [Item], out: &mut Vec<&'a Str>) {
    for item in items {
        match &item.kind {
            ItemKind::Policy(policy) => out.extend(policy.settings.iter().filter_map(|s| match &s.kind {
                SettingKind::Source(text) => Some(text),
                _ => None,
            })),
            ItemKind::Section(section) => {
                out.extend(&section.cites);
                texts(&section.items, out);
            }
            ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => of_clause(clause, out),
            ItemKind::NotEncoded { cite, .. } => out.push(cite),
            _ => {}
        }
    }
}

fn of_clause<'a>(clause: &'a Clause, out: &mut Vec<&'a Str>) {
    out.extend(&clause.cites);
    clause.exceptions.iter().for_each(|e| of_clause(e, out));
}
