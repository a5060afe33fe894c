//! A comparison -> the sentences that every format says: headline, counts, headings, edits, people.
//!
//! Names from the policy stand in backticks; formats that have a better way to set them apart replace these.

use super::{Apart, Aspect, Comparison, Direction, Edit, How, Person, Row, What};
use crate::diagnostics::{percent, thousands};
use crate::model::VERDICT;
use crate::model::show;

/// `12 kinds of case`
pub fn kinds(n: u128) -> String {
    match n {
        1 => "1 kind of case".into(),
        n => format!("{} kinds of case", thousands(n)),
    }
}

/// The result in one sentence.
pub fn headline(c: &Comparison) -> String {
    let apart = c.apart.iter().any(Option::is_some);
    match c.changed {
        _ if c.kinds == 0 => "the versions have no case in common".into(),
        0 if apart => "no case that both versions know is decided differently".into(),
        0 => "no case is decided differently".into(),
        n => {
            let verb = if n == 1 { "is" } else { "are" };
            let of = if c.kinds == 1 { "kind" } else { "kinds" };
            let share = percent(n, c.kinds);
            format!("{} of {} {of} of case {verb} decided differently ({share})", thousands(n), thousands(c.kinds))
        }
    }
}

/// What makes the result a proof.
pub fn proof(c: &Comparison) -> String {
    let all = kinds(c.kinds);
    match (c.kinds, c.changed) {
        (0, _) => "there was nothing to compare".into(),
        (_, 0) if c.kinds == 1 => "proved for the only kind of case".into(),
        (_, 0) => format!("proved for all {all}"),
        _ if c.aspects.iter().all(|a| a.listed) => {
            "proved: the rows are exactly the cases that changed, and both versions decided each example".into()
        }
        _ => "proved, though not every case is listed; both versions decided each example".into(),
    }
}

/// Counts that say what the change does.
pub fn counts(c: &Comparison) -> Vec<String> {
    let mut lines = Vec::new();
    if c.widened > 0 {
        lines.push(format!("{} permitted now and not before", be(c.widened)));
    }
    if c.narrowed > 0 {
        lines.push(format!("{} no longer permitted", be(c.narrowed)));
    }
    for aspect in &c.aspects {
        match &aspect.what {
            What::Decision(VERDICT) => {
                let rest = aspect.rows.iter().filter(|r| r.direction == Direction::Other).map(|r| r.kinds);
                let rest = rest.fold(0u128, u128::saturating_add);
                if rest > 0 {
                    lines.push(format!("{} decided differently without a permit gained or lost", be(rest)));
                }
            }
            What::Decision(_) => lines.push(format!("`{}` differs in {}", aspect.name, kinds(aspect.kinds))),
            What::Duty(_) => lines.push(format!("the duty `{}` differs in {}", aspect.name, kinds(aspect.kinds))),
            What::Advice(_) => {
                lines.push(format!("the advice \"{}\" differs in {}", aspect.name, kinds(aspect.kinds)));
            }
            What::Rules(_) => {}
        }
    }
    if c.other_rules > 0 {
        lines.push(format!("in {} other rules decide, with the same result", kinds(c.other_rules)));
    }
    let apart = |apart: &Apart, what: &str, permitted: &str| {
        let why = if apart.why.is_empty() { String::new() } else { format!(" ({})", apart.why.join("; ")) };
        let permitted = match apart.permitted {
            0 => String::new(),
            n => format!("; it {permitted} {} of them", thousands(n)),
        };
        format!("{} {what}{why}{permitted}", be(apart.kinds))
    };
    if let Some(new) = &c.apart[1] {
        lines.push(apart(new, "new to the policy", "permits"));
    }
    if let Some(gone) = &c.apart[0] {
        lines.push(apart(gone, "no case any more", "permitted"));
    }
    lines
}

fn be(n: u128) -> String {
    format!("{} {}", kinds(n), if n == 1 { "is" } else { "are" })
}

/// What an aspect is about.
pub fn heading(aspect: &Aspect) -> String {
    let title = aspect.title.as_ref().map_or(String::new(), |t| format!(" ({t})"));
    match &aspect.what {
        What::Decision(VERDICT) => "what is permitted".into(),
        What::Decision(_) => format!("the decision `{}`{title}", aspect.name),
        What::Duty(_) => format!("the duty `{}`{title}", aspect.name),
        What::Advice(_) => format!("the advice \"{}\"", aspect.name),
        What::Rules(VERDICT) => "decided as before, by other rules".into(),
        What::Rules(_) => format!("`{}` as before, by other rules", aspect.name),
    }
}

/// The columns of a row that say something, with what they say.
pub fn conditions<'a>(aspect: &'a Aspect, row: &'a Row) -> Vec<(&'a str, &'a str)> {
    let pairs = aspect.columns.iter().zip(&row.texts).filter(|(_, text)| *text != "–");
    pairs.map(|(column, text)| (column.as_str(), text.as_str())).collect()
}

