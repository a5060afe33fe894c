//! text -> tokens, comments included, and what could not be read.
//!
//! Why it exists: the parser, the formatter and the editor all start from the same tokens. Nothing of the text is
//! lost except blanks and what no token can hold; both can be told from the gaps between the spans.
//! Must not know the grammar.
//!
//! Signs of other languages whose meaning is plain (`&&`, `==`, `!`, curly quotes) become the token that was meant,
//! together with an error that says what to write instead; so one slip costs one error.

use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::source::{FileId, Span};
use crate::syntax::token::{Token, TokenKind};
use logos::Logos;

/// What logos tells apart; `TokenKind` says the rest.
#[derive(Logos, Debug, Clone, Copy, PartialEq)]
#[logos(skip r"[ \t\r\n\u{feff}\u{a0}]+")]
enum Raw {
    #[regex(r"[_\p{XID_Start}]\p{XID_Continue}*")]
    Word,
    #[regex(r#""([^"\\\r\n]|\\["\\])*""#)]
    String,
    /// Not closed on its line, or with an unknown escape.
    #[regex(r#""([^"\\\r\n]|\\[^\r\n])*\\?"#, priority = 1)]
    OpenString,
    #[regex(r#""([^"\\\r\n]|\\[^\r\n])*""#, priority = 2)]
    EscapedString,
    #[regex(r"[“”„][^“”„\r\n]*[“”]")]
    CurlyString,
    #[regex(r"-?[0-9]+(_[0-9]+)*(\.[0-9]+(_[0-9]+)*)?")]
    Number,
    #[regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")]
    Date,
    #[regex(r"[0-9]{1,2}:[0-9]{2}")]
    Time,
    #[regex(r"//[^\r\n]*", allow_greedy = true)]
    Line,
    #[regex(r"/\*([^*]|\*+[^*/])*\*+/")]
    Block,
    #[regex(r"/\*([^*]|\*+[^*/])*\**", priority = 1, allow_greedy = true)]
    OpenBlock,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,
    #[token("(")]
    LParen,
    #[token(")")]
    RParen,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("/")]
    Slash,
    #[token("=")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("&&")]
    #[token("&")]
    AndSign,
    #[token("||")]
    #[token("|")]
    OrSign,
    #[token("!")]
    NotSign,
    #[token("==")]
    #[token("===")]
    DoubleEqual,
    #[token("<>")]
    #[token("≠")]
    #[token("!==")]
    OtherNotEqual,
    #[token("=<")]
    #[token("≤")]
    OtherLessEqual,
    #[token("=>")]
    #[token("≥")]
    OtherGreaterEqual,
    #[token(";")]
    Semicolon,
}

/// The tokens of a text in order, and its lexical errors. Every span lies on character boundaries.
pub fn lex(file: FileId, text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut errors = Vec::new();
    let mut stray: Option<Span> = None;
    for (raw, range) in Raw::lexer(text).spanned() {
        let span = Span::new(file, range);
        let Ok(raw) = raw else {
            stray = Some(match stray {
                Some(run) if run.end == span.start => run.to(span),
                Some(run) => {
                    report_stray(text, run, &mut tokens, &mut errors);
                    span
                }
                None => span,
            });
            continue;
        };
        if let Some(run) = stray.take() {
            report_stray(text, run, &mut tokens, &mut errors);
        }
        let kind = kind_of(raw, span, text, &mut errors);
        tokens.push(Token { kind, span });
    }
    if let Some(run) = stray {
        report_stray(text, run, &mut tokens, &mut errors);
    }
    (tokens, errors)
}

