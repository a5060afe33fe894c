//! Periods -> the moments and the days they contain, within a range of days.
//!
//! A period is a rule ("weekdays 08:00 to 15:30 during the school year"); questions of time need it as a set. It is first
//! a set of readings of the local clock, each with its date; that set then has moments: an hour that the clocks repeat
//! twice as many, one that they skip none. Whether a date has any of the period is asked of the clock alone. Nothing here
//! knows cells; `decide` has its own, pointwise evaluation of periods, which tests hold against this one.

use super::{Intervals, Model, PeriodId, PeriodRule, Zone};
use crate::model::time::{ALL_DAYS, MINUTES_PER_DAY, weekday};

/// One period within the range of its [`Calendars`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// What the local clock and calendar show: day * 1440 + minute.
    local: Intervals,
    /// Instants: minutes since 1970-01-01 00:00 UTC.
    pub moments: Intervals,
    /// The days on which the period contains any time of the clock.
    pub days: Intervals,
    /// The days of `days` before each of its parts, and at the end all of them.
    counts: Vec<i64>,
}

/// The calendars of some periods of a model.
#[derive(Debug, Clone, Default)]
pub struct Calendars {
    days: (i64, i64),
    periods: Vec<Option<Calendar>>,
    none: Calendar,
}

impl Calendars {
    /// The calendars of these periods, and of all they are made of, for the local days `days` (both included).
    pub fn new(model: &Model, days: (i64, i64), periods: impl IntoIterator<Item = PeriodId>) -> Self {
        let days = (days.0.clamp(ALL_DAYS.0, ALL_DAYS.1), days.1.clamp(ALL_DAYS.0, ALL_DAYS.1));
        let mut calendars = Self { days, periods: vec![None; model.periods.len()], none: Calendar::default() };
        // Parts first, without recursion: a period may stand on a long chain of others.
        let mut open = vec![false; model.periods.len()];
        let mut stack: Vec<PeriodId> = periods.into_iter().collect();
        while let Some(&top) = stack.last() {
            let i = top.index();
            if calendars.periods.get(i).is_none_or(Option::is_some) {
                stack.pop();
            } else if std::mem::replace(&mut open[i], true) {
                let calendar = Calendar::new(&model.zone, &model.periods[i].rule, days, &calendars);
                calendars.periods[i] = Some(calendar);
                stack.pop();
            } else {
                model.periods[i].rule.named(&mut |p| {
                    if open.get(p.index()) == Some(&false) {
                        stack.push(p);
                    }
                });
            }
        }
        calendars
    }

    /// A period's calendar; empty for one that was not asked for.
    pub fn get(&self, period: PeriodId) -> &Calendar {
        self.periods.get(period.index()).and_then(Option::as_ref).unwrap_or(&self.none)
    }

    /// The range of days.
    pub fn days(&self) -> (i64, i64) {
        self.days
    }
}

impl Calendar {
    fn new(zone: &Zone, rule: &PeriodRule, days: (i64, i64), known: &Calendars) -> Self {
        let local = readings(rule, days, known);
        let mut set = Intervals::default();
        for &(from, to) in local.parts() {
            set.push(from.div_euclid(MINUTES_PER_DAY), to.div_euclid(MINUTES_PER_DAY));
        }
        Self { moments: moments(zone, &local), local, ..Self::of_days(set) }
    }

    fn of_days(days: Intervals) -> Self {
        let mut counts = vec![0];
        let mut sum = 0;
        for part in days.parts() {
            sum += part.1 - part.0 + 1;
            counts.push(sum);
        }
        Self { days, counts, ..Self::default() }
    }

    /// What the local clock and calendar show while it lasts: day * 1440 + minute.
    pub fn readings(&self) -> &Intervals {
        &self.local
    }

    /// How many of its days are at or before this one.
    pub fn days_until(&self, day: i64) -> i64 {
        let i = self.days.parts().partition_point(|p| p.0 <= day);
        match i.checked_sub(1).and_then(|i| self.days.parts().get(i).map(|p| (i, p))) {
            Some((i, part)) => self.counts[i] + day.min(part.1) - part.0 + 1,
            None => 0,
        }
    }

