//! An explained case as text and as JSON (`docs/schema/decide.schema.json`).

use crate::decide::Verdict;
use crate::diagnostics::json::{self, Given as Value, Place};
use crate::diagnostics::render::Stand;
use crate::diagnostics::render::paint::{Paint, Tint};
use crate::explain::{Decider, Explained, Flip, Follows, Given, Known, Settled, given};
use crate::model::show;
use crate::model::{Case, ClauseId, DecisionId, DutyId, FORBID, FactId, Model, PERMIT, VERDICT};
use crate::source::{Source, Sources};
use crate::tabulate::{cited, result_word};
use serde::Serialize;

pub struct Report<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources,
    pub stand: &'a Stand,
    pub known: &'a [Known],
}

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

impl Report<'_> {
    pub fn text(&self, explained: &Explained, paint: Paint) -> String {
        let mut out = String::new();
        for answer in &explained.answers {
            self.answer(answer, paint, &mut out);
        }
        for duty in &explained.duties {
            let name = &self.model.duty(duty.what);
            let title = name.title.as_ref().map_or(String::new(), |title| format!(": {title}"));
            let rules = self.rules(&duty.by);
            line(
                &mut out,
                &paint.text(Tint::Strong, "duty"),
                &format!("{}{title}", show::words(&name.name)),
                duty.always,
            );
            note(&mut out, &format!("by {rules}"));
        }
        for advice in &explained.advice {
            let text = self.advice_text(advice);
            line(&mut out, &paint.text(Tint::Strong, "advice"), &text, advice.always);
            note(&mut out, &format!("by {}", self.rules(&advice.by)));
        }
        out
    }

    fn answer(&self, answer: &Settled, paint: Paint, out: &mut String) {
        let decision = self.model.decision(answer.decision);
        let head = paint.text(Tint::Strong, &decision.name);
        let Some(result) = answer.result else {
            let facts: Vec<String> =
                answer.depends_on.iter().map(|f| format!("`{}`", self.model.fact(*f).name)).collect();
            out.push_str(&format!("{head}: depends on {}\n", show::list(&facts, "and")));
            for possible in &answer.possible {
                let word = self.word(answer.decision, possible.result);
                let example = self.facts(&possible.case, &possible.facts);
                note(out, &format!("{word}, for example, if {example}"));
            }
            return;
        };
        let tint = match result {
            Verdict::Is(v) if answer.decision == VERDICT && v == PERMIT => Tint::Good,
            Verdict::Is(v) if answer.decision == VERDICT && v == FORBID => Tint::Error,
            Verdict::Is(_) => Tint::Strong,
            Verdict::Conflict | Verdict::Undecided => Tint::Warning,
        };
        out.push_str(&format!("{head}: {}\n", paint.text(tint, &self.word(answer.decision, result))));
        for decider in &answer.by {
            self.decider(answer, decider, out);
        }
        if answer.by_default {
            note(out, "no rule that stands speaks of it: this is the default");
        }
        if result == Verdict::Undecided {
            note(out, "no rule speaks of it, and there is no default");
        }
        if let Some(flip) = &answer.flip {
            note(out, &self.flip(answer.decision, flip));
        }
    }

    fn decider(&self, answer: &Settled, decider: &Decider, out: &mut String) {
        let clause = self.model.clause(decider.clause);
        let says = match (answer.result, &clause.outcome) {
            (Some(Verdict::Conflict), Some(outcome)) => {
                format!(" says {}", result_word(self.model, answer.decision, Verdict::Is(outcome.value)))
            }
            _ => String::new(),
        };
        let sometimes = if decider.always { "" } else { " in some of these cases" };
        let by = if says.is_empty() { "by " } else { "" };
        note(out, &format!("{by}{}{says}{sometimes}", self.rules(&[decider.clause])));
        for (proviso, why) in &decider.failing {
            note(
                out,
                &match proviso {
                    Some(proviso) => format!("its proviso `{proviso}` fails: {why}"),
                    None => format!("what it requires fails: {why}"),
                },
            );
        }
    }

    /// `` `meet` (policy.md#one-to-one) at aup.ordain:53:8 ``
    fn rules(&self, clauses: &[ClauseId]) -> String {
        let rule = |id: &ClauseId| {
            let clause = self.model.clause(*id);
            let cites: Vec<String> = cited(self.model, *id).iter().map(|c| c.text()).collect();
            let cites = if cites.is_empty() { String::new() } else { format!(" ({})", cites.join(", ")) };
            let source = self.sources.get(clause.name_span.file);
            let place = self.sources.place(clause.name_span);
            let place = place.strip_prefix(source.path.as_str()).unwrap_or_default();
            format!("`{}`{cites} at {}{place}", clause.path, self.stand.path(&source.path))
        };
        show::list(&clauses.iter().map(rule).collect::<Vec<_>>(), "and")
    }

    fn flip(&self, decision: DecisionId, flip: &Flip) -> String {
        let changes: Vec<FactId> = flip.changes.iter().map(|c| c.fact).collect();
        let existing = changes.iter().copied().filter(|f| flip.case.values[f.index()].is_some());
        let facts: Vec<FactId> = existing.collect();
        let mut text =
            format!("nearest change: {} if {}", self.word(decision, flip.result), self.facts(&flip.case, &facts));
        if !flip.provided.is_empty() {
            text.push_str(&format!(", provided {}", self.facts(&flip.case, &flip.provided)));
        }
        text
    }

    fn facts(&self, case: &Case, facts: &[FactId]) -> String {
        let clauses: Vec<String> =
            facts.iter().map(|f| show::fact_is(self.model, *f, case.values[f.index()].as_ref())).collect();
        if clauses.is_empty() { "nothing else is so".into() } else { show::list(&clauses, "and") }
    }

    /// How a result is said.
    fn word(&self, decision: DecisionId, result: Verdict) -> String {
        match result {
            Verdict::Is(PERMIT) if decision == VERDICT => "permitted".into(),
            Verdict::Is(FORBID) if decision == VERDICT => "forbidden".into(),
            result => result_word(self.model, decision, result),
        }
    }

    fn advice_text(&self, advice: &Follows<(ClauseId, usize)>) -> String {
        let (clause, index) = advice.what;
        let clause = self.model.clause(clause);
        clause.advice.get(index).map_or(String::new(), |a| show::describe(self.model, &a.cond))
    }

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
                .map(|a| Advice { rule: path(&a.what.0), text: self.advice_text(a), always: a.always })
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
        let path = |source: &Source| self.stand.path(&source.path);
        Rule {
            rule: clause.path.to_string(),
            title: clause.title.as_ref().map(|t| t.to_string()),
            citations: cited(self.model, decider.clause).iter().map(|c| c.text()).collect(),
            place: json::place(clause.name_span, self.sources, &path),
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

fn line(out: &mut String, head: &str, text: &str, always: bool) {
    let sometimes = if always { "" } else { " (in some of these cases)" };
    out.push_str(&format!("{head}: {text}{sometimes}\n"));
}

fn note(out: &mut String, text: &str) {
    out.push_str(&format!("   = {text}\n"));
}
