//! Sheets -> a policy in ODRL 2.2 (W3C Recommendation, 15 February 2018), as JSON-LD.
//!
//! Each row that permits is a permission, each that forbids a prohibition; duties are obligations of the policy, each under
//! the rows that give it. The rows of a unique table are apart, so no conflict strategy is needed; ODRL has no order. Facts
//! are left operands of the policy's own profile, under its `urn:`. ODRL measures nothing, so what is measured is asked for;
//! it knows no other decision than whether something is permitted.

use super::sheet::{Allowed, Feature, Kind, Line, Measure, Of, Range, Sheet, Test};
use super::words::{date, decimal, identifier, instant, time_of_day};
use super::{Export, Fidelity, Written};
use crate::model::time::WEEKDAYS;
use crate::model::{PERMIT, VERDICT, show};
use crate::tabulate::Hit;
use serde_json::{Value, json};

pub fn export(export: &Export<'_>) -> Written {
    let mut fidelity = Fidelity::default();
    let name = identifier(&export.name());
    let mut permissions = Vec::new();
    let mut prohibitions = Vec::new();
    let mut obligations: Vec<Value> = Vec::new();
    let mut asked: Vec<Value> = Vec::new();
    for sheet in &export.sheets {
        let of_verdict = sheet.decision() == VERDICT;
        if !of_verdict {
            fidelity.left_out(sheet.table.name.clone(), "ODRL knows permissions, prohibitions and duties only");
        } else if sheet.table.hit != Hit::Unique {
            fidelity.left_out(
                "the verdict",
                "ODRL has no order of rules, so it takes a table in which every case is in one row",
            );
            continue;
        } else {
            fidelity.exact("permissions and prohibitions");
        }
        if sheet.table.hit != Hit::Unique || (!of_verdict && sheet.table.rows.iter().all(|r| r.duties.is_empty())) {
            continue;
        }
        measured(sheet, &mut fidelity, &mut asked);
        let mut open = 0;
        for (i, line) in sheet.lines.iter().enumerate() {
            let constraint = constraints(sheet, line, &name);
            let rules = super::sheet::rules(sheet.table, line.row);
            let rule = |kind: &str, action: Value| {
                let mut rule = json!({ "uid": format!("urn:ordain:{name}:{}:{}", kind, i + 1), "target": format!("urn:ordain:{name}:case"), "action": action });
                if let Some(map) = rule.as_object_mut() {
                    if !constraint.is_empty() {
                        map.insert("constraint".into(), Value::Array(constraint.clone()));
                    }
                    map.insert("ordain:row".into(), json!(line.number + 1));
                    map.insert("ordain:rules".into(), json!(rules));
                }
                rule
            };
            if of_verdict {
                let action = json!(format!("urn:ordain:{name}:do"));
                match line.row.output.result {
                    Some(crate::decide::Verdict::Is(PERMIT)) => permissions.push(rule("permission", action)),
                    Some(crate::decide::Verdict::Is(_)) => prohibitions.push(rule("prohibition", action)),
                    _ => open += 1,
                }
            }
            for duty in &line.row.duties {
                let action = json!(format!("urn:ordain:{name}:duty:{}", identifier(duty)));
                obligations.push(rule(&format!("obligation:{}", identifier(duty)), action));
            }
        }
        if open > 0 {
            let rows = if open == 1 { "1 row".to_string() } else { format!("{open} rows") };
            fidelity.left_out(
                format!("{rows} in which rules conflict or are silent"),
                "ODRL has no word for undecided cases",
            );
        }
        if sheet.table.rows.iter().any(|r| !r.duties.is_empty()) {
            fidelity.exact("duties");
        }
        if sheet.table.rows.iter().any(|r| !r.advice.is_empty()) {
            fidelity.left_out("advice", "ODRL knows nothing that is recommended only");
        }
    }
    let duties: Vec<Value> = export
        .sheets
        .iter()
        .flat_map(|s| &s.table.duties)
        .map(|d| json!({ "@id": format!("urn:ordain:{name}:duty:{}", identifier(&d.name)), "@type": "Action", "rdfs:label": d.title.as_ref().unwrap_or(&d.name) }))
        .collect();
    let carried = |s: &&Sheet<'_>| s.decision() == VERDICT || s.table.rows.iter().any(|r| !r.duties.is_empty());
    let operands: Vec<Value> = export
        .sheets
        .iter()
        .filter(carried)
        .flat_map(|s| s.features.iter().map(|f| operand(s, f, &name)).collect::<Vec<_>>())
        .fold(Vec::new(), |mut all, o| {
            if !all.contains(&o) {
                all.push(o);
            }
            all
        });
    let mut policy = json!({
        "@context": [
            "http://www.w3.org/ns/odrl.jsonld",
            {
                "xsd": "http://www.w3.org/2001/XMLSchema#",
                "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
                "dct": "http://purl.org/dc/terms/",
                "ordain": "urn:ordain:vocabulary:"
            }
        ],
        "@type": "Set",
        "uid": format!("urn:ordain:{name}"),
        "profile": format!("urn:ordain:{name}:profile"),
        "dct:title": export.title(),
    });
    if let Some(map) = policy.as_object_mut() {
        let sources: Vec<&String> =
            export.sheets.iter().take(1).flat_map(|s| &s.table.policies).flat_map(|p| &p.sources).collect();
        if !sources.is_empty() {
            map.insert("dct:source".into(), json!(sources));
        }
        for (field, rules) in [("permission", permissions), ("prohibition", prohibitions), ("obligation", obligations)]
        {
            if !rules.is_empty() {
                map.insert(field.into(), Value::Array(rules));
            }
        }
        map.insert("ordain:operands".into(), Value::Array(operands));
        if !duties.is_empty() {
            map.insert("ordain:duties".into(), Value::Array(duties));
        }
        map.insert("ordain:fidelity".into(), fidelity.value());
    }
    Written::text(format!("{}\n", serde_json::to_string_pretty(&policy).unwrap_or_default()), fidelity)
}

