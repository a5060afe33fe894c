//! Sheets -> a package in Rego for OPA, and its tests.
//!
//! ```text
//! input ──> facts (null: does not exist) ──> measured_… ──> verdict_rows[n]: what row n says ──the first──> decision
//! ```
//!
//! Each row is a rule of its own with what it says beside it, not a branch of a chain: engines compile thousands of these, and
//! in tables whose rows have no case in common there is no order to read. The tests give each row the case that is
//! easiest to tell. Not carried: which of a row's rules decide in the very case, and conflicts of ordered rows.

mod functions;
mod measure;

use super::sheet::{Input, Kind, Sheet};
use super::words::{self, quoted};
use super::{Export, Fidelity, Written, case};
use crate::tabulate::{Row, carries_duties};
use measure::Measurer;

pub fn export(export: &Export<'_>) -> Written {
    let fidelity = Fidelity::of_engine(export);
    let package = package(export);
    let mut measurer = Measurer::new(export.model);
    let mut rows = String::new();
    for sheet in &export.sheets {
        rows.push_str(&table(export, sheet, &mut measurer));
    }
    let mut text = header(export, &package, &fidelity);
    text.push_str(&facts(export));
    text.push_str(&decision(export, !measurer.read.is_empty()));
    text.push_str(&rows);
    text.push_str(&measurer.text());
    for (name, function) in functions::FUNCTIONS {
        let called =
            measurer.functions.contains(name) || (name == "on_days" && measurer.functions.contains("in_hours"));
        if called {
            text.push_str(&format!("\n{function}\n"));
        }
    }
    let mut written = Written::text(text, fidelity);
    if let Some(tests) = tests(export, &package) {
        written.beside.push(("_test.rego".into(), tests.into_bytes()));
    }
    written
}

fn package(export: &Export<'_>) -> String {
    let name = words::identifier(&export.name());
    if measure::KEYWORDS.contains(&name.as_str()) { format!("{name}_policy") } else { name }
}

fn header(export: &Export<'_>, package: &str, fidelity: &Fidelity) -> String {
    let mut lines = vec![
        format!("{}: its decisions, for OPA: `data.{package}.decision`.", export.title()),
        String::new(),
        "The input is an object with these keys; null, or no key, where a fact does not exist:".into(),
    ];
    lines.extend(export.inputs().iter().map(|i| format!("  {}: {}", i.name, meaning(i))));
    lines.push(String::new());
    lines.push(format!(
        "Days are counted from {}, a Monday, and minutes from its start in UTC.",
        super::clock::EPOCH_TEXT
    ));
    lines.push(format!("The clock of {} is written out: no data on time zones are needed.", export.model.zone.name));
    lines.push("A case that the policy rules out has no decision, or any.".into());
    lines.push(String::new());
    lines.extend(fidelity.lines());
    let comment = |l: &String| format!("# {}", l.replace(['\n', '\r'], " ")).trim_end().to_string() + "\n";
    format!("{}package {package}\n\nimport rego.v1\n", lines.iter().map(comment).collect::<String>())
}

fn meaning(input: &Input) -> String {
    let what = match &input.kind {
        Kind::YesNo => "true or false".to_string(),
        Kind::Choice { values } => format!("one of {}", values.join(", ")),
        Kind::Number { lo, hi, scale, unit } => {
            let unit = unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
            format!("a number, {} to {}{unit}", words::decimal(*lo, *scale), words::decimal(*hi, *scale))
        }
        Kind::Date { .. } => "a date, \"2026-09-14\"".to_string(),
        Kind::Time => "a time, \"15:00\"".to_string(),
        Kind::DateTime { .. } => "a moment, \"2026-09-14T15:00:00-05:00\"".to_string(),
        Kind::Set { values } => format!("a list of {}", values.join(", ")),
    };
    input.title.as_ref().map_or_else(|| what.clone(), |t| format!("{t}; {what}"))
}

fn facts(export: &Export<'_>) -> String {
    let names: Vec<String> = export.inputs().iter().map(|i| format!("\t{},\n", quoted(&i.name))).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("\nfacts := {{name: object.get(input, name, null) | some name in [\n{}]}}\n", names.concat()),
    }
}

/// The name of the rules that are a decision's rows.
fn rows_of(sheet: &Sheet<'_>) -> String {
    format!("{}_rows", words::identifier(&sheet.table.name))
}

