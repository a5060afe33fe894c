//! The messages about what rules decide: conflict, gap, unreachable, redundant, exceptions, impossible requirements.

use super::Reporter;
use crate::analyse::requirement::{axes_of, ways_out};
use crate::decide::Verdict;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::diagram::{Diagrams, Node};
use crate::model::show::fact_facts;
use crate::model::*;

/// Of a rule with more neighbours, no case is looked for that it shares with one of them alone.
const CROWDED: usize = 16;
/// A gap shows at most this many different examples.
const GAP_EXAMPLES: usize = 3;

impl Reporter<'_, '_> {
    pub(super) fn conflict(&mut self, decision: DecisionId, a: ClauseId, b: ClauseId, region: Node) -> Diagnostic {
        let model = self.model();
        // The one that permits stands first.
        let value = |id: ClauseId| model.clause(id).outcome.as_ref().map(|o| o.value);
        let (a, b) = if value(b) < value(a) { (b, a) } else { (a, b) };
        let (one, other) = (self.name(a), self.name(b));
        let same = value(a) == value(b);
        let message = if decision != VERDICT {
            format!("{one} and {other} give different answers for `{}`", model.decision(decision).name)
        } else if same {
            format!("{one} and {other} permit under provisos that contradict each other")
        } else {
            format!("{one} permits what {other} forbids")
        };
        let (first, second) = (model.clause(a).keyword_span(), model.clause(b).keyword_span());
        let diagnostic = Diagnostic::new(&codes::CONFLICT, first, message)
            .label(first, self.cited(a, &self.verb(a)))
            .label(second, self.cited(b, &self.verb(b)));
        let alone = self.only_these(decision, a, b, region);
        let example = self.example(region, Some(alone), |_, d| {
            let answer = &d.answers[decision.index()];
            answer.result == Verdict::Conflict && answer.by.contains(&a) && answer.by.contains(&b)
        });
        let share = self.share(region);
        let mut diagnostic = self.with_example(diagnostic, example.as_ref()).note(share);
        diagnostic.expects = example.iter().flat_map(|e| self.expectations(decision, e, &[a, b])).collect();
        diagnostic =
            diagnostic.note("both apply there and neither is an exception to the other, so nothing is decided");
        for (winner, loser) in [(a, b), (b, a)] {
            let title = format!("let {} win: make it an exception to {}", self.name(winner), self.name(loser));
            let edits = self.let_win(winner, loser);
            diagnostic = diagnostic.fix(title, edits);
        }
        let (first, second) = (model.clause(a).policy, model.clause(b).policy);
        if first != second {
            let (one, other) = (&model.policies[first.index()].name, &model.policies[second.index()].name);
            diagnostic = diagnostic.help(format!(
                "or let one document go before the other in all cases: `yields to {other}` in `{one}`, or the other way round"
            ));
        }
        diagnostic
    }

    /// The cases of the region in which no third clause takes part.
    fn only_these(&mut self, decision: DecisionId, a: ClauseId, b: ClauseId, region: Node) -> Node {
        // Among very many there is hardly such a case, and to look for it is a search of its own.
        if self.lowered.near(a).len() > CROWDED {
            return region;
        }
        let mut rest = region;
        for &id in self.lowered.near(a).iter().filter(|id| **id != a && **id != b) {
            if self.model().clause(id).outcome.as_ref().is_some_and(|o| o.decision == decision) {
                rest = self.lowered.dd.diff(rest, self.lowered.stands[id.index()]);
            }
            if rest == Diagrams::FALSE {
                break;
            }
        }
        rest
    }

