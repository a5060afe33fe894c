//! Tables -> a DMN model: decision requirements, decision tables, FEEL, and the diagram. And back.
//!
//! ```text
//! Export ──plan──> Plan: inputs, helpers, tables, each with names and expressions ──write──> XML
//!                    ^──────────────────────────── read: columns by their expressions <────── XML, from any editor
//! ```
//!
//! Every decision is one decision table; its value is a context: the decision's own value, `duties`, `advice` and `rules`.
//! A decision `local_NAME` is a moment by the clock of the policy's time zone, `days_of_NAME` the days or moments of a
//! period. All of FEEL that is used is in DMN 1.3: `day of week`, dates and times with zones, `list contains`, `?` nowhere.
//!
//! A table in which every row is one rule's word (`--hit collect`) is no decision and cannot be told. Names that are FEEL's
//! own words get an underscore.

mod diagram;
mod feel;
mod names;
mod plan;
mod read;
mod tree;
mod write;

use super::back::Told;
use super::{DmnVersion, Export, Fidelity, Written, when};
use plan::Plan;

pub fn export(export: &Export<'_>, version: DmnVersion) -> Written {
    let plan = Plan::of(export);
    let fidelity = fidelity(export, &plan);
    Written::text(write::write(export, &plan, version, &fidelity), fidelity)
}

/// See [`super::Format::read`].
pub fn read(text: &str, export: &Export<'_>) -> Result<Vec<Told>, String> {
    read::read(text, export)
}

fn fidelity(export: &Export<'_>, plan: &Plan<'_>) -> Fidelity {
    let mut fidelity = Fidelity::of_engine(export);
    for input in plan.inputs.iter().filter(|i| i.name != i.input.name) {
        let why = format!("to be given as `{}`, as FEEL cannot read it as a name", input.name);
        fidelity.asked(format!("the fact `{}`", input.input.name), why);
    }
    for table in plan.tables.iter().filter(|t| t.name != t.sheet.table.name || t.result != t.name) {
        fidelity.exact(format!("`{}` as `{}.{}`", table.sheet.table.name, table.name, table.result));
    }
    when::clocks(export, &mut fidelity);
    fidelity
}
