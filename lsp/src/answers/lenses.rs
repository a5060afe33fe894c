//! Lenses: what is shown above items, and the commands behind them, as far as the client or the server can do them.

use super::commands::{RUN_EXPECTATION, SHOW, SHOW_TABLE, WHY};
use crate::server::lsp_types::*;
use crate::worker::Worker;
use ordain::ide::lenses::{self, Leads};
use serde_json::{Map, Value, json};

pub fn lenses(worker: &mut Worker, url: &Url) -> Option<Vec<CodeLens>> {
    let desk = worker.desk(url)?;
    let client = desk.client;
    let lens = |l: lenses::Lens| {
        let range = desk.range(l.span);
        let shown = |command: &str, arguments: Vec<Value>| {
            let arguments = (!arguments.is_empty()).then_some(arguments);
            let command = Command { title: l.title.clone(), command: command.into(), arguments };
            Some(CodeLens { range, command: Some(command), data: None })
        };
        match &l.leads {
            // Without a command the text is only shown.
            Leads::Nowhere => shown("", Vec::new()),
            Leads::Places(places) => {
                let places: Vec<Value> =
                    places.iter().filter_map(|span| serde_json::to_value(desk.location(*span)?).ok()).collect();
                shown(if places.is_empty() { "" } else { SHOW }, places)
            }
            Leads::Table if client.shows || client.shows_table => shown(SHOW_TABLE, vec![json!(url), json!(range)]),
            Leads::Expectation(title) if client.shows || client.runs_expectation => {
                shown(RUN_EXPECTATION, vec![json!(url), json!(title)])
            }
            Leads::Why(facts) if client.explains => shown(WHY, vec![json!(url), case(facts)]),
            Leads::Table | Leads::Expectation(_) | Leads::Why(_) => None,
        }
    };
    Some(lenses::lenses(&desk.view, desk.file).into_iter().filter_map(lens).collect())
}

/// Facts and values as the object that `ordain.decide` takes.
pub fn case(facts: &[(String, String)]) -> Value {
    let facts: Map<String, Value> = facts.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    Value::Object(facts)
}
