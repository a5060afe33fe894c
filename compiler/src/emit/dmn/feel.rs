//! Features and tests of a sheet -> expressions and cells of FEEL.
//!
//! Dates and hours are those of the policy's time zone: a moment is put into the zone by adding the time since 1970 to the
//! zone's 1970, which every FEEL engine with zones can do. Distances of months are worked out from years, months and days,
//! as `years and months duration` cuts the ends of months differently.

use super::super::sheet::{Allowed, Feature, Kind, Measure, Of, Range, Sheet, Test};
use super::super::when::{self, Speech, When};
use super::super::words;
use crate::model::time::WEEKDAYS;
use crate::model::{Model, Zone};
use std::fmt::Write;

/// A text in double quotes.
pub fn text(text: &str) -> String {
    words::quoted(text)
}

pub fn texts<'a>(all: impl IntoIterator<Item = &'a String>) -> String {
    let all: Vec<String> = all.into_iter().map(|t| text(t)).collect();
    format!("[{}]", all.join(", "))
}

pub fn date(day: i64) -> String {
    format!("date(\"{}\")", words::date(day))
}

fn time(minute: i64) -> String {
    format!("time(\"{}:00\")", words::time_of_day(minute))
}

fn moment(zone: &Zone, minute: i64) -> String {
    format!("date and time(\"{}\")", words::local_instant(zone, minute))
}

/// The values that an input can have, as unary tests; `None` where its type says it all.
pub fn domain(model: &Model, kind: &Kind, optional: bool) -> Option<String> {
    let values = match kind {
        Kind::YesNo | Kind::Time => return None,
        Kind::Choice { values } | Kind::Set { values } => values.iter().map(|v| text(v)).collect::<Vec<_>>().join(", "),
        Kind::Number { lo, hi, scale, .. } => {
            format!("[{}..{}]", words::decimal(*lo, *scale), words::decimal(*hi, *scale))
        }
        Kind::Date { lo, hi } => format!("[{}..{})", date(*lo), date(*hi + 1)),
        Kind::DateTime { lo, hi } => format!("[{}..{})", moment(&model.zone, *lo), moment(&model.zone, *hi + 1)),
    };
    // Of a set it is the elements that are restricted, and these always exist.
    let null = if optional && !matches!(kind, Kind::Set { .. }) { ", null" } else { "" };
    Some(format!("{values}{null}"))
}

/// The names of inputs, of their moments in the policy's time zone, and of the spans that a feature looks into.
pub struct Scope<'a> {
    pub inputs: &'a [String],
    /// By input; empty where none is needed.
    pub locals: &'a [String],
    pub spans: Option<&'a str>,
}

/// The moment of a datetime in the policy's time zone.
pub fn local(zone: &Zone, name: &str, optional: bool) -> String {
    let start = match zone.name.as_str() {
        "UTC" => "date and time(\"1970-01-01T00:00:00Z\")".to_string(),
        name => format!("date and time(\"1970-01-01T00:00:00@{name}\")"),
    };
    guarded(if optional { vec![name] } else { Vec::new() }, format!("{start} + ({name} - {start})"))
}

fn guarded(optional: Vec<&str>, expression: String) -> String {
    if optional.is_empty() {
        return expression;
    }
    let nulls: Vec<String> = optional.iter().map(|n| format!("{n} = null")).collect();
    format!("if {} then null else {expression}", nulls.join(" or "))
}

/// The spans that a feature looks into, as pairs of integers; `None` where it needs none, or says them as rules.
pub fn spans(sheet: &Sheet<'_>, feature: &Feature) -> Option<String> {
    let spans = match &feature.of {
        Of::Within(..) if as_rule(sheet, feature) => return None,
        Of::Within(_, _, spans) => spans,
        Of::Distance { measure: Measure::PeriodDays(_, spans), .. } => spans,
        _ => return None,
    };
    if in_minutes(sheet, feature) {
        let pairs: Vec<String> = spans.iter().map(|(lo, hi)| format!("[{lo}, {hi}]")).collect();
        return Some(format!("[{}]", pairs.join(", ")));
    }
    let run = |(lo, hi, days): (i64, i64, u8)| format!("[{lo}, {hi}, {:?}]", when::numbers(days));
    Some(format!("[{}]", when::runs(spans).into_iter().map(run).collect::<Vec<_>>().join(", ")))
}

