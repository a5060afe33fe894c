//! A set of small numbers as a bit set, ordered and hashable. Used for sets of values and sets of cells.

use smallvec::SmallVec;

/// A set of numbers below a limit that the owner knows. Trailing zero words are never stored, so equal sets are equal.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Bits {
    words: SmallVec<[u64; 2]>,
}

impl Bits {
    pub fn new() -> Self {
        Self::default()
    }

    /// The set `{0, …, n-1}`.
    pub fn below(n: usize) -> Self {
        let mut words = SmallVec::from_elem(u64::MAX, n / 64);
        if !n.is_multiple_of(64) {
            words.push(u64::MAX >> (64 - n % 64));
        }
        Self { words }
    }

    /// The numbers from `first` to `last`.
    pub fn run(first: usize, last: usize) -> Self {
        let mut bits = Self::new();
        bits.insert_run(first, last);
        bits
    }

    /// Adds the numbers from `first` to `last`.
    pub fn insert_run(&mut self, first: usize, last: usize) {
        if first > last {
            return;
        }
        if self.words.len() <= last / 64 {
            self.words.resize(last / 64 + 1, 0);
        }
        for w in first / 64..=last / 64 {
            let from = if w == first / 64 { first % 64 } else { 0 };
            let to = if w == last / 64 { last % 64 } else { 63 };
            self.words[w] |= u64::MAX >> (63 - to) & u64::MAX << from;
        }
    }

    pub fn one(i: usize) -> Self {
        let mut bits = Self::new();
        bits.insert(i);
        bits
    }

    /// 64 members a word, the least first.
    pub fn of_words(words: &[u64]) -> Self {
        let mut bits = Self { words: SmallVec::from_slice(words) };
        bits.trim();
        bits
    }

    pub fn insert(&mut self, i: usize) {
        if self.words.len() <= i / 64 {
            self.words.resize(i / 64 + 1, 0);
        }
        self.words[i / 64] |= 1 << (i % 64);
    }

    pub fn remove(&mut self, i: usize) {
        if let Some(w) = self.words.get_mut(i / 64) {
            *w &= !(1 << (i % 64));
        }
        self.trim();
    }

