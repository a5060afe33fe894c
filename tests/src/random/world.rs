//! A model -> every case of it, as far as cases differ at all; and what `decide` says of each.
//!
//! # Why the cases are enough
//!
//! Yes/no facts, choices, sets, dates and short numbers have all their values. Times, datetimes and long numbers have too
//! many; of these the enumeration has the values at which anything can change:
//!
//! * the **breaks** of a fact: its first value, and each value at which an atom about it alone, or its local day, differs
//!   from the value before (found by trying every value);
//! * each break of a fact that is linked to it by a distance in minutes or numbers, moved by each bound of that distance and
//!   by the neighbours of the bounds, in both directions.
//!
//! A kind of case asks of two linked facts x and y that each lies in some set whose intervals begin at breaks, and that
//! their distances lie in some intervals. Every such demand is a lower bound of one fact that rises with the other, so
//! where it can be met there is a least solution, in which each fact is at the begin of one of its intervals, or pushed
//! there by the other: to a begin of a day (a break) by distances in days, months and days of a period, or to the other's
//! value moved by a bound. A second push by minutes would need a circle of bounds that cannot be met. The generator links
//! no more than two such facts by minutes; facts that have all their values may be linked to any number of others.

use super::set::Set;
use ordain::decide::{self, Decided, Status};
use ordain::model::*;
use std::collections::BTreeSet;

/// Programs with more cases are left out.
pub const MOST_CASES: usize = 20_000;
/// Ranges up to this length are enumerated in full.
pub const SHORT: i64 = 40;

pub struct World<'m> {
    pub model: &'m Model,
    /// All that can be without the assumptions.
    pub cases: Vec<Case>,
    /// Those in which the assumptions hold.
    pub legal: Set,
    /// What each legal case gets; for the others, nothing of meaning.
    pub decided: Vec<Decided>,
    pub applies: Vec<Set>,
    pub remains: Vec<Set>,
    pub stands: Vec<Set>,
    /// By clause and requirement: where it stands, is asked and fails.
    pub fails: Vec<Vec<Set>>,
    /// By clause: where it is among those whose word some answer is.
    pub decides: Vec<Set>,
    pub obligations: Vec<Vec<Set>>,
    pub advice: Vec<Vec<Set>>,
    pub duties: Vec<Set>,
}

impl<'m> World<'m> {
    /// `None` if there are too many cases.
    pub fn new(model: &'m Model) -> Option<Self> {
        let cases = cases(model)?;
        let n = cases.len();
        let legal = Set::of(n, |i| decide::check_case(model, &cases[i]).is_empty());
        let decided: Vec<Decided> = cases.iter().map(|c| decide::decide(model, c)).collect();
        let mut world = Self {
            model,
            cases,
            legal,
            decided,
            applies: Vec::new(),
            remains: Vec::new(),
            stands: Vec::new(),
            fails: Vec::new(),
            decides: Vec::new(),
            obligations: Vec::new(),
            advice: Vec::new(),
            duties: Vec::new(),
        };
        for (i, clause) in model.clauses.iter().enumerate() {
            let status = |test: &dyn Fn(&Status) -> bool| world.where_(|d| test(d.status.of(ClauseId(i as u32))));
            let applies = status(&|s| !matches!(s, Status::DoesNotApply));
            let remains = status(&|s| matches!(s, Status::Outranked(_) | Status::Stands { .. }));
            let stands = status(&|s| matches!(s, Status::Stands { .. }));
            world.applies.push(applies);
            world.remains.push(remains);
            world.stands.push(stands);
            let id = ClauseId(i as u32);
            let decides = world.where_(|d| d.answers.iter().any(|a| a.by.contains(&id)));
            world.decides.push(decides);
            // Where its own word, if it gives one, is the final one.
            let follows = match &clause.outcome {
                None => world.remains[i].clone(),
                Some(o) => {
                    let result = decide::Verdict::Is(o.value);
                    world.where_(|d| d.answers[o.decision.index()].result == result).and(&world.stands[i])
                }
            };
            let duties = clause.obligations.iter().map(|o| world.holds(&o.when).and(&follows)).collect();
            world.obligations.push(duties);
            let advice = (0..clause.advice.len()).map(|a| world.where_(|d| d.advice.contains(&(id, a)))).collect();
            world.advice.push(advice);
        }
        for clause in &model.clauses {
            let silenced = world.outranked(clause.policy, VERDICT);
            let id = world.fails.len();
            let asked = world.remains[id].less(&silenced);
            let fail = |r: &Requirement| asked.and(&world.holds(&r.when)).less(&world.holds(&r.cond));
            let fails = clause.requirements.iter().map(fail).collect();
            world.fails.push(fails);
        }
        world.duties =
            (0..model.duties.len() as u32).map(|d| world.where_(|x| x.duties.contains(&DutyId(d)))).collect();
        Some(world)
    }

