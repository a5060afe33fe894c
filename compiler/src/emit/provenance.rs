//! A table's rows -> who decides them, and where they come from, for machines and in one line for people.

use super::Export;
use crate::tabulate::{Row, Table};
use serde_json::{Value, json};

/// Which policies the tables come from, and their proofs.
pub fn provenance(export: &Export<'_>) -> Value {
    let policies = export.sheets.first().map(|s| s.table.policies.as_slice()).unwrap_or_default();
    let policies: Vec<Value> =
        policies.iter().map(|p| json!({ "name": p.name, "title": p.title, "sources": p.sources })).collect();
    let proofs: Vec<Value> = export
        .sheets
        .iter()
        .map(|s| {
            let proof = s.table.proof.map(|p| p.sentence());
            json!({ "decision": s.table.name, "hit_policy": s.table.hit.name(), "meaning": s.table.meaning(), "proof": proof })
        })
        .collect();
    json!({ "timezone": export.model.zone.name, "policies": policies, "decisions": proofs })
}

/// The rules that decide in some case of the row.
pub fn paths(table: &Table, row: &Row) -> Vec<String> {
    let mut clauses: Vec<_> = row.by.iter().chain(&row.also).copied().collect();
    clauses.sort_unstable();
    clauses.dedup();
    clauses.into_iter().filter_map(|c| table.rule(c)).map(|r| r.path.clone()).collect()
}

/// Who decides, and where it stands in the adopted texts.
pub fn note(table: &Table, row: &Row) -> String {
    let mut cites: Vec<&str> = Vec::new();
    for clause in row.by.iter().chain(&row.also) {
        for cite in table.rule(*clause).iter().flat_map(|r| &r.cites) {
            if !cites.contains(&cite.as_str()) {
                cites.push(cite);
            }
        }
    }
    let rules = table.deciders(row).join(", ");
    let conflict = if row.conflicts { "; the rules may conflict here" } else { "" };
    if cites.is_empty() { format!("{rules}{conflict}") } else { format!("{rules}: {}{conflict}", cites.join(", ")) }
}
