//! Clauses and types -> what is written there, on one line, in the policy's own words.

use super::Version;
use super::pairs::{Pair, Part};
use crate::model::show::{self, describe};
use crate::model::time::show_date;
use crate::model::*;
use crate::source::Span;

/// More characters of a text are not quoted.
const QUOTED: usize = 400;

/// The path of a clause, by the new version if that has it.
pub fn pair(models: &[&Model; 2], pair: &Pair) -> String {
    let path = |which: usize, id: Option<ClauseId>| id.map(|id| models[which].clause(id).path.to_string());
    path(1, pair.new).or_else(|| path(0, pair.old)).unwrap_or_default()
}

impl Version<'_> {
    /// The text at a place, on one line.
    pub fn quote(&self, span: Span) -> String {
        let text = self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(QUOTED) {
            Some((at, _)) => format!("{} …", text[..at].trim_end()),
            None => text,
        }
    }

    /// `contact.ordain:12`
    pub fn place(&self, span: Span) -> String {
        let source = self.sources.get(span.file);
        format!("{}:{}", source.path, source.line_column(span.start).0 + 1)
    }

    /// All statements of a clause.
    pub fn statements(&self, clause: &Clause) -> String {
        let parts = [Part::Condition, Part::Requirements, Part::Duties, Part::Advice];
        let all: Vec<String> = parts.iter().filter_map(|p| self.part(clause, *p)).collect();
        all.join("; ")
    }

    /// The statements that a part of a clause is written in; `None` where there are none.
    pub fn part(&self, clause: &Clause, part: Part) -> Option<String> {
        let model = self.model;
        let quoted = |spans: Vec<Span>| {
            let all: Vec<String> = spans.into_iter().map(|s| self.quote(s)).collect();
            (!all.is_empty()).then(|| all.join("; "))
        };
        match part {
            Part::Condition | Part::Outcome | Part::Provisos => match &clause.outcome {
                Some(outcome) => Some(self.quote(outcome.span)),
                None if clause.waive => Some(match describe(model, &clause.scope) {
                    when if when.is_empty() => "waive".to_string(),
                    when => format!("waive when {when}"),
                }),
                None => None,
            },
            Part::InForce => period_words(clause.period),
            Part::Requirements => quoted(clause.requirements.iter().map(|r| r.span).collect()),
            Part::Duties => quoted(clause.obligations.iter().map(|o| o.span).collect()),
            Part::Advice => quoted(clause.advice.iter().map(|a| a.span).collect()),
            Part::Replaces => {
                let names: Vec<String> = clause.replaces.iter().map(|c| model.clause(*c).path.to_string()).collect();
                (!names.is_empty()).then(|| names.join(", "))
            }
            Part::Policy => {
                let policy = &model.policies[clause.policy.index()];
                let above = policy.yields_to.iter().map(|p| model.policies[p.index()].name.to_string());
                let above: Vec<String> = above.collect();
                Some(match above.is_empty() {
                    true => policy.name.to_string(),
                    false => format!("{}, which yields to {}", policy.name, show::list(&above, "and")),
                })
            }
        }
    }
}

/// `from 2026-09-01 until 2027-06-30`
pub fn period_words(period: Option<(Option<i64>, Option<i64>)>) -> Option<String> {
    let (from, until) = period?;
    let ends = [from.map(|d| format!("from {}", show_date(d))), until.map(|d| format!("until {}", show_date(d)))];
    let ends: Vec<String> = ends.into_iter().flatten().collect();
    (!ends.is_empty()).then(|| ends.join(" "))
}

/// A type as it is declared.
pub fn type_words(ty: &Type) -> String {
    let what = |domain: &Domain| match domain.what {
        Element::Role => "role".to_string(),
        Element::Channel => "channel".to_string(),
        Element::Enumeration => {
            let names: Vec<&str> = domain.values.iter().map(|v| v.name.as_str()).collect();
            format!("one of {}", names.join(", "))
        }
    };
    match ty {
        Type::YesNo => "yes/no".into(),
        Type::Choice(domain) => what(domain),
        Type::Set(domain) => format!("set of {}", what(domain)),
        Type::Number { lo, hi, scale, unit } => {
            let number = |v: i64| show::number(v, *scale);
            let unit = unit.as_deref().map_or(String::new(), |u| format!(" {u}"));
            format!("number {} to {}{unit}", number(*lo), number(*hi))
        }
        Type::Date { .. } => "date".into(),
        Type::Time => "time".into(),
        Type::DateTime { .. } => "datetime".into(),
    }
}

/// What holds where an assumption does not.
pub fn broken(model: &Model, assumption: &Assumption) -> String {
    match &assumption.cond.kind {
        CondKind::Not(inner) => describe(model, inner),
        _ if assumption.implied => "the other version is not in force".to_string(),
        _ => describe(model, &Cond::new(CondKind::Not(Box::new(assumption.cond.clone())), assumption.span)),
    }
}
