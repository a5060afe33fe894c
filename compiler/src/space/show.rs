//! Axes and sets of their cells in words, for tables.
//!
//! A cut is named by its rounder side: of 50.00 and 50.01 that is `<= 50.00` and `> 50.00`, of 3 and 4 `< 4` and `>= 4`.
//! What a person reads here stands in the policy or next to it. Must not know tables.

use super::{AxisId, AxisKind, Cell, Space};
use crate::model::time::{MINUTES_PER_DAY, WEEKDAYS, show_time};
use crate::model::{Bits, Domain, Element, FactId, Intervals, Model, Type, Unit, show};

/// What an axis is about: `channel`, `days from invited to starts`, `fee - limit`, `starts during school_hours`,
/// `weekday of starts`.
pub fn axis_title(model: &Model, space: &Space, axis: AxisId) -> String {
    let name = |f: FactId| model.fact(f).name.to_string();
    match space.axes[axis].kind {
        AxisKind::YesNo(f) | AxisKind::Choice(f) | AxisKind::Range(f) | AxisKind::Member(f, _) => name(f),
        AxisKind::Weekday(f) => format!("weekday of {}", name(f)),
        AxisKind::Within(f, period) => format!("{} during {}", name(f), model.period(period).name),
        AxisKind::Distance(from, to, unit) => {
            let what = match unit {
                Unit::Number => return format!("{} - {}", name(to), name(from)),
                Unit::Minutes if in_hours(space, axis) => "hours".to_string(),
                Unit::PeriodDays(period) => model.period(period).name.to_string(),
                unit => show::unit_words(model, unit),
            };
            format!("{what} from {} to {}", name(from), name(to))
        }
    }
}

/// A set of an axis's cells: `–` for all of them, `any` for all in which the fact exists, `absent`; `staff, guardian`,
/// `not text`, `4 to 10 days`, `> 50.00 USD`, `Monday to Friday`, `outside school_hours`, `no guardian`.
pub fn cells(model: &Model, space: &Space, axis: AxisId, cells: &Bits) -> String {
    let Some(the_axis) = space.axes.get(axis) else { return String::new() };
    let present = the_axis.present();
    let with_absent = the_axis.absent().is_some_and(|a| cells.contains(a as usize));
    let shown = cells.intersection(&present);
    if shown == present && (with_absent || the_axis.absent().is_none()) {
        return "–".to_string();
    }
    let text = match (shown == present, shown.is_empty()) {
        (true, _) => "any".to_string(),
        (_, true) if with_absent => return "absent".to_string(),
        (_, true) => "none".to_string(),
        _ => some(model, space, axis, &shown),
    };
    if with_absent { format!("{text} or absent") } else { text }
}

/// Some but not all of the cells in which the fact exists.
fn some(model: &Model, space: &Space, axis: AxisId, cells: &Bits) -> String {
    let the_axis = &space.axes[axis];
    let chosen = || cells.iter().filter_map(|c| the_axis.cells.get(c));
    let yes = chosen().any(|c| matches!(c, Cell::Bool(true) | Cell::Block(_, true)));
    match the_axis.kind {
        AxisKind::YesNo(_) => if yes { "yes" } else { "no" }.to_string(),
        AxisKind::Within(_, period) => {
            format!("{} {}", if yes { "during" } else { "outside" }, model.period(period).name)
        }
        AxisKind::Choice(fact) => {
            let values = chosen().fold(Bits::new(), |all, c| match c {
                Cell::Values(values) => all.union(values),
                _ => all,
            });
            match &model.fact(fact).ty {
                Type::Choice(domain) => choice(domain, &values),
                _ => String::new(),
            }
        }
        AxisKind::Weekday(_) => weekdays(chosen().fold(0, |all, c| match c {
            Cell::Days(mask) => all | mask,
            _ => all,
        })),
        AxisKind::Member(fact, _) => match (&model.fact(fact).ty, the_axis.cells.first()) {
            (Type::Set(domain), Some(Cell::Block(block, _))) => member(domain, block, yes),
            _ => String::new(),
        },
        AxisKind::Range(fact) => {
            let (lo, hi) = super::build::range(&model.fact(fact).ty).unwrap_or((i64::MIN, i64::MAX));
            with_unit(parts(&ranges(chosen()), lo, hi, &Scale::of(model, fact)), model, fact)
        }
        AxisKind::Distance(from, _, unit) => {
            let text = |scale: &Scale| parts(&ranges(chosen()), i64::MIN, i64::MAX, scale);
            match unit {
                Unit::Number => with_unit(text(&Scale::of(model, from)), model, from),
                Unit::Minutes if in_hours(space, axis) => text(&Scale::Hours),
                _ => text(&Scale::Number(0)),
            }
        }
    }
}

