//! A requirement into provisos of the rules that it bears on, and a proviso into a requirement.
//!
//! A proviso binds its own rule: where it fails, the rule forbids. A requirement binds whatever permits. So they say the
//! same only where no other rule speaks, and where no duty hangs on which rule decides. Whether that is so is not guessed:
//! the changed policy is compared with the policy as it is, and what decides one case differently is not offered. Which
//! rule gives the answer may change; the title says so then.

use super::{Action, ActionKind};
use crate::compare::{Version, compare};
use crate::diagnostics::{Edit, Level, edited};
use crate::diagram::Diagrams;
use crate::format::format;
use crate::ide::View;
use crate::ide::around::{Node, around};
use crate::ide::index::Target;
use crate::lex::lex;
use crate::lower::Lowered;
use crate::model::{Clause, ClauseId, PERMIT, VERDICT};
use crate::source::{FileId, Span};
use crate::stdlib;
use crate::syntax::ast::{self, Statement, StatementKind};
use crate::syntax::token::TokenKind;
use crate::workspace::{Change, Checked, Workspace};

/// Policies of at most so many rules are compared while somebody waits.
const CLAUSES: usize = 200;
/// Of at most so many unasked, whenever the cursor stands on a requirement or a proviso.
const FEW: usize = 40;
/// Steps that one question of the comparison may take.
const STEPS: u64 = 1_000_000;
/// A requirement that bears on more rules is better left one.
const RULES: usize = 8;

/// What is offered at the start of a range. `asked`: somebody looks for just such changes, and may wait longer.
pub fn convert(view: &View, range: Span, asked: bool) -> Option<Action> {
    let checked = view.checked;
    let most = if asked { CLAUSES } else { FEW };
    if !checked.complete || checked.model.clauses.len() > most {
        return None;
    }
    let nodes = around(view.tree(range.file)?, range.start);
    let statement = nodes.iter().rev().find_map(|(_, node)| match node {
        Node::Statement(s) => Some(*s),
        _ => None,
    })?;
    let clause = nodes.iter().rev().find_map(|(_, node)| match node {
        Node::Clause(c) => Some(*c),
        _ => None,
    })?;
    let id = checked.model.clause_ids().find(|id| checked.model.clause(*id).span == clause.span)?;
    let (title, edits) = match &statement.kind {
        StatementKind::Require { .. } => to_provisos(view, id, clause, statement)?,
        StatementKind::Permit { provided, .. } => {
            let here = |p: &&ast::Proviso| p.name.span.start <= range.start && range.start <= p.cond.span.end;
            let proviso = provided.iter().find(here)?;
            let title = format!("turn the proviso `{}` into a requirement", proviso.name.text);
            (title, to_requirement(view, statement, proviso, provided.len() == 1)?)
        }
        _ => return None,
    };
    let (edits, others) = proved(checked, &edits)?;
    let title = if others { format!("{title} (another rule gives the answer)") } else { title };
    Some(Action { title, kind: ActionKind::Rewrite, edits, finding: None, preferred: false })
}

/// The proviso goes, and the rule requires it behind its permit.
fn to_requirement(view: &View, statement: &Statement, proviso: &ast::Proviso, only: bool) -> Option<Vec<Edit>> {
    let file = statement.span.file;
    let source = view.checked.sources.get(file);
    let tokens: Vec<(TokenKind, Span)> = lex(file, &source.text).0.iter().map(|t| (t.kind, t.span)).collect();
    let from = if only {
        let provided = tokens.iter().position(|t| {
            t.1.start >= statement.span.start
                && t.1.end <= proviso.name.span.start
                && view.checked.sources.text(t.1) == "provided"
        })?;
        tokens.get(provided.checked_sub(1)?)?.1.end
    } else {
        let before = tokens.iter().rev().find(|t| t.1.end <= proviso.name.span.start)?;
        before.1.end
    };
    let until = if only {
        statement.span.end
    } else {
        let next = tokens.iter().find(|t| t.1.start >= proviso.cond.span.end)?;
        if view.checked.sources.text(next.1) == "," { next.1.end } else { proviso.cond.span.end }
    };
    // A comment that stands among what goes would be lost.
    let comment = |kind: TokenKind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment | TokenKind::Doc);
    if tokens.iter().any(|t| comment(t.0) && from <= t.1.start && t.1.end <= until) {
        return None;
    }
    let text = view.checked.sources.text(proviso.cond.span);
    let new = format!("\nrequire {text}");
    let gone = Span { file, start: from, end: until };
    Some(if only {
        vec![Edit::replace(gone, new)]
    } else {
        vec![Edit::replace(gone, ""), Edit::replace(statement.span.after(), new)]
    })
}

