//! Features -> expressions over columns, in layers: what is measured once is a column of the next layer.
//!
//! ```text
//! layer 1   "#starts utc"     minutes since day 0 of a datetime         "#held day"   days since day 0 of a date
//! layer 2   "#starts local"   the same by the local clock and calendar
//! layer 3   "#starts day"     "#starts clock"     its parts
//! layer 4   "#starts school_days"                 how many days of a period are not after it
//! layer 5   "#days_from_invited_to_starts"        what the rows test
//! ```
//!
//! Every expression is NULL where a fact of it is. See `clock` for the constants.

use super::columns::Columns;
use crate::emit::Dialect;
use crate::emit::clock::{self, Hours, Weeks};
use crate::emit::sheet::{Feature, Kind, Measure, Of, Sheet};
use crate::emit::words;
use crate::model::Model;
use crate::model::time::MINUTES_PER_DAY;

/// Columns that are computed: name and expression, layer by layer.
#[derive(Debug, Default)]
pub struct Layers {
    pub layers: [Vec<(String, String)>; 5],
}

pub struct Measurer<'a> {
    pub dialect: Dialect,
    pub model: &'a Model,
    pub columns: &'a Columns,
    pub layers: Layers,
}

impl Measurer<'_> {
    /// What the tests of a feature look at: an expression, short enough to be repeated.
    pub fn feature(&mut self, sheet: &Sheet<'_>, feature: &Feature) -> String {
        let d = self.dialect;
        let expression = match &feature.of {
            Of::Value(i) => return self.columns.quoted(d, &sheet.inputs[*i].name),
            Of::Weekday(i) => {
                let day = self.day(sheet, *i);
                d.rest(&day, 7)
            }
            Of::Within(i, period, spans) => {
                let inside = match sheet.inputs[*i].kind {
                    Kind::DateTime { .. } => {
                        let hours = clock::hours(self.model, sheet.inputs[*i].fact, *period);
                        let day = self.day(sheet, *i);
                        any(hours.iter().map(|h| self.hours(sheet, *i, &day, h)).collect())
                    }
                    _ => {
                        let day = self.day(sheet, *i);
                        self.weeks(&day, &clock::weeks(spans))
                    }
                };
                let column = self.columns.quoted(d, &sheet.inputs[*i].name);
                format!("CASE WHEN {column} IS NOT NULL THEN ({inside}) END")
            }
            Of::Contains(i, elements) => {
                let column = self.columns.quoted(d, &sheet.inputs[*i].name);
                any(elements.iter().map(|e| d.has(&column, e)).collect())
            }
            Of::Distance { from, to, measure } => self.distance(sheet, *from, *to, measure),
        };
        self.add(4, &format!("#{}", feature.name), expression)
    }

    /// A column of a layer; one that is there already is used again.
    fn add(&mut self, layer: usize, wish: &str, expression: String) -> String {
        let mut name = wish.to_string();
        let mut n = 1;
        while let Some(known) = self.layers.layers.iter().flatten().find(|c| c.0.eq_ignore_ascii_case(&name)) {
            if known.1 == expression {
                return self.dialect.name(&known.0);
            }
            n += 1;
            name = format!("{wish}_{n}");
        }
        self.layers.layers[layer].push((name.clone(), expression));
        self.dialect.name(&name)
    }

    fn distance(&mut self, sheet: &Sheet<'_>, from: usize, to: usize, measure: &Measure) -> String {
        let d = self.dialect;
        let raw = |i: usize| self.columns.quoted(d, &sheet.inputs[i].name);
        match measure {
            Measure::Number { scale } => d.steps(&raw(from), &raw(to), *scale),
            Measure::Minutes => match sheet.inputs[from].kind {
                Kind::Time => format!("({} - {})", d.clock(&raw(to)), d.clock(&raw(from))),
                _ => format!("({} - {})", self.utc(sheet, to), self.utc(sheet, from)),
            },
            Measure::Days => format!("({} - {})", self.day(sheet, to), self.day(sheet, from)),
            Measure::Months => d.months(&self.day(sheet, from), &self.day(sheet, to)),
            Measure::PeriodDays(period, spans) => {
                let weeks = clock::weeks(spans);
                let [from, to] = [from, to].map(|i| {
                    let day = self.day(sheet, i);
                    let wish = format!("#{} {}", sheet.inputs[i].name, self.model.period(*period).name);
                    let count = self.days_until(&day, &weeks);
                    self.add(3, &wish, count)
                });
                format!("({to} - {from})")
            }
        }
    }

    /// Minutes since day 0.
    fn utc(&mut self, sheet: &Sheet<'_>, i: usize) -> String {
        let column = self.columns.quoted(self.dialect, &sheet.inputs[i].name);
        let minutes = self.dialect.minutes(&column);
        self.add(0, &format!("#{} utc", sheet.inputs[i].name), minutes)
    }

    fn local(&mut self, sheet: &Sheet<'_>, i: usize) -> String {
        let Kind::DateTime { lo, hi } = sheet.inputs[i].kind else { return self.day(sheet, i) };
        let utc = self.utc(sheet, i);
        let offsets: Vec<(i64, String)> =
            clock::offsets(&self.model.zone, (lo, hi)).into_iter().map(|(s, o)| (s, o.to_string())).collect();
        self.add(1, &format!("#{} local", sheet.inputs[i].name), format!("{utc} + {}", steps(&utc, &offsets)))
    }

    /// Days since day 0, local.
    fn day(&mut self, sheet: &Sheet<'_>, i: usize) -> String {
        match sheet.inputs[i].kind {
            Kind::DateTime { .. } => {
                let local = self.local(sheet, i);
                let day = self.dialect.div(&local, MINUTES_PER_DAY);
                self.add(2, &format!("#{} day", sheet.inputs[i].name), day)
            }
            _ => {
                let column = self.columns.quoted(self.dialect, &sheet.inputs[i].name);
                let days = self.dialect.days(&column);
                self.add(0, &format!("#{} day", sheet.inputs[i].name), days)
            }
        }
    }

    fn hours(&mut self, sheet: &Sheet<'_>, i: usize, day: &str, hours: &Hours) -> String {
        let weeks = self.weeks(day, &hours.weeks);
        if (hours.from, hours.to) == (0, MINUTES_PER_DAY) {
            return weeks;
        }
        let local = self.local(sheet, i);
        let rest = self.dialect.rest(&local, MINUTES_PER_DAY);
        let clock = self.add(2, &format!("#{} clock", sheet.inputs[i].name), rest);
        let of_day = format!(
            "{clock} BETWEEN {} AND {} /* {} to {} */",
            hours.from,
            hours.to - 1,
            words::time_of_day(hours.from),
            words::time_of_day(hours.to)
        );
        format!("({of_day} AND {weeks})")
    }

    fn weeks(&self, day: &str, weeks: &[Weeks]) -> String {
        let part = |w: &Weeks| {
            let shown = |day: i64| words::date(day + clock::EPOCH);
            let days = match w.lo == w.hi {
                true => format!("{day} = {} /* {} */", w.lo, shown(w.lo)),
                false => format!("{day} BETWEEN {} AND {} /* {} to {} */", w.lo, w.hi, shown(w.lo), shown(w.hi)),
            };
            let on: Vec<String> = (0..7).filter(|b| w.mask >> b & 1 == 1).map(|b: u8| b.to_string()).collect();
            match on.len() {
                7 => format!("({days})"),
                _ => format!("({days} AND {} IN ({}))", self.dialect.rest(day, 7), on.join(", ")),
            }
        };
        any(weeks.iter().map(part).collect())
    }

    /// How many days of these weeks are not after a day.
    fn days_until(&self, day: &str, weeks: &[Weeks]) -> String {
        let d = self.dialect;
        let mut pieces = vec![(0, "0".to_string())];
        let mut sum = 0;
        for w in weeks {
            let before = clock::count(w.mask, w.lo - 1);
            let counted = match w.lo == w.hi {
                true => (sum + 1).to_string(),
                false => {
                    let end = d.least(day, &w.hi.to_string());
                    let week = clock::up_to(w.mask);
                    let full = week[6];
                    let arms: Vec<String> = (0..6).map(|r| format!("WHEN {r} THEN {}", week[r])).collect();
                    let rest = format!("{} + 1", d.rest(&end, 7));
                    let part = match full {
                        7 => rest,
                        // From Monday on.
                        _ if w.mask & (w.mask + 1) == 0 => d.least(&rest, &full.to_string()),
                        _ => format!("CASE {} {} ELSE {full} END", d.rest(&end, 7), arms.join(" ")),
                    };
                    format!("({} * {full} + {part} + {})", d.div(&end, 7), sum - before)
                }
            };
            pieces.push((w.lo, counted));
            sum += clock::count(w.mask, w.hi) - before;
        }
        format!("CASE WHEN {day} IS NOT NULL THEN {} END", steps(day, &pieces))
    }
}

