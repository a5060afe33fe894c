//! Features -> attributes of the context and expressions over them. What Cedar cannot reckon becomes an attribute of its own.

use super::text;
use crate::emit::sheet::{Allowed, Feature, Kind, Measure, Of, Range, Sheet, Test};
use crate::emit::words;
use crate::model::time::{MINUTES_PER_DAY, WEEKDAYS};

/// Of so many spans at most a period is written out.
const SPANS: usize = 8;
/// Words of Cedar that cannot stand behind a dot.
const KEYWORDS: [&str; 8] = ["true", "false", "if", "then", "else", "in", "is", "like"];

/// A key of the context.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: String,
    pub ty: &'static str,
    pub optional: bool,
    pub meaning: String,
}

pub struct Measurer<'a> {
    sheet: &'a Sheet<'a>,
    /// Inputs that some test looks at.
    used: Vec<bool>,
    pub asked: Vec<Attribute>,
}

/// A feature as Cedar has it: what stands for it, and the attributes that must be there.
struct Value {
    expression: String,
    /// Optional ones only.
    needs: Vec<String>,
}

impl<'a> Measurer<'a> {
    pub fn new(sheet: &'a Sheet<'a>) -> Self {
        let mut measurer = Self { sheet, used: vec![false; sheet.inputs.len()], asked: Vec::new() };
        for feature in &sheet.features {
            match measurer.asks(feature) {
                true => measurer.ask(feature),
                false => {
                    for (i, input) in sheet.inputs.iter().enumerate() {
                        measurer.used[i] |= sheet.inputs_of(feature).iter().any(|f| f.fact == input.fact);
                    }
                }
            }
        }
        measurer
    }

    /// Whether it must be given.
    fn asks(&self, feature: &Feature) -> bool {
        let is_moment = |i: usize| matches!(self.sheet.inputs[i].kind, Kind::DateTime { .. });
        match &feature.of {
            Of::Value(_) | Of::Contains(..) => false,
            Of::Weekday(_) => true,
            Of::Within(_, _, spans) => spans.len() > SPANS,
            Of::Distance { from, to, measure } => match measure {
                Measure::Number { .. } | Measure::Minutes => false,
                // The dates are local, and whole days lie between dates only.
                Measure::Days => is_moment(*from) || is_moment(*to),
                Measure::Months | Measure::PeriodDays(..) => true,
            },
        }
    }

    fn ask(&mut self, feature: &Feature) {
        let sheet = self.sheet;
        let model = sheet.model;
        let zone = &model.zone.name;
        let names: Vec<&str> = sheet.inputs_of(feature).iter().map(|i| i.name.as_str()).collect();
        let (first, last) = (names.first().copied().unwrap_or_default(), names.last().copied().unwrap_or_default());
        let (ty, meaning) = match &feature.of {
            Of::Within(_, period, _) => {
                let period = &model.period(*period).name;
                ("Bool", format!("whether `{first}` lies in the period `{period}`, in the time zone {zone}"))
            }
            Of::Distance { measure, .. } => {
                let what = match measure {
                    Measure::Months => "whole months".to_string(),
                    Measure::PeriodDays(period, _) => format!("days of the period `{}`", model.period(*period).name),
                    _ => "days".to_string(),
                };
                let how = "less than 0 where the second is the earlier one";
                (
                    "Long",
                    format!("{what} from the date of `{first}` to that of `{last}`, in the time zone {zone}; {how}"),
                )
            }
            _ => ("String", format!("the day of the week of `{first}`, such as Monday, in the time zone {zone}")),
        };
        let mut name = feature.name.clone();
        while sheet.inputs.iter().any(|i| i.name == name) {
            name.push('_');
        }
        self.asked.push(Attribute { name, ty, optional: feature.optional, meaning });
    }

