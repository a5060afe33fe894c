//! A comparison -> a comment on a pull request that a person who owns the policy can read.

use super::report::{
    conditions, counts, details, edit, effect, heading, headline, kinds, people, place, proof, titled, upper_first,
};
use super::{Aspect, Comparison, Direction, Edit, Row, What};
use crate::diagnostics::thousands;

/// More rows and edits than these are counted, not shown: a comment has to be read.
const ROWS: usize = 30;
const EDITS: usize = 40;

pub fn write(c: &Comparison) -> String {
    let mut out = format!("## {}\n\n", upper_first(&headline(c)));
    let counts = counts(c);
    counts.iter().for_each(|line| out.push_str(&format!("* {}\n", upper_first(&inline(line)))));
    for (word, gains) in [("gains", true), ("loses", false)] {
        for line in people(c, gains) {
            out.push_str(&format!("* Who {word}, {}\n", inline(&line)));
        }
    }
    if !counts.is_empty() {
        out.push('\n');
    }
    let (shown, hidden): (Vec<&Aspect>, Vec<&Aspect>) =
        c.aspects.iter().partition(|a| !matches!(a.what, What::Rules(_)));
    shown.iter().for_each(|aspect| table(&mut out, c, aspect, 3));
    for (apart, what) in c.apart.iter().zip(["Cases that are gone", "New cases"]).rev() {
        let Some(apart) = apart else { continue };
        out.push_str(&format!("### {what}: {}\n\n", kinds(apart.kinds)));
        for aspect in &apart.aspects {
            if apart.aspects.len() > 1 {
                out.push_str(&format!("{}:\n\n", upper_first(&inline(&heading(aspect)))));
            }
            decided(&mut out, aspect);
        }
    }
    if !c.edits.is_empty() {
        out.push_str("### What was edited\n\n");
        c.edits.iter().take(EDITS).for_each(|e| out.push_str(&one_edit(c, e)));
        if c.edits.len() > EDITS {
            out.push_str(&format!("* and {} more edits\n", c.edits.len() - EDITS));
        }
        out.push('\n');
    }
    for aspect in hidden {
        out.push_str(&format!(
            "<details><summary>{}: {}</summary>\n\n",
            upper_first(&plain(&heading(aspect))),
            kinds(aspect.kinds)
        ));
        rows(&mut out, c, aspect);
        out.push_str("</details>\n\n");
    }
    if !c.legend.is_empty() && !shown.is_empty() {
        let words: Vec<String> =
            c.legend.iter().map(|(name, text)| format!("**{}**: {}", inline(name), inline(text))).collect();
        out.push_str(&format!(
            "<details><summary>What the words mean</summary>\n\n{}\n\n</details>\n\n",
            words.join(" · ")
        ));
    }
    for note in &c.notes {
        out.push_str(&format!("> {}.\n>\n", upper_first(&inline(note))));
    }
    if !c.notes.is_empty() {
        out.truncate(out.len() - 2);
        out.push('\n');
    }
    out.push_str(&format!(
        "<sub>{}. A kind of case is a class of cases that no rule tells apart.</sub>\n",
        upper_first(&proof(c))
    ));
    out
}

fn table(out: &mut String, c: &Comparison, aspect: &Aspect, level: usize) {
    let hashes = "#".repeat(level);
    out.push_str(&format!("{hashes} {}: {}\n\n", upper_first(&inline(&heading(aspect))), kinds(aspect.kinds)));
    rows(out, c, aspect);
}

fn rows(out: &mut String, c: &Comparison, aspect: &Aspect) {
    if !aspect.listed {
        out.push_str("The cases are too many to be listed in rows; an example of each change:\n\n");
    }
    let caused = aspect.rows.iter().any(|r| !r.causes.is_empty());
    let mut head = vec!["In these cases".to_string(), "Before".into(), "Now".into(), "For example".into()];
    head.extend(caused.then(|| "Because".to_string()));
    out.push_str(&format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len())));
    for row in aspect.rows.iter().take(ROWS) {
        let strong = |text: &str, yes: bool| if yes { format!("**{}**", cell(text)) } else { cell(text) };
        let mut cells = vec![
            said(aspect, row, "every case"),
            strong(&row.before, row.direction == Direction::Narrowing),
            strong(&row.after, row.direction == Direction::Widening),
            row.witness.as_ref().map_or(String::new(), |w| cell(&w.sentence)),
        ];
        if caused {
            let causes: Vec<String> =
                row.causes.iter().filter_map(|i| c.edits.get(*i)).map(|e| cell(&edit(e))).collect();
            cells.push(few(&causes));
        }
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out.push('\n');
    if aspect.rows.len() > ROWS {
        out.push_str(&format!("and {} more rows\n\n", thousands((aspect.rows.len() - ROWS) as u128)));
    }
}

/// Cases of one version only.
fn decided(out: &mut String, aspect: &Aspect) {
    out.push_str("| In these cases | Decided | For example |\n|---|---|---|\n");
    for row in aspect.rows.iter().take(ROWS) {
        let example = row.witness.as_ref().map_or(String::new(), |w| cell(&w.sentence));
        out.push_str(&format!("| {} | {} | {example} |\n", said(aspect, row, "all of them"), cell(&row.after)));
    }
    out.push('\n');
    if aspect.rows.len() > ROWS {
        out.push_str(&format!("and {} more rows\n\n", thousands((aspect.rows.len() - ROWS) as u128)));
    }
}

fn said(aspect: &Aspect, row: &Row, every: &str) -> String {
    let all = conditions(aspect, row);
    let all: Vec<String> = all.iter().map(|(column, text)| format!("{}: **{}**", cell(column), cell(text))).collect();
    match all.is_empty() {
        true if !aspect.listed => "see the example".into(),
        true => every.to_string(),
        false => all.join("<br>"),
    }
}

fn few(names: &[String]) -> String {
    const FEW: usize = 4;
    match names.len() > FEW {
        true => format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW),
        false => names.join(", "),
    }
}

fn one_edit(c: &Comparison, e: &Edit) -> String {
    let place = place(e).map_or(String::new(), |p| format!(" ({p})"));
    let effect = effect(c, e).map_or(String::new(), |text| format!("; {text}"));
    let mut out = format!("* {}{place}{effect}\n", upper_first(&inline(&titled(e))));
    for (word, text) in details(e) {
        out.push_str(&format!("  * {word} `{}`\n", one_line(text).replace('`', "")));
    }
    out
}

fn plain(text: &str) -> String {
    inline(text).replace('`', "")
}

fn cell(text: &str) -> String {
    inline(text).replace('|', "\\|")
}

/// On one line, and no markup but backticks.
fn inline(text: &str) -> String {
    one_line(text).replace('<', "&lt;").replace('*', "\\*")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
