//! Decision tables in other tools' formats: one file per format.
//!
//! ```text
//! Table ──────────────────> markdown, list, html, csv, xlsx, json      what people and their tools read
//! Table ──sheet──> Sheet ──> dmn, jdm, rego, cedar, sql, …              what engines run
//!                    ^──back── the text again: is it still the policy?
//! ```
//!
//! Every format is written from finished [`Table`](crate::tabulate::Table)s alone (and the model's names); the bytes are
//! the same for the same tables on every machine. With its text each format hands over a [`Fidelity`]: what of the tables
//! it carries, and what not.

pub mod back;
pub mod case;
pub mod cedar;
pub mod clock;
mod code;
pub mod csv;
pub mod dmn;
pub mod fidelity;
pub mod html;
pub mod jdm;
pub mod json;
pub mod list;
pub mod markdown;
pub mod odrl;
pub mod provenance;
pub mod python;
pub mod rego;
pub mod rust;
pub mod sheet;
pub mod sql;
pub mod typescript;
pub mod unary;
pub mod walk;
pub mod when;
pub mod words;
pub mod xlsx;

#[cfg(test)]
mod tests;

pub use fidelity::{Carried, Fidelity};
pub use sheet::Sheet;

use crate::model::Model;
use crate::tabulate::Table;

/// What is to be written: the tables of some decisions of one policy.
pub struct Export<'a> {
    pub model: &'a Model,
    /// At least one, in the order of the decisions.
    pub sheets: Vec<Sheet<'a>>,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Markdown,
    List,
    Html,
    Csv,
    Xlsx,
    Json,
    Rego,
    Cedar,
    Dmn,
    Jdm,
    Typescript,
    Python,
    Rust,
    Sql,
    Odrl,
}

/// What some formats leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Options {
    /// Columns of a list.
    pub width: Option<usize>,
    pub dmn: DmnVersion,
    pub dialect: Dialect,
}

/// The version of the DMN standard whose XML is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DmnVersion {
    V1_2,
    #[default]
    V1_3,
    V1_4,
    V1_5,
}

/// Whose SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    #[default]
    Ansi,
    Postgresql,
    Sqlite,
    Duckdb,
    Spark,
}

impl Format {
    /// One artefact holds the tables of several decisions.
    pub fn holds_several(self) -> bool {
        self != Format::Csv
    }

    /// People read it; the report of what it carries would tell them nothing new.
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Markdown | Format::List | Format::Html)
    }

    /// It can say what each rule says (`--hit collect`), not only what is decided.
    pub fn holds_rules(self) -> bool {
        use Format::{Cedar, Dmn, Jdm, Odrl, Python, Rego, Rust, Sql, Typescript};
        !matches!(self, Dmn | Jdm | Rego | Cedar | Typescript | Python | Rust | Sql | Odrl)
    }

    /// It can say that the first row that fits decides.
    pub fn holds_order(self) -> bool {
        self != Format::Odrl
    }

    /// Tests stand beside it, of a case of each row (`Sheet::examples`).
    pub fn takes_examples(self) -> bool {
        self == Format::Rego
    }

    pub fn write(self, export: &Export<'_>, options: &Options) -> Written {
        match self {
            Format::Markdown => markdown::export(export),
            Format::List => list::export(export, options.width),
            Format::Html => html::export(export),
            Format::Csv => csv::export(export),
            Format::Xlsx => xlsx::export(export),
            Format::Json => json::export(export),
            Format::Rego => rego::export(export),
            Format::Cedar => cedar::export(export),
            Format::Dmn => dmn::export(export, options.dmn),
            Format::Jdm => jdm::export(export),
            Format::Typescript => typescript::export(export),
            Format::Python => python::export(export),
            Format::Rust => rust::export(export),
            Format::Sql => sql::export(export, options),
            Format::Odrl => odrl::export(export),
        }
    }

    /// Reads a text of this format back, as the tables of the decisions that it has; `None` if it is of no use for that.
    /// The error says what cannot be read, and where.
    pub fn read(self, text: &str, export: &Export<'_>) -> Option<Result<Vec<back::Told>, String>> {
        match self {
            Format::Dmn => Some(dmn::read(text, export)),
            Format::Jdm => Some(jdm::read(text, export)),
            Format::Csv => Some(csv::read(text, export)),
            Format::Json => Some(json::read(text, export)),
            // Of the others people read some, and engines run some: what these decide is checked on engines.
            _ => None,
        }
    }
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// The artefact itself.
    pub main: Vec<u8>,
    /// Files that stand beside it: what their names end in instead of the artefact's own ending, and their bytes:
    /// `("_test.rego", …)`, `(".cedarschema", …)`.
    pub beside: Vec<(String, Vec<u8>)>,
    pub fidelity: Fidelity,
}

impl Written {
    pub fn text(main: String, fidelity: Fidelity) -> Self {
        Self { main: main.into_bytes(), beside: Vec::new(), fidelity }
    }
}

impl<'a> Export<'a> {
    pub fn of(model: &'a Model, tables: &'a [Table]) -> Self {
        Self { model, sheets: tables.iter().map(|t| Sheet::of(model, t)).collect() }
    }

    /// `Acceptable use by students`; the policies' titles, or names.
    pub fn title(&self) -> String {
        let policies = self.sheets.first().map(|s| s.table.policies.as_slice()).unwrap_or_default();
        let titles: Vec<&str> = policies.iter().map(|p| p.title.as_ref().unwrap_or(&p.name).as_str()).collect();
        if titles.is_empty() { "Policy".to_string() } else { titles.join(", ") }
    }

    /// A name for programs: the first policy's, or `policy`.
    pub fn name(&self) -> String {
        let policies = self.sheets.first().map(|s| s.table.policies.as_slice()).unwrap_or_default();
        policies.first().map_or_else(|| "policy".to_string(), |p| p.name.clone())
    }

    /// The inputs of all sheets, each once, in the order of the sheets.
    pub fn inputs(&self) -> Vec<&sheet::Input> {
        let mut inputs: Vec<&sheet::Input> = Vec::new();
        for input in self.sheets.iter().flat_map(|s| &s.inputs) {
            if !inputs.iter().any(|i| i.fact == input.fact) {
                inputs.push(input);
            }
        }
        inputs
    }
}
