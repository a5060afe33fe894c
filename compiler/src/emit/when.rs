//! A period's rule -> what the local clock must show, for formats that can say it in their own words.
//!
//! A century of school days is thousands of spans, and one line as a rule. Where the rule can be said of a single moment
//! (or of a single day, if it knows no hours) it is told by [`When`]; else formats tell the spans.

use super::sheet::Kind;
use super::{Export, Fidelity};
use crate::model::time::{MINUTES_PER_DAY, weekday};
use crate::model::{Model, PeriodId, PeriodRule};

/// What a moment's local date and clock must show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    All(Vec<When>),
    Any(Vec<When>),
    Not(Box<When>),
    /// The date lies between these days, both included.
    Dates(i64, i64),
    /// The day of the week; bit 0 is Monday.
    Days(u8),
    /// The minute of the day: from the first up to, not including, the second.
    Clock(u32, u32),
}

/// More parts than this are told as spans.
const MOST: usize = 120;

impl When {
    /// `None` where spans say it better. `whole_days`: it is asked of a date, and so only rules without hours can be.
    pub fn of(model: &Model, period: PeriodId, whole_days: bool) -> Option<When> {
        let mut left = MOST;
        when(model, &model.period(period).rule, whole_days, &mut left)
    }
}

fn when(model: &Model, rule: &PeriodRule, whole_days: bool, left: &mut usize) -> Option<When> {
    *left = left.checked_sub(1)?;
    let mut part = |rule: &PeriodRule| when(model, rule, whole_days, left);
    Some(match rule {
        PeriodRule::Dates(from, to) => When::Dates(*from, *to),
        PeriodRule::Days { days, from: 0, to: 1440 } => When::Days(*days),
        PeriodRule::Days { .. } if whole_days => return None,
        PeriodRule::Days { days, from, to } if from < to => when_all(vec![When::Days(*days), When::Clock(*from, *to)]),
        PeriodRule::Days { days, from, to } => {
            // Over midnight: the hours belong to the day on which they start, so the morning is that of the day after.
            let after = (days << 1 | days >> 6) & 0x7f;
            let morning = when_all(vec![When::Days(after), When::Clock(0, *to)]);
            let evening = when_all(vec![When::Days(*days), When::Clock(*from, 1440)]);
            if *to == 0 { evening } else { When::Any(vec![evening, morning]) }
        }
        PeriodRule::Named(period) => part(&model.period(*period).rule)?,
        PeriodRule::Either(rules) => When::Any(rules.iter().map(part).collect::<Option<_>>()?),
        PeriodRule::During(a, b) => When::All(vec![part(a)?, part(b)?]),
        PeriodRule::Except(a, b) => When::All(vec![part(a)?, When::Not(Box::new(part(b)?))]),
    })
}

/// Without what is always so.
fn when_all(parts: Vec<When>) -> When {
    let always = |w: &When| matches!(w, When::Days(0x7f) | When::Clock(0, 1440));
    let mut parts: Vec<When> = parts.into_iter().filter(|w| !always(w)).collect();
    match parts.len() {
        0 => When::Days(0x7f),
        1 => parts.remove(0),
        _ => When::All(parts),
    }
}

/// How a language says the parts of a period of a date and its clock.
pub trait Speech {
    fn not(&self, part: String) -> String;
    /// The date is this day.
    fn on(&self, day: i64) -> String;
    /// The date lies between these days, both included.
    fn between(&self, from: i64, to: i64) -> String;
    /// `between` is several comparisons, which stand in parentheses among others.
    fn between_is_open(&self) -> bool;
    fn weekdays(&self, days: u8) -> String;
    fn hour(&self) -> String;
    fn minute(&self) -> String;
}

/// A period as a condition about a date and its clock; `inner`: it stands among others.
pub fn said(when: &When, speech: &impl Speech, inner: bool) -> String {
    let list = |parts: &[When], word: &str, empty: &str| {
        let all: Vec<String> = parts.iter().map(|p| said(p, speech, true)).collect();
        match all.len() {
            0 => empty.to_string(),
            1 => all.join(""),
            _ if inner => format!("({})", all.join(word)),
            _ => all.join(word),
        }
    };
    let clock = |sign: &str, minute: u32| match minute % 60 {
        0 => format!("{} {sign} {}", speech.hour(), minute / 60),
        _ => format!("{} * 60 + {} {sign} {minute}", speech.hour(), speech.minute()),
    };
    let wrapped = |text: String| if inner { format!("({text})") } else { text };
    match when {
        When::All(parts) => list(parts, " and ", "true"),
        When::Any(parts) => list(parts, " or ", "false"),
        When::Not(part) => speech.not(said(part, speech, false)),
        When::Dates(from, to) if from == to => speech.on(*from),
        When::Dates(from, to) if speech.between_is_open() => wrapped(speech.between(*from, *to)),
        When::Dates(from, to) => speech.between(*from, *to),
        When::Days(0) => "false".to_string(),
        When::Days(0x7f) => "true".to_string(),
        When::Days(days) => speech.weekdays(*days),
        When::Clock(0, to) => clock("<", *to),
        When::Clock(from, 1440) => clock(">=", *from),
        When::Clock(from, to) => wrapped(format!("{} and {}", clock(">=", *from), clock("<", *to))),
    }
}

