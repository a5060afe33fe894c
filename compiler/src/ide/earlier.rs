//! What was proved of an earlier state -> what of it is still shown while the next is not proved: an unfinished line takes
//! no finding from clauses that it does not touch.
//!
//! A finding stays where the text of every clause that it speaks of is as it was, and moves with that text. What is
//! reported of names and types is worked out anew in every state, broken or not, and never taken over. The next proof
//! replaces it all.

use crate::diagnostics::{Diagnostic, codes};
use crate::source::{Difference, FileId, Sources, Span};
use crate::workspace::{Checked, tidy};

/// The findings that were last proved, as far as they still stand, and the texts in which they stand.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    sources: Sources,
    findings: Vec<Finding>,
}

#[derive(Debug, Clone)]
struct Finding {
    diagnostic: Diagnostic,
    /// The clauses that it speaks of; elsewhere the place itself.
    about: Vec<Span>,
}

impl Earlier {
    /// What is said of a state that is proved.
    pub fn of(checked: &Checked, diagnostics: &[Diagnostic]) -> Self {
        let clauses = Clauses::of(checked);
        let finding = |diagnostic: &Diagnostic| {
            let places = diagnostic.labels.iter().map(|label| label.span).chain([diagnostic.span]);
            Finding { diagnostic: diagnostic.clone(), about: places.map(|span| clauses.around(span)).collect() }
        };
        let findings = diagnostics.iter().filter(|d| of_the_whole(d)).map(finding).collect();
        Self { sources: checked.sources.clone(), findings }
    }

    /// What of it stands in the next state.
    pub fn in_next(self, sources: &Sources) -> Self {
        let moves = self.sources.iter().map(|(_, old)| {
            let file = sources.find(&old.path)?;
            Some(Move::new(file, &old.text, &sources.get(file).text))
        });
        let moves: Vec<Option<Move>> = moves.collect();
        let moved = |span: &mut Span| {
            let new = moves.get(span.file.0 as usize).and_then(|m| m.as_ref()?.span(*span));
            new.map(|new| *span = new).is_some()
        };
        let stays = |Finding { diagnostic, about }: &mut Finding| {
            // A way out that would change what was changed is none any more.
            diagnostic.fixes.retain_mut(|fix| fix.edits.iter_mut().all(|edit| moved(&mut edit.span)));
            let mut places = diagnostic.labels.iter_mut().map(|label| &mut label.span).chain([&mut diagnostic.span]);
            about.iter_mut().chain(places.by_ref()).all(moved)
        };
        let mut findings = self.findings;
        findings.retain_mut(stays);
        Self { sources: sources.clone(), findings }
    }

    /// What is said of a state that is not proved: what its names and types give, and what still stands.
    pub fn report(&self, checked: &Checked) -> Vec<Diagnostic> {
        let mut all = checked.diagnostics.clone();
        // Without errors it is known what nobody uses.
        let open = |d: &&Diagnostic| !checked.complete || d.code != &codes::UNUSED;
        all.extend(self.findings.iter().map(|finding| &finding.diagnostic).filter(open).cloned());
        tidy(&mut all);
        all
    }
}

/// It takes the whole policy to say this; names and types do not say it, nor any text with an error in it.
fn of_the_whole(diagnostic: &Diagnostic) -> bool {
    let also = [&codes::UNUSED, &codes::ALLOWANCE_EXPIRED, &codes::ALLOWANCE_UNUSED, &codes::BUDGET];
    matches!(diagnostic.code.id.as_bytes().get(1), Some(b'3' | b'4')) || also.contains(&diagnostic.code)
}

/// Where the text of a file has gone.
struct Move {
    file: FileId,
    difference: Difference,
    /// So far to the left the same edit could stand as well.
    slack: usize,
}

impl Move {
    fn new(file: FileId, old: &str, new: &str) -> Self {
        let difference = Difference::between(old, new);
        Self { file, difference, slack: difference.slack(old, new) }
    }

    /// The same text in the next state; `None` where it was changed.
    fn span(&self, span: Span) -> Option<Span> {
        let Difference { start, old, new } = self.difference;
        let range = span.range();
        if range.end <= start {
            Some(Span { file: self.file, ..span })
        } else if range.start >= old - self.slack {
            Some(Span::new(self.file, range.start + new - old..range.end + new - old))
        } else {
            None
        }
    }
}

/// Where rules and exceptions stand, in the order of the text.
struct Clauses {
    /// Each with the greatest end of those up to it in its file.
    spans: Vec<(Span, u32)>,
}

impl Clauses {
    fn of(checked: &Checked) -> Self {
        let mut spans: Vec<(Span, u32)> = checked.model.clauses.iter().map(|c| (c.span, c.span.end)).collect();
        spans.sort_unstable_by_key(|(span, _)| (span.file, span.start));
        for i in 1..spans.len() {
            if spans[i - 1].0.file == spans[i].0.file {
                spans[i].1 = spans[i].1.max(spans[i - 1].1);
            }
        }
        Self { spans }
    }

    /// The smallest clause around a place, else the place itself.
    fn around(&self, place: Span) -> Span {
        let before = self.spans.partition_point(|(span, _)| (span.file, span.start) <= (place.file, place.start));
        let near = self.spans[..before].iter().rev();
        near.take_while(|(span, most)| span.file == place.file && *most >= place.end)
            .find(|(span, _)| span.end >= place.end)
            .map_or(place, |(span, _)| *span)
    }
}
