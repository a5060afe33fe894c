//! Conditions -> terms. Every atom is false where a fact that it speaks of is absent.

use super::terms::{and, between, equal, int, not, or, symbol};
use super::{Encoding, facts, time};
use crate::model::*;

pub fn term(e: &Encoding<'_>, cond: &Cond) -> String {
    match &cond.kind {
        CondKind::True => "true".into(),
        CondKind::And(parts) => and(parts.iter().map(|p| term(e, p))),
        CondKind::Or(parts) => or(parts.iter().map(|p| term(e, p))),
        CondKind::Not(inner) => not(term(e, inner)),
        CondKind::Define(id) => symbol(&format!("define {}", e.model.define(*id).name)),
        CondKind::Atom(atom) => and([exist(e, atom), value(e, atom)]),
    }
}

/// That all facts of an atom exist.
pub fn exist(e: &Encoding<'_>, atom: &Atom) -> String {
    let mut facts: Vec<FactId> = atom.facts().collect();
    facts.dedup();
    and(facts.into_iter().map(|f| facts::exists(e.model.fact(f))))
}

/// What an atom says of the values of its facts, whether or not they exist.
pub fn value(e: &Encoding<'_>, atom: &Atom) -> String {
    let model = e.model;
    match atom {
        Atom::Yes(f) => symbol(&model.fact(*f).name),
        Atom::OneOf(f, values) => {
            let fact = model.fact(*f);
            or(values.iter().map(|v| equal(&symbol(&fact.name), &facts::value(fact, v))))
        }
        Atom::Range(f, ranges) => {
            or(ranges.iter().map(|(lo, hi)| between(&symbol(&model.fact(*f).name), Some(*lo), Some(*hi))))
        }
        Atom::Weekday(f, mask) => time::is_weekday(*mask, &time::weekday(model.fact(*f))),
        Atom::Within { fact, period, inside } => {
            let fact = model.fact(*fact);
            let name = &model.period(*period).name;
            let within = match fact.ty {
                Type::DateTime { .. } => {
                    let minute = symbol(&format!("minute of {}", fact.name));
                    format!("({} {} {minute})", symbol(&format!("during {name}")), time::day(fact))
                }
                _ => format!("({} {})", symbol(&format!("on a day of {name}")), time::day(fact)),
            };
            if *inside { within } else { not(within) }
        }
        Atom::Set { fact, test } => {
            let fact = model.fact(*fact);
            let any = |set: &Bits| or(set.iter().map(|i| facts::has(fact, i)));
            match test {
                SetTest::Any(set) => any(set),
                SetTest::All(sets) => and(sets.iter().map(any)),
                SetTest::None(set) => not(any(set)),
                SetTest::Only(set) => {
                    let size = match &fact.ty {
                        Type::Set(domain) => domain.values.len(),
                        _ => 0,
                    };
                    not(any(&set.complement(size)))
                }
            }
        }
        Atom::Distance { from, to, unit, low, high } => {
            let (from, to) = (model.fact(*from), model.fact(*to));
            let less = |a: String, b: String| if a == b { int(0) } else { format!("(- {a} {b})") };
            let distance = match unit {
                Unit::Minutes | Unit::Number => less(symbol(&to.name), symbol(&from.name)),
                Unit::Days => less(time::day(to), time::day(from)),
                Unit::Months => return time::months(from, to, *low, *high),
                Unit::PeriodDays(period) => {
                    let days = symbol(&format!("days of {}", model.period(*period).name));
                    less(format!("({days} {})", time::day(to)), format!("({days} {})", time::day(from)))
                }
            };
            between(&distance, *low, *high)
        }
    }
}
