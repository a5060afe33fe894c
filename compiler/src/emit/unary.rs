//! The text of a table's cell in FEEL or ZEN -> the test that it stands for.
//!
//! ```text
//! [3..5], > 8          null, "a", "b"          not("a")          $ != null and $ >= 50.01
//!     --tokens--> words and signs --here--> a set of values, and whether absence is among them --> Test
//! ```
//!
//! Both languages share what cells are made of: lists of values, comparisons, ranges, `not`, and the value itself as `?` or
//! `$`. A cell may say it in other words than those that were written: it is the set that counts. Anything else (functions
//! of the value, other facts) is refused with the place. Must not know XML, JSON or files.

mod tokens;
mod value;

use super::sheet::{Allowed, Feature, Kind, Measure, Of, Range, Sheet, Test};
use crate::model::{Intervals, Zone, time};
use tokens::{Token, tokens};
use value::Bound;

/// Farther than any distance.
const FAR: i64 = 1 << 60;
/// Parentheses within parentheses.
const DEPTH: usize = 40;

/// What a cell is about: the values that a feature can have, as integers, and how they are written.
#[derive(Debug, Clone)]
pub enum Scale {
    Bool,
    /// By index.
    Names(Vec<String>),
    /// By index: 0 is Monday.
    Weekday,
    Number {
        lo: i64,
        hi: i64,
        scale: u32,
    },
    Date {
        lo: i64,
        hi: i64,
    },
    Time,
    DateTime {
        lo: i64,
        hi: i64,
    },
}

impl Scale {
    pub fn of(sheet: &Sheet<'_>, feature: &Feature) -> Self {
        match &feature.of {
            Of::Weekday(_) => Scale::Weekday,
            Of::Within(..) | Of::Contains(..) => Scale::Bool,
            Of::Distance { measure: Measure::Number { scale }, .. } => {
                Scale::Number { lo: -FAR, hi: FAR, scale: *scale }
            }
            Of::Distance { .. } => Scale::Number { lo: -FAR, hi: FAR, scale: 0 },
            Of::Value(i) => match sheet.inputs.get(*i).map(|i| &i.kind) {
                Some(Kind::Choice { values } | Kind::Set { values }) => Scale::Names(values.clone()),
                Some(Kind::Number { lo, hi, scale, .. }) => Scale::Number { lo: *lo, hi: *hi, scale: *scale },
                Some(Kind::Date { lo, hi }) => Scale::Date { lo: *lo, hi: *hi },
                Some(Kind::Time) => Scale::Time,
                Some(Kind::DateTime { lo, hi }) => Scale::DateTime { lo: *lo, hi: *hi },
                Some(Kind::YesNo) | None => Scale::Bool,
            },
        }
    }

    /// The least and the greatest value.
    fn range(&self) -> (i64, i64) {
        match self {
            Scale::Bool => (0, 1),
            Scale::Names(values) => (0, values.len() as i64 - 1),
            Scale::Weekday => (0, 6),
            Scale::Number { lo, hi, .. } | Scale::Date { lo, hi } | Scale::DateTime { lo, hi } => (*lo, *hi),
            Scale::Time => (0, time::MINUTES_PER_DAY - 1),
        }
    }
}

/// The values for which a cell holds, and whether it holds where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Holds {
    absent: bool,
    values: Intervals,
}

/// How strings are written: FEEL has escapes, ZEN has two kinds of quotes and none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Feel,
    Zen,
}

/// Reads cells of one column.
pub struct Reader<'a> {
    scale: Scale,
    language: Language,
    zone: &'a Zone,
}

impl<'a> Reader<'a> {
    pub fn new(scale: Scale, language: Language, zone: &'a Zone) -> Self {
        Self { scale, language, zone }
    }

    /// The test of a cell; `None` where everything fits. The error says what cannot be understood.
    pub fn read(&self, text: &str) -> Result<Option<Test>, String> {
        let trimmed = text.trim();
        if trimmed.is_empty() || trimmed == "-" {
            return Ok(None);
        }
        let tokens = tokens(trimmed, self.language)?;
        let mut cell = Cell { reader: self, tokens: &tokens, at: 0 };
        let holds = cell.list(0)?;
        if let Some(token) = cell.peek() {
            return Err(format!("{} is not expected there", token.show()));
        }
        Ok(self.test(&holds))
    }

