//! Rendered diagnostics, as snapshots.

use super::*;
use crate::diagnostics::codes;
use crate::source::{FileId, Source, Span};

const POLICY: &str = "section \"Other tools\" cite \"policy.md#other-tools\" {
  rule group_chat { forbid group_messaging from student to staff }
}


rule district_tools {
\tpermit hangouts, classroom from student to teacher when account is district
}
";

fn sources(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new("aup.ordain", text));
    sources
}

fn span(sources: &Sources, text: &str) -> Span {
    let start = sources.get(FileId(0)).text.find(text).expect("the text is in the source");
    Span::new(FileId(0), start..start + text.len())
}

fn show(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut out = String::new();
    report(
        diagnostic,
        sources,
        &Look { stand: Stand { prefix: "policies/".into(), inside: String::new() }, ..Look::default() },
        &mut out,
    );
    out
}

#[test]
fn a_conflict_quotes_both_clauses() {
    let sources = sources(POLICY);
    let diagnostic = Diagnostic::new(
        &codes::CONFLICT,
        span(&sources, "group_chat"),
        "`district_tools` permits what `group_chat` forbids",
    )
    .label(span(&sources, "group_chat"), "forbids\npolicy.md#other-tools")
    .label(span(&sources, "permit"), "permits")
    .note("for example: a student messages a teacher in Hangouts from a district account")
    .note("1 of 2,304 kinds of case (0.04 %)")
    .help("make `district_tools` an exception to `group_chat`, if it should win");
    insta::assert_snapshot!(show(&diagnostic, &sources), @r"
    error[O3001] conflict: `district_tools` permits what `group_chat` forbids
       ┌─ policies/aup.ordain:2:8
     2 │   rule group_chat { forbid group_messaging from student to staff }
       │        ─────┬────  policy.md#other-tools
       │             ╰─ forbids
       ┌─ policies/aup.ordain:7:2
     7 │     permit hangouts, classroom from student to teacher when account is district
       │     ───┬──
       │        ╰─ permits
       = for example: a student messages a teacher in Hangouts from a district account
       = 1 of 2,304 kinds of case (0.04 %)
       = help: make `district_tools` an exception to `group_chat`, if it should win
    ");
}

#[test]
fn labels_share_a_line_or_stack() {
    let sources = sources("rule a { permit email when x and y }\n");
    let diagnostic = Diagnostic::new(&codes::NEVER_APPLIES, span(&sources, "x"), "`a` never applies")
        .label(span(&sources, "x"), "this")
        .label(span(&sources, "y"), "and this contradict")
        .label(span(&sources, "x and y"), "so this never holds\npolicy.md#a")
        .label(span(&sources, "permit"), "");
    insta::assert_snapshot!(show(&diagnostic, &sources), @r"
    error[O3003] never applies: `a` never applies
       ┌─ policies/aup.ordain:1:28
     1 │ rule a { permit email when x and y }
       │          ──────            ───┬───  policy.md#a
       │                               ╰─ so this never holds
       │                            ┬     ┬
       │                            │     ╰─ and this contradict
       │                            ╰─ this
    ");
}

#[test]
fn odd_text_stays_calm() {
    let long = format!("\tdefine a = {}é\u{1b}[31m\u{202e}世界 x\n", "b and ".repeat(100));
    let sources = sources(&long);
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_NAME, span(&sources, "世界"), "nothing is called `世\u{1b}界`")
        .label(span(&sources, "世界"), "unknown");
    insta::assert_snapshot!(show(&diagnostic, &sources), @r"
    error[O2001] unknown name: nothing is called `世�界`
       ┌─ policies/aup.ordain:1:620
     1 │ …nd b and b and b and b and b and é�[31m�世界 x
       │                                          ──┬─
       │                                            ╰─ unknown
    ");
    // Spans that reach over lines, over the end, or are empty.
    for range in [0..long.len(), long.len()..long.len(), 3..3, long.len() - 1..long.len()] {
        let diagnostic = Diagnostic::new(&codes::SYNTAX, Span::new(FileId(0), range), "odd");
        assert!(show(&diagnostic, &sources).starts_with("error[O1004]"));
    }
}

#[test]
fn the_worst_are_shown_when_not_all_are() {
    let sources = sources(POLICY);
    let place = span(&sources, "group_chat");
    let all: Vec<Diagnostic> = [&codes::UNUSED, &codes::CONFLICT, &codes::UNUSED, &codes::GAP]
        .into_iter()
        .map(|code| Diagnostic::new(code, place, "something"))
        .collect();
    let text = reports(&all, &sources, &Look { limit: 2, ..Look::default() });
    let heads: Vec<&str> = text.lines().filter(|l| !l.is_empty() && !l.starts_with(' ')).collect();
    insta::assert_snapshot!(heads.join("\n"), @r"
    error[O3001] conflict: something
    error[O3002] gap: something
    and 2 more: 2 of O5001 (`--limit 0` shows all)
    ");
    insta::assert_snapshot!(summary(all.iter(), Paint::default()).unwrap_or_default(), @"2 errors, 2 warnings in 1 file");
}

#[test]
fn paths_lead_there() {
    let path = |prefix: &str, inside: &str| Stand { prefix: prefix.into(), inside: inside.into() }.path("a/b/c.ordain");
    assert_eq!(path("", ""), "a/b/c.ordain");
    assert_eq!(path("policies/", ""), "policies/a/b/c.ordain");
    assert_eq!(path("", "a/"), "b/c.ordain");
    assert_eq!(path("", "a/b/"), "c.ordain");
    assert_eq!(path("", "a/d/"), "../b/c.ordain");
    assert_eq!(path("", "d/e/"), "../../a/b/c.ordain");
    assert_eq!(Stand { prefix: "p/".into(), inside: String::new() }.path("<std/school.ordain>"), "<std/school.ordain>");
}
