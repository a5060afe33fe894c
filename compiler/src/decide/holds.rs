//! Whether a condition holds in a case, atom by atom.
//!
//! Every atom is false where a fact it speaks of is absent. Periods and distances are evaluated from their definitions,
//! day by day, without the tables that the diagrams are built from.

use crate::model::time::{MINUTES_PER_DAY, months_between, weekday};
use crate::model::*;

/// Whether a condition holds in a case.
pub fn holds(model: &Model, cond: &Cond, case: &Case) -> bool {
    match &cond.kind {
        CondKind::True => true,
        CondKind::And(parts) => parts.iter().all(|p| holds(model, p, case)),
        CondKind::Or(parts) => parts.iter().any(|p| holds(model, p, case)),
        CondKind::Not(inner) => !holds(model, inner, case),
        CondKind::Define(id) => holds(model, &model.define(*id).cond, case),
        CondKind::Atom(atom) => atom_holds(model, atom, case),
    }
}

fn atom_holds(model: &Model, atom: &Atom, case: &Case) -> bool {
    let value = |fact: &FactId| case.values.get(fact.index()).and_then(Option::as_ref);
    match atom {
        Atom::Yes(fact) => matches!(value(fact), Some(Value::Bool(true))),
        Atom::OneOf(fact, values) => matches!(value(fact), Some(Value::Choice(v)) if values.contains(*v as usize)),
        Atom::Range(fact, ranges) => {
            matches!(value(fact), Some(Value::Int(v)) if ranges.iter().any(|(lo, hi)| lo <= v && v <= hi))
        }
        Atom::Weekday(fact, days) => match value(fact) {
            Some(Value::Int(v)) => days >> weekday(local_day(model, *fact, *v)) & 1 == 1,
            _ => false,
        },
        Atom::Within { fact, period, inside } => match value(fact) {
            Some(Value::Int(v)) => {
                let (day, minute) = match model.fact(*fact).ty {
                    Type::DateTime { .. } => {
                        let (day, minute) = model.zone.local(*v);
                        (day, Some(minute))
                    }
                    _ => (*v, None),
                };
                within(model, *period, day, minute) == *inside
            }
            _ => false,
        },
        Atom::Set { fact, test } => match value(fact) {
            Some(Value::Set(set)) => match test {
                SetTest::Any(any) => !set.is_disjoint(any),
                SetTest::All(all) => all.iter().all(|one| !set.is_disjoint(one)),
                SetTest::None(none) => set.is_disjoint(none),
                SetTest::Only(only) => set.is_subset(only),
            },
            _ => false,
        },
        Atom::Distance { from, to, unit, low, high } => match (value(from), value(to)) {
            (Some(a), Some(b)) => {
                let d = distance(model, (*from, a), (*to, b), *unit);
                low.is_none_or(|low| low <= d) && high.is_none_or(|high| d <= high)
            }
            _ => false,
        },
    }
}

fn local_day(model: &Model, fact: FactId, value: i64) -> i64 {
    match model.fact(fact).ty {
        Type::DateTime { .. } => model.zone.day(value),
        _ => value,
    }
}

/// The signed distance between two values in a unit, see [`Unit`]; 0 for values that have none.
pub fn distance(model: &Model, from: (FactId, &Value), to: (FactId, &Value), unit: Unit) -> i64 {
    let (Value::Int(a), Value::Int(b)) = (from.1, to.1) else { return 0 };
    let days = || (local_day(model, from.0, *a), local_day(model, to.0, *b));
    match unit {
        Unit::Minutes | Unit::Number => b - a,
        Unit::Days => {
            let (x, y) = days();
            y - x
        }
        Unit::Months => {
            let (x, y) = days();
            months_between(x, y)
        }
        Unit::PeriodDays(period) => {
            let (x, y) = days();
            let count = |lo: i64, hi: i64| (lo + 1..=hi).filter(|d| within(model, period, *d, None)).count() as i64;
            if x <= y { count(x, y) } else { -count(y, x) }
        }
    }
}

/// Whether a moment lies in a period: a local day and minute of the clock; without a minute, whether the period has any
/// moment of that day (by the clock, whether or not the clocks change on it).
pub fn within(model: &Model, period: PeriodId, day: i64, minute: Option<i64>) -> bool {
    let rule = &model.period(period).rule;
    match minute {
        Some(minute) => moment_within(model, rule, day, minute),
        None => {
            // Between two neighbouring boundaries nothing changes, so one minute of each stretch is enough.
            let mut boundaries = vec![0];
            collect_boundaries(model, rule, &mut boundaries);
            boundaries.iter().any(|&m| moment_within(model, rule, day, m))
        }
    }
}

fn moment_within(model: &Model, rule: &PeriodRule, day: i64, minute: i64) -> bool {
    match rule {
        PeriodRule::Dates(from, to) => (*from..=*to).contains(&day),
        PeriodRule::Days { days, from, to } => {
            let on = |day: i64| days >> weekday(day) & 1 == 1;
            let (from, to) = (i64::from(*from), i64::from(*to));
            if from < to {
                on(day) && (from..to).contains(&minute)
            } else {
                (on(day) && minute >= from) || (on(day - 1) && minute < to)
            }
        }
        PeriodRule::Named(id) => moment_within(model, &model.period(*id).rule, day, minute),
        PeriodRule::Either(parts) => parts.iter().any(|p| moment_within(model, p, day, minute)),
        PeriodRule::During(a, b) => moment_within(model, a, day, minute) && moment_within(model, b, day, minute),
        PeriodRule::Except(a, b) => moment_within(model, a, day, minute) && !moment_within(model, b, day, minute),
    }
}

fn collect_boundaries(model: &Model, rule: &PeriodRule, into: &mut Vec<i64>) {
    match rule {
        PeriodRule::Dates(..) => {}
        PeriodRule::Days { from, to, .. } => {
            into.extend([*from, *to].map(i64::from).into_iter().filter(|m| *m < MINUTES_PER_DAY));
        }
        PeriodRule::Named(id) => collect_boundaries(model, &model.period(*id).rule, into),
        PeriodRule::Either(parts) => parts.iter().for_each(|p| collect_boundaries(model, p, into)),
        PeriodRule::During(a, b) | PeriodRule::Except(a, b) => {
            collect_boundaries(model, a, into);
            collect_boundaries(model, b, into);
        }
    }
}
