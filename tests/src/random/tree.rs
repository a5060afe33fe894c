//! A random program as a tree, and its text.
//!
//! Why it exists: programs are generated, and made smaller when they fail, as trees; the compiler only ever sees their
//! text. Names are plain strings: whether they still mean something after a part is dropped is for the checker to say.

use std::fmt::Write as _;

#[derive(Debug, Clone, Default)]
pub struct Program {
    pub zone: Option<&'static str>,
    /// `role …`, `channel …` and `… may be …`, as text.
    pub trees: Vec<String>,
    pub facts: Vec<Fact>,
    pub periods: Vec<(String, String)>,
    pub defines: Vec<(String, Cond)>,
    pub assumes: Vec<Cond>,
    /// The name, and the duties it excludes.
    pub duties: Vec<(String, Vec<String>)>,
    pub decisions: Vec<(String, Vec<String>)>,
    /// One file each; the first holds the declarations.
    pub policies: Vec<Policy>,
    pub expects: Vec<Expect>,
}

#[derive(Debug, Clone)]
pub struct Fact {
    pub name: String,
    pub ty: Type,
    pub exists_if: Option<Cond>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    YesNo,
    OneOf(Vec<String>),
    /// As text: `role`, `role student, staff`, `channel`; with the names that conditions may use.
    Named(String, Vec<String>),
    /// In steps of 10^-scale.
    Number {
        lo: i64,
        hi: i64,
        scale: usize,
        unit: String,
    },
    /// Days since 1970-01-01.
    Date(i64, i64),
    /// Whole local days.
    DateTime(i64, i64),
    Time,
    Set(String, Vec<String>),
}

#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub name: String,
    /// `default permit`, `default approval none`: as text.
    pub defaults: Vec<String>,
    pub in_force: Option<(i64, i64)>,
    pub yields_to: Option<String>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone)]
pub enum Item {
    Clause(Clause),
    Section(String, Vec<Item>),
}

#[derive(Debug, Clone)]
pub struct Clause {
    pub name: String,
    /// `exception … to` these; empty for rules and nested exceptions.
    pub to: Vec<String>,
    pub in_force: Option<(Option<i64>, Option<i64>)>,
    pub statements: Vec<Statement>,
    pub exceptions: Vec<Clause>,
}

#[derive(Debug, Clone)]
pub struct Statement {
    pub kind: StatementKind,
    pub head: Head,
    pub when: Option<Cond>,
}

#[derive(Debug, Clone)]
pub enum StatementKind {
    Permit { provisos: Vec<Cond> },
    Forbid,
    Decide(String, String),
    Require(Cond),
    Oblige(Vec<String>),
    Advise(Cond),
    Waive,
}

#[derive(Debug, Clone, Default)]
pub struct Head {
    pub channels: Vec<String>,
    pub from: Vec<String>,
    pub to: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Expect {
    pub some: bool,
    /// `permit`, `undecided approval`, `obliges report`: as text.
    pub claim: String,
    pub head: Head,
    pub when: Option<Cond>,
    pub by: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Cond {
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
    Define(String),
    Atom(Atom),
}

#[derive(Debug, Clone)]
pub enum Atom {
    Yes(String),
    /// `is`, `is not`, `is any of`, `is none of`
    Is {
        fact: String,
        word: &'static str,
        values: Vec<String>,
    },
    /// `=`, `<=`, `before`, `on or after`, `on the same day as`, …
    Compare {
        fact: String,
        word: &'static str,
        to: Operand,
    },
    Between {
        fact: String,
        low: Operand,
        high: Operand,
    },
    /// Bit 0 is Monday.
    OnDays {
        fact: String,
        days: u8,
    },
    During {
        fact: String,
        outside: bool,
        period: String,
    },
    Distance {
        fact: String,
        bound: &'static str,
        amount: i64,
        unit: String,
        before: bool,
        to: Operand,
    },
    /// `include`, `include any of`, `include all of`, `include none of`, `include only`
    Include {
        fact: String,
        word: &'static str,
        values: Vec<String>,
    },
}

#[derive(Debug, Clone)]
pub enum Operand {
    Name(String),
    Number { value: i64, scale: usize, unit: String },
    Date(i64),
    Time(i64),
    DateTime(i64, i64),
}

pub use ordain::model::time::{WEEKDAYS, show_date, show_time};

impl Program {
    /// The files: path and text.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for (i, policy) in self.policies.iter().enumerate() {
            let mut text = String::new();
            let several = self.policies.len() > 1;
            if several || !policy.defaults.is_empty() || policy.in_force.is_some() || self.zone.is_some() {
                let _ = writeln!(text, "policy {} {{", policy.name);
                if let Some(zone) = self.zone {
                    let _ = writeln!(text, "  timezone \"{zone}\"");
                }
                for default in &policy.defaults {
                    let _ = writeln!(text, "  {default}");
                }
                if let Some((from, until)) = policy.in_force {
                    let _ = writeln!(text, "  in force from {} until {}", show_date(from), show_date(until));
                }
                if let Some(other) = &policy.yields_to {
                    let _ = writeln!(text, "  yields to {other}");
                }
                text.push_str("}\n");
            }
            if several {
                let others = self.policies.iter().enumerate().filter(|(j, _)| *j != i);
                others.for_each(|(_, p)| text.push_str(&format!("use {}\n", p.name)));
            }
            if i == 0 {
                self.declarations(&mut text);
            }
            items(&policy.items, 0, &mut text);
            if i == 0 {
                self.expects.iter().enumerate().for_each(|(n, e)| e.write(n, &mut text));
            }
            files.push((format!("{}.ordain", policy.name), text));
        }
        files
    }

