//! The scripts of small policies, and the tables of times against the definitions. That the answers are right is for the
//! solvers to say: `tests/certify/run`.

use super::*;
use crate::analyse;
use crate::decide;
use crate::expect;
use crate::lower::Lowered;
use crate::model::time::ALL_DAYS;
use crate::tabulate::tests::model;
use insta::assert_snapshot;

fn certificates(text: &str) -> Certificates {
    let (sources, model) = model(text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let findings: Vec<Kind> = analyse::findings(&mut lowered, None).into_iter().map(|f| f.kind).collect();
    let expectations: Vec<(bool, bool)> =
        expect::run(&mut lowered, &sources).iter().map(|r| (r.holds, r.vacuous)).collect();
    certify(&model, &sources, Verdicts { findings: &findings, expectations: &expectations })
}

/// All claims, a line each.
fn claims(text: &str) -> String {
    let certificates = certificates(text);
    let lines = certificates.scripts.iter().flat_map(|s| s.claims.iter().map(move |c| (s, c)));
    lines.map(|(s, c)| format!("{} {}: {}\n", s.file, c.expected, c.claim)).collect()
}

const DOORS: &str = "policy p { default forbid }
fact late: yes/no
fact guest: one of known, stranger if late
rule open { permit when late }
rule shut { forbid when guest is stranger }
expect \"known people come in\" { permit when guest is known by open }";

#[test]
fn a_script_is_read_from_top_to_bottom() {
    let certificates = certificates(DOORS);
    let script = certificates.scripts.iter().find(|s| s.file == "decision-verdict.smt2").map(|s| s.text.as_str());
    assert_snapshot!(script.unwrap_or_default(), @r#"
    ; The decision `verdict`: conflicts and gaps
    ;
    ; 1. sat: `open` and `shut` say different things in one case
    ; 2. unsat: no two rules but these say different things in one case
    ; 3. unsat: every case is decided

    ; Each (check-sat) below must give the answer that is stated before it: unsat, there is no such case; sat, there is one.
    (set-info :smt-lib-version 2.6)
    (set-logic ALL)

    ; ---- the policy

    (define-fun |every assumption holds| () Bool
      true)
    ; fact `late`
    (declare-const |late| Bool)
    (define-fun |open applies| () Bool
      |late|)
    (define-fun |open remains| () Bool
      |open applies|)
    (define-fun |open stands| () Bool
      |open remains|)
    (define-fun |open says permit| () Bool
      |open stands|)
    (define-fun |guest exists| () Bool
      |late|)
    (declare-datatypes ((|values of guest| 0)) (((|guest: known|) (|guest: stranger|))))
    ; fact `guest`
    (declare-const |guest| |values of guest|)
    (define-fun |shut applies| () Bool
      (and |guest exists| (= |guest| |guest: stranger|)))
    (define-fun |shut remains| () Bool
      |shut applies|)
    (define-fun |shut stands| () Bool
      |shut remains|)
    (define-fun |shut says forbid| () Bool
      |shut stands|)
    ; the numbers of two rules: 0 `open`, 1 `shut`
    (declare-const |one rule of verdict| Int)
    ; the numbers of the values that they say
    (declare-const |one says of verdict| Int)
    (declare-const |other rule of verdict| Int)
    (declare-const |other says of verdict| Int)
    (define-fun |verdict is undecided| () Bool
      false)
    (assert |every assumption holds|)

    ; ---- the claims

    ; 1. `open` and `shut` say different things in one case
    (push 1)
    (set-info :status sat)
    (assert (and |open says permit| |shut says forbid|))
    (check-sat)
    (pop 1)

    ; 2. no two rules but these say different things in one case
    (push 1)
    (set-info :status unsat)
    (assert (and (or (and (= |one rule of verdict| 0) (and |open says permit| (= |one says of verdict| 0))) (and (= |one rule of verdict| 1) (and |shut says forbid| (= |one says of verdict| 1)))) (or (and (= |other rule of verdict| 0) (and |open says permit| (= |other says of verdict| 0))) (and (= |other rule of verdict| 1) (and |shut says forbid| (= |other says of verdict| 1)))) (< |one rule of verdict| |other rule of verdict|) (distinct |one says of verdict| |other says of verdict|) (not (and (= |one rule of verdict| 0) (= |other rule of verdict| 1)))))
    (check-sat)
    (pop 1)

    ; 3. every case is decided
    (push 1)
    (set-info :status unsat)
    (assert |verdict is undecided|)
    (check-sat)
    (pop 1)
    "#);
}

#[test]
fn every_verdict_is_claimed() {
    assert_snapshot!(claims(DOORS), @r#"
    cases.smt2 sat: there are cases that meet every assumption
    decision-verdict.smt2 sat: `open` and `shut` say different things in one case
    decision-verdict.smt2 unsat: no two rules but these say different things in one case
    decision-verdict.smt2 unsat: every case is decided
    rule-open.smt2 sat: the rule `open` decides a case, or a duty, advice or a waiver of it counts in one
    rule-open.smt2 sat: without the rule `open` some case that it decides is not decided the same by another rule
    rule-open.smt2 sat: `late` is true somewhere where it is asked
    rule-open.smt2 sat: `late` is false somewhere where it is asked
    rule-shut.smt2 sat: the rule `shut` decides a case, or a duty, advice or a waiver of it counts in one
    rule-shut.smt2 sat: without the rule `shut` some case that it decides is not decided the same by another rule
    rule-shut.smt2 sat: `guest is stranger` is true somewhere where it is asked
    rule-shut.smt2 sat: `guest is stranger` is false somewhere where it is asked
    expectation-1-known-people-come-in.smt2 sat: it is about some case
    expectation-1-known-people-come-in.smt2 unsat: all of its cases are as it claims
    "#);
}

#[test]
fn dead_rules_say_why() {
    let text = "fact a, b, c: yes/no
rule r { permit when a or b }
rule never { forbid when a and b and not a }
exception x to r { forbid when a and c }
exception y to r { waive when not c or b }
exception z to r { forbid when not a and not b }
rule twin { permit when a and not c and b or c and b and a }
duty call
duty keep excludes call
rule calls { oblige call when a }
rule keeps { oblige keep when b }
rule asks { require not a when b }";
    assert_snapshot!(claims(text), @r#"
    cases.smt2 sat: there are cases that meet every assumption
    decision-verdict.smt2 sat: `x` and `twin` say different things in one case
    decision-verdict.smt2 unsat: no two rules but these say different things in one case
    decision-verdict.smt2 sat: a case is undecided
    duties.smt2 sat: the duties `call` and `keep` exclude one another and both follow in one case
    rule-r.smt2 sat: the rule `r` applies in some case
    rule-r.smt2 unsat: the rule `r` decides no case, and no duty, advice or waiver of it counts
    rule-r.smt2 unsat: wherever the rule `r` applies, one of `x` and `y` takes its effect
    rule-r.smt2 sat: somewhere the rule `r` applies and no other of `x` and `y` than `x` takes its effect
    rule-r.smt2 sat: somewhere the rule `r` applies and no other of `x` and `y` than `y` takes its effect
    rule-r.smt2 sat: `a or b` is true somewhere where it is asked
    rule-r.smt2 sat: `a or b` is false somewhere where it is asked
    rule-r.smt2 sat: `a` is true somewhere where it is asked
    rule-r.smt2 sat: `a` is false somewhere where it is asked
    rule-r.smt2 sat: `b` is true somewhere where it is asked
    rule-r.smt2 sat: `b` is false somewhere where it is asked
    rule-never.smt2 unsat: the rule `never` applies in no case
    rule-never.smt2 unsat: no case meets `a` and `not a`
    rule-never.smt2 sat: without `a` some case meets the rest
    rule-never.smt2 sat: without `not a` some case meets the rest
    rule-x.smt2 sat: the exception `x` decides a case, or a duty, advice or a waiver of it counts in one
    rule-x.smt2 sat: the exception `x` says something else than what takes its place without it
    rule-x.smt2 sat: `c` is true somewhere where it is asked
    rule-x.smt2 sat: `c` is false somewhere where it is asked
    rule-x.smt2 sat: `a` is true somewhere where it is asked
    rule-x.smt2 sat: `a` is false somewhere where it is asked
    rule-y.smt2 sat: the exception `y` decides a case, or a duty, advice or a waiver of it counts in one
    rule-y.smt2 sat: the exception `y` says something else than what takes its place without it
    rule-y.smt2 sat: `not c or b` is true somewhere where it is asked
    rule-y.smt2 sat: `not c or b` is false somewhere where it is asked
    rule-y.smt2 sat: `not c` is true somewhere where it is asked
    rule-y.smt2 sat: `not c` is false somewhere where it is asked
    rule-y.smt2 sat: `c` is true somewhere where it is asked
    rule-y.smt2 sat: `c` is false somewhere where it is asked
    rule-y.smt2 sat: `b` is true somewhere where it is asked
    rule-y.smt2 sat: `b` is false somewhere where it is asked
    rule-z.smt2 unsat: the exception `z` applies in no case, for it never meets what it is an exception to
    rule-z.smt2 sat: the condition of the exception `z` holds in some case
    rule-z.smt2 sat: `r` applies in some case
    rule-twin.smt2 sat: the rule `twin` decides a case, or a duty, advice or a waiver of it counts in one
    rule-twin.smt2 sat: without the rule `twin` some case that it decides is not decided the same by another rule
    rule-twin.smt2 sat: `a and not c and b or c and b and a` is true somewhere where it is asked
    rule-twin.smt2 sat: `a and not c and b or c and b and a` is false somewhere where it is asked
    rule-twin.smt2 sat: `a and not c and b` is true somewhere where it is asked
    rule-twin.smt2 sat: `a and not c and b` is false somewhere where it is asked
    rule-twin.smt2 sat: `b` is true somewhere where it is asked
    rule-twin.smt2 sat: `b` is false somewhere where it is asked
    rule-twin.smt2 sat: `not c` is true somewhere where it is asked
    rule-twin.smt2 sat: `not c` is false somewhere where it is asked
    rule-twin.smt2 sat: `c` is true somewhere where it is asked
    rule-twin.smt2 sat: `c` is false somewhere where it is asked
    rule-twin.smt2 sat: `a` is true somewhere where it is asked
    rule-twin.smt2 sat: `a` is false somewhere where it is asked
    rule-twin.smt2 sat: `c and b and a` is true somewhere where it is asked
    rule-twin.smt2 sat: `c and b and a` is false somewhere where it is asked
    rule-twin.smt2 sat: `a` is true somewhere where it is asked
    rule-twin.smt2 sat: `a` is false somewhere where it is asked
    rule-twin.smt2 sat: `b` is true somewhere where it is asked
    rule-twin.smt2 sat: `b` is false somewhere where it is asked
    rule-twin.smt2 sat: `c` is true somewhere where it is asked
    rule-twin.smt2 sat: `c` is false somewhere where it is asked
    rule-calls.smt2 sat: the rule `calls` decides a case, or a duty, advice or a waiver of it counts in one
    rule-calls.smt2 sat: `a` is true somewhere where it is asked
    rule-calls.smt2 sat: `a` is false somewhere where it is asked
    rule-keeps.smt2 sat: the rule `keeps` decides a case, or a duty, advice or a waiver of it counts in one
    rule-keeps.smt2 sat: `b` is true somewhere where it is asked
    rule-keeps.smt2 sat: `b` is false somewhere where it is asked
    rule-asks.smt2 sat: the rule `asks` decides a case, or a duty, advice or a waiver of it counts in one
    rule-asks.smt2 sat: without the rule `asks` some case that it decides is not decided the same by another rule
    rule-asks.smt2 sat: `b` is true somewhere where it is asked
    rule-asks.smt2 sat: `b` is false somewhere where it is asked
    rule-asks.smt2 sat: `not a` is true somewhere where it is asked
    rule-asks.smt2 sat: `not a` is false somewhere where it is asked
    rule-asks.smt2 sat: `a` is true somewhere where it is asked
    rule-asks.smt2 sat: `a` is false somewhere where it is asked
    rule-asks-requirement-1.smt2 sat: in some case this is in the way and no choice of its facts is permitted
    rule-asks-requirement-1-blockers.smt2 sat: in some such case no choice that meets it is one that anything permits
    "#);
}

#[test]
fn local_dates_are_those_of_the_zone() {
    let zones =
        ["UTC", "America/Chicago", "Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "America/Santiago"];
    for name in zones {
        let zone = Zone::find(name).unwrap_or_else(Zone::utc);
        let range = (zone.day_start(ALL_DAYS.0 + 2), zone.day_start(ALL_DAYS.1 - 2));
        let clock = time::clock(&zone, range);
        let changes = zone.pieces().iter().map(|p| p.0).filter(|p| (range.0..=range.1).contains(p));
        let near = changes.flat_map(|p| (-1500..1500).step_by(7).map(move |m| p + m).chain([p - 1, p]));
        let spread = (range.0..range.1).step_by(100_003);
        for instant in near.chain(spread).filter(|i| (range.0..=range.1).contains(i)) {
            let ahead = clock[clock.partition_point(|s| s.0 <= instant).saturating_sub(1)].1;
            let reading = instant + ahead;
            assert_eq!((reading.div_euclid(1440), reading.rem_euclid(1440)), zone.local(instant), "{name} {instant}");
        }
    }
}

#[test]
fn days_of_periods_are_counted_as_decide_counts_them() {
    let text = "fact d: date 2026-01-01 to 2027-12-31
period year = 2026-03-02 to 2026-12-20
period rest = 2026-07-01 to 2026-07-15
period nights = Friday, Sunday 20:00 to 06:30 during year
period lessons = weekdays 08:00 to 15:30 during year except rest
period all_of_it = (lessons or nights) except rest
rule r { permit when d during all_of_it }";
    let (_, model) = model(text);
    for id in (0..model.periods.len() as u32).map(PeriodId) {
        let stretches = time::passed(&model, id);
        let count = |day: i64| {
            let (_, mask, base) = stretches[stretches.partition_point(|s| s.0 <= day).saturating_sub(1)];
            let (week, weekday) = ((day + 3).div_euclid(7), (day + 3).rem_euclid(7));
            base + week * i64::from(mask.count_ones()) + (0..=weekday).filter(|d| mask >> d & 1 == 1).count() as i64
        };
        for day in 20_400..21_000 {
            let is = decide::within(&model, id, day, None);
            assert_eq!(count(day) - count(day - 1), i64::from(is), "{} {day}", model.period(id).name);
        }
    }
}
