//! A literal of a cell -> an integer of its column's scale, or the two integers that it lies between.

use super::Scale;
use super::tokens::Token;
use crate::model::Zone;
use crate::model::time::{self, MINUTES_PER_DAY, WEEKDAYS};

/// The greatest integer that is not above the value, and the least that is not below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    pub floor: i64,
    pub ceil: i64,
}

impl Bound {
    fn at(value: i64) -> Self {
        Self { floor: value, ceil: value }
    }

    /// The greatest integer below.
    pub fn below(self) -> i64 {
        if self.floor == self.ceil { self.floor.saturating_sub(1) } else { self.floor }
    }

    /// The least integer above.
    pub fn above(self) -> i64 {
        if self.floor == self.ceil { self.ceil.saturating_add(1) } else { self.ceil }
    }
}

pub fn bound(scale: &Scale, zone: &Zone, token: &Token) -> Result<Bound, String> {
    let found = match (scale, token) {
        (Scale::Bool, Token::Word(word)) => match word.as_str() {
            "true" => Some(Bound::at(1)),
            "false" => Some(Bound::at(0)),
            _ => None,
        },
        (Scale::Names(values), Token::Text(text)) => {
            let index = values.iter().position(|v| v == text);
            let Some(index) = index else {
                return Err(format!("`{text}` is none of {}", crate::model::show::list(values, "and")));
            };
            Some(Bound::at(index as i64))
        }
        (Scale::Weekday, Token::Text(text)) => WEEKDAYS.iter().position(|d| d == text).map(|d| Bound::at(d as i64)),
        (Scale::Number { scale, .. }, Token::Number(text)) => number(text, *scale),
        (Scale::Date { .. }, Token::Literal(_, text)) => time::parse_date(text).map(Bound::at),
        (Scale::Time, Token::Literal(_, text)) => clock(text),
        (Scale::DateTime { .. }, Token::Literal(_, text)) => instant(text, zone),
        _ => None,
    };
    let what = match scale {
        Scale::Bool => "neither true nor false",
        Scale::Names(_) => "not a value in quotes",
        Scale::Weekday => "not a day of the week in quotes",
        Scale::Number { .. } => "not a number",
        Scale::Date { .. } => "not a date",
        Scale::Time => "not a time of day",
        Scale::DateTime { .. } => "not a date and time with an offset",
    };
    found.ok_or_else(|| format!("{} is {what}", token.show()))
}

/// In steps of 10^-scale; `None` where it is too long to be one.
fn number(text: &str, scale: u32) -> Option<Bound> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |d| (true, d));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(scale as usize).collect();
    let exact = fraction.chars().skip(scale as usize).all(|c| c == '0');
    let steps: i64 = format!("{whole}{kept}").parse().ok().filter(|n: &i64| *n < super::FAR)?;
    Some(match (negative, exact) {
        (false, true) => Bound::at(steps),
        (true, true) => Bound::at(-steps),
        (false, false) => Bound { floor: steps, ceil: steps + 1 },
        (true, false) => Bound { floor: -steps - 1, ceil: -steps },
    })
}

/// `15:00`, `15:00:00`: minutes of the day.
fn clock(text: &str) -> Option<Bound> {
    let mut parts = text.splitn(3, ':');
    let two = |part: Option<&str>| -> Option<i64> { part.filter(|p| p.len() == 2)?.parse().ok() };
    let (hours, minutes) = (two(parts.next())?, two(parts.next())?);
    let seconds = parts.next().unwrap_or("00");
    let whole: f64 = seconds.parse().ok()?;
    let fits = (0..24).contains(&hours) && (0..60).contains(&minutes) && (0.0..60.0).contains(&whole);
    let minute = hours * 60 + minutes;
    fits.then(|| if whole == 0.0 { Bound::at(minute) } else { Bound { floor: minute, ceil: minute + 1 } })
}

/// `2026-09-14T15:00:00-05:00`, `…Z`, `…@America/Chicago`: minutes since 1970-01-01 00:00 UTC.
fn instant(text: &str, zone: &Zone) -> Option<Bound> {
    let (date, rest) = text.split_once('T')?;
    let day = time::parse_date(date)?;
    if let Some((clock_part, name)) = rest.split_once('@') {
        let clock = clock(clock_part)?;
        let other = if name == zone.name { None } else { Some(Zone::find(name)?) };
        let zone = other.as_ref().unwrap_or(zone);
        let at = zone.instant(day, clock.floor);
        return Some(Bound { floor: at, ceil: at + clock.ceil - clock.floor });
    }
    let end = rest.find(['Z', 'z', '+', '-'])?;
    let clock = clock(rest.get(..end)?)?;
    let offset = match rest.get(end..)? {
        "Z" | "z" => 0,
        signed => {
            let (hours, minutes) = signed.get(1..)?.split_once(':')?;
            let minutes = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
            if signed.starts_with('-') { -minutes } else { minutes }
        }
    };
    let midnight = day * MINUTES_PER_DAY - offset;
    Some(Bound { floor: midnight + clock.floor, ceil: midnight + clock.ceil })
}
