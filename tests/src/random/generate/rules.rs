//! Random policies, rules and exceptions, and expectations about them.

use super::{Generator, channels, roles};
use crate::random::tree::*;

impl Generator {
    pub(super) fn policies(&mut self) {
        let several = self.chance(25);
        let mut main = Policy { name: "main".into(), ..Policy::default() };
        if self.chance(45) {
            main.defaults.push(["default forbid", "default permit"][self.rng.usize(0..2)].into());
        }
        if let Some((name, values)) = self.program.decisions.first().cloned()
            && self.chance(50)
        {
            let value = self.pick(&values).unwrap_or_default();
            main.defaults.push(format!("default {name} {value}"));
        }
        let dated = self.program.facts.iter().any(|f| f.name == "on");
        let period = |g: &mut Self| {
            let from = g.day + g.rng.i64(0..4);
            (from, from + g.rng.i64(0..4))
        };
        if dated && self.chance(40) {
            main.in_force = Some(period(self));
        }
        self.program.policies.push(main);
        if several {
            let mut local = Policy { name: "local".into(), ..Policy::default() };
            if self.chance(70) {
                local.yields_to = Some("main".into());
            }
            if dated && self.chance(40) {
                local.in_force = Some(period(self));
            }
            self.program.policies.push(local);
        }
        for _ in 0..self.rng.usize(1..=7) {
            let policy = self.rng.usize(0..self.program.policies.len());
            let item = self.item(0, dated);
            self.program.policies[policy].items.push(item);
        }
    }

    fn item(&mut self, depth: usize, dated: bool) -> Item {
        if depth < 2 && self.chance(12) {
            let name = self.name("section");
            let items = (0..self.rng.usize(1..3)).map(|_| self.item(depth + 1, dated)).collect();
            self.sections.push(name.clone());
            return Item::Section(name, items);
        }
        let targets = self.paths.len() + self.sections.len();
        if targets > 0 && self.chance(18) {
            let mut to = Vec::new();
            for _ in 0..if self.chance(25) { 2 } else { 1 } {
                let i = self.rng.usize(0..targets);
                let target = match self.paths.get(i) {
                    Some(path) => path.clone(),
                    None => format!("section {}", self.sections[i - self.paths.len()]),
                };
                if !to.contains(&target) {
                    to.push(target);
                }
            }
            return Item::Clause(self.clause("ex", "", to, 0, dated));
        }
        Item::Clause(self.clause("rule", "", Vec::new(), 0, dated))
    }

    fn clause(&mut self, stem: &str, above: &str, to: Vec<String>, depth: usize, dated: bool) -> Clause {
        let name = self.name(stem);
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        let exception = depth > 0 || !to.is_empty();
        let in_force = (dated && self.chance(30)).then(|| {
            let from = self.day + self.rng.i64(-3..9);
            let until = from + self.rng.i64(0..4);
            match self.rng.usize(0..3) {
                0 => (Some(from), None),
                1 => (None, Some(until)),
                _ => (Some(from), Some(until)),
            }
        });
        let statements = self.statements(exception);
        let mut clause = Clause { name, to, in_force, statements, exceptions: Vec::new() };
        // Only afterwards may others stand on it.
        let chance = [35, 30, 25, 0][depth.min(3)];
        while clause.exceptions.len() < 2 && self.chance(chance) {
            let inner = self.clause("ex", &path, Vec::new(), depth + 1, dated);
            clause.exceptions.push(inner);
        }
        self.paths.push(path);
        clause
    }

    fn statements(&mut self, exception: bool) -> Vec<Statement> {
        let plain = |kind, when| Statement { kind, head: Head::default(), when };
        if exception && self.chance(15) {
            let when = self.when(70);
            return vec![plain(StatementKind::Waive, when)];
        }
        let mut list = Vec::new();
        if self.chance(80) {
            list.push(self.outcome());
        }
        let more = if list.is_empty() { self.rng.usize(1..3) } else { usize::from(self.chance(30)) };
        for _ in 0..more {
            let duties: Vec<String> = self.program.duties.iter().map(|d| d.0.clone()).collect();
            let kind = match self.rng.usize(0..10) {
                0..=2 if !duties.is_empty() => StatementKind::Oblige(self.some(&duties, 2)),
                3 | 4 => StatementKind::Advise(self.cond(1)),
                _ => StatementKind::Require(self.cond(1)),
            };
            let when = self.when(60);
            list.push(plain(kind, when));
        }
        list
    }

    fn outcome(&mut self) -> Statement {
        let kind = match self.rng.usize(0..10) {
            0..=4 => {
                let n = if self.chance(25) { self.rng.usize(1..3) } else { 0 };
                StatementKind::Permit { provisos: (0..n).map(|_| self.cond(1)).collect() }
            }
            5 | 6 if !self.program.decisions.is_empty() => {
                let (name, values) = self.program.decisions[0].clone();
                StatementKind::Decide(name, self.pick(&values).unwrap_or_default())
            }
            _ => StatementKind::Forbid,
        };
        let head = self.head();
        let when = self.when(85);
        Statement { kind, head, when }
    }

    fn head(&mut self) -> Head {
        let mut head = Head::default();
        if !self.heads || self.program.trees.is_empty() {
            return head;
        }
        if self.chance(50) {
            head.channels = self.some(&channels(), 2);
        }
        if self.chance(40) {
            let sender = self.usable().into_iter().find(|f| f.0 == "sender");
            let names = match sender {
                Some((_, Type::Named(_, names))) => names,
                _ => roles(),
            };
            head.from = self.some(&names, 2);
        }
        head
    }

    fn when(&mut self, chance: u32) -> Option<Cond> {
        self.chance(chance).then(|| self.cond(2))
    }

    pub(super) fn expects(&mut self) {
        for _ in 0..self.rng.usize(0..4) {
            let decision = self.program.decisions.first().cloned();
            let claim = match self.rng.usize(0..8) {
                0 | 1 => "permit".to_string(),
                2 | 3 => "forbid".into(),
                4 => "undecided".into(),
                5 => "conflict".into(),
                6 if !self.program.duties.is_empty() => {
                    let duties = self.program.duties.clone();
                    format!("obliges {}", self.pick(&duties).unwrap_or_default().0)
                }
                _ => match decision {
                    Some((name, values)) => match self.rng.usize(0..4) {
                        0 => format!("undecided {name}"),
                        1 => format!("conflict {name}"),
                        _ => format!("{name} is {}", self.pick(&values).unwrap_or_default()),
                    },
                    None => "permit".into(),
                },
            };
            let mut head = self.head();
            if claim == "undecided" || claim == "conflict" {
                // A name behind these is a decision's.
                head.channels.clear();
            }
            let when = self.when(80);
            let by = if self.chance(25) { self.pick(&self.paths.clone()) } else { None };
            let some = self.chance(30);
            self.program.expects.push(Expect { some, claim, head, when, by });
        }
    }
}
