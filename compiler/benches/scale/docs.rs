//! The CSV file of a run -> the table in `docs/performance.md` and the picture beside it.

use crate::report::{self, Line, data, time};
use crate::rows::{self, Row};
use crate::{curves, measured};
use std::error::Error;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- written by `cargo bench -p ordain -- --docs` from here -->";
const END: &str = "<!-- to here -->";

const BEGIN_WAYS: &str = "<!-- written by `cargo bench -p ordain -- --strategies --docs` from here -->";
const END_WAYS: &str = "<!-- to here: strategies -->";

pub fn write(file: &Path, rows: &[Row]) -> Result<(), Box<dyn Error>> {
    let lines = report::read(file)?;
    std::fs::write(docs().join("performance.svg"), curves::svg(&lines))?;
    replace(BEGIN, &table(&lines, rows), END)
}

pub fn write_strategies(tables: &str) -> Result<(), Box<dyn Error>> {
    replace(BEGIN_WAYS, &format!("{}.\n\n{tables}", measured::machine()), END_WAYS)
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, |root| root.join("docs"))
}

/// Puts a text between two lines of the page.
fn replace(begin: &str, text: &str, end: &str) -> Result<(), Box<dyn Error>> {
    let path = docs().join("performance.md");
    let page = std::fs::read_to_string(&path)?;
    let (before, rest) = page.split_once(begin).ok_or("docs/performance.md has no place for it")?;
    let (_, after) = rest.split_once(end).ok_or("docs/performance.md does not say where it ends")?;
    std::fs::write(&path, format!("{before}{begin}\n\n{text}\n{end}{after}"))?;
    Ok(())
}

fn table(lines: &[Line], all: &[Row]) -> String {
    let mut text = format!("{}.\n\n", measured::machine());
    text.push_str("| row | text | median | least | peak memory | found | to reach |\n|---|--:|--:|--:|--:|--:|---|\n");
    for line in lines {
        let target = all.iter().find(|r| r.name == line.row).and_then(|r| r.target);
        let [row, bytes, median, least, peak, found] = [
            format!("`{}`", line.row),
            line.bytes.filter(|b| *b > 0.0).map(data).unwrap_or_default(),
            line.median.map_or_else(|| line.note.clone(), time),
            line.least.map(time).unwrap_or_default(),
            line.peak.filter(|k| *k > 0.0).map(|k| data(k * 1024.0)).unwrap_or_default(),
            line.found.map(|n| format!("{n:.0}{}", if line.partial { ", not all" } else { "" })).unwrap_or_default(),
        ];
        let reach =
            target.map(|t| format!("{}{}", rows::words(t), if reached(t, line) { "" } else { ": not reached" }));
        let reach = reach.unwrap_or_default();
        text.push_str(&format!("| {row} | {bytes} | {median} | {least} | {peak} | {found} | {reach} |\n"));
    }
    text
}

fn reached(target: rows::Target, line: &Line) -> bool {
    target.reached(line.median.filter(|_| !line.partial), line.peak, line.bytes)
}
