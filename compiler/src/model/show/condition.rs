//! A case -> Ordain text that parses and holds in it: the heads and conditions of fixes and of written expectations.

use super::sentence::span_words;
use super::*;
use crate::decide;

/// The condition that these facts have the case's values: `channel is text and account is district and not recorded`.
/// Empty where nothing is to be said. Absent facts are left out: they follow from the others.
pub fn condition(model: &Model, case: &Case, facts: &[FactId]) -> String {
    let mut parts = Vec::new();
    for fact in reading_order(model).into_iter().filter(|f| facts.contains(f)) {
        push_fact(model, case, facts, fact, &mut parts);
    }
    parts.join(" and ")
}

/// The head that says the channel, sender and recipient among these facts: `hangouts from student to teacher`. Empty
/// without any. A person of several roles appears with the first; the others are left to [`rest`].
pub fn head(model: &Model, case: &Case, facts: &[FactId]) -> String {
    let head = HeadFacts::of(model);
    let name = |fact: Option<FactId>| {
        let fact = fact.filter(|f| facts.contains(f))?;
        match (&model.fact(fact).ty, case.values.get(fact.index())?.as_ref()?) {
            (Type::Choice(d), Value::Choice(v)) => Some(leaves(d, *v).first()?.to_string()),
            _ => None,
        }
    };
    let mut words = Vec::new();
    words.extend(name(head.channel));
    words.extend(name(head.sender).map(|n| format!("from {n}")));
    words.extend(name(head.recipient).map(|n| format!("to {n}")));
    words.join(" ")
}

/// The condition for what [`head`] leaves unsaid: the other facts, and the rest of people with several roles.
pub fn rest(model: &Model, case: &Case, facts: &[FactId]) -> String {
    let head = HeadFacts::of(model);
    let mut parts = Vec::new();
    for fact in reading_order(model).into_iter().filter(|f| facts.contains(f)) {
        if !head.contains(fact) {
            push_fact(model, case, facts, fact, &mut parts);
            continue;
        }
        let (Type::Choice(domain), Some(Some(Value::Choice(v)))) =
            (&model.fact(fact).ty, case.values.get(fact.index()))
        else {
            continue;
        };
        parts.extend(choice(&model.fact(fact).name, domain, *v).into_iter().skip(1));
    }
    parts.join(" and ")
}

/// What follows `permit`, `forbid` or another claim: head, then `when` and the rest: ` text from student when approved`.
/// Starts with a blank unless it is empty.
pub fn claim_tail(model: &Model, case: &Case, facts: &[FactId]) -> String {
    let mut text = String::new();
    let (head, rest) = (head(model, case, facts), rest(model, case, facts));
    if !head.is_empty() {
        text = format!(" {head}");
    }
    if !rest.is_empty() {
        text = format!("{text} when {rest}");
    }
    text
}

fn push_fact(model: &Model, case: &Case, facts: &[FactId], id: FactId, parts: &mut Vec<String>) {
    let Some(Some(value)) = case.values.get(id.index()) else { return };
    let fact = model.fact(id);
    let name = &fact.name;
    match (&fact.ty, value) {
        (_, Value::Bool(true)) => parts.push(name.to_string()),
        (_, Value::Bool(false)) => parts.push(format!("not {name}")),
        (Type::Choice(domain), Value::Choice(v)) => parts.extend(choice(name, domain, *v)),
        (Type::Set(domain), Value::Set(set)) => parts.extend(members(name, domain, set)),
        (ty, Value::Int(v)) => {
            if given(model, facts, id) || !measured(model, facts, id) {
                parts.push(compare(model, name, ty, *v));
            }
            parts.extend(distances(model, case, facts, id));
        }
        _ => {}
    }
}

