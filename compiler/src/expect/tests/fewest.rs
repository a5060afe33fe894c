//! The expectations that are written for what is missing: as few as are found by looking at every case.

use super::*;
use std::collections::BTreeSet;

/// What can be covered, and the sets of it that one expectation can cover: of each condition that gives some facts one value
/// each, if all its cases get the same, what its cases cover. All by looking at every case.
fn coverable(model: &Model, sources: &crate::source::Sources, mutations: &[Mutation]) -> (usize, Vec<u32>) {
    let mut lowered = Lowered::new(model, &[], 1_000_000);
    let tables = rows(&mut lowered, 1_000_000);
    let results = run(&mut lowered, sources);
    assert!(results.is_empty());
    let coverage = coverage(&mut lowered, &results, &tables);
    let changed: Vec<Model> = mutations.iter().map(|m| m.apply(model)).collect();
    let subjects = (0..model.decisions.len() as u32).map(|d| Subject::Decision(DecisionId(d)));
    let subjects: Vec<Subject> =
        subjects.chain((0..model.duties.len() as u32).map(|d| Subject::Duty(DutyId(d)))).collect();
    let cases = cases(model);
    let mut all: Vec<Vec<(String, Vec<usize>)>> = Vec::new();
    for case in &cases {
        let mut by_subject = Vec::new();
        let place = lowered.space.locate(model, case);
        let lies = |node| lowered.dd.eval(node, &place) == 1;
        let before = decide(model, case);
        for &subject in &subjects {
            let mut covers = Vec::new();
            let mut element = 0;
            let mut next = |does: bool| {
                covers.extend(does.then_some(element));
                element += 1;
            };
            for clause in &coverage.clauses {
                next(match subject {
                    // There is one decision where there are waivers.
                    Subject::Decision(_) if model.clause(clause.clause).waive => lies(clause.region),
                    Subject::Decision(d) => before.answers[d.index()].by.contains(&clause.clause),
                    Subject::Duty(duty) => {
                        let own = &model.clause(clause.clause).obligations;
                        let says = own.iter().any(|o| o.duties.contains(&duty) && holds(model, &o.when, case));
                        let stands = holds(model, &model.clause(clause.clause).scope, case);
                        says && stands && before.duties.contains(&duty)
                    }
                });
            }
            for proviso in &coverage.provisos {
                next(subject == Subject::Decision(VERDICT) && lies(proviso.region));
            }
            for table in &coverage.rows {
                for (_, region) in &table.rows {
                    next(match subject {
                        Subject::Decision(d) => d == table.decision && lies(*region),
                        Subject::Duty(duty) => {
                            let carries = crate::tabulate::carries_duties(model, table.decision);
                            carries && before.duties.contains(&duty) && lies(*region)
                        }
                    });
                }
            }
            for model in &changed {
                let after = decide(model, case);
                next(match subject {
                    Subject::Decision(d) => before.answers[d.index()].result != after.answers[d.index()].result,
                    Subject::Duty(duty) => before.duties.contains(&duty) && !after.duties.contains(&duty),
                });
            }
            let result = match subject {
                Subject::Decision(d) => format!("{:?}", before.answers[d.index()].result),
                Subject::Duty(duty) => format!("{}", before.duties.contains(&duty)),
            };
            by_subject.push((result, covers));
        }
        all.push(by_subject);
    }
    let elements: BTreeSet<usize> = all.iter().flatten().flat_map(|s| &s.1).copied().collect();
    if elements.len() > MOST {
        return (elements.len(), Vec::new());
    }
    let mut conditions: Vec<Vec<Option<Value>>> = vec![Vec::new()];
    for fact in model.fact_ids() {
        let mut values: Vec<Option<Value>> = vec![None];
        for case in &cases {
            if !values.contains(&case.values[fact.index()]) {
                values.push(case.values[fact.index()].clone());
            }
        }
        let longer = |c: Vec<Option<Value>>| values.iter().map(move |v| c.iter().cloned().chain([v.clone()]).collect());
        conditions = conditions.into_iter().flat_map(longer).collect();
    }
    let number = |e: &usize| elements.iter().position(|x| x == e).unwrap_or(0);
    let mut found: BTreeSet<u32> = BTreeSet::new();
    for condition in conditions {
        let meets = |case: &Case| condition.iter().zip(&case.values).all(|(c, v)| c.is_none() || c == v);
        let about: Vec<usize> = (0..cases.len()).filter(|i| meets(&cases[*i])).collect();
        for (subject, _) in subjects.iter().enumerate() {
            let result = |i: &usize| &all[*i][subject].0;
            if about.iter().all(|i| result(i) == result(&about[0])) {
                found.insert(about.iter().flat_map(|i| &all[*i][subject].1).fold(0, |set, e| set | 1 << number(e)));
            }
        }
    }
    (elements.len(), found.into_iter().collect())
}

