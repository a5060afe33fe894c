//! Conditions in use -> axes and cells, and the assignments that some case has.
//!
//! 1. `uses` collects what the conditions ask of each fact; `parted` makes cells of it.
//! 2. Facts linked by distances form bundles; `order` lays out their axes.
//! 3. `valid` is every assumption, each fact's existence where its condition holds and nowhere else, and for each bundle
//!    of moments the combinations of cells that some moments have (`time`).

use super::moments::Moments;
use super::order::order;
use super::uses::{Asked, Measured, Uses, uses};
use super::{Axis, AxisId, AxisKind, Cell, Memo, Space, lower_cond, time};
use crate::diagram::{Diagrams, Node};
use crate::model::{Bits, Cond, FactId, Model, Type, show};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Nodes that a clause needs, about.
const NODES: usize = 6;

/// Cuts the facts by these conditions, those among them on which the cases depend (assumptions, existence of facts), and
/// finds the valid assignments. The diagrams get one level an axis, the node limit, and the budget of steps for each question;
/// the times of each group are tried within the budget, too.
pub fn build(model: &Model, conditions: &[&Cond], limit: usize, budget: u64) -> (Space, Diagrams) {
    let Cut { mut moments, bundles, levels, of_fact, spoken } = cut_facts(model, conditions);
    moments.group(model, &bundles, &levels, &of_fact);
    let mut dd = Diagrams::new(levels.iter().map(|a| a.cells.len() as u32).collect(), limit);
    dd.set_budget(budget);
    dd.reserve(NODES * model.clauses.len());
    let (possible, unfinished) = time::possible(model, &moments, &levels, &mut dd, budget);
    let cells_of = levels.iter().map(cells_of).collect();
    let starts = levels.iter().map(starts).collect();
    let moments = Arc::new(moments);
    let mut space =
        Space { axes: levels, of_fact, valid: Diagrams::TRUE, possible, unfinished, cells_of, starts, moments, spoken };
    space.possible = existing(&space, model, &mut dd, possible);
    space.valid = assumed(&space, model, &mut dd);
    (space, dd)
}

/// Whether the space of a model with the same declarations, built for its own conditions, is this one.
pub fn fits(model: &Model, space: &Space) -> bool {
    let cut = cut_facts(model, &show::conditions(model));
    cut.levels == space.axes && cut.spoken == space.spoken
}

/// The facts, cut by the conditions.
pub(super) struct Cut {
    moments: Moments,
    bundles: Vec<Vec<FactId>>,
    pub levels: Vec<Axis>,
    of_fact: Vec<Vec<AxisId>>,
    pub spoken: Vec<bool>,
}

fn cut_facts(model: &Model, conditions: &[&Cond]) -> Cut {
    cut(model, &uses(model, conditions), |bundle_of| speaks(model, conditions, bundle_of))
}

/// The facts, cut by what is asked of them. `speaks` tells, for the bundle of each fact, how many conditions speak of each
/// bundle.
pub(super) fn cut(model: &Model, uses: &Uses<'_>, speaks: impl FnOnce(&[usize]) -> Vec<usize>) -> Cut {
    let moments = Moments::new(model, uses);
    let bundles = bundles(model, uses.measured.iter().map(|m| (m.from, m.to)));

    let mut axes: Vec<Vec<Axis>> = bundles.iter().map(|_| Vec::new()).collect();
    let bundle_of = by_fact(model, &bundles);
    // Distances before the cells of each moment: they contradict one another more often, and early.
    for measured in &uses.measured {
        axes[bundle_of[measured.from.index()]].push(distance_axis(model, &moments, measured));
    }
    for (i, facts) in bundles.iter().enumerate() {
        facts.iter().for_each(|f| axes[i].extend(fact_axes(model, *f, &uses.asked[f.index()])));
    }

    let cells = cells_of_bundles(axes.iter().flatten(), &bundle_of);
    let mut weights = vec![0; bundles.len()];
    places(&speaks(&bundle_of), &cells).into_iter().enumerate().for_each(|(place, b)| weights[b] = place);
    let mut after = vec![BTreeSet::new(); bundles.len()];
    for fact in model.fact_ids() {
        if let Some(cond) = &model.fact(fact).exists_if {
            let here = bundle_of[fact.index()];
            let needs = show::fact_facts(model, cond).into_iter().map(|f| bundle_of[f.index()]);
            after[here].extend(needs.filter(|&n| n != here));
        }
    }
    let mut levels = Vec::new();
    for bundle in order(&weights, &after) {
        levels.append(&mut axes[bundle]);
    }
    let mut of_fact = vec![Vec::new(); model.facts.len()];
    for (id, axis) in levels.iter().enumerate() {
        let (one, other) = axis.kind.facts();
        of_fact[one.index()].push(id);
        if let Some(other) = other {
            of_fact[other.index()].push(id);
        }
    }
    let spoken = uses.asked.iter().map(|a| a.spoken).collect();
    Cut { moments, bundles, levels, of_fact, spoken }
}

