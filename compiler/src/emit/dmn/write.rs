//! The plan -> the text of a DMN model.

use super::super::provenance::{note, paths, provenance};
use super::super::sheet::{Kind, Line, Of, Sheet};
use super::super::{DmnVersion, Export, Fidelity, words};
use super::diagram::{self, Edge, Layer, Shape};
use super::feel;
use super::names::id;
use super::plan::{Helper, Plan, PlannedTable};
use crate::tabulate::{Hit, Table};
use crate::xml::Xml;

/// What the extension elements belong to.
const OWN: &str = "urn:ordain:dmn:1";

pub fn write(export: &Export<'_>, plan: &Plan<'_>, version: DmnVersion, fidelity: &Fidelity) -> String {
    let mut xml = Xml::new();
    let year = match version {
        DmnVersion::V1_2 => "http://www.omg.org/spec/DMN/20180521",
        DmnVersion::V1_3 => "https://www.omg.org/spec/DMN/20191111",
        DmnVersion::V1_4 => "https://www.omg.org/spec/DMN/20211108",
        DmnVersion::V1_5 => "https://www.omg.org/spec/DMN/20230324",
    };
    let name = export.name();
    xml.open(
        "definitions",
        &[
            ("xmlns", &format!("{year}/MODEL/")),
            ("xmlns:dmndi", &format!("{year}/DMNDI/")),
            // These two never changed after DMN 1.2.
            ("xmlns:dc", "http://www.omg.org/spec/DMN/20180521/DC/"),
            ("xmlns:di", "http://www.omg.org/spec/DMN/20180521/DI/"),
            ("xmlns:feel", &format!("{year}/FEEL/")),
            ("xmlns:ordain", OWN),
            ("id", &id("definitions", &name)),
            ("name", &export.title()),
            ("namespace", &format!("urn:ordain:policy:{}", id("policy", &name))),
            ("expressionLanguage", &format!("{year}/FEEL/")),
            ("exporter", "ordain"),
        ],
    );
    let proofs = export.sheets.iter().filter_map(|s| Some(format!("{}: {}.", s.table.name, s.table.proof?.sentence())));
    let mut about = vec![format!("Written by `ordain table --to dmn` from the policy {}.", export.title())];
    about.extend(proofs);
    about.extend(fidelity.lines());
    xml.leaf("description", &[], &about.join("\n"));
    xml.open("extensionElements", &[]);
    xml.leaf("ordain:provenance", &[], &provenance(export).to_string());
    xml.leaf("ordain:fidelity", &[], &fidelity.value().to_string());
    xml.close("extensionElements");
    types(&mut xml, export, plan);
    let mut shapes = Vec::new();
    let mut edges = Vec::new();
    for table in &plan.tables {
        decision(&mut xml, export, plan, table, &mut edges);
        shapes.push(Shape::new(&id("decision", &table.name), &table.name, Layer::Decision));
    }
    for helper in &plan.helpers {
        expression(&mut xml, plan, helper, &mut edges);
        shapes.push(Shape::new(&id("decision", &helper.name), &helper.name, Layer::Helper));
    }
    for source in sources(export) {
        let source_id = id("source", &source);
        xml.open("knowledgeSource", &[("id", &source_id), ("name", &source), ("locationURI", &source)]);
        xml.close("knowledgeSource");
        shapes.push(Shape::new(&source_id, &source, Layer::Source));
    }
    for planned in &plan.inputs {
        let input_id = id("input", &planned.name);
        xml.open("inputData", &[("id", &input_id), ("name", &planned.name)]);
        let fact = export.model.fact(planned.input.fact);
        let mut about: Vec<String> = vec![fact.title.as_ref().map(|t| t.to_string()).unwrap_or_default()];
        about.extend(fact.docs.iter().map(|d| d.to_string()));
        about.push(unit(&planned.input.kind));
        if planned.input.optional {
            about.push("null where it does not exist".to_string());
        }
        if planned.name != planned.input.name {
            about.push(format!("The policy calls it `{}`.", planned.input.name));
        }
        xml.optional("description", &feel::lines(&about));
        let variable = format!("variable_{input_id}");
        xml.empty("variable", &[("id", &variable), ("name", &planned.name), ("typeRef", &planned.type_name)]);
        xml.close("inputData");
        shapes.push(Shape::new(&input_id, &planned.name, Layer::Input));
    }
    diagram::place(&mut shapes, &edges);
    diagram::write(&mut xml, &shapes, &edges);
    xml.close("definitions");
    xml.finish()
}

fn unit(kind: &Kind) -> String {
    match kind {
        Kind::Number { unit: Some(unit), .. } => format!("in {unit}"),
        Kind::DateTime { .. } => "with an offset".to_string(),
        _ => String::new(),
    }
}

