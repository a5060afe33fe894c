//! The messages that are not about what rules decide: conditions, assumptions, periods, duties, the budget.

use super::Reporter;
use crate::analyse::{Place, Question, cover};
use crate::diagnostics::{Diagnostic, Level, codes, thousands};
use crate::diagram::{Diagrams, Node};
use crate::model::show::{self, fact_facts};
use crate::model::time::show_date;
use crate::model::*;
use crate::source::Span;

/// Of the rules that a question was left open for, so many are named, and so many shown.
const NAMED: usize = 20;
const LABELS: usize = 4;
/// What helps where a budget did not suffice.
const RAISE: &str = "raise the budget (`--budget`), or split the policy";

impl Reporter<'_, '_> {
    pub(super) fn no_cases(&mut self, assumptions: &[usize]) -> Diagnostic {
        let model = self.model();
        let spans: Vec<Span> = assumptions.iter().map(|a| model.assumptions[*a].span).collect();
        let first = spans.first().copied().unwrap_or_default();
        let text = if spans.len() == 1 {
            "no case satisfies this assumption"
        } else {
            "these assumptions rule out every case"
        };
        let mut diagnostic = Diagnostic::new(&codes::NO_CASES, first, text);
        for (i, span) in spans.iter().enumerate() {
            diagnostic = diagnostic.label(*span, if i == 0 { "no case is left" } else { "together with this" });
        }
        diagnostic
            .note("nothing can be proved about no case, so the rules were not looked at")
            .help("drop or widen one of the assumptions")
    }

    pub(super) fn never_applies(&mut self, id: ClauseId, parts: &[Span], statement: Option<Span>) -> Diagnostic {
        let clause = self.model().clause(id);
        let name = self.name(id);
        let message = match statement {
            Some(_) => format!("this part of {name} is never asked: no case satisfies its condition"),
            None => format!("{name} never applies: no case satisfies its condition"),
        };
        let at = statement.unwrap_or(clause.name_span);
        let mut diagnostic = Diagnostic::new(&codes::NEVER_APPLIES, at, message);
        if statement.is_none() {
            diagnostic = diagnostic.label(at, self.cited(id, "never applies"));
        }
        for (i, part) in parts.iter().enumerate() {
            let text = match (i, parts.len()) {
                (0, 1) => "holds in no such case",
                (0, _) => "this …",
                _ => "… and this contradict",
            };
            diagnostic = diagnostic.label(*part, text);
        }
        if let (None, Some(period)) = (statement, clause.period)
            && self.lowered.cond(&clause.scope) != Diagrams::FALSE
        {
            diagnostic = diagnostic.note(format!("it is in force {}", period_words(period)));
        }
        for reason in self.existence_reasons(id, parts) {
            diagnostic = diagnostic.note(reason);
        }
        diagnostic.unnecessary = statement.is_none();
        let diagnostic = if parts.len() > 1 { diagnostic.help("change one of these parts") } else { diagnostic };
        match statement {
            None => diagnostic.fix(format!("delete {name}"), vec![self.delete_clause(id)]),
            Some(_) => diagnostic,
        }
    }

    /// "`account` exists only if channel is email", for the facts that the parts speak of.
    fn existence_reasons(&self, id: ClauseId, parts: &[Span]) -> Vec<String> {
        let model = self.model();
        let clause = model.clause(id);
        let conditions = std::iter::once(&clause.scope).chain(crate::analyse::scope::statement_conditions(clause));
        let mut facts = Vec::new();
        for condition in conditions {
            for part in crate::analyse::scope::conjuncts(condition).into_iter().filter(|p| parts.contains(&p.span)) {
                facts.extend(fact_facts(model, part));
            }
        }
        facts.sort_unstable();
        facts.dedup();
        facts.iter().filter_map(|f| self.existence(*f)).collect()
    }

