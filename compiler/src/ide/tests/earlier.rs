//! Findings while a text is being changed: each moves with its clauses, and goes with the first change in one of them.

use super::{Fixture, workspace};
use crate::ide::Earlier;
use crate::workspace::{Change, Workspace};

const TEXT: &str = "\
policy phones {
  default forbid
}

fact emergency: yes/no
fact lent: yes/no

rule lesson {
  forbid call from student
}

rule call_home {
  permit call from student to guardian
}

rule lend {
  permit lend_phone from student when lent
}

role student, guardian
channel call, lend_phone
";

/// What is shown after each of some edits: a text for the first place where another one stands.
fn typed(mut text: String, edits: &[(&str, &str)]) -> Vec<String> {
    let mut workspace = workspace(&[("p.ordain".into(), text.clone())]);
    let checked = workspace.check();
    assert!(checked.complete, "{:?}", checked.diagnostics);
    let mut earlier = Earlier::of(&checked, &checked.diagnostics);
    let mut shown = Vec::new();
    for (old, new) in edits {
        let at = text.find(old).unwrap_or_else(|| panic!("`{old}` in {text}"));
        text.replace_range(at..at + old.len(), new);
        let checked = next(&mut workspace, &text);
        earlier = earlier.in_next(&checked.sources);
        let report = earlier.report(&checked);
        let line = |d: &crate::diagnostics::Diagnostic| {
            let labels: Vec<&str> = d.labels.iter().map(|l| checked.sources.text(l.span)).collect();
            format!("{} `{}` [{}]", d.code.id, checked.sources.text(d.span), labels.join(" | "))
        };
        shown.push(report.iter().map(line).collect::<Vec<_>>().join("\n"));
    }
    shown
}

fn next(workspace: &mut Workspace, text: &str) -> crate::workspace::Checked {
    workspace.apply(Change::Set { path: "p.ordain".into(), text: text.into() });
    workspace.understand()
}

#[test]
fn findings_stay_while_a_line_is_unfinished() {
    let shown = typed(
        TEXT.into(),
        &[
            ("rule lend {", "rule new { permit\n}\nrule lend {"),
            ("fact lent", "fact lost: yes/\nfact lent"),
            ("rule lend {", "rule lend { advise"),
            ("rule call_home {\n  permit call", "rule call_home {\n  permit cal"),
        ],
    );
    insta::assert_snapshot!(shown.join("\n--\n"), @r"
    O5001 `emergency` []
    O3001 `permit` [permit | forbid]
    --
    O5001 `emergency` []
    O5001 `lost` []
    O1004 `` []
    O3001 `permit` [permit | forbid]
    --
    O5001 `emergency` []
    O1004 `` []
    O3001 `permit` [permit | forbid]
    O1004 `` []
    --
    O5001 `emergency` []
    O1004 `` []
    O2001 `cal` [cal]
    O1004 `` []
    ");
}

/// The same letters stand before a rule and at its start, so that the edit could have been made in either place.
#[test]
fn typing_before_a_rule_changes_no_rule() {
    for typed_text in ["r", "ru", "rule ", "rule a {}\n", "\n", "}"] {
        let shown = typed(TEXT.into(), &[("rule call_home", &format!("{typed_text}rule call_home"))]);
        assert!(shown[0].contains("O3001"), "{typed_text}: {shown:?}");
    }
    for extra in ["{", "}", "}\n\n", "rule rule ", "r"] {
        let more = format!("{extra}rule call_home");
        let shown = typed(TEXT.into(), &[("rule call_home", &more), (&more, "rule call_home")]);
        assert!(shown[1].contains("O3001"), "{extra}: {shown:?}");
    }
}

/// What moves is the text that was marked, wherever the edit is.
#[test]
fn marks_stand_on_the_text_that_they_stood_on() {
    let fixture = Fixture::new(TEXT);
    let whole = Earlier::of(&fixture.checked, &fixture.checked.diagnostics);
    let marked = |earlier: &Earlier, checked: &crate::workspace::Checked| -> Vec<Vec<String>> {
        let text = |span| checked.sources.text(span).to_string();
        let of = |d: &crate::diagnostics::Diagnostic| {
            let edits = d.fixes.iter().flat_map(|f| &f.edits).map(|e| e.span);
            let mut spans: Vec<_> = d.labels.iter().map(|l| l.span).chain([d.span]).chain(edits).collect();
            spans.retain(|span| span.start < span.end);
            spans.into_iter().map(text).collect()
        };
        earlier.report(checked).iter().filter(|d| d.code.id == "O3001").map(of).collect()
    };
    let before = marked(&whole, &fixture.checked);
    assert_eq!(before.len(), 1, "{before:?}");
    let mut kept = 0;
    for at in 0..=TEXT.len() {
        for (gone, typed) in [(0, "{"), (0, "x "), (1, ""), (3, "\n"), (7, "rule ")] {
            let Some(rest) = TEXT.get(at + gone..) else { continue };
            let text = format!("{}{typed}{rest}", &TEXT[..at]);
            let checked = workspace(&[("p.ordain".into(), text)]).understand();
            for now in marked(&whole.clone().in_next(&checked.sources), &checked) {
                assert!(now.iter().all(|text| before[0].contains(text)), "at {at}, {gone} for `{typed}`: {now:?}");
                kept += 1;
            }
        }
    }
    assert!(kept > TEXT.len(), "{kept}");
}
