//! Names of values -> the set of a fact's values they stand for; and what to write instead of a condition that the
//! fact's type cannot answer.

use super::context::Cx;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Bits, Domain, Element, Fact, FactId, Type};
use crate::resolve::names::{Kind, Wanted};
use crate::resolve::similar;
use crate::source::Span;
use crate::syntax::ast::Name;

impl Cx<'_> {
    /// The values that any of the names stands for; `None` if one means nothing, which is reported.
    pub fn values(&self, id: FactId, names: &[Name]) -> Option<Bits> {
        let (mut all, mut known) = (Bits::new(), true);
        for name in names {
            match self.value(id, name) {
                Some(set) => all.extend(set),
                None => known = false,
            }
        }
        known.then_some(all)
    }

    /// The same for roles or channels where there is nothing to report; `None` where there may be.
    pub fn known_values(&self, id: FactId, names: &[Name], wanted: Wanted) -> Option<Bits> {
        let (Type::Choice(domain) | Type::Set(domain)) = &self.fact(id).ty else { return None };
        let (groups, kind) = (&self.groups[id.index()], *wanted.kinds.first()?);
        let mut all = Bits::new();
        for name in names {
            let symbol = self.names.known.position(kind, &name.text)?;
            if !self.project.sees(name.span, &self.names.known.symbols[symbol]) {
                return None;
            }
            all.extend(&domain.groups.get(*groups.get(&name.text)? as usize)?.1);
            self.used(symbol);
        }
        Some(all)
    }

    pub fn value(&self, id: FactId, name: &Name) -> Option<&Bits> {
        let fact = self.fact(id);
        let (Type::Choice(domain) | Type::Set(domain)) = &fact.ty else { return None };
        let group = self.groups[id.index()].get(&name.text).and_then(|&i| domain.groups.get(i as usize));
        let wanted = match domain.what {
            Element::Enumeration => {
                return group.map(|g| &g.1).or_else(|| {
                    self.report(self.no_value(fact, domain, name));
                    None
                });
            }
            Element::Role => Wanted::ROLE,
            Element::Channel => Wanted::CHANNEL,
        };
        // A role must be visible here even if the fact knows it.
        self.find(name, wanted)?;
        if group.is_none() {
            self.report(self.no_value(fact, domain, name));
        }
        group.map(|g| &g.1)
    }

    fn no_value(&self, fact: &Fact, domain: &Domain, name: &Name) -> Diagnostic {
        let names: Vec<&str> = match domain.what {
            Element::Enumeration => domain.values.iter().map(|v| v.name.as_str()).collect(),
            _ => domain.groups.iter().map(|g| g.0.as_str()).collect(),
        };
        let message = format!("`{}` is not a value of `{}`", name.text, fact.name);
        let mut d = Diagnostic::new(&codes::NOT_A_VALUE, name.span, message)
            .label(name.span, format!("not a value of `{}`", fact.name))
            .label(fact.span, "declared here")
            .note(match names.as_slice() {
                [only] => format!("its only value is `{only}`"),
                _ => format!("its values are {}", similar::list(&names, "and")),
            });
        if let Some(best) = similar::closest(&name.text, names.iter()) {
            d = d.fix(format!("did you mean `{best}`?"), vec![Edit::replace(name.span, best)]);
        } else if domain.what == Element::Enumeration
            && let Some(other) = self.owner(&name.text)
        {
            d = d.help(format!("`{}` is a value of `{}`", name.text, other.name));
        } else {
            let title = format!("add `{}` to the values of `{}`, if it should have it", name.text, fact.name);
            d = match domain.values.last().filter(|_| domain.what == Element::Enumeration) {
                Some(last) => {
                    let before = Span { end: last.span.start, ..last.span };
                    d.fix(title, vec![Edit::replace(before, format!("{}, ", name.text))])
                }
                None => d.help(title),
            };
        }
        d
    }

    /// Another enumeration that has such a value.
    fn owner(&self, value: &str) -> Option<&Fact> {
        let i = self.groups.iter().position(|g| g.contains_key(value))?;
        self.facts.get(i).filter(|f| matches!(&f.ty, Type::Choice(d) if d.what == Element::Enumeration))
    }

    /// The condition that asks for a value whose name stands alone: "`account is district`".
    pub fn asks_for(&self, value: &str) -> Option<String> {
        let has = |i: &usize| self.groups[*i].contains_key(value);
        let fact = self.facts.get((0..self.groups.len()).find(has)?)?;
        let verb = if matches!(fact.ty, Type::Set(_)) { "include" } else { "is" };
        Some(format!("{} {verb} {value}", fact.name))
    }

    /// The fact that a condition speaks of; reports where it is none. `None` also where its type is not understood.
    pub fn subject(&self, name: &Name) -> Option<FactId> {
        if let Some(define) = self.peek(&name.text, name.span, Kind::Define) {
            let message = format!("`{0}` is a define, which holds or not: write `{0}` or `not {0}` alone", name.text);
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, name.span, message)
                    .label(name.span, "a fact is expected here")
                    .label(define.span, "defined here"),
            );
            return None;
        }
        let id = FactId(self.find(name, Wanted::FACT)?.index);
        (!self.is_broken(id)).then_some(id)
    }

    /// "`include` asks for the elements of a set, and `account` is an enumeration"
    pub fn mismatch(&self, id: FactId, name: &Name, asked: &str) -> Diagnostic {
        let fact = self.fact(id);
        let message = format!("{asked}, and `{}` is {}", fact.name, describe(&fact.ty));
        Diagnostic::new(&codes::WRONG_TYPE, name.span, message)
            .label(name.span, describe(&fact.ty))
            .label(fact.span, "declared here")
    }

    /// The mismatch, and what can be asked instead: this condition in place of the one at `span`, or an example.
    pub fn instead(&self, id: FactId, d: Diagnostic, span: Span, text: Option<String>) -> Diagnostic {
        match text {
            Some(text) => d.fix(format!("write `{text}`"), vec![Edit::replace(span, text)]),
            None => d.help(format!("write for example {}", usage(self.fact(id)))),
        }
    }

    /// Reports a mismatch with an example of what can be asked.
    pub fn mismatched(&self, id: FactId, name: &Name, asked: &str) {
        self.report(self.instead(id, self.mismatch(id, name, asked), name.span, None));
    }
}

