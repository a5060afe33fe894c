//! A random program -> another version of it: what people edit, one to three times.
//!
//! A part is left out, a condition turned, narrowed or taken from elsewhere, a verdict swapped, a boundary moved, a rule
//! repeated under another name or renamed, a default or a period changed, a fact or a value added, a range widened, a number
//! given more decimals, an existence changed. What no longer checks is for the caller to leave out.

use super::shrink::without;
use super::tree::*;
use fastrand::Rng;

/// Another version of the program.
pub fn mutate(program: &Program, rng: &mut Rng) -> Program {
    let mut other = program.clone();
    for _ in 0..rng.usize(1..=3) {
        other = once(&other, rng);
    }
    other
}

fn once(program: &Program, rng: &mut Rng) -> Program {
    let mut other = program.clone();
    if program.policies.is_empty() {
        return other;
    }
    match rng.u32(0..22) {
        0..=3 => {
            let parts = (0..).take_while(|k| without(program, *k).is_some()).count();
            if parts > 0
                && let Some(smaller) = without(program, rng.usize(0..parts))
            {
                return smaller;
            }
        }
        4..=8 => condition(&mut other, rng),
        9..=10 => {
            swap(&mut other, rng);
        }
        11 => repeat(&mut other, rng),
        12 => {
            if let Some(clause) = some_clause(&mut other, rng) {
                clause.name.push_str("_renamed");
            }
        }
        13 => default(&mut other, rng),
        14..=15 => fact(&mut other, rng),
        16 => {
            let name = format!("more{}", rng.u32(0..1000));
            let cond = Cond::Atom(Atom::Yes(name.clone()));
            other.facts.push(Fact { name, ty: Type::YesNo, exists_if: None });
            if let Some(place) = some_place(&mut other, rng) {
                *place = Some(both(place.take(), cond));
            }
        }
        17 => exists(&mut other, rng),
        18 => {
            let taken = some_cond(program, rng);
            if let Some(cond) = taken {
                other.assumes.push(cond);
            }
        }
        19 if !other.periods.is_empty() => {
            let at = rng.usize(0..other.periods.len());
            other.periods[at].1 = if rng.bool() { "weekdays".into() } else { "Monday 08:00 to 12:00".into() };
        }
        20 if !other.trees.is_empty() => {
            let kind = if rng.bool() { "role" } else { "channel" };
            other.trees.push(format!("{kind} newcomer"));
        }
        _ => {
            let taken = some_cond(program, rng);
            if let (Some(cond), false) = (taken, other.defines.is_empty()) {
                let at = rng.usize(0..other.defines.len());
                other.defines[at].1 = cond;
            }
        }
    }
    other
}

fn both(a: Option<Cond>, b: Cond) -> Cond {
    match a {
        Some(a) => Cond::And(vec![a, b]),
        None => b,
    }
}

fn clauses<'a>(items: &'a mut [Item], all: &mut Vec<&'a mut Clause>) {
    for item in items {
        match item {
            Item::Clause(clause) => all.push(clause),
            Item::Section(_, inner) => clauses(inner, all),
        }
    }
}

/// A clause: a rule, or any exception inside it.
fn some_clause<'a>(program: &'a mut Program, rng: &mut Rng) -> Option<&'a mut Clause> {
    let mut all = Vec::new();
    program.policies.iter_mut().for_each(|p| clauses(&mut p.items, &mut all));
    if all.is_empty() {
        return None;
    }
    let at = rng.usize(0..all.len());
    let mut clause = all.swap_remove(at);
    while !clause.exceptions.is_empty() && rng.bool() {
        let at = rng.usize(0..clause.exceptions.len());
        clause = &mut clause.exceptions[at];
    }
    Some(clause)
}

/// Where a statement's condition stands.
fn some_place<'a>(program: &'a mut Program, rng: &mut Rng) -> Option<&'a mut Option<Cond>> {
    let clause = some_clause(program, rng)?;
    let n = clause.statements.len();
    (n > 0).then(|| &mut clause.statements[rng.usize(0..n)].when)
}

/// A condition from anywhere in the rules.
fn some_cond(program: &Program, rng: &mut Rng) -> Option<Cond> {
    let mut copy = program.clone();
    (0..8).find_map(|_| some_place(&mut copy, rng).and_then(|p| p.clone()))
}

