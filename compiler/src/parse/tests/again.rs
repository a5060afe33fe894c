//! Parsing again after an edit is parsing: the same tree with the same places, on random edits.

use super::*;
use crate::syntax::shift::shift;
use crate::syntax::token::{RESERVED, WORDS};

/// Whether the new tree could be made from the old one; it is then the one that `parse` makes, with the same errors, and
/// what was done can be undone.
fn keeps(old: &str, new: &str) -> bool {
    let (mut tree, errors) = parse(FileId(0), old);
    assert!(errors.is_empty(), "{old:?}");
    let Some(mut patch) = Patch::new(FileId(0), old, &tree, new) else { return false };
    let before = format!("{tree:?}");
    let errors = std::mem::take(&mut patch.errors);
    let undo = patch.apply(&mut tree);
    assert_eq!(format!("{:?}", (&tree, errors)), format!("{:?}", parse(FileId(0), new)), "{old:?}\n{new:?}");
    undo.apply(&mut tree);
    assert_eq!(format!("{tree:?}"), before, "{old:?}\n{new:?}");
    true
}

#[test]
fn every_place_moves() {
    let (mut tree, _) = parse(FileId(0), WHOLE);
    let further = format!("  \n{WHOLE}");
    shift(&mut tree.items, 3);
    assert_eq!(format!("{tree:?}"), format!("{:?}", parse(FileId(0), &further).0));
    shift(&mut tree.items, -3);
    assert_eq!(format!("{tree:?}"), format!("{:?}", parse(FileId(0), WHOLE).0));
}

const POLICY: &str = "policy p { default forbid }\nrole a, b\nfact x, y: yes/no\n\n/// One\nrule r1 { permit from a when x }\n\
    section \"S\" cite \"t.md\" {\n  rule s1 { forbid from a to b when y }\n  /// Two\n  rule s2 { permit when x\n    except e { waive when y } }\n\
    rule s3 { oblige d }\n  section \"T\" { duty d duty e rule t { permit } rule u { forbid } rule v { permit } }\n}\n\
    // Three\nrule r2 { permit when x or y }\ndefine z = x\nassume not z\n";

#[test]
fn edits_that_are_kept() {
    for (old, new) in [
        ("when x }", "when x and y }"),
        ("when x }\n", "when x }\nrule new { permit }\n"),
        ("oblige d", "oblige d, e"),
        ("except e { waive when y } ", ""),
        ("rule s2", "rule s2_new"),
        ("/// Two\n", ""),
        ("// Three", "/// Three"),
        ("rule u { forbid }", "rule u { permit when x }"),
        ("rule u { forbid } ", ""),
        ("define z = x\n", "define z = x and y\n"),
        ("assume not z\n", ""),
        ("assume not z\n", "assume not z\nrule last { permit }"),
        ("policy p", "// First\npolicy p"),
        ("role a, b\n", "role a, b, c\n\n\n"),
    ] {
        assert!(POLICY.contains(old));
        assert!(keeps(POLICY, &POLICY.replacen(old, new, 1)), "{old:?} -> {new:?}");
        assert!(keeps(&POLICY.replacen(old, new, 1), POLICY), "{new:?} -> {old:?}");
    }
    assert!(keeps(POLICY, POLICY) && keeps(POLICY, "") && keeps("", POLICY) && keeps("", ""));
}

/// What is being typed is broken most of the time.
#[test]
fn errors_within_an_item() {
    for (old, new) in [
        ("when x }", "when }"),
        ("permit from a when x", "permit from a, when x an"),
        ("define z = x\n", "define z =\n"),
        ("oblige d", "oblige"),
        ("fact x, y: yes/no", "fact x, y: yes/n"),
        ("rule u { forbid }", "rul u { forbid }"),
    ] {
        assert!(POLICY.contains(old));
        let broken = POLICY.replacen(old, new, 1);
        assert!(!parse(FileId(0), &broken).1.is_empty() && keeps(POLICY, &broken), "{old:?} -> {new:?}");
    }
}

#[test]
fn edits_that_reach_further() {
    for (old, new) in [
        ("rule s1 {", "rule s1 {{"),
        ("when x }", "when x } /*"),
        ("\"S\"", "\"S"),
        ("when y } }", "when y }"),
        ("rule u { forbid }", "rule u { forbid }}"),
    ] {
        assert!(POLICY.contains(old));
        assert!(!keeps(POLICY, &POLICY.replacen(old, new, 1)), "{old:?} -> {new:?}");
    }
}

/// A limit on depth counts the sections around what is parsed again.
#[test]
fn depth_counts_from_the_outside() {
    let text = |parens: usize| {
        let inner = format!(
            "duty a duty b rule r {{ permit when {}x{} }} duty c duty d",
            "(".repeat(parens),
            ")".repeat(parens)
        );
        format!("duty e duty f section \"s\" {{ {inner} }} duty g")
    };
    assert!(keeps(&text(1), &text(MAX_DEPTH - 2)));
    let too_deep = text(MAX_DEPTH - 1);
    assert!(!parse(FileId(0), &too_deep).1.is_empty() && keeps(&text(1), &too_deep));
}

#[test]
fn random_edits() {
    let mut rng = fastrand::Rng::with_seed(21);
    let (mut kept, mut valid, mut broken) = (0, 0, 0);
    for round in 0..3_000 {
        let old = if round % 4 == 0 { WHOLE } else { POLICY };
        let mut start = rng.usize(0..=old.len());
        let mut end = (start + rng.usize(0..if round % 3 == 0 { 200 } else { 12 })).min(old.len());
        while !old.is_char_boundary(start) {
            start -= 1;
        }
        while !old.is_char_boundary(end) {
            end += 1;
        }
        let pieces = [
            "",
            " ",
            "\n",
            "}",
            "{",
            "rule n { permit }\n",
            "duty n ",
            "x",
            " and x",
            "// c\n",
            "/* c */",
            "/// d\n",
            "\"",
            "section \"n\" { ",
            ",",
        ];
        let piece = match rng.u8(0..8) {
            0 => *rng.choice(RESERVED).expect("a word"),
            1 => *rng.choice(WORDS).expect("a word"),
            2 => {
                // What stands somewhere else in the text.
                let at = rng.usize(0..old.len() - 60);
                let to = at + rng.usize(0..60);
                old.get(at..to).unwrap_or("")
            }
            _ => *rng.choice(&pieces).expect("a piece"),
        };
        let new = format!("{}{piece}{}", &old[..start], &old[end..]);
        match (keeps(old, &new), parse(FileId(0), &new).1.is_empty()) {
            (again, true) => (valid, kept) = (valid + 1, kept + usize::from(again)),
            (again, false) => broken += usize::from(again),
        }
    }
    assert!(valid > 200 && kept * 10 > valid * 9, "{kept} of {valid}");
    assert!(broken > 400, "{broken}");
}
