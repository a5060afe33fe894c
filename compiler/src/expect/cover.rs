//! Sets -> the fewest of them that have every element together: a minimum set cover.
//!
//! First what must be so: a set that alone has an element is taken; an element that comes with another one, and a set that
//! lies in another one, are dropped. What is left is searched: branches on the element with the fewest sets, bounded by
//! elements no two of which are in one set, each of which needs a set of its own. The search counts its steps; where they
//! do not suffice, the best cover so far comes with the number that was proved to be needed. Nothing depends on hashing.

use crate::model::Bits;

/// Steps that a search may take: a second or so.
pub const STEPS: u64 = 200_000;
/// Sets that a branch may take; one that needs more is not followed.
const DEPTH: usize = 400;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// Indexes of the sets, ascending.
    pub chosen: Vec<usize>,
    /// No cover has fewer.
    pub least: usize,
}

/// The fewest sets that have all of the elements that are in any; of sets that serve alike, the first.
pub fn cover(sets: &[Bits], steps: u64) -> Cover {
    let mut problem = Problem::new(sets);
    let mut chosen = problem.reduce();
    let mut least = chosen.len();
    let mut steps = steps;
    for part in problem.parts() {
        let mut search = Search { problem: &problem, best: problem.greedy(&part), steps, cut: false };
        let bound = problem.bound(&part);
        search.branch(&part, &mut Vec::new());
        steps = search.steps;
        least += if search.cut { bound } else { search.best.len() };
        chosen.extend(search.best);
    }
    chosen.sort_unstable();
    Cover { chosen, least }
}

/// What is left to be covered, and with what.
struct Problem {
    /// By set: the elements that are left.
    sets: Vec<Bits>,
    /// By element that is left: the sets that are left; else empty.
    of: Vec<Bits>,
}

impl Problem {
    fn new(sets: &[Bits]) -> Self {
        let elements = sets.iter().flat_map(Bits::iter).max().map_or(0, |last| last + 1);
        let mut of = vec![Bits::new(); elements];
        for (i, set) in sets.iter().enumerate() {
            set.iter().for_each(|e| of[e].insert(i));
        }
        Self { sets: sets.to_vec(), of }
    }

    fn drop_set(&mut self, set: usize) {
        for e in std::mem::take(&mut self.sets[set]).iter() {
            self.of[e].remove(set);
        }
    }

    fn drop_element(&mut self, element: usize) {
        for s in std::mem::take(&mut self.of[element]).iter() {
            self.sets[s].remove(element);
        }
    }

    /// Takes and drops until nothing more must be so; the sets that are taken.
    fn reduce(&mut self) -> Vec<usize> {
        let mut taken = Vec::new();
        loop {
            let mut changed = false;
            for e in 0..self.of.len() {
                if let (1, Some(only)) = (self.of[e].len(), self.of[e].first()) {
                    taken.push(only);
                    for covered in self.sets[only].clone().iter() {
                        self.drop_element(covered);
                    }
                    changed = true;
                }
            }
            for s in 0..self.sets.len() {
                if self.lies_in_another(s) {
                    self.drop_set(s);
                    changed = true;
                }
            }
            for e in 0..self.of.len() {
                if self.comes_with_another(e) {
                    self.drop_element(e);
                    changed = true;
                }
            }
            if !changed {
                return taken;
            }
        }
    }

    /// Of two that are the same, the later one does.
    fn lies_in_another(&self, s: usize) -> bool {
        let set = &self.sets[s];
        // Whatever holds it has its rarest element.
        let Some(rarest) = set.iter().min_by_key(|e| self.of[*e].len()) else { return false };
        self.of[rarest].iter().any(|t| t != s && set.is_subset(&self.sets[t]) && (t < s || *set != self.sets[t]))
    }

    /// Every set that has some other element has this one.
    fn comes_with_another(&self, e: usize) -> bool {
        let among = &self.of[e];
        let others = among.iter().flat_map(|s| self.sets[s].iter()).filter(|f| *f != e);
        let mut seen = Bits::new();
        for f in others {
            if !seen.contains(f) {
                seen.insert(f);
                let own = &self.of[f];
                if own.is_subset(among) && (f < e || own != among) {
                    return true;
                }
            }
        }
        false
    }

    /// The elements that are left, in parts that share no set.
    fn parts(&self) -> Vec<Bits> {
        let mut seen = Bits::new();
        let mut parts = Vec::new();
        for e in (0..self.of.len()).filter(|e| !self.of[*e].is_empty()) {
            if seen.contains(e) {
                continue;
            }
            let (mut part, mut open) = (Bits::one(e), vec![e]);
            while let Some(next) = open.pop() {
                for near in self.of[next].iter().flat_map(|s| self.sets[s].iter()) {
                    if !part.contains(near) {
                        part.insert(near);
                        open.push(near);
                    }
                }
            }
            seen.extend(&part);
            parts.push(part);
        }
        parts
    }

