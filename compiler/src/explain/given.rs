//! What people write for a fact's value -> what it stands for.
//!
//! `approved=yes`, `sender=staff` (any of them), `fee=50.00`, `starts=2026-09-14` (any time of that day),
//! `attendees=guardian,teacher`, `recorded=-` (the fact does not apply).

use super::Known;
use crate::model::show;
use crate::model::*;
use crate::source::Span;

/// What is known of a fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    One(Value),
    /// One of these values of a choice.
    Among(Bits),
    /// A moment or number from the first to the last, both included.
    Between(i64, i64),
    /// The fact does not exist in the case.
    Absent,
}

impl Given {
    /// Its value is known exactly.
    pub fn is_one(&self) -> bool {
        matches!(self, Given::One(_) | Given::Absent)
    }
}

/// A value that the fact cannot have: what is wrong, and what to write instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    pub message: String,
    pub help: String,
}

/// Reads all facts that are given, each once, as names and values.
pub fn case(model: &Model, given: impl IntoIterator<Item = (String, String)>) -> Result<Vec<Known>, Refused> {
    let mut known: Vec<Known> = Vec::new();
    for (name, value) in given {
        let fact = find(model, &name)?;
        let given = read(model, fact, &value)?;
        if known.iter().any(|k| k.fact == fact) {
            return Err(Refused { message: format!("`{name}` is given twice"), help: String::new() });
        }
        known.push(Known { fact, given });
    }
    known.sort_by_key(|k| k.fact);
    Ok(known)
}

fn find(model: &Model, name: &str) -> Result<FactId, Refused> {
    model.find_fact(name).ok_or_else(|| {
        let near = model.facts.iter().map(|f| (strsim::damerau_levenshtein(&f.name, name), &f.name)).min();
        let help = match near.filter(|n| n.0 <= 1.max(name.chars().count() / 3)) {
            Some((_, near)) => format!("did you mean `{near}`?"),
            None => {
                let names: Vec<String> = model.facts.iter().map(|f| f.name.to_string()).collect();
                format!("its facts are {}", shortened(&names))
            }
        };
        Refused { message: format!("the policy has no fact `{name}`"), help }
    })
}

/// A JSON value as people would write it; `None` for one that no fact has.
pub fn plain(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::Null => Some("-".into()),
        Value::Bool(true) => Some("yes".into()),
        Value::Bool(false) => Some("no".into()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(|p| p.as_str().map(str::to_string)).collect();
            parts.map(|parts| parts.join(","))
        }
        Value::Object(_) => None,
    }
}

/// Reads a value of a fact.
pub fn read(model: &Model, id: FactId, text: &str) -> Result<Given, Refused> {
    let fact = model.fact(id);
    let text = text.trim();
    if matches!(text, "-" | "–" | "absent") {
        return match fact.exists_if {
            Some(_) => Ok(Given::Absent),
            None => refuse(format!("`{}` exists in every case", fact.name), "leave it out where it is not known"),
        };
    }
    match &fact.ty {
        Type::YesNo => match text.to_ascii_lowercase().as_str() {
            "yes" | "true" => Ok(Given::One(Value::Bool(true))),
            "no" | "false" => Ok(Given::One(Value::Bool(false))),
            _ => refuse(format!("`{text}` is no value of `{}`", fact.name), "write `yes` or `no`"),
        },
        Type::Choice(domain) => choice(&fact.name, domain, text),
        Type::Set(domain) => set(&fact.name, domain, text),
        Type::Number { lo, hi, scale, unit } => {
            let range = || {
                let unit = unit.as_deref();
                format!(
                    "write a number from {} to {}",
                    show::amount(*lo, *scale, None),
                    show::amount(*hi, *scale, unit)
                )
            };
            let digits = match unit {
                Some(unit) => text.strip_suffix(unit.as_str()).unwrap_or(text).trim_end(),
                None => text,
            };
            match decimal(digits, *scale).filter(|v| (lo..=hi).contains(&v)) {
                Some(v) => Ok(Given::One(Value::Int(v))),
                None => refuse(format!("`{text}` is no value of `{}`", fact.name), range()),
            }
        }
        Type::Date { lo, hi } => match time::parse_date(text).filter(|v| (lo..=hi).contains(&v)) {
            Some(v) => Ok(Given::One(Value::Int(v))),
            None => {
                let range = format!("write a date from {} to {}", time::show_date(*lo), time::show_date(*hi));
                refuse(format!("`{text}` is no value of `{}`", fact.name), range)
            }
        },
        Type::Time => match time_of_day(text) {
            Some(v) => Ok(Given::One(Value::Int(v))),
            None => refuse(format!("`{text}` is no value of `{}`", fact.name), "write a time from 00:00 to 23:59"),
        },
        Type::DateTime { lo, hi } => datetime(&model.zone, text, (*lo, *hi)).map_or_else(
            || refuse(format!("`{text}` is no value of `{}`", fact.name), "write it like \"2026-09-14 08:00\""),
            Ok,
        ),
    }
}

