//! Formats of a small table.

mod engines;

use super::*;
use crate::lower::Lowered;
use crate::model::VERDICT;
use crate::tabulate::tests::{SCHOOL, model};
use crate::tabulate::{Hit, tabulate};

fn written(hit: Hit, write: impl Fn(&crate::model::Model, &crate::tabulate::Table) -> String) -> String {
    let (_, model) = model(SCHOOL);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let table = tabulate(&mut lowered, VERDICT, hit);
    write(&model, &table)
}

#[test]
fn markdown_unique() {
    insta::assert_snapshot!(written(Hit::Unique, |_, t| markdown::write(t)));
}

#[test]
fn markdown_first() {
    insta::assert_snapshot!(written(Hit::First, |_, t| markdown::write(t)));
}

#[test]
fn markdown_collect() {
    insta::assert_snapshot!(written(Hit::Collect, |_, t| markdown::write(t)));
}

#[test]
fn a_list_for_narrow_terminals() {
    let text = written(Hit::Unique, |_, t| list::write(t, 60));
    let rows = text.split("\n\n").nth(2).unwrap_or_default();
    assert!(rows.lines().all(|l| l.chars().count() <= 60), "{rows}");
    insta::assert_snapshot!(rows);
}

#[test]
fn comma_separated() {
    let text = written(Hit::Unique, |_, t| csv::write(t));
    assert!(text.contains("\r\n"));
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let width = reader.headers().unwrap().len();
    assert!(reader.records().all(|r| r.unwrap().len() == width));
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
}

fn as_json(model: &crate::model::Model, table: &crate::tabulate::Table) -> String {
    let tables = [table.clone()];
    let written = Format::Json.write(&Export::of(model, &tables), &Options::default());
    String::from_utf8(written.main).unwrap()
}

#[test]
fn json_for_machines() {
    let text = written(Hit::Unique, as_json);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["proof"]["holds"], true);
    insta::assert_snapshot!(text);
}

#[test]
fn the_schema_names_every_field() {
    let schema: serde_json::Value = serde_json::from_str(json::SCHEMA).unwrap();
    let text = written(Hit::Collect, as_json);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    conforms(&schema, &schema, &value, "table");
}

/// The part of JSON Schema that the schema uses: required and no other properties, items, enums, references.
fn conforms(root: &serde_json::Value, schema: &serde_json::Value, value: &serde_json::Value, at: &str) {
    if let Some(path) = schema["$ref"].as_str() {
        let found = root.pointer(path.trim_start_matches('#')).unwrap_or_else(|| panic!("{path}"));
        return conforms(root, found, value, at);
    }
    if let Some(options) = schema["enum"].as_array() {
        assert!(options.contains(value), "{at}: {value}");
    }
    if let Some(types) = schema.get("type") {
        let name = match value {
            serde_json::Value::Null => "null",
            serde_json::Value::Bool(_) => "boolean",
            serde_json::Value::Number(_) => "integer",
            serde_json::Value::String(_) => "string",
            serde_json::Value::Array(_) => "array",
            serde_json::Value::Object(_) => "object",
        };
        let allowed = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
        assert!(allowed.iter().any(|t| t == name), "{at}: {value} is not {types}");
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for required in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(required.as_str().unwrap()), "{at} lacks {required}");
        }
        for (name, inner) in object {
            let inner_schema = properties.get(name).unwrap_or_else(|| panic!("{at} has {name}"));
            conforms(root, inner_schema, inner, &format!("{at}.{name}"));
        }
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        for item in items {
            conforms(root, schema, item, &format!("{at}[]"));
        }
    }
}
