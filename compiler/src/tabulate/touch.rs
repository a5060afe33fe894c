//! Many sets of cases -> those that a row meets, without a look at each.
//!
//! Around each set lies a box: the cells of each axis that its cases have. Of each cell of each axis it is known whose box
//! has it; the sets whose box meets the row's are few, and only these are compared with the row.

use crate::diagram::{Diagrams, Node};
use crate::model::Bits;

pub struct Touch<T> {
    sets: Vec<(T, Node)>,
    /// By level and cell: the sets whose box has it; `None` where no box is narrower than the level.
    having: Vec<Option<Vec<Bits>>>,
}

impl<T> Default for Touch<T> {
    fn default() -> Self {
        Self { sets: Vec::new(), having: Vec::new() }
    }
}

impl<T: Copy> Touch<T> {
    pub fn new(dd: &Diagrams, sets: Vec<(T, Node)>) -> Self {
        let sets: Vec<(T, Node)> = sets.into_iter().filter(|s| s.1 != Diagrams::FALSE).collect();
        let hulls: Vec<Vec<Option<Bits>>> = sets.iter().map(|s| dd.hull(s.1)).collect();
        let having = dd.cells().iter().enumerate().map(|(level, &cells)| {
            if hulls.iter().all(|h| h[level].is_none()) {
                return None;
            }
            let open: Bits = (0..hulls.len()).filter(|i| hulls[*i][level].is_none()).collect();
            let mut having = vec![open; cells as usize];
            for (i, hull) in hulls.iter().enumerate() {
                hull[level].iter().flat_map(Bits::iter).for_each(|c| having[c].insert(i));
            }
            Some(having)
        });
        let having = having.collect();
        Self { sets, having }
    }

    /// The sets that have a case of `node`, in order.
    pub fn of<'a>(&'a self, dd: &'a mut Diagrams, node: Node) -> impl Iterator<Item = T> + 'a {
        let mut near = Bits::below(self.sets.len());
        for (side, having) in dd.hull(node).iter().zip(&self.having) {
            if let (Some(side), Some(having)) = (side, having) {
                let here = side.iter().fold(Bits::new(), |all, cell| all.union(&having[cell]));
                near = near.intersection(&here);
            }
        }
        let near: Vec<usize> = near.iter().collect();
        near.into_iter().filter(move |i| !dd.disjoint(node, self.sets[*i].1)).map(|i| self.sets[i].0)
    }
}
