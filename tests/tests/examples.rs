//! The examples, executed: each folder of `examples` is a project without an error or a warning. A folder inside one that
//! has an `ordain.toml` of its own shows a text that is not in order: it is understood, and it has findings.

use ordain::diagnostics::Level;
use ordain::workspace::{Change, Workspace};
use ordain_tests::{commands, project::shown, report, root};
use std::path::{Path, PathBuf};

/// The files of a project by path, and the projects inside it.
fn files(folder: &Path) -> (Vec<(String, String)>, Vec<PathBuf>) {
    let (mut files, mut inner) = (Vec::new(), Vec::new());
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            if path != folder && path.join("ordain.toml").exists() {
                inner.push(path);
            } else {
                open.extend(std::fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.path()));
            }
        } else if ["ordain", "md", "toml"].iter().any(|e| path.extension().is_some_and(|x| x == *e))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((name, text));
        }
    }
    files.sort();
    inner.sort();
    (files, inner)
}

/// The findings above note level, each on one line; and whether everything was understood.
fn check(folder: &Path) -> (Vec<String>, bool) {
    let mut workspace = Workspace::default();
    for (path, text) in files(folder).0 {
        workspace.apply(Change::Set { path, text: text.into() });
    }
    let checked = workspace.check();
    let bad = checked.diagnostics.iter().filter(|d| d.level > Level::Note);
    let lines = bad.map(|d| format!("{}: {} {}", checked.sources.place(d.span), d.code.id, shown(d)));
    (lines.collect(), checked.complete)
}

fn projects() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("examples")).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn examples_have_no_findings() {
    let mut complaints = Vec::new();
    assert!(!projects().is_empty());
    for folder in projects() {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().to_string();
        complaints.extend(check(&folder).0.into_iter().map(|line| format!("examples/{name}/{line}")));
    }
    report(complaints);
}

#[test]
fn texts_that_are_not_in_order_have_findings() {
    let mut complaints = Vec::new();
    for folder in projects().iter().flat_map(|f| files(f).1) {
        let (findings, complete) = check(&folder);
        if !complete {
            complaints.push(format!("{}: not understood: {}", folder.display(), findings.join("\n  ")));
        } else if findings.is_empty() {
            complaints.push(format!("{}: nothing is found", folder.display()));
        }
    }
    report(complaints);
}

/// What `ordain table` prints for a folder.
fn printed(folder: &Path, more: &[&str]) -> String {
    let command = commands().join(format!("ordain{}", std::env::consts::EXE_SUFFIX));
    let output = std::process::Command::new(command).arg("table").arg(folder).args(more).output();
    output.map_or_else(|e| e.to_string(), |o| String::from_utf8_lossy(&o.stdout).into_owned())
}

/// What stands between the marks in a page, if it has them.
fn generated(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once("<!-- ordain table --by-citation -->\n")?;
    let (inside, after) = rest.split_once("<!-- end -->")?;
    Some((before, inside, after))
}

/// The tables beside the examples are what the command prints today. `ORDAIN_BLESS=1` writes them anew.
#[test]
fn tables_are_up_to_date() {
    let bless = std::env::var_os("ORDAIN_BLESS").is_some();
    let (mut complaints, mut seen) = (Vec::new(), 0);
    let mut compare = |path: PathBuf, stands: String, wanted: String| {
        seen += 1;
        if stands != wanted && bless {
            std::fs::write(&path, wanted).expect("the examples can be written");
        } else if stands != wanted {
            complaints.push(format!("{}: not what `ordain table` prints (`ORDAIN_BLESS=1` writes it)", path.display()));
        }
    };
    for folder in projects().into_iter().flat_map(|f| files(&f).1.into_iter().chain([f.clone()]).collect::<Vec<_>>()) {
        let table = folder.join("table.md");
        if let Ok(text) = std::fs::read_to_string(&table) {
            compare(table, text, printed(&folder, &[]));
        }
        let page = folder.join("README.md");
        let text = std::fs::read_to_string(&page).unwrap_or_default();
        if let Some((before, _, after)) = generated(&text) {
            let mark = "<!-- ordain table --by-citation -->\n";
            let rows = printed(&folder, &["--by-citation"]);
            let rows = rows.split_once("\n\n").map_or("", |(_, rows)| rows.trim_end());
            compare(page, text.clone(), format!("{before}{mark}\n{rows}\n\n<!-- end -->{after}"));
        }
    }
    assert!(seen > 5, "the examples have tables");
    report(complaints);
}
