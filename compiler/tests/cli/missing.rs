//! `ordain expect --write-missing`: what it writes for whole projects, and how it is called.

use super::bench::Bench;
use insta::assert_snapshot;
use ordain::source::FileId;
use ordain::syntax::ast::ItemKind;
use std::path::{Path, PathBuf};

/// The text without its expectations.
fn stripped(text: &str) -> String {
    let (tree, errors) = ordain::parse::parse(FileId(0), text);
    assert!(errors.is_empty(), "{errors:?}");
    let (mut out, mut at) = (String::new(), 0);
    for item in tree.items.iter().filter(|i| matches!(i.kind, ItemKind::Expect(_))) {
        out.push_str(&text[at..item.span.range().start]);
        at = item.span.range().end;
    }
    out + &text[at..]
}

/// Every file of a folder, by its path below it.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path).into_iter().map(|(n, p)| (format!("{name}/{n}"), p))),
            path => found.push((name, path)),
        }
    }
    found
}

/// Whoever has no expectations writes the missing ones, proved to be the fewest: then all hold, and nothing is uncovered
/// that can be covered. The rows are those of the table from before, which the new expectations do not divide.
#[test]
fn what_is_written_for_the_examples_covers_them() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(&examples).expect("the examples").map(|e| e.expect("an entry")) {
        let (name, bench) = (entry.file_name().to_string_lossy().into_owned(), Bench::new(&[]));
        for (path, file) in files(&entry.path()) {
            let text = std::fs::read_to_string(&file).expect("a text");
            let text = if path.ends_with(".ordain") { stripped(&text) } else { text };
            bench.write(&format!("{name}/{path}"), &text);
        }
        let table = bench.run(&["table", &name]);
        let missing = format!("--write-missing={name}/missing.ordain");
        let written = bench.run(&["expect", &missing, &name]);
        assert!(written.contains("wrote ") && !written.contains("more than needed"), "{name}: {written}");
        let proved = bench.json(&["expect", "--format", "json", &name]);
        let all = proved["expectations"].as_array().expect("expectations");
        assert!(all.iter().all(|e| e["holds"] == true), "{name}: {proved:#}");
        assert_eq!(proved["coverage"]["uncovered"].as_array().map(Vec::len), Some(0), "{name}: {proved:#}");
        assert_eq!(bench.run(&["table", &name]), table, "{name}");
        looked_at += usize::from(!all.is_empty());
    }
    assert_eq!(looked_at, 6);
}

#[test]
fn the_file_to_write_is_no_folder() {
    let bench =
        Bench::new(&[("rules/a.ordain", "policy p { default forbid }\nfact a: yes/no\nrule x { permit when a }\n")]);
    assert_snapshot!(bench.run(&["expect", "--write-missing", "rules"]), @r"
    -- remarks --
    error[O9002] unreadable file: `rules` is a folder, and `--write-missing` names the file that it writes
       = help: `--write-missing=rules/missing.ordain rules` writes to a file, `--write-missing=- rules` prints
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["expect", "rules", "--write-missing", "."]), @r"
    -- remarks --
    error[O9002] unreadable file: `.` is a folder, and `--write-missing` names the file that it writes
       = help: `--write-missing=./missing.ordain rules` writes to a file, `--write-missing=- rules` prints
    -- exit code 2 --
    ");
    assert_eq!(bench.code(&["expect", "--write-missing=-", "rules"]), 0);
}