/// "an enumeration", "a yes/no fact" …
pub(crate) fn describe(ty: &Type) -> &'static str {
    match ty {
        Type::YesNo => "a yes/no fact",
        Type::Choice(d) => match d.what {
            Element::Enumeration => "an enumeration",
            Element::Role => "a role",
            Element::Channel => "a channel",
        },
        Type::Number { .. } => "a number",
        Type::Date { .. } => "a date",
        Type::Time => "a time of day",
        Type::DateTime { .. } => "a datetime",
        Type::Set(_) => "a set",
    }
}

/// What a condition can say of such a fact: "`account is district`".
pub(crate) fn usage(fact: &Fact) -> String {
    let name = &fact.name;
    let first = |d: &Domain| d.values.first().map_or("a".to_string(), |v| v.name.to_string());
    match &fact.ty {
        Type::YesNo => format!("`{name}` or `not {name}`"),
        Type::Choice(d) => format!("`{name} is {}`", first(d)),
        Type::Set(d) => format!("`{name} include {}`", first(d)),
        Type::Number { lo, hi, scale, unit } => {
            let middle = lo + (hi - lo) / 2;
            let unit = unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
            format!("`{name} >= {}{unit}`", decimal(middle, *scale))
        }
        Type::Date { .. } => format!("`{name} before 2026-09-14` or `{name} on weekdays`"),
        Type::Time => format!("`{name} before 12:00` or `{name} between 08:00 and 15:30`"),
        Type::DateTime { .. } => format!("`{name} before 2026-09-14 08:00` or `{name} on weekdays`"),
    }
}

/// `12.50` of 1250 with two decimals.
pub(crate) fn decimal(value: i64, scale: u32) -> String {
    let scale = scale as usize;
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}
