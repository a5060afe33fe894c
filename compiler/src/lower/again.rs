//! What was lowered before an edit -> the same for the policy after it.
//!
//! Where the declarations are as they were and no condition cuts the facts anew, the space is the same, and so is every
//! diagram of a clause that does not meet a changed one: a clause's sets lie within its box, and the change within the boxes
//! that the changed clauses had and have. So only these and their neighbours are lowered again.

use super::near::Near;
use super::voices::{Boxed, Voices};
use super::{Lowered, NEIGHBOURS};
use crate::diagram::{Diagrams, Node};
use crate::model::*;
use crate::space::{self, Hull, Memo, Space, Tally};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::ops::Range;

/// Which clauses of two versions of a policy, whose declarations are the same, are the same.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The clauses of the old version in place of which...
    pub old: Range<usize>,
    /// ...these of the new one stand. Around them one version's clauses stand as the other's.
    pub new: Range<usize>,
    /// Clauses of the new version around these that have changed nevertheless.
    pub changed: Vec<ClauseId>,
    /// Clauses of the new version that one which is gone, or has changed, replaced.
    pub replaced: Vec<ClauseId>,
}

impl Edit {
    /// Nothing has changed.
    pub fn is_none(&self) -> bool {
        self.old.is_empty() && self.new.is_empty() && self.changed.is_empty()
    }

    /// A clause of the old version in the new one, changed or not.
    pub fn now(&self, old: ClauseId) -> Option<ClauseId> {
        let i = old.index();
        match i {
            _ if i < self.old.start => Some(old),
            _ if i >= self.old.end => Some(ClauseId((i - self.old.end + self.new.end) as u32)),
            _ => None,
        }
    }

    /// The other way round.
    pub fn before(&self, new: ClauseId) -> Option<ClauseId> {
        let i = new.index();
        match i {
            _ if i < self.new.start => Some(new),
            _ if i >= self.new.end => Some(ClauseId((i - self.new.end + self.old.end) as u32)),
            _ => None,
        }
    }

    fn moved<T: Clone>(&self, list: &mut Vec<T>, blank: T) {
        list.splice(self.old.clone(), std::iter::repeat_n(blank, self.new.len()));
    }
}

/// What an edit can have changed.
#[derive(Debug, Default)]
pub struct Touched {
    /// The clauses of which something may be different now, ascending.
    pub clauses: Vec<ClauseId>,
    /// Those that have changed themselves, ascending.
    pub changed: Vec<ClauseId>,
    /// The boxes that changed clauses had, and those that they have: elsewhere every case is decided as before.
    pub changes: Vec<Hull>,
}

/// What was lowered, without its model.
#[derive(Clone)]
pub struct Parked {
    space: Space,
    dd: Diagrams,
    applies: Vec<Node>,
    remains: Vec<Node>,
    stands: Vec<Node>,
    obligations: Vec<Vec<Node>>,
    advice: Vec<Vec<Node>>,
    fails: Vec<Vec<Node>>,
    provisos: Vec<Vec<Node>>,
    near: Near,
    plain: Vec<bool>,
    voices: Vec<Option<Voices>>,
    boxed: FxHashMap<Node, Option<Boxed>>,
    memo: Memo,
    chosen: FxHashMap<(Node, Node), (Case, Vec<FactId>)>,
    tally: Option<Tally>,
}

impl Parked {
    /// The same model again.
    pub fn again(self, model: &Model) -> Lowered<'_> {
        let mut lowered = Lowered::blank(model, self.space, self.dd);
        (lowered.near, lowered.memo, lowered.boxed) = (self.near, self.memo, self.boxed);
        (lowered.applies, lowered.remains, lowered.stands) = (self.applies, self.remains, self.stands);
        (lowered.obligations, lowered.advice) = (self.obligations, self.advice);
        (lowered.fails, lowered.provisos) = (self.fails, self.provisos);
        (lowered.plain, lowered.voices) = (self.plain, self.voices);
        (lowered.chosen, lowered.tally) = (self.chosen, self.tally);
        lowered
    }
}

impl<'m> Lowered<'m> {
    /// Takes the model away.
    pub fn park(self) -> Parked {
        let Lowered { space, dd, applies, remains, stands, obligations, advice, fails, provisos, .. } = self;
        let Lowered { near, plain, voices, boxed, memo, chosen, tally, .. } = self;
        Parked {
            space,
            dd,
            applies,
            remains,
            stands,
            obligations,
            advice,
            fails,
            provisos,
            near,
            plain,
            voices,
            boxed,
            memo,
            chosen,
            tally,
        }
    }

    /// The policy after an edit, with what may be different now. `None` where the space would be another, or the budget
    /// does not suffice.
    pub fn unpark(model: &'m Model, mut parked: Parked, edit: &Edit) -> Option<(Self, Touched)> {
        let fits = match &mut parked.tally {
            Some(tally) => tally.edit(model, &parked.space, edit.old.clone(), edit.new.clone()),
            None => space::fits(model, &parked.space),
        };
        debug_assert_eq!(fits, space::fits(model, &parked.space), "what is asked is counted wrongly");
        if !fits {
            return None;
        }
        // Who edits once does so again.
        let tally = parked.tally.get_or_insert_with(|| Tally::new(model, &parked.space));
        debug_assert_eq!(tally.asked(model), show::read(model));
        model.asked.get_or_init(|| tally.asked(model));
        let mut lowered = parked.again(model);
        lowered.dd.forget_steps();
        let touched = lowered.edit(edit);
        (!lowered.dd.exhausted()).then_some((lowered, touched))
    }

