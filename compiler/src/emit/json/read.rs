//! JSON as `ordain table --to json` writes it -> tests.

use crate::emit::Export;
use crate::emit::back::{Told, ToldLine, value};
use crate::emit::sheet::{Allowed, Feature, Of, Range, Sheet, Test};
use crate::model::time;
use crate::tabulate::Hit;
use serde_json::Value;

/// The tables of a file: one, or a list.
pub fn read(text: &str, export: &Export<'_>) -> Result<Vec<Told>, String> {
    let all: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let tables = match &all {
        Value::Array(tables) => tables.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut told = Vec::new();
    for (i, value) in tables.iter().enumerate() {
        let place = |message: String| format!("table {}: {message}", i + 1);
        let name = value["decision"]["name"].as_str().ok_or_else(|| place("it has no `decision.name`".into()))?;
        if value["format"] != "ordain-table" || value["version"] != super::VERSION {
            return Err(place(format!("it is no ordain-table of version {}", super::VERSION)));
        }
        if let Some(sheet) = export.sheets.iter().find(|s| s.table.name == name) {
            told.push(table(value, sheet).map_err(place)?);
        }
    }
    Ok(told)
}

fn table(value: &Value, sheet: &Sheet<'_>) -> Result<Told, String> {
    let list = |value: &Value, name: &str| -> Result<Vec<Value>, String> {
        value[name].as_array().cloned().ok_or_else(|| format!("`{name}` is no list"))
    };
    let hit = match value["hit_policy"].as_str() {
        Some("unique") => Hit::Unique,
        Some("first") => Hit::First,
        Some("collect") => Hit::Collect,
        _ => return Err("`hit_policy` is none of unique, first, collect".into()),
    };
    // Axes are known by what they say of themselves, wherever they stand.
    let own: Vec<Value> = (0..sheet.table.axes.len()).map(|i| super::axis(sheet, i, &sheet.table.axes[i])).collect();
    let mut axes = Vec::new();
    for axis in list(value, "axes")? {
        let same = own.iter().position(|o| *o == axis);
        axes.push(same.ok_or_else(|| format!("the policy has no axis {}", axis["title"]))?);
    }
    let mut lines = Vec::new();
    for (n, row) in list(value, "rows")?.iter().enumerate() {
        let place = |message: String| format!("row {}: {message}", n + 1);
        // A set's lists are a line each.
        let mut all = vec![vec![None; sheet.features.len()]];
        for constraint in list(row, "constraints").map_err(place)? {
            let axis = constraint["axis"].as_u64().and_then(|a| axes.get(a as usize)).copied();
            let axis = axis.ok_or_else(|| place("a constraint has no axis".into()))?;
            let ways = ways(sheet, axis, &constraint).map_err(place)?;
            let (first, count) = sheet.of_axis[axis];
            all = all
                .into_iter()
                .flat_map(|line: Vec<Option<Test>>| {
                    ways.iter().map(move |way| {
                        let mut line = line.clone();
                        line[first..first + count].clone_from_slice(way);
                        line
                    })
                })
                .collect();
        }
        let names = |name: &str| -> Result<Vec<String>, String> {
            let names = list(&row["output"], name).map_err(place)?;
            Ok(names.iter().filter_map(|v| v.as_str()).map(str::to_string).collect())
        };
        let result = row["output"]["result"].as_str().unwrap_or_default().to_string();
        let (duties, advice) = (names("duties")?, names("advice")?);
        lines.extend(all.into_iter().map(|tests| ToldLine {
            tests,
            result: result.clone(),
            duties: duties.clone(),
            advice: Some(advice.clone()),
        }));
    }
    Ok(Told { decision: sheet.table.name.clone(), hit, lines })
}

/// A constraint as tests of its axis's features; several ways where a set's elements are told apart.
fn ways(sheet: &Sheet<'_>, axis: usize, constraint: &Value) -> Result<Vec<Vec<Option<Test>>>, String> {
    let (first, count) = sheet.of_axis[axis];
    let feature = &sheet.features[first];
    let absent = constraint["absent"].as_bool().ok_or("`absent` is not true or false")?;
    let values = constraint["values"].as_array().ok_or("`values` is no list")?;
    let one = |allowed| {
        let mut way = vec![None; count];
        way[0] = Some(Test { absent, allowed });
        vec![way]
    };
    if values.is_empty() {
        return Ok(one(Allowed::Nothing));
    }
    if let Of::Contains(..) = feature.of {
        let mut sets = Vec::new();
        for value in values {
            let has: Vec<bool> = value.as_array().into_iter().flatten().filter_map(Value::as_bool).collect();
            if has.len() != count {
                return Err(format!("a set's value is no list of {count} times true or false"));
            }
            sets.push(has);
        }
        if count == 1 {
            let both = sets.contains(&vec![true]) && sets.contains(&vec![false]);
            return Ok(one(if both { Allowed::Any } else { Allowed::Bool(sets[0][0]) }));
        }
        let test = |has: Option<bool>| has.map(|h| Test { absent: false, allowed: Allowed::Bool(h) });
        let cubes = crate::emit::sheet::cubes(&sets, count);
        let mut ways: Vec<Vec<Option<Test>>> = cubes.into_iter().map(|c| c.into_iter().map(test).collect()).collect();
        if absent {
            ways.extend(one(Allowed::Nothing));
        }
        return Ok(ways);
    }
    Ok(one(allowed(sheet, feature, values)?))
}

fn allowed(sheet: &Sheet<'_>, feature: &Feature, values: &[Value]) -> Result<Allowed, String> {
    let unknown = |value: &Value| format!("{value} is no value of {}", feature.title);
    let bools: Option<Vec<bool>> = values.iter().map(Value::as_bool).collect();
    if let Some(bools) = bools {
        let both = bools.contains(&true) && bools.contains(&false);
        return Ok(if both { Allowed::Any } else { Allowed::Bool(bools[0]) });
    }
    if let Of::Weekday(_) = feature.of {
        let mut days = 0;
        for value in values {
            let day = time::WEEKDAYS.iter().position(|d| value == *d).ok_or_else(|| unknown(value))?;
            days |= 1u8 << day;
        }
        return Ok(Allowed::Days(days));
    }
    let names = sheet.values(feature);
    if !names.is_empty() {
        let mut chosen = Vec::new();
        for value in values {
            chosen.push(names.iter().position(|n| value == n).ok_or_else(|| unknown(value))?);
        }
        chosen.sort_unstable();
        return Ok(Allowed::Values(chosen));
    }
    let mut ranges = Vec::new();
    for pair in values {
        let end = |v: &Value| -> Result<Option<i64>, String> {
            match v {
                Value::Null => Ok(None),
                Value::Number(n) => n.as_i64().map(Some).ok_or_else(|| unknown(v)),
                Value::String(text) => value(sheet, feature, text).map(Some).ok_or_else(|| unknown(v)),
                _ => Err(unknown(v)),
            }
        };
        match pair.as_array().map(Vec::as_slice) {
            Some([a, b]) => ranges.push(Range { lo: end(a)?, hi: end(b)? }),
            _ => return Err(unknown(pair)),
        }
    }
    Ok(Allowed::Ranges(ranges))
}