    /// All files in one text, for people.
    pub fn text(&self) -> String {
        let files = self.files();
        if files.len() == 1 {
            return files.into_iter().map(|f| f.1).collect();
        }
        files.into_iter().map(|(path, text)| format!("// ---- {path}\n{text}")).collect()
    }

    fn declarations(&self, text: &mut String) {
        for tree in &self.trees {
            let _ = writeln!(text, "{tree}");
        }
        for fact in &self.facts {
            let _ = write!(text, "fact {}: {}", fact.name, fact.ty.text());
            if let Some(cond) = &fact.exists_if {
                let _ = write!(text, " if {}", cond.text());
            }
            text.push('\n');
        }
        for (name, rule) in &self.periods {
            let _ = writeln!(text, "period {name} = {rule}");
        }
        for (name, cond) in &self.defines {
            let _ = writeln!(text, "define {name} = {}", cond.text());
        }
        for cond in &self.assumes {
            let _ = writeln!(text, "assume {}", cond.text());
        }
        for (name, excludes) in &self.duties {
            let excludes =
                if excludes.is_empty() { String::new() } else { format!(" excludes {}", excludes.join(", ")) };
            let _ = writeln!(text, "duty {name}{excludes}");
        }
        for (name, values) in &self.decisions {
            let _ = writeln!(text, "decision {name}: one of {}", values.join(", "));
        }
    }
}

impl Type {
    fn text(&self) -> String {
        match self {
            Type::YesNo => "yes/no".into(),
            Type::OneOf(values) => format!("one of {}", values.join(", ")),
            Type::Named(text, _) => text.clone(),
            Type::Number { lo, hi, scale, unit } => {
                format!("number {} to {}{}", decimal(*lo, *scale), decimal(*hi, *scale), spaced(unit))
            }
            Type::Date(lo, hi) => format!("date {} to {}", show_date(*lo), show_date(*hi)),
            Type::DateTime(lo, hi) => format!("datetime {} to {}", show_date(*lo), show_date(*hi)),
            Type::Time => "time".into(),
            Type::Set(of, _) => format!("set of {of}"),
        }
    }
}

