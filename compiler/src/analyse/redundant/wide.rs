//! Policies in which most rules meet most others -> is a rule needed, asked of one solver for all of them.
//!
//! Why it exists: where each rule speaks of a few facts of many, all others lie around it, and a solver of its own for each
//! rule would be given all of them again. Here each word is told once, to be counted or not, and what was learnt for one
//! rule helps with the next. What the solver finds depends on what it was asked before, so only that something is left is
//! taken from it; what covers a rule is asked anew, so that a finding does not depend on the questions before.

use crate::diagram::Diagrams;
use crate::lower::Lowered;
use crate::model::*;
use crate::sat::{Answer, Sat};
use crate::space::Hull;
use batsat::Lit;
use rustc_hash::FxHashMap;

/// From so many neighbours on.
const MANY: usize = 128;
/// Clauses that the solver may learn for one question; a solver for the rule alone is asked then.
const STEPS: u64 = 2_000;

/// The words by decision and value, once they were asked for; `None` inside where they take more than boxes.
#[derive(Default)]
pub struct Wide(FxHashMap<(DecisionId, u32), Option<Words>>);

struct Words {
    sat: Sat,
    /// A box of a clause's words, with what has it counted; nothing once it always is. By clause.
    words: Vec<(ClauseId, Hull, Option<Lit>)>,
}

impl Wide {
    /// Has the box an assignment that some case has, no requirement fails in, and none of the clauses that are left says the
    /// same of? `false` also where that was not found out; else the clause will never be gone.
    pub fn is_left(
        &mut self,
        lowered: &mut Lowered<'_>,
        (id, near): (ClauseId, usize),
        (decision, value): (DecisionId, u32),
        hull: &Hull,
        gone: &[bool],
    ) -> bool {
        if near < MANY || lowered.dd.steps_left() < STEPS {
            return false;
        }
        let words = match self.0.entry((decision, value)) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let words = Words::new(lowered, decision, value);
                if lowered.dd.exhausted() {
                    return false;
                }
                free.insert(words)
            }
        };
        let Some(Words { sat, words }) = words else { return false };
        let counted = words.iter().filter(|w| w.2.is_some() && !gone[w.0.index()] && !w.1.disjoint(hull));
        let counted: Vec<Lit> = counted.filter_map(|w| w.2).collect();
        let mut steps = STEPS;
        let (answer, _) = sat.find_outside(hull, &counted, &mut steps);
        lowered.dd.note_steps(STEPS - steps);
        let left = matches!(answer, Answer::Assignment(_));
        if left {
            let own = words.partition_point(|w| w.0 < id)..words.partition_point(|w| w.0 <= id);
            words[own].iter_mut().filter_map(|w| w.2.take()).for_each(|word| sat.set(word));
        }
        left
    }
}

impl Words {
    fn new(lowered: &mut Lowered<'_>, decision: DecisionId, value: u32) -> Option<Self> {
        let mut sat = Sat::new(lowered.dd.cells());
        sat.require(&lowered.dd, lowered.space.valid);
        let mut words = Vec::new();
        for id in (0..lowered.model.clauses.len() as u32).map(ClauseId) {
            if decision == VERDICT {
                for i in 0..lowered.fails[id.index()].len() {
                    let fails = lowered.fails[id.index()][i];
                    if fails != Diagrams::FALSE {
                        lowered.boxes(fails)?.iter().for_each(|hull| sat.forbid(hull));
                    }
                }
            }
            if lowered.model.clause(id).outcome.as_ref().is_some_and(|o| o.decision == decision) {
                for (_, hull) in lowered.voices(id)?.iter().filter(|said| said.0 == value) {
                    words.push((id, hull.clone(), Some(sat.may_forbid(hull))));
                }
            }
        }
        Some(Self { sat, words })
    }
}
