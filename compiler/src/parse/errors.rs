//! What the grammar stumbled over -> a sentence a person can act on.
//!
//! Why it exists: the grammar knows what it expected; people need to know what to write. The sentence says what was
//! expected after what; `hints` adds the likely fix. Must not know how the text was cut into parts.

use super::grammar::Tok;
use super::hints;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::token::TokenKind as K;
use chumsky::error::{Rich, RichPattern};

/// A part that failed, and where.
pub struct Failure<'a> {
    pub text: &'a str,
    pub toks: &'a [Tok],
    /// The part: the tokens from `lo` to before `hi`.
    pub lo: usize,
    pub hi: usize,
    /// The token that was not expected; `hi` where something more was.
    pub at: usize,
    /// What was expected, in words or as `` `keyword` ``, sorted.
    pub expected: Vec<String>,
}

impl Failure<'_> {
    pub fn kind(&self, i: usize) -> Option<K> {
        (self.lo..self.hi).contains(&i).then(|| self.toks[i].0)
    }

    /// The kind of the token not expected.
    pub fn found(&self) -> Option<K> {
        self.kind(self.at)
    }

    /// The kind of the token `back` places before it.
    pub fn before(&self, back: usize) -> Option<K> {
        self.at.checked_sub(back).and_then(|i| self.kind(i))
    }

    pub fn span(&self, i: usize) -> Span {
        self.toks[i].1
    }

    pub fn word(&self, i: usize) -> &str {
        word(self.text, self.toks, i)
    }

    pub fn expects(&self, what: &str) -> bool {
        self.expected.iter().any(|e| e == what)
    }
}

fn word<'a>(text: &'a str, toks: &[Tok], i: usize) -> &'a str {
    toks.get(i).and_then(|t| text.get(t.1.range())).unwrap_or("")
}

/// A token's text for a message: shortened, and never more than a line.
pub fn shown(text: &str, toks: &[Tok], i: usize) -> String {
    let word = word(text, toks, i);
    if word.chars().count() <= 40 {
        format!("`{word}`")
    } else {
        format!("`{}…`", word.chars().take(39).collect::<String>())
    }
}

/// The error of a part, the tokens from `lo` to before `hi`.
pub fn explain(text: &str, toks: &[Tok], lo: usize, hi: usize, problem: &Rich<'_, K, Span>) -> Diagnostic {
    let at = lo + toks[lo..hi].partition_point(|t| t.1.start < problem.span().start);
    let header = toks
        .get(lo)
        .is_some_and(|t| matches!(t.0, K::Rule | K::Except | K::Exception | K::Section | K::Policy | K::Expect));
    let mut expected = Vec::new();
    let mut may_end = false;
    for pattern in problem.expected() {
        match pattern {
            RichPattern::Token(kind) => expected.push(format!("`{}`", kind.text())),
            RichPattern::Label(label) => expected.push(label.to_string()),
            RichPattern::EndOfInput => may_end = true,
            _ => {}
        }
    }
    let found = toks.get(at).filter(|_| at < hi).map(|t| t.0);
    if header && may_end {
        // The header is in order so far, so its brace may follow.
        if found.is_none_or(|k| k.is_reserved() || k == K::Colon) {
            expected.clear();
        }
        expected.push("`{`".to_string());
    }
    expected.sort();
    expected.dedup();
    if expected.iter().any(|e| e == "a condition") {
        expected.retain(|e| e != "`not`" && e != "`(`");
    }
    if expected.len() > 3 {
        expected.retain(|e| e != "a text in quotes");
    }
    let failure = Failure { text, toks, lo, hi, at, expected };
    let span = if at < hi { toks[at].1 } else { *problem.span() };
    hints::special(&failure).unwrap_or_else(|| {
        let error = Diagnostic::new(&codes::SYNTAX, span, sentence(&failure));
        hints::with_hint(&failure, error)
    })
}

/// ``expected a condition after `when`, found `}` ``
fn sentence(f: &Failure) -> String {
    let after = f.at.checked_sub(1).filter(|&p| p >= f.lo).map(|p| format!(" after {}", shown(f.text, f.toks, p)));
    let after = after.unwrap_or_default();
    let found = if f.at < f.hi { shown(f.text, f.toks, f.at) } else { String::new() };
    match (f.expected.is_empty(), found.is_empty()) {
        (true, _) => format!("nothing more is expected{after}, but there is {found}"),
        (false, true) => format!("expected {}{after}", alternatives(&f.expected)),
        (false, false) => format!("expected {}{after}, found {found}", alternatives(&f.expected)),
    }
}

