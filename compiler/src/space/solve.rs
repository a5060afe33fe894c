//! The least moments that meet time constraints.
//!
//! Each constraint says that one moment is at or after a bound that rises with another moment ("at least 4 days after X",
//! "at most 2 hours before X"), and each moment comes from a set of its own. The componentwise least of two solutions is
//! a solution too, so there is a least one, and raising every moment to its bound, and on to the next member of its set,
//! as long as anything rises, arrives at it or leaves a set behind: exact, and the result is a witness.
//!
//! Where constraints go round in a circle without meeting, the moments would climb step by step to the end of time.
//! `refuted` sees the circles that cannot meet whatever the calendar says; what is left climbs by whole days at least.

use super::moments::Group;
use crate::model::time::MINUTES_PER_DAY;
use crate::model::{Grain, Ruler, Unit};

/// The distances allowed for each link of a group, both ends included, `i64::MIN` and `i64::MAX` for open ends.
pub(super) type Spans = [(i64, i64)];

/// Not restricted.
pub(super) const FREE: (i64, i64) = (i64::MIN, i64::MAX);

pub(super) struct Problem<'a> {
    pub ruler: Ruler<'a>,
    pub group: &'a Group,
    /// What elapsed minutes and the local clock can differ by.
    pub slack: i64,
}

impl Problem<'_> {
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

    /// True if the distances contradict one another on any calendar: exact where all are in minutes or numbers, or all
    /// in days; where units mix, careful by what clocks are set forward and back.
    pub fn refuted(&self, spans: &Spans) -> bool {
        let mut steps: Vec<Edge> = Vec::new();
        let mut days: Vec<Edge> = Vec::new();
        for (link, &(low, high)) in self.group.links.iter().zip(spans) {
            // Both ways round: at most so far there is at least so far back.
            let there = (link.from, link.to, bound(low));
            let back = (link.to, link.from, bound(high.saturating_neg()));
            for (a, b, low) in [there, back] {
                let Some(low) = low else { continue };
                if matches!(link.unit, Unit::Minutes | Unit::Number) {
                    steps.push((a, b, low));
                }
                if self.group.moments[a].grain == Grain::Plain {
                    continue;
                }
                let least = match link.unit {
                    Unit::Days => Some(low),
                    Unit::Minutes => Some(low.saturating_sub(self.slack).div_euclid(MINUTES_PER_DAY)),
                    Unit::PeriodDays(_) => (low > 0).then_some(low),
                    Unit::Months if a == link.from => Some(low.saturating_mul(if low > 0 { 28 } else { 31 })),
                    // At most n months there are fewer than n + 1.
                    Unit::Months => {
                        let months = low.saturating_neg().saturating_add(1);
                        Some(1 - months.saturating_mul(if months > 0 { 31 } else { 28 }))
                    }
                    Unit::Number => None,
                };
                let Some(least) = least else { continue };
                days.push((a, b, least));
                if link.unit != Unit::Minutes {
                    // From any minute of the first day to the first of the last.
                    let rest = if self.group.moments[a].grain == Grain::Minute { MINUTES_PER_DAY - 1 } else { 0 };
                    let minutes = least.saturating_mul(MINUTES_PER_DAY).saturating_sub(rest + self.slack);
                    steps.push((a, b, minutes));
                }
            }
        }
        circle(self.group.moments.len(), &steps) || circle(self.group.moments.len(), &days)
    }
}

/// (a, b, w): b is at least a + w.
type Edge = (usize, usize, i64);

/// A bound unless it is an open end; the opposite of an open end is one too.
fn bound(end: i64) -> Option<i64> {
    (end != i64::MIN && end != -i64::MAX && end != i64::MAX).then_some(end)
}

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
