//! Boxes over cells: what do they leave of another box?
//!
//! A box is some cells of each axis. Whether boxes cover a box together is the heart of the gaps and of the rules that
//! others make redundant, and as hard as propositional tautology: a literal is "the axis has one of these cells", a box that
//! must not be entered is a clause of such literals. [`Boxes::uncovered`] is a search of that kind (Davis, Logemann and
//! Loveland 1962):
//!
//! * a box that cuts the region on **one** axis takes its cells away, without any choice (unit propagation);
//! * a box that contains the region ends the branch; boxes that miss it are left out of it;
//! * else the box that cuts on the fewest axes is chosen, and the region splits along it.
//!
//! A worked trace, over two axes of three cells: do A = {0,1}×{0,1,2} and B = {1,2}×{0,1} cover everything? Both cut on few
//! axes: A on one, so what is left is {2}×{0,1,2}; there B cuts on one, so {2}×{2} is left; no box is left: that is the gap.
//!
//! Every box looked at is a step. The search remembers nothing, so where many boxes lie across one another it may take
//! exponentially many steps; the caller gives it a budget and has other ways (`sat`). Must not know what the axes mean.

mod count;

use crate::model::Bits;
use crate::space::Hull;
use smallvec::SmallVec;

/// Boxes in one flat array of words.
#[derive(Debug, Clone)]
pub struct Boxes {
    axes: SmallVec<[Axis; 16]>,
    /// The cells that the frame leaves, of the axes of which these do not follow one another.
    kept: SmallVec<[u32; 32]>,
    width: usize,
    words: Vec<u64>,
}

/// Where a box has the cells of an axis.
#[derive(Debug, Clone, Copy)]
struct Axis {
    first: u32,
    words: u32,
    cells: u32,
    /// There is a frame, and it says something of the axis.
    framed: bool,
    kept: Kept,
}

/// The cells of an axis that have a place.
#[derive(Debug, Clone, Copy)]
enum Kept {
    /// Those from this one on.
    From(u32),
    /// Those of a list that begins there in `kept`.
    List(u32),
}

impl Axis {
    fn range(&self) -> std::ops::Range<usize> {
        self.first as usize..(self.first + self.words) as usize
    }
}

/// A box: the words of all axes.
pub type Region = SmallVec<[u64; 16]>;

/// Boxes by their numbers.
type List = SmallVec<[u32; 32]>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// Nothing is left.
    Nothing,
    /// This part meets none of the boxes.
    Part(Region),
    /// The steps ran out.
    Unknown,
}

impl Boxes {
    /// `cells` by axis.
    pub fn new(cells: &[u32]) -> Self {
        Self::within(cells, &Hull::default())
    }

