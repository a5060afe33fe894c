//! A small policy with every kind of feature, as engines get it. That they decide by it as the rules do is what
//! `tests/engines/run` is for.

use crate::emit::{Dialect, Export, Format, Options};
use crate::lower::Lowered;
use crate::model::VERDICT;
use crate::tabulate::tests::model;
use crate::tabulate::{Hit, row_regions, tabulate};
use crate::witness;

const TRIPS: &str = r#"
policy trips "Trips: 'far' and near" { timezone "America/Chicago" default forbid }
fact in_time: yes/no
fact like: one of select, from if in_time
fact fee, paid: number 0.00 to 50.00 USD
fact held: date 2026-08-01 to 2026-12-31
fact asked, starts: datetime 2026-08-01 to 2026-12-31
fact bell: time
fact people: set of one of pupil, parent
period terms = weekdays 08:00 to 15:30 during 2026-08-17 to 2026-11-13
duty report "Tell the office"
rule a { permit when like is select and fee <= 20.00 USD and held on weekdays }
rule b { permit when starts during terms and asked at least 4 days before starts and bell before 12:00 }
rule c { permit when people include parent and paid > fee }
rule d { oblige report when in_time }
"#;

fn written(format: Format, options: &Options, hit: Hit, text: &str) -> Vec<String> {
    let (_, model) = model(text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let tables = [tabulate(&mut lowered, VERDICT, hit)];
    let mut export = Export::of(&model, &tables);
    let regions = row_regions(&mut lowered, &tables[0]);
    export.sheets[0].examples = regions.into_iter().map(|r| Some(witness::choose(&mut lowered, r, None)?.0)).collect();
    let written = format.write(&export, options);
    let beside = written.beside.into_iter().map(|b| b.1);
    std::iter::once(written.main).chain(beside).map(|bytes| String::from_utf8(bytes).unwrap()).collect()
}

fn sql(dialect: Dialect) -> String {
    written(Format::Sql, &Options { dialect, ..Default::default() }, Hit::Unique, TRIPS).remove(0)
}

#[test]
fn sql_of_sqlite() {
    insta::assert_snapshot!(sql(Dialect::Sqlite));
}

#[test]
fn sql_of_postgresql() {
    insta::assert_snapshot!(sql(Dialect::Postgresql));
}

#[test]
fn each_dialect_quotes_names_in_its_way() {
    assert!(sql(Dialect::Spark).contains("`like` = 'select'"));
    assert!(sql(Dialect::Duckdb).contains("\"like\" = 'select'"));
    assert_eq!(Dialect::Spark.text("it's \\ \"x\""), "'it\\'s \\\\ \"x\"'");
    assert_eq!(Dialect::Ansi.text("it's"), "'it''s'");
}

#[test]
fn rego_with_its_tests() {
    insta::assert_snapshot!(written(Format::Rego, &Options::default(), Hit::Unique, TRIPS).join("\n---\n"));
}

#[test]
fn cedar_with_its_schema() {
    insta::assert_snapshot!(written(Format::Cedar, &Options::default(), Hit::Unique, TRIPS).join("\n---\n"));
}

#[test]
fn an_ordered_permit_of_cedar_names_the_rows_above_it() {
    let texts = written(Format::Cedar, &Options::default(), Hit::First, TRIPS);
    assert!(!texts[0].contains("\nforbid ("), "a forbid would win over the rows above it");
}
