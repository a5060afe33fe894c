//! The compiled decider: nothing is allocated for a decision, in either form.
//!
//! The allocator of this program counts what each thread asks of it. That it counts is shown first.

use allocation_counter::measure;
use ordain::compile::Form;
use ordain::decide::Verdict;
use ordain::model::{Case, FORBID, Model, PERMIT};
use ordain::workspace::{Change, Workspace};
use ordain::{Policy, decide};
use ordain_tests::{sample, shapes};
use std::hint::black_box;

const DECISIONS: usize = 10_000;

fn model(shape: &str, rules: usize) -> Model {
    let mut workspace = Workspace::default();
    for (path, text) in shapes::by_name(shape, rules, 1).expect("a shape") {
        workspace.apply(Change::Set { path, text: text.into() });
    }
    let checked = workspace.understand();
    assert!(checked.complete, "{shape}");
    checked.model
}

#[test]
fn the_counter_counts() {
    let one = measure(|| drop(black_box(Box::new(7))));
    assert_eq!((one.count_total, one.count_current), (1, 0));
    let many = measure(|| (0..100).for_each(|n| drop(black_box(vec![n; 3]))));
    assert_eq!(many.count_total, 100);
    let none = measure(|| (0..100).for_each(|n| _ = black_box(n)));
    assert_eq!(none.count_total, 0);
}

#[test]
fn a_decision_allocates_nothing() {
    let (mut forms, mut permits, mut forbids) = (Vec::new(), 0, 0);
    for (shape, rules) in [("aup", 200), ("bpm5", 100), ("dense8", 20), ("hard20", 40), ("wide40", 40), ("layers", 80)]
    {
        let model = model(shape, rules);
        let cases: Vec<Case> = sample::sample(&model, 200, 1);
        assert!(cases.len() >= 100, "{shape}: {} cases", cases.len());
        for policy in [Policy::compile(&model), Policy::compile_within(&model, 0)] {
            // What a thread decides in is made with its first decision.
            assert!(policy.decide(&cases[0]).is_ok(), "{shape}");
            let (mut decided, mut duties) = (0, 0);
            let used = measure(|| {
                for case in cases.iter().cycle().take(DECISIONS) {
                    let Ok(decision) = policy.decide(black_box(case)) else { continue };
                    decided += 1;
                    permits += usize::from(decision.verdict() == Verdict::Is(PERMIT));
                    forbids += usize::from(decision.verdict() == Verdict::Is(FORBID));
                    duties += decision.duties().count();
                }
            });
            let form = policy.form();
            assert_eq!((used.count_total, decided), (0, DECISIONS), "{shape}, {form:?}: {used:?}, {duties} duties");
            forms.push(form);
            // The same cases by the reference, which does allocate: what was measured above are decisions.
            let verdict = |case: &Case| decide::decide(&model, case).answers[0].result;
            let decided = |case: &Case| policy.decide(case).map(|d| d.verdict());
            assert!(cases.iter().take(50).all(|case| decided(case) == Ok(verdict(case))), "{shape}, {form:?}");
            assert!(measure(|| _ = black_box(verdict(&cases[0]))).count_total > 0, "{shape}");
        }
    }
    assert!(permits > 0 && forbids > 0, "{permits} and {forbids}");
    assert!(forms.contains(&Form::Array) && forms.contains(&Form::Bitsets));
}

/// Many at a time need room for their answers, and no more than that.
#[test]
fn a_batch_allocates_room_for_its_answers() {
    let model = model("aup", 200);
    let cases: Vec<Case> = sample::sample(&model, 500, 1);
    for policy in [Policy::compile(&model), Policy::compile_within(&model, 0)] {
        assert!(policy.decide(&cases[0]).is_ok());
        let used = measure(|| drop(black_box(policy.decide_batch(black_box(&cases)))));
        assert_eq!(used.count_total, 1, "{:?}: {used:?}", policy.form());
    }
}
