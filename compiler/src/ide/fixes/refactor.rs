//! Changes that keep the meaning: a condition becomes a define, a define its condition, imports stand in order.

use super::{Action, ActionKind};
use crate::diagnostics::Edit;
use crate::ide::View;
use crate::ide::around::{Node, around};
use crate::ide::index::Target;
use crate::resolve::names::Kind;
use crate::source::{FileId, Span};
use crate::syntax::ast::{CondKind, ItemKind};

/// The condition under a selection as a define before its item.
pub fn extract(view: &View, range: Span) -> Option<Action> {
    if range.start == range.end {
        return None;
    }
    let tree = view.tree(range.file)?;
    let nodes = around(tree, range.start);
    let cond = nodes.iter().rev().find_map(|(span, node)| match node {
        Node::Cond(cond) if span.start <= range.start && range.end <= span.end => Some(*cond),
        _ => None,
    })?;
    if matches!(cond.kind, CondKind::Name(_) | CondKind::Error) {
        return None;
    }
    let item = nodes.iter().rev().find_map(|(_, node)| match node {
        Node::Item(item) if !matches!(item.kind, ItemKind::Section(_)) => Some(*item),
        _ => None,
    })?;
    if let ItemKind::Define { cond: own, .. } = &item.kind
        && own.span == cond.span
    {
        return None;
    }
    let names = [Kind::Fact, Kind::Define, Kind::Decision];
    let free = |name: &String| names.iter().all(|k| view.index.find(*k, name).is_none());
    let name = std::iter::once("condition".to_string()).chain((2..).map(|i| format!("condition_{i}"))).find(free)?;
    let text = bare(view.checked.sources.text(cond.span));
    let source = view.checked.sources.get(range.file);
    let mut line = source.line_column(item.span.start).0;
    while line > 0 && source.line(line - 1).trim_start().starts_with("///") {
        line -= 1;
    }
    let at = source.line_start(line);
    let indent: String = source.line(line).chars().take_while(|c| c.is_whitespace()).collect();
    let new =
        Edit::replace(Span { file: range.file, start: at, end: at }, format!("{indent}define {name} = {text}\n\n"));
    Some(Action {
        title: format!("give the condition a name: `{name}`"),
        kind: ActionKind::Extract,
        edits: vec![new, Edit::replace(cond.span, name)],
        finding: None,
        preferred: false,
    })
}

/// A condition without the brackets around all of it.
fn bare(text: &str) -> &str {
    let mut depth = 0_usize;
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let all = i + 1 == text.len() && text.starts_with('(');
            return if all { text.get(1..i).map_or(text, str::trim) } else { text };
        }
    }
    text
}

/// The define that is named here, replaced by its condition.
pub fn inline(view: &View, range: Span) -> Option<Action> {
    let found = view.index.at(range.file, range.start).filter(|o| !o.declares)?;
    let Target::Symbol(i) = found.target else { return None };
    let (symbol, about) = view.index.symbol(i).filter(|(s, _)| s.kind == Kind::Define)?;
    let tree = view.tree(about.item.file)?;
    let cond = around(tree, symbol.span.start).into_iter().find_map(|(_, node)| match node {
        Node::Item(item) => match &item.kind {
            ItemKind::Define { cond, .. } if item.span == about.item => Some(cond),
            _ => None,
        },
        _ => None,
    })?;
    // The names in it must be known here as well.
    let inner = view
        .index
        .of_file(about.item.file)
        .iter()
        .filter(|o| cond.span.start <= o.span.start && o.span.end <= cond.span.end);
    for name in inner {
        if let Target::Symbol(i) = name.target
            && !view.index.symbol(i).is_some_and(|(s, _)| view.index.visible(range.file, s))
        {
            return None;
        }
    }
    let text = bare(view.checked.sources.text(cond.span));
    let source = &view.checked.sources.get(range.file).text;
    let before = source.get(..found.span.start as usize)?.ends_with('(');
    let bracketed = before && source.get(found.span.end as usize..)?.starts_with(')');
    let text = match cond.kind {
        CondKind::Error => return None,
        CondKind::Name(_) => text.to_string(),
        _ if bracketed => text.to_string(),
        _ => format!("({text})"),
    };
    Some(Action {
        title: format!("write the condition of `{}` here", symbol.name),
        kind: ActionKind::Inline,
        edits: vec![Edit::replace(found.span, text)],
        finding: None,
        preferred: false,
    })
}

/// The `use` lines in order, each once; only where nothing else stands between them.
pub fn imports(view: &View, file: FileId) -> Option<Action> {
    let tree = view.tree(file)?;
    let uses: Vec<Span> = tree.items.iter().filter(|i| matches!(i.kind, ItemKind::Use(_))).map(|i| i.span).collect();
    let (first, last) = (uses.first()?, uses.last()?);
    let sources = &view.checked.sources;
    let apart = uses.windows(2).all(|pair| {
        let gap = Span { start: pair[0].end, ..*first };
        sources.text(Span { end: pair[1].start, ..gap }).trim().is_empty()
    });
    let written: Vec<&str> = uses.iter().map(|s| sources.text(*s)).collect();
    let mut sorted = written.clone();
    // The project's own files behind the standard library.
    sorted.sort_by_key(|t| (!t.trim_start_matches("use").trim_start().starts_with("std."), *t));
    sorted.dedup();
    if !apart || sorted == written {
        return None;
    }
    Some(Action {
        title: "put the imports in order".into(),
        kind: ActionKind::Imports,
        edits: vec![Edit::replace(first.to(*last), sorted.join("\n"))],
        finding: None,
        preferred: false,
    })
}
