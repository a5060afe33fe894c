//! Parses of whole files: valid ones, broken ones, large ones, random ones.

mod again;
mod fuzz;
mod halves;
mod large;
mod messages;
mod quick;
mod recovery;

use super::*;
pub(crate) use fuzz::soup;

pub const WHOLE: &str = include_str!("../../tests/data/whole_grammar.ordain");

/// Every error as `line:column code text message`, its labels and fixes below it.
fn errors(text: &str) -> String {
    let source = crate::source::Source::new("", text);
    let (_, errors) = parse(FileId(0), text);
    let place = |span: Span| {
        let (line, column) = source.line_column(span.start);
        format!("{}:{} {:?}", line + 1, column + 1, &text[span.range()])
    };
    let mut out = String::new();
    for e in errors {
        out.push_str(&format!("{} {} {}\n", e.code.id, place(e.span), e.message));
        for l in &e.labels {
            out.push_str(&format!("    - {} {}\n", place(l.span), l.text));
        }
        for f in &e.fixes {
            let edits: Vec<_> = f.edits.iter().map(|e| format!(" [{} -> {:?}]", place(e.span), e.text)).collect();
            out.push_str(&format!("    = {}{}\n", f.title, edits.join(",")));
        }
    }
    out
}

fn tree(text: &str) -> String {
    dump(&parse(FileId(0), text).0)
}

/// A program of many rules; the text of rule `i` from `rule`.
fn program(rules: usize, rule: impl Fn(usize) -> String) -> String {
    (0..rules).map(|i| rule(i) + "\n").collect()
}

#[test]
fn the_whole_grammar() {
    assert_eq!(errors(WHOLE), "");
    insta::with_settings!({ snapshot_path => "../../tests/data", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("whole_grammar", tree(WHOLE));
    });
}

#[test]
fn line_breaks_do_not_matter() {
    let mut one_line = String::new();
    for token in crate::lex::lex(FileId(0), WHOLE).0.iter().filter(|t| !t.kind.is_trivia()) {
        one_line.push_str(&WHOLE[token.span.range()]);
        one_line.push(' ');
    }
    let docs = |dump: String| dump.lines().filter(|l| !l.trim().starts_with("///")).collect::<Vec<_>>().join("\n");
    assert_eq!(errors(&one_line), "");
    assert_eq!(tree(&one_line), docs(tree(WHOLE)));
}

/// A word that is a keyword elsewhere ends a list, and the next line begins something.
#[test]
fn words_at_the_end_of_a_list() {
    for (one, other) in [
        ("role from, to", "channel email, by"),
        ("channel on", "role of"),
        ("fact to: one of during, on", "role a"),
        ("duty by excludes a, from", "a may be b"),
        ("define x = a is to", "role a"),
        ("define x = a is any of b, on", "channel role"),
    ] {
        let text = format!("{one}\n{other}");
        assert_eq!(errors(&text), "", "{text}");
        assert_eq!(tree(&text), format!("{}\n{}", tree(one), tree(other)), "{text}");
    }
    let rule = "rule r {\n  permit a to b, by\n  in force from 2026-01-01\n}";
    assert_eq!(errors(rule), "");
}

#[test]
fn spans_lie_in_the_text() {
    let (file, _) = parse(FileId(0), WHOLE);
    let texts: Vec<&str> = file.items.iter().map(|i| &WHOLE[i.span.range()]).collect();
    assert_eq!(texts[1], "use std.school");
    assert!(texts[0].starts_with("policy student_aup") && texts[0].ends_with('}'));
    let define = file.items.iter().find_map(|i| match &i.kind {
        ast::ItemKind::Define { name, cond } => Some((name, cond)),
        _ => None,
    });
    let (name, cond) = define.expect("a definition");
    assert_eq!(
        (&WHOLE[name.span.range()], &WHOLE[cond.span.range()]),
        ("private_meeting", "one_to_one and channel is video")
    );
}

#[test]
fn texts_and_numbers() {
    insta::assert_snapshot!(tree(r#"duty a "say \"hi\" \\ bye""#), @r#"duty a "say \"hi\" \\ bye""#);
    insta::assert_snapshot!(tree("assume a = -1_000.50 USD"), @"assume (a = #-1000.50_USD)");
    insta::assert_snapshot!(tree("assume a = 2026-02-30"), @"assume (a = @2026-02-30)");
    insta::assert_snapshot!(tree("\u{feff}duty größe_2"), @"duty größe_2");
}
