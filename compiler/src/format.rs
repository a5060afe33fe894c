//! text -> the same text, laid out in one way
//!
//! Why it exists: `ordain fmt` and "format document" in the editor. It moves tokens and never changes, adds or drops
//! one, so the meaning cannot change; comments stay where they are among the tokens. Where parts begin is the parser's
//! own finding, so both agree on broken text too. Must not know what any statement means.
//!
//! The layout: two blanks per open brace, continued lines one level more; an opening brace on the line of its header;
//! a block that the author wrote on one line stays there, in any other every part begins its own line; else the
//! author's line breaks stay. At most one blank line in a row, none next to a brace inside a block.

use crate::lex::lex;
use crate::parse::parse_tokens;
use crate::source::FileId;
use crate::syntax::token::{Token, TokenKind as K};

/// The text formatted; `None` if it has characters that are no tokens, or brackets that do not match, or is broken in
/// a way that leaves its layout in doubt. Formatting the result again changes nothing. Line ends are those of the
/// text's first line.
pub fn format(text: &str) -> Option<String> {
    let (out, sound) = lay_out(text)?;
    if !sound && lay_out(&out).is_none_or(|(again, _)| again != out) {
        return None;
    }
    Some(out)
}

/// The text laid out, and whether it parses without an error.
fn lay_out(text: &str) -> Option<(String, bool)> {
    let (tokens, errors) = lex(FileId(0), text);
    if !errors.is_empty() {
        return None;
    }
    let parsed = parse_tokens(FileId(0), text, &tokens, Vec::new());
    if parsed.errors.iter().any(|e| e.code == &crate::diagnostics::codes::BRACKETS) {
        return None;
    }
    let mut layout = Layout::new(text, &tokens, &parsed.parts)?;
    for i in 0..tokens.len() {
        layout.token(i);
    }
    if !layout.out.is_empty() {
        layout.out.push_str(layout.line_end);
    }
    Some((layout.out, parsed.errors.is_empty()))
}

/// A brace or parenthesis that is open.
struct Open {
    brace: bool,
    /// A brace whose content spans lines.
    tall: bool,
    /// A brace around names, not around parts: that of a role tree.
    tree: bool,
}

struct Layout<'a> {
    text: &'a str,
    tokens: &'a [Token],
    /// Per token: how many line breaks stand before it.
    breaks: Vec<u32>,
    /// Per token: a part begins here.
    begins: Vec<bool>,
    /// Per opening brace: its content spans lines.
    tall: Vec<bool>,
    /// Per token: the first one from there on that is no comment.
    meaningful: Vec<usize>,
    line_end: &'static str,
    out: String,
    open: Vec<Open>,
    /// How many of the open brackets are braces.
    depth: usize,
    /// The last token that is no comment.
    last: Option<K>,
}

