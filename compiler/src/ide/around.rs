//! A syntax tree and an offset -> what stands around it, from the outermost to the innermost.

use crate::source::Span;
use crate::syntax::ast::{self, Clause, Cond, CondKind, Item, ItemKind, Statement, StatementKind, TreeNode};

/// Something that a place lies in.
#[derive(Debug, Clone, Copy)]
pub enum Node<'a> {
    Item(&'a Item),
    Clause(&'a Clause),
    Statement(&'a Statement),
    Cond(&'a Cond),
    /// A name, a text, a setting: a part without parts.
    Part,
}

/// Everything that contains the offset, the outermost first. Spans may repeat.
pub fn around(file: &ast::File, offset: u32) -> Vec<(Span, Node<'_>)> {
    let mut around = Around { offset, found: Vec::new() };
    around.items(&file.items);
    around.found
}

/// The path of the rule or exception that an offset lies in, and its clauses from the outermost.
pub fn clause_at(file: &ast::File, offset: u32) -> Option<(String, &Clause)> {
    let mut path: Vec<&str> = Vec::new();
    let mut last = None;
    for (_, node) in around(file, offset) {
        if let Node::Clause(clause) = node {
            path.push(&clause.name.text);
            last = Some(clause);
        }
    }
    last.map(|clause| (path.join("."), clause))
}

struct Around<'a> {
    offset: u32,
    found: Vec<(Span, Node<'a>)>,
}

impl<'a> Around<'a> {
    fn enter(&mut self, span: Span, node: Node<'a>) -> bool {
        let inside = span.contains(self.offset);
        if inside {
            self.found.push((span, node));
        }
        inside
    }

    fn parts(&mut self, spans: impl IntoIterator<Item = Span>) {
        spans.into_iter().for_each(|span| {
            self.enter(span, Node::Part);
        });
    }

    fn items(&mut self, items: &'a [Item]) {
        for item in items {
            if !self.enter(item.span, Node::Item(item)) {
                continue;
            }
            match &item.kind {
                ItemKind::Section(section) => {
                    self.parts(section.cites.iter().map(|c| c.span));
                    self.items(&section.items);
                }
                ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } => self.clause(clause),
                ItemKind::Policy(policy) => self.parts(policy.settings.iter().map(|s| s.span)),
                ItemKind::Facts(facts) => {
                    self.parts([facts.ty.span]);
                    facts.exists_if.iter().for_each(|c| self.cond(c));
                }
                ItemKind::Assume(assume) => self.cond(&assume.cond),
                ItemKind::Define { cond, .. } => self.cond(cond),
                ItemKind::Period { expr, .. } => self.parts([expr.span]),
                ItemKind::Roles(tree) | ItemKind::Channels(tree) => self.nodes(&tree.nodes),
                ItemKind::Expect(expect) => {
                    self.parts([expect.title.span, expect.body]);
                    expect.when.iter().for_each(|c| self.cond(c));
                }
                _ => {}
            }
        }
    }

    fn nodes(&mut self, nodes: &'a [TreeNode]) {
        for node in nodes {
            self.parts([node.name.span]);
            self.nodes(&node.children);
        }
    }

    fn clause(&mut self, clause: &'a Clause) {
        if !self.enter(clause.span, Node::Clause(clause)) {
            return;
        }
        self.parts(clause.title.iter().chain(&clause.cites).map(|t| t.span));
        for statement in &clause.statements {
            if !self.enter(statement.span, Node::Statement(statement)) {
                continue;
            }
            match &statement.kind {
                StatementKind::Permit { when, provided, .. } => {
                    when.iter().for_each(|c| self.cond(c));
                    for proviso in provided {
                        self.parts([proviso.name.span.to(proviso.cond.span)]);
                        self.cond(&proviso.cond);
                    }
                }
                StatementKind::Require { cond, when } | StatementKind::Advise { cond, when } => {
                    self.cond(cond);
                    when.iter().for_each(|c| self.cond(c));
                }
                StatementKind::Forbid { when, .. }
                | StatementKind::Decide { when, .. }
                | StatementKind::Oblige { when, .. }
                | StatementKind::Waive { when } => when.iter().for_each(|c| self.cond(c)),
                StatementKind::Error => {}
            }
        }
        clause.exceptions.iter().for_each(|e| self.clause(e));
    }

    fn cond(&mut self, cond: &'a Cond) {
        if !self.enter(cond.span, Node::Cond(cond)) {
            return;
        }
        match &cond.kind {
            CondKind::And(parts) | CondKind::Or(parts) => parts.iter().for_each(|p| self.cond(p)),
            CondKind::Not(inner) => self.cond(inner),
            CondKind::Is { subject, values, .. } | CondKind::Include { subject, values, .. } => {
                self.parts(std::iter::once(subject.span).chain(values.iter().map(|v| v.span)));
            }
            _ => {}
        }
    }
}
