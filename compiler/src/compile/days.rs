//! A zone -> the local day of a moment, by one load.
//!
//! For each day in UTC: the local day at its begin, and the minute at which the next one begins, if it does. Where a clock
//! was turned so far that this is not all, the zone itself is asked.

use crate::model::Zone;
use crate::model::time::MINUTES_PER_DAY;

/// The zone is to be asked.
const ASK: i16 = -1;
/// No day begins.
const NEVER: i16 = i16::MAX;

pub(super) struct Days {
    zone: Zone,
    /// The first day in UTC.
    first: i64,
    table: Box<[Day]>,
}

#[derive(Clone, Copy)]
struct Day {
    local: i32,
    turn: i16,
}

impl Days {
    /// For the moments of a range.
    pub fn new(zone: &Zone, (from, to): (i64, i64)) -> Self {
        let (first, last) = (from.div_euclid(MINUTES_PER_DAY), to.div_euclid(MINUTES_PER_DAY));
        let day = |utc: i64| {
            let start = utc * MINUTES_PER_DAY;
            let (a, b) = (zone.day(start), zone.day(start + MINUTES_PER_DAY - 1));
            let turn = match b - a {
                0 => NEVER,
                1 => i16::try_from(zone.day_start(b) - start).unwrap_or(ASK),
                _ => ASK,
            };
            Day { local: i32::try_from(a).unwrap_or(0), turn }
        };
        Self { zone: zone.clone(), first, table: (first..=last).map(day).collect() }
    }

    /// The local date of a moment.
    #[inline]
    pub fn of(&self, instant: i64) -> i64 {
        let (utc, minute) = (instant.div_euclid(MINUTES_PER_DAY), instant.rem_euclid(MINUTES_PER_DAY));
        match self.table.get(usize::try_from(utc.wrapping_sub(self.first)).unwrap_or(usize::MAX)) {
            Some(day) if day.turn != ASK => i64::from(day.local) + i64::from(minute >= i64::from(day.turn)),
            _ => self.zone.day(instant),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::parse_date;

    #[test]
    fn days_are_those_of_the_zone() {
        let mut rng = fastrand::Rng::with_seed(3);
        for (name, from, to) in [
            ("UTC", "1999-12-25", "2000-01-05"),
            ("America/Chicago", "2026-10-25", "2026-11-08"),
            ("America/Sao_Paulo", "2018-10-28", "2019-02-20"),
            ("Pacific/Apia", "2011-12-20", "2012-01-05"),
            ("America/St_Johns", "2006-10-20", "2006-11-05"),
            ("Asia/Kolkata", "1941-09-25", "1942-05-20"),
        ] {
            let zone = Zone::find(name).expect("a zone");
            let day = |text: &str| parse_date(text).expect("a date") * MINUTES_PER_DAY;
            let days = Days::new(&zone, (day(from), day(to)));
            for instant in day(from)..day(to) {
                assert_eq!(days.of(instant), zone.day(instant), "{name} {instant}");
            }
            for _ in 0..1000 {
                let instant = rng.i64(day(from) - 100_000..day(to) + 100_000);
                assert_eq!(days.of(instant), zone.day(instant), "{name} {instant}");
            }
        }
    }
}
