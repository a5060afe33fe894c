//! The verdict's sheet -> policies in Cedar and their schema.
//!
//! ```text
//! facts, and what Cedar cannot reckon ──> context of the one action, typed by the schema
//! rows ──> permit and forbid; Cedar denies what no policy permits
//! ```
//!
//! Cedar answers allow or deny, and has no order: a forbid wins. Rows of unique tables have no case in common, so that each is
//! a policy as it stands; a permit of an ordered table says which rows above it must not fit. Not carried: duties, advice,
//! other decisions; a conflict and an undecided case are denied. Cedar cannot divide, so that weekdays, months and days of
//! periods are asked of whoever calls it.

mod measure;

use super::fidelity::Fidelity;
use super::sheet::{Allowed, Line, Range, Sheet, Test};
use super::{Export, Written, words};
use crate::model::VERDICT;
use crate::tabulate::Hit;
use measure::Measurer;

pub fn export(export: &Export<'_>) -> Written {
    let Some(sheet) = export.sheets.iter().find(|s| s.decision() == VERDICT) else {
        let mut fidelity = Fidelity::default();
        fidelity.left_out("everything", "Cedar knows permit and forbid only, and the policy decides neither");
        return Written::text(comments(&fidelity.lines()), fidelity);
    };
    let mut measurer = Measurer::new(sheet);
    let namespace = words::pascal(&export.name());
    let conditions: Vec<String> = sheet.lines.iter().map(|l| condition(sheet, l, &mut measurer)).collect();
    let fidelity = fidelity(export, sheet, &measurer);
    let mut lines = vec![
        format!("{}: permit and forbid, for Cedar.", export.title()),
        String::new(),
        format!(
            "A request asks whether a {namespace}::Requester may {namespace}::Action::\"decide\" a {namespace}::Case:"
        ),
        "who and what do not matter to these policies, all facts are in the context, as the schema beside them says."
            .into(),
        String::new(),
    ];
    lines.extend(fidelity.lines());
    let mut text = comments(&lines);
    for (n, line) in sheet.lines.iter().enumerate() {
        text.push_str(&policy(sheet, &namespace, n, line, &conditions));
    }
    let schema = schema(export, &namespace, &measurer, &fidelity);
    Written { beside: vec![(".cedarschema".into(), schema.into_bytes())], ..Written::text(text, fidelity) }
}

fn comments(lines: &[String]) -> String {
    lines.iter().map(|l| format!("// {}", words::comment(l)).trim_end().to_string() + "\n").collect()
}

/// A text of Cedar.
pub fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn fidelity(export: &Export<'_>, sheet: &Sheet<'_>, measurer: &Measurer<'_>) -> Fidelity {
    let mut fidelity = Fidelity::default();
    fidelity.exact("permit and forbid");
    fidelity.exact("the rules of each row: those that decide in some case of it, as annotations");
    for asked in &measurer.asked {
        fidelity.asked(format!("`{}`", asked.name), asked.meaning.clone());
    }
    let rows = |word: &str| sheet.table.rows.iter().filter(|r| r.result == word).count();
    for word in ["conflict", "undecided"] {
        match rows(word) {
            0 => {}
            n => fidelity
                .approximated(word, format!("the cases of {n} rows are denied: Cedar knows allow and deny only")),
        }
    }
    fidelity.conflicts(export);
    let some = |list: &dyn Fn(&crate::tabulate::Row) -> bool| sheet.table.rows.iter().any(list);
    let why = "Cedar answers nothing but allow and deny";
    if some(&|r| !r.duties.is_empty()) {
        fidelity.left_out("duties", why);
    }
    if some(&|r| !r.advice.is_empty()) {
        fidelity.left_out("advice", why);
    }
    for other in export.sheets.iter().filter(|s| s.decision() != VERDICT) {
        fidelity.left_out(format!("the decision `{}`", other.table.name), why);
    }
    fidelity
}