/// The most things whose sets are all looked at.
const MOST: usize = 14;

/// The fewest of the sets that have all elements, by the fewest for every set of elements.
fn tried(elements: usize, sets: &[u32]) -> usize {
    let mut least = vec![usize::MAX; 1 << elements];
    least[0] = 0;
    for have in 0..1usize << elements {
        if least[have] < usize::MAX {
            for set in sets {
                let with = have | *set as usize;
                least[with] = least[with].min(least[have] + 1);
            }
        }
    }
    least[(1 << elements) - 1]
}

/// What is written holds, leaves nothing uncovered and no change of these unnoticed, and can't be less by one.
fn check(text: &str, all: bool) -> Option<usize> {
    let (sources, model) = model(text);
    let mut changes = mutations(&model, &sources);
    changes.retain(|m| all || m.moved.is_some());
    let (elements, sets) = coverable(&model, &sources, &changes);
    let found = missing(&model, &sources, &changes, 1_000_000, &mut || {});
    let more = format!("{text}\n{}", found.text);
    let (sources, model) = self::model(&more);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let tables = rows(&mut lowered, 1_000_000);
    let results = run(&mut lowered, &sources);
    assert_eq!(results.len(), found.written, "{more}");
    assert!(results.iter().all(|r| r.holds && !r.vacuous), "{more}");
    let coverage = coverage(&mut lowered, &results, &tables);
    let uncovered = coverage.clauses.iter().filter(|c| c.by.is_empty() && c.region != Diagrams::FALSE).count()
        + coverage.provisos.iter().filter(|p| p.by.is_empty() && p.region != Diagrams::FALSE).count()
        + coverage.rows.iter().flat_map(|t| &t.rows).filter(|r| r.0.is_empty()).count();
    assert_eq!(uncovered, 0, "{:?} of\n{more}", coverage.uncovered(&model));
    let mut changes = mutations(&model, &sources);
    changes.retain(|m| all || m.moved.is_some());
    let left = mutants(&mut lowered, &results, &changes, 1_000_000, &mut || {});
    assert!(left.survivors.is_empty() && left.unfinished == 0, "{more}");
    if elements > MOST {
        return None;
    }
    let least = tried(elements, &sets);
    assert_eq!((found.written, found.least), (least, least), "{elements} things of\n{more}");
    Some(elements)
}

fn condition(rng: &mut fastrand::Rng) -> String {
    let atom = |rng: &mut fastrand::Rng| match rng.u32(0..7) {
        0 => "a".to_string(),
        1 => "not b".to_string(),
        2 => "b".to_string(),
        3 => format!("n >= {}", rng.u32(1..7)),
        4 => format!("n < {}", rng.u32(1..7)),
        5 => format!("n between {} and {}", rng.u32(0..4), rng.u32(4..8)),
        _ => "k is y".to_string(),
    };
    let (one, other) = (atom(rng), atom(rng));
    match rng.u32(0..4) {
        0 => format!("{one} or {other}"),
        1 => format!("{one} and {other}"),
        _ => one,
    }
}

fn policy(seed: u64) -> String {
    let mut rng = fastrand::Rng::with_seed(seed);
    let several = rng.bool();
    let facts = "fact a, b: yes/no\nfact n: number 0 to 7\nfact k: one of x, y, z\nduty tell\n";
    let mut text = match several {
        true => {
            format!("policy p {{ default forbid default level none }}\ndecision level: one of none, low, high\n{facts}")
        }
        false => format!("policy p {{ default forbid }}\n{facts}"),
    };
    for i in 0..rng.u32(1..4) {
        let when = condition(&mut rng);
        let body = match rng.u32(0..if several { 7 } else { 6 }) {
            0 => format!("permit when {when}"),
            1 => format!("forbid when {when}"),
            2 => format!("permit when {when} provided {{ p: {} }}", condition(&mut rng)),
            3 => format!("oblige tell when {when}"),
            4 => format!("permit when {when} except e {{ forbid when {} }}", condition(&mut rng)),
            5 if several => format!("require {when}"),
            5 => format!("require {when} except w {{ waive when {} }}", condition(&mut rng)),
            _ => format!("level is low when {when}"),
        };
        text.push_str(&format!("rule r{i} {{ {body} }}\n"));
    }
    text
}

#[test]
fn what_is_written_is_as_little_as_can_be() {
    let (mut compared, mut most) = (0, 0);
    for seed in 0..300 {
        let text = policy(seed);
        for all in [false, true] {
            if let Some(elements) = check(&text, all) {
                compared += 1;
                most = most.max(elements);
            }
        }
    }
    assert!(compared > 300 && most > 11, "{compared} compared, {most} things at most");
}

#[test]
fn policies_as_they_are_written() {
    for text in [SCHOOL, WAIVING] {
        check(text, false);
        check(text, true);
    }
}
