//! Actions: applied, the finding is gone, and nothing else is found that was not found before.

use super::{Fixture, findings};
use crate::compare::{Version, What, compare};
use crate::ide::fixes::{self, Action, ActionKind};

/// Applies every fix that is offered at the cursor, each alone, and tells what became of the findings.
fn applied(text: &str) -> String {
    let fixture = Fixture::new(text);
    let before = findings(&fixture.files);
    let mut out = Vec::new();
    for action in fixes::actions(&fixture.view(), fixture.cursor) {
        let after = findings(&fixture.edited(&action.edits));
        if action.kind == ActionKind::Fix {
            let finding = &fixture.checked.diagnostics[action.finding.expect("a fix answers a finding")];
            let same = |f: &(&str, String)| f.0 == finding.code.id && f.1 == finding.message;
            assert!(!after.iter().any(same), "`{}` leaves {}: {after:?}", action.title, finding.message);
            let new = after.iter().filter(|f| !before.contains(f) && f.0 < "O3");
            assert_eq!(new.count(), 0, "`{}` breaks something: {after:?}", action.title);
        }
        let codes: Vec<&str> = after.iter().map(|f| f.0).collect();
        out.push(format!("{:?} {} => {}", action.kind, action.title, codes.join(" ")));
    }
    out.join("\n")
}

fn one(fixture: &Fixture, kind: ActionKind) -> Action {
    let all = fixes::actions(&fixture.view(), fixture.cursor);
    all.into_iter().find(|a| a.kind == kind).expect("an action of the kind")
}

