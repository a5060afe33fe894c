//! A set of cases -> one case of it that a person would choose, and the few facts that put it there.
//!
//! Why it exists: every finding and every failing expectation shows an example, and an example is only as good as what it
//! leaves out. `choose` looks for the case with the fewest facts to tell; `relevant_facts` drops, one by one, every fact
//! that may have any value without leaving the set. What remains is minimal: none of the facts kept can be dropped.
//! Must not know why anyone asks. Replaying the case through `decide` is the caller's business.

use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show::{self, HeadFacts};
use crate::model::{Bits, Case, FactId, FactKind, Model, Type, Value};
use crate::space::{Axis, AxisKind, Cell, Space};
use rustc_hash::FxHashMap;

/// How often a description is tried that turns out to fit no valid case.
const ATTEMPTS: usize = 16;

/// The facts that keep a case in a region: every valid case that agrees with it on these lies in the region too, and
/// none of them can be left out; besides, the channel, sender and recipient where these follow from the others, since a
/// person expects them. In reading order. All facts that the case has if it does not lie in the region.
pub fn relevant_facts(lowered: &mut Lowered<'_>, region: Node, case: &Case) -> Vec<FactId> {
    let model = lowered.model;
    let assignment = lowered.space.locate(model, case);
    let outside = lowered.dd.diff(lowered.space.valid, region);
    let mut kept: Vec<FactId> = show::reading_order(model);
    kept.retain(|f| case.values[f.index()].is_some() || !lowered.space.axes_of(*f).is_empty());
    let mut order = kept.clone();
    let head = HeadFacts::of(model);
    order.sort_by_cached_key(|f| (meaning(model, head, *f, case), std::cmp::Reverse(f.0)));
    // By level, what the case has there, as long as all facts of the level are kept.
    let told = |level: usize| facts_of(&lowered.space, level).all(|f| kept.contains(&f));
    let mut cells: Vec<Option<Bits>> = (0..assignment.len())
        .map(|level| told(level).then(|| lowered.space.axes[level].told(assignment[level])))
        .collect();
    let mut dropped = vec![false; model.facts.len()];
    for fact in order {
        let of_fact = |level: &usize| facts_of(&lowered.space, *level).any(|f| f == fact);
        let levels: Vec<usize> = (0..assignment.len()).filter(of_fact).collect();
        let was: Vec<Option<Bits>> = levels.iter().map(|level| cells[*level].take()).collect();
        dropped[fact.index()] = !lowered.dd.meets(outside, &cells);
        if !dropped[fact.index()] {
            levels.iter().zip(was).for_each(|(level, was)| cells[*level] = was);
        }
    }
    kept.retain(|f| !dropped[f.index()]);
    with_head(lowered, case, &kept)
}

/// These facts, and the channel, sender and recipient where they follow from them; in reading order.
pub fn with_head(lowered: &mut Lowered<'_>, case: &Case, facts: &[FactId]) -> Vec<FactId> {
    let model = lowered.model;
    let assignment = lowered.space.locate(model, case);
    let mut kept = facts.to_vec();
    let told = cube(lowered, &assignment, &kept);
    let told = lowered.dd.and(told, lowered.space.valid);
    for fact in HeadFacts::of(model).iter() {
        let known = case.values[fact.index()].is_some() && !lowered.space.axes_of(fact).is_empty();
        if !known || kept.contains(&fact) || kept.is_empty() {
            continue;
        }
        let same = cube(lowered, &assignment, &[fact]);
        if lowered.dd.implies(told, same) {
            kept.push(fact);
        }
    }
    show::reading_order(model).into_iter().filter(|f| kept.contains(f)).collect()
}

/// The cases that agree with a case on these facts.
pub fn agreeing(lowered: &mut Lowered<'_>, case: &Case, facts: &[FactId]) -> Node {
    let assignment = lowered.space.locate(lowered.model, case);
    let cube = cube(lowered, &assignment, facts);
    lowered.dd.and(cube, lowered.space.valid)
}

