//! Coverage -> one HTML page for people: the policy's text with what expectations depend on, and what they do not.
//!
//! The page needs no network and no other file. Every rule, exception and proviso is marked in its line with the number of
//! expectations that depend on it and their titles; rows of tables, which stand in no file, are listed below.

use super::claim::ExpectationResult;
use super::coverage::Coverage;
use crate::model::*;
use crate::source::{FileId, Sources};
use std::collections::BTreeMap;
use std::fmt::Write;

const CSS: &str = include_str!("page.css");

/// What stands in one line: its name, and the titles of the expectations that depend on it.
struct Mark {
    name: String,
    titles: Vec<String>,
}

/// `path` says how a file is called.
pub fn page(
    coverage: &Coverage,
    results: &[ExpectationResult],
    model: &Model,
    sources: &Sources,
    path: &dyn Fn(&str) -> String,
) -> String {
    let files = marks(coverage, model, sources);
    let mut out = String::new();
    let title = model.policies.first().map_or("", |p| p.title.as_ref().unwrap_or(&p.name).as_str());
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Coverage: {0}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n<h1>What the expectations of {0} depend on</h1>\n",
        escaped(if title.is_empty() { "the policy" } else { title })
    );
    let holding = results.iter().filter(|r| r.finished && r.holds && !r.vacuous).count();
    let _ = writeln!(out, "<p>{holding} of {} expectations hold.</p>", results.len());
    let _ = writeln!(out, "<table class=\"sum\">\n<tr><th></th><th>covered</th><th>of</th><th></th></tr>");
    for (what, (covered, all)) in THINGS.iter().zip(coverage.counts()).filter(|(_, (_, all))| *all > 0) {
        let _ = writeln!(
            out,
            "<tr><th>{what}</th><td>{covered}</td><td>{all}</td><td><meter min=\"0\" max=\"{all}\" value=\"{covered}\">{covered} of {all}</meter></td></tr>"
        );
    }
    let _ = writeln!(out, "</table>");
    for (file, marks) in &files {
        let source = sources.get(*file);
        let _ = writeln!(out, "<h2>{}</h2>\n<table class=\"text\">", escaped(&path(&source.path)));
        for line in 0..source.lines() as u32 {
            let text = source.line(line);
            if line + 1 == source.lines() as u32 && text.is_empty() {
                continue;
            }
            let (class, note) = match marks.get(&line) {
                None => ("", String::new()),
                Some(marks) => told(marks),
            };
            let _ = writeln!(
                out,
                "<tr{class}><td class=\"no\" id=\"{}-{n}\">{n}</td><td class=\"note\">{note}</td><td><code>{}</code></td></tr>",
                file.0,
                escaped(text),
                n = line + 1
            );
        }
        let _ = writeln!(out, "</table>");
    }
    rows(&mut out, coverage, model);
    out.push_str("</body>\n</html>\n");
    out
}

/// The three kinds of thing that are counted, as `Coverage::counts` gives them.
pub const THINGS: [&str; 3] = ["rules and exceptions", "provisos", "rows of the tables"];

/// By file and line from 0.
fn marks(coverage: &Coverage, model: &Model, sources: &Sources) -> BTreeMap<FileId, BTreeMap<u32, Vec<Mark>>> {
    let mut files: BTreeMap<FileId, BTreeMap<u32, Vec<Mark>>> = BTreeMap::new();
    let titles = |by: &[ExpectationId]| {
        by.iter().filter_map(|id| model.expectations.get(id.index())).map(|e| e.title.to_string()).collect()
    };
    let mut put = |at: crate::source::Span, name: String, by: &[ExpectationId]| {
        let line = sources.get(at.file).line_column(at.start).0;
        files.entry(at.file).or_default().entry(line).or_default().push(Mark { name, titles: titles(by) });
    };
    for covered in &coverage.clauses {
        let clause = model.clause(covered.clause);
        put(clause.name_span, clause.path.to_string(), &covered.by);
    }
    for covered in &coverage.provisos {
        let outcome = model.clause(covered.clause).outcome.as_ref();
        if let Some(proviso) = outcome.and_then(|o| o.provisos.get(covered.proviso)) {
            put(proviso.name_span, proviso.name.to_string(), &covered.by);
        }
    }
    files
}

/// How a line is shown, and what stands beside it.
fn told(marks: &[Mark]) -> (&'static str, String) {
    let open = marks.iter().any(|m| m.titles.is_empty());
    let note = |mark: &Mark| match mark.titles.len() {
        0 => format!("<span>nothing depends on <b>{}</b></span>", escaped(&mark.name)),
        n => {
            let items: Vec<String> = mark.titles.iter().map(|t| format!("<li>{}</li>", escaped(t))).collect();
            let (items, name) = (items.concat(), escaped(&mark.name));
            let noun = if n == 1 { "expectation" } else { "expectations" };
            format!("<details><summary>{n} {noun}</summary><p>On <b>{name}</b>:</p><ul>{items}</ul></details>")
        }
    };
    (if open { " class=\"open\"" } else { " class=\"met\"" }, marks.iter().map(note).collect())
}

fn rows(out: &mut String, coverage: &Coverage, model: &Model) {
    for table in coverage.rows.iter().filter(|t| !t.rows.is_empty()) {
        let name = &model.decision(table.decision).name;
        let open: Vec<String> =
            (1..).zip(&table.rows).filter(|(_, r)| r.0.is_empty()).map(|(i, _)| i.to_string()).collect();
        let _ = writeln!(out, "<h2>Rows of the table of <code>{}</code></h2>", escaped(name));
        let _ = match open.as_slice() {
            [] => writeln!(out, "<p>Some expectation depends on each of the {} rows.</p>", table.rows.len()),
            open => {
                writeln!(out, "<p>Nothing depends on these of {} rows: {}.</p>", table.rows.len(), open.join(", "))
            }
        };
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