/// Of a choice: the cell of each value.
fn cells_of(axis: &Axis) -> Vec<u32> {
    let mut cells = Vec::new();
    for (i, cell) in axis.cells.iter().enumerate() {
        let Cell::Values(values) = cell else { continue };
        for v in values.iter() {
            if cells.len() <= v {
                cells.resize(v + 1, 0);
            }
            cells[v] = i as u32;
        }
    }
    cells
}

/// Of a number or moment cut into one interval a cell: where each cell begins.
fn starts(axis: &Axis) -> Vec<i64> {
    let start = |cell: &Cell| match cell {
        Cell::Ranges(parts) if parts.len() == 1 => Some(parts[0].0),
        _ => None,
    };
    let present = &axis.cells[..axis.cells.len() - usize::from(axis.absent().is_some())];
    match axis.kind {
        AxisKind::Range(_) => present.iter().map(start).collect::<Option<Vec<i64>>>().unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The facts, each with those that distances link it to, by the first of them.
pub(super) fn bundles(model: &Model, links: impl Iterator<Item = (FactId, FactId)>) -> Vec<Vec<FactId>> {
    let mut root: Vec<usize> = (0..model.facts.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    for (from, to) in links {
        let (a, b) = (find(&mut root, from.index()), find(&mut root, to.index()));
        root[a.max(b)] = a.min(b);
    }
    let mut bundles: BTreeMap<usize, Vec<FactId>> = BTreeMap::new();
    for fact in model.fact_ids() {
        bundles.entry(find(&mut root, fact.index())).or_default().push(fact);
    }
    bundles.into_values().collect()
}

/// By fact its bundle.
pub(super) fn by_fact(model: &Model, bundles: &[Vec<FactId>]) -> Vec<usize> {
    let mut bundle_of = vec![0; model.facts.len()];
    for (i, facts) in bundles.iter().enumerate() {
        facts.iter().for_each(|f| bundle_of[f.index()] = i);
    }
    bundle_of
}

/// The axes of one fact, distances apart. None if no condition speaks of it.
pub(super) fn fact_axes(model: &Model, fact: FactId, asked: &Asked) -> Vec<Axis> {
    if !asked.spoken {
        return Vec::new();
    }
    let conditional = model.fact(fact).exists_if.is_some();
    let mut axes: Vec<(AxisKind, Vec<Cell>)> = Vec::new();
    match &model.fact(fact).ty {
        Type::YesNo => axes.push((AxisKind::YesNo(fact), no_yes())),
        Type::Choice(domain) => {
            let cells = classes(domain.values.len(), asked.values.iter().copied());
            axes.push((AxisKind::Choice(fact), cells.into_iter().map(Cell::Values).collect()));
        }
        Type::Set(domain) => {
            let mut extents = asked.extents.iter().filter(|e| !e.is_empty());
            let any = extents.clone().fold(Bits::new(), |all, e| all.union(e));
            let blocks = classes(domain.values.len(), &mut extents);
            for (i, block) in blocks.into_iter().filter(|b| !b.is_disjoint(&any)).enumerate() {
                let cells = vec![Cell::Block(block.clone(), false), Cell::Block(block, true)];
                axes.push((AxisKind::Member(fact, i as u32), cells));
            }
            if axes.is_empty() && conditional {
                axes.push((AxisKind::Member(fact, 0), vec![Cell::Block(Bits::new(), false)]));
            }
        }
        ty => {
            if let Some(range) = range(ty) {
                if !asked.ranges.is_empty() {
                    let cells = parted(range, &asked.ranges.iter().map(|r| r.to_vec()).collect::<BTreeSet<_>>());
                    axes.push((AxisKind::Range(fact), cells.into_iter().map(Cell::Ranges).collect()));
                }
                if !asked.weekdays.is_empty() {
                    let masks: Vec<Bits> = asked.weekdays.iter().map(|m| mask_bits(*m)).collect();
                    let cells = classes(7, &masks);
                    let mask = |days: Bits| Cell::Days(days.iter().fold(0, |mask, d| mask | 1 << d));
                    axes.push((AxisKind::Weekday(fact), cells.into_iter().map(mask).collect()));
                }
                axes.extend(asked.periods.iter().map(|p| (AxisKind::Within(fact, *p), no_yes())));
                if axes.is_empty() && conditional && (asked.itself || !asked.linked) {
                    axes.push((AxisKind::Range(fact), vec![Cell::Ranges(vec![range])]));
                }
            }
        }
    }
    let axis = |(kind, mut cells): (AxisKind, Vec<Cell>)| {
        if conditional {
            cells.push(Cell::Absent);
        }
        Axis { kind, cells }
    };
    axes.into_iter().filter(|a| !a.1.is_empty()).map(axis).collect()
}

fn distance_axis(model: &Model, moments: &Moments, measured: &Measured) -> Axis {
    let kind = AxisKind::Distance(measured.from, measured.to, measured.unit);
    let (least, most) = moments.span(model, measured.from, measured.to, measured.unit);
    let sets: BTreeSet<Vec<(i64, i64)>> = measured.ranges.iter().map(|r| vec![*r]).collect();
    let open = |(low, high)| (if low <= least { i64::MIN } else { low }, if high >= most { i64::MAX } else { high });
    let cells = parted((least, most.max(least)), &sets);
    let mut cells: Vec<Cell> = cells.into_iter().map(|c| Cell::Ranges(c.into_iter().map(open).collect())).collect();
    if [measured.from, measured.to].iter().any(|f| model.fact(*f).exists_if.is_some()) {
        cells.push(Cell::Absent);
    }
    Axis { kind, cells }
}

fn no_yes() -> Vec<Cell> {
    vec![Cell::Bool(false), Cell::Bool(true)]
}

fn mask_bits(mask: u8) -> Bits {
    (0..7).filter(|d| mask >> d & 1 == 1).collect()
}

/// The values that a number or moment may have; `None` for other types.
pub(super) fn range(ty: &Type) -> Option<(i64, i64)> {
    match ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => Some((*lo, (*hi).max(*lo))),
        Type::Time => Some((0, crate::model::time::MINUTES_PER_DAY - 1)),
        Type::YesNo | Type::Choice(_) | Type::Set(_) => None,
    }
}

/// `0..n` cut into the classes that no set tells apart, by their first member.
fn classes<'a>(n: usize, sets: impl IntoIterator<Item = &'a Bits>) -> Vec<Bits> {
    let mut class = vec![0; n];
    let mut count = 1;
    for set in sets {
        let mut split = BTreeMap::new();
        for i in set.iter().take_while(|&i| i < n) {
            class[i] = *split.entry(class[i]).or_insert_with(|| {
                count += 1;
                count - 1
            });
        }
    }
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    let mut classes: Vec<Bits> = Vec::new();
    for (i, c) in class.into_iter().enumerate() {
        let at = *found.entry(c).or_insert(classes.len());
        if at == classes.len() {
            classes.push(Bits::new());
        }
        classes[at].insert(i);
    }
    classes
}

/// A range cut into the classes of values that no set of intervals tells apart, by their first value.
fn parted(range: (i64, i64), sets: &BTreeSet<Vec<(i64, i64)>>) -> Vec<Vec<(i64, i64)>> {
    // Where the set with this number begins or ends to hold.
    let mut turns: Vec<(i64, usize)> = Vec::new();
    for (i, set) in sets.iter().enumerate() {
        for &(low, high) in set {
            let (low, high) = (low.max(range.0), high.min(range.1));
            if low <= high {
                turns.push((low, i));
                if high < range.1 {
                    turns.push((high + 1, i));
                }
            }
        }
    }
    turns.sort_unstable();
    let mut classes: Vec<Vec<(i64, i64)>> = Vec::new();
    let mut found: BTreeMap<Bits, usize> = BTreeMap::new();
    let mut signature = Bits::new();
    let mut turns = turns.into_iter().peekable();
    let mut at = range.0;
    loop {
        while let Some((_, i)) = turns.next_if(|t| t.0 <= at) {
            if signature.contains(i) { signature.remove(i) } else { signature.insert(i) }
        }
        let end = turns.peek().map_or(range.1, |t| t.0 - 1);
        let class = match found.get(&signature) {
            Some(&class) => class,
            None => {
                found.insert(signature.clone(), classes.len());
                classes.push(Vec::new());
                classes.len() - 1
            }
        };
        classes[class].push((at, end));
        if end >= range.1 {
            return classes;
        }
        at = end + 1;
    }
}

/// The possible assignments in which every assumption holds.
fn assumed(space: &Space, model: &Model, dd: &mut Diagrams) -> Node {
    let mut memo = Memo::default();
    let mut parts = vec![space.possible];
    for assumption in &model.assumptions {
        parts.push(lower_cond(space, model, dd, &mut memo, &assumption.cond));
    }
    dd.and_all(&parts)
}

/// The possible assignments in which every fact exists exactly where its condition holds.
fn existing(space: &Space, model: &Model, dd: &mut Diagrams, possible: Node) -> Node {
    let mut memo = Memo::default();
    let mut parts = vec![possible];
    let mut exists: Vec<Option<Node>> = vec![None; model.facts.len()];
    for (id, axis) in space.axes.iter().enumerate().filter(|(_, a)| a.absent().is_some()) {
        let (one, other) = axis.kind.facts();
        let mut here = Diagrams::TRUE;
        for fact in std::iter::once(one).chain(other) {
            if let Some(cond) = &model.fact(fact).exists_if {
                let node = match exists[fact.index()] {
                    Some(node) => node,
                    None => lower_cond(space, model, dd, &mut memo, cond),
                };
                exists[fact.index()] = Some(node);
                here = dd.and(here, node);
            }
        }
        parts.push(same(dd, here, id, &axis.present()));
    }
    dd.and_all(&parts)
}

/// Where a condition holds exactly if the axis is in these cells.
fn same(dd: &mut Diagrams, cond: Node, axis: AxisId, cells: &Bits) -> Node {
    let yes = dd.literal(axis, cells);
    let no = dd.not(yes);
    dd.ite(cond, yes, no)
}

/// By bundle: how many conditions speak of it, through defines.
pub(super) fn speaks(model: &Model, conditions: &[&Cond], bundle_of: &[usize]) -> Vec<usize> {
    let bundles = bundle_of.iter().max().map_or(0, |most| most + 1);
    let (mut spoken, mut last) = (vec![0; bundles], vec![0; bundles]);
    for (i, cond) in conditions.iter().enumerate().filter(|(_, c)| !c.is_true()) {
        show::atoms_through(model, cond, &mut |atom| {
            for b in atom.facts().map(|f| bundle_of[f.index()]) {
                if last[b] != i + 1 {
                    last[b] = i + 1;
                    spoken[b] += 1;
                }
            }
        });
    }
    spoken
}

/// The bundles, first those of which most conditions speak, among these those of few cells: what most rules ask first parts
/// them first, and each part of the diagram is left with few rules.
pub(super) fn places(spoken: &[usize], cells: &[usize]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..spoken.len()).collect();
    places.sort_by_key(|&b| (std::cmp::Reverse(spoken[b]), cells[b], b));
    places
}

