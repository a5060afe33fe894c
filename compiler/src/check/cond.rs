//! Conditions -> typed atoms: booleans, choices and sets here; numbers in `number`, dates and times in `moment`.
//!
//! A condition that cannot be understood is reported and becomes `True`; nothing is proved where there are errors.
//! Recursion is as deep as conditions nest, which the parser bounds.

use super::context::Cx;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Atom, Cond, CondKind, DefineId, FactId, SetTest, Type};
use crate::resolve::names::{Kind, Symbol, Wanted};
use crate::source::Span;
use crate::syntax::ast::{self, Head, Include, Name};

impl Cx<'_> {
    pub fn cond(&self, cond: &ast::Cond) -> Cond {
        let span = cond.span;
        self.lower(cond).unwrap_or_else(|| Cond::always(span))
    }

    /// No condition is always true.
    pub fn when(&self, cond: Option<&ast::Cond>, span: Span) -> Cond {
        cond.map_or_else(|| Cond::always(span), |c| self.cond(c))
    }

    fn lower(&self, cond: &ast::Cond) -> Option<Cond> {
        use ast::CondKind::*;
        let span = cond.span;
        let atom = |a: Atom| Cond::new(CondKind::Atom(a), span);
        Some(match &cond.kind {
            And(parts) => Cond::new(CondKind::And(parts.iter().map(|p| self.cond(p)).collect()), span),
            Or(parts) => Cond::new(CondKind::Or(parts.iter().map(|p| self.cond(p)).collect()), span),
            Not(inner) => Cond::new(CondKind::Not(Box::new(self.cond(inner))), span),
            Name(name) => self.name(name, span)?,
            Is { subject, negated, values } => atom(self.is(subject, *negated, values, span)?),
            Compare { subject, op, value } => self.compare(subject, *op, value, span)?,
            Between { subject, low, high } => self.between(subject, low, high, span)?,
            When { subject, relation, value } => atom(self.relation(subject, *relation, value)?),
            OnDays { subject, days } => {
                let id = self.day_fact(subject, "weekdays are asked of a date or datetime")?;
                atom(Atom::Weekday(id, *days & 127))
            }
            During { subject, outside, period } => {
                let id = self.day_fact(subject, "periods are asked of a date or datetime");
                let period = self.find(period, Wanted::PERIOD);
                let period = crate::model::PeriodId(period?.index);
                atom(Atom::Within { fact: id?, period, inside: !outside })
            }
            Distance { subject, bound, amount, unit, direction, other } => {
                atom(self.distance(subject, *bound, amount, unit, *direction, other)?)
            }
            Include { subject, mode, values } => atom(self.include(subject, *mode, values, span)?),
            Error => {
                self.unsure();
                return None;
            }
        })
    }

    /// A name alone: a yes/no fact or a define.
    fn name(&self, name: &Name, span: Span) -> Option<Cond> {
        let symbol = self.condition(name)?;
        if symbol.kind == Kind::Define {
            return Some(Cond::new(CondKind::Define(DefineId(symbol.index)), span));
        }
        let id = FactId(symbol.index);
        if self.is_broken(id) {
            return None;
        }
        if self.fact(id).ty != Type::YesNo {
            self.mismatched(id, name, "a name alone asks a yes/no fact or a define");
            return None;
        }
        Some(Cond::new(CondKind::Atom(Atom::Yes(id)), span))
    }

    /// What a name alone means. Where it is the name of a value, the fact that has it is told.
    fn condition(&self, name: &Name) -> Option<&Symbol> {
        let (symbol, why) = self.names.find(&self.missed, self.project, &name.text, name.span, Wanted::CONDITION);
        if let Some(mut why) = why {
            if let Some(text) = self.asks_for(&name.text) {
                why.fixes.clear();
                self.report(why.fix(format!("write `{text}`"), vec![Edit::replace(name.span, text)]));
            } else {
                self.report(*why);
            }
        } else if symbol.is_none() {
            self.unsure();
        }
        symbol.map(|i| self.used(i))
    }

    fn is(&self, subject: &Name, negated: bool, values: &[Name], span: Span) -> Option<Atom> {
        let id = self.subject(subject)?;
        let fact = self.fact(id);
        let Type::Choice(domain) = &fact.ty else {
            let d = self.mismatch(id, subject, "`is` asks for the value of an enumeration, a role or a channel");
            let text = match (&fact.ty, values) {
                (Type::YesNo, [value]) if value.text == "yes" || value.text == "no" => {
                    let holds = (value.text == "yes") != negated;
                    Some(if holds { subject.text.to_string() } else { format!("not {}", subject.text) })
                }
                (Type::Set(_), _) => {
                    let names: Vec<&str> = values.iter().map(|v| v.text.as_str()).collect();
                    let how = match (negated, values.len()) {
                        (true, _) => "include none of",
                        (false, 1) => "include",
                        (false, _) => "include any of",
                    };
                    Some(format!("{} {how} {}", subject.text, names.join(", ")))
                }
                _ => None,
            };
            self.report(self.instead(id, d, span, text));
            return None;
        };
        let size = domain.values.len();
        let values = self.values(id, values)?;
        Some(Atom::OneOf(id, if negated { values.complement(size) } else { values }))
    }

    fn include(&self, subject: &Name, mode: Include, values: &[Name], span: Span) -> Option<Atom> {
        let id = self.subject(subject)?;
        let fact = self.fact(id);
        if !matches!(fact.ty, Type::Set(_)) {
            let d = self.mismatch(id, subject, "`include` asks for the elements of a set");
            let names: Vec<&str> = values.iter().map(|v| v.text.as_str()).collect();
            let text = match (&fact.ty, mode) {
                (Type::Choice(_), Include::Any) if values.len() == 1 => {
                    Some(format!("{} is {}", subject.text, names.join(", ")))
                }
                (Type::Choice(_), Include::Any) => Some(format!("{} is any of {}", subject.text, names.join(", "))),
                (Type::Choice(_), Include::None) => Some(format!("{} is none of {}", subject.text, names.join(", "))),
                _ => None,
            };
            self.report(self.instead(id, d, span, text));
            return None;
        }
        let test = match mode {
            Include::Any => SetTest::Any(self.values(id, values)?),
            Include::None => SetTest::None(self.values(id, values)?),
            Include::Only => SetTest::Only(self.values(id, values)?),
            Include::All => {
                let sets: Vec<_> = values.iter().map(|v| self.value(id, v).cloned()).collect();
                SetTest::All(sets.into_iter().collect::<Option<Vec<_>>>()?)
            }
        };
        Some(Atom::Set { fact: id, test })
    }

    /// A head and a `when`: one conjunction, the parts of the `when` beside those of the head.
    pub fn scope(&self, head: &Head, when: Option<&ast::Cond>, span: Span) -> Cond {
        let mut parts = Vec::new();
        if self.lacks_from(head) {
            return Cond::always(span);
        }
        let [channel, sender, recipient] = self.heads;
        for (names, fact, wanted) in [
            (&head.channels, channel, Wanted::CHANNEL),
            (&head.from, sender, Wanted::ROLE),
            (&head.to, recipient, Wanted::ROLE),
        ] {
            parts.extend(self.head_part(names, fact, wanted));
        }
        if let Some(when) = when {
            let when = self.cond(when);
            match when.kind {
                CondKind::And(inner) => parts.extend(inner),
                _ => parts.push(when),
            }
        }
        Cond::and(parts, span)
    }

    fn head_part(&self, names: &[Name], fact: Option<usize>, wanted: Wanted) -> Option<Cond> {
        let (first, last) = (names.first()?, names.last()?);
        // Names of a wrong kind are reported even where the fact itself is broken.
        let id = fact.map(|symbol| FactId(self.used(symbol).index));
        let id = id.filter(|&id| !self.is_broken(id) && self.is_head(id, wanted));
        let Some(id) = id else {
            names.iter().for_each(|n| {
                self.head_name(n, wanted);
            });
            return None;
        };
        let values = match self.known_values(id, names, wanted) {
            Some(values) => values,
            // Each is looked at, so that each wrong one is told.
            None if names.iter().filter(|n| !self.head_name(n, wanted)).count() > 0 => return None,
            None => self.values(id, names)?,
        };
        Some(Cond::new(CondKind::Atom(Atom::OneOf(id, values)), first.span.to(last.span)))
    }

    /// `permit staff to student`: reported, with `from` as the fix.
    fn lacks_from(&self, head: &Head) -> bool {
        let role = |n: &Name| self.peek(&n.text, n.span, Kind::Role).is_some();
        let Some(first) = head.channels.first().filter(|_| head.from.is_empty() && head.channels.iter().all(role))
        else {
            return false;
        };
        let before = Span { end: first.span.start, ..first.span };
        let message = format!("`{}` is a role, and roles stand behind `from` or `to`", first.text);
        self.report(
            Diagnostic::new(&codes::WRONG_TYPE, first.span, message)
                .label(first.span, "a channel is expected here")
                .fix(format!("write `from {}`", first.text), vec![Edit::replace(before, "from ")]),
        );
        true
    }

    fn is_head(&self, id: FactId, wanted: Wanted) -> bool {
        let element = if wanted.kinds == Wanted::CHANNEL.kinds {
            crate::model::Element::Channel
        } else {
            crate::model::Element::Role
        };
        matches!(&self.fact(id).ty, Type::Choice(d) if d.what == element)
    }

    /// Is the name of the kind that this part of a head takes? Reported if not, with how heads are written.
    fn head_name(&self, name: &Name, wanted: Wanted) -> bool {
        let channel_wanted = wanted.kinds == Wanted::CHANNEL.kinds;
        let other = if channel_wanted { Kind::Role } else { Kind::Channel };
        if let Some(symbol) = self.peek(&name.text, name.span, other) {
            let message = format!("`{}` is a {}, but {} is expected here", name.text, other.noun(), wanted.text);
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, name.span, message)
                    .label(name.span, format!("this is a {}", other.noun()))
                    .label(symbol.span, "declared here")
                    .help("a head names channels first, then roles: `email, call from student to staff`"),
            );
            return false;
        }
        self.look(name, wanted).is_some()
    }
}
