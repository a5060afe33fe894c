//! Sheets -> a Python module (3.9 or newer) without dependencies: types, and one function `decide`.
//!
//! The policy is a flat list that is walked (`walk`), as in the compiled decider; the runtime beside it
//! (`python/runtime.py`) measures and checks the case.

use super::clock::{Hours, Weeks};
use super::sheet::{Kind, Sheet};
use super::walk::Walk;
use super::words::{comment, identifier, quoted};
use super::{Export, Fidelity, Written, code};
use serde_json::json;
use std::fmt::Write;

const RUNTIME: &str = include_str!("python/runtime.py");

pub fn export(export: &Export<'_>) -> Written {
    let (walks, fidelity) = code::walks(export);
    let text = write(export, &walks, &fidelity);
    Written::text(text, fidelity)
}

fn write(export: &Export<'_>, walks: &[Walk], fidelity: &Fidelity) -> String {
    let mut out = String::new();
    let head = code::head(export, fidelity);
    let _ = writeln!(out, "\"\"\"{}.\n", literal(&head[0]));
    for line in &head[1..] {
        let _ = writeln!(out, "{}", literal(line));
    }
    out.push_str("\"\"\"\n\n");
    out.push_str(RUNTIME);
    types(&mut out, export);
    for (sheet, walk) in export.sheets.iter().zip(walks) {
        table(&mut out, sheet, walk);
    }
    values(&mut out, export);
    decide(&mut out, export);
    out
}

/// Text that may stand in a literal of three quotes.
fn literal(text: &str) -> String {
    comment(text).replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"")
}

fn union(values: &[String]) -> String {
    if values.is_empty() {
        return "None".into();
    }
    format!("Literal[{}]", values.iter().map(|v| quoted(v)).collect::<Vec<_>>().join(", "))
}

fn types(out: &mut String, export: &Export<'_>) {
    let _ = writeln!(
        out,
        "# A case: what is known. What does not exist in it is None, or not there.\nCase = TypedDict(\"Case\", {{"
    );
    for input in export.inputs() {
        let ty = match &input.kind {
            Kind::YesNo => "bool".to_string(),
            Kind::Choice { values } => union(values),
            Kind::Number { .. } => "Union[int, float, Decimal]".into(),
            Kind::Date { .. } => "Union[str, dt.date]".into(),
            Kind::Time => "Union[str, dt.time]".into(),
            Kind::DateTime { .. } => "Union[str, dt.datetime]".into(),
            Kind::Set { values } => format!("Iterable[{}]", union(values)),
        };
        let ty = if input.optional { format!("Optional[{ty}]") } else { ty };
        let described = code::described(input);
        if !described.is_empty() {
            let _ = writeln!(out, "    # {}", comment(&described));
        }
        let _ = writeln!(out, "    {}: {ty},", quoted(&input.name));
    }
    let _ =
        writeln!(out, "}}, total=False)\n\n# What the policy says of a case.\nDecision = TypedDict(\"Decision\", {{");
    for sheet in &export.sheets {
        if let Some(title) = &sheet.table.title {
            let _ = writeln!(out, "    # {}", comment(title));
        }
        let _ = writeln!(out, "    {}: {},", quoted(&sheet.table.name), union(&code::results(sheet)));
    }
    let _ = writeln!(
        out,
        "    # What must be done besides.\n    \"duties\": List[str],\n    # What is recommended.\n    \"advice\": List[str],\n    # The rules that decide in this case or in one like it; none where the default does.\n    \"rules\": List[str],\n}})\n"
    );
}

fn name(sheet: &Sheet<'_>) -> String {
    format!("_{}", identifier(&sheet.table.name).to_uppercase())
}

fn table(out: &mut String, sheet: &Sheet<'_>, walk: &Walk) {
    let _ = writeln!(
        out,
        "\n{} = _Table(\n    offsets={},\n    root={},",
        name(sheet),
        json!(code::offsets(sheet)),
        walk.root
    );
    let _ = writeln!(out, "    nodes=[{}],\n    answers=[", code::numbers(&walk.nodes, 100, "        "));
    for answer in &walk.answers {
        let _ = writeln!(
            out,
            "        ({}, {}, {}, {}),",
            quoted(&answer.result),
            json!(answer.duties),
            json!(answer.advice),
            json!(answer.rules)
        );
    }
    let _ = writeln!(out, "    ],\n    # What each node looks at: the class of a value.\n    cells=[");
    for classes in &walk.classes {
        let feature = &sheet.features[classes.feature];
        let value = code::measured(sheet, feature, &Script(sheet));
        let cell = code::literal_cell(classes, &value);
        let _ = writeln!(out, "        # {}\n        lambda v, t: {cell},", comment(&feature.title));
    }
    let _ = writeln!(out, "    ],\n)");
}

struct Script<'a>(&'a Sheet<'a>);

impl code::Language for Script<'_> {
    fn of(&self, input: usize) -> String {
        format!("v[{}]", quoted(&self.0.inputs[input].name))
    }

    fn set(&self, input: usize) -> String {
        self.of(input)
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

/// An input's value in the integers of tests.
fn values(out: &mut String, export: &Export<'_>) {
    let _ = writeln!(out, "\n\ndef _values(case):\n    return {{");
    for input in export.inputs() {
        let (name, optional) = (quoted(&input.name), if input.optional { "True" } else { "False" });
        let read = match &input.kind {
            Kind::YesNo => format!("yes({name}, case, {optional})"),
            Kind::Choice { values } => format!("choice({name}, case, {optional}, {})", json!(values)),
            Kind::Number { lo, hi, scale, .. } => format!("count({name}, case, {optional}, {scale}, {lo}, {hi})"),
            Kind::Date { lo, hi } => format!("date({name}, case, {optional}, {lo}, {hi})"),
            Kind::Time => format!("time({name}, case, {optional})"),
            Kind::DateTime { lo, hi } => format!("instant({name}, case, {optional}, {lo}, {hi})"),
            Kind::Set { values } => format!("members({name}, case, {optional}, {})", json!(values)),
        };
        let _ = writeln!(out, "        {name}: {read},");
    }
    let _ = writeln!(out, "    }}\n");
}

fn decide(out: &mut String, export: &Export<'_>) {
    let _ = writeln!(
        out,
        "\ndef decide(case: Case) -> Decision:\n    \"\"\"Decides a case: {}.\n\n    Raises ValueError where the case is none of the policy's.\n    \"\"\"\n    v = _values(case)",
        literal(&export.title())
    );
    let mut names = Vec::new();
    for (i, sheet) in export.sheets.iter().enumerate() {
        let answer = format!("answer{}", i + 1);
        let _ = writeln!(out, "    {answer} = answered({}, v)", name(sheet));
        names.push(answer);
    }
    let _ = writeln!(out, "    return {{");
    for (sheet, name) in export.sheets.iter().zip(&names) {
        let _ = writeln!(out, "        {}: {name}[0],", quoted(&sheet.table.name));
    }
    for (i, list) in ["duties", "advice", "rules"].iter().enumerate() {
        let all: Vec<String> = names.iter().map(|n| format!("{n}[{}]", i + 1)).collect();
        let _ = writeln!(out, "        \"{list}\": list(dict.fromkeys({})),", all.join(" + "));
    }
    let _ = writeln!(out, "    }}");
}
