//! `ordain check --certify DIR`: the verdicts as scripts for a solver, in a folder.
//!
//! One project's scripts are written into the folder itself, several projects' each into a subfolder. A folder that holds
//! something else is refused; scripts of an earlier run are replaced, and those that are no longer written are deleted.

use super::load::{self, Project};
use super::ui::Failure;
use super::write;
use crate::analyse::{self, Kind};
use crate::certify::{Certificates, Verdicts, certify};
use crate::expect;
use crate::lower::Lowered;
use crate::workspace::Checked;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The list of the scripts in a folder.
const INDEX: &str = "index.json";

/// Writes the scripts of all projects that are understood. Returns what there is to say about it.
pub fn write(folder: &Path, all: &[(&Project, Checked)]) -> Result<Vec<String>, Failure> {
    let mut remarks = Vec::new();
    for (name, (project, checked)) in names(all).into_iter().zip(all) {
        let folder = name.map_or(folder.to_path_buf(), |n| folder.join(n));
        if !checked.complete {
            let root = load::shown(&project.root);
            remarks.push(format!("not certified: `{root}` has errors, so nothing can be said about what it decides"));
            continue;
        }
        let certificates = scripts(checked);
        store(&folder, &certificates)?;
        let claims = crate::diagnostics::render::plural(certificates.claims() as u128, "claim");
        let scripts = crate::diagnostics::render::plural(certificates.scripts.len() as u128, "script");
        remarks.push(format!("wrote {claims} in {scripts} to `{}`", folder.display()));
        remarks.extend(certificates.left_out.iter().map(|out| format!("not certified: {}: {}", out.claim, out.why)));
    }
    Ok(remarks)
}

/// Analyses once more: the report has what is shown of the findings, and scripts need all of them.
fn scripts(checked: &Checked) -> Certificates {
    let mut lowered = Lowered::new(&checked.model, &[], checked.settings.budget);
    let findings: Vec<Kind> = analyse::findings(&mut lowered, None).into_iter().map(|f| f.kind).collect();
    let stop = findings.iter().any(|k| matches!(k, Kind::Budget { .. } | Kind::NoCases { .. }));
    let expectations: Vec<(bool, bool)> = match stop {
        true => Vec::new(),
        false => expect::run(&mut lowered, &checked.sources).iter().map(|r| (r.holds, r.vacuous)).collect(),
    };
    certify(&checked.model, &checked.sources, Verdicts { findings: &findings, expectations: &expectations })
}

/// The subfolder of each project; none where there is but one.
fn names(all: &[(&Project, Checked)]) -> Vec<Option<String>> {
    if let [_] = all {
        return vec![None];
    }
    let roots: Vec<&Path> = all.iter().map(|(p, _)| p.root.as_path()).collect();
    let parent = |path: &Path| path.parent().map_or(PathBuf::new(), Path::to_path_buf);
    let mut common = roots.first().map_or(PathBuf::new(), |r| parent(r));
    while !roots.iter().all(|r| r.starts_with(&common)) {
        common = parent(&common);
    }
    let mut seen = BTreeSet::new();
    let names = roots.iter().map(|root| {
        let inside = root.strip_prefix(&common).unwrap_or(root);
        let parts: Vec<String> = inside.iter().map(|p| p.to_string_lossy().into_owned()).collect();
        let mut name = parts.join("-");
        while !seen.insert(name.clone()) {
            name.push('-');
        }
        Some(name)
    });
    names.collect()
}

fn store(folder: &Path, certificates: &Certificates) -> Result<(), Failure> {
    let shown = folder.display();
    let fault = |error: std::io::Error| Failure::unreadable(format!("`{shown}` cannot be written: {error}"));
    let before = earlier(folder)?;
    std::fs::create_dir_all(folder).map_err(fault)?;
    for script in &certificates.scripts {
        write::replace(&folder.join(&script.file), &script.text)?;
    }
    let index = serde_json::to_string_pretty(&certificates.index())
        .map_err(|error| Failure::usage(format!("the list of scripts cannot be written: {error}")))?;
    write::replace(&folder.join(INDEX), format!("{index}\n"))?;
    let now: BTreeSet<&str> = certificates.scripts.iter().map(|s| s.file.as_str()).collect();
    for file in before.iter().filter(|f| !now.contains(f.as_str())) {
        match std::fs::remove_file(folder.join(file)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fault(error)),
            _ => {}
        }
    }
    Ok(())
}

/// The scripts that an earlier run wrote there. A folder with anything else and no list of scripts is not ours to fill.
fn earlier(folder: &Path) -> Result<Vec<String>, Failure> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::usage(format!("`{shown}` is a file, not a folder")));
    }
    let Ok(text) = std::fs::read_to_string(folder.join(INDEX)) else {
        let empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
        let other = Failure::usage(format!("`{shown}` holds other files, and scripts are not mixed with them"));
        return if empty { Ok(Vec::new()) } else { Err(other.help("name a folder that does not exist yet")) };
    };
    let list: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let scripts = list.as_ref().and_then(|l| l.get("not_certified").and(l.get("scripts"))?.as_array());
    let Some(scripts) = scripts else {
        let other =
            Failure::usage(format!("`{shown}/{INDEX}` is no list of scripts, and nothing of others is overwritten"));
        return Err(other.help("name a folder that does not exist yet"));
    };
    let files = scripts.iter().filter_map(|s| s.get("file")?.as_str());
    // Only names of files in this very folder.
    Ok(files.filter(|f| f.ends_with(".smt2") && !f.contains(['/', '\\'])).map(str::to_string).collect())
}
