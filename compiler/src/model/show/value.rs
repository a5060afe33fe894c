//! One value of one fact, or a set of its values, as text. Names stand as the policy declares them.

use super::*;
use std::fmt::Write;

/// A value: `google_meet`, `50.01 USD`, `17 years`, `yes`, `Monday 14 September 2026`, `Monday 14 September 2026, 15:00`
/// (the policy's local time), `15:00`, `guardian and principal`; the empty set is `nobody` for roles, else `nothing`.
pub fn value(model: &Model, fact: FactId, value: &Value) -> String {
    match (&model.fact(fact).ty, value) {
        (Type::Choice(domain), Value::Choice(v)) => name_of(domain, *v as usize),
        (Type::Set(domain), Value::Set(set)) if set.is_empty() => nobody(domain).to_string(),
        (Type::Set(domain), Value::Set(set)) => {
            let names: Vec<String> = set.iter().map(|v| name_of(domain, v)).collect();
            list(&names, "and")
        }
        (ty, Value::Int(v)) => number_of(model, ty, *v),
        (_, Value::Bool(b)) => if *b { "yes" } else { "no" }.to_string(),
        (_, Value::Choice(v)) => v.to_string(),
        (_, Value::Set(set)) => format!("{set:?}"),
    }
}

fn name_of(domain: &Domain, v: usize) -> String {
    domain.values.get(v).map(|n| n.name.to_string()).unwrap_or_default()
}

/// Whom an empty set holds.
pub(super) fn nobody(domain: &Domain) -> &'static str {
    if domain.what == Element::Role { "nobody" } else { "nothing" }
}

fn number_of(model: &Model, ty: &Type, v: i64) -> String {
    match ty {
        Type::Number { scale, unit, .. } => amount(v, *scale, unit.as_deref()),
        Type::Date { .. } => time::show_date_long(v),
        Type::Time => time::show_time(v),
        Type::DateTime { .. } => {
            let (day, minute) = model.zone.local(v);
            format!("{}, {}", time::show_date_long(day), time::show_time(minute))
        }
        _ => v.to_string(),
    }
}

/// A number with its unit: `50.01 USD`. `v` counts steps of 10^-scale.
pub fn amount(v: i64, scale: u32, unit: Option<&str>) -> String {
    let mut text = number(v, scale);
    if let Some(unit) = unit {
        let _ = write!(text, " {unit}");
    }
    text
}

/// A number without its unit: `-0.50`.
pub fn number(v: i64, scale: u32) -> String {
    let scale = scale as usize;
    if scale == 0 {
        return v.to_string();
    }
    let sign = if v < 0 { "-" } else { "" };
    let digits = v.unsigned_abs();
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{part}")
}

/// A moment or number without words around it, short enough for a table: `2026-09-14`, `2026-09-14 15:00`, `50.01`. Of a
/// time that the clocks show twice the second has its offset: `2026-11-01 01:30-06:00`.
pub fn moment(model: &Model, fact: FactId, v: i64) -> String {
    match &model.fact(fact).ty {
        Type::Number { scale, .. } => number(v, *scale),
        Type::Date { .. } => time::show_date(v),
        Type::Time => time::show_time(v),
        Type::DateTime { .. } => {
            let (day, minute) = model.zone.local(v);
            let text = format!("{} {}", time::show_date(day), time::show_time(minute));
            if model.zone.instant(day, minute) == v { text } else { text + &time::show_offset(model.zone.offset(v)) }
        }
        _ => v.to_string(),
    }
}

