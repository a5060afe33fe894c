//! What an artefact carries of the tables it was written from: exactly, with help, nearly, or not at all.
//!
//! Nothing is dropped in silence. People read the report on standard error, machines in the artefact itself.

use serde_json::{Value, json};

/// The version of the report.
pub const VERSION: u32 = 1;

/// How something is carried. Only `Approximated` and `LeftOut` are losses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carried {
    /// The artefact decides it as the policy does.
    Exact,
    /// It decides as the policy does, given a value that whoever calls it must work out.
    Asked,
    /// It may decide otherwise than the policy.
    Approximated,
    /// It is not in the artefact.
    LeftOut,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub carried: Carried,
    /// `the verdict`, `duties`, `3 conflicts`.
    pub what: String,
    /// What becomes of it, or why it is not there.
    pub why: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fidelity {
    pub notes: Vec<Note>,
}

impl Carried {
    pub fn name(self) -> &'static str {
        match self {
            Carried::Exact => "exact",
            Carried::Asked => "asked",
            Carried::Approximated => "approximated",
            Carried::LeftOut => "left_out",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Carried::Exact => "carried exactly",
            Carried::Asked => "to be given",
            Carried::Approximated => "approximated",
            Carried::LeftOut => "left out",
        }
    }
}

impl Fidelity {
    /// Of a format that says all that the table says.
    pub fn whole() -> Self {
        let mut fidelity = Self::default();
        fidelity.exact("every row, result, duty, advice and rule");
        fidelity
    }

    /// Of a format that engines run: each decision, duties and advice with the first, and the rules of each row.
    pub fn of_engine(export: &super::Export<'_>) -> Self {
        let mut fidelity = Self::default();
        for sheet in &export.sheets {
            fidelity.exact(format!("`{}`", sheet.table.name));
        }
        if export.sheets.iter().any(|s| crate::tabulate::carries_duties(export.model, s.decision())) {
            fidelity.exact("duties");
            fidelity.exact("advice");
        }
        fidelity.exact("the rules of each row: those that decide in some case of it");
        fidelity.conflicts(export);
        fidelity
    }

    /// Ordered rows of rules answer first where rules conflict.
    pub fn conflicts(&mut self, export: &super::Export<'_>) {
        for sheet in &export.sheets {
            let rows = sheet.table.rows.iter().filter(|r| r.conflicts).count();
            if rows > 0 {
                self.approximated(
                    format!("conflicts of `{}`", sheet.table.name),
                    format!("where rules conflict, {rows} of its rows give the answer of the first of them"),
                );
            }
        }
    }

    pub fn note(&mut self, carried: Carried, what: impl Into<String>, why: impl Into<String>) {
        let note = Note { carried, what: what.into(), why: why.into() };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub fn exact(&mut self, what: impl Into<String>) {
        self.note(Carried::Exact, what, "");
    }

    pub fn asked(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.note(Carried::Asked, what, why);
    }

    pub fn approximated(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.note(Carried::Approximated, what, why);
    }

    pub fn left_out(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.note(Carried::LeftOut, what, why);
    }

    pub fn losses(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(|n| matches!(n.carried, Carried::Approximated | Carried::LeftOut))
    }

    /// A line for each way of being carried, and one for each thing that is not carried exactly:
    /// `carried exactly: the verdict, duties`, `left out: advice: Cedar answers nothing but allow and deny`.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let exact: Vec<&str> =
            self.notes.iter().filter(|n| n.carried == Carried::Exact).map(|n| n.what.as_str()).collect();
        if !exact.is_empty() {
            lines.push(format!("{}: {}", Carried::Exact.words(), exact.join(", ")));
        }
        for carried in [Carried::Asked, Carried::Approximated, Carried::LeftOut] {
            let notes = self.notes.iter().filter(|n| n.carried == carried);
            lines.extend(notes.map(|n| format!("{}: {}: {}", carried.words(), n.what, n.why)));
        }
        lines
    }

    /// For machines: `{"format": "ordain-fidelity", "version": 1, "exact": ["the verdict"], "asked": [], …}`.
    pub fn value(&self) -> Value {
        let of = |carried: Carried| self.notes.iter().filter(move |n| n.carried == carried);
        let exact: Vec<&str> = of(Carried::Exact).map(|n| n.what.as_str()).collect();
        let told = |carried| -> Vec<Value> { of(carried).map(|n| json!({ "what": n.what, "why": n.why })).collect() };
        json!({
            "format": "ordain-fidelity",
            "version": VERSION,
            "exact": exact,
            "asked": told(Carried::Asked),
            "approximated": told(Carried::Approximated),
            "left_out": told(Carried::LeftOut),
        })
    }
}