    pub fn n(&self) -> usize {
        self.cases.len()
    }

    pub fn none(&self) -> Set {
        Set::none(self.n())
    }

    /// The legal cases whose decision passes.
    pub fn where_(&self, test: impl Fn(&Decided) -> bool) -> Set {
        Set::of(self.n(), |i| self.legal.has(i) && test(&self.decided[i]))
    }

    /// Where a condition holds, legal or not.
    pub fn truth(&self, cond: &Cond) -> Set {
        Set::of(self.n(), |i| decide::holds(self.model, cond, &self.cases[i]))
    }

    /// The legal cases in which a condition holds.
    pub fn holds(&self, cond: &Cond) -> Set {
        Set::of(self.n(), |i| self.legal.has(i) && decide::holds(self.model, cond, &self.cases[i]))
    }

    pub fn union<'a>(&self, sets: impl IntoIterator<Item = &'a Set>) -> Set {
        sets.into_iter().fold(self.none(), |all, s| all.or(s))
    }

    /// Where a policy is outranked: one that it yields to speaks of the decision.
    pub fn outranked(&self, policy: PolicyId, decision: DecisionId) -> Set {
        let above = &self.model.policies[policy.index()].yields_to;
        let speakers =
            self.model.clauses.iter().enumerate().filter(|(_, c)| {
                above.contains(&c.policy) && c.outcome.as_ref().is_some_and(|o| o.decision == decision)
            });
        self.union(speakers.map(|(i, _)| &self.remains[i]))
    }

    /// Where a clause, standing, says a value of its decision.
    pub fn says(&self, clause: ClauseId, value: u32) -> Set {
        self.where_(|d| matches!(d.status.of(clause), Status::Stands { says: Some(v), .. } if *v == value))
    }

    pub fn result(&self, decision: DecisionId, result: decide::Verdict) -> Set {
        self.where_(|d| d.answers[decision.index()].result == result)
    }
}

/// Every condition of the model that is true or false by itself, once each.
pub fn atoms(model: &Model) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    for cond in show::conditions(model) {
        cond.atoms(&mut |atom| {
            if !atoms.contains(atom) {
                atoms.push(atom.clone());
            }
        });
    }
    atoms
}

/// The facts, those on which others depend first.
pub fn order(model: &Model) -> Vec<FactId> {
    let mut order: Vec<FactId> = Vec::new();
    while order.len() < model.facts.len() {
        let before = order.len();
        for id in model.fact_ids() {
            let needs = model.fact(id).exists_if.as_ref().map_or(Vec::new(), |c| show::fact_facts(model, c));
            if !order.contains(&id) && needs.iter().all(|f| order.contains(f)) {
                order.push(id);
            }
        }
        assert!(order.len() > before, "facts exist in a circle");
    }
    order
}