    pub fn contains(&self, i: usize) -> bool {
        self.words.get(i / 64).is_some_and(|w| w >> (i % 64) & 1 == 1)
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    pub fn first(&self) -> Option<usize> {
        self.next(0)
    }

    pub fn last(&self) -> Option<usize> {
        let word = self.words.last()?;
        Some(self.words.len() * 64 - 1 - word.leading_zeros() as usize)
    }

    /// The least member that is at least so large.
    fn next(&self, from: usize) -> Option<usize> {
        let mut i = from / 64;
        let mut word = self.words.get(i)? & u64::MAX << (from % 64);
        while word == 0 {
            i += 1;
            word = *self.words.get(i)?;
        }
        Some(i * 64 + word.trailing_zeros() as usize)
    }

    /// The least number at least so large that is not in the set.
    fn next_free(&self, from: usize) -> usize {
        let free = |i: usize| self.words.get(i).map_or(u64::MAX, |word| !word);
        let mut i = from / 64;
        let mut word = free(i) & u64::MAX << (from % 64);
        while word == 0 {
            i += 1;
            word = free(i);
        }
        i * 64 + word.trailing_zeros() as usize
    }

    /// Its members, where they follow one another: the first and the last of each stretch.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let first = self.next(at)?;
            at = self.next_free(first);
            Some((first, at - 1))
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &w)| {
            std::iter::successors((w != 0).then_some(w), |w| (w & (w - 1) != 0).then_some(w & (w - 1)))
                .map(move |w| i * 64 + w.trailing_zeros() as usize)
        })
    }

    pub fn union(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// Adds all of another set.
    pub fn extend(&mut self, other: &Self) {
        if self.is_empty() {
            self.words.clone_from(&other.words);
            return;
        }
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    pub fn intersection(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    pub fn difference(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    /// The members of `{0, …, n-1}` that are not in this set.
    pub fn complement(&self, n: usize) -> Self {
        let mut bits = Self::below(n);
        bits.words.iter_mut().zip(&self.words).for_each(|(word, there)| *word &= !there);
        bits.trim();
        bits
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        self.difference(other).is_empty()
    }

    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & b == 0)
    }

    /// 64 members a word, the least first; as many words as the greatest member needs.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether a number from `first` to `last` is in the set.
    pub fn meets(&self, first: usize, last: usize) -> bool {
        let ends = |i: usize| if i == last / 64 { u64::MAX >> (63 - last % 64) } else { u64::MAX };
        let starts = |i: usize| if i == first / 64 { u64::MAX << (first % 64) } else { u64::MAX };
        let words = self.words.iter().enumerate().take(last / 64 + 1).skip(first / 64);
        words.into_iter().any(|(i, w)| w & ends(i) & starts(i) != 0)
    }

    /// Word `w` of what is in the set from `first` on, counted from there.
    pub fn word_from(&self, first: usize, w: usize) -> u64 {
        let (at, shift) = (first / 64 + w, first % 64);
        let word = |i: usize| self.words.get(i).copied().unwrap_or(0);
        if shift == 0 { word(at) } else { word(at) >> shift | word(at + 1) << (64 - shift) }
    }

    /// The members of words, each larger by `by`.
    pub fn moved(words: &[u64], by: usize) -> Self {
        let (skipped, shift) = (by / 64, by % 64);
        let mut bits = Self { words: SmallVec::from_elem(0, skipped + words.len() + 1) };
        for (w, word) in words.iter().enumerate() {
            bits.words[skipped + w] |= word << shift;
            if shift > 0 {
                bits.words[skipped + w + 1] |= word >> (64 - shift);
            }
        }
        bits.trim();
        bits
    }

    fn zip(&self, other: &Self, f: impl Fn(u64, u64) -> u64) -> Self {
        let n = self.words.len().max(other.words.len());
        let word = |s: &Self, i: usize| s.words.get(i).copied().unwrap_or(0);
        let mut bits = Self { words: (0..n).map(|i| f(word(self, i), word(other, i))).collect() };
        bits.trim();
        bits
    }

    fn trim(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<I: IntoIterator<Item = usize>>(iter: I) -> Self {
        let mut bits = Self::new();
        iter.into_iter().for_each(|i| bits.insert(i));
        bits
    }
}

impl std::fmt::Debug for Bits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_their_stretches() {
        let mut rng = fastrand::Rng::with_seed(4);
        for n in [0, 1, 5, 63, 64, 65, 127, 128, 129, 300] {
            assert_eq!(Bits::below(n), (0..n).collect::<Bits>());
            for _ in 0..50 {
                let density = rng.usize(1..12);
                let members: Vec<usize> = (0..n).filter(|_| rng.usize(0..12) < density).collect();
                let bits: Bits = members.iter().copied().collect();
                assert_eq!(bits.iter().collect::<Vec<_>>(), members);
                assert_eq!((bits.first(), bits.last()), (members.first().copied(), members.last().copied()));
                assert_eq!(bits.runs().flat_map(|(first, last)| first..=last).collect::<Vec<_>>(), members);
                assert!(bits.runs().zip(bits.runs().skip(1)).all(|(a, b)| a.1 + 1 < b.0));
                let (first, last) = (rng.usize(0..n.max(1)), rng.usize(0..n.max(1)));
                let within = |i: &usize| (first..=last).contains(i);
                assert_eq!(Bits::run(first, last), (first..=last).collect());
                let mut more = bits.clone();
                more.insert_run(first, last);
                assert_eq!(more, (0..n.max(1)).filter(|i| members.contains(i) || within(i)).collect());
                let moved: Bits = members.iter().map(|i| i + first).collect();
                assert_eq!(Bits::moved(bits.words(), first), moved);
                let back: Vec<u64> = (0..n.div_ceil(64)).map(|w| moved.word_from(first, w)).collect();
                assert_eq!(Bits::of_words(&back), bits);
                let others: Vec<usize> = (0..n).filter(|i| !members.contains(i)).collect();
                assert_eq!(bits.complement(n).iter().collect::<Vec<_>>(), others);
            }
        }
    }
}
