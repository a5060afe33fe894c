//! Sheets -> a Rust module without dependencies: types, and one function `decide`.
//!
//! The policy is a flat array that is walked (`walk`), as in the compiled decider; nothing is allocated but the lists of the
//! answer. Numbers and moments are whole numbers, as the documentation of each field says.

use super::clock::{Hours, Weeks};
use super::sheet::{Input, Kind, Sheet};
use super::walk::{How, Walk};
use super::words::{comment, decimal, identifier, pascal, quoted};
use super::{Export, Written, code};
use std::collections::BTreeSet;
use std::fmt::Write;

const RUNTIME: &str = include_str!("rust/runtime.txt");

/// Words that cannot be names as they are; most could be raw, some not even that.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

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
    decide(&mut out, export);
    Written::text(out, fidelity)
}

fn field(name: &str) -> String {
    let name = identifier(name);
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Names of an enumeration's variants: different ones for different values.
fn variants(values: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |value: &String| {
        let wish = match pascal(value) {
            name if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
            name => name,
        };
        let mut name = wish.clone();
        let mut n = 1;
        while !taken.insert(name.clone()) {
            n += 1;
            name = format!("{wish}{n}");
        }
        name
    };
    values.iter().map(name).collect()
}

fn doc(out: &mut String, indent: &str, text: &str) {
    if !text.is_empty() {
        let _ = writeln!(out, "{indent}/// {}", comment(text));
    }
}

/// The type of a choice: unlike those that every module has.
fn type_name(name: &str) -> String {
    match pascal(name) {
        name if [
            "Case", "Decision", "Table", "Answer", "NoCase", "Option", "Vec", "Result", "Some", "None", "Ok", "Err",
            "String", "Self",
        ]
        .contains(&name.as_str()) =>
        {
            format!("{name}Value")
        }
        name => name,
    }
}

fn enumeration(out: &mut String, name: &str, title: &str, values: &[String]) {
    doc(out, "", title);
    if values.is_empty() {
        let _ = writeln!(out, "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\npub enum {name} {{}}\n");
        return;
    }
    let _ = writeln!(out, "#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\npub enum {name} {{");
    let variants = variants(values);
    for (variant, value) in variants.iter().zip(values) {
        let _ = writeln!(out, "    /// `{}`\n    {variant},", comment(value));
    }
    let _ = writeln!(
        out,
        "}}\n\nimpl {name} {{\n    /// All of them with their names.\n    pub const ALL: &'static [({name}, &'static str)] = &["
    );
    for (variant, value) in variants.iter().zip(values) {
        let _ = writeln!(out, "        ({name}::{variant}, {}),", rust_quoted(value));
    }
    let _ = writeln!(
        out,
        "    ];\n\n    pub fn name(self) -> &'static str {{\n        Self::ALL[self as usize].1\n    }}\n}}\n"
    );
}

/// A string literal; the escapes of JSON are not all those of Rust.
fn rust_quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}

fn given(input: &Input) -> String {
    let mut text = code::described(input);
    let what = match &input.kind {
        Kind::Number { scale, .. } if *scale > 0 => format!("in steps of {}", decimal(1, *scale)),
        Kind::Date { .. } => "days since 1970-01-01, see `date`".into(),
        Kind::Time => "minutes since midnight".into(),
        Kind::DateTime { .. } => "minutes since 1970-01-01 00:00 UTC".into(),
        _ => String::new(),
    };
    if !what.is_empty() {
        text = if text.is_empty() { what } else { format!("{text}; {what}") };
    }
    text
}

fn types(out: &mut String, export: &Export<'_>) {
    for input in export.inputs() {
        if let Kind::Choice { values } | Kind::Set { values } = &input.kind {
            enumeration(out, &type_name(&input.name), input.title.as_deref().unwrap_or_default(), values);
        }
    }
    let _ = writeln!(
        out,
        "/// A case: what is known. What does not exist in it is `None`.\n#[derive(Debug, Clone, PartialEq, Eq)]\npub struct Case {{"
    );
    for input in export.inputs() {
        doc(out, "    ", &given(input));
        let ty = match &input.kind {
            Kind::YesNo => "bool".to_string(),
            Kind::Choice { .. } => type_name(&input.name),
            Kind::Set { .. } => format!("Vec<{}>", type_name(&input.name)),
            _ => "i64".into(),
        };
        let ty = if input.optional { format!("Option<{ty}>") } else { ty };
        let _ = writeln!(out, "    pub {}: {ty},", field(&input.name));
    }
    let _ = writeln!(
        out,
        "}}\n\n/// What the policy says of a case.\n#[derive(Debug, Clone, PartialEq, Eq)]\npub struct Decision {{"
    );
    for sheet in &export.sheets {
        doc(out, "    ", sheet.table.title.as_deref().unwrap_or_default());
        let values: Vec<String> = code::results(sheet).iter().map(|v| format!("`{}`", comment(v))).collect();
        let _ =
            writeln!(out, "    /// One of {}.\n    pub {}: &'static str,", values.join(", "), field(&sheet.table.name));
    }
    let _ = writeln!(
        out,
        "    /// What must be done besides.\n    pub duties: Vec<&'static str>,\n    /// What is recommended.\n    pub advice: Vec<&'static str>,\n    /// The rules that decide in this case or in one like it; none where the default does.\n    pub rules: Vec<&'static str>,\n}}\n"
    );
}