    /// The keys of the context.
    pub fn attributes(&self) -> Vec<Attribute> {
        let used = self.sheet.inputs.iter().zip(&self.used).filter(|(_, used)| **used);
        let mut all: Vec<Attribute> = used
            .map(|(input, _)| {
                let (ty, what) = match &input.kind {
                    Kind::YesNo => ("Bool", "true or false".to_string()),
                    Kind::Choice { values } => ("String", format!("one of {}", values.join(", "))),
                    Kind::Number { lo, hi, scale, unit } => {
                        let unit = unit.as_ref().map(|u| format!(" {u}")).unwrap_or_default();
                        let ends = format!("{} to {}{unit}", words::decimal(*lo, *scale), words::decimal(*hi, *scale));
                        let step = match scale {
                            0 => String::new(),
                            _ => format!(
                                ", in steps of {}: {} is {lo}",
                                words::decimal(1, *scale),
                                words::decimal(*lo, *scale)
                            ),
                        };
                        ("Long", format!("{ends}{step}"))
                    }
                    Kind::Date { .. } => ("datetime", "a date: datetime(\"2026-09-14\")".to_string()),
                    Kind::Time => ("duration", "since midnight: duration(\"15h30m\")".to_string()),
                    Kind::DateTime { .. } => {
                        ("datetime", "to the minute: datetime(\"2026-09-14T15:00:00-0500\")".to_string())
                    }
                    Kind::Set { values } => ("Set<String>", format!("of {}", values.join(", "))),
                };
                let meaning = input.title.as_ref().map_or_else(|| what.clone(), |t| format!("{t}; {what}"));
                Attribute { name: input.name.clone(), ty, optional: input.optional, meaning }
            })
            .collect();
        all.extend(self.asked.iter().cloned());
        all
    }

    fn value(&self, feature: &Feature) -> Value {
        let sheet = self.sheet;
        if self.asks(feature) {
            let name = self
                .asked
                .iter()
                .map(|a| &a.name)
                .find(|n| n.trim_end_matches('_') == feature.name.trim_end_matches('_'));
            let name = name.unwrap_or(&feature.name);
            let needs = if feature.optional { vec![has(name)] } else { Vec::new() };
            return Value { expression: get(name), needs };
        }
        let needs = sheet.inputs_of(feature).iter().filter(|i| i.optional).map(|i| has(&i.name)).collect();
        let name = |i: usize| get(&sheet.inputs[i].name);
        let expression = match &feature.of {
            Of::Value(i) | Of::Weekday(i) | Of::Within(i, ..) | Of::Contains(i, _) => name(*i),
            Of::Distance { from, to, measure } => {
                let (a, b) = (name(*from), name(*to));
                match (measure, &sheet.inputs[*from].kind) {
                    (Measure::Number { .. }, _) => format!("({b} - {a})"),
                    (_, Kind::Time) => {
                        let on = |x: &str| format!("datetime(\"1970-01-01\").offset({x})");
                        format!("{}.durationSince({})", on(&b), on(&a))
                    }
                    _ => format!("{b}.durationSince({a})"),
                }
            }
        };
        Value { expression, needs }
    }

    /// A condition that is true where the test holds, and never an error.
    pub fn test(&mut self, feature: &Feature, test: &Test) -> String {
        let value = self.value(feature);
        let present = value.needs.join(" && ");
        let allowed = match &test.allowed {
            Allowed::Nothing => None,
            Allowed::Any => Some("true".to_string()),
            some => Some(self.allowed(feature, &value.expression, some)),
        };
        match (allowed, test.absent, present.is_empty()) {
            (None, true, false) => format!("!({present})"),
            (None, ..) => "false".into(),
            (Some(a), _, true) => a,
            (Some(a), true, false) => format!("(if {present} then {a} else true)"),
            (Some(a), false, false) if a == "true" => present,
            (Some(a), false, false) => format!("{present} && {a}"),
        }
    }

