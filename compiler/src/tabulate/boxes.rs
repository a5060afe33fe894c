//! Rows as boxes: a set of cells for each level, and an output. What the table's algorithms share.

use crate::diagram::{Diagrams, Node, Seen};
use crate::model::Bits;
use rustc_hash::FxHashMap;

/// One row before it has words: by level the cells it is about (`None`: any), and the number of its output.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BoxRow {
    pub cells: Vec<Option<Bits>>,
    pub output: u32,
}

impl BoxRow {
    pub fn everything(levels: usize, output: u32) -> Self {
        Self { cells: vec![None; levels], output }
    }

    /// No assignment in common, by the cells alone.
    pub fn disjoint(&self, other: &Self) -> bool {
        self.cells.iter().zip(&other.cells).any(|pair| match pair {
            (Some(a), Some(b)) => a.is_disjoint(b),
            _ => false,
        })
    }

    /// Every assignment of this is one of the other.
    pub fn is_within(&self, other: &Self) -> bool {
        self.cells.iter().zip(&other.cells).all(|pair| match pair {
            (_, None) => true,
            (Some(a), Some(b)) => a.is_subset(b),
            (None, Some(_)) => false,
        })
    }

    /// The smallest box around both.
    pub fn around(&self, other: &Self, sizes: &[u32]) -> Self {
        let cells = self.cells.iter().zip(&other.cells).zip(sizes).map(|((a, b), &size)| {
            let union = a.as_ref()?.union(b.as_ref()?);
            (union.len() < size as usize).then_some(union)
        });
        Self { cells: cells.collect(), output: self.output }
    }

    /// On how many levels two boxes are not the same.
    pub fn differs(&self, other: &Self) -> usize {
        self.cells.iter().zip(&other.cells).filter(|(a, b)| a != b).count()
    }

    /// The box of the assignments of both; `None` if there are none.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let both = self.cells.iter().zip(&other.cells).map(|pair| match pair {
            (Some(a), Some(b)) => Some(a.intersection(b)).filter(|c| !c.is_empty()).map(Some),
            (a, b) => Some(a.as_ref().or(b.as_ref()).cloned()),
        });
        Some(Self { cells: both.collect::<Option<_>>()?, output: self.output })
    }

    /// No assignment of the box is one where the function is other than 0. Builds nothing.
    pub fn misses(&self, dd: &Diagrams, f: Node) -> bool {
        !self.reaches(dd, f, &mut Seen::default())
    }

    fn reaches(&self, dd: &Diagrams, f: Node, seen: &mut Seen<Node>) -> bool {
        let Some(level) = dd.level(f) else { return f != Diagrams::FALSE };
        if !seen.insert(f) {
            return false;
        }
        let mut first = 0;
        for &(last, child) in dd.run_slice(f) {
            let here = self.cells[level].as_ref().is_none_or(|c| c.meets(first as usize, last as usize));
            first = last + 1;
            if here && child != Diagrams::FALSE && self.reaches(dd, child, seen) {
                return true;
            }
        }
        false
    }

    /// The cells of a level that the assignments of the box have where the function is other than 0; whatever the box says
    /// of that level. Builds nothing.
    pub fn cells_of(&self, dd: &Diagrams, f: Node, level: usize) -> Bits {
        let all = || Bits::below(dd.cells()[level] as usize);
        let mut found = Bits::new();
        // Nodes above the level that were seen, and whether those below it reach anything.
        let mut seen: Seen<Node> = Seen::default();
        let mut reaching: FxHashMap<Node, bool> = FxHashMap::default();
        let mut reaches =
            |node: Node| *reaching.entry(node).or_insert_with(|| self.reaches(dd, node, &mut Seen::default()));
        let mut open = vec![f];
        while let Some(node) = open.pop() {
            if node == Diagrams::FALSE || !seen.insert(node) {
                continue;
            }
            match dd.level(node).filter(|at| *at <= level) {
                None if reaches(node) => return all(),
                None => {}
                Some(at) => {
                    let mut first = 0;
                    for &(last, child) in dd.run_slice(node) {
                        let cells = first as usize..=last as usize;
                        first = last + 1;
                        if at == level {
                            if child != Diagrams::FALSE && reaches(child) {
                                cells.for_each(|c| found.insert(c));
                            }
                        } else if self.cells[at].as_ref().is_none_or(|set| set.meets(*cells.start(), *cells.end())) {
                            open.push(child);
                        }
                    }
                }
            }
        }
        found
    }

    /// How many levels it constrains.
    pub fn constraints(&self) -> usize {
        self.cells.iter().flatten().count()
    }

    /// The assignments of the box.
    pub fn node(&self, dd: &mut Diagrams) -> Node {
        let mut node = Diagrams::TRUE;
        for (level, cells) in self.cells.iter().enumerate().rev() {
            if let Some(cells) = cells {
                node = dd.above(level, cells, node);
            }
        }
        node
    }
}
