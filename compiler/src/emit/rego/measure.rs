//! Features -> Rego rules. A fact or measure that does not exist is null, and never undefined, so that each test says what it
//! means of absence.

use crate::emit::clock::{self, Weeks};
use crate::emit::sheet::{Allowed, Feature, Kind, Measure, Of, Range, Sheet, Test};
use crate::emit::words::{self, quoted};
use crate::model::Model;
use crate::model::time::MINUTES_PER_DAY;
use std::collections::BTreeSet;

/// Words of Rego that cannot stand behind a dot.
pub const KEYWORDS: [&str; 15] = [
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null", "package", "some",
    "true", "with",
];

/// A rule's own name in its text, before it has one; no other text has this sign.
const OWN: &str = "\u{1}";

/// Rules under names of their own, in the order in which they are asked for, and functions that they call.
pub struct Measurer<'a> {
    pub model: &'a Model,
    /// Name, what it is, in words, and the rules' text.
    rules: Vec<(String, String)>,
    pub functions: BTreeSet<&'static str>,
    /// Facts that are read from texts: name, and the rule that is null where the text cannot be read, too.
    pub read: Vec<(String, String)>,
}

/// `facts.account`, `facts["in"]`
pub fn fact(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("facts[{}]", quoted(name)) } else { format!("facts.{name}") }
}

impl<'a> Measurer<'a> {
    pub fn new(model: &'a Model) -> Self {
        Self { model, rules: Vec::new(), functions: BTreeSet::new(), read: Vec::new() }
    }

    pub fn text(&self) -> String {
        let unreadable = self.read.iter().map(|(name, rule)| {
            format!("\nunreadable contains {} if {{\n\t{} != null\n\t{rule} == null\n}}\n", quoted(name), fact(name))
        });
        let unreadable: String = unreadable.collect();
        let rules: String = self.rules.iter().map(|r| format!("\n{}\n", r.1.replace(OWN, &r.0))).collect();
        match unreadable.is_empty() {
            true => rules,
            false => format!("\n# Texts that are no dates or moments: there is no decision then.{unreadable}{rules}"),
        }
    }

    /// Adds rules that speak of themselves as [`OWN`]; equal ones are there once.
    fn add(&mut self, wish: &str, text: String) -> String {
        if let Some(known) = self.rules.iter().find(|r| r.1 == text) {
            return known.0.clone();
        }
        let mut name = wish.to_string();
        let mut n = 1;
        while self.rules.iter().any(|r| r.0 == name) {
            n += 1;
            name = format!("{wish}_{n}");
        }
        self.rules.push((name.clone(), text));
        name
    }

    /// A number that exists where some facts do.
    fn number(&mut self, wish: &str, needs: &[String], value: &str) -> String {
        let exist: String = needs.iter().map(|n| format!("\t{n} != null\n")).collect();
        self.add(wish, format!("default \u{1} := null\n\n\u{1} := {value} if {{\n{exist}}}"))
    }

    /// A yes or no that exists where a fact does.
    fn yes(&mut self, wish: &str, need: &str, holds: &str) -> String {
        let text = format!(
            "default \u{1} := null\n\n\u{1} := true if {{\n\t{need} != null\n\t{holds}\n}}\n\n\u{1} := false if {{\n\t{need} != null\n\tnot {holds}\n}}"
        );
        self.add(wish, text)
    }

    /// What the tests of a feature look at.
    pub fn feature(&mut self, sheet: &Sheet<'_>, feature: &Feature) -> String {
        let wish = format!("measured_{}", feature.name);
        match &feature.of {
            Of::Value(i) => match sheet.inputs[*i].kind {
                Kind::DateTime { .. } => self.utc(sheet, *i),
                _ => fact(&sheet.inputs[*i].name),
            },
            Of::Weekday(i) => {
                let day = self.day(sheet, *i);
                self.number(&wish, std::slice::from_ref(&day), &format!("{day} % 7"))
            }
            Of::Within(i, period, spans) => {
                let day = self.day(sheet, *i);
                let name = &self.model.period(*period).name;
                self.functions.insert("on_days");
                match sheet.inputs[*i].kind {
                    Kind::DateTime { .. } => {
                        let hours = clock::hours(self.model, sheet.inputs[*i].fact, *period);
                        let parts = hours.iter().map(|h| {
                            let clock = format!("# {} to {}\n", words::time_of_day(h.from), words::time_of_day(h.to));
                            format!("\t{clock}\t[{}, {}, [\n{}\t]],\n", h.from, h.to, list(&h.weeks, "\t\t"))
                        });
                        let hours = format!("\u{1} := [\n{}]", parts.collect::<String>());
                        let hours = self.add(&format!("hours_of_{name}"), hours);
                        let local = self.local(sheet, *i);
                        self.functions.insert("in_hours");
                        self.yes(&wish, &day, &format!("in_hours({local}, {hours})"))
                    }
                    _ => {
                        let weeks = self.weeks(&format!("days_of_{name}"), &clock::weeks(spans));
                        self.yes(&wish, &day, &format!("on_days({day}, {weeks})"))
                    }
                }
            }
            Of::Contains(i, elements) => {
                let column = fact(&sheet.inputs[*i].name);
                self.functions.insert("has_any");
                let elements: Vec<String> = elements.iter().map(|e| quoted(e)).collect();
                let holds = format!("has_any({column}, {{{}}})", elements.join(", "));
                match elements.is_empty() {
                    true => self.number(&wish, &[column], "false"),
                    false => self.yes(&wish, &column, &holds),
                }
            }
            Of::Distance { from, to, measure } => self.distance(sheet, &wish, *from, *to, measure),
        }
    }

