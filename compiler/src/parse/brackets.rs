//! Which bracket closes which, decided before the grammar sees anything.
//!
//! Why it exists: with brackets matched, every item and statement can be cut out however broken it is. A bracket that
//! is never closed ends where something begins that cannot stand inside it: a rule's brace at the next `rule`, a
//! parenthesis at the next statement. One pass with a stack, so 4,000 open brackets cost no more than 4,000 others.
//! Must not know what stands between the brackets.

use super::MAX_DEPTH;
use super::grammar::Tok;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::syntax::token::TokenKind as K;

/// Brackets of a list of tokens.
pub struct Brackets {
    /// Per token: for an opening bracket the token behind the bracketed part. `u32::MAX` for all other tokens.
    after: Vec<u32>,
    /// Per token: for an opening bracket, whether a closing one of its kind ends it.
    closed: Vec<bool>,
    /// Closing brackets that close nothing, ascending.
    pub extra: Vec<usize>,
    /// Tokens at which the nesting becomes too deep, ascending.
    pub deep: Vec<usize>,
    /// What is wrong, each with the offset at which that was noticed.
    pub errors: Vec<(u32, Diagnostic)>,
}

impl Brackets {
    /// For an opening bracket, the token behind its closing one.
    pub fn after(&self, i: usize) -> Option<usize> {
        self.after.get(i).copied().filter(|&a| a != u32::MAX).map(|a| a as usize)
    }

    /// For an opening bracket, the token behind the last one inside.
    pub fn inner_end(&self, i: usize) -> Option<usize> {
        self.after(i).map(|a| a - usize::from(self.closed[i]))
    }
}

/// What an open bracket can hold.
#[derive(Clone, Copy, PartialEq)]
enum Holds {
    /// `(`: a condition or a period
    Cond,
    /// The brace of a section: items
    Items,
    /// The brace of a rule or exception: statements
    Statements,
    /// The brace behind `provided`
    Provisos,
    /// The brace of a policy, a tree, an expectation, or of nothing known
    Other,
}

struct Open {
    at: usize,
    holds: Holds,
    /// The keyword whose brace it is.
    owner: Option<usize>,
    /// How many `not`s stand before it.
    nots: usize,
}

/// Whether a line break, or nothing, precedes the token.
pub fn first_on_line(text: &str, toks: &[Tok], i: usize) -> bool {
    let Some(&(_, span)) = toks.get(i) else { return true };
    let from = i.checked_sub(1).and_then(|p| toks.get(p)).map_or(0, |t| t.1.end as usize);
    i == 0 || text.as_bytes().get(from..span.start as usize).is_some_and(|gap| gap.contains(&b'\n'))
}

/// `around` brackets are open around all of it.
pub fn matched(text: &str, toks: &[Tok], around: usize) -> Brackets {
    let (brackets, open) = run(text, toks, around, usize::MAX);
    match open {
        Some(from) => run(text, toks, around, from).0,
        None => brackets,
    }
}

/// The brackets, and the first rule's brace still open at the end. Before the token `strict_from`, an item's keyword
/// that stands further right than the rule it stands in is taken for misplaced, and does not end the rule.
fn run(text: &str, toks: &[Tok], around: usize, strict_from: usize) -> (Brackets, Option<usize>) {
    let mut m = Matcher {
        text,
        toks,
        around,
        strict_from,
        open: None,
        owners: Vec::new(),
        stack: Vec::new(),
        nots: 0,
        out: Brackets {
            after: vec![u32::MAX; toks.len()],
            closed: vec![false; toks.len()],
            extra: Vec::new(),
            deep: Vec::new(),
            errors: Vec::new(),
        },
    };
    m.run();
    (m.out, m.open)
}

struct Matcher<'a> {
    text: &'a str,
    toks: &'a [Tok],
    around: usize,
    strict_from: usize,
    open: Option<usize>,
    /// The owners of the open braces that hold no items.
    owners: Vec<usize>,
    stack: Vec<Open>,
    /// `not`s before the open brackets, all together.
    nots: usize,
    out: Brackets,
}

