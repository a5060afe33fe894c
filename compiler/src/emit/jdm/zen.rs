//! Features and tests of a sheet -> expressions and cells of ZEN, GoRules' expression language.
//!
//! Moments are read by `date("…")` as seconds since 1970, so they can be compared whatever their offset; dates and hours
//! are those of the policy's zone by `d(x).tz("…")`. A comparison with null is a fault in ZEN, so cells of what may be
//! absent say so first.

use super::super::sheet::{Allowed, Feature, Kind, Measure, Of, Range, Sheet, Test};
use super::super::when::{self, Speech, When};
use super::super::words;
use crate::model::Zone;
use crate::model::time::WEEKDAYS;

/// A text in quotes. ZEN has no escapes, and two kinds of quotes.
pub fn text(text: &str) -> String {
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    let parts: Vec<String> = text.split('"').map(|part| format!("\"{part}\"")).collect();
    parts.join(" + '\"' + ")
}

pub fn texts<'a>(all: impl IntoIterator<Item = &'a String>) -> String {
    format!("[{}]", all.into_iter().map(|t| text(t)).collect::<Vec<_>>().join(", "))
}

/// Words of ZEN that are no names.
const TAKEN: [&str; 8] = ["and", "or", "not", "in", "true", "false", "null", "if"];

/// A field of the case, or of something in it.
fn member(of: Option<&str>, name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !TAKEN.contains(&name);
    match (of, plain) {
        (None, true) => name.to_string(),
        (Some(of), true) => format!("{of}.{name}"),
        (of, false) => format!("{}[\"{name}\"]", of.unwrap_or("$root")),
    }
}

/// A feature as a column looks it up: a fact, its seconds, or what was measured before.
pub fn field(sheet: &Sheet<'_>, feature: &Feature, measured: &str) -> String {
    let Of::Value(i) = feature.of else { return member(Some(measured), &feature.name) };
    let Some(input) = sheet.inputs.get(i) else { return String::new() };
    let name = member(None, &input.name);
    let said = match input.kind {
        Kind::Date { .. } | Kind::DateTime { .. } => format!("date({name})"),
        Kind::Time => format!("time({name})"),
        _ => return name,
    };
    if input.optional { format!("{name} == null ? null : {said}") } else { said }
}

/// What a feature measures; only of those that are not a fact's own value.
pub fn expression(sheet: &Sheet<'_>, feature: &Feature) -> String {
    let zone = sheet.model.zone.name.as_str();
    let kind = |i: usize| sheet.inputs.get(i).map(|i| &i.kind);
    let name = |i: usize| member(None, sheet.inputs.get(i).map_or("", |i| i.name.as_str()));
    let is_date = |i: usize| matches!(kind(i), Some(Kind::Date { .. }));
    let moment = |i: usize| match is_date(i) {
        true => format!("d({})", name(i)),
        false => format!("d({}).tz(\"{zone}\")", name(i)),
    };
    // Seconds at the beginning of the date, as if it were in UTC.
    let date = |i: usize| match is_date(i) {
        true => format!("date({})", name(i)),
        false => format!("date({}.format(\"%Y-%m-%d\"))", moment(i)),
    };
    let minutes = |i: usize| match kind(i) {
        Some(Kind::Time) => format!("floor(time({}) / 60)", name(i)),
        _ => format!("floor(date({}) / 60)", name(i)),
    };
    let said = match &feature.of {
        Of::Value(_) => return field(sheet, feature, ""),
        Of::Weekday(i) => format!("{}.format(\"%A\")", moment(*i)),
        Of::Within(i, period, spans) => match When::of(sheet.model, *period, is_date(*i)) {
            Some(when) => when::said(&when, &Zen { date: &date(*i), moment: &moment(*i) }, false),
            None if is_date(*i) => {
                let day = format!("{} / 86400", date(*i));
                format!("some({}, #[0] <= {day} and {day} <= #[1] and ({day} + 3 - #[2]) % 7 == 0)", triples(spans))
            }
            None => {
                let pairs: Vec<String> = spans.iter().map(|(lo, hi)| format!("[{lo}, {hi}]")).collect();
                format!("some([{}], #[0] <= {1} and {1} <= #[1])", pairs.join(", "), minutes(*i))
            }
        },
        Of::Contains(i, elements) => match elements.as_slice() {
            [one] => format!("contains({}, {})", name(*i), text(one)),
            several => format!("some({}, # in {})", name(*i), texts(several)),
        },
        Of::Distance { from, to, measure } => {
            let (a, b) = (*from, *to);
            match measure {
                Measure::Minutes => format!("{} - {}", minutes(b), minutes(a)),
                Measure::Number { .. } => format!("{} - {}", name(b), name(a)),
                Measure::Days => format!("({} - {}) / 86400", date(b), date(a)),
                Measure::Months => format!(
                    "({1}.year() - {0}.year()) * 12 + {1}.month() - {0}.month() - (({1}.day() < {0}.day() and \
                     {1}.add(1, \"day\").day() != 1) ? 1 : 0)",
                    moment(a),
                    moment(b)
                ),
                Measure::PeriodDays(_, spans) => {
                    let until =
                        |i: usize| format!("floor((max([#[0] - 1, min([#[1], {} / 86400])]) + 3 - #[2]) / 7)", date(i));
                    format!("sum(map({}, {} - {}))", triples(spans), until(b), until(a))
                }
            }
        }
    };
    let optional = sheet.inputs_of(feature).into_iter().filter(|i| i.optional);
    let nulls: Vec<String> = optional.map(|i| format!("{} == null", member(None, &i.name))).collect();
    if nulls.is_empty() { said } else { format!("({}) ? null : ({said})", nulls.join(" or ")) }
}

