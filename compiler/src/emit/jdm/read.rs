//! The text of a decision graph -> what its decision tables say, by the features of the sheets.
//!
//! Columns are known by their fields, so they may be moved; what they look up must still be measured as it was written.

use super::super::back::{Told, ToldLine};
use super::super::unary::{Language, Reader, Scale, texts};
use super::super::{Export, Sheet};
use super::{measured, result_field, zen};
use crate::tabulate::Hit;
use serde_json::Value;

pub fn read(text: &str, export: &Export<'_>) -> Result<Vec<Told>, String> {
    let graph: Value = serde_json::from_str(text).map_err(|e| format!("it is not JSON: {e}"))?;
    let nodes = graph["nodes"].as_array().ok_or("it has no `nodes`, so it is no decision graph")?;
    let expressions: Vec<&Value> = nodes.iter().flat_map(|n| list(&n["content"]["expressions"])).collect();
    let mut told = Vec::new();
    for sheet in &export.sheets {
        let result = result_field(&sheet.table.name);
        let decides = |n: &&Value| list(&n["content"]["outputs"]).any(|o| o["field"] == result.as_str());
        let Some(node) = nodes.iter().find(decides) else { continue };
        told.push(
            table(node, &expressions, export, sheet)
                .map_err(|e| format!("decision table `{}`: {e}", node["name"].as_str().unwrap_or(&result)))?,
        );
    }
    Ok(told)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn table(node: &Value, expressions: &[&Value], export: &Export<'_>, sheet: &Sheet<'_>) -> Result<Told, String> {
    let content = &node["content"];
    match content["hitPolicy"].as_str().unwrap_or("first") {
        "first" => {}
        other => return Err(format!("the hit policy `{other}` cannot be compared with rules")),
    }
    let prefix = measured(export);
    let fields: Vec<String> = sheet.features.iter().map(|f| words(&zen::field(sheet, f, &prefix))).collect();
    let readers: Vec<Reader<'_>> =
        sheet.features.iter().map(|f| Reader::new(Scale::of(sheet, f), Language::Zen, &sheet.model.zone)).collect();
    let inputs: Vec<&Value> = list(&content["inputs"]).collect();
    let mut columns = Vec::with_capacity(inputs.len());
    for input in &inputs {
        let field = words(input["field"].as_str().unwrap_or_default());
        let feature = fields.iter().position(|f| *f == field);
        if let Some(feature) = feature.and_then(|f| sheet.features.get(f)).filter(|f| !f.is_value()) {
            let said = expressions.iter().find(|e| e["key"] == feature.name.as_str()).map(|e| &e["value"]);
            let said = said.and_then(Value::as_str).map(words).unwrap_or_default();
            if said != words(&zen::expression(sheet, feature)) {
                return Err(format!("column `{field}`: it is not measured any more as the policy does"));
            }
        }
        columns.push(feature);
    }
    let outputs: Vec<&Value> = list(&content["outputs"]).collect();
    let mut lines = Vec::new();
    for (i, rule) in list(&content["rules"]).enumerate() {
        let row = format!("row {}", i + 1);
        let cell = |column: &Value| {
            let id = column["id"].as_str().unwrap_or_default();
            rule[id].as_str().unwrap_or_default().trim().to_string()
        };
        let mut tests = vec![None; sheet.features.len()];
        for (input, feature) in inputs.iter().zip(&columns) {
            let text = cell(input);
            let name = input["name"].as_str().unwrap_or_default();
            let at = |message: String| format!("{row}, column `{name}`: `{text}`: {message}");
            let Some(feature) = *feature else {
                if text.is_empty() || text == "-" {
                    continue;
                }
                let field = input["field"].as_str().unwrap_or_default();
                return Err(at(format!("the policy measures nothing by `{field}`")));
            };
            let test = readers.get(feature).map_or(Ok(None), |r| r.read(&text)).map_err(at)?;
            match tests.get_mut(feature) {
                Some(slot @ None) => *slot = test,
                _ if test.is_none() => {}
                _ => return Err(at("two columns of this row are about the same".to_string())),
            }
        }
        let mut line = ToldLine { tests, result: String::new(), duties: Vec::new(), advice: Some(Vec::new()) };
        for output in &outputs {
            let field = output["field"].as_str().unwrap_or_default();
            let text = cell(output);
            if field.starts_with("rules.") {
                continue;
            }
            let said = texts(&text, Language::Zen).map_err(|e| format!("{row}, output `{field}`: `{text}`: {e}"))?;
            match field {
                "duties" => line.duties = said,
                "advice" => line.advice = Some(said),
                field if field == result_field(&sheet.table.name) => {
                    line.result = said.into_iter().next().unwrap_or_default();
                }
                other => return Err(format!("the policy has no output `{other}`")),
            }
        }
        lines.push(line);
    }
    Ok(Told { decision: sheet.table.name.clone(), hit: Hit::First, lines })
}
