//! CSV as `ordain table --to csv` writes it -> tests: the words of a cell, read as people read them.
//!
//! Only the words for the combinations of a set's elements are looked up among those of the table instead of being read;
//! two combinations with the same words would be refused.

use crate::emit::Export;
use crate::emit::back::{Told, ToldLine, value};
use crate::emit::sheet::{Allowed, Feature, Kind, Of, Range, Sheet, Test};
use crate::model::show::day_words;
use crate::model::{Bits, Domain, Type};
use crate::tabulate::ABSENT;
use std::collections::BTreeMap;

/// Tests by feature; several ways where a set's elements are told apart.
type Ways = Vec<Vec<Option<Test>>>;

/// The first table of the export, as the file has it.
pub fn read(text: &str, export: &Export<'_>) -> Result<Vec<Told>, String> {
    let Some(sheet) = export.sheets.first() else { return Ok(Vec::new()) };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let fault = |error: csv::Error| format!("it is no CSV: {error}");
    let head: Vec<String> = reader.headers().map_err(fault)?.iter().map(plain).collect();
    let place = |title: &str| head.iter().position(|h| h == title);
    let need = |title: &str| place(title).ok_or_else(|| format!("it has no column `{title}`"));
    let mut columns = Vec::new();
    for (i, column) in sheet.table.columns.iter().enumerate() {
        columns.push((i, need(&column.title)?));
    }
    let known = ["row", "duties", "advice", "rules", "citations", sheet.table.name.as_str()];
    let fits = |h: &&String| known.contains(&h.as_str()) || sheet.table.columns.iter().any(|c| c.title == **h);
    if let Some(other) = head.iter().find(|h| !fits(h)) {
        return Err(format!("the policy has no column `{other}`"));
    }
    let (result, duties, advice) = (need(&sheet.table.name)?, place("duties"), place("advice"));
    let words = Words::new(sheet);
    let mut lines = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(fault)?;
        let place = |message: String| format!("row {}: {message}", n + 1);
        let cell = |i: usize| plain(record.get(i).unwrap_or_default());
        let mut all = vec![vec![None; sheet.features.len()]];
        for (column, at) in &columns {
            let ways = words.ways(sheet, *column, &cell(*at)).map_err(place)?;
            all = all.iter().flat_map(|line| ways.iter().map(|way| joined(line, way))).collect();
        }
        let list = |at: Option<usize>| -> Vec<String> {
            let text = at.map(cell).unwrap_or_default();
            text.split(", ").filter(|t| !t.is_empty()).map(str::to_string).collect()
        };
        let told = advice.map(|a| words.advice.get(&cell(a)).cloned().unwrap_or_else(|| vec![cell(a)]));
        lines.extend(all.into_iter().map(|tests| ToldLine {
            tests,
            result: cell(result),
            duties: list(duties),
            advice: told.clone(),
        }));
    }
    Ok(vec![Told { decision: sheet.table.name.clone(), hit: sheet.table.hit, lines }])
}