/// The adopted texts, each once.
fn sources(export: &Export<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let policies = export.sheets.first().into_iter().flat_map(|s| &s.table.policies);
    for source in policies.flat_map(|p| &p.sources) {
        if !all.contains(source) {
            all.push(source.clone());
        }
    }
    all
}

fn types(xml: &mut Xml, export: &Export<'_>, plan: &Plan<'_>) {
    for planned in &plan.inputs {
        let Some(domain) = feel::domain(export.model, &planned.input.kind, planned.input.optional) else { continue };
        let base = match planned.input.kind {
            Kind::Number { .. } => "number",
            Kind::Date { .. } => "date",
            Kind::DateTime { .. } => "date and time",
            _ => "string",
        };
        let set = if matches!(planned.input.kind, Kind::Set { .. }) { "true" } else { "" };
        let type_id = id("type", &planned.name);
        xml.open("itemDefinition", &[("id", &type_id), ("name", &planned.type_name), ("isCollection", set)]);
        xml.leaf("typeRef", &[], base);
        allowed(xml, &type_id, &domain);
        xml.close("itemDefinition");
    }
    for table in &plan.tables {
        let type_id = id("type_of", &table.name);
        xml.open("itemDefinition", &[("id", &type_id), ("name", &table.type_name)]);
        component(xml, &type_id, &table.result, "", &results(table.sheet.table));
        for name in table.others() {
            component(xml, &type_id, name, "true", "");
        }
        xml.close("itemDefinition");
    }
}

fn allowed(xml: &mut Xml, of: &str, values: &str) {
    xml.open("allowedValues", &[("id", &format!("values_{of}"))]);
    xml.leaf("text", &[], values);
    xml.close("allowedValues");
}

fn component(xml: &mut Xml, of: &str, name: &str, list: &str, values: &str) {
    let own = format!("{of}_{}", id("", name));
    xml.open("itemComponent", &[("id", &own), ("name", name), ("isCollection", list)]);
    xml.leaf("typeRef", &[], "string");
    if !values.is_empty() {
        allowed(xml, &own, values);
    }
    xml.close("itemComponent");
}

/// The decision's values, and what rows say where the rules conflict or are silent.
fn results(table: &Table) -> String {
    let mut words: Vec<&String> = table.values.iter().collect();
    for row in &table.rows {
        if !words.contains(&&row.result) {
            words.push(&row.result);
        }
    }
    words.into_iter().map(|w| feel::text(w)).collect::<Vec<_>>().join(", ")
}

fn requirement(xml: &mut Xml, edges: &mut Vec<Edge>, by: &str, what: (&str, &str, &str), from: String) {
    let (element, link, kind) = what;
    let edge = Edge { id: format!("{kind}_{by}_{from}"), from, to: by.to_string() };
    xml.open(element, &[("id", &edge.id)]);
    xml.empty(link, &[("href", &format!("#{}", edge.from))]);
    xml.close(element);
    edges.push(edge);
}

const INPUT: (&str, &str, &str) = ("informationRequirement", "requiredInput", "needs");
const DECISION: (&str, &str, &str) = ("informationRequirement", "requiredDecision", "needs");
const SOURCE: (&str, &str, &str) = ("authorityRequirement", "requiredAuthority", "by");

fn expression(xml: &mut Xml, plan: &Plan<'_>, helper: &Helper, edges: &mut Vec<Edge>) {
    let own = id("decision", &helper.name);
    xml.open("decision", &[("id", &own), ("name", &helper.name)]);
    xml.leaf("description", &[], &helper.title);
    let type_name = [("typeRef", helper.type_name)];
    let variable = format!("variable_{own}");
    xml.empty("variable", &[("id", &variable), ("name", &helper.name), type_name[0]]);
    for input in helper.needs.iter().filter_map(|i| plan.inputs.get(*i)) {
        requirement(xml, edges, &own, INPUT, id("input", &input.name));
    }
    xml.open("literalExpression", &[("id", &format!("expression_{own}")), type_name[0]]);
    xml.leaf("text", &[], &helper.expression);
    xml.close("literalExpression");
    xml.close("decision");
}

