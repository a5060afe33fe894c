//! A syntax tree -> what can be folded, and what a selection grows to.

use super::View;
use super::around;
use crate::lex::lex;
use crate::source::{FileId, Source, Span};
use crate::syntax::ast::{Clause, Item, ItemKind, StatementKind};
use crate::syntax::token::{Token, TokenKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoldKind {
    Comment,
    Imports,
    Code,
}

/// Lines that fold into the first of them, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    pub first: u32,
    pub last: u32,
    pub kind: FoldKind,
}

/// What can be folded: items and parts over several lines, runs of comments, runs of `use`.
pub fn folds(view: &View, file: FileId) -> Vec<Fold> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    let source = view.checked.sources.get(file);
    let mut out = Vec::new();
    items(source, &tree.items, &mut out);
    let uses: Vec<Span> = tree.items.iter().filter(|i| matches!(i.kind, ItemKind::Use(_))).map(|i| i.span).collect();
    if let [first, .., last] = uses.as_slice() {
        push(source, first.to(*last), FoldKind::Imports, &mut out);
    }
    comments(source, &lex(file, &source.text).0, &mut out);
    out.sort();
    out.dedup_by_key(|f| f.first);
    out
}

fn push(source: &Source, span: Span, kind: FoldKind, out: &mut Vec<Fold>) {
    let (first, last) = (source.line_column(span.start).0, source.line_column(span.end).0);
    if last > first {
        out.push(Fold { first, last, kind });
    }
}

fn items(source: &Source, items_: &[Item], out: &mut Vec<Fold>) {
    for item in items_ {
        match &item.kind {
            ItemKind::Use(_) | ItemKind::Error => continue,
            ItemKind::Section(section) => items(source, &section.items, out),
            ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => inner(source, clause, out),
            _ => {}
        }
        push(source, item.span, FoldKind::Code, out);
    }
}

fn inner(source: &Source, clause: &Clause, out: &mut Vec<Fold>) {
    for statement in &clause.statements {
        if let StatementKind::Permit { provided, .. } = &statement.kind
            && let Some(first) = provided.first()
        {
            push(source, Span { start: first.name.span.start, ..statement.span }, FoldKind::Code, out);
        }
    }
    for exception in &clause.exceptions {
        push(source, exception.span, FoldKind::Code, out);
        inner(source, exception, out);
    }
}

/// Comments on lines that follow one another are one run.
fn comments(source: &Source, tokens: &[Token], out: &mut Vec<Fold>) {
    let line = |offset: u32| source.line_column(offset).0;
    let mut run: Option<(TokenKind, Span)> = None;
    for token in tokens.iter().filter(|t| t.kind.is_trivia()) {
        run = Some(match run {
            Some((kind, span)) if kind == token.kind && line(span.end) + 1 == line(token.span.start) => {
                (kind, span.to(token.span))
            }
            Some((_, span)) => {
                push(source, span, FoldKind::Comment, out);
                (token.kind, token.span)
            }
            None => (token.kind, token.span),
        });
    }
    run.into_iter().for_each(|(_, span)| push(source, span, FoldKind::Comment, out));
}

/// What a selection at an offset grows to, from the innermost.
pub fn selections(view: &View, file: FileId, offset: u32) -> Vec<Span> {
    let source = view.checked.sources.get(file);
    let whole = Span::new(file, 0..source.text.len());
    let mut spans = vec![whole];
    if let Some(tree) = view.tree(file) {
        spans.extend(around::around(tree, offset).into_iter().map(|a| a.0));
    }
    spans.extend(view.index.at(file, offset).map(|o| o.span));
    let (tokens, _) = lex(file, &source.text);
    spans.extend(tokens.iter().find(|t| t.span.start <= offset && offset < t.span.end).map(|t| t.span));
    spans.sort_by_key(|s| (s.end - s.start, s.start));
    spans.dedup();
    // Each lies within the next.
    let mut nested: Vec<Span> = Vec::new();
    for span in spans {
        if nested.last().is_none_or(|inner| span.start <= inner.start && inner.end <= span.end) {
            nested.push(span);
        }
    }
    nested
}
