//! Combinations of the blocks of a set -> words: `guardian; principal or assistant_principal`.

/// One block's literal in a cube: has, has not, or either.
type Cube = Vec<Option<bool>>;

/// The words for a set of combinations (`true`: the set has an element of the block), given the blocks' names. What all
/// combinations share comes first, each with a semicolon; then the rest as alternatives.
pub fn words(names: &[String], chosen: &[Vec<bool>]) -> String {
    let blocks = names.len();
    let shared: Cube = (0..blocks)
        .map(|b| {
            let first = chosen.first().map(|c| c[b])?;
            chosen.iter().all(|c| c[b] == first).then_some(first)
        })
        .collect();
    let mut parts: Vec<String> =
        shared.iter().zip(names).filter_map(|(s, name)| s.map(|has| literal(name, has))).collect();
    let free: Vec<usize> = (0..blocks).filter(|b| shared[*b].is_none()).collect();
    let inner: Vec<Vec<bool>> = chosen.iter().map(|c| free.iter().map(|b| c[*b]).collect()).collect();
    if inner.len() < 1 << free.len() {
        let cubes = cover(free.len(), &inner);
        let others: Vec<Vec<bool>> = all(free.len()).into_iter().filter(|c| !inner.contains(c)).collect();
        let outside = cover(free.len(), &others);
        let literals = |cubes: &[Cube]| cubes.iter().flatten().flatten().count();
        let text = |cubes: &[Cube]| {
            let several = cubes.len() > 1;
            let cubes: Vec<String> = cubes
                .iter()
                .map(|cube| {
                    let literals: Vec<String> =
                        cube.iter().zip(&free).filter_map(|(l, b)| l.map(|has| literal(&names[*b], has))).collect();
                    if several && literals.len() > 1 {
                        format!("({})", literals.join(" and "))
                    } else {
                        literals.join(" and ")
                    }
                })
                .collect();
            cubes.join(" or ")
        };
        // "not both" instead of "no a or no b".
        if let [one] = outside.as_slice()
            && one.iter().flatten().all(|has| *has)
            && literals(&cubes) > 1
        {
            parts.push(format!("not {} {}", if literals(&outside) == 2 { "both" } else { "all of" }, text(&outside)));
        } else {
            parts.push(text(&cubes));
        }
    }
    parts.join("; ")
}

fn literal(name: &str, has: bool) -> String {
    if has { name.to_string() } else { format!("no {name}") }
}

fn all(blocks: usize) -> Vec<Vec<bool>> {
    (0..1usize << blocks).map(|i| (0..blocks).map(|b| i >> b & 1 == 1).collect()).collect()
}

/// Few cubes that cover exactly these combinations, the widest first. There are at most six blocks.
fn cover(blocks: usize, wanted: &[Vec<bool>]) -> Vec<Cube> {
    let fits = |cube: &Cube, c: &[bool]| cube.iter().zip(c).all(|(l, has)| l.is_none_or(|l| l == *has));
    let mut cubes: Vec<Cube> = vec![Vec::new()];
    for _ in 0..blocks {
        // "Has" before "has not": positive words are preferred among equals.
        cubes = cubes
            .into_iter()
            .flat_map(|cube| [None, Some(true), Some(false)].map(|l| cube.iter().copied().chain([l]).collect::<Cube>()))
            .collect();
    }
    let outside: Vec<Vec<bool>> = all(blocks).into_iter().filter(|c| !wanted.contains(c)).collect();
    cubes.retain(|cube| !outside.iter().any(|c| fits(cube, c)));
    let mut open: Vec<&Vec<bool>> = wanted.iter().collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let covers = |cube: &Cube| open.iter().filter(|c| fits(cube, c)).count();
        let literals = |cube: &Cube| cube.iter().flatten().count();
        let positive = |cube: &Cube| cube.iter().flatten().filter(|l| **l).count();
        let Some(best) = cubes.iter().enumerate().max_by_key(|(i, cube)| {
            (covers(cube), std::cmp::Reverse(literals(cube)), positive(cube), std::cmp::Reverse(*i))
        }) else {
            break;
        };
        if covers(best.1) == 0 {
            break;
        }
        let best = best.1.clone();
        open.retain(|c| !fits(&best, c));
        chosen.push(best);
    }
    // In the order of the blocks.
    chosen.sort_by_key(|cube| cube.iter().map(|l| (l.is_none(), *l == Some(false))).collect::<Vec<_>>());
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(chosen: &[&str]) -> String {
        let names = ["a", "b", "c"].map(str::to_string);
        let width = chosen[0].len();
        let chosen: Vec<Vec<bool>> = chosen.iter().map(|c| c.chars().map(|c| c == '1').collect()).collect();
        words(&names[..width], &chosen)
    }

    #[test]
    fn combinations_in_words() {
        assert_eq!(say(&["11"]), "a; b");
        assert_eq!(say(&["01", "11"]), "b");
        assert_eq!(say(&["10", "11", "01"]), "a or b");
        assert_eq!(say(&["00", "01", "10"]), "not both a and b");
        assert_eq!(say(&["00"]), "no a; no b");
        assert_eq!(say(&["110", "101", "111"]), "a; b or c");
        assert_eq!(say(&["10", "01"]), "(a and no b) or (no a and b)");
        assert_eq!(say(&["00", "10", "11"]), "a or no b");
    }
}
