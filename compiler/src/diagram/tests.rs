//! Random diagrams against brute force over every assignment.

use super::*;
use crate::model::Bits;

const CELLS: [u32; 4] = [2, 3, 1, 4];

fn all() -> Vec<Assignment> {
    let mut list = vec![vec![]];
    for n in CELLS {
        list = list.iter().flat_map(|a| (0..n).map(move |c| [a.clone(), vec![c]].concat())).collect();
    }
    list
}

/// A random set and its truth table.
fn random(dd: &mut Diagrams, rng: &mut fastrand::Rng) -> (Node, Vec<bool>) {
    let mut node = Diagrams::FALSE;
    let mut table = vec![false; all().len()];
    for _ in 0..rng.usize(0..6) {
        let sets: Vec<Bits> = CELLS.iter().map(|&n| (0..n as usize).filter(|_| rng.f32() < 0.7).collect()).collect();
        let literals: Vec<Node> = sets.iter().enumerate().map(|(l, s)| dd.literal(l, s)).collect();
        let cube = dd.and_all(&literals);
        node = dd.or(node, cube);
        for (i, a) in all().iter().enumerate() {
            table[i] |= a.iter().zip(&sets).all(|(&c, s)| s.contains(c as usize));
        }
    }
    (node, table)
}

fn table(dd: &Diagrams, node: Node) -> Vec<bool> {
    all().iter().map(|a| dd.eval(node, a) == 1).collect()
}

#[test]
fn operations_agree_with_truth_tables() {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut dd = Diagrams::new(CELLS.to_vec(), 1_000_000);
    for _ in 0..500 {
        let (a, ta) = random(&mut dd, &mut rng);
        let (b, tb) = random(&mut dd, &mut rng);
        assert_eq!(table(&dd, a), ta);
        let zip = |f: fn(bool, bool) -> bool| ta.iter().zip(&tb).map(|(&x, &y)| f(x, y)).collect::<Vec<_>>();
        let (and, or, diff, not) = (dd.and(a, b), dd.or(a, b), dd.diff(a, b), dd.not(a));
        assert_eq!(table(&dd, and), zip(|x, y| x && y));
        assert_eq!(table(&dd, or), zip(|x, y| x || y));
        assert_eq!(table(&dd, diff), zip(|x, y| x && !y));
        assert_eq!(table(&dd, not), zip(|x, _| !x));
        let ite = dd.ite(a, b, not);
        assert_eq!(table(&dd, ite), ta.iter().zip(&tb).map(|(&x, &y)| if x { y } else { !x }).collect::<Vec<_>>());
        assert_eq!(dd.disjoint(a, b), !zip(|x, y| x && y).contains(&true));
        assert_eq!(dd.implies(a, b), !zip(|x, y| x && !y).contains(&true));
        assert_eq!(dd.count(a), ta.iter().filter(|t| **t).count() as u128);
        assert_eq!(ta == tb, a == b, "equal functions are equal nodes");
        let small = dd.simplify(a, b);
        let both = dd.and(small, b);
        assert_eq!(both, and, "simplify keeps the care set");
        let cells: Vec<Option<Bits>> =
            CELLS.iter().map(|&n| rng.bool().then(|| (0..n as usize).filter(|_| rng.bool()).collect())).collect();
        let among =
            |at: &Assignment| at.iter().zip(&cells).all(|(&c, s)| s.as_ref().is_none_or(|s| s.contains(c as usize)));
        assert_eq!(dd.meets(a, &cells), all().iter().zip(&ta).any(|(at, holds)| *holds && among(at)));
        let fixed = dd.cofactor(a, 1, 2);
        let some = dd.exists(a, &[0, 3]);
        for assignment in all() {
            let mut moved = assignment.clone();
            moved[1] = 2;
            assert_eq!(dd.eval(fixed, &assignment), dd.eval(a, &moved));
            let any = (0..2).any(|x| (0..4).any(|y| dd.eval(a, &[x, assignment[1], assignment[2], y]) == 1));
            assert_eq!(dd.eval(some, &assignment) == 1, any);
        }
        match dd.pick(a, &|_, c| u64::from(10 - c)) {
            Some(picked) => assert_eq!(dd.eval(a, &picked), 1),
            None => assert_eq!(a, Diagrams::FALSE),
        }
    }
}

#[test]
fn the_limit_is_kept() {
    let mut dd = Diagrams::new(vec![2; 40], 50);
    let mut sets = Vec::new();
    for i in 0..20 {
        let (x, y) = (dd.literal(i, &Bits::one(1)), dd.literal(i + 20, &Bits::one(1)));
        sets.push(dd.and(x, y));
    }
    dd.or_all(&sets);
    assert!(dd.exhausted());
    assert!(dd.nodes() <= 50);
}

#[test]
fn functions_with_many_values() {
    let mut dd = Diagrams::new(vec![3, 3], 1000);
    let (a, b) = ([5, 6, 7].map(|v| dd.terminal(v)), [1, 2, 3].map(|v| dd.terminal(v)));
    let (a, b) = (dd.node(0, &a), dd.node(1, &b));
    let sum = dd.combine(0, a, b, &mut |x, y| x + y);
    assert_eq!(dd.eval(sum, &[2, 1]), 9);
    let set = dd.preimage(sum, &|v| v == 8);
    assert_eq!(dd.count(set), 3);
    assert_eq!(dd.support(sum), [0, 1]);
}
