//! Smallest covers: which few sets already cover a region, which few conditions already contradict.
//!
//! Sets of one, two and three are tried in order, so up to three the answer is a smallest one; beyond, a greedy cover is
//! shrunk until no member can be left out (Batfish calls these the blockers of a line). Must not know what the sets mean.

use crate::diagram::{Diagrams, Node};

/// More sets than this at one place are not tried in twos and threes.
const TRY: usize = 64;

/// Indexes of few `sets` whose union covers `region`; candidates earlier in the list are preferred. `None` if all of them
/// together do not.
pub fn cover(dd: &mut Diagrams, region: Node, sets: &[Node]) -> Option<Vec<usize>> {
    let sets: Vec<Vec<Node>> = sets.iter().map(|&s| vec![s]).collect();
    cover_all(dd, &[region], &sets)
}

/// The same for several regions at once: `sets[i][k]` is what candidate i covers of region k.
pub fn cover_all(dd: &mut Diagrams, regions: &[Node], sets: &[Vec<Node>]) -> Option<Vec<usize>> {
    let meets = |dd: &mut Diagrams, set: &[Node]| set.iter().zip(regions).any(|(s, r)| !dd.disjoint(*s, *r));
    let useful: Vec<usize> = (0..sets.len()).filter(|&i| meets(dd, &sets[i])).collect();
    if let Some(&one) = useful.iter().find(|&&i| within(dd, regions, &sets[i])) {
        return Some(vec![one]);
    }
    if useful.is_empty() || !covered(dd, regions, sets, &useful) {
        return None;
    }
    for size in 2..=3 {
        if let Some(mut chosen) = exactly(dd, regions, sets, &useful, size) {
            chosen.sort_unstable();
            return Some(chosen);
        }
    }
    greedy(dd, regions, sets, &useful)
}

/// `size` sets that cover the regions: any place that is open must lie in one of them, so only these are tried for it.
fn exactly(
    dd: &mut Diagrams,
    regions: &[Node],
    sets: &[Vec<Node>],
    useful: &[usize],
    size: usize,
) -> Option<Vec<usize>> {
    if size == 1 {
        return useful.iter().find(|&&i| within(dd, regions, &sets[i])).map(|&i| vec![i]);
    }
    let (k, place) =
        regions.iter().enumerate().find_map(|(k, r)| Some((k, dd.pick(*r, &|_, cell| u64::from(cell))?)))?;
    let here: Vec<usize> = useful.iter().copied().filter(|&i| dd.eval(sets[i][k], &place) == 1).collect();
    for i in here.into_iter().take(TRY) {
        if dd.exhausted() {
            return None;
        }
        let rest = less(dd, regions, &sets[i]);
        if let Some(mut chosen) = exactly(dd, &rest, sets, useful, size - 1) {
            chosen.push(i);
            return Some(chosen);
        }
    }
    None
}

/// Every region lies in its set.
fn within(dd: &mut Diagrams, regions: &[Node], sets: &[Node]) -> bool {
    regions.iter().zip(sets).all(|(r, s)| dd.implies(*r, *s))
}

fn less(dd: &mut Diagrams, regions: &[Node], sets: &[Node]) -> Vec<Node> {
    regions.iter().zip(sets).map(|(r, s)| dd.diff(*r, *s)).collect()
}

/// The chosen sets together cover every region.
fn covered(dd: &mut Diagrams, regions: &[Node], sets: &[Vec<Node>], chosen: &[usize]) -> bool {
    regions.iter().enumerate().all(|(k, region)| {
        let union: Vec<Node> = chosen.iter().map(|&i| sets[i][k]).collect();
        let union = dd.or_all(&union);
        dd.implies(*region, union)
    })
}

fn greedy(dd: &mut Diagrams, regions: &[Node], sets: &[Vec<Node>], useful: &[usize]) -> Option<Vec<usize>> {
    let mut rest = regions.to_vec();
    let mut chosen: Vec<usize> = Vec::new();
    while rest.iter().any(|r| *r != Diagrams::FALSE) && !dd.exhausted() {
        let (mut best, mut most) = (None, 0u128);
        for &i in useful.iter().filter(|i| !chosen.contains(i)) {
            let mut count = 0u128;
            for (r, s) in rest.iter().zip(&sets[i]) {
                let here = dd.and(*r, *s);
                count = count.saturating_add(dd.count(here));
            }
            if count > most {
                (best, most) = (Some(i), count);
            }
        }
        let best = best?;
        chosen.push(best);
        rest = less(dd, &rest, &sets[best]);
    }
    // The last chosen are the least useful: try to do without each.
    for i in (0..chosen.len()).rev() {
        let others: Vec<usize> = chosen.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, &c)| c).collect();
        if covered(dd, regions, sets, &others) {
            chosen.remove(i);
        }
    }
    chosen.sort_unstable();
    Some(chosen)
}

/// Indexes of few `conditions` that no case of `within` satisfies together; all of them together contradict.
pub fn contradiction(dd: &mut Diagrams, within: Node, conditions: &[Node]) -> Vec<usize> {
    let complements: Vec<Node> = conditions.iter().map(|&c| dd.not(c)).collect();
    cover(dd, within, &complements).unwrap_or_else(|| (0..conditions.len()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Bits;

    #[test]
    fn smallest_cover() {
        let mut dd = Diagrams::new(vec![6], 1000);
        let set = |dd: &mut Diagrams, cells: &[usize]| dd.literal(0, &cells.iter().copied().collect::<Bits>());
        let cells = [&[0, 1, 2][..], &[3], &[4, 5], &[2, 3, 4, 5], &[0, 1]];
        let sets: Vec<Node> = cells.iter().map(|c| set(&mut dd, c)).collect();
        let all = set(&mut dd, &[0, 1, 2, 3, 4, 5]);
        assert_eq!(cover(&mut dd, all, &sets), Some(vec![0, 3]));
        assert_eq!(cover(&mut dd, all, &sets[..2]), None);
        let few = set(&mut dd, &[4]);
        assert_eq!(cover(&mut dd, few, &sets), Some(vec![2]));
    }

    #[test]
    fn smallest_contradiction() {
        let mut dd = Diagrams::new(vec![4, 4], 1000);
        let parts = [
            dd.literal(0, &Bits::from_iter([0, 1])),
            dd.literal(1, &Bits::from_iter([0])),
            dd.literal(0, &Bits::from_iter([2, 3])),
        ];
        assert_eq!(contradiction(&mut dd, Diagrams::TRUE, &parts), vec![0, 2]);
    }
}
