//! What the findings advise, done: the clause taken away, the expectation added.

use super::{Outcome, Pair, compile, fail, findings::name};
use crate::random::set::Set;
use ordain::analyse::{Finding, Kind};
use ordain::decide::decide;
use ordain::diagram::Diagrams;
use ordain::expect;
use ordain::lower::Lowered;
use ordain::model::*;
use ordain::tabulate;

/// Without an exception that changes nothing every case gets what it got.
pub fn deleted(pair: &Pair<'_, '_>, found: &[Finding]) -> Outcome {
    let world = pair.world;
    for finding in found {
        let Kind::NoEffect { exception } = finding.kind else { continue };
        let mut model = world.model.clone();
        let clause = &mut model.clauses[exception.index()];
        clause.scope = Cond::new(CondKind::Or(Vec::new()), clause.scope.span);
        for case in world.legal.iter() {
            let (now, before) = (decide(&model, &world.cases[case]), &world.decided[case]);
            let same = now.answers.iter().zip(&before.answers).all(|(a, b)| a.result == b.result);
            if !same || now.duties != before.duties || now.advice != before.advice {
                return fail(format!("{}: yet without it", name(&finding.kind)), pair.tell(case));
            }
        }
    }
    Ok(())
}

/// The expectations written for what is missing check, hold, and leave nothing missing that some case could cover.
pub fn missing(files: &[(String, String)], pair: &mut Pair<'_, '_>, sources: &ordain::source::Sources) -> Outcome {
    let results = expect::run(&mut pair.lowered, sources);
    let found = expect::missing(pair.world.model, sources, &[], super::STEPS, &mut || {});
    let written = found.text;
    if written.is_empty() {
        return Ok(());
    }
    let mut files = files.to_vec();
    files[0].1.push_str(&written);
    let (sources, model) = match compile(&files) {
        Ok(compiled) => compiled,
        Err(failure) => return fail("missing: does not check", format!("{}\n{written}", failure.text)),
    };
    let mut lowered = Lowered::new(&model, &[], super::STEPS);
    let more = expect::run(&mut lowered, &sources);
    let old = results.len();
    if more.len() != old + found.written || found.least > found.written || found.least == 0 {
        return fail("missing: how many", format!("{} of {} at least\n{written}", found.written, found.least));
    }
    if let Some(wrong) = more.iter().skip(old).find(|r| !r.holds || r.vacuous) {
        let title = &model.expectations[wrong.id.0 as usize].title;
        return fail("missing: does not hold", format!("{title}\n{written}"));
    }
    let coverage = cover(&mut lowered, &more);
    let clauses = coverage.clauses.iter().filter(|c| c.by.is_empty() && c.region != Diagrams::FALSE);
    let provisos = coverage.provisos.iter().filter(|p| p.by.is_empty() && p.region != Diagrams::FALSE);
    let left = clauses.map(|c| c.clause).chain(provisos.map(|p| p.clause));
    let mut left: Vec<String> = left.map(|c| model.clause(c).path.to_string()).collect();
    for table in &coverage.rows {
        let rows = (1..).zip(&table.rows).filter(|(_, row)| row.0.is_empty());
        left.extend(rows.map(|(i, _)| format!("row {i} of {}", model.decision(table.decision).name)));
    }
    if !left.is_empty() {
        return fail("missing: still missing", format!("{written}\nstill missing: {left:?}"));
    }
    Ok(())
}

fn cover(lowered: &mut Lowered<'_>, results: &[expect::ExpectationResult]) -> expect::Coverage {
    let tables = tabulate::rows(lowered, super::STEPS);
    expect::coverage(lowered, results, &tables)
}

/// The regions in which an expectation would depend on a clause are those where it decides.
pub fn regions(pair: &mut Pair<'_, '_>, sources: &ordain::source::Sources) -> Outcome {
    let world = pair.world;
    let results = expect::run(&mut pair.lowered, sources);
    let coverage = cover(&mut pair.lowered, &results);
    for covered in &coverage.clauses {
        let clause = world.model.clause(covered.clause);
        if let Some(outcome) = &clause.outcome {
            let d = outcome.decision.index();
            let decides = world.where_(|x| x.answers[d].by.contains(&covered.clause));
            let mut by: Vec<ExpectationId> = Vec::new();
            for result in results.iter().filter(|r| r.holds && !r.vacuous) {
                let about: Set = pair.read(result.about);
                let claim = world.model.expectations[result.id.0 as usize].claim;
                let depends = match claim {
                    Claim::Outcome(c, _) | Claim::Undecided(c) | Claim::Conflict(c) => {
                        about.iter().any(|case| world.decided[case].answers[c.index()].by.contains(&covered.clause))
                    }
                    Claim::Obliges(duty) => {
                        let own = clause.obligations.iter().zip(&world.obligations[covered.clause.index()]);
                        own.filter(|(o, _)| o.duties.contains(&duty)).any(|(_, s)| s.meets(&about))
                    }
                };
                if depends {
                    by.push(result.id);
                }
            }
            if by != covered.by {
                return fail("coverage: who depends on it", format!("`{}`: {:?}, not {by:?}", clause.path, covered.by));
            }
            if clause.requirements.is_empty() {
                pair.same("coverage: region", covered.region, &decides)?;
            }
        }
    }
    Ok(())
}