/// The fewest names that stand for exactly these values, parents instead of their children: `staff`, `student`.
/// Groups that add nothing new are left out; names come in the order of declaration. Where roles may overlap, `student` is
/// everybody who is one, and `student alone` who is nothing else. Where a narrowed fact leaves a parent
/// and its child the same values, the child is named.
pub fn value_names(domain: &Domain, values: &Bits) -> Vec<SmolStr> {
    let mut left = values.clone();
    let mut chosen: Vec<(usize, usize, SmolStr)> = Vec::new();
    // Outermost first, so a parent comes before what it covers.
    for (order, (name, covers)) in domain.groups.iter().enumerate() {
        let narrower = || domain.groups[order + 1..].iter().any(|(_, inner)| inner == covers);
        if !covers.is_empty() && covers.is_subset(values) && !covers.is_disjoint(&left) && !narrower() {
            left = left.difference(covers);
            chosen.push((covers.first().unwrap_or(0), order, name.clone()));
        }
    }
    for v in left.iter() {
        if let Some(value) = domain.values.get(v) {
            // The profile of one role only, where the role's name stands for more.
            let more = domain.groups.iter().any(|(name, covers)| *name == value.name && covers.len() > 1);
            let name = if more { format!("{} alone", value.name).into() } else { value.name.clone() };
            chosen.push((v, usize::MAX, name));
        }
    }
    chosen.sort();
    chosen.into_iter().map(|c| c.2).collect()
}

/// A set of values of a choice (or elements of a set): `staff or student`, `not personal`, `any value`.
pub fn values(model: &Model, fact: FactId, values: &Bits) -> String {
    let (Type::Choice(domain) | Type::Set(domain)) = &model.fact(fact).ty else { return String::new() };
    let all = domain.values.len();
    if values.len() == all {
        return "any value".to_string();
    }
    let text = |names: &[SmolStr], last: &str| list(&names.iter().map(|n| n.to_string()).collect::<Vec<_>>(), last);
    let names = value_names(domain, values);
    let others = value_names(domain, &values.complement(all));
    if names.len() > 2 && others.len() * 2 < names.len() {
        return match others.len() {
            1 => format!("not {}", others[0]),
            _ => format!("neither {}", text(&others, "nor")),
        };
    }
    text(&names, "or")
}

/// Intervals of a number or moment in words, against the fact's range: `at most 50.00 USD`, `after 15:00`,
/// `from 2026-08-17 to 2027-06-11`, `exactly 3`, several joined with "or".
pub fn ranges(model: &Model, fact: FactId, ranges: &[(i64, i64)]) -> String {
    let (lo, hi, unit) = match &model.fact(fact).ty {
        Type::Number { lo, hi, unit, .. } => (*lo, *hi, unit.as_deref()),
        Type::Date { lo, hi } | Type::DateTime { lo, hi } => (*lo, *hi, None),
        Type::Time => (0, time::MINUTES_PER_DAY - 1, None),
        _ => return String::new(),
    };
    let is_number = matches!(model.fact(fact).ty, Type::Number { .. });
    let show = |v: i64| match unit {
        Some(unit) => format!("{} {unit}", moment(model, fact, v)),
        None => moment(model, fact, v),
    };
    let (least, most) = if is_number { ("at least", "at most") } else { ("from", "up to") };
    let part = |&(a, b): &(i64, i64)| match (a <= lo, b >= hi) {
        (true, true) => "any value".to_string(),
        (true, false) => format!("{most} {}", show(b)),
        (false, true) => format!("{least} {}", show(a)),
        _ if a == b => format!("exactly {}", show(a)),
        _ => format!("from {} to {}", moment(model, fact, a), show(b)),
    };
    list(&ranges.iter().map(part).collect::<Vec<_>>(), "or")
}

/// A unit of distances in the plural: "days", "months", "school days".
pub fn unit_words(model: &Model, unit: Unit) -> String {
    match unit {
        Unit::Days => "days".to_string(),
        Unit::Months => "months".to_string(),
        Unit::Minutes => "minutes".to_string(),
        Unit::PeriodDays(p) => words(&model.period(p).name),
        Unit::Number => String::new(),
    }
}

/// A short clause: `account is district`, `approved`, `not approved`, `fee is 50.01 USD`,
/// `invited on Monday 14 September 2026 at 15:00`, `attendees include guardian and nobody else`.
/// `None` is the absence of the fact: `account does not apply`.
pub fn fact_is(model: &Model, fact: FactId, value: Option<&Value>) -> String {
    clause(model, fact, value, false)
}

