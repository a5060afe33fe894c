//! A test -> a condition over an expression. It is true where the test holds, and false or NULL elsewhere, which is the same
//! to `CASE`.

use super::measure::any;
use crate::emit::Dialect;
use crate::emit::sheet::{Allowed, Feature, Kind, Of, Range, Sheet, Test};
use crate::emit::words;

pub fn condition(d: Dialect, sheet: &Sheet<'_>, feature: &Feature, x: &str, test: &Test) -> String {
    let null = format!("{x} IS NULL");
    let allowed = match &test.allowed {
        Allowed::Nothing if test.absent => return null,
        Allowed::Any if test.absent => return "1 = 1".to_string(),
        Allowed::Nothing => return "1 = 0".to_string(),
        Allowed::Any => return format!("{x} IS NOT NULL"),
        Allowed::Bool(true) => format!("{x} = TRUE"),
        Allowed::Bool(false) => format!("{x} = FALSE"),
        Allowed::Values(values) => {
            let all = sheet.values(feature);
            let names: Vec<String> = values.iter().filter_map(|v| all.get(*v)).map(|v| d.text(v)).collect();
            one_of(x, &names)
        }
        Allowed::Days(days) => {
            let names: Vec<String> = (0..7).filter(|b| days >> b & 1 == 1).map(|b: u8| b.to_string()).collect();
            one_of(x, &names)
        }
        Allowed::Ranges(ranges) => {
            let parts: Vec<String> = ranges.iter().map(|r| range(d, sheet, feature, x, r)).collect();
            if let [only] = parts.as_slice() { only.clone() } else { any(parts) }
        }
    };
    if test.absent { format!("({null} OR {allowed})") } else { allowed }
}

fn one_of(x: &str, names: &[String]) -> String {
    match names {
        [] => "1 = 0".to_string(),
        [one] => format!("{x} = {one}"),
        _ => format!("{x} IN ({})", names.join(", ")),
    }
}

/// Where time goes on below a minute or below a day, the end is left half open.
fn range(d: Dialect, sheet: &Sheet<'_>, feature: &Feature, x: &str, range: &Range) -> String {
    let kind = match feature.of {
        Of::Value(i) => Some(&sheet.inputs[i].kind),
        _ => None,
    };
    let (x, literal, open): (String, Box<dyn Fn(i64) -> String>, bool) = match kind {
        Some(Kind::Number { scale, .. }) => (x.to_string(), Box::new(|v| words::decimal(v, *scale)), false),
        Some(Kind::Date { .. }) => (x.to_string(), Box::new(move |v| d.date(v)), false),
        Some(Kind::Time) => (x.to_string(), Box::new(move |v| d.time(v)), true),
        Some(Kind::DateTime { .. }) => (d.moment_of(x), Box::new(move |v| d.moment(&sheet.model.zone, v)), true),
        _ => (x.to_string(), Box::new(|v| v.to_string()), false),
    };
    match (range.lo, range.hi) {
        (None, None) => format!("{x} IS NOT NULL"),
        (Some(lo), Some(hi)) if lo == hi && !open => format!("{x} = {}", literal(lo)),
        (Some(lo), Some(hi)) if !open => format!("{x} BETWEEN {} AND {}", literal(lo), literal(hi)),
        (Some(lo), None) => format!("{x} >= {}", literal(lo)),
        (None, Some(hi)) if open => format!("{x} < {}", literal(hi + 1)),
        (None, Some(hi)) => format!("{x} <= {}", literal(hi)),
        (Some(lo), Some(hi)) => format!("({x} >= {} AND {x} < {})", literal(lo), literal(hi + 1)),
    }
}
