//! Facts -> constants with their ranges, and where each fact exists.
//!
//! | fact | in the scripts |
//! |---|---|
//! | yes/no | `Bool` |
//! | one of, role, channel | a datatype with the values, `|channel: email|` |
//! | number, date, time, datetime | `Int` within its range: smallest steps, days since 1970-01-01, minutes since midnight, minutes since 1970-01-01 00:00 UTC |
//! | set | a `Bool` for each element, `|attendees include guardian|` |
//!
//! A fact that exists only in some cases has a value in every case, which nothing asks for where `|x exists|` is false.

use super::Encoding;
use super::terms::{between, symbol};
use super::{cond, time};
use crate::model::time::{show_date, show_time};
use crate::model::*;

/// Declares every fact of the model.
pub fn declare(e: &mut Encoding<'_>) {
    let model = e.model;
    for id in model.fact_ids() {
        let fact = model.fact(id);
        let says = |what: &str| Some(format!("fact `{}`{what}", fact.name));
        match &fact.ty {
            Type::YesNo => {
                e.dict.value(&fact.name, "Bool", "true".into(), says(""));
            }
            Type::Choice(domain) => {
                let values: Vec<String> = (0..domain.values.len()).map(|v| value_name(fact, domain, v)).collect();
                let sort = e.dict.sort(&format!("values of {}", fact.name), &values);
                e.dict.value(&fact.name, &sort, "true".into(), says(""));
            }
            Type::Set(domain) => {
                for v in 0..domain.values.len() {
                    let name = element_name(fact, domain, v);
                    e.dict.value(&name, "Bool", "true".into(), says(""));
                }
            }
            Type::Number { lo, hi, scale, .. } => {
                let what = if *scale == 0 { String::new() } else { format!(", times {}", 10i64.pow(*scale)) };
                integer(e, fact, (*lo, *hi), says(&what));
            }
            Type::Date { lo, hi } => {
                let what = format!(", days since 1970-01-01: {} to {}", show_date(*lo), show_date(*hi));
                integer(e, fact, (*lo, *hi), says(&what));
                time::parts_of_day(e, id, &symbol(&fact.name));
            }
            Type::Time => integer(e, fact, (0, time::LAST_MINUTE), says(", minutes since midnight")),
            Type::DateTime { lo, hi } => {
                let shown = |instant| {
                    let (day, minute) = model.zone.local(instant);
                    format!("{} {}", show_date(day), show_time(minute))
                };
                let what = format!(
                    ", minutes since 1970-01-01 00:00 UTC: {} to {} in {}",
                    shown(*lo),
                    shown(*hi),
                    model.zone.name
                );
                integer(e, fact, (*lo, *hi), says(&what));
                let day = time::local(e, id);
                time::parts_of_day(e, id, &day);
            }
        }
    }
    for id in model.fact_ids() {
        let fact = model.fact(id);
        if let Some(exists) = &fact.exists_if {
            let term = cond::term(e, exists);
            e.dict.truth(&format!("{} exists", fact.name), term);
        }
    }
}

fn integer(e: &mut Encoding<'_>, fact: &Fact, (lo, hi): (i64, i64), comment: Option<String>) {
    let holds = between(&symbol(&fact.name), Some(lo), Some(hi));
    e.dict.value(&fact.name, "Int", holds, comment);
}

fn value_name(fact: &Fact, domain: &Domain, value: usize) -> String {
    let name = domain.values.get(value).map_or("", |v| &v.name);
    format!("{}: {name}", fact.name)
}

fn element_name(fact: &Fact, domain: &Domain, value: usize) -> String {
    let name = domain.values.get(value).map_or("", |v| &v.name);
    format!("{} include {name}", fact.name)
}

/// The symbol of a choice's value.
pub fn value(fact: &Fact, value: usize) -> String {
    match &fact.ty {
        Type::Choice(domain) => symbol(&value_name(fact, domain, value)),
        _ => "true".into(),
    }
}

/// That a set has an element.
pub fn has(fact: &Fact, element: usize) -> String {
    match &fact.ty {
        Type::Set(domain) => symbol(&element_name(fact, domain, element)),
        _ => "false".into(),
    }
}

/// That a fact exists; `true` for one that always does.
pub fn exists(fact: &Fact) -> String {
    match &fact.exists_if {
        Some(_) => symbol(&format!("{} exists", fact.name)),
        None => "true".into(),
    }
}

/// The names, without bars, of all constants that make up a fact's value.
pub fn constants(fact: &Fact) -> Vec<String> {
    match &fact.ty {
        Type::Set(domain) => (0..domain.values.len()).map(|v| element_name(fact, domain, v)).collect(),
        _ => vec![fact.name.to_string()],
    }
}
