//! Large and hostile texts: no stack overflow, no error too many, no time beyond linear.

use super::*;
use crate::syntax::ast::{CondKind, ItemKind};

/// How many parts a large text has: fewer where the code is built without optimisation.
const MANY: usize = if cfg!(debug_assertions) { 10_000 } else { 100_000 };

fn codes(text: &str) -> Vec<&'static str> {
    parse(FileId(0), text).1.iter().map(|e| e.code.id).collect()
}

#[test]
fn nesting_within_the_limit() {
    let nested = |n: usize| format!("assume {}x{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(codes(&nested(MAX_DEPTH)), [""; 0]);
    assert_eq!(codes(&nested(MAX_DEPTH + 1)), ["O1006"]);
    let nots = |n: usize| format!("assume {}x", "not ".repeat(n));
    assert_eq!(codes(&nots(MAX_DEPTH)), [""; 0]);
    assert_eq!(codes(&nots(MAX_DEPTH + 1)), ["O1006"]);
    let both = |n: usize| format!("assume {}x{}", "not (".repeat(n), ")".repeat(n));
    assert_eq!(codes(&both(MAX_DEPTH / 2)), [""; 0]);
    assert_eq!(codes(&both(MAX_DEPTH / 2 + 1)), ["O1006"]);
    let sections = |n: usize| format!("{}duty d{}", "section s {\n".repeat(n), "}".repeat(n));
    assert_eq!(codes(&sections(MAX_DEPTH)), [""; 0]);
    assert_eq!(codes(&sections(MAX_DEPTH + 1)), ["O1006"]);
    let exceptions = |n: usize| format!("rule a {{ {} {} }}", "except e { waive ".repeat(n), "}".repeat(n));
    assert_eq!(codes(&exceptions(MAX_DEPTH - 1)), [""; 0]);
    assert_eq!(codes(&exceptions(MAX_DEPTH)), ["O1006"]);
    let trees = |n: usize| format!("role a {} x {}", "{ b ".repeat(n), "}".repeat(n));
    assert_eq!(codes(&trees(MAX_DEPTH + 1)), ["O1006"]);
    let periods = |n: usize| format!("period p = a{}", " during b except c".repeat(n));
    assert_eq!(codes(&periods(MAX_DEPTH / 2)), [""; 0]);
    assert_eq!(codes(&periods(MAX_DEPTH / 2 + 1)), ["O1006"]);
}

/// What stands in a bracket that is nested too deeply is not read: it may go on to any depth.
#[test]
fn provisos_at_the_limit() {
    let n = 100_000;
    for depth in [MAX_DEPTH - 2, MAX_DEPTH - 1, MAX_DEPTH] {
        let inner = format!("permit provided {{ n: {}x{} }}", "(".repeat(n), ")".repeat(n));
        let text = format!("rule a {{ {}{inner}{} }}", "except e { ".repeat(depth - 1), "}".repeat(depth - 1));
        let (file, errors) = parse(FileId(0), &text);
        assert!(errors.iter().any(|e| e.code.id == "O1006"), "{depth}");
        drop(file);
    }
}

#[test]
fn hostile_nesting() {
    let n = 100_000;
    let around = ["rule a { permit when ", " }\nrule b { permit }"];
    for (open, close) in [("(", ")"), ("not ", ""), ("not (", ")"), ("(a and not (b or ", "))")] {
        let text = format!("{}{}x{}{}", around[0], open.repeat(n), close.repeat(n), around[1]);
        assert_eq!(codes(&text), ["O1006"], "{open}");
    }
    for (open, close) in
        [("section s {\n", "}\n"), ("rule a { except b {", "}}"), ("role a {", "}"), ("period p = (", ")")]
    {
        let (file, errors) = parse(FileId(0), &format!("{}{}", open.repeat(n), close.repeat(n)));
        assert!(!errors.is_empty(), "{open}");
        drop(file);
    }
    let set = format!("fact a: {} role\nduty d", "set of ".repeat(n));
    assert_eq!(codes(&set), ["O1004"]);
}

#[test]
fn unclosed_brackets() {
    for open in ["(", "rule a {", "section s { ", "{", "role a { "] {
        let text = open.repeat(4_000);
        assert!(!codes(&text).is_empty());
    }
    assert_eq!(codes(&format!("rule a {{ permit when {} }}\nduty d", "(".repeat(4_000))), ["O1003"]);
    let closing = codes(&format!("duty d {}", "}".repeat(4_000)));
    assert_eq!(closing.len(), 4_000);
}

#[test]
fn long_chains_are_flat() {
    for (sign, other) in [("and", "or"), ("or", "and")] {
        let text = format!("define x = a {}", format!("{sign} b {other} c ").repeat(MANY / 2));
        let (file, errors) = parse(FileId(0), &text);
        assert!(errors.is_empty());
        let ItemKind::Define { cond, .. } = &file.items[0].kind else { panic!() };
        let (CondKind::And(parts) | CondKind::Or(parts)) = &cond.kind else { panic!() };
        assert_eq!(parts.len(), MANY / 2 + 1);
    }
    let names = vec!["n"; MANY].join(", ");
    assert_eq!(codes(&format!("rule a {{ permit {names} when x is any of {names} }} fact f: one of {names}")), [""; 0]);
    assert_eq!(codes(&format!("period p = a {}", "or b ".repeat(MANY))), [""; 0]);
}

#[test]
fn many_items() {
    let good = |i: usize| format!("rule r{i} {{ permit call when x and not y }}");
    let n = MANY;
    let text = program(n, |i| if i + 1 == n { format!("rule r{i} {{ permit call when and }}") } else { good(i) });
    let (file, errors) = parse(FileId(0), &text);
    assert_eq!((file.items.len(), errors.len()), (n, 1));
    assert!(file.items.iter().all(|i| matches!(i.kind, ItemKind::Rule(_))));

    let (file, errors) = parse(FileId(0), &program(n, |i| format!("rule r{i} {{ permit call when = }}")));
    assert_eq!((file.items.len(), errors.len()), (n, n));
    let (_, errors) = parse(FileId(0), &program(n, |_| "@@ ??".to_string()));
    assert_eq!(errors.len(), 2 * n);
    let (_, errors) = parse(FileId(0), &program(n, |_| "wrong".to_string()));
    assert_eq!(errors.len(), 1);
    let (file, errors) = parse(FileId(0), &program(n, |i| format!("rule r{i} {{ permit call")));
    assert_eq!((file.items.len(), errors.len()), (n, n));
    assert_eq!(codes(&program(n, |_| "// comment".to_string())), [""; 0]);
    assert_eq!(codes(&"/// doc\nduty d // x\n/* y */".repeat(n)), [""; 0]);
}