/// One of them holds. Long lists are put into brackets by halves, as engines limit the depth of what they read.
pub fn any(parts: Vec<String>) -> String {
    match parts.len() {
        0 => "1 = 0".to_string(),
        1 => parts.concat(),
        2..=64 => format!("({})", parts.join(" OR ")),
        n => {
            let (a, b) = parts.split_at(n / 2);
            format!("({} OR {})", any(a.to_vec()), any(b.to_vec()))
        }
    }
}

/// The value of the last piece that starts at or before `x`. The first is before all.
fn steps(x: &str, pieces: &[(i64, String)]) -> String {
    match pieces {
        [] => "0".to_string(),
        [only] => only.1.clone(),
        few if few.len() <= 6 => {
            let arms: Vec<String> = few.windows(2).map(|p| format!("WHEN {x} < {} THEN {}", p[1].0, p[0].1)).collect();
            let last = few.last().map(|p| p.1.as_str()).unwrap_or_default();
            format!("CASE {} ELSE {last} END", arms.join(" "))
        }
        many => {
            let (a, b) = many.split_at(many.len() / 2);
            let start = b.first().map_or(0, |p| p.0);
            format!("CASE WHEN {x} < {start} THEN {} ELSE {} END", steps(x, a), steps(x, b))
        }
    }
}