fn table(out: &mut String, sheet: &Sheet<'_>, walk: &Walk) {
    let name = identifier(&sheet.table.name).to_uppercase();
    let offsets: Vec<String> = code::offsets(sheet).iter().map(|(a, b)| format!("({a}, {b})")).collect();
    let _ = writeln!(
        out,
        "const TABLE_{name}: Table = Table {{\n    offsets: &[{}],\n    root: {},",
        offsets.join(", "),
        walk.root
    );
    let _ = writeln!(out, "    nodes: &[{}],\n    answers: &[", code::numbers(&walk.nodes, 100, "        "));
    let list = |items: &[String]| items.iter().map(|i| rust_quoted(i)).collect::<Vec<_>>().join(", ");
    for a in &walk.answers {
        let _ = writeln!(
            out,
            "        Answer {{ result: {}, duties: &[{}], advice: &[{}], rules: &[{}] }},",
            rust_quoted(&a.result),
            list(&a.duties),
            list(&a.advice),
            list(&a.rules)
        );
    }
    let _ = writeln!(out, "    ],\n    cell: cell_{},\n}};\n", identifier(&sheet.table.name));
    let _ = writeln!(
        out,
        "/// What each node of `TABLE_{name}` looks at: the class of a value.\n#[allow(clippy::all)]\nfn cell_{}(feature: i64, v: &Case, t: &Table) -> usize {{\n    let _ = (v, t);\n    match feature {{",
        identifier(&sheet.table.name)
    );
    for (i, classes) in walk.classes.iter().enumerate() {
        let feature = &sheet.features[classes.feature];
        let value = code::measured(sheet, feature, &Native(sheet));
        let list = |of: &[usize]| of.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let cell = match &classes.how {
            How::Table(of) => format!("pick({value}, &[{}], {})", list(of), classes.absent),
            How::Cuts(cuts, of) => {
                let cuts: Vec<String> = cuts.iter().map(i64::to_string).collect();
                format!("cut({value}, &[{}], &[{}], {})", cuts.join(", "), list(of), classes.absent)
            }
        };
        let _ = writeln!(out, "        // {}\n        {i} => {cell},", comment(&feature.title));
    }
    let _ = writeln!(out, "        _ => 0,\n    }}\n}}\n");
}

struct Native<'a>(&'a Sheet<'a>);

impl code::Language for Native<'_> {
    fn of(&self, input: usize) -> String {
        let input = &self.0.inputs[input];
        let name = field(&input.name);
        match (&input.kind, input.optional) {
            (Kind::YesNo | Kind::Choice { .. }, true) => format!("v.{name}.map(|x| x as i64)"),
            (Kind::YesNo | Kind::Choice { .. }, false) => format!("Some(v.{name} as i64)"),
            (_, true) => format!("v.{name}"),
            (_, false) => format!("Some(v.{name})"),
        }
    }

    fn set(&self, input: usize) -> String {
        let input = &self.0.inputs[input];
        let name = field(&input.name);
        if input.optional {
            format!(
                "v.{name}.as_deref().map(|s: &[{}]| -> Vec<usize> {{ s.iter().map(|e| *e as usize).collect() }})",
                type_name(&input.name)
            )
        } else {
            format!("Some(v.{name}.iter().map(|e| *e as usize).collect::<Vec<usize>>())")
        }
    }

    fn weeks(&self, weeks: &[Weeks]) -> String {
        let runs = weeks.iter().map(code::run).map(|(a, b, days)| format!("({a}, {b}, {days:?})"));
        format!("&[{}]", runs.collect::<Vec<_>>().join(", "))
    }

    fn hours(&self, hours: &[Hours]) -> String {
        let hours = hours.iter().map(|h| format!("({}, {}, {})", h.from, h.to, self.weeks(&h.weeks)));
        format!("&[{}]", hours.collect::<Vec<_>>().join(", "))
    }

    fn places(&self, places: &[usize]) -> String {
        format!("&[{}]", places.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
    }
}

fn decide(out: &mut String, export: &Export<'_>) {
    let mut checks = String::new();
    for input in export.inputs() {
        let (lo, hi) = match &input.kind {
            Kind::Number { lo, hi, .. } | Kind::Date { lo, hi } | Kind::DateTime { lo, hi } => (*lo, *hi),
            Kind::Time => (0, 1439),
            _ => continue,
        };
        let value = if input.optional {
            format!("case.{}", field(&input.name))
        } else {
            format!("Some(case.{})", field(&input.name))
        };
        let _ = writeln!(checks, "    inside({}, {value}, {lo}, {hi})?;", quoted(&input.name));
    }
    let _ = writeln!(
        out,
        "/// Decides a case: {}. An error where the case is none of the policy's.\npub fn decide(case: &Case) -> Result<Decision, NoCase> {{\n{checks}    let (mut duties, mut advice, mut rules) = (Vec::new(), Vec::new(), Vec::new());",
        comment(&export.title())
    );
    for (i, sheet) in export.sheets.iter().enumerate() {
        let n = i + 1;
        let _ = writeln!(
            out,
            "    let answer{n} = answer(&TABLE_{}, case)?;\n    add(&mut duties, answer{n}.duties);\n    add(&mut advice, answer{n}.advice);\n    add(&mut rules, answer{n}.rules);",
            identifier(&sheet.table.name).to_uppercase()
        );
    }
    let fields: Vec<String> = export
        .sheets
        .iter()
        .enumerate()
        .map(|(i, s)| format!("{}: answer{}.result", field(&s.table.name), i + 1))
        .collect();
    let _ = writeln!(out, "    Ok(Decision {{ {}, duties, advice, rules }})\n}}", fields.join(", "));
}