    /// Boxes as they are seen within a frame: what lies outside it takes no room. Axes may have thousands of cells, of
    /// which a rule speaks of one.
    pub fn within(cells: &[u32], frame: &Hull) -> Self {
        let mut sides = frame.sides.iter().peekable();
        let (mut axes, mut kept, mut width) = (SmallVec::new(), SmallVec::<[u32; 32]>::new(), 0);
        for (axis, &all) in cells.iter().enumerate() {
            let side = sides.next_if(|s| s.0 == axis);
            let runs = side.map(|(_, set)| {
                let mut runs = set.runs();
                (runs.next(), runs.next())
            });
            let (place, cells) = match (side, runs) {
                (Some(_), Some((Some((first, last)), None))) => {
                    let first = (first as u32).min(all);
                    (Kept::From(first), (last as u32 + 1).min(all) - first)
                }
                (Some((_, set)), _) => {
                    let first = kept.len() as u32;
                    kept.extend(set.iter().map(|c| c as u32).filter(|c| *c < all));
                    (Kept::List(first), kept.len() as u32 - first)
                }
                (None, _) => (Kept::From(0), all),
            };
            let words = cells.div_ceil(64).max(1);
            axes.push(Axis { first: width, words, cells, framed: side.is_some(), kept: place });
            width += words;
        }
        // Without any axis there is still one assignment to hold.
        Self { axes, kept, width: (width as usize).max(1), words: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.words.len() / self.width
    }

    /// Words of a box.
    pub fn width(&self) -> usize {
        self.width
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub fn push(&mut self, hull: &Hull) {
        let mut words = std::mem::take(&mut self.words);
        let at = words.len();
        words.resize(at + self.width, 0);
        self.fill(&mut words[at..], hull);
        self.words = words;
    }

    pub fn push_region(&mut self, region: &[u64]) {
        self.words.extend_from_slice(region);
    }

    pub fn get(&self, i: usize) -> &[u64] {
        &self.words[i * self.width..(i + 1) * self.width]
    }

    /// The words of a box, of what the frame leaves of it.
    pub fn region(&self, hull: &Hull) -> Region {
        let mut region = SmallVec::from_elem(0, self.width);
        self.fill(&mut region, hull);
        region
    }

    fn fill(&self, region: &mut [u64], hull: &Hull) {
        let mut sides = hull.sides.iter().peekable();
        for (at, axis) in self.axes.iter().enumerate() {
            let words = &mut region[axis.range()];
            let set = sides.next_if(|s| s.0 == at).map(|(_, set)| set);
            if let (Some(set), Kept::List(first)) = (set, axis.kept) {
                let kept = &self.kept[first as usize..(first + axis.cells) as usize];
                for (i, _) in kept.iter().enumerate().filter(|(_, c)| set.contains(**c as usize)) {
                    words[i / 64] |= 1 << (i % 64);
                }
                continue;
            }
            for (w, word) in words.iter_mut().enumerate() {
                let below = axis.cells - w as u32 * 64;
                let all = if below >= 64 { u64::MAX } else { (1 << below) - 1 };
                *word = match (set, axis.kept) {
                    (Some(set), Kept::From(first)) => all & set.word_from(first as usize, w),
                    _ => all,
                };
            }
        }
    }

    /// The box of these words; axes that are not restricted are left out.
    pub fn hull(&self, region: &[u64]) -> Hull {
        let mut hull = Hull { sides: Vec::with_capacity(self.axes.len()) };
        for (at, axis) in self.axes.iter().enumerate() {
            let side = &region[axis.range()];
            if axis.framed || side.iter().map(|w| w.count_ones()).sum::<u32>() < axis.cells {
                let cells = match axis.kept {
                    Kept::From(first) => Bits::moved(side, first as usize),
                    Kept::List(first) => {
                        Bits::of_words(side).iter().map(|i| self.kept[first as usize + i] as usize).collect()
                    }
                };
                hull.sides.push((at, cells));
            }
        }
        hull
    }

    fn side<'a>(&self, region: &'a [u64], axis: usize) -> &'a [u64] {
        &region[self.axes[axis].range()]
    }

    /// The boxes have a cell in common on every axis.
    pub fn meet(&self, a: &[u64], b: &[u64]) -> bool {
        self.axes.iter().all(|axis| a[axis.range()].iter().zip(&b[axis.range()]).any(|(x, y)| x & y != 0))
    }

    /// The first box has every assignment of the second.
    pub fn contains(&self, a: &[u64], b: &[u64]) -> bool {
        a.iter().zip(b).all(|(x, y)| y & !x == 0)
    }

    /// How many assignments a box has; `None` if more than fit.
    pub fn volume(&self, region: &[u64]) -> Option<u128> {
        let mut volume = 1u128;
        for axis in 0..self.axes.len() {
            let n: u32 = self.side(region, axis).iter().map(|w| w.count_ones()).sum();
            volume = volume.checked_mul(u128::from(n))?;
        }
        Some(volume)
    }

    /// What the boxes with these numbers leave of the region: one part that none of them meets and that `accept` takes;
    /// `accept` says whether a part that no box meets counts at all. Boxes that took part are noted in `used`: where nothing
    /// is left, these alone leave nothing.
    pub fn uncovered(
        &self,
        region: &[u64],
        boxes: &[u32],
        accept: &mut dyn FnMut(&[u64]) -> bool,
        used: &mut Bits,
        steps: &mut u64,
    ) -> Left {
        // The branches still to look at, the next one last; the search does not recurse.
        let mut open: Vec<(Region, List)> = vec![(region.into(), boxes.into())];
        while let Some((mut region, mut list)) = open.pop() {
            let state = self.propagate(&mut region, &mut list, used, steps);
            match state {
                State::Unknown => return Left::Unknown,
                State::Covered => {}
                State::Open if accept(&region) => return Left::Part(region),
                State::Open => {}
                State::Split(by) => {
                    // Outside the box on each axis in turn, the rest inside on all before it.
                    let cut = self.get(by as usize);
                    used.insert(by as usize);
                    list.retain(|b| *b != by);
                    let axes = (0..self.axes.len()).filter(|&a| self.cuts(&region, cut, a));
                    let mut inside = region.clone();
                    let first = open.len();
                    for axis in axes {
                        let mut outside = inside.clone();
                        for w in self.axes[axis].range() {
                            outside[w] &= !cut[w];
                            inside[w] &= cut[w];
                        }
                        open.push((outside, list.clone()));
                    }
                    // The largest part, which is the first, is looked at first.
                    open[first..].reverse();
                }
            }
        }
        Left::Nothing
    }

