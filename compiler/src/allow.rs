//! Findings and the policy's `allow` statements -> the findings that remain, and those that are accepted.
//!
//! `allow O3001 until 2027-01-31 because "…"` accepts findings of the code where it stands: in a rule or an exception those
//! about it (with its exceptions), in a section or at the top of a file those in it, in a `policy` block those in all files
//! of the policy. A finding belongs to the place that it marks first; a conflict, and duties that contradict one another,
//! to all that take part. The day belongs to it; past it, where a day is given, the finding is one again, and the statement
//! is a finding too. One that accepts nothing is a finding as well, so none outlives its reason in silence. Where a text is
//! not understood, nothing is known that anybody could accept.

use crate::diagnostics::{Code, Diagnostic, Edit, codes};
use crate::model::time;
use crate::source::{FileId, Source, Sources, Span};
use crate::syntax::ast::{self, Clause, Item, ItemKind, SettingKind};
use std::borrow::Borrow;

/// One `allow` statement.
#[derive(Debug, Clone)]
pub struct Allowance {
    pub span: Span,
    pub codes: Vec<(&'static Code, Span)>,
    /// The last day, as in `model::time`.
    pub until: Option<i64>,
    pub because: String,
    /// Where it holds.
    within: Within,
}

#[derive(Debug, Clone)]
enum Within {
    Place(Span),
    Files(Vec<FileId>),
}

/// A finding that the policy accepts.
#[derive(Debug, Clone)]
pub struct Allowed {
    pub diagnostic: Diagnostic,
    pub because: String,
    /// Days since 1970-01-01.
    pub until: Option<i64>,
}

/// What became of the findings.
pub struct Settled {
    /// Those that nobody accepts, and what there is to say about the statements themselves.
    pub remaining: Vec<Diagnostic>,
    pub allowed: Vec<Allowed>,
}

/// What is known of the check besides its findings.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances {
    /// The day asked about.
    pub as_of: Option<i64>,
    /// All was looked at: nothing is said of a statement that accepts nothing otherwise.
    pub whole: bool,
}

/// The statements of all files, and what is wrong with them.
pub fn read(sources: &Sources, files: &[(FileId, impl Borrow<ast::File>)]) -> (Vec<Allowance>, Vec<Diagnostic>) {
    let own: Vec<(FileId, &[Item])> = files.iter().map(|(id, tree)| (*id, tree.borrow().items.as_slice())).collect();
    let with_policy = |items: &[Item]| items.iter().any(|i| matches!(i.kind, ItemKind::Policy(_)));
    let policies = own.iter().filter(|f| with_policy(f.1)).count();
    let mut reader = Reader { allowances: Vec::new(), faults: Vec::new() };
    for (file, items) in &own {
        // Files without a policy of their own belong to the only one.
        let files = own.iter().filter(|f| f.0 == *file || policies == 1 && !with_policy(f.1)).map(|f| f.0);
        let length = sources.get(*file).text.len();
        reader.items(items, Span::new(*file, 0..length), &files.collect::<Vec<_>>());
    }
    (reader.allowances, reader.faults)
}

struct Reader {
    allowances: Vec<Allowance>,
    faults: Vec<Diagnostic>,
}

