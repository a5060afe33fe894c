//! The values that some cells leave to a number or moment, without listing them.
//!
//! Each cell can say which is its next value at or after another. Asked in turn until all agree, they find the next value
//! of all. Borrowed from the cells and calendars; nothing is copied.

use crate::model::intervals::gallop;
use crate::model::time::weekday;
use crate::model::{Grain, Zone};
use smallvec::SmallVec;

/// A set of values.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// Sorted intervals that do not touch.
    In(&'a [(i64, i64)]),
    /// All but these.
    Out(&'a [(i64, i64)]),
    /// Local days; bit 0 is Monday.
    Weekdays(u8),
}

/// The values of `range` that lie in all parts.
#[derive(Debug, Clone)]
pub(super) struct Values<'a> {
    pub range: (i64, i64),
    pub grain: Grain,
    pub zone: &'a Zone,
    pub parts: SmallVec<[Part<'a>; 4]>,
}

/// Where a search in the parts has come to; for values that only rise. New for a new search.
pub(super) type Cursors = SmallVec<[usize; 4]>;

impl Values<'_> {
    /// The least value at or after `x`.
    pub fn next(&self, x: i64) -> Option<i64> {
        self.next_from(&mut Cursors::new(), x)
    }

    pub fn contains(&self, x: i64) -> bool {
        self.next(x) == Some(x)
    }

    /// The least value at or after `x`, in a search in which `x` only rises.
    pub fn next_from(&self, cursors: &mut Cursors, x: i64) -> Option<i64> {
        cursors.resize(self.parts.len(), 0);
        let mut x = x.max(self.range.0);
        loop {
            if x > self.range.1 {
                return None;
            }
            let before = x;
            for (part, cursor) in self.parts.iter().zip(cursors.iter_mut()) {
                x = match *part {
                    Part::In(parts) => {
                        *cursor = gallop(parts, *cursor, x);
                        parts.get(*cursor)?.0.max(x)
                    }
                    Part::Out(parts) => {
                        *cursor = gallop(parts, *cursor, x);
                        match parts.get(*cursor) {
                            Some(part) if part.0 <= x => part.1.checked_add(1)?,
                            _ => x,
                        }
                    }
                    Part::Weekdays(mask) => self.next_weekday(mask, x)?,
                };
            }
            if x == before {
                return Some(x);
            }
        }
    }

    /// The greatest value at or before `x`.
    pub fn prev(&self, x: i64) -> Option<i64> {
        let mut x = x.min(self.range.1);
        loop {
            if x < self.range.0 {
                return None;
            }
            let before = x;
            for part in &self.parts {
                x = match *part {
                    Part::In(parts) => {
                        let i = parts.partition_point(|p| p.0 <= x).checked_sub(1)?;
                        parts.get(i)?.1.min(x)
                    }
                    Part::Out(parts) => match parts.get(gallop(parts, 0, x)) {
                        Some(part) if part.0 <= x => part.0.checked_sub(1)?,
                        _ => x,
                    },
                    Part::Weekdays(mask) => self.prev_weekday(mask, x)?,
                };
            }
            if x == before {
                return Some(x);
            }
        }
    }

    fn day(&self, x: i64) -> i64 {
        if self.grain == Grain::Minute { self.zone.day(x) } else { x }
    }

    fn next_weekday(&self, mask: u8, x: i64) -> Option<i64> {
        let today = self.day(x);
        // A second week, as there are zones that once left out a day.
        let day = (today..today + 14).find(|d| mask >> weekday(*d) & 1 == 1 && (*d == today || self.starts(*d)))?;
        let start = if self.grain == Grain::Minute { self.zone.day_start(day) } else { day };
        Some(if day == today { x } else { start })
    }

    fn prev_weekday(&self, mask: u8, x: i64) -> Option<i64> {
        let today = self.day(x);
        let day =
            (today - 13..=today).rev().find(|d| mask >> weekday(*d) & 1 == 1 && (*d == today || self.starts(*d)))?;
        let end = if self.grain == Grain::Minute { self.zone.day_start(day + 1) - 1 } else { day };
        Some(if day == today { x } else { end })
    }

    /// The day has moments.
    fn starts(&self, day: i64) -> bool {
        self.grain != Grain::Minute || self.zone.day_start(day) < self.zone.day_start(day + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_and_last_values() {
        let zone = Zone::find("Pacific/Apia").unwrap();
        let mut rng = fastrand::Rng::with_seed(12);
        // 30 December 2011 is missing there.
        let days = (15_335, 15_345);
        for _ in 0..200 {
            let grain = if rng.bool() { Grain::Day } else { Grain::Minute };
            let range = if grain == Grain::Day { days } else { (zone.day_start(days.0), zone.day_start(days.1)) };
            let width = (range.1 - range.0) / 4;
            let cuts: Vec<i64> = (0..4).map(|i| range.0 + i * width + rng.i64(0..width)).collect();
            let lists = [[(cuts[0], cuts[1])], [(cuts[2], cuts[3])]];
            let mut values = Values { range, grain, zone: &zone, parts: SmallVec::new() };
            let mask = rng.u8(0..128);
            let (with, without) = (rng.bool(), rng.bool());
            values.parts.push(Part::Weekdays(mask));
            values.parts.extend(with.then_some(Part::In(&lists[0])));
            values.parts.extend(without.then_some(Part::Out(&lists[1])));
            let holds = |x: i64| {
                let within = |p: (i64, i64)| p.0 <= x && x <= p.1;
                let day = if grain == Grain::Day { x } else { zone.day(x) };
                within(range)
                    && mask >> weekday(day) & 1 == 1
                    && (!with || within(lists[0][0]))
                    && !(without && within(lists[1][0]))
            };
            for _ in 0..20 {
                let x = rng.i64(range.0 - 5..=range.1 + 5);
                assert_eq!(values.next(x), (x..=range.1).find(|&y| holds(y)));
                assert_eq!(values.prev(x), (range.0..=x).rev().find(|&y| holds(y)));
            }
            assert_eq!((values.next(i64::MAX), values.prev(i64::MIN)), (None, None));
        }
    }
}
