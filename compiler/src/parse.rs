//! tokens -> ast
//!
//! Why it exists: one broken place costs one error and nothing else. So brackets are matched first (`brackets`), the
//! file is cut into items at the words that begin them (`items`), rules into statements (`bodies`), and only these
//! parts are read, each on its own: by hand (`quick`), and where that does not take one, by the grammar (`grammar`,
//! `conds`, `periods`), which alone says what is wrong. Its complaints are worded in `errors`.
//!
//! Invariants: never panics; time is linear in the text; nothing recurses deeper than [`MAX_DEPTH`], neither here nor
//! in any tree that is returned. Must not know what a name refers to.

/// Parses a part with the production of this name.
macro_rules! run {
    ($parser:expr, $part:ident, $lo:expr, $hi:expr) => {
        $parser.run(crate::parse::quick::Quick::$part, |g| &g.$part, $lo, $hi)
    };
}

mod again;
mod bodies;
mod brackets;
mod conds;
mod dump;
mod errors;
mod grammar;
mod halves;
mod hints;
mod items;
mod periods;
mod quick;

pub use again::Patch;
pub use dump::{dump, dump_cond};

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{FileId, Span};
use crate::syntax::ast;
use crate::syntax::token::{Token, TokenKind};
use brackets::Brackets;
use chumsky::Parser as _;
use chumsky::input::Input as _;
use grammar::{Grammar, P, Tok};
use quick::Quick;

/// How deeply brackets and `not`s may nest.
pub const MAX_DEPTH: usize = 128;

/// The tree of a file and all its errors, lexical ones too, in the order of the text.
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<Diagnostic>) {
    if let Some(tree) = halves::parse(file, text) {
        return (tree, Vec::new());
    }
    let (tokens, errors) = crate::lex::lex(file, text);
    let parsed = parse_tokens(file, text, &tokens, errors);
    (parsed.file, parsed.errors)
}

/// What a parse yields besides the tree.
pub(crate) struct Parsed {
    pub file: ast::File,
    pub errors: Vec<Diagnostic>,
    /// No bracket is missing or too many.
    pub closed: bool,
    /// The offsets at which items, settings, statements, exceptions and provisos begin, ascending.
    pub parts: Vec<u32>,
}

pub(crate) fn parse_tokens(file: FileId, text: &str, tokens: &[Token], errors: Vec<Diagnostic>) -> Parsed {
    parse_parts(file, text, tokens, errors, Within { depth: 0, by_hand: true })
}

/// Where a text stands, and how it is read.
#[derive(Clone, Copy)]
struct Within {
    /// How many sections it stands in.
    depth: usize,
    /// Whether parts are read by hand first.
    by_hand: bool,
}

fn parse_parts(file: FileId, text: &str, tokens: &[Token], mut errors: Vec<Diagnostic>, within: Within) -> Parsed {
    let meant = |t: &&Token| !t.kind.is_trivia() && t.kind != TokenKind::Stray;
    let mut toks: Vec<Tok> = Vec::with_capacity(tokens.len());
    toks.extend(tokens.iter().filter(meant).map(|t| (t.kind, t.span)));
    let unterminated = |e: &&Diagnostic| e.code == &codes::UNTERMINATED;
    let open_texts: Vec<u32> = errors.iter().filter(unterminated).map(|e| e.span.start).collect();
    let mut taints: Vec<u32> = errors.iter().map(|e| e.span.start).collect();
    let mut brackets = brackets::matched(text, &toks, within.depth);
    let closed = brackets.errors.is_empty() && brackets.extra.is_empty();
    for (noticed, error) in std::mem::take(&mut brackets.errors) {
        taints.push(error.span.start);
        // An open text may have swallowed the bracket that is missed.
        let texts = |offset: u32| open_texts.partition_point(|&o| o < offset);
        if texts(error.span.start) == texts(noticed) {
            errors.push(error);
        }
    }
    taints.sort_unstable();
    if !brackets.extra.is_empty() {
        let mut extra = std::mem::take(&mut brackets.extra).into_iter().peekable();
        let mut index = 0;
        toks.retain(|_| {
            index += 1;
            extra.next_if_eq(&(index - 1)).is_none()
        });
        brackets = brackets::matched(text, &toks, within.depth);
    }
    let mut parser =
        Parser { file, text, tokens, toks: &toks, brackets, taints, errors, parts: Vec::new(), within, grammar: None };
    let items = parser.items(0, toks.len(), within.depth > 0);
    let Parser { mut errors, mut parts, .. } = parser;
    errors.sort_by_key(|e| (e.span.start, e.code.id));
    parts.sort_unstable();
    Parsed { file: ast::File { items }, errors, closed, parts }
}

/// The state of one parse.
struct Parser<'a> {
    file: FileId,
    text: &'a str,
    /// All tokens, comments too.
    tokens: &'a [Token],
    /// Those that mean something.
    toks: &'a [Tok],
    brackets: Brackets,
    /// Where errors have been reported already; sorted. A part that holds one reports no other.
    taints: Vec<u32>,
    errors: Vec<Diagnostic>,
    /// Where parts begin, for the formatter.
    parts: Vec<u32>,
    within: Within,
    /// Built when the first part needs it.
    grammar: Option<Grammar<'a>>,
}

impl<'a> Parser<'a> {
    fn kind(&self, i: usize) -> Option<TokenKind> {
        self.toks.get(i).map(|t| t.0)
    }