fn with_unit(text: String, model: &Model, fact: FactId) -> String {
    match unit_of(model, fact) {
        Some(unit) => format!("{text} {unit}"),
        None => text,
    }
}

fn unit_of(model: &Model, fact: FactId) -> Option<&str> {
    match &model.fact(fact).ty {
        Type::Number { unit, .. } => unit.as_deref(),
        _ => None,
    }
}

fn ranges<'a>(cells: impl Iterator<Item = &'a Cell>) -> Intervals {
    Intervals::from_parts(cells.flat_map(|c| {
        match c {
            Cell::Ranges(parts) => parts.as_slice(),
            _ => &[],
        }
        .iter()
        .copied()
    }))
}

fn choice(domain: &Domain, values: &Bits) -> String {
    let names = show::value_names(domain, values);
    let others = show::value_names(domain, &values.complement(domain.values.len()));
    if others.len() < names.len() { format!("not {}", others.join(", ")) } else { names.join(", ") }
}

fn member(domain: &Domain, block: &Bits, with: bool) -> String {
    if block.len() == domain.values.len() {
        return match (domain.what == Element::Role, with) {
            (true, true) => "somebody",
            (true, false) => "nobody",
            (false, true) => "something",
            (false, false) => "nothing",
        }
        .to_string();
    }
    let names = show::value_names(domain, block).join(" or ");
    if with { names } else { format!("no {names}") }
}

/// `Monday to Friday`, `Monday, Wednesday`.
fn weekdays(mask: u8) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in (0..7).filter(|d| mask >> d & 1 == 1) {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == day => run.1 = day,
            _ => runs.push((day, day)),
        }
    }
    let text = |&(a, b): &(usize, usize)| match b - a {
        0 => WEEKDAYS[a].to_string(),
        1 => format!("{}, {}", WEEKDAYS[a], WEEKDAYS[b]),
        _ => format!("{} to {}", WEEKDAYS[a], WEEKDAYS[b]),
    };
    runs.iter().map(text).collect::<Vec<_>>().join(", ")
}

/// Every cut of this axis of minutes lies at a full hour.
fn in_hours(space: &Space, axis: AxisId) -> bool {
    let full = |minute: i64| minute.rem_euclid(60) == 0;
    space.axes[axis].cells.iter().all(|c| match c {
        Cell::Ranges(parts) => parts
            .iter()
            .all(|&(a, b)| (a == i64::MIN || full(a) || full(a - 1)) && (b == i64::MAX || full(b) || full(b + 1))),
        _ => true,
    })
}

/// How to write a value, and which values are round.
enum Scale<'m> {
    /// With so many decimals.
    Number(u32),
    Hours,
    Moment(&'m Model, FactId),
}

impl<'m> Scale<'m> {
    fn of(model: &'m Model, fact: FactId) -> Self {
        match &model.fact(fact).ty {
            Type::Number { scale, .. } => Scale::Number(*scale),
            _ => Scale::Moment(model, fact),
        }
    }

    fn is_date(&self) -> bool {
        matches!(self, Scale::Moment(model, fact) if matches!(model.fact(*fact).ty, Type::Date { .. }))
    }

    /// How round a value is; steps of one (whole numbers, dates) are all alike.
    fn round(&self, v: i64) -> u32 {
        let zeros = |mut v: i64, most: u32| {
            let mut n = 0;
            while n < most && v % 10 == 0 {
                (v, n) = (v / 10, n + 1);
            }
            n
        };
        let clock = |minute: i64| {
            [MINUTES_PER_DAY, 60, 30, 15, 5].iter().filter(|step| minute.rem_euclid(**step) == 0).count() as u32
        };
        match self {
            Scale::Number(scale) => zeros(v, *scale),
            Scale::Hours => clock(v),
            Scale::Moment(model, fact) => match model.fact(*fact).ty {
                Type::DateTime { .. } => clock(model.zone.local(v).1),
                Type::Time => clock(v),
                _ => 0,
            },
        }
    }

    /// At the start of a local day the date is enough.
    fn text(&self, v: i64) -> String {
        match self {
            Scale::Number(scale) => show::number(v, *scale),
            Scale::Hours => (v / 60).to_string(),
            Scale::Moment(model, fact) => match model.fact(*fact).ty {
                Type::DateTime { .. } => {
                    let (day, minute) = model.zone.local(v);
                    let date = crate::model::time::show_date(day);
                    if minute == 0 { date } else { format!("{date} {}", show_time(minute)) }
                }
                _ => show::moment(model, *fact, v),
            },
        }
    }
}

