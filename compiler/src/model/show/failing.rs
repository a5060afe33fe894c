//! A condition that fails in a case -> why, with values: "invited 3 days before starts; needs at least 4".

use super::sentence::span_words;
use super::*;
use crate::decide;
use crate::source::Sources;

/// How deeply a condition is taken apart; below that its text is quoted.
const DEPTH: usize = 32;

/// Why a proviso's or requirement's condition fails in a case. Parts that hold are left out; parts that fail are joined
/// with "and" where one of them would do, since then all of them failed. Empty where the condition holds.
pub fn failing(model: &Model, sources: &Sources, cond: &Cond, case: &Case) -> String {
    let mut parts = Vec::new();
    explain(model, sources, cond, case, true, DEPTH, &mut parts);
    let mut seen: Vec<String> = Vec::new();
    for part in parts {
        if !seen.contains(&part) {
            seen.push(part);
        }
    }
    seen.join(", and ")
}

/// Says why `cond` is not `wanted`; nothing if it is.
fn explain(
    model: &Model,
    sources: &Sources,
    cond: &Cond,
    case: &Case,
    wanted: bool,
    depth: usize,
    parts: &mut Vec<String>,
) {
    if decide::holds(model, cond, case) == wanted {
        return;
    }
    if depth == 0 {
        parts.push(format!("`{}` {}", quote(sources, cond), if wanted { "does not hold" } else { "holds" }));
        return;
    }
    match &cond.kind {
        CondKind::True => {}
        CondKind::And(inner) | CondKind::Or(inner) => {
            for part in inner {
                explain(model, sources, part, case, wanted, depth - 1, parts);
            }
        }
        CondKind::Not(inner) => explain(model, sources, inner, case, !wanted, depth - 1, parts),
        CondKind::Define(d) => explain(model, sources, &model.define(*d).cond, case, wanted, depth - 1, parts),
        CondKind::Atom(atom) => parts.push(atom_fails(model, atom, case, wanted)),
    }
}

