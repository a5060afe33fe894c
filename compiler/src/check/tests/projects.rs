//! Several files: what they use, their policies, and the texts they cite.

use super::*;

#[test]
fn missing_imports() {
    let files = [
        (
            "people.ordain",
            r#"fact member, guest: yes/no
"#,
        ),
        (
            "rules/entry.ordain",
            r#"// The rules of entry.
policy p { default forbid }
rule a { permit when member or guest and not member }
"#,
        ),
    ];
    insta::assert_snapshot!(errors_of(&files), @r#"
    O2009 rules/entry.ordain:3:22 `member`: `member` is a fact of `people.ordain`, which this file does not use
      - rules/entry.ordain:3:22 not visible here
      - people.ordain:1:6 declared here
      = `guest` is declared there as well
      > add `use people` ["" -> "\n\nuse people"]
    "#);
}

#[test]
fn unknown_import_near() {
    let files = [
        (
            "people.ordain",
            r#"fact member: yes/no
"#,
        ),
        (
            "a.ordain",
            r#"use peple
policy p { default forbid }
rule a { permit when member }
"#,
        ),
    ];
    insta::assert_snapshot!(errors_of(&files), @r#"
    O2012 a.ordain:1:5 `peple`: there is no file for `use peple`
      = looked for `peple.ordain`
      > did you mean `people`? ["peple" -> "people"]
    "#);
}

#[test]
fn policies_disagree() {
    let files = [
        (
            "a.ordain",
            r#"policy a { timezone "UTC" default forbid default permit }
fact x: yes/no
rule r { permit when x }
"#,
        ),
        (
            "b.ordain",
            r#"use a
policy b { timezone "Europe/Berlin" default permit }
rule s { permit when x }
"#,
        ),
        (
            "c.ordain",
            r#"use a
rule t { forbid when x }
rule u { forbid when x }
"#,
        ),
    ];
    insta::assert_snapshot!(errors_of(&files), @r#"
    O2002 a.ordain:1:42 `default permit`: `a` states the default of `verdict` twice
      - a.ordain:1:42 stated again here
      - a.ordain:1:27 first stated here
      > take one of them away
    O2014 b.ordain:2:21 `"Europe/Berlin"`: one policy counts days in `UTC` and another in `Europe/Berlin`
      - b.ordain:2:21 another zone here
      - a.ordain:1:21 the first zone
      > write `UTC` in both ["\"Europe/Berlin\"" -> "\"UTC\""]
    O2014 b.ordain:2:37 `default permit`: `a` says `default forbid` and `b` says `default permit`, and neither yields to the other
      - b.ordain:2:37 the default of `b`
      - a.ordain:1:27 the default of `a`
      > say which goes first: `yields to a` in `b`
    O2014 c.ordain:2:6 `t`: `t` stands in a file without a policy, and the project has `a` and `b`
      > add a `policy` block to this file, or move its rules to the file of their policy
    "#);
}

#[test]
fn policies_yield_in_a_circle() {
    let files = [
        (
            "a.ordain",
            r#"use b
policy a { yields to b }
fact x: yes/no
rule r { permit when x }
"#,
        ),
        (
            "b.ordain",
            r#"use a
policy b { yields to a, c }
rule s { permit when x }
"#,
        ),
    ];
    insta::assert_snapshot!(errors_of(&files), @r#"
    O2008 a.ordain:2:8 `a`: `a` yields to `b`, and `b` yields to `a`
      - a.ordain:2:8 `a` is part of the circle
      - b.ordain:2:8 `b` is part of the circle
    O2001 b.ordain:2:25 `c`: `c` is not declared, and a policy is expected here
      - b.ordain:2:25 not declared
    "#);
}

#[test]
fn cites() {
    let files = [
        (
            "p.ordain",
            r#"policy p { source "policy.md" source "gone.md" default forbid }
fact x: yes/no
section "S" cite "policy.md#email" { rule a { permit when x } }
rule b cite "policy.md#emial" { permit when x }
rule c cite "polcy.md#email" { permit when x }
rule d cite "gone.md#email" { permit when x }
rule e { cite "policy.md#nothing" permit when x }
not encoded "policy.md#contact" because "no rule"
"#,
        ),
        (
            "policy.md",
            r#"# Policy

## Email

text

## Devices

### Phones

text

### Tablets

text

## Contact

text

### Address

x
"#,
        ),
    ];
    insta::assert_snapshot!(errors_of(&files), @r#"
    O5003 p.ordain:1:38 `"gone.md"`: there is no file `gone.md`
      = looked for `gone.md`
    O5004 p.ordain:4:13 `"policy.md#emial"`: `policy.md` has no heading `#emial`
      = its headings are `policy`, `email`, `devices`, `phones`, `tablets`, `contact` and `address`
      > did you mean `#email`? ["\"policy.md#emial\"" -> "\"policy.md#email\""]
    O5003 p.ordain:5:13 `"polcy.md#email"`: there is no file `polcy.md`
      = looked for `polcy.md`
      > did you mean `policy.md`? ["\"polcy.md#email\"" -> "\"policy.md#email\""]
    O5004 p.ordain:7:15 `"policy.md#nothing"`: `policy.md` has no heading `#nothing`
      = its headings are `policy`, `email`, `devices`, `phones`, `tablets`, `contact` and `address`
    O5002 policy.md:7:1 `## Devices`: nothing cites `policy.md#devices`
      - policy.md:7:1 no rule cites this heading
      - p.ordain:1:19 the policy adopts this text
      > write the rule, with `cite "policy.md#devices"`
      > say why it is left out: `not encoded "policy.md#devices" because "…"` ["" -> "\nnot encoded \"policy.md#devices\" because \"…\"\n"]
    O5002 policy.md:9:1 `### Phones`: nothing cites `policy.md#phones`
      - policy.md:9:1 no rule cites this heading
      - p.ordain:1:19 the policy adopts this text
      > write the rule, with `cite "policy.md#phones"`
      > say why it is left out: `not encoded "policy.md#phones" because "…"` ["" -> "\nnot encoded \"policy.md#phones\" because \"…\"\n"]
    O5002 policy.md:13:1 `### Tablets`: nothing cites `policy.md#tablets`
      - policy.md:13:1 no rule cites this heading
      - p.ordain:1:19 the policy adopts this text
      > write the rule, with `cite "policy.md#tablets"`
      > say why it is left out: `not encoded "policy.md#tablets" because "…"` ["" -> "\nnot encoded \"policy.md#tablets\" because \"…\"\n"]
    "#);
}

#[test]
fn cites_in_a_folder() {
    let files = [
        (
            "d/p.ordain",
            r#"policy p { source "policy.md" default forbid }
fact x: yes/no
rule b cite "policy.md#emial" cite "law.md" { permit when x }
"#,
        ),
        (
            "d/policy.md",
            r#"# Policy

## Email

text
"#,
        ),
        ("law.md", r#"x"#),
    ];
    insta::assert_snapshot!(errors_of(&files), @r#"
    O5004 d/p.ordain:3:13 `"policy.md#emial"`: `policy.md` has no heading `#emial`
      = its headings are `policy` and `email`
      > did you mean `#email`? ["\"policy.md#emial\"" -> "\"policy.md#email\""]
    O5002 d/policy.md:3:1 `## Email`: nothing cites `policy.md#email`
      - d/policy.md:3:1 no rule cites this heading
      - d/p.ordain:1:19 the policy adopts this text
      > write the rule, with `cite "policy.md#email"`
      > say why it is left out: `not encoded "policy.md#email" because "…"` ["" -> "\nnot encoded \"policy.md#email\" because \"…\"\n"]
    "#);
}
