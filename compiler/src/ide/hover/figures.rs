//! What was proved about a rule or a condition, in words.

use crate::diagnostics::thousands;
use crate::ide::View;
use crate::ide::around::{self, Node};
use crate::ide::measure::share;
use crate::model::show;
use crate::source::{FileId, Span};

/// How often a rule applies and decides, what replaces it, one example.
pub fn rule(view: &View, path: &str) -> Vec<String> {
    let model = &view.checked.model;
    let mut parts = Vec::new();
    if let Some(measured) = view.measured
        && let Some(figures) = measured.rules.get(path)
    {
        let all = measured.kinds;
        parts.push(format!(
            "Applies in {} of {} kinds of case ({}), decides {} ({}).",
            thousands(figures.applies),
            thousands(all),
            share(figures.applies, all),
            thousands(figures.decides),
            share(figures.decides, all)
        ));
        parts.extend(figures.example.as_ref().map(|e| format!("For example: {e}")));
    }
    let Some(id) = model.find_clause(path) else { return parts };
    let names = |ids: Vec<crate::model::ClauseId>| -> Vec<String> {
        ids.iter().filter_map(|i| model.clauses.get(i.index())).map(|c| format!("`{}`", c.path)).collect()
    };
    let by = names(model.exceptions_of(id).collect());
    if !by.is_empty() {
        parts.push(format!("Replaced by {} where that applies.", show::list(&by, "and")));
    }
    let replaces = names(model.clause(id).replaces.clone());
    if !replaces.is_empty() {
        parts.push(format!("Replaces {} where both apply.", show::list(&replaces, "and")));
    }
    let cites: Vec<String> = model.clause(id).cites.iter().map(|c| format!("`{}`", c.text())).collect();
    if !cites.is_empty() {
        parts.push(format!("Puts {} into effect.", show::list(&cites, "and")));
    }
    parts
}

/// Whether the part of a rule's condition at an offset holds always, never or sometimes where the other parts hold.
pub fn condition(view: &View, file: FileId, offset: u32) -> Option<(Span, String)> {
    let tree = view.tree(file)?;
    let (path, _) = around::clause_at(tree, offset)?;
    let figures = view.measured?.rules.get(path.as_str())?;
    let found = around::around(tree, offset).into_iter().filter(|(_, node)| matches!(node, Node::Cond(_)));
    for (span, _) in found {
        let text = view.checked.sources.text(span);
        if let Some((_, with, of)) = figures.parts.iter().find(|p| p.0 == text) {
            let said = match (*with, *of) {
                (_, 0) => "the rest of its condition never holds".to_string(),
                (0, _) => "never holds where the rest of its condition holds".into(),
                (with, of) if with == of => "always holds where the rest of its condition holds".into(),
                (with, of) => format!(
                    "holds in {} of the {} kinds of case in which the rest of its condition holds ({})",
                    thousands(with),
                    thousands(of),
                    share(with, of)
                ),
            };
            return Some((span, format!("`{text}` {said}.")));
        }
    }
    None
}
