//! Tables -> a decision graph of GoRules (JDM), which the ZEN engine runs and GoRules' editor opens. And back.
//!
//! ```text
//! Case ──> Measures (distances, periods, sets) ──> a decision table for each decision ──> Answer
//! ```
//!
//! The case is described by a JSON schema, so that the engine refuses what is no case. Rows are tried in order and the
//! first that fits decides; in tables of the hit policy unique only one does. The answer has the decisions' values under
//! their names, `duties`, `advice`, and `rules` by decision. A table in which every row is one rule's word cannot be told.

mod read;
mod zen;

use super::back::Told;
use super::provenance::{note, paths, provenance};
use super::sheet::{Input, Kind, Sheet};
use super::{Export, Fidelity, Written, when, words};
use serde_json::{Map, Value, json};

/// From one node to the next, to the right.
const STEP: i64 = 320;

pub fn export(export: &Export<'_>) -> Written {
    let fidelity = fidelity(export);
    let count = export.sheets.len() as i64;
    let middle = 160 + (count - 1) * 90;
    let mut nodes = vec![json!({
        "id": "case", "type": "inputNode", "name": "Case", "position": { "x": 80, "y": middle },
        "content": { "schema": schema(export).to_string() },
    })];
    let mut edges = Vec::new();
    let mut edge = |from: &str, to: &str| {
        edges.push(json!({ "id": format!("{from}-{to}"), "type": "edge", "sourceId": from, "targetId": to }));
    };
    let (mut before, mut x) = ("case", 80 + STEP);
    let measures = measures(export);
    if !measures.is_empty() {
        let content = json!({
            "expressions": measures, "passThrough": true, "inputField": null, "outputPath": measured(export),
            "executionMode": "single",
        });
        nodes.push(json!({
            "id": "measures", "type": "expressionNode", "name": "Measures", "position": { "x": x, "y": middle },
            "content": content,
        }));
        edge("case", "measures");
        (before, x) = ("measures", x + STEP);
    }
    for (i, sheet) in export.sheets.iter().enumerate() {
        let id = format!("decision_{}", sheet.table.name);
        nodes.push(json!({
            "id": id, "type": "decisionTableNode", "name": sheet.table.title.as_ref().unwrap_or(&sheet.table.name),
            "position": { "x": x, "y": 160 + i as i64 * 180 },
            "content": table(export, sheet),
        }));
        edge(before, &id);
        edge(&id, "answer");
    }
    nodes.push(json!({
        "id": "answer", "type": "outputNode", "name": "Answer", "position": { "x": x + STEP, "y": middle },
        "content": { "schema": "" },
    }));
    let graph = json!({
        "contentType": "application/vnd.gorules.decision",
        "nodes": nodes,
        "edges": edges,
        "ordain": { "provenance": provenance(export), "fidelity": fidelity.value() },
    });
    Written::text(format!("{}\n", serde_json::to_string_pretty(&graph).unwrap_or_default()), fidelity)
}

/// See [`super::Format::read`].
pub fn read(text: &str, export: &Export<'_>) -> Result<Vec<Told>, String> {
    read::read(text, export)
}

fn fidelity(export: &Export<'_>) -> Fidelity {
    let mut fidelity = Fidelity::of_engine(export);
    for sheet in &export.sheets {
        let field = result_field(&sheet.table.name);
        if field != sheet.table.name {
            fidelity.exact(format!("`{}` as `{field}`", sheet.table.name));
        }
    }
    when::clocks(export, &mut fidelity);
    fidelity
}

/// Under which name the answer has a decision's value.
fn result_field(decision: &str) -> String {
    match decision {
        "duties" | "advice" | "rules" => format!("{decision}_"),
        name => name.to_string(),
    }
}

/// Under which name tables find what was measured.
fn measured(export: &Export<'_>) -> String {
    let mut name = "measured".to_string();
    while export.model.facts.iter().any(|f| f.name == name.as_str()) {
        name.push('_');
    }
    name
}

/// What columns look at other than facts, each once.
fn measures(export: &Export<'_>) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for sheet in &export.sheets {
        for feature in sheet.features.iter().filter(|f| !f.is_value()) {
            let id = format!("measure_{}", feature.name);
            if !all.iter().any(|m| m["id"] == id.as_str()) {
                all.push(json!({ "id": id, "key": feature.name, "value": zen::expression(sheet, feature) }));
            }
        }
    }
    all
}