impl<'a> Layout<'a> {
    fn new(text: &'a str, tokens: &'a [Token], parts: &[u32]) -> Option<Self> {
        let newlines = |from: usize, to: usize| {
            text.as_bytes().get(from..to).unwrap_or_default().iter().filter(|b| **b == b'\n').count() as u32
        };
        let mut breaks = Vec::with_capacity(tokens.len());
        let mut begins = Vec::with_capacity(tokens.len());
        let mut tall = vec![false; tokens.len()];
        // The line on which a token stands, and the open brackets with theirs.
        let (mut line, mut end, mut next_part) = (0, 0, parts.iter().peekable());
        let mut open: Vec<(usize, K, u32)> = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            let (start, stop) = (token.span.start as usize, token.span.end as usize);
            breaks.push(newlines(end, start));
            line += breaks[i];
            while next_part.next_if(|p| **p < token.span.start).is_some() {}
            begins.push(next_part.next_if(|p| **p == token.span.start).is_some());
            match token.kind {
                K::LBrace | K::LParen => open.push((i, token.kind, line)),
                K::RBrace | K::RParen => {
                    let (at, kind, from) = open.pop()?;
                    if (kind == K::LBrace) != (token.kind == K::RBrace) {
                        return None;
                    }
                    tall[at] = line > from;
                }
                // A line ends with such a comment, whatever ends it in the text.
                K::LineComment | K::Doc => line += 1,
                K::BlockComment => line += newlines(start, stop),
                _ => {}
            }
            end = stop;
        }
        let mut meaningful = vec![tokens.len(); tokens.len() + 1];
        for (i, token) in tokens.iter().enumerate().rev() {
            meaningful[i] = if token.kind.is_trivia() { meaningful[i + 1] } else { i };
        }
        let first_line = text.find('\n').and_then(|n| text.get(..n)).unwrap_or("");
        let line_end = if first_line.ends_with('\r') { "\r\n" } else { "\n" };
        let out = String::with_capacity(text.len() + text.len() / 8);
        let (open_now, last) = (Vec::new(), None);
        open.is_empty().then_some(Self {
            text,
            tokens,
            breaks,
            begins,
            tall,
            meaningful,
            line_end,
            out,
            open: open_now,
            depth: 0,
            last,
        })
    }

    fn kind(&self, i: usize) -> Option<K> {
        self.tokens.get(i).map(|t| t.kind)
    }

    fn before(&self, i: usize) -> Option<K> {
        i.checked_sub(1).and_then(|p| self.kind(p))
    }

    /// The first token from `i` on that is no comment.
    fn meaningful(&self, i: usize) -> Option<usize> {
        self.meaningful.get(i).copied().filter(|&m| m < self.tokens.len())
    }

    fn token(&mut self, i: usize) {
        let Token { kind, span } = self.tokens[i];
        if i > 0 {
            if self.breaks_before(i) {
                self.new_line(i);
            } else if self.space_before(i) {
                self.out.push(' ');
            }
        }
        let word = self.text.get(span.range()).unwrap_or("");
        let comment = matches!(kind, K::LineComment | K::Doc);
        self.out.push_str(if comment { word.trim_end() } else { word });
        match kind {
            K::LBrace | K::LParen => {
                let brace = kind == K::LBrace;
                let tree = brace && self.meaningful(i + 1).is_some_and(|n| !self.begins[n]);
                self.open.push(Open { brace, tall: self.tall[i], tree });
                self.depth += usize::from(brace);
            }
            K::RBrace | K::RParen => {
                self.open.pop();
                self.depth = self.depth.saturating_sub(usize::from(kind == K::RBrace));
            }
            _ => {}
        }
        if !kind.is_trivia() {
            self.last = Some(kind);
        }
    }

    /// The innermost brace spans lines; so does the file.
    fn tall_block(&self) -> bool {
        self.open.last().is_none_or(|open| open.brace && open.tall)
    }

    fn breaks_before(&self, i: usize) -> bool {
        let broken = self.breaks[i] > 0;
        if matches!(self.before(i), Some(K::LineComment | K::Doc)) {
            return true;
        }
        match self.tokens[i].kind {
            K::LineComment | K::Doc | K::BlockComment => broken,
            K::LBrace => false,
            K::RBrace => self.tall_block(),
            _ if self.tall_block() && (self.begins[i] || self.last == Some(K::LBrace)) => true,
            _ => broken,
        }
    }

    fn new_line(&mut self, i: usize) {
        let closes = self.tokens[i].kind == K::RBrace;
        let blank = self.breaks[i] > 1 && !closes && self.before(i) != Some(K::LBrace);
        self.out.push_str(self.line_end);
        if blank {
            self.out.push_str(self.line_end);
        }
        let level = self.depth - usize::from(closes && self.depth > 0) + usize::from(self.continues(i));
        self.out.extend(std::iter::repeat_n("  ", level));
    }

    /// A line that begins with this token goes on with what the line before began.
    fn continues(&self, i: usize) -> bool {
        let Some(next) = self.meaningful(i) else { return false };
        let fresh = self.begins[next]
            || matches!(self.tokens[next].kind, K::RBrace | K::Provided)
            || matches!(self.last, None | Some(K::LBrace))
            || self.last == Some(K::Comma) && self.open.last().is_some_and(|open| open.tree);
        !fresh
    }

    /// Tokens are joined only where reading them again gives the same tokens.
    fn space_before(&self, i: usize) -> bool {
        let word = |k: Option<K>| k.is_some_and(|k| k.is_name() || k.is_reserved());
        let (before, kind, next) = (self.before(i), self.kind(i), self.kind(i + 1));
        let earlier = i.checked_sub(2).and_then(|p| self.kind(p));
        if before.is_none_or(K::is_trivia) {
            return true;
        }
        let joined = match (before, kind) {
            (_, Some(K::Comma | K::Colon | K::RParen)) | (Some(K::LParen), Some(_)) => true,
            (_, Some(K::Dot)) => word(before) && word(next),
            (Some(K::Dot), _) => word(earlier) && word(kind),
            (Some(K::Yes), Some(K::Slash)) => next == Some(K::No),
            (Some(K::Slash), Some(K::No)) => earlier == Some(K::Yes),
            _ => false,
        };
        !joined || kind.is_some_and(K::is_trivia)
    }
}

#[cfg(test)]
mod tests;
