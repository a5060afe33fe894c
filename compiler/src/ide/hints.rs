//! A file -> what is shown between its words.

use super::View;
use super::index::Target;
use super::measure::share;
use crate::model::show;
use crate::resolve::names::Kind;
use crate::source::Span;
use crate::syntax::ast::{Clause, Head, Item, ItemKind, SettingKind, StatementKind};

/// A text that is shown behind an offset and is not part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    pub at: Span,
    pub label: String,
    pub about: String,
}

/// Several names stand in a hint while they take no more letters.
const MOST_LETTERS: usize = 20;

/// The hints within a range: what a parent covers, what a default decides, that there is none.
pub fn hints(view: &View, range: Span) -> Vec<Hint> {
    let Some(tree) = view.tree(range.file) else { return Vec::new() };
    let mut out = Vec::new();
    each_item(&tree.items, &mut |item| {
        if item.span.end < range.start || range.end < item.span.start {
            return;
        }
        match &item.kind {
            ItemKind::Policy(policy) => default(view, policy, &mut out),
            ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => {
                each_clause(clause, &mut |clause| heads(view, clause, &mut out));
            }
            ItemKind::Expect(expect) => head(view, &expect.head, &mut out),
            _ => {}
        }
    });
    out.retain(|h| range.contains(h.at.start));
    out
}

pub(super) fn each_item<'a>(items: &'a [Item], f: &mut impl FnMut(&'a Item)) {
    for item in items {
        match &item.kind {
            ItemKind::Section(section) => each_item(&section.items, f),
            _ => f(item),
        }
    }
}

fn each_clause<'a>(clause: &'a Clause, f: &mut impl FnMut(&'a Clause)) {
    f(clause);
    clause.exceptions.iter().for_each(|e| each_clause(e, f));
}

fn default(view: &View, policy: &crate::syntax::ast::Policy, out: &mut Vec<Hint>) {
    let mut stated = false;
    for setting in &policy.settings {
        if let SettingKind::Default { decision, .. } = &setting.kind {
            stated |= decision.is_none();
            let name = decision.as_ref().map_or("verdict", |d| d.text.as_str());
            if let Some(measured) = view.measured
                && let Some(count) = measured.by_default.get(name)
            {
                let label = format!("decides {} of cases", share(*count, measured.kinds));
                let about = "The share of the kinds of case in which no rule decides.".to_string();
                out.push(Hint { at: setting.span.after(), label, about });
            }
        }
    }
    if !stated && view.checked.model.policies.len() == 1 {
        let about = "Cases that no rule decides are reported as a gap; `default forbid` would forbid them.".to_string();
        out.push(Hint { at: policy.name.span.after(), label: "no default".into(), about });
    }
}

fn heads(view: &View, clause: &Clause, out: &mut Vec<Hint>) {
    for statement in &clause.statements {
        match &statement.kind {
            StatementKind::Permit { head: h, .. }
            | StatementKind::Forbid { head: h, .. }
            | StatementKind::Decide { head: h, .. } => head(view, h, out),
            _ => {}
        }
    }
}

/// What the parents in a head cover.
fn head(view: &View, head: &Head, out: &mut Vec<Hint>) {
    for name in head.channels.iter().chain(&head.from).chain(&head.to) {
        let Some(Target::Symbol(i)) = view.index.at(name.span.file, name.span.start).map(|o| o.target) else {
            continue;
        };
        if !view.index.names.symbols.get(i as usize).is_some_and(|s| matches!(s.kind, Kind::Role | Kind::Channel)) {
            continue;
        }
        let covered: Vec<String> = view
            .index
            .children(i)
            .filter_map(|c| view.index.names.symbols.get(c as usize))
            .map(|s| s.name.to_string())
            .collect();
        if covered.is_empty() {
            continue;
        }
        let label = |shown: usize| match covered.len() - shown {
            0 => covered.join(", "),
            more => format!("{}, {more} more", covered[..shown].join(", ")),
        };
        // Editors cut what is longer.
        let fits = |shown: &usize| label(*shown).chars().count() <= MOST_LETTERS;
        let names = (1..=covered.len()).rev().find(fits);
        let label = names.map_or_else(|| format!("{} in all", covered.len()), label);
        let about = format!("`{}` covers {}.", name.text, show::list(&covered, "and"));
        out.push(Hint { at: name.span.after(), label: format!("({label})"), about });
    }
}
