//! The zone and the periods of a policy -> few constants that any engine can reckon with.
//!
//! ```text
//! the zone's pieces, within a fact's range ─────────────> offsets: minutes to add from an instant on
//! a period's days  (a century of weekdays: 5,218 spans) ─> weeks: from a day to a day, on these days of the week (1)
//! a period's moments (26,000 spans) ────────────────────> hours of the clock, each with its weeks
//! ```
//!
//! With these written out, an artefact needs nothing of its engine but whole numbers: no time zone data, which differ from
//! engine to engine, and no calendar. Days and minutes are counted from a Monday before all days that can be written, so
//! that nothing is ever negative and the rest of a division by 7 is the day of the week. Must not know any format.

use crate::model::calendar::Calendars;
use crate::model::{FactId, Intervals, Model, PeriodId, Type, Zone, time};
use time::MINUTES_PER_DAY;

/// Monday 4 December 1899, in days since 1970-01-01: day 0 of the artefacts.
pub const EPOCH: i64 = -25_595;
pub const EPOCH_TEXT: &str = "1899-12-04";
/// Minutes from day 0 to 1970-01-01 00:00 UTC.
pub const UNIX: i64 = -EPOCH * MINUTES_PER_DAY;

/// Days since day 0.
pub fn day(day: i64) -> i64 {
    day - EPOCH
}

/// Minutes since the start of day 0, of minutes since 1970-01-01 00:00 UTC.
pub fn minute(minute: i64) -> i64 {
    minute.saturating_add(UNIX)
}

/// The days from `lo` to `hi`, both included, on the days of the week in `mask` (bit 0 is Monday).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weeks {
    pub lo: i64,
    pub hi: i64,
    pub mask: u8,
}

/// The minutes of the local clock from `from` up to, not including, `to`, on these days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    pub from: i64,
    pub to: i64,
    pub weeks: Vec<Weeks>,
}

/// From when on how many minutes lead from an instant to the local clock and date, for instants from `lo` to `hi` (minutes
/// since 1970-01-01 00:00 UTC). Starts are minutes since day 0; the first is before all instants. Where clocks fall back
/// across midnight, the minutes that come twice count to the later date, as they do in the policy.
pub fn offsets(zone: &Zone, (lo, hi): (i64, i64)) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = Vec::new();
    let pieces = zone.pieces();
    for (i, &(start, offset)) in pieces.iter().enumerate() {
        let end = pieces.get(i + 1).map_or(i64::MAX, |p| p.0);
        if start == i64::MIN {
            all.push((start, offset));
            continue;
        }
        let later = zone.day(start);
        let midnight = later * MINUTES_PER_DAY - offset;
        if midnight > start {
            let shown = (start + offset).div_euclid(MINUTES_PER_DAY);
            all.push((start, offset + (later - shown) * MINUTES_PER_DAY));
            if midnight < end {
                all.push((midnight, offset));
            }
        } else {
            all.push((start, offset));
        }
    }
    let first = all.iter().rposition(|p| p.0 <= lo).unwrap_or(0);
    let mut kept: Vec<(i64, i64)> = Vec::new();
    for &(start, offset) in all[first.min(all.len())..].iter().take_while(|p| p.0 <= hi) {
        if kept.last().is_none_or(|p| p.1 != offset) {
            kept.push((if kept.is_empty() { 0 } else { minute(start) }, offset));
        }
    }
    kept
}

/// Days in spans (days since 1970-01-01, both ends included, ascending, apart) as runs of equal weeks, ascending.
pub fn weeks(spans: &[(i64, i64)]) -> Vec<Weeks> {
    let mut weeks = Vec::new();
    let mut run = Run::default();
    for &(lo, hi) in spans {
        let (lo, hi) = (day(lo), day(hi));
        // The days since the last span are out; a run knows after a week that they stay out.
        let gap = run.last.map_or(lo..lo, |last| last + 1..lo);
        for d in gap.take(8) {
            run.add(d, false, &mut weeks);
        }
        for d in lo..=hi {
            run.add(d, true, &mut weeks);
        }
    }
    run.close(&mut weeks);
    weeks
}

/// A run of weeks that is not over.
#[derive(Default)]
struct Run {
    start: Option<i64>,
    last: Option<i64>,
    known: [Option<bool>; 7],
}

impl Run {
    fn add(&mut self, d: i64, inside: bool, weeks: &mut Vec<Weeks>) {
        let weekday = d.rem_euclid(7) as usize;
        if self.known[weekday].is_some_and(|k| k != inside) {
            self.close(weeks);
        }
        if self.start.is_none() && !inside {
            return;
        }
        self.start.get_or_insert(d);
        self.known[weekday] = Some(inside);
        if inside {
            self.last = Some(d);
        }
    }

    fn close(&mut self, weeks: &mut Vec<Weeks>) {
        if let (Some(lo), Some(hi)) = (self.start, self.last) {
            let mask = (0..7).filter(|b| self.known[*b] == Some(true)).fold(0u8, |m, b| m | 1 << b);
            let mask = if (lo..=hi).all(|d| mask >> d.rem_euclid(7) & 1 == 1) { 127 } else { mask };
            weeks.push(Weeks { lo, hi, mask });
        }
        *self = Self { last: self.last, ..Self::default() };
    }
}

