//! Dates, times and time zones as integers.
//!
//! A day is a number of days since 1970-01-01, an instant a number of minutes since 1970-01-01 00:00 UTC, a time of day
//! a number of minutes since midnight. Ordain tells time to the minute. The zone is a table of offsets taken once from
//! the IANA data that the compiler carries, so every later step is arithmetic and the same on every machine.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Dates without a range of their own lie between 2000-01-01 and 2099-12-31.
pub const DEFAULT_DAYS: (i64, i64) = (10957, 47481);
/// The days that can be written: 1900-01-01 to 2199-12-31.
pub const ALL_DAYS: (i64, i64) = (-25567, 84005);
pub const MINUTES_PER_DAY: i64 = 1440;

/// A time zone as pieces of constant offset. Copies share their tables.
#[derive(Debug, Clone)]
pub struct Zone {
    /// IANA name, or `UTC`.
    pub name: String,
    /// (first instant of the piece, offset in minutes); sorted; the first piece starts before all days.
    pieces: Arc<[(i64, i64)]>,
    /// The first instant of each day of `ALL_DAYS`, then one more: strictly increasing. Made when it is first asked for.
    day_starts: Arc<OnceLock<Vec<i64>>>,
}

/// The zones that were asked for last: an editor asks for the same one with every key.
static KNOWN: Mutex<Vec<Zone>> = Mutex::new(Vec::new());
const MOST_KNOWN: usize = 8;

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.pieces == other.pieces
    }
}

impl Eq for Zone {}

impl Zone {
    pub fn utc() -> Self {
        Self::from_pieces("UTC".into(), vec![(i64::MIN, 0)])
    }

    /// `None` where the data has no such zone.
    pub fn find(name: &str) -> Option<Self> {
        // Whoever panicked with the list in hand left it whole: it changes in single steps.
        if let Some(zone) = KNOWN.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|z| z.name == name) {
            return Some(zone.clone());
        }
        let zone = Self::read(name)?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() == MOST_KNOWN {
            known.remove(0);
        }
        known.push(zone.clone());
        Some(zone)
    }

    fn read(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        let lo = Timestamp::from_second((ALL_DAYS.0 - 2) * 86_400).ok()?;
        let hi = (ALL_DAYS.1 + 3) * MINUTES_PER_DAY;
        let offset = |t: Timestamp| i64::from(zone.to_offset(t).seconds()).div_euclid(60);
        let mut pieces = vec![(i64::MIN, offset(lo))];
        for transition in zone.following(lo) {
            let minute = transition.timestamp().as_second().div_euclid(60);
            if minute > hi {
                break;
            }
            let offset = i64::from(transition.offset().seconds()).div_euclid(60);
            if pieces.last().is_some_and(|p| p.1 != offset) {
                pieces.push((minute, offset));
            }
        }
        Some(Self::from_pieces(name.to_string(), pieces))
    }

    fn from_pieces(name: String, pieces: Vec<(i64, i64)>) -> Self {
        Self { name, pieces: pieces.into(), day_starts: Arc::default() }
    }

    fn day_starts(&self) -> &[i64] {
        self.day_starts.get_or_init(|| self.starts())
    }

    fn starts(&self) -> Vec<i64> {
        // Where clocks fall back across midnight a date would come twice: the repeated minutes count to the later date.
        // Each day starts in the piece of the day before or a later one, so one sweep finds them all.
        let mut piece = 0;
        let first = |day: i64| {
            let local = day * MINUTES_PER_DAY;
            while let Some(&(start, offset)) = self.pieces.get(piece) {
                let end = self.pieces.get(piece + 1).map_or(i64::MAX, |p| p.0);
                let instant = (local - offset).max(start);
                if instant < end {
                    return instant;
                }
                piece += 1;
            }
            local
        };
        (ALL_DAYS.0..=ALL_DAYS.1 + 1).map(first).collect()
    }

    /// Minutes to add to an instant to get local time.
    pub fn offset(&self, instant: i64) -> i64 {
        self.pieces[self.pieces.partition_point(|p| p.0 <= instant) - 1].1
    }

    /// The pieces of constant offset: (first instant, offset in minutes).
    pub fn pieces(&self) -> &[(i64, i64)] {
        &self.pieces
    }

    /// The local date of an instant; never falls as the instant grows. Clamped to `ALL_DAYS`.
    pub fn day(&self, instant: i64) -> i64 {
        // Within two days of the day in UTC.
        let guess = instant.div_euclid(MINUTES_PER_DAY) - ALL_DAYS.0;
        let day_starts = self.day_starts();
        let last = day_starts.len() as i64;
        let low = (guess - 2).clamp(0, last) as usize;
        let high = (guess + 3).clamp(0, last) as usize;
        let i = low + day_starts[low..high].partition_point(|&s| s <= instant);
        (ALL_DAYS.0 + i as i64 - 1).clamp(ALL_DAYS.0, ALL_DAYS.1)
    }

    /// The first instant of a local date; dates outside `ALL_DAYS` (and the day after) clamp.
    pub fn day_start(&self, day: i64) -> i64 {
        let day_starts = self.day_starts();
        let last = day_starts.len() as i64 - 1;
        day_starts[(day - ALL_DAYS.0).clamp(0, last) as usize]
    }

    /// (date, minute of the local clock, 0 to 1439).
    pub fn local(&self, instant: i64) -> (i64, i64) {
        (self.day(instant), (instant + self.offset(instant)).rem_euclid(MINUTES_PER_DAY))
    }

    /// The instant of a local date and time. A time that the clocks skip moves forward by the skip; of a time that comes
    /// twice the first is meant.
    pub fn instant(&self, day: i64, minute: i64) -> i64 {
        let local = day * MINUTES_PER_DAY + minute;
        let mut skipped = None;
        // No clock is two days off, so earlier pieces cannot be meant.
        let first = self.pieces.partition_point(|p| p.0 <= local - 2 * MINUTES_PER_DAY).saturating_sub(1);
        for (i, &(start, offset)) in self.pieces.iter().enumerate().skip(first) {
            let end = self.pieces.get(i + 1).map_or(i64::MAX, |p| p.0);
            let instant = local - offset;
            if instant >= start && instant < end {
                return instant;
            }
            if instant < end && skipped.is_none() {
                // In the gap before this piece: the offset before the gap applies.
                skipped = Some(local - self.pieces[i.saturating_sub(1)].1);
                break;
            }
        }
        skipped.unwrap_or(local)
    }
}

