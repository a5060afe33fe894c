//! Sheets as an engine would run them: measure a case's features, find the line whose tests hold, take what it says. And texts
//! that are read back: each must be proved equal, and an altered one must not.

use super::{Outcome, Pair, Tally, fail};
use ordain::emit::back::{self, Back};
use ordain::emit::sheet::{Allowed, Feature, Measure, Of, Sheet, Test};
use ordain::emit::{Export, Format, Options};
use ordain::model::*;
use ordain::tabulate::{Hit, Table};

/// Steps for each comparison.
const BUDGET: u64 = 2_000_000;

pub fn check(pair: &Pair<'_, '_>, table: &Table, tally: &mut Tally) -> Outcome {
    let model = pair.world.model;
    // Each case is measured anew, and each comparison is one of all cases: some policies will do.
    let n = pair.world.n();
    if !n.is_multiple_of(3) {
        return Ok(());
    }
    let tables = [table.clone()];
    let export = Export::of(model, &tables);
    let sheet = &export.sheets[0];
    let label = |what: &str| format!("sheet {}: {what}", table.hit.name());
    if table.hit != Hit::Collect {
        for &case in pair.first.values() {
            let features: Vec<Option<i64>> = sheet.features.iter().map(|f| measure(sheet, f, pair, case)).collect();
            let fits = |tests: &[Option<Test>]| {
                sheet.features.iter().zip(tests).zip(&features).all(|((feature, test), value)| {
                    test.as_ref().is_none_or(|test| holds(sheet, feature, test, *value))
                })
            };
            let mut fitting = sheet.lines.iter().filter(|l| fits(&l.tests));
            let Some(line) = fitting.next() else { return fail(label("a case in no line"), pair.tell(case)) };
            if table.hit == Hit::Unique && fitting.next().is_some() {
                return fail(label("a case in two lines"), pair.tell(case));
            }
            let result = pair.world.decided[case].answers[table.decision.index()].result;
            if line.row.output.result != Some(result) {
                return fail(label("a line that says something else"), pair.tell(case));
            }
        }
    }
    // Models of engines take longest to write.
    let formats: &[Format] = match table.hit {
        Hit::Unique | Hit::First if n.is_multiple_of(4) => &[Format::Csv, Format::Json, Format::Dmn, Format::Jdm],
        _ if n.is_multiple_of(2) => &[Format::Csv, Format::Json],
        _ => &[],
    };
    for &format in formats {
        tally.see("tables read back");
        let label = |what: &str| format!("{format:?} {}: {what}", table.hit.name());
        let written = format.write(&export, &Options::default());
        let text = String::from_utf8(written.main).unwrap_or_default();
        let mut told = match format.read(&text, &export) {
            Some(Ok(told)) if told.len() == 1 => told,
            other => return fail(label("not read back"), format!("{other:?}\n{text}")),
        };
        let back = back::verify(sheet, &told[0], BUDGET);
        if !matches!(back, Back::Equal | Back::Same) || (table.hit != Hit::Collect && back == Back::Same) {
            return fail(label("read back as another table"), format!("{back:?}\n{text}"));
        }
        // A row that says something else is noticed, unless no case reaches it: a format may cut a row into such parts.
        if table.hit == Hit::Collect || pair.first.is_empty() {
            continue;
        }
        let told = &mut told[0];
        let noticed = (0..told.lines.len()).any(|i| {
            let said = std::mem::replace(&mut told.lines[i].result, "something else".to_string());
            let back = back::verify(sheet, told, BUDGET);
            told.lines[i].result = said;
            matches!(back, Back::Differs { .. })
        });
        if !noticed {
            return fail(label("an altered row is not noticed"), text);
        }
    }
    Ok(())
}

/// What an engine would work out; `None` where it does not exist. Booleans as 0 and 1, choices by their place.
fn measure(sheet: &Sheet<'_>, feature: &Feature, pair: &Pair<'_, '_>, case: usize) -> Option<i64> {
    let model = sheet.model;
    let values = &pair.world.cases[case].values;
    let of = |i: usize| values[sheet.inputs[i].fact.index()].as_ref();
    let int = |i: usize| match of(i)? {
        Value::Bool(yes) => Some(i64::from(*yes)),
        Value::Choice(v) => Some(i64::from(*v)),
        Value::Int(v) => Some(*v),
        Value::Set(_) => None,
    };
    let day = |i: usize| -> Option<i64> {
        let moment = matches!(model.fact(sheet.inputs[i].fact).ty, Type::DateTime { .. });
        int(i).map(|v| if moment { model.zone.day(v) } else { v })
    };
    match &feature.of {
        Of::Value(i) => int(*i),
        Of::Weekday(i) => day(*i).map(|d| i64::from(time::weekday(d))),
        Of::Within(i, _, spans) => int(*i).map(|v| i64::from(spans.iter().any(|s| s.0 <= v && v <= s.1))),
        Of::Contains(i, elements) => match of(*i)? {
            Value::Set(set) => {
                let (Type::Set(domain) | Type::Choice(domain)) = &model.fact(sheet.inputs[*i].fact).ty else {
                    return None;
                };
                Some(i64::from(set.iter().any(|v| elements.contains(&domain.values[v].name.to_string()))))
            }
            _ => None,
        },
        Of::Distance { from, to, measure } => {
            let days = || Some((day(*from)?, day(*to)?));
            match measure {
                Measure::Minutes | Measure::Number { .. } => Some(int(*to)? - int(*from)?),
                Measure::Days => days().map(|(a, b)| b - a),
                Measure::Months => days().map(|(a, b)| time::months_between(a, b)),
                Measure::PeriodDays(_, spans) => {
                    let (a, b) = days()?;
                    let between = |a: i64, b: i64| -> i64 {
                        spans.iter().map(|s| (b.min(s.1) - (a + 1).max(s.0) + 1).max(0)).sum()
                    };
                    Some(if a <= b { between(a, b) } else { -between(b, a) })
                }
            }
        }
    }
}

fn holds(sheet: &Sheet<'_>, feature: &Feature, test: &Test, value: Option<i64>) -> bool {
    let Some(value) = value else { return test.absent };
    match &test.allowed {
        Allowed::Nothing => false,
        Allowed::Any => true,
        Allowed::Bool(yes) => value == i64::from(*yes),
        Allowed::Values(values) => !sheet.values(feature).is_empty() && values.contains(&(value as usize)),
        Allowed::Ranges(ranges) => {
            ranges.iter().any(|r| r.lo.is_none_or(|lo| lo <= value) && r.hi.is_none_or(|hi| value <= hi))
        }
        Allowed::Days(days) => days >> value & 1 == 1,
    }
}