impl Matcher<'_> {
    fn run(&mut self) {
        // What the next `{` would hold, and the keyword it belongs to.
        let (mut next, mut owner) = (Holds::Other, None);
        let mut run_of_nots = 0;
        for (i, &(kind, _)) in self.toks.iter().enumerate() {
            let nots = std::mem::take(&mut run_of_nots);
            match kind {
                K::Not if self.kind(i + 1) == K::Encoded && self.begins_item(i) => self.unwind(i, Holds::Items),
                K::Not => {
                    run_of_nots = nots + 1;
                    if self.around + self.stack.len() + self.nots + run_of_nots == MAX_DEPTH + 1 {
                        self.out.deep.push(i);
                    }
                }
                // The target of an exception.
                K::Section if self.is_target(i, owner.filter(|_| next == Holds::Statements)) => {}
                _ if kind.starts_item() => {
                    if self.begins_item(i) {
                        self.unwind(i, Holds::Items);
                    }
                    next = match kind {
                        K::Section => Holds::Items,
                        K::Rule | K::Exception => Holds::Statements,
                        _ => Holds::Other,
                    };
                    owner = Some(i);
                }
                K::Role | K::Channel
                    if self.begins_item(i)
                        && self.kind(i + 1).is_name()
                        && matches!(self.kind(i + 2), K::LBrace | K::String | K::Under) =>
                {
                    self.unwind(i, Holds::Items);
                    (next, owner) = (Holds::Other, Some(i));
                }
                _ if kind.starts_statement() => {
                    if self.begins(i) {
                        self.unwind(i, Holds::Statements);
                    }
                    (next, owner) = (Holds::Other, None);
                }
                K::Except => {
                    if self.begins(i) && matches!(self.kind(i + 2), K::LBrace | K::String | K::Cite) {
                        self.unwind(i, Holds::Statements);
                    }
                    (next, owner) = (Holds::Statements, Some(i));
                }
                K::Provided => (next, owner) = (Holds::Provisos, Some(i)),
                K::LParen => self.open(i, Holds::Cond, None, nots),
                K::LBrace => {
                    self.pop_unclosed(i, |open| open.holds == Holds::Cond);
                    self.open(i, next, owner, nots);
                    (next, owner) = (Holds::Other, None);
                }
                K::RParen => {
                    if self.stack.last().is_some_and(|open| open.holds == Holds::Cond) {
                        self.close(i);
                    } else {
                        self.extra(i);
                    }
                }
                K::RBrace => {
                    self.pop_unclosed(i, |open| open.holds == Holds::Cond);
                    if self.stack.is_empty() {
                        self.extra(i);
                    } else {
                        self.close(i);
                    }
                    (next, owner) = (Holds::Other, None);
                }
                _ => {}
            }
        }
        self.open = self.stack.iter().find(|o| !matches!(o.holds, Holds::Items | Holds::Cond)).map(|o| o.at);
        self.pop_unclosed(self.toks.len(), |_| true);
    }

    fn kind(&self, i: usize) -> K {
        self.toks.get(i).map_or(K::Stray, |t| t.0)
    }

    fn before(&self, i: usize) -> K {
        i.checked_sub(1).map_or(K::Stray, |p| self.kind(p))
    }

    /// Stands where something new may begin: first on its line, or behind a brace.
    fn begins(&self, i: usize) -> bool {
        matches!(self.before(i), K::LBrace | K::RBrace) || first_on_line(self.text, self.toks, i)
    }

    /// `section` in the header of an exception.
    fn is_target(&self, i: usize, owner: Option<usize>) -> bool {
        owner.is_some_and(|o| self.kind(o) == K::Exception)
            && (matches!(self.before(i), K::To | K::Comma) || !first_on_line(self.text, self.toks, i))
    }

    /// Ends the rule in which it stands: first on its line, and no further right than that rule.
    fn begins_item(&self, i: usize) -> bool {
        if !first_on_line(self.text, self.toks, i) {
            return false;
        }
        let inside_items = self.stack.last().is_none_or(|open| open.holds == Holds::Items);
        let Some(&outer) = self.owners.last().filter(|_| !inside_items) else { return true };
        i > self.strict_from || self.indent(i).len() <= self.indent(outer).len()
    }

    fn open(&mut self, at: usize, holds: Holds, owner: Option<usize>, nots: usize) {
        self.nots += nots;
        if !matches!(holds, Holds::Items | Holds::Cond) {
            self.owners.push(owner.unwrap_or(at));
        }
        self.stack.push(Open { at, holds, owner, nots });
        let depth = self.around + self.stack.len() + self.nots;
        if depth > MAX_DEPTH && depth <= MAX_DEPTH + 1 + nots {
            self.out.deep.push(at);
        }
    }

    fn close(&mut self, i: usize) {
        let Some(open) = self.stack.pop() else { return };
        self.closed(&open);
        self.out.after[open.at] = i as u32 + 1;
        self.out.closed[open.at] = true;
    }

    fn closed(&mut self, open: &Open) {
        self.nots -= open.nots;
        if !matches!(open.holds, Holds::Items | Holds::Cond) {
            self.owners.pop();
        }
    }

    /// Something begins that stands only in a bracket that holds `needs`: all others inside of it end here.
    fn unwind(&mut self, i: usize, needs: Holds) {
        match needs {
            Holds::Items => self.pop_unclosed(i, |open| open.holds != Holds::Items),
            _ => self.pop_unclosed(i, |open| matches!(open.holds, Holds::Cond | Holds::Provisos)),
        }
    }

    /// Ends the innermost brackets while they pass the test, with one error for all of them.
    fn pop_unclosed(&mut self, i: usize, ends: impl Fn(&Open) -> bool) {
        let mut reported = false;
        while let Some(open) = self.stack.pop_if(|open| ends(open)) {
            self.closed(&open);
            self.out.after[open.at] = i as u32;
            if !reported {
                self.report_unclosed(&open, i);
                reported = true;
            }
        }
    }

    fn report_unclosed(&mut self, open: &Open, i: usize) {
        let (kind, span) = self.toks[open.at];
        let closing = if kind == K::LParen { ")" } else { "}" };
        let of = open.owner.map(|o| self.toks[o]).map_or_else(String::new, |(owner, keyword)| {
            let name = open.owner.map(|o| o + 1).filter(|&n| self.kind(n).is_name()).map(|n| self.toks[n].1);
            match name {
                Some(name) => format!(" of `{} {}`", owner.text(), self.text.get(name.range()).unwrap_or("")),
                None => format!(" of `{}`", self.text.get(keyword.range()).unwrap_or("")),
            }
        });
        let last = self.toks[i.saturating_sub(1).max(open.at)].1.after();
        let message = format!("the `{}`{of} is never closed", kind.text());
        let mut error = Diagnostic::new(&codes::BRACKETS, span, message).label(span, "opened here");
        error = match self.toks.get(i) {
            Some(&(found, place)) => error.label(place, format!("expected `{closing}` before this `{}`", found.text())),
            None => error.label(last, format!("expected `{closing}` before the end of the file")),
        };
        let text = if kind == K::LParen {
            ")".to_string()
        } else {
            format!("\n{}}}", self.indent(open.owner.unwrap_or(open.at)))
        };
        error = error.fix(format!("add `{closing}`"), vec![Edit::replace(last, text)]);
        let noticed = self.toks.get(i).map_or(u32::MAX, |t| t.1.start);
        self.out.errors.push((noticed, error));
    }

    /// The blanks at the start of the line on which a token stands.
    fn indent(&self, i: usize) -> &str {
        let at = self.toks[i].1.start as usize;
        let before = self.text.get(..at).unwrap_or("");
        // A line is looked at no further than this; a longer one counts as not indented.
        let from = before.len().saturating_sub(200);
        let from = (from..=before.len()).find(|&f| before.is_char_boundary(f)).unwrap_or(before.len());
        let line = before[from..].rsplit('\n').next().unwrap_or("");
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    fn extra(&mut self, i: usize) {
        let (kind, span) = self.toks[i];
        let message = format!("this `{}` closes nothing", kind.text());
        let error = Diagnostic::new(&codes::BRACKETS, span, message)
            .fix(format!("remove `{}`", kind.text()), vec![Edit::replace(span, "")]);
        self.out.extra.push(i);
        self.out.errors.push((span.end, error));
    }
}
