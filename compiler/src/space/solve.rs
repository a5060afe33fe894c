//! The least moments that meet time constraints.
//!
//! Each constraint says that one moment is at or after a bound that rises with another moment ("at least 4 days after X",
//! "at most 2 hours before X"), and each moment comes from a set of its own. The componentwise least of two solutions is
//! a solution too, so there is a least one, and raising every moment to its bound, and on to the next member of its set,
//! as long as anything rises, arrives at it or leaves a set behind: exact, and the result is a witness.
//!
//! Where constraints go round in a circle without meeting, the moments would climb step by step to the end of time.
//! `refuted` sees the circles that cannot meet whatever the calendar says; what is left climbs by whole days at least.

use super::moments::{Group, Link, Moments};
use crate::model::time::MINUTES_PER_DAY;
use crate::model::{Grain, Model, PeriodId, Ruler, Unit};
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// The distances allowed for each link of a group, both ends included, `i64::MIN` and `i64::MAX` for open ends.
pub(super) type Spans = [(i64, i64)];

/// Not restricted.
pub(super) const FREE: (i64, i64) = (i64::MIN, i64::MAX);

pub(super) struct Problem<'a> {
    pub ruler: Ruler<'a>,
    pub group: &'a Group,
    /// What elapsed minutes and the local clock can differ by.
    slack: i64,
    /// What periods' days were found to be in days.
    known: RefCell<FxHashMap<(PeriodId, i64), i64>>,
}

impl<'a> Problem<'a> {
    pub fn new(moments: &'a Moments, model: &'a Model, group: &'a Group) -> Self {
        Self { ruler: moments.ruler(model), group, slack: moments.slack, known: RefCell::default() }
    }

    /// Raises `values` to the least solution at or above them; `next(moment, value)` is the least member of the moment's
    /// set at or after a value. False if there is none, or `steps` run out.
    pub fn settle(
        &self,
        spans: &Spans,
        values: &mut [i64],
        next: &mut dyn FnMut(usize, i64) -> Option<i64>,
        steps: &mut u64,
    ) -> bool {
        for (moment, value) in values.iter_mut().enumerate() {
            match next(moment, *value) {
                Some(member) => *value = member,
                None => return false,
            }
        }
        loop {
            let mut risen = false;
            for (link, &(low, high)) in self.group.links.iter().zip(spans) {
                let (from, to) = (link.from, link.to);
                let (a, b) = (self.group.moments[from].grain, self.group.moments[to].grain);
                if *steps == 0 {
                    return false;
                }
                *steps -= 1;
                if low != i64::MIN {
                    let bound = self.ruler.least_to(link.unit, (a, values[from]), b, low);
                    if bound > values[to] {
                        let Some(member) = next(to, bound) else { return false };
                        values[to] = member;
                        risen = true;
                    }
                }
                if high != i64::MAX {
                    let bound = self.ruler.least_from(link.unit, (b, values[to]), a, high);
                    if bound > values[from] {
                        let Some(member) = next(from, bound) else { return false };
                        values[from] = member;
                        risen = true;
                    }
                }
            }
            if !risen {
                return true;
            }
        }
    }

    /// True if the distances contradict one another wherever they lie: exact where all have one unit; where units mix,
    /// careful by what months, periods and the changes of clocks leave open.
    pub fn refuted(&self, spans: &Spans) -> bool {
        let links = self.group.links.iter().zip(spans);
        // Both ways round: at most so far there is at least so far back.
        let bounds: Vec<(&Link, usize, usize, i64)> = links
            .flat_map(|(l, &(low, high))| [(l, l.from, l.to, low), (l, l.to, l.from, high.saturating_neg())])
            .filter(|b| b.3 != i64::MIN && b.3 != -i64::MAX)
            .collect();
        let n = self.group.moments.len();
        let days: Vec<Option<i64>> = bounds.iter().map(|&(l, a, _, low)| self.days(l, a == l.from, low)).collect();
        let bounds = || bounds.iter().zip(&days);
        let in_days = bounds().filter_map(|(&(_, a, b, _), days)| Some((a, b, (*days)?)));
        let in_steps = bounds().filter_map(|(&(l, a, b, low), days)| match l.unit {
            Unit::Minutes | Unit::Number => Some((a, b, low)),
            // From any minute of the first day to the first minute of the last.
            _ => {
                let rest = if self.group.moments[a].grain == Grain::Minute { MINUTES_PER_DAY - 1 } else { 0 };
                Some((a, b, (*days)?.saturating_mul(MINUTES_PER_DAY).saturating_sub(rest + self.slack)))
            }
        });
        if circle(n, &in_steps.collect::<Vec<_>>()) || circle(n, &in_days.collect::<Vec<_>>()) {
            return true;
        }
        let mut periods: Vec<Unit> = self.group.links.iter().map(|l| l.unit).collect();
        periods.retain(|u| matches!(u, Unit::PeriodDays(_)));
        periods.sort_unstable();
        periods.dedup();
        periods.into_iter().any(|period| {
            let counted = bounds().filter_map(|(&(l, a, b, low), days)| match l.unit == period {
                true => Some((a, b, low)),
                // So many days back have at most so many of the period's; forward they may have none.
                false => days.map(|d| (a, b, d.min(0))),
            });
            circle(n, &counted.collect::<Vec<_>>())
        })
    }

    /// At least `low` of a link's unit, in its own direction or back, is certainly at least so many days.
    fn days(&self, link: &Link, forward: bool, low: i64) -> Option<i64> {
        if self.group.moments[link.from].grain == Grain::Plain {
            return None;
        }
        match link.unit {
            Unit::Days => Some(low),
            Unit::Minutes => Some(low.saturating_sub(self.slack).div_euclid(MINUTES_PER_DAY)),
            Unit::Months if forward => Some(low.saturating_mul(if low > 0 { 28 } else { 31 })),
            // At most n months there are fewer than n + 1.
            Unit::Months => {
                let months = low.saturating_neg().saturating_add(1);
                Some(1 - months.saturating_mul(if months > 0 { 31 } else { 28 }))
            }
            Unit::PeriodDays(period) => Some(*self.known.borrow_mut().entry((period, low)).or_insert_with(|| {
                let calendar = self.ruler.calendars.get(period);
                let days = self.ruler.calendars.days();
                if low > 0 { calendar.least_days(low) } else { -calendar.most_days(-low, days) }
            })),
            Unit::Number => None,
        }
    }
}

/// (a, b, w): b is at least a + w.
type Edge = (usize, usize, i64);

/// Some circle of edges adds up to more than nothing (Bellman 1958, Ford 1956).
fn circle(n: usize, edges: &[Edge]) -> bool {
    let mut least = vec![0i128; n];
    for _ in 0..=n {
        let mut risen = false;
        for &(a, b, w) in edges {
            let bound = least[a] + i128::from(w);
            if bound > least[b] {
                least[b] = bound;
                risen = true;
            }
        }
        if !risen {
            return false;
        }
    }
    true
}
