//! A seed -> a random program.
//!
//! Small spaces, many coincidences: conditions are often repeated, negated or narrowed, so that rules meet, repeat one
//! another and contradict often. Everything a program may say occurs; what occurs rarely by chance (an assumption that
//! leaves no case, a rule outside the dates of its policy) has a weight of its own.

mod conditions;
mod rules;

use super::tree::*;
use fastrand::Rng;
use ordain::model::time::parse_date;

/// The cases that a program may have, roughly; facts are added while there is room.
const ROOM: u64 = 1500;

pub struct Generator {
    pub rng: Rng,
    pub program: Program,
    /// Conditions written before, to be repeated.
    pool: Vec<Cond>,
    /// Paths of the clauses so far, and whether each is a rule.
    paths: Vec<String>,
    sections: Vec<String>,
    names: usize,
    /// The first day of the dates in use.
    day: i64,
    /// The facts that conditions may use so far.
    heads: bool,
}

pub fn generate(seed: u64) -> Program {
    let rng = Rng::with_seed(seed);
    let mut generator = Generator {
        rng,
        program: Program::default(),
        pool: Vec::new(),
        paths: Vec::new(),
        sections: Vec::new(),
        names: 0,
        day: 0,
        heads: false,
    };
    generator.declarations();
    generator.policies();
    generator.expects();
    generator.program
}

impl Generator {
    /// True in `n` of 100.
    fn chance(&mut self, n: u32) -> bool {
        self.rng.u32(0..100) < n
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        (!list.is_empty()).then(|| list[self.rng.usize(0..list.len())].clone())
    }

