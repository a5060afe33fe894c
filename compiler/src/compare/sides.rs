//! Both versions as diagrams over one space, in one set of diagrams.
//!
//! The versions have the same facts, so they have the same axes; these are cut by the conditions of both. What both say is
//! then the same node. There is one set of diagrams, which lies with the version that works; `on` hands it over.

use super::joint::Joint;
use crate::diagram::{Diagrams, Node};
use crate::lower::{Lowered, NODES};
use crate::model::{Model, show};
use crate::space::{self, Memo, Space};

pub struct Sides<'m> {
    /// The old version and the new one.
    both: [Lowered<'m>; 2],
    /// With which the diagrams lie.
    at: usize,
    /// The cases that both versions know.
    pub common: Node,
    /// The cases that only the old version knows, and those that only the new one does.
    pub apart: [Node; 2],
}

pub const OLD: usize = 0;
pub const NEW: usize = 1;

/// The space of both versions, the diagrams, and where each knows a case. `None` if that took too many steps.
pub fn space(joint: &Joint, budget: u64) -> Option<(Space, Diagrams, [Node; 2])> {
    let [old, new] = &joint.models;
    let mut conditions = show::conditions(new);
    conditions.extend(show::conditions(old));
    let (space, mut dd) = space::build(new, &conditions, NODES, budget);
    if !dd.exhausted() {
        dd.begin();
    }
    let before = valid(&space, old, &mut dd);
    let now = space.valid;
    (!dd.exhausted()).then_some((space, dd, [before, now]))
}

fn valid(space: &Space, model: &Model, dd: &mut Diagrams) -> Node {
    let mut memo = Memo::default();
    let mut parts = vec![space.possible];
    for assumption in &model.assumptions {
        parts.push(space::lower_cond(space, model, dd, &mut memo, &assumption.cond));
    }
    dd.and_all(&parts)
}

impl<'m> Sides<'m> {
    /// Both versions over the cases that both know.
    pub fn new(joint: &'m Joint, space: &Space, mut dd: Diagrams, knows: [Node; 2]) -> Self {
        let common = dd.and(knows[OLD], knows[NEW]);
        let apart = [dd.diff(knows[OLD], knows[NEW]), dd.diff(knows[NEW], knows[OLD])];
        let mut space = space.clone();
        space.valid = common;
        let [old, new] = &joint.models;
        let mut old = Lowered::over(old, space.clone(), dd);
        let dd = std::mem::replace(&mut old.dd, Diagrams::new(Vec::new(), 0));
        let new = Lowered::over(new, space, dd);
        Self { both: [old, new], at: NEW, common, apart }
    }

    /// A version, with the diagrams.
    pub fn on(&mut self, which: usize) -> &mut Lowered<'m> {
        if which != self.at {
            let [old, new] = &mut self.both;
            std::mem::swap(&mut old.dd, &mut new.dd);
            self.at = which;
        }
        &mut self.both[which]
    }

    /// The diagrams.
    pub fn dd(&mut self) -> &mut Diagrams {
        &mut self.both[self.at].dd
    }

    /// The diagrams move on to a version over other cases; whoever gets them gives them back.
    pub fn lend(&mut self) -> Diagrams {
        std::mem::replace(self.dd(), Diagrams::new(Vec::new(), 0))
    }

    pub fn give_back(&mut self, dd: Diagrams) {
        *self.dd() = dd;
    }
}