    /// How many of these elements a set has.
    fn gain(&self, set: usize, open: &Bits) -> usize {
        self.sets[set].intersection(open).len()
    }

    /// A cover of these elements: always the set that has most of what is open.
    fn greedy(&self, part: &Bits) -> Vec<usize> {
        let mut open = part.clone();
        let mut chosen = Vec::new();
        while !open.is_empty() {
            let sets: Bits = open.iter().flat_map(|e| self.of[e].iter()).collect();
            let Some(best) = sets.iter().max_by_key(|s| (self.gain(*s, &open), std::cmp::Reverse(*s))) else { break };
            open = open.difference(&self.sets[best]);
            chosen.push(best);
        }
        chosen
    }

    /// Elements no two of which are in one set: as many sets are needed.
    fn bound(&self, open: &Bits) -> usize {
        let mut elements: Vec<usize> = open.iter().collect();
        elements.sort_by_key(|e| (self.of[*e].len(), *e));
        let mut used = Bits::new();
        let mut apart = 0;
        for e in elements {
            if self.of[e].is_disjoint(&used) {
                used.extend(&self.of[e]);
                apart += 1;
            }
        }
        apart
    }
}

struct Search<'p> {
    problem: &'p Problem,
    best: Vec<usize>,
    steps: u64,
    /// Some branch was not followed to its end.
    cut: bool,
}

impl Search<'_> {
    fn branch(&mut self, open: &Bits, chosen: &mut Vec<usize>) {
        if open.is_empty() {
            if chosen.len() < self.best.len() {
                self.best = chosen.clone();
            }
            return;
        }
        if chosen.len() + self.problem.bound(open) >= self.best.len() {
            return;
        }
        if self.steps == 0 || chosen.len() >= DEPTH {
            self.cut = true;
            return;
        }
        self.steps -= 1;
        let Some(element) = open.iter().min_by_key(|e| (self.problem.of[*e].len(), *e)) else { return };
        let mut sets: Vec<usize> = self.problem.of[element].iter().collect();
        sets.sort_by_key(|s| (std::cmp::Reverse(self.problem.gain(*s, open)), *s));
        let mut tried: Vec<Bits> = Vec::new();
        for set in sets {
            let has = self.problem.sets[set].intersection(open);
            // What lies in one that was tried covers no more than that.
            if tried.iter().any(|t| has.is_subset(t)) {
                continue;
            }
            chosen.push(set);
            self.branch(&open.difference(&has), chosen);
            chosen.pop();
            tried.push(has);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least number of sets, by trying all of them.
    fn tried(sets: &[Bits]) -> usize {
        let all = sets.iter().fold(Bits::new(), |all, s| all.union(s));
        let covers = |chosen: &u32| {
            let has = (0..sets.len()).filter(|i| chosen >> i & 1 == 1).fold(Bits::new(), |all, i| all.union(&sets[i]));
            has == all
        };
        (0..1u32 << sets.len()).filter(covers).map(u32::count_ones).min().unwrap_or(0) as usize
    }

    fn random(rng: &mut fastrand::Rng, sets: usize, elements: usize, most: usize) -> Vec<Bits> {
        (0..sets).map(|_| (0..rng.usize(0..=most)).map(|_| rng.usize(0..elements)).collect()).collect()
    }

    #[test]
    fn fewest_as_found_by_trying_all() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..2_000 {
            let (n, elements, most) = (rng.usize(0..12), rng.usize(1..14), rng.usize(1..6));
            let sets = random(&mut rng, n, elements, most);
            let found = cover(&sets, STEPS);
            let all = |chosen: &[usize]| chosen.iter().fold(Bits::new(), |all, i| all.union(&sets[*i]));
            assert_eq!(all(&found.chosen), all(&(0..n).collect::<Vec<_>>()), "{sets:?}");
            assert_eq!((found.chosen.len(), found.least), (tried(&sets), tried(&sets)), "{sets:?}");
        }
    }

    #[test]
    fn what_was_proved_is_said_where_the_steps_do_not_suffice() {
        let mut rng = fastrand::Rng::with_seed(8);
        let mut open = 0;
        for _ in 0..60 {
            let sets: Vec<Bits> = (0..15).map(|_| (0..3).map(|_| rng.usize(0..11)).collect()).collect();
            let (least, found) = (tried(&sets), cover(&sets, 0));
            assert!(found.least <= least && least <= found.chosen.len(), "{sets:?}");
            open += usize::from(found.least < found.chosen.len());
        }
        assert!(open > 0);
    }
}
