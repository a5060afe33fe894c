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
    conforms(&schema, &schema["$defs"]["table"], &value, "table");
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

/// Everything that columns of engines' tables look at, with names that are words of other languages.
pub(crate) const EVERY: &str = r#"
policy every "All <there> & is" { timezone "America/Chicago" default forbid default approval none }
fact function: yes/no "reserved in \"FEEL\""
fact kind: one of a, b, c if function
fact fee, paid: number 0.00 to 500.00 USD
fact asked, date: datetime 2026-09-01 to 2027-08-31 if function
fact day: date 2026-08-17 to 2027-06-11
fact at: time
fact group: set of one of x, y, z if function
period school_days = weekdays during 2026-08-17 to 2027-06-11 except 2026-12-21 to 2027-01-04
period hours = weekdays 08:00 to 15:30
period lunch = 12:00 to 13:00
period odd = hours except lunch
duty report "Tell \"them\""
rule kinds { permit when kind is any of a, b and fee > 50.00 USD }
rule early { permit when asked at least 4 days before date and asked at least 3 school_days before date }
rule later { permit when asked at least 2 months before date or asked less than 90 minutes before date }
rule week { permit when day on Monday or at before 08:30 or date during hours }
rule odd_day { permit when day during odd }
rule sets { oblige report when group include any of x, y }
rule money { permit when fee > paid }
rule should { permit when at after 22:00 advise not (group include z) }
decision approval: one of none, some
rule low { approval is some when fee < 10 USD }
"#;

/// The export of all decisions of a policy.
pub(crate) fn exported(source: &str, run: impl Fn(&Export<'_>)) {
    let (_, model) = model(source);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let made = |d: &crate::model::DecisionId| tabulate(&mut lowered, *d, Hit::Unique);
    let tables: Vec<crate::tabulate::Table> = crate::tabulate::decisions(&model).iter().map(made).collect();
    run(&Export::of(&model, &tables));
}

/// What reading a text back shows of each decision; the reader's own complaint, if it has one.
fn back(format: Format, text: &str, export: &Export<'_>) -> Result<Vec<back::Back>, String> {
    let told = format.read(text, export).expect("it can be read back")?;
    let sheets = export.sheets.iter().zip(&told);
    Ok(sheets.map(|(sheet, told)| back::verify(sheet, told, 1_000_000)).collect())
}

fn written_as(format: Format, export: &Export<'_>) -> String {
    String::from_utf8(format.write(export, &Options::default()).main).expect("it is text")
}

#[test]
fn what_engines_get_is_the_policy() {
    for source in [SCHOOL, EVERY] {
        exported(source, |export| {
            for format in [Format::Dmn, Format::Jdm] {
                let text = written_as(format, export);
                assert_eq!(text, written_as(format, export));
                let found = back(format, &text, export).expect("its own text is read");
                assert_eq!(found.len(), export.sheets.len());
                assert!(found.iter().all(|b| *b == back::Back::Equal), "{format:?}: {found:?}");
            }
        });
    }
}

#[test]
fn dmn_of_a_small_policy() {
    exported(SCHOOL, |export| insta::assert_snapshot!(written_as(Format::Dmn, export)));
}

#[test]
fn jdm_of_a_small_policy() {
    exported(SCHOOL, |export| insta::assert_snapshot!(written_as(Format::Jdm, export)));
}

/// What columns of a format for engines look at.
#[test]
fn expressions_of_engines() {
    exported(EVERY, |export| {
        let dmn = written_as(Format::Dmn, export);
        let lines = dmn.lines().map(str::trim);
        let expressions: Vec<&str> = lines
            .clone()
            .zip(lines.skip(1))
            .filter(|(a, _)| a.starts_with("<inputExpression") || a.starts_with("<literalExpression"))
            .map(|(_, b)| b)
            .collect();
        let jdm: serde_json::Value = serde_json::from_str(&written_as(Format::Jdm, export)).unwrap();
        let measures = jdm["nodes"][1]["content"]["expressions"].as_array().into_iter().flatten();
        let zen: Vec<&str> = measures.filter_map(|m| m["value"].as_str()).collect();
        insta::assert_snapshot!(format!("{}\n\n{}", expressions.join("\n"), zen.join("\n")));
    });
}

#[test]
fn changed_models_are_noticed_and_named() {
    exported(SCHOOL, |export| {
        let text = written_as(Format::Dmn, export);
        let changed = |from: &str, to: &str| {
            assert!(text.contains(from), "{from}");
            back(Format::Dmn, &text.replacen(from, to, 1), export)
        };
        // Other tools write the same in other ways.
        let prefixed = text.replace("<decision", "<dmn:decision").replace("</decision", "</dmn:decision");
        assert!(back(Format::Dmn, &prefixed, export).is_ok_and(|b| b == [back::Back::Equal]));
        assert!(changed("<text>\"district\"</text>", "<text><![CDATA[ \"district\" ]]></text>").is_ok());
        // Another value is another policy.
        let differs = changed("<text>\"permit\"</text>", "<text>\"forbid\"</text>").expect("it can be read");
        assert!(matches!(differs.as_slice(), [back::Back::Differs { .. }]), "{differs:?}");
        let message = |found: Result<Vec<back::Back>, String>| found.expect_err("it is refused");
        insta::assert_snapshot!(message(changed("<text>\"district\"</text>", "<text>\"home\"</text>")), @r##"decision `verdict`, line 146: row 1, column `account`: `"home"`: `home` is none of district and personal"##);
        insta::assert_snapshot!(message(changed("<text>account</text>", "<text>accounts</text>")), @r##"decision `verdict`, line 146: row 1, column `account`: `"district"`: the policy measures nothing by `accounts`"##);
        insta::assert_snapshot!(message(changed("hitPolicy=\"UNIQUE\"", "hitPolicy=\"COLLECT\"")), @"decision `verdict`, line 82: the hit policy COLLECT cannot be compared with rules");
        insta::assert_snapshot!(message(changed("</definitions>", "")), @"line 1065: the element `definitions` does not end");
        insta::assert_snapshot!(message(changed("<definitions", "<&")), @"line 1064: it is not XML: ill-formed document: expected `</&>`, but `</definitions>` was found");
        let text = written_as(Format::Jdm, export);
        let changed = |from: &str, to: &str| back(Format::Jdm, &text.replacen(from, to, 1), export);
        insta::assert_snapshot!(message(changed("\"\\\"district\\\"\"", "\"\\\"home\\\"\"")), @r##"decision table `verdict`: row 1, column `account`: `"home"`: `home` is none of district and personal"##);
        insta::assert_snapshot!(message(changed("contains(people, ", "contains(group, ")), @"decision table `verdict`: column `measured.people_has_teacher`: it is not measured any more as the policy does");
        insta::assert_snapshot!(message(changed("\"first\"", "\"collect\"")), @"decision table `verdict`: the hit policy `collect` cannot be compared with rules");
        insta::assert_snapshot!(message(changed("{", "[")), @"it is not JSON: expected `,` or `]` at line 2 column 16");
    });
}
