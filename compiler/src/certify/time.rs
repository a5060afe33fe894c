//! Days, clocks, weeks, months and periods as integer arithmetic, exactly.
//!
//! * The local date of an instant t is `(t + clock(t)) div 1440`, where `clock` is what the local clock is ahead: a step
//!   function with one step for each change of the clocks within the facts' ranges. Where clocks fall back over midnight
//!   the repeated minutes count to the later date, so there it is a day more.
//! * Weeks begin on Mondays; 1970-01-01 was a Thursday.
//! * Months are counted in years that begin in March, so that the day that some years lack is the last one.
//! * A period is its rule, written as a function of day and minute. How many of its days are at or before a day is a step
//!   function too: between two dates that the rule names, its days are the same in every week, so they are so many a week
//!   and so many within the last one.
//!
//! Nothing here shares an evaluation with `space` or with the calendars of the model.

use super::Encoding;
use super::terms::{and, between, equal, int, not, or, steps, symbol, truth};
use crate::model::time::{ALL_DAYS, MINUTES_PER_DAY, civil, day_of};
use crate::model::*;

pub const LAST_MINUTE: i64 = MINUTES_PER_DAY - 1;
/// In a year that begins in March.
const BEFORE_MONTH: [i64; 12] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

/// Defines the local date and the minute of the clock of a datetime. Returns the date.
pub fn local(e: &mut Encoding<'_>, id: FactId) -> String {
    let fact = e.model.fact(id);
    if !e.dict.has("clock") {
        let ranges = e.model.facts.iter().filter_map(|f| match f.ty {
            Type::DateTime { lo, hi } => Some((lo, hi)),
            _ => None,
        });
        let all = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0));
        let ahead: Vec<(i64, String)> = clock(&e.model.zone, all).into_iter().map(|(s, o)| (s, int(o))).collect();
        let comment = format!("what the local clock is ahead of UTC in {}, in minutes", e.model.zone.name);
        e.dict.function("clock", "((t Int)) Int", &steps("t", &ahead), Some(comment));
    }
    let value = symbol(&fact.name);
    let reading = e.dict.number(&format!("{} by the local clock", fact.name), format!("(+ {value} (|clock| {value}))"));
    e.dict.number(&format!("minute of {}", fact.name), format!("(mod {reading} {MINUTES_PER_DAY})"));
    e.dict.number(&format!("day of {}", fact.name), format!("(div {reading} {MINUTES_PER_DAY})"))
}

/// What to add to the instants of a range so that full days of it are local dates: (first instant, minutes).
pub fn clock(zone: &Zone, (lo, hi): (i64, i64)) -> Vec<(i64, i64)> {
    let mut ahead: Vec<(i64, i64)> = Vec::new();
    let mut last_day = i64::MIN;
    let pieces = zone.pieces();
    for (i, &(start, offset)) in pieces.iter().enumerate() {
        let end = pieces.get(i + 1).map_or(i64::MAX, |p| p.0);
        // The latest date that was reached before this piece: the clock may show an earlier one, but no date comes twice.
        let shown = start.saturating_add(offset).div_euclid(MINUTES_PER_DAY);
        let late = if start == i64::MIN { 0 } else { (last_day - shown).max(0) };
        if late > 0 {
            let midnight = (last_day * MINUTES_PER_DAY - offset).min(end);
            ahead.push((start, offset + late * MINUTES_PER_DAY));
            ahead.push((midnight, offset));
        } else {
            ahead.push((start, offset));
        }
        last_day = last_day.max((end - 1).saturating_add(offset).div_euclid(MINUTES_PER_DAY));
    }
    // Only the steps within the range.
    let first = ahead.partition_point(|s| s.0 <= lo).saturating_sub(1);
    ahead.truncate(ahead.partition_point(|s| s.0 <= hi));
    let mut used: Vec<(i64, i64)> = ahead.split_off(first.min(ahead.len()));
    used.dedup_by_key(|s| s.1);
    used
}

