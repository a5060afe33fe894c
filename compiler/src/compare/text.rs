//! A comparison -> text for a terminal: a block for each row, as wide as it needs.

use super::report::{
    by, conditions, counts, details, edit, effect, heading, headline, kinds, people, place, proof, titled,
};
use super::{Aspect, Comparison, Direction, Edit, Row, What};
use crate::diagnostics::render::paint::{Paint, Tint};
use crate::diagnostics::thousands;
use unicode_width::UnicodeWidthStr;

/// `limit` rows of each kind are printed; 0 prints all.
pub fn write(c: &Comparison, paint: Paint, limit: usize) -> String {
    let tint = if c.same() { Tint::Good } else { Tint::Strong };
    let mut out = format!("{}\n", paint.text(tint, &headline(c)));
    let counts = counts(c);
    counts.iter().for_each(|line| out.push_str(&format!("   = {line}\n")));
    for (word, gains) in [("gains", true), ("loses", false)] {
        people(c, gains).iter().for_each(|line| out.push_str(&format!("   = who {word} {line}\n")));
    }
    for aspect in &c.aspects {
        out.push_str(&section(c, aspect, paint, limit));
    }
    for (apart, what) in c.apart.iter().zip(["cases that are gone", "new cases"]).rev() {
        let Some(apart) = apart else { continue };
        for aspect in &apart.aspects {
            out.push('\n');
            let head = format!("{what}, {}: {}", heading(aspect), kinds(aspect.kinds));
            out.push_str(&format!("{}\n", paint.text(Tint::Strong, &head)));
            let told = |row: &Row| match conditions(aspect, row).is_empty() {
                true => format!("all of them: {}", row.after),
                false => format!("{}: {}", row.after, said(aspect, row)),
            };
            rows(&mut out, aspect, limit, |out, row| out.push_str(&format!("   {}\n", told(row))));
        }
    }
    if !c.edits.is_empty() {
        out.push_str(&format!("\n{}\n", paint.text(Tint::Strong, "what was edited")));
        c.edits.iter().for_each(|e| out.push_str(&one_edit(c, e, paint)));
    }
    if !c.notes.is_empty() {
        out.push('\n');
        c.notes.iter().for_each(|note| out.push_str(&format!("{} {note}\n", paint.text(Tint::Note, "note:"))));
    }
    out.push_str(&format!("\n{}\n", paint.text(Tint::Good, &proof(c))));
    out
}

fn rows(out: &mut String, aspect: &Aspect, limit: usize, mut write: impl FnMut(&mut String, &Row)) {
    let shown = if limit == 0 { aspect.rows.len() } else { limit.min(aspect.rows.len()) };
    aspect.rows[..shown].iter().for_each(|row| write(out, row));
    if shown < aspect.rows.len() {
        out.push_str(&format!(
            "   and {} more rows; `--limit 0` prints all\n",
            thousands((aspect.rows.len() - shown) as u128)
        ));
    }
}

fn section(c: &Comparison, aspect: &Aspect, paint: Paint, limit: usize) -> String {
    let head = format!("{}: {}", heading(aspect), kinds(aspect.kinds));
    let mut out = format!("\n{}\n", paint.text(Tint::Strong, &head));
    rows(&mut out, aspect, limit, |out, row| {
        let (mark, tint) = match row.direction {
            Direction::Widening => ("+", Tint::Warning),
            Direction::Narrowing => ("-", Tint::Note),
            Direction::Other => ("~", Tint::Second),
        };
        let change = format!("{mark} {} → {}", row.before, row.after);
        out.push_str(&format!("{}: {}\n", paint.text(tint, &change), said(aspect, row)));
        if let Some(witness) = &row.witness {
            out.push_str(&format!("    for example: {}\n", witness.sentence));
        }
        let mut asides = vec![kinds(row.kinds)];
        for (names, word) in row.by.iter().zip(["before", "now"]) {
            if !names.is_empty() && !matches!(aspect.what, What::Rules(_)) {
                asides.push(format!("{word} {}", by(names)));
            }
        }
        out.push_str(&format!("    {}\n", paint.text(Tint::Faint, &asides.join("; "))));
        if !row.causes.is_empty() {
            let causes: Vec<String> = row.causes.iter().filter_map(|i| c.edits.get(*i)).map(edit).collect();
            out.push_str(&format!("    because: {}\n", few(&causes)));
        }
    });
    if !aspect.listed {
        out.push_str("   the cases are too many to be listed in rows\n");
    }
    out
}

/// What all cases of a row have in common.
fn said(aspect: &Aspect, row: &Row) -> String {
    if !aspect.listed {
        return "see the example".into();
    }
    let all: Vec<String> = conditions(aspect, row).iter().map(|(column, text)| format!("{column}: {text}")).collect();
    if all.is_empty() { "every case".into() } else { all.join("; ") }
}

/// The first of many.
fn few(names: &[String]) -> String {
    const FEW: usize = 6;
    match names.len() > FEW {
        true => format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW),
        false => names.join(", "),
    }
}

fn one_edit(c: &Comparison, e: &Edit, paint: Paint) -> String {
    let place = place(e).map_or(String::new(), |p| paint.text(Tint::Faint, &format!("  {p}")));
    let mut out = format!("   {}{place}\n", titled(e));
    let lines = details(e);
    let width = lines.iter().map(|l| l.0.width()).max().unwrap_or(0);
    for (word, text) in lines {
        out.push_str(&format!("     {word}{}  {text}\n", " ".repeat(width - word.width())));
    }
    if let Some(effect) = effect(c, e) {
        out.push_str(&format!("     {effect}\n"));
    }
    out
}