fn table(export: &Export<'_>, sheet: &Sheet<'_>) -> Value {
    let table = sheet.table;
    let prefix = measured(export);
    let inputs: Vec<Value> = sheet
        .features
        .iter()
        .map(|f| {
            let id = format!("in_{}", f.name);
            json!({ "id": id, "type": "expression", "name": f.title, "field": zen::field(sheet, f, &prefix) })
        })
        .collect();
    let output =
        |id: &str, name: &str, field: &str| json!({ "id": id, "type": "expression", "name": name, "field": field });
    let title = table.title.as_ref().unwrap_or(&table.name);
    let mut outputs = vec![output("out_result", title, &result_field(&table.name))];
    let has_duties = !table.duties.is_empty();
    let has_advice = table.rows.iter().any(|r| !r.advice.is_empty());
    outputs.extend(has_duties.then(|| output("out_duties", "Duties", "duties")));
    outputs.extend(has_advice.then(|| output("out_advice", "Advice", "advice")));
    outputs.push(output("out_rules", "Rules", &format!("rules.{}", table.name)));
    let mut ids = std::collections::BTreeMap::new();
    let rules: Vec<Value> = sheet
        .lines
        .iter()
        .flat_map(|line| zen::lines(sheet, &line.tests).into_iter().map(move |tests| (line.row, tests)))
        .map(|(row, tests)| {
            let mut cells: Map<String, Value> = Map::new();
            for (feature, test) in sheet.features.iter().zip(&tests) {
                cells.insert(format!("in_{}", feature.name), zen::cell(sheet, feature, test.as_ref()).into());
            }
            cells.insert("out_result".into(), zen::text(&row.result).into());
            if has_duties {
                cells.insert("out_duties".into(), zen::texts(&row.duties).into());
            }
            if has_advice {
                cells.insert("out_advice".into(), zen::texts(&row.advice).into());
            }
            cells.insert("out_rules".into(), zen::texts(&paths(table, row)).into());
            let hash = words::hash(cells.values().filter_map(Value::as_str));
            let seen = ids.entry(hash).or_insert(0);
            *seen += 1;
            let id = if *seen == 1 { format!("{hash:016x}") } else { format!("{hash:016x}_{seen}") };
            let mut rule: Map<String, Value> = Map::new();
            rule.insert("_id".into(), id.into());
            rule.insert("_description".into(), note(table, row).into());
            rule.extend(cells);
            Value::Object(rule)
        })
        .collect();
    json!({
        "hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules,
        "inputField": null, "outputPath": null, "executionMode": "single", "passThrough": false,
    })
}

/// The case as a JSON schema.
fn schema(export: &Export<'_>) -> Value {
    let inputs = export.inputs();
    let mut properties = Map::new();
    for input in &inputs {
        properties.insert(input.name.clone(), property(input));
    }
    let required: Vec<&str> = inputs.iter().filter(|i| !i.optional).map(|i| i.name.as_str()).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object", "properties": properties, "required": required,
    })
}

fn property(input: &Input) -> Value {
    let ty = |name: &str| if input.optional { json!([name, "null"]) } else { json!(name) };
    let bound =
        |v: i64, scale: u32| -> Value { serde_json::from_str(&words::decimal(v, scale)).unwrap_or(Value::Null) };
    let mut said = match &input.kind {
        Kind::YesNo => json!({ "type": ty("boolean") }),
        Kind::Choice { values } => {
            let null = input.optional.then_some(Value::Null);
            let values: Vec<Value> = values.iter().map(|v| json!(v)).chain(null).collect();
            json!({ "type": ty("string"), "enum": values })
        }
        Kind::Number { lo, hi, scale, .. } => {
            json!({ "type": ty("number"), "minimum": bound(*lo, *scale), "maximum": bound(*hi, *scale) })
        }
        Kind::Date { .. } => json!({ "type": ty("string"), "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }),
        Kind::Time => json!({ "type": ty("string"), "pattern": "^\\d{2}:\\d{2}(:\\d{2})?$" }),
        Kind::DateTime { .. } => {
            json!({ "type": ty("string"), "pattern": "^\\d{4}-\\d{2}-\\d{2}T.*(Z|[+-]\\d{2}:\\d{2})$" })
        }
        Kind::Set { values } => json!({ "type": ty("array"), "items": { "enum": values } }),
    };
    let unit = match &input.kind {
        Kind::Number { unit: Some(unit), .. } => Some(format!("in {unit}")),
        _ => None,
    };
    let about: Vec<String> = input.title.clone().into_iter().chain(unit).collect();
    if let (Some(map), false) = (said.as_object_mut(), about.is_empty()) {
        map.insert("description".into(), about.join("; ").into());
    }
    said
}
