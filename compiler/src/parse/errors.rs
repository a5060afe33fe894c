//! What the grammar stumbled over -> a sentence a person can act on.
//!
//! Why it exists: the grammar knows what it expected; people need to know what to write. Must not know how the text
//! was cut into parts.

use super::grammar::Tok;
use crate::diagnostics::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::token::TokenKind as K;
use chumsky::error::{Rich, RichPattern};

fn word(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or("")
}

/// The error of a part, the tokens from `lo` to before `hi`.
pub fn explain(text: &str, toks: &[Tok], lo: usize, hi: usize, problem: &Rich<'_, K, Span>) -> Diagnostic {
    let at = lo + toks[lo..hi].partition_point(|t| t.1.start < problem.span().start);
    let mut expected: Vec<String> = problem
        .expected()
        .filter_map(|p| match p {
            RichPattern::Token(kind) => Some(format!("`{}`", kind.text())),
            RichPattern::Label(label) => Some(label.to_string()),
            _ => None,
        })
        .collect();
    expected.sort();
    expected.dedup();
    let after = match at.checked_sub(1).filter(|&p| p >= lo) {
        Some(p) => format!(" after `{}`", word(text, toks[p].1)),
        None => String::new(),
    };
    let span = if at < hi { toks[at].1 } else { *problem.span() };
    Diagnostic::new(&codes::SYNTAX, span, format!("expected {}{after}", alternatives(&expected)))
}

fn alternatives(list: &[String]) -> String {
    match list {
        [] => "nothing more".to_string(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The token `i` begins no item.
pub fn not_an_item(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let (_, span) = toks[i];
    Diagnostic::new(&codes::NOT_AN_ITEM, span, format!("`{}` begins nothing that can stand here", word(text, span)))
}

pub fn not_a_statement(text: &str, toks: &[Tok], i: usize, _end: usize) -> Diagnostic {
    let (_, span) = toks[i];
    Diagnostic::new(&codes::NOT_AN_ITEM, span, format!("`{}` begins no statement of a rule", word(text, span)))
}

pub fn not_a_proviso(_text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    Diagnostic::new(&codes::SYNTAX, toks[i].1, "expected the name of a proviso and `:` before its condition")
}

/// The `{` is missing at `at`, behind the part that begins at `i`.
pub fn missing_brace(text: &str, toks: &[Tok], i: usize, at: usize) -> Diagnostic {
    let before = toks[at.saturating_sub(1).max(i)].1;
    Diagnostic::new(&codes::SYNTAX, before.after(), format!("expected `{{` after `{}`", word(text, before)))
}

pub fn behind_provisos(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let (_, span) = toks[i];
    Diagnostic::new(
        &codes::SYNTAX,
        span,
        format!("expected nothing more after the provisos, not `{}`", word(text, span)),
    )
}

pub fn provisos_of_permit_only(text: &str, toks: &[Tok], i: usize, at: usize) -> Diagnostic {
    let message = format!("only `permit` can have provisos, not `{}`", word(text, toks[i].1));
    Diagnostic::new(&codes::SYNTAX, toks[at].1, message)
}
