//! A comparison -> JSON, version 1: described by `docs/schema/compare.schema.json`.

use super::Loaded;
use crate::compare::{self, Comparison, Direction, How, What, report};
use crate::diagnostics::json::{self, Count, Given, Place};
use crate::source::{Source, Span};
use serde::Serialize;

#[derive(Serialize)]
pub struct Document {
    version: u32,
    old: String,
    new: String,
    /// No case that both versions know gets anything else: proved.
    same: bool,
    headline: String,
    kinds: Count,
    changed: Count,
    widened: Count,
    narrowed: Count,
    other_rules: Count,
    changes: Vec<Aspect>,
    people: Vec<Person>,
    new_cases: Option<Apart>,
    gone_cases: Option<Apart>,
    edits: Vec<Edit>,
    notes: Vec<String>,
    /// Whether a change that `--fail-on` names was found.
    failed: bool,
}

#[derive(Serialize)]
struct Aspect {
    what: &'static str,
    name: String,
    title: Option<String>,
    kinds: Count,
    /// False where the cases are too many: then a row has no conditions, only an example.
    listed: bool,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    conditions: Vec<Given>,
    before: String,
    after: String,
    direction: &'static str,
    kinds: Count,
    example: Option<Example>,
    before_by: Vec<String>,
    after_by: Vec<String>,
    /// Indexes into `edits`.
    causes: Vec<usize>,
}

#[derive(Serialize)]
struct Example {
    sentence: String,
    facts: Vec<Given>,
}

#[derive(Serialize)]
struct Person {
    fact: String,
    roles: Vec<String>,
    gains: Count,
    loses: Count,
}

#[derive(Serialize)]
struct Apart {
    kinds: Count,
    /// What the other version does not know of them.
    why: Vec<String>,
    permitted: Count,
    decided: Vec<Aspect>,
}

#[derive(Serialize)]
struct Edit {
    kind: &'static str,
    how: &'static str,
    name: String,
    was: Option<String>,
    title: Option<String>,
    old_place: Option<Place>,
    new_place: Option<Place>,
    details: Vec<Detail>,
    kinds: Option<Count>,
}

#[derive(Serialize)]
struct Detail {
    part: &'static str,
    before: Option<String>,
    after: Option<String>,
}

pub fn document(c: &Comparison, versions: [&Loaded; 2], failed: bool) -> Document {
    let apart = |which: usize| {
        c.apart[which].as_ref().map(|a| Apart {
            kinds: Count(a.kinds),
            why: a.why.clone(),
            permitted: Count(a.permitted),
            decided: a.aspects.iter().map(aspect).collect(),
        })
    };
    let person = |p: &compare::Person| Person {
        fact: p.fact.clone(),
        roles: p.roles.clone(),
        gains: Count(p.gains),
        loses: Count(p.loses),
    };
    Document {
        version: json::VERSION,
        old: versions[0].name.clone(),
        new: versions[1].name.clone(),
        same: c.same(),
        headline: report::headline(c),
        kinds: Count(c.kinds),
        changed: Count(c.changed),
        widened: Count(c.widened),
        narrowed: Count(c.narrowed),
        other_rules: Count(c.other_rules),
        changes: c.aspects.iter().map(aspect).collect(),
        people: c.people.iter().map(person).collect(),
        new_cases: apart(1),
        gone_cases: apart(0),
        edits: c.edits.iter().map(|e| edit(e, versions)).collect(),
        notes: c.notes.clone(),
        failed,
    }
}

fn aspect(a: &compare::Aspect) -> Aspect {
    let what = match a.what {
        What::Decision(_) => "decision",
        What::Duty(_) => "duty",
        What::Advice(_) => "advice",
        What::Rules(_) => "rules",
    };
    let rows = a.rows.iter().map(|row| row_of(a, row)).collect();
    Aspect { what, name: a.name.clone(), title: a.title.clone(), kinds: Count(a.kinds), listed: a.listed, rows }
}

fn row_of(a: &compare::Aspect, row: &compare::Row) -> Row {
    let given = |(fact, value): (&str, &str)| Given { fact: fact.to_string(), value: value.to_string() };
    let pair = |(fact, value): &(String, String)| Given { fact: fact.clone(), value: value.clone() };
    Row {
        conditions: report::conditions(a, row).into_iter().map(given).collect(),
        before: row.before.clone(),
        after: row.after.clone(),
        direction: match row.direction {
            Direction::Widening => "widening",
            Direction::Narrowing => "narrowing",
            Direction::Other => "other",
        },
        kinds: Count(row.kinds),
        example: row
            .witness
            .as_ref()
            .map(|w| Example { sentence: w.sentence.clone(), facts: w.values.iter().map(pair).collect() }),
        before_by: row.by[0].clone(),
        after_by: row.by[1].clone(),
        causes: row.causes.clone(),
    }
}

fn edit(e: &compare::Edit, versions: [&Loaded; 2]) -> Edit {
    let place = |which: usize, span: Option<Span>| {
        let loaded = versions[which];
        let path = |source: &Source| loaded.stand.path(&source.path);
        span.map(|span| json::place(span, &loaded.checked.sources, &path))
    };
    let detail = |d: &compare::Detail| Detail { part: d.part, before: d.before.clone(), after: d.after.clone() };
    Edit {
        kind: e.kind,
        how: match e.how {
            How::Added => "added",
            How::Removed => "removed",
            How::Changed => "changed",
            How::Renamed => "renamed",
        },
        name: e.name.clone(),
        was: e.was.clone(),
        title: e.title.clone(),
        old_place: place(0, e.spans[0]),
        new_place: place(1, e.spans[1]),
        details: e.details.iter().map(detail).collect(),
        kinds: e.kinds.map(Count),
    }
}
