//! Table -> JSON for machines, described by `docs/schema/table.schema.json`.
//!
//! The words of the table stand beside constraints that need no parsing: the values of each constrained axis.

mod read;

use super::clock;
use super::sheet::{Kind, Measure, Of, Sheet};
use super::{Export, Fidelity, Written, words};
use crate::model::show::moment;
use crate::model::{Bits, Model, Type, Unit, time};
use crate::space::{AxisKind, Cell};
use crate::tabulate::{AxisNote, Row, Table};
use serde_json::{Map, Value, json};

/// The version of the format; it grows when a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// The schema, to be printed or written beside a table.
pub const SCHEMA: &str = include_str!("../../../docs/schema/table.schema.json");

pub use read::read;

/// One table, or a list of several.
pub fn export(export: &Export<'_>) -> Written {
    let fidelity = Fidelity::whole();
    let mut tables: Vec<Value> = export.sheets.iter().map(value).collect();
    let all = if tables.len() == 1 { tables.remove(0) } else { Value::Array(tables) };
    Written::text(format!("{}\n", serde_json::to_string_pretty(&all).unwrap_or_default()), fidelity)
}

/// The table as a JSON value.
pub fn value(sheet: &Sheet<'_>) -> Value {
    let (model, table) = (sheet.model, sheet.table);
    let policies: Vec<Value> =
        table.policies.iter().map(|p| json!({ "name": p.name, "title": p.title, "sources": p.sources })).collect();
    let columns: Vec<Value> = table.columns.iter().map(|c| json!({ "title": c.title, "axes": c.axes })).collect();
    let axes: Vec<Value> = table.axes.iter().enumerate().map(|(i, a)| axis(sheet, i, a)).collect();
    let rows: Vec<Value> = table.rows.iter().enumerate().map(|(i, r)| row(model, table, i, r)).collect();
    let rules: Vec<Value> =
        table.rules.iter().map(|r| json!({ "path": r.path, "title": r.title, "citations": r.cites })).collect();
    let duties: Vec<Value> = table.duties.iter().map(|d| json!({ "name": d.name, "title": d.title })).collect();
    let proof = table.proof.as_ref().map(|p| {
        json!({
            "holds": p.holds(), "finished": p.finished,
            "disjoint": p.disjoint, "complete": p.complete, "equal": p.equal,
            "rows": p.rows, "kinds": count(p.kinds), "sentence": p.sentence(),
        })
    });
    json!({
        "format": "ordain-table",
        "version": VERSION,
        "decision": { "name": table.name, "title": table.title, "values": table.values, "default": table.default },
        "hit_policy": table.hit.name(),
        "from_rules": table.from_rules,
        "meaning": table.meaning(),
        "policies": policies,
        "timezone": model.zone.name,
        "axes": axes,
        "columns": columns,
        "rows": rows,
        "rules": rules,
        "duties": duties,
        "kinds": count(table.kinds),
        "proof": proof,
        "fidelity": Fidelity::whole().value(),
    })
}

/// A count as a number where every reader of JSON can hold it, else as its digits.
fn count(n: u128) -> Value {
    match u64::try_from(n) {
        Ok(n) if n <= 1 << 53 => json!(n),
        _ => json!(n.to_string()),
    }
}

fn axis(sheet: &Sheet<'_>, index: usize, note: &AxisNote) -> Value {
    let model = sheet.model;
    let facts: Vec<&str> = note.facts.iter().map(|f| model.fact(*f).name.as_str()).collect();
    let mut map = Map::new();
    map.insert("title".into(), json!(note.title));
    map.insert("kind".into(), json!(kind(note.kind)));
    map.insert("facts".into(), json!(facts));
    match note.kind {
        AxisKind::Range(f) => {
            let unit = match &model.fact(f).ty {
                Type::Number { unit, .. } => unit.as_ref().map(|u| u.to_string()),
                _ => None,
            };
            map.insert("type".into(), json!(type_name(&model.fact(f).ty)));
            map.insert("unit".into(), json!(unit));
        }
        AxisKind::Within(_, p) => {
            map.insert("period".into(), json!(model.period(p).name.as_str()));
        }
        AxisKind::Distance(_, _, unit) => {
            let (unit, period) = match unit {
                Unit::Days => ("days", None),
                Unit::Months => ("months", None),
                Unit::Minutes => ("minutes", None),
                Unit::PeriodDays(p) => ("period days", Some(model.period(p).name.as_str())),
                Unit::Number => ("number", None),
            };
            map.insert("unit".into(), json!(unit));
            map.extend(period.map(|p| ("period".to_string(), json!(p))));
        }
        AxisKind::Member(f, _) => {
            let block = |cells: &Vec<Cell>| {
                cells.iter().find_map(|c| if let Cell::Block(b, _) = c { Some(names(model, f, b)) } else { None })
            };
            let blocks: Vec<Vec<String>> = note.parts.iter().map(|p| block(p).unwrap_or_default()).collect();
            map.insert("blocks".into(), json!(blocks));
        }
        AxisKind::YesNo(_) | AxisKind::Choice(_) | AxisKind::Weekday(_) => {}
    }
    map.extend(period_of(sheet, index).map(|(name, value)| (name.to_string(), value)));
    map.insert("can_be_absent".into(), json!(note.parts.iter().any(|p| p.last() == Some(&Cell::Absent))));
    Value::Object(map)
}

