//! Table -> CSV (RFC 4180) for spreadsheets: one line a row, cells as text.

mod read;

pub use read::read;

use super::{Export, Fidelity, Written};
use crate::tabulate::{Row, Table};

/// The first table; a file holds one.
pub fn export(export: &Export<'_>) -> Written {
    let text = export.sheets.first().map(|s| write(s.table)).unwrap_or_default();
    Written::text(text, Fidelity::whole())
}

/// The rows with a head line: number, columns, the decision, duties, advice, rules, citations. Texts are in quotes, without
/// which spreadsheets may guess another separator. Text that a spreadsheet
/// would run as a formula gets an apostrophe before it.
pub fn write(table: &Table) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    let mut head = vec!["row".to_string()];
    head.extend(table.columns.iter().map(|c| safe(&c.title)));
    head.extend([safe(&table.name), "duties".into(), "advice".into(), "rules".into(), "citations".into()]);
    let mut written = writer.write_record(&head);
    for (i, row) in table.rows.iter().enumerate() {
        let mut line = vec![(i + 1).to_string()];
        line.extend(row.texts.iter().map(|t| safe(&lone(t))));
        line.push(safe(&if row.conflicts { row.says() } else { row.result.clone() }));
        line.push(safe(&row.duties.join(", ")));
        line.push(safe(&row.advice.join(", ")));
        line.push(safe(&table.deciders(row).join(", ")));
        line.push(safe(&citations(table, row).join(", ")));
        written = written.and_then(|()| writer.write_record(&line));
    }
    // Writing to memory cannot fail.
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The headings that the rules of a row carry out, each once.
pub(super) fn citations(table: &Table, row: &Row) -> Vec<String> {
    let mut cites: Vec<String> = Vec::new();
    for clause in row.by.iter().chain(&row.also) {
        for cite in table.rule(*clause).iter().flat_map(|r| &r.cites) {
            if !cites.contains(cite) {
                cites.push(cite.clone());
            }
        }
    }
    cites
}

/// A cell that is nothing but a date or a time becomes a range, which no spreadsheet takes for a date of its own and shows in
/// another way: `2026-09-14 to 2026-09-14`.
fn lone(text: &str) -> String {
    let signs = |c: char| c.is_ascii_digit() || "-: +".contains(c);
    let moment = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(signs)
        && (text.contains(':') || text.match_indices('-').count() > 1);
    if moment { format!("{text} to {text}") } else { text.to_string() }
}

/// Spreadsheets run cells that start with one of these signs; numbers may.
fn safe(text: &str) -> String {
    let number =
        text.strip_prefix('-').is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()) && t.parse::<f64>().is_ok());
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number { format!("'{text}") } else { text.to_string() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_stay_texts() {
        assert_eq!(super::lone("2026-09-14"), "2026-09-14 to 2026-09-14");
        assert_eq!(super::lone("15:00"), "15:00 to 15:00");
        assert_eq!(super::lone("2026-09-14 15:00"), "2026-09-14 15:00 to 2026-09-14 15:00");
        assert_eq!(super::lone("-5.50"), "-5.50");
        assert_eq!(super::lone("≥ 15:00"), "≥ 15:00");
        assert_eq!(super::lone("2026-09-14, n/a"), "2026-09-14, n/a");
    }

    #[test]
    fn formulas_are_disarmed() {
        assert_eq!(super::safe("=1+2"), "'=1+2");
        assert_eq!(super::safe("@x"), "'@x");
        assert_eq!(super::safe("-5.50"), "-5.50");
        assert_eq!(super::safe("-5+2"), "'-5+2");
        assert_eq!(super::safe("–"), "–");
        assert_eq!(super::safe("≤ 3"), "≤ 3");
    }
}
