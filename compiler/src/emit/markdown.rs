//! Table -> Markdown for people; readable as it is in a terminal, too: columns are padded.

use super::{Export, Fidelity, Written};
use crate::model::Model;
use crate::tabulate::{ABSENT, CitationNote, Hit, Row, Table};
use std::fmt::Write;

/// All tables, one below the other.
pub fn export(export: &Export<'_>) -> Written {
    let texts: Vec<String> = export.sheets.iter().map(|s| write(s.table)).collect();
    Written::text(texts.join("\n"), Fidelity::whole())
}

/// The table with its title, sources, rows, legend and proof.
pub fn write(table: &Table) -> String {
    let mut out = preamble(table);
    rows(&mut out, table);
    let _ = writeln!(out);
    if let Some(proof) = &table.proof {
        let _ = writeln!(out, "{}\n", upper_first(&proof.sentence()));
    }
    footer(&mut out, table);
    out
}

/// Title, sources and hit policy.
pub(super) fn preamble(table: &Table) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", inline(&title(table)));
    for policy in &table.policies {
        if !policy.sources.is_empty() {
            let name = policy.title.as_ref().unwrap_or(&policy.name);
            let _ = writeln!(out, "{}: {}  ", inline(name), inline(&policy.sources.join(", ")));
        }
    }
    let _ = writeln!(out, "Hit policy {}: {}\n", table.hit.name(), table.meaning());
    if let Some(reason) = table.reason() {
        let _ = writeln!(out, "{}.\n", upper_first(reason));
    }
    out
}

/// `Student acceptable use: verdict`
pub fn title(table: &Table) -> String {
    let decision = table.title.as_ref().unwrap_or(&table.name);
    let policies: Vec<&str> = table.policies.iter().map(|p| p.title.as_ref().unwrap_or(&p.name).as_str()).collect();
    if policies.is_empty() { decision.clone() } else { format!("{}: {decision}", policies.join(", ")) }
}

fn rows(out: &mut String, table: &Table) {
    let (duties, advice) = (any(table, |r| !r.duties.is_empty()), any(table, |r| !r.advice.is_empty()));
    let mut lines: Vec<Vec<String>> = Vec::with_capacity(table.rows.len() + 1);
    let mut head = vec!["#".to_string()];
    head.extend(table.columns.iter().map(|c| cell(&c.title)));
    head.push(cell(&table.name));
    head.extend(duties.then(|| "duties".to_string()));
    head.extend(advice.then(|| "advice".to_string()));
    head.push("rules".to_string());
    lines.push(head);
    for (i, row) in table.rows.iter().enumerate() {
        let mut line = vec![(i + 1).to_string()];
        line.extend(row.texts.iter().map(|t| cell(t)));
        line.push(cell(&row.says()));
        line.extend(duties.then(|| cell(&row.duties.join(", "))));
        line.extend(advice.then(|| cell(&row.advice.join(", "))));
        line.push(cell(&table.deciders(row).join(", ")));
        lines.push(line);
    }
    let width = |text: &str| text.chars().count();
    let widths: Vec<usize> =
        (0..lines[0].len()).map(|c| lines.iter().map(|l| width(&l[c])).max().unwrap_or(0).max(3)).collect();
    for (i, line) in lines.iter().enumerate() {
        for (c, text) in line.iter().enumerate() {
            let fill = " ".repeat(widths[c] - width(text));
            // Row numbers stand to the right.
            let _ = if c == 0 { write!(out, "| {fill}{text} ") } else { write!(out, "| {text}{fill} ") };
        }
        out.push_str("|\n");
        if i == 0 {
            for (c, w) in widths.iter().enumerate() {
                let _ =
                    if c == 0 { write!(out, "|{}:", "-".repeat(w + 1)) } else { write!(out, "|{}", "-".repeat(w + 2)) };
            }
            out.push_str("|\n");
        }
    }
}

fn any(table: &Table, has: impl Fn(&Row) -> bool) -> bool {
    table.rows.iter().any(has)
}

