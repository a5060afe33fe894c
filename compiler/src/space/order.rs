//! Bundles of axes -> the order of the diagrams' levels.
//!
//! Axes of one fact, and of facts linked by distances, stay together. A fact comes after the facts its existence depends
//! on, so that its absence is settled where it begins; else few cells come first, which keeps diagrams narrow at the top.
//! Ties go by declaration, so the order, and with it every table and count, never depends on chance.

use std::collections::BTreeSet;

/// Orders bundles: `weights[i]` is how many cells bundle `i` has at its widest, `after[i]` are the bundles that come first
/// where that is possible.
pub(super) fn order(weights: &[usize], after: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut waiting: Vec<usize> = after.iter().map(BTreeSet::len).collect();
    let mut followers = vec![Vec::new(); weights.len()];
    for (i, needs) in after.iter().enumerate() {
        for &n in needs {
            followers[n].push(i);
        }
    }
    let mut left: BTreeSet<usize> = (0..weights.len()).collect();
    let mut ready: BTreeSet<(usize, usize)> =
        left.iter().filter(|&&i| waiting[i] == 0).map(|&i| (weights[i], i)).collect();
    let mut order = Vec::with_capacity(weights.len());
    while let Some(&first) = left.first() {
        // Linked facts may wait for one another: then the first declared goes ahead.
        let next = ready.pop_first().map_or(first, |r| r.1);
        if !left.remove(&next) {
            continue;
        }
        order.push(next);
        for &f in &followers[next] {
            waiting[f] = waiting[f].saturating_sub(1);
            if waiting[f] == 0 && left.contains(&f) {
                ready.insert((weights[f], f));
            }
        }
    }
    order
}