/// Intervals of a range that ends at `lo` and `hi`.
fn parts(set: &Intervals, lo: i64, hi: i64, scale: &Scale) -> String {
    if let [(a, b), (c, d)] = set.parts()
        && (*a <= lo, *d >= hi, *c - *b) == (true, true, 2)
    {
        return format!("not {}", exact(scale, b + 1));
    }
    let text = |&(a, b): &(i64, i64)| part((a > lo).then_some(a), (b < hi).then_some(b), scale);
    set.parts().iter().map(text).collect::<Vec<_>>().join(" or ")
}

/// One interval; an end without a number is open.
fn part(low: Option<i64>, high: Option<i64>, scale: &Scale) -> String {
    // The cut lies between two values: the round one is named, else the upper one; of dates the one that is included.
    let above = |v: i64| scale.round(v - 1) > scale.round(v);
    let below = |v: i64| scale.round(v) <= scale.round(v + 1) && !scale.is_date();
    let words = matches!(scale, Scale::Moment(..));
    let from = |v: i64| match (above(v), words) {
        (true, true) => format!("after {}", exact(scale, v - 1)),
        (true, false) => format!("> {}", scale.text(v - 1)),
        (false, true) => format!("from {}", scale.text(v)),
        (false, false) => format!(">= {}", scale.text(v)),
    };
    let to = |v: i64| match (below(v), words) {
        (true, true) => format!("before {}", scale.text(v + 1)),
        (true, false) => format!("< {}", scale.text(v + 1)),
        (false, true) => format!("until {}", exact(scale, v)),
        (false, false) => format!("<= {}", scale.text(v)),
    };
    match (low, high) {
        (None, None) => "any".to_string(),
        (Some(low), None) => from(low),
        (None, Some(high)) => to(high),
        (Some(a), Some(b)) if a == b => exact(scale, a),
        (Some(a), Some(b)) => {
            // What has no decimals, and whole days of datetimes, read best with both ends included.
            let plain = scale.is_date() || matches!(scale, Scale::Number(0)) || (!above(a) && !below(b));
            match whole_days(scale, a, b) {
                Some(days) => days,
                None if plain => format!("{} to {}", exact(scale, a), exact(scale, b)),
                None => format!("{} and {}", from(a), to(b)),
            }
        }
    }
}

/// A value to the last digit or minute.
fn exact(scale: &Scale, v: i64) -> String {
    match scale {
        Scale::Hours if v.rem_euclid(60) != 0 => format!("{v} minutes"),
        Scale::Moment(model, fact) => show::moment(model, *fact, v),
        _ => scale.text(v),
    }
}