    fn distance(&mut self, sheet: &Sheet<'_>, wish: &str, from: usize, to: usize, measure: &Measure) -> String {
        let names = [from, to].map(|i| fact(&sheet.inputs[i].name));
        let [a, b] = match measure {
            Measure::Number { scale } => {
                let value = match scale {
                    0 => format!("{} - {}", names[1], names[0]),
                    _ => format!("round(({} - {}) * {})", names[1], names[0], 10i64.saturating_pow(*scale)),
                };
                return self.number(wish, &names, &value);
            }
            Measure::Minutes => match sheet.inputs[from].kind {
                Kind::Time => {
                    self.functions.insert("clock_minute");
                    let value = format!("clock_minute({}) - clock_minute({})", names[1], names[0]);
                    return self.number(wish, &names, &value);
                }
                _ => [from, to].map(|i| self.utc(sheet, i)),
            },
            Measure::Days => [from, to].map(|i| self.day(sheet, i)),
            Measure::Months => {
                self.functions.insert("months_between");
                let days = [from, to].map(|i| self.day(sheet, i));
                let value = format!("months_between({}, {})", days[0], days[1]);
                return self.number(wish, &days, &value);
            }
            Measure::PeriodDays(period, spans) => {
                let name = &self.model.period(*period).name;
                let weeks = self.weeks(&format!("days_of_{name}"), &clock::weeks(spans));
                self.functions.insert("days_until");
                let days = [from, to].map(|i| self.day(sheet, i));
                let value = format!("days_until({}, {weeks}) - days_until({}, {weeks})", days[1], days[0]);
                return self.number(wish, &days, &value);
            }
        };
        self.number(wish, &[a.clone(), b.clone()], &format!("{b} - {a}"))
    }

    fn weeks(&mut self, wish: &str, weeks: &[Weeks]) -> String {
        self.add(wish, format!("\u{1} := [\n{}]", list(weeks, "\t")))
    }

    fn utc(&mut self, sheet: &Sheet<'_>, i: usize) -> String {
        let name = &sheet.inputs[i].name;
        let of = fact(name);
        let value = format!("floor(time.parse_rfc3339_ns({of}) / 60000000000) + {}", clock::UNIX);
        self.reads(name, &of, &value, "utc")
    }

    fn local(&mut self, sheet: &Sheet<'_>, i: usize) -> String {
        let Kind::DateTime { lo, hi } = sheet.inputs[i].kind else { return self.day(sheet, i) };
        let utc = self.utc(sheet, i);
        let pieces: String = clock::offsets(&self.model.zone, (lo, hi))
            .iter()
            .map(|(start, offset)| format!("\t[{start}, {offset}],\n"))
            .collect();
        let offsets = self.add("offsets", format!("\u{1} := [\n{pieces}]"));
        self.functions.insert("offset_at");
        let value = format!("{utc} + offset_at({utc}, {offsets})");
        self.number(&format!("local_{}", sheet.inputs[i].name), &[utc], &value)
    }

    fn day(&mut self, sheet: &Sheet<'_>, i: usize) -> String {
        let name = &sheet.inputs[i].name;
        match sheet.inputs[i].kind {
            Kind::DateTime { .. } => {
                let local = self.local(sheet, i);
                self.number(
                    &format!("day_{name}"),
                    std::slice::from_ref(&local),
                    &format!("floor({local} / {MINUTES_PER_DAY})"),
                )
            }
            _ => {
                let of = fact(name);
                let midnight = format!("concat(\"\", [{of}, \"T00:00:00+00:00\"])");
                let value = format!("floor(time.parse_rfc3339_ns({midnight}) / 86400000000000) + {}", -clock::EPOCH);
                self.reads(name, &of, &value, "day")
            }
        }
    }