    /// Some of the list, at least one, in order.
    fn some<T: Clone>(&mut self, list: &[T], most: usize) -> Vec<T> {
        let mut chosen: Vec<usize> = (0..list.len()).collect();
        self.rng.shuffle(&mut chosen);
        chosen.truncate(self.rng.usize(1..=most.min(list.len()).max(1)));
        chosen.sort_unstable();
        chosen.into_iter().map(|i| list[i].clone()).collect()
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn declarations(&mut self) {
        // Around a change of the clocks, the end of a month, the end of February, or an ordinary week.
        let starts = ["2026-03-06", "2026-10-30", "2026-01-29", "2026-02-26", "2026-09-14", "2028-02-27"];
        self.day = self.pick(&starts).and_then(parse_date).unwrap_or(0);
        if self.chance(40) {
            let zones = ["America/Chicago", "America/Chicago", "UTC", "Europe/Berlin", "America/St_Johns"];
            self.program.zone = self.pick(&zones);
        }
        let wanted = self.rng.usize(1..=5);
        let mut size = 1;
        for _ in 0..wanted {
            self.fact(&mut size);
        }
        if self.chance(10) && size <= ROOM / 6 {
            let (lo, hi) = (self.day, self.day + self.rng.i64(2..6));
            self.program.facts.push(Fact { name: "on".into(), ty: Type::Date(lo, hi), exists_if: None });
        }
        if self.program.facts.iter().any(|f| matches!(f.ty, Type::Date(..) | Type::DateTime(..))) {
            for _ in 0..self.rng.usize(0..3) {
                let rule = self.period(0);
                let name = self.name("period");
                self.program.periods.push((name, rule));
            }
        }
        if self.heads {
            self.trees();
        }
        for _ in 0..self.rng.usize(0..3) {
            let name = self.name("def");
            let cond = self.cond(2);
            self.program.defines.push((name.clone(), cond));
            self.pool.push(Cond::Define(name));
        }
        if self.chance(25) {
            for _ in 0..self.rng.usize(1..3) {
                let cond = self.cond(1);
                self.program.assumes.push(cond);
            }
        }
        if self.chance(3) {
            // Assumptions that contradict.
            let cond = self.cond(1);
            self.program.assumes.push(cond.clone());
            self.program.assumes.push(Cond::Not(Box::new(cond)));
        }
        for _ in 0..self.rng.usize(0..4) {
            let name = self.name("duty");
            let before: Vec<String> = self.program.duties.iter().map(|d| d.0.clone()).collect();
            let excludes = if !before.is_empty() && self.chance(60) { self.some(&before, 2) } else { Vec::new() };
            self.program.duties.push((name, excludes));
        }
        if self.chance(25) {
            let values = ["none_needed", "teacher_says", "board_says"];
            let n = self.rng.usize(2..=3);
            let values = values[..n].iter().map(|v| v.to_string()).collect();
            self.program.decisions.push(("approval".into(), values));
        }
    }

    /// One declaration of a fact or two, while there is room for them.
    fn fact(&mut self, size: &mut u64) {
        let kind = self.rng.usize(0..14);
        let has = |p: &Program, f: fn(&Type) -> bool| p.facts.iter().filter(|x| f(&x.ty)).count();
        let mut several = 1;
        let (stem, ty, each) = match kind {
            0..=2 => ("flag", Type::YesNo, 2),
            3 | 4 => {
                let stem = self.name("v");
                let values: Vec<String> = (0..self.rng.usize(2..5)).map(|i| format!("{stem}_{i}")).collect();
                let n = values.len() as u64;
                ("kind", Type::OneOf(values), n)
            }
            5 | 6 => {
                if self.heads {
                    return;
                }
                self.heads = true;
                *size *= 9;
                return;
            }
            7 => {
                let scale = self.rng.usize(0..3);
                let lo = self.rng.i64(-2..3);
                let unit = if self.chance(50) { "USD".to_string() } else { String::new() };
                several = self.rng.usize(1..3);
                let n = self.rng.i64(2..6);
                ("count", Type::Number { lo, hi: lo + n, scale, unit }, n as u64 + 1)
            }
            8 if has(&self.program, |t| matches!(t, Type::Number { hi, .. } if *hi > 50)) == 0 => {
                ("amount", Type::Number { lo: 0, hi: 1000, scale: 0, unit: String::new() }, 8)
            }
            9 | 10 => {
                several = self.rng.usize(1..3);
                let n = self.rng.i64(3..7);
                let lo = self.day + self.rng.i64(0..2);
                ("date", Type::Date(lo, lo + n - 1), n as u64)
            }
            11 | 12 if has(&self.program, |t| matches!(t, Type::DateTime(..))) == 0 => {
                several = self.rng.usize(1..3);
                let lo = self.day + self.rng.i64(0..2);
                let n = self.rng.i64(1..4);
                ("moment", Type::DateTime(lo, lo + n - 1), 6 * n as u64)
            }
            13 if self.chance(50) => {
                let n = self.rng.usize(2..4);
                if self.heads {
                    ("team", Type::Set("role".into(), names(&["student", "staff", "teacher", "clerk", "guardian"])), 16)
                } else {
                    let values: Vec<String> = (0..n).map(|i| format!("item_{i}")).collect();
                    let n = values.len() as u32;
                    ("bag", Type::Set(format!("one of {}", values.join(", ")), values), 2u64.pow(n))
                }
            }
            13 if has(&self.program, |t| *t == Type::Time) == 0 => {
                several = self.rng.usize(1..3);
                ("clock", Type::Time, 8)
            }
            _ => return,
        };
        for _ in 0..several {
            if *size * each > ROOM {
                return;
            }
            *size *= each;
            let name = self.name(stem);
            let exists_if = (!self.usable().is_empty() && self.chance(30)).then(|| self.cond(1));
            self.program.facts.push(Fact { name, ty: ty.clone(), exists_if });
        }
    }

    /// Roles and channels, and the facts of heads; some declared with a narrower domain.
    fn trees(&mut self) {
        let overlap = self.chance(40);
        self.program.trees = vec!["role student, staff { teacher, clerk }, guardian".into()];
        if overlap {
            let who = self.pick(&["guardian may be staff", "guardian may be teacher", "student may be clerk"]);
            self.program.trees.extend(who.map(String::from));
        }
        self.program.trees.push("channel email, video { meet, zoom }, call".into());
        if self.chance(40) {
            let narrow = ["role student, staff", "role", "role guardian, teacher"];
            let text = self.pick(&narrow).unwrap_or("role").to_string();
            let allowed = match text.as_str() {
                "role student, staff" => names(&["student", "staff", "teacher", "clerk"]),
                "role guardian, teacher" => names(&["guardian", "teacher"]),
                _ => roles(),
            };
            self.program.facts.push(Fact { name: "sender".into(), ty: Type::Named(text, allowed), exists_if: None });
        }
    }

    /// The facts that conditions may use so far.
    fn usable(&self) -> Vec<(String, Type)> {
        let mut facts: Vec<(String, Type)> =
            self.program.facts.iter().map(|f| (f.name.clone(), f.ty.clone())).collect();
        if self.heads && !self.program.trees.is_empty() {
            facts.push(("channel".into(), Type::Named("channel".into(), channels())));
            if !facts.iter().any(|f| f.0 == "sender") {
                facts.push(("sender".into(), Type::Named("role".into(), roles())));
            }
        }
        facts
    }

    /// The expression of a period.
    fn period(&mut self, depth: usize) -> String {
        let date = |g: &mut Self| show_date(g.day + g.rng.i64(0..6));
        let days = |g: &mut Self| match g.rng.usize(0..5) {
            0 => "weekdays".to_string(),
            1 => "weekends".into(),
            2 => "every day".into(),
            _ => {
                let all: Vec<&str> = WEEKDAYS.to_vec();
                g.some(&all, 4).join(", ")
            }
        };
        let hours = |g: &mut Self| {
            let times =
                [("08:00", "15:30"), ("22:00", "06:00"), ("00:00", "02:30"), ("12:00", "24:00"), ("01:15", "03:00")];
            let (a, b) = g.rng.choice(times).unwrap_or(times[0]);
            format!("{a} to {b}")
        };
        let base = match self.rng.usize(0..6) {
            0 | 1 => {
                let (a, b) = (self.rng.i64(0..6), self.rng.i64(0..4));
                format!("{} to {}", show_date(self.day + a), show_date(self.day + a + b))
            }
            2 => days(self),
            3 => format!("{} {}", days(self), hours(self)),
            4 => hours(self),
            _ => match self.pick(&self.program.periods.clone()) {
                Some((name, _)) => name,
                None => {
                    let d = date(self);
                    format!("{d} to {d}")
                }
            },
        };
        if depth < 2 && self.chance(40) {
            let other = self.period(depth + 1);
            let word = ["or", "during", "except"][self.rng.usize(0..3)];
            return format!("({base}) {word} ({other})");
        }
        base
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| s.to_string()).collect()
}

fn roles() -> Vec<String> {
    names(&["student", "staff", "teacher", "clerk", "guardian"])
}

fn channels() -> Vec<String> {
    names(&["email", "video", "meet", "zoom", "call"])
}
