//! Two types of one fact -> the type of all values that either knows, and how each version reads them.
//!
//! Names are what values have in common. A value that has become several (a role that now has kinds of its own) stands for
//! all of them. Of numbers the finer steps count: who has coarser ones reads a number rounded down to its own.

use crate::model::{Atom, Bits, Domain, FactId, SetTest, Type};
use smol_str::SmolStr;

/// How a version reads the joint values of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// As they are.
    Same,
    /// By value of the version: the joint values that it stands for.
    Values(Vec<Bits>),
    /// So many joint steps are one of the version's.
    Steps(i64),
}

/// A joint type, and how the old and the new version read its values.
#[derive(Debug, Clone)]
pub struct Joined {
    pub ty: Type,
    pub readings: [Reading; 2],
}

/// `None` where the types have nothing in common. `linked`: the fact is measured against another number.
pub fn join(old: &Type, new: &Type, linked: bool) -> Option<Joined> {
    let same = |ty: Type| Some(Joined { ty, readings: [Reading::Same, Reading::Same] });
    match (old, new) {
        (a, b) if a == b => same(new.clone()),
        (Type::Choice(a), Type::Choice(b)) if a.what == b.what => {
            let (domain, readings) = domains(a, b);
            Some(Joined { ty: Type::Choice(domain), readings })
        }
        (Type::Set(a), Type::Set(b)) if a.what == b.what => {
            let (domain, readings) = domains(a, b);
            Some(Joined { ty: Type::Set(domain), readings })
        }
        (Type::Date { lo: a, hi: b }, Type::Date { lo: c, hi: d }) => same(Type::Date { lo: *a.min(c), hi: *b.max(d) }),
        (Type::DateTime { lo: a, hi: b }, Type::DateTime { lo: c, hi: d }) => {
            same(Type::DateTime { lo: *a.min(c), hi: *b.max(d) })
        }
        (
            Type::Number { lo: a, hi: b, scale: old_scale, unit: old_unit },
            Type::Number { lo: c, hi: d, scale: new_scale, unit },
        ) if old_unit == unit && !(linked && old_scale != new_scale) => {
            let scale = *old_scale.max(new_scale);
            let steps = |own: u32| 10i64.checked_pow(scale - own);
            let (x, y) = (steps(*old_scale)?, steps(*new_scale)?);
            let lo = a.checked_mul(x)?.min(c.checked_mul(y)?);
            let hi = last(*b, x)?.max(last(*d, y)?);
            let reading = |steps: i64| if steps == 1 { Reading::Same } else { Reading::Steps(steps) };
            Some(Joined { ty: Type::Number { lo, hi, scale, unit: unit.clone() }, readings: [reading(x), reading(y)] })
        }
        _ => None,
    }
}

/// The last joint step that is read as this number.
fn last(value: i64, steps: i64) -> Option<i64> {
    value.checked_mul(steps)?.checked_add(steps - 1)
}

/// Profiles are the same in whatever order their roles stand.
fn key(name: &str) -> String {
    let mut parts: Vec<&str> = name.split('+').collect();
    parts.sort_unstable();
    parts.join("+")
}

