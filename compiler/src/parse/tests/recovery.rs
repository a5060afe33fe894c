//! One broken place costs one error and nothing else.

use super::*;

/// The codes of all errors, and the tree.
fn outcome(text: &str) -> String {
    let (file, errors) = parse(FileId(0), text);
    let codes: Vec<_> = errors.iter().map(|e| e.code.id).collect();
    format!("{}\n{}", codes.join(" "), dump(&file))
}

#[test]
fn a_broken_statement_leaves_its_rule() {
    insta::assert_snapshot!(outcome("
rule a {
  in force from 2026-01-01
  permit call when when x
  require x
  advise y and
  oblige d when z
  except b { permit text when }
  except c { waive }
}
rule d { forbid }"), @r"
O1004 O1004 O1004
rule a
  in-force from @2026-01-01
  ERROR
  require x
  ERROR
  oblige d when z
  except b
    ERROR
  except c
    waive
rule d
  forbid
    ");
}

#[test]
fn a_missing_brace_ends_where_the_next_item_begins() {
    insta::assert_snapshot!(outcome("
section s {
  rule a {
    permit call when x
    except e {
      waive when y

  rule b { forbid call }

  /// docs
  section t {
    rule c { permit call provided { n: x and (y
  }

  fact f: yes/no
}
duty d"), @r"
O1003 O1003 O1003 O1003
section s
  rule a
    permit [call] when x
    except e
      waive when y
  rule b
    forbid [call]
  /// docs
  section t
    rule c
      permit [call]
        provided n: ERROR
    fact f: yes/no
  duty d
    ");
}

#[test]
fn broken_declarations_keep_their_names() {
    insta::assert_snapshot!(outcome("
define a = b and
fact b, c: nonsense
period p = sometimes 5
role r { x y }
duty d excludes
rule z { permit when a }"), @r"
O1004 O1004 O1004 O1004 O1004
define a ERROR
fact b c: ERROR
period p ERROR
role r x y
duty d
rule z
  permit when a
    ");
}

#[test]
fn a_broken_proviso_leaves_the_others() {
    insta::assert_snapshot!(outcome("
rule a {
  permit call when x provided {
    one: a is
    two: b,
    three c
    four: d
  }
  forbid text
}"), @r"
O1004 O1004
rule a
  permit [call] when x
    provided one: ERROR
    provided two: ERROR
    provided four: d
  forbid [text]
    ");
}

#[test]
fn an_open_text_costs_one_error() {
    insta::assert_snapshot!(outcome("
rule a { permit call when x is \"abc }
rule b \"title { permit call }
rule c { permit call }"), @r#"
O1002 O1002
rule a
  ERROR
rule b "title { permit call }"
  ERROR
rule c
  permit [call]
    "#);
}

#[test]
fn half_typed() {
    insta::assert_snapshot!(outcome("rule a { permit call when "), @r"
O1003 O1004
rule a
  ERROR
    ");
    insta::assert_snapshot!(outcome("section s {\n  rule a { permit call }\n  rule b { forbid text when\n}"), @r"
O1003 O1004
section s
  rule a
    permit [call]
  rule b
    ERROR
    ");
    insta::assert_snapshot!(outcome("rule"), @r"
O1004
ERROR
    ");
    insta::assert_snapshot!(outcome("rule a"), @r"
O1004
rule a
  ERROR
    ");
    insta::assert_snapshot!(outcome("expect \"x\" { permit call when x by }"), @r#"
O1004
expect "x" ERROR
    "#);
}

#[test]
fn every_broken_line_is_reported() {
    let text =
        program(500, |i| if i % 2 == 0 { format!("rule r{i} {{ permit when }}") } else { "define = x".to_string() });
    let (file, errors) = parse(FileId(0), &text);
    assert_eq!((file.items.len(), errors.len()), (500, 500));
}
