//! A project and some facts of a case -> what it gets and why, as the document of `ordain decide --format json`.

use crate::explain::{self, Document, Fault, Writer, given};
use crate::workspace::Checked;
use serde_json::{Map, Value};

/// Decides what is known of a case. The error says, in a sentence or two, why there is no answer.
pub fn decide(checked: &Checked, case: &Map<String, Value>, decision: Option<&str>) -> Result<Document, String> {
    if !checked.complete {
        return Err("the policy has errors, so nothing can be said about what it decides".into());
    }
    let model = &checked.model;
    let mut facts = Vec::with_capacity(case.len());
    for (name, value) in case {
        let text = given::plain(value).ok_or_else(|| format!("the value of `{name}` is an object"))?;
        facts.push((name.clone(), text));
    }
    let refused = |r: given::Refused| if r.help.is_empty() { r.message } else { format!("{}; {}", r.message, r.help) };
    let known = given::case(model, facts).map_err(refused)?;
    let found = explain::explain(model, &checked.sources, &known, None, checked.settings.budget);
    let mut explained = found.map_err(|fault| match fault {
        Fault::Exhausted => "the answer needs more steps than the budget has".to_string(),
        Fault::NoCase { facts, why } => {
            let what = explain::no_such_case(model, &facts, false);
            why.into_iter().fold(what, |text, why| format!("{text}; {why}"))
        }
    })?;
    if let Some(name) = decision {
        explained.answers.retain(|a| model.decision(a.decision).name == name);
        if explained.answers.is_empty() {
            return Err(format!("the policy makes no decision `{name}`"));
        }
    }
    let path = |source: &crate::source::Source| source.path.clone();
    Ok(Writer { model, sources: &checked.sources, path: &path, known: &known }.document(&explained))
}
