//! Whether a case is one that can occur: values where facts exist, within their ranges, and no assumption broken.

use super::holds;
use crate::model::*;

/// Whether a fact exists in a case: its `if` holds, or it has none.
pub fn exists(model: &Model, fact: FactId, case: &Case) -> bool {
    model.fact(fact).exists_if.as_ref().is_none_or(|cond| holds(model, cond, case))
}

/// What is wrong with a case, a sentence each; empty for legal cases.
pub fn check_case(model: &Model, case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    for id in model.fact_ids() {
        let fact = model.fact(id);
        match (case.values.get(id.index()).and_then(Option::as_ref), exists(model, id, case)) {
            (None, true) => wrong.push(format!("`{}` has no value", fact.name)),
            (Some(_), false) => wrong.push(format!("`{}` does not exist in this case", fact.name)),
            (Some(value), true) if !fits(&fact.ty, value) => {
                wrong.push(format!("the value of `{}` is not one it can have", fact.name));
            }
            _ => {}
        }
    }
    for assumption in model.assumptions.iter().filter(|a| !holds(model, &a.cond, case)) {
        wrong.push(match &assumption.because {
            _ if assumption.implied => "the policy is not in force on this date".to_string(),
            Some(reason) => format!("it is assumed not to occur: {reason}"),
            None => "it is assumed not to occur".to_string(),
        });
    }
    wrong
}

/// The value is one of the type's.
pub fn fits(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::YesNo, Value::Bool(_)) => true,
        (Type::Choice(domain), Value::Choice(v)) => (*v as usize) < domain.values.len(),
        (Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi }, Value::Int(v)) => {
            (lo..=hi).contains(&v)
        }
        (Type::Time, Value::Int(v)) => (0..1440).contains(v),
        (Type::Set(domain), Value::Set(set)) => set.iter().all(|e| e < domain.values.len()),
        _ => false,
    }
}
