//! Commands -> answers: tables, forms, decided cases, expectations, exceptions, comparisons as plain JSON, described by
//! `docs/schema/editor.schema.json`. They are worked on aside, from a snapshot.

use crate::capabilities::Client;
use crate::pages;
use crate::server::lsp_types::{MessageType, Url};
use crate::snapshot::Snapshot;
use ordain::cli::compare::{self, Format};
use ordain::emit::{self, Export};
use ordain::ide::exceptions::{self, Node};
use ordain::ide::expectations::{self, Status};
use ordain::ide::table::{self, ColumnKind};
use ordain::ide::{decide, form};
use ordain::source::Span;
use ordain::tabulate::{self, Hit};
use serde_json::{Map, Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The command behind a lens: opens the place that it is given.
pub const SHOW: &str = "ordain.show";
/// Shows the decision table; done by the client if it can, else by the server.
pub const SHOW_TABLE: &str = "ordain.showTable";
/// Says whether an expectation holds; done by the client if it can, else by the server.
pub const RUN_EXPECTATION: &str = "ordain.runExpectation";
/// Shows why a case is decided as it is; done by the client alone.
pub const WHY: &str = "ordain.why";

/// What becomes of a command.
pub enum Answer {
    Json(Value),
    /// The client shows this page outside of the editor.
    Page(Url),
    /// The client says this.
    Say(MessageType, String),
}

type Data = fn(&Snapshot, &Value) -> Result<Value, String>;

/// What a command does.
#[derive(Clone, Copy)]
pub enum Work {
    Data(Data),
    ShowTable,
    RunExpectation,
}

/// The commands whose results are data, for clients that have a place to show it.
const DATA: [(&str, Data); 6] = [
    ("ordain.table", show_table),
    ("ordain.form", fields),
    ("ordain.decide", decided),
    ("ordain.expectations", proved),
    ("ordain.exceptions", trees),
    ("ordain.compare", compared),
];

/// The commands that this client can have executed.
pub fn offered(client: &Client) -> Vec<String> {
    let mut all: Vec<&str> = DATA.iter().map(|d| d.0).collect();
    all.extend(client.shows.then_some(SHOW));
    all.extend((client.shows && !client.shows_table).then_some(SHOW_TABLE));
    all.extend((client.shows && !client.runs_expectation).then_some(RUN_EXPECTATION));
    all.into_iter().map(str::to_string).collect()
}

impl Work {
    /// What the command of this name does; `None` for one that is not of this server.
    pub fn of(command: &str) -> Option<Work> {
        match command {
            SHOW_TABLE => Some(Work::ShowTable),
            RUN_EXPECTATION => Some(Work::RunExpectation),
            _ => DATA.iter().find(|d| d.0 == command).map(|d| Work::Data(d.1)),
        }
    }

    /// Does it. The error says, in a sentence, why it cannot be done.
    pub fn run(self, snapshot: &Snapshot, arguments: &[Value]) -> Result<Answer, String> {
        match self {
            Work::Data(data) => data(snapshot, arguments.first().unwrap_or(&Value::Null)).map(Answer::Json),
            Work::ShowTable => page(snapshot),
            Work::RunExpectation => result(snapshot, arguments),
        }
    }
}

/// The document that a command is about: its first argument, or the `uri` in there.
pub fn about(arguments: &[Value]) -> Option<Url> {
    let first = arguments.first()?;
    Url::parse(first.as_str().or_else(|| first.get("uri")?.as_str())?).ok()
}

/// A name and where it is.
fn named(snapshot: &Snapshot, name: &str, span: Span) -> Option<Value> {
    let place = snapshot.location(span)?;
    Some(json!({ "name": name, "uri": place.uri, "range": place.range }))
}

fn show_table(snapshot: &Snapshot, argument: &Value) -> Result<Value, String> {
    let hit = match argument["hit"].as_str() {
        None => None,
        Some("unique") => Some(Hit::Unique),
        Some("first") => Some(Hit::First),
        Some("collect") => Some(Hit::Collect),
        Some(other) => return Err(format!("`{other}` is no hit policy; they are `unique`, `first` and `collect`")),
    };
    let shown = table::table(&snapshot.checked, argument["decision"].as_str(), hit)?;
    let column = |c: &table::Column| {
        let kind = match c.kind {
            ColumnKind::Fact => "fact",
            ColumnKind::Outcome => "outcome",
            ColumnKind::Duty => "duty",
            ColumnKind::Rule => "rule",
        };
        json!({ "name": c.name, "label": c.label, "kind": kind })
    };
    let row = |r: &table::Shape| {
        let rules: Vec<Value> = r.rules.iter().filter_map(|(name, span)| named(snapshot, name, *span)).collect();
        json!({ "cells": r.cells, "verdict": r.verdict, "rules": rules })
    };
    let mut answer = json!({
        "number": snapshot.number, "title": shown.title, "decisions": shown.decisions, "decision": shown.decision,
        "hit": shown.hit,
    });
    extend(&mut answer, "note", shown.note);
    extend(&mut answer, "problem", shown.problem);
    answer["columns"] = shown.columns.iter().map(column).collect();
    answer["rows"] = shown.rows.iter().map(row).collect();
    Ok(answer)
}

/// Adds a field where there is something to say.
fn extend(object: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object[name] = value.into();
    }
}