/// Defines weekday, week, month and day of the month of a local date.
pub fn parts_of_day(e: &mut Encoding<'_>, id: FactId, day: &str) {
    let fact = e.model.fact(id);
    let name = &fact.name;
    e.dict.number(&format!("weekday of {name}"), format!("(mod (+ {day} 3) 7)"));
    if !e.dict.has("month at") {
        let months: Vec<(i64, String)> = BEFORE_MONTH.iter().zip(0..).map(|(b, m)| (*b, int(m))).collect();
        e.dict.function("month at", "((d Int)) Int", &steps("d", &months), Some("0 is March".into()));
        let first: Vec<(i64, String)> = BEFORE_MONTH.iter().map(|b| (*b, int(*b))).collect();
        e.dict.function("days before its month", "((d Int)) Int", &steps("d", &first), None);
    }
    let years = march_years(&e.model.zone, &fact.ty);
    let table = |of: &dyn Fn(&(i64, i64, i64)) -> i64| years.iter().map(|y| (y.1, int(of(y)))).collect::<Vec<_>>();
    let year = e.dict.number(&format!("March year of {name}"), steps(day, &table(&|y| y.0)));
    let first = e.dict.number(&format!("first of March before {name}"), steps(day, &table(&|y| y.1)));
    let last = e.dict.number(&format!("days of the March year of {name}"), steps(day, &table(&|y| y.2)));
    let passed = e.dict.number(&format!("days since March of {name}"), format!("(- {day} {first})"));
    e.dict.number(&format!("month of {name}"), format!("(+ (* 12 {year}) (|month at| {passed}))"));
    e.dict.number(
        &format!("day of the month of {name}"),
        format!("(+ 1 (- {passed} (|days before its month| {passed})))"),
    );
    // The next day begins a month, or a year.
    let ends: Vec<String> = BEFORE_MONTH[1..].iter().map(|b| equal(&passed, &int(b - 1))).collect();
    e.dict.truth(&format!("{name} ends a month"), or(ends.into_iter().chain([format!("(= (+ 1 {passed}) {last})")])));
}

/// The years that begin in March within a fact's range: number, first day, days.
fn march_years(zone: &Zone, ty: &Type) -> Vec<(i64, i64, i64)> {
    let (lo, hi) = match ty {
        Type::Date { lo, hi } => (*lo, *hi),
        Type::DateTime { lo, hi } => (zone.day(*lo), zone.day(*hi)),
        _ => (0, 0),
    };
    let first = |year: i64| day_of(year, 3, 1).unwrap_or(0);
    let years = (civil(lo).0 - 1..=civil(hi).0).map(|year| (year, first(year), first(year + 1) - first(year)));
    years.filter(|(_, start, days)| start + days > lo && *start <= hi).collect()
}

/// The local date of a date or datetime.
pub fn day(fact: &Fact) -> String {
    match fact.ty {
        Type::DateTime { .. } => symbol(&format!("day of {}", fact.name)),
        _ => symbol(&fact.name),
    }
}

pub fn weekday(fact: &Fact) -> String {
    symbol(&format!("weekday of {}", fact.name))
}

/// `low <= whole months from one to the other <= high`.
pub fn months(from: &Fact, to: &Fact, low: Option<i64>, high: Option<i64>) -> String {
    let at_least = |n: i64| {
        let part = |what: &str, fact: &Fact| symbol(&format!("{what} of {}", fact.name));
        let (a, b) = (part("month", from), part("month", to));
        let (x, y) = (part("day of the month", from), part("day of the month", to));
        let moved = if n == 0 { a } else { format!("(+ {a} {})", int(n)) };
        let ends = symbol(&format!("{} ends a month", to.name));
        format!("(or (< {moved} {b}) (and (= {moved} {b}) (or (<= {x} {y}) {ends})))")
    };
    let low = low.map_or("true".into(), at_least);
    let high = high.map_or("true".into(), |h| not(at_least(h.saturating_add(1))));
    and([low, high])
}