/// That a choice is exactly this value. A profile is all of its roles and none of those that other profiles add.
fn choice(name: &str, domain: &Domain, value: u32) -> Vec<String> {
    let mine = leaves(domain, value);
    let mut parts: Vec<String> = mine.iter().map(|leaf| format!("{name} is {leaf}")).collect();
    if domain.what != Element::Role {
        return parts;
    }
    let mut more: Vec<&str> = Vec::new();
    for other in 0..domain.values.len() as u32 {
        let theirs = leaves(domain, other);
        if mine.iter().all(|l| theirs.contains(l)) {
            for leaf in theirs {
                if !mine.contains(&leaf) && !more.contains(&leaf) {
                    more.push(leaf);
                }
            }
        }
    }
    match more.as_slice() {
        [] => {}
        [one] => parts.push(format!("{name} is not {one}")),
        _ => parts.push(format!("{name} is none of {}", more.join(", "))),
    }
    parts
}

/// The single roles of a profile; any other value is itself.
fn leaves(domain: &Domain, value: u32) -> Vec<&str> {
    match domain.values.get(value as usize) {
        Some(v) if domain.what == Element::Role => v.name.split('+').collect(),
        Some(v) => vec![v.name.as_str()],
        None => Vec::new(),
    }
}

/// That a set has exactly these elements.
fn members(name: &str, domain: &Domain, set: &Bits) -> Vec<String> {
    let all = Bits::below(domain.values.len());
    let names = |bits: &Bits| {
        let names: Vec<&str> = bits.iter().filter_map(|v| domain.values.get(v)).map(|v| v.name.as_str()).collect();
        names.join(", ")
    };
    if set.is_empty() {
        return vec![format!("{name} include none of {}", value_names(domain, &all).join(", "))];
    }
    let mut parts = vec![match set.len() {
        1 => format!("{name} include {}", names(set)),
        _ => format!("{name} include all of {}", names(set)),
    }];
    if *set != all {
        parts.push(format!("{name} include only {}", names(set)));
    }
    parts
}

fn compare(model: &Model, name: &str, ty: &Type, v: i64) -> String {
    match ty {
        Type::Number { scale, unit, .. } => format!("{name} = {}", amount(v, *scale, unit.as_deref())),
        Type::Date { .. } => format!("{name} on {}", time::show_date(v)),
        Type::Time => format!("{name} = {}", time::show_time(v)),
        _ => {
            let (day, minute) = model.zone.local(v);
            format!("{name} = {} {}", time::show_date(day), time::show_time(minute))
        }
    }
}

/// Whether it is given as it is: a condition compares it with a constant, or it is measured in months against another of
/// these facts. Months are not the same counted backwards, so no exact number of them says what a condition asks.
fn given(model: &Model, facts: &[FactId], fact: FactId) -> bool {
    // Something is asked of it by itself.
    super::asked(model).alone.get(fact.index()) == Some(&true)
        || facts.iter().any(|&f| f != fact && units_between(model, f, fact).contains(&Unit::Months))
}

/// Whether the policy measures it against another of these facts. Numbers do not count: both are given as they are.
fn measured(model: &Model, facts: &[FactId], fact: FactId) -> bool {
    facts.iter().any(|&f| f != fact && units_between(model, f, fact).iter().any(|u| *u != Unit::Number))
}

/// Its distances from the facts declared before it, exactly: `invited exactly 3 days before starts`.
fn distances(model: &Model, case: &Case, facts: &[FactId], fact: FactId) -> Vec<String> {
    let mut parts = Vec::new();
    for &other in facts.iter().filter(|f| f.0 < fact.0) {
        if given(model, facts, fact) && given(model, facts, other) {
            continue; // Both are given as they are.
        }
        let (Some(Some(from)), Some(Some(to))) = (case.values.get(other.index()), case.values.get(fact.index())) else {
            continue;
        };
        for unit in units_between(model, other, fact).into_iter().filter(|u| *u != Unit::Number) {
            // What comes later is counted from what comes first.
            let forwards = decide::distance(model, (other, from), (fact, to), unit);
            let (direction, distance) = match forwards {
                0.. => ("before", forwards),
                _ => ("after", decide::distance(model, (fact, to), (other, from), unit)),
            };
            let amount = match unit {
                Unit::PeriodDays(p) => format!("{distance} {}", model.period(p).name),
                Unit::Minutes => format!("{distance} minutes"),
                _ => span_words(model, fact, unit, distance),
            };
            parts.push(format!("{} exactly {amount} {direction} {}", model.fact(other).name, model.fact(fact).name));
        }
    }
    parts
}
