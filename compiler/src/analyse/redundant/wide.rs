//! Policies in which most rules meet most others -> which rules are needed, asked of few solvers for all of them.
//!
//! Why it exists: where each rule speaks of a few facts of many, all others lie around it, and a solver of its own for each
//! rule would be given all of them again. Here each word is told once, and what was learnt for one rule helps with the next.
//! What is left of a rule by all others is left by fewer, too: so most rules are asked about at once, in two parts side by
//! side, and the rest in their turn, when it is known which are gone.
//!
//! What a solver finds depends on what it was asked before. So only that something is left is taken from it; what covers a
//! rule is asked anew, and no finding depends on the questions before.

use crate::beside::side_by_side;
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::*;
use crate::sat::{Answer, Sat};
use crate::space::Hull;
use batsat::Lit;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Clauses that the solver may learn for one question; a solver for the rule alone is asked then.
const STEPS: u64 = 2_000;

/// What is known of the rules that have many neighbours.
#[derive(Default)]
pub struct Wide {
    /// By clause: it is needed.
    needed: Vec<bool>,
    words: BTreeMap<(DecisionId, u32), Words>,
}

/// All that is said of one decision's value.
struct Said {
    /// The boxes of each clause, by clause.
    boxes: Vec<(ClauseId, Hull)>,
    /// Where requirements fail.
    fails: Vec<Hull>,
}

struct Words {
    sat: Sat,
    /// A box of a clause's words, with what has it counted; nothing once it always is. By clause.
    words: Vec<(ClauseId, Hull, Option<Lit>)>,
}

impl Wide {
    /// Asks about these rules, as far as they have so many neighbours.
    pub fn new(lowered: &mut Lowered<'_>, rules: &[ClauseId], many: usize) -> Self {
        let mut wide = Self::default();
        if lowered.yields || lowered.dd.steps_left() < STEPS {
            return wide;
        }
        let mut asked: BTreeMap<(DecisionId, u32), Vec<ClauseId>> = BTreeMap::new();
        for &id in rules {
            let Some(outcome) = &lowered.model.clause(id).outcome else { continue };
            let fails = lowered.fails[id.index()].iter().any(|f| *f != Diagrams::FALSE);
            if !fails && lowered.model.decision(outcome.decision).values.len() <= 2 && lowered.near(id).len() >= many {
                let values: BTreeSet<u32> = lowered.voices(id).iter().flat_map(|v| v.iter()).map(|v| v.0).collect();
                values.into_iter().for_each(|value| asked.entry((outcome.decision, value)).or_default().push(id));
            }
        }
        wide.needed = vec![false; lowered.model.clauses.len()];
        for ((decision, value), rules) in asked {
            let Some(said) = Said::new(lowered, decision, value) else { continue };
            let (dd, valid) = (&lowered.dd, lowered.space.valid);
            let (some, others) = rules.split_at(rules.len() / 2);
            let most = dd.steps_left() / 2;
            let (a, b) =
                side_by_side(|| needed(dd, valid, &said, some, most), || needed(dd, valid, &said, others, most));
            lowered.dd.charge(a.1 + b.1);
            a.0.into_iter().chain(b.0).for_each(|id| wide.needed[id.index()] = true);
            let (dd, valid) = (&lowered.dd, lowered.space.valid);
            let counted = |id: ClauseId| rules.binary_search(&id).is_err() || wide.needed[id.index()];
            let words = Words::new(dd, valid, &said, counted);
            wide.words.insert((decision, value), words);
        }
        wide
    }

