//! Explanations against every case of a small policy, one by one.

use super::*;
use crate::decide::check_case;
use crate::workspace::{Change as Apply, Workspace};

const POLICY: &str = "policy p { default forbid }
role student, staff { teacher, principal }
fact approved: yes/no
fact purpose: one of lesson, trip, other
fact fee: number 0 to 4 USD if purpose is trip
fact present: set of role
duty report
decision desk: one of open, closed
assume not (purpose is other and sender is principal)
rule contact {
  permit from staff provided { approved: approved  witness: present include student }
  except trips { permit when purpose is trip and fee <= 2 USD }
  oblige report when purpose is lesson
}
rule fees { require fee < 4 USD when purpose is trip }
rule students { forbid from student when purpose is lesson  advise approved }
rule gifts { permit from student when purpose is other }
rule open { desk is open when approved }
rule shut { desk is closed when purpose is other }
";

fn workspace() -> Workspace {
    let mut workspace = Workspace::default();
    workspace.apply(Apply::Set { path: "p.ordain".into(), text: POLICY.into() });
    workspace
}

/// Every legal case.
fn cases(model: &Model) -> Vec<Case> {
    let mut all = vec![Vec::new()];
    for fact in &model.facts {
        let mut values: Vec<Option<Value>> = match &fact.ty {
            Type::YesNo => [false, true].map(|b| Some(Value::Bool(b))).to_vec(),
            Type::Choice(domain) => (0..domain.values.len()).map(|v| Some(Value::Choice(v as u32))).collect(),
            Type::Number { lo, hi, .. } => (*lo..=*hi).map(|v| Some(Value::Int(v))).collect(),
            Type::Set(domain) => (0..1usize << domain.values.len())
                .map(|s| Some(Value::Set((0..domain.values.len()).filter(|i| s >> i & 1 == 1).collect())))
                .collect(),
            other => panic!("no values for {other:?}"),
        };
        if fact.exists_if.is_some() {
            values.push(None);
        }
        all = all
            .into_iter()
            .flat_map(|case: Vec<Option<Value>>| {
                values
                    .iter()
                    .map(move |v| case.iter().cloned().chain([v.clone()]).collect::<Vec<_>>())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all.into_iter().map(|values| Case { values }).filter(|case| check_case(model, case).is_empty()).collect()
}

#[test]
fn explanations_agree_with_every_case() {
    let checked = workspace().understand();
    assert!(checked.complete, "{:?}", checked.diagnostics);
    let model = &checked.model;
    let cases = cases(model);
    for (fact, value) in cases.iter().flat_map(|case| model.fact_ids().zip(&case.values)) {
        if let Some(value) = value {
            let written = given::write(model, fact, value);
            assert_eq!(given::read(model, fact, &written), Ok(Given::One(value.clone())));
        }
    }
    let decided: Vec<_> = cases.iter().map(|case| decide(model, case)).collect();
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..150 {
        // Some facts of some case.
        let original = &cases[random.usize(..cases.len())];
        let known: Vec<Known> = model
            .fact_ids()
            .filter(|_| random.bool())
            .map(|fact| Known { fact, given: original.values[fact.index()].clone().map_or(Given::Absent, Given::One) })
            .collect();
        let agrees =
            |case: &Case, facts: &[FactId]| facts.iter().all(|f| case.values[f.index()] == original.values[f.index()]);
        let facts: Vec<FactId> = known.iter().map(|k| k.fact).collect();
        let here: Vec<usize> = (0..cases.len()).filter(|&i| agrees(&cases[i], &facts)).collect();
        let explained = explain(model, &checked.sources, &known, None, 1_000_000).expect("some case has these facts");
        assert!(here.iter().any(|&i| cases[i] == explained.case) || check_case(model, &explained.case).is_empty());
        for answer in &explained.answers {
            let result = |i: usize| decided[i].answers[answer.decision.index()].result;
            let mut possible: Vec<Verdict> = here.iter().map(|&i| result(i)).collect();
            possible.sort();
            possible.dedup();
            let mut shown: Vec<Verdict> = answer.possible.iter().map(|p| p.result).collect();
            shown.sort();
            assert_eq!(shown, possible, "{known:?}");
            for example in &answer.possible {
                assert!(agrees(&example.case, &facts));
                assert_eq!(decide(model, &example.case).answers[answer.decision.index()].result, example.result);
            }
            if possible.len() == 1 {
                flips(&checked.model, &cases, answer, &facts, &explained.case, &result);
                continue;
            }
            // Cases that agree on the facts it depends on have the same result, and none of these can be left out.
            let settles = |facts: &[FactId]| {
                here.iter().all(|&i| {
                    let same =
                        |j: &usize| facts.iter().all(|f| cases[*j].values[f.index()] == cases[i].values[f.index()]);
                    here.iter().filter(|j| same(j)).all(|&j| result(i) == result(j))
                })
            };
            assert!(settles(&answer.depends_on), "{known:?} {:?}", answer.depends_on);
            for fact in &answer.depends_on {
                let fewer: Vec<FactId> = answer.depends_on.iter().copied().filter(|f| f != fact).collect();
                assert!(!settles(&fewer), "{known:?} {:?} without {fact:?}", answer.depends_on);
            }
        }
        for duty in &explained.duties {
            assert_eq!(duty.always, here.iter().all(|&i| decided[i].duties.contains(&duty.what)));
        }
        let some = here.iter().any(|&i| !decided[i].duties.is_empty());
        assert_eq!(explained.duties.is_empty(), !some);
    }
}

/// The nearest change has another result, and no case changes fewer given facts; of a set each element counts.
fn flips(
    model: &Model,
    cases: &[Case],
    answer: &Settled,
    known: &[FactId],
    original: &Case,
    result: &dyn Fn(usize) -> Verdict,
) {
    let cost = |case: &Case| -> usize {
        known
            .iter()
            .map(|f| match (&original.values[f.index()], &case.values[f.index()]) {
                (Some(Value::Set(a)), Some(Value::Set(b))) => a.difference(b).len() + b.difference(a).len(),
                (a, b) => usize::from(a != b),
            })
            .sum()
    };
    let other = |v: Verdict| matches!(v, Verdict::Is(_)) && Some(v) != answer.result;
    let best = (0..cases.len()).filter(|&i| other(result(i))).map(|i| cost(&cases[i])).min();
    match (&answer.flip, best) {
        (None, None) => {}
        (Some(flip), Some(best)) => {
            assert!(check_case(model, &flip.case).is_empty());
            assert_eq!(decide(model, &flip.case).answers[answer.decision.index()].result, flip.result);
            assert!(other(flip.result));
            assert!(cost(&flip.case) <= best, "{} > {best}: {flip:?} from {original:?}", cost(&flip.case));
        }
        (flip, best) => panic!("{flip:?} but {best:?}"),
    }
}

#[test]
fn contradictions_say_why() {
    let checked = workspace().understand();
    let model = &checked.model;
    let ask = |facts: &[(&str, &str)]| {
        let known: Vec<Known> = facts
            .iter()
            .map(|(name, value)| {
                let fact = model.find_fact(name).expect("a fact");
                Known { fact, given: given::read(model, fact, value).expect("a value") }
            })
            .collect();
        match explain(model, &checked.sources, &known, None, 1_000_000) {
            Err(Fault::NoCase { facts, why }) => {
                let names: Vec<&str> = facts.iter().map(|f| model.fact(*f).name.as_str()).collect();
                format!("{}: {}", names.join(", "), why.join("; "))
            }
            other => panic!("{other:?}"),
        }
    };
    insta::assert_snapshot!(ask(&[("approved", "yes"), ("purpose", "lesson"), ("fee", "3 USD")]), @"purpose, fee: `fee` exists only if purpose is trip");
    insta::assert_snapshot!(ask(&[("approved", "no"), ("purpose", "other"), ("sender", "principal")]), @"purpose, sender: it is assumed that not (purpose is other and sender is principal)");
    insta::assert_snapshot!(ask(&[("purpose", "trip"), ("fee", "-")]), @"purpose, fee: `fee` exists if purpose is trip");
}

#[test]
fn values_that_cannot_be_say_what_can() {
    let checked = workspace().understand();
    let model = &checked.model;
    let ask = |name: &str, value: &str| match given::read(model, model.find_fact(name).expect("a fact"), value) {
        Ok(given) => format!("{given:?}"),
        Err(refused) => format!("{} ({})", refused.message, refused.help),
    };
    let asked = [
        ("approved", "maybe"),
        ("approved", "-"),
        ("purpose", "lessen"),
        ("purpose", "nothing"),
        ("fee", "5 USD"),
        ("fee", "1.5"),
        ("present", "staff"),
        ("present", "student, teecher"),
        ("sender", "staff"),
    ];
    let lines: Vec<String> = asked.iter().map(|(name, value)| ask(name, value)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    `maybe` is no value of `approved` (write `yes` or `no`)
    `approved` exists in every case (leave it out where it is not known)
    `lessen` is no value of `purpose` (did you mean `lesson`?)
    `nothing` is no value of `purpose` (it can be `lesson`, `trip`, `other`)
    `5 USD` is no value of `fee` (write a number from 0 to 4 USD)
    `1.5` is no value of `fee` (write a number from 0 to 4 USD)
    `staff` stands for several elements of `present` (name those that are there: `teacher`, `principal`)
    `teecher` is no value of `present` (did you mean `teacher`?)
    Among({1, 2})
    ");
}
