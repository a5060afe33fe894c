//! Table -> a list of rows for a terminal that is narrower than the table: each row says only what matters in it.
//!
//! The same words and row numbers as the Markdown table; lines are wrapped at a width that the caller knows.

use super::markdown::{footer, preamble};
use super::{Export, Fidelity, Written};
use crate::tabulate::{ABSENT, Row, Table};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Lines are never wrapped more narrowly than this.
const NARROWEST: usize = 40;
/// The width of a list that goes elsewhere than to a terminal.
const WIDTH: usize = 100;

/// All tables, one below the other.
pub fn export(export: &Export<'_>, width: Option<usize>) -> Written {
    let texts: Vec<String> = export.sheets.iter().map(|s| write(s.table, width.unwrap_or(WIDTH))).collect();
    Written::text(texts.join("\n"), Fidelity::whole())
}

/// The table as a list, in lines of at most `width` columns where words allow it.
pub fn write(table: &Table, width: usize) -> String {
    let mut out = preamble(table);
    let numbers = table.rows.len().to_string().len();
    let words = table.rows.iter().map(|r| r.says().width()).max().unwrap_or(0);
    for (i, row) in table.rows.iter().enumerate() {
        let head = format!("{:>numbers$}  {:<words$}  ", i + 1, row.says());
        let indent = " ".repeat(head.width());
        let mut first = head;
        for part in parts(table, row) {
            wrap(&mut out, &first, &indent, &part, width.max(NARROWEST));
            first.clone_from(&indent);
        }
    }
    let _ = writeln!(out);
    if let Some(proof) = &table.proof {
        let _ = writeln!(out, "{}\n", super::markdown::upper_first(&proof.sentence()));
    }
    footer(&mut out, table);
    out
}

/// What a row is about, what follows, and who says so: a paragraph each.
fn parts(table: &Table, row: &Row) -> Vec<String> {
    let told = table.columns.iter().zip(&row.texts).filter(|(_, text)| *text != "–" && *text != ABSENT);
    let when: Vec<String> = told.map(|(column, text)| format!("{}: {text}", column.title)).collect();
    let mut parts = vec![if when.is_empty() { "always".to_string() } else { when.join(" · ") }];
    if !row.duties.is_empty() {
        parts.push(format!("duties: {}", row.duties.join(", ")));
    }
    if !row.advice.is_empty() {
        parts.push(format!("advice: {}", row.advice.join(", ")));
    }
    let deciders = table.deciders(row);
    if !deciders.is_empty() {
        parts.push(format!("rules: {}", deciders.join(", ")));
    }
    parts
}

fn wrap(out: &mut String, first: &str, indent: &str, text: &str, width: usize) {
    let mut line = first.to_string();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.width() + 1 + word.width() > width {
            let _ = writeln!(out, "{}", line.trim_end());
            line = indent.to_string();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    let _ = writeln!(out, "{}", line.trim_end());
}
