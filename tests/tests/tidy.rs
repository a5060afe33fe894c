//! The house rules, as tests: file headers and lengths, the direction of imports, the edges to the world, the codes, and
//! what must not stand in files that are kept.

use ordain::diagnostics::codes;
use ordain_tests::{pages, report, root};
use std::path::{Path, PathBuf};

/// A file of the repository: its path from the root, and its text.
struct File {
    path: String,
    text: String,
}

/// All text files below these folders, by path; not `target`, not what version control leaves out.
fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|f| root.join(f)).collect();
    while let Some(path) = open.pop() {
        let shown = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let name = shown.rsplit('/').next().unwrap_or("");
        if path.is_dir() {
            if !["target", "node_modules", ".git", "corpus", "artifacts", "out"].contains(&name) {
                open.extend(std::fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.path()));
            }
        } else if endings.iter().any(|e| name.ends_with(e))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            found.push(File { path: shown, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn rust() -> Vec<File> {
    files(&["compiler", "lsp", "tests"], &[".rs"])
}

/// The compiler's code, without the files that hold nothing but tests.
fn compiler() -> Vec<File> {
    let mut files = files(&["compiler/src"], &[".rs"]);
    files.retain(|f| !f.path.ends_with("/tests.rs") && !f.path.contains("/tests/"));
    files
}

/// The lines of a file's code with their numbers, without comments and without what stands behind `#[cfg(test)]`.
fn code(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let end = file.text.find("#[cfg(test)]").unwrap_or(file.text.len());
    let lines = file.text[..end].lines().enumerate().map(|(i, l)| (i + 1, l.trim_start()));
    lines.filter(|(_, l)| !l.starts_with("//"))
}

/// Complaints about every line of code that contains one of the words.
fn forbid(complaints: &mut Vec<String>, file: &File, words: &[&str], why: &str) {
    for (number, line) in code(file) {
        if let Some(word) = words.iter().find(|w| line.contains(*w)) {
            complaints.push(format!("{}:{number}: `{word}`: {why}", file.path));
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    let complaints = rust().into_iter().filter(|f| !f.text.starts_with("//! "));
    report(complaints.map(|f| format!("{}: opens without `//!`", f.path)).collect());
}

#[test]
fn no_file_is_long_without_a_reason() {
    let mut complaints = Vec::new();
    for file in rust() {
        let header: String = file.text.lines().take_while(|l| l.starts_with("//!")).collect();
        let lines = file.text.lines().count();
        if lines > 600 && !header.to_lowercase().contains("long because") {
            complaints.push(format!("{}: {lines} lines, and its header does not say \"long because\"", file.path));
        }
    }
    report(complaints);
}

/// The nouns import no verb; and only the edges know the edges.
#[test]
fn imports_point_one_way() {
    const NOUNS: [&str; 4] = ["model", "syntax", "source", "diagnostics"];
    const VERBS: [&str; 18] = [
        "lex",
        "parse",
        "resolve",
        "check",
        "decide",
        "space",
        "diagram",
        "lower",
        "analyse",
        "tabulate",
        "emit",
        "expect",
        "compare",
        "certify",
        "compile",
        "ide",
        "workspace",
        "cli",
    ];
    let mut complaints = Vec::new();
    for file in compiler() {
        let inside = file.path.trim_start_matches("compiler/src/");
        let module = inside.split(['/', '.']).next().unwrap_or("");
        for (number, line) in code(&file) {
            let uses = |m: &str| {
                let path = format!("crate::{m}");
                line.match_indices(&path)
                    .any(|(i, p)| !line[i + p.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            };
            // `show` puts values into words, which needs `decide`; no noun may need it.
            if NOUNS.contains(&module) && !inside.starts_with("model/show") {
                for verb in VERBS.iter().filter(|v| uses(v)) {
                    complaints.push(format!("{}:{number}: a noun imports the verb `{verb}`", file.path));
                }
            }
            if !["cli", "main"].contains(&module) && uses("cli") {
                complaints.push(format!("{}:{number}: only the edge knows `cli`", file.path));
            }
            if !["cli", "main", "workspace", "ide"].contains(&module) && (uses("workspace") || uses("ide")) {
                complaints.push(format!("{}:{number}: nothing below `workspace` knows it", file.path));
            }
            if ["decide", "certify"].contains(&module) && ["space", "diagram", "lower"].iter().any(|m| uses(m)) {
                complaints.push(format!("{}:{number}: a reference must not know cells or diagrams", file.path));
            }
        }
    }
    report(complaints);
}

/// Below `cli` nothing reads files, clocks or the terminal, or prints.
#[test]
fn the_core_is_pure() {
    const WORDS: [&str; 11] = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "std::time",
        "io::stdin",
        "println!",
        "print!(",
        "dbg!",
        "walkdir",
    ];
    let mut complaints = Vec::new();
    for file in compiler() {
        let edge = file.path.starts_with("compiler/src/cli") || file.path == "compiler/src/main.rs";
        // Here works below are parted among threads: two halves of anything, and deciding many cases.
        let parted = ["compiler/src/compile/batch.rs", "compiler/src/beside.rs"].contains(&file.path.as_str());
        if !edge {
            let words: Vec<&str> = WORDS.into_iter().filter(|w| !(parted && *w == "std::thread")).collect();
            forbid(&mut complaints, &file, &words, "only the command may");
        }
    }
    report(complaints);
}

#[test]
fn the_protocol_stays_in_the_server() {
    let mut complaints = Vec::new();
    for file in rust().iter().filter(|f| !f.path.starts_with("tests/")) {
        if file.path != "lsp/src/server.rs" {
            forbid(
                &mut complaints,
                file,
                &["LanguageServer for", "tower_lsp::Client", "LspService"],
                "server.rs alone",
            );
        }
        // The engines beside which the compiler is measured are a program of their own.
        let own = !file.path.starts_with("compiler/benches/side-by-side/");
        if own && file.path.starts_with("compiler/") {
            forbid(&mut complaints, file, &["tower_lsp", "tokio", "lsp_types"], "the compiler knows no editor");
        }
    }
    report(complaints);
}

/// Nothing is left for later, and no input may bring the compiler down.
#[test]
fn nothing_is_left_open() {
    let mut complaints = Vec::new();
    for file in rust().iter().filter(|f| f.path != "tests/tests/tidy.rs") {
        for (number, line) in file.text.lines().enumerate().map(|(i, l)| (i + 1, l)) {
            for word in ["todo!(", "unimplemented!(", "#[ignore", "FIXME", "XXX"] {
                if line.contains(word) {
                    complaints.push(format!("{}:{number}: `{word}`", file.path));
                }
            }
        }
    }
    for file in compiler() {
        forbid(&mut complaints, &file, &[".unwrap()", "panic!("], "no input may panic; say `expect(\"why not\")`");
    }
    report(complaints);
}

/// Every code is given by something besides the registry, and its page is more than a title.
#[test]
fn codes_are_used_and_documented() {
    let registry = root().join("compiler/src/diagnostics/codes.rs");
    let registry = std::fs::read_to_string(registry).unwrap_or_default();
    let sources = compiler();
    let mut complaints = Vec::new();
    for line in registry.lines() {
        let mut words = line.split_whitespace();
        let (Some(constant), Some(id)) = (words.next(), words.next()) else { continue };
        let Some(code) = id.strip_prefix('"').and_then(|id| codes::find(id.trim_end_matches('"'))) else { continue };
        let used = sources.iter().any(|f| {
            f.path != "compiler/src/diagnostics/codes.rs"
                && code_of(f).match_indices(constant).any(|(i, c)| {
                    let (before, behind) = (&f.text[..i], &f.text[i + c.len()..]);
                    let of_name = |c: char| c.is_alphanumeric() || c == '_';
                    !before.ends_with(of_name) && !behind.starts_with(of_name)
                })
        });
        if !used {
            complaints.push(format!("{} ({constant}) is given by nothing", code.id));
        }
        if code.page.lines().count() < 15 {
            complaints.push(format!("docs/codes/{}.md says nothing", code.id));
        }
    }
    let index = std::fs::read_to_string(root().join("docs/codes/README.md")).unwrap_or_default();
    for code in codes::ALL {
        let level = format!("{:?}", code.level).to_lowercase();
        let line = format!("| [{0}]({0}.md) | {1} | {level} |", code.id, code.name);
        if !index.contains(&line) {
            complaints.push(format!("docs/codes/README.md lacks `{line}`"));
        }
    }
    report(complaints);
}

/// The text up to its tests; offsets are those of the whole.
fn code_of(file: &File) -> &str {
    &file.text[..file.text.find("#[cfg(test)]").unwrap_or(file.text.len())]
}

/// Files speak of the product, not of the machine on which they were written.
#[test]
fn no_file_knows_a_machine() {
    let endings =
        [".rs", ".md", ".toml", ".ordain", ".json", ".js", ".ts", ".sh", ".lua", ".el", ".html", ".yml", "run"];
    let words = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/tm", "p/"].concat(), ["/ho", "me/"].concat()];
    let mut complaints = Vec::new();
    for file in files(&["."], &endings).iter().filter(|f| !f.path.ends_with("package-lock.json")) {
        for (number, line) in file.text.lines().enumerate() {
            for word in words.iter().filter(|w| line.contains(*w)) {
                complaints.push(format!("{}:{}: `{word}`", file.path, number + 1));
            }
        }
    }
    report(complaints);
}

#[test]
fn the_architecture_is_short_and_true() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default();
    let mut complaints = Vec::new();
    if text.lines().count() >= 200 {
        complaints.push(format!("ARCHITECTURE.md has {} lines", text.lines().count()));
    }
    // Every path in backticks is there.
    for word in text.split('`').skip(1).step_by(2) {
        let path = word.trim_end_matches('/');
        let looks = path.contains('/') && !path.contains([' ', '*', '{', '<', ':', '|']) && !path.starts_with('-');
        if looks && !root().join(path).exists() && !root().join("compiler/src").join(path).exists() {
            complaints.push(format!("ARCHITECTURE.md names `{word}`, which is not there"));
        }
    }
    // Every module is on the map.
    for entry in std::fs::read_dir(root().join("compiler/src")).into_iter().flatten().flatten() {
        let path = format!("compiler/src/{}", entry.file_name().to_string_lossy());
        if path != "compiler/src/lib.rs" && !text.contains(&format!("`{path}")) {
            complaints.push(format!("ARCHITECTURE.md has no place for `{path}`"));
        }
    }
    // Every dependency has its line.
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap_or_default();
    let dependencies = manifest.split("[workspace.dependencies]").nth(1).unwrap_or("");
    for line in dependencies.lines().take_while(|l| !l.starts_with('[')) {
        let name = line.split(['=', ' ']).next().unwrap_or("");
        if !name.is_empty() && name != "ordain" && !text.contains(&format!("`{name}`")) {
            complaints.push(format!("ARCHITECTURE.md does not say why `{name}`"));
        }
    }
    report(complaints);
}

/// Pages speak of things that are there: an empty folder of pages is a mistake of the tests, not a pass.
#[test]
fn the_tests_find_what_they_test() {
    assert!(compiler().len() > 20 && Path::new(&root()).join("Cargo.toml").exists());
    assert!(pages("docs/codes", &[]).len() > codes::ALL.len() / 2);
}
