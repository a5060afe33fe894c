//! Boxes around the clauses -> which clauses can meet.
//!
//! Most clauses meet few others, and no question about a clause concerns those that it does not meet. So each clause gets
//! a box (the cells of each axis that it leaves open), and for each clause the others are found in one of two ways:
//!
//! * **lists**: of one axis, the clauses at each cell. Good where some axis parts the clauses, as a name or a place does.
//! * **bit sets**: of each axis, the clauses that meet a set of cells; the answer is what all axes of the box have in common.
//!   Good where every axis has few cells and the clauses are dense. Where all clauses leave intervals of an axis, as of a
//!   number, those that meet another interval are those that have begun by its end, less those that have ended before it.
//!
//! Whichever looks at less is taken, clause by clause. What is found may be more than what meets, never less.

use crate::model::{Bits, ClauseId};
use crate::space::Hull;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Sets of more cells than this count as leaving the axis open, for the lists.
const WIDE: usize = 64;
/// The most words that the bit sets of one axis may have together.
const WORDS: usize = 4_000_000;
/// Looking at one listed clause costs as much as this many words.
const LISTED: usize = 6;

#[derive(Debug, Default, Clone)]
pub struct Near {
    /// Copies share them.
    hulls: Arc<Vec<Hull>>,
    axes: Vec<Side>,
    words: usize,
    /// Room for one answer.
    room: Room,
}

/// What is thrown away after each answer, kept for the next.
#[derive(Debug, Default, Clone)]
struct Room {
    words: Vec<u64>,
    found: Vec<ClauseId>,
}

/// What is known of one axis.
#[derive(Debug, Default, Clone)]
struct Side {
    /// The clauses at each cell.
    at: Vec<Vec<u32>>,
    /// The clauses that leave the axis open, or nearly.
    open: Vec<u32>,
    bits: Index,
}

/// The bit sets of an axis.
#[derive(Debug, Default, Clone)]
enum Index {
    /// They would be too large.
    #[default]
    None,
    /// By cell: the clauses that begin there or before, and those that end before.
    Intervals { begun: Vec<u64>, ended: Vec<u64> },
    /// By cell the clauses at it; by set of cells the clauses that meet it, filled as asked.
    Sets { at: Vec<u64>, meets: FxHashMap<Bits, Box<[u64]>> },
}

impl Near {
    /// `hulls[i]` is a box around clause i; `cells` are the cells of each axis.
    pub fn new(hulls: Vec<Hull>, cells: &[u32]) -> Self {
        let words = hulls.len().div_ceil(64);
        let mut axes: Vec<Side> = Vec::with_capacity(cells.len());
        let mut intervals = vec![true; cells.len()];
        axes.resize_with(cells.len(), Side::default);
        for (axis, n) in cells.iter().enumerate() {
            axes[axis].at = vec![Vec::new(); *n as usize];
        }
        let mut bound = vec![u32::MAX; cells.len()];
        for (i, hull) in hulls.iter().enumerate() {
            let clause = i as u32;
            for (axis, set) in hull.sides.iter().filter(|s| s.0 < cells.len()) {
                intervals[*axis] &= ends(set).is_some();
                if set.len() <= WIDE {
                    set.iter().for_each(|c| axes[*axis].at[c].push(clause));
                    bound[*axis] = clause;
                }
            }
            for (axis, side) in axes.iter_mut().enumerate() {
                if bound[axis] != clause {
                    side.open.push(clause);
                }
            }
        }
        for (axis, side) in axes.iter_mut().enumerate() {
            side.bits = Index::new(cells[axis] as usize, words, intervals[axis]);
        }
        let mut open = vec![vec![0u64; words]; cells.len()];
        for (i, hull) in hulls.iter().enumerate() {
            let mut sides = hull.sides.iter().peekable();
            for (axis, side) in axes.iter_mut().enumerate() {
                match sides.next_if(|(at, _)| *at == axis) {
                    Some((_, set)) => side.bits.put(i, set, words),
                    None => open[axis][i / 64] |= 1 << (i % 64),
                }
            }
        }
        axes.iter_mut().zip(&open).for_each(|(side, open)| side.bits.finish(open, words));
        Self { hulls: hulls.into(), axes, words, room: Room::default() }
    }

