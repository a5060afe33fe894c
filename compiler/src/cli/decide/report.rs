//! `ordain decide`'s answer as text; as JSON it is `explain::document`.

use crate::decide::Verdict;
use crate::diagnostics::render::Stand;
use crate::diagnostics::render::paint::{Paint, Tint};
use crate::explain::{Decider, Explained, Flip, Settled, advice_text};
use crate::model::show;
use crate::model::{Case, ClauseId, DecisionId, FORBID, FactId, Model, PERMIT, VERDICT};
use crate::source::Sources;
use crate::tabulate::{cited, result_word};

pub struct Report<'a> {
    pub model: &'a Model,
    pub sources: &'a Sources,
    pub stand: &'a Stand,
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
            let text = advice_text(self.model, advice);
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
}

fn line(out: &mut String, head: &str, text: &str, always: bool) {
    let sometimes = if always { "" } else { " (in some of these cases)" };
    out.push_str(&format!("{head}: {text}{sometimes}\n"));
}

fn note(out: &mut String, text: &str) {
    out.push_str(&format!("   = {text}\n"));
}