/// The requirement goes, and each rule that permits where it fails gets it as a proviso.
fn to_provisos(view: &View, id: ClauseId, clause: &ast::Clause, statement: &Statement) -> Option<(String, Vec<Edit>)> {
    let checked = view.checked;
    let StatementKind::Require { cond, when } = &statement.kind else { return None };
    let model = &checked.model;
    let own = model.clause(id);
    let nth = own.requirements.iter().position(|r| r.span == statement.span)?;
    let mut lowered = checked.lower()?;
    let fails = *lowered.fails.get(id.index())?.get(nth)?;
    let asked = lowered.cond(&own.requirements[nth].when);
    let asked = lowered.dd.and(asked, lowered.applies[id.index()]);
    let mut rules = Vec::new();
    for other in model.clause_ids() {
        let permits = model.clause(other).outcome.as_ref().is_some_and(|o| (o.decision, o.value) == (VERDICT, PERMIT));
        if permits && !lowered.dd.disjoint(lowered.stands[other.index()], fails) {
            rules.push(other);
        }
    }
    if rules.is_empty() || rules.len() > RULES || lowered.dd.exhausted() {
        return None;
    }
    let mut edits = vec![removed(view, own, clause, statement)?];
    let sources = &checked.sources;
    for rule in &rules {
        let always = within(&mut lowered, *rule, asked);
        let text = sources.text(cond.span);
        let text = match when {
            _ if always => text.to_string(),
            // Elsewhere nothing is asked of the rule.
            Some(when) if own.outcome.is_none() && own.in_force.is_true() => {
                let said = sources.text(when.span);
                let name = matches!(when.kind, ast::CondKind::Name(_));
                if name { format!("not {said} or {text}") } else { format!("not ({said}) or {text}") }
            }
            _ => return None,
        };
        let target = model.clause(*rule);
        let spans = [Some(cond.span), when.as_ref().filter(|_| !always).map(|w| w.span)];
        if !spans.into_iter().flatten().all(|span| seen_from(view, span, target.span.file)) {
            return None;
        }
        edits.push(provided(view, target, &own.name, &text)?);
    }
    let named: Vec<String> = rules.iter().map(|r| format!("`{}`", model.clause(*r).path)).collect();
    let what = if rules.len() == 1 { "a proviso of" } else { "provisos of" };
    Some((format!("turn the requirement into {what} {}", crate::model::show::list(&named, "and")), edits))
}

/// Whether a rule stands only where the requirement is asked.
fn within(lowered: &mut Lowered<'_>, rule: ClauseId, asked: crate::diagram::Node) -> bool {
    let stands = lowered.stands[rule.index()];
    stands != Diagrams::FALSE && lowered.dd.implies(stands, asked)
}

/// Whether the names in a span mean the same in another file.
pub(super) fn seen_from(view: &View, span: Span, file: FileId) -> bool {
    let names = view.index.of_file(span.file).iter();
    let mut inside = names.filter(|o| span.start <= o.span.start && o.span.end <= span.end);
    inside.all(|o| match o.target {
        Target::Symbol(i) => view.index.symbol(i).is_some_and(|(s, _)| view.index.visible(file, s)),
        _ => true,
    })
}

/// The statement, or the whole rule if it says nothing else. `None` where exceptions hang on it.
fn removed(view: &View, own: &Clause, clause: &ast::Clause, statement: &Statement) -> Option<Edit> {
    let file = statement.span.file;
    let source = view.checked.sources.get(file);
    if clause.statements.len() > 1 {
        let end = statement.span.start as usize;
        let before = source.text.get(..end)?.trim_end().len();
        return Some(Edit::replace(Span::new(file, before..statement.span.end as usize), ""));
    }
    if own.is_exception() || !clause.exceptions.is_empty() {
        return None;
    }
    let mut line = source.line_column(clause.span.start).0;
    while line > 0 && source.line(line - 1).trim_start().starts_with("///") {
        line -= 1;
    }
    let start = source.line_start(line) as usize;
    let rest = source.text.get(clause.span.end as usize..)?;
    let end = clause.span.end as usize + rest.find('\n').map_or(rest.len(), |i| i + 1);
    let alone = source.text.get(clause.span.end as usize..end)?.trim().is_empty();
    Some(Edit::replace(if alone { Span::new(file, start..end) } else { clause.span }, ""))
}

