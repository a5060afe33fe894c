//! Tables read as a person would read them: find the row of a case, take what it says.

use super::{Outcome, Pair, Tally, fail};
use ordain::decide::{Status, Verdict};
use ordain::model::*;
use ordain::tabulate::{self, Hit, Row, Table};

pub fn check(pair: &mut Pair<'_, '_>, tally: &mut Tally) -> Outcome {
    let model = pair.world.model;
    for decision in tabulate::decisions(model) {
        for hit in [Hit::Unique, Hit::First, Hit::Collect] {
            let table = tabulate::tabulate(&mut pair.lowered, decision, hit);
            tally.see(&format!("table {}", hit.name()));
            let label = |what: &str| format!("table {}: {what}", hit.name());
            let Some(proof) = table.proof.filter(|p| p.holds()) else {
                return fail(label("not proved"), format!("{:?}", table.proof.map(|p| p.sentence())));
            };
            if proof.kinds != pair.first.len() as u128 || proof.rows != table.rows.len() {
                return fail(label("the proof"), proof.sentence());
            }
            super::sheets::check(pair, &table, tally)?;
            let rows = rows(pair, &table);
            match hit {
                Hit::Collect => collect(pair, &table, &rows)?,
                _ => one_row(pair, &table, &rows)?,
            }
        }
        if let Some(table) = tabulate::by_rules(&mut pair.lowered, decision) {
            tally.see("table by rules");
            by_rules(pair, &table)?;
        }
    }
    Ok(())
}

/// By row: the first cases of the kinds that it fits.
fn rows(pair: &Pair<'_, '_>, table: &Table) -> Vec<Vec<usize>> {
    let fits = |row: &Row, place: &[u32]| {
        table.axes.iter().zip(&row.cells).all(|(note, set)| {
            let here = |c: usize| note.axes.iter().zip(&note.cells[c]).all(|(axis, cell)| place[*axis] == *cell);
            set.as_ref().is_none_or(|s| s.iter().any(here))
        })
    };
    let of = |row: &Row| {
        let mut cases: Vec<usize> = pair.first.iter().filter(|(p, _)| fits(row, p)).map(|(_, c)| *c).collect();
        cases.sort_unstable();
        cases
    };
    table.rows.iter().map(of).collect()
}

fn one_row(pair: &Pair<'_, '_>, table: &Table, rows: &[Vec<usize>]) -> Outcome {
    let world = pair.world;
    let label = |what: &str| format!("table {}: {what}", table.hit.name());
    let mut cases: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for &case in pair.first.values() {
        let fitting: Vec<usize> = (0..rows.len()).filter(|&r| rows[r].binary_search(&case).is_ok()).collect();
        let Some(&row) = fitting.first() else {
            return fail(label("a case in no row"), pair.tell(case));
        };
        if table.hit == Hit::Unique && fitting.len() > 1 {
            return fail(label("a case in two rows"), pair.tell(case));
        }
        cases[row].push(case);
        let output = &table.rows[row].output;
        let decided = &world.decided[case];
        let carries = tabulate::carries_duties(world.model, table.decision);
        let (duties, advice) =
            if carries { (decided.duties.clone(), decided.advice.clone()) } else { Default::default() };
        let result = Some(decided.answers[table.decision.index()].result);
        if output.result != result || output.duties != duties || output.advice != advice {
            return fail(label("a row that says something else"), format!("{}: {output:?}", pair.tell(case)));
        }
    }
    for (row, cases) in table.rows.iter().zip(&cases) {
        if cases.is_empty() {
            return fail(label("a row for no case"), format!("{:?}", row.texts));
        }
        if row.kinds != Some(cases.len() as u128) {
            return fail(label("kinds of a row"), format!("{:?} of {}", row.kinds, cases.len()));
        }
        let answer = |c: &usize| &world.decided[*c].answers[table.decision.index()];
        let mut by: Vec<ClauseId> = cases.iter().flat_map(|c| answer(c).by.clone()).collect();
        by.sort_unstable();
        by.dedup();
        // A clause about another decision may decide here by a requirement only; both are in `by` of `decide`.
        if row.by.iter().any(|b| !by.contains(b)) || by.iter().any(|b| !row.by.contains(b)) {
            return fail(label("who decides"), format!("{:?} instead of {by:?}", row.by));
        }
        if row.by_default != cases.iter().any(|c| answer(c).by_default) {
            return fail(label("default"), format!("{:?}", row.texts));
        }
    }
    Ok(())
}

