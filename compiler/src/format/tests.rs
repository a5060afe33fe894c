//! The formatter: its layout, and that it changes nothing but the layout.

use super::*;
use crate::parse::{dump, parse};

const WHOLE: &str = include_str!("../../tests/data/whole_grammar.ordain");

/// The tokens with their texts; comments without the blanks at their ends.
fn tokens(text: &str) -> Vec<(K, String)> {
    let (tokens, _) = lex(FileId(0), text);
    tokens.iter().map(|t| (t.kind, text[t.span.range()].trim_end().to_string())).collect()
}

/// Formats, and checks everything that must hold for every text.
fn checked(text: &str) -> Option<String> {
    let once = format(text)?;
    assert_eq!(tokens(text), tokens(&once), "tokens differ\n{text}\n=>\n{once}");
    assert_eq!(format(&once).as_deref(), Some(once.as_str()), "not idempotent\n{text}");
    assert_eq!(dump(&parse(FileId(0), text).0), dump(&parse(FileId(0), &once).0), "trees differ\n{text}\n=>\n{once}");
    for line in once.lines() {
        assert!(!line.ends_with([' ', '\t']) || once.contains("/*"), "trailing blank in {line:?}");
    }
    assert!(once.is_empty() || once.ends_with('\n') && !once.ends_with("\n\n"));
    Some(once)
}

#[test]
fn the_whole_grammar() {
    let once = checked(WHOLE).expect("lexes and brackets cleanly");
    assert!(once.contains("\n    notice: invited at least 4 days before starts\n"));
    let windows = format(&WHOLE.replace('\n', "\r\n")).expect("the same with other line ends");
    assert_eq!(windows.replace("\r\n", "\n"), once.replace("\r\n", "\n"));
    assert!(!windows.replace("\r\n", "").contains('\n'));
}

#[test]
fn layout() {
    insta::assert_snapshot!(checked("

rule   a{permit call,text   from x when ( a or b )}
rule b
{


    permit call
    when x   // why
    provided{n:x
      m:y}  forbid text


  // about the exception

    except c{waive}}


use std . school fact f:yes / no
role staff { teacher,
admin {principal
} }
   under person
").unwrap_or_default(), @r"
rule a { permit call, text from x when (a or b) }
rule b {
  permit call
    when x // why
  provided {
    n: x
    m: y
  }
  forbid text

  // about the exception

  except c { waive }
}

use std.school
fact f: yes/no
role staff {
  teacher,
  admin {
    principal
  }
}
  under person
    ");
}

#[test]
fn comments_stay() {
    insta::assert_snapshot!(checked("
/* a */ rule b { // c
/// d

permit /* e */ call // f
/* g */ when x
// h
} // i
      // j
").unwrap_or_default(), @r"
/* a */
rule b { // c
  /// d

  permit /* e */ call // f
    /* g */ when x
  // h
} // i
// j
    ");
}

#[test]
fn nothing_is_formatted_that_is_not_understood() {
    for text in ["rule a {", "rule a { permit )", "a # b", "duty \"x", "}", "rule a {\nfact f: yes/no\n}"] {
        assert_eq!(format(text), None, "{text}");
    }
    assert_eq!(format("").as_deref(), Some(""));
    assert_eq!(format(" \n\n").as_deref(), Some(""));
    assert_eq!(checked("wrong   words here").as_deref(), Some("wrong words here\n"));
}

#[test]
fn random_tokens() {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut formatted = 0;
    for _ in 0..4_000 {
        let length = rng.usize(0..25);
        formatted += usize::from(checked(&crate::parse::soup(&mut rng, length)).is_some());
    }
    assert!(formatted > 400, "only {formatted} had matching brackets");
}

/// Valid programs with random blanks and comments between the tokens.
#[test]
fn random_layouts() {
    let mut rng = fastrand::Rng::with_seed(8);
    let source = lex(FileId(0), WHOLE).0;
    for _ in 0..12 {
        let mut text = String::new();
        for token in &source {
            let word = &WHOLE[token.span.range()];
            text.push_str(word);
            match (token.kind, rng.u8(0..24)) {
                (K::LineComment | K::Doc, _) | (_, 0..=3) => text.push('\n'),
                (_, 4) => text.push_str("\n \n\n\t"),
                (_, 5) => text.push_str(" // c \n"),
                (_, 6) => text.push_str(" /* c\n */ "),
                // Behind a slash this would begin a comment that goes on to the end of the line.
                (K::Slash, 7) => text.push(' '),
                (_, 7) => text.push_str("/* c */"),
                (_, 8) => text.push_str("   "),
                _ => text.push(' '),
            }
        }
        assert!(checked(&text).is_some());
    }
}

#[test]
fn every_file_of_the_repository() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut seen = 0;
    for folder in ["stdlib", "examples", "compiler/tests"] {
        let entries = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name().into_iter().filter_map(Result::ok);
        for entry in entries.filter(|e| e.path().extension().is_some_and(|e| e == "ordain")) {
            let text = std::fs::read_to_string(entry.path()).expect("a readable file");
            assert!(checked(&text).is_some(), "{}", entry.path().display());
            seen += 1;
        }
    }
    assert!(seen > 0);
}
