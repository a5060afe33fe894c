//! Which findings `allow` accepts, by where it stands, and what is found about it.

use crate::workspace::{Change, Options, Workspace};

/// The codes that remain, then those that are accepted, each in the order of the text.
fn check(files: &[(&str, &str)], as_of: Option<&str>) -> (String, String) {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: (*path).into(), text: (*text).into() });
    }
    let as_of = as_of.and_then(crate::model::time::parse_date);
    workspace.apply(Change::Options(Options { as_of, ..Options::default() }));
    let checked = workspace.check();
    let remaining: Vec<&str> = checked.diagnostics.iter().map(|d| d.code.id).collect();
    let allowed: Vec<&str> = checked.allowed.iter().map(|a| a.diagnostic.code.id).collect();
    (remaining.join(" "), allowed.join(" "))
}

fn one(text: &str) -> (String, String) {
    check(&[("a.ordain", text)], None)
}

fn found(remaining: &str, allowed: &str) -> (String, String) {
    (remaining.to_string(), allowed.to_string())
}

const BECAUSE: &str = "because \"r\"";

/// A policy with a conflict of `a` and `b`, each part with room for a statement.
fn doors(at: &str) -> String {
    let allow = format!("allow O3001 {BECAUSE}");
    let put = |place: &str| if place == at { allow.as_str() } else { "" };
    format!(
        "policy p {{ default forbid {} }}\nfact x, y: yes/no\n{}\nsection one {{ {}\n rule a {{ permit when x {} }} }}\n\
         section two {{ {}\n rule b {{ forbid when y {} }} rule c {{ permit when y and not x {} }} }}\n",
        put("policy"),
        put("file"),
        put("one"),
        put("a"),
        put("two"),
        put("b"),
        put("c")
    )
}

#[test]
fn a_conflict_is_accepted_where_any_that_takes_part_stands() {
    assert_eq!(one(&doors("")), found("O3001 O3001", ""));
    assert_eq!(one(&doors("a")), found("O3001", "O3001"));
    assert_eq!(one(&doors("c")), found("O3001", "O3001"));
    for everywhere in ["policy", "file", "two", "b"] {
        assert_eq!(one(&doors(everywhere)), found("", "O3001 O3001"), "{everywhere}");
    }
    assert_eq!(one(&doors("one")), found("O3001", "O3001"));
}

#[test]
fn others_are_accepted_only_where_they_are_found() {
    let rule = |first: &str, second: &str| {
        format!(
            "policy p {{ default forbid }}\nfact x, y: yes/no\nrule a {{ permit when x {first} }}\n\
             rule b {{ permit when x and y {second} }}\n"
        )
    };
    let allow = format!("allow O3005 {BECAUSE}");
    assert_eq!(one(&rule("", &allow)), found("", "O3005"));
    // `a` is named by the finding, and is not what is redundant.
    assert_eq!(one(&rule(&allow, "")), found("O5009 O3005", ""));
    // An exception's findings are in its rule.
    let nested = format!(
        "policy p {{ default forbid }}\nfact x, y: yes/no\n\
         rule a {{ permit when x {allow} except e {{ forbid when y allow O3007 {BECAUSE} }} }}\n"
    );
    assert_eq!(one(&nested), found("O5009 O5009", ""));
}

#[test]
fn a_policy_accepts_in_the_files_that_belong_to_it() {
    let policy = format!("policy p {{ default forbid\n allow O3001 {BECAUSE} }}\nfact x: yes/no\n");
    let rules = "use p\nrule a { permit when x }\nrule b { forbid when x }\n";
    assert_eq!(check(&[("p.ordain", &policy), ("r.ordain", rules)], None), found("", "O3001"));
    let own = format!("{rules}policy q {{ default forbid }}\n");
    assert_eq!(check(&[("p.ordain", &policy), ("r.ordain", &own)], None), found("O5009 O3001", ""));
}

#[test]
fn the_day_belongs_to_it() {
    let text = format!(
        "policy p {{ default forbid }}\nfact x: yes/no\nrule a {{ permit when x }}\n\
         rule b {{ forbid when x allow O3001 until 2027-01-31 {BECAUSE} }}\n"
    );
    let on = |day| check(&[("a.ordain", &text)], day);
    assert_eq!(on(Some("2027-01-31")), found("", "O3001"));
    assert_eq!(on(Some("2027-02-01")), found("O3001 O5008", ""));
    // Nobody asks what day it is.
    assert_eq!(on(None), found("", "O3001"));
}

#[test]
fn what_depends_on_a_day_is_not_called_idle_without_one() {
    let text =
        format!("policy p {{ default forbid }}\nfact x: yes/no\nrule a {{ permit when x allow O5005 {BECAUSE} }}\n");
    assert_eq!(check(&[("a.ordain", &text)], None), found("", ""));
    assert_eq!(check(&[("a.ordain", &text)], Some("2027-01-01")), found("O5009", ""));
}

#[test]
fn mistakes_are_told() {
    let text =
        |allow: &str| format!("policy p {{ default forbid }}\nfact x: yes/no\nrule a {{ permit when x {allow} }}\n");
    assert_eq!(one(&text("allow O3999 because \"r\"")).0, "O2001");
    assert_eq!(one(&text("allow O2001 because \"r\"")).0, "O2011");
    assert_eq!(one(&text("allow O5009 because \"r\"")).0, "O2011");
    assert_eq!(one(&text("allow O3001 because \" \"")).0, "O1004");
    assert_eq!(one(&text("allow O3001")).0, "O1004");
    assert_eq!(one(&text("allow O3001 until 2027-02-30 because \"r\"")).0, "O2007");
    // The word is still a name elsewhere.
    let named =
        "policy p { default forbid }\nfact allow: yes/no\ndefine o3 = allow\nrule allows { permit when allow or o3 }\n";
    assert_eq!(one(named).0, "");
}