/// The condition's text on one line.
fn quote(sources: &Sources, cond: &Cond) -> String {
    sources.text(cond.span).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn atom_fails(model: &Model, atom: &Atom, case: &Case, wanted: bool) -> String {
    let value = |f: FactId| case.values.get(f.index()).and_then(Option::as_ref);
    if let Some(absent) = atom.facts().find(|f| value(*f).is_none()) {
        return format!("{} does not apply", words(&model.fact(absent).name));
    }
    let is = |f: FactId| fact_is(model, f, value(f));
    let needs = |is: String, wants: String, not: String| {
        if wanted { format!("{is}; needs {wants}") } else { format!("{is}; must not be {not}") }
    };
    match atom {
        Atom::Yes(f) if wanted => is(*f),
        Atom::Yes(f) => format!("{}, which must not be", is(*f)),
        Atom::OneOf(f, set) => {
            let wants = if wanted { values(model, *f, set) } else { values(model, *f, &other_values(model, *f, set)) };
            format!("{}; needs {wants}", is(*f))
        }
        Atom::Range(f, wanted_ranges) => {
            let text = ranges(model, *f, wanted_ranges);
            needs(is(*f), text.clone(), text)
        }
        Atom::Weekday(f, days) => {
            let text = day_words(if wanted { *days } else { !*days });
            format!("{}; needs {text}", is(*f))
        }
        Atom::Within { fact, period, inside } => {
            let relation = if *inside == wanted { "during" } else { "outside" };
            format!("{}; needs to be {relation} {}", is(*fact), words(&model.period(*period).name))
        }
        Atom::Set { fact, test } => set_fails(model, *fact, test, value(*fact), wanted),
        Atom::Distance { from, to, unit, low, high } => {
            let (Some(a), Some(b)) = (value(*from), value(*to)) else { return String::new() };
            let distance = decide::distance(model, (*from, a), (*to, b), *unit);
            distance_fails(model, (*from, *to, *unit), (*low, *high), distance, wanted)
        }
    }
}

fn other_values(model: &Model, fact: FactId, set: &Bits) -> Bits {
    match &model.fact(fact).ty {
        Type::Choice(d) => set.complement(d.values.len()),
        _ => set.clone(),
    }
}

fn set_fails(model: &Model, fact: FactId, test: &SetTest, given: Option<&Value>, wanted: bool) -> String {
    let Type::Set(domain) = &model.fact(fact).ty else { return String::new() };
    let empty = Bits::new();
    let set = match given {
        Some(Value::Set(set)) => set,
        _ => &empty,
    };
    let name = words(&model.fact(fact).name);
    let names = |bits: &Bits, last: &str| {
        list(&value_names(domain, bits).iter().map(|n| n.to_string()).collect::<Vec<_>>(), last)
    };
    let have = match set.len() {
        0 => format!("{name} {} {}", if plural(&name) { "are" } else { "is" }, value::nobody(domain)),
        _ => format!(
            "{name} {} {}",
            if plural(&name) { "are" } else { "is" },
            value(model, fact, &Value::Set(set.clone()))
        ),
    };
    let wants = match (test, wanted) {
        (SetTest::Any(bits), true) | (SetTest::None(bits), false) => names(bits, "or"),
        (SetTest::Any(bits), false) | (SetTest::None(bits), true) => format!("none of {}", names(bits, "or")),
        (SetTest::All(all), true) => {
            let missing: Vec<String> = all.iter().filter(|b| b.is_disjoint(set)).map(|b| names(b, "or")).collect();
            list(&missing, "and")
        }
        (SetTest::All(all), false) => {
            let all: Vec<String> = all.iter().map(|b| names(b, "or")).collect();
            format!("not all of {}", list(&all, "and"))
        }
        (SetTest::Only(bits), true) => format!("only {}", names(bits, "and")),
        (SetTest::Only(bits), false) => format!("someone besides {}", names(bits, "and")),
    };
    format!("{have}; needs {wants}")
}

fn distance_fails(
    model: &Model,
    (from, to, unit): (FactId, FactId, Unit),
    (low, high): (Option<i64>, Option<i64>),
    distance: i64,
    wanted: bool,
) -> String {
    let (a, b) = (words(&model.fact(from).name), words(&model.fact(to).name));
    // Read from the end that the bounds speak of: `A at least 4 days after B` is a distance from B to A.
    let reversed = matches!((low, high), (None, Some(h)) if h < 0);
    let (a, b, distance, low, high) = if reversed {
        (b, a, distance.saturating_neg(), high.map(i64::saturating_neg), low.map(i64::saturating_neg))
    } else {
        (a, b, distance, low, high)
    };
    let span = |v: i64| span_words(model, from, unit, v.saturating_abs());
    if unit == Unit::Number {
        let relation = match distance {
            0 => format!("{a} is as much as {b}"),
            1.. => format!("{a} is {} less than {b}", span(distance)),
            _ => format!("{a} is {} more than {b}", span(distance)),
        };
        return relation;
    }
    let is = match distance {
        0 if unit == Unit::Days => format!("{a} on the same day as {b}"),
        0.. => format!("{a} {} before {b}", span(distance)),
        _ => format!("{a} {} after {b}", span(distance)),
    };
    let bound = match (low, high) {
        (Some(0), Some(0)) if unit == Unit::Days => "the same day".to_string(),
        (Some(0), None) => format!("{a} not after {b}"),
        (Some(1), None) if unit != Unit::Months => format!("{a} before {b}"),
        (Some(l), None) => format!("at least {}", span(l)),
        (None, Some(h)) if h >= 0 => format!("at most {}", span(h)),
        (Some(l), Some(h)) if l == h => format!("exactly {}", span(l)),
        (Some(l), Some(h)) => format!("{} to {}", l, span(h)),
        _ => String::new(),
    };
    match (bound.is_empty(), wanted) {
        (true, _) => is,
        (false, true) => format!("{is}; needs {bound}"),
        (false, false) => format!("{is}; must not be {bound}"),
    }
}
