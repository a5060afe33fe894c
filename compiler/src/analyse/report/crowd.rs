//! Findings by the thousand: so many of each kind are told one by one, the rest counted in one message.
//!
//! Dense rules conflict in quadratically many pairs. Nobody reads them, but how many there are, and which rules take part
//! most, is worth knowing; and nothing is left out in silence. Of pairs, those are told first that show each rule once.

use super::Reporter;
use crate::analyse::{Finding, Kind};
use crate::diagnostics::{Diagnostic, thousands};
use crate::model::*;
use crate::source::Span;
use smallvec::{SmallVec, smallvec};

/// So many findings of one kind are told one by one.
pub const MOST: usize = 500;
/// So many rules are named of the rest.
const NAMED: usize = 5;

/// The rest of one kind: the first of them, how many, and how often each clause takes part.
pub struct Crowd<'f> {
    first: &'f Finding,
    count: usize,
    clauses: Vec<(ClauseId, usize)>,
}

/// Those to tell, in order, and the rest by kind.
pub fn first<'f>(found: &[&'f Finding]) -> (Vec<&'f Finding>, Vec<Crowd<'f>>) {
    let mut kinds: Vec<(std::mem::Discriminant<Kind>, Vec<usize>)> = Vec::new();
    for (i, finding) in found.iter().enumerate() {
        let kind = std::mem::discriminant(&finding.kind);
        match kinds.iter_mut().find(|k| k.0 == kind) {
            Some((_, list)) => list.push(i),
            None => kinds.push((kind, vec![i])),
        }
    }
    let mut left_out = vec![false; found.len()];
    let mut crowds = Vec::new();
    for (_, mut list) in kinds.into_iter().filter(|k| k.1.len() > MOST) {
        // How often its first clause was told before: each once, then each twice.
        let mut times: Vec<usize> = Vec::new();
        let mut turns: Vec<(usize, usize)> = Vec::with_capacity(list.len());
        for &i in &list {
            // Those that are about no clause count as about the one before all.
            let about = clauses(&found[i].kind).first().map_or(0, |c| c.index() + 1);
            turns.push((one_more(&mut times, about), i));
        }
        turns.select_nth_unstable(MOST);
        list = turns.into_iter().skip(MOST).map(|t| t.1).collect();
        list.sort_unstable();
        let mut part: Vec<usize> = Vec::new();
        for &i in &list {
            left_out[i] = true;
            for clause in clauses(&found[i].kind) {
                one_more(&mut part, clause.index());
            }
        }
        let numbered = part.into_iter().enumerate().filter(|p| p.1 > 0);
        let mut part: Vec<(ClauseId, usize)> = numbered.map(|(c, n)| (ClauseId(c as u32), n)).collect();
        part.sort_unstable_by_key(|(clause, n)| (std::cmp::Reverse(*n), *clause));
        crowds.push(Crowd { first: found[list[0]], count: list.len(), clauses: part });
    }
    (found.iter().zip(left_out).filter(|(_, out)| !out).map(|(f, _)| *f).collect(), crowds)
}

/// Counts one more at this place -> how many there are.
fn one_more(counts: &mut Vec<usize>, at: usize) -> usize {
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    counts[at] += 1;
    counts[at]
}

/// The clauses that a finding is about.
fn clauses(kind: &Kind) -> SmallVec<[ClauseId; 2]> {
    use crate::analyse::Place;
    match kind {
        Kind::Conflict { a, b, .. } => smallvec![*a, *b],
        Kind::NeverApplies { clause, .. }
        | Kind::NeverInForce { clause }
        | Kind::Unreachable { clause, .. }
        | Kind::Redundant { clause, .. }
        | Kind::Impossible { clause, .. }
        | Kind::Expired { clause, .. }
        | Kind::NotYetInForce { clause, .. } => smallvec![*clause],
        Kind::ExceptionMisses { exception } | Kind::NoEffect { exception } => smallvec![*exception],
        Kind::Always { place, .. } | Kind::RestsOnAbsence { place, .. } => match place {
            Place::Scope(c) | Place::When(c) | Place::Proviso(c, _) | Place::Requirement(c, _) => smallvec![*c],
            Place::Define(_) | Place::Assumption(_) => SmallVec::new(),
        },
        Kind::NoCases { .. } | Kind::Gap { .. } | Kind::DutiesContradict { .. } | Kind::Budget { .. } => {
            SmallVec::new()
        }
    }
}

impl Reporter<'_, '_> {
    pub(super) fn crowd(&mut self, crowd: &Crowd<'_>) -> Diagnostic {
        let one = self.diagnostic(crowd.first);
        let at = crowd.clauses.first().map_or(Span::default(), |c| self.model().clause(c.0).name_span);
        let count = thousands(crowd.count as u128);
        let what = match &crowd.first.kind {
            Kind::Conflict { .. } => "more pairs of rules are in conflict",
            Kind::Redundant { .. } => "more rules are redundant",
            Kind::Unreachable { .. } => "more rules never decide anything",
            Kind::NeverApplies { .. } => "more conditions are met by no case",
            Kind::Always { .. } => "more parts of conditions always or never hold",
            _ => "more findings are of this kind",
        };
        let named: Vec<String> = crowd
            .clauses
            .iter()
            .take(NAMED)
            .map(|(clause, n)| if *n > 1 { format!("{} ({n} times)", self.name(*clause)) } else { self.name(*clause) })
            .collect();
        let rules = crowd.clauses.len();
        let mut diagnostic = Diagnostic::new(one.code, at, format!("{count} {what}"));
        diagnostic.level = one.level;
        diagnostic
            .note(format!("{} rules take part, most often {}", thousands(rules as u128), show::list(&named, "and")))
            .note(format!("{MOST} of them are told one by one, the others are counted here"))
            .help("repair those that are told, and check again")
    }
}