/// One more proviso of a rule, named after what required it.
fn provided(view: &View, target: &Clause, name: &str, text: &str) -> Option<Edit> {
    let outcome = target.outcome.as_ref()?;
    let file = outcome.span.file;
    let taken = |name: &String| outcome.provisos.iter().any(|p| p.name == name.as_str());
    let numbered = (2..).map(|i| format!("{name}_{i}"));
    let name = std::iter::once(name.to_string()).chain(numbered).find(|n| !taken(n))?;
    if outcome.provisos.is_empty() {
        return Some(Edit::replace(outcome.span.after(), format!(" provided {{ {name}: {text} }}")));
    }
    let said = view.checked.sources.text(outcome.span);
    let close = outcome.span.start as usize + said.rfind('}')?;
    let inner = outcome.span.start as usize + said.get(..said.rfind('}')?)?.trim_end().len();
    // A line of its own where the others have one; a comma where they share it.
    let lines = said.get(said.find('{')?..)?.contains('\n');
    let open = view.checked.sources.get(file).text.get(..inner)?.ends_with(',');
    let gap = if lines {
        "\n"
    } else if open {
        " "
    } else {
        ", "
    };
    let end = if lines { "\n" } else { " " };
    Some(Edit::replace(Span::new(file, inner..close), format!("{gap}{name}: {text}{end}")))
}

/// The edits laid out, and whether other rules give some answers; `None` unless every case is proved to be decided as
/// before, with the same duties and advice, and nothing is found that was not found before.
fn proved(checked: &Checked, edits: &[Edit]) -> Option<(Vec<Edit>, bool)> {
    let mut workspace = Workspace::default();
    let mut out = Vec::new();
    for (id, source) in checked.sources.iter().filter(|(_, s)| !stdlib::is_std(&s.path)) {
        let own: Vec<&Edit> = edits.iter().filter(|e| e.span.file == id).collect();
        let mut text = source.text.to_string();
        if !own.is_empty() {
            text = edited(&source.text, &own)?;
            if format(&source.text).as_deref() == Some(&*source.text) {
                text = format(&text)?;
            }
            out.push(difference(id, &source.text, &text));
        }
        workspace.apply(Change::Set { path: source.path.clone(), text: text.as_str().into() });
    }
    let after = workspace.understand();
    if !after.complete {
        return None;
    }
    let [old, new] = [checked, &after].map(|c| Version { model: &c.model, sources: &c.sources });
    let compared = compare(old, new, STEPS.min(checked.settings.budget)).ok()?;
    if compared.any() {
        return None;
    }
    let by_others = compared.other_rules > 0;
    // A requirement may ask for what nobody can do, and an expectation may have named the rule that decides.
    let faults = |c: &Checked| -> Vec<(&'static str, String)> {
        let shown = c.diagnostics.iter().filter(|d| d.level > Level::Note);
        shown.map(|d| (d.code.id, d.message.clone())).collect()
    };
    let (before, now) = (faults(&found(checked)), faults(&workspace.check_again(after.leave())));
    if now.iter().any(|fault| !before.contains(fault)) {
        return None;
    }
    Some((out, by_others))
}

/// The project as it is, with its findings.
fn found(checked: &Checked) -> Checked {
    let mut workspace = Workspace::default();
    for (_, source) in checked.sources.iter().filter(|(_, s)| !stdlib::is_std(&s.path)) {
        workspace.apply(Change::Set { path: source.path.clone(), text: source.text.clone() });
    }
    workspace.check()
}

/// One edit that makes one text of the other: from the first line that differs to the last.
fn difference(file: FileId, old: &str, new: &str) -> Edit {
    let common = |a: &mut dyn Iterator<Item = &str>, b: &mut dyn Iterator<Item = &str>| {
        a.zip(b).take_while(|(x, y)| x == y).map(|(x, _)| x.len()).sum::<usize>()
    };
    let start = common(&mut old.split_inclusive('\n'), &mut new.split_inclusive('\n'));
    let (a, b) = (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let end = common(&mut a.split_inclusive('\n').rev(), &mut b.split_inclusive('\n').rev());
    let text = b.get(..b.len() - end).unwrap_or_default();
    Edit::replace(Span::new(file, start..old.len() - end), text)
}
