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
//! Whichever looks at less is taken, clause by clause. Of those listed, a word for each clause (what it leaves of the axes of few
//! cells) shows most that do not meet, before boxes are compared. What is found may be more than what meets, never less.

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
    /// Copies share it.
    known: Arc<Known>,
    /// By axis, of those that have bit sets by cell: by set of cells the clauses that meet it, filled as asked.
    meets: Vec<FxHashMap<Bits, Box<[u64]>>>,
    /// Room for one answer.
    room: Room,
}

#[derive(Debug, Default, Clone)]
struct Known {
    hulls: Vec<Hull>,
    marks: Marks,
    axes: Vec<Side>,
    words: usize,
}

/// What clauses leave of the axes of few cells, all of them in one word of each clause: mostly that shows whether two of them
/// can meet.
#[derive(Debug, Default, Clone)]
struct Marks {
    /// By axis that has a field: its first bit, and its bits.
    fields: Vec<(usize, u32, u128)>,
    /// By clause.
    of: Vec<u128>,
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
    at: Lists,
    /// The clauses that leave the axis open, or nearly.
    open: Vec<u32>,
    bits: Index,
}

/// The clauses at each cell, one list behind the other.
#[derive(Debug, Default, Clone)]
struct Lists {
    clauses: Vec<u32>,
    /// By cell: where its list ends.
    ends: Vec<u32>,
}

/// The bit sets of an axis.
#[derive(Debug, Default, Clone)]
enum Index {
    /// They would be too large.
    #[default]
    None,
    /// By cell: the clauses that begin there or before, and those that end before.
    Intervals { begun: Vec<u64>, ended: Vec<u64> },
    /// By cell the clauses at it.
    Sets { at: Vec<u64> },
}

impl Near {
    /// `hulls[i]` is a box around clause i; `cells` are the cells of each axis.
    pub fn new(hulls: Vec<Hull>, cells: &[u32]) -> Self {
        let words = hulls.len().div_ceil(64);
        let mut axes: Vec<Side> = cells.iter().map(|n| Side { at: Lists::new(*n), ..Side::default() }).collect();
        let mut intervals = vec![true; cells.len()];
        for (i, hull) in hulls.iter().enumerate() {
            let mut sides = hull.sides.iter().peekable();
            for (axis, side) in axes.iter_mut().enumerate() {
                let set = sides.next_if(|(at, _)| *at == axis).map(|(_, set)| set);
                intervals[axis] &= set.is_none_or(|set| ends(set).is_some());
                match listed(set) {
                    Some(set) => set.iter().for_each(|cell| side.at.count(cell)),
                    None => side.open.push(i as u32),
                }
            }
        }
        for (axis, side) in axes.iter_mut().enumerate() {
            side.at.open();
            side.bits = Index::new(cells[axis] as usize, words, intervals[axis]);
        }
        let mut marks = Marks::new(cells);
        marks.of = hulls.iter().map(|hull| marks.mark(hull)).collect();
        let mut open = vec![vec![0u64; words]; cells.len()];
        for (i, hull) in hulls.iter().enumerate() {
            let mut sides = hull.sides.iter().peekable();
            for (axis, side) in axes.iter_mut().enumerate() {
                let set = sides.next_if(|(at, _)| *at == axis).map(|(_, set)| set);
                match set {
                    Some(set) => side.bits.put(i, set, words),
                    None => open[axis][i / 64] |= 1 << (i % 64),
                }
                listed(set).into_iter().flat_map(Bits::iter).for_each(|cell| side.at.put(cell, i as u32));
            }
        }
        axes.iter_mut().zip(&open).for_each(|(side, open)| side.bits.finish(open, words));
        let meets = vec![FxHashMap::default(); cells.len()];
        Self { known: Arc::new(Known { hulls, marks, axes, words }), meets, room: Room::default() }
    }

    /// After an edit, with the boxes of the clauses that have changed.
    pub fn edit(&mut self, edit: &super::Edit, changed: FxHashMap<ClauseId, Hull>, cells: &[u32]) {
        let known = Arc::make_mut(&mut self.known);
        if edit.old.len() == edit.new.len() && changed.values().all(|hull| known.has_room(hull)) {
            for (id, hull) in changed {
                known.replace(id.index(), hull, &mut self.meets);
            }
            return;
        }
        let mut hulls = std::mem::take(&mut known.hulls);
        hulls.splice(edit.old.clone(), std::iter::repeat_n(Hull::default(), edit.new.len()));
        for (id, hull) in changed {
            hulls[id.index()] = hull;
        }
        *self = Self::new(hulls, cells);
    }

    pub fn hull(&self, clause: ClauseId) -> &Hull {
        &self.known.hulls[clause.index()]
    }