/// Defines a period, and those that it is made of: when it is, on which days, and how many of its days have passed.
pub fn periods(e: &mut Encoding<'_>) {
    let model = e.model;
    for (i, period) in model.periods.iter().enumerate() {
        let rule = &period.rule;
        let comment = Some(format!("period `{}` at a day and a minute of the clock", period.name));
        let term = moment(model, rule, "day", "minute");
        e.dict.function(&format!("during {}", period.name), "((day Int) (minute Int)) Bool", &term, comment);
        let minutes = changes(model, rule);
        let any = or(minutes.iter().map(|m| format!("({} day {m})", symbol(&format!("during {}", period.name)))));
        let comment = Some(format!("a day of `{}`: between these minutes nothing changes", period.name));
        e.dict.function(&format!("on a day of {}", period.name), "((day Int)) Bool", &any, comment);
        let mut terms = Vec::new();
        for (start, mask, base) in passed(model, PeriodId(i as u32)) {
            terms.push((start, within_weeks(mask, base)));
        }
        let comment =
            Some(format!("the days of `{}` up to and with this day, from an arbitrary beginning", period.name));
        e.dict.function(&format!("days of {}", period.name), "((day Int)) Int", &steps("day", &terms), comment);
    }
}

/// `base` plus the days of the mask from the beginning of week 0 up to a day.
fn within_weeks(mask: u8, base: i64) -> String {
    let all = mask.count_ones();
    let passed: Vec<(i64, String)> =
        (0..7).map(|d| (d, int(i64::from((mask & ((2u16 << d) - 1) as u8).count_ones())))).collect();
    match mask & 127 {
        0 => int(base),
        _ => format!("(+ {} (* {all} (div (+ day 3) 7)) {})", int(base), steps("(mod (+ day 3) 7)", &passed)),
    }
}

/// The stretches of days in which every week of a period is the same: (first day, days of the week, base), where the base
/// makes the counts of days go on from one stretch to the next.
pub fn passed(model: &Model, period: PeriodId) -> Vec<(i64, u8, i64)> {
    let rule = &model.period(period).rule;
    let mut starts = vec![ALL_DAYS.0];
    dates(model, rule, &mut starts);
    starts.sort_unstable();
    starts.dedup();
    let minutes = changes(model, rule);
    let mut stretches: Vec<(i64, u8, i64)> = Vec::new();
    let mut count = 0;
    for (i, &start) in starts.iter().enumerate() {
        let on = |weekday: u32| minutes.iter().any(|&m| at(model, rule, start, weekday, m));
        let mask = (0..7).filter(|d| on(*d)).fold(0u8, |mask, d| mask | 1 << d);
        let up_to = |day: i64| {
            let (week, weekday) = ((day + 3).div_euclid(7), (day + 3).rem_euclid(7));
            let rest = mask & ((2u16 << weekday) - 1) as u8;
            week * i64::from(mask.count_ones()) + i64::from(rest.count_ones())
        };
        stretches.push((start, mask, count - up_to(start - 1)));
        if let Some(&next) = starts.get(i + 1) {
            count += up_to(next - 1) - up_to(start - 1);
        }
    }
    stretches
}

/// The rule on a weekday and a minute of the stretch of days that this day is in.
fn at(model: &Model, rule: &PeriodRule, day: i64, weekday: u32, minute: i64) -> bool {
    match rule {
        PeriodRule::Dates(from, to) => *from <= day && day <= *to,
        PeriodRule::Days { days, from, to } => {
            let on = |weekday: u32| days >> (weekday % 7) & 1 == 1;
            let (from, to) = (i64::from(*from), i64::from(*to));
            match from < to {
                true => on(weekday) && from <= minute && minute < to,
                false => (on(weekday) && from <= minute) || (on(weekday + 6) && minute < to),
            }
        }
        PeriodRule::Named(id) => at(model, &model.period(*id).rule, day, weekday, minute),
        PeriodRule::Either(parts) => parts.iter().any(|p| at(model, p, day, weekday, minute)),
        PeriodRule::During(a, b) => at(model, a, day, weekday, minute) && at(model, b, day, weekday, minute),
        PeriodRule::Except(a, b) => at(model, a, day, weekday, minute) && !at(model, b, day, weekday, minute),
    }
}