#[test]
fn conflicts_are_resolved() {
    insta::assert_snapshot!(applied("policy p { default forbid }
fact late, ill: yes/no
rule a { per$0mit when late }
rule b { forbid when ill }
"), @r"
Fix let `a` win: make it an exception to `b` => 
Fix let `b` win: make it an exception to `a` => 
Fix narrow `b`: leave out the cases of `a` => 
Fix narrow `a`: leave out the cases of `b` => 
Expect state that the example is permitted => O3001 O4001
Expect state that the example is forbidden => O3001 O4001
");
}

/// Narrowed, only cases in conflict are decided otherwise.
#[test]
fn conflicts_are_narrowed_away() {
    let mut told = Vec::new();
    for (a, b) in [
        ("permit email from staff when late or ill", "forbid email, phone to pupil when ill or age > 12"),
        ("permit from staff", "forbid phone"),
        ("permit provided { calm: not ill }", "forbid from pupil when late"),
        ("permit when late oblige log", "forbid when ill"),
        ("permit when late", "forbid when ill except x { waive when age > 3 }"),
        ("permit", "forbid when ill"),
    ] {
        let text = format!(
            "policy p {{ default forbid }}\nrole staff, pupil\nchannel email, phone\nfact late, ill: yes/no\n\
            fact age: number 0 to 20\nduty log\nrule a {{ {a} }}\nrule b {{ forb$0id{} }}\n",
            &b[6..]
        );
        let fixture = Fixture::new(&text);
        for action in fixes::actions(&fixture.view(), fixture.cursor) {
            if !action.title.starts_with("narrow") {
                continue;
            }
            let files = fixture.edited(&action.edits);
            assert!(findings(&files).iter().all(|f| f.0 != "O3001"), "{files:?}");
            let mut workspace = crate::workspace::Workspace::default();
            for (path, text) in &files {
                workspace.apply(crate::workspace::Change::Set { path: path.clone(), text: text.as_str().into() });
            }
            let after = workspace.understand();
            let [old, new] = [&fixture.checked, &after].map(|c| Version { model: &c.model, sources: &c.sources });
            let compared = compare(old, new, 1_000_000).expect("small");
            let decided = compared.aspects.iter().filter(|a| matches!(a.what, What::Decision(_)));
            let before: Vec<&str> = decided.flat_map(|a| &a.rows).map(|row| row.before.as_str()).collect();
            assert!(!before.is_empty() && before.iter().all(|b| *b == "conflict"), "{}: {before:?}", action.title);
            let changed = files.iter().flat_map(|(_, t)| t.lines()).filter(|l| l.contains("not "));
            told.push(format!("{}\n    {}", action.title, changed.collect::<Vec<_>>().join("\n    ")));
        }
    }
    insta::assert_snapshot!(told.join("\n"), @r"
narrow `b`: leave out the cases of `a`
    rule b { forbid email, phone to pupil when (ill or age > 12) and not (channel is email and sender is staff and (late or ill)) }
narrow `a`: leave out the cases of `b`
    rule a { permit email from staff when (late or ill) and not (channel is any of email, phone and recipient is pupil and (ill or age > 12)) }
narrow `b`: leave out the cases of `a`
    rule b { forbid phone when not (sender is staff) }
narrow `a`: leave out the cases of `b`
    rule a { permit from staff when not (channel is phone) }
narrow `a`: leave out the cases of `b`
    rule a { permit when not (sender is pupil and late) provided { calm: not ill } }
narrow `b`: leave out the cases of `a`
    rule b { forbid when ill and not late }
narrow `a`: leave out the cases of `b`
    rule a { permit when not ill }
");
}

/// A condition goes only where its names, those of its head too, are seen.
#[test]
fn conflicts_are_narrowed_by_what_is_seen() {
    let text = "-- a.ordain\npolicy p { default forbid }\nfact late: yes/no\nchannel email\nrule a { per$0mit when late }\n\
        -- b.ordain\nuse a\nchannel pigeon\nrule b { forbid pigeon }\n";
    let fixture = Fixture::new(text);
    let all = fixes::actions(&fixture.view(), fixture.cursor);
    let narrow: Vec<&str> = all.iter().map(|a| a.title.as_str()).filter(|t| t.starts_with("narrow")).collect();
    assert_eq!(narrow, ["narrow `b`: leave out the cases of `a`"]);
}

#[test]
fn gaps_are_closed() {
    insta::assert_snapshot!(applied("policy $0p {}
fact late: yes/no
rule a { permit when late }
"), @r"
Fix say what holds where no rule speaks: `default forbid` => 
Fix add a rule for these cases: `rule open_case { forbid when not late }` => 
Expect state that the example is permitted => O3002 O4001
Expect state that the example is forbidden => O3002 O4001
");
}

#[test]
fn of_many_answers_only_those_that_rules_give_are_offered() {
    insta::assert_snapshot!(applied("policy p {}
decision grade: one of a, b, c, d, e, f, g, h, i
fact late: yes/no
rule first { gr$0ade is a }
rule second { grade is i when late }
"), @r"
Fix let `first` win: make it an exception to `second` => O3004
Fix let `second` win: make it an exception to `first` => 
Fix narrow `first`: leave out the cases of `second` => 
Expect state that the example is grade a => O3001 O4001
Expect state that the example is grade i => O3001 O4001
");
}

#[test]
fn dead_rules_go() {
    insta::assert_snapshot!(applied("policy p { default forbid }
fact late: yes/no
rule a { permit when late }
rule b$0 { permit when late and not late }
"), @r"
Fix delete `b` =>
");
}

#[test]
fn names_are_corrected_and_imports_added() {
    insta::assert_snapshot!(applied("policy p { default forbid }
fact late: yes/no
rule a { permit em$0ail when lat$0e }
rule b { permit call when lte }
"), @r"
Fix add `use std.communication` => O2001
FixAll repair all that has one repair =>
");
}

#[test]
fn all_mistakes_with_one_repair_go_together() {
    let fixture = Fixture::new(
        "policy p { default forbid }
fact late, early: yes/no
rule a { permit when lat and erly }
rule b { permit email when not late }
$0",
    );
    let edits = fixes::fix_all(&fixture.view(), fixture.cursor.file);
    let files = fixture.edited(&edits);
    insta::assert_snapshot!(files[0].1, @r"
policy p { default forbid }

use std.communication
fact late, early: yes/no
rule a { permit when late and early }
rule b { permit email when not late }
");
    assert_eq!(findings(&files), []);
}

#[test]
fn conditions_get_a_name_and_lose_it_again() {
    let fixture = Fixture::new(
        "policy p { default forbid }
fact late, ill: yes/no
/// Docs.
rule a { permit when not ($0late and ill$0) }
",
    );
    let files = fixture.edited(&one(&fixture, ActionKind::Extract).edits);
    insta::assert_snapshot!(files[0].1, @r"
policy p { default forbid }
fact late, ill: yes/no
define condition = late and ill

/// Docs.
rule a { permit when not condition }
");
    assert_eq!(findings(&files), findings(&fixture.files));
    let again = Fixture::new(&files[0].1.replace("not condition", "not cond$0ition"));
    let files = again.edited(&one(&again, ActionKind::Inline).edits);
    assert!(files[0].1.contains("permit when not (late and ill) }"), "{}", files[0].1);
}

#[test]
fn imports_are_put_in_order() {
    let fixture = Fixture::new(
        "-- b.ordain\nfact y: yes/no\n-- p.ordain\nuse b\nuse std.school\nuse b\n$0rule a { permit from student when y }\n",
    );
    let files = fixture.edited(&one(&fixture, ActionKind::Imports).edits);
    assert_eq!(files[1].1, "use std.school\nuse b\nrule a { permit from student when y }\n");
}