/// What a period comes to, for those who have no calendar: days as `weeks`, moments as `hours` of the local clock.
fn period_of(sheet: &Sheet<'_>, axis: usize) -> Option<(&'static str, Value)> {
    let feature = sheet.features.get(sheet.of_axis.get(axis)?.0)?;
    let weeks = |weeks: &[clock::Weeks]| -> Value {
        let week = |w: &clock::Weeks| {
            let days: Vec<&str> = (0..7).filter(|d| w.mask >> d & 1 == 1).map(|d| time::WEEKDAYS[d]).collect();
            json!({ "from": words::date(w.lo + clock::EPOCH), "to": words::date(w.hi + clock::EPOCH), "days": days })
        };
        weeks.iter().map(week).collect()
    };
    match &feature.of {
        Of::Within(i, period, _) if matches!(sheet.inputs[*i].kind, Kind::DateTime { .. }) => {
            let hours = clock::hours(sheet.model, sheet.inputs[*i].fact, *period).into_iter().map(|h| {
                let (from, to) = (words::time_of_day(h.from), words::time_of_day(h.to));
                json!({ "from": from, "to": to, "weeks": weeks(&h.weeks) })
            });
            Some(("hours", hours.collect()))
        }
        Of::Within(_, _, spans) | Of::Distance { measure: Measure::PeriodDays(_, spans), .. } => {
            Some(("weeks", weeks(&clock::weeks(spans))))
        }
        _ => None,
    }
}

fn kind(kind: AxisKind) -> &'static str {
    match kind {
        AxisKind::YesNo(_) => "yes_no",
        AxisKind::Choice(_) => "choice",
        AxisKind::Range(_) => "range",
        AxisKind::Weekday(_) => "weekday",
        AxisKind::Within(..) => "within",
        AxisKind::Member(..) => "set",
        AxisKind::Distance(..) => "distance",
    }
}

fn type_name(ty: &Type) -> &'static str {
    match ty {
        Type::YesNo => "yes_no",
        Type::Choice(_) => "choice",
        Type::Number { .. } => "number",
        Type::Date { .. } => "date",
        Type::Time => "time",
        Type::DateTime { .. } => "datetime",
        Type::Set(_) => "set",
    }
}

fn names(model: &Model, fact: crate::model::FactId, values: &Bits) -> Vec<String> {
    match &model.fact(fact).ty {
        Type::Choice(d) | Type::Set(d) => {
            values.iter().filter_map(|v| d.values.get(v)).map(|v| v.name.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

fn row(model: &Model, table: &Table, index: usize, row: &Row) -> Value {
    let constraints: Vec<Value> = table
        .axes
        .iter()
        .enumerate()
        .filter_map(|(i, axis)| Some(constraint(model, i, axis, row.cells[i].as_ref()?)))
        .collect();
    let paths = |clauses: &[crate::model::ClauseId]| -> Vec<String> {
        clauses.iter().filter_map(|c| table.rule(*c)).map(|r| r.path.clone()).collect()
    };
    json!({
        "number": index + 1,
        "cells": row.texts,
        "constraints": constraints,
        "output": {
            "result": (!row.result.is_empty()).then_some(&row.result),
            "duties": row.duties,
            "advice": row.advice,
        },
        "decided_by": paths(&row.by),
        "by_default": row.by_default,
        "overrides": row.overrides,
        "conflicts": row.conflicts,
        "duties_and_advice_by": paths(&row.also),
        "kinds": row.kinds.map(count),
    })
}

/// The values of an axis that a row is about.
fn constraint(model: &Model, index: usize, axis: &AxisNote, cells: &Bits) -> Value {
    let said: Vec<Vec<&Cell>> = cells.iter().map(|c| axis.said(c)).collect();
    let chosen: Vec<&Cell> = said.iter().filter_map(|c| c.first().copied()).collect();
    let mut values: Vec<Value> = Vec::new();
    let mut intervals: Vec<(i64, i64)> = Vec::new();
    let mut choices = Bits::new();
    let mut days = 0u8;
    for cell in &chosen {
        match cell {
            Cell::Bool(b) => values.push(json!(b)),
            Cell::Values(v) => choices = choices.union(v),
            Cell::Ranges(r) => intervals.extend(r),
            Cell::Days(d) => days |= d,
            Cell::Block(..) | Cell::Absent => {}
        }
    }
    for blocks in said.iter().filter(|c| matches!(c.first(), Some(Cell::Block(..)))) {
        let has: Vec<bool> = blocks.iter().map(|c| matches!(c, Cell::Block(_, true))).collect();
        values.push(json!(has));
    }
    if let AxisKind::Choice(f) = axis.kind {
        values.extend(names(model, f, &choices).into_iter().map(Value::from));
    }
    values.extend((0..7usize).filter(|d| days >> d & 1 == 1).map(|d| json!(time::WEEKDAYS[d])));
    intervals.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (a, b) in intervals {
        match joined.last_mut() {
            Some(last) if last.1.saturating_add(1) >= a => last.1 = last.1.max(b),
            _ => joined.push((a, b)),
        }
    }
    let end = |v: i64| match axis.kind {
        AxisKind::Range(f) if matches!(model.fact(f).ty, Type::DateTime { .. }) => {
            json!(words::local_instant(&model.zone, v))
        }
        AxisKind::Range(f) => json!(moment(model, f, v)),
        AxisKind::Distance(f, _, Unit::Number) if v != i64::MIN && v != i64::MAX => json!(moment(model, f, v)),
        _ if v == i64::MIN || v == i64::MAX => Value::Null,
        _ => json!(v),
    };
    values.extend(joined.into_iter().map(|(a, b)| json!([end(a), end(b)])));
    json!({ "axis": index, "values": values, "absent": chosen.contains(&&Cell::Absent) })
}
