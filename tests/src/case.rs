//! A line of a `decide` block -> a case and what is claimed of it -> what is wrong with the claim.
//!
//! `channel=email, account=district -> permit by district_mail; duties report; advice meet`
//!
//! A case names every fact that exists in it. Behind the arrow, separated by `;`: `permit`, `forbid`, `undecided`, `conflict`
//! or `DECISION is VALUE`, each with or without `by CLAUSE, …` (`by default` where the default decides); `duties …` and `advice …` (of these
//! clauses), which where they are left out claim that there are none; `failing …`, the provisos that fail.

use ordain::decide::{self, Answer, Decided, Status, Verdict};
use ordain::model::time::{parse_date, parse_time};
use ordain::model::{Case, Domain, FORBID, Model, PERMIT, Type, VERDICT, Value};

/// What is wrong with a claim; empty where it holds.
pub fn complaints(model: &Model, line: &str) -> Vec<String> {
    let Some((facts, claims)) = line.split_once("->") else { return vec!["a line needs `->`".into()] };
    let case = match parse(model, facts) {
        Ok(case) => case,
        Err(message) => return vec![message],
    };
    let mut complaints = decide::check_case(model, &case);
    if !complaints.is_empty() {
        return complaints;
    }
    let decided = decide::decide(model, &case);
    let (mut duties, mut advice) = (Vec::new(), Vec::new());
    for claim in claims.split(';').map(str::trim) {
        let (word, rest) = claim.split_once(' ').unwrap_or((claim, ""));
        match word {
            "duties" => duties = names(rest),
            "advice" => advice = names(rest),
            "failing" => compare(&mut complaints, word, names(rest), failing(model, &decided)),
            _ => complaints.extend(answer(model, &decided, claim).err()),
        }
    }
    let found = decided.duties.iter().map(|d| model.duty(*d).name.to_string()).collect();
    compare(&mut complaints, "duties", duties, found);
    let found = decided.advice.iter().map(|(c, _)| model.clause(*c).path.to_string()).collect();
    compare(&mut complaints, "advice", advice, found);
    complaints
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(|n| n.trim().to_string()).filter(|n| !n.is_empty()).collect()
}

fn compare(complaints: &mut Vec<String>, what: &str, mut expected: Vec<String>, mut found: Vec<String>) {
    expected.sort();
    found.sort();
    if expected != found {
        complaints.push(format!("{what}: expected [{}], found [{}]", expected.join(", "), found.join(", ")));
    }
}

fn failing(model: &Model, decided: &Decided) -> Vec<String> {
    let mut found = Vec::new();
    for (id, status) in decided.status.iter() {
        if let (Status::Stands { failing, .. }, Some(outcome)) = (status, &model.clause(id).outcome) {
            found.extend(failing.iter().map(|i| outcome.provisos[*i].name.to_string()));
        }
    }
    found
}

/// Checks `permit by a, b`, `approval is principal`, `approval undecided`.
fn answer(model: &Model, decided: &Decided, claim: &str) -> Result<(), String> {
    let (what, by) = match claim.split_once(" by ") {
        Some((what, by)) => (what.trim(), Some(by)),
        None => (claim, None),
    };
    let words: Vec<&str> = what.split_whitespace().collect();
    let (decision, value) = match words[..] {
        [value] => (VERDICT.index(), value),
        [decision, "is", value] | [decision, value @ ("undecided" | "conflict")] => {
            let found = model.decisions.iter().position(|d| d.name == decision);
            (found.ok_or_else(|| format!("no decision `{decision}`"))?, value)
        }
        _ => return Err(format!("`{claim}` is no claim")),
    };
    let answer = &decided.answers[decision];
    let found = result(model, decision, answer);
    if found != value {
        return Err(format!("expected {value}, found {found} by [{}]", deciders(model, answer).join(", ")));
    }
    let mut complaints = Vec::new();
    if let Some(by) = by {
        compare(&mut complaints, "by", names(by), deciders(model, answer));
    }
    complaints.pop().map_or(Ok(()), Err)
}

fn result(model: &Model, decision: usize, answer: &Answer) -> String {
    match answer.result {
        Verdict::Is(PERMIT) if decision == VERDICT.index() => "permit".into(),
        Verdict::Is(FORBID) if decision == VERDICT.index() => "forbid".into(),
        Verdict::Is(value) => model.decisions[decision].values[value as usize].name.to_string(),
        Verdict::Conflict => "conflict".into(),
        Verdict::Undecided => "undecided".into(),
    }
}

fn deciders(model: &Model, answer: &Answer) -> Vec<String> {
    if answer.by_default {
        return vec!["default".into()];
    }
    answer.by.iter().map(|c| model.clause(*c).path.to_string()).collect()
}

/// `channel=email, attendees={guardian, teacher}, invited=2026-09-14 15:00`
pub fn parse(model: &Model, text: &str) -> Result<Case, String> {
    let mut values = vec![None; model.facts.len()];
    for part in split(text) {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}` needs `=`"))?;
        let fact = model.find_fact(name.trim()).ok_or_else(|| format!("no fact `{}`", name.trim()))?;
        let value = value.trim();
        values[fact.index()] =
            Some(read(model, &model.fact(fact).ty, value).ok_or_else(|| format!("`{value}` is no value of `{name}`"))?);
    }
    Ok(Case { values })
}

/// At the commas outside braces.
fn split(text: &str) -> Vec<&str> {
    let mut depth = 0i32;
    let parts = text.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|p| !p.is_empty()).collect()
}

fn read(model: &Model, ty: &Type, text: &str) -> Option<Value> {
    Some(match ty {
        Type::YesNo => Value::Bool(match text {
            "yes" => true,
            "no" => false,
            _ => return None,
        }),
        Type::Choice(domain) => Value::Choice(element(domain, text)?),
        Type::Number { scale, .. } => Value::Int(number(text.split(' ').next()?, *scale as usize)?),
        Type::Date { .. } => Value::Int(parse_date(text)?),
        Type::Time => Value::Int(parse_time(text)?),
        Type::DateTime { .. } => {
            let (date, time) = text.split_once(' ')?;
            Value::Int(model.zone.instant(parse_date(date)?, parse_time(time)?))
        }
        Type::Set(domain) => {
            let inner = text.strip_prefix('{')?.strip_suffix('}')?;
            let elements: Option<Vec<usize>> =
                names(inner).iter().map(|n| element(domain, n).map(|e| e as usize)).collect();
            Value::Set(elements?.into_iter().collect())
        }
    })
}

fn element(domain: &Domain, name: &str) -> Option<u32> {
    domain.values.iter().position(|v| v.name == name).map(|i| i as u32)
}

/// `-1.5` at scale 2 is -150.
fn number(text: &str, scale: usize) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |d| (-1, d));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.len() > scale {
        return None;
    }
    format!("{whole}{part:0<scale$}").parse::<i64>().ok().map(|n| sign * n)
}
