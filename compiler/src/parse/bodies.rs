//! The tokens between a clause's braces -> its statements and exceptions.
//!
//! Why it exists: a rule is cut at the words that begin statements before the grammar sees it, so that a broken
//! statement leaves the others, and the exceptions, intact. Must not know what names refer to.

use super::grammar::Header;
use super::items::can_end;
use super::{Parser, errors};
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;

impl<'a> Parser<'a> {
    /// A `rule` or `except`: the header from `i` to before `header`, the tokens between its braces.
    pub fn clause(
        &mut self,
        i: usize,
        header: usize,
        inner: Option<(usize, usize)>,
        docs: Vec<Text>,
    ) -> Option<Clause> {
        let parts = match run!(self, clause, i, header) {
            Some(parts) => {
                self.expect_brace(true, i, header, inner);
                parts
            }
            None => (self.name_at(i + 1)?, None, Vec::new()),
        };
        Some(self.clause_of(i, parts, inner, docs))
    }

    pub fn clause_of(&mut self, i: usize, header: Header, inner: Option<(usize, usize)>, docs: Vec<Text>) -> Clause {
        let (name, title, cites) = header;
        let mut clause = Clause {
            span: self.at(i).to(name.span),
            docs,
            name,
            title,
            cites,
            in_force: Vec::new(),
            allows: Vec::new(),
            // Nearly always one, and a list grows by more.
            statements: Vec::with_capacity(1),
            exceptions: Vec::new(),
        };
        match inner {
            Some((lo, hi)) => {
                let after = self.step(lo - 1);
                clause.span = self.span(i, after);
                self.body(lo, hi, &mut clause);
            }
            None => {
                let keyword = self.at(i);
                clause.statements.push(Statement { span: clause.span, keyword, kind: StatementKind::Error });
            }
        }
        clause
    }

    fn body(&mut self, lo: usize, hi: usize, clause: &mut Clause) {
        let mut i = lo;
        while i < hi {
            self.part(i);
            let mut end = self.step(i);
            while end < hi && !self.part_starts(end, i) {
                end = self.step(end);
            }
            let end = end.min(hi);
            match self.kind(i) {
                Some(K::Except) => self.except(i, end, clause),
                Some(K::In) if self.kind(i + 1) == Some(K::Force) => match run!(self, in_force, i, end) {
                    Some(period) => clause.in_force.push(period),
                    None => clause.statements.push(self.broken(i, end)),
                },
                Some(K::Allow) if self.allow_starts(i) => match run!(self, allow, i, end) {
                    Some(allow) => clause.allows.push(allow),
                    None => clause.statements.push(self.broken(i, end)),
                },
                Some(K::Cite) if self.kind(i + 1) != Some(K::Is) => match run!(self, cite, i, end) {
                    Some(cite) => clause.cites.push(cite),
                    None => clause.statements.push(self.broken(i, end)),
                },
                _ => {
                    let statement = self.statement(i, end);
                    clause.statements.push(statement);
                }
            }
            i = end;
        }
    }

    /// Whether a part of a body begins at `i`, the part before it having begun at `start`.
    fn part_starts(&self, i: usize, start: usize) -> bool {
        let (Some(kind), Some(before)) = (self.kind(i), i.checked_sub(1).and_then(|p| self.kind(p))) else {
            return false;
        };
        let free = can_end(before) || matches!(before, K::Permit | K::Forbid | K::Waive | K::LBrace);
        if kind.starts_statement() || kind == K::Except {
            return free || self.first_on_line(i);
        }
        // Before its brace, an exception's header has `cite`s of its own.
        let in_header = self.kind(start) == Some(K::Except) && before != K::RBrace;
        if !kind.is_name() || !free || self.wants_more(i - 1) || in_header {
            return false;
        }
        if self.kinds(i, &[K::In, K::Force]) || self.kinds(i, &[K::Cite, K::String]) || self.allow_starts(i) {
            return true;
        }
        if self.kind(i + 1) != Some(K::Is) {
            return false;
        }
        // `approval is principal`. On one line with an outcome it is more likely a condition that lacks its `when`, and
        // `within is` one that is not in order.
        let outcome = matches!(self.kind(start), Some(K::Permit | K::Forbid)) || self.kind(start + 1) == Some(K::Is);
        before == K::RBrace || self.first_on_line(i) || !(outcome || before.is_name() && kind.relates())
    }

