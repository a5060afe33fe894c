//! Several ways to one answer: on policies far too large to look at every case, the ways are held against each other.
//!
//! The rules are those of `shapes`: a district's, tables, dense and hard ones, and ones made to be in the way. Conflicting
//! pairs found by neighbourhood against all pairs asked one by one; redundant rules by boxes against diagrams; gaps by
//! diagram, by counting and by search; and of every set that a finding names, that it suffices and that none of it can be
//! left out. Steps are pinned, so that what grows is seen.
//!
//! `cargo test` takes up to 120 rules a shape, a full run up to those of `ORDAIN_RULES`, and at least 200:
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
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Rules of an ordinary run.
const RULES: usize = 120;
/// Rules that every shape has at least in a full run.
const FULL: usize = 200;
const BUDGET: u64 = 20_000_000;
/// Steps of the diagrams alone, for each question; where they need more there is nothing to compare with.
const DIAGRAMS: u64 = 100_000;
/// Enough for each question about a district's rules.
const SMALL: u64 = 2_100;

/// Shapes that any way can deal with, and the part of the rules that they get.
const SHAPES: [(&str, usize); 13] = [
    ("aup", 1),
    ("bpm3", 1),
    ("bpm5", 1),
    ("bpm7", 1),
    ("bpm9", 2),
    ("dense8", 1),
    ("dense20", 4),
    ("hard20", 4),
    ("layers", 1),
    ("sel8", 1),
    ("wide40", 8),
    ("wildcards", 2),
    ("staircase", 1),
];

/// Shapes in which no rules conflict.
const NO_CONFLICTS: [&str; 2] = ["aup", "layers"];
/// Shapes of which the diagrams need too many steps, in an ordinary run and in a full one. There the ways without diagrams
/// are held against each other, what findings name is checked, and no case at random says otherwise.
const TOO_LARGE: [&[&str]; 2] = [&["hard20"], &["dense8", "dense20", "hard20", "wide40"]];
/// Cases at random.
const SAMPLES: usize = 2_000;

fn rules() -> usize {
    std::env::var("ORDAIN_RULES").ok().and_then(|v| v.parse().ok()).unwrap_or(RULES)
}

fn model(shape: &str, rules: usize, seed: u64) -> Model {
    compiled(shape, &by_name(shape, rules, seed).expect("a shape"), rules, seed)
}

fn compiled(shape: &str, files: &[(String, String)], rules: usize, seed: u64) -> Model {
    match compile(files) {
        Ok((_, model)) => model,
        Err(failure) => panic!("{shape} {rules} {seed}: {}: {}", failure.label, failure.text),
    }
}

/// Each shape, on two threads: some are much slower than others. The check says how much there was to compare; the shapes
/// for which there was nothing are returned.
fn each(check: impl Fn(&str, &mut Lowered<'_>) -> usize + Sync) -> Vec<&'static str> {
    let compared: [AtomicUsize; SHAPES.len()] = std::array::from_fn(|_| AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (check, compared) = (&check, &compared);
            scope.spawn(move || {
                for (i, (shape, part)) in SHAPES.iter().enumerate().skip(half).step_by(2) {
                    for seed in 1..=2 {
                        let least = if rules() >= FULL { FULL } else { 20 };
                        let model = model(shape, (rules() / part).max(least), seed);
                        let mut lowered = Lowered::new(&model, &[], BUDGET);
                        assert!(!lowered.dd.exhausted(), "{shape}");
                        compared[i].fetch_add(check(&format!("{shape}, seed {seed}"), &mut lowered), Relaxed);
                    }
                }
            });
        }
    });
    SHAPES.iter().zip(&compared).filter(|(_, n)| n.load(Relaxed) == 0).map(|(shape, _)| shape.0).collect()
}

#[test]
fn conflicts_are_those_of_all_pairs() {
    let nothing = each(|shape, lowered| {
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
        naive.len()
    });
    assert!(nothing.iter().all(|shape| NO_CONFLICTS.contains(shape)), "{nothing:?}");
}

