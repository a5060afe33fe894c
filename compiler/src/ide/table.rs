//! A project -> one of its decision tables as an editor shows it: texts, and the places of the rules behind each row.
//!
//! It is the table of `ordain table`, proved like that one. Takes long on large policies.

use super::form::title;
use crate::diagnostics::{Level, thousands};
use crate::emit::markdown::upper_first;
use crate::model::{ClauseId, DecisionId, Model};
use crate::source::Span;
use crate::tabulate::{self, Hit, Row, Table, Unmade};
use crate::workspace::Checked;

/// A table, or why there is none.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub title: String,
    /// The decisions that have a table.
    pub decisions: Vec<String>,
    pub decision: String,
    pub hit: &'static str,
    /// How to read the rows, and that they are proved.
    pub note: Option<String>,
    /// Why there are no rows, as a sentence.
    pub problem: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Shape>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The fact or the facts that it is about; else the decision, `duties`, `advice`, `rules`.
    pub name: String,
    /// What stands above it.
    pub label: String,
    pub kind: ColumnKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Fact,
    Outcome,
    /// Duties or advice.
    Duty,
    Rule,
}

/// A row: what stands in each column (nothing where it does not matter), its result, the rules that decide it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub cells: Vec<String>,
    pub verdict: String,
    pub rules: Vec<(String, Span)>,
}

/// The table of a decision, the first if none is named. The error says that there is no such decision.
pub fn table(checked: &Checked, decision: Option<&str>, hit: Option<Hit>) -> Result<Shown, String> {
    let model = &checked.model;
    let all = tabulate::decisions(model);
    let name = |d: &DecisionId| model.decision(*d).name.to_string();
    let mut shown = Shown {
        title: title(model),
        decisions: all.iter().map(name).collect(),
        decision: decision.map_or_else(|| all.first().map(name).unwrap_or_default(), str::to_string),
        hit: hit.unwrap_or(Hit::Unique).name(),
        ..Shown::default()
    };
    let errors = checked.diagnostics.iter().filter(|d| d.level == Level::Error).count();
    if !checked.complete {
        let are = if errors == 1 { "is 1 error".to_string() } else { format!("are {errors} errors") };
        shown.problem = Some(format!("There {are} in the text; the table comes back when the text is in order."));
        return Ok(shown);
    }
    let Some(id) = all.iter().find(|d| name(d) == shown.decision).copied() else {
        let names = shown.decisions.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        return Err(format!("the policy has no table of `{}`; it decides {names}", shown.decision));
    };
    match tabulate::within(model, &[id], hit, checked.settings.budget) {
        Ok(tables) => tables.iter().for_each(|table| fill(&mut shown, model, table)),
        Err(unmade) => shown.problem = Some(too_large(unmade, checked.settings.budget)),
    }
    Ok(shown)
}

fn too_large(unmade: Unmade, budget: u64) -> String {
    let budget = thousands(u128::from(budget));
    match unmade {
        Unmade::Exhausted => format!("The rules need more than the {budget} steps of the budget."),
        Unmade::TooLarge(_, Hit::Unique) => {
            "The table in which every case is in exactly one row is too large; \"first\" may be smaller.".into()
        }
        Unmade::TooLarge(..) => format!("The table needs more than the {budget} steps of the budget."),
    }
}

fn fill(shown: &mut Shown, model: &Model, table: &Table) {
    shown.hit = table.hit.name();
    if let Some(proof) = table.proof.filter(|p| p.finished && !p.holds()) {
        shown.problem = Some(format!("Internal fault: {}. Please report it.", proof.sentence()));
        return;
    }
    let said = [Some(table.meaning()), table.reason().map(str::to_string), table.proof.map(|p| p.sentence())];
    let said: Vec<String> = said.into_iter().flatten().map(|s| format!("{}.", upper_first(&s))).collect();
    shown.note = Some(said.join(" "));
    let facts = |axes: &[usize]| {
        let ids = axes.iter().filter_map(|a| table.axes.get(*a)).flat_map(|a| &a.facts);
        let mut names: Vec<&str> = ids.map(|f| model.fact(*f).name.as_str()).collect();
        names.dedup();
        names.join(" ")
    };
    let column = |name: &str, label: &str, kind| Column { name: name.into(), label: label.into(), kind };
    shown.columns = table.columns.iter().map(|c| column(&facts(&c.axes), &c.title, ColumnKind::Fact)).collect();
    shown.columns.push(column(&table.name, table.title.as_ref().unwrap_or(&table.name), ColumnKind::Outcome));
    let duties = table.rows.iter().any(|r| !r.duties.is_empty());
    let advice = table.rows.iter().any(|r| !r.advice.is_empty());
    shown.columns.extend(duties.then(|| column("duties", "duties", ColumnKind::Duty)));
    shown.columns.extend(advice.then(|| column("advice", "advice", ColumnKind::Duty)));
    shown.columns.push(column("rules", "rules", ColumnKind::Rule));
    shown.rows = table.rows.iter().map(|row| shape(model, table, row, (duties, advice))).collect();
}

fn shape(model: &Model, table: &Table, row: &Row, (duties, advice): (bool, bool)) -> Shape {
    // What does not matter is a dash in tables for people.
    let mut cells: Vec<String> = row.texts.iter().map(|t| if t == "–" { String::new() } else { t.clone() }).collect();
    cells.push(row.says());
    cells.extend(duties.then(|| row.duties.join(", ")));
    cells.extend(advice.then(|| row.advice.join(", ")));
    cells.push(table.deciders(row).join(", "));
    let mut clauses: Vec<ClauseId> = row.by.iter().chain(&row.also).copied().collect();
    clauses.sort_unstable();
    clauses.dedup();
    let rules = clauses.into_iter().map(|c| model.clause(c)).map(|c| (c.path.to_string(), c.name_span)).collect();
    let verdict = row.output.result.map(|r| tabulate::result_word(model, table.decision, r)).unwrap_or_default();
    Shape { cells, verdict, rules }
}