/// How much a person would want to hear of a fact: the least is dropped first.
fn meaning(model: &Model, head: HeadFacts, id: FactId, case: &Case) -> u32 {
    let fact = model.fact(id);
    match &case.values[id.index()] {
        None => 0,
        Some(_) if fact.kind == FactKind::On => 1,
        Some(_) if head.contains(id) => {
            8 + u32::from(head.sender == Some(id)) + 2 * u32::from(head.channel == Some(id))
        }
        Some(Value::Bool(false)) => 2,
        Some(Value::Set(_)) => 4,
        Some(Value::Bool(true)) => 6,
        Some(Value::Choice(_)) => 7,
        Some(Value::Int(_)) => match fact.ty {
            Type::Number { .. } => 5,
            _ => 3,
        },
    }
}

/// The assignments that agree on all axes of these facts; a distance is said only where both its facts are.
fn cube(lowered: &mut Lowered<'_>, assignment: &[u32], facts: &[FactId]) -> Node {
    let mut cube = Diagrams::TRUE;
    for level in (0..assignment.len()).rev() {
        if facts_of(&lowered.space, level).all(|f| facts.contains(&f)) {
            let cells = lowered.space.axes[level].told(assignment[level]);
            cube = lowered.dd.above(level, &cells, cube);
        }
    }
    cube
}

/// The facts of an axis: one, or two for a distance.
fn facts_of(space: &Space, axis: usize) -> impl Iterator<Item = FactId> + use<> {
    let (a, b) = space.axes[axis].kind.facts();
    std::iter::once(a).chain(b)
}

/// A case of the region, one of `prefer` if the region has one, that takes few facts to tell and has few unusual values;
/// and its relevant facts. `None` if the region has no valid case.
pub fn choose(lowered: &mut Lowered<'_>, region: Node, prefer: Option<Node>) -> Option<(Case, Vec<FactId>)> {
    let model = lowered.model;
    let region = lowered.dd.and(region, lowered.space.valid);
    let mut wanted = region;
    if let Some(prefer) = prefer {
        let both = lowered.dd.and(region, prefer);
        if both != Diagrams::FALSE {
            wanted = both;
        }
    }
    if wanted == Diagrams::FALSE {
        return None;
    }
    let asked = (region, wanted);
    if let Some(known) = lowered.chosen(asked) {
        return Some(known.clone());
    }
    let prices = lowered.prices();
    // Where time constraints were too many to enumerate, an assignment may turn out to have no case: the next, then.
    for _ in 0..ATTEMPTS {
        let within = describe(lowered, &prices, wanted);
        let assignment = lowered.dd.pick_by(within, &|level, first, last| prices.least(level, first, last))?;
        if let Some(case) = lowered.space.case(model, &assignment) {
            let facts = relevant_facts(lowered, region, &case);
            lowered.keep_chosen(asked, &case, &facts);
            return Some((case, facts));
        }
        let every = show::reading_order(model);
        let one = cube(lowered, &assignment, &every);
        wanted = lowered.dd.diff(wanted, one);
    }
    None
}

/// The part of a region that its cheapest description leaves: the cases with the fewest facts to tell.
fn describe(lowered: &mut Lowered<'_>, prices: &Prices, region: Node) -> Node {
    // Outside the valid assignments the description may say anything, which makes it shorter.
    let mut open = lowered.dd.simplify(region, lowered.space.valid);
    for _ in 0..ATTEMPTS {
        let mut known = FxHashMap::default();
        let Some((_, path)) = cheapest(&lowered.dd, prices, open, &mut known) else { break };
        let mut cube = Diagrams::TRUE;
        for (level, first, last) in path.into_iter().rev() {
            cube = lowered.dd.above(level, &Bits::run(first as usize, last as usize), cube);
        }
        let found = lowered.dd.and(cube, region);
        if found != Diagrams::FALSE {
            return found;
        }
        open = lowered.dd.diff(open, cube);
    }
    region
}

/// The levels that a way to TRUE passes, with the first and last cell of its run.
type Path = Vec<(usize, u32, u32)>;