    pub(super) fn gap(&mut self, decision: DecisionId, region: Node, beyond: Option<Option<u128>>) -> Diagnostic {
        let model = self.model();
        let name = &model.decision(decision).name;
        let at = match (decision, model.policies.first()) {
            (VERDICT, Some(policy)) if !policy.name.is_empty() => policy.span,
            (VERDICT, _) => model.clauses.first().map_or(model.decision(decision).span, |c| c.name_span),
            _ => model.decision(decision).span,
        };
        let message = if decision == VERDICT {
            "no rule and no default decides some cases".to_string()
        } else {
            format!("no rule and no default decides `{name}` in some cases")
        };
        let mut diagnostic = Diagnostic::new(&codes::GAP, at, message).label(at, "leaves cases open");
        let mut rest = region;
        let mut suggestion = None;
        for _ in 0..GAP_EXAMPLES {
            let Some((case, facts)) = crate::witness::choose(self.lowered, rest, None) else { break };
            let replay =
                |_: &Model, d: &crate::decide::Decided| d.answers[decision.index()].result == Verdict::Undecided;
            let Some(example) = self.replayed(&case, &facts, replay) else { break };
            if suggestion.is_none() {
                diagnostic.witness = example.facts.clone();
                diagnostic.expects = self.expectations(decision, &example, &[]);
                // A rule for the example alone would leave its neighbours open.
                let tail = super::open::tail(self.lowered, region, &case, &facts);
                suggestion = Some(tail.unwrap_or_else(|| example.tail.trim().to_string()));
            }
            diagnostic = diagnostic.note(format!("for example: {}", example.sentence));
            // The next example differs in one of the facts told.
            let assignment = self.lowered.space.locate(model, &case);
            let mut cube = self.lowered.space.valid;
            for &axis in facts.iter().flat_map(|f| self.lowered.space.axes_of(*f)) {
                let literal = self.lowered.dd.literal(axis, &Bits::one(assignment[axis] as usize));
                cube = self.lowered.dd.and(cube, literal);
            }
            rest = self.lowered.dd.diff(rest, cube);
            if facts.is_empty() || rest == Diagrams::FALSE {
                break;
            }
        }
        diagnostic = diagnostic.note(match beyond {
            None => self.share(region),
            Some(Some(count)) => self.share_of(count),
            Some(None) => format!("at least {}; how many in all was not counted", self.share(region)),
        });
        let value = if decision == VERDICT { "forbid" } else { &model.decision(decision).values[0].name };
        let default = if decision == VERDICT { format!("default {value}") } else { format!("default {name} {value}") };
        if let Some(edit) = self.insert_setting(&default) {
            diagnostic = diagnostic.fix(format!("say what holds where no rule speaks: `{default}`"), vec![edit]);
        } else {
            diagnostic = diagnostic
                .help(format!("say what holds where no rule speaks, in a policy block: `policy NAME {{ {default} }}`"));
        }
        if let Some(tail) = suggestion {
            let statement = if decision == VERDICT { "forbid".to_string() } else { format!("{name} is {value}") };
            let statement = if tail.is_empty() { statement } else { format!("{statement} {tail}") };
            let rule = format!("rule {} {{ {statement} }}", self.free_name("open_case"));
            if let Some(edit) = self.append_rule(&rule) {
                diagnostic = diagnostic.fix(format!("add a rule for these cases: `{rule}`"), vec![edit]);
            }
        }
        diagnostic
    }

    pub(super) fn exception_misses(&mut self, id: ClauseId, region: Node) -> Diagnostic {
        let model = self.model();
        let clause = model.clause(id);
        let rules = clause.replaces.clone();
        let name = self.name(id);
        let message = format!("{name} never meets its rule: where it applies, {} does not", self.names(&rules));
        let mut diagnostic = Diagnostic::new(&codes::EXCEPTION_MISSES, clause.name_span, message)
            .label(clause.scope.span, self.cited(id, "speaks of these cases"));
        for rule in rules.iter().take(3) {
            diagnostic =
                diagnostic.label(model.clause(*rule).scope.span, self.cited(*rule, "none of which is among these"));
        }
        let example = self.example(region, None, |_, d| {
            rules.iter().all(|r| *d.status.of(*r) == crate::decide::Status::DoesNotApply)
        });
        let answer = example.as_ref().map(|e| self.answer(&e.decided, self.decision_of(id)));
        diagnostic = self.with_example(diagnostic, example.as_ref());
        if let Some(answer) = answer {
            diagnostic = diagnostic.note(format!("today that is {answer}; the exception says nothing there"));
        }
        if let Some(edits) = self.make_rule(id) {
            diagnostic = diagnostic.fix(format!("make {name} a rule of its own"), edits);
        }
        diagnostic.fix(format!("delete {name}"), vec![self.delete_clause(id)])
    }

    fn decision_of(&self, id: ClauseId) -> DecisionId {
        self.model().clause(id).outcome.as_ref().map_or(VERDICT, |o| o.decision)
    }

