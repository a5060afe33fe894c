//! A model -> cases to try an artefact on: every bound of every number and moment, every row of the tables, and many at random.
//!
//! Small spaces are taken whole. Of larger ones the cases are chosen from pools: a fact's ends, each value at which a
//! condition about it changes and its neighbours, the begins and ends of periods, the changes of the clocks, and values at a
//! distance's bound from a fact that is already chosen. Every case is a legal one.

use crate::random::world;
use ordain::decide;
use ordain::lower::Lowered;
use ordain::model::calendar::Calendars;
use ordain::model::*;
use ordain::tabulate;
use ordain::witness;
use std::collections::{BTreeSet, HashSet};

/// Steps that the table may take whose rows are visited.
const BUDGET: u64 = 3_000_000;
/// Most values that are kept of one fact.
const POOL: usize = 400;
/// A space with at most so many times the cases that are wanted is looked at whole.
const WHOLE: usize = 4;

/// At least `count` different cases, or all there are; more where bounds and rows need them. The same for the same seed.
pub fn sample(model: &Model, count: usize, seed: u64) -> Vec<Case> {
    let mut rng = fastrand::Rng::with_seed(seed);
    if short(model)
        && let Some(all) = world::cases(model)
    {
        let mut legal: Vec<Case> = all.into_iter().filter(|c| decide::check_case(model, c).is_empty()).collect();
        if legal.len() > WHOLE * count {
            rng.shuffle(&mut legal);
            legal.truncate(count);
        }
        return legal;
    }
    let pools = Pools::new(model, &mut rng);
    let mut found = Found { seen: HashSet::new(), cases: Vec::new() };
    for case in of_rows(model) {
        for _ in 0..4 {
            let fact = FactId(rng.u32(0..model.facts.len() as u32));
            found.add(model, pools.case(model, &mut rng, Some((&case, fact))));
        }
        found.add(model, case);
    }
    // Each value of each pool at least once, in a case that is otherwise near one that is legal.
    for fact in model.fact_ids() {
        for value in pools.of[fact.index()].clone() {
            for _ in 0..20 {
                let base = match found.cases.len() {
                    0 => pools.case(model, &mut rng, None),
                    n => found.cases[rng.usize(0..n)].clone(),
                };
                let mut case = base.clone();
                case.values[fact.index()] = Some(value.clone());
                let case = pools.case(model, &mut rng, Some((&case, FactId(u32::MAX))));
                if case.values[fact.index()].as_ref() == Some(&value) && found.add(model, case) {
                    break;
                }
            }
        }
    }
    let mut tries = 0;
    while found.cases.len() < count && tries < count * 50 {
        tries += 1;
        let base =
            (!found.cases.is_empty() && rng.bool()).then(|| found.cases[rng.usize(0..found.cases.len())].clone());
        let fact = FactId(rng.u32(0..model.facts.len() as u32));
        let case = pools.case(model, &mut rng, base.as_ref().map(|c| (c, fact)));
        found.add(model, case);
    }
    found.cases
}

struct Found {
    seen: HashSet<Case>,
    cases: Vec<Case>,
}

impl Found {
    /// Whether it is a new, legal case.
    fn add(&mut self, model: &Model, case: Case) -> bool {
        let new = decide::check_case(model, &case).is_empty() && self.seen.insert(case.clone());
        if new {
            self.cases.push(case);
        }
        new
    }
}

/// All its facts have few values.
fn short(model: &Model) -> bool {
    model.facts.iter().all(|f| match &f.ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } => hi - lo < 40_000,
        Type::DateTime { lo, hi } => hi - lo < 40_000,
        Type::Set(domain) => domain.values.len() <= 8,
        _ => true,
    })
}

/// A case of each row of the tables.
fn of_rows(model: &Model) -> Vec<Case> {
    let mut lowered = Lowered::new(model, &[], BUDGET);
    let mut cases = Vec::new();
    for decision in tabulate::decisions(model) {
        lowered.dd.begin();
        let table = lowered.attempt(BUDGET, |l| tabulate::tabulate(l, decision, tabulate::Hit::Unique));
        let Some(table) = table.filter(|t| t.proof.is_none_or(|p| p.finished)) else { continue };
        for region in tabulate::row_regions(&mut lowered, &table) {
            cases.extend(witness::choose(&mut lowered, region, None).map(|w| w.0));
        }
    }
    cases
}

/// Values to choose from, by fact.
struct Pools {
    of: Vec<Vec<Value>>,
    atoms: Vec<Atom>,
    order: Vec<FactId>,
    calendars: Calendars,
}

