//! Findings <-> a file that lists those that are accepted, see `docs/schema/baseline.schema.json`.
//!
//! A finding is known again by its file and its fingerprint, so it stays accepted when lines move. Files are written
//! relative to the baseline's own folder. The list is sorted, so that differences between versions are differences of the
//! findings. Only findings about what rules decide can be accepted: where a text is not understood, nothing is known.

use super::Found;
use crate::cli::load;
use crate::cli::ui::{Failure, Ui};
use crate::cli::write::replace;
use crate::diagnostics::json::{Accepted, By, VERSION};
use crate::diagnostics::{Diagnostic, about, render};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub struct Baseline {
    path: PathBuf,
    /// Where its file lies.
    folder: PathBuf,
    entries: BTreeSet<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

/// One finding. What stands behind the fingerprint is for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Entry {
    file: String,
    code: String,
    fingerprint: String,
    about: String,
    message: String,
}

impl Baseline {
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        if !path.exists() {
            return Err(Failure::unreadable(format!("there is no baseline `{shown}`"))
                .help("`--write-baseline` writes today's findings into it"));
        }
        let document: Document = serde_json::from_str(&load::read(path)?)
            .map_err(|error| Failure::usage(format!("`{shown}` is no baseline: {error}")))?;
        if document.version != VERSION {
            return Err(Failure::usage(format!(
                "`{shown}` is a baseline of version {}, and this is version {VERSION}",
                document.version
            ))
            .help("write it anew with `--write-baseline`"));
        }
        Ok(Self { path: path.to_path_buf(), folder: folder(path)?, entries: document.findings.into_iter().collect() })
    }

    /// Accepts all that is found today. What an earlier baseline says of files that are not among those stays.
    pub fn write(path: &Path, all: &[Found], ui: &Ui) -> Result<Self, Failure> {
        if let Some(found) = all.iter().find(|f| !f.checked.complete) {
            let root = load::shown(&found.project.root);
            return Err(Failure::usage(format!("`{root}` has errors, so its findings are not known")).finding());
        }
        let old = if path.exists() { Self::read(path)?.entries } else { BTreeSet::new() };
        let mut baseline = Self { path: path.to_path_buf(), folder: folder(path)?, entries: BTreeSet::new() };
        for found in all {
            let acceptable = found.checked.diagnostics.iter().zip(&found.prints).filter(|(d, _)| d.code.acceptable());
            let entries: Vec<Entry> = acceptable.map(|(d, print)| baseline.entry(found, d, print)).collect();
            baseline.entries.extend(entries);
        }
        let count = baseline.entries.len();
        let looked_at = baseline.looked_at(all);
        let kept = old.into_iter().filter(|e| !looked_at.contains(&e.file) && baseline.folder.join(&e.file).exists());
        baseline.entries.extend(kept.collect::<Vec<_>>());
        let document = Document { version: VERSION, findings: baseline.entries.iter().cloned().collect() };
        let text = serde_json::to_string_pretty(&document)
            .map_err(|error| Failure::usage(format!("the baseline cannot be written as JSON: {error}")))?;
        replace(path, format!("{text}\n"))?;
        ui.remark(&format!("wrote {} to `{}`", render::plural(count as u128, "finding"), path.display()));
        Ok(baseline)
    }

    /// Takes what is accepted out of the findings, and says which entries are needed no more.
    pub fn apply(&self, all: &mut [Found], ui: &Ui) {
        let known: BTreeSet<(&str, &str)> =
            self.entries.iter().map(|e| (e.file.as_str(), e.fingerprint.as_str())).collect();
        let mut met: BTreeSet<(String, String)> = BTreeSet::new();
        for found in all.iter_mut() {
            let mut accepted = Vec::new();
            let mut keep = Vec::with_capacity(found.prints.len());
            for (diagnostic, print) in found.checked.diagnostics.iter().zip(&found.prints) {
                let file = self.file(found, diagnostic);
                let is_known = diagnostic.code.acceptable() && known.contains(&(file.as_str(), print.as_str()));
                if is_known {
                    let report = found.report(diagnostic, print);
                    accepted.push(Accepted { by: By::Baseline, because: None, until: None, report });
                    met.insert((file, print.clone()));
                }
                keep.push(!is_known);
            }
            found.accepted.extend(accepted);
            let mut kept = keep.iter();
            found.checked.diagnostics.retain(|_| kept.next().copied().unwrap_or(true));
            let mut kept = keep.iter();
            found.prints.retain(|_| kept.next().copied().unwrap_or(true));
        }
        let looked_at = self.looked_at(all);
        let gone = |e: &&Entry| {
            !met.contains(&(e.file.clone(), e.fingerprint.clone()))
                && (looked_at.contains(&e.file) || !self.folder.join(&e.file).exists())
        };
        let gone: Vec<&Entry> = self.entries.iter().filter(gone).collect();
        if !gone.is_empty() {
            let (findings, verb) = match gone.len() {
                1 => ("1 finding".to_string(), "occurs"),
                n => (format!("{n} findings"), "occur"),
            };
            let shown = self.path.display();
            ui.remark(&format!("{findings} of the baseline no longer {verb}; `--baseline {shown} --write-baseline` drops what is not needed"));
            gone.iter().for_each(|e| ui.remark(&format!("   = {}: {} {}", e.file, e.code, e.message)));
        }
    }

    /// The files of the projects that are understood.
    fn looked_at(&self, all: &[Found]) -> BTreeSet<String> {
        let complete = all.iter().filter(|f| f.checked.complete);
        complete.flat_map(|f| f.own_files().map(|s| self.relative(&f.project.root.join(&s.path)))).collect()
    }

    fn entry(&self, found: &Found, diagnostic: &Diagnostic, print: &str) -> Entry {
        let tree = found.checked.files.iter().find(|t| t.0 == diagnostic.span.file);
        Entry {
            file: self.file(found, diagnostic),
            code: diagnostic.code.id.to_string(),
            fingerprint: print.to_string(),
            about: tree.map(|t| about(&t.1.items, diagnostic.span.start)).unwrap_or_default(),
            message: diagnostic.message.clone(),
        }
    }

    fn file(&self, found: &Found, diagnostic: &Diagnostic) -> String {
        match found.checked.sources.get(diagnostic.span.file).path.as_str() {
            path if path.starts_with('<') => path.to_string(),
            path => self.relative(&found.project.root.join(path)),
        }
    }

    /// A file's path from the baseline's folder.
    fn relative(&self, file: &Path) -> String {
        let common = self.folder.components().zip(file.components()).take_while(|(a, b)| a == b).count();
        let up = self.folder.components().skip(common).map(|_| "..".to_string());
        let down = file.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

fn folder(path: &Path) -> Result<PathBuf, Failure> {
    Ok(load::absolute(path)?.parent().map(Path::to_path_buf).unwrap_or_default())
}