/// What is asked of whoever evaluates it: ODRL compares values and measures nothing.
fn measured(sheet: &Sheet<'_>, fidelity: &mut Fidelity, asked: &mut Vec<Value>) {
    for feature in sheet.features.iter().filter(|f| !f.is_value()) {
        let known = json!(feature.name);
        if !asked.contains(&known) {
            fidelity.asked(format!("`{}`", feature.title), meaning(sheet, feature));
            asked.push(known);
        }
    }
}

/// What a feature is, in words.
fn meaning(sheet: &Sheet<'_>, feature: &Feature) -> String {
    let zone = &sheet.model.zone.name;
    let name = |i: usize| sheet.inputs[i].name.as_str();
    match &feature.of {
        Of::Value(i) => sheet.inputs[*i].title.clone().unwrap_or_else(|| name(*i).to_string()),
        Of::Weekday(i) => format!("the day of the week of {} in {zone}", name(*i)),
        Of::Within(i, period, _) => {
            format!("whether {} lies in {}, in {zone}", name(*i), show::words(&sheet.model.period(*period).name))
        }
        Of::Contains(i, elements) => format!("whether {} has {}", name(*i), show::list(elements, "or")),
        Of::Distance { from, to, measure } => {
            let what = match measure {
                Measure::Minutes => "minutes".to_string(),
                Measure::Number { .. } => "difference".to_string(),
                Measure::Days => format!("calendar days in {zone}"),
                Measure::Months => format!("whole months in {zone}"),
                Measure::PeriodDays(p, _) => format!("days of {} in {zone}", show::words(&sheet.model.period(*p).name)),
            };
            format!("{what} from {} to {}, negative where the second comes first", name(*from), name(*to))
        }
    }
}

fn left(name: &str, feature: &Feature) -> String {
    format!("urn:ordain:{name}:fact:{}", identifier(&feature.name))
}

