//! A case and its line -> the line with what the policy says of it.
//!
//! The fields of the line stay as they are. Behind them come a column for each decision, `duties`, `advice` and `rules`;
//! lists are separated by `, ` in CSV and are arrays in JSON. Where bad lines are skipped, `error` says why a line has no
//! results.

use super::fields::Refused;
use super::lines::{Fields, Line};
use super::result_names;
use crate::cli::ui::Failure;
use crate::compile::{Decision, Fault, Policy};
use crate::decide;
use crate::model::*;
use crate::tabulate::{decisions, result_word};
use std::fmt::Write;

pub struct Answers<'m> {
    model: &'m Model,
    policy: &'m Policy,
    decisions: Vec<DecisionId>,
    /// The names of the results, `error` last.
    names: Vec<String>,
    header: Option<csv::StringRecord>,
    /// The lines get a field that says why they have no results.
    errors: bool,
    /// By clause: its advice in words.
    advice: Vec<Vec<String>>,
}

impl<'m> Answers<'m> {
    pub fn new(
        model: &'m Model,
        policy: &'m Policy,
        header: Option<&csv::StringRecord>,
        errors: bool,
    ) -> Result<Self, Failure> {
        let mut names = result_names(model);
        // A fact of this name keeps it.
        for name in &mut names {
            if model.find_fact(name).is_some() {
                name.insert_str(0, "result.");
            }
        }
        if let Some(name) = header.and_then(|h| h.iter().find(|n| names.iter().any(|r| r == n.trim()))) {
            return Err(Failure::usage(format!("the column `{name}` has the name of a result"))
                .help("rename the column, the results are written behind the columns that are there"));
        }
        let describe = |clause: &Clause| clause.advice.iter().map(|a| show::describe(model, &a.cond)).collect();
        Ok(Self {
            model,
            policy,
            decisions: decisions(model),
            names,
            header: header.cloned(),
            errors,
            advice: model.clauses.iter().map(describe).collect(),
        })
    }

    /// The first line.
    pub fn head(&self) -> Vec<u8> {
        let mut text = Vec::new();
        if let Some(header) = &self.header {
            let names = &self.names[..self.names.len() - usize::from(!self.errors)];
            record(header.iter().chain(names.iter().map(String::as_str)).map(str::as_bytes), &mut text);
        }
        text
    }

    /// Decides the case and writes its line.
    pub fn write(&self, line: &Line, case: &Case, into: &mut Vec<u8>) -> Result<(), Refused> {
        let decision = self.policy.decide(case).map_err(|fault| self.refused(fault, case))?;
        let rules = self.rules(case);
        let mut values: Vec<Field> = Vec::with_capacity(self.names.len());
        for d in &self.decisions {
            values.push(Field::One(result_word(self.model, *d, decision.result(*d))));
        }
        values.push(Field::Many(decision.duties().map(|d| self.model.duty(d).name.to_string()).collect()));
        values.push(Field::Many(self.advice(&decision)));
        values.push(Field::Many(rules));
        if self.errors {
            values.push(Field::One(String::new()));
        }
        self.fields(line, &values, into);
        Ok(())
    }

    /// A line that has no results, and why.
    pub fn write_bad(&self, line: &Line, why: &str, into: &mut Vec<u8>) {
        let mut values: Vec<Field> = self.names.iter().map(|_| Field::None).collect();
        if let Some(last) = values.last_mut() {
            *last = Field::One(why.to_string());
        }
        self.fields(line, &values, into);
    }

    fn advice(&self, decision: &Decision<'_>) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for (clause, i) in decision.advice() {
            let text = self.advice.get(clause.index()).and_then(|a| a.get(i)).cloned().unwrap_or_default();
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    }

    /// The rules whose word the results are; none that cannot be told without the facts that are missing.
    fn rules(&self, case: &Case) -> Vec<String> {
        let mut all: Vec<ClauseId> = self.policy.rules(case).unwrap_or_default().into_iter().flatten().collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|id| self.model.clause(id).path.to_string()).collect()
    }

    fn refused(&self, fault: Fault, case: &Case) -> Refused {
        let name = |fact: &FactId| format!("`{}`", self.model.fact(*fact).name);
        match fault {
            Fault::Missing(facts) => {
                let names: Vec<String> = facts.iter().map(name).collect();
                let (verb, it) = if names.len() == 1 { ("has", "it") } else { ("have", "them") };
                let names = show::list(&names, "and");
                (format!("{names} {verb} no value, and what is decided depends on {it}"), String::new())
            }
            Fault::Unfit(fact) => (format!("the value of {} is not one it can have", name(&fact)), String::new()),
            Fault::NoCase => {
                let wrong = decide::check_case(self.model, case);
                let wrong = wrong.into_iter().next().unwrap_or_else(|| "no case has these values".into());
                (wrong, String::new())
            }
        }
    }

    fn fields(&self, line: &Line, values: &[Field], into: &mut Vec<u8>) {
        match (&self.header, &line.fields) {
            (Some(header), fields) => {
                let texts: Vec<String> = values.iter().map(Field::text).collect();
                let texts = texts.iter().map(String::as_bytes);
                let own = |i: usize| match fields {
                    Fields::Csv(fields) => fields.get(i).unwrap_or_default(),
                    Fields::Json(_) => b"",
                };
                record((0..header.len()).map(own).chain(texts), into);
            }
            (None, fields) => {
                let own: &[u8] = match fields {
                    Fields::Json(text) => text,
                    Fields::Csv(_) => b"{}",
                };
                self.object(own, values, into);
            }
        }
    }

    /// The object with more fields; what is none becomes one with the results alone.
    fn object(&self, own: &[u8], values: &[Field], into: &mut Vec<u8>) {
        let is_object = serde_json::from_slice::<serde::de::IgnoredAny>(own).is_ok() && own.starts_with(b"{");
        let inside = if is_object { own[1..own.len() - 1].trim_ascii() } else { b"" };
        let mut text = String::new();
        let named = self.names.iter().zip(values).filter(|(_, v)| !matches!(v, Field::None));
        for (i, (name, value)) in named.filter(|(name, v)| *name != "error" || !v.is_empty()).enumerate() {
            let comma = if i > 0 || !inside.is_empty() { "," } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(text, "{comma}{}:{}", serde_json::Value::from(name.as_str()), value.json());
        }
        into.push(b'{');
        into.extend_from_slice(inside);
        into.extend_from_slice(text.as_bytes());
        into.extend_from_slice(b"}\n");
    }
}

/// A result.
enum Field {
    None,
    One(String),
    Many(Vec<String>),
}

impl Field {
    fn text(&self) -> String {
        match self {
            Field::None => String::new(),
            Field::One(text) => text.clone(),
            Field::Many(parts) => parts.join(", "),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Field::None) || matches!(self, Field::One(text) if text.is_empty())
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Field::None => serde_json::Value::Null,
            Field::One(text) => text.as_str().into(),
            Field::Many(parts) => parts.iter().map(String::as_str).collect(),
        }
    }
}

fn record<'a>(fields: impl Iterator<Item = &'a [u8]>, into: &mut Vec<u8>) {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(512).from_writer(into);
    // Writing to memory cannot fail.
    let _ = writer.write_record(fields);
    let _ = writer.flush();
}