fn fields(snapshot: &Snapshot, _: &Value) -> Result<Value, String> {
    let form = form::form(&snapshot.checked.model);
    let field = |f: &form::Field| {
        let mut field = json!({ "name": f.name, "type": f.ty, "optional": f.optional });
        extend(&mut field, "text", f.text.clone());
        if !f.values.is_empty() {
            let value = |(name, text): &(String, Option<String>)| {
                let mut value = json!({ "name": name });
                extend(&mut value, "text", text.clone());
                value
            };
            field["values"] = f.values.iter().map(value).collect();
        }
        if !f.groups.is_empty() {
            let group = |(name, values): &(String, Vec<String>)| json!({ "name": name, "values": values });
            field["groups"] = f.groups.iter().map(group).collect();
        }
        extend(&mut field, "min", f.range.as_ref().map(|r| r.0.clone()));
        extend(&mut field, "max", f.range.as_ref().map(|r| r.1.clone()));
        extend(&mut field, "unit", f.unit.clone());
        extend(&mut field, "decimals", f.decimals);
        field
    };
    let facts: Vec<Value> = form.facts.iter().map(field).collect();
    Ok(json!({ "number": snapshot.number, "title": form.title, "decisions": form.decisions, "facts": facts }))
}

fn decided(snapshot: &Snapshot, argument: &Value) -> Result<Value, String> {
    let none = Map::new();
    let case = match &argument["case"] {
        Value::Null => &none,
        Value::Object(case) => case,
        _ => return Err("the `case` is an object of facts and their values".into()),
    };
    let document = decide::decide(&snapshot.checked, case, argument["decision"].as_str())?;
    serde_json::to_value(document).map_err(|error| error.to_string())
}

fn proved(snapshot: &Snapshot, _: &Value) -> Result<Value, String> {
    let found = expectations::expectations(&snapshot.checked);
    let outcome = |o: &expectations::Outcome| {
        let mut entry = named(snapshot, &o.name, o.span)?;
        entry["status"] = json!(match o.status {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::Error => "error",
        });
        extend(&mut entry, "message", o.message.clone());
        Some(entry)
    };
    let covered = |c: &expectations::Covered| {
        let mut entry = named(snapshot, &c.name, c.span)?;
        entry["kind"] = json!(c.kind);
        entry["covered"] = json!(!c.by.is_empty());
        entry["by"] = json!(c.by);
        Some(entry)
    };
    let outcomes: Vec<Value> = found.outcomes.iter().filter_map(outcome).collect();
    let coverage: Vec<Value> = found.covered.iter().filter_map(covered).collect();
    Ok(json!({ "number": snapshot.number, "expectations": outcomes, "coverage": coverage }))
}

fn trees(snapshot: &Snapshot, _: &Value) -> Result<Value, String> {
    let roots = exceptions::exceptions(&snapshot.checked.model, &snapshot.checked.sources);
    let roots: Vec<Value> = roots.iter().filter_map(|node| tree(snapshot, node)).collect();
    Ok(json!({ "number": snapshot.number, "roots": roots }))
}

fn tree(snapshot: &Snapshot, node: &Node) -> Option<Value> {
    let mut entry = named(snapshot, &node.name, node.span)?;
    entry["verdict"] = json!(node.verdict);
    entry["text"] = json!(node.text);
    extend(&mut entry, "relation", node.relation);
    let children: Vec<Value> = node.children.iter().filter_map(|child| tree(snapshot, child)).collect();
    entry["children"] = json!(children);
    Some(entry)
}

fn compared(snapshot: &Snapshot, argument: &Value) -> Result<Value, String> {
    let revision = argument["revision"].as_str().unwrap_or("HEAD");
    let format = match argument["format"].as_str() {
        Some("json") => Format::Json,
        None | Some("markdown") => Format::Markdown,
        Some("html") => Format::Html,
        Some("text") => Format::Text,
        Some(other) => {
            return Err(format!("`{other}` is no format; they are `json`, `markdown`, `html` and `text`"));
        }
    };
    let Some(root) = &snapshot.root else {
        return Err("the document lies in no folder, so no older version of it is known".into());
    };
    let compared = compare::with_revision(revision, root, Arc::clone(&snapshot.checked), format);
    let (same, text) = compared.map_err(|failure| failure.sentence())?;
    Ok(json!({ "revision": revision, "same": same, "text": text }))
}

/// The page of `ordain table --to html`, as a file.
fn page(snapshot: &Snapshot) -> Result<Answer, String> {
    let checked = &snapshot.checked;
    if !checked.complete {
        return Err("the policy has errors; the table comes back when the text is in order".into());
    }
    let model = &checked.model;
    let tables = tabulate::within(model, &tabulate::decisions(model), None, checked.settings.budget);
    let tables = tables.map_err(|_| "the tables need more steps than the budget has")?;
    let written = emit::Format::Html.write(&Export::of(model, &tables), &emit::Options::default());
    let text = String::from_utf8(written.main).map_err(|error| error.to_string())?;
    let mut hasher = DefaultHasher::new();
    snapshot.root.hash(&mut hasher);
    let name = format!("tables/{:016x}.html", hasher.finish());
    pages::write(&name, &text).map(Answer::Page).ok_or_else(|| "there is no folder to write the page to".into())
}

/// What became of one expectation, as a sentence.
fn result(snapshot: &Snapshot, arguments: &[Value]) -> Result<Answer, String> {
    let name = arguments.get(1).and_then(Value::as_str).ok_or("the title of an expectation is expected")?;
    let found = expectations::expectations(&snapshot.checked);
    let Some(outcome) = found.outcomes.iter().find(|o| o.name == name) else {
        return Err(format!("the policy has no expectation \"{name}\""));
    };
    let (kind, said) = match outcome.status {
        Status::Passed => (MessageType::INFO, "holds"),
        Status::Failed => (MessageType::ERROR, "fails"),
        Status::Error => (MessageType::WARNING, "could not be proved"),
    };
    let more = outcome.message.as_ref().map_or(String::new(), |m| format!(": {}", m.replace('\n', "; ")));
    Ok(Answer::Say(kind, format!("\"{name}\" {said}{more}")))
}
