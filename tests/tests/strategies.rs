//! Several ways to one answer: on policies far too large to look at every case, the ways are held against each other.
//!
//! The rules are those of `shapes`: a district's, tables, dense and hard ones, and ones made to be in the way. Conflicting
//! pairs found by neighbourhood against all pairs asked one by one; redundant rules by boxes against diagrams; gaps by
//! diagram, by counting and by search; and of every set that a finding names, that it suffices and that none of it can be
//! left out. Steps are pinned, so that what grows is seen.
//!
//! `cargo test` takes some 120 rules a shape, a full run those of `ORDAIN_RULES`:
//!
//! ```text
//! ORDAIN_RULES=2000 cargo test --profile thorough -p ordain-tests --test strategies
//! ```

use ordain::analyse::gap::{self, Gap};
use ordain::analyse::{self, Finding, Found, Kind};
use ordain::diagram::{Diagrams, Node};
use ordain::lower::Lowered;
use ordain::model::*;
use ordain_tests::random::check::compile;
use ordain_tests::shapes::by_name;

/// Rules of an ordinary run.
const RULES: usize = 120;
const BUDGET: u64 = 20_000_000;
/// Steps of the diagrams alone, for each question; where they need more there is nothing to compare with.
const DIAGRAMS: u64 = 100_000;
/// Enough for each question about a district's rules.
const SMALL: u64 = 2_100;

/// Shapes that any way can deal with, and the part of the rules that they get.
const SHAPES: [(&str, usize); 12] = [
    ("aup", 1),
    ("bpm3", 1),
    ("bpm5", 1),
    ("bpm7", 1),
    ("bpm9", 2),
    ("dense8", 1),
    ("dense20", 4),
    ("hard20", 4),
    ("sel8", 1),
    ("wide40", 8),
    ("wildcards", 2),
    ("staircase", 1),
];

fn rules() -> usize {
    std::env::var("ORDAIN_RULES").ok().and_then(|v| v.parse().ok()).unwrap_or(RULES)
}

fn model(shape: &str, rules: usize, seed: u64) -> Model {
    let text = by_name(shape, rules, seed).expect("a shape");
    match compile(&[("main.ordain".to_string(), text)]) {
        Ok((_, model)) => model,
        Err(failure) => panic!("{shape} {rules} {seed}: {}: {}", failure.label, failure.text),
    }
}