/// The clause of `fact_is`; in prose titles and words stand instead of names.
pub(super) fn clause(model: &Model, id: FactId, given: Option<&Value>, prose: bool) -> String {
    let fact = model.fact(id);
    let name = if prose { words(&fact.name) } else { fact.name.to_string() };
    let Some(given) = given else {
        return format!("{name} {} not apply", if plural(&name) { "do" } else { "does" });
    };
    match (&fact.ty, given) {
        (Type::YesNo, Value::Bool(yes)) => {
            let what = if prose { predicate(fact.title.as_deref()) } else { None };
            match (what, *yes) {
                (Some(what), true) => what,
                (Some(what), false) => negative(&what).unwrap_or_else(|| format!("not {name}")),
                (None, true) => name,
                (None, false) => format!("not {name}"),
            }
        }
        (Type::Choice(domain), Value::Choice(v)) if prose => format!("{name} is {}", called(domain, *v)),
        (Type::Set(domain), Value::Set(set)) => {
            let verb = if plural(&name) { "include" } else { "includes" };
            if set.is_empty() {
                return format!("{name} {verb} {}", nobody(domain));
            }
            let mut members: Vec<String> =
                set.iter().map(|v| if prose { called(domain, v as u32) } else { name_of(domain, v) }).collect();
            members.push(format!("{} else", nobody(domain)));
            format!("{name} {verb} {}", list(&members, "and"))
        }
        (Type::Date { .. }, Value::Int(day)) => {
            let date = time::show_date_long(*day);
            if fact.kind == FactKind::On { format!("on {date}") } else { format!("{name} on {date}") }
        }
        (Type::DateTime { .. }, Value::Int(instant)) => {
            let (day, minute) = model.zone.local(*instant);
            format!("{name} on {} at {}", time::show_date_long(day), time::show_time(minute))
        }
        (Type::Time, Value::Int(minute)) => format!("{name} at {}", time::show_time(*minute)),
        _ => format!("{name} is {}", value(model, id, given)),
    }
}

/// "not approved by the school"; of what the case does, "does not give an assignment". `None` where the first word may be
/// a verb or a noun in the plural.
fn negative(what: &str) -> Option<String> {
    let (first, rest) = what.split_once(' ').unwrap_or((what, ""));
    if !first.ends_with('s') || first.ends_with("ss") || first.ends_with("us") || first.len() < 4 {
        return Some(format!("not {what}"));
    }
    let second = rest.split(' ').next().unwrap_or("");
    let objects =
        ["a", "an", "the", "any", "some", "all", "its", "their", "to", "in", "on", "from", "with", "for", "by", "at"];
    if !objects.contains(&second) {
        return None;
    }
    let stem = match first {
        _ if first.ends_with("ies") => format!("{}y", &first[..first.len() - 3]),
        _ if ["sses", "shes", "ches", "xes", "oes"].iter().any(|e| first.ends_with(e)) => {
            first[..first.len() - 2].to_string()
        }
        _ => first[..first.len() - 1].to_string(),
    };
    Some(format!("does not {stem} {rest}"))
}

/// The title of a yes/no fact where it reads as something a case is: "approved by the school beforehand"; not one that is
/// a question or a sentence of its own, which no "not" can stand before.
fn predicate(title: Option<&str>) -> Option<String> {
    let title = title?.trim();
    let title = title.strip_prefix("whether ").unwrap_or(title);
    let lower = title.to_lowercase();
    let own = [" is ", " are ", " has ", " have ", " was ", " were ", " does ", " do ", " can "];
    let first = lower.split(' ').next().unwrap_or("");
    let opens = ["the", "a", "an", "is", "are", "does", "do", "has", "have", "was", "were", "no", "not", "can"];
    if title.is_empty() || title.ends_with('?') || opens.contains(&first) || own.iter().any(|v| lower.contains(v)) {
        return None;
    }
    let title = title.trim_end_matches('.');
    let mut chars = title.chars();
    let (one, two) = (chars.next()?, chars.next());
    if two.is_some_and(char::is_uppercase) {
        return Some(title.to_string());
    }
    Some(one.to_lowercase().chain(title.chars().skip(1)).collect())
}
