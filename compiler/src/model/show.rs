//! Values, cases and conditions in the words of the policy.
//!
//! What messages, tables and witnesses say about a fact is said here, once: a value (`value`), what a fact is
//! (`fact_is`), a whole case as one sentence (`sentence`), the same as Ordain text that parses (`condition`, `head`,
//! `claim_tail`), and why a condition fails in a case (`failing`). It asks `decide` for distances and truth, so that
//! there is one meaning of both. Must not know cells, diagrams or text formats.

mod condition;
mod describe;
mod failing;
mod sentence;
mod value;

pub use condition::{claim_tail, condition, head, rest};
pub use describe::{day_words, describe};
pub use failing::failing;
pub use sentence::sentence;
pub use value::{amount, fact_is, moment, number, ranges, unit_words, value, value_names, values};

use super::*;
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeSet;

/// The facts that a head speaks of, where the policy has them: channel, sender, recipient.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeadFacts {
    pub channel: Option<FactId>,
    pub sender: Option<FactId>,
    pub recipient: Option<FactId>,
}

impl HeadFacts {
    pub fn of(model: &Model) -> Self {
        let find = |name: &str, what: Element| {
            model.fact_ids().find(|f| {
                let fact = model.fact(*f);
                fact.name == name && matches!(&fact.ty, Type::Choice(d) if d.what == what)
            })
        };
        Self {
            channel: find("channel", Element::Channel),
            sender: find("sender", Element::Role),
            recipient: find("recipient", Element::Role),
        }
    }

    pub fn contains(self, fact: FactId) -> bool {
        [self.channel, self.sender, self.recipient].contains(&Some(fact))
    }

    /// In the order in which people read them.
    pub fn iter(self) -> impl Iterator<Item = FactId> {
        [self.channel, self.sender, self.recipient].into_iter().flatten()
    }
}

/// The facts in the order in which people read them: channel, sender, recipient, then as declared.
pub fn reading_order(model: &Model) -> Vec<FactId> {
    let head = HeadFacts::of(model);
    head.iter().chain(model.fact_ids().filter(|f| !head.contains(*f))).collect()
}

/// The facts that a condition speaks of, through defines, ascending.
pub fn fact_facts(model: &Model, cond: &Cond) -> Vec<FactId> {
    let mut facts = Vec::new();
    atoms_through(model, cond, &mut |atom| facts.extend(atom.facts()));
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// Calls `f` on every atom, those of defines included, each define once.
pub fn atoms_through<'m>(model: &'m Model, cond: &'m Cond, f: &mut impl FnMut(&'m Atom)) {
    let mut seen = Bits::new();
    let mut open: SmallVec<[&Cond; 16]> = smallvec![cond];
    while let Some(cond) = open.pop() {
        match &cond.kind {
            CondKind::True => {}
            CondKind::And(parts) | CondKind::Or(parts) => open.extend(parts.iter().rev()),
            CondKind::Not(inner) => open.push(inner),
            CondKind::Atom(atom) => f(atom),
            CondKind::Define(d) if !seen.contains(d.index()) => {
                seen.insert(d.index());
                open.push(&model.define(*d).cond);
            }
            CondKind::Define(_) => {}
        }
    }
}

/// Every condition of the model, expectations included, in source order of their kinds.
pub fn conditions(model: &Model) -> Vec<&Cond> {
    let mut all = policy_conditions(model);
    all.extend(model.expectations.iter().map(|e| &e.scope));
    all
}

/// Every condition of the model but those of expectations, which decide nothing.
pub fn policy_conditions(model: &Model) -> Vec<&Cond> {
    let mut all = declared_conditions(model);
    for clause in &model.clauses {
        all.extend(clause_conditions(clause));
    }
    all
}

/// Every condition that a declaration has.
pub fn declared_conditions(model: &Model) -> Vec<&Cond> {
    let mut all: Vec<&Cond> = Vec::new();
    all.extend(model.facts.iter().filter_map(|f| f.exists_if.as_ref()));
    all.extend(model.assumptions.iter().map(|a| &a.cond));
    all.extend(model.defines.iter().map(|d| &d.cond));
    all
}

