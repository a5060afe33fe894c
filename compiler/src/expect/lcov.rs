//! Coverage -> LCOV, which editors and services read: for each file, how many expectations depend on each line.
//!
//! Rules and exceptions are functions and lines, provisos are lines of their own. Rows of tables lie in no file, and are
//! left out.

use super::coverage::Coverage;
use crate::model::*;
use crate::source::{FileId, Sources};
use std::collections::BTreeMap;
use std::fmt::Write;

/// `path` says how a file is called.
pub fn lcov(coverage: &Coverage, model: &Model, sources: &Sources, path: &dyn Fn(&str) -> String) -> String {
    #[derive(Default)]
    struct Found {
        /// Line from 1, name, how many expectations.
        functions: Vec<(u32, String, usize)>,
        lines: BTreeMap<u32, usize>,
    }
    let mut files: BTreeMap<FileId, Found> = BTreeMap::new();
    let line_of = |file: FileId, offset: u32| sources.get(file).line_column(offset).0 + 1;
    for covered in &coverage.clauses {
        let clause = model.clause(covered.clause);
        let at = clause.name_span;
        let line = line_of(at.file, at.start);
        let found = files.entry(at.file).or_default();
        found.functions.push((line, clause.path.to_string(), covered.by.len()));
        *found.lines.entry(line).or_default() += covered.by.len();
    }
    for covered in &coverage.provisos {
        let clause = model.clause(covered.clause);
        let Some(proviso) = clause.outcome.as_ref().and_then(|o| o.provisos.get(covered.proviso)) else { continue };
        let at = proviso.name_span;
        *files.entry(at.file).or_default().lines.entry(line_of(at.file, at.start)).or_default() += covered.by.len();
    }
    let mut out = String::new();
    for (file, found) in files {
        let _ = writeln!(out, "TN:\nSF:{}", path(&sources.get(file).path));
        for (line, name, _) in &found.functions {
            let _ = writeln!(out, "FN:{line},{name}");
        }
        for (_, name, count) in &found.functions {
            let _ = writeln!(out, "FNDA:{count},{name}");
        }
        let hit = found.functions.iter().filter(|f| f.2 > 0).count();
        let _ = writeln!(out, "FNF:{}\nFNH:{hit}", found.functions.len());
        for (line, count) in &found.lines {
            let _ = writeln!(out, "DA:{line},{count}");
        }
        let hit = found.lines.values().filter(|n| **n > 0).count();
        let _ = writeln!(out, "LF:{}\nLH:{hit}\nend_of_record", found.lines.len());
    }
    out
}