    /// After an edit, with the boxes of the clauses that have changed.
    pub fn edit(&mut self, edit: &super::Edit, changed: FxHashMap<ClauseId, Hull>, cells: &[u32]) {
        if edit.old.len() == edit.new.len() && changed.values().all(|hull| self.has_room(hull)) {
            return changed.into_iter().for_each(|(id, hull)| self.replace(id.index(), hull));
        }
        let mut hulls = std::mem::take(Arc::make_mut(&mut self.hulls));
        hulls.splice(edit.old.clone(), std::iter::repeat_n(Hull::default(), edit.new.len()));
        for (id, hull) in changed {
            hulls[id.index()] = hull;
        }
        *self = Self::new(hulls, cells);
    }

    /// Whether the bit sets can hold the box of another clause.
    fn has_room(&self, hull: &Hull) -> bool {
        let fits = |side: &Side, set: &Bits| !matches!(side.bits, Index::Intervals { .. }) || ends(set).is_some();
        hull.sides.iter().all(|(axis, set)| self.axes.get(*axis).is_none_or(|side| fits(side, set)))
    }

    /// Gives a clause another box.
    fn replace(&mut self, clause: usize, hull: Hull) {
        let old = std::mem::replace(&mut Arc::make_mut(&mut self.hulls)[clause], hull);
        let new = &self.hulls[clause];
        for (axis, side) in self.axes.iter_mut().enumerate() {
            let (old, new) = (old.side(axis), new.side(axis));
            if old != new {
                side.remove(clause as u32, old);
                side.insert(clause as u32, new);
                side.bits.replace(clause, new, self.words);
            }
        }
    }

    pub fn hull(&self, clause: ClauseId) -> &Hull {
        &self.hulls[clause.index()]
    }

    /// The clauses whose boxes meet the clause's own, itself included, ascending.
    pub fn of(&mut self, clause: ClauseId) -> Arc<[ClauseId]> {
        let hulls = Arc::clone(&self.hulls);
        let mut room = std::mem::take(&mut self.room);
        self.find(&hulls[clause.index()], &mut room);
        let found = room.found.as_slice().into();
        self.room = room;
        found
    }

    /// The clauses whose boxes meet this one, ascending.
    pub fn around(&mut self, hull: &Hull) -> Vec<ClauseId> {
        let mut room = std::mem::take(&mut self.room);
        self.find(hull, &mut room);
        let found = room.found.clone();
        self.room = room;
        found
    }

    fn find(&mut self, hull: &Hull, room: &mut Room) {
        room.found.clear();
        if hull.is_empty() {
            return;
        }
        let narrow = || hull.sides.iter().filter(|s| s.0 < self.axes.len());
        let listed = |(axis, set): &(usize, Bits)| {
            let side = &self.axes[*axis];
            side.open.len() + set.iter().map(|c| side.at[c].len()).sum::<usize>()
        };
        let lists = narrow().filter(|s| s.1.len() <= WIDE).map(|s| (listed(s), s)).min_by_key(|l| l.0);
        let by_bits = narrow().filter(|s| !matches!(self.axes[s.0].bits, Index::None)).count();
        match lists {
            Some((n, (axis, set))) if by_bits == 0 || n * LISTED <= by_bits * self.words => {
                let (side, found) = (&self.axes[*axis], &mut room.found);
                set.iter().for_each(|c| found.extend(side.at[c].iter().map(|c| ClauseId(*c))));
                found.extend(side.open.iter().map(|c| ClauseId(*c)));
                found.sort_unstable();
                found.dedup();
                found.retain(|c| !self.hulls[c.index()].disjoint(hull));
            }
            _ => self.by_bits(hull, room),
        }
    }

