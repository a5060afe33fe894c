//! Conditions on dates, times and datetimes -> ranges, weekdays, periods and distances.
//!
//! A date against a datetime means its whole local day. Against a constant every distance becomes a range, because every
//! distance grows with its end and falls with its start.

use super::context::Cx;
use super::literal::noun;
use super::number::{clip, with_itself};
use super::value::describe;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Atom, Cond, CondKind, FactId, PeriodId, Type, Unit, time};
use crate::resolve::names::Wanted;
use crate::source::Span;
use crate::syntax::ast::{Bound, Direction, Literal, LiteralKind, Name, Operand, Relation};

/// How a distance is counted, before it is known between what.
enum Count {
    Minutes,
    Days,
    Months,
    Period(PeriodId),
}

impl Cx<'_> {
    /// `before`, `on or before`, `after`, `on or after`, `on`.
    pub fn relation(&self, subject: &Name, relation: Relation, value: &Operand) -> Option<Atom> {
        let id = self.subject(subject)?;
        let word = match relation {
            Relation::Before => "`before`",
            Relation::OnOrBefore => "`on or before`",
            Relation::After => "`after`",
            Relation::OnOrAfter => "`on or after`",
            Relation::On => "`on`",
        };
        let (lo, hi) = self.ends(id, subject, &format!("{word} is asked of dates, times and datetimes"))?;
        match value {
            Operand::Literal(literal) => {
                let (first, last) = self.constant(id, literal)?;
                let range = match relation {
                    Relation::Before => (lo, first - 1),
                    Relation::OnOrBefore => (lo, last),
                    Relation::After => (last + 1, hi),
                    Relation::OnOrAfter => (first, hi),
                    Relation::On => (first, last),
                };
                Some(Atom::Range(id, clip(vec![range], lo, hi)))
            }
            Operand::Name(name) => {
                let other = self.other_moment(id, subject, name)?;
                let strict = matches!(relation, Relation::Before | Relation::After);
                let time = self.fact(id).ty == Type::Time;
                let both = |ty: fn(&Type) -> bool| ty(&self.fact(id).ty) && ty(&self.fact(other).ty);
                let minutes = time || (strict && both(|t| matches!(t, Type::DateTime { .. })));
                if time && relation == Relation::On {
                    self.mismatched(id, subject, "`on the same day as` is asked of dates and datetimes");
                    return None;
                }
                let unit = if minutes { Unit::Minutes } else { Unit::Days };
                let (from, to) = match relation {
                    Relation::After | Relation::OnOrAfter => (other, id),
                    _ => (id, other),
                };
                let high = (relation == Relation::On).then_some(0);
                Some(Atom::Distance { from, to, unit, low: Some(i64::from(strict)), high })
            }
        }
    }

    pub fn between_moments(
        &self,
        id: FactId,
        subject: &Name,
        low: &Operand,
        high: &Operand,
        span: Span,
    ) -> Option<Cond> {
        let (lo, hi) = self.ends(id, subject, "`between` is asked of numbers, dates, times and datetimes")?;
        if let (Operand::Literal(a), Operand::Literal(b)) = (low, high) {
            let (x, y) = (self.constant(id, a), self.constant(id, b));
            let (x, y) = (x?.0, y?.1);
            self.ordered(a, b, x <= y)?;
            return Some(Cond::new(CondKind::Atom(Atom::Range(id, clip(vec![(x, y)], lo, hi))), span));
        }
        let end = |operand: &Operand, is_low: bool| -> Option<Cond> {
            let (atom, at) = match operand {
                Operand::Literal(literal) => {
                    let (first, last) = self.constant(id, literal)?;
                    let range = if is_low { (first, hi) } else { (lo, last) };
                    (Atom::Range(id, clip(vec![range], lo, hi)), literal.span)
                }
                Operand::Name(name) => {
                    let other = self.other_moment(id, subject, name)?;
                    let date = |f| matches!(self.fact(f).ty, Type::Date { .. });
                    let unit = if date(id) || date(other) { Unit::Days } else { Unit::Minutes };
                    let (from, to) = if is_low { (other, id) } else { (id, other) };
                    (Atom::Distance { from, to, unit, low: Some(0), high: None }, name.span)
                }
            };
            Some(Cond::new(CondKind::Atom(atom), subject.span.to(at)))
        };
        let parts = (end(low, true), end(high, false));
        Some(Cond::and(vec![parts.0?, parts.1?], span))
    }

    /// `starts = 2026-09-14 08:00`, `starts != ends`: the same moment, or another.
    pub fn equal_moments(
        &self,
        id: FactId,
        subject: &Name,
        negated: bool,
        value: &Operand,
        span: Span,
    ) -> Option<Cond> {
        let (lo, hi) = self.ends(id, subject, "`=` is asked of numbers, dates, times and datetimes")?;
        let atom = |a: Atom| Cond::new(CondKind::Atom(a), span);
        match value {
            Operand::Literal(literal) => {
                let (first, last) = self.constant(id, literal)?;
                let ranges = if negated { vec![(lo, first - 1), (last + 1, hi)] } else { vec![(first, last)] };
                Some(atom(Atom::Range(id, clip(ranges, lo, hi))))
            }
            Operand::Name(name) => {
                let other = self.other_moment(id, subject, name)?;
                let date = |f| matches!(self.fact(f).ty, Type::Date { .. });
                let unit = if date(id) || date(other) { Unit::Days } else { Unit::Minutes };
                let distance = |low, high| atom(Atom::Distance { from: other, to: id, unit, low, high });
                Some(if negated {
                    Cond::or(vec![distance(None, Some(-1)), distance(Some(1), None)], span)
                } else {
                    distance(Some(0), Some(0))
                })
            }
        }
    }

    /// `A at least 4 days before B`
    pub fn distance(
        &self,
        subject: &Name,
        bound: Bound,
        amount: &Literal,
        unit: &Name,
        direction: Direction,
        other: &Operand,
    ) -> Option<Atom> {
        let id = self.subject(subject);
        let counted = self.count_of(unit);
        let amount = self.amount(amount);
        let (id, (count, factor), amount) = (id?, counted?, amount?);
        let (lo, hi) = self.ends(id, subject, "distances are counted between dates, times and datetimes")?;
        let k = amount * factor;
        let (low, high) = match bound {
            Bound::AtLeast => (Some(k), None),
            Bound::AtMost => (None, Some(k)),
            Bound::MoreThan => (Some(k + 1), None),
            Bound::LessThan => (None, Some(k - 1)),
            Bound::Exactly => (Some(k), Some(k)),
            Bound::Within => (Some(0), Some(k)),
        };
        let minutes = matches!(count, Count::Minutes);
        let fits = |ty: &Type| match ty {
            Type::Date { .. } => !minutes,
            Type::Time => minutes,
            _ => true,
        };
        if !fits(&self.fact(id).ty) {
            self.report(self.bad_unit(id, unit, minutes));
            return None;
        }
        match other {
            Operand::Name(name) => {
                let other = self.other_moment(id, subject, name)?;
                if !fits(&self.fact(other).ty) {
                    self.report(self.bad_unit(other, unit, minutes));
                    return None;
                }
                let (from, to) = if direction == Direction::Before { (id, other) } else { (other, id) };
                let unit = match count {
                    Count::Minutes => Unit::Minutes,
                    Count::Days => Unit::Days,
                    Count::Months => Unit::Months,
                    Count::Period(p) => Unit::PeriodDays(p),
                };
                Some(Atom::Distance { from, to, unit, low, high })
            }
            Operand::Literal(literal) => {
                let ranges = if minutes {
                    let at = self.minute_constant(id, literal, unit)?;
                    match direction {
                        Direction::Before => (high.map_or(lo, |h| at - h), low.map_or(hi, |l| at - l)),
                        Direction::After => (low.map_or(lo, |l| at + l), high.map_or(hi, |h| at + h)),
                    }
                } else {
                    let day = self.day_constant(id, literal)?;
                    self.day_range(id, &count, day, direction, low, high)
                };
                Some(Atom::Range(id, clip(vec![ranges], lo, hi)))
            }
        }
    }

    /// The values of a fact whose local day has a distance of `low..=high` to a day.
    fn day_range(
        &self,
        id: FactId,
        count: &Count,
        day: i64,
        direction: Direction,
        low: Option<i64>,
        high: Option<i64>,
    ) -> (i64, i64) {
        let (first, last) = match self.fact(id).ty {
            Type::DateTime { lo, hi } => (self.zone.day(lo), self.zone.day(hi)),
            Type::Date { lo, hi } => (lo, hi),
            _ => return (1, 0),
        };
        let calendar = if let Count::Period(p) = count { Some((self.calendar(*p), *p)) } else { None };
        let up_to = |d: i64| calendar.as_ref().map_or(0, |(c, p)| c.get(*p).days_until(d));
        let between = |from: i64, to: i64| match count {
            Count::Months => time::months_between(from, to),
            Count::Period(_) => up_to(to) - up_to(from),
            _ => to - from,
        };
        // Grows with the fact's day, in both directions.
        let grows = |d: i64| if direction == Direction::After { between(day, d) } else { -between(d, day) };
        let (least, most) = match direction {
            Direction::After => (low, high),
            Direction::Before => (high.map(|h| -h), low.map(|l| -l)),
        };
        let from = least.map_or(first, |l| first_day(first, last, |d| grows(d) >= l));
        let to = most.map_or(last, |m| first_day(first, last, |d| grows(d) > m) - 1);
        match self.fact(id).ty {
            Type::DateTime { .. } if from <= to => (self.zone.day_start(from), self.zone.day_start(to + 1) - 1),
            _ => (from, to),
        }
    }

    /// The range of a fact that is a moment; reports one that is not.
    fn ends(&self, id: FactId, subject: &Name, asked: &str) -> Option<(i64, i64)> {
        match self.fact(id).ty {
            Type::Date { lo, hi } | Type::DateTime { lo, hi } => Some((lo, hi)),
            Type::Time => Some((0, time::MINUTES_PER_DAY - 1)),
            _ => {
                self.mismatched(id, subject, asked);
                None
            }
        }
    }

    /// A fact that has local days.
    pub fn day_fact(&self, subject: &Name, asked: &str) -> Option<FactId> {
        let id = self.subject(subject)?;
        if matches!(self.fact(id).ty, Type::Date { .. } | Type::DateTime { .. }) {
            return Some(id);
        }
        self.mismatched(id, subject, asked);
        None
    }

    /// The other fact of a comparison: a time with a time, dates and datetimes with one another.
    fn other_moment(&self, id: FactId, subject: &Name, name: &Name) -> Option<FactId> {
        let other = self.subject(name)?;
        self.ends(other, name, "dates, times and datetimes are compared with their like")?;
        let (a, b) = (self.fact(id), self.fact(other));
        if (a.ty == Type::Time) != (b.ty == Type::Time) {
            let message = format!(
                "`{}` is {} and `{}` is {}: they cannot be compared",
                a.name,
                describe(&a.ty),
                b.name,
                describe(&b.ty)
            );
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, name.span, message)
                    .label(name.span, describe(&b.ty))
                    .label(b.span, "declared here")
                    .help("a time of day has no date: declare a datetime, if the date matters"),
            );
            return None;
        }
        if id == other {
            self.report(with_itself(subject, name));
            return None;
        }
        Some(other)
    }

    /// The first and last value of a moment's fact that a literal means.
    fn constant(&self, id: FactId, literal: &Literal) -> Option<(i64, i64)> {
        let fact = self.fact(id);
        match (&fact.ty, &literal.kind) {
            (Type::Date { .. }, LiteralKind::Date(date)) => self.day(date, literal.span).map(|d| (d, d)),
            (Type::DateTime { .. }, LiteralKind::Date(_) | LiteralKind::DateTime(..)) => self.moments(literal),
            (Type::Time, LiteralKind::Time(text)) => self.minute(text, literal.span, false).map(|m| (m, m)),
            (ty, _) => {
                let wanted = match ty {
                    Type::Date { .. } => "a date such as `2026-09-14`",
                    Type::Time => "a time such as `08:00`",
                    _ => "a date or a date with a time, such as `2026-09-14 08:00`",
                };
                let message = format!("`{}` is {}, and {} stands here", fact.name, describe(ty), noun(literal));
                let d = Diagnostic::new(&codes::WRONG_TYPE, literal.span, message)
                    .label(literal.span, format!("{wanted} is expected here"))
                    .label(fact.span, "declared here");
                self.report(match &literal.kind {
                    LiteralKind::DateTime(date, _) if matches!(ty, Type::Date { .. }) => {
                        d.fix(format!("write `{date}`"), vec![Edit::replace(literal.span, date.as_str())])
                    }
                    _ => d.help(format!("write {wanted}")),
                });
                None
            }
        }
    }

    /// The first and last minute that a date or a date with a time means.
    pub fn moments(&self, literal: &Literal) -> Option<(i64, i64)> {
        match &literal.kind {
            LiteralKind::Date(date) => {
                let day = self.day(date, literal.span)?;
                Some((self.zone.day_start(day), self.zone.day_start(day + 1) - 1))
            }
            LiteralKind::DateTime(date, clock) => self.instant(date, clock, literal.span).map(|t| (t, t)),
            _ => {
                let message = format!("{} stands where a date is expected", noun(literal));
                self.report(Diagnostic::new(&codes::WRONG_TYPE, literal.span, message));
                None
            }
        }
    }

    /// The constant end of a distance in minutes.
    fn minute_constant(&self, id: FactId, literal: &Literal, unit: &Name) -> Option<i64> {
        if let (Type::DateTime { .. }, LiteralKind::Date(date)) = (&self.fact(id).ty, &literal.kind) {
            let message = format!("{} are counted between moments, and `{date}` has no time", unit.text);
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, literal.span, message)
                    .fix(format!("write `{date} 00:00`"), vec![Edit::replace(literal.span, format!("{date} 00:00"))])
                    .help("or count days"),
            );
            return None;
        }
        self.constant(id, literal).map(|c| c.0)
    }

    /// The constant end of a distance in days or longer units: of a date with a time the date counts.
    fn day_constant(&self, id: FactId, literal: &Literal) -> Option<i64> {
        match &literal.kind {
            LiteralKind::Date(date) | LiteralKind::DateTime(date, _) => self.day(date, literal.span),
            _ => self.constant(id, literal).map(|c| c.0),
        }
    }

    fn amount(&self, literal: &Literal) -> Option<i64> {
        let LiteralKind::Number { digits, .. } = &literal.kind else { return None };
        let number = self.decimal(digits, literal.span)?;
        if number.decimals > 0 || number.mantissa < 0 || number.mantissa > 100_000_000 {
            let message = format!("a distance is counted in whole units from 0 on, and `{digits}` is none");
            self.report(
                Diagnostic::new(&codes::BAD_LITERAL, literal.span, message)
                    .help("use a smaller unit, or `after` instead of `before`"),
            );
            return None;
        }
        Some(number.mantissa)
    }

    fn count_of(&self, unit: &Name) -> Option<(Count, i64)> {
        Some(match unit.text.as_str() {
            "minute" | "minutes" => (Count::Minutes, 1),
            "hour" | "hours" => (Count::Minutes, 60),
            "day" | "days" => (Count::Days, 1),
            "week" | "weeks" => (Count::Days, 7),
            "month" | "months" => (Count::Months, 1),
            "year" | "years" => (Count::Months, 12),
            _ => (Count::Period(PeriodId(self.find(unit, Wanted::UNIT)?.index)), 1),
        })
    }

    fn bad_unit(&self, id: FactId, unit: &Name, minutes: bool) -> Diagnostic {
        let fact = self.fact(id);
        let counted = if minutes { "two datetimes or two times" } else { "dates and datetimes" };
        let message =
            format!("`{}` are counted between {counted}, and `{}` is {}", unit.text, fact.name, describe(&fact.ty));
        let help = if minutes { "count days, or declare it as `datetime`" } else { "count hours or minutes" };
        Diagnostic::new(&codes::WRONG_TYPE, unit.span, message).label(fact.span, "declared here").help(help)
    }
}

/// The first day in `first..=last` that passes, where all days after one that passes do; `last + 1` if none.
fn first_day(first: i64, last: i64, passes: impl Fn(i64) -> bool) -> i64 {
    let (mut lo, mut hi) = (first, last + 1);
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        if passes(middle) {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    lo
}