    fn allowed(&self, feature: &Feature, x: &str, allowed: &Allowed) -> String {
        match (&feature.of, allowed) {
            (Of::Within(i, _, spans), Allowed::Bool(yes)) if !self.asks(feature) => {
                let inside: Vec<String> = spans
                    .iter()
                    .map(|(lo, hi)| {
                        self.range(
                            Some(&self.sheet.inputs[*i].kind),
                            feature,
                            x,
                            &Range { lo: Some(*lo), hi: Some(*hi) },
                        )
                    })
                    .collect();
                let inside = any(inside);
                if *yes { inside } else { format!("!{inside}") }
            }
            (Of::Contains(_, elements), Allowed::Bool(yes)) => {
                let has = match elements.as_slice() {
                    [one] => format!("{x}.contains({})", text(one)),
                    [] => "false".to_string(),
                    _ => format!(
                        "{x}.containsAny([{}])",
                        elements.iter().map(|e| text(e)).collect::<Vec<_>>().join(", ")
                    ),
                };
                if *yes { has } else { format!("!({has})") }
            }
            (_, Allowed::Bool(yes)) => {
                if *yes {
                    x.to_string()
                } else {
                    format!("!{x}")
                }
            }
            (_, Allowed::Values(values)) => {
                let all = self.sheet.values(feature);
                one_of(x, values.iter().filter_map(|v| all.get(*v)).map(|v| text(v)).collect())
            }
            (_, Allowed::Days(days)) => {
                one_of(x, (0..7usize).filter(|b| days >> b & 1 == 1).map(|b| text(WEEKDAYS[b])).collect())
            }
            (of, Allowed::Ranges(ranges)) => {
                let kind = if let Of::Value(i) = of { Some(&self.sheet.inputs[*i].kind) } else { None };
                any(ranges.iter().map(|r| self.range(kind, feature, x, r)).collect())
            }
            _ => "false".into(),
        }
    }

    fn range(&self, kind: Option<&Kind>, feature: &Feature, x: &str, range: &Range) -> String {
        let minutes = |m: i64| {
            let (sign, m) = if m < 0 { ("-", -m) } else { ("", m) };
            match (m / 60, m % 60) {
                (0, m) => format!("duration(\"{sign}{m}m\")"),
                (h, 0) => format!("duration(\"{sign}{h}h\")"),
                (h, m) => format!("duration(\"{sign}{h}h{m}m\")"),
            }
        };
        let asked = self.asks(feature);
        // Where time goes on below what is told, the end is left half open.
        let (literal, open): (Box<dyn Fn(i64) -> String>, bool) = match (kind, &feature.of) {
            (Some(Kind::Date { .. }), _) => (Box::new(|v| format!("datetime(\"{}\")", words::date(v))), false),
            (Some(Kind::DateTime { .. }), _) => (Box::new(|v| format!("datetime(\"{}\")", words::instant(v))), true),
            (Some(Kind::Time), _) => (Box::new(minutes), true),
            (_, Of::Distance { measure: Measure::Minutes, .. }) => (Box::new(minutes), false),
            (_, Of::Distance { measure: Measure::Days, .. }) if !asked => {
                (Box::new(move |v| minutes(v.saturating_mul(MINUTES_PER_DAY))), false)
            }
            _ => (Box::new(|v| if v < 0 { format!("({v})") } else { v.to_string() }), false),
        };
        match (range.lo, range.hi) {
            (None, None) => "true".into(),
            (Some(lo), Some(hi)) if lo == hi && !open => format!("{x} == {}", literal(lo)),
            (lo, hi) => {
                let lo = lo.map(|lo| format!("{x} >= {}", literal(lo)));
                let hi = hi.map(|hi| match open {
                    true => format!("{x} < {}", literal(hi + 1)),
                    false => format!("{x} <= {}", literal(hi)),
                });
                lo.into_iter().chain(hi).collect::<Vec<_>>().join(" && ")
            }
        }
    }
}

/// One of them holds; in brackets.
fn any(mut parts: Vec<String>) -> String {
    match parts.len() {
        0 => "false".into(),
        1 => format!("({})", parts.remove(0)),
        _ => format!("({})", parts.iter().map(|p| format!("({p})")).collect::<Vec<_>>().join(" || ")),
    }
}

fn one_of(x: &str, names: Vec<String>) -> String {
    match names.as_slice() {
        [] => "false".into(),
        [one] => format!("{x} == {one}"),
        _ => format!("[{}].contains({x})", names.join(", ")),
    }
}

fn get(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("context[{}]", text(name)) } else { format!("context.{name}") }
}

fn has(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("context has {}", text(name)) } else { format!("context has {name}") }
}
