//! Proved rules -> what editors say beside them: in how many kinds of case each applies and decides, with an example.
//!
//! Why it exists: hover, lenses and hints answer at once from these figures; they are those of the last state that was
//! proved, by the names of the rules. Asking takes long on large policies, so whoever asks says between two rules whether
//! to go on.

use crate::decide::{Status, decide};
use crate::diagnostics::percent;
use crate::diagram::{Diagrams, Node};
use crate::expect;
use crate::lower::Lowered;
use crate::model::show;
use crate::model::*;
use crate::source::{Sources, Span};
use crate::syntax::ast::Text;
use crate::witness;
use std::collections::BTreeMap;

/// Steps that may be spent on one rule's figures.
const STEPS: u64 = 200_000;
/// The diagrams may grow by so many nodes before what the figures took is forgotten.
const ROOM: usize = 10_000;
/// Examples are looked for in policies of at most so many rules.
const MOST_EXAMPLES: usize = 2_000;

/// The figures of a project. Counts are of kinds of case.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub kinds: u128,
    /// By path.
    pub rules: BTreeMap<Text, Figures>,
    /// How many cases no rule decides, by decision that has a default.
    pub by_default: BTreeMap<Text, u128>,
    /// What became of the expectations, by where their titles stand; without those that could not be decided.
    pub expectations: BTreeMap<Span, Held>,
}

/// Whether an expectation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Holds,
    /// It is about no case.
    Vacuous,
    Fails,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    pub applies: u128,
    pub decides: u128,
    /// A case in which it decides, else one in which it applies, as a sentence.
    pub example: Option<String>,
    /// The parts of its condition: their text, and of how many cases in which all other parts hold they hold.
    pub parts: Vec<(String, u128, u128)>,
}

/// The figures of all rules; `None` where they are not wanted any more or nothing could be counted.
pub fn measure(lowered: &mut Lowered<'_>, sources: &Sources, go_on: &dyn Fn() -> bool) -> Option<Measured> {
    if lowered.dd.exhausted() {
        return None;
    }
    let model = lowered.model;
    let (start, nodes) = (lowered.dd.begin(), lowered.dd.nodes());
    let clear_up = |lowered: &mut Lowered<'_>| {
        // Forgetting takes long, and most of what one rule needs serves others.
        if lowered.dd.nodes() > nodes + ROOM {
            lowered.roll_back(start);
        }
        lowered.dd.begin();
    };
    let mut measured = Measured { kinds: lowered.dd.count(lowered.space.valid), ..Measured::default() };
    for id in model.clause_ids() {
        if !go_on() {
            return None;
        }
        clear_up(lowered);
        let figures = lowered.attempt(STEPS, |lowered| figures(lowered, sources, id));
        if let Some(figures) = figures {
            measured.rules.insert(model.clause(id).path.clone(), figures);
        }
    }
    for (i, decision) in model.decisions.iter().enumerate().filter(|(_, d)| d.default.is_some()) {
        if !go_on() {
            return None;
        }
        let id = DecisionId(i as u32);
        clear_up(lowered);
        let count = lowered.attempt(STEPS, |lowered| {
            let decided: Vec<Node> = model.clause_ids().map(|clause| lowered.decides_in(clause, id)).collect();
            let decided = lowered.dd.or_all(&decided);
            let left = lowered.dd.diff(lowered.space.valid, decided);
            lowered.dd.count(left)
        });
        if let Some(count) = count {
            measured.by_default.insert(decision.name.clone(), count);
        }
    }
    for i in 0..model.expectations.len() {
        if !go_on() {
            return None;
        }
        let mark = lowered.dd.begin();
        let id = ExpectationId(i as u32);
        let result = lowered.attempt(STEPS, |lowered| expect::prove(lowered, sources, id));
        lowered.roll_back(mark);
        let held = result.filter(|r| r.finished).map(|r| match (r.holds, r.vacuous) {
            (false, _) => Held::Fails,
            (true, true) => Held::Vacuous,
            (true, false) => Held::Holds,
        });
        measured.expectations.extend(held.map(|held| (model.expectations[i].title_span, held)));
    }
    Some(measured)
}

fn figures(lowered: &mut Lowered<'_>, sources: &Sources, id: ClauseId) -> Figures {
    let model = lowered.model;
    let (applies, decides) = (lowered.applies[id.index()], lowered.decides(id));
    let parts = parts(lowered, sources, id);
    let example = if model.clauses.len() <= MOST_EXAMPLES { example(lowered, id, applies, decides) } else { None };
    Figures { applies: lowered.dd.count(applies), decides: lowered.dd.count(decides), example, parts }
}

/// A case that `decide` confirms.
fn example(lowered: &mut Lowered<'_>, id: ClauseId, applies: Node, decides: Node) -> Option<String> {
    let model = lowered.model;
    let region = if decides == Diagrams::FALSE { applies } else { decides };
    let (case, facts) = witness::choose(lowered, region, None)?;
    let decided = decide(model, &case);
    let confirmed = if decides == Diagrams::FALSE {
        *decided.status.of(id) != Status::DoesNotApply
    } else {
        decided.answers.iter().any(|a| a.by.contains(&id))
    };
    confirmed.then(|| show::sentence(model, &case, &facts))
}

/// Each part of a clause's condition against the others.
fn parts(lowered: &mut Lowered<'_>, sources: &Sources, id: ClauseId) -> Vec<(String, u128, u128)> {
    let model = lowered.model;
    let clause = model.clause(id);
    let conjuncts = clause.scope.conjuncts();
    if conjuncts.len() > 12 {
        return Vec::new();
    }
    let nodes: Vec<Node> = conjuncts.iter().map(|c| lowered.cond(c)).collect();
    let mut found = Vec::new();
    for (i, part) in conjuncts.iter().enumerate() {
        let mut rest = lowered.space.valid;
        for (j, node) in nodes.iter().enumerate() {
            if i != j {
                rest = lowered.dd.and(rest, *node);
            }
        }
        let both = lowered.dd.and(rest, nodes[i]);
        found.push((sources.text(part.span).to_string(), lowered.dd.count(both), lowered.dd.count(rest)));
    }
    found
}

/// `12 %`, `0.02 %`, `over 99 %`, `none`, `all`
pub fn share(part: u128, all: u128) -> String {
    if part == 0 {
        return "none".into();
    }
    if part >= all {
        return "all".into();
    }
    // In tenths of a percent, without overflow for any count.
    let tenths = part.checked_mul(1000).map_or_else(|| part / (all / 1000).max(1), |p| p / all.max(1));
    match tenths {
        0..10 => percent(part, all),
        991.. => "over 99 %".into(),
        t => format!("{} %", (t + 5) / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_in_words() {
        let told: Vec<String> = [(0, 9), (1, 9), (9, 9), (1, 2000), (1999, 2000), (u128::MAX / 2, u128::MAX)]
            .iter()
            .map(|(a, b)| share(*a, *b))
            .collect();
        assert_eq!(told, ["none", "11 %", "all", "0.05 %", "over 99 %", "50 %"]);
    }
}
