//! Reading by hand and reading by the grammar are one: the same tree with the same places, or the same complaints.

use super::*;
use crate::syntax::token::{RESERVED, WORDS};

/// Parses a text both ways.
fn agrees(text: &str) {
    let (tokens, errors) = crate::lex::lex(FileId(0), text);
    let by = |hand: bool| {
        let parsed = parse_parts(FileId(0), text, &tokens, errors.clone(), Within { depth: 0, by_hand: hand });
        (format!("{:?}", parsed.file), format!("{:?}", parsed.errors))
    };
    let (hand, grammar) = (by(true), by(false));
    if hand != grammar {
        let at = hand.0.bytes().zip(grammar.0.bytes()).take_while(|(a, b)| a == b).count();
        let near = |tree: &str| tree.get(at.saturating_sub(300)..).map(|t| t.chars().take(600).collect::<String>());
        panic!(
            "{text:?}\nby hand: {:?} {}\nby the grammar: {:?} {}",
            near(&hand.0),
            hand.1,
            near(&grammar.0),
            grammar.1
        );
    }
}

/// The programs of the repository: its policies, and the blocks of its pages.
fn programs() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut open: Vec<_> =
        ["docs", "examples", "stdlib", "tests/spec", "compiler/tests"].iter().map(|f| root.join(f)).collect();
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).expect("a readable folder").map(|e| e.expect("an entry").path()));
            continue;
        }
        match path.extension().and_then(|e| e.to_str()) {
            Some("ordain") => found.push(std::fs::read_to_string(&path).expect("a readable file")),
            Some("md") => {
                let text = std::fs::read_to_string(&path).expect("a readable file");
                let blocks = text.split("\n```ordain").skip(1).filter_map(|b| b.split_once('\n'));
                found.extend(blocks.map(|(_, block)| block.split("\n```").next().unwrap_or("").to_string()));
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn on_every_program_of_the_repository() {
    let programs = programs();
    assert!(programs.len() > 100, "only {} programs", programs.len());
    programs.iter().for_each(|text| agrees(text));
}

/// One token less, doubled, replaced, or exchanged with the next.
#[test]
fn on_programs_with_a_slip() {
    let mut rng = fastrand::Rng::with_seed(11);
    for text in programs().iter().map(String::as_str).chain([WHOLE; 20]) {
        let (tokens, _) = crate::lex::lex(FileId(0), text);
        let words: Vec<&str> = tokens.iter().map(|t| &text[t.span.range()]).collect();
        for _ in 0..if words.is_empty() { 0 } else { 3 } {
            let mut words = words.clone();
            for _ in 0..rng.usize(1..4) {
                let (at, other) = (rng.usize(0..words.len()), rng.usize(0..words.len()));
                match rng.u8(0..5) {
                    0 => words[at] = "",
                    1 => {
                        let word = words[at];
                        words.insert(at, word);
                    }
                    2 => words[at] = *rng.choice(WORDS).expect("a word"),
                    3 => words[at] = *rng.choice(RESERVED).expect("a word"),
                    _ => words.swap(at, other),
                }
            }
            let broken: Vec<String> =
                words.iter().map(|w| if w.starts_with("//") { format!("{w}\n") } else { w.to_string() }).collect();
            agrees(&broken.join(if rng.bool() { " " } else { "\n" }));
        }
    }
}

#[test]
fn on_random_words() {
    let mut rng = fastrand::Rng::with_seed(12);
    for _ in 0..3_000 {
        let length = rng.usize(0..30);
        agrees(&soup(&mut rng, length));
    }
}

/// Parts of one kind, of words that suit it: most of what `soup` makes is cut before it is read.
#[test]
fn on_random_parts() {
    let parts: [(&str, &str, &str); 12] = [
        (
            "assume ",
            "a b not ( ) and or is any all none only of , include = <= between before after on within at least less than 4 days 2026-08-17 08:00 the same day as weekdays every Monday during outside because \"t\"",
            "",
        ),
        ("rule r { permit ", "a b from to by , when not and is channel role provided { n : x }", " }"),
        ("rule r { ", "a is b , from to when permit forbid waive oblige cite \"t\" in force until 2026-01-01", " }"),
        ("expect \"t\" { ", "some permit forbid undecided conflict obliges a is b , from to when by . c", " }"),
        (
            "fact ",
            "a , : yes / no one of role channel number 5 to 9 EUR if date datetime time set \"t\" 2026-01-01",
            "",
        ),
        ("role ", "a b , { } under \"t\" may be channel role", ""),
        (
            "period p = ",
            "weekdays weekends every day Monday , Friday 08:00 to 12:00 during except or ( ) a 2026-01-01",
            "",
        ),
        (
            "policy p { ",
            "source timezone \"t\" in force from until 2026-01-01 default permit forbid a b yields to ,",
            " }",
        ),
        ("exception e ", "to section a . b , \"t\" cite", " { waive }"),
        ("section ", "a cite \"t\" section", " { }"),
        ("", "decision d : one of a , \"t\" duty excludes not encoded because use std . policy define x = may be", ""),
        (
            "rule r { forbid when x ",
            "is any of a , b include only none all 5 USD <= fee and or not ( ) on before starts or after",
            " }",
        ),
    ];
    let mut rng = fastrand::Rng::with_seed(13);
    for (before, words, behind) in parts {
        let words: Vec<&str> = words.split(' ').collect();
        for _ in 0..1_000 {
            let length = rng.usize(0..9);
            let inner: Vec<&str> = (0..length).map(|_| *rng.choice(&words).expect("a word")).collect();
            agrees(&format!("{before}{}{behind}", inner.join(" ")));
        }
    }
}