/// Every condition of a clause.
pub fn clause_conditions(clause: &Clause) -> impl Iterator<Item = &Cond> {
    let provisos = clause.outcome.iter().flat_map(|o| &o.provisos).map(|p| &p.cond);
    let requirements = clause.requirements.iter().flat_map(|r| [&r.cond, &r.when]);
    let obligations = clause.obligations.iter().map(|o| &o.when);
    let advice = clause.advice.iter().flat_map(|a| [&a.cond, &a.when]);
    [&clause.in_force, &clause.scope].into_iter().chain(provisos).chain(requirements).chain(obligations).chain(advice)
}

/// The units in which the policy measures from one fact to the other, in either direction, without repeats, days first.
pub fn units_between(model: &Model, a: FactId, b: FactId) -> Vec<Unit> {
    let between = |d: &&(FactId, FactId, Unit)| (d.0, d.1) == (a, b) || (d.0, d.1) == (b, a);
    let mut units: Vec<Unit> = asked(model).distances.iter().filter(between).map(|d| d.2).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// What the conditions ask.
pub fn asked(model: &Model) -> &Asked {
    model.asked.get_or_init(|| read(model))
}

pub(crate) fn read(model: &Model) -> Asked {
    asked_by(model, &conditions(model), std::iter::empty())
}

/// What these conditions and atoms ask.
pub(crate) fn asked_by<'m>(model: &Model, conditions: &[&'m Cond], atoms: impl Iterator<Item = &'m Atom>) -> Asked {
    let mut distances = BTreeSet::new();
    let mut alone = vec![false; model.facts.len()];
    let mut ask = |atom: &Atom| match atom {
        Atom::Distance { from, to, unit, .. } => {
            distances.insert((*from, *to, *unit));
        }
        _ => atom.facts().for_each(|f| alone[f.index()] = true),
    };
    conditions.iter().for_each(|cond| cond.atoms(&mut ask));
    atoms.for_each(ask);
    Asked { distances: distances.into_iter().collect(), alone }
}

/// A name as words: `safety_meetup` is "safety meetup".
pub fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    words.extend(name.trim_matches('_').chars().map(|c| if c == '_' { ' ' } else { c }));
    words
}

/// What a value is called in prose: its title, or its name as words.
pub fn called(domain: &Domain, value: u32) -> String {
    match domain.values.get(value as usize) {
        Some(v) => title_or_words(v.title.as_deref(), &v.name),
        None => String::new(),
    }
}

fn title_or_words(title: Option<&str>, name: &str) -> String {
    title.map_or_else(|| words(name), str::to_string)
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., end] => format!("{} {last} {end}", init.join(", ")),
    }
}

/// Facts by name: "`starts` and `ends`".
pub fn fact_names(model: &Model, facts: &[FactId]) -> String {
    list(&facts.iter().map(|f| format!("`{}`", model.fact(*f).name)).collect::<Vec<_>>(), "and")
}

/// With the indefinite article: "a teacher", "an assistant principal", "an IB coordinator", "a unit".
pub fn with_article(noun: &str) -> String {
    let word = noun.split([' ', '-']).next().unwrap_or("");
    let lower = word.to_lowercase();
    let letters = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let spelled = |letter: char| "AEFHILMNORSX".contains(letter);
    let vowel = match word.chars().next() {
        Some(first) if letters || word.chars().count() == 1 => spelled(first.to_ascii_uppercase()),
        _ if ["uni", "use", "usu", "eu", "one", "once", "ubiq"].iter().any(|p| lower.starts_with(p)) => {
            lower.starts_with("unin") || lower.starts_with("unim")
        }
        _ if ["hour", "hono", "heir"].iter().any(|p| lower.starts_with(p)) => true,
        Some(first) => "aeiouAEIOU".contains(first),
        None => false,
    };
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// Whether a fact's name is in the plural: "attendees include", "team includes".
fn plural(name: &str) -> bool {
    name.ends_with('s') && !name.ends_with("ss") || name.ends_with("people") || name.ends_with("children")
}

/// A count with its noun: "1 day", "4 days"; the noun is given in the plural.
pub fn counted(count: i64, plural: &str) -> String {
    let noun = match plural.strip_suffix('s') {
        Some(singular) if count == 1 => singular,
        _ => plural,
    };
    format!("{count} {noun}")
}

#[cfg(test)]
pub(crate) mod tests;
