//! Reports -> SARIF 2.1.0, for code scanning: places, further places, fixes as replacements, the pages of the codes as
//! help, and fingerprints by which a finding is known again.
//!
//! What the policy or a baseline accepts is a result too, with its suppression. Columns count characters, as `columnKind`
//! says. There is no time and no path of a machine in it.

use super::codes;
use super::json::{Accepted, Edit, Place, Report};
use serde_json::{Map, Value, json};

/// Where the results of a run are described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub fn sarif(reports: &[Report], accepted: &[Accepted], version: &str) -> Value {
    let mut rules: Vec<&str> = reports.iter().chain(accepted.iter().map(|a| &a.report)).map(|r| r.code).collect();
    rules.sort_unstable();
    rules.dedup();
    // Either all results say how they are suppressed, or none.
    let all = !accepted.is_empty();
    let open = reports.iter().map(|report| result(report, &rules, all.then(Vec::new)));
    let accepted = accepted.iter().map(|a| result(&a.report, &rules, Some(vec![suppression(a)])));
    let results: Vec<Value> = open.chain(accepted).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Ordain",
                "version": version,
                "semanticVersion": version,
                "rules": rules.iter().filter_map(|id| rule(id)).collect::<Vec<Value>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A code, with its page.
fn rule(id: &str) -> Option<Value> {
    let code = codes::find(id)?;
    let mut parts = code.page.split("\n\n").skip(1);
    let about = parts.next().unwrap_or(code.name).replace('\n', " ");
    Some(json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": code.name },
        "fullDescription": { "text": about },
        "help": { "text": code.page.trim_end(), "markdown": code.page.trim_end() },
        "defaultConfiguration": { "level": code.level },
    }))
}

fn result(report: &Report, rules: &[&str], suppressions: Option<Vec<Value>>) -> Value {
    let mut result = Map::new();
    let mut set = |key: &str, value: Value| result.insert(key.into(), value);
    set("ruleId", json!(report.code));
    set("ruleIndex", json!(rules.iter().position(|r| *r == report.code).unwrap_or_default()));
    set("level", json!(report.level));
    set("message", json!({ "text": format!("{}: {}", report.name, report.words()) }));
    set("locations", json!([{ "physicalLocation": location(&report.place) }]));
    // The first label belongs to the place itself.
    let related = report.labels.iter().skip(1).enumerate();
    let related: Vec<Value> = related
        .map(|(i, label)| {
            let text = if label.text.is_empty() { "belongs to it" } else { &label.text };
            json!({ "id": i + 1, "message": { "text": text }, "physicalLocation": location(&label.place) })
        })
        .collect();
    if !related.is_empty() {
        set("relatedLocations", Value::Array(related));
    }
    set("partialFingerprints", json!({ "ordain/v1": report.fingerprint }));
    let fixes: Vec<Value> = report
        .fixes
        .iter()
        .filter(|fix| !fix.edits.is_empty())
        .map(|fix| json!({ "description": { "text": fix.title }, "artifactChanges": changes(&fix.edits) }))
        .collect();
    if !fixes.is_empty() {
        set("fixes", Value::Array(fixes));
    }
    if let Some(suppressions) = suppressions {
        set("suppressions", Value::Array(suppressions));
    }
    Value::Object(result)
}

/// Edits by file, in the order of the files.
fn changes(edits: &[Edit]) -> Vec<Value> {
    let mut files: Vec<&str> = edits.iter().map(|e| e.place.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let replacement =
        |edit: &Edit| json!({ "deletedRegion": region(&edit.place), "insertedContent": { "text": edit.text } });
    let change = |file: &str| {
        let replacements: Vec<Value> = edits.iter().filter(|e| e.place.file == file).map(replacement).collect();
        json!({ "artifactLocation": { "uri": uri(file) }, "replacements": replacements })
    };
    files.into_iter().map(change).collect()
}

fn suppression(accepted: &Accepted) -> Value {
    let mut suppression = json!({ "kind": accepted.by.sarif() });
    if let Some(because) = &accepted.because {
        suppression["justification"] = json!(because);
    }
    suppression
}

fn location(place: &Place) -> Value {
    json!({ "artifactLocation": { "uri": uri(&place.file) }, "region": region(place) })
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line, "startColumn": place.start.column,
        "endLine": place.end.line, "endColumn": place.end.column,
    })
}

/// A path as a relative reference: everything but the signs that stand for themselves in one is written as `%20`.
fn uri(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => text.push(byte as char),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_become_references() {
        assert_eq!(super::uri("a b/größe.ordain"), "a%20b/gr%C3%B6%C3%9Fe.ordain");
        assert_eq!(super::uri("<stdin>"), "%3Cstdin%3E");
    }
}
