//! Random conditions over the facts declared so far.

use super::Generator;
use crate::random::tree::*;

impl Generator {
    /// A condition; often one that was written before, negated or narrowed.
    pub(super) fn cond(&mut self, depth: usize) -> Cond {
        let cond = match self.rng.usize(0..100) {
            0..30 if !self.pool.is_empty() => {
                let again = self.pool[self.rng.usize(0..self.pool.len())].clone();
                return if self.chance(25) { Cond::Not(Box::new(again)) } else { again };
            }
            0..65 => self.atom(),
            65..80 if depth > 0 => Cond::And((0..self.rng.usize(2..4)).map(|_| self.cond(depth - 1)).collect()),
            80..90 if depth > 0 => Cond::Or((0..self.rng.usize(2..4)).map(|_| self.cond(depth - 1)).collect()),
            90..97 if depth > 0 => Cond::Not(Box::new(self.cond(depth - 1))),
            _ => self.atom(),
        };
        self.pool.push(cond.clone());
        cond
    }

    fn atom(&mut self) -> Cond {
        let facts = self.usable();
        let Some((fact, ty)) = self.pick(&facts) else {
            // Nothing is declared: heads will be all there is, or one fact is made up.
            let fact = Fact { name: "flag".into(), ty: Type::YesNo, exists_if: None };
            self.program.facts.push(fact);
            return Cond::Atom(Atom::Yes("flag".into()));
        };
        let others = |wanted: &dyn Fn(&Type) -> bool| -> Vec<String> {
            facts.iter().filter(|f| f.0 != fact && wanted(&f.1)).map(|f| f.0.clone()).collect()
        };
        Cond::Atom(match &ty {
            Type::YesNo => Atom::Yes(fact),
            Type::OneOf(values) | Type::Named(_, values) => {
                let word = ["is", "is", "is not", "is any of", "is none of"][self.rng.usize(0..5)];
                let most = if word.ends_with("of") { 3 } else { 1 };
                let values = self.some(values, most);
                Atom::Is { fact, word, values }
            }
            Type::Number { lo, hi, scale, unit } => {
                let others =
                    others(&|t| matches!(t, Type::Number { scale: s, unit: u, .. } if s == scale && u == unit));
                let word = ["=", "!=", "<", "<=", ">", ">="][self.rng.usize(0..6)];
                let literal = |g: &mut Self| Operand::Number {
                    value: g.rng.i64(*lo - 1..=*hi + 1),
                    scale: *scale,
                    unit: unit.clone(),
                };
                match self.pick(&others) {
                    Some(other) if self.chance(50) => Atom::Compare { fact, word, to: Operand::Name(other) },
                    _ if self.chance(20) => {
                        let (low, high) = (self.rng.i64(*lo..=*hi), self.rng.i64(0..=2));
                        let number = |value| Operand::Number { value, scale: *scale, unit: unit.clone() };
                        Atom::Between { fact, low: number(low), high: number(low + high) }
                    }
                    _ => Atom::Compare { fact, word, to: literal(self) },
                }
            }
            Type::Set(_, values) => {
                let words = ["include", "include any of", "include all of", "include none of", "include only"];
                let word = words[self.rng.usize(0..5)];
                let values = self.some(values, if word == "include" { 1 } else { 3 });
                Atom::Include { fact, word, values }
            }
            Type::Date(..) | Type::DateTime(..) => {
                let others = others(&|t| matches!(t, Type::Date(..) | Type::DateTime(..)));
                self.moment_atom(fact, &ty, others)
            }
            Type::Time => {
                let others = others(&|t| *t == Type::Time);
                self.clock_atom(fact, others)
            }
        })
    }