/// `2026-08-17`, `2026-08-17 to 2027-06-11` where a datetime's interval is whole days.
fn whole_days(scale: &Scale, first: i64, last: i64) -> Option<String> {
    let Scale::Moment(model, fact) = scale else { return None };
    let Type::DateTime { .. } = model.fact(*fact).ty else { return None };
    let zone = &model.zone;
    let (from, to) = (zone.day(first), zone.day(last));
    if zone.day_start(from) != first || zone.day_start(to + 1) != last + 1 {
        return None;
    }
    let date = crate::model::time::show_date;
    Some(if from == to { date(from) } else { format!("{} to {}", date(from), date(to)) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{atom, domain, fact, model};
    use super::*;
    use crate::model::time::parse_date;
    use crate::model::{Atom, Cond, Period, PeriodId, PeriodRule, SetTest, Zone};
    use crate::source::Span;
    use std::fmt::Write;

    /// Every axis with every cell, and what all but its last cell are called.
    fn table(model: &Model, conditions: &[Cond]) -> String {
        let (space, _) = super::super::build(model, &conditions.iter().collect::<Vec<_>>(), 100_000);
        let mut text = String::new();
        for (id, axis) in space.axes.iter().enumerate() {
            let one: Vec<String> = (0..axis.cells.len()).map(|c| cells(model, &space, id, &Bits::one(c))).collect();
            let most = cells(model, &space, id, &Bits::below(axis.cells.len() - 1));
            let _ = writeln!(text, "{}: {} (but the last: {most})", axis_title(model, &space, id), one.join(" | "));
        }
        text
    }

    #[test]
    fn cells_in_words() {
        let zone = Zone::find("America/Chicago").unwrap();
        let day = |t: &str| parse_date(t).unwrap();
        let minute = |t: &str, m: i64| zone.instant(day(t), m);
        let whole = (zone.day_start(day("2020-01-01")), zone.day_start(day("2031-01-01")) - 1);
        let usd = Type::Number { lo: 0, hi: 50000, scale: 2, unit: Some("USD".into()) };
        let mut roles = domain("student teacher principal guardian");
        roles.what = Element::Role;
        roles.groups.push(("staff".into(), [1, 2].into_iter().collect()));
        let dates = Type::Date { lo: day("2020-01-01"), hi: day("2030-12-31") };
        let facts = vec![
            fact("age", Type::Number { lo: 0, hi: 120, scale: 0, unit: Some("years".into()) }),
            fact("fee", usd.clone()),
            fact("limit", usd),
            fact("sender", Type::Choice(roles.clone())),
            fact("attendees", Type::Set(roles)),
            fact("at", Type::Time),
            fact("born", dates),
            fact("invited", Type::DateTime { lo: whole.0, hi: whole.1 }),
            fact("starts", Type::DateTime { lo: whole.0, hi: whole.1 }),
            fact("recorded", Type::YesNo),
        ];
        let mut model = model(zone.clone(), facts);
        model.facts[9].exists_if = Some(atom(Atom::OneOf(FactId(3), [1, 2].into_iter().collect())));
        model.periods.push(Period {
            name: "school_hours".into(),
            span: Span::default(),
            docs: Vec::new(),
            rule: PeriodRule::Days { days: 31, from: 480, to: 930 },
        });
        let id = |name: &str| model.find_fact(name).unwrap();
        let range = |name: &str, a: i64, b: i64| Atom::Range(id(name), vec![(a, b)]);
        let bits = |v: &[usize]| v.iter().copied().collect::<Bits>();
        let distance = |from: &str, to: &str, unit: Unit, low: i64| Atom::Distance {
            from: id(from),
            to: id(to),
            unit,
            low: Some(low),
            high: None,
        };
        let conditions: Vec<Cond> = [
            range("age", 4, 120),
            range("age", 11, 120),
            range("fee", 5001, 50000),
            range("fee", 10000, 10000),
            Atom::OneOf(id("sender"), bits(&[1, 2])),
            Atom::OneOf(id("sender"), bits(&[3])),
            Atom::Set { fact: id("attendees"), test: SetTest::Any(bits(&[3])) },
            Atom::Set { fact: id("attendees"), test: SetTest::None(bits(&[1, 2])) },
            range("at", 480, 930),
            range("at", 1081, 1439),
            range("born", day("2026-08-17"), day("2027-06-11")),
            range("invited", whole.0, minute("2026-08-17", 0) - 1),
            range("invited", minute("2026-08-17", 0), minute("2027-06-12", 0) - 1),
            range("starts", minute("2026-09-01", 900), whole.1),
            range("starts", minute("2026-09-01", 1021), whole.1),
            Atom::Weekday(id("starts"), 31),
            Atom::Within { fact: id("starts"), period: PeriodId(0), inside: true },
            distance("invited", "starts", Unit::Days, 4),
            distance("invited", "starts", Unit::Days, 11),
            distance("invited", "starts", Unit::Minutes, 5760),
            distance("limit", "fee", Unit::Number, 1),
            distance("born", "starts", Unit::PeriodDays(PeriodId(0)), 3),
            Atom::Yes(id("recorded")),
        ]
        .map(atom)
        .into();
        insta::assert_snapshot!(table(&model, &conditions), @r"
        days from invited to starts: < 4 | 4 to 10 | >= 11 (but the last: < 11)
        hours from invited to starts: < 96 | >= 96 (but the last: < 96)
        school_hours from born to starts: < 3 | >= 3 (but the last: < 3)
        born: until 2026-08-16 or from 2027-06-12 | 2026-08-17 to 2027-06-11 (but the last: until 2026-08-16 or from 2027-06-12)
        invited: before 2026-08-17 | 2026-08-17 to 2027-06-11 | from 2027-06-12 (but the last: before 2027-06-12)
        starts: before 2026-09-01 15:00 | 2026-09-01 15:00 to 2026-09-01 17:00 | after 2026-09-01 17:00 (but the last: until 2026-09-01 17:00)
        weekday of starts: Monday to Friday | Saturday, Sunday (but the last: Monday to Friday)
        starts during school_hours: outside school_hours | during school_hours (but the last: outside school_hours)
        fee - limit: <= 0.00 USD | > 0.00 USD (but the last: <= 0.00 USD)
        fee: <= 50.00 USD | > 50.00 and < 100.00 or > 100.00 USD | 100.00 USD (but the last: not 100.00 USD)
        sender: student | staff | guardian (but the last: not guardian)
        attendees: no staff | staff (but the last: no staff)
        attendees: no guardian | guardian (but the last: no guardian)
        age: < 4 years | 4 to 10 years | >= 11 years (but the last: < 11 years)
        at: before 08:00 or after 15:30 and until 18:00 | 08:00 to 15:30 | after 18:00 (but the last: until 18:00)
        recorded: no | yes | absent (but the last: any)
        ");
    }
}
