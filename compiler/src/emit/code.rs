//! What the formats for programming languages share: walks of all decisions, what is said at the top, descriptions.

use super::clock::{self, Hours, Weeks};
use super::sheet::{Feature, Input, Kind, Measure, Of, Sheet};
use super::walk::{Classes, How, Walk, walk};
use super::{Export, Fidelity};
use crate::tabulate::Hit;
use serde_json::{Value, json};

/// Most numbers in one decision's array.
const MOST: usize = 4_000_000;

/// The walk of each decision, and what the program carries of the tables.
pub fn walks(export: &Export<'_>) -> (Vec<Walk>, Fidelity) {
    let mut fidelity = Fidelity::default();
    let mut walks = Vec::with_capacity(export.sheets.len());
    for sheet in &export.sheets {
        let name = &sheet.table.name;
        let walk = if sheet.table.hit == Hit::Collect { None } else { walk(sheet, MOST) };
        match &walk {
            Some(_) if sheet.table.rows.iter().any(|r| r.conflicts) => fidelity.approximated(
                format!("{name} where rules conflict"),
                "the first of the rules that conflict decides instead",
            ),
            Some(_) => fidelity.exact(format!("{name}, duties and advice included")),
            None if sheet.table.hit == Hit::Collect => {
                fidelity.left_out(name, "rows that say what each rule says decide nothing; use another hit policy")
            }
            None => fidelity.left_out(name, "the table is too large for a program"),
        }
        walks.push(walk.unwrap_or(Walk {
            classes: Vec::new(),
            nodes: Vec::new(),
            root: -1,
            answers: vec![Default::default()],
        }));
    }
    fidelity.exact("rules: those that decide in some case of the row");
    (walks, fidelity)
}

/// How a language writes what features are made of; the names of the functions are the same in all of them.
pub trait Language {
    /// The value of an input.
    fn of(&self, input: usize) -> String;
    /// The value of a set.
    fn set(&self, input: usize) -> String;
    fn weeks(&self, weeks: &[Weeks]) -> String;
    fn hours(&self, hours: &[Hours]) -> String;
    fn places(&self, places: &[usize]) -> String;
}

/// A feature as an expression: nothing where it does not exist, else a number.
pub fn measured(sheet: &Sheet<'_>, feature: &Feature, language: &impl Language) -> String {
    let of = |i: usize| language.of(i);
    let day = |i: usize| match sheet.inputs[i].kind {
        Kind::DateTime { .. } => format!("day(t, {})", of(i)),
        _ => of(i),
    };
    match &feature.of {
        Of::Value(i) => of(*i),
        Of::Weekday(i) => format!("weekday({})", day(*i)),
        Of::Within(i, period, spans) => match sheet.inputs[*i].kind {
            Kind::DateTime { .. } => {
                let hours = clock::hours(sheet.model, sheet.inputs[*i].fact, *period);
                format!("during(t, {}, {})", of(*i), language.hours(&hours))
            }
            _ => format!("on({}, {})", of(*i), language.weeks(&clock::weeks(spans))),
        },
        Of::Contains(i, elements) => {
            let values = values_of(&sheet.inputs[*i]).iter().enumerate();
            let places: Vec<usize> = values.filter(|(_, v)| elements.contains(v)).map(|p| p.0).collect();
            format!("contains({}, {})", language.set(*i), language.places(&places))
        }
        Of::Distance { from, to, measure } => match measure {
            Measure::Minutes | Measure::Number { .. } => format!("less({}, {})", of(*to), of(*from)),
            Measure::Days => format!("less({}, {})", day(*to), day(*from)),
            Measure::Months => format!("months({}, {})", day(*from), day(*to)),
            Measure::PeriodDays(_, spans) => {
                format!("counted({}, {}, {})", day(*from), day(*to), language.weeks(&clock::weeks(spans)))
            }
        },
    }
}

/// Weeks as a literal of JSON, which is one of TypeScript and Python, too.
pub fn literal_weeks(weeks: &[Weeks]) -> String {
    weeks.iter().map(|w| json!(run(w))).collect::<Value>().to_string()
}

/// Hours with their weeks, likewise.
pub fn literal_hours(hours: &[Hours]) -> String {
    let hours = hours.iter().map(|h| json!([h.from, h.to, h.weeks.iter().map(run).collect::<Vec<_>>()]));
    hours.collect::<Value>().to_string()
}

