//! `ordain.toml` -> settings, with a diagnostic for every key or value that means nothing.
//!
//! ```toml
//! [check]
//! fail-level = "warning"   # error, warning or note
//! as-of = 2026-09-01       # the day for expired rules and rules not yet in force
//! budget = 2000000         # the most steps that one question may take
//! ```

use super::Options;
use crate::diagnostics::{Diagnostic, Level, codes};
use crate::model::time;
use crate::source::{FileId, Span};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What is in force for one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub fail_level: Level,
    /// Days since 1970-01-01.
    pub as_of: Option<i64>,
    pub budget: u64,
}

/// Nodes of the diagrams; some 200 MB.
pub const BUDGET: u64 = 2_000_000;

impl Default for Settings {
    fn default() -> Self {
        Self { fail_level: Level::Error, as_of: None, budget: BUDGET }
    }
}

impl Settings {
    /// The caller's options go first.
    pub fn overridden(self, options: &Options) -> Self {
        Self {
            fail_level: options.fail_level.unwrap_or(self.fail_level),
            as_of: options.as_of.or(self.as_of),
            budget: options.budget.unwrap_or(self.budget),
        }
    }
}

const TABLES: &[&str] = &["check"];
const KEYS: &[&str] = &["fail-level", "as-of", "budget"];
const LEVELS: &[(&str, Level)] = &[("error", Level::Error), ("warning", Level::Warning), ("note", Level::Note)];

/// Reads the settings. What cannot be read keeps its default and is reported.
pub fn parse(file: FileId, text: &str) -> (Settings, Vec<Diagnostic>) {
    let mut reader = Reader { file, settings: Settings::default(), diagnostics: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.tables(table.get_ref()),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let range = range.start.min(text.len())..range.end.min(text.len());
            let message = error.message().split('\n').next().unwrap_or_default();
            let help = "settings are lines like `fail-level = \"warning\"` below the line `[check]`";
            reader.fault(range, format!("this cannot be read: {message}"), help);
        }
    }
    (reader.settings, reader.diagnostics)
}

struct Reader {
    file: FileId,
    settings: Settings,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn fault(&mut self, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let span = Span::new(self.file, range);
        self.diagnostics.push(Diagnostic::new(&codes::BAD_SETTINGS, span, message).help(help));
    }

    fn tables(&mut self, tables: &DeTable) {
        for (key, value) in tables {
            let name = key.get_ref().as_ref();
            match value.get_ref() {
                DeValue::Table(table) if name == "check" => self.check(table),
                _ if name == "check" => {
                    let help = "write `[check]` on a line of its own and the settings below it";
                    self.fault(key.span(), "`check` is a group of settings", help);
                }
                _ if KEYS.contains(&name) => {
                    self.fault(
                        key.span(),
                        format!("`{name}` belongs below `[check]`"),
                        "put the line `[check]` above it",
                    );
                }
                _ => self.unknown(key.span(), name, TABLES, "group of settings"),
            }
        }
    }

    fn check(&mut self, table: &DeTable) {
        for (key, value) in table {
            let span = value.span();
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("fail-level", value) => match LEVELS.iter().find(|l| value.as_str() == Some(l.0)) {
                    Some(level) => self.settings.fail_level = level.1,
                    None => {
                        let help = "write \"error\", \"warning\" or \"note\"";
                        self.fault(span, "`fail-level` is the level from which a check fails", help);
                    }
                },
                ("as-of", value) => {
                    let written = match value {
                        DeValue::Datetime(date) => date.to_string(),
                        value => value.as_str().unwrap_or_default().to_string(),
                    };
                    match time::parse_date(&written) {
                        Some(day) => self.settings.as_of = Some(day),
                        None => {
                            let help = "write it like `as-of = 2026-09-01`";
                            self.fault(span, "`as-of` is a date between 1900 and 2199", help);
                        }
                    }
                }
                ("budget", value) => {
                    let number = value.as_integer().filter(|n| n.radix() == 10).and_then(|n| n.as_str().parse().ok());
                    match number.filter(|n| *n > 0) {
                        Some(number) => self.settings.budget = number,
                        None => {
                            let help = format!("write it like `budget = {BUDGET}`, which is the default");
                            self.fault(span, "`budget` is a whole number above 0", help);
                        }
                    }
                }
                (name, _) => self.unknown(key.span(), name, KEYS, "setting of `[check]`"),
            }
        }
    }

    fn unknown(&mut self, range: Range<usize>, name: &str, known: &[&str], what: &str) {
        let near = known.iter().map(|k| (strsim::damerau_levenshtein(k, name), k)).min().filter(|near| near.0 <= 2);
        let help = match near {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => format!("there is {}", list(known)),
        };
        self.fault(range, format!("`{name}` is no {what}"), help);
    }
}

/// `` `a`, `b` and `c` ``
fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Settings, String) {
        let (settings, diagnostics) = parse(FileId(0), text);
        let line = |d: &Diagnostic| {
            format!("{}: {} ({})\n", &text[d.span.range()], d.message, d.fixes.first().map_or("", |f| &f.title))
        };
        (settings, diagnostics.iter().map(line).collect())
    }

    #[test]
    fn settings_are_read() {
        let (settings, faults) = read("[check]\nfail-level = \"note\"\nas-of = 2026-09-01\nbudget = 1_000\n");
        assert_eq!(faults, "");
        assert_eq!(settings, Settings { fail_level: Level::Note, as_of: time::parse_date("2026-09-01"), budget: 1000 });
        assert_eq!(read("[check]\nas-of = \"2026-09-01\"\n").0.as_of, time::parse_date("2026-09-01"));
        assert_eq!(read(""), (Settings::default(), String::new()));
    }

    #[test]
    fn faults_say_what_is_meant() {
        let text = "budget = 3\ncheks = 1\nlint = {}\n[check]\nfail-levl = 1\nas-of = 2026-02-30\nbudget = -1\nfail-level = \"all\"\ncolour = 2\n";
        insta::assert_snapshot!(read(text).1, @r#"2026-02-30: this cannot be read: invalid date, expected day between 01 and 28 (settings are lines like `fail-level = "warning"` below the line `[check]`)"#);
        insta::assert_snapshot!(read("[check]\nas-of = 2026-02-20\nbudget = -1\nfail-level = \"all\"\nfail-levl = 1\n").1, @r#"
        -1: `budget` is a whole number above 0 (write it like `budget = 2000000`, which is the default)
        "all": `fail-level` is the level from which a check fails (write "error", "warning" or "note")
        fail-levl: `fail-levl` is no setting of `[check]` (did you mean `fail-level`?)
        "#);
        insta::assert_snapshot!(read("budget = 3\ncheck = 1\nlint = {}\n").1, @r"
        budget: `budget` belongs below `[check]` (put the line `[check]` above it)
        check: `check` is a group of settings (write `[check]` on a line of its own and the settings below it)
        lint: `lint` is no group of settings (there is `check`)
        ");
        insta::assert_snapshot!(read("[check\n").1, @r#": this cannot be read: unclosed table, expected `]` (settings are lines like `fail-level = "warning"` below the line `[check]`)"#);
    }
}
