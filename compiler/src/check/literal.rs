//! Literals as written -> numbers, days and minutes.

use super::context::Cx;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::time;
use crate::source::Span;
use crate::syntax::ast::{Literal, LiteralKind, Name};

/// A decimal number: `mantissa` / 10^`decimals`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decimal {
    pub mantissa: i64,
    pub decimals: u32,
}

/// The most digits of a number, decimals included.
pub(crate) const MOST_DIGITS: usize = 15;

impl Decimal {
    /// The same number with more decimals; `None` past the digits that fit.
    pub fn scaled(self, scale: u32) -> Option<i64> {
        let factor = 10i64.checked_pow(scale.checked_sub(self.decimals)?)?;
        let value = self.mantissa.checked_mul(factor)?;
        (value.unsigned_abs() < 10u64.pow(MOST_DIGITS as u32)).then_some(value)
    }
}

impl Cx<'_> {
    pub fn decimal(&self, digits: &str, span: Span) -> Option<Decimal> {
        let bare = digits.trim_start_matches('-');
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        let significant = whole.trim_start_matches('0').len() + fraction.len();
        if significant > MOST_DIGITS {
            let message =
                format!("the number has {significant} digits, and at most {MOST_DIGITS} can be counted exactly");
            self.report(Diagnostic::new(&codes::OUT_OF_RANGE, span, message));
            return None;
        }
        let number: Option<i64> =
            if fraction.is_empty() { whole.parse().ok() } else { format!("{whole}{fraction}").parse().ok() };
        let Some(number) = number else {
            self.report(Diagnostic::new(&codes::BAD_LITERAL, span, format!("`{digits}` is not a number")));
            return None;
        };
        let mantissa = if digits.starts_with('-') { -number } else { number };
        Some(Decimal { mantissa, decimals: fraction.len() as u32 })
    }

    /// The number with `scale` decimals.
    pub fn too_big(&self, span: Span) {
        let message = format!("with its decimals the number has more than {MOST_DIGITS} digits");
        self.report(Diagnostic::new(&codes::OUT_OF_RANGE, span, message));
    }

    /// Days since 1970-01-01.
    pub fn day(&self, text: &str, span: Span) -> Option<i64> {
        if let Some(day) = time::parse_date(text) {
            return Some(day);
        }
        let mut parts = text.split('-').filter_map(|p| p.parse::<i64>().ok());
        let (y, m, d) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if time::day_of(y, m, d).is_some() {
            let (first, last) = (time::show_date(time::ALL_DAYS.0), time::show_date(time::ALL_DAYS.1));
            let message = format!("`{text}` is outside the dates that can be written, {first} to {last}");
            self.report(Diagnostic::new(&codes::OUT_OF_RANGE, span, message));
        } else if (1..=12).contains(&m) && d >= 1 {
            let days = time::days_in_month(y, m);
            let month = time::MONTHS[(m - 1) as usize];
            let right = format!("{y:04}-{m:02}-{days:02}");
            // Only the date: a time may follow it under the same span.
            let date = Span { end: span.start + text.len() as u32, ..span };
            self.report(
                Diagnostic::new(
                    &codes::BAD_LITERAL,
                    span,
                    format!("there is no `{text}`: {month} {y} has {days} days"),
                )
                .fix(format!("write `{right}`, the last of them"), vec![Edit::replace(date, right)]),
            );
        } else {
            let message = format!("`{text}` is no date");
            self.report(
                Diagnostic::new(&codes::BAD_LITERAL, span, message)
                    .help("dates are written year-month-day, as in `2026-08-17`"),
            );
        }
        None
    }

    /// Minutes since midnight, 0 to 1440; `24:00` only where `end` allows it.
    pub fn minute(&self, text: &str, span: Span, end: bool) -> Option<i64> {
        match time::parse_time(text) {
            Some(time::MINUTES_PER_DAY) if !end => {
                let message = "`24:00` is only the end of a period's hours: a time of day lies between 00:00 and 23:59";
                self.report(Diagnostic::new(&codes::OUT_OF_RANGE, span, message));
                None
            }
            Some(minute) => Some(minute),
            None => {
                let message = format!("there is no time `{text}`: the clock runs from 00:00 to 23:59");
                self.report(Diagnostic::new(&codes::BAD_LITERAL, span, message));
                None
            }
        }
    }

    /// The first minute of a local date and time.
    pub fn instant(&self, date: &str, clock: &str, span: Span) -> Option<i64> {
        let day = self.day(date, span)?;
        let minute = self.minute(clock, span, false)?;
        Some(self.zone.instant(day, minute))
    }

    /// A date on its own, as the ends of periods and of validity are.
    pub fn date_only(&self, literal: &Literal) -> Option<i64> {
        match &literal.kind {
            LiteralKind::Date(text) => self.day(text, literal.span),
            _ => {
                let message = format!("{} stands where a date is expected", noun(literal));
                self.report(Diagnostic::new(&codes::WRONG_TYPE, literal.span, message));
                None
            }
        }
    }
}

/// "a number", "a date" …
pub(crate) fn noun(literal: &Literal) -> &'static str {
    match literal.kind {
        LiteralKind::Number { .. } => "a number",
        LiteralKind::Date(_) => "a date",
        LiteralKind::Time(_) => "a time of day",
        LiteralKind::DateTime(..) => "a date with a time",
    }
}

/// The unit that stands behind a number.
pub(crate) fn unit(literal: &Literal) -> Option<&Name> {
    match &literal.kind {
        LiteralKind::Number { unit, .. } => unit.as_deref(),
        _ => None,
    }
}