/// A value as it can be given again: names, `yes`, `50.00`, `2026-09-14 08:00`, `guardian,teacher`, `none`.
pub fn write(model: &Model, id: FactId, value: &Value) -> String {
    let name = |domain: &Domain, v: usize| domain.values.get(v).map(|v| v.name.to_string()).unwrap_or_default();
    match (&model.fact(id).ty, value) {
        (Type::Set(_), Value::Set(set)) if set.is_empty() => "none".into(),
        (Type::Set(domain), Value::Set(set)) => set.iter().map(|v| name(domain, v)).collect::<Vec<_>>().join(","),
        (Type::Choice(domain), Value::Choice(v)) => name(domain, *v as usize),
        (_, Value::Int(v)) => show::moment(model, id, *v),
        (_, value) => show::value(model, id, value),
    }
}

fn refuse(message: String, help: impl Into<String>) -> Result<Given, Refused> {
    Err(Refused { message, help: help.into() })
}

/// `2026-09-14 08:00`, `2026-09-14T08:00`, the same with an offset as RFC 3339 has it (`2026-09-14T08:00:00-05:00`, `…Z`), or
/// a whole day. Without an offset it is the policy's local time. Seconds are cut off.
fn datetime(zone: &Zone, text: &str, (lo, hi): (i64, i64)) -> Option<Given> {
    let given = match text.split_once([' ', 'T']) {
        Some((_, clock)) if clock.contains(['Z', 'z', '+', '-']) => {
            let instant: jiff::Timestamp = text.parse().ok()?;
            Given::One(Value::Int(instant.as_second().div_euclid(60)))
        }
        Some((date, clock)) => {
            Given::One(Value::Int(zone.instant(time::parse_date(date)?, time_of_day(clock.trim())?)))
        }
        None => {
            let day = time::parse_date(text)?;
            Given::Between(zone.day_start(day), zone.day_start(day + 1) - 1)
        }
    };
    let fits = match &given {
        Given::Between(a, b) => *a <= hi && *b >= lo,
        Given::One(Value::Int(v)) => (lo..=hi).contains(v),
        _ => false,
    };
    fits.then_some(given)
}

/// `15:00`, `15:00:00`; seconds are cut off.
fn time_of_day(text: &str) -> Option<i64> {
    let text = match text.match_indices(':').nth(1) {
        Some((i, _)) if text[i + 1..].parse::<f64>().is_ok_and(|s| (0.0..60.0).contains(&s)) => &text[..i],
        _ => text,
    };
    time::parse_time(text).filter(|m| *m < time::MINUTES_PER_DAY)
}

/// `50`, `50.00`, `-0.5`, `1_000` in steps of 10^-scale; `None` with more decimals or digits than that can be.
pub fn decimal(text: &str, scale: u32) -> Option<i64> {
    let text = text.replace('_', "");
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    // Zeros behind say nothing: programs write 20 as 20.0.
    let part = part.trim_end_matches('0');
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(part) || part.len() > scale as usize {
        return None;
    }
    let padded = format!("{whole}{part:0<width$}", width = scale as usize);
    let value: i64 = padded.parse().ok()?;
    Some(if negative { -value } else { value })
}

fn choice(fact: &str, domain: &Domain, text: &str) -> Result<Given, Refused> {
    if let Some(v) = value(domain, text) {
        return Ok(Given::One(Value::Choice(v as u32)));
    }
    match domain.groups.iter().find(|(name, _)| name == text) {
        Some((_, values)) if !values.is_empty() => Ok(match (values.len(), values.first()) {
            (1, Some(v)) => Given::One(Value::Choice(v as u32)),
            _ => Given::Among(values.clone()),
        }),
        _ => Err(unknown(fact, domain, text)),
    }
}

/// A value by its name, the roles of a profile in any order, or its title.
fn value(domain: &Domain, text: &str) -> Option<usize> {
    let sorted = |name: &str| {
        let mut parts: Vec<String> = name.split('+').map(|p| p.trim().to_string()).collect();
        parts.sort();
        parts
    };
    let wanted = sorted(text);
    let by_name = domain.values.iter().position(|v| sorted(&v.name) == wanted);
    by_name
        .or_else(|| domain.values.iter().position(|v| v.title.as_deref().is_some_and(|t| t.eq_ignore_ascii_case(text))))
}