/// `0.05`
pub fn decimal(value: i64, scale: usize) -> String {
    if scale == 0 {
        return value.to_string();
    }
    let digits = format!("{:0width$}", value.abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{}{whole}.{fraction}", if value < 0 { "-" } else { "" })
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

fn items(items: &[Item], depth: usize, text: &mut String) {
    for item in items {
        match item {
            Item::Clause(clause) => clause.write(if clause.to.is_empty() { "rule" } else { "exception" }, depth, text),
            Item::Section(name, inner) => {
                let _ = writeln!(text, "{:w$}section {name} {{", "", w = 2 * depth);
                self::items(inner, depth + 1, text);
                let _ = writeln!(text, "{:w$}}}", "", w = 2 * depth);
            }
        }
    }
}

impl Clause {
    fn write(&self, word: &str, depth: usize, text: &mut String) {
        let w = 2 * depth;
        let to = if self.to.is_empty() { String::new() } else { format!(" to {}", self.to.join(", ")) };
        let _ = writeln!(text, "{:w$}{word} {}{to} {{", "", self.name);
        if let Some((from, until)) = self.in_force {
            let from = from.map_or(String::new(), |d| format!(" from {}", show_date(d)));
            let until = until.map_or(String::new(), |d| format!(" until {}", show_date(d)));
            let _ = writeln!(text, "{:w$}  in force{from}{until}", "");
        }
        for statement in &self.statements {
            let _ = writeln!(text, "{:w$}  {}", "", statement.text());
        }
        for exception in &self.exceptions {
            exception.write("except", depth + 1, text);
        }
        let _ = writeln!(text, "{:w$}}}", "");
    }
}

impl Head {
    fn text(&self) -> String {
        let mut text = String::new();
        if !self.channels.is_empty() {
            text += &format!(" {}", self.channels.join(", "));
        }
        if !self.from.is_empty() {
            text += &format!(" from {}", self.from.join(", "));
        }
        if !self.to.is_empty() {
            text += &format!(" to {}", self.to.join(", "));
        }
        text
    }
}

impl Statement {
    fn text(&self) -> String {
        let mut provided = String::new();
        let what = match &self.kind {
            StatementKind::Permit { provisos } => {
                if !provisos.is_empty() {
                    let list: Vec<String> =
                        provisos.iter().enumerate().map(|(i, p)| format!("p{i}: {}", p.text())).collect();
                    provided = format!(" provided {{ {} }}", list.join(", "));
                }
                "permit".to_string()
            }
            StatementKind::Forbid => "forbid".into(),
            StatementKind::Decide(decision, value) => format!("{decision} is {value}"),
            StatementKind::Require(cond) => format!("require {}", cond.text()),
            StatementKind::Oblige(duties) => format!("oblige {}", duties.join(", ")),
            StatementKind::Advise(cond) => format!("advise {}", cond.text()),
            StatementKind::Waive => "waive".into(),
        };
        format!("{what}{}{}{provided}", self.head.text(), when(&self.when))
    }
}

fn when(cond: &Option<Cond>) -> String {
    cond.as_ref().map_or(String::new(), |c| format!(" when {}", c.text()))
}

impl Expect {
    fn write(&self, n: usize, text: &mut String) {
        let some = if self.some { "some " } else { "" };
        let by = self.by.as_ref().map_or(String::new(), |b| format!(" by {b}"));
        let (claim, head) = (&self.claim, self.head.text());
        let _ = writeln!(text, "expect \"e{n}\" {{ {some}{claim}{head}{}{by} }}", when(&self.when));
    }
}

impl Cond {
    pub fn text(&self) -> String {
        let inner = |c: &Cond| match c {
            Cond::And(_) | Cond::Or(_) => format!("({})", c.text()),
            _ => c.text(),
        };
        match self {
            Cond::And(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
            Cond::Or(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" or "),
            Cond::Not(part) => format!("not {}", inner(part)),
            Cond::Define(name) => name.clone(),
            Cond::Atom(atom) => atom.text(),
        }
    }
}

impl Atom {
    fn text(&self) -> String {
        match self {
            Atom::Yes(fact) => fact.clone(),
            Atom::Is { fact, word, values } | Atom::Include { fact, word, values } => {
                format!("{fact} {word} {}", values.join(", "))
            }
            Atom::Compare { fact, word, to } => format!("{fact} {word} {}", to.text()),
            Atom::Between { fact, low, high } => format!("{fact} between {} and {}", low.text(), high.text()),
            Atom::OnDays { fact, days } => {
                let names: Vec<&str> = (0..7).filter(|d| days >> d & 1 == 1).map(|d| WEEKDAYS[d]).collect();
                let text = match *days {
                    0b001_1111 => "weekdays".into(),
                    0b110_0000 => "weekends".into(),
                    _ => names.join(", "),
                };
                format!("{fact} on {text}")
            }
            Atom::During { fact, outside, period } => {
                format!("{fact} {} {period}", if *outside { "outside" } else { "during" })
            }
            Atom::Distance { fact, bound, amount, unit, before, to } => {
                let side = if *before { "before" } else { "after" };
                format!("{fact} {bound} {amount} {unit} {side} {}", to.text())
            }
        }
    }
}

impl Operand {
    fn text(&self) -> String {
        match self {
            Operand::Name(name) => name.clone(),
            Operand::Number { value, scale, unit } => format!("{}{}", decimal(*value, *scale), spaced(unit)),
            Operand::Date(day) => show_date(*day),
            Operand::Time(minute) => show_time(*minute),
            Operand::DateTime(day, minute) => format!("{} {}", show_date(*day), show_time(*minute)),
        }
    }
}
