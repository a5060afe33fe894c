//! Whether a condition of the tree holds in a case. Every atom is false where a fact it speaks of is absent.

use crate::random::tree::*;
use ordain::decide::within;
use ordain::model::{self, Case, Model, PeriodId, Value, time};

pub struct Reader<'a> {
    pub program: &'a Program,
    pub model: &'a Model,
    pub case: &'a Case,
}

/// A moment: its local day, and its minute in UTC (of a time of day: since midnight), where it has one.
#[derive(Clone, Copy)]
struct Moment {
    day: i64,
    minute: Option<i64>,
}

impl Reader<'_> {
    fn value(&self, fact: &str) -> Option<&Value> {
        let id = self.model.find_fact(fact)?;
        self.case.values[id.index()].as_ref()
    }

    pub fn has(&self, fact: &str) -> bool {
        self.value(fact).is_some()
    }

    pub fn when(&self, cond: &Option<Cond>) -> bool {
        cond.as_ref().is_none_or(|c| self.holds(c))
    }

    pub fn in_force(&self, period: Option<(Option<i64>, Option<i64>)>) -> bool {
        let Some((from, until)) = period else { return true };
        match self.value("on") {
            Some(Value::Int(day)) => from.is_none_or(|f| f <= *day) && until.is_none_or(|u| *day <= u),
            _ => false,
        }
    }

    pub fn head(&self, head: &Head) -> bool {
        let part = |fact: &str, names: &[String]| names.is_empty() || self.is_any(fact, names);
        part("channel", &head.channels) && part("sender", &head.from) && part("recipient", &head.to)
    }

    pub fn holds(&self, cond: &Cond) -> bool {
        match cond {
            Cond::And(parts) => parts.iter().all(|p| self.holds(p)),
            Cond::Or(parts) => parts.iter().any(|p| self.holds(p)),
            Cond::Not(part) => !self.holds(part),
            Cond::Define(name) => self.program.defines.iter().any(|d| d.0 == *name && self.holds(&d.1)),
            Cond::Atom(atom) => self.atom(atom).unwrap_or(false),
        }
    }

    /// `None` where a fact is absent.
    fn atom(&self, atom: &Atom) -> Option<bool> {
        Some(match atom {
            Atom::Yes(fact) => *self.value(fact)? == Value::Bool(true),
            Atom::Is { fact, word, values } => {
                self.value(fact)?;
                self.is_any(fact, values) != ["is not", "is none of"].contains(word)
            }
            Atom::Include { fact, word, values } => {
                let Value::Set(set) = self.value(fact)? else { return None };
                let model::Type::Set(domain) = &self.model.fact(self.model.find_fact(fact)?).ty else { return None };
                let elements: Vec<&str> = set.iter().map(|e| domain.values[e].name.as_str()).collect();
                let has = |name: &String| elements.iter().any(|e| covers(name, e));
                match *word {
                    "include all of" => values.iter().all(has),
                    "include none of" => !values.iter().any(has),
                    "include only" => elements.iter().all(|e| values.iter().any(|v| covers(v, e))),
                    _ => values.iter().any(has),
                }
            }
            Atom::Compare { fact, word, to } => match self.value(fact)? {
                Value::Int(v) if ["=", "!=", "<", "<=", ">", ">="].contains(word) => {
                    let other = self.number(to)?;
                    match *word {
                        "=" => *v == other,
                        "!=" => *v != other,
                        "<" => *v < other,
                        "<=" => *v <= other,
                        ">" => *v > other,
                        _ => *v >= other,
                    }
                }
                _ => compare(self.moment(fact)?, word, self.operand(to)?, matches!(to, Operand::Name(_))),
            },
            Atom::Between { fact, low, high } => {
                if let (Value::Int(v), Operand::Number { .. }) = (self.value(fact)?, low) {
                    return Some(self.number(low)? <= *v && *v <= self.number(high)?);
                }
                let at = self.moment(fact)?;
                let (low, high) = (self.operand(low)?, self.operand(high)?);
                let after = match (at.minute, low.minute) {
                    (Some(a), Some(b)) => a >= b,
                    _ => at.day >= low.day,
                };
                after && at.day <= high.day
            }
            Atom::OnDays { fact, days } => days >> time::weekday(self.moment(fact)?.day) & 1 == 1,
            Atom::During { fact, outside, period } => self.during(period, self.moment(fact)?) != *outside,
            Atom::Distance { fact, bound, amount, unit, before, to } => {
                let (at, other) = (self.moment(fact)?, self.operand(to)?);
                let (from, to) = if *before { (at, other) } else { (other, at) };
                let distance = |unit: &str| match unit {
                    "minutes" | "hours" => to.minute.zip(from.minute).map(|(b, a)| b - a),
                    "day" | "days" | "weeks" => Some(to.day - from.day),
                    "months" | "years" => Some(time::months_between(from.day, to.day)),
                    period => {
                        let count = |a: i64, b: i64| {
                            (a + 1..=b).filter(|d| self.during(period, Moment { day: *d, minute: None })).count() as i64
                        };
                        Some(if from.day <= to.day { count(from.day, to.day) } else { -count(to.day, from.day) })
                    }
                };
                let factor = match unit.as_str() {
                    "hours" => 60,
                    "weeks" => 7,
                    "years" => 12,
                    _ => 1,
                };
                let (d, k) = (distance(unit)?, amount * factor);
                match *bound {
                    "at least" => d >= k,
                    "at most" => d <= k,
                    "more than" => d > k,
                    "less than" => d < k,
                    "exactly" => d == k,
                    _ => (0..=k).contains(&d),
                }
            }
        })
    }

    /// The value is one that a name stands for; a person of several roles is all of them.
    fn is_any(&self, fact: &str, names: &[String]) -> bool {
        let Some(id) = self.model.find_fact(fact) else { return false };
        let (Some(Value::Choice(v)), model::Type::Choice(domain)) = (self.value(fact), &self.model.fact(id).ty) else {
            return false;
        };
        let value = &domain.values[*v as usize].name;
        value.split('+').any(|leaf| names.iter().any(|n| covers(n, leaf)))
    }

    fn number(&self, operand: &Operand) -> Option<i64> {
        match operand {
            Operand::Number { value, .. } => Some(*value),
            Operand::Name(name) => match self.value(name)? {
                Value::Int(v) => Some(*v),
                _ => None,
            },
            _ => None,
        }
    }

    fn moment(&self, fact: &str) -> Option<Moment> {
        let Value::Int(v) = self.value(fact)? else { return None };
        Some(match self.model.fact(self.model.find_fact(fact)?).ty {
            model::Type::DateTime { .. } => Moment { day: self.model.zone.day(*v), minute: Some(*v) },
            model::Type::Time => Moment { day: 0, minute: Some(*v) },
            _ => Moment { day: *v, minute: None },
        })
    }

    fn operand(&self, operand: &Operand) -> Option<Moment> {
        Some(match operand {
            Operand::Name(name) => self.moment(name)?,
            Operand::Date(day) => Moment { day: *day, minute: None },
            Operand::Time(minute) => Moment { day: 0, minute: Some(*minute) },
            Operand::DateTime(day, minute) => {
                Moment { day: *day, minute: Some(self.model.zone.instant(*day, *minute)) }
            }
            Operand::Number { .. } => return None,
        })
    }

    /// A day lies in a period if any moment of it does.
    fn during(&self, period: &str, at: Moment) -> bool {
        let Some(id) = self.model.periods.iter().position(|p| p.name == period) else { return false };
        match at.minute {
            None => within(self.model, PeriodId(id as u32), at.day, None),
            Some(minute) => {
                let (day, minute) = self.model.zone.local(minute);
                within(self.model, PeriodId(id as u32), day, Some(minute))
            }
        }
    }
}

/// Before and after are told to the minute where both sides have one, between facts as between a fact and a constant;
/// "on or before" another fact goes by days, unless both are times of day.
fn compare(at: Moment, word: &str, other: Moment, fact: bool) -> bool {
    let clock = at.day == 0 && other.day == 0;
    let minutes = at.minute.zip(other.minute);
    let days = (at.day, other.day);
    let strict = minutes.unwrap_or(days);
    let loose = if fact && !clock { days } else { strict };
    match word {
        "before" => strict.0 < strict.1,
        "after" => strict.0 > strict.1,
        "on or before" => loose.0 <= loose.1,
        "on or after" => loose.0 >= loose.1,
        _ => days.0 == days.1,
    }
}

/// A name stands for itself and for what is under it.
fn covers(name: &str, leaf: &str) -> bool {
    name == leaf || matches!((name, leaf), ("staff", "teacher" | "clerk") | ("video", "meet" | "zoom"))
}
