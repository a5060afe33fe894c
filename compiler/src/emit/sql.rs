//! Sheets -> a view in SQL, so that a log of cases is audited where it lies.
//!
//! ```text
//! cases (one row each) ──layers: what is measured of the facts, once──> "rows": CASE … END, the number of the row that fits
//!                                              ──join with a short list──> verdict, duties, advice, rules of that row
//! ```
//!
//! The view has all columns of the cases, what was measured (names that begin with `#`), and the decisions. NULL is a fact
//! that does not exist. No query is made for each case: the list of rows is joined by number. What is not carried: where
//! ordered rows of rules may conflict, the first answer is given.

mod columns;
mod dialect;
mod measure;
mod test;

use super::fidelity::Fidelity;
use super::sheet::{Input, Kind, Sheet};
use super::{Dialect, Export, Options, Written, words};
use columns::Columns;
use measure::{Layers, Measurer};

pub fn export(export: &Export<'_>, options: &Options) -> Written {
    let d = options.dialect;
    let columns = Columns::of(export);
    let mut measurer = Measurer { dialect: d, model: export.model, columns: &columns, layers: Layers::default() };
    let mut cases = Vec::with_capacity(export.sheets.len());
    for sheet in &export.sheets {
        let features: Vec<String> = sheet.features.iter().map(|f| measurer.feature(sheet, f)).collect();
        cases.push(case(d, sheet, &features));
    }
    let layers = measurer.layers.layers;
    let fidelity = fidelity(export, &columns);
    let name = words::identifier(&export.name());
    let mut text = header(export, d, &columns, &fidelity, &name);
    text.push_str(&view(export, d, &layers, &cases, &name));
    Written::text(text, fidelity)
}

fn fidelity(export: &Export<'_>, columns: &Columns) -> Fidelity {
    let mut fidelity = Fidelity::of_engine(export);
    for (fact, column) in columns.renamed() {
        fidelity.asked(
            format!("`{fact}`"),
            format!("as the column `{column}`, since another column's name differs in upper and lower case only"),
        );
    }
    fidelity
}

fn header(export: &Export<'_>, d: Dialect, columns: &Columns, fidelity: &Fidelity, name: &str) -> String {
    let zone = &export.model.zone.name;
    let mut lines = vec![
        format!("{}: the decisions of the policy as a view, in {}.", export.title(), d.title()),
        String::new(),
        format!(
            "It reads the table {}, one row for each case; its columns (any others are handed on):",
            d.name(&table(name))
        ),
        String::new(),
        format!("CREATE TABLE {} (", d.name(&table(name))),
    ];
    let inputs = export.inputs();
    for (i, input) in inputs.iter().enumerate() {
        let comma = if i + 1 < inputs.len() { "," } else { "" };
        let column = columns.quoted(d, &input.name);
        lines.push(format!("  {column} {}{comma}", d.ty(&input.kind)));
    }
    if inputs.is_empty() {
        // A table has at least one column.
        lines.push(format!("  {} INTEGER", d.name("id")));
    }
    lines.push(");".into());
    lines.push(String::new());
    for input in &inputs {
        lines.push(format!("{}: {}", columns.quoted(d, &input.name), meaning(d, input, zone)));
    }
    lines.push(String::new());
    lines.push("To use other names, change them behind CREATE VIEW and in the first FROM.".into());
    lines.push(format!(
        "NULL: the fact does not exist in this case. Columns that begin with # are measured; days are counted from {},",
        super::clock::EPOCH_TEXT
    ));
    lines.push(format!(
        "a Monday, and the clock of {zone} is written out, so that no engine's data on time zones matter."
    ));
    lines.push("A case that the policy rules out may get NULL, or any row.".into());
    lines.push(String::new());
    lines.extend(fidelity.lines());
    let lines = lines.iter().map(|l| format!("-- {}", one_line(l)).trim_end().to_string() + "\n");
    lines.collect()
}

/// Comments end with their line.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

fn table(name: &str) -> String {
    format!("{name}_cases")
}

fn meaning(d: Dialect, input: &Input, zone: &str) -> String {
    let list = |values: &[String]| values.join(", ");
    let mut text = match &input.kind {
        Kind::YesNo => "true or false".to_string(),
        Kind::Choice { values } => format!("one of {}", list(values)),
        Kind::Number { lo, hi, scale, unit } => {
            let unit = unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
            format!("{} to {}{unit}", words::decimal(*lo, *scale), words::decimal(*hi, *scale))
        }
        Kind::Date { .. } if d == Dialect::Sqlite => "a date, '2026-09-14'".to_string(),
        Kind::Date { .. } => "a date".to_string(),
        Kind::Time if matches!(d, Dialect::Sqlite | Dialect::Spark) => "a time, '15:00'".to_string(),
        Kind::Time => "a time of the local clock".to_string(),
        Kind::DateTime { .. } if d == Dialect::Sqlite => "a moment, '2026-09-14T15:00:00-05:00'".to_string(),
        Kind::DateTime { .. } => format!("a moment; its date and clock are those of {zone}"),
        Kind::Set { values } if d.lists_are_texts() => {
            let example: Vec<String> = values.iter().take(2).cloned().collect();
            let example = serde_json::to_string(&example).unwrap_or_default();
            format!("a set as a JSON text, such as '{example}', of {}", list(values))
        }
        Kind::Set { values } => format!("a set of {}", list(values)),
    };
    if let Some(title) = &input.title {
        text = format!("{title}; {text}");
    }
    if input.optional {
        text.push_str("; NULL where it does not exist");
    }
    text
}