fn condition(program: &mut Program, rng: &mut Rng) {
    let other = some_cond(program, rng);
    let way = rng.u32(0..5);
    let pick = rng.usize(0..1000);
    let Some(place) = some_place(program, rng) else { return };
    let own = place.take();
    *place = match (own, way) {
        (Some(own), 0) => Some(Cond::Not(Box::new(own))),
        (Some(own), 1) => other.map_or(Some(own.clone()), |o| Some(Cond::Or(vec![own, o]))),
        (own, 2) => other.map(|o| both(own, o)),
        (Some(mut own), _) => {
            boundary(&mut own, pick);
            Some(own)
        }
        (None, _) => other,
    };
}

/// Moves one boundary by one, or turns one answer.
fn boundary(cond: &mut Cond, pick: usize) {
    match cond {
        Cond::And(parts) | Cond::Or(parts) if !parts.is_empty() => {
            let n = parts.len();
            boundary(&mut parts[pick % n], pick / n);
        }
        Cond::Not(inner) => boundary(inner, pick),
        Cond::Atom(atom) => match atom {
            Atom::Compare { to: Operand::Number { value, .. } | Operand::Date(value), .. } => *value += 1,
            Atom::Between { high: Operand::Number { value, .. } | Operand::Date(value), .. } => *value += 1,
            Atom::OnDays { days, .. } => *days = (*days ^ (1 << (pick % 7))).clamp(1, 127),
            Atom::During { outside, .. } => *outside = !*outside,
            Atom::Distance { amount, .. } => *amount += 1,
            Atom::Is { values, .. } | Atom::Include { values, .. } if values.len() > 1 => {
                values.pop();
            }
            _ => *cond = Cond::Not(Box::new(cond.clone())),
        },
        _ => {}
    }
}

fn swap(program: &mut Program, rng: &mut Rng) -> Option<()> {
    let values: Vec<(String, Vec<String>)> = program.decisions.clone();
    let clause = some_clause(program, rng)?;
    for statement in &mut clause.statements {
        statement.kind = match &statement.kind {
            StatementKind::Permit { .. } => StatementKind::Forbid,
            StatementKind::Forbid => StatementKind::Permit { provisos: Vec::new() },
            StatementKind::Decide(decision, value) => {
                let all = &values.iter().find(|d| d.0 == *decision)?.1;
                StatementKind::Decide(decision.clone(), all.iter().find(|v| *v != value)?.clone())
            }
            other => other.clone(),
        };
    }
    Some(())
}

fn repeat(program: &mut Program, rng: &mut Rng) {
    let Some(mut clause) = some_clause(program, rng).map(|c| c.clone()) else { return };
    if !clause.to.is_empty() {
        return;
    }
    clause.name.push_str("_again");
    clause.exceptions.clear();
    let at = rng.usize(0..program.policies.len());
    program.policies[at].items.push(Item::Clause(clause));
    condition(program, rng);
}

fn default(program: &mut Program, rng: &mut Rng) {
    let at = rng.usize(0..program.policies.len());
    let defaults = &mut program.policies[at].defaults;
    let verdict = defaults.iter().position(|d| d == "default permit" || d == "default forbid");
    match verdict {
        Some(i) if defaults[i] == "default permit" => defaults[i] = "default forbid".into(),
        Some(i) if rng.bool() => defaults[i] = "default permit".into(),
        Some(i) => {
            defaults.remove(i);
        }
        None => defaults.push("default forbid".into()),
    }
}

fn fact(program: &mut Program, rng: &mut Rng) {
    if program.facts.is_empty() {
        return;
    }
    let at = rng.usize(0..program.facts.len());
    let fact = &mut program.facts[at];
    match &mut fact.ty {
        Type::OneOf(values) => {
            if rng.bool() || values.len() < 2 {
                values.push(format!("value{}", rng.u32(0..1000)));
            } else {
                values.pop();
            }
        }
        Type::Number { lo, hi, scale, .. } => match rng.u32(0..3) {
            0 => *hi += 2,
            1 => *lo += 1,
            _ => {
                (*lo, *hi) = (*lo * 10, *hi * 10);
                *scale += 1;
            }
        },
        Type::Date(_, hi) => *hi += 1,
        Type::YesNo => fact.ty = Type::OneOf(vec!["first".into(), "second".into()]),
        _ => {}
    }
}

fn exists(program: &mut Program, rng: &mut Rng) {
    let cond = some_cond(program, rng);
    if program.facts.is_empty() {
        return;
    }
    let at = rng.usize(0..program.facts.len());
    let fact = &mut program.facts[at];
    fact.exists_if = match (&fact.exists_if, rng.u32(0..3)) {
        (Some(own), 0) => Some(Cond::Not(Box::new(own.clone()))),
        (Some(_), 1) => None,
        _ => cond,
    };
}