    pub(super) fn unreachable(&mut self, id: ClauseId, by: &[ClauseId], region: Node) -> Diagnostic {
        let model = self.model();
        let clause = model.clause(id);
        let name = self.name(id);
        let message = match by {
            [] => format!("{name} applies, but never decides anything"),
            _ => format!("{name} never decides: wherever it applies, {} does", self.names(by)),
        };
        let message = if by.len() > 1 {
            message.strip_suffix(" does").map(|m| format!("{m} do")).unwrap_or(message)
        } else {
            message
        };
        let at = clause.keyword_span();
        let mut diagnostic =
            Diagnostic::new(&codes::UNREACHABLE, at, message).label(at, self.cited(id, "never decides"));
        for other in by.iter().take(4) {
            let span = model.clause(*other).keyword_span();
            diagnostic = diagnostic.label(span, self.cited(*other, &self.verb(*other)));
        }
        let decision = self.decision_of(id);
        let example = self.example(region, None, |_, d| !d.answers[decision.index()].by.contains(&id));
        let answer = example.as_ref().map(|e| self.answer(&e.decided, decision));
        diagnostic = self.with_example(diagnostic, example.as_ref());
        if let Some(answer) = answer {
            diagnostic = diagnostic.note(format!("today that is {answer}"));
        }
        diagnostic.unnecessary = true;
        if let [other] = by
            && !clause.replaces.contains(other)
            && !model.clause(*other).replaces.contains(&id)
            && !model.clause(*other).waive
            && clause.outcome.is_some()
        {
            let edits = self.let_win(id, *other);
            diagnostic =
                diagnostic.fix(format!("let {name} win: make it an exception to {}", self.name(*other)), edits);
        }
        let exceptions = self.lowered.exceptions[id.index()].clone();
        if exceptions.iter().any(|e| crate::analyse::reach::matters(self.lowered, *e)) {
            return diagnostic.help(format!("make {} a rule of its own, and delete {name}", self.names(&exceptions)));
        }
        diagnostic.fix(format!("delete {name}"), vec![self.delete_clause(id)])
    }

    pub(super) fn redundant(&mut self, id: ClauseId, by: &[ClauseId], region: Node) -> Diagnostic {
        let model = self.model();
        let clause = model.clause(id);
        let name = self.name(id);
        let verb = if by.len() == 1 { "decides" } else { "decide" };
        let message = format!("{name} is redundant: {} {verb} the same in every case it decides", self.names(by));
        let at = clause.keyword_span();
        let mut diagnostic = Diagnostic::new(&codes::REDUNDANT, at, message).label(at, self.cited(id, "adds nothing"));
        for other in by.iter().take(4) {
            let span = model.clause(*other).keyword_span();
            diagnostic = diagnostic.label(span, self.cited(*other, &self.verb(*other)));
        }
        let decision = self.decision_of(id);
        let example = self.example(region, None, |_, d| d.answers.iter().any(|a| a.by.contains(&id)));
        let answer = example.as_ref().map(|e| self.answer(&e.decided, decision));
        diagnostic = self.with_example(diagnostic, example.as_ref());
        if let Some(answer) = answer {
            diagnostic = diagnostic.note(format!("today that is {answer}"));
        }
        if self.lowered.exceptions[id.index()].is_empty() {
            diagnostic.unnecessary = true;
            diagnostic.fix(format!("delete {name}"), vec![self.delete_clause(id)])
        } else {
            diagnostic.help(format!("delete {name}, and make its exceptions exceptions to {}", self.names(by)))
        }
    }

    pub(super) fn no_effect(&mut self, id: ClauseId, region: Node) -> Diagnostic {
        let model = self.model();
        let clause = model.clause(id);
        let name = self.name(id);
        let rules = self.names(&clause.replaces);
        let at = clause.keyword_span();
        let mut diagnostic = Diagnostic::new(
            &codes::EXCEPTION_NO_EFFECT,
            at,
            format!("{name} changes nothing: it says what {rules} would say"),
        )
        .label(at, self.cited(id, "says the same"));
        for rule in clause.replaces.iter().take(3) {
            let span = model.clause(*rule).keyword_span();
            diagnostic = diagnostic.label(span, self.cited(*rule, &self.verb(*rule)));
        }
        let example = self.example(region, None, |_, d| *d.status.of(id) != crate::decide::Status::DoesNotApply);
        diagnostic = self.with_example(diagnostic, example.as_ref());
        diagnostic.unnecessary = true;
        diagnostic.fix(format!("delete {name}"), vec![self.delete_clause(id)])
    }