    fn test(&self, holds: &Holds) -> Option<Test> {
        let range = self.scale.range();
        let full = holds.values.complement(range).is_empty();
        if full && holds.absent {
            return None;
        }
        let parts = holds.values.parts();
        let numbers = || parts.iter().flat_map(|p| p.0..=p.1);
        let allowed = match &self.scale {
            _ if full => Allowed::Any,
            _ if parts.is_empty() => Allowed::Nothing,
            Scale::Bool => Allowed::Bool(parts.first().is_some_and(|p| p.0 == 1)),
            Scale::Names(_) => Allowed::Values(numbers().filter_map(|n| usize::try_from(n).ok()).collect()),
            Scale::Weekday => Allowed::Days(numbers().fold(0, |days, n| days | 1 << n.clamp(0, 6))),
            Scale::Number { .. } | Scale::Date { .. } | Scale::Time | Scale::DateTime { .. } => {
                let (lo, hi) = range;
                let range = |p: &(i64, i64)| Range { lo: (p.0 > lo).then_some(p.0), hi: (p.1 < hi).then_some(p.1) };
                Allowed::Ranges(parts.iter().map(range).collect())
            }
        };
        Some(Test { absent: holds.absent, allowed })
    }

    fn not(&self, holds: &Holds) -> Holds {
        Holds { absent: !holds.absent, values: holds.values.complement(self.scale.range()) }
    }
}

struct Cell<'a> {
    reader: &'a Reader<'a>,
    tokens: &'a [Token],
    at: usize,
}

