//! A file -> what is shown above its items: how much each rule decides, its exceptions, whether an expectation holds, and
//! ways to the table and to an explanation.

use super::View;
use super::case;
use super::hints::each_item;
use super::measure::{Held, share};
use crate::diagnostics::thousands;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Clause, Item, ItemKind, Statement, StatementKind};

/// A line above an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    pub span: Span,
    pub title: String,
    pub leads: Leads,
}

/// What a lens leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leads {
    Nowhere,
    Places(Vec<Span>),
    /// The decision table.
    Table,
    /// The result of the expectation with this title.
    Expectation(String),
    /// Why these facts lead to their answer: names and values.
    Why(Vec<(String, String)>),
}

/// The lenses of a file, in the order of the text.
pub fn lenses(view: &View, file: FileId) -> Vec<Lens> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    let mut out = Vec::new();
    if let Some(first) = first_policy(&tree.items) {
        out.push(Lens { span: first, title: "show table".into(), leads: Leads::Table });
    }
    each_item(&tree.items, &mut |item| match &item.kind {
        ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => {
            lens(view, clause, &clause.name.text, &mut out);
        }
        ItemKind::Expect(expect) => expectation(view, &expect.title.text, expect.title.span, &mut out),
        _ => {}
    });
    out
}

/// Where the table is shown: at the policy's name, else at the first rule.
fn first_policy(items: &[Item]) -> Option<Span> {
    let (mut policy, mut rule) = (None, None);
    each_item(items, &mut |item| match &item.kind {
        ItemKind::Policy(found) => drop(policy.get_or_insert(found.name.span)),
        ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => drop(rule.get_or_insert(clause.name.span)),
        _ => {}
    });
    policy.or(rule)
}

fn expectation(view: &View, title: &str, span: Span, out: &mut Vec<Lens>) {
    let held = view.measured.filter(|_| view.current).and_then(|m| m.expectations.get(&span));
    let said = match held {
        Some(Held::Holds) => "holds",
        Some(Held::Vacuous) => "holds, and is about no case",
        Some(Held::Fails) => "fails",
        None => "run expectation",
    };
    out.push(Lens { span, title: said.into(), leads: Leads::Expectation(title.to_string()) });
    let model = &view.checked.model;
    let known = model.expectations.iter().find(|e| e.title_span == span).filter(|_| view.checked.complete);
    if let Some(facts) = known.and_then(|e| case::of(model, &e.scope)) {
        out.push(Lens { span, title: "why?".into(), leads: Leads::Why(facts) });
    }
}

/// `12 % of cases`; where the share is so small that it says nothing, `4 kinds of case`.
fn cases(part: u128, all: u128) -> String {
    match part {
        1 if all > 100 => "1 kind of case".into(),
        few if few < all / 100 => format!("{} kinds of case", thousands(few)),
        _ => format!("{} of cases", share(part, all)),
    }
}

fn lens(view: &View, clause: &Clause, path: &str, out: &mut Vec<Lens>) {
    let span = clause.name.span;
    if let Some(measured) = view.measured
        && let Some(figures) = measured.rules.get(path)
    {
        // What only obliges, advises or lifts is not there to decide.
        let silent = |s: &Statement| {
            use StatementKind::{Advise, Oblige, Waive};
            matches!(s.kind, Oblige { .. } | Advise { .. } | Waive { .. })
        };
        let silent = !clause.statements.is_empty() && clause.statements.iter().all(silent);
        let title = match (figures.applies, figures.decides) {
            (0, _) => "never applies".to_string(),
            (applies, 0) if silent && applies >= measured.kinds => "applies in all cases".into(),
            (applies, 0) if silent => format!("applies in {}", cases(applies, measured.kinds)),
            (_, 0) => "decides no case".into(),
            (_, decides) if decides >= measured.kinds => "decides all cases".into(),
            (_, decides) => format!("decides {}", cases(decides, measured.kinds)),
        };
        out.push(Lens { span, title, leads: Leads::Nowhere });
    }
    let model = &view.checked.model;
    if let Some(id) = model.find_clause(path) {
        let places: Vec<Span> = model.exceptions_of(id).map(|e| model.clause(e).name_span).collect();
        if !places.is_empty() {
            let noun = if places.len() == 1 { "exception" } else { "exceptions" };
            out.push(Lens { span, title: format!("{} {noun}", places.len()), leads: Leads::Places(places) });
        }
    }
    for exception in &clause.exceptions {
        lens(view, exception, &format!("{path}.{}", exception.name.text), out);
    }
}
