//! The text edits behind fixes: delete a clause or a part, add an exception, a setting or a rule.

use super::Reporter;
use crate::diagnostics::Edit;
use crate::model::*;
use crate::source::Span;

impl Reporter<'_, '_> {
    /// Deletes a clause with the docs above it, and its line if nothing else stands there.
    pub(super) fn delete_clause(&self, id: ClauseId) -> Edit {
        let span = self.model().clause(id).span;
        let text = &self.sources.get(span.file).text;
        let mut start = span.start as usize;
        loop {
            let line = text[..start].rfind('\n').map_or(0, |i| i + 1);
            if !text[line..start].trim().is_empty() || line == 0 {
                break;
            }
            let above = text[..line - 1].rfind('\n').map_or(0, |i| i + 1);
            if !text[above..line].trim_start().starts_with("///") {
                break;
            }
            start = above + (text[above..line].len() - text[above..line].trim_start().len());
        }
        let end = span.end as usize;
        let line = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let rest = text[end..].find('\n').map_or(text.len(), |i| end + i + 1);
        let alone = text[line..start].trim().is_empty() && text[end..rest].trim().is_empty();
        let (start, end) = if alone { (line, rest) } else { (start, end) };
        Edit::replace(Span::new(span.file, start..end), "")
    }

    /// Deletes a part of a conjunction with the `and` beside it, or a whole condition with its `when`. `None` where the text
    /// around it is another.
    pub(super) fn delete_part(&self, part: Span) -> Option<Edit> {
        let text = &self.sources.get(part.file).text;
        let (before, after) = (text.get(..part.start as usize)?, text.get(part.end as usize..)?);
        let (trimmed, rest) = (before.trim_end(), after.trim_start());
        let word = |w: &str| {
            trimmed.strip_suffix(w).filter(|t| t.ends_with(|c: char| c.is_whitespace() || c == ')' || c == '('))
        };
        if let Some(head) = word("and").or_else(|| word("when")) {
            let ends = ["and", "or", "between"].iter().any(|w| rest.starts_with(w));
            let when = trimmed.ends_with("when");
            if when && ends {
                let skipped = part.end as usize + (after.len() - rest.len()) + 3;
                let skipped = skipped + text[skipped..].len() - text[skipped..].trim_start().len();
                return rest
                    .starts_with("and")
                    .then(|| Edit::replace(Span::new(part.file, part.start as usize..skipped), ""));
            }
            let start = head.trim_end().len();
            return Some(Edit::replace(Span::new(part.file, start..part.end as usize), ""));
        }
        if rest.strip_prefix("and").is_some_and(|r| r.starts_with(char::is_whitespace)) {
            let end = part.end as usize + (after.len() - rest.len()) + 3;
            let end = end + text[end..].len() - text[end..].trim_start().len();
            return Some(Edit::replace(Span::new(part.file, part.start as usize..end), ""));
        }
        None
    }

    /// Inserts text before a clause's closing brace, on a line of its own if the clause has several.
    pub(super) fn insert_in_clause(&self, id: ClauseId, what: &str) -> Edit {
        let span = self.model().clause(id).span;
        let text = &self.sources.get(span.file).text;
        let close = (span.end as usize).saturating_sub(1).max(span.start as usize);
        let body = text.get(span.range()).unwrap_or("");
        let inner = text[..close].trim_end().len();
        let at = Span::new(span.file, inner..close);
        if body.contains('\n') {
            let line = text[..span.start as usize].rfind('\n').map_or(0, |i| i + 1);
            let indent: String = text[line..].chars().take_while(|c| *c == ' ' || *c == '\t').collect();
            Edit::replace(at, format!("\n\n{indent}  {what}\n{indent}"))
        } else {
            Edit::replace(at, format!("  {what} "))
        }
    }

