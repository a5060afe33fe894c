//! Expectations of small policies: claims against every case, what failing ones say, what is covered, what is written.

use super::*;
use crate::decide::{Verdict, decide, holds};
use crate::diagram::Diagrams;
use crate::lower::Lowered;
use crate::model::*;
use crate::tabulate::rows;
use crate::tabulate::tests::{SCHOOL, cases, model};

mod fewest;

/// Every result as `title: holds`, with the same found case by case.
fn results(text: &str) -> Vec<String> {
    let (sources, model) = model(text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let cases = cases(&model);
    let results = run(&mut lowered, &sources);
    results
        .iter()
        .map(|r| {
            let e = &model.expectations[r.id.index()];
            let claimed = |case: &Case| {
                let decided = decide(&model, case);
                let by = |d: DecisionId| e.by.is_none_or(|c| decided.answers[d.index()].by.contains(&c));
                match e.claim {
                    Claim::Outcome(d, v) => decided.answers[d.index()].result == Verdict::Is(v) && by(d),
                    Claim::Undecided(d) => decided.answers[d.index()].result == Verdict::Undecided && by(d),
                    Claim::Conflict(d) => decided.answers[d.index()].result == Verdict::Conflict && by(d),
                    Claim::Obliges(duty) => decided.duties.contains(&duty),
                }
            };
            let scope: Vec<&Case> = cases.iter().filter(|c| holds(&model, &e.scope, c)).collect();
            let expected = if e.some { scope.iter().any(|c| claimed(c)) } else { scope.iter().all(|c| claimed(c)) };
            assert_eq!(r.holds, expected, "{}", e.title);
            assert_eq!(r.vacuous, scope.is_empty() && !e.some, "{}", e.title);
            if let Some(shown) = &r.counterexample {
                assert!(holds(&model, &e.scope, &shown.case) && !claimed(&shown.case), "{}", e.title);
                // Whatever has these facts is a counterexample.
                for case in &cases {
                    if shown.facts.iter().all(|f| case.values[f.index()] == shown.case.values[f.index()]) {
                        assert!(holds(&model, &e.scope, case) && !claimed(case), "{}: {case:?}", e.title);
                    }
                }
            }
            format!("{}: {}{}", e.title, r.holds, if r.vacuous { ", vacuous" } else { "" })
        })
        .collect()
}

#[test]
fn claims_are_decided_as_case_by_case() {
    let text = format!(
        "{SCHOOL}
        expect \"mail\" {{ permit email from student to staff when account is district by mail }}
        expect \"all mail\" {{ permit email from student to staff }}
        expect \"some mail\" {{ some permit email from student to staff }}
        expect \"no calls\" {{ forbid call from student to staff by phone }}
        expect \"calls by default\" {{ forbid call }}
        expect \"texts to principals\" {{ some permit text to principal }}
        expect \"texts\" {{ permit text from student to teacher when approved by phone.approved_text }}
        expect \"teachers\" {{ forbid text from student to teacher when not approved by mail }}
        expect \"tell\" {{ obliges report when distressing by tell }}
        expect \"never tell\" {{ obliges report }}
        expect \"undecided\" {{ some undecided }}
        expect \"conflict\" {{ some conflict }}
        expect \"nobody\" {{ permit when account is district and approved }}
        expect \"some nobody\" {{ some permit when account is district and approved }}"
    );
    insta::assert_snapshot!(results(&text).join("\n"));
}

#[test]
fn gaps_conflicts_and_decisions_can_be_expected() {
    let text = "policy p { default approval none }
        fact a, b, c: yes/no
        decision approval: one of none, teacher, principal
        rule x { permit when a }
        rule y { forbid when b }
        rule z { approval is teacher when c }
        rule w { approval is principal when c and a }
        expect \"gap\" { undecided when not a and not b }
        expect \"clash\" { conflict when a and b by y }
        expect \"clash of approval\" { conflict approval when a and c }
        expect \"none\" { approval is none when not c }
        expect \"teacher\" { approval is teacher when c }
        expect \"principal\" { approval is principal when not c }";
    insta::assert_snapshot!(results(text).join("\n"));
}

/// The diagnostics of a policy's expectations as text.
fn said(text: &str) -> String {
    let (sources, model) = model(text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let mut out = String::new();
    for d in findings(&mut lowered, &sources) {
        out += &format!("{} {}\n", d.code.id, d.message);
        d.notes.iter().for_each(|n| out += &format!("  = {n}\n"));
        for fix in &d.fixes {
            out += &format!("  > {}\n", fix.title);
            for edit in &fix.edits {
                out += &format!("    {:?} -> {:?}\n", sources.text(edit.span), edit.text);
            }
        }
    }
    out
}

#[test]
fn failing_expectations_say_what_happens_and_why() {
    insta::assert_snapshot!(said(&format!(
        "{SCHOOL}
        expect \"calls are fine\" {{ permit call from student to staff }}
        expect \"approved texts are fine\" {{ permit text from student to teacher when approved }}
        expect \"principals get approved texts\" {{ permit text from student to principal when approved and people include teacher }}
        expect \"mail is forbidden\" {{ forbid email from student to teacher when account is district }}
        expect \"mail by the wrong rule\" {{ permit email from student to teacher when account is district by staff_mail }}
        expect \"always tell\" {{ obliges report from student }}
        expect \"somebody may call\" {{ some permit call }}
        expect \"nobody\" {{ permit when account is district and approved }}"
    )));
}

#[test]
fn coverage_follows_what_decides() {
    let text = format!(
        "{SCHOOL}
        expect \"mail\" {{ permit email from student to staff when account is district }}
        expect \"no calls\" {{ forbid call from student to staff }}
        expect \"fails\" {{ permit call from student to staff }}
        expect \"a proviso\" {{ forbid text from student to teacher when approved and people include none of staff }}"
    );
    let (sources, model) = model(&text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let tables = rows(&mut lowered, 1_000_000);
    let results = run(&mut lowered, &sources);
    let coverage = coverage(&mut lowered, &results, &tables);
    insta::assert_snapshot!(coverage.uncovered(&model).join("\n"));
}

#[test]
fn what_is_missing_is_written_and_holds() {
    let waiving = "policy p { default forbid }
        fact a, b, urgent: yes/no
        fact n: number 0 to 9
        rule x { permit when a provided { small: n < 5  odd: not b } }
        rule y { require n > 1  except hurry { waive when urgent } }";
    for text in [SCHOOL, waiving] {
        let (sources, model) = model(text);
        let written = missing(&model, &sources, &[], 1_000_000, &mut || {}).text;
        let text = format!("{text}\n{written}");
        let (sources, model) = self::model(&text);
        let mut lowered = Lowered::new(&model, &[], 1_000_000);
        let tables = rows(&mut lowered, 1_000_000);
        let results = run(&mut lowered, &sources);
        assert!(results.iter().all(|r| r.holds && !r.vacuous), "{written}");
        let after = coverage(&mut lowered, &results, &tables);
        assert!(after.is_full(), "{:?} of\n{written}", after.uncovered(&model));
        insta::assert_snapshot!(written);
    }
}

const WAIVING: &str = "policy p { default forbid }
    fact a, b, urgent: yes/no
    fact n: number 0 to 9
    duty tell
    define calm = not (b or urgent)
    rule x { permit when a and calm or n between 3 and 7 provided { small: n < 5  odd: not b } }
    rule y { require n > 1  except hurry { waive when urgent } }
    rule z { oblige tell when a and n > 3 }
    rule w { forbid when a and urgent and a }
";

/// Each change against all cases, one by one: those that are said to change nothing change nothing, and the others do.
#[test]
fn changes_are_as_case_by_case() {
    for text in [SCHOOL, WAIVING] {
        let (sources, model) = model(text);
        let cases = cases(&model);
        let mutations = mutations(&model, &sources);
        assert!(mutations.len() > 15, "{}", mutations.len());
        for mutation in &mutations {
            let mut lowered = Lowered::new(&model, &[], 1_000_000);
            let found = mutants(&mut lowered, &[], std::slice::from_ref(mutation), 1_000_000, &mut || {});
            let changed = mutation.apply(&model);
            let differs = cases.iter().any(|case| {
                let (before, after) = (decide(&model, case), decide(&changed, case));
                let results = before.answers.iter().zip(&after.answers).any(|(a, b)| a.result != b.result);
                results || before.duties.iter().any(|d| !after.duties.contains(d))
            });
            let name = format!("{}: {}", mutation.name, mutation.what);
            assert_eq!((found.killed, found.unfinished), (0, 0), "{name}");
            assert_eq!(found.equivalent == 0, differs, "{name}");
            assert_eq!(found.survivors.len(), usize::from(differs), "{name}");
        }
    }
}

/// The expectations that are written for changes that nothing notices notice them.
#[test]
fn what_nothing_notices_is_told_with_what_would() {
    for text in [SCHOOL, WAIVING] {
        let (sources, model) = model(text);
        let all = mutations(&model, &sources);
        let mut lowered = Lowered::new(&model, &[], 1_000_000);
        let before = mutants(&mut lowered, &[], &all, 1_000_000, &mut || {});
        let text = format!("{text}\n{}", missing(&model, &sources, &all, 1_000_000, &mut || {}).text);
        let (sources, model) = self::model(&text);
        let mut lowered = Lowered::new(&model, &[], 1_000_000);
        let results = run(&mut lowered, &sources);
        assert!(results.iter().all(|r| r.holds && !r.vacuous), "{text}");
        let all = mutations(&model, &sources);
        let after = mutants(&mut lowered, &results, &all, 1_000_000, &mut || {});
        let left: Vec<String> =
            after.survivors.iter().map(|s| format!("{}: {}", s.mutation.name, s.mutation.what)).collect();
        assert!(left.is_empty() && after.unfinished == 0, "{left:#?}\n{text}");
        assert_eq!((after.killed, after.equivalent), (before.survivors.len(), before.equivalent));
    }
}

#[test]
fn changes_are_told_in_words() {
    let (sources, model) = model(WAIVING);
    let lines: Vec<String> = mutations(&model, &sources).iter().map(|m| format!("{}: {}", m.name, m.what)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
