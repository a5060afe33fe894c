//! Programs -> their models or their errors.

use super::check;
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::source::{FileId, Source, Sources};
use crate::{parse, resolve, stdlib};
use std::collections::BTreeMap;

mod models;
mod names;
mod projects;
mod structure;
mod types;

/// Checks files by path; those that do not end in `.ordain` are texts. Loads the standard library as it is used.
pub(crate) fn project(files: &[(&str, &str)]) -> (Sources, Model, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let mut parsed: Vec<(FileId, crate::syntax::ast::File)> = Vec::new();
    let mut texts = BTreeMap::new();
    let mut syntax = Vec::new();
    for (path, text) in files {
        let id = sources.add(Source::new(*path, *text));
        if path.ends_with(".ordain") {
            let (file, errors) = parse::parse(id, text);
            syntax.extend(errors);
            parsed.push((id, file));
        } else {
            texts.insert(path.to_string(), id);
        }
    }
    let mut next = 0;
    while next < parsed.len() {
        for (module, _) in resolve::imports(&parsed[next].1) {
            if let Some((path, text)) = module.strip_prefix("std.").and_then(stdlib::find)
                && sources.find(path).is_none()
            {
                let id = sources.add(Source::new(path, text));
                let (file, errors) = parse::parse(id, text);
                syntax.extend(errors);
                parsed.push((id, file));
            }
        }
        next += 1;
    }
    let (model, mut diagnostics) = check(&sources, &parsed, &texts);
    diagnostics.splice(0..0, syntax);
    (sources, model, diagnostics)
}

/// Every diagnostic as `CODE place message`, then labels, notes and fixes.
pub(crate) fn errors_of(files: &[(&str, &str)]) -> String {
    let (sources, _, diagnostics) = project(files);
    let mut out = String::new();
    for d in &diagnostics {
        let place = sources.place(d.span);
        out += &format!("{} {place} `{}`: {}\n", d.code.id, sources.text(d.span).replace('\n', "⏎"), d.message);
        for l in &d.labels {
            out += &format!("  - {} {}\n", sources.place(l.span), l.text);
        }
        for n in &d.notes {
            out += &format!("  = {n}\n");
        }
        for f in &d.fixes {
            out += &format!("  > {}", f.title);
            for e in &f.edits {
                let (from, to) = (sources.text(e.span), &e.text);
                out += &format!(" [{from:?} -> {to:?}]");
            }
            out.push('\n');
        }
    }
    out
}

/// One file's errors.
pub(crate) fn errors(text: &str) -> String {
    errors_of(&[("p.ordain", text)])
}

/// The model of a program without errors.
pub(crate) fn model(text: &str) -> Model {
    let (_, model, diagnostics) = project(&[("p.ordain", text)]);
    let bad: Vec<_> =
        diagnostics.iter().filter(|d| d.level == crate::diagnostics::Level::Error).map(|d| &d.message).collect();
    assert!(bad.is_empty(), "{bad:?}");
    model
}