    fn existence(&self, fact: FactId) -> Option<String> {
        let fact = self.model().fact(fact);
        let cond = fact.exists_if.as_ref()?;
        Some(format!("`{}` exists only if {}", fact.name, self.quote(cond.span)))
    }

    pub(super) fn never_in_force(&mut self, id: ClauseId) -> Diagnostic {
        let model = self.model();
        let clause = model.clause(id);
        let (from, until) = clause.period.unwrap_or_default();
        let name = self.name(id);
        let diagnostic = Diagnostic::new(&codes::NEVER_IN_FORCE, clause.name_span, format!("{name} is never in force"))
            .label(clause.name_span, self.cited(id, "never in force"));
        let policy = &model.policies[clause.policy.index()];
        let reason = match (from.zip(until).filter(|(f, u)| f > u), policy.in_force) {
            (Some((from, until)), _) => {
                format!("it begins on {}, after it has ended on {}", show_date(from), show_date(until))
            }
            (None, Some(period)) => format!(
                "it is in force {}, the policy {}",
                period_words(clause.period.unwrap_or_default()),
                period_words(period)
            ),
            (None, None) => "its period lies outside the dates that can occur".into(),
        };
        diagnostic.note(reason).fix(format!("delete {name}"), vec![self.delete_clause(id)])
    }

    pub(super) fn expired(&mut self, id: ClauseId, until: i64) -> Diagnostic {
        let span = self.model().clause(id).name_span;
        let name = self.name(id);
        Diagnostic::new(&codes::EXPIRED, span, format!("{name} has expired"))
            .label(span, format!("in force until {}", show_date(until)))
            .fix(format!("delete {name}"), vec![self.delete_clause(id)])
            .help("extend its period")
    }

    pub(super) fn not_yet(&mut self, id: ClauseId, from: i64) -> Diagnostic {
        let span = self.model().clause(id).name_span;
        let name = self.name(id);
        Diagnostic::new(&codes::NOT_YET_IN_FORCE, span, format!("{name} is not yet in force"))
            .label(span, format!("in force from {}", show_date(from)))
    }

    pub(super) fn duties(&mut self, a: DutyId, b: DutyId, region: Node) -> Diagnostic {
        let model = self.model();
        let (first, second) = (&model.duty(a).name, &model.duty(b).name);
        let message = format!("the duties `{first}` and `{second}` exclude one another, but both follow");
        let (one, other) = (self.obliging(a, region), self.obliging(b, region));
        let at = one.first().map_or(model.duty(a).span, |o| o.1);
        let mut diagnostic = Diagnostic::new(&codes::DUTIES_CONTRADICT, at, message);
        for (duty, places) in [(first, &one), (second, &other)] {
            for (id, span) in places {
                diagnostic = diagnostic.label(*span, self.cited(*id, &format!("obliges {duty}")));
            }
        }
        if let Some(span) = model.duty(a).excludes_span.or(model.duty(b).excludes_span) {
            diagnostic = diagnostic.label(span, "they exclude one another");
        }
        let example = self.example(region, None, |_, d| d.duties.contains(&a) && d.duties.contains(&b));
        let diagnostic = self.with_example(diagnostic, example.as_ref()).note(self.share(region));
        if let ([(one, _)], [(other, _)]) = (one.as_slice(), other.as_slice()) {
            let ways = self.give_way(*one, *other);
            if !ways.is_empty() {
                return ways.into_iter().fold(diagnostic, |d, (title, edits)| d.fix(title, edits));
            }
        }
        diagnostic.help("let one duty follow only where the other does not, with a `when` or an exception")
    }

