//! What a workspace parses again, what it wants, and the order of what it reports.

use super::*;

fn set(workspace: &mut Workspace, path: &str, text: &str) {
    workspace.apply(Change::Set { path: path.into(), text: text.into() });
}

fn codes(checked: &Checked) -> Vec<&'static str> {
    checked.diagnostics.iter().map(|d| d.code.id).collect()
}

fn trees(workspace: &Workspace) -> Vec<(String, *const ast::File)> {
    workspace.parsed.borrow().iter().map(|(path, parsed)| (path.clone(), Arc::as_ptr(&parsed.tree))).collect()
}

#[test]
fn only_what_changed_is_parsed_again() {
    let mut workspace = Workspace::default();
    set(
        &mut workspace,
        "a.ordain",
        "use std.school\nuse b\npolicy p { default forbid }\nrule a { permit when late }\n",
    );
    set(&mut workspace, "b.ordain", "fact late: yes/no\n");
    workspace.check();
    let first = trees(&workspace);
    assert!(first.iter().any(|(path, _)| path == "<std/school.ordain>"));
    // The same text again, and a text that is no policy.
    set(&mut workspace, "b.ordain", "fact late: yes/no\n");
    set(&mut workspace, "policy.md", "# Doors\n");
    // Whoever holds the state keeps its trees; one that nobody holds becomes the next.
    let held = workspace.check();
    assert_eq!(trees(&workspace), first);
    set(&mut workspace, "b.ordain", "fact late: yes/no \"after eight\"\n");
    workspace.check();
    let changed: Vec<String> =
        trees(&workspace).into_iter().zip(first).filter(|(new, old)| new != old).map(|(new, _)| new.0).collect();
    assert_eq!(changed, ["b.ordain"]);
    assert_eq!(held.policy_files(), 2);
}

/// A proof that nobody waits for any more ends, and the next one finds everything.
#[test]
fn proofs_end_once_nobody_wants_them() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let mut workspace = Workspace::default();
    set(
        &mut workspace,
        "a.ordain",
        "policy p { default forbid }\nfact late: yes/no\nrule a { permit when late }\nrule b { forbid when late }\n",
    );
    let checked = workspace.understand();
    let mut kept = None;
    // Wanted at first, and then no more.
    for asked in [0, 3] {
        let times = Arc::new(AtomicU32::new(0));
        let stop = Stop::when(move || times.fetch_add(1, Ordering::Relaxed) >= asked);
        let found = checked.prove_until(&mut kept, &stop).expect("it is complete");
        assert_eq!((found.diagnostics.len(), found.kinds, kept.is_none()), (0, None, true));
    }
    assert_eq!(checked.prove(&mut kept).expect("it is complete").diagnostics.len(), 1);
}

#[test]
fn what_files_speak_of_is_wanted_until_it_is_there() {
    let mut workspace = Workspace::default();
    let text = "use std.school\nuse shared.facts\npolicy p { source \"texts/policy.md\" }\nrule a cite \"annex.md#one\" { permit }\n";
    set(&mut workspace, "a/a.ordain", text);
    let wanted: Vec<String> = workspace.wanted().into_iter().collect();
    insta::assert_snapshot!(wanted.join("\n"), @r"
    a/annex.md
    a/shared/facts.ordain
    a/texts/policy.md
    annex.md
    shared/facts.ordain
    texts/policy.md
    ");
    wanted.iter().for_each(|path| set(&mut workspace, path, ""));
    assert!(workspace.wanted().is_empty());
}

#[test]
fn a_file_that_goes_takes_its_findings_along() {
    let mut workspace = Workspace::default();
    set(&mut workspace, "a.ordain", "policy p { default forbid }\nfact late: yes/no\nrule a { permit when late }\n");
    set(&mut workspace, "b.ordain", "use a\nrule b { forbid when late }\n");
    assert_eq!(codes(&workspace.check()), ["O3001"]);
    workspace.apply(Change::Remove { path: "b.ordain".into() });
    let checked = workspace.check();
    assert_eq!(codes(&checked), Vec::<&str>::new());
    assert_eq!((checked.kinds, checked.policy_files()), (Some(2), 1));
}

#[test]
fn errors_come_without_findings_and_in_the_order_of_the_text() {
    let mut workspace = Workspace::default();
    set(&mut workspace, "b.ordain", "rule b { permit when nothing }\n");
    set(
        &mut workspace,
        "a.ordain",
        "fact late: yes/no\nrule x { permit when late }\nrule y { forbid when late }\nrul z {}\n",
    );
    set(&mut workspace, "ordain.toml", "[chek]\n");
    let checked = workspace.check();
    assert!(!checked.complete);
    assert_eq!(codes(&checked), ["O1005", "O2001", "O9003"]);
}

#[test]
fn options_go_before_settings() {
    let mut workspace = Workspace::default();
    set(&mut workspace, "ordain.toml", "[check]\nfail-level = \"note\"\nbudget = 9\n");
    workspace.apply(Change::Options(Options { budget: Some(7), ..Options::default() }));
    let settings = workspace.check().settings;
    assert_eq!((settings.fail_level, settings.budget, settings.as_of), (Level::Note, 7, None));
}

/// What is parsed again after an edit is what a new workspace parses; also after a text that had errors.
#[test]
fn edits_lead_to_what_a_new_workspace_has() {
    let rule = |i: usize, when: &str| format!("rule r{i} {{ permit when {when} }}\n");
    let text = |changed: &str| {
        let rules: String = (0..40).map(|i| rule(i, if i == 20 { changed } else { "late" })).collect();
        format!("policy p {{ default forbid }}\nfact late, early: yes/no\n{rules}")
    };
    let mut workspace = Workspace::default();
    for changed in ["late", "not late", "not", "not late and", "late or early", "early", "early }\nrule new { forbid"] {
        set(&mut workspace, "a.ordain", &text(changed));
        let mut new = Workspace::default();
        set(&mut new, "a.ordain", &text(changed));
        let (again, first) = (workspace.check(), new.check());
        assert_eq!(format!("{:?}", again.files), format!("{:?}", first.files), "{changed}");
        assert_eq!(format!("{:?}", again.diagnostics), format!("{:?}", first.diagnostics), "{changed}");
    }
}

/// What is found after the edit, from what was found before it, is what a fresh start finds.
fn found_again(before: &str, after: &str) -> Vec<&'static str> {
    let mut workspace = Workspace::default();
    set(&mut workspace, "policy.ordain", before);
    let mut kept = None;
    workspace.understand().prove(&mut kept);
    set(&mut workspace, "policy.ordain", after);
    let checked = workspace.understand();
    let (Some(again), Some(fresh)) = (checked.prove(&mut kept), checked.prove(&mut None)) else { return Vec::new() };
    assert!(again.again && !fresh.again);
    assert_eq!(format!("{:?}", again.diagnostics), format!("{:?}", fresh.diagnostics));
    again.diagnostics.iter().map(|d| d.code.id).collect()
}

#[test]
fn a_deleted_rule_was_the_only_choice_elsewhere() {
    let policy = "policy p { default forbid }\nfact session: one of a, b, c\nfact late: yes/no\n\
                  rule ask { require session is b when session is a }\nrule plain { permit when session is a }\n\
                  rule other { permit when session is c and late }\n";
    let way_out = "rule way_out { permit when session is b }\n";
    assert_eq!(found_again(&format!("{policy}{way_out}"), policy), ["O3008", "O3004"]);
}