fn decision(export: &Export<'_>, reads: bool) -> String {
    let mut text =
        "\n# What is decided, with the rules that decide in some case of the row that fits.\ndecision := {\n"
            .to_string();
    let name = |s: &Sheet<'_>| words::identifier(&s.table.name);
    let mut rules = String::new();
    let mut by_default = Vec::new();
    let mut bodies = if reads { "\tcount(unreadable) == 0\n".to_string() } else { String::new() };
    for sheet in &export.sheets {
        let row = format!("row_of_{}", name(sheet));
        bodies.push_str(&format!("\t{row} := {}[min(object.keys({}))]\n", rows_of(sheet), rows_of(sheet)));
        text.push_str(&format!("\t{}: {row}.result,\n", quoted(&sheet.table.name)));
        if carries_duties(export.model, sheet.decision()) {
            text.push_str(&format!("\t\"duties\": {row}.duties,\n\t\"advice\": {row}.advice,\n"));
        }
        let own = format!("{row}.rules");
        rules = if rules.is_empty() { own } else { format!("array.concat({rules}, {own})") };
        by_default.push(format!("{}: {row}.by_default", quoted(&sheet.table.name)));
    }
    let by_default = by_default.join(", ");
    text.push_str(&format!("\t\"rules\": {rules},\n\t\"by_default\": {{{by_default}}},\n}} if {{\n{bodies}}}\n"));
    text
}

/// What a row says.
fn said(export: &Export<'_>, sheet: &Sheet<'_>, row: &Row) -> String {
    let list = |texts: &[String]| format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "));
    let mut fields = vec![format!("\"result\": {}", quoted(&row.result))];
    if carries_duties(export.model, sheet.decision()) {
        fields.push(format!("\"duties\": {}", list(&row.duties)));
        fields.push(format!("\"advice\": {}", list(&row.advice)));
    }
    fields.push(format!("\"rules\": {}", list(&super::sheet::rules(sheet.table, row))));
    fields.push(format!("\"by_default\": {}", row.by_default));
    format!("{{{}}}", fields.join(", "))
}

fn table(export: &Export<'_>, sheet: &Sheet<'_>, measurer: &mut Measurer<'_>) -> String {
    let names: Vec<String> = sheet.features.iter().map(|f| measurer.feature(sheet, f)).collect();
    let mut text = format!("\n# {}: {}.\n", words::comment(&sheet.table.name), sheet.table.meaning());
    let rows = rows_of(sheet);
    for line in &sheet.lines {
        let tests = sheet.features.iter().zip(&names).zip(&line.tests);
        let mut body: Vec<String> = Vec::new();
        for ((feature, name), test) in tests {
            body.extend(test.iter().flat_map(|t| measurer.test(sheet, feature, name, t)));
        }
        if body.is_empty() {
            body.push("true".into());
        }
        let body: String = body.iter().map(|b| format!("\t{b}\n")).collect();
        text.push_str(&format!("\n{rows}[{}] := {} if {{\n{body}}}\n", line.number + 1, said(export, sheet, line.row)));
    }
    if sheet.lines.is_empty() {
        text.push_str(&format!("\n{rows} := {{}}\n"));
    }
    text
}

/// A test for each row that has an example.
fn tests(export: &Export<'_>, package: &str) -> Option<String> {
    let mut text = format!(
        "# {}: a case of each row. Run with `opa test`.\npackage {package}_test\n\nimport data.{package}\nimport rego.v1\n",
        words::comment(&export.title())
    );
    let facts: Vec<_> = export.inputs().iter().map(|i| i.fact).collect();
    let mut any = false;
    for sheet in &export.sheets {
        for (n, row) in sheet.table.rows.iter().enumerate() {
            let Some(example) = sheet.examples.get(n).and_then(Option::as_ref) else { continue };
            any = true;
            let name = words::identifier(&sheet.table.name);
            let input = case::json(export.model, example, facts.iter().copied());
            let mut claims = vec![format!("said[{}] == {}", quoted(&sheet.table.name), quoted(&row.result))];
            if carries_duties(export.model, sheet.decision()) {
                let list = |texts: &[String]| serde_json::to_string(texts).unwrap_or_default();
                claims.push(format!("said.duties == {}", list(&row.duties)));
                claims.push(format!("said.advice == {}", list(&row.advice)));
            }
            let claims: String = claims.iter().map(|c| format!("\t{c}\n")).collect();
            text.push_str(&format!(
                "\ntest_{name}_row_{} if {{\n\tsaid := {package}.decision with input as {input}\n{claims}}}\n",
                n + 1
            ));
        }
    }
    any.then_some(text)
}