    /// `n` of its days, at least one, after a date and up to another are at least so many days apart; `i64::MAX` if it has
    /// no `n` days.
    pub fn least_days(&self, n: i64) -> i64 {
        // The start of a part gives the shortest way: a later start moves the end at least as far.
        let spans = self
            .days
            .parts()
            .iter()
            .zip(&self.counts)
            .filter_map(|(part, before)| self.nth_day(before + n).map(|end| end - part.0 + 1));
        spans.min().unwrap_or(i64::MAX)
    }

    /// At most `n` of its days, none or more, after a date and up to another are at most so many days apart, if both dates
    /// lie within the range `days`.
    pub fn most_days(&self, n: i64, days: (i64, i64)) -> i64 {
        let end = |count: i64| self.nth_day(count).map_or(days.1, |day| day - 1);
        // The end of a part gives the longest way: an earlier start moves the end at least as far. Where the period has
        // no further days the end is that of the range, and the earliest start the farthest.
        let spans = self
            .days
            .parts()
            .iter()
            .zip(&self.counts)
            .map(|(part, before)| end(before + part.1 - part.0 + 1 + n + 1) - part.1);
        let all = self.counts.last().copied().unwrap_or(0);
        let last = days.1 - self.nth_day(all - n).unwrap_or(days.0);
        spans.fold(last.max(end(n + 1) - days.0), i64::max)
    }

    /// The `n`th of its days, from 1; `None` past the last, and for 0 and below.
    pub fn nth_day(&self, n: i64) -> Option<i64> {
        let i = self.counts.partition_point(|&c| c < n);
        let i = i.checked_sub(1)?;
        self.days.parts().get(i).map(|part| part.0 + n - self.counts[i] - 1)
    }
}

/// The moments at which the clock shows one of these readings.
fn moments(zone: &Zone, local: &Intervals) -> Intervals {
    let mut set = Intervals::default();
    let (Some(first), Some(last)) = (local.first(), local.last()) else { return set };
    let pieces = zone.pieces();
    for (i, &(start, offset)) in pieces.iter().enumerate() {
        let end = pieces.get(i + 1).map_or(i64::MAX, |p| p.0);
        if end <= first.saturating_sub(2 * MINUTES_PER_DAY) || start > last.saturating_add(2 * MINUTES_PER_DAY) {
            continue;
        }
        // Clocks set back over midnight show minutes of the day before, but these belong to the later date.
        let mut start = start;
        if start != i64::MIN {
            let day = zone.day(start);
            let midnight = day * MINUTES_PER_DAY - offset;
            if midnight > start {
                let shown = (start + offset).div_euclid(MINUTES_PER_DAY);
                let shift = offset + (day - shown) * MINUTES_PER_DAY;
                run(&mut set, local, (start, midnight.min(end) - 1), shift);
                start = midnight.min(end);
            }
        }
        run(&mut set, local, (start, end.saturating_sub(1)), offset);
    }
    set
}

/// Adds the instants of a run during which the clock is `offset` ahead.
fn run(set: &mut Intervals, local: &Intervals, (start, end): (i64, i64), offset: i64) {
    let parts = local.parts();
    let first = parts.partition_point(|p| p.1 - offset < start);
    for &(from, to) in parts[first..].iter().take_while(|p| p.0 - offset <= end) {
        set.push((from - offset).max(start), (to - offset).min(end));
    }
}

/// The readings of a local clock and calendar on these days that a rule contains.
fn readings(rule: &PeriodRule, days: (i64, i64), known: &Calendars) -> Intervals {
    match rule {
        PeriodRule::Dates(from, to) => whole_days((*from).max(days.0), (*to).min(days.1)),
        PeriodRule::Days { days: mask, from, to } => hours(*mask, i64::from(*from), i64::from(*to), days),
        PeriodRule::Named(period) => known.get(*period).local.intersection(&whole_days(days.0, days.1)),
        PeriodRule::Either(rules) => {
            let parts: Vec<Intervals> = rules.iter().map(|r| readings(r, days, known)).collect();
            Intervals::from_parts(parts.iter().flat_map(|p| p.parts().iter().copied()))
        }
        PeriodRule::During(a, b) => {
            // Look only at the days that the other part leaves: a school year has few of a century's days.
            let days = narrow(b, narrow(a, days, known), known);
            readings(a, days, known).intersection(&readings(b, days, known))
        }
        PeriodRule::Except(a, b) => {
            let days = narrow(a, days, known);
            readings(a, days, known).difference(&readings(b, days, known))
        }
    }
}