fn decision(xml: &mut Xml, export: &Export<'_>, plan: &Plan<'_>, planned: &PlannedTable<'_>, edges: &mut Vec<Edge>) {
    let (sheet, table) = (planned.sheet, planned.sheet.table);
    let own = id("decision", &planned.name);
    xml.open("decision", &[("id", &own), ("name", &planned.name)]);
    let proof = table.proof.map(|p| words::sentence(&p.sentence())).unwrap_or_default();
    let about = [table.title.clone().unwrap_or_default(), words::sentence(&table.meaning()), proof];
    xml.leaf("description", &[], &feel::lines(&about));
    xml.empty(
        "variable",
        &[("id", &format!("variable_{own}")), ("name", &planned.name), ("typeRef", &planned.type_name)],
    );
    for input in planned.needs.0.iter().filter_map(|i| plan.inputs.get(*i)) {
        requirement(xml, edges, &own, INPUT, id("input", &input.name));
    }
    for helper in planned.needs.1.iter().filter_map(|i| plan.helpers.get(*i)) {
        requirement(xml, edges, &own, DECISION, id("decision", &helper.name));
    }
    for source in sources(export) {
        requirement(xml, edges, &own, SOURCE, id("source", &source));
    }
    let hit = if table.hit == Hit::First { "FIRST" } else { "UNIQUE" };
    let table_id = format!("table_{own}");
    xml.open("decisionTable", &[("id", &table_id), ("hitPolicy", hit), ("outputLabel", &planned.name)]);
    for (feature, expression) in sheet.features.iter().zip(&planned.expressions) {
        let part = format!("{own}_{}", id("", &feature.name));
        xml.open("input", &[("id", &format!("column_{part}")), ("label", &feature.title)]);
        let type_name = match (&feature.of, sheet.inputs_of(feature).first()) {
            (Of::Value(_), Some(input)) => {
                plan.inputs.iter().find(|p| p.input.fact == input.fact).map_or("", |p| p.type_name.as_str())
            }
            (Of::Weekday(_), _) => "string",
            (Of::Distance { .. }, _) => "number",
            _ => "boolean",
        };
        xml.open("inputExpression", &[("id", &format!("expression_{part}")), ("typeRef", type_name)]);
        xml.leaf("text", &[], expression);
        xml.close("inputExpression");
        xml.close("input");
    }
    let others = planned.others();
    output(xml, &own, &planned.result, table.title.as_deref().unwrap_or(&planned.name), &results(table));
    for name in &others {
        output(xml, &own, name, name, "");
    }
    xml.empty("annotation", &[("name", "Rules and texts")]);
    let mut ids = std::collections::BTreeMap::new();
    for line in &sheet.lines {
        rule(xml, sheet, &others, line, &own, &mut ids);
    }
    xml.close("decisionTable");
    xml.close("decision");
}

fn output(xml: &mut Xml, own: &str, name: &str, label: &str, values: &str) {
    let part = format!("output_{own}_{}", id("", name));
    // A list of texts has no type of its own in FEEL.
    let type_name = if values.is_empty() { "" } else { "string" };
    xml.open("output", &[("id", &part), ("label", label), ("name", name), ("typeRef", type_name)]);
    if !values.is_empty() {
        xml.open("outputValues", &[("id", &format!("values_{part}"))]);
        xml.leaf("text", &[], values);
        xml.close("outputValues");
    }
    xml.close("output");
}

/// A row. Its id comes from what it says, so that it stays while other rows come and go.
fn rule(
    xml: &mut Xml,
    sheet: &Sheet<'_>,
    others: &[&str],
    line: &Line<'_>,
    own: &str,
    ids: &mut std::collections::BTreeMap<u64, usize>,
) {
    let row = line.row;
    let cells: Vec<String> =
        sheet.features.iter().zip(&line.tests).map(|(f, t)| feel::cell(sheet, f, t.as_ref())).collect();
    let mut outputs = vec![feel::text(&row.result)];
    outputs.extend(others.iter().map(|name| match *name {
        "duties" => feel::texts(&row.duties),
        "advice" => feel::texts(&row.advice),
        _ => feel::texts(&paths(sheet.table, row)),
    }));
    let hash = words::hash(cells.iter().chain(&outputs).map(String::as_str));
    let seen = ids.entry(hash).or_insert(0);
    *seen += 1;
    let row_id = match *seen {
        1 => format!("rule_{own}_{hash:016x}"),
        n => format!("rule_{own}_{hash:016x}_{n}"),
    };
    xml.open("rule", &[("id", &row_id)]);
    let note = note(sheet.table, row);
    xml.leaf("description", &[], &note);
    for (feature, cell) in sheet.features.iter().zip(&cells) {
        xml.open("inputEntry", &[("id", &format!("{row_id}_{}", id("", &feature.name)))]);
        xml.leaf("text", &[], cell);
        xml.close("inputEntry");
    }
    for (i, said) in outputs.iter().enumerate() {
        xml.open(
            "outputEntry",
            &[("id", &format!("{row_id}_{}", ["result"].iter().chain(others).nth(i).unwrap_or(&"")))],
        );
        xml.leaf("text", &[], said);
        xml.close("outputEntry");
    }
    xml.open("annotationEntry", &[]);
    xml.leaf("text", &[], &note);
    xml.close("annotationEntry");
    xml.close("rule");
}
