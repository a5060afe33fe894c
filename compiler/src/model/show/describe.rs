//! A condition -> prose: "account is district and approved", "invited at least 4 days before starts".

use super::sentence::span_words;
use super::*;

/// How deeply a condition is told; below that "…" stands.
const DEPTH: usize = 32;

/// The condition in words, defines by their name. Empty for `True`.
pub fn describe(model: &Model, cond: &Cond) -> String {
    tell(model, cond, false, DEPTH)
}

/// `inner` asks for brackets around parts joined by "or".
fn tell(model: &Model, cond: &Cond, inner: bool, depth: usize) -> String {
    if depth == 0 {
        return "…".to_string();
    }
    match &cond.kind {
        CondKind::True => String::new(),
        CondKind::And(parts) => {
            let parts: Vec<String> = parts.iter().map(|p| tell(model, p, true, depth - 1)).collect();
            parts.join(" and ")
        }
        CondKind::Or(parts) => {
            let parts: Vec<String> = parts.iter().map(|p| tell(model, p, true, depth - 1)).collect();
            if inner { format!("({})", parts.join(" or ")) } else { parts.join(" or ") }
        }
        CondKind::Not(part) => match &part.kind {
            CondKind::Atom(_) | CondKind::Define(_) => format!("not {}", tell(model, part, true, depth - 1)),
            _ => format!("not ({})", tell(model, part, false, depth - 1)),
        },
        CondKind::Define(d) => words(&model.define(*d).name),
        CondKind::Atom(atom) => atom_words(model, atom),
    }
}

fn atom_words(model: &Model, atom: &Atom) -> String {
    let name = |f: FactId| words(&model.fact(f).name);
    match atom {
        Atom::Yes(f) => name(*f),
        Atom::OneOf(f, set) => format!("{} is {}", name(*f), values(model, *f, set)),
        Atom::Range(f, parts) => format!("{} {}", name(*f), ranges(model, *f, parts)),
        Atom::Weekday(f, days) => format!("{} on {}", name(*f), day_words(*days)),
        Atom::Within { fact, period, inside } => {
            let relation = if *inside { "during" } else { "outside" };
            format!("{} {relation} {}", name(*fact), words(&model.period(*period).name))
        }
        Atom::Set { fact, test } => set_words(model, *fact, test),
        Atom::Distance { from, to, unit, low, high } => {
            // `A at least 4 days after B` is a distance from B to A that reads better from its other end; which of the two
            // was written cannot be told, so the sign decides.
            let (a, b) = (name(*from), name(*to));
            let span = |v: i64| span_words(model, *from, *unit, v);
            if *unit == Unit::Number {
                return match (low, high) {
                    (Some(1), None) => format!("{a} less than {b}"),
                    (Some(0), None) => format!("{a} at most {b}"),
                    (None, Some(-1)) => format!("{a} more than {b}"),
                    (None, Some(0)) => format!("{a} at least {b}"),
                    (Some(0), Some(0)) => format!("{a} equal to {b}"),
                    _ => format!("{a} and {b} {} apart", bound_words(&|v| v.to_string(), *low, *high)),
                };
            }
            match (low, high) {
                (Some(0), Some(0)) if *unit == Unit::Days => format!("{a} on the same day as {b}"),
                (Some(1), None) if matches!(unit, Unit::Days | Unit::Minutes) => format!("{a} before {b}"),
                (Some(0), None) => format!("{a} not after {b}"),
                (None, Some(h)) if *h < 0 => {
                    format!("{a} at least {} after {b}", span(h.saturating_neg()))
                }
                _ => format!("{a} {} before {b}", bound_words(&span, *low, *high)),
            }
        }
    }
}

fn bound_words(span: &dyn Fn(i64) -> String, low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(l), Some(h)) if l == h => format!("exactly {}", span(l)),
        (Some(0), Some(h)) => format!("within {}", span(h)),
        (Some(l), Some(h)) => format!("{l} to {}", span(h)),
        (Some(l), None) => format!("at least {}", span(l)),
        (None, Some(h)) => format!("at most {}", span(h)),
        (None, None) => "any time".to_string(),
    }
}

/// Days of the week: "weekdays", "weekends", "Monday or Friday". Bit 0 is Monday.
pub fn day_words(days: u8) -> String {
    match days & 0x7f {
        0x7f => "any day".to_string(),
        0b001_1111 => "weekdays".to_string(),
        0b110_0000 => "weekends".to_string(),
        days => {
            let names: Vec<String> =
                (0..7usize).filter(|d| days >> d & 1 == 1).map(|d| time::WEEKDAYS[d].to_string()).collect();
            list(&names, "or")
        }
    }
}

fn set_words(model: &Model, fact: FactId, test: &SetTest) -> String {
    let Type::Set(domain) = &model.fact(fact).ty else { return String::new() };
    let names = |bits: &Bits, last: &str| {
        let names: Vec<String> = value_names(domain, bits).iter().map(|n| n.to_string()).collect();
        list(&names, last)
    };
    let text = match test {
        SetTest::Any(bits) => names(bits, "or"),
        SetTest::All(all) => list(&all.iter().map(|b| names(b, "or")).collect::<Vec<_>>(), "and"),
        SetTest::None(bits) => format!("none of {}", names(bits, "and")),
        SetTest::Only(bits) => format!("only {}", names(bits, "and")),
    };
    let name = words(&model.fact(fact).name);
    format!("{name} {} {text}", if plural(&name) { "include" } else { "includes" })
}
