//! Sheets -> a TypeScript module without dependencies: types, and one function `decide`.
//!
//! The policy is a flat array that is walked (`walk`), as in the compiled decider; the runtime beside it
//! (`typescript/runtime.ts`) measures and checks the case.

use super::clock::{Hours, Weeks};
use super::sheet::{Kind, Sheet};
use super::walk::Walk;
use super::words::{comment, pascal, quoted};
use super::{Export, Written, code};
use serde_json::json;
use std::fmt::Write;

const RUNTIME: &str = include_str!("typescript/runtime.ts");

pub fn export(export: &Export<'_>) -> Written {
    let (walks, fidelity) = code::walks(export);
    let mut out = String::new();
    for line in code::head(export, &fidelity) {
        let _ = writeln!(out, "// {}", comment(&line));
    }
    out.push('\n');
    types(&mut out, export);
    out.push_str(RUNTIME);
    for (sheet, walk) in export.sheets.iter().zip(&walks) {
        table(&mut out, sheet, walk);
    }
    values(&mut out, export);
    decide(&mut out, export);
    Written::text(out, fidelity)
}

/// A property's name, in quotes where it has to be.
fn key(name: &str) -> String {
    if super::words::identifier(name) == name { name.to_string() } else { quoted(name) }
}

fn doc(out: &mut String, indent: &str, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "{indent}/** {} */", comment(text));
    }
}

fn union(values: &[String]) -> String {
    if values.is_empty() { "never".into() } else { values.iter().map(|v| quoted(v)).collect::<Vec<_>>().join(" | ") }
}

fn types(out: &mut String, export: &Export<'_>) {
    let _ = writeln!(out, "/** A case: what is known. What does not exist in it is null. */\nexport interface Case {{");
    for input in export.inputs() {
        doc(out, "  ", &code::described(input));
        let ty = match &input.kind {
            Kind::YesNo => "boolean".to_string(),
            Kind::Choice { values } => union(values),
            Kind::Number { .. } => "number".into(),
            Kind::Date { .. } | Kind::Time | Kind::DateTime { .. } => "string".into(),
            Kind::Set { values } => format!("readonly ({})[]", union(values)),
        };
        let null = if input.optional { " | null" } else { "" };
        let mark = if input.optional { "?" } else { "" };
        let _ = writeln!(out, "  {}{mark}: {ty}{null};", key(&input.name));
    }
    let _ = writeln!(out, "}}\n\n/** What the policy says of a case. */\nexport interface Decision {{");
    for sheet in &export.sheets {
        doc(out, "  ", sheet.table.title.as_deref().unwrap_or_default());
        let _ = writeln!(out, "  {}: {};", key(&sheet.table.name), union(&code::results(sheet)));
    }
    let _ = writeln!(
        out,
        "  /** What must be done besides. */\n  duties: readonly string[];\n  /** What is recommended. */\n  advice: readonly string[];\n  /** The rules that decide in this case or in one like it; none where the default does. */\n  rules: readonly string[];\n}}\n"
    );
}

/// An input's value in the integers of tests.
fn values(out: &mut String, export: &Export<'_>) {
    let _ = writeln!(out, "function values(c: Case): Values {{\n  return {{");
    for input in export.inputs() {
        let access = if super::words::identifier(&input.name) == input.name {
            format!("c.{}", input.name)
        } else {
            format!("c[{}]", quoted(&input.name))
        };
        let (name, optional) = (quoted(&input.name), input.optional);
        let read = match &input.kind {
            Kind::YesNo => format!("yes({name}, {access}, {optional})"),
            Kind::Choice { values } => format!("choice({name}, {access}, {optional}, {})", json!(values)),
            Kind::Number { lo, hi, scale, .. } => format!("count({name}, {access}, {optional}, {scale}, {lo}, {hi})"),
            Kind::Date { lo, hi } => format!("date({name}, {access}, {optional}, {lo}, {hi})"),
            Kind::Time => format!("time({name}, {access}, {optional})"),
            Kind::DateTime { lo, hi } => format!("instant({name}, {access}, {optional}, {lo}, {hi})"),
            Kind::Set { values } => format!("set({name}, {access}, {optional}, {})", json!(values)),
        };
        let _ = writeln!(out, "    {name}: {read},");
    }
    let _ = writeln!(out, "  }};\n}}\n");
}

fn table(out: &mut String, sheet: &Sheet<'_>, walk: &Walk) {
    let name = format!("table{}", pascal(&sheet.table.name));
    let _ =
        writeln!(out, "const {name}: Table = {{\n  offsets: {},\n  root: {},", json!(code::offsets(sheet)), walk.root);
    let _ = writeln!(out, "  nodes: [{}],\n  answers: [", code::numbers(&walk.nodes, 110, "    "));
    for answer in &walk.answers {
        let _ = writeln!(
            out,
            "    {{ result: {}, duties: {}, advice: {}, rules: {} }},",
            quoted(&answer.result),
            json!(answer.duties),
            json!(answer.advice),
            json!(answer.rules)
        );
    }
    let _ = writeln!(out, "  ],\n  // What each node looks at: the class of a value.\n  cells: [");
    for classes in &walk.classes {
        let feature = &sheet.features[classes.feature];
        let value = code::measured(sheet, feature, &Script(sheet));
        let cell = code::literal_cell(classes, &value);
        let _ = writeln!(out, "    // {}\n    (v, t) => {cell},", comment(&feature.title));
    }
    let _ = writeln!(out, "  ],\n}};\n");
}

struct Script<'a>(&'a Sheet<'a>);

impl code::Language for Script<'_> {
    fn of(&self, input: usize) -> String {
        format!("int(v, {})", quoted(&self.0.inputs[input].name))
    }

    fn set(&self, input: usize) -> String {
        format!("v[{}]", quoted(&self.0.inputs[input].name))
    }

    fn weeks(&self, weeks: &[Weeks]) -> String {
        code::literal_weeks(weeks)
    }

    fn hours(&self, hours: &[Hours]) -> String {
        code::literal_hours(hours)
    }

    fn places(&self, places: &[usize]) -> String {
        json!(places).to_string()
    }
}

fn decide(out: &mut String, export: &Export<'_>) {
    let _ = writeln!(
        out,
        "/** Decides a case: {}. Throws a RangeError where the case is none of the policy's. */\nexport function decide(c: Case): Decision {{\n  const v = values(c);",
        comment(&export.title())
    );
    let mut names = Vec::new();
    for (i, sheet) in export.sheets.iter().enumerate() {
        let name = format!("answer{}", i + 1);
        let _ = writeln!(out, "  const {name} = answer(table{}, v);", pascal(&sheet.table.name));
        names.push(name);
    }
    let _ = writeln!(out, "  return {{");
    for (sheet, name) in export.sheets.iter().zip(&names) {
        let field = key(&sheet.table.name);
        let _ = writeln!(out, "    {field}: {name}.result as Decision[{}],", quoted(&sheet.table.name));
    }
    for list in ["duties", "advice", "rules"] {
        let all: Vec<String> = names.iter().map(|n| format!("...{n}.{list}")).collect();
        let _ = writeln!(out, "    {list}: [...new Set([{}])],", all.join(", "));
    }
    let _ = writeln!(out, "  }};\n}}");
}