    /// Part of the region lies outside the box on this axis.
    fn cuts(&self, region: &[u64], by: &[u64], axis: usize) -> bool {
        self.side(region, axis).iter().zip(self.side(by, axis)).any(|(r, b)| r & !b != 0)
    }

    /// Takes away what boxes cut off on one axis, as long as there are such; leaves only the boxes that meet the rest.
    fn propagate(&self, region: &mut Region, list: &mut List, used: &mut Bits, steps: &mut u64) -> State {
        loop {
            let mut best: Option<(usize, u32)> = None;
            let mut cut_off = false;
            let mut kept = 0;
            for i in 0..list.len() {
                let id = list[i];
                if *steps == 0 {
                    return State::Unknown;
                }
                *steps -= 1;
                let other = self.get(id as usize);
                let (mut cutting, mut last, mut apart) = (0, 0, false);
                for axis in 0..self.axes.len() {
                    let (mut common, mut outside) = (0, 0);
                    for (r, b) in self.side(region, axis).iter().zip(self.side(other, axis)) {
                        common |= r & b;
                        outside |= r & !b;
                    }
                    if common == 0 {
                        apart = true;
                        break;
                    }
                    if outside != 0 {
                        (cutting, last) = (cutting + 1, axis);
                    }
                }
                if apart {
                    continue;
                }
                match cutting {
                    0 => {
                        used.insert(id as usize);
                        return State::Covered;
                    }
                    1 => {
                        used.insert(id as usize);
                        for w in self.axes[last].range() {
                            region[w] &= !other[w];
                        }
                        cut_off = true;
                        continue;
                    }
                    _ => {}
                }
                if best.is_none_or(|(fewest, _)| cutting < fewest) {
                    best = Some((cutting, id));
                }
                list[kept] = id;
                kept += 1;
            }
            list.truncate(kept);
            if !cut_off {
                return best.map_or(State::Open, |(_, id)| State::Split(id));
            }
        }
    }
}

enum State {
    Covered,
    Open,
    Split(u32),
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_what_every_assignment_says() {
        let mut rng = fastrand::Rng::with_seed(7);
        let cells = [3u32, 70, 2, 4];
        for round in 0..300 {
            let mut boxes = Boxes::new(&cells);
            let mut hulls = Vec::new();
            for _ in 0..rng.usize(0..14) {
                let mut hull = Hull::default();
                for (axis, &n) in cells.iter().enumerate() {
                    if rng.u8(0..3) > 0 {
                        let from = rng.u32(0..n);
                        let to = rng.u32(from..n);
                        hull.narrow(axis, &(from as usize..=to as usize).collect());
                    }
                }
                boxes.push(&hull);
                hulls.push(hull);
            }
            let within = |hull: &Hull, at: [u32; 4]| hull.sides.iter().all(|(a, set)| set.contains(at[*a] as usize));
            let mut open = Vec::new();
            for a in 0..3 {
                for b in 0..70 {
                    for c in 0..2 {
                        for d in 0..4 {
                            if hulls.iter().all(|h| !within(h, [a, b, c, d])) {
                                open.push([a, b, c, d]);
                            }
                        }
                    }
                }
            }
            let all: Vec<u32> = (0..hulls.len() as u32).collect();
            let whole = boxes.region(&Hull::default());
            match boxes.uncovered(&whole, &all, &mut |_| true, &mut Bits::new(), &mut u64::MAX.clone()) {
                Left::Nothing => assert!(open.is_empty(), "round {round}: {open:?}"),
                Left::Part(part) => {
                    let part = boxes.hull(&part);
                    assert!(open.iter().any(|at| within(&part, *at)));
                    assert!(hulls.iter().all(|h| h.disjoint(&part)));
                }
                Left::Unknown => unreachable!("the steps suffice"),
            }
            assert_eq!(
                boxes.uncovered(&whole, &all, &mut |_| true, &mut Bits::new(), &mut 0) == Left::Unknown,
                !all.is_empty()
            );
        }
    }
}