    /// Has one of the boxes an assignment that some case has, no requirement fails in, and none of the clauses that are left
    /// says the same of? `false` also where that was not found out.
    pub fn is_left(&mut self, lowered: &mut Lowered<'_>, id: ClauseId, own: &[(u32, Hull)], gone: &[bool]) -> bool {
        let Some(outcome) = &lowered.model.clause(id).outcome else { return false };
        if self.needed.get(id.index()).is_some_and(|needed| *needed) {
            return true;
        }
        if lowered.dd.steps_left() < STEPS {
            return false;
        }
        own.iter().any(|(value, hull)| {
            let words = self.words.get_mut(&(outcome.decision, *value)).filter(|words| !words.own(id).is_empty());
            let Some(words) = words else { return false };
            let (left, steps) = words.is_left(hull, |other| !gone[other.index()]);
            lowered.dd.charge(steps);
            if left {
                words.count(id);
            }
            left
        })
    }
}

/// Those of the rules of which something is left by all that others say, as far as so many steps go; and the steps.
fn needed(dd: &Diagrams, valid: Node, said: &Said, rules: &[ClauseId], most: u64) -> (Vec<ClauseId>, u64) {
    let mut words = Words::new(dd, valid, said, |id| rules.binary_search(&id).is_err());
    let (mut found, mut all) = (Vec::new(), 0);
    for &id in rules {
        let left = said.of(id).iter().any(|(_, hull)| {
            let (left, steps) = if all + STEPS <= most { words.is_left(hull, |other| other != id) } else { (false, 0) };
            all += steps;
            left
        });
        if left {
            found.push(id);
        }
        words.count(id);
    }
    (found, all)
}

impl Said {
    /// `None` where it takes more than boxes.
    fn new(lowered: &mut Lowered<'_>, decision: DecisionId, value: u32) -> Option<Self> {
        let mut said = Self { boxes: Vec::new(), fails: Vec::new() };
        for id in lowered.model.clause_ids() {
            for fails in lowered.fails[id.index()].clone().into_iter().filter(|_| decision == VERDICT) {
                said.fails.extend(lowered.boxes(fails)?.iter().cloned());
            }
            if lowered.model.clause(id).outcome.as_ref().is_some_and(|o| o.decision == decision) {
                let voices = lowered.voices(id)?;
                said.boxes.extend(voices.iter().filter(|v| v.0 == value).map(|v| (id, v.1.clone())));
            }
        }
        Some(said)
    }

    fn of(&self, id: ClauseId) -> &[(ClauseId, Hull)] {
        &self.boxes[self.boxes.partition_point(|b| b.0 < id)..self.boxes.partition_point(|b| b.0 <= id)]
    }
}

impl Words {
    fn new(dd: &Diagrams, valid: Node, said: &Said, counted: impl Fn(ClauseId) -> bool) -> Self {
        let mut sat = Sat::new(dd.cells());
        sat.require(dd, valid);
        said.fails.iter().for_each(|hull| sat.forbid(hull));
        let mut words = Vec::with_capacity(said.boxes.len());
        for (id, hull) in &said.boxes {
            if counted(*id) {
                sat.forbid(hull);
            } else {
                words.push((*id, hull.clone(), Some(sat.may_forbid(hull))));
            }
        }
        Self { sat, words }
    }

    /// Do all that always count, and these besides, leave anything of the box? `false` also where that was not found out.
    /// And the steps that it took.
    fn is_left(&mut self, hull: &Hull, counted: impl Fn(ClauseId) -> bool) -> (bool, u64) {
        let words = self.words.iter().filter(|w| w.2.is_some() && counted(w.0) && !w.1.disjoint(hull));
        let asked: Vec<Lit> = words.filter_map(|w| w.2).collect();
        let mut steps = STEPS;
        let (answer, _) = self.sat.find_outside(hull, &asked, &mut steps);
        (matches!(answer, Answer::Assignment(_)), STEPS - steps)
    }

    /// The words of a clause, if they do not count from the start.
    fn own(&self, id: ClauseId) -> Range<usize> {
        self.words.partition_point(|w| w.0 < id)..self.words.partition_point(|w| w.0 <= id)
    }

    /// From now on the words of a clause always count.
    fn count(&mut self, id: ClauseId) {
        let own = self.own(id);
        self.words[own].iter_mut().filter_map(|w| w.2.take()).for_each(|word| self.sat.set(word));
    }
}
