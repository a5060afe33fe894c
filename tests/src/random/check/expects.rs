//! Expectations against looking at every case of their scope.

use super::{Outcome, Pair, Tally, fail, tell};
use crate::random::set::Set;
use ordain::decide::{self, Verdict};
use ordain::expect;
use ordain::model::*;
use ordain::source::Sources;

pub fn check(pair: &mut Pair<'_, '_>, sources: &Sources, tally: &mut Tally) -> Outcome {
    let world = pair.world;
    let model = world.model;
    let results = expect::run(&mut pair.lowered, sources);
    if results.len() != model.expectations.len() {
        return fail("expect: how many", format!("{}", results.len()));
    }
    for (expectation, result) in model.expectations.iter().zip(results) {
        let scope = world.holds(&expectation.scope);
        let claimed = claimed(pair, expectation);
        let met = scope.and(&claimed);
        let holds = if expectation.some { !met.is_empty() } else { scope.within(&claimed) };
        let title = &expectation.title;
        tally.see(if holds { "expectation holds" } else { "expectation fails" });
        if result.holds != holds {
            return fail("expect: holds", format!("{title}: {} instead of {holds}", result.holds));
        }
        if result.vacuous != (scope.is_empty() && !expectation.some) || !result.finished {
            return fail("expect: vacuous", title.to_string());
        }
        let kinds = (pair.kinds(&scope), pair.kinds(&met));
        if (result.kinds, result.as_claimed) != kinds {
            return fail("expect: kinds", format!("{title}: {}, {}, but {kinds:?}", result.kinds, result.as_claimed));
        }
        pair.same("expect: about", result.about, if expectation.some { &met } else { &scope })?;
        let missed = scope.less(&claimed);
        match &result.counterexample {
            None if !holds && !missed.is_empty() => return fail("expect: no counterexample", title.to_string()),
            Some(_) if holds || missed.is_empty() => {
                return fail("expect: a counterexample to nothing", title.to_string());
            }
            Some(shown) => {
                let place = pair.lowered.space.locate(model, &shown.case);
                let like = pair.first.get(&place).copied();
                let legal = decide::check_case(model, &shown.case).is_empty();
                if !legal || !like.is_some_and(|c| missed.has(c)) {
                    return fail("expect: the counterexample", format!("{title}: {}", tell(model, &shown.case)));
                }
            }
            None => {}
        }
        if let Some(instead) = result.instead {
            let decision = match expectation.claim {
                Claim::Outcome(d, _) | Claim::Undecided(d) | Claim::Conflict(d) => d,
                Claim::Obliges(_) => return fail("expect: instead of a duty", title.to_string()),
            };
            if !scope.within(&world.result(decision, instead)) {
                return fail("expect: instead", format!("{title}: {instead:?}"));
            }
        }
    }
    Ok(())
}

/// The legal cases that have what is claimed.
fn claimed(pair: &Pair<'_, '_>, expectation: &Expectation) -> Set {
    let world = pair.world;
    let by = |decision: DecisionId, result: Verdict| {
        world.where_(|d| {
            let answer = &d.answers[decision.index()];
            answer.result == result && expectation.by.is_none_or(|by| answer.by.contains(&by))
        })
    };
    match expectation.claim {
        Claim::Outcome(decision, value) => by(decision, Verdict::Is(value)),
        Claim::Undecided(decision) => by(decision, Verdict::Undecided),
        Claim::Conflict(decision) => by(decision, Verdict::Conflict),
        Claim::Obliges(duty) => match expectation.by {
            None => world.duties[duty.index()].clone(),
            Some(by) => {
                let own = world.model.clause(by).obligations.iter().zip(&world.obligations[by.index()]);
                world.union(own.filter(|(o, _)| o.duties.contains(&duty)).map(|(_, s)| s))
            }
        },
    }
}
