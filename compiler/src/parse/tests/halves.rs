//! A text that is cut has the tree of the whole, wherever it may be cut, or is left to be parsed as a whole.

use super::*;
use crate::parse::halves::{cut, cuts};

/// How many places of a text it can be cut at; what comes of it is what comes of the whole.
fn cut_everywhere(text: &str) -> usize {
    let whole = parse(FileId(0), text);
    let trees = cuts(text, 0).filter_map(|at| cut(FileId(0), text, at));
    trees.map(|tree| assert_eq!(format!("{:?}", (&tree, [(); 0])), format!("{whole:?}"), "{text}")).count()
}

#[test]
fn a_half_keeps_what_belongs_to_it() {
    assert_eq!(cut_everywhere("rule a { permit }\nrule b { permit }\nrule c { permit }\n"), 2);
    assert_eq!(cut_everywhere("rule a { permit }\r\n\r\nrule b { permit }\r\n"), 1);
    assert_eq!(cut_everywhere("rule a { permit } // {\nrule b { permit }\n"), 0);
    for comment in ["// }\n", "/// }\n", "/* } */ // }\n", "/*\n}\n"] {
        assert_eq!(
            cut_everywhere(&format!("rule a {{ permit }}\n{comment}rule b {{ permit }}\n// */\n")),
            0,
            "{comment}"
        );
    }
    assert_eq!(cut_everywhere("section \"S\" {\nrule a { permit }\nrule b { permit }\n}\n"), 0);
    let sections = "section \"S\" {\nrule a { permit }\nrule b { permit }\n}\nsection \"T\" {\nrule c { permit }\n}\n";
    assert_eq!((cut_everywhere(sections), cuts(sections, 20).next()), (1, sections.find("section \"T\"")));
    assert_eq!(cut_everywhere("rule a { permit when \"}\nrule b { permit }\n"), 0);
    assert_eq!(cut_everywhere("rule a { permit }\nrules { permit }\n"), 0);
}

#[test]
fn random_texts() {
    let mut rng = fastrand::Rng::with_seed(8);
    let lines: Vec<&str> = WHOLE.lines().chain(["rule z { permit }", "duty y", "}", "// {", "/* }", "*/"]).collect();
    let mut found = 0;
    for _ in 0..40 {
        let mut text: Vec<&str> = lines.clone();
        for _ in 0..rng.usize(0..4) {
            let at = rng.usize(0..text.len());
            match rng.u8(0..3) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, rng.choice(&lines).expect("a line")),
                _ => text.truncate(text.len() - rng.usize(0..text.len() / 2)),
            }
        }
        // Without its margin, a part of a section looks as if it could be cut there.
        let trim = rng.bool();
        let text: String = text.iter().flat_map(|line| [if trim { line.trim_start() } else { line }, "\n"]).collect();
        found += cut_everywhere(&text);
    }
    assert!(found > 20, "{found}");
}

/// Large enough to be cut: what is wrong near the end is found at its place.
#[test]
fn large_texts() {
    let text = program(5_000, |i| format!("/// No. {i}\nrule r{i} {{ permit when x }}"));
    let whole = parse_tokens(FileId(0), &text, &crate::lex::lex(FileId(0), &text).0, Vec::new());
    let (tree, errors) = parse(FileId(0), &text);
    assert_eq!(format!("{tree:?}{errors:?}"), format!("{:?}{:?}", whole.file, whole.errors));
    let broken = text.replace("r4999 {", "r4999 {{");
    let (_, errors) = parse(FileId(0), &broken);
    let at = broken.find("{{").expect("it is there") as u32;
    assert!(!errors.is_empty() && errors.iter().all(|e| e.span.start >= at), "{errors:?}");
}
