//! A case -> JSON as every artefact, and `ordain decide --batch`, takes it: each fact by its name, null where it does not exist.

use super::words::{self, quoted};
use crate::model::{Case, Domain, FactId, Model, Type, Value};

/// One object with these facts, on one line.
pub fn json(model: &Model, case: &Case, facts: impl IntoIterator<Item = FactId>) -> String {
    let field = |fact: FactId| {
        let value = case.values.get(fact.index()).and_then(Option::as_ref);
        let value = value.map_or_else(|| "null".to_string(), |v| text(model, fact, v));
        format!("{}:{value}", quoted(&model.fact(fact).name))
    };
    let fields: Vec<String> = facts.into_iter().map(field).collect();
    format!("{{{}}}", fields.join(","))
}

fn text(model: &Model, fact: FactId, value: &Value) -> String {
    let name = |domain: &Domain, v: usize| domain.values.get(v).map(|v| quoted(&v.name)).unwrap_or_default();
    match (&model.fact(fact).ty, value) {
        (_, Value::Bool(yes)) => yes.to_string(),
        (Type::Choice(domain), Value::Choice(v)) => name(domain, *v as usize),
        (Type::Set(domain), Value::Set(set)) => {
            let names: Vec<String> = set.iter().map(|v| name(domain, v)).collect();
            format!("[{}]", names.join(","))
        }
        (Type::Number { scale, .. }, Value::Int(v)) => words::decimal(*v, *scale),
        (Type::Date { .. }, Value::Int(v)) => quoted(&words::date(*v)),
        (Type::Time, Value::Int(v)) => quoted(&words::time_of_day(*v)),
        (Type::DateTime { .. }, Value::Int(v)) => quoted(&words::local_instant(&model.zone, *v)),
        _ => "null".to_string(),
    }
}