/// How the table is read, the facts and duties that have a text, and the rules with their citations.
pub(super) fn footer(out: &mut String, table: &Table) {
    let dash = table.rows.iter().any(|r| r.texts.iter().any(|t| t == "–"));
    let absent = table.rows.iter().any(|r| r.texts.iter().any(|t| t.contains(ABSENT)));
    if dash {
        let _ = writeln!(out, "–: does not matter  ");
    }
    if absent {
        let _ = writeln!(out, "{ABSENT}: there is no such fact in these cases  ");
    }
    let defaults = table.hit == Hit::Collect || table.rows.iter().any(|r| r.by_default);
    if let (true, Some(default)) = (defaults, &table.default) {
        let _ = writeln!(out, "by default: {} where no rule speaks  ", inline(default));
    }
    for (name, text) in &table.legend {
        let _ = writeln!(out, "{}: {}  ", inline(name), inline(text));
    }
    for duty in &table.duties {
        if let Some(title) = &duty.title {
            let _ = writeln!(out, "{}: {}  ", inline(&duty.name), inline(title));
        }
    }
    if !table.rules.is_empty() {
        if dash
            || absent
            || (defaults && table.default.is_some())
            || !table.legend.is_empty()
            || !table.duties.is_empty()
        {
            out.push('\n');
        }
        let _ = writeln!(out, "Rules:\n");
    }
    for rule in &table.rules {
        let _ = write!(out, "- `{}`", rule.path);
        if let Some(title) = &rule.title {
            let _ = write!(out, " {}", inline(title));
        }
        if !rule.cites.is_empty() {
            let _ = write!(out, " ({})", inline(&rule.cites.join(", ")));
        }
        out.push('\n');
    }
}

/// The headings of the adopted texts with the rules that carry them out and the rows these decide.
pub fn citations(model: &Model, table: &Table, notes: &[CitationNote]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}: where each heading is carried out\n", inline(&title(table)));
    let mut lines = vec![["heading", "rules", "rows"].map(str::to_string)];
    for note in notes {
        let place = match &note.slug {
            Some(slug) => format!("{}#{slug}", note.file),
            None => note.file.clone(),
        };
        let rules: Vec<&str> = note.rules.iter().map(|c| model.clause(*c).path.as_str()).collect();
        let rules = match &note.not_encoded {
            Some(Some(because)) => format!("not encoded: {because}"),
            Some(None) => "not encoded".to_string(),
            None if rules.is_empty() => "–".to_string(),
            None => rules.join(", "),
        };
        lines.push([cell(&place), cell(&rules), cell(&spans(&note.rows))]);
    }
    let widths: Vec<usize> = (0..3).map(|c| lines.iter().map(|l| l[c].chars().count()).max().unwrap_or(0)).collect();
    for (i, line) in lines.iter().enumerate() {
        for (c, text) in line.iter().enumerate() {
            let _ = write!(out, "| {text}{} ", " ".repeat(widths[c] - text.chars().count()));
        }
        out.push_str("|\n");
        if i == 0 {
            let rule: Vec<String> = widths.iter().map(|w| "-".repeat(w + 2)).collect();
            let _ = writeln!(out, "|{}|", rule.join("|"));
        }
    }
    out
}

/// Row numbers: `1–3, 7`; `–` without any.
pub fn spans(rows: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for &row in rows {
        match parts.last_mut() {
            Some(last) if last.1 + 1 == row => last.1 = row,
            _ => parts.push((row, row)),
        }
    }
    let text = |(a, b): &(usize, usize)| if a == b { a.to_string() } else { format!("{a}–{b}") };
    if parts.is_empty() { "–".to_string() } else { parts.iter().map(text).collect::<Vec<_>>().join(", ") }
}

/// One line, with what Markdown would take for a cell's end escaped.
fn cell(text: &str) -> String {
    inline(text).replace('|', "\\|")
}

fn inline(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