    fn reads(&mut self, name: &str, of: &str, value: &str, what: &str) -> String {
        let rule = self.number(&format!("{what}_{name}"), &[of.to_string()], value);
        if !self.read.iter().any(|r| r.1 == rule) {
            self.read.push((name.to_string(), rule.clone()));
        }
        rule
    }

    /// The lines of a rule's body that hold where a test does.
    pub fn test(&mut self, sheet: &Sheet<'_>, feature: &Feature, x: &str, test: &Test) -> Vec<String> {
        let with_null = |mut items: Vec<String>| {
            if test.absent {
                items.push("null".to_string());
            }
            match items.as_slice() {
                [] => "false".to_string(),
                [one] => format!("{x} == {one}"),
                _ => format!("{x} in {{{}}}", items.join(", ")),
            }
        };
        match &test.allowed {
            Allowed::Nothing => vec![with_null(Vec::new())],
            Allowed::Any if test.absent => Vec::new(),
            Allowed::Any => vec![format!("{x} != null")],
            Allowed::Bool(yes) => vec![with_null(vec![yes.to_string()])],
            Allowed::Values(values) => {
                let all = sheet.values(feature);
                vec![with_null(values.iter().filter_map(|v| all.get(*v)).map(|v| quoted(v)).collect())]
            }
            Allowed::Days(days) => {
                vec![with_null((0..7).filter(|b| days >> b & 1 == 1).map(|b: u8| b.to_string()).collect())]
            }
            Allowed::Ranges(ranges) => {
                let mut bodies: Vec<Vec<String>> = ranges.iter().map(|r| range(sheet, feature, x, r)).collect();
                if test.absent {
                    bodies.insert(0, vec![format!("{x} == null")]);
                }
                if bodies.len() == 1 {
                    return bodies.remove(0);
                }
                // Rules of one name hold where one of them does.
                let rules = bodies.iter().map(|b| {
                    let lines: String = b.iter().map(|l| format!("\t{l}\n")).collect();
                    format!("\u{1} if {{\n{lines}}}")
                });
                let text = rules.collect::<Vec<_>>().join("\n\n");
                vec![self.add(&format!("holds_{}", feature.name), text)]
            }
        }
    }
}

/// A range of values that exist.
fn range(sheet: &Sheet<'_>, feature: &Feature, x: &str, range: &Range) -> Vec<String> {
    let kind = match feature.of {
        Of::Value(i) => Some(&sheet.inputs[i].kind),
        _ => None,
    };
    let open = matches!(kind, Some(Kind::Time));
    let literal = |v: i64| match kind {
        Some(Kind::Number { scale, .. }) => words::decimal(v, *scale),
        Some(Kind::Date { .. }) => quoted(&words::date(v)),
        Some(Kind::Time) => quoted(&words::time_of_day(v)),
        Some(Kind::DateTime { .. }) => clock::minute(v).to_string(),
        _ => v.to_string(),
    };
    let note = |v: i64| match kind {
        Some(Kind::DateTime { .. }) => format!(" # {}", words::local_instant(&sheet.model.zone, v)),
        _ => String::new(),
    };
    if range.lo == range.hi
        && let (Some(v), false) = (range.lo, open)
    {
        return vec![format!("{x} == {}{}", literal(v), note(v))];
    }
    // Engines order null and numbers differently.
    let mut lines = vec![format!("{x} != null")];
    lines.extend(range.lo.map(|lo| format!("{x} >= {}{}", literal(lo), note(lo))));
    match range.hi {
        Some(hi) if open => lines.push(format!("{x} < {}", literal(hi + 1))),
        Some(hi) => lines.push(format!("{x} <= {}{}", literal(hi), note(hi))),
        None => {}
    }
    lines
}

/// `[from, to, how many of a week's days are up to each of its days, days before]`
fn list(weeks: &[Weeks], indent: &str) -> String {
    let week = |w: &Weeks| {
        let shown = |day: i64| words::date(day + clock::EPOCH);
        let counts = clock::up_to(w.mask).map(|c| c.to_string()).join(", ");
        let before = clock::count(w.mask, w.lo - 1);
        format!("{indent}[{}, {}, [{counts}], {before}], # {} to {}\n", w.lo, w.hi, shown(w.lo), shown(w.hi))
    };
    weeks.iter().map(week).collect()
}