/// The part of `days` outside which the rule certainly contains nothing.
fn narrow(rule: &PeriodRule, days: (i64, i64), known: &Calendars) -> (i64, i64) {
    let cut = |(from, to): (i64, i64)| (days.0.max(from), days.1.min(to));
    let none = (days.0, days.0 - 1);
    match rule {
        PeriodRule::Dates(from, to) => cut((*from, *to)),
        PeriodRule::Days { .. } => days,
        PeriodRule::Named(period) => {
            let set = &known.get(*period).days;
            set.first().zip(set.last()).map_or(none, cut)
        }
        PeriodRule::Either(rules) => rules
            .iter()
            .map(|r| narrow(r, days, known))
            .filter(|d| d.0 <= d.1)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            .unwrap_or(none),
        PeriodRule::During(a, b) => narrow(b, narrow(a, days, known), known),
        PeriodRule::Except(a, _) => narrow(a, days, known),
    }
}

fn whole_days(from: i64, to: i64) -> Intervals {
    Intervals::one(from * MINUTES_PER_DAY, (to + 1) * MINUTES_PER_DAY - 1)
}

/// `from..to` on the days of the mask; over midnight where `to <= from`.
fn hours(mask: u8, from: i64, to: i64, days: (i64, i64)) -> Intervals {
    let mut set = Intervals::default();
    let on = |day: i64| mask >> weekday(day) & 1 == 1;
    for day in days.0..=days.1 {
        let midnight = day * MINUTES_PER_DAY;
        if from < to {
            if on(day) {
                set.push(midnight + from, midnight + to - 1);
            }
            continue;
        }
        if on(day - 1) {
            set.push(midnight, midnight + to - 1);
        }
        if on(day) {
            set.push(midnight + from, midnight + MINUTES_PER_DAY - 1);
        }
    }
    set
}

impl PeriodRule {
    /// Calls `f` on every period that this one names.
    pub fn named(&self, f: &mut impl FnMut(PeriodId)) {
        match self {
            PeriodRule::Dates(..) | PeriodRule::Days { .. } => {}
            PeriodRule::Named(period) => f(*period),
            PeriodRule::Either(rules) => rules.iter().for_each(|r| r.named(f)),
            PeriodRule::During(a, b) | PeriodRule::Except(a, b) => {
                a.named(f);
                b.named(f);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_days_and_spans_of_days() {
        let mut rng = fastrand::Rng::with_seed(11);
        for _ in 0..300 {
            let (lo, hi) = (20_000, 20_000 + rng.i64(1..30));
            let density = rng.u32(1..5);
            let days: Vec<i64> = (lo..=hi).filter(|_| rng.u32(0..5) < density).collect();
            let calendar = Calendar::of_days(Intervals::from_parts(days.iter().map(|d| (*d, *d))));
            let count = |from: i64, to: i64| days.iter().filter(|d| from < **d && **d <= to).count() as i64;
            for day in lo - 2..=hi + 2 {
                assert_eq!(calendar.days_until(day), count(lo - 1, day));
            }
            for n in -2i64..40 {
                let nth = n.checked_sub(1).and_then(|i| usize::try_from(i).ok()).and_then(|i| days.get(i));
                assert_eq!(calendar.nth_day(n), nth.copied());
            }
            let pairs: Vec<(i64, i64)> = (lo - 1..=hi).flat_map(|a| (a..=hi).map(move |b| (a, b))).collect();
            for n in 1..8 {
                let least = pairs.iter().filter(|p| count(p.0, p.1) >= n).map(|p| p.1 - p.0).min();
                assert_eq!(calendar.least_days(n), least.unwrap_or(i64::MAX));
            }
            for n in 0..8 {
                let most = pairs.iter().filter(|p| p.0 >= lo && count(p.0, p.1) <= n).map(|p| p.1 - p.0).max();
                assert_eq!(Some(calendar.most_days(n, (lo, hi))), most, "{n} of {days:?} in {lo}..={hi}");
            }
        }
    }
}
