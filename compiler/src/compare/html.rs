//! A comparison -> one page for a browser: nothing is fetched, it reads on a phone, on paper, and in the dark.

use super::report::{
    by, conditions, counts, details, edit, effect, heading, headline, kinds, people, place, proof, titled, upper_first,
};
use super::{Aspect, Comparison, Direction, Edit, Row, What};
use crate::diagnostics::thousands;

/// More rows of one kind than these are counted, not shown.
const ROWS: usize = 500;

const STYLE: &str = include_str!("html.css");

/// `names` are what the versions are called.
pub fn write(c: &Comparison, names: [&str; 2]) -> String {
    let title = upper_first(&headline(c));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        plain(&title)
    );
    let class = if c.any() { "changed" } else { "same" };
    out.push_str(&format!("<header class=\"{class}\">\n<h1>{}</h1>\n", inline(&title)));
    out.push_str(&format!("<p class=\"versions\">{} → {}</p>\n", inline(names[0]), inline(names[1])));
    let mut lines: Vec<String> = counts(c).iter().map(|l| upper_first(&inline(l))).collect();
    for (word, gains) in [("gains", true), ("loses", false)] {
        lines.extend(people(c, gains).iter().map(|line| format!("Who {word}, {}", inline(line))));
    }
    list(&mut out, &lines);
    out.push_str("</header>\n");
    let (shown, hidden): (Vec<&Aspect>, Vec<&Aspect>) =
        c.aspects.iter().partition(|a| !matches!(a.what, What::Rules(_)));
    for aspect in shown {
        let head = format!("{}: {}", upper_first(&heading(aspect)), kinds(aspect.kinds));
        out.push_str(&format!("<section>\n<h2>{}</h2>\n", inline(&head)));
        rows(&mut out, c, aspect);
        out.push_str("</section>\n");
    }
    for (apart, what) in c.apart.iter().zip(["Cases that are gone", "New cases"]).rev() {
        let Some(apart) = apart else { continue };
        out.push_str(&format!("<section>\n<h2>{what}: {}</h2>\n", kinds(apart.kinds)));
        for aspect in &apart.aspects {
            if apart.aspects.len() > 1 {
                out.push_str(&format!("<h3>{}</h3>\n", inline(&upper_first(&heading(aspect)))));
            }
            decided(&mut out, aspect);
        }
        out.push_str("</section>\n");
    }
    if !c.edits.is_empty() {
        out.push_str("<section>\n<h2>What was edited</h2>\n<ul class=\"edits\">\n");
        c.edits.iter().for_each(|e| out.push_str(&one_edit(c, e)));
        out.push_str("</ul>\n</section>\n");
    }
    for aspect in hidden {
        let head = format!("{}: {}", upper_first(&heading(aspect)), kinds(aspect.kinds));
        out.push_str(&format!("<details>\n<summary>{}</summary>\n", inline(&head)));
        rows(&mut out, c, aspect);
        out.push_str("</details>\n");
    }
    if !c.legend.is_empty() {
        out.push_str("<details>\n<summary>What the words mean</summary>\n<dl>\n");
        for (name, text) in &c.legend {
            out.push_str(&format!("<dt>{}</dt><dd>{}</dd>\n", inline(name), inline(text)));
        }
        out.push_str("</dl>\n</details>\n");
    }
    list(&mut out, &c.notes.iter().map(|n| format!("{}.", upper_first(&inline(n)))).collect::<Vec<_>>());
    let proof = upper_first(&proof(c));
    out.push_str(&format!(
        "<footer>{}. A kind of case is a class of cases that no rule tells apart.</footer>\n</main>\n</body>\n</html>\n",
        inline(&proof)
    ));
    out
}

fn list(out: &mut String, lines: &[String]) {
    if !lines.is_empty() {
        out.push_str("<ul>\n");
        lines.iter().for_each(|line| out.push_str(&format!("<li>{line}</li>\n")));
        out.push_str("</ul>\n");
    }
}