    /// The clauses whose boxes meet the clause's own, itself included, ascending.
    pub fn of(&mut self, clause: ClauseId) -> Arc<[ClauseId]> {
        let known = Arc::clone(&self.known);
        let mut room = std::mem::take(&mut self.room);
        self.find(&known.hulls[clause.index()], &mut room);
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
        let Known { hulls, marks, axes, words } = &*self.known;
        let narrow = || hull.sides.iter().filter(|s| s.0 < axes.len());
        let looked_at = |(axis, set): &(usize, Bits)| {
            let side = &axes[*axis];
            side.open.len() + set.iter().map(|cell| side.at.of(cell).len()).sum::<usize>()
        };
        let lists = narrow().filter(|s| s.1.len() <= WIDE).map(|s| (looked_at(s), s)).min_by_key(|l| l.0);
        let by_bits = narrow().filter(|s| !matches!(axes[s.0].bits, Index::None)).count();
        match lists {
            Some((n, (axis, set))) if by_bits == 0 || n * LISTED <= by_bits * words => {
                let (side, found, own) = (&axes[*axis], &mut room.found, marks.mark(hull));
                let mut add = |list: &[u32]| {
                    found.extend(list.iter().filter(|c| marks.meet(marks.of[**c as usize], own)).map(|c| ClauseId(*c)));
                };
                set.iter().for_each(|cell| add(side.at.of(cell)));
                add(&side.open);
                found.sort_unstable();
                found.dedup();
                found.retain(|c| !hulls[c.index()].disjoint(hull));
            }
            _ => self.by_bits(hull, room),
        }
    }

    fn by_bits(&mut self, hull: &Hull, room: &mut Room) {
        let Known { hulls, axes, words, .. } = &*self.known;
        let (n, words, all) = (hulls.len(), *words, &mut room.words);
        all.clear();
        all.resize(words, u64::MAX);
        if !n.is_multiple_of(64) {
            all[words - 1] = (1 << (n % 64)) - 1;
        }
        let mut rest = false;
        for (axis, set) in &hull.sides {
            let row = |bits: &[u64], cell: usize| cell * words..((cell + 1) * words).min(bits.len());
            match axes.get(*axis).map(|a| &a.bits) {
                Some(Index::Intervals { begun, ended }) => {
                    let (Some(first), Some(last)) = (set.first(), set.last()) else { return };
                    rest |= ends(set).is_none();
                    let meets = begun[row(begun, last)].iter().zip(&ended[row(ended, first)]);
                    all.iter_mut().zip(meets).for_each(|(a, (begun, ended))| *a &= begun & !ended);
                }
                Some(Index::Sets { at }) => {
                    let meets = &mut self.meets[*axis];
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
                if !rest || !hulls[clause].disjoint(hull) {
                    room.found.push(ClauseId(clause as u32));
                }
            }
        }
    }
}

impl Known {
    /// Whether the bit sets can hold the box of another clause.
    fn has_room(&self, hull: &Hull) -> bool {
        let fits = |side: &Side, set: &Bits| !matches!(side.bits, Index::Intervals { .. }) || ends(set).is_some();
        hull.sides.iter().all(|(axis, set)| self.axes.get(*axis).is_none_or(|side| fits(side, set)))
    }

    /// Gives a clause another box.
    fn replace(&mut self, clause: usize, hull: Hull, meets: &mut [FxHashMap<Bits, Box<[u64]>>]) {
        self.marks.of[clause] = self.marks.mark(&hull);
        let old = std::mem::replace(&mut self.hulls[clause], hull);
        let new = &self.hulls[clause];
        for (axis, side) in self.axes.iter_mut().enumerate() {
            let (old, new) = (old.side(axis), new.side(axis));
            if old != new {
                side.replace(clause as u32, old, new);
                side.bits.replace(clause, new, self.words);
                for (cells, row) in &mut meets[axis] {
                    put_bit(row, clause, new.is_none_or(|set| !cells.is_disjoint(set)));
                }
            }
        }
    }
}

impl Marks {
    /// Fields for the axes of the fewest cells, as many as there is room for.
    fn new(cells: &[u32]) -> Self {
        let mut axes: Vec<(u32, usize)> =
            cells.iter().copied().zip(0..).filter(|(n, _)| (2..=64).contains(n)).collect();
        axes.sort_unstable();
        let (mut fields, mut first) = (Vec::new(), 0);
        for (n, axis) in axes {
            if first + n > u128::BITS {
                break;
            }
            fields.push((axis, first, ((1u128 << n) - 1) << first));
            first += n;
        }
        fields.sort_unstable();
        Self { fields, of: Vec::new() }
    }

