//! A failed part -> the likely fix.
//!
//! Why it exists: most slips are of a few kinds (a missing `when`, a value in quotes, a word of another language).
//! Each is one entry here. Must not change what is an error, only what is said about it.

use super::errors::{Failure, remove, shown};
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::source::Span;
use crate::syntax::token::TokenKind as K;

/// Where a word stands.
#[derive(Clone, Copy, PartialEq)]
pub enum Place {
    Item,
    Statement,
    Setting,
    Type,
    Claim,
}

/// Words of other languages, and what they are here.
const SYNONYMS: &[(Place, &[&str], &str)] = &[
    (Place::Item, &["import", "include", "require", "using"], "use"),
    (Place::Item, &["let", "def", "const", "var", "condition"], "define"),
    (Place::Item, &["test", "check", "assert"], "expect"),
    (Place::Item, &["input", "field", "attribute", "column"], "fact"),
    (Place::Item, &["roles"], "role"),
    (Place::Item, &["channels"], "channel"),
    (Place::Item, &["chapter", "part", "module", "group"], "section"),
    (Place::Statement, &["allow", "allows", "may", "grant", "permits", "can"], "permit"),
    (Place::Statement, &["deny", "denies", "prohibit", "ban", "disallow", "forbids", "cannot"], "forbid"),
    (Place::Statement, &["must", "ensure", "needs", "requires"], "require"),
    (Place::Statement, &["should", "recommend"], "advise"),
    (Place::Statement, &["obliges", "duty"], "oblige"),
    (Place::Statement, &["unless"], "except"),
    (Place::Setting, &["tz", "time_zone", "zone"], "timezone"),
    (Place::Type, &["bool", "boolean", "flag", "yesno"], "yes/no"),
    (Place::Type, &["enum", "oneof", "text", "string"], "one of VALUE, VALUE"),
    (Place::Type, &["int", "integer", "float", "decimal", "amount", "money"], "number 0 to 100"),
    (Place::Type, &["day"], "date"),
    (Place::Type, &["timestamp", "moment"], "datetime"),
    (Place::Claim, &["allow", "allowed", "permitted"], "permit"),
    (Place::Claim, &["deny", "denied", "forbidden"], "forbid"),
    (Place::Claim, &["oblige"], "obliges"),
];

fn keywords(place: Place) -> &'static [&'static str] {
    match place {
        Place::Item => &[
            "policy",
            "use",
            "fact",
            "section",
            "rule",
            "exception",
            "duty",
            "period",
            "decision",
            "assume",
            "expect",
            "define",
            "role",
            "channel",
        ],
        Place::Statement => &["permit", "forbid", "require", "oblige", "advise", "waive", "except", "cite"],
        Place::Setting => &["source", "timezone", "in force", "default", "yields to"],
        Place::Type => &["yes/no", "one of", "role", "channel", "number", "date", "time", "datetime", "set of"],
        Place::Claim => &["permit", "forbid", "undecided", "conflict", "obliges"],
    }
}

/// The keyword that is spelled nearly like the word.
fn near<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if !(3..=24).contains(&length) {
        return None;
    }
    let limit = if length <= 4 { 1 } else { 2 };
    let near = among.into_iter().map(|k| (strsim::damerau_levenshtein(word, k), k)).filter(|(d, _)| *d <= limit);
    near.min().map(|(_, k)| k)
}

/// Adds the keyword that was probably meant by a word at a place.
pub fn word_for(word: &str, place: Place, span: Span, error: Diagnostic) -> Diagnostic {
    let lower = if word.len() <= 32 { word.to_lowercase() } else { return error };
    let synonym = SYNONYMS.iter().find(|(p, words, _)| *p == place && words.contains(&lower.as_str())).map(|s| s.2);
    match synonym.or_else(|| near(&lower, keywords(place).iter().copied())) {
        Some(meant) if meant.contains("VALUE") || meant.contains("100") => error.help(format!("write `{meant}`")),
        Some(meant) => error.fix(format!("did you mean `{meant}`?"), vec![Edit::replace(span, meant)]),
        None => error,
    }
}