    fn moment_atom(&mut self, fact: String, ty: &Type, others: Vec<String>) -> Atom {
        let with_time = matches!(ty, Type::DateTime(..));
        if !self.program.periods.is_empty() && self.chance(20) {
            let period = self.pick(&self.program.periods.clone()).map(|p| p.0).unwrap_or_default();
            return Atom::During { fact, outside: self.rng.bool(), period };
        }
        let other = self.pick(&others).filter(|_| self.rng.u32(0..100) < 65);
        match self.rng.usize(0..10) {
            0 => Atom::OnDays { fact, days: [31, 96, self.rng.u8(1..128), self.rng.u8(1..128)][self.rng.usize(0..4)] },
            1..=4 => match other {
                Some(other) => {
                    let words = ["before", "after", "on or before", "on or after", "on the same day as"];
                    Atom::Compare { fact, word: words[self.rng.usize(0..5)], to: Operand::Name(other) }
                }
                None => {
                    let words = ["before", "after", "on or before", "on or after", "on"];
                    let word = words[self.rng.usize(0..5)];
                    let to = self.constant(with_time && word != "on");
                    Atom::Compare { fact, word, to }
                }
            },
            5 => {
                let low = self.rng.i64(-1..5);
                let (low, high) = (self.day + low, self.day + low + self.rng.i64(0..3));
                let low = match other {
                    Some(other) => Operand::Name(other),
                    None => Operand::Date(low),
                };
                Atom::Between { fact, low, high: Operand::Date(high) }
            }
            _ => {
                let to = match &other {
                    Some(other) => Operand::Name(other.clone()),
                    None => self.constant(with_time),
                };
                let other_time = match &to {
                    Operand::Name(name) => {
                        self.program.facts.iter().any(|f| f.name == *name && matches!(f.ty, Type::DateTime(..)))
                    }
                    Operand::DateTime(..) => true,
                    _ => false,
                };
                let mut units: Vec<String> =
                    ["day", "days", "days", "days", "weeks", "months", "years"].map(String::from).into();
                units.extend(self.program.periods.iter().map(|p| p.0.clone()));
                if with_time && other_time {
                    units.extend(["hours", "hours", "minutes", "minutes", "hours"].map(String::from));
                }
                let unit = self.pick(&units).unwrap_or_default();
                let amount = match unit.as_str() {
                    "minutes" => [0, 30, 59, 90, 1440, 1500][self.rng.usize(0..6)],
                    "hours" => [1, 4, 23, 24, 25, 30][self.rng.usize(0..6)],
                    "weeks" | "months" | "years" => self.rng.i64(0..2),
                    _ => self.rng.i64(0..5),
                };
                let bounds = ["at least", "at most", "more than", "less than", "exactly", "within"];
                let bound = bounds[self.rng.usize(0..6)];
                Atom::Distance { fact, bound, amount, unit, before: self.rng.bool(), to }
            }
        }
    }

    fn constant(&mut self, with_time: bool) -> Operand {
        let day = self.day + self.rng.i64(-1..6);
        if with_time && self.chance(60) {
            let minutes = [0, 90, 150, 180, 480, 720, 930, 1439];
            return Operand::DateTime(day, minutes[self.rng.usize(0..8)]);
        }
        Operand::Date(day)
    }

    fn clock_atom(&mut self, fact: String, others: Vec<String>) -> Atom {
        let times = [0, 60, 480, 495, 720, 1020, 1439];
        let time = |g: &mut Self| Operand::Time(times[g.rng.usize(0..7)]);
        let to = match self.pick(&others) {
            Some(other) if self.chance(60) => Operand::Name(other),
            _ => time(self),
        };
        if self.chance(30) {
            let bounds = ["at least", "at most", "more than", "less than", "exactly", "within"];
            let (amount, unit) = [(15, "minutes"), (1, "hours"), (0, "minutes"), (8, "hours")][self.rng.usize(0..4)];
            let bound = bounds[self.rng.usize(0..6)];
            return Atom::Distance { fact, bound, amount, unit: unit.into(), before: self.rng.bool(), to };
        }
        let words = ["before", "after", "on or before", "on or after"];
        Atom::Compare { fact, word: words[self.rng.usize(0..4)], to }
    }
}