    fn by_bits(&mut self, hull: &Hull, room: &mut Room) {
        let (n, all) = (self.hulls.len(), &mut room.words);
        all.clear();
        all.resize(self.words, u64::MAX);
        if !n.is_multiple_of(64) {
            all[self.words - 1] = (1 << (n % 64)) - 1;
        }
        let mut rest = false;
        for (axis, set) in &hull.sides {
            let words = self.words;
            let row = |bits: &[u64], cell: usize| cell * words..((cell + 1) * words).min(bits.len());
            match self.axes.get_mut(*axis).map(|a| &mut a.bits) {
                Some(Index::Intervals { begun, ended }) => {
                    let (Some(first), Some(last)) = (set.first(), set.last()) else { return };
                    rest |= ends(set).is_none();
                    let meets = begun[row(begun, last)].iter().zip(&ended[row(ended, first)]);
                    all.iter_mut().zip(meets).for_each(|(a, (begun, ended))| *a &= begun & !ended);
                }
                Some(Index::Sets { at, meets }) => {
                    if !meets.contains_key(set) {
                        let mut bits = vec![0u64; words];
                        for cell in set.iter() {
                            bits.iter_mut().zip(&at[row(at, cell)]).for_each(|(b, at)| *b |= at);
                        }
                        meets.insert(set.clone(), bits.into());
                    }
                    all.iter_mut().zip(&meets[set][..]).for_each(|(a, b)| *a &= b);
                }
                _ => rest = true,
            }
        }
        for (w, &word) in all.iter().enumerate() {
            let mut word = word;
            while word != 0 {
                let clause = w * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                if !rest || !self.hulls[clause].disjoint(hull) {
                    room.found.push(ClauseId(clause as u32));
                }
            }
        }
    }
}

impl Side {
    fn remove(&mut self, clause: u32, set: Option<&Bits>) {
        let out = |list: &mut Vec<u32>| {
            if let Ok(i) = list.binary_search(&clause) {
                list.remove(i);
            }
        };
        match set.filter(|set| set.len() <= WIDE) {
            Some(set) => set.iter().for_each(|cell| out(&mut self.at[cell])),
            None => out(&mut self.open),
        }
    }

    fn insert(&mut self, clause: u32, set: Option<&Bits>) {
        let into = |list: &mut Vec<u32>| {
            if let Err(i) = list.binary_search(&clause) {
                list.insert(i, clause);
            }
        };
        match set.filter(|set| set.len() <= WIDE) {
            Some(set) => set.iter().for_each(|cell| into(&mut self.at[cell])),
            None => into(&mut self.open),
        }
    }
}

impl Index {
    /// Notes what a clause leaves of the axis now; where they are intervals that is one.
    fn replace(&mut self, clause: usize, set: Option<&Bits>, words: usize) {
        let (word, bit) = (clause / 64, 1u64 << (clause % 64));
        let put = |bits: &mut u64, there: bool| *bits = if there { *bits | bit } else { *bits & !bit };
        match self {
            Index::None => {}
            Index::Intervals { begun, ended } => {
                let (first, last) = set.and_then(ends).unwrap_or((0, usize::MAX));
                let rows = begun.chunks_exact_mut(words).zip(ended.chunks_exact_mut(words));
                for (cell, (begun, ended)) in rows.enumerate() {
                    put(&mut begun[word], cell >= first);
                    put(&mut ended[word], cell > last);
                }
            }
            Index::Sets { at, meets } => {
                for (cell, row) in at.chunks_exact_mut(words).enumerate() {
                    put(&mut row[word], set.is_none_or(|set| set.contains(cell)));
                }
                for (cells, row) in meets {
                    put(&mut row[word], set.is_none_or(|set| cells.iter().any(|cell| set.contains(cell))));
                }
            }
        }
    }

    /// Of an axis of `n` cells, if there are clauses and that is not too large.
    fn new(n: usize, words: usize, intervals: bool) -> Self {
        let empty = || vec![0u64; n * words];
        match intervals {
            _ if words == 0 || 2 * n * words > WORDS => Index::None,
            true => Index::Intervals { begun: empty(), ended: empty() },
            false => Index::Sets { at: empty(), meets: FxHashMap::default() },
        }
    }