fn rows(out: &mut String, c: &Comparison, aspect: &Aspect) {
    if !aspect.listed {
        out.push_str("<p>The cases are too many to be listed in rows; an example of each change:</p>\n");
    }
    let caused = aspect.rows.iter().any(|r| !r.causes.is_empty());
    out.push_str("<table>\n<thead><tr><th>In these cases</th><th>Before</th><th>Now</th><th>For example</th>");
    out.push_str(if caused { "<th>Because</th></tr></thead>\n<tbody>\n" } else { "</tr></thead>\n<tbody>\n" });
    for row in aspect.rows.iter().take(ROWS) {
        let class = match row.direction {
            Direction::Widening => " class=\"widening\"",
            Direction::Narrowing => " class=\"narrowing\"",
            Direction::Other => "",
        };
        let names = |which: usize| match row.by[which].is_empty() || matches!(aspect.what, What::Rules(_)) {
            true => String::new(),
            false => format!("<span class=\"by\">{}</span>", inline(&by(&row.by[which]))),
        };
        let example = row.witness.as_ref().map_or(String::new(), |w| inline(&w.sentence));
        out.push_str(&format!(
            "<tr{class}><td data-head=\"In these cases\">{}<span class=\"by\">{}</span></td><td data-head=\"Before\"><b>{}</b>{}</td><td data-head=\"Now\"><b>{}</b>{}</td><td data-head=\"For example\">{example}</td>",
            said(aspect, row, "every case"),
            kinds(row.kinds),
            inline(&row.before),
            names(0),
            inline(&row.after),
            names(1),
        ));
        if caused {
            let causes: Vec<String> = row.causes.iter().filter_map(|i| c.edits.get(*i)).map(edit).collect();
            out.push_str(&format!("<td data-head=\"Because\">{}</td>", inline(&few(&causes))));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
    more(out, aspect);
}

fn more(out: &mut String, aspect: &Aspect) {
    if aspect.rows.len() > ROWS {
        out.push_str(&format!("<p>and {} more rows</p>\n", thousands((aspect.rows.len() - ROWS) as u128)));
    }
}

/// Cases of one version only.
fn decided(out: &mut String, aspect: &Aspect) {
    out.push_str(
        "<table>\n<thead><tr><th>In these cases</th><th>Decided</th><th>For example</th></tr></thead>\n<tbody>\n",
    );
    for row in aspect.rows.iter().take(ROWS) {
        let example = row.witness.as_ref().map_or(String::new(), |w| inline(&w.sentence));
        out.push_str(&format!(
            "<tr><td data-head=\"In these cases\">{}</td><td data-head=\"Decided\"><b>{}</b></td><td data-head=\"For example\">{example}</td></tr>\n",
            said(aspect, row, "all of them"),
            inline(&row.after),
        ));
    }
    out.push_str("</tbody>\n</table>\n");
    more(out, aspect);
}

fn said(aspect: &Aspect, row: &Row, every: &str) -> String {
    let all = conditions(aspect, row);
    let line = |(column, text): &(&str, &str)| {
        format!("<span class=\"fact\">{}: <b>{}</b></span>", inline(column), inline(text))
    };
    match all.is_empty() {
        true if !aspect.listed => "see the example".into(),
        true => every.to_string(),
        false => all.iter().map(line).collect(),
    }
}

fn few(names: &[String]) -> String {
    const FEW: usize = 6;
    match names.len() > FEW {
        true => format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW),
        false => names.join(", "),
    }
}

fn one_edit(c: &Comparison, e: &Edit) -> String {
    let place = place(e).map_or(String::new(), |p| format!(" <span class=\"place\">{}</span>", inline(p)));
    let mut out = format!("<li>{}{place}", upper_first(&inline(&titled(e))));
    for (word, text) in details(e) {
        let class = if matches!(word.as_str(), "was" | "said") || word.ends_with("before") { "before" } else { "now" };
        let text = inline(&text.replace('`', ""));
        out.push_str(&format!(
            "<div class=\"detail\"><span class=\"part\">{word}</span><code class=\"{class}\">{text}</code></div>"
        ));
    }
    if let Some(effect) = effect(c, e) {
        out.push_str(&format!("<div class=\"effect\">{}</div>", inline(&effect)));
    }
    out.push_str("</li>\n");
    out
}

/// Backticks become code.
fn inline(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let part = |(i, part): (usize, &str)| {
        if i % 2 == 1 { format!("<code>{}</code>", escape(part)) } else { escape(part) }
    };
    parts.map(part).collect()
}

fn plain(text: &str) -> String {
    escape(&text.replace('`', ""))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