impl Reader {
    /// The items of a file or a section, which is `around`.
    fn items(&mut self, items: &[Item], around: Span, files: &[FileId]) {
        for item in items {
            match &item.kind {
                ItemKind::Allow(allow) => self.allow(allow, Within::Place(around)),
                ItemKind::Section(section) => self.items(&section.items, item.span, files),
                ItemKind::Rule(clause) | ItemKind::Exception { clause, .. } if item.uses.allows => self.clause(clause),
                ItemKind::Policy(policy) => {
                    for setting in &policy.settings {
                        if let SettingKind::Allow(allow) = &setting.kind {
                            self.allow(allow, Within::Files(files.to_vec()));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn clause(&mut self, clause: &Clause) {
        clause.allows.iter().for_each(|allow| self.allow(allow, Within::Place(clause.span)));
        clause.exceptions.iter().for_each(|e| self.clause(e));
    }

    fn allow(&mut self, allow: &ast::Allow, within: Within) {
        let mut found = Vec::new();
        for name in &allow.codes {
            match codes::ALL.iter().find(|c| c.id.eq_ignore_ascii_case(&name.text)) {
                Some(code) if can_be_allowed(code) => found.push((*code, name.span)),
                Some(code) => {
                    let message = format!("`{}` ({}) cannot be accepted", code.id, code.name);
                    self.faults.push(
                        Diagnostic::new(&codes::MISPLACED, name.span, message)
                            .help("only findings about what rules decide can be: O3001 to O5007"),
                    );
                }
                None => {
                    let message = format!("`{}` is the code of no finding", name.text);
                    self.faults.push(
                        Diagnostic::new(&codes::UNKNOWN_NAME, name.span, message)
                            .help("the code stands in brackets at the start of a finding: `error[O3001]`"),
                    );
                }
            }
        }
        let until = allow.until.as_ref().and_then(|literal| match &literal.kind {
            ast::LiteralKind::Date(day) => {
                let parsed = time::parse_date(day);
                if parsed.is_none() {
                    let message = format!("there is no day `{day}` between 1900 and 2199");
                    self.faults.push(Diagnostic::new(&codes::BAD_LITERAL, literal.span, message));
                }
                parsed
            }
            _ => None,
        });
        let because = allow.because.text.trim().to_string();
        if because.is_empty() {
            self.faults.push(
                Diagnostic::new(&codes::SYNTAX, allow.because.span, "the reason is empty")
                    .help("say why this may stay as it is, for those who read it later"),
            );
        }
        self.allowances.push(Allowance { span: allow.span, codes: found, until, because, within });
    }
}

fn can_be_allowed(code: &Code) -> bool {
    code.acceptable() && ![codes::ALLOWANCE_EXPIRED.id, codes::ALLOWANCE_UNUSED.id].contains(&code.id)
}

impl Allowance {
    fn accepts(&self, diagnostic: &Diagnostic) -> bool {
        let here = |span: Span| match &self.within {
            Within::Place(place) => span.file == place.file && place.start <= span.start && span.end <= place.end,
            Within::Files(files) => files.contains(&span.file),
        };
        let mutual = [codes::CONFLICT.id, codes::DUTIES_CONTRADICT.id].contains(&diagnostic.code.id);
        self.codes.iter().any(|c| c.0 == diagnostic.code)
            && (here(diagnostic.span) || mutual && diagnostic.labels.iter().any(|l| here(l.span)))
    }

    fn is_over(&self, as_of: Option<i64>) -> bool {
        self.until.zip(as_of).is_some_and(|(until, day)| day > until)
    }
}

/// Parts the findings. `sources` are for the edits.
pub fn settle(
    sources: &Sources,
    findings: Vec<Diagnostic>,
    allowances: &[Allowance],
    circumstances: Circumstances,
) -> Settled {
    let mut used: Vec<Vec<&'static Code>> = vec![Vec::new(); allowances.len()];
    let mut settled = Settled { remaining: Vec::new(), allowed: Vec::new() };
    for diagnostic in findings {
        let accepting: Vec<usize> = (0..allowances.len()).filter(|i| allowances[*i].accepts(&diagnostic)).collect();
        accepting.iter().for_each(|i| used[*i].push(diagnostic.code));
        match accepting.into_iter().map(|i| &allowances[i]).find(|a| !a.is_over(circumstances.as_of)) {
            Some(allowance) => {
                let (because, until) = (allowance.because.clone(), allowance.until);
                settled.allowed.push(Allowed { diagnostic, because, until });
            }
            None => settled.remaining.push(diagnostic),
        }
    }
    for (allowance, used) in allowances.iter().zip(used) {
        if allowance.is_over(circumstances.as_of) {
            settled.remaining.push(expired(sources, allowance, used.is_empty()));
        } else if circumstances.whole {
            settled.remaining.extend(unused(sources, allowance, &used, circumstances.as_of));
        }
    }
    settled
}

fn expired(sources: &Sources, allowance: &Allowance, unused: bool) -> Diagnostic {
    let day = allowance.until.map(time::show_date).unwrap_or_default();
    let message = format!("what `{}` accepts was accepted until {day}", codes_of(allowance));
    let diagnostic = Diagnostic::new(&codes::ALLOWANCE_EXPIRED, allowance.span, message)
        .label(allowance.span, "no longer accepted")
        .note(format!("the reason was: {}", allowance.because));
    if unused {
        return diagnostic
            .note("nothing of this kind is found here")
            .fix("delete it", vec![delete(sources, allowance)]);
    }
    diagnostic.help("repair what it accepted, or set another day and say why")
}

/// The codes of which nothing is found. Whether a rule has expired is not known without a day.
fn unused(sources: &Sources, allowance: &Allowance, used: &[&Code], as_of: Option<i64>) -> Option<Diagnostic> {
    let dated = [codes::EXPIRED.id, codes::NOT_YET_IN_FORCE.id];
    let idle: Vec<_> = allowance
        .codes
        .iter()
        .filter(|(code, _)| !used.contains(code) && (as_of.is_some() || !dated.contains(&code.id)))
        .collect();
    let &&(first, at) = idle.first()?;
    let all = idle.len() == allowance.codes.len();
    let names: Vec<String> = idle.iter().map(|(code, _)| format!("`{}` ({})", code.id, code.name)).collect();
    let message = format!("nothing is found here that is {}", names.join(" or "));
    let span = if all { allowance.span } else { at };
    let mut diagnostic = Diagnostic::new(&codes::ALLOWANCE_UNUSED, span, message).label(span, "accepts nothing");
    diagnostic.unnecessary = true;
    Some(match all {
        true => diagnostic.fix("delete it", vec![delete(sources, allowance)]),
        false => diagnostic.help(format!("take `{}` out of the list", first.id)),
    })
}

/// `allow O3001, O3005`
fn codes_of(allowance: &Allowance) -> String {
    let ids: Vec<&str> = allowance.codes.iter().map(|c| c.0.id).collect();
    format!("allow {}", ids.join(", "))
}

fn delete(sources: &Sources, allowance: &Allowance) -> Edit {
    let source: &Source = sources.get(allowance.span.file);
    Edit::replace(source.whole_lines(allowance.span), "")
}

#[cfg(test)]
mod tests;