/// Each shape, in a thread of its own: some are much slower than others.
fn each(check: impl Fn(&str, &mut Lowered<'_>) + Sync) {
    std::thread::scope(|scope| {
        for half in 0..2 {
            let check = &check;
            scope.spawn(move || {
                for (shape, part) in SHAPES.iter().skip(half).step_by(2) {
                    for seed in 1..=2 {
                        let model = model(shape, (rules() / part).max(20), seed);
                        let mut lowered = Lowered::new(&model, &[], BUDGET);
                        assert!(!lowered.dd.exhausted(), "{shape}");
                        check(&format!("{shape}, seed {seed}"), &mut lowered);
                    }
                }
            });
        }
    });
}

#[test]
fn conflicts_are_those_of_all_pairs() {
    each(|shape, lowered| {
        let model = lowered.model;
        let mut found = Found::default();
        analyse::conflict::find(lowered, &mut found);
        let mut naive = Vec::new();
        let words: Vec<_> = model.clause_ids().map(|id| lowered.words(id)).collect();
        let decision = |id: ClauseId| model.clause(id).outcome.as_ref().map(|o| o.decision);
        for a in model.clause_ids().filter(|a| decision(*a).is_some()) {
            for b in model.clause_ids().filter(|b| a < *b && decision(a) == decision(*b)) {
                let mut meet = false;
                for (v, x) in &words[a.index()] {
                    for (_, y) in words[b.index()].iter().filter(|w| w.0 != *v) {
                        meet |= lowered.dd.and(*x, *y) != Diagrams::FALSE;
                    }
                }
                if meet {
                    naive.push(Kind::Conflict { decision: decision(a).expect("one"), a, b });
                }
            }
        }
        naive.sort();
        let found: Vec<Kind> = found.findings.into_iter().map(|f| f.kind).collect();
        assert_eq!(found.len(), naive.len(), "{shape}: pairs");
        assert!(found == naive, "{shape}: the pairs differ");
    });
}

#[test]
fn redundant_rules_are_those_of_the_diagrams() {
    each(|shape, lowered| {
        let by = |list: Vec<Finding>| {
            list.into_iter().filter_map(|f| match f.kind {
                Kind::Redundant { clause, .. } => Some(clause),
                _ => None,
            })
        };
        let (mut boxes, mut diagrams, mut all, mut asked) =
            (Found::default(), Found::default(), Found::default(), Found::default());
        let needed = analyse::redundant::find(lowered, &mut boxes);
        assert!(boxes.unfinished() == 0, "{shape}");
        // One by one, and all at once.
        for many in [usize::MAX, 0] {
            let mut found = Found::default();
            analyse::redundant::find_from(lowered, &mut found, many);
            assert_eq!(found.unfinished(), 0, "{shape}");
            assert_eq!(found.findings, boxes.findings, "{shape}: redundant, from {many} neighbours");
        }
        minimal(shape, lowered, &boxes.findings);
        lowered.dd.set_budget(DIAGRAMS);
        analyse::redundant::find_by_diagrams(lowered, &mut diagrams);
        lowered.dd.set_budget(BUDGET);
        if diagrams.unfinished() == 0 {
            let (one, other): (Vec<_>, Vec<_>) = (by(boxes.findings).collect(), by(diagrams.findings).collect());
            assert_eq!(one, other, "{shape}: redundant");
        }
        // A rule that is needed is reachable.
        analyse::reach::find(lowered, &mut asked, &needed);
        analyse::reach::find(lowered, &mut all, &vec![false; needed.len()]);
        assert_eq!(asked.findings, all.findings, "{shape}: unreachable");
        minimal(shape, lowered, &all.findings);
    });
}

/// Rules that need more than a question may take together are each asked about within its own.
#[test]
fn what_is_asked_at_once_takes_nothing_from_the_questions() {
    let model = model("aup", 1_000, 1);
    let unfinished = [0, usize::MAX].map(|many| {
        let mut lowered = Lowered::new(&model, &[], BUDGET);
        lowered.dd.set_budget(SMALL);
        let mut found = Found::default();
        analyse::redundant::find_from(&mut lowered, &mut found, many);
        found.unfinished()
    });
    assert_eq!(unfinished, [0, 0]);
}

/// What a finding names suffices, and nothing of it can be left out.
fn minimal(shape: &str, lowered: &mut Lowered<'_>, findings: &[Finding]) {
    for finding in findings.iter().take(60) {
        let (by, region) = match &finding.kind {
            Kind::Redundant { by, .. } | Kind::Unreachable { by, .. } if !by.is_empty() => {
                (by, finding.region(lowered))
            }
            _ => continue,
        };
        let mut sets: Vec<Node> = Vec::new();
        for &other in by {
            sets.push(match &finding.kind {
                Kind::Redundant { .. } => lowered.decides(other),
                _ => {
                    let fails = lowered.fails[other.index()].clone();
                    let says = lowered.says_verdict(other, FORBID);
                    let fails = lowered.dd.or_all(&fails);
                    lowered.dd.or_all(&[lowered.applies[other.index()], fails, says])
                }
            });
        }
        let all = lowered.dd.or_all(&sets);
        assert!(lowered.dd.implies(region, all), "{shape}: {:?} does not suffice", finding.kind);
        for leave in 0..sets.len() {
            let rest: Vec<Node> = sets.iter().enumerate().filter(|(i, _)| *i != leave).map(|(_, s)| *s).collect();
            let rest = lowered.dd.or_all(&rest);
            assert!(!lowered.dd.implies(region, rest), "{shape}: {:?} names too many", finding.kind);
        }
    }
}

#[test]
fn parts_that_contradict_are_needed() {
    each(|shape, lowered| {
        let model = lowered.model;
        let mut found = Found::default();
        analyse::scope::find(lowered, &mut found);
        for finding in &found.findings {
            let Kind::NeverApplies { clause, parts, statement: None } = &finding.kind else { continue };
            let conds = analyse::scope::conjuncts(&model.clause(*clause).scope);
            let nodes: Vec<Node> = conds.iter().filter(|c| parts.contains(&c.span)).map(|c| lowered.cond(c)).collect();
            assert_eq!(lowered.dd.and_all(&nodes), Diagrams::FALSE, "{shape}: {:?}", finding.kind);
            for leave in 0..nodes.len() {
                let rest: Vec<Node> = nodes.iter().enumerate().filter(|(i, _)| *i != leave).map(|(_, n)| *n).collect();
                let rest = lowered.dd.and_all(&rest);
                let rest = lowered.dd.and(rest, lowered.space.valid);
                assert_ne!(rest, Diagrams::FALSE, "{shape}: {:?}", finding.kind);
            }
        }
    });
}

#[test]
fn gaps_are_the_same_by_every_way() {
    each(|shape, lowered| {
        let model = lowered.model;
        for decision in (0..model.decisions.len() as u32).map(DecisionId) {
            let Some(voices) = gap::voices(lowered, decision) else { continue };
            if voices.is_empty() {
                continue;
            }
            let searched = gap::by_search(lowered, &voices);
            let counted = lowered.attempt(BUDGET, |lowered| gap::by_counting(lowered, &voices)).flatten();
            if let Some(counted) = counted {
                assert_eq!(searched == Gap::None, counted == Gap::None, "{shape}: counting");
            }
            // What is found is open: nobody decides any of it.
            for found in [Some(searched), counted].into_iter().flatten() {
                if let Gap::Some(node, _) = found {
                    for id in lowered.speakers(decision).collect::<Vec<_>>() {
                        let stands = lowered.stands[id.index()];
                        assert!(lowered.dd.disjoint(node, stands), "{shape}: an open case that is decided");
                    }
                }
            }
            // Where a default decides what is open, the same cases are those that it decides.
            lowered.dd.begin();
            let whole = lowered.attempt(10 * DIAGRAMS, |lowered| {
                let sets = lowered.decision(decision);
                if model.decision(decision).default.is_some() { sets.defaulted } else { sets.undecided }
            });
            let Some(whole) = whole else { continue };
            assert_eq!(searched == Gap::None, whole == Diagrams::FALSE, "{shape}: search");
            if let Some(Gap::Some(_, Some(count))) = counted {
                assert_eq!(count, lowered.dd.count(whole), "{shape}: how many are open");
            }
            // The answers part the cases.
            let sets = lowered.decision(decision);
            let parts: Vec<Node> = sets.result.iter().copied().chain([sets.conflict, sets.undecided]).collect();
            let sum: u128 = parts.iter().map(|p| lowered.dd.count(*p)).fold(0, u128::saturating_add);
            let all = lowered.space.valid;
            assert_eq!(sum, lowered.dd.count(all), "{shape}: counts");
        }
    });
}

/// Steps of the whole analysis. They are the same on every machine; where they grow faster than the rules, something has
/// become quadratic.
#[test]
fn steps_grow_with_the_rules() {
    let mut told = String::new();
    for (shape, sizes) in [("aup", [250, 500, 1000]), ("bpm5", [250, 500, 1000]), ("sel8", [250, 500, 1000])] {
        for rules in sizes {
            let model = model(shape, rules, 1);
            let mut lowered = Lowered::new(&model, &[], BUDGET);
            let lowering = lowered.dd.steps();
            let found = analyse::findings(&mut lowered, None);
            let asking = lowered.dd.steps() - lowering;
            told += &format!("{shape:6} {rules:5}  lowering {lowering:6}  asking {asking:6}  {} found\n", found.len());
        }
    }
    insta::assert_snapshot!(told);
}
