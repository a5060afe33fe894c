//! The text of a DMN model -> what its decision tables say, by the features of the sheets.
//!
//! Columns are known by their expressions, so they may be moved, and other tools may write the file in their own way.

use super::super::back::{Told, ToldLine};
use super::super::unary::{Language, Reader, Scale, texts};
use super::super::{Export, Sheet};
use super::plan::{OTHERS, Plan, PlannedTable};
use super::tree::{self, Element};
use crate::tabulate::Hit;

pub fn read(text: &str, export: &Export<'_>) -> Result<Vec<Told>, String> {
    let root = tree::parse(text)?;
    if root.name != "definitions" {
        return Err(format!("line {}: a DMN model begins with `definitions`, not with `{}`", root.line, root.name));
    }
    let plan = Plan::of(export);
    let mut told = Vec::new();
    for decision in root.children("decision") {
        let name = decision.attribute("name").unwrap_or_default();
        let (Some(table), Some(planned)) =
            (decision.children("decisionTable").next(), plan.tables.iter().find(|t| t.name == name))
        else {
            continue;
        };
        for helper in planned.needs.1.iter().filter_map(|i| plan.helpers.get(*i)) {
            let own = root.children("decision").find(|d| d.attribute("name") == Some(helper.name.as_str()));
            if own.map(|d| words(d.text_of("literalExpression"))) != Some(words(&helper.expression)) {
                let line = own.unwrap_or(decision).line;
                return Err(format!("line {line}: `{}` is not worked out any more as it was written", helper.name));
            }
        }
        told.push(self::table(table, planned).map_err(|e| format!("decision `{name}`, {e}"))?);
    }
    Ok(told)
}

/// What an output column says.
enum Output {
    Result,
    Duties,
    Advice,
    Rules,
}

fn table(table: &Element, planned: &PlannedTable<'_>) -> Result<Told, String> {
    let sheet = planned.sheet;
    let hit = match table.attribute("hitPolicy").unwrap_or("UNIQUE") {
        "UNIQUE" => Hit::Unique,
        "FIRST" => Hit::First,
        other => return Err(format!("line {}: the hit policy {other} cannot be compared with rules", table.line)),
    };
    let mut features: Vec<Option<usize>> = Vec::new();
    for input in table.children("input") {
        features.push(column(input, planned, &features));
    }
    let inputs: Vec<&Element> = table.children("input").collect();
    let mut outputs = Vec::new();
    for output in table.children("output") {
        let name = output.attribute("name").unwrap_or(&planned.result);
        outputs.push(match name {
            name if name == planned.result => Output::Result,
            "duties" => Output::Duties,
            "advice" => Output::Advice,
            "rules" => Output::Rules,
            other => {
                let known = [planned.result.as_str()].into_iter().chain(OTHERS).collect::<Vec<_>>().join("`, `");
                return Err(format!("line {}: the output `{other}` is none of `{known}`", output.line));
            }
        });
    }
    let readers: Vec<Reader<'_>> = sheet.features.iter().map(|f| reader(sheet, f)).collect();
    let mut lines = Vec::new();
    for (i, rule) in table.children("rule").enumerate() {
        let row = format!("row {}", i + 1);
        let cells: Vec<&Element> = rule.children("inputEntry").collect();
        let said: Vec<&Element> = rule.children("outputEntry").collect();
        if cells.len() != features.len() || said.len() != outputs.len() {
            return Err(format!("line {}: {row} has not as many cells as there are columns", rule.line));
        }
        let mut tests = vec![None; sheet.features.len()];
        for ((cell, feature), input) in cells.into_iter().zip(&features).zip(&inputs) {
            let text = cell.children("text").next().map_or("", |t| t.text.trim());
            let label = input.attribute("label").unwrap_or("");
            let at = |message: String| format!("line {}: {row}, column `{label}`: `{text}`: {message}", cell.line);
            let Some(feature) = *feature else {
                if text.is_empty() || text == "-" {
                    continue;
                }
                let expression = input.text_of("inputExpression");
                return Err(at(format!("the policy measures nothing by `{expression}`")));
            };
            let test = readers.get(feature).map_or(Ok(None), |r| r.read(text)).map_err(at)?;
            match tests.get_mut(feature) {
                Some(slot @ None) => *slot = test,
                _ if test.is_none() => {}
                _ => return Err(at("two columns of this row are about the same".to_string())),
            }
        }
        let mut line = ToldLine { tests, result: String::new(), duties: Vec::new(), advice: Some(Vec::new()) };
        for (cell, output) in said.into_iter().zip(&outputs) {
            let text = cell.children("text").next().map_or("", |t| t.text.trim());
            if matches!(output, Output::Rules) {
                continue;
            }
            let words = texts(text, Language::Feel)
                .map_err(|e| format!("line {}: {row}, outputs: `{text}`: {e}", cell.line))?;
            match output {
                Output::Result => line.result = words.into_iter().next().unwrap_or_default(),
                Output::Duties => line.duties = words,
                Output::Advice => line.advice = Some(words),
                Output::Rules => {}
            }
        }
        lines.push(line);
    }
    Ok(Told { decision: sheet.table.name.clone(), hit, lines })
}

fn reader<'a>(sheet: &'a Sheet<'_>, feature: &super::super::sheet::Feature) -> Reader<'a> {
    Reader::new(Scale::of(sheet, feature), Language::Feel, &sheet.model.zone)
}

/// However it was broken into lines.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The feature that a column is about. Two periods that come to the same are two features with one expression: then one that
/// no column before is about.
fn column(input: &Element, planned: &PlannedTable<'_>, before: &[Option<usize>]) -> Option<usize> {
    let said = words(input.text_of("inputExpression"));
    let alike: Vec<usize> =
        (0..planned.expressions.len()).filter(|i| words(&planned.expressions[*i]) == said).collect();
    alike.iter().copied().find(|i| !before.contains(&Some(*i))).or_else(|| alike.first().copied())
}
