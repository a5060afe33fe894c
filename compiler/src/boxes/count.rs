//! Boxes that hardly overlap -> all parts of the space that they leave, by counting.
//!
//! Rows of tables are drawn side by side, so a table of thousands of rows is complete exactly if their volumes add up to
//! that of the space, and no search is needed to see it. Where rows overlap, what later ones share with earlier ones is
//! taken off them first. If the volumes fall short, the space is halved, again and again, and only halves that fall short
//! are looked at further; what no box meets is a part that is left.

use super::{Boxes, Region};

/// Pieces that overlapping boxes may fall into, for each box on average.
const PIECES: usize = 4;

impl Boxes {
    /// How many assignments the boxes leave of the whole space, and `most` of the parts that these make up, disjoint.
    /// `meets[i]` are the boxes before i that meet it. `None` where the boxes overlap too much, need more steps, or where
    /// numbers do not suffice: then this is not the way.
    pub fn left(&self, meets: &[Vec<u32>], most: usize, steps: &mut u64) -> Option<(u128, Vec<Region>)> {
        let pieces = self.apart(meets)?;
        let whole = self.region(&crate::space::Hull::default());
        let mut count = self.volume(&whole)?;
        for piece in 0..pieces.len() {
            count = count.checked_sub(self.volume(pieces.get(piece))?)?;
        }
        let ids: Vec<u32> = (0..pieces.len() as u32).collect();
        let mut left = Vec::new();
        let mut open = vec![(whole, ids)];
        while let Some((region, ids)) = open.pop() {
            if left.len() == most {
                break;
            }
            if *steps < ids.len() as u64 {
                return None;
            }
            *steps -= ids.len() as u64;
            let mut missing = self.volume(&region)?;
            let mut here = Vec::with_capacity(ids.len());
            for id in ids {
                if let Some(volume) = pieces.common(&region, id as usize)? {
                    missing = missing.checked_sub(volume)?;
                    here.push(id);
                }
            }
            if missing == 0 {
                continue;
            }
            if here.is_empty() {
                left.push(region);
                continue;
            }
            let (one, other) = pieces.halve(&region, &here)?;
            open.push((other, here.clone()));
            open.push((one, here));
        }
        Some((count, left))
    }

    /// The same assignments in boxes that do not meet.
    fn apart(&self, meets: &[Vec<u32>]) -> Option<Boxes> {
        let mut pieces = Boxes { words: Vec::with_capacity(self.words.len()), ..self.empty() };
        for (i, before) in meets.iter().enumerate() {
            let mut parts: Vec<Region> = vec![self.get(i).into()];
            for &j in before {
                let other = self.get(j as usize);
                let mut rest = Vec::with_capacity(parts.len());
                for part in parts {
                    if self.meet(&part, other) {
                        self.less(part, other, &mut rest);
                    } else {
                        rest.push(part);
                    }
                }
                parts = rest;
                if pieces.len() + parts.len() > PIECES * self.len() + 1000 {
                    return None;
                }
            }
            parts.iter().for_each(|part| pieces.push_region(part));
        }
        Some(pieces)
    }

    fn empty(&self) -> Boxes {
        Boxes { axes: self.axes.clone(), kept: self.kept.clone(), width: self.width, words: Vec::new() }
    }

    /// The parts of a box outside another, disjoint.
    fn less(&self, part: Region, other: &[u64], into: &mut Vec<Region>) {
        let mut inside = part;
        for axis in 0..self.axes.len() {
            if self.cuts(&inside, other, axis) {
                let mut outside = inside.clone();
                for w in self.axes[axis].range() {
                    outside[w] &= !other[w];
                    inside[w] &= other[w];
                }
                into.push(outside);
            }
        }
    }

    /// How many assignments a box has in a region; `Some(None)` if none, `None` if too many to count.
    fn common(&self, region: &[u64], id: usize) -> Option<Option<u128>> {
        let other = self.get(id);
        let mut volume = 1u128;
        for axis in &self.axes {
            let n: u32 = region[axis.range()].iter().zip(&other[axis.range()]).map(|(r, b)| (r & b).count_ones()).sum();
            if n == 0 {
                return Some(None);
            }
            volume = volume.checked_mul(u128::from(n))?;
        }
        Some(Some(volume))
    }