    /// A smallest set of clauses that oblige a duty throughout the region, with the places.
    fn obliging(&mut self, duty: DutyId, region: Node) -> Vec<(ClauseId, Span)> {
        let model = self.model();
        let mut places = Vec::new();
        let mut sets = Vec::new();
        for id in model.clause_ids() {
            for (i, obligation) in model.clause(id).obligations.iter().enumerate() {
                let node = self.lowered.obligations[id.index()][i];
                if obligation.duties.contains(&duty) && !self.lowered.dd.disjoint(node, region) {
                    places.push((id, obligation.span));
                    sets.push(node);
                }
            }
        }
        let chosen = cover::cover(&mut self.lowered.dd, region, &sets).unwrap_or_default();
        chosen.into_iter().map(|i| places[i]).collect()
    }

    pub(super) fn always(&mut self, place: Place, part: Span, value: bool, implied: bool) -> Diagnostic {
        let model = self.model();
        let text = self.quote(part);
        let at = self.place(place);
        let whole = match place {
            Place::Proviso(c, i) => {
                model.clause(c).outcome.as_ref().and_then(|o| o.provisos.get(i)).map(|p| p.cond.span)
            }
            Place::Requirement(c, i) => Some(model.clause(c).requirements[i].cond.span),
            Place::Assumption(i) => Some(model.assumptions[i].cond.span),
            _ => None,
        } == Some(part);
        let holds = if value { "always holds" } else { "never holds" };
        let message = match place {
            Place::Proviso(c, i) if whole => {
                let name = model.clause(c).outcome.as_ref().map_or("", |o| o.provisos[i].name.as_str());
                format!("the proviso `{name}` {holds} {at}")
            }
            Place::Requirement(c, _) if whole => format!("what {} requires {holds} {at}", self.name(c)),
            Place::Assumption(_) => "this assumption rules out no case that the others leave".to_string(),
            _ => format!("`{text}` {holds} {at}"),
        };
        let code = if value { &codes::ALWAYS_TRUE } else { &codes::ALWAYS_FALSE };
        let mut diagnostic =
            Diagnostic::new(code, part, message).label(part, if value { "always true" } else { "always false" });
        diagnostic.unnecessary = value;
        if implied {
            diagnostic.level = Level::Note;
            diagnostic = diagnostic.note("it follows already from where the facts beside it exist");
        }
        match (value, self.delete_part(part)) {
            (true, Some(edit)) if !whole => diagnostic.fix(format!("leave out `{text}`"), vec![edit]),
            (true, _) if whole => match place {
                Place::Proviso(..) => diagnostic.help("drop the proviso, or say what it is meant to rule out"),
                _ => diagnostic.help("drop it, or say what it is meant to rule out"),
            },
            (true, _) => diagnostic.help(format!("leave out `{text}`")),
            (false, _) => diagnostic.help("say which cases it is meant for, or leave it out"),
        }
    }

    pub(super) fn rests_on_absence(&mut self, place: Place, part: Span, fact: FactId, region: Node) -> Diagnostic {
        let model = self.model();
        let text = self.quote(part);
        let name = &model.fact(fact).name;
        let message = format!("`{text}` also holds where `{name}` does not exist");
        let diagnostic = Diagnostic::new(&codes::RESTS_ON_ABSENCE, part, message).label(part, self.place(place));
        let diagnostic = match self.existence(fact) {
            Some(reason) => diagnostic.note(reason),
            None => diagnostic,
        };
        let example = self.example(region, None, |_, _| true);
        self.with_example(diagnostic, example.as_ref())
    }