/// Without the apostrophe that keeps spreadsheets from running it.
fn plain(text: &str) -> String {
    text.strip_prefix('\'').filter(|t| t.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(text).to_string()
}

fn joined(line: &[Option<Test>], way: &[Option<Test>]) -> Vec<Option<Test>> {
    line.iter().zip(way).map(|(a, b)| b.clone().or_else(|| a.clone())).collect()
}

/// Words that are looked up.
struct Words {
    /// By column and text of sets; `None` where two combinations have the same words.
    sets: BTreeMap<(usize, String), Option<Ways>>,
    days: BTreeMap<String, u8>,
    advice: BTreeMap<String, Vec<String>>,
}

impl Words {
    fn new(sheet: &Sheet<'_>) -> Self {
        let mut sets: BTreeMap<(usize, String), Option<Ways>> = BTreeMap::new();
        let mut advice = BTreeMap::from([(String::new(), Vec::new())]);
        // The lines of a row differ in its sets.
        let mut at = 0;
        for (number, row) in sheet.table.rows.iter().enumerate() {
            let count = sheet.lines[at..].iter().take_while(|l| l.number == number).count();
            let own = &sheet.lines[at..at + count];
            at += count;
            advice.insert(row.advice.join(", "), row.advice.clone());
            for c in 0..sheet.table.columns.len() {
                let features = features_of(sheet, c);
                if !features.iter().any(|f| matches!(sheet.features[*f].of, Of::Contains(..))) {
                    continue;
                }
                let mut ways: Ways = Vec::new();
                for line in own {
                    let mut way = vec![None; sheet.features.len()];
                    features.iter().for_each(|f| way[*f] = line.tests[*f].clone());
                    if !ways.contains(&way) {
                        ways.push(way);
                    }
                }
                let text = row.texts.get(c).cloned().unwrap_or_default();
                let known = sets.entry((c, text)).or_insert_with(|| Some(ways.clone()));
                if known.as_ref().is_some_and(|k| *k != ways) {
                    *known = None;
                }
            }
        }
        let days = (1..0x80u8).map(|days| (day_words(days), days)).collect();
        Self { sets, days, advice }
    }

    fn ways(&self, sheet: &Sheet<'_>, column: usize, text: &str) -> Result<Ways, String> {
        let features = features_of(sheet, column);
        let none = vec![None; sheet.features.len()];
        let Some(&first) = features.first().filter(|_| text != "–") else { return Ok(vec![none]) };
        let title = &sheet.table.columns[column].title;
        if matches!(sheet.features[first].of, Of::Contains(..)) {
            return match self.sets.get(&(column, text.to_string())) {
                Some(Some(ways)) => Ok(ways.clone()),
                Some(None) => Err(format!("`{text}` means two things in column `{title}`")),
                None => Err(format!("`{text}` is in no row of the policy's table in column `{title}`")),
            };
        }
        let test = self.test(sheet, &sheet.features[first], text);
        let mut way = none;
        way[first] = Some(test.ok_or_else(|| format!("`{text}` cannot be read in column `{title}`"))?);
        Ok(vec![way])
    }

    fn test(&self, sheet: &Sheet<'_>, feature: &Feature, text: &str) -> Option<Test> {
        let (text, absent) = match text.strip_suffix(ABSENT) {
            Some("") => return Some(Test { absent: true, allowed: Allowed::Nothing }),
            Some(rest) => (rest.strip_suffix(", ")?, true),
            None => (text, false),
        };
        let allowed = match (&feature.of, text) {
            (_, "any") => Allowed::Any,
            (Of::Weekday(_), text) => Allowed::Days(*self.days.get(text)?),
            (Of::Within(..), "yes") => Allowed::Bool(true),
            (Of::Within(..), "no") => Allowed::Bool(false),
            (Of::Value(i), text) => match (&sheet.inputs[*i].kind, text) {
                (Kind::YesNo, "yes") => Allowed::Bool(true),
                (Kind::YesNo, "no") => Allowed::Bool(false),
                (Kind::Choice { .. }, text) => match &sheet.model.fact(sheet.inputs[*i].fact).ty {
                    Type::Choice(domain) => choice(domain, text)?,
                    _ => return None,
                },
                (_, text) => ranges(sheet, feature, text)?,
            },
            (Of::Distance { .. }, text) => ranges(sheet, feature, text)?,
            _ => return None,
        };
        Some(Test { absent, allowed })
    }
}

fn features_of(sheet: &Sheet<'_>, column: usize) -> Vec<usize> {
    let axes = &sheet.table.columns[column].axes;
    axes.iter().flat_map(|a| sheet.of_axis.get(*a)).flat_map(|(first, count)| *first..first + count).collect()
}

/// `email, call`; `staff except teacher`; `not personal or other`.
fn choice(domain: &Domain, text: &str) -> Option<Allowed> {
    let named = |name: &str| -> Option<Bits> {
        if let Some(alone) = name.strip_suffix(" alone") {
            return domain.values.iter().position(|v| v.name == alone).map(Bits::one);
        }
        let group = domain.groups.iter().find(|(n, _)| n == name).map(|(_, covers)| covers.clone());
        group.or_else(|| domain.values.iter().position(|v| v.name == name).map(Bits::one))
    };
    let all = |names: &str, between: &str| -> Option<Bits> {
        let mut bits = Bits::new();
        for name in names.split(between) {
            bits = bits.union(&named(name)?);
        }
        Some(bits)
    };
    let bits = if let Some(others) = text.strip_prefix("not ") {
        all(others, " or ")?.complement(domain.values.len())
    } else if let Some((parent, less)) = text.split_once(" except ") {
        named(parent)?.difference(&all(less, ", ")?)
    } else {
        all(text, ", ")?
    };
    Some(Allowed::Values(bits.iter().collect()))
}

/// `≤ 50.00, 60.00 to 70.00, > 80.00`, `< 08:00`, `5`.
fn ranges(sheet: &Sheet<'_>, feature: &Feature, text: &str) -> Option<Allowed> {
    let read = |text: &str| value(sheet, feature, text.trim());
    let mut ranges = Vec::new();
    for part in text.split(", ") {
        let range = if let Some(rest) = part.strip_prefix('≤') {
            Range { lo: None, hi: Some(read(rest)?) }
        } else if let Some(rest) = part.strip_prefix('≥') {
            Range { lo: Some(read(rest)?), hi: None }
        } else if let Some(rest) = part.strip_prefix('<') {
            Range { lo: None, hi: read(rest)?.checked_sub(1) }
        } else if let Some(rest) = part.strip_prefix('>') {
            Range { lo: read(rest)?.checked_add(1), hi: None }
        } else if let Some((a, b)) = part.split_once(" to ") {
            Range { lo: Some(read(a)?), hi: Some(read(b)?) }
        } else {
            let v = read(part)?;
            Range { lo: Some(v), hi: Some(v) }
        };
        ranges.push(range);
    }
    Some(Allowed::Ranges(ranges))
}
