//! The fields of a line -> a case, by the words that `ordain decide` takes.
//!
//! An empty field of a CSV file, a `null`, a name that an object lacks: the fact has no value there. Lines repeat their
//! words, so what a word means is remembered, thread by thread.

use super::lines::{Fields, Line};
use super::result_names;
use crate::cli::ui::Failure;
use crate::decide;
use crate::explain::given::{self, Given};
use crate::model::*;
use rustc_hash::FxHashMap;
use serde::de::{MapAccess, Visitor};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Words that are remembered of one fact.
const WORDS: usize = 4096;

/// Why a line is no case, and what to write instead.
pub type Refused = (String, String);

pub struct Reader<'m> {
    model: &'m Model,
    /// By column of a CSV file: its fact.
    columns: Vec<Option<FactId>>,
    /// By column: its name.
    names: Vec<String>,
    by_name: FxHashMap<&'m str, FactId>,
    /// The facts that may be absent and of which no condition speaks, with those on which their existence hangs: nothing
    /// but this looks at them.
    unasked: Vec<(FactId, Vec<FactId>)>,
}

/// What a thread works with.
pub struct Memory {
    case: Case,
    /// By fact: what its words mean; `None` that the fact does not exist.
    words: Vec<FxHashMap<Box<str>, Option<Value>>>,
    given: Vec<bool>,
    absent: Vec<FactId>,
}

impl<'m> Reader<'m> {
    pub fn new(model: &'m Model, header: Option<&csv::StringRecord>) -> Result<Self, Failure> {
        let by_name: FxHashMap<&str, FactId> = model.fact_ids().map(|f| (model.fact(f).name.as_str(), f)).collect();
        let names: Vec<String> = header.iter().flat_map(|h| h.iter()).map(|name| name.trim().to_string()).collect();
        let columns: Vec<Option<FactId>> = names.iter().map(|name| by_name.get(name.as_str()).copied()).collect();
        for (i, fact) in columns.iter().enumerate() {
            if fact.is_some() && columns[..i].contains(fact) {
                return Err(Failure::usage(format!("two columns are named `{}`", names[i])));
            }
        }
        if header.is_some() && columns.iter().all(Option::is_none) {
            let failure = Failure::usage("no column is named like a fact of the policy");
            let facts: Vec<String> = model.facts.iter().map(|f| f.name.to_string()).collect();
            let failure = failure.help(format!("its facts are {}", given::shortened(&facts)));
            return Err(match names.iter().any(|n| n.contains([';', '\t'])) {
                true => failure.help("the fields of a line are separated by commas"),
                false => failure,
            });
        }
        let spoken: BTreeSet<FactId> =
            show::conditions(model).into_iter().flat_map(|cond| show::fact_facts(model, cond)).collect();
        let exists = model
            .fact_ids()
            .filter(|f| !spoken.contains(f))
            .filter_map(|f| Some((f, model.fact(f).exists_if.as_ref()?)));
        let unasked = exists.map(|(fact, cond)| (fact, show::fact_facts(model, cond))).collect();
        Ok(Self { model, columns, names, by_name, unasked })
    }

    /// What is to be said of the columns: those that are no fact, and nearly are.
    pub fn remarks(&self) -> Vec<String> {
        let others = self.names.iter().zip(&self.columns).filter(|(_, fact)| fact.is_none());
        let near = |name: &String| {
            let near = self.by_name.keys().map(|f| (strsim::damerau_levenshtein(f, name), *f)).min()?;
            let free = self.columns.iter().flatten().all(|f| self.model.fact(*f).name != near.1);
            (free && near.0 <= 1.max(name.chars().count() / 4)).then_some(near.1)
        };
        let told = others.filter_map(|(name, _)| Some((name, near(name)?)));
        told.map(|(name, near)| format!("note: column `{name}` is no fact, so it is not read; did you mean `{near}`?"))
            .collect()
    }

    pub fn memory(&self) -> Memory {
        let n = self.model.facts.len();
        Memory {
            case: Case { values: vec![None; n] },
            words: vec![FxHashMap::default(); n],
            given: vec![false; n],
            absent: Vec::new(),
        }
    }