/// A period as hours of the local clock, for the moments that a datetime can be.
pub fn hours(model: &Model, fact: FactId, period: PeriodId) -> Vec<Hours> {
    let Type::DateTime { lo, hi } = model.fact(fact).ty else { return Vec::new() };
    let days = (model.zone.day(lo) - 1, model.zone.day(hi) + 1);
    let calendars = Calendars::new(model, days, [period]);
    by_clock(calendars.get(period).readings())
}

/// Readings of the local clock and calendar by the hours of the day that they fill.
fn by_clock(readings: &Intervals) -> Vec<Hours> {
    let mut clocks: std::collections::BTreeMap<(i64, i64), Vec<(i64, i64)>> = std::collections::BTreeMap::new();
    let mut add = |hours: (i64, i64), (lo, hi): (i64, i64)| {
        let spans = clocks.entry(hours).or_default();
        match spans.last_mut() {
            Some(last) if last.1 + 1 == lo => last.1 = hi,
            _ => spans.push((lo, hi)),
        }
    };
    for &(from, to) in readings.parts() {
        let (first, last) = (from.div_euclid(MINUTES_PER_DAY), to.div_euclid(MINUTES_PER_DAY));
        let (start, end) = (from.rem_euclid(MINUTES_PER_DAY), to.rem_euclid(MINUTES_PER_DAY) + 1);
        if first == last {
            add((start, end), (first, first));
            continue;
        }
        let whole = (first + i64::from(start > 0), last - i64::from(end < MINUTES_PER_DAY));
        if start > 0 {
            add((start, MINUTES_PER_DAY), (first, first));
        }
        if whole.0 <= whole.1 {
            add((0, MINUTES_PER_DAY), whole);
        }
        if end < MINUTES_PER_DAY {
            add((0, end), (last, last));
        }
    }
    clocks.into_iter().map(|((from, to), spans)| Hours { from, to, weeks: weeks(&spans) }).collect()
}

/// How many days of the week in `mask` there are from day 0 up to and with a day.
pub fn count(mask: u8, day: i64) -> i64 {
    let full = day.div_euclid(7) * i64::from((mask & 127).count_ones());
    full + up_to(mask)[day.rem_euclid(7) as usize]
}

/// By day of the week: how many days in `mask` are not after it.
pub fn up_to(mask: u8) -> [i64; 7] {
    let mut sum = 0;
    std::array::from_fn(|d| {
        sum += i64::from(mask >> d & 1);
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(weeks: &[Weeks]) -> Vec<i64> {
        let of = |w: &Weeks| (w.lo..=w.hi).filter(|d| w.mask >> d.rem_euclid(7) & 1 == 1).collect::<Vec<_>>();
        weeks.iter().flat_map(of).map(|d| d + EPOCH).collect()
    }

    #[test]
    fn day_0_is_a_monday() {
        assert_eq!(time::show_date(EPOCH), EPOCH_TEXT);
        assert_eq!(time::weekday(EPOCH), 0);
    }

    #[test]
    fn weeks_are_the_days_and_few() {
        let century: Vec<(i64, i64)> = (0..5218).map(|w| (EPOCH + 7 * w, EPOCH + 7 * w + 4)).collect();
        assert_eq!(weeks(&century), [Weeks { lo: 0, hi: 7 * 5217 + 4, mask: 31 }]);
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..500 {
            let mask = random.u8(1..128);
            let out: Vec<i64> = (0..random.usize(0..6)).map(|_| random.i64(0..120)).collect();
            let end = random.i64(1..200);
            let all: Vec<i64> = (0..end).filter(|d| mask >> (d % 7) & 1 == 1 && !out.contains(d)).collect();
            let spans = Intervals::from_parts(all.iter().map(|d| (d + EPOCH, d + EPOCH)));
            let found = weeks(spans.parts());
            assert_eq!(days(&found), all.iter().map(|d| d + EPOCH).collect::<Vec<_>>());
            assert!(found.len() <= 2 + 2 * out.len(), "{found:?}");
        }
    }

    #[test]
    fn local_time_by_offsets_is_that_of_the_zone() {
        for name in ["America/Chicago", "America/Sao_Paulo", "Pacific/Apia", "Asia/Beirut", "America/St_Johns", "UTC"] {
            let zone = Zone::find(name).unwrap();
            let range = (-2_000_000, 60_000_000);
            let offsets = offsets(&zone, range);
            let check = |m: i64| {
                let at = offsets.iter().rposition(|p| p.0 <= minute(m)).unwrap();
                let local = minute(m) + offsets[at].1;
                let (day_, clock) = zone.local(m);
                assert_eq!((local / MINUTES_PER_DAY, local % MINUTES_PER_DAY), (day(day_), clock), "{name} {m}");
            };
            (range.0..range.1).step_by(997).for_each(check);
            let near = zone.pieces().iter().map(|p| p.0).filter(|p| (range.0 + 200..range.1 - 200).contains(p));
            near.flat_map(|p| p - 180..p + 180).for_each(check);
        }
    }

    #[test]
    fn counting_by_weeks() {
        for mask in [1u8, 31, 96, 127] {
            for d in 0..30 {
                let slow = (0..=d).filter(|x| mask >> (x % 7) & 1 == 1).count() as i64;
                assert_eq!(count(mask, d), slow);
            }
            assert_eq!(count(mask, -1), 0);
        }
    }
}