    pub(super) fn impossible(&mut self, id: ClauseId, requirement: usize, by: &[ClauseId], region: Node) -> Diagnostic {
        let model = self.model();
        let clause = model.clause(id);
        let asked = &clause.requirements[requirement];
        let name = self.name(id);
        let choices: Vec<String> =
            fact_facts(model, &asked.cond).iter().map(|f| format!("`{}`", model.fact(*f).name)).collect();
        let choices = show::list(&choices, "and");
        let message = match by {
            [] => format!("nobody can meet what {name} requires: with it, no choice of {choices} is permitted"),
            _ => format!(
                "nobody can meet what {name} requires: {} rule{} out every choice",
                self.names(by),
                if by.len() == 1 { "s" } else { "" }
            ),
        };
        let mut diagnostic = Diagnostic::new(&codes::IMPOSSIBLE, asked.span, message)
            .label(asked.cond.span, self.cited(id, "requires this"));
        for other in by.iter().take(4) {
            let clause = model.clause(*other);
            let span = clause.requirements.first().map_or(clause.keyword_span(), |r| r.cond.span);
            diagnostic = diagnostic.label(span, self.cited(*other, &format!("{} this", self.verb(*other))));
        }
        // The circumstances: every choice of the facts it speaks of is refused there.
        let circumstances = self.lowered.dd.exists(region, &axes_of(self.lowered, &asked.cond));
        let circumstances = self.lowered.dd.and(circumstances, self.lowered.space.valid);
        let open = ways_out(self.lowered, circumstances, &asked.cond);
        let circumstances = self.lowered.dd.diff(circumstances, open);
        let example =
            self.example(circumstances, None, |_, d| d.answers[VERDICT.index()].result != Verdict::Is(PERMIT));
        if let Some(example) = &example {
            diagnostic.witness = example.facts.clone();
            diagnostic = diagnostic.note(format!("for example: {}", example.sentence));
        }
        diagnostic = diagnostic
            .note(format!("without {name} some choice of {choices} would be permitted there; today none is"))
            .note(self.share(circumstances));
        let ways = if let [other] = by { self.give_way(id, *other) } else { Vec::new() };
        if !ways.is_empty() {
            return ways.into_iter().fold(diagnostic, |d, (title, edits)| d.fix(title, edits));
        }
        diagnostic = diagnostic.help(match by {
            [other, ..] => format!("say which of {name} and {} gives way, with an exception", self.name(*other)),
            [] => format!("permit what {name} asks for, or narrow it"),
        });
        diagnostic
    }

    /// What lets one of two clauses give way to the other, each way round.
    pub(super) fn give_way(&self, one: ClauseId, other: ClauseId) -> Vec<(String, Vec<Edit>)> {
        let way = |(winner, loser): (ClauseId, ClauseId)| {
            let title = format!("let {} go first, with an exception in {}", self.name(winner), self.name(loser));
            Some((title, self.lift(loser, winner)?))
        };
        [(one, other), (other, one)].into_iter().filter_map(way).collect()
    }

    /// Edits with which `winner` decides where both speak: as an exception to `loser` if it speaks only of cases of it,
    /// else by an exception in `loser` that repeats what `winner` says.
    fn let_win(&mut self, winner: ClauseId, loser: ClauseId) -> Vec<Edit> {
        let model = self.model();
        let (a, b) = (model.clause(winner), model.clause(loser));
        let (x, y) = (self.lowered.applies[winner.index()], self.lowered.applies[loser.index()]);
        if !a.is_exception() && self.lowered.dd.implies(x, y) {
            let start = crate::source::Span { end: a.name_span.end, ..a.span };
            return vec![Edit::replace(start, format!("exception {} to {}", a.name, b.path))];
        }
        // What an exception says is only a part of its condition: it cannot be repeated elsewhere word by word.
        let Some(outcome) = a.outcome.as_ref().filter(|_| !a.is_exception()) else { return Vec::new() };
        let name = format!("{}_applies", a.name);
        let statement = self.sources.text(outcome.span).trim();
        vec![self.insert_in_clause(loser, &format!("except {name} {{ {statement} }}"))]
    }
}