    /// Lets `loser` give way where `winner` asks for something under a condition: with an exception that waives it there.
    /// `None` unless both are of one file and ask for nothing else, so that nothing else is lifted with it.
    pub(super) fn lift(&self, loser: ClauseId, winner: ClauseId) -> Option<Vec<Edit>> {
        let (lost, won) = (self.model().clause(loser), self.model().clause(winner));
        if loser == winner || lost.span.file != won.span.file || lost.replaces.contains(&winner) {
            return None;
        }
        asked(lost)?;
        let when = self.sources.text(asked(won).filter(|when| !when.is_true())?.span);
        let name = self.free_name(&format!("{}_first", won.name));
        Some(vec![self.insert_in_clause(loser, &format!("except {name} {{ waive when {when} }}"))])
    }

    /// Inserts a setting at the start of the first policy's block.
    pub(super) fn insert_setting(&self, setting: &str) -> Option<Edit> {
        let policy = self.model().policies.iter().find(|p| !p.name.is_empty() && p.yields_to.is_empty())?;
        let text = &self.sources.get(policy.span.file).text;
        let open = policy.span.start as usize + text.get(policy.span.start as usize..)?.find('{')? + 1;
        let rest = text.get(open..)?;
        let block = rest.get(..rest.find('}')?)?;
        let at = Span::new(policy.span.file, open..open);
        // A block on one line stays on it.
        Some(match (block.contains('\n'), block.trim().is_empty()) {
            (true, _) => Edit::replace(at, format!("\n  {setting}")),
            (false, false) => Edit::replace(at, format!(" {setting}")),
            (false, true) => {
                Edit::replace(Span::new(policy.span.file, open..open + block.len()), format!(" {setting} "))
            }
        })
    }

    /// Adds a rule at the end of the file that holds the last clause, in the one style.
    pub(super) fn append_rule(&self, rule: &str) -> Option<Edit> {
        let file = self.model().clauses.last()?.span.file;
        let end = self.sources.get(file).text.trim_end().len();
        let rest = self.sources.get(file).text.len();
        let rule = crate::format::format(rule).unwrap_or_else(|| rule.to_string());
        Some(Edit::replace(Span::new(file, end..rest), format!("\n\n{}\n", rule.trim_end())))
    }

    /// This name for a rule, or one like it that no clause has.
    pub(super) fn free_name(&self, name: &str) -> String {
        let free = |name: &String| self.model().clauses.iter().all(|c| c.name != name.as_str());
        let numbered = (2..).map(|i| format!("{name}_{i}"));
        std::iter::once(name.to_string()).chain(numbered).find(free).unwrap_or_default()
    }

    /// Turns an exception into a rule of its own behind the rule it stood in.
    pub(super) fn make_rule(&self, id: ClauseId) -> Option<Vec<Edit>> {
        let model = self.model();
        let clause = model.clause(id);
        let text = &self.sources.get(clause.span.file).text;
        let rest = text.get(clause.name_span.end as usize..clause.span.end as usize)?;
        match &clause.parent {
            Parent::Nested(_) => {
                let mut outer = clause;
                while let Parent::Nested(p) = outer.parent {
                    outer = model.clause(p);
                }
                let line = text[..outer.span.start as usize].rfind('\n').map_or(0, |i| i + 1);
                let indent: String = text[line..].chars().take_while(|c| *c == ' ' || *c == '\t').collect();
                let at = outer.span.after();
                let rule = format!("\n\n{indent}rule {}{rest}", clause.name);
                Some(vec![self.delete_clause(id), Edit::replace(at, rule)])
            }
            Parent::Clauses(_) | Parent::Section(_) => {
                // `exception NAME to A, B "Title" {` keeps what follows the targets.
                let tail = rest.find(['{', '"']).map(|i| &rest[i..])?;
                let start = Span { end: clause.name_span.end + (rest.len() - tail.len()) as u32, ..clause.span };
                Some(vec![Edit::replace(start, format!("rule {} ", clause.name))])
            }
            Parent::None => None,
        }
    }
}

/// When a clause asks for its only requirement, or its only duty; `None` where it says anything else.
fn asked(clause: &Clause) -> Option<&Cond> {
    let none = clause.outcome.is_none() && !clause.waive && clause.advice.is_empty();
    match (clause.requirements.as_slice(), clause.obligations.as_slice()) {
        ([one], []) if none => Some(&one.when),
        ([], [one]) if none && one.duties.len() == 1 => Some(&one.when),
        _ => None,
    }
}
