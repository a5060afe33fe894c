//! A condition -> the cells of each axis that it leaves: a box around it.
//!
//! The box may be larger than the condition, never smaller. It tells quickly which clauses cannot meet.

use super::cond::Memo;
use super::{AxisId, Space};
use crate::diagram::{Diagrams, Node};
use crate::model::{Atom, Bits, Cond, CondKind};

/// The axes that are restricted, ascending, with the cells that are left; an axis without cells means that nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hull {
    pub sides: Vec<(AxisId, Bits)>,
}

impl Hull {
    /// What it leaves of an axis, if it says something of it.
    pub fn side(&self, axis: AxisId) -> Option<&Bits> {
        self.sides.binary_search_by_key(&axis, |s| s.0).ok().map(|at| &self.sides[at].1)
    }

    /// Takes away the axis' other cells.
    pub fn narrow(&mut self, axis: AxisId, cells: &Bits) {
        match self.sides.binary_search_by_key(&axis, |s| s.0) {
            Ok(at) => self.sides[at].1 = self.sides[at].1.intersection(cells),
            Err(at) => self.sides.insert(at, (axis, cells.clone())),
        }
    }

    pub fn intersect(&mut self, other: &Hull) {
        other.sides.iter().for_each(|(axis, cells)| self.narrow(*axis, cells));
    }

    /// The box around both.
    fn join(&mut self, other: &Hull) {
        self.sides.retain_mut(|(axis, cells)| match other.sides.binary_search_by_key(axis, |s| s.0) {
            Ok(at) => {
                *cells = cells.union(&other.sides[at].1);
                true
            }
            Err(_) => false,
        });
    }

    /// The assignments of the box.
    pub fn cube(&self, dd: &mut Diagrams) -> Node {
        self.sides.iter().rev().fold(Diagrams::TRUE, |below, (axis, cells)| dd.above(*axis, cells, below))
    }

    /// The parts of the box outside another, disjoint. `all` are the cells of each axis.
    pub fn less(mut self, other: &Hull, all: &[u32], into: &mut Vec<Hull>) {
        if self.disjoint(other) {
            return into.push(self);
        }
        for (axis, cells) in &other.sides {
            let outside = match self.side(*axis) {
                Some(own) => own.difference(cells),
                None => cells.complement(all[*axis] as usize),
            };
            if !outside.is_empty() {
                let mut part = self.clone();
                part.narrow(*axis, &outside);
                into.push(part);
                self.narrow(*axis, cells);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.sides.iter().any(|s| s.1.is_empty())
    }

    /// The boxes have nothing in common.
    pub fn disjoint(&self, other: &Hull) -> bool {
        let (mut i, mut j) = (0, 0);
        while i < self.sides.len() && j < other.sides.len() {
            let (a, b) = (&self.sides[i], &other.sides[j]);
            if a.0 == b.0 && a.1.is_disjoint(&b.1) {
                return true;
            }
            i += usize::from(a.0 <= b.0);
            j += usize::from(b.0 <= a.0);
        }
        false
    }
}

/// The box around a condition that has been lowered.
pub fn hull(space: &Space, dd: &Diagrams, memo: &Memo, cond: &Cond) -> Hull {
    match &cond.kind {
        CondKind::True => Hull::default(),
        CondKind::Atom(atom) => memo.atoms.get(atom).map(|a| a.hull.clone()).unwrap_or_default(),
        CondKind::And(parts) => {
            let mut all = Hull { sides: Vec::with_capacity(parts.len()) };
            for part in parts {
                // A part's own sides are looked at in place where it is an atom, as nearly all are.
                match &part.kind {
                    CondKind::Atom(atom) => memo.atoms.get(atom).into_iter().for_each(|a| all.intersect(&a.hull)),
                    _ => all.intersect(&hull(space, dd, memo, part)),
                }
            }
            all
        }
        CondKind::Or(parts) => {
            let mut parts = parts.iter().map(|p| hull(space, dd, memo, p)).filter(|h| !h.is_empty());
            let Some(mut all) = parts.next() else { return nothing() };
            parts.for_each(|p| all.join(&p));
            all
        }
        CondKind::Not(inner) => match &inner.kind {
            CondKind::Atom(atom) => match memo.atoms.get(atom).map(|a| &a.hull.sides[..]) {
                Some([(axis, cells)]) if one_side(atom) => {
                    Hull { sides: vec![(*axis, cells.complement(space.axes[*axis].cells.len()))] }
                }
                _ => Hull::default(),
            },
            _ => Hull::default(),
        },
        CondKind::Define(d) => match memo.defines.get(d) {
            Some(&node) => {
                Hull { sides: dd.hull(node).into_iter().enumerate().filter_map(|(l, b)| Some((l, b?))).collect() }
            }
            None => Hull::default(),
        },
    }
}

/// The condition is the box around it: a conjunction of parts that speak of one axis each.
pub fn is_box(cond: &Cond) -> bool {
    let part = |cond: &Cond| match &cond.kind {
        CondKind::Atom(atom) => one_side(atom),
        CondKind::Not(inner) => matches!(&inner.kind, CondKind::Atom(atom) if one_side(atom)),
        CondKind::True => true,
        CondKind::And(_) | CondKind::Or(_) | CondKind::Define(_) => false,
    };
    match &cond.kind {
        CondKind::And(parts) => parts.iter().all(part),
        _ => part(cond),
    }
}

fn nothing() -> Hull {
    Hull { sides: vec![(0, Bits::new())] }
}

/// The atom is the cells of one axis and nothing else.
fn one_side(atom: &Atom) -> bool {
    match atom {
        Atom::Yes(_) | Atom::OneOf(..) | Atom::Range(..) | Atom::Weekday(..) | Atom::Within { .. } => true,
        Atom::Distance { from, to, .. } => from != to,
        Atom::Set { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_another_box_lies_in_one_part() {
        let mut rng = fastrand::Rng::with_seed(11);
        let all = [3u32, 2, 4];
        for round in 0..500 {
            let mut random = || {
                let mut hull = Hull::default();
                for (axis, &n) in all.iter().enumerate().filter(|_| rng.bool()).collect::<Vec<_>>() {
                    hull.narrow(axis, &(0..n as usize).filter(|_| rng.u8(0..3) > 0).collect());
                }
                hull
            };
            let (one, other) = (random(), random());
            let mut parts = Vec::new();
            one.clone().less(&other, &all, &mut parts);
            let mut dd = Diagrams::new(all.to_vec(), 1000);
            let cubes = [&one, &other].map(|hull| hull.cube(&mut dd));
            for cell in 0..24u32 {
                let at = [cell % 3, cell / 3 % 2, cell / 6];
                let has = |hull: &Hull| hull.sides.iter().all(|(axis, set)| set.contains(at[*axis] as usize));
                assert_eq!(cubes.map(|cube| dd.eval(cube, &at) == 1), [has(&one), has(&other)], "round {round}");
                let within = parts.iter().filter(|part| has(part)).count();
                assert_eq!(within, usize::from(has(&one) && !has(&other)), "round {round}: {at:?}");
            }
        }
    }
}
