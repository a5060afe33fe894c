//! An explained case -> the document that says so to machines (`docs/schema/decide.schema.json`), for the command and the
//! editor.

use super::given;
use super::{Decider, Explained, Follows, Given, Known, Settled};
use crate::decide::Verdict;
use crate::diagnostics::json::{self, Given as Value, Place};
use crate::model::show;
use crate::model::{Case, ClauseId, DutyId, FactId, Model};
use crate::source::{Source, Sources};
use crate::tabulate::{cited, result_word};
use serde::Serialize;

#[derive(Serialize)]
pub struct Document {
    version: u32,
    given: Vec<Value>,
    answers: Vec<Answer>,
    duties: Vec<Duty>,
    advice: Vec<Advice>,
    /// One case with the given facts.
    case: Vec<Value>,
    kinds: json::Count,
}

#[derive(Serialize)]
struct Answer {
    decision: String,
    /// permit, forbid or another outcome; conflict; undecided; null where it depends on missing facts.
    result: Option<String>,
    depends_on: Vec<String>,
    possible: Vec<Possible>,
    by: Vec<Rule>,
    by_default: bool,
    nearest_change: Option<Change>,
}

#[derive(Serialize)]
struct Possible {
    result: String,
    example: Vec<Value>,
}

#[derive(Serialize)]
struct Rule {
    rule: String,
    title: Option<String>,
    citations: Vec<String>,
    place: Place,
    /// In every case with the given facts, not only in some.
    always: bool,
    failing: Vec<Failing>,
}

#[derive(Serialize)]
struct Failing {
    /// Null for a requirement.
    proviso: Option<String>,
    why: String,
}

#[derive(Serialize)]
struct Change {
    result: String,
    changes: Vec<Changed>,
    provided: Vec<Value>,
}

#[derive(Serialize)]
struct Changed {
    fact: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct Duty {
    duty: String,
    title: Option<String>,
    always: bool,
    by: Vec<String>,
}

#[derive(Serialize)]
struct Advice {
    rule: String,
    text: String,
    always: bool,
}

/// What an advice says, in words.
pub fn advice_text(model: &Model, advice: &Follows<(ClauseId, usize)>) -> String {
    let (clause, index) = advice.what;
    let clause = model.clause(clause);
    clause.advice.get(index).map_or(String::new(), |a| show::describe(model, &a.cond))
}

/// Writes documents about the cases of one policy; `path` says how a file is called.
pub struct Writer<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources,
    pub path: &'a dyn Fn(&Source) -> String,
    pub known: &'a [Known],
}

impl Writer<'_> {
    pub fn document(&self, explained: &Explained) -> Document {
        let path = |clause: &ClauseId| self.model.clause(*clause).path.to_string();
        let duty = |duty: &Follows<DutyId>| {
            let found = self.model.duty(duty.what);
            Duty {
                duty: found.name.to_string(),
                title: found.title.as_ref().map(|t| t.to_string()),
                always: duty.always,
                by: duty.by.iter().map(path).collect(),
            }
        };
        let all: Vec<FactId> = self.model.fact_ids().filter(|f| explained.case.values[f.index()].is_some()).collect();
        Document {
            version: json::VERSION,
            given: self.known.iter().map(|k| self.given(k)).collect(),
            answers: explained.answers.iter().map(|answer| self.answer_document(answer)).collect(),
            duties: explained.duties.iter().map(duty).collect(),
            advice: explained
                .advice
                .iter()
                .map(|a| Advice { rule: path(&a.what.0), text: advice_text(self.model, a), always: a.always })
                .collect(),
            case: self.values(&explained.case, &all),
            kinds: json::Count(explained.kinds),
        }
    }

    fn answer_document(&self, answer: &Settled) -> Answer {
        let word = |result: Verdict| result_word(self.model, answer.decision, result);
        let name = |fact: &FactId| self.model.fact(*fact).name.to_string();
        let value = |fact: FactId, value: &Option<crate::model::Value>| {
            value.as_ref().map(|v| given::write(self.model, fact, v))
        };
        Answer {
            decision: self.model.decision(answer.decision).name.to_string(),
            result: answer.result.map(word),
            depends_on: answer.depends_on.iter().map(name).collect(),
            possible: answer
                .possible
                .iter()
                .map(|p| Possible { result: word(p.result), example: self.values(&p.case, &p.facts) })
                .collect(),
            by: answer.by.iter().map(|decider| self.rule(decider)).collect(),
            by_default: answer.by_default,
            nearest_change: answer.flip.as_ref().map(|flip| Change {
                result: word(flip.result),
                changes: flip
                    .changes
                    .iter()
                    .map(|c| Changed { fact: name(&c.fact), from: value(c.fact, &c.from), to: value(c.fact, &c.to) })
                    .collect(),
                provided: self.values(&flip.case, &flip.provided),
            }),
        }
    }

    fn rule(&self, decider: &Decider) -> Rule {
        let clause = self.model.clause(decider.clause);
        Rule {
            rule: clause.path.to_string(),
            title: clause.title.as_ref().map(|t| t.to_string()),
            citations: cited(self.model, decider.clause).iter().map(|c| c.text()).collect(),
            place: json::place(clause.name_span, self.sources, self.path),
            always: decider.always,
            failing: decider
                .failing
                .iter()
                .map(|(proviso, why)| Failing { proviso: proviso.clone(), why: why.clone() })
                .collect(),
        }
    }

    fn given(&self, known: &Known) -> Value {
        let moment = |v: i64| show::moment(self.model, known.fact, v);
        let value = match &known.given {
            Given::One(value) => given::write(self.model, known.fact, value),
            Given::Among(values) => show::values(self.model, known.fact, values),
            Given::Between(a, b) => format!("{} to {}", moment(*a), moment(*b)),
            Given::Absent => "-".into(),
        };
        Value { fact: self.model.fact(known.fact).name.to_string(), value }
    }

    fn values(&self, case: &Case, facts: &[FactId]) -> Vec<Value> {
        let value = |fact: &FactId| {
            let value = case.values[fact.index()].as_ref().map(|v| given::write(self.model, *fact, v));
            Value { fact: self.model.fact(*fact).name.to_string(), value: value.unwrap_or_else(|| "-".into()) }
        };
        facts.iter().map(value).collect()
    }
}