    fn mark(&self, hull: &Hull) -> u128 {
        let (mut mark, mut sides) = (0, hull.sides.iter().peekable());
        for (axis, first, all) in &self.fields {
            while sides.next_if(|s| s.0 < *axis).is_some() {}
            mark |= match sides.next_if(|s| s.0 == *axis) {
                Some((_, set)) => u128::from(set.word_from(0, 0)) << first & all,
                None => *all,
            };
        }
        mark
    }

    /// They have a cell in common on each of these axes.
    fn meet(&self, a: u128, b: u128) -> bool {
        let common = a & b;
        self.fields.iter().all(|(_, _, all)| common & all != 0)
    }
}

impl Side {
    /// A clause leaves other cells than it did.
    fn replace(&mut self, clause: u32, old: Option<&Bits>, new: Option<&Bits>) {
        let (old, new) = (listed(old), listed(new));
        if old.is_some() || new.is_some() {
            self.at.replace(clause, new);
        }
        match (self.open.binary_search(&clause), new) {
            (Ok(at), Some(_)) => drop(self.open.remove(at)),
            (Err(at), None) => self.open.insert(at, clause),
            _ => {}
        }
    }
}

impl Lists {
    /// Of so many cells. It is counted first what each list will have.
    fn new(cells: u32) -> Self {
        Self { clauses: Vec::new(), ends: vec![0; cells as usize] }
    }

    fn count(&mut self, cell: usize) {
        self.ends[cell] += 1;
    }

    /// Each list ends where it begins, and grows to where the next one begins.
    fn open(&mut self) {
        let mut all = 0;
        for end in &mut self.ends {
            all += std::mem::replace(end, all);
        }
        self.clauses = vec![0; all as usize];
    }

    fn put(&mut self, cell: usize, clause: u32) {
        let end = &mut self.ends[cell];
        self.clauses[*end as usize] = clause;
        *end += 1;
    }

    fn of(&self, cell: usize) -> &[u32] {
        let first = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.clauses[first as usize..self.ends[cell] as usize]
    }

    /// The clause is in the lists of these cells and in no others.
    fn replace(&mut self, clause: u32, cells: Option<&Bits>) {
        let mut clauses = Vec::with_capacity(self.clauses.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        for cell in 0..self.ends.len() {
            let old = self.of(cell);
            let (before, after) = old.split_at(old.partition_point(|c| *c < clause));
            clauses.extend_from_slice(before);
            clauses.extend(cells.filter(|set| set.contains(cell)).map(|_| clause));
            clauses.extend_from_slice(after.strip_prefix(&[clause]).unwrap_or(after));
            ends.push(clauses.len() as u32);
        }
        *self = Self { clauses, ends };
    }
}

/// The set, where the clause is listed at its cells.
fn listed(set: Option<&Bits>) -> Option<&Bits> {
    set.filter(|set| set.len() <= WIDE)
}

fn put_bit(row: &mut [u64], clause: usize, there: bool) {
    let (word, bit) = (&mut row[clause / 64], 1u64 << (clause % 64));
    *word = if there { *word | bit } else { *word & !bit };
}

impl Index {
    /// Notes what a clause leaves of the axis now; where they are intervals that is one.
    fn replace(&mut self, clause: usize, set: Option<&Bits>, words: usize) {
        match self {
            Index::None => {}
            Index::Intervals { begun, ended } => {
                let (first, last) = set.and_then(ends).unwrap_or((0, usize::MAX));
                let rows = begun.chunks_exact_mut(words).zip(ended.chunks_exact_mut(words));
                for (cell, (begun, ended)) in rows.enumerate() {
                    put_bit(begun, clause, cell >= first);
                    put_bit(ended, clause, cell > last);
                }
            }
            Index::Sets { at } => {
                for (cell, row) in at.chunks_exact_mut(words).enumerate() {
                    put_bit(row, clause, set.is_none_or(|set| set.contains(cell)));
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
            false => Index::Sets { at: empty() },
        }
    }

    /// Puts in what a clause leaves of the axis.
    fn put(&mut self, clause: usize, set: &Bits, words: usize) {
        let (word, bit) = (clause / 64, 1u64 << (clause % 64));
        match self {
            Index::None => {}
            Index::Sets { at } => {
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
            Index::Sets { at } => at.chunks_exact_mut(words).for_each(|row| add(row, open)),
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
                let edit = Edit { old: at..at + 1, new: at..at + 1, changed: Vec::new(), replaced: Vec::new() };
                hulls[at] = hull.clone();
                near.edit(&edit, FxHashMap::from_iter([(ClauseId(at as u32), hull)]), &cells);
            }
            meets_all(&mut near, &hulls);
        }
    }
}