/// The rule at a day and a minute.
fn moment(model: &Model, rule: &PeriodRule, day: &str, minute: &str) -> String {
    let both = |a: &PeriodRule, b: &PeriodRule| (moment(model, a, day, minute), moment(model, b, day, minute));
    match rule {
        PeriodRule::Dates(from, to) => between(day, Some(*from), Some(*to)),
        PeriodRule::Days { days, from, to } => {
            let (from, to) = (i64::from(*from), i64::from(*to));
            let (today, yesterday) = (on_weekdays(*days, day, 3), on_weekdays(*days, day, 2));
            let from_on = if from == 0 { truth(true) } else { between(minute, Some(from), None) };
            let until = if to > LAST_MINUTE { truth(true) } else { format!("(< {minute} {to})") };
            match from < to {
                true => and([today, from_on, until]),
                false => or([and([today, from_on]), if to == 0 { truth(false) } else { and([yesterday, until]) }]),
            }
        }
        PeriodRule::Named(id) => {
            format!("({} {day} {minute})", symbol(&format!("during {}", model.period(*id).name)))
        }
        PeriodRule::Either(parts) => or(parts.iter().map(|p| moment(model, p, day, minute))),
        PeriodRule::During(a, b) => {
            let (a, b) = both(a, b);
            and([a, b])
        }
        PeriodRule::Except(a, b) => {
            let (a, b) = both(a, b);
            and([a, not(b)])
        }
    }
}

/// That a day, moved so that Monday is 0, is one of the mask.
fn on_weekdays(mask: u8, day: &str, shift: i64) -> String {
    match mask & 127 {
        127 => truth(true),
        mask => is_weekday(mask, &format!("(mod (+ {day} {shift}) 7)")),
    }
}

/// That a weekday, 0 for Monday, is one of the mask.
pub fn is_weekday(mask: u8, weekday: &str) -> String {
    match mask & 127 {
        127 => truth(true),
        mask => or((0..7).filter(|d| mask >> d & 1 == 1).map(|d| equal(weekday, &int(d)))),
    }
}

/// The minutes of the clock at which the rule may change, midnight first.
fn changes(model: &Model, rule: &PeriodRule) -> Vec<i64> {
    let mut minutes = vec![0];
    each(model, rule, &mut |part| {
        if let PeriodRule::Days { from, to, .. } = part {
            minutes.extend([*from, *to].map(i64::from).into_iter().filter(|m| *m < MINUTES_PER_DAY));
        }
    });
    minutes.sort_unstable();
    minutes.dedup();
    minutes
}

/// The days from which on its dates are others.
fn dates(model: &Model, rule: &PeriodRule, into: &mut Vec<i64>) {
    each(model, rule, &mut |part| {
        if let PeriodRule::Dates(from, to) = part {
            into.extend([*from, to + 1].into_iter().filter(|d| *d > ALL_DAYS.0));
        }
    });
}

/// Calls `f` on every basic part, those of named periods included.
fn each(model: &Model, rule: &PeriodRule, f: &mut impl FnMut(&PeriodRule)) {
    let mut open = vec![rule];
    let mut seen = Bits::new();
    while let Some(rule) = open.pop() {
        match rule {
            PeriodRule::Dates(..) | PeriodRule::Days { .. } => f(rule),
            PeriodRule::Named(id) if seen.contains(id.index()) => {}
            PeriodRule::Named(id) => {
                seen.insert(id.index());
                open.push(&model.period(*id).rule);
            }
            PeriodRule::Either(parts) => open.extend(parts),
            PeriodRule::During(a, b) | PeriodRule::Except(a, b) => open.extend([&**a, &**b]),
        }
    }
}
