//! What refers to what -> the circles in it, and how deep it goes.
//!
//! Used for defines and facts, periods, exceptions and policies. Iterative: a chain of 100,000 references is no stack
//! overflow.

/// What is wrong with a graph.
#[derive(Debug, Default)]
pub struct Shape {
    /// Circles that share no node, each from its first node on.
    pub circles: Vec<Vec<usize>>,
    /// The nodes whose edges have to go to make it acyclic.
    pub cut: Vec<bool>,
    /// How many references follow one another at most from each node, circles cut.
    pub depth: Vec<u32>,
}

/// `edges[i]` are the nodes that `i` refers to, all below `edges.len()`.
pub fn shape(edges: &[Vec<usize>]) -> Shape {
    shape_of(edges.len(), |node, next| edges[node].get(next).copied())
}

/// Of `n` nodes: `edge(i, k)` is the `k`th one that `i` refers to.
pub fn shape_of(n: usize, edge: impl Fn(usize, usize) -> Option<usize>) -> Shape {
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut shape = Shape { circles: Vec::new(), cut: vec![false; n], depth: vec![0; n] };
    let mut state = vec![NEW; n];
    let mut told = vec![false; n];
    for start in 0..n {
        // Most refer to nothing.
        if state[start] != NEW || edge(start, 0).is_none() {
            continue;
        }
        state[start] = OPEN;
        let mut path: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some(&mut (node, ref mut next)) = path.last_mut() {
            let Some(target) = edge(node, *next) else {
                state[node] = DONE;
                path.pop();
                if let Some(&(above, _)) = path.last() {
                    shape.depth[above] = shape.depth[above].max(shape.depth[node] + 1);
                }
                continue;
            };
            *next += 1;
            match state[target] {
                NEW => {
                    state[target] = OPEN;
                    path.push((target, 0));
                }
                OPEN => {
                    shape.cut[node] = true;
                    let from = path.iter().position(|p| p.0 == target).unwrap_or(0);
                    let circle: Vec<usize> = path[from..].iter().map(|p| p.0).collect();
                    if !circle.iter().any(|&i| told[i]) {
                        circle.iter().for_each(|&i| told[i] = true);
                        shape.circles.push(circle);
                    }
                }
                _ => shape.depth[node] = shape.depth[node].max(shape.depth[target] + 1),
            }
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_circles_and_depth() {
        let s = shape(&[vec![1], vec![2], vec![0, 3], vec![], vec![4], vec![3]]);
        assert_eq!(s.circles, vec![vec![0, 1, 2], vec![4]]);
        assert_eq!(s.cut, vec![false, false, true, false, true, false]);
        assert_eq!(s.depth[5], 1);
    }

    #[test]
    fn long_chains_are_fine() {
        let n = 100_000;
        let edges: Vec<Vec<usize>> = (0..n).map(|i| if i + 1 < n { vec![i + 1] } else { vec![] }).collect();
        assert_eq!(shape(&edges).depth[0], n as u32 - 1);
    }
}