/// The cheapest way to TRUE: its price and its runs. Recursion is as deep as there are levels.
fn cheapest(
    dd: &Diagrams,
    prices: &Prices,
    node: Node,
    known: &mut FxHashMap<Node, Option<u64>>,
) -> Option<(u64, Path)> {
    let total = price(dd, prices, node, known)?;
    let mut path = Vec::new();
    let mut node = node;
    while let Some(level) = dd.level(node) {
        let (_, first, last, child) = dd
            .runs(node)
            .filter_map(|(first, last, child)| {
                let rest = price(dd, prices, child, known)?;
                Some((rest.saturating_add(prices.least(level, first, last).0), first, last, child))
            })
            .min()?;
        path.push((level, first, last));
        node = child;
    }
    Some((total, path))
}

fn price(dd: &Diagrams, prices: &Prices, node: Node, known: &mut FxHashMap<Node, Option<u64>>) -> Option<u64> {
    let Some(level) = dd.level(node) else {
        return (node != Diagrams::FALSE).then_some(0);
    };
    if let Some(price) = known.get(&node) {
        return *price;
    }
    let mut best: Option<u64> = None;
    for (first, last, child) in dd.runs(node) {
        if let Some(rest) = price(dd, prices, child, known) {
            let price = rest.saturating_add(prices.least(level, first, last).0);
            best = Some(best.map_or(price, |b| b.min(price)));
        }
    }
    known.insert(node, best);
    best
}

/// What it costs to say a cell: saying anything has a price, and unusual values cost more. Absence is said by silence.
pub struct Prices {
    /// By level, by power of two: the least price, with the first cell that has it, of so many cells from each cell on.
    least: Vec<Vec<Vec<(u64, u32)>>>,
}

impl Prices {
    pub fn new(lowered: &Lowered<'_>) -> Self {
        let head = HeadFacts::of(lowered.model);
        let axes = lowered.space.axes.iter().enumerate();
        Self { least: axes.map(|(level, axis)| steps(axis_prices(lowered, head, level, axis))).collect() }
    }

    /// The least price of a run, and the first cell that has it.
    fn least(&self, level: usize, first: u32, last: u32) -> (u64, u32) {
        let length = last.saturating_sub(first) + 1;
        let step = length.ilog2();
        let Some(least) = self.least.get(level).and_then(|l| l.get(step as usize)) else { return (0, first) };
        let at = |cell: u32| least.get(cell as usize).copied().unwrap_or((0, first));
        at(first).min(at(last + 1 - (1 << step)))
    }
}

fn steps(prices: Vec<u64>) -> Vec<Vec<(u64, u32)>> {
    let mut steps = vec![prices.into_iter().zip(0u32..).collect::<Vec<_>>()];
    let mut width = 1;
    while 2 * width <= steps[0].len() {
        let last = &steps[steps.len() - 1];
        let next = (0..=steps[0].len() - 2 * width).map(|i| last[i].min(last[i + width])).collect();
        steps.push(next);
        width *= 2;
    }
    steps
}

fn axis_prices(lowered: &Lowered<'_>, head: HeadFacts, level: usize, axis: &Axis) -> Vec<u64> {
    let said = if facts_of(&lowered.space, level).all(|f| head.contains(f)) { 300 } else { 1000 };
    let cell = |(i, cell): (usize, &Cell)| match cell {
        Cell::Absent => 50,
        Cell::Bool(false) => said,
        Cell::Bool(true) => said + 20,
        Cell::Block(_, has) => said + 30 * u64::from(*has),
        Cell::Days(days) if *days & 0b001_1111 == 0 => said + 40,
        Cell::Days(_) | Cell::Ranges(_) => said + i.min(10) as u64,
        Cell::Values(values) => {
            let several = values.first().is_some_and(|v| is_profile(lowered.model, axis.kind, v));
            said + i.min(10) as u64 + if several { 200 } else { 0 }
        }
    };
    axis.cells.iter().enumerate().map(cell).collect()
}

/// Whether a value is a person of several roles, which is unusual.
fn is_profile(model: &Model, kind: AxisKind, value: usize) -> bool {
    let AxisKind::Choice(fact) = kind else { return false };
    match &model.fact(fact).ty {
        Type::Choice(domain) => domain.values.get(value).is_some_and(|v| v.name.contains('+')),
        _ => false,
    }
}