    fn edit(&mut self, edit: &Edit) -> Touched {
        let changed = self.changed(edit);
        let replaced = self.replaced(edit, &changed);
        // Whom the changed clauses met.
        let gone = edit.old.clone().map(|i| ClauseId(i as u32));
        let was: Vec<ClauseId> = changed.iter().filter_map(|id| edit.before(*id)).chain(gone).collect();
        let mut changes: Vec<Hull> = was.iter().map(|id| self.near.hull(*id).clone()).collect();
        let mut touched: BTreeSet<ClauseId> = changed.union(&replaced).copied().collect();
        for id in was {
            touched.extend(self.near.of(id).iter().filter_map(|other| edit.now(*other)));
        }
        self.make_room(edit);
        self.apply_again(edit, &changed);
        if self.dd.exhausted() {
            return Touched::default();
        }
        // Whom they meet.
        for id in &changed {
            touched.extend(self.near.of(*id).iter());
        }
        let ids: Vec<ClauseId> = touched.iter().copied().collect();
        let before: Vec<_> = ids.iter().map(|id| self.sets(*id)).collect();
        self.lower_rest(&ids);
        // Who is different now is different to all whom it meets.
        for (id, before) in ids.iter().zip(before) {
            if changed.contains(id) || replaced.contains(id) || before != self.sets(*id) {
                self.voices[id.index()] = None;
                touched.extend(self.near.of(*id).iter());
            }
        }
        changes.extend(changed.iter().map(|id| self.near.hull(*id).clone()));
        let changed = changed.into_iter().collect();
        Touched { clauses: touched.into_iter().collect(), changed, changes }
    }

    /// The new version's clauses that have changed, and the exceptions to them.
    fn changed(&self, edit: &Edit) -> BTreeSet<ClauseId> {
        let mut open: Vec<ClauseId> = edit.new.clone().map(|i| ClauseId(i as u32)).collect();
        open.extend(&edit.changed);
        let mut changed = BTreeSet::new();
        while let Some(id) = open.pop() {
            if changed.insert(id) {
                open.extend(&self.exceptions[id.index()]);
            }
        }
        changed
    }

    /// The clauses that other exceptions replace now, or exceptions that have changed: whether or not they meet, it counts
    /// that there are some.
    fn replaced(&self, edit: &Edit, changed: &BTreeSet<ClauseId>) -> BTreeSet<ClauseId> {
        let mut found: BTreeSet<ClauseId> = edit.replaced.iter().copied().collect();
        for id in changed {
            found.extend(&self.model.clause(*id).replaces);
        }
        found
    }

    fn make_room(&mut self, edit: &Edit) {
        for list in [&mut self.applies, &mut self.remains, &mut self.stands] {
            edit.moved(list, Diagrams::FALSE);
        }
        for list in [&mut self.obligations, &mut self.advice, &mut self.fails, &mut self.provisos] {
            edit.moved(list, Vec::new());
        }
        edit.moved(&mut self.plain, false);
        edit.moved(&mut self.voices, None);
        self.room = NEIGHBOURS;
    }

    /// Where the changed clauses apply, and the boxes around that.
    fn apply_again(&mut self, edit: &Edit, changed: &BTreeSet<ClauseId>) {
        let model = self.model;
        let mut own: FxHashMap<ClauseId, Node> = FxHashMap::default();
        let mut hulls: FxHashMap<ClauseId, Hull> = FxHashMap::default();
        for &id in changed {
            self.next(id);
            let (node, hull) = self.own(id);
            own.insert(id, node);
            hulls.insert(id, hull);
            (self.obligations[id.index()], self.advice[id.index()]) = (Vec::new(), Vec::new());
        }
        // Exceptions after all the clauses they replace.
        let mut open: Vec<ClauseId> = changed.iter().rev().copied().collect();
        let mut done: BTreeSet<ClauseId> = BTreeSet::new();
        while !open.is_empty() {
            let before = open.len();
            let mut later = Vec::new();
            while let Some(id) = open.pop() {
                let replaces = &model.clause(id).replaces;
                if replaces.iter().any(|p| changed.contains(p) && !done.contains(p)) {
                    later.push(id);
                    continue;
                }
                self.next(id);
                let node = own.get(&id).copied().unwrap_or(Diagrams::FALSE);
                if model.clause(id).is_exception() {
                    if let [one] = replaces[..] {
                        let above = match hulls.get(&one) {
                            Some(hull) => hull.clone(),
                            None => match edit.before(one) {
                                Some(before) => self.near.hull(before).clone(),
                                None => Hull::default(),
                            },
                        };
                        if let Some(hull) = hulls.get_mut(&id) {
                            hull.intersect(&above);
                        }
                    }
                    self.apply_exception(id, node);
                } else {
                    self.applies[id.index()] = node;
                }
                done.insert(id);
            }
            if later.len() == before {
                return self.dd.exhaust(); // Exceptions in a circle have no model.
            }
            later.reverse();
            open = later;
        }
        self.near.edit(edit, hulls, self.dd.cells());
    }

    /// All that is known of a clause in sets.
    fn sets(&self, id: ClauseId) -> ([Node; 3], [Vec<Node>; 4]) {
        let i = id.index();
        let lists = [&self.obligations[i], &self.advice[i], &self.fails[i], &self.provisos[i]];
        ([self.applies[i], self.remains[i], self.stands[i]], lists.map(Clone::clone))
    }
}