    /// Puts in what a clause leaves of the axis.
    fn put(&mut self, clause: usize, set: &Bits, words: usize) {
        let (word, bit) = (clause / 64, 1u64 << (clause % 64));
        match self {
            Index::None => {}
            Index::Sets { at, .. } => {
                let rows = at.len() / words;
                set.iter().take_while(|cell| *cell < rows).for_each(|cell| at[cell * words + word] |= bit);
            }
            Index::Intervals { begun, ended } => {
                if let Some((first, last)) = ends(set) {
                    begun[first * words + word] |= bit;
                    // Behind the last cell nobody looks.
                    ended.get_mut((last + 1) * words + word).into_iter().for_each(|there| *there |= bit);
                }
            }
        }
    }

    /// When all are put in: `open` are the clauses that say nothing of the axis.
    fn finish(&mut self, open: &[u64], words: usize) {
        let add = |row: &mut [u64], more: &[u64]| row.iter_mut().zip(more).for_each(|(word, more)| *word |= more);
        match self {
            Index::None => {}
            Index::Sets { at, .. } => at.chunks_exact_mut(words).for_each(|row| add(row, open)),
            Index::Intervals { begun, ended } => {
                begun.get_mut(..words).into_iter().for_each(|row| add(row, open));
                for bits in [begun, ended] {
                    for at in (words..bits.len()).step_by(words) {
                        let (before, row) = bits.split_at_mut(at);
                        add(&mut row[..words], &before[at - words..]);
                    }
                }
            }
        }
    }
}

/// The first and the last of cells that follow one another.
fn ends(set: &Bits) -> Option<(usize, usize)> {
    let (first, last) = (set.first()?, set.last()?);
    (last - first + 1 == set.len()).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::Edit;

    #[test]
    fn what_meets_is_found_both_ways() {
        let mut rng = fastrand::Rng::with_seed(3);
        let shapes = [
            (40, vec![3, 4, 5], false),
            (300, vec![3, 2000, 5], false),
            (300, vec![70, 90], false),
            (300, vec![30, 200], true),
        ];
        for (n, cells, intervals) in shapes {
            let random = |rng: &mut fastrand::Rng| {
                let mut hull = Hull::default();
                for (axis, &cells) in cells.iter().enumerate() {
                    if rng.u8(0..3) > 0 {
                        let wide = if rng.u8(0..4) == 0 { cells as usize } else { 3 };
                        let first = rng.usize(0..cells as usize);
                        if intervals {
                            hull.narrow(axis, &(first..(first + wide).min(cells as usize)).collect());
                            continue;
                        }
                        hull.narrow(axis, &(0..wide).map(|_| rng.usize(0..cells as usize)).collect());
                    }
                }
                hull
            };
            let mut hulls: Vec<Hull> = (0..n).map(|_| random(&mut rng)).collect();
            let mut near = Near::new(hulls.clone(), &cells);
            // As it is made, and after some clauses have other boxes.
            let meets_all = |near: &mut Near, hulls: &[Hull]| {
                for hull in hulls {
                    let naive: Vec<ClauseId> =
                        (0..n as u32).filter(|i| !hulls[*i as usize].disjoint(hull)).map(ClauseId).collect();
                    assert_eq!(near.around(hull), naive);
                    let mut room = Room::default();
                    near.by_bits(hull, &mut room);
                    assert_eq!(room.found, naive);
                }
            };
            meets_all(&mut near, &hulls);
            for _ in 0..20 {
                let (at, hull) = (rng.usize(0..n), random(&mut rng));
                let edit = Edit { old: at..at + 1, new: at..at + 1, changed: Vec::new() };
                hulls[at] = hull.clone();
                near.edit(&edit, FxHashMap::from_iter([(ClauseId(at as u32), hull)]), &cells);
            }
            meets_all(&mut near, &hulls);
        }
    }
}