/// A slip whose place or sentence differs from what the grammar saw.
pub fn special(f: &Failure) -> Option<Diagnostic> {
    let error = |i: usize, message: String| Diagnostic::new(&codes::SYNTAX, f.span(i), message);
    // `permit call, from student`: the comma made `from` a name.
    if let (Some(word @ (K::From | K::To)), Some(K::Comma)) = (f.before(1), f.before(2)) {
        let message = format!("expected another name after `,`, found `{}`", word.text());
        return Some(remove(error(f.at - 2, message), f, f.at - 2));
    }
    // `permit call, when x`
    if let (Some(K::Comma), None | Some(K::When | K::Provided | K::RBrace | K::RParen)) = (f.before(1), f.found()) {
        let message = match f.found() {
            Some(_) => format!("expected another name after `,`, found {}", shown(f.text, f.toks, f.at)),
            None => "expected another name after `,`".to_string(),
        };
        return Some(remove(error(f.at - 1, message), f, f.at - 1));
    }
    let found = f.found()?;
    // `rule rule { … }`, `when duty is x`
    let named = |e: &String| (e.starts_with("a ") || e.starts_with("the ")) && e != "a text in quotes";
    let wants_name = f.expected.iter().any(named);
    let never_there = found.starts_item() || found.starts_statement() || matches!(found, K::Except | K::Provided);
    let after_keyword = f.before(1).is_some_and(|k| k.starts_item() || k == K::Except);
    if wants_name && (never_there || found.is_reserved() && after_keyword && f.expects("a name")) {
        let it = f.word(f.at);
        let message = format!("`{it}` is a keyword, so it cannot be a name here");
        return Some(error(f.at, message).help(format!("choose another name, such as `{it}_`")));
    }
    None
}