/// Where a line holds; empty if everywhere.
fn condition(sheet: &Sheet<'_>, line: &Line<'_>, measurer: &mut Measurer<'_>) -> String {
    let tests = sheet.features.iter().zip(&line.tests);
    let parts: Vec<String> = tests.filter_map(|(f, t)| Some(measurer.test(f, t.as_ref()?))).collect();
    parts.join(" &&\n  ")
}

fn policy(sheet: &Sheet<'_>, namespace: &str, n: usize, line: &Line<'_>, conditions: &[String]) -> String {
    let permits = line.row.result == "permit";
    // Ordered rows that forbid would also forbid what rows above them permit.
    let said = permits || (line.row.result == "forbid" && sheet.table.hit != Hit::First);
    if !said {
        return String::new();
    }
    let part = sheet.lines[..n].iter().rev().take_while(|l| l.number == line.number).count();
    let id = match part {
        0 => format!("verdict_row_{}", line.number + 1),
        _ => format!("verdict_row_{}_{}", line.number + 1, part + 1),
    };
    let mut rules = super::sheet::rules(sheet.table, line.row);
    if line.row.by_default {
        rules.push("by default".into());
    }
    let effect = if permits { "permit" } else { "forbid" };
    let mut policy = format!(
        "\n@id({})\n@rules({})\n{effect} (principal, action == {namespace}::Action::\"decide\", resource)",
        text(&id),
        text(&rules.join(", "))
    );
    if !conditions[n].is_empty() {
        policy.push_str(&format!("\nwhen {{\n  {}\n}}", conditions[n]));
    }
    if sheet.table.hit == Hit::First {
        let above = sheet.lines[..n].iter().zip(conditions);
        let others: Vec<String> = above
            .filter(|(l, _)| l.row.result != "permit" && meet(l, line))
            .map(|(_, c)| if c.is_empty() { "true".to_string() } else { format!("({})", c.replace('\n', "\n  ")) })
            .collect();
        if !others.is_empty() {
            policy.push_str(&format!("\nunless {{\n  {}\n}}", others.join(" ||\n  ")));
        }
    }
    policy + ";\n"
}

/// No feature tells the lines apart.
fn meet(a: &Line<'_>, b: &Line<'_>) -> bool {
    a.tests.iter().zip(&b.tests).all(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => overlap(a, b),
        _ => true,
    })
}

fn overlap(a: &Test, b: &Test) -> bool {
    let range = |x: &Range, y: &Range| {
        let before = |hi: Option<i64>, lo: Option<i64>| matches!((hi, lo), (Some(hi), Some(lo)) if hi < lo);
        !before(x.hi, y.lo) && !before(y.hi, x.lo)
    };
    a.absent && b.absent
        || match (&a.allowed, &b.allowed) {
            (Allowed::Nothing, _) | (_, Allowed::Nothing) => false,
            (Allowed::Bool(a), Allowed::Bool(b)) => a == b,
            (Allowed::Values(a), Allowed::Values(b)) => a.iter().any(|v| b.contains(v)),
            (Allowed::Days(a), Allowed::Days(b)) => a & b != 0,
            (Allowed::Ranges(a), Allowed::Ranges(b)) => a.iter().any(|x| b.iter().any(|y| range(x, y))),
            _ => true,
        }
}

fn schema(export: &Export<'_>, namespace: &str, measurer: &Measurer<'_>, fidelity: &Fidelity) -> String {
    let mut lines = vec![
        format!(
            "{}: the context that the policies look at. What does not exist in a case is left out of its context.",
            export.title()
        ),
        String::new(),
    ];
    lines.extend(fidelity.lines());
    let mut schema = comments(&lines);
    schema.push_str(&format!(
        "namespace {namespace} {{\n  entity Requester;\n  entity Case;\n  action \"decide\" appliesTo {{\n"
    ));
    schema.push_str("    principal: [Requester],\n    resource: [Case],\n    context: {\n");
    for attribute in measurer.attributes() {
        schema.push_str(&format!(
            "      // {}\n      {}{}: {},\n",
            words::comment(&attribute.meaning),
            text(&attribute.name),
            if attribute.optional { "?" } else { "" },
            attribute.ty
        ));
    }
    schema + "    },\n  };\n}\n"
}