/// The values of both, the new ones first, and what the values of each stand for.
fn domains(old: &Domain, new: &Domain) -> (Domain, [Reading; 2]) {
    let mut values = new.values.clone();
    let find = |domain: &Domain, name: &str| domain.values.iter().position(|v| key(&v.name) == key(name));
    // A name without a value of its own that stands for values the other version does not know: it has become these.
    let parts = |name: &SmolStr, there: &Domain, here: &Domain| {
        let (_, bits) = there.groups.iter().find(|g| g.0 == *name)?;
        let fresh = bits.iter().all(|v| there.values.get(v).is_some_and(|v| find(here, &v.name).is_none()));
        (fresh && !bits.is_empty()).then(|| bits.clone())
    };
    let mut of_new: Vec<Bits> = (0..new.values.len()).map(Bits::one).collect();
    let mut place = vec![None; old.values.len()];
    for (i, value) in old.values.iter().enumerate() {
        let known = find(new, &value.name);
        if known.is_none() && parts(&value.name, new, old).is_none() {
            values.push(value.clone());
        }
        place[i] = known.or(Some(values.len() - 1));
    }
    let joint = |bits: &Bits, place: &[Option<usize>]| bits.iter().filter_map(|v| place.get(v).copied()?).collect();
    for (i, value) in new.values.iter().enumerate() {
        if find(old, &value.name).is_none()
            && let Some(bits) = parts(&value.name, old, new)
        {
            of_new[i] = joint(&bits, &place);
        }
    }
    let of_old: Vec<Bits> = old
        .values
        .iter()
        .enumerate()
        .map(|(i, value)| match parts(&value.name, new, old) {
            Some(bits) if find(new, &value.name).is_none() => bits,
            _ => place[i].map(Bits::one).unwrap_or_default(),
        })
        .collect();
    let all = |of: &[Bits]| of.iter().fold(Bits::new(), |all, bits| all.union(bits));
    let common = all(&of_old).intersection(&all(&of_new));
    let through =
        |bits: &Bits, of: &[Bits]| bits.iter().filter_map(|v| of.get(v)).fold(Bits::new(), |all, bits| all.union(bits));
    // A name that covers other values than before would mislead: then the values are named one by one.
    let groups = new.groups.iter().filter_map(|(name, bits)| {
        let own = through(bits, &of_new);
        match old.groups.iter().find(|g| g.0 == *name) {
            Some((_, before)) => {
                let before = through(before, &of_old);
                let alike = before.intersection(&common) == own.intersection(&common);
                alike.then(|| (name.clone(), own.union(&before)))
            }
            None => Some((name.clone(), own)),
        }
    });
    let groups = groups.collect();
    let domain = Domain { what: new.what, values, groups };
    let reading = |of: Vec<Bits>, n: usize| {
        let plain = of.len() == n && of.iter().enumerate().all(|(v, bits)| *bits == Bits::one(v));
        if plain { Reading::Same } else { Reading::Values(of) }
    };
    let n = domain.values.len();
    let readings = [reading(of_old, n), reading(of_new, n)];
    (domain, readings)
}

impl Reading {
    /// The joint values that a set of the version's stands for.
    pub fn bits(&self, bits: &Bits) -> Bits {
        match self {
            Reading::Values(of) => bits.iter().filter_map(|v| of.get(v)).fold(Bits::new(), |all, bits| all.union(bits)),
            _ => bits.clone(),
        }
    }

    /// The joint numbers that an interval of the version's stands for.
    pub fn range(&self, (lo, hi): (i64, i64)) -> (i64, i64) {
        match self {
            Reading::Steps(steps) => (lo.saturating_mul(*steps), hi.saturating_mul(*steps).saturating_add(steps - 1)),
            _ => (lo, hi),
        }
    }

    /// The version's value of a joint one.
    pub fn value(&self, joint: usize) -> Option<usize> {
        match self {
            Reading::Values(of) => of.iter().position(|bits| bits.contains(joint)),
            _ => Some(joint),
        }
    }

    /// The version's number of a joint one.
    pub fn number(&self, joint: i64) -> i64 {
        match self {
            Reading::Steps(steps) => joint.div_euclid(*steps),
            _ => joint,
        }
    }
}

/// What a joint fact is where the version does not know its value; `None` if it knows all.
pub fn unknown(fact: FactId, joint: &Type, own: &Type, reading: &Reading) -> Option<Atom> {
    let outside = |(lo, hi): (i64, i64), (a, b): (i64, i64)| {
        let parts: Vec<(i64, i64)> = [(lo, a.saturating_sub(1)), (b.saturating_add(1), hi)].into();
        let parts: Vec<(i64, i64)> = parts.into_iter().filter(|p| p.0 <= p.1).collect();
        (!parts.is_empty()).then_some(Atom::Range(fact, parts))
    };
    match (joint, own) {
        (Type::Choice(all), Type::Choice(domain)) => {
            let rest = reading.bits(&Bits::below(domain.values.len())).complement(all.values.len());
            (!rest.is_empty()).then_some(Atom::OneOf(fact, rest))
        }
        (Type::Set(all), Type::Set(domain)) => {
            let rest = reading.bits(&Bits::below(domain.values.len())).complement(all.values.len());
            (!rest.is_empty()).then_some(Atom::Set { fact, test: SetTest::Any(rest) })
        }
        (Type::Number { lo, hi, .. }, Type::Number { lo: a, hi: b, .. }) => {
            outside((*lo, *hi), reading.range((*a, *b)))
        }
        (Type::Date { lo, hi }, Type::Date { lo: a, hi: b })
        | (Type::DateTime { lo, hi }, Type::DateTime { lo: a, hi: b }) => outside((*lo, *hi), (*a, *b)),
        _ => None,
    }
}
