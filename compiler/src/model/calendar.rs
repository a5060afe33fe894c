//! Periods -> the moments and the days they contain, within a range of days.
//!
//! A period is a rule ("weekdays 08:00 to 15:30 during the school year"); questions of time need it as a set. Hours are
//! times of the local clock, so an hour that the clocks repeat counts twice and one that they skip not at all. Hours over
//! midnight belong to the day they start on. Nothing here knows cells; `decide` has its own, pointwise evaluation of
//! periods, which tests hold against this one.

use super::{Intervals, Model, PeriodId, PeriodRule, Zone};
use crate::model::time::{ALL_DAYS, MINUTES_PER_DAY, weekday};

/// One period within the range of its [`Calendars`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Instants: minutes since 1970-01-01 00:00 UTC.
    pub moments: Intervals,
    /// The local days that contain any of these moments.
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
        let moments = moments(zone, rule, days, known);
        let mut set = Intervals::default();
        for &(from, to) in moments.parts() {
            set.push(zone.day(from), zone.day(to));
        }
        let mut counts = vec![0];
        let mut sum = 0;
        for part in set.parts() {
            sum += part.1 - part.0 + 1;
            counts.push(sum);
        }
        Self { moments, days: set, counts }
    }

    /// How many of its days are at or before this one.
    pub fn days_until(&self, day: i64) -> i64 {
        let i = self.days.parts().partition_point(|p| p.0 <= day);
        match i.checked_sub(1).and_then(|i| self.days.parts().get(i).map(|p| (i, p))) {
            Some((i, part)) => self.counts[i] + day.min(part.1) - part.0 + 1,
            None => 0,
        }
    }

    /// The `n`th of its days, from 1; `None` past the last, and for 0 and below.
    pub fn nth_day(&self, n: i64) -> Option<i64> {
        let i = self.counts.partition_point(|&c| c < n);
        let i = i.checked_sub(1)?;
        self.days.parts().get(i).map(|part| part.0 + n - self.counts[i] - 1)
    }
}

fn moments(zone: &Zone, rule: &PeriodRule, days: (i64, i64), known: &Calendars) -> Intervals {
    if days.0 > days.1 {
        return Intervals::default();
    }
    match rule {
        PeriodRule::Dates(from, to) => whole_days(zone, (*from).max(days.0), (*to).min(days.1)),
        PeriodRule::Days { days: mask, from, to } => hours(zone, *mask, i64::from(*from), i64::from(*to), days),
        PeriodRule::Named(period) => {
            let all = whole_days(zone, days.0, days.1);
            known.get(*period).moments.intersection(&all)
        }
        PeriodRule::Either(rules) => {
            let parts: Vec<Intervals> = rules.iter().map(|r| moments(zone, r, days, known)).collect();
            Intervals::from_parts(parts.iter().flat_map(|p| p.parts().iter().copied()))
        }
        PeriodRule::During(a, b) => {
            // Look only at the days that the other part leaves: a school year has few of a century's days.
            let days = narrow(zone, b, narrow(zone, a, days, known), known);
            moments(zone, a, days, known).intersection(&moments(zone, b, days, known))
        }
        PeriodRule::Except(a, b) => {
            let days = narrow(zone, a, days, known);
            moments(zone, a, days, known).difference(&moments(zone, b, days, known))
        }
    }
}

/// The part of `days` outside which the rule has certainly no moment.
fn narrow(zone: &Zone, rule: &PeriodRule, days: (i64, i64), known: &Calendars) -> (i64, i64) {
    let cut = |(from, to): (i64, i64)| (days.0.max(from), days.1.min(to));
    match rule {
        PeriodRule::Dates(from, to) => cut((*from, *to)),
        PeriodRule::Days { .. } => days,
        PeriodRule::Named(period) => {
            let set = &known.get(*period).moments;
            match (set.first(), set.last()) {
                (Some(first), Some(last)) => cut((zone.day(first), zone.day(last))),
                _ => (days.0, days.0 - 1),
            }
        }
        PeriodRule::Either(rules) => rules
            .iter()
            .map(|r| narrow(zone, r, days, known))
            .filter(|d| d.0 <= d.1)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            .unwrap_or((days.0, days.0 - 1)),
        PeriodRule::During(a, b) => narrow(zone, b, narrow(zone, a, days, known), known),
        PeriodRule::Except(a, _) => narrow(zone, a, days, known),
    }
}

fn whole_days(zone: &Zone, from: i64, to: i64) -> Intervals {
    if from > to { Intervals::default() } else { Intervals::one(zone.day_start(from), zone.day_start(to + 1) - 1) }
}

/// The moments whose local clock shows `from..to` on the days of the mask; over midnight where `to <= from`.
fn hours(zone: &Zone, mask: u8, from: i64, to: i64, days: (i64, i64)) -> Intervals {
    let mut set = Intervals::default();
    let on = |day: i64| mask >> weekday(day) & 1 == 1;
    let pieces = zone.pieces();
    let mut piece = pieces.partition_point(|p| p.0 <= zone.day_start(days.0)).max(1) - 1;
    for day in days.0..=days.1 {
        let (start, end) = (zone.day_start(day), zone.day_start(day + 1));
        // What the clock may show on this day, in minutes, ends not included.
        let (early, late) = match (to <= from, on(day), on(day - 1)) {
            (false, true, _) => ((0, 0), (from, to)),
            (true, today, yesterday) => {
                (if yesterday { (0, to) } else { (0, 0) }, if today { (from, MINUTES_PER_DAY) } else { (0, 0) })
            }
            (false, false, _) => continue,
        };
        if (from, to) == (0, MINUTES_PER_DAY) {
            set.push(start, end - 1);
            continue;
        }
        // Runs in which the clock goes on steadily: cut where the offset changes and where the clock passes midnight.
        let mut at = start;
        while at < end {
            while pieces.get(piece + 1).is_some_and(|p| p.0 <= at) {
                piece += 1;
            }
            let offset = pieces.get(piece).map_or(0, |p| p.1);
            let midnight = (at + offset).div_euclid(MINUTES_PER_DAY) * MINUTES_PER_DAY - offset;
            let stop = end.min(midnight + MINUTES_PER_DAY).min(pieces.get(piece + 1).map_or(i64::MAX, |p| p.0));
            for (open, close) in [early, late] {
                set.push((midnight + open).max(at), (midnight + close).min(stop) - 1);
            }
            at = stop;
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
