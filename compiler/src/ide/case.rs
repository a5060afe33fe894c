//! A condition -> the facts that it fixes, as they can be given: for a form that starts with them.

use crate::explain::given;
use crate::model::{Atom, Bits, Cond, CondKind, Domain, FactId, Model, SetTest, Type, Value};

/// The facts of a condition that says of some facts what they are, and nothing else; `None` for any other.
pub fn of(model: &Model, cond: &Cond) -> Option<Vec<(String, String)>> {
    let mut facts: Vec<(FactId, String)> = Vec::new();
    let mut open: Vec<&Cond> = vec![cond];
    while let Some(cond) = open.pop() {
        match &cond.kind {
            CondKind::True => {}
            CondKind::And(parts) => open.extend(parts.iter().rev()),
            CondKind::Define(define) => open.push(&model.define(*define).cond),
            CondKind::Atom(atom) => facts.push(pinned(model, atom)?),
            CondKind::Not(inner) => match &inner.kind {
                // Where the fact may be absent, its negation says less than "no".
                CondKind::Atom(Atom::Yes(fact)) if model.fact(*fact).exists_if.is_none() => {
                    facts.push((*fact, "no".into()));
                }
                _ => return None,
            },
            CondKind::Or(_) => return None,
        }
    }
    facts.sort();
    facts.dedup();
    // Two parts about one fact say together what neither can.
    let once = facts.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let named = facts.into_iter().map(|(fact, value)| (model.fact(fact).name.to_string(), value));
    once.then(|| named.collect())
}

fn pinned(model: &Model, atom: &Atom) -> Option<(FactId, String)> {
    match atom {
        Atom::Yes(fact) => Some((*fact, "yes".into())),
        Atom::OneOf(fact, values) => match &model.fact(*fact).ty {
            Type::Choice(domain) => Some((*fact, called(domain, values)?)),
            _ => None,
        },
        Atom::Range(fact, ranges) => match ranges.as_slice() {
            [(lo, hi)] if lo == hi => Some((*fact, given::write(model, *fact, &Value::Int(*lo)))),
            _ => None,
        },
        Atom::Set { fact, test: SetTest::Only(none) } if none.is_empty() => Some((*fact, "none".into())),
        _ => None,
    }
}

/// The value, or the parent that stands for all of these.
fn called(domain: &Domain, values: &Bits) -> Option<String> {
    let one = values.first().filter(|_| values.len() == 1).and_then(|v| domain.values.get(v));
    let group = || domain.groups.iter().find(|(_, covered)| covered == values);
    one.map(|v| v.name.to_string()).or_else(|| group().map(|(name, _)| name.to_string()))
}