fn kind_of(raw: Raw, span: Span, text: &str, errors: &mut Vec<Diagnostic>) -> TokenKind {
    let slip = |kind: TokenKind, errors: &mut Vec<Diagnostic>| {
        let (wrong, right) = (text.get(span.range()).unwrap_or(""), kind.text());
        errors.push(
            Diagnostic::new(
                &codes::STRAY_CHARACTER,
                span,
                format!("`{wrong}` means nothing here; it is written `{right}`"),
            )
            .fix(format!("write `{right}`"), vec![Edit::replace(span, right)]),
        );
        kind
    };
    match raw {
        Raw::Word => TokenKind::of_word(text.get(span.range()).unwrap_or("")),
        Raw::String => TokenKind::String,
        Raw::OpenString => {
            errors.push(
                Diagnostic::new(&codes::UNTERMINATED, span, "this text has no closing `\"` on its line")
                    .help("close it with `\"` on the same line"),
            );
            TokenKind::String
        }
        Raw::EscapedString => {
            errors.push(
                Diagnostic::new(&codes::STRAY_CHARACTER, span, "`\\` in a text stands only before `\"` or `\\`")
                    .help("write `\\\\` for a backslash"),
            );
            TokenKind::String
        }
        Raw::CurlyString => {
            let inner = text.get(span.range()).unwrap_or("").trim_matches(['“', '”', '„']);
            errors.push(
                Diagnostic::new(
                    &codes::STRAY_CHARACTER,
                    span,
                    "a text stands between straight quotes `\"`, not curly ones",
                )
                .fix("use straight quotes", vec![Edit::replace(span, format!("\"{}\"", inner.replace('"', "\\\"")))]),
            );
            TokenKind::String
        }
        Raw::Number => TokenKind::Number,
        Raw::Date => TokenKind::Date,
        Raw::Time => TokenKind::Time,
        Raw::Line => {
            let line = text.get(span.range()).unwrap_or("");
            if line.starts_with("///") && !line.starts_with("////") { TokenKind::Doc } else { TokenKind::LineComment }
        }
        Raw::Block => TokenKind::BlockComment,
        Raw::OpenBlock => {
            let start = Span { end: span.start + 2, ..span };
            errors.push(
                Diagnostic::new(&codes::UNTERMINATED, start, "this comment is never closed").help("close it with `*/`"),
            );
            TokenKind::BlockComment
        }
        Raw::LBrace => TokenKind::LBrace,
        Raw::RBrace => TokenKind::RBrace,
        Raw::LParen => TokenKind::LParen,
        Raw::RParen => TokenKind::RParen,
        Raw::Comma => TokenKind::Comma,
        Raw::Colon => TokenKind::Colon,
        Raw::Dot => TokenKind::Dot,
        Raw::Slash => TokenKind::Slash,
        Raw::Equal => TokenKind::Equal,
        Raw::NotEqual => TokenKind::NotEqual,
        Raw::Less => TokenKind::LessSign,
        Raw::LessEqual => TokenKind::LessEqual,
        Raw::Greater => TokenKind::Greater,
        Raw::GreaterEqual => TokenKind::GreaterEqual,
        Raw::AndSign => slip(TokenKind::And, errors),
        Raw::OrSign => slip(TokenKind::Or, errors),
        Raw::NotSign => slip(TokenKind::Not, errors),
        Raw::DoubleEqual => slip(TokenKind::Equal, errors),
        Raw::OtherNotEqual => slip(TokenKind::NotEqual, errors),
        Raw::OtherLessEqual => slip(TokenKind::LessEqual, errors),
        Raw::OtherGreaterEqual => slip(TokenKind::GreaterEqual, errors),
        Raw::Semicolon => {
            errors.push(
                Diagnostic::new(
                    &codes::STRAY_CHARACTER,
                    span,
                    "a statement does not end with `;`; nothing separates it from the next",
                )
                .fix("remove `;`", vec![Edit::replace(span, "")]),
            );
            TokenKind::Stray
        }
    }
}

/// One error for a whole run of characters that begin nothing.
fn report_stray(text: &str, run: Span, tokens: &mut Vec<Token>, errors: &mut Vec<Diagnostic>) {
    tokens.push(Token { kind: TokenKind::Stray, span: run });
    let characters = text.get(run.range()).unwrap_or("");
    let shown: String = if characters.chars().count() > 12 {
        characters.chars().take(12).chain(['…']).collect()
    } else {
        characters.to_string()
    };
    let joins = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric());
    let before = text.get(..run.start as usize).and_then(|t| t.chars().next_back());
    let after = text.get(run.end as usize..).and_then(|t| t.chars().next());
    let mut error =
        Diagnostic::new(&codes::STRAY_CHARACTER, run, format!("`{}` means nothing in a policy", shown.escape_debug()));
    if matches!(characters, "-" | "–") && joins(before) && joins(after) {
        error = error.fix("join the words of a name with `_`", vec![Edit::replace(run, "_")]);
    } else if matches!(characters, "-" | "–" | "—") {
        error = error.help("a range is written with `to`: `08:00 to 12:00`");
    } else if matches!(characters, "[" | "]") {
        error = error.help("group conditions with `(` and `)`; lists have no brackets");
    } else if matches!(characters, "'" | "‘" | "’" | "`") {
        error = error.help("a text stands between double quotes `\"`, a name has no quotes");
    } else if matches!(characters, "#" | "--") {
        error = error.help("a comment begins with `//`");
    } else if matches!(characters, "$" | "€" | "£" | "%") {
        error = error.help("write the unit as a name behind the number: `50.00 USD`");
    }
    errors.push(error);
}