impl Pools {
    fn new(model: &Model, rng: &mut fastrand::Rng) -> Self {
        let atoms = world::atoms(model);
        let periods: BTreeSet<PeriodId> = (0..model.periods.len() as u32).map(PeriodId).collect();
        let days = model.facts.iter().filter_map(|f| match f.ty {
            Type::Date { lo, hi } => Some((lo - 1, hi + 1)),
            Type::DateTime { lo, hi } => Some((model.zone.day(lo) - 1, model.zone.day(hi) + 1)),
            _ => None,
        });
        let days = days.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0));
        let calendars = Calendars::new(model, days, periods);
        let of = model.fact_ids().map(|f| pool(model, f, &atoms, &calendars, rng)).collect();
        Self { of, atoms, order: world::order(model), calendars }
    }

    /// A case at random; like another one but for one fact, and what hangs on it, if one is given.
    fn case(&self, model: &Model, rng: &mut fastrand::Rng, like: Option<(&Case, FactId)>) -> Case {
        let mut case = Case { values: vec![None; model.facts.len()] };
        for &fact in &self.order {
            if !decide::exists(model, fact, &case) {
                continue;
            }
            let kept = like.filter(|(_, other)| *other != fact).and_then(|(base, _)| base.values[fact.index()].clone());
            let value = kept.unwrap_or_else(|| self.value(model, rng, fact, &case));
            case.values[fact.index()] = Some(value);
        }
        case
    }

    fn value(&self, model: &Model, rng: &mut fastrand::Rng, fact: FactId, case: &Case) -> Value {
        let pool = &self.of[fact.index()];
        if rng.bool()
            && let Some(value) = self.at_a_bound(model, rng, fact, case)
        {
            return value;
        }
        pool[rng.usize(0..pool.len())].clone()
    }

    /// A value whose distance from one already chosen is just within or just outside of a condition's bound.
    fn at_a_bound(&self, model: &Model, rng: &mut fastrand::Rng, fact: FactId, case: &Case) -> Option<Value> {
        let ruler = Ruler { zone: &model.zone, calendars: &self.calendars };
        let mut ways = Vec::new();
        for atom in &self.atoms {
            let Atom::Distance { from, to, unit, low, high } = atom else { continue };
            let bounds = low.iter().copied().chain(high.map(|h| h + 1));
            let chosen = |f: &FactId| match (&case.values[f.index()], Grain::of(&model.fact(*f).ty)) {
                (Some(Value::Int(v)), Some(grain)) if *f != fact => Some((grain, *v)),
                _ => None,
            };
            let own = Grain::of(&model.fact(fact).ty)?;
            for bound in bounds {
                if *to == fact
                    && let Some(other) = chosen(from)
                {
                    ways.push(ruler.least_to(*unit, other, own, bound));
                }
                if *from == fact
                    && let Some(other) = chosen(to)
                {
                    ways.push(ruler.least_from(*unit, other, own, bound - 1));
                }
            }
        }
        let (lo, hi) = range(&model.fact(fact).ty)?;
        ways.retain(|v| (lo..=hi).contains(v));
        let value = *ways.get(rng.usize(0..ways.len().max(1)))?;
        Some(Value::Int((value - rng.i64(0..2)).clamp(lo, hi)))
    }
}

fn range(ty: &Type) -> Option<(i64, i64)> {
    match ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => Some((*lo, *hi)),
        Type::Time => Some((0, time::MINUTES_PER_DAY - 1)),
        _ => None,
    }
}

fn pool(model: &Model, fact: FactId, atoms: &[Atom], calendars: &Calendars, rng: &mut fastrand::Rng) -> Vec<Value> {
    let ty = &model.fact(fact).ty;
    let Some((lo, hi)) = range(ty) else {
        return match ty {
            Type::Choice(domain) => (0..domain.values.len() as u32).map(Value::Choice).collect(),
            Type::Set(domain) => sets(domain.values.len(), rng),
            _ => vec![Value::Bool(false), Value::Bool(true)],
        };
    };
    let mut bounds: Vec<i64> = vec![lo, hi];
    let mut edges: Vec<i64> = Vec::new();
    for atom in atoms {
        match atom {
            Atom::Range(f, parts) if *f == fact => {
                bounds.extend(parts.iter().flat_map(|p| [p.0 - 1, p.0, p.1, p.1 + 1]))
            }
            Atom::Within { fact: f, period, .. } if *f == fact => {
                let calendar = calendars.get(*period);
                let parts = if matches!(ty, Type::DateTime { .. }) { &calendar.moments } else { &calendar.days };
                edges.extend(parts.parts().iter().flat_map(|p| [p.0 - 1, p.0, p.1, p.1 + 1]));
            }
            _ => {}
        }
    }
    if matches!(ty, Type::DateTime { .. }) {
        edges.extend(model.zone.pieces().iter().skip(1).flat_map(|p| [p.0 - 61, p.0 - 1, p.0, p.0 + 60]));
        let days = (model.zone.day(lo), model.zone.day(hi));
        for _ in 0..40 {
            let start = model.zone.day_start(rng.i64(days.0..=days.1));
            edges.extend([start - 1, start]);
        }
    }
    edges.retain(|v| (lo..=hi).contains(v));
    rng.shuffle(&mut edges);
    edges.truncate(POOL);
    bounds.extend(edges);
    bounds.extend((0..12).map(|_| rng.i64(lo..=hi)));
    bounds.retain(|v| (lo..=hi).contains(v));
    bounds.sort_unstable();
    bounds.dedup();
    bounds.into_iter().map(Value::Int).collect()
}

/// Nothing, each alone, all, all but one, some at random.
fn sets(n: usize, rng: &mut fastrand::Rng) -> Vec<Value> {
    let mut sets = vec![Bits::new(), Bits::below(n)];
    sets.extend((0..n).map(Bits::one));
    sets.extend((0..n).map(|i| Bits::one(i).complement(n)));
    sets.extend((0..20).map(|_| (0..n).filter(|_| rng.bool()).collect::<Bits>()));
    let mut seen = Vec::new();
    sets.retain(|s| {
        !seen.contains(s) && {
            seen.push(s.clone());
            true
        }
    });
    sets.into_iter().map(Value::Set).collect()
}
