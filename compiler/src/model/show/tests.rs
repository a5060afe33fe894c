//! Cases and conditions in words, and as Ordain text that parses and holds.

use super::*;
use crate::decide::{check_case, holds};
use crate::lower::Lowered;
use crate::tabulate::tests::model;
use crate::{diagram::Diagrams, witness};

const MEETINGS: &str = r#"
policy p { timezone "America/Chicago" default forbid }
role student, guardian, staff { teacher "class teacher", assistant_principal }
guardian may be staff
channel email, video { google_meet "Google Meet", zoom }
fact fee: number 0.00 to 500.00 USD
fact age: number 0 to 120 years
fact account: one of district, personal if channel is email
fact approved: yes/no "approved by the school beforehand"
fact recorded, consent: yes/no if channel is video
fact invited, starts: datetime if channel is video
fact day: date
fact rings: time
fact attendees: set of role
rule r {
  permit video from staff to student
  when fee <= 50.00 USD and age >= 17 years and not recorded and rings before 15:00 and day on weekdays
  provided { notice: invited at least 4 days before starts  guardian: attendees include guardian }
}
rule s { permit email when account is district and approved }
"#;

#[test]
fn values_in_words() {
    let (_, model) = model(MEETINGS);
    let say = |name: &str, v: Value| {
        let fact = model.find_fact(name).unwrap();
        format!("{} | {} | {}", value(&model, fact, &v), fact_is(&model, fact, Some(&v)), fact_is(&model, fact, None))
    };
    let minutes = model.zone.instant(time::parse_date("2026-09-14").unwrap(), 15 * 60);
    let lines = [
        say("fee", Value::Int(5001)),
        say("age", Value::Int(17)),
        say("account", Value::Choice(0)),
        say("approved", Value::Bool(true)),
        say("recorded", Value::Bool(false)),
        say("invited", Value::Int(minutes)),
        say("day", Value::Int(time::parse_date("2026-09-14").unwrap())),
        say("rings", Value::Int(900)),
        say("attendees", Value::Set(Bits::new())),
        say("attendees", Value::Set([1usize, 2].into_iter().collect())),
        say("channel", Value::Choice(1)),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}

/// Random cases of the model, each with a random choice of its facts, as sentence and claim.
fn samples(text: &str, seeds: std::ops::Range<u64>) -> Vec<(String, String)> {
    let (_, model) = model(text);
    let lowered = Lowered::new(&model, &[], 1_000_000);
    let mut found = Vec::new();
    for seed in seeds {
        let mut rng = fastrand::Rng::with_seed(seed);
        let prefer: Vec<Vec<u64>> =
            lowered.dd.cells().iter().map(|n| (0..*n).map(|_| rng.u64(0..100)).collect()).collect();
        let picked = lowered.dd.pick(lowered.space.valid, &|l, c| prefer[l][c as usize]).unwrap();
        let case = lowered.space.case(&model, &picked).unwrap();
        assert_eq!(check_case(&model, &case), Vec::<String>::new());
        let mut facts = reading_order(&model);
        facts.retain(|f| case.values[f.index()].is_some() && rng.u8(0..3) > 0);
        // What is written parses, holds in the case, and is about nothing but cases that agree with it.
        let tail = claim_tail(&model, &case, &facts);
        let (_, written) = self::model(&format!("{text}\nexpect \"x\" {{ permit{tail} }}"));
        let scope = &written.expectations[0].scope;
        assert!(holds(&written, scope, &case), "{tail}");
        let whole = condition(&model, &case, &facts);
        if !whole.is_empty() {
            let (_, written) = self::model(&format!("{text}\nexpect \"x\" {{ permit when {whole} }}"));
            assert!(holds(&written, &written.expectations[0].scope, &case), "{whole}");
            let mut lowered = Lowered::new(&written, &[], 1_000_000);
            let about = lowered.cond(&written.expectations[0].scope);
            let same = witness::agreeing(&mut lowered, &case, &facts);
            assert!(about != Diagrams::FALSE && lowered.dd.implies(about, same), "{whole}");
        }
        found.push((sentence(&model, &case, &facts), tail));
    }
    found
}

#[test]
fn cases_in_sentences() {
    let lines: Vec<String> = samples(MEETINGS, 0..12).into_iter().map(|(s, t)| format!("{s}\n   {t}")).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn written_conditions_hold_in_their_case() {
    samples(MEETINGS, 100..140);
}

#[test]
fn failing_conditions_say_why() {
    let (sources, model) = model(MEETINGS);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let rule = model.find_clause("r").unwrap();
    let mut lines = Vec::new();
    let region = lowered.says(rule, FORBID);
    let (case, _) = witness::choose(&mut lowered, region, None).unwrap();
    for proviso in &model.clause(rule).outcome.as_ref().unwrap().provisos {
        lines.push(format!("{}: {}", proviso.name, failing(&model, &sources, &proviso.cond, &case)));
    }
    let region = lowered.applies[rule.index()];
    let other = lowered.dd.diff(lowered.space.valid, region);
    let (case, _) = witness::choose(&mut lowered, other, None).unwrap();
    for part in model.clause(rule).scope.conjuncts() {
        lines.push(format!("{} | {}", describe(&model, part), failing(&model, &sources, part, &case)));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn articles() {
    let said = [
        "teacher",
        "assistant principal",
        "IB coordinator",
        "unit",
        "hour",
        "user",
        "unimportant person",
        "US citizen",
    ]
    .map(with_article);
    assert_eq!(
        said.join(", "),
        "a teacher, an assistant principal, an IB coordinator, a unit, an hour, a user, an unimportant person, a US citizen"
    );
}