#[test]
fn redundant_rules_are_those_of_the_diagrams() {
    let sets = AtomicUsize::new(0);
    let nothing = each(|shape, lowered| {
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
        // One by one, all at once, and half of them at once.
        let mut near: Vec<usize> = lowered.model.clause_ids().map(|id| lowered.near(id).len()).collect();
        near.sort_unstable();
        for many in [usize::MAX, 0, near[near.len() / 2]] {
            let mut found = Found::default();
            analyse::redundant::find_from(lowered, &mut found, many);
            assert_eq!(found.unfinished(), 0, "{shape}");
            assert_eq!(found.findings, boxes.findings, "{shape}: redundant, from {many} neighbours");
        }
        sets.fetch_add(minimal(shape, lowered, &boxes.findings), Relaxed);
        lowered.dd.set_budget(DIAGRAMS);
        analyse::redundant::find_by_diagrams(lowered, &mut diagrams);
        lowered.dd.set_budget(BUDGET);
        let compared = diagrams.unfinished() == 0;
        if compared {
            let (one, other): (Vec<_>, Vec<_>) = (by(boxes.findings).collect(), by(diagrams.findings).collect());
            assert_eq!(one, other, "{shape}: redundant");
        }
        // A rule that is needed is reachable.
        analyse::reach::find(lowered, &mut asked, &needed);
        analyse::reach::find(lowered, &mut all, &vec![false; needed.len()]);
        assert_eq!(asked.findings, all.findings, "{shape}: unreachable");
        sets.fetch_add(minimal(shape, lowered, &all.findings), Relaxed);
        usize::from(compared)
    });
    assert!(nothing.iter().all(|shape| TOO_LARGE[usize::from(rules() > RULES)].contains(shape)), "{nothing:?}");
    let sets = sets.into_inner();
    assert!(sets > 100, "{sets}");
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

/// No question takes more than it may, however it is answered.
#[test]
fn questions_keep_to_their_budget() {
    for (shape, rules) in [("hard20", 120), ("wide40", 120), ("dense20", 60), ("bpm5", 300), ("aup", 300)] {
        let model = model(shape, rules, 1);
        let mut lowered = Lowered::new(&model, &[], BUDGET);
        lowered.dd.forget_steps();
        for budget in [10, 100, 1_000] {
            lowered.dd.set_budget(budget);
            let found = analyse::find(&mut lowered, None, None);
            let most = lowered.dd.most_steps();
            assert!(most <= budget + 1, "{shape}: {most} steps of {budget}, {} questions open", found.unfinished());
        }
    }
}

/// What a finding names suffices, and nothing of it can be left out. How many findings name something.
fn minimal(shape: &str, lowered: &mut Lowered<'_>, findings: &[Finding]) -> usize {
    let mut checked = 0;
    for finding in findings {
        let (by, region) = match &finding.kind {
            Kind::Redundant { by, .. } | Kind::Unreachable { by, .. } if !by.is_empty() => {
                (by, finding.region(lowered))
            }
            _ => continue,
        };
        let mut sets: Vec<Node> = Vec::new();
        for &other in by {
            let set = match &finding.kind {
                Kind::Unreachable { clause, .. } => blocks(lowered, *clause, other),
                _ => lowered.decides(other),
            };
            sets.push(lowered.dd.and(set, region));
        }
        if let Kind::Unreachable { clause, .. } = &finding.kind {
            let own = lowered.model.clause(*clause).outcome.as_ref().map(|o| o.value);
            let same = |id: &ClauseId| (lowered.model.clause(*id).outcome.as_ref().map(|o| o.value) == own, *id);
            assert!(by.is_sorted_by_key(same), "{shape}: {:?}: one of another verdict first", finding.kind);
        }
        // What all before a set have, and what all behind it have.
        let (mut before, mut behind) = (vec![Diagrams::FALSE], vec![Diagrams::FALSE]);
        for i in 0..sets.len() {
            before.push(lowered.dd.or(before[i], sets[i]));
            behind.push(lowered.dd.or(behind[i], sets[sets.len() - 1 - i]));
        }
        assert_eq!(before[sets.len()], region, "{shape}: {:?} does not suffice", finding.kind);
        for leave in 0..sets.len() {
            let rest = lowered.dd.or(before[leave], behind[sets.len() - 1 - leave]);
            assert_ne!(rest, region, "{shape}: {:?} names too many", finding.kind);
        }
        checked += 1;
    }
    checked
}

/// Where another clause keeps one from deciding: it replaces it, outranks it, requires what is not, or forbids already.
fn blocks(lowered: &mut Lowered<'_>, id: ClauseId, other: ClauseId) -> Node {
    let model = lowered.model;
    if model.clause(other).replaces.contains(&id) {
        return lowered.applies[other.index()];
    }
    let above = &model.policies[model.clause(id).policy.index()].yields_to;
    let speaks = above.contains(&model.clause(other).policy) && model.clause(other).outcome.is_some();
    let outranks = if speaks { lowered.remains[other.index()] } else { Diagrams::FALSE };
    let says = if model.clause(id).outcome.is_none() { lowered.says_verdict(other, FORBID) } else { Diagrams::FALSE };
    let fails = lowered.fails[other.index()].clone();
    let fails = lowered.dd.or_all(&fails);
    lowered.dd.or_all(&[outranks, says, fails])
}

/// A blocker of another verdict is told first, though one of the same verdict stands before it; and alone where it is enough.
#[test]
fn who_decides_otherwise_is_named_first() {
    let head = "policy library { default forbid }\nfact member: yes/no\nfact age: number 0 to 120 years\n";
    let both = "except minors { permit when age < 18 years }  except adults { forbid when age >= 18 years }";
    let either = "except all { permit when age >= 0 years }  except others { forbid when age < 200 years }";
    for (exceptions, expected) in [(both, &["guests.adults", "guests.minors"][..]), (either, &["guests.others"])] {
        let text = format!("{head}rule guests {{ permit when not member {exceptions} }}\n");
        let model = compiled("guests", &[("main.ordain".to_string(), text)], 1, 0);
        let mut lowered = Lowered::new(&model, &[], BUDGET);
        let found = analyse::findings(&mut lowered, None);
        let by = found.iter().find_map(|f| match &f.kind {
            Kind::Unreachable { by, .. } => Some(by.iter().map(|id| model.clause(*id).path.to_string())),
            _ => None,
        });
        assert_eq!(by.map(Iterator::collect), Some(expected.iter().map(|name| name.to_string()).collect::<Vec<_>>()));
    }
}

/// Assumptions that leave no case: of those that are named none can be left out, whatever else is assumed.
#[test]
fn assumptions_that_contradict_are_needed() {
    let contradict = ["not (f4 and not f5)", "f4", "not f5 or f0 is v1", "f0 is v2 or f0 is v3"];
    for (shape, first) in [("hard20", 0), ("dense20", 3), ("wide40", 7)] {
        let mut files = by_name(shape, 40, 1).expect("a shape");
        // Others that are in order stand around, and the order is another each time.
        let mut all: Vec<&str> =
            contradict.into_iter().chain(["f1 is not v0", "f6 < 30 or f4", "f10 or f13"]).collect();
        all.rotate_left(first % contradict.len());
        all.iter().for_each(|cond| files[0].1.push_str(&format!("assume {cond}\n")));
        let model = compiled(shape, &files, 40, 1);
        let mut lowered = Lowered::new(&model, &[], BUDGET);
        let found = analyse::findings(&mut lowered, None);
        let [Kind::NoCases { assumptions }] = &found.iter().map(|f| f.kind.clone()).collect::<Vec<_>>()[..] else {
            panic!("{shape}: {found:?}");
        };
        assert_eq!(assumptions.len(), contradict.len(), "{shape}: {assumptions:?}");
        let named = |except: Option<usize>| -> Vec<Cond> {
            let kept = assumptions.iter().filter(|a| Some(**a) != except);
            kept.map(|a| model.assumptions[*a].cond.clone()).collect()
        };
        for except in assumptions.iter().copied().map(Some).chain([None]) {
            let nodes: Vec<Node> = named(except).iter().map(|cond| lowered.raw(cond)).collect();
            let all = lowered.dd.and_all(&nodes);
            let left = lowered.dd.and(all, lowered.space.possible);
            assert_eq!(left == Diagrams::FALSE, except.is_none(), "{shape}: without {except:?}");
        }
    }
}

#[test]
fn parts_that_contradict_are_needed() {
    let mut checked = 0;
    for seed in 1..=4 {
        // One fault in a hundred rules is planted, and some are of this kind.
        let model = model("aup", rules().max(1_000), seed);
        let (mut lowered, mut found) = (Lowered::new(&model, &[], BUDGET), Found::default());
        analyse::scope::find(&mut lowered, &mut found);
        for finding in &found.findings {
            let Kind::NeverApplies { clause, parts, statement: None } = &finding.kind else { continue };
            let conds = analyse::scope::conjuncts(&model.clause(*clause).scope);
            let nodes: Vec<Node> = conds.iter().filter(|c| parts.contains(&c.span)).map(|c| lowered.cond(c)).collect();
            assert_eq!(lowered.dd.and_all(&nodes), Diagrams::FALSE, "{seed}: {:?}", finding.kind);
            for leave in 0..nodes.len() {
                let rest: Vec<Node> = nodes.iter().enumerate().filter(|(i, _)| *i != leave).map(|(_, n)| *n).collect();
                let rest = lowered.dd.and_all(&rest);
                let rest = lowered.dd.and(rest, lowered.space.valid);
                assert_ne!(rest, Diagrams::FALSE, "{seed}: {:?}", finding.kind);
            }
            checked += 1;
        }
    }
    assert!(checked >= 4, "{checked}");
}

#[test]
fn gaps_are_the_same_by_every_way() {
    let nothing = each(|shape, lowered| {
        let model = lowered.model;
        let (mut compared, mut rng) = (0, fastrand::Rng::with_seed(7));
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
            // No case at random is open where nothing was found.
            let stand: Vec<Node> = lowered.speakers(decision).map(|id| lowered.stands[id.index()]).collect();
            let fails: Vec<Node> = lowered.fails.iter().flatten().copied().filter(|_| decision == VERDICT).collect();
            for _ in 0..SAMPLES {
                let at: Vec<u32> = lowered.dd.cells().iter().map(|cells| rng.u32(0..*cells)).collect();
                let holds = |node: &Node| lowered.dd.eval(*node, &at) == 1;
                if holds(&lowered.space.valid) && !stand.iter().chain(&fails).any(holds) {
                    assert!(searched != Gap::None, "{shape}: {at:?} is open");
                }
            }
            // Where a default decides what is open, the same cases are those that it decides.
            lowered.dd.begin();
            let whole = lowered.attempt(10 * DIAGRAMS, |lowered| {
                let sets = lowered.decision(decision);
                if model.decision(decision).default.is_some() { sets.defaulted } else { sets.undecided }
            });
            let Some(whole) = whole else { continue };
            compared += 1;
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
        compared
    });
    assert!(nothing.iter().all(|shape| TOO_LARGE[usize::from(rules() > RULES)].contains(shape)), "{nothing:?}");
}

/// Steps of the whole analysis: of diagrams, of searches for what boxes leave, of solvers. They are the same on every
/// machine; where they grow faster than the rules, something has become quadratic. Where most rules meet most others they do.
#[test]
fn steps_grow_with_the_rules() {
    let mut told = String::new();
    let large = ["aup", "bpm5", "sel8", "layers"].map(|shape| (shape, [250, 500, 1000]));
    let entangled = ["hard20", "wide40", "dense20"].map(|shape| (shape, [50, 100, 200]));
    for (shape, sizes) in large.into_iter().chain(entangled) {
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