/// The number of the row that fits.
fn case(d: Dialect, sheet: &Sheet<'_>, features: &[String]) -> String {
    let mut text = "CASE\n".to_string();
    for line in &sheet.lines {
        let tests = sheet.features.iter().zip(features).zip(&line.tests);
        let parts: Vec<String> =
            tests.filter_map(|((f, x), t)| Some(test::condition(d, sheet, f, x, t.as_ref()?))).collect();
        let all = if parts.is_empty() { "1 = 1".to_string() } else { parts.join(" AND ") };
        text.push_str(&format!("      WHEN {all} THEN {}\n", line.number + 1));
    }
    if sheet.lines.is_empty() {
        text.push_str("      WHEN 1 = 0 THEN 0\n");
    }
    text + "    END"
}

/// Names of the columns that say what is decided, by sheet: of its row, its result, its rules.
fn answers(export: &Export<'_>, sheet: &Sheet<'_>) -> Vec<(String, &'static str)> {
    let name = &sheet.table.name;
    let several = export.sheets.len() > 1;
    let named = |what: &str| if several { format!("{name}_{what}") } else { what.to_string() };
    let mut columns = vec![(name.clone(), "result")];
    if crate::tabulate::carries_duties(export.model, sheet.decision()) {
        columns.push(("duties".into(), "duties"));
        columns.push(("advice".into(), "advice"));
    }
    columns.push((named("rules"), "rules"));
    columns.push((named("by_default"), "by_default"));
    columns
}

/// The rows' answers, as a list to join.
fn outputs(export: &Export<'_>, d: Dialect, sheet: &Sheet<'_>) -> String {
    let columns = answers(export, sheet);
    let names: Vec<String> = columns.iter().map(|c| d.name(&c.0)).collect();
    let mut text = format!("{} ({}, {}) AS (\n", d.name(&rows(sheet)), d.name("#"), names.join(", "));
    let values = if d == Dialect::Spark { "SELECT * FROM VALUES" } else { "VALUES" };
    text.push_str(&format!("    {values}"));
    for (n, row) in sheet.table.rows.iter().enumerate() {
        let cells: Vec<String> = columns
            .iter()
            .map(|(_, what)| match *what {
                "result" => d.text(&row.result),
                "duties" => d.list(&row.duties),
                "advice" => d.list(&row.advice),
                "rules" => d.list(&super::sheet::rules(sheet.table, row)),
                _ => if row.by_default { "TRUE" } else { "FALSE" }.to_string(),
            })
            .collect();
        let comma = if n == 0 { "" } else { "," };
        text.push_str(&format!("{comma}\n      ({}, {})", n + 1, cells.join(", ")));
    }
    text + "\n  )"
}

fn rows(sheet: &Sheet<'_>) -> String {
    format!("{} rows", sheet.table.name)
}

fn view(export: &Export<'_>, d: Dialect, layers: &[Vec<(String, String)>], cases: &[String], name: &str) -> String {
    let mut from = table(name);
    let mut parts: Vec<String> = Vec::new();
    // PostgreSQL, and others, would write every expression of a layer into all that follow.
    let fence = if matches!(d, Dialect::Postgresql | Dialect::Ansi) { "\n    OFFSET 0 ROWS" } else { "" };
    let mut layer = |name: &str, columns: &[String]| {
        parts.push(format!(
            "{} AS (\n    SELECT c.*,\n    {}\n    FROM {} AS c{fence}\n  )",
            d.name(name),
            columns.join(",\n    "),
            d.name(&from)
        ));
        from = name.to_string();
    };
    for (names, title) in layers.iter().zip(["moments", "local", "calendar", "counted", "measured"]) {
        if !names.is_empty() {
            let columns: Vec<String> = names.iter().map(|(n, x)| format!("{x} AS {}", d.name(n))).collect();
            layer(title, &columns);
        }
    }
    let hits: Vec<String> = export
        .sheets
        .iter()
        .zip(cases)
        .map(|(s, c)| format!("{c} AS {}", d.name(&format!("#{}", s.table.name))))
        .collect();
    layer("hits", &hits);
    parts.extend(export.sheets.iter().map(|s| outputs(export, d, s)));
    let mut select = vec!["h.*".to_string()];
    let mut joins = String::new();
    for (i, sheet) in export.sheets.iter().enumerate() {
        let alias = format!("r{}", i + 1);
        select.extend(answers(export, sheet).iter().map(|(n, _)| format!("{alias}.{}", d.name(n))));
        joins.push_str(&format!(
            "\n  LEFT JOIN {} AS {alias} ON {alias}.{} = h.{}",
            d.name(&rows(sheet)),
            d.name("#"),
            d.name(&format!("#{}", sheet.table.name))
        ));
    }
    format!(
        "CREATE VIEW {} AS\n  WITH {}\n  SELECT {}\n  FROM {} AS h{joins};\n",
        d.name(&format!("{name}_decisions")),
        parts.join(",\n  "),
        select.join(", "),
        d.name("hits"),
    )
}