/// The class of what a feature measures, likewise.
pub fn literal_cell(classes: &Classes, value: &str) -> String {
    match &classes.how {
        How::Table(of) => format!("pick({value}, {}, {})", json!(of), classes.absent),
        How::Cuts(cuts, of) => format!("cut({value}, {}, {}, {})", json!(cuts), json!(of), classes.absent),
    }
}

/// The local clock as pieces: from which minute since 1970-01-01 00:00 UTC on, and the minutes to add.
pub fn offsets(sheet: &Sheet<'_>) -> Vec<(i64, i64)> {
    let spans = sheet.inputs.iter().filter_map(|i| match i.kind {
        Kind::DateTime { lo, hi } => Some((lo, hi)),
        _ => None,
    });
    let Some(range) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return Vec::new() };
    clock::offsets(&sheet.model.zone, range).into_iter().map(|(start, offset)| (start - clock::UNIX, offset)).collect()
}

/// A run of weeks in days since 1970-01-01: first day, last day, and by day of the week from Monday 1 or 0.
pub fn run(weeks: &Weeks) -> (i64, i64, [u8; 7]) {
    (weeks.lo + clock::EPOCH, weeks.hi + clock::EPOCH, std::array::from_fn(|d| weeks.mask >> d & 1))
}

/// The lines at the top of a program.
pub fn head(export: &Export<'_>, fidelity: &Fidelity) -> Vec<String> {
    let mut lines =
        vec![export.title(), "Written by Ordain from the policy; change that and write this anew.".to_string()];
    let table = export.sheets.first().map(|s| s.table);
    let sources: Vec<String> = table.iter().flat_map(|t| &t.policies).flat_map(|p| p.sources.clone()).collect();
    if !sources.is_empty() {
        lines.push(format!("Sources: {}", sources.join(", ")));
    }
    lines.push(format!("Time zone: {}", export.model.zone.name));
    for sheet in &export.sheets {
        if let Some(proof) = &sheet.table.proof {
            lines.push(format!("{}: {}", sheet.table.name, proof.sentence()));
        }
    }
    lines.extend(fidelity.lines().into_iter().map(|l| format!("Fidelity: {l}")));
    lines
}

/// What a decision can say.
pub fn results(sheet: &Sheet<'_>) -> Vec<String> {
    let mut values = sheet.table.values.clone();
    values
        .extend(["conflict", "undecided"].map(str::to_string).into_iter().filter(|v| !sheet.table.values.contains(v)));
    values
}

/// The names of an input's values or elements.
pub fn values_of(input: &Input) -> &[String] {
    match &input.kind {
        Kind::Choice { values } | Kind::Set { values } => values,
        _ => &[],
    }
}

/// An input's text and, for numbers and moments, what is given: `what it costs in all; 0 to 500 USD`.
pub fn described(input: &Input) -> String {
    use super::words::{date, decimal, local_instant};
    let utc = crate::model::Zone::utc();
    let range = match &input.kind {
        Kind::Number { lo, hi, scale, unit } => {
            let unit = unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
            format!("{} to {}{unit}, at most {scale} decimals", decimal(*lo, *scale), decimal(*hi, *scale))
        }
        Kind::Date { lo, hi } => format!("a date, {} to {}", date(*lo), date(*hi)),
        Kind::Time => "a time, 00:00 to 23:59".into(),
        Kind::DateTime { lo, hi } => {
            let (lo, hi) = (local_instant(&utc, *lo), local_instant(&utc, *hi));
            format!("a moment with its offset (RFC 3339), {lo} to {hi}")
        }
        Kind::YesNo | Kind::Choice { .. } | Kind::Set { .. } => String::new(),
    };
    let range = range.replace(", at most 0 decimals", ", whole");
    let parts = [input.title.clone().unwrap_or_default(), range];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Numbers separated by commas, in lines of about so many characters.
pub fn numbers(numbers: &[i64], width: usize, indent: &str) -> String {
    let mut out = String::new();
    let mut line = 0;
    for n in numbers {
        let text = format!("{n},");
        if line == 0 || line + text.len() > width {
            out.push('\n');
            out.push_str(indent);
            line = indent.len();
        }
        line += text.len();
        out.push_str(&text);
    }
    if !numbers.is_empty() {
        out.push('\n');
        out.push_str(indent.get(2..).unwrap_or_default());
    }
    out
}