fn operand(sheet: &Sheet<'_>, feature: &Feature, name: &str) -> Value {
    json!({
        "@id": left(name, feature),
        "@type": "LeftOperand",
        "rdfs:label": feature.title,
        "rdfs:comment": meaning(sheet, feature),
    })
}

/// All must hold, as ODRL has it of several constraints of a rule.
fn constraints(sheet: &Sheet<'_>, line: &Line<'_>, name: &str) -> Vec<Value> {
    let tests = sheet.features.iter().zip(&line.tests);
    tests.filter_map(|(f, t)| Some(constraint(sheet, f, t.as_ref()?, name))).collect()
}

fn constraint(sheet: &Sheet<'_>, feature: &Feature, test: &Test, name: &str) -> Value {
    let atom = |operator: &str, right: Value| json!({ "leftOperand": left(name, feature), "operator": operator, "rightOperand": right });
    // What does not exist has this value.
    let absent = || json!({ "@id": format!("urn:ordain:{name}:absent") });
    let mut ways: Vec<Value> = Vec::new();
    match &test.allowed {
        Allowed::Nothing => {}
        Allowed::Any => return atom("neq", absent()),
        Allowed::Bool(yes) => ways.push(atom("eq", json!({ "@value": yes.to_string(), "@type": "xsd:boolean" }))),
        Allowed::Values(values) => {
            let names: Vec<&String> = values.iter().filter_map(|v| sheet.values(feature).get(*v)).collect();
            match names.as_slice() {
                [one] => ways.push(atom("eq", json!(one))),
                names => ways.push(atom("isAnyOf", json!(names))),
            }
        }
        Allowed::Days(days) => {
            let names: Vec<&str> = (0..7).filter(|d| days >> d & 1 == 1).map(|d| WEEKDAYS[d]).collect();
            ways.push(atom("isAnyOf", json!(names)));
        }
        Allowed::Ranges(ranges) => {
            for range in ranges {
                let mut both: Vec<Value> =
                    bounds(sheet, feature, *range).into_iter().map(|(o, v)| atom(o, v)).collect();
                ways.push(match both.len() {
                    1 => both.remove(0),
                    0 => atom("neq", absent()),
                    _ => json!({ "and": both }),
                });
            }
        }
    }
    if test.absent {
        ways.push(atom("eq", absent()));
    }
    if ways.len() == 1 { ways.remove(0) } else { json!({ "or": ways }) }
}

/// The bounds of a range; moments up to the next minute, so that seconds do no harm.
fn bounds(sheet: &Sheet<'_>, feature: &Feature, range: Range) -> Vec<(&'static str, Value)> {
    let typed = |text: String, ty: &str| json!({ "@value": text, "@type": ty });
    let kind = match &feature.of {
        Of::Value(i) => Some(&sheet.inputs[*i].kind),
        _ => None,
    };
    let (write, next): (Box<dyn Fn(i64) -> Value>, bool) = match (&feature.of, kind) {
        (_, Some(Kind::Number { scale, .. })) | (Of::Distance { measure: Measure::Number { scale }, .. }, _) => {
            let scale = *scale;
            (Box::new(move |v| typed(decimal(v, scale), "xsd:decimal")), false)
        }
        (_, Some(Kind::Date { .. })) => (Box::new(|v| typed(date(v), "xsd:date")), false),
        (_, Some(Kind::Time)) => (Box::new(|v| typed(format!("{}:00", time_of_day(v)), "xsd:time")), true),
        (_, Some(Kind::DateTime { .. })) => (Box::new(|v| typed(instant(v), "xsd:dateTime")), true),
        _ => (Box::new(|v: i64| typed(v.to_string(), "xsd:integer")), false),
    };
    if let (Some(lo), Some(hi)) = (range.lo, range.hi)
        && lo == hi
        && !next
    {
        return vec![("eq", write(lo))];
    }
    let mut bounds = Vec::new();
    bounds.extend(range.lo.map(|lo| ("gteq", write(lo))));
    bounds.extend(range.hi.map(|hi| if next { ("lt", write(hi + 1)) } else { ("lteq", write(hi)) }));
    bounds
}
