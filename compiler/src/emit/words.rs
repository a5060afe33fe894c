//! Values of a sheet as the texts that every format takes: numbers, dates, times, instants; names that fit a language.

use crate::model::show;
use crate::model::time::{self, MINUTES_PER_DAY};

/// A number without needless zeros: `50.01`, `-0.5`, `20`.
pub fn decimal(v: i64, scale: u32) -> String {
    let text = show::number(v, scale);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// A range of numbers as languages with intervals write it: `[3..5]`, `>= 4`, `> 50`, `7`; `any` where it is open at both
/// ends. A bound between two steps is written as the rounder number: `> 50` and not `>= 50.01`.
pub fn numbers(range: super::sheet::Range, scale: u32, any: &str) -> String {
    let digits = |v: i64| decimal(v, scale).split_once('.').map_or(0, |d| d.1.len());
    let rounder = |v: i64, other: i64| digits(other) < digits(v);
    let lo =
        range.lo.map(|v| if rounder(v, v - 1) { (false, decimal(v - 1, scale)) } else { (true, decimal(v, scale)) });
    let hi =
        range.hi.map(|v| if rounder(v, v + 1) { (false, decimal(v + 1, scale)) } else { (true, decimal(v, scale)) });
    match (lo, hi) {
        (Some(_), Some(_)) if range.lo == range.hi => decimal(range.lo.unwrap_or(0), scale),
        (Some((from, lo)), Some((to, hi))) => {
            format!("{}{lo}..{hi}{}", if from { '[' } else { '(' }, if to { ']' } else { ')' })
        }
        (Some((from, lo)), None) => format!("{} {lo}", if from { ">=" } else { ">" }),
        (None, Some((to, hi))) => format!("{} {hi}", if to { "<=" } else { "<" }),
        (None, None) => any.to_string(),
    }
}

/// `2026-09-14`, from days since 1970-01-01.
pub fn date(day: i64) -> String {
    time::show_date(day)
}

/// `15:00`, from minutes since midnight; the end of the day is `24:00`.
pub fn time_of_day(minute: i64) -> String {
    time::show_time(minute)
}

/// `2026-09-14T15:00:00Z`, from minutes since 1970-01-01 00:00 UTC.
pub fn instant(minute: i64) -> String {
    let (day, minute) = (minute.div_euclid(MINUTES_PER_DAY), minute.rem_euclid(MINUTES_PER_DAY));
    format!("{}T{}:00Z", time::show_date(day), time::show_time(minute))
}

/// The same with the offset of the policy's time zone: `2026-09-14T10:00:00-05:00`.
pub fn local_instant(zone: &crate::model::Zone, minute: i64) -> String {
    let offset = zone.offset(minute);
    let local = minute + offset;
    let (day, clock) = (local.div_euclid(MINUTES_PER_DAY), local.rem_euclid(MINUTES_PER_DAY));
    format!("{}T{}:00{}", time::show_date(day), time::show_time(clock), time::show_offset(offset))
}

/// Letters, digits and underscores, not a digit first; other signs become underscores.
pub fn identifier(name: &str) -> String {
    let mut text: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) {
        text.insert(0, '_');
    }
    text
}

/// `DaysFromInvitedToStarts`
pub fn pascal(name: &str) -> String {
    let mut text = String::new();
    for part in identifier(name).split('_').filter(|p| !p.is_empty()) {
        let mut chars = part.chars();
        text.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        text.extend(chars);
    }
    identifier(&text)
}

/// A text in double quotes with the escapes of JSON, which most languages share.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// With a capital letter and a full stop.
pub fn sentence(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{}.", super::markdown::upper_first(text)) }
}

/// A number for what some texts say, the same on every machine (FNV-1a).
pub fn hash<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in texts.flat_map(|t| t.bytes().chain([0xff])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// One line, without signs that end a comment.
pub fn comment(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("*/", "* /")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_moments() {
        assert_eq!(decimal(5000, 2), "50");
        assert_eq!(decimal(-50, 2), "-0.5");
        assert_eq!(decimal(20, 0), "20");
        let range = |lo, hi| numbers(super::super::sheet::Range { lo, hi }, 2, "-");
        assert_eq!(range(Some(5001), None), "> 50");
        assert_eq!(range(Some(300), Some(499)), "[3..5)");
        assert_eq!(range(Some(301), Some(500)), "(3..5]");
        assert_eq!(range(Some(700), Some(700)), "7");
        assert_eq!(range(None, Some(1250)), "<= 12.5");
        assert_eq!(instant(0), "1970-01-01T00:00:00Z");
        assert_eq!(identifier("9 lives"), "_9_lives");
        assert_eq!(pascal("days_from_invited_to_starts"), "DaysFromInvitedToStarts");
    }
}
