//! Compiled policies against `decide`, where random small policies do not reach: long axes, many terms, deep defines, cases
//! that are none. (`ordain-tests` holds both forms against every case of random policies.)

use super::*;
use crate::decide::{self, Verdict};
use crate::workspace::{Change, Workspace};
use std::fmt::Write;

fn model(text: &str) -> Model {
    let mut workspace = Workspace::default();
    workspace.apply(Change::Set { path: "a.ordain".into(), text: text.into() });
    let checked = workspace.understand();
    let told: Vec<&str> = checked.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert!(checked.complete, "{told:?}");
    checked.model
}

fn both(model: &Model) -> [Policy; 2] {
    let both = [Policy::compile(model), Policy::compile_within(model, 0)];
    assert_eq!([both[0].form(), both[1].form()], [Form::Array, Form::Bitsets]);
    both
}

fn assert_same(model: &Model, policy: &Policy, case: &Case) {
    let right = decide::decide(model, case);
    let decision = policy.decide(case).expect("an answer");
    for (d, answer) in right.answers.iter().enumerate() {
        assert_eq!(decision.result(DecisionId(d as u32)), answer.result, "{:?} {case:?}", policy.form());
    }
    assert_eq!(decision.duties().collect::<Vec<_>>(), right.duties);
    assert_eq!(decision.advice().collect::<Vec<_>>(), right.advice);
    let by: Vec<Vec<ClauseId>> = right.answers.into_iter().map(|a| a.by).collect();
    assert_eq!(policy.rules(case).as_ref(), Ok(&by));
}

#[test]
fn long_axes_and_many_terms() {
    let mut rng = fastrand::Rng::with_seed(5);
    let mut text = String::from(
        "policy p { timezone \"America/Chicago\" }\nfact n: number 0 to 1000000\nfact short: number 0 to 300\nfact on_site: yes/no\n\
         fact starts, ends: datetime 2026-01-01 to 2026-12-31\nperiod hours = weekdays 08:00 to 15:30\nduty report\n",
    );
    for i in 0..40 {
        let (a, b) = (rng.i64(0..1_000_000), rng.i64(0..300));
        let what = ["permit", "forbid"][i % 2];
        let when = match i % 5 {
            0 => format!("n >= {a} and n < {} and short < {b}", a + 3000),
            1 => format!("n = {a} or short = {b}"),
            2 => format!("n < {} and starts during hours and not on_site", a / 100),
            3 => format!("starts at least {} days before ends and n > {}", b / 10 + 30, a + 900_000 - a / 10),
            _ => format!("not (n > {b} or on_site) and short > {b}"),
        };
        writeln!(text, "rule r{i} {{ {what} when {when} oblige report when short = {b} }}").expect("a line");
    }
    let model = model(&text);
    for policy in [Policy::compile(&model), Policy::compile_within(&model, 0)] {
        for _ in 0..300 {
            let day = |rng: &mut fastrand::Rng| model.zone.instant(20_454 + rng.i64(1..360), rng.i64(0..1440));
            let values = vec![
                Some(Value::Int(rng.i64(0..=1_000_000))),
                Some(Value::Int(rng.i64(0..=300))),
                Some(Value::Bool(rng.bool())),
                Some(Value::Int(day(&mut rng))),
                Some(Value::Int(day(&mut rng))),
            ];
            assert_same(&model, &policy, &Case { values });
        }
    }
}

#[test]
fn defines_upon_defines_stay_small() {
    let mut text = String::from("policy p { default forbid }\nfact a, b: yes/no\ndefine d0 = a and b\n");
    for i in 1..60 {
        writeln!(text, "define d{i} = (d{0} and a) or (d{0} and b)", i - 1).expect("a line");
    }
    text.push_str("rule r { permit when d59 or (not d58 and not a) }\n");
    let model = model(&text);
    // The reference asks each define anew wherever it stands, which takes it 2^60 steps here.
    for policy in both(&model) {
        for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
            let decision = policy.decide(&Case { values: vec![Some(Value::Bool(a)), Some(Value::Bool(b))] });
            let verdict = if b || !a { PERMIT } else { FORBID };
            assert_eq!(decision.map(|d| d.verdict()), Ok(Verdict::Is(verdict)));
        }
    }
}

const VIDEO: &str = "policy p { default forbid }
fact video, approved: yes/no
fact recorded: yes/no if video
fact age: number 0 to 99
assume not (approved and age < 3)
rule a { permit when approved and age >= 18 }
rule b { permit when recorded and age >= 18 }
";

#[test]
fn what_is_no_case_has_no_answer() {
    let model = model(VIDEO);
    let (yes, no, int) = (Some(Value::Bool(true)), Some(Value::Bool(false)), |n| Some(Value::Int(n)));
    let [video, approved, recorded, age] = [0, 1, 2, 3].map(FactId);
    for policy in both(&model) {
        let decide = |video: &Option<Value>, approved: &Option<Value>, recorded: &Option<Value>, age: Option<Value>| {
            let values = vec![video.clone(), approved.clone(), recorded.clone(), age];
            policy.decide(&Case { values }).map(|d| d.verdict())
        };
        let (permit, forbid) = (Ok(Verdict::Is(PERMIT)), Ok(Verdict::Is(FORBID)));
        assert_eq!(decide(&no, &yes, &None, int(20)), permit);
        assert_eq!(decide(&no, &yes, &yes, int(20)), Err(Fault::NoCase), "recorded exists only if video");
        assert_eq!(decide(&no, &yes, &None, int(2)), Err(Fault::NoCase), "assumed not to occur");
        assert_eq!(decide(&no, &yes, &None, int(100)), Err(Fault::Unfit(age)));
        assert_eq!(decide(&no, &yes, &None, yes.clone()), Err(Fault::Unfit(age)));
        assert_eq!(decide(&no, &no, &None, None), forbid, "too young or not, nothing permits it");
        assert_eq!(decide(&yes, &yes, &None, int(20)), permit, "recorded or not");
        assert_eq!(decide(&yes, &no, &None, int(20)), Err(Fault::Missing(vec![recorded])));
        assert_eq!(decide(&no, &None, &None, int(20)), Err(Fault::Missing(vec![approved])));
        assert_eq!(decide(&None, &no, &yes, int(20)), permit, "what is recorded is a video");
        assert!(matches!(decide(&None, &no, &None, int(20)), Err(Fault::Missing(facts)) if facts.contains(&video)));
        assert!(matches!(policy.decide(&Case { values: Vec::new() }), Err(Fault::Missing(_))));
    }
}

#[test]
fn many_cases_keep_their_order() {
    let model = model(VIDEO);
    let case = |i: i64| Case {
        values: vec![Some(Value::Bool(false)), Some(Value::Bool(i % 3 == 0)), None, Some(Value::Int(i % 101))],
    };
    let cases: Vec<Case> = (0..20_000).map(case).collect();
    for policy in both(&model) {
        let decided = policy.decide_batch(&cases);
        assert_eq!(decided.len(), cases.len());
        assert!(cases.iter().zip(&decided).all(|(case, decision)| policy.decide(case) == *decision));
    }
}
