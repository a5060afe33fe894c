//! A project -> its exceptions as trees: each rule that something replaces, with what replaces it, and each policy that
//! others yield to.

use crate::decide::Verdict;
use crate::model::{Clause, ClauseId, Model, PolicyId};
use crate::source::{Sources, Span};
use crate::tabulate::result_word;

/// Trees deeper than this are cut: whoever opens so many levels has lost the way.
const DEEPEST: usize = 64;
/// An exception may replace many rules, so trees can grow beyond the text; what comes after so many nodes has no children.
const MOST: usize = 20_000;

/// A rule, an exception or a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    /// `permit`, `forbid`, another outcome, `waive`, `require`, `oblige`, `advise`; nothing of a policy.
    pub verdict: String,
    /// Its title, else what it says, on one line.
    pub text: String,
    /// Its name.
    pub span: Span,
    /// How it stands to what is above it: `exception`, `yields`.
    pub relation: Option<&'static str>,
    pub children: Vec<Node>,
}

/// The trees of a project, in the order of the text, policies first.
pub fn exceptions(model: &Model, sources: &Sources) -> Vec<Node> {
    let mut tree = Tree { model, sources, left: MOST };
    let mut roots = tree.policies();
    for id in model.clause_ids() {
        if !model.clause(id).is_exception() && model.exceptions_of(id).next().is_some() {
            roots.push(tree.clause(id, None, 0));
        }
    }
    roots
}

struct Tree<'a> {
    model: &'a Model,
    sources: &'a Sources,
    left: usize,
}

impl Tree<'_> {
    fn policies(&mut self) -> Vec<Node> {
        let policies = &self.model.policies;
        let node = |i: usize, relation, children| Node {
            name: policies[i].name.to_string(),
            verdict: String::new(),
            text: policies[i].title.as_ref().map_or(String::new(), |t| t.to_string()),
            span: policies[i].span,
            relation,
            children,
        };
        let mut roots = Vec::new();
        for i in 0..policies.len() {
            let yields = |j: &usize| policies[*j].yields_to.contains(&PolicyId(i as u32));
            let below: Vec<Node> =
                (0..policies.len()).filter(yields).map(|j| node(j, Some("yields"), Vec::new())).collect();
            if !below.is_empty() {
                roots.push(node(i, None, below));
            }
        }
        roots
    }

    fn clause(&mut self, id: ClauseId, relation: Option<&'static str>, depth: usize) -> Node {
        let clause = self.model.clause(id);
        self.left = self.left.saturating_sub(1);
        let mut children = Vec::new();
        if depth < DEEPEST && self.left > 0 {
            let below: Vec<ClauseId> = self.model.exceptions_of(id).collect();
            children.extend(below.into_iter().map(|e| self.clause(e, Some("exception"), depth + 1)));
        }
        Node {
            name: clause.path.to_string(),
            verdict: verdict(self.model, clause),
            text: text(self.sources, clause),
            span: clause.name_span,
            relation,
            children,
        }
    }
}

/// What a rule says, in a word or two.
fn verdict(model: &Model, clause: &Clause) -> String {
    match &clause.outcome {
        Some(outcome) => {
            let word = result_word(model, outcome.decision, Verdict::Is(outcome.value));
            let decision = model.decision(outcome.decision);
            if outcome.decision == crate::model::VERDICT { word } else { format!("{} is {word}", decision.name) }
        }
        None if clause.waive => "waive".into(),
        None if !clause.requirements.is_empty() => "require".into(),
        None if !clause.obligations.is_empty() => "oblige".into(),
        None if !clause.advice.is_empty() => "advise".into(),
        None => String::new(),
    }
}

fn text(sources: &Sources, clause: &Clause) -> String {
    if let Some(title) = &clause.title {
        return title.to_string();
    }
    let spans = clause
        .outcome
        .iter()
        .map(|o| o.span)
        .chain(clause.requirements.iter().map(|r| r.span))
        .chain(clause.obligations.iter().map(|o| o.span))
        .chain(clause.advice.iter().map(|a| a.span));
    let said: Vec<String> =
        spans.map(|span| sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    said.join("; ")
}