/// Days in spans as lists of first day, last day and day of the week (0 is Monday): inner functions cannot see outer items.
fn triples(spans: &[(i64, i64)]) -> String {
    let each =
        |(lo, hi, days): (i64, i64, u8)| when::numbers(days).into_iter().map(move |day| format!("[{lo}, {hi}, {day}]"));
    format!("[{}]", when::runs(spans).into_iter().flat_map(each).collect::<Vec<_>>().join(", "))
}

fn day(day: i64) -> String {
    format!("date(\"{}\")", words::date(day))
}

/// A date, and a moment of its clock, as they are named in an expression.
struct Zen<'a> {
    date: &'a str,
    moment: &'a str,
}

impl Speech for Zen<'_> {
    fn not(&self, part: String) -> String {
        format!("not ({part})")
    }

    fn on(&self, at: i64) -> String {
        format!("{} == {}", self.date, day(at))
    }

    fn between(&self, from: i64, to: i64) -> String {
        format!("{} in [{}..{}]", self.date, day(from), day(to))
    }

    fn between_is_open(&self) -> bool {
        false
    }

    fn weekdays(&self, days: u8) -> String {
        format!("{}.format(\"%A\") in [{}]", self.moment, weekdays(days))
    }

    fn hour(&self) -> String {
        format!("{}.hour()", self.moment)
    }

    fn minute(&self) -> String {
        format!("{}.minute()", self.moment)
    }
}

fn weekdays(days: u8) -> String {
    let names = WEEKDAYS.iter().enumerate().filter(|(d, _)| days >> d & 1 == 1);
    names.map(|(_, name)| text(name)).collect::<Vec<_>>().join(", ")
}

/// A cell; empty where everything fits.
pub fn cell(sheet: &Sheet<'_>, feature: &Feature, test: Option<&Test>) -> String {
    let Some(test) = test else { return String::new() };
    let allowed: Vec<String> = match &test.allowed {
        Allowed::Nothing => Vec::new(),
        Allowed::Any if test.absent => return String::new(),
        Allowed::Any => vec!["$ != null".to_string()],
        Allowed::Bool(yes) => vec![yes.to_string()],
        Allowed::Values(values) => {
            let names = sheet.values(feature);
            values.iter().filter_map(|v| names.get(*v)).map(|v| text(v)).collect()
        }
        Allowed::Days(days) => vec![weekdays(*days)],
        Allowed::Ranges(ranges) => {
            let optional = sheet.inputs_of(feature).iter().any(|i| i.optional);
            let said: Vec<String> = ranges.iter().map(|r| range(sheet, feature, *r)).collect();
            if optional && !test.absent { said.iter().map(|s| present(s)).collect() } else { said }
        }
    };
    let null = test.absent.then(|| "null".to_string());
    null.into_iter().chain(allowed).collect::<Vec<_>>().join(", ")
}

/// `$ != null and $ >= 3`
fn present(range: &str) -> String {
    match range.chars().next() {
        Some('[' | '(') => format!("$ != null and $ in {range}"),
        Some('<' | '>') => format!("$ != null and $ {range}"),
        Some('$') => range.to_string(),
        _ => format!("$ != null and $ == {range}"),
    }
}

/// The lines of the tests that cells can say. A cell that may be absent takes one range only: it must say first that there
/// is a value, and cells have no parentheses, and read `and`, `or` and commas from left to right.
pub fn lines(sheet: &Sheet<'_>, tests: &[Option<Test>]) -> Vec<Vec<Option<Test>>> {
    let mut lines = vec![tests.to_vec()];
    for (i, (feature, test)) in sheet.features.iter().zip(tests).enumerate() {
        let Some(Test { absent: false, allowed: Allowed::Ranges(ranges) }) = test else { continue };
        if ranges.len() < 2 || !sheet.inputs_of(feature).iter().any(|i| i.optional) {
            continue;
        }
        let each = |line: Vec<Option<Test>>| {
            ranges.iter().map(move |range| {
                let mut line = line.clone();
                if let Some(cell) = line.get_mut(i) {
                    *cell = Some(Test { absent: false, allowed: Allowed::Ranges(vec![*range]) });
                }
                line
            })
        };
        lines = lines.into_iter().flat_map(each).collect();
    }
    lines
}

fn range(sheet: &Sheet<'_>, feature: &Feature, Range { lo, hi }: Range) -> String {
    let kind = match &feature.of {
        Of::Value(i) => sheet.inputs.get(*i).map(|i| &i.kind),
        _ => None,
    };
    let Some(kind @ (Kind::Date { .. } | Kind::Time | Kind::DateTime { .. })) = kind else {
        return words::numbers(Range { lo, hi }, sheet.scale(feature), "$ != null");
    };
    let literal = |v: i64| literal(&sheet.model.zone, kind, v);
    match (lo, hi) {
        (Some(lo), Some(hi)) if lo == hi && matches!(kind, Kind::Date { .. }) => literal(lo),
        (Some(lo), Some(hi)) => format!("[{}..{})", literal(lo), literal(hi + 1)),
        (Some(lo), None) => format!(">= {}", literal(lo)),
        (None, Some(hi)) => format!("< {}", literal(hi + 1)),
        (None, None) => "$ != null".to_string(),
    }
}

fn literal(zone: &Zone, kind: &Kind, v: i64) -> String {
    match kind {
        Kind::Time => format!("time(\"{}\")", words::time_of_day(v)),
        Kind::DateTime { .. } => format!("date(\"{}\")", words::local_instant(zone, v)),
        _ => day(v),
    }
}