/// Whether a period can be said as a rule about the date and the clock.
fn as_rule(sheet: &Sheet<'_>, feature: &Feature) -> bool {
    let Of::Within(input, period, _) = &feature.of else { return false };
    let whole_days = matches!(sheet.inputs.get(*input).map(|i| &i.kind), Some(Kind::Date { .. }));
    When::of(sheet.model, *period, whole_days).is_some()
}

/// Whether it looks at its moments by the clock of the policy's time zone.
pub fn by_clock(sheet: &Sheet<'_>, feature: &Feature) -> bool {
    feature.needs_clock() && (as_rule(sheet, feature) || !in_minutes(sheet, feature))
}

/// Whether its spans are moments and not days.
pub fn in_minutes(sheet: &Sheet<'_>, feature: &Feature) -> bool {
    let kind = feature.input().and_then(|i| sheet.inputs.get(i)).map(|i| &i.kind);
    matches!((&feature.of, kind), (Of::Within(..), Some(Kind::DateTime { .. })))
}

/// What a feature measures.
pub fn expression(sheet: &Sheet<'_>, feature: &Feature, scope: &Scope<'_>) -> String {
    let name = |i: usize| scope.inputs.get(i).map_or("", String::as_str);
    let is_date = |i: usize| matches!(sheet.inputs.get(i).map(|i| &i.kind), Some(Kind::Date { .. }));
    let moment = |i: usize| match is_date(i) {
        true => name(i),
        false => scope.locals.get(i).map_or("", String::as_str),
    };
    let day = |i: usize| if is_date(i) { name(i).to_string() } else { format!("date({})", moment(i)) };
    let number = |i: usize| format!("({} - {}) / duration(\"P1D\")", day(i), date(0));
    let minutes = |i: usize| {
        let start = match sheet.inputs.get(i).map(|i| &i.kind) {
            Some(Kind::Time) => "time(\"00:00:00\")",
            _ => "date and time(\"1970-01-01T00:00:00Z\")",
        };
        format!("floor(({} - {start}) / duration(\"PT1M\"))", name(i))
    };
    let spans = scope.spans.unwrap_or("[]");
    let said = match &feature.of {
        Of::Value(i) => return name(*i).to_string(),
        Of::Weekday(i) => format!("day of week({})", day(*i)),
        Of::Within(i, period, known) => match When::of(sheet.model, *period, is_date(*i)) {
            Some(when) => when::said(&when, &Feel { day: &day(*i), moment: moment(*i) }, false),
            None if known.is_empty() => "false".to_string(),
            None if is_date(*i) => {
                format!(
                    "some run in {spans} satisfies run[1] <= {0} and {0} <= run[2] and list contains(run[3], modulo({0} + 3, 7))",
                    number(*i)
                )
            }
            None => {
                let minute = minutes(*i);
                format!("some span in {spans} satisfies span[1] <= {minute} and {minute} <= span[2]")
            }
        },
        Of::Contains(i, elements) => {
            let has: Vec<String> =
                elements.iter().map(|e| format!("list contains({}, {})", name(*i), text(e))).collect();
            if has.is_empty() { "false".to_string() } else { has.join(" or ") }
        }
        Of::Distance { from, to, measure } => {
            let (a, b) = (*from, *to);
            match measure {
                // Each is cut to the minute, as Ordain does.
                Measure::Minutes => format!("{} - {}", minutes(b), minutes(a)),
                Measure::Number { scale: 0 } => format!("{} - {}", name(b), name(a)),
                Measure::Number { scale } => format!("decimal({} - {}, {scale})", name(b), name(a)),
                Measure::Days => format!("({} - {}) / duration(\"P1D\")", day(b), day(a)),
                Measure::Months => format!(
                    "({1}.year - {0}.year) * 12 + {1}.month - {0}.month - (if {1}.day < {0}.day and ({2} + \
                     duration(\"P1D\")).day != 1 then 1 else 0)",
                    moment(a),
                    moment(b),
                    day(b)
                ),
                Measure::PeriodDays(_, known) if known.is_empty() => "0".to_string(),
                Measure::PeriodDays(..) => {
                    // Days up to one of them with this day of the week, less a number that is the same for both.
                    let until = |end: &str| format!("floor((max(run[1] - 1, min(run[2], {end})) + 3 - weekday) / 7)");
                    format!(
                        "{{ first: {}, last: {}, days: sum(for run in {spans} return sum(for weekday in run[3] return {} - {})) }}.days",
                        number(a),
                        number(b),
                        until("last"),
                        until("first")
                    )
                }
            }
        }
    };
    // What is null where its fact does not exist: the fact, or its moment by the clock.
    let clock = by_clock(sheet, feature);
    let optional = sheet.inputs_of(feature).into_iter().filter(|i| i.optional);
    let places = optional.filter_map(|i| sheet.inputs.iter().position(|s| s.fact == i.fact));
    guarded(places.map(|i| if clock { moment(i) } else { name(i) }).collect(), said)
}

