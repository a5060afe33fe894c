//! Two rules in conflict -> the one without the cases of the other.
//!
//! An exception says who wins; whoever would rather have the rules apart narrows the condition of one of them. That is
//! offered only where it changes nothing but the cases in conflict: both are rules of one policy without exceptions, and the
//! narrowed one gives no duty or advice and requires nothing.

use super::{Action, ActionKind};
use crate::diagnostics::{Diagnostic, Edit};
use crate::ide::View;
use crate::ide::around::{Node, around};
use crate::model::{Clause, ClauseId};
use crate::source::Span;
use crate::syntax::ast::{Cond, CondKind, Head, Name, Statement, StatementKind};

/// What is offered for a conflict, which is the finding at this place of the report.
pub fn narrow(view: &View, finding: usize, conflict: &Diagnostic) -> Vec<Action> {
    let model = &view.checked.model;
    let clause = |span: Span| model.clause_ids().find(|id| model.clause(*id).keyword_span() == span);
    let [one, other, ..] = conflict.labels.as_slice() else { return Vec::new() };
    let (Some(one), Some(other)) = (clause(one.span), clause(other.span)) else { return Vec::new() };
    let action = |(narrowed, kept): (ClauseId, ClauseId)| {
        let (own, other) = (model.clause(narrowed), model.clause(kept));
        let free = |id: ClauseId| model.clause(id).replaces.is_empty() && model.replaced_by[id.index()].is_empty();
        let silent = own.obligations.is_empty() && own.advice.is_empty() && own.requirements.is_empty();
        if !free(narrowed) || !free(kept) || !silent || own.policy != other.policy || !other.in_force.is_true() {
            return None;
        }
        let edit = narrowed_by(view, own, other)?;
        let title = format!("narrow `{}`: leave out the cases of `{}`", own.path, other.path);
        Some(Action { title, kind: ActionKind::Fix, edits: vec![edit], finding: Some(finding), preferred: false })
    };
    [(other, one), (one, other)].into_iter().filter_map(action).collect()
}

/// `… and not (…)` behind the condition of the first.
fn narrowed_by(view: &View, own: &Clause, other: &Clause) -> Option<Edit> {
    let text = |span: Span| view.checked.sources.text(span);
    let (head, when) = asked(statement(view, other)?)?;
    let mut parts: Vec<String> = Vec::new();
    for (subject, names) in [("channel", &head.channels), ("sender", &head.from), ("recipient", &head.to)] {
        let list: Vec<&str> = names.iter().map(|n| n.text.as_str()).collect();
        match list.as_slice() {
            [] => {}
            [only] => parts.push(format!("{subject} is {only}")),
            several => parts.push(format!("{subject} is any of {}", several.join(", "))),
        }
    }
    let simple = head.is_empty() && when.is_some_and(|w| matches!(w.kind, CondKind::Name(_)));
    parts.extend(when.map(|w| within(w, text(w.span))));
    let said = if parts.is_empty() { return None } else { parts.join(" and ") };
    let not = if simple { format!("not {said}") } else { format!("not ({said})") };
    let spoken = head_names(head).map(|n| n.span).chain(when.map(|w| w.span));
    if !spoken.into_iter().all(|span| super::convert::seen_from(view, span, own.span.file)) {
        return None;
    }
    let own = statement(view, own)?;
    let (head, when) = asked(own)?;
    Some(match when {
        Some(when) => Edit::replace(when.span, format!("{} and {not}", within(when, text(when.span)))),
        None => {
            let last = head_names(head).chain(value(own)).map(|n| n.span).max_by_key(|s| s.end).unwrap_or(own.keyword);
            Edit::replace(last.after(), format!(" when {not}"))
        }
    })
}

/// As a part of a conjunction.
fn within(cond: &Cond, text: &str) -> String {
    if matches!(cond.kind, CondKind::Or(_)) { format!("({text})") } else { text.to_string() }
}

/// The statement that gives a clause's outcome.
fn statement<'v>(view: &'v View, clause: &Clause) -> Option<&'v Statement> {
    let at = clause.keyword_span();
    around(view.tree(at.file)?, at.start).into_iter().rev().find_map(|(_, node)| match node {
        Node::Statement(s) => Some(s),
        _ => None,
    })
}

fn asked(statement: &Statement) -> Option<(&Head, Option<&Cond>)> {
    match &statement.kind {
        StatementKind::Permit { head, when, .. }
        | StatementKind::Forbid { head, when }
        | StatementKind::Decide { head, when, .. } => Some((head, when.as_ref())),
        _ => None,
    }
}

fn head_names(head: &Head) -> impl Iterator<Item = &Name> {
    [&head.channels, &head.from, &head.to].into_iter().flatten()
}

fn value(statement: &Statement) -> Option<&Name> {
    if let StatementKind::Decide { value, .. } = &statement.kind { Some(value) } else { None }
}