/// `rule `texts` changed`
pub fn edit(edit: &Edit) -> String {
    told(edit, None)
}

/// `rule `texts` “No text messages” changed`
pub fn titled(edit: &Edit) -> String {
    told(edit, edit.title.as_deref())
}

fn told(edit: &Edit, title: Option<&str>) -> String {
    let name = match edit.kind {
        "assumption" => format!(" that {}", edit.name),
        "time zone" => String::new(),
        "default" if edit.name == "verdict" => String::new(),
        "default" => format!(" of `{}`", edit.name),
        _ => format!(" `{}`", edit.name),
    };
    let name = title.map_or(name.clone(), |title| format!("{name} “{title}”"));
    let how = match edit.how {
        How::Added => "added",
        How::Removed => "removed",
        How::Changed => "changed",
        How::Renamed => "renamed",
    };
    match &edit.was {
        Some(was) if edit.how == How::Renamed => format!("{}{name} renamed, it was `{was}`", edit.kind),
        Some(was) => format!("{}{name} {how}, it was `{was}`", edit.kind),
        None => format!("{}{name} {how}", edit.kind),
    }
}

/// What an edit changed, line by line: a word before it, and the text of the policy.
pub fn details(edit: &Edit) -> Vec<(String, &str)> {
    let mut lines = Vec::new();
    for detail in &edit.details {
        let plain = matches!(detail.part, "says" | "is" | "default");
        let word = |when: &str| match (plain, when) {
            (true, _) => when.to_string(),
            (false, "was") => format!("{}, before", detail.part),
            (false, _) => format!("{}, now", detail.part),
        };
        match (&detail.before, &detail.after) {
            (None, Some(after)) if detail.part == USES => lines.push((USES.to_string(), after.as_str())),
            (before, after) => {
                let sole = plain && (before.is_none() || after.is_none());
                let lone = |text: &str| if sole { detail.part.to_string() } else { word(text) };
                let gone = if detail.part == "says" { "said" } else { "was" };
                lines.extend(before.as_deref().map(|b| (if sole { gone.into() } else { lone("was") }, b)));
                lines.extend(after.as_deref().map(|a| (lone("is"), a)));
            }
        }
    }
    lines
}

/// The text is as before, and a name in it means something else.
pub const USES: &str = "uses what changed";

/// Where an edit is: `contact.ordain:12`, in the new version if that has it.
pub fn place(edit: &Edit) -> Option<&str> {
    edit.places[1].as_deref().or(edit.places[0].as_deref())
}

/// What an edit does.
pub fn effect(c: &Comparison, edit: &Edit) -> Option<String> {
    let every = if c.apart.iter().any(Option::is_some) { "every case that both versions know" } else { "every case" };
    let touches = match edit.kinds? {
        0 if edit.how == How::Renamed => return None,
        0 if edit.how == How::Changed => format!("it says the same as before in {every}"),
        0 => "it applies in no case".to_string(),
        n if edit.how == How::Changed => format!("it says something else in {}", kinds(n)),
        n if edit.how == How::Added => format!("it applies in {}", kinds(n)),
        n => format!("it applied in {}", kinds(n)),
    };
    Some(touches)
}

/// Who gains, or loses, as one line each fact: `as sender: student (12)`.
pub fn people(c: &Comparison, gains: bool) -> Vec<String> {
    let count = |p: &Person| if gains { p.gains } else { p.loses };
    let mut facts: Vec<&str> = Vec::new();
    for person in c.people.iter().filter(|p| count(p) > 0) {
        if !facts.contains(&person.fact.as_str()) {
            facts.push(&person.fact);
        }
    }
    let line = |fact: &&str| {
        let mut own: Vec<&Person> = c.people.iter().filter(|p| p.fact == **fact && count(p) > 0).collect();
        own.sort_by_key(|p| std::cmp::Reverse(count(p)));
        let shown: Vec<String> = own
            .iter()
            .take(PEOPLE)
            .map(|p| format!("{} ({})", show::list(&p.roles, "and"), thousands(count(p))))
            .collect();
        let more = if own.len() > PEOPLE { format!(" and {} more", own.len() - PEOPLE) } else { String::new() };
        format!("as {}: {}{more}", show::words(fact), shown.join(", "))
    };
    facts.iter().map(line).collect()
}

/// So many roles of a fact are named.
const PEOPLE: usize = 12;

/// Who decides: `by texts and calls`, `by default`; few of many.
pub fn by(names: &[String]) -> String {
    const FEW: usize = 6;
    let default = names.iter().any(|n| n == BY_DEFAULT);
    let mut shown: Vec<String> = names.iter().filter(|n| *n != BY_DEFAULT).take(FEW).cloned().collect();
    let more = names.len() - usize::from(default) - shown.len();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    if default {
        shown.push(if shown.is_empty() { "default" } else { "by default" }.to_string());
    }
    format!("by {}", show::list(&shown, "and"))
}

/// Among those who decide.
pub const BY_DEFAULT: &str = "by default";

/// Upper case at the start, as sentences of prose have.
pub fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
