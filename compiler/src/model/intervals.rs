//! Sorted sets of integers as intervals.
//!
//! The moments of a period, the values of a cell, the days that a condition allows: long lists (a century of school hours
//! has 26,000 pieces), so everything here walks or gallops and nothing is quadratic. Must not know what the integers mean.

/// A set of integers as sorted, disjoint intervals that never touch, both ends included. Equal sets are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Intervals {
    parts: Vec<(i64, i64)>,
}

impl Intervals {
    /// `lo..=hi`; empty where `lo > hi`.
    pub fn one(lo: i64, hi: i64) -> Self {
        Self { parts: if lo <= hi { vec![(lo, hi)] } else { Vec::new() } }
    }

    /// From intervals in any order; they may overlap, and empty ones are left out.
    pub fn from_parts(parts: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut parts: Vec<(i64, i64)> = parts.into_iter().collect();
        parts.sort_unstable();
        let mut set = Self::default();
        parts.into_iter().for_each(|(lo, hi)| set.push(lo, hi));
        set
    }

    /// Adds an interval that starts no earlier than all before it.
    pub fn push(&mut self, lo: i64, hi: i64) {
        if lo > hi {
            return;
        }
        match self.parts.last_mut() {
            Some(last) if last.1.saturating_add(1) >= lo => last.1 = last.1.max(hi),
            _ => self.parts.push((lo, hi)),
        }
    }

    pub fn parts(&self) -> &[(i64, i64)] {
        &self.parts
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub fn first(&self) -> Option<i64> {
        self.parts.first().map(|p| p.0)
    }

    pub fn last(&self) -> Option<i64> {
        self.parts.last().map(|p| p.1)
    }

    pub fn contains(&self, x: i64) -> bool {
        self.next(x) == Some(x)
    }

    /// The least member at or after `x`.
    pub fn next(&self, x: i64) -> Option<i64> {
        self.parts.get(self.parts.partition_point(|p| p.1 < x)).map(|p| p.0.max(x))
    }

    /// The greatest member at or before `x`.
    pub fn prev(&self, x: i64) -> Option<i64> {
        let i = self.parts.partition_point(|p| p.0 <= x);
        i.checked_sub(1).and_then(|i| self.parts.get(i)).map(|p| p.1.min(x))
    }

    pub fn intersection(&self, other: &Self) -> Self {
        let (a, b) = (&self.parts, &other.parts);
        let (mut i, mut j) = (0, 0);
        let mut set = Self::default();
        while let (Some(&x), Some(&y)) = (a.get(i), b.get(j)) {
            if x.1 < y.0 {
                i = gallop(a, i, y.0);
            } else if y.1 < x.0 {
                j = gallop(b, j, x.0);
            } else {
                set.push(x.0.max(y.0), x.1.min(y.1));
                if x.1 < y.1 { i += 1 } else { j += 1 }
            }
        }
        set
    }

    /// The members that `other` has not.
    pub fn difference(&self, other: &Self) -> Self {
        let mut set = Self::default();
        let mut j = 0;
        for &(lo, hi) in &self.parts {
            let mut at = lo;
            j = gallop(&other.parts, j, lo);
            while let Some(&(from, to)) = other.parts.get(j).filter(|p| p.0 <= hi) {
                if from > at {
                    set.push(at, from - 1);
                }
                if to >= hi {
                    at = i64::MAX;
                    break;
                }
                at = to + 1;
                j += 1;
            }
            if at <= hi {
                set.push(at, hi);
            }
        }
        set
    }

    pub fn union(&self, other: &Self) -> Self {
        Self::from_parts(self.parts.iter().chain(&other.parts).copied())
    }

    /// The members within `lo..=hi`.
    pub fn clip(&self, lo: i64, hi: i64) -> Self {
        self.intersection(&Self::one(lo, hi))
    }

    /// What `range` has and this set has not.
    pub fn complement(&self, range: (i64, i64)) -> Self {
        Self::one(range.0, range.1).difference(self)
    }
}

/// The first part from `from` on that ends at or after `x`; near ones are found fast.
pub fn gallop(parts: &[(i64, i64)], from: usize, x: i64) -> usize {
    let mut step = 1;
    let mut low = from;
    while let Some(part) = parts.get(low + step - 1) {
        if part.1 >= x {
            break;
        }
        low += step;
        step *= 2;
    }
    let high = (low + step).min(parts.len());
    let low = low.min(high);
    low + parts[low..high].partition_point(|p| p.1 < x)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(rng: &mut fastrand::Rng) -> Intervals {
        let parts: Vec<_> = (0..rng.usize(0..8))
            .map(|_| {
                let lo = rng.i64(0..60);
                (lo, lo + rng.i64(-1..9))
            })
            .collect();
        Intervals::from_parts(parts)
    }

    #[test]
    fn sets_behave_like_sets() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..2000 {
            let (a, b) = (random(&mut rng), random(&mut rng));
            let (and, or, minus) = (a.intersection(&b), a.union(&b), a.difference(&b));
            let not = a.complement((-3, 80));
            for x in -3..=80 {
                let (p, q) = (a.contains(x), b.contains(x));
                assert_eq!(a.parts().iter().any(|&(lo, hi)| lo <= x && x <= hi), p);
                assert_eq!(and.contains(x), p && q);
                assert_eq!(or.contains(x), p || q);
                assert_eq!(minus.contains(x), p && !q);
                assert_eq!(not.contains(x), !p);
                assert_eq!(a.next(x), (x..=80).find(|&y| a.contains(y)));
                assert_eq!(a.parts().get(gallop(a.parts(), 0, x)).map(|p| p.0.max(x)), a.next(x));
                assert_eq!(a.prev(x), (-3..=x).rev().find(|&y| a.contains(y)));
            }
            for set in [and, or, minus, not] {
                assert!(set.parts().windows(2).all(|w| w[0].1 + 1 < w[1].0), "{set:?}");
            }
        }
    }
}