    fn except(&mut self, i: usize, end: usize, clause: &mut Clause) {
        let brace = self.brace(i, end);
        let after = brace.map_or(end, |b| self.step(b));
        let header = brace.unwrap_or(end);
        let inner = brace.map(|b| (b + 1, self.brackets.inner_end(b).unwrap_or(after)));
        if !self.too_deep(header, header + 1) {
            let docs = self.docs(i);
            match self.clause(i, header, inner, docs) {
                Some(exception) => {
                    // Mostly one, and a list grows by more.
                    clause.exceptions.reserve_exact(usize::from(clause.exceptions.is_empty()));
                    clause.exceptions.push(exception);
                }
                None => clause.statements.push(self.broken(i, after)),
            }
        }
        if after < end {
            let error = errors::not_a_statement(self.text, self.toks, after);
            self.error(after, end, error);
            clause.statements.push(self.broken(after, end));
        }
    }

    fn broken(&self, i: usize, end: usize) -> Statement {
        Statement { span: self.span(i, end), keyword: self.at(i), kind: StatementKind::Error }
    }

    fn statement(&mut self, i: usize, end: usize) -> Statement {
        let starts = self.kind(i).is_some_and(K::starts_statement) || self.kind(i + 1) == Some(K::Is);
        if !starts {
            let error = errors::not_a_statement(self.text, self.toks, i);
            self.error(i, end, error);
            return self.broken(i, end);
        }
        let provided = (i..end).find(|&p| self.kind(p) == Some(K::Provided));
        let parsed = run!(self, statement, i, provided.unwrap_or(end));
        let mut statement = self.broken(i, end);
        let failed = parsed.is_none();
        if let Some(kind) = parsed {
            statement.kind = kind;
        }
        let Some(at) = provided else { return statement };
        let inner = (self.kind(at + 1) == Some(K::LBrace))
            .then(|| (at + 2, self.brackets.inner_end(at + 1).unwrap_or(end), self.step(at + 1)));
        let problem = match (&mut statement.kind, inner) {
            (_, None) => Some(errors::missing_brace(self.text, self.toks, at, at + 1)),
            (StatementKind::Permit { .. }, Some(_)) if self.too_deep(at + 1, at + 2) => {
                statement.kind = StatementKind::Error;
                return statement;
            }
            (StatementKind::Permit { provided, .. }, Some((lo, hi, after))) => {
                *provided = self.provisos(lo, hi);
                (after < end).then(|| errors::behind_provisos(self.text, self.toks, after))
            }
            (_, Some(_)) => Some(errors::provisos_of_permit_only(self.text, self.toks, i, at)),
        };
        if let Some(problem) = problem {
            if !failed {
                self.error(i, end, problem);
            }
            statement.kind = StatementKind::Error;
        }
        statement
    }

    /// `name: condition`, one after the other; a comma may stand between them.
    fn provisos(&mut self, lo: usize, hi: usize) -> Vec<Proviso> {
        let starts = |p: &Self, i: usize| p.is_name(i) && p.kind(i + 1) == Some(K::Colon);
        let mut provisos = Vec::new();
        let mut i = lo;
        while i < hi {
            self.part(i);
            let mut end = self.step(i);
            while end < hi && !starts(self, end) {
                end = self.step(end);
            }
            let end = end.min(hi);
            match self.name_at(i).filter(|_| starts(self, i)) {
                Some(name) => {
                    let last = if self.kind(end - 1) == Some(K::Comma) { end - 1 } else { end };
                    let span = self.span(i + 2, last);
                    let cond = run!(self, cond, i + 2, last).unwrap_or(Cond { span, kind: CondKind::Error });
                    provisos.push(Proviso { name, cond });
                }
                None => {
                    let error = errors::not_a_proviso(self.text, self.toks, i);
                    self.error(i, end, error);
                }
            }
            i = end;
        }
        provisos
    }
}