/// 0 is Monday.
pub fn weekday(day: i64) -> u32 {
    (day + 3).rem_euclid(7) as u32
}

pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Year, month 1–12, day 1–31 of a day number (Hinnant, "chrono-compatible low-level date algorithms").
pub fn civil(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// The day number of a date that exists; `None` for 31 April.
pub fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    Some(era * 146_097 + doe - 719_468)
}

pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

/// A day plus months; a day that the month lacks becomes its last day. Never falls as either grows.
pub fn add_months(day: i64, months: i64) -> i64 {
    let (y, m, d) = civil(day);
    let total = y * 12 + (m - 1) + months;
    let (y, m) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    day_of(y, m, d.min(days_in_month(y, m))).unwrap_or(day)
}

/// The greatest k with `add_months(from, k) <= to`.
pub fn months_between(from: i64, to: i64) -> i64 {
    let (y1, m1, _) = civil(from);
    let (y2, m2, _) = civil(to);
    let k = (y2 - y1) * 12 + m2 - m1;
    if add_months(from, k) <= to { k } else { k - 1 }
}

/// `2026-08-17`; `None` unless it is a real date within `ALL_DAYS`.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(|p| p.parse::<i64>().ok());
    let (y, m, d) = (parts.next()??, parts.next()??, parts.next()??);
    let day = day_of(y, m, d)?;
    (parts.next().is_none() && (ALL_DAYS.0..=ALL_DAYS.1).contains(&day)).then_some(day)
}

/// `08:00` to `24:00` as minutes, 0 to 1440.
pub fn parse_time(text: &str) -> Option<i64> {
    let (h, m) = text.split_once(':')?;
    let (h, m) = (h.parse::<i64>().ok()?, m.parse::<i64>().ok()?);
    let minutes = h * 60 + m;
    ((0..60).contains(&m) && (0..=1440).contains(&minutes)).then_some(minutes)
}

/// `2026-08-17`
pub fn show_date(day: i64) -> String {
    let (y, m, d) = civil(day);
    format!("{y:04}-{m:02}-{d:02}")
}

/// `Monday 14 September 2026`
pub fn show_date_long(day: i64) -> String {
    let (y, m, d) = civil(day);
    format!("{} {d} {} {y}", WEEKDAYS[weekday(day) as usize], MONTHS[m as usize - 1])
}

/// `08:00`
pub fn show_time(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// `-05:00`, from minutes.
pub fn show_offset(minutes: i64) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{}", show_time(minutes.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for day in ALL_DAYS.0..=ALL_DAYS.1 {
            let (y, m, d) = civil(day);
            assert_eq!(day_of(y, m, d), Some(day));
        }
        assert_eq!(show_date(DEFAULT_DAYS.0), "2000-01-01");
        assert_eq!(show_date(DEFAULT_DAYS.1), "2099-12-31");
        assert_eq!(show_date(ALL_DAYS.0), "1900-01-01");
        assert_eq!(show_date(ALL_DAYS.1), "2199-12-31");
        assert_eq!(show_date_long(parse_date("2026-09-14").unwrap()), "Monday 14 September 2026");
        assert_eq!(parse_date("2026-02-29"), None);
    }

    #[test]
    fn clocks_change() {
        let zone = Zone::find("America/Chicago").unwrap();
        let spring = parse_date("2026-03-08").unwrap();
        let autumn = parse_date("2026-11-01").unwrap();
        assert_eq!(zone.day_start(spring + 1) - zone.day_start(spring), 23 * 60);
        assert_eq!(zone.day_start(autumn + 1) - zone.day_start(autumn), 25 * 60);
        assert_eq!(zone.local(zone.instant(spring, 150)), (spring, 210), "02:30 is skipped and becomes 03:30");
        assert_eq!(zone.instant(autumn, 90), zone.day_start(autumn) + 90, "01:30 comes twice: the first");
        for day in autumn - 400..autumn + 400 {
            for minute in [0, 59, 480, 1439] {
                assert_eq!(zone.local(zone.instant(day, minute)), (day, minute));
            }
        }
    }

    #[test]
    fn dates_never_fall() {
        for name in ["America/St_Johns", "America/Sao_Paulo", "Pacific/Apia", "Asia/Beirut", "Africa/Casablanca"] {
            let zone = Zone::find(name).unwrap();
            let starts: Vec<i64> = (ALL_DAYS.0..=ALL_DAYS.1).map(|d| zone.day_start(d)).collect();
            assert!(starts.is_sorted(), "{name}");
        }
    }

    #[test]
    fn months_clamp() {
        let day = |t| parse_date(t).unwrap();
        assert_eq!(add_months(day("2026-01-31"), 1), day("2026-02-28"));
        assert_eq!(months_between(day("2026-01-31"), day("2026-02-28")), 1);
        assert_eq!(months_between(day("2026-03-15"), day("2026-02-20")), -1);
    }
}
