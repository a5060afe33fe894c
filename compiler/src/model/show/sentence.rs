//! A case -> one sentence a person would say: "a student reaches a teacher through hangouts, account is district".

use super::value::clause;
use super::*;
use crate::decide;

/// The case as one sentence in the policy's own words, saying only of these facts; those that are absent are left out.
/// Two moments (or numbers) that the policy measures against one another come with their distance.
pub fn sentence(model: &Model, case: &Case, facts: &[FactId]) -> String {
    let given =
        |fact: FactId| facts.contains(&fact).then(|| case.values.get(fact.index()).and_then(Option::as_ref)).flatten();
    let head = HeadFacts::of(model);
    let person = |fact: Option<FactId>| fact.and_then(|f| given(f).and_then(|v| role(model, f, v)));
    let (sender, recipient) = (person(head.sender), person(head.recipient));
    let channel = head.channel.and_then(|f| given(f).and_then(|v| choice(model, f, v)));
    let mut parts = Vec::new();
    let through = channel.map(|c| format!(" through {c}"));
    if sender.is_some() || recipient.is_some() {
        let who = sender.unwrap_or_else(|| "someone".to_string());
        let whom = recipient.unwrap_or_else(|| "someone".to_string());
        parts.push(format!("{who} reaches {whom}{}", through.unwrap_or_default()));
    } else if let Some(through) = through {
        parts.push(format!("contact{through}"));
    }
    let mut said: Vec<FactId> = Vec::new();
    for fact in model.fact_ids().filter(|f| !head.contains(*f)) {
        let Some(value) = given(fact) else { continue };
        let mut text = clause(model, fact, Some(value), true);
        if let Some(distance) = nearest(model, case, &said, fact) {
            text = format!("{text}, {distance}");
        }
        parts.push(text);
        said.push(fact);
    }
    if parts.is_empty() { "any case".to_string() } else { parts.join(", ") }
}

/// How far `fact` lies from the one said last that the policy measures it against: "3 days later", "on the same day".
fn nearest(model: &Model, case: &Case, said: &[FactId], fact: FactId) -> Option<String> {
    for (back, &other) in said.iter().rev().enumerate() {
        let Some(&unit) = units_between(model, other, fact).first() else { continue };
        let (from, to) = (case.values[other.index()].as_ref()?, case.values[fact.index()].as_ref()?);
        // Months are not the same counted backwards, so what comes later is counted from what comes first.
        let distance = match decide::distance(model, (other, from), (fact, to), unit) {
            forwards @ 0.. => forwards,
            _ => -decide::distance(model, (fact, to), (other, from), unit),
        };
        let other = (back > 0).then(|| words(&model.fact(other).name));
        return Some(distance_words(model, fact, unit, distance, other.as_deref()));
    }
    None
}

/// A signed distance; `from` names where it starts, if that is not what was just said.
fn distance_words(model: &Model, fact: FactId, unit: Unit, distance: i64, from: Option<&str>) -> String {
    let amount = span_words(model, fact, unit, distance.unsigned_abs().min(i64::MAX as u64) as i64);
    if unit == Unit::Number {
        let from = from.unwrap_or("that");
        return match distance {
            0 => format!("as much as {from}"),
            1.. => format!("{amount} more than {from}"),
            _ => format!("{amount} less than {from}"),
        };
    }
    match (distance, from) {
        (0, from) if unit == Unit::Days => match from {
            None => "on the same day".to_string(),
            Some(from) => format!("on the same day as {from}"),
        },
        (0, None) => format!("{amount} later"),
        (1.., None) => format!("{amount} later"),
        (_, None) => format!("{amount} earlier"),
        (0.., Some(from)) => format!("{amount} after {from}"),
        (_, Some(from)) => format!("{amount} before {from}"),
    }
}

/// A distance without direction in the largest unit that fits: "4 days", "17 years", "96 hours", "2 school days".
pub(super) fn span_words(model: &Model, fact: FactId, unit: Unit, amount: i64) -> String {
    match unit {
        Unit::Days => counted(amount, "days"),
        Unit::Months if amount != 0 && amount % 12 == 0 => counted(amount / 12, "years"),
        Unit::Months => counted(amount, "months"),
        Unit::Minutes if amount != 0 && amount % 60 == 0 => counted(amount / 60, "hours"),
        Unit::Minutes if amount > 60 => {
            format!("{} {}", counted(amount / 60, "hours"), counted(amount % 60, "minutes"))
        }
        Unit::Minutes => counted(amount, "minutes"),
        Unit::PeriodDays(p) => counted(amount, &words(&model.period(p).name)),
        Unit::Number => match &model.fact(fact).ty {
            Type::Number { scale, unit, .. } => super::amount(amount, *scale, unit.as_deref()),
            _ => amount.to_string(),
        },
    }
}

fn choice(model: &Model, fact: FactId, value: &Value) -> Option<String> {
    match (&model.fact(fact).ty, value) {
        (Type::Choice(domain), Value::Choice(v)) => Some(called(domain, *v)),
        _ => None,
    }
}

/// A role or profile with its article: "a teacher", "a guardian who is also a teacher".
fn role(model: &Model, fact: FactId, value: &Value) -> Option<String> {
    let (Type::Choice(domain), Value::Choice(v)) = (&model.fact(fact).ty, value) else { return None };
    let name = &domain.values.get(*v as usize)?.name;
    if !name.contains('+') {
        return Some(with_article(&called(domain, *v)));
    }
    let roles: Vec<String> = name
        .split('+')
        .map(|part| {
            let value = domain.values.iter().find(|v| v.name == part);
            with_article(&title_or_words(value.and_then(|v| v.title.as_deref()), part))
        })
        .collect();
    let (first, others) = roles.split_first()?;
    Some(format!("{first} who is also {}", list(others, "and")))
}
