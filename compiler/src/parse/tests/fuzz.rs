//! Random texts: nothing panics, every span can be shown, every broken text has an error.

use super::*;
use crate::syntax::token::{RESERVED, WORDS};

/// Parses, and checks what must hold for any text.
fn survives(text: &str) {
    let (tokens, _) = crate::lex::lex(FileId(0), text);
    for pair in tokens.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "{text:?}");
    }
    let (file, errors) = parse(FileId(0), text);
    for e in &errors {
        let edits = e.fixes.iter().flat_map(|f| &f.edits).map(|e| e.span);
        for span in e.labels.iter().map(|l| l.span).chain(edits).chain([e.span]) {
            assert!(text.get(span.range()).is_some(), "{span:?} of {} in {text:?}", e.message);
        }
        assert!(!e.message.ends_with('.') && !e.message.contains('\n'), "{:?}", e.message);
    }
    if errors.is_empty() {
        assert!(!dump(&file).contains("ERROR"), "an error node without an error: {text:?}");
    }
    assert!(file.items.windows(2).all(|w| w[0].span.end <= w[1].span.start), "{text:?}");
    let _ = crate::format::format(text);
}

#[test]
fn random_characters() {
    let mut rng = fastrand::Rng::with_seed(1);
    let characters: Vec<char> = "{}(),:.=!<>/\"\\*-_&|; \n\r\t09azAZé–“”∑\u{feff}\u{0}".chars().collect();
    for _ in 0..4_000 {
        let text: String = (0..rng.usize(0..60)).map(|_| *rng.choice(&characters).unwrap()).collect();
        survives(&text);
    }
    for _ in 0..1_000 {
        let bytes: Vec<u8> = (0..rng.usize(0..80)).map(|_| rng.u8(..)).collect();
        survives(&String::from_utf8_lossy(&bytes));
    }
}

/// A sequence of random words, signs and line breaks, with a liking for those that build rules.
pub fn soup(rng: &mut fastrand::Rng, length: usize) -> String {
    let signs = [
        "{", "}", "(", ")", ",", ":", ".", "/", "=", "!=", "<", "<=", ">", ">=", "\n", "\n\n", "// c\n", "/* c */",
        "/// d\n",
    ];
    let others = [
        "a",
        "b",
        "x",
        "\"t\"",
        "5",
        "-1.50",
        "2026-08-17",
        "08:00",
        "yes/no",
        "rule r {",
        "permit",
        "when",
        "a is b",
        "}\n",
        "\n  ",
    ];
    let mut text = String::new();
    for _ in 0..length {
        let list: &[&str] = match rng.u8(0..10) {
            0..=2 => &signs,
            3..=5 => &others,
            6..=7 => RESERVED,
            _ => WORDS,
        };
        text.push_str(rng.choice(list).unwrap());
        text.push_str(if rng.u8(0..20) == 0 { "\n" } else { " " });
    }
    text
}

#[test]
fn random_tokens() {
    let mut rng = fastrand::Rng::with_seed(2);
    for _ in 0..4_000 {
        let length = rng.usize(0..40);
        survives(&soup(&mut rng, length));
    }
}

#[test]
fn truncated_and_holed() {
    let (tokens, _) = crate::lex::lex(FileId(0), WHOLE);
    let mut rng = fastrand::Rng::with_seed(3);
    for (i, token) in tokens.iter().enumerate().step_by(5) {
        // All of it, with one token less, doubled or replaced; and what stands before it.
        let (before, after) = (&WHOLE[..token.span.start as usize], &WHOLE[token.span.end as usize..]);
        let word = &WHOLE[token.span.range()];
        match i % 4 {
            0 => survives(&format!("{before}{after}")),
            1 => survives(&format!("{before}{word} {word}{after}")),
            2 => survives(&format!("{before}{}{after}", rng.choice(RESERVED).unwrap())),
            _ => survives(before),
        }
    }
    for (i, _) in WHOLE.char_indices().filter(|(i, _)| i % 61 == 0) {
        survives(&WHOLE[i..]);
    }
}

#[test]
fn one_deleted_token_costs_few_errors() {
    let (tokens, _) = crate::lex::lex(FileId(0), WHOLE);
    for token in tokens.iter().filter(|t| !t.kind.is_trivia()).step_by(3) {
        let text = format!("{}{}", &WHOLE[..token.span.start as usize], &WHOLE[token.span.end as usize..]);
        let found = parse(FileId(0), &text).1;
        let shown: Vec<_> = found.iter().map(|e| &e.message).collect();
        assert!(found.len() <= 2, "without {:?} at {}: {shown:#?}", &WHOLE[token.span.range()], token.span.start);
    }
}