    /// Two halves of a region, cut on the axis that leaves the fewest boxes in the fuller half. `None` for a single
    /// assignment.
    fn halve(&self, region: &Region, ids: &[u32]) -> Option<(Region, Region)> {
        let mut best: Option<(usize, usize, usize)> = None;
        for axis in 0..self.axes.len() {
            let side = self.side(region, axis);
            let cells: Vec<usize> =
                (0..self.axes[axis].cells as usize).filter(|c| side[c / 64] >> (c % 64) & 1 == 1).collect();
            if cells.len() < 2 {
                continue;
            }
            // How many boxes begin, and how many have ended, by the first and the last cell that they have here.
            let (mut begin, mut end) = (vec![0usize; cells.len() + 1], vec![0usize; cells.len() + 1]);
            for &id in ids {
                let other = self.side(self.get(id as usize), axis);
                let common = |w: usize| other[w] & side[w];
                let first =
                    (0..side.len()).find(|&w| common(w) != 0).map(|w| w * 64 + common(w).trailing_zeros() as usize);
                let last = (0..side.len())
                    .rev()
                    .find(|&w| common(w) != 0)
                    .map(|w| w * 64 + 63 - common(w).leading_zeros() as usize);
                let at = |cell: Option<usize>| cells.binary_search(&cell.unwrap_or(0)).unwrap_or(0);
                begin[at(first)] += 1;
                end[at(last)] += 1;
            }
            let (mut begun, mut ended) = (0, 0);
            for cut in 1..cells.len() {
                begun += begin[cut - 1];
                ended += end[cut - 1];
                let fuller = begun.max(ids.len() - ended);
                if best.is_none_or(|b| fuller < b.0) {
                    best = Some((fuller, axis, cells[cut]));
                }
            }
        }
        let (_, axis, cut) = best?;
        let range = self.axes[axis].range();
        let (mut low, mut high) = (region.clone(), region.clone());
        for (w, at) in range.enumerate() {
            let below = match cut.saturating_sub(w * 64) {
                n if n >= 64 => u64::MAX,
                n => (1u64 << n) - 1,
            };
            low[at] &= below;
            high[at] &= !below;
        }
        Some((low, high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boxes::Left;
    use crate::model::Bits;
    use crate::space::Hull;

    #[test]
    fn counts_what_is_left() {
        let mut rng = fastrand::Rng::with_seed(5);
        let cells = [5u32, 6, 4];
        for _ in 0..300 {
            let mut boxes = Boxes::new(&cells);
            for _ in 0..rng.usize(0..10) {
                let mut hull = Hull::default();
                for (axis, &n) in cells.iter().enumerate() {
                    let from = rng.u32(0..n);
                    hull.narrow(axis, &(from as usize..=rng.u32(from..n) as usize).collect());
                }
                boxes.push(&hull);
            }
            let n = boxes.len();
            let meets: Vec<Vec<u32>> = (0..n)
                .map(|i| (0..i as u32).filter(|j| boxes.meet(boxes.get(i), boxes.get(*j as usize))).collect())
                .collect();
            let (count, left) = boxes.left(&meets, 1000, &mut 1_000_000).expect("small");
            let volume: u128 = left.iter().map(|r| boxes.volume(r).expect("small")).sum();
            let mut open = 0;
            for a in 0..5 {
                for b in 0..6 {
                    for c in 0..4 {
                        let mut at = Hull::default();
                        [a, b, c].iter().enumerate().for_each(|(axis, cell)| at.narrow(axis, &Bits::one(*cell)));
                        let at = boxes.region(&at);
                        let inside = (0..n).any(|i| boxes.meet(boxes.get(i), &at));
                        let told = left.iter().filter(|r| boxes.meet(r, &at)).count();
                        assert_eq!(told, usize::from(!inside));
                        open += u128::from(!inside);
                    }
                }
            }
            assert_eq!((volume, count), (open, open));
            let ids: Vec<u32> = (0..n as u32).collect();
            let whole = boxes.region(&Hull::default());
            let search = boxes.uncovered(&whole, &ids, &mut |_| true, &mut Bits::new(), &mut 1_000_000);
            assert_eq!(search == Left::Nothing, open == 0);
        }
    }
}