/// `a, b or c`
pub fn alternatives(list: &[String]) -> String {
    match list {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The token `i` begins no item.
pub fn not_an_item(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let (kind, span) = toks[i];
    let it = shown(text, toks, i);
    let error = |message: String| Diagnostic::new(&codes::NOT_AN_ITEM, span, message);
    if kind.starts_statement() {
        return error(format!("{it} stands inside a rule, not by itself"))
            .help(format!("write `rule NAME {{ {} … }}`", kind.text()));
    }
    match kind {
        K::Except => error(format!("{it} stands inside a rule, not by itself"))
            .help("to add an exception from elsewhere, write `exception NAME to RULE { … }`"),
        K::When | K::Provided => error(format!("{it} belongs to a statement of a rule, and none stands before it")),
        _ => {
            let error = error(format!("{it} begins no item, such as a `rule` or a `fact`"));
            hints::word_for(word(text, toks, i), hints::Place::Item, span, error)
        }
    }
}

/// The token `i` begins no statement of a rule.
pub fn not_a_statement(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let (kind, span) = toks[i];
    let it = shown(text, toks, i);
    let error = |message: String| Diagnostic::new(&codes::NOT_AN_ITEM, span, message);
    if kind.starts_item() || matches!(kind, K::Role | K::Channel) && toks.get(i + 1).is_some_and(|t| t.0.is_name()) {
        return error(format!("{it} cannot stand inside a rule")).help("move it out of the rule's braces");
    }
    if matches!(kind, K::When | K::If) {
        return error(format!("{it} begins no statement: the condition stands behind what it decides"))
            .help("write `permit … when CONDITION`");
    }
    if kind == K::Provided {
        return error(format!("{it} belongs behind a `permit`, and none stands before it"));
    }
    let error = error(format!("{it} begins no statement of a rule, such as `permit` or `forbid`"));
    hints::word_for(word(text, toks, i), hints::Place::Statement, span, error)
}

pub fn not_a_setting(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let it = shown(text, toks, i);
    let message = format!("{it} is no setting: expected `source`, `timezone`, `in force`, `default` or `yields to`");
    let error = Diagnostic::new(&codes::SYNTAX, toks[i].1, message);
    hints::word_for(word(text, toks, i), hints::Place::Setting, toks[i].1, error)
}

pub fn not_a_proviso(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let message =
        format!("expected the name of a proviso and `:` before its condition, found {}", shown(text, toks, i));
    Diagnostic::new(&codes::SYNTAX, toks[i].1, message).help("write `provided { NAME: CONDITION }`")
}

/// The `{` is missing at `at`, behind the part that begins at `i`.
pub fn missing_brace(text: &str, toks: &[Tok], i: usize, at: usize) -> Diagnostic {
    let last = at.saturating_sub(1).max(i);
    let message = format!("expected `{{` after {}", shown(text, toks, last));
    Diagnostic::new(&codes::SYNTAX, toks[last].1.after(), message)
}

/// Something stands behind `provided { … }`.
pub fn behind_provisos(text: &str, toks: &[Tok], i: usize) -> Diagnostic {
    let (kind, span) = toks[i];
    if kind == K::When {
        let message = "`when` stands before `provided`, not behind it";
        return Diagnostic::new(&codes::SYNTAX, span, message).help("write `permit … when CONDITION provided { … }`");
    }
    let message = format!("nothing more is expected after the provisos, but there is {}", shown(text, toks, i));
    Diagnostic::new(&codes::SYNTAX, span, message)
}

pub fn provisos_of_permit_only(text: &str, toks: &[Tok], i: usize, at: usize) -> Diagnostic {
    let message = format!("only `permit` can have provisos, not {}", shown(text, toks, i));
    Diagnostic::new(&codes::SYNTAX, toks[at].1, message)
        .help("write what must hold as a statement of its own: `require CONDITION`")
}

/// Removes the token.
pub fn remove(error: Diagnostic, f: &Failure, i: usize) -> Diagnostic {
    error.fix(format!("remove `{}`", f.word(i)), vec![Edit::replace(f.span(i), "")])
}
