//! Model and findings -> SMT-LIB 2 scripts with which any solver can check every verdict, independently of the compiler.
//!
//! A script says what it claims and which answer proves it: `unsat`, there is no case of this kind; `sat`, there is one.
//! The scripts are written from the model by the definitions of the language alone: no cells, no diagrams, no witness of
//! the analysis is in them, so an error of those shows as an answer that is not the stated one. What is claimed comes from
//! the findings, and as much from their absence: where no conflict is reported, that there is none.
//!
//! | part | turns |
//! |---|---|
//! | `facts`, `time`, `cond` | facts, calendar and conditions into constants and terms |
//! | `meaning` | rules into definitions of what each case gets |
//! | `dictionary`, `terms` | definitions into the text of those that a claim needs |
//! | `rules`, `decisions`, `parts`, `redundant`, `impossible`, `expectations` | findings into claims |
//!
//! A claim that cannot be carried to a solver is listed with the reason; none is dropped in silence. Must not know files.

mod cond;
mod decisions;
mod dictionary;
mod expectations;
mod facts;
mod impossible;
mod meaning;
mod parts;
mod redundant;
mod rules;
mod script;
mod terms;
mod time;

pub use script::{Certificates, Claim, Index, Script};

use crate::analyse::Kind;
use crate::model::*;
use crate::source::Sources;
use dictionary::Dictionary;

/// What the compiler says of the policy.
#[derive(Debug, Clone, Copy)]
pub struct Verdicts<'a> {
    /// All findings, none left out, sorted or not.
    pub findings: &'a [Kind],
    /// By expectation: whether it holds, and whether it is about no case.
    pub expectations: &'a [(bool, bool)],
}

/// The model's definitions as a dictionary.
struct Encoding<'m> {
    model: &'m Model,
    sources: &'m Sources,
    dict: Dictionary,
    /// By clause: its path, unique.
    labels: Vec<String>,
    exceptions: Vec<Vec<ClauseId>>,
}

impl<'m> Encoding<'m> {
    fn new(model: &'m Model, sources: &'m Sources) -> Self {
        let mut labels: Vec<String> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for (i, clause) in model.clauses.iter().enumerate() {
            let path = clause.path.to_string();
            labels.push(if seen.insert(path.clone()) { path } else { format!("{path} #{i}") });
        }
        let mut exceptions = vec![Vec::new(); model.clauses.len()];
        for id in model.clause_ids() {
            model.clause(id).replaces.iter().for_each(|p| exceptions[p.index()].push(id));
        }
        let mut encoding = Self { model, sources, dict: Dictionary::default(), labels, exceptions };
        time::periods(&mut encoding);
        facts::declare(&mut encoding);
        meaning::define(&mut encoding);
        encoding
    }

    /// `rule `phone``, `exception `phone.text``.
    fn called(&self, id: ClauseId) -> String {
        let what = if self.model.clause(id).is_exception() { "exception" } else { "rule" };
        format!("{what} `{}`", self.labels[id.index()])
    }

    fn names(&self, ids: &[ClauseId]) -> String {
        let names: Vec<String> = ids.iter().map(|id| format!("`{}`", self.labels[id.index()])).collect();
        show::list(&names, "and")
    }

    /// A text of the policy on one line.
    fn quote(&self, span: crate::source::Span) -> String {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The scripts for all verdicts, in the order of the policy.
pub fn certify(model: &Model, sources: &Sources, verdicts: Verdicts<'_>) -> Certificates {
    let mut e = Encoding::new(model, sources);
    let mut certificates = Certificates::default();
    if verdicts.findings.iter().any(|k| matches!(k, Kind::Budget { .. })) {
        certificates.leave_out("all verdicts", "the analysis was not finished within its budget");
        return certificates;
    }
    let none = decisions::cases(&mut e, verdicts.findings, &mut certificates);
    if !none {
        decisions::decisions(&mut e, verdicts.findings, &mut certificates);
        decisions::duties(&e, verdicts.findings, &mut certificates);
        parts::defines(&e, verdicts.findings, &mut certificates);
        for id in model.clause_ids() {
            rules::rule(&mut e, id, verdicts.findings, &mut certificates);
        }
        expectations::expectations(&e, verdicts.expectations, &mut certificates);
    }
    certificates.finish(&e.dict);
    certificates
}

#[cfg(test)]
mod tests;