fn set(fact: &str, domain: &Domain, text: &str) -> Result<Given, Refused> {
    let mut elements = Bits::new();
    if matches!(text, "" | "none" | "nobody" | "nothing") && value(domain, text).is_none() {
        return Ok(Given::One(Value::Set(elements)));
    }
    for part in text.split(',').map(str::trim) {
        let group = domain.groups.iter().find(|(name, _)| name == part).map(|(_, values)| values);
        match (value(domain, part), group) {
            (Some(v), _) => elements.insert(v),
            (None, Some(values)) if values.len() == 1 => elements = elements.union(values),
            (None, Some(values)) => {
                let names = values.iter().filter_map(|v| domain.values.get(v)).map(|v| v.name.to_string());
                let names: Vec<String> = names.collect();
                return Err(Refused {
                    message: format!("`{part}` stands for several elements of `{fact}`"),
                    help: format!("name those that are there: {}", shortened(&names)),
                });
            }
            (None, None) => return Err(unknown(fact, domain, part)),
        }
    }
    Ok(Given::One(Value::Set(elements)))
}

fn unknown(fact: &str, domain: &Domain, text: &str) -> Refused {
    let names: Vec<String> = domain
        .groups
        .iter()
        .map(|g| &g.0)
        .chain(domain.values.iter().map(|v| &v.name))
        .map(|n| n.to_string())
        .collect();
    let near = names.iter().map(|n| (strsim::damerau_levenshtein(n, text), n)).min();
    let help = match near.filter(|n| n.0 <= 1.max(text.chars().count() / 3)) {
        Some((_, near)) => format!("did you mean `{near}`?"),
        None => {
            format!("it can be {}", shortened(&domain.values.iter().map(|v| v.name.to_string()).collect::<Vec<_>>()))
        }
    };
    Refused { message: format!("`{text}` is no value of `{fact}`"), help }
}

/// At most ten names.
pub fn shortened(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().take(10).map(|n| format!("`{n}`")).collect();
    let more = names.len().saturating_sub(10);
    if more > 0 { format!("{}, and {more} more", quoted.join(", ")) } else { quoted.join(", ") }
}

/// The condition that a fact is as given. It holds only where the fact exists.
pub fn condition(model: &Model, id: FactId, given: &Given) -> Cond {
    let fact = model.fact(id);
    let span = Span::default();
    let atom = |atom: Atom| Cond::new(CondKind::Atom(atom), span);
    let not = |cond: Cond| Cond::new(CondKind::Not(Box::new(cond)), span);
    match given {
        Given::One(Value::Bool(true)) => atom(Atom::Yes(id)),
        Given::One(Value::Bool(false)) => {
            let exists = fact.exists_if.clone().unwrap_or_else(|| Cond::always(span));
            Cond::and(vec![exists, not(atom(Atom::Yes(id)))], span)
        }
        Given::One(Value::Choice(v)) => atom(Atom::OneOf(id, Bits::one(*v as usize))),
        Given::Among(values) => atom(Atom::OneOf(id, values.clone())),
        Given::One(Value::Int(v)) => atom(Atom::Range(id, vec![(*v, *v)])),
        Given::Between(a, b) => {
            let (lo, hi) = match fact.ty {
                Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => (lo, hi),
                _ => (i64::MIN, i64::MAX),
            };
            atom(Atom::Range(id, vec![((*a).max(lo), (*b).min(hi))]))
        }
        Given::One(Value::Set(elements)) => {
            let each = elements.iter().map(Bits::one).collect();
            let only = atom(Atom::Set { fact: id, test: SetTest::Only(elements.clone()) });
            Cond::and(vec![atom(Atom::Set { fact: id, test: SetTest::All(each) }), only], span)
        }
        Given::Absent => match &fact.exists_if {
            Some(exists) => not(exists.clone()),
            None => not(Cond::always(span)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        assert_eq!(decimal("50", 2), Some(5000));
        assert_eq!(decimal("50.5", 2), Some(5050));
        assert_eq!(decimal("-0.05", 2), Some(-5));
        assert_eq!(decimal("1_000", 0), Some(1000));
        for wrong in ["", "-", ".5", "5.", "50.001", "5e3", "+5", "99999999999999999999"] {
            assert_eq!(decimal(wrong, 2).filter(|_| wrong != "5."), None, "{wrong}");
        }
    }
}
