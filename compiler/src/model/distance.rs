//! Distances between moments, and the least moment at a distance.
//!
//! Every distance grows with its end and falls with its start. So "at least so far" is a lower bound of the end, "at most
//! so far" a lower bound of the start, and both bounds rise together with the other moment: time constraints are solved
//! by raising lower bounds. Must not know facts, cells or cases.

use super::calendar::Calendars;
use super::time::{ALL_DAYS, add_months, months_between};
use super::{Type, Unit, Zone};

/// What one step of a moment's integer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grain {
    /// A date.
    Day,
    /// A datetime: minutes in UTC.
    Minute,
    /// A time of day or a number: nothing but an integer.
    Plain,
}

impl Grain {
    /// `None` for types that are not ordered.
    pub fn of(ty: &Type) -> Option<Grain> {
        match ty {
            Type::Date { .. } => Some(Grain::Day),
            Type::DateTime { .. } => Some(Grain::Minute),
            Type::Time | Type::Number { .. } => Some(Grain::Plain),
            Type::YesNo | Type::Choice(_) | Type::Set(_) => None,
        }
    }
}

/// Measures distances in a zone. `calendars` must have the periods of the units that it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ruler<'a> {
    pub zone: &'a Zone,
    pub calendars: &'a Calendars,
}

impl Ruler<'_> {
    /// The local date of a moment.
    pub fn day(&self, (grain, value): (Grain, i64)) -> i64 {
        if grain == Grain::Minute { self.zone.day(value) } else { value }
    }

    /// The first moment on a local date or later; `i64::MIN` before and `i64::MAX` after all days that can be written.
    fn start(&self, grain: Grain, day: i64) -> i64 {
        if day < ALL_DAYS.0 {
            i64::MIN
        } else if day > ALL_DAYS.1 {
            i64::MAX
        } else if grain == Grain::Minute {
            self.zone.day_start(day)
        } else {
            day
        }
    }

    /// The signed distance in whole units, see [`Unit`].
    pub fn distance(&self, unit: Unit, from: (Grain, i64), to: (Grain, i64)) -> i64 {
        match unit {
            Unit::Minutes | Unit::Number => to.1.saturating_sub(from.1),
            Unit::Days => self.day(to) - self.day(from),
            Unit::Months => months_between(self.day(from), self.day(to)),
            Unit::PeriodDays(period) => {
                let calendar = self.calendars.get(period);
                calendar.days_until(self.day(to)) - calendar.days_until(self.day(from))
            }
        }
    }

    /// The least end whose distance from `from` is at least `low`; `i64::MAX` if there is none.
    pub fn least_to(&self, unit: Unit, from: (Grain, i64), to: Grain, low: i64) -> i64 {
        match unit {
            Unit::Minutes | Unit::Number => from.1.saturating_add(low),
            Unit::Days => self.start(to, self.day(from).saturating_add(low)),
            Unit::Months => self.start(to, add_months(self.day(from), low)),
            Unit::PeriodDays(period) => {
                let calendar = self.calendars.get(period);
                let n = calendar.days_until(self.day(from)).saturating_add(low);
                if n <= 0 { i64::MIN } else { calendar.nth_day(n).map_or(i64::MAX, |d| self.start(to, d)) }
            }
        }
    }

    /// The least start whose distance to `to` is at most `high`; `i64::MAX` if there is none.
    pub fn least_from(&self, unit: Unit, to: (Grain, i64), from: Grain, high: i64) -> i64 {
        match unit {
            // Where there and back are opposite, at most `high` there is at least `-high` back.
            Unit::Minutes | Unit::Number | Unit::Days | Unit::PeriodDays(_) => {
                self.least_to(unit, to, from, high.saturating_neg())
            }
            Unit::Months => {
                let (day, months) = (self.day(to) + 1, high.saturating_add(1));
                let mut start = add_months(day, -months);
                while add_months(start - 1, months) >= day {
                    start -= 1;
                }
                while add_months(start, months) < day {
                    start += 1;
                }
                self.start(from, start)
            }
        }
    }
}