/// Adds what is probably the way out.
pub fn with_hint(f: &Failure, error: Diagnostic) -> Diagnostic {
    let Some(found) = f.found() else { return at_the_end(f, error) };
    let (here, span) = (f.word(f.at), f.span(f.at));
    let replace = |error: Diagnostic, with: &str| error.fix(format!("write `{with}`"), vec![Edit::replace(span, with)]);
    let insert = |error: Diagnostic, what: &str| {
        let edit = match what {
            "," | ":" => Edit::replace(f.span(f.at.saturating_sub(1)).after(), what),
            _ => Edit::replace(Span { end: span.start, ..span }, format!("{what} ")),
        };
        error.fix(format!("add `{what}`"), vec![edit])
    };
    if f.expects("a type") {
        return word_for(here, Place::Type, span, error).help(
            "a type is `yes/no`, `one of …`, `role`, `channel`, `number`, `date`, `time`, `datetime` or `set of …`",
        );
    }
    if f.expects("a claim") || f.kind(f.lo) != Some(K::Rule) && f.expects("`is`") && f.at == f.lo + 1 {
        return word_for(f.word(f.lo), Place::Claim, f.span(f.lo), error);
    }
    if f.expected.len() == 1 && f.expects("a text in quotes") {
        return error.help("put it between quotes: `\"…\"`");
    }
    if f.expects("`:`") && found != K::Equal {
        return insert(error, ":");
    }
    if f.expects("`one`") && f.before(1) == Some(K::Colon) {
        return insert(error, "one of");
    }
    if f.expects("`to`") && matches!(found, K::Number | K::Date | K::Time) {
        return insert(error, "to");
    }
    if f.expects("`during`")
        && f.before(1) == Some(K::Name)
        && let Some(meant) = near(f.word(f.at - 1), ["weekdays", "weekends"])
    {
        let edit = Edit::replace(f.span(f.at - 1), meant);
        return error.fix(format!("did you mean `{meant}`?"), vec![edit]);
    }
    match found {
        K::String => return quoted(f, error),
        K::Colon if f.expected.len() == 1 && f.expects("`{`") => {
            return error.help("what belongs to it stands between `{` and `}`");
        }
        K::Colon if !f.expects("`:`") => return remove(error, f, f.at),
        K::Equal if f.expects("`:`") => return replace(error, ":"),
        K::Colon if f.expects("`=`") => return replace(error, "="),
        K::Slash if f.expects("`.`") => return replace(error, "."),
        K::In if f.expects("a comparison") => {
            return error.help("to test for one of several values, write `is any of a, b`");
        }
        K::Of if f.word(f.at - 1) == "one" && f.before(2) == Some(K::Is) => {
            let edit = Edit::replace(f.span(f.at - 1), "any");
            return error.fix("write `is any of`", vec![edit]);
        }
        K::Of if f.before(2) == Some(K::Includes) => return error.help("write `include any of` or `include all of`"),
        K::Number | K::Date | K::Time if f.expects("a condition") => {
            return error.help("the fact stands first: write `fee < 50.00 USD`, not `50.00 USD > fee`");
        }
        K::To if f.expects("`and`") && f.before(2) == Some(K::Between) => return replace(error, "and"),
        _ => {}
    }
    if f.expects("`when`") {
        let wants_not = here.eq_ignore_ascii_case("unless");
        if wants_not || ["if", "where", "while", "whenever", "unless"].contains(&here) {
            return replace(error, if wants_not { "when not" } else { "when" });
        }
        if f.hi > f.at + 1 && !f.toks[f.at + 1].0.is_name() && found.is_name() || found == K::Not {
            return insert(error, "when");
        }
    }
    if f.expects("days, a date, `or before`, `or after` or `the same day as`") && found.is_name() {
        return error.help(format!("to ask whether a moment lies in a period, write `during {here}`"));
    }
    if f.before(1).is_some_and(K::is_name) && f.expects("a comparison") && found.is_name() {
        if here == "equals" || here == "are" || here == "isnt" {
            return replace(error, if here == "isnt" { "is not" } else { "is" });
        }
        if !matches!(f.before(2), Some(K::Is)) {
            return insert(error, "is");
        }
    }
    let both_names = found.is_name() && f.before(1).is_some_and(K::is_name);
    let list = both_names && f.expects("`,`") && f.expected.len() <= 3;
    let meant = f.expected.iter().filter_map(|e| e.strip_prefix('`')?.strip_suffix('`'));
    match near(here, meant) {
        Some(meant) => error.fix(format!("did you mean `{meant}`?"), vec![Edit::replace(span, meant)]),
        None if list => insert(error, ","),
        None => error,
    }
}

/// A text in quotes where none may stand.
fn quoted(f: &Failure, error: Diagnostic) -> Diagnostic {
    let inner = f.word(f.at).trim_matches('"');
    let named = |name: &str| {
        let mut kinds = name.chars();
        kinds.next().is_some_and(|c| c == '_' || c.is_alphabetic()) && kinds.all(|c| c == '_' || c.is_alphanumeric())
    };
    if f.before(1) == Some(K::Use) {
        let dotted = inner.trim_end_matches(".ordain").replace('/', ".");
        if dotted.split('.').all(named) {
            return error.fix("write it without quotes", vec![Edit::replace(f.span(f.at), dotted)]);
        }
    }
    let joined = inner.trim().replace([' ', '-'], "_");
    if named(&joined) {
        return error
            .fix(format!("write the name without quotes: `{joined}`"), vec![Edit::replace(f.span(f.at), joined)]);
    }
    error.help("a name has no quotes")
}

/// Something is missing at the end of the part.
fn at_the_end(f: &Failure, error: Diagnostic) -> Diagnostic {
    let bound = |k: K| matches!(k, K::Than | K::Least | K::Most | K::Exactly);
    if f.expects("`before`") && f.expects("`after`") && (f.lo..f.at).rev().take(4).any(|i| bound(f.toks[i].0)) {
        return error.help("to compare a number, write `fee > 50.00 USD`; this asks for days before or after a date");
    }
    error
}