/// By bundle: the most cells that an axis of it has.
pub(super) fn cells_of_bundles<'a>(axes: impl Iterator<Item = &'a Axis>, bundle_of: &[usize]) -> Vec<usize> {
    let mut cells = vec![0; bundle_of.iter().max().map_or(0, |most| most + 1)];
    for axis in axes {
        let widest: &mut usize = &mut cells[bundle_of[axis.kind.facts().0.index()]];
        *widest = (*widest).max(axis.cells.len());
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_into_classes() {
        let sets = |sets: &[&[(i64, i64)]]| sets.iter().map(|s| s.to_vec()).collect::<BTreeSet<_>>();
        assert_eq!(parted((0, 9), &sets(&[])), [vec![(0, 9)]]);
        assert_eq!(parted((0, 9), &sets(&[&[(0, 9)]])), [vec![(0, 9)]]);
        assert_eq!(parted((0, 9), &sets(&[&[(5, 5)]])), [vec![(0, 4), (6, 9)], vec![(5, 5)]]);
        assert_eq!(parted((0, 9), &sets(&[&[(-5, 3)], &[(4, 20)]])), [vec![(0, 3)], vec![(4, 9)]]);
        assert_eq!(
            parted((0, 9), &sets(&[&[(2, 3), (7, 9)], &[(3, 7)]])),
            [vec![(0, 1)], vec![(2, 2), (8, 9)], vec![(3, 3), (7, 7)], vec![(4, 6)],]
        );
    }

    #[test]
    fn values_are_cut_into_classes() {
        let set = |v: &[usize]| v.iter().copied().collect::<Bits>();
        assert_eq!(classes(3, &[]), [set(&[0, 1, 2])]);
        assert_eq!(classes(4, &[set(&[1, 2]), set(&[2, 3])]), [set(&[0]), set(&[1]), set(&[2]), set(&[3])]);
        assert_eq!(classes(4, &[set(&[1, 3])]), [set(&[0, 2]), set(&[1, 3])]);
    }
}