/// A date, and a moment of its clock, as they are named in an expression.
struct Feel<'a> {
    day: &'a str,
    moment: &'a str,
}

impl Speech for Feel<'_> {
    fn not(&self, part: String) -> String {
        format!("not({part})")
    }

    fn on(&self, day: i64) -> String {
        format!("{} = {}", self.day, date(day))
    }

    fn between(&self, from: i64, to: i64) -> String {
        format!("{0} >= {1} and {0} <= {2}", self.day, date(from), date(to))
    }

    fn between_is_open(&self) -> bool {
        true
    }

    fn weekdays(&self, days: u8) -> String {
        format!("day of week({}) in ({})", self.day, weekdays(days))
    }

    fn hour(&self) -> String {
        format!("{}.hour", self.moment)
    }

    fn minute(&self) -> String {
        format!("{}.minute", self.moment)
    }
}

fn weekdays(days: u8) -> String {
    let names = WEEKDAYS.iter().enumerate().filter(|(d, _)| days >> d & 1 == 1);
    names.map(|(_, name)| text(name)).collect::<Vec<_>>().join(", ")
}

/// A cell: the unary tests of one column in one row.
pub fn cell(sheet: &Sheet<'_>, feature: &Feature, test: Option<&Test>) -> String {
    let Some(test) = test else { return "-".to_string() };
    let mut parts: Vec<String> = if test.absent { vec!["null".to_string()] } else { Vec::new() };
    match &test.allowed {
        Allowed::Nothing if test.absent => {}
        Allowed::Nothing => parts.push("not(-)".to_string()),
        Allowed::Any if test.absent => return "-".to_string(),
        Allowed::Any => parts.push("not(null)".to_string()),
        Allowed::Bool(yes) => parts.push(yes.to_string()),
        Allowed::Values(values) => {
            let names = sheet.values(feature);
            parts.extend(values.iter().filter_map(|v| names.get(*v)).map(|v| text(v)));
        }
        Allowed::Days(days) => parts.push(weekdays(*days)),
        Allowed::Ranges(ranges) => parts.extend(ranges.iter().map(|r| range(sheet, feature, *r))),
    }
    parts.join(", ")
}

fn range(sheet: &Sheet<'_>, feature: &Feature, Range { lo, hi }: Range) -> String {
    let kind = match &feature.of {
        Of::Value(i) => sheet.inputs.get(*i).map(|i| &i.kind),
        _ => None,
    };
    let zone = &sheet.model.zone;
    let literal = |v: i64| match kind {
        Some(Kind::Date { .. }) => date(v),
        Some(Kind::Time) => time(v),
        _ => moment(zone, v),
    };
    if matches!(kind, Some(Kind::Date { .. } | Kind::Time | Kind::DateTime { .. })) {
        return match (lo, hi) {
            (Some(lo), Some(hi)) if lo == hi && matches!(kind, Some(Kind::Date { .. })) => date(lo),
            (Some(lo), Some(hi)) => format!("[{}..{})", literal(lo), literal(hi + 1)),
            (Some(lo), None) => format!(">= {}", literal(lo)),
            (None, Some(hi)) => format!("< {}", literal(hi + 1)),
            (None, None) => "not(null)".to_string(),
        };
    }
    words::numbers(Range { lo, hi }, sheet.scale(feature), "not(null)")
}

/// One line for each sentence, for descriptions.
pub fn lines(parts: &[String]) -> String {
    let mut all = String::new();
    for part in parts.iter().filter(|p| !p.is_empty()) {
        let _ = write!(all, "{}{part}", if all.is_empty() { "" } else { "\n" });
    }
    all
}