    pub(super) fn budget(&mut self, question: Question, clauses: &[ClauseId]) -> Diagnostic {
        let model = self.model();
        if question == Question::Lowering {
            return self.nothing_proved(clauses);
        }
        let first = clauses.first().copied().or_else(|| model.clause_ids().next());
        let at = first.map_or(Span::default(), |c| model.clause(c).name_span);
        let (one, names) = (clauses.len() == 1, self.first_names(clauses));
        let verb = |singular: &'static str, plural: &'static str| if one { singular } else { plural };
        let open = match question {
            Question::Lowering => String::new(),
            Question::Scopes if clauses.is_empty() => "which assumptions leave no case".into(),
            Question::Scopes => format!("whether {names} ever {}", verb("applies", "apply")),
            Question::Exceptions => format!("whether {names} {} anything", verb("changes", "change")),
            Question::Conflicts => format!("which rules {names} {} with", verb("conflicts", "conflict")),
            Question::Gaps => "whether some case is left open".into(),
            Question::Requirements => format!("whether anybody can meet what {names} {}", verb("requires", "require")),
            Question::Unreachable => format!("whether {names} ever {} anything", verb("decides", "decide")),
            Question::Redundant => format!("whether {names} {} redundant", verb("is", "are")),
            Question::Duties => "whether duties that exclude one another follow together".into(),
            Question::Parts if clauses.is_empty() => "whether parts of definitions always or never hold".into(),
            Question::Parts => format!("whether parts of {names} always or never hold"),
        };
        let message = format!("the budget did not suffice to find out {open}");
        let mut diagnostic = Diagnostic::new(&codes::BUDGET, at, message);
        for clause in clauses.iter().take(LABELS) {
            diagnostic = diagnostic.label(model.clause(*clause).name_span, "not decided");
        }
        diagnostic.note("everything else was looked at").help(RAISE)
    }

    /// The budget did not suffice for what all questions rest on.
    fn nothing_proved(&mut self, clauses: &[ClauseId]) -> Diagnostic {
        let model = self.model();
        let groups = &self.lowered.space.unfinished;
        let any = model.clause_ids().next().map(|c| model.clause(c).name_span);
        let fact = groups.first().and_then(|g| g.facts.first()).map(|f| model.fact(*f).span);
        let at = clauses.first().map(|c| model.clause(*c).name_span).or(fact).or(any).unwrap_or_default();
        let facts: Vec<String> = groups.iter().map(|g| show::fact_names(model, &g.facts)).collect();
        let helps = groups.iter().all(|g| g.budget);
        let message = match (&facts[..], clauses) {
            ([], []) => "the facts are too entangled to be analysed within the budget".into(),
            ([], _) => format!("the budget did not suffice to find out where {} applies", self.first_names(clauses)),
            _ if helps => {
                format!("the budget did not suffice to find out which values {} can have together", facts.join("; "))
            }
            _ => format!("{} are measured from one another in too many ways", facts.join("; ")),
        };
        let mut diagnostic = Diagnostic::new(&codes::BUDGET, at, message);
        for clause in clauses.iter().take(LABELS) {
            let label = if facts.is_empty() { "not decided" } else { "asks about them" };
            diagnostic = diagnostic.label(model.clause(*clause).name_span, label);
        }
        if !facts.is_empty() && !clauses.is_empty() {
            let verb = if clauses.len() == 1 { "asks" } else { "ask" };
            diagnostic = diagnostic.note(format!("{} {verb} about them", self.first_names(clauses)));
        }
        diagnostic = diagnostic.note("nothing was proved: there may be conflicts and gaps that are not reported");
        let split = "a larger budget does not help: split the policy, or ask for fewer distances between them";
        diagnostic.help(if helps { RAISE } else { split })
    }

    /// Clauses by name, as many as anybody wants to read.
    fn first_names(&self, clauses: &[ClauseId]) -> String {
        let named: Vec<String> = clauses.iter().take(NAMED).map(|c| self.name(*c)).collect();
        match clauses.len() - named.len() {
            0 => show::list(&named, "and"),
            more => format!("{} and {} more", named.join(", "), thousands(more as u128)),
        }
    }
}

fn period_words(period: (Option<i64>, Option<i64>)) -> String {
    match period {
        (Some(from), Some(until)) => format!("from {} until {}", show_date(from), show_date(until)),
        (Some(from), None) => format!("from {}", show_date(from)),
        (None, Some(until)) => format!("until {}", show_date(until)),
        (None, None) => "always".into(),
    }
}