    /// The kinds from `i` on are these.
    fn kinds(&self, i: usize, kinds: &[TokenKind]) -> bool {
        self.toks.get(i..i + kinds.len()).is_some_and(|t| t.iter().map(|t| t.0).eq(kinds.iter().copied()))
    }

    fn is_name(&self, i: usize) -> bool {
        self.kind(i).is_some_and(TokenKind::is_name)
    }

    fn at(&self, i: usize) -> Span {
        self.toks.get(i).map_or_else(|| self.end_before(self.toks.len()), |t| t.1)
    }

    /// The empty span behind the token before `i`.
    fn end_before(&self, i: usize) -> Span {
        match i.checked_sub(1).and_then(|i| self.toks.get(i)) {
            Some(t) => t.1.after(),
            None => Span { file: self.file, start: 0, end: 0 },
        }
    }

    /// From the token `lo` to the one before `hi`.
    fn span(&self, lo: usize, hi: usize) -> Span {
        if lo >= hi {
            return self.end_before(lo);
        }
        self.at(lo).to(self.at(hi - 1))
    }

    fn first_on_line(&self, i: usize) -> bool {
        brackets::first_on_line(self.text, self.toks, i)
    }

    /// The token behind `i`, or behind the bracket that `i` opens.
    fn step(&self, i: usize) -> usize {
        self.brackets.after(i).unwrap_or(i + 1)
    }

    /// The brace of the header that begins at `lo`: the first `{` before a statement, and before `hi`.
    fn brace(&self, lo: usize, hi: usize) -> Option<usize> {
        let mut i = lo + 1;
        while i < hi {
            match self.kind(i) {
                Some(TokenKind::LBrace) => return Some(i),
                Some(TokenKind::Provided | TokenKind::When | TokenKind::Except) => return None,
                Some(kind) if kind.starts_statement() => return None,
                _ => i = self.step(i),
            }
        }
        None
    }

    fn tainted(&self, lo: usize, hi: usize) -> bool {
        let end = self.at(hi).start.max(self.end_before(hi).end);
        let from = self.end_before(lo).end.min(self.at(lo).start);
        let first = self.taints.partition_point(|&t| t < from);
        lo < hi && self.taints.get(first).is_some_and(|&t| t < end)
    }

    /// Whether something between `lo` and `hi` is nested too deeply, which is then reported.
    fn too_deep(&mut self, lo: usize, hi: usize) -> bool {
        let deep = &self.brackets.deep;
        let Some(&i) = deep.get(deep.partition_point(|&d| d < lo)).filter(|&&d| d < hi) else { return false };
        if !self.tainted(lo, hi) {
            self.report_too_deep(self.at(i));
        }
        true
    }

    fn report_too_deep(&mut self, span: Span) {
        self.errors.push(
            Diagnostic::new(&codes::TOO_DEEP, span, format!("this is nested more than {MAX_DEPTH} levels deep"))
                .help("give a part of it a name with `define`, and use the name"),
        );
    }

    /// Parses the tokens from `lo` to before `hi`, all of them. Reports why not, unless the part has an error already.
    fn run<O>(
        &mut self,
        quick: fn(&mut Quick<'a>) -> Option<O>,
        part: for<'g> fn(&'g Grammar<'a>) -> &'g P<'a, O>,
        lo: usize,
        hi: usize,
    ) -> Option<O> {
        if self.too_deep(lo, hi) {
            return None;
        }
        let (toks, text): (&'a [Tok], &'a str) = (self.toks, self.text);
        let slice = toks.get(lo..hi)?;
        if self.within.by_hand
            && let Some(read) = Quick::read(text, slice, quick)
        {
            return Some(read);
        }
        let eoi = self.end_before(hi);
        let grammar = self.grammar.get_or_insert_with(|| Grammar::new(text));
        let (read, problems) = part(grammar).parse(slice.split_token_span(eoi)).into_output_errors();
        if let Some(problem) = problems.first().filter(|_| read.is_none() && !self.tainted(lo, hi)) {
            self.errors.push(errors::explain(text, toks, lo, hi, problem));
        }
        read
    }

    /// A part begins here.
    fn part(&mut self, i: usize) {
        self.parts.push(self.at(i).start);
    }

    fn error(&mut self, lo: usize, hi: usize, error: Diagnostic) {
        if !self.tainted(lo, hi) {
            self.errors.push(error);
        }
    }

    fn name_at(&self, i: usize) -> Option<ast::Name> {
        self.is_name(i).then(|| grammar::named(self.text, self.at(i)))
    }

    /// The `///` lines directly above a token.
    fn docs(&self, i: usize) -> Vec<ast::Text> {
        let Some(&(_, span)) = self.toks.get(i) else { return Vec::new() };
        let gap = self.text.get(self.end_before(i).end as usize..span.start as usize);
        if gap.is_some_and(|gap| !gap.contains('/')) {
            return Vec::new();
        }
        let index = self.tokens.partition_point(|t| t.span.start < span.start);
        let above = self.tokens.get(..index).unwrap_or_default().iter().rev().take_while(|t| t.kind.is_trivia());
        let mut docs: Vec<ast::Text> = above
            .filter(|t| t.kind == TokenKind::Doc)
            .map(|t| {
                let line = self.text.get(t.span.range()).unwrap_or("").trim_start_matches('/');
                ast::Text::new(line.strip_prefix(' ').unwrap_or(line).trim_end())
            })
            .collect();
        docs.reverse();
        docs
    }
}

#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
pub(crate) use tests::soup;
