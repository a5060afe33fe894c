//! Smallest covers: which few sets already cover a region, which few conditions already contradict.
//!
//! Sets of one, two and three are tried in order, so up to three the answer is a smallest one; beyond, a greedy cover is
//! shrunk until no member can be left out (Batfish calls these the blockers of a line). Must not know what the sets mean.

use crate::diagram::{Diagrams, Node};

/// More candidates than this are not tried in threes.
const TRY_THREES: usize = 24;
/// More candidates than this are not tried in twos.
const TRY_TWOS: usize = 400;

/// Indexes of few `sets` whose union covers `region`; candidates earlier in the list are preferred. `None` if all of them
/// together do not.
pub fn cover(dd: &mut Diagrams, region: Node, sets: &[Node]) -> Option<Vec<usize>> {
    let useful: Vec<usize> = (0..sets.len()).filter(|&i| !dd.disjoint(sets[i], region)).collect();
    if let Some(&one) = useful.iter().find(|&&i| dd.implies(region, sets[i])) {
        return Some(vec![one]);
    }
    let union: Vec<Node> = useful.iter().map(|&i| sets[i]).collect();
    let all = dd.or_all(&union);
    if useful.is_empty() || !dd.implies(region, all) {
        return None;
    }
    if useful.len() <= TRY_TWOS {
        for (n, &i) in useful.iter().enumerate() {
            let rest = dd.diff(region, sets[i]);
            if let Some(&j) = useful[n + 1..].iter().find(|&&j| dd.implies(rest, sets[j])) {
                return Some(vec![i, j]);
            }
        }
    }
    if useful.len() <= TRY_THREES {
        for (n, &i) in useful.iter().enumerate() {
            for (m, &j) in useful.iter().enumerate().skip(n + 1) {
                let both = dd.or(sets[i], sets[j]);
                let rest = dd.diff(region, both);
                if let Some(&k) = useful[m + 1..].iter().find(|&&k| dd.implies(rest, sets[k])) {
                    return Some(vec![i, j, k]);
                }
            }
        }
    }
    greedy(dd, region, sets, &useful)
}

fn greedy(dd: &mut Diagrams, region: Node, sets: &[Node], useful: &[usize]) -> Option<Vec<usize>> {
    let mut rest = region;
    let mut chosen: Vec<usize> = Vec::new();
    while rest != Diagrams::FALSE && !dd.exhausted() {
        let (mut best, mut most) = (None, 0);
        for &i in useful.iter().filter(|i| !chosen.contains(i)) {
            let here = dd.and(rest, sets[i]);
            let count = dd.count(here);
            if count > most {
                (best, most) = (Some(i), count);
            }
        }
        let best = best?;
        chosen.push(best);
        rest = dd.diff(rest, sets[best]);
    }
    // The last chosen are the least useful: try to do without each.
    for i in (0..chosen.len()).rev() {
        let others: Vec<Node> = chosen.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, &c)| sets[c]).collect();
        let union = dd.or_all(&others);
        if dd.implies(region, union) {
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