    /// The case of a line.
    pub fn case<'a>(&self, line: &Line, memory: &'a mut Memory) -> Result<&'a Case, Refused> {
        memory.case.values.fill(None);
        memory.given.fill(false);
        memory.absent.clear();
        match &line.fields {
            Fields::Csv(record) => {
                if record.len() != self.columns.len() {
                    let (n, columns) = (record.len(), self.columns.len());
                    return Err((format!("it has {n} fields, and the header has {columns}"), String::new()));
                }
                for ((field, fact), name) in record.iter().zip(&self.columns).zip(&self.names) {
                    let Some(fact) = fact else { continue };
                    let Ok(text) = std::str::from_utf8(field) else {
                        return Err((format!("the value of `{name}` is not UTF-8 text"), String::new()));
                    };
                    let text = text.trim();
                    if !text.is_empty() {
                        self.set(*fact, text, memory)?;
                    }
                }
            }
            Fields::Json(text) => {
                let object: Object = serde_json::from_slice(text)
                    .map_err(|error| (format!("it is no JSON object: {}", reason(&error)), String::new()))?;
                for (name, value) in &object.0 {
                    match self.by_name.get(name.as_ref()) {
                        Some(fact) => self.set_json(*fact, value, memory)?,
                        None if result_names(self.model).iter().any(|r| r == name) => {
                            return Err((format!("`{name}` is a name of the results"), String::new()));
                        }
                        None => {}
                    }
                }
            }
        }
        for fact in &memory.absent {
            if decide::exists(self.model, *fact, &memory.case) {
                let name = &self.model.fact(*fact).name;
                return Err((format!("`{name}` exists in this case"), "leave it out where it is not known".into()));
            }
        }
        for (fact, hangs_on) in &self.unasked {
            let has = |f: &FactId| memory.case.values[f.index()].is_some();
            if has(fact) && hangs_on.iter().all(has) && !decide::exists(self.model, *fact, &memory.case) {
                let name = &self.model.fact(*fact).name;
                return Err((format!("`{name}` does not exist in this case"), String::new()));
            }
        }
        Ok(&memory.case)
    }

    fn set_json(&self, fact: FactId, value: &serde_json::Value, memory: &mut Memory) -> Result<(), Refused> {
        let name = &self.model.fact(fact).name;
        if std::mem::replace(&mut memory.given[fact.index()], true) {
            return Err((format!("`{name}` is given twice"), String::new()));
        }
        if value.is_null() {
            return Ok(());
        }
        let text: Cow<'_, str> = match value {
            serde_json::Value::String(text) => Cow::Borrowed(text),
            value => match given::plain(value) {
                Some(text) => Cow::Owned(text),
                None => return Err((format!("the value of `{name}` is no value of a fact"), String::new())),
            },
        };
        self.set(fact, &text, memory)
    }

    fn set(&self, fact: FactId, text: &str, memory: &mut Memory) -> Result<(), Refused> {
        let words = &mut memory.words[fact.index()];
        let value = match words.get(text) {
            Some(known) => known.clone(),
            None => {
                let value = self.read(fact, text)?;
                if words.len() < WORDS {
                    words.insert(text.into(), value.clone());
                }
                value
            }
        };
        if value.is_none() {
            memory.absent.push(fact);
        }
        memory.case.values[fact.index()] = value;
        Ok(())
    }

    fn read(&self, fact: FactId, text: &str) -> Result<Option<Value>, Refused> {
        let name = &self.model.fact(fact).name;
        match given::read(self.model, fact, text) {
            Ok(Given::One(value)) => Ok(Some(value)),
            Ok(Given::Absent) => Ok(None),
            Ok(Given::Among(values)) => {
                let help = format!("write one of them: {}", show::values(self.model, fact, &values));
                Err((format!("`{text}` stands for several values of `{name}`"), help))
            }
            Ok(Given::Between(..)) => Err((
                format!("`{text}` is a whole day of `{name}`"),
                "write the time, too: \"2026-09-14 08:00\"".into(),
            )),
            Err(refused) => Err((refused.message, refused.help)),
        }
    }
}

/// The fields of an object in their order, repeated ones too.
struct Object<'a>(Vec<(Cow<'a, str>, serde_json::Value)>);

impl<'de> serde::Deserialize<'de> for Object<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, serde_json::Value>()? {
                    fields.push((name.0, value));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A name that is borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Without the place, which is that of a line among lines.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" at line ") {
        Some((text, _)) if error.column() > 0 => format!("{text}, at character {}", error.column()),
        Some((text, _)) => text.to_string(),
        None => text,
    }
}