/// Every case that can differ from another, legal or not; `None` if there are more than [`MOST_CASES`].
pub fn cases(model: &Model) -> Option<Vec<Case>> {
    let atoms = atoms(model);
    let breaks: Vec<BTreeSet<i64>> = model.fact_ids().map(|f| breaks(model, f, &atoms)).collect();
    let values: Vec<Vec<Value>> = model.fact_ids().map(|f| values(model, f, &atoms, &breaks)).collect();
    let mut cases = vec![Case { values: vec![None; model.facts.len()] }];
    for fact in order(model) {
        let mut longer = Vec::new();
        for case in cases {
            if !decide::exists(model, fact, &case) {
                longer.push(case);
                continue;
            }
            for value in &values[fact.index()] {
                let mut case = case.clone();
                case.values[fact.index()] = Some(value.clone());
                longer.push(case);
            }
            if longer.len() > MOST_CASES {
                return None;
            }
        }
        cases = longer;
    }
    Some(cases)
}

fn range(ty: &Type) -> Option<(i64, i64)> {
    match ty {
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => Some((*lo, *hi)),
        Type::Time => Some((0, 1439)),
        _ => None,
    }
}

/// The values at which anything about this fact alone changes; all values of short ranges.
pub fn breaks(model: &Model, fact: FactId, atoms: &[Atom]) -> BTreeSet<i64> {
    let Some((lo, hi)) = range(&model.fact(fact).ty) else { return BTreeSet::new() };
    if hi - lo < SHORT {
        return (lo..=hi).collect();
    }
    let own: Vec<Cond> = atoms
        .iter()
        .filter(|a| a.facts().all(|f| f == fact))
        .map(|a| Cond::new(CondKind::Atom(a.clone()), Default::default()))
        .collect();
    let mut case = Case { values: vec![None; model.facts.len()] };
    let mut look = |v: i64| -> (i64, Vec<bool>) {
        case.values[fact.index()] = Some(Value::Int(v));
        let day = if matches!(model.fact(fact).ty, Type::DateTime { .. }) { model.zone.day(v) } else { 0 };
        (day, own.iter().map(|c| decide::holds(model, c, &case)).collect())
    };
    let mut breaks = BTreeSet::from([lo]);
    let mut last = look(lo);
    for v in lo + 1..=hi {
        let now = look(v);
        if now != last {
            breaks.insert(v);
            last = now;
        }
    }
    breaks
}

/// Every value that a fact is given, see the head.
pub fn values(model: &Model, fact: FactId, atoms: &[Atom], breaks: &[BTreeSet<i64>]) -> Vec<Value> {
    let ty = &model.fact(fact).ty;
    match ty {
        Type::YesNo => vec![Value::Bool(false), Value::Bool(true)],
        Type::Choice(domain) => (0..domain.values.len() as u32).map(Value::Choice).collect(),
        Type::Set(domain) => {
            let n = domain.values.len();
            (0u32..1 << n).map(|s| Value::Set((0..n).filter(|i| s >> i & 1 == 1).collect())).collect()
        }
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => {
            ints(fact, (*lo, *hi), atoms, breaks)
        }
        Type::Time => ints(fact, (0, 1439), atoms, breaks),
    }
}

fn ints(fact: FactId, (lo, hi): (i64, i64), atoms: &[Atom], breaks: &[BTreeSet<i64>]) -> Vec<Value> {
    let mut all = breaks[fact.index()].clone();
    if hi - lo >= SHORT {
        for atom in atoms {
            let Atom::Distance { from, to, unit: Unit::Minutes | Unit::Number, low, high } = atom else { continue };
            let other = if *from == fact { to } else { from };
            if (*from != fact && *to != fact) || from == to {
                continue;
            }
            let bounds = low.iter().flat_map(|l| [*l, l - 1]).chain(high.iter().flat_map(|h| [*h, h + 1]));
            for step in bounds.flat_map(|b| [b, -b]) {
                all.extend(breaks[other.index()].iter().map(|b| b + step).filter(|v| (lo..=hi).contains(v)));
            }
        }
    }
    all.into_iter().map(Value::Int).collect()
}