/// The rules' own rows: the first that fits decides, or conflicts with a later one but the last.
fn by_rules(pair: &Pair<'_, '_>, table: &Table) -> Outcome {
    let world = pair.world;
    if !table.proof.is_some_and(|p| p.holds()) {
        return fail("table by rules: not proved", format!("{:?}", table.proof.map(|p| p.sentence())));
    }
    let rows = rows(pair, table);
    let last = rows.len() - 1;
    let mut conflicting = vec![false; rows.len()];
    for &case in pair.first.values() {
        let fits = |r: &usize| rows[*r].binary_search(&case).is_ok();
        let Some(first) = (0..=last).find(fits) else {
            return fail("table by rules: a case in no row", pair.tell(case));
        };
        let row = &table.rows[first];
        let other = |r: &usize| {
            let later = &table.rows[*r];
            !later.overrides && later.output.result != row.output.result && fits(r)
        };
        let against = first < last && !row.overrides && (first + 1..last).any(|r| other(&r));
        conflicting[first] |= against;
        let read = if row.conflicts && against { Some(Verdict::Conflict) } else { row.output.result };
        let answer = &world.decided[case].answers[table.decision.index()];
        if read != Some(answer.result) {
            return fail("table by rules: a row that says something else", format!("{}: {read:?}", pair.tell(case)));
        }
        if !row.by.iter().all(|c| answer.by.contains(c)) || row.by_default != answer.by_default {
            return fail("table by rules: who decides", format!("{}: {:?}", pair.tell(case), row.by));
        }
    }
    Ok(())
}

fn collect(pair: &Pair<'_, '_>, table: &Table, rows: &[Vec<usize>]) -> Outcome {
    let world = pair.world;
    let model = world.model;
    let carries = tabulate::carries_duties(model, table.decision);
    for &case in pair.first.values() {
        let here: Vec<&Row> =
            table.rows.iter().zip(rows).filter(|(_, c)| c.binary_search(&case).is_ok()).map(|(r, _)| r).collect();
        for id in model.clause_ids() {
            let clause = model.clause(id);
            let says: Vec<Verdict> = match world.decided[case].status.of(id) {
                Status::Stands { says: Some(v), .. }
                    if clause.outcome.as_ref().is_some_and(|o| o.decision == table.decision) =>
                {
                    vec![Verdict::Is(*v)]
                }
                _ => Vec::new(),
            };
            let own = here.iter().filter(|r| r.by.contains(&id));
            let mut said: Vec<Verdict> = own.clone().filter(|r| !r.overrides).filter_map(|r| r.output.result).collect();
            said.sort_unstable();
            said.dedup();
            let overrides = own.clone().any(|r| r.overrides);
            let fails = table.decision == VERDICT && world.fails[id.index()].iter().any(|f| f.has(case));
            if said != says || overrides != fails {
                let text = format!("{}: `{}` says {said:?}, {overrides}", pair.tell(case), clause.path);
                return fail("table collect: a rule that says something else", text);
            }
            if !carries {
                continue;
            }
            let also = || here.iter().filter(|r| r.also.contains(&id));
            let mut duties: Vec<DutyId> = also().flat_map(|r| r.output.duties.clone()).collect();
            duties.sort_unstable();
            duties.dedup();
            let obliged = clause.obligations.iter().zip(&world.obligations[id.index()]);
            let mut follow: Vec<DutyId> =
                obliged.filter(|(_, s)| s.has(case)).flat_map(|(o, _)| o.duties.clone()).collect();
            follow.sort_unstable();
            follow.dedup();
            if duties != follow {
                return fail("table collect: duties", format!("{}: `{}`", pair.tell(case), clause.path));
            }
            for (i, set) in world.advice[id.index()].iter().enumerate() {
                if also().any(|r| r.output.advice.contains(&(id, i))) != set.has(case) {
                    return fail("table collect: advice", format!("{}: `{}`", pair.tell(case), clause.path));
                }
            }
        }
    }
    Ok(())
}