impl Cell<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(s)) if *s == sign);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w == word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.eat(sign) { Ok(()) } else { Err(format!("`{sign}` is missing{}", self.before())) }
    }

    fn before(&self) -> String {
        self.peek().map_or_else(|| " at the end".to_string(), |t| format!(" before {}", t.show()))
    }

    /// `a, b, c`: one of them.
    fn list(&mut self, depth: usize) -> Result<Holds, String> {
        let mut holds = self.either(depth)?;
        while self.eat(",") {
            let next = self.either(depth)?;
            holds = or(&holds, &next);
        }
        Ok(holds)
    }

    /// `and` binds closer than `or`; in cells of ZEN both, and commas, are read from left to right.
    fn either(&mut self, depth: usize) -> Result<Holds, String> {
        let mut holds = if self.reader.language == Language::Zen { self.one(depth)? } else { self.both(depth)? };
        loop {
            let zen = self.reader.language == Language::Zen;
            if self.word("or") || (zen && self.eat(",")) {
                let next = if zen { self.one(depth)? } else { self.both(depth)? };
                holds = or(&holds, &next);
            } else if zen && self.word("and") {
                let next = self.one(depth)?;
                holds = and(&holds, &next);
            } else {
                return Ok(holds);
            }
        }
    }

    fn both(&mut self, depth: usize) -> Result<Holds, String> {
        let mut holds = self.one(depth)?;
        while self.word("and") {
            let next = self.one(depth)?;
            holds = and(&holds, &next);
        }
        Ok(holds)
    }

    fn one(&mut self, depth: usize) -> Result<Holds, String> {
        if depth > DEPTH {
            return Err("there are too many parentheses within parentheses".to_string());
        }
        if self.reader.language == Language::Feel && self.word("not") {
            self.expect("(")?;
            let inner = self.list(depth + 1)?;
            self.expect(")")?;
            return Ok(self.reader.not(&inner));
        }
        if self.eat("?") || self.eat("$") {
            if self.word("in") {
                return self.range_or_value(depth);
            }
            return match self.comparison()? {
                Some(holds) => Ok(holds),
                None if matches!(self.reader.scale, Scale::Bool) => Ok(self.at_values(1, 1)),
                None => Err(format!("a comparison is missing{}", self.before())),
            };
        }
        if let Some(holds) = self.comparison()? {
            return Ok(holds);
        }
        self.range_or_value(depth)
    }

    fn comparison(&mut self) -> Result<Option<Holds>, String> {
        let Some(sign) = ["<=", ">=", "!=", "==", "<", ">", "="].into_iter().find(|s| self.eat(s)) else {
            return Ok(None);
        };
        if self.word("null") {
            let null = self.null();
            return match sign {
                "=" | "==" => Ok(Some(null)),
                "!=" => Ok(Some(self.reader.not(&null))),
                _ => Err(format!("nothing can be compared with `null` by `{sign}`")),
            };
        }
        let value = self.value()?;
        let (lo, hi) = self.reader.scale.range();
        Ok(Some(match sign {
            "<" => self.at_values(lo, value.below()),
            "<=" => self.at_values(lo, value.floor),
            ">" => self.at_values(value.above(), hi),
            ">=" => self.at_values(value.ceil, hi),
            "!=" => self.reader.not(&self.at_values(value.ceil, value.floor)),
            _ => self.at_values(value.ceil, value.floor),
        }))
    }

    /// `[a..b)`, a value, or something in parentheses.
    fn range_or_value(&mut self, depth: usize) -> Result<Holds, String> {
        let start = self.at;
        if let Some(open) = ["[", "(", "]"].into_iter().find(|s| self.eat(s)) {
            let inside = self.at;
            if let Ok(from) = self.value()
                && self.eat("..")
            {
                let to = self.value()?;
                let Some(close) = ["]", ")", "["].into_iter().find(|s| self.eat(s)) else {
                    return Err(format!("the end of the range is missing{}", self.before()));
                };
                let lo = if open == "[" { from.ceil } else { from.above() };
                let hi = if close == "]" { to.floor } else { to.below() };
                return Ok(self.at_values(lo, hi));
            }
            self.at = inside;
            let close = match open {
                "(" if self.reader.language == Language::Feel => ")",
                "[" => "]",
                "(" => return Err("a cell of ZEN cannot have parentheses".to_string()),
                _ => {
                    self.at = start;
                    return Err(format!("a value is missing{}", self.before()));
                }
            };
            let inner = self.list(depth + 1)?;
            self.expect(close)?;
            return Ok(inner);
        }
        if self.word("null") {
            return Ok(self.null());
        }
        let value = self.value()?;
        Ok(self.at_values(value.ceil, value.floor))
    }

    fn value(&mut self) -> Result<Bound, String> {
        let Some(token) = self.peek() else { return Err("a value is missing at the end".to_string()) };
        let bound = value::bound(&self.reader.scale, self.reader.zone, token)?;
        self.at += 1;
        Ok(bound)
    }

    fn null(&self) -> Holds {
        Holds { absent: true, values: Intervals::default() }
    }

    fn at_values(&self, lo: i64, hi: i64) -> Holds {
        let range = self.reader.scale.range();
        let (lo, hi) = (lo.max(range.0), hi.min(range.1));
        let values = if lo <= hi { Intervals::one(lo, hi) } else { Intervals::default() };
        Holds { absent: false, values }
    }
}

fn or(a: &Holds, b: &Holds) -> Holds {
    Holds { absent: a.absent || b.absent, values: a.values.union(&b.values) }
}

fn and(a: &Holds, b: &Holds) -> Holds {
    Holds { absent: a.absent && b.absent, values: a.values.intersection(&b.values) }
}

/// A text, or a list of texts: what outputs say. Anything else is refused.
pub fn texts(text: &str, language: Language) -> Result<Vec<String>, String> {
    let tokens = tokens(text.trim(), language)?;
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    if let [Token::Sign("["), inner @ .., Token::Sign("]")] = rest {
        rest = inner;
    }
    while let Some((first, tail)) = rest.split_first() {
        let Token::Text(start) = first else { return Err(format!("{} is not a text in quotes", first.show())) };
        let mut whole = start.clone();
        rest = tail;
        // `"a" + '"'`: texts with both kinds of quotes.
        while let [Token::Sign("+"), Token::Text(next), tail @ ..] = rest {
            whole.push_str(next);
            rest = tail;
        }
        found.push(whole);
        match rest {
            [] => {}
            [Token::Sign(","), tail @ ..] if !tail.is_empty() => rest = tail,
            [token, ..] => return Err(format!("{} is not expected there", token.show())),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