/// Days in spans -> runs of the same days of the week: first day, last day, mask (bit 0 is Monday). A century of weekdays is
/// thousands of spans and one run.
pub fn runs(spans: &[(i64, i64)]) -> Vec<(i64, i64, u8)> {
    let mut runs = Vec::new();
    // Spans from `next` on, of the first of them the days from `first` on.
    let (mut next, mut first) = (0, i64::MIN);
    while let Some(&(from, _)) = spans.get(next) {
        let start = from.max(first);
        let has = |day: i64, at: &mut usize| {
            while spans.get(*at).is_some_and(|s| s.1 < day) {
                *at += 1;
            }
            spans.get(*at).is_some_and(|s| s.0 <= day)
        };
        let mut at = next;
        let mask = (start..start + 7).filter(|d| has(*d, &mut at)).fold(0u8, |m, d| m | 1 << weekday(d));
        let (mut at, mut day, mut last) = (next, start, start);
        let end = spans.last().map_or(start, |s| s.1);
        while day <= end && has(day, &mut at) == (mask >> weekday(day) & 1 == 1) {
            if mask >> weekday(day) & 1 == 1 {
                last = day;
            }
            day += 1;
        }
        runs.push((start, last, mask));
        // What lies behind the run's last day.
        first = last + 1;
        while spans.get(next).is_some_and(|s| s.1 < first) {
            next += 1;
        }
    }
    runs
}

/// The days of a mask as numbers: 0 is Monday.
pub fn numbers(days: u8) -> Vec<u32> {
    (0..7).filter(|d| days >> d & 1 == 1).collect()
}

/// The days in a fact's range of moments on which clocks are set back over midnight: for some minutes they show the day
/// before again. Ordain counts these minutes to the later date, an engine's clock to the earlier one.
pub fn turned_back(model: &Model, (lo, hi): (i64, i64)) -> Vec<i64> {
    let pieces = model.zone.pieces().iter().filter(|p| lo < p.0 && p.0 <= hi);
    pieces
        .filter_map(|&(start, offset)| {
            let day = model.zone.day(start);
            ((start + offset).div_euclid(MINUTES_PER_DAY) != day).then_some(day)
        })
        .collect()
}

/// What engines' clocks show otherwise than Ordain's.
pub fn clocks(export: &Export<'_>, fidelity: &mut Fidelity) {
    for sheet in &export.sheets {
        for feature in sheet.features.iter().filter(|f| f.needs_clock()) {
            for input in sheet.inputs_of(feature) {
                let Kind::DateTime { lo, hi } = input.kind else { continue };
                let days = turned_back(export.model, (lo, hi));
                if let Some(first) = days.first() {
                    let what = format!("`{}` in the night to {}", feature.title, super::words::date(*first));
                    let nights =
                        if days.len() == 1 { String::new() } else { format!(", and in {} more", days.len() - 1) };
                    let why = format!(
                        "clocks are set back over midnight there{nights}: for that hour the date is the day before"
                    );
                    fidelity.approximated(what, why);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Zone;

    #[test]
    fn runs_have_the_days_of_the_spans() {
        let mut rng = fastrand::Rng::with_seed(4);
        for _ in 0..500 {
            let mask = rng.u8(0..128);
            let days: Vec<i64> =
                (100..160).filter(|d| (mask >> weekday(*d) & 1 == 1) != (rng.u32(0..12) == 0)).collect();
            let spans = crate::model::Intervals::from_parts(days.iter().map(|d| (*d, *d)));
            let runs = runs(spans.parts());
            let fits = |d: &i64| runs.iter().filter(|r| r.0 <= *d && *d <= r.1 && r.2 >> weekday(*d) & 1 == 1).count();
            (90..170).for_each(|d| assert_eq!(fits(&d), usize::from(days.contains(&d)), "{d} in {days:?}: {runs:?}"));
        }
        let weekdays: Vec<(i64, i64)> = (0..5000).map(|week| (week * 7 - 3, week * 7 + 1)).collect();
        assert_eq!(runs(&weekdays), [(-3, 4999 * 7 + 1, 0b11111)]);
    }

    #[test]
    fn clocks_are_rarely_set_back_over_midnight() {
        let (_, mut model) = crate::tabulate::tests::model(crate::tabulate::tests::SCHOOL);
        assert_eq!(turned_back(&model, (0, 1 << 26)), Vec::<i64>::new());
        model.zone = Zone::find("America/St_Johns").unwrap();
        let days = turned_back(&model, (0, 1 << 26));
        let before = |d: &i64| *d < crate::model::time::parse_date("2012-01-01").unwrap();
        assert!(days.len() > 20 && days.iter().all(before));
    }
}
