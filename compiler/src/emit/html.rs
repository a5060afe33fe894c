//! Tables -> one HTML page for people: no network, no other file.
//!
//! The rows stand in the page as a table, so it reads, prints and is searched without scripts. The script beside it
//! (`html/page.js`) filters by a case and by words and opens the rules of a row; what it needs of the tests is embedded as
//! JSON. Datetimes in there are minutes of the policy's local clock, as people fill them in.

use super::sheet::{Allowed, Feature, Kind, Measure, Of, Sheet, Test};
use super::{Export, Fidelity, Written, markdown};
use crate::diagnostics::thousands;
use crate::model::time::WEEKDAYS;
use crate::tabulate::{ABSENT, Hit, Row, Table};
use serde_json::{Value, json};
use std::fmt::Write;

const CSS: &str = include_str!("html/page.css");
const JS: &str = include_str!("html/page.js");

pub fn export(export: &Export<'_>) -> Written {
    let mut out = String::new();
    let title = export.title();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"Ordain\">\n<title>{}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n",
        escaped(&title)
    );
    if let Some(first) = export.sheets.first() {
        let _ = writeln!(out, "<a class=\"skip\" href=\"#{}\">To the rows</a>", id(&first.table.name));
    }
    let _ = writeln!(out, "<h1>{}</h1>", escaped(&title));
    let policies = export.sheets.first().map(|s| s.table.policies.as_slice()).unwrap_or_default();
    for policy in policies.iter().filter(|p| !p.sources.is_empty()) {
        let name = policy.title.as_ref().unwrap_or(&policy.name);
        let _ = writeln!(out, "<p class=\"faint\">{}: {}</p>", escaped(name), escaped(&policy.sources.join(", ")));
    }
    if export.sheets.len() > 1 {
        let _ = writeln!(out, "<nav aria-label=\"Decisions\">");
        for sheet in &export.sheets {
            let _ = writeln!(out, "<a href=\"#{}\">{}</a>", id(&sheet.table.name), escaped(&name(sheet.table)));
        }
        let _ = writeln!(out, "</nav>");
    }
    for sheet in &export.sheets {
        section(&mut out, sheet);
    }
    let fidelity = Fidelity::whole();
    let _ = writeln!(
        out,
        "<script type=\"application/json\" id=\"ordain-fidelity\">{}</script>",
        embedded(&fidelity.value())
    );
    let _ = write!(out, "<script>\n{JS}</script>\n</body>\n</html>\n");
    Written::text(out, fidelity)
}

fn name(table: &Table) -> String {
    let words = crate::model::show::words(&table.name);
    markdown::upper_first(table.title.as_ref().unwrap_or(&words))
}

fn id(name: &str) -> String {
    format!("table-{}", super::words::identifier(name))
}

fn section(out: &mut String, sheet: &Sheet<'_>) {
    let table = sheet.table;
    let _ = writeln!(out, "<section class=\"table\" id=\"{}\">\n<h2>{}</h2>", id(&table.name), escaped(&name(table)));
    let _ = writeln!(out, "<p>{}.</p>", escaped(&markdown::upper_first(&table.meaning())));
    if let Some(reason) = table.reason() {
        let _ = writeln!(out, "<p>{}.</p>", escaped(&markdown::upper_first(reason)));
    }
    if let Some(proof) = &table.proof {
        let class = if proof.holds() { "proof holds" } else { "proof" };
        let _ = writeln!(out, "<p class=\"{class}\">{}</p>", escaped(&markdown::upper_first(&proof.sentence())));
    }
    filter(out, sheet);
    rows(out, table);
    matter(out, table);
    notes(out, table);
    let _ = writeln!(out, "<script type=\"application/json\">{}</script>\n</section>", data(sheet));
}

/// The form that the script shows: words, and a field for what each column looks at.
fn filter(out: &mut String, sheet: &Sheet<'_>) {
    let _ = writeln!(
        out,
        "<form class=\"filter\" hidden>\n<div class=\"bar\"><label class=\"search\">Search <input type=\"search\" placeholder=\"words of a row, a rule\"></label><span class=\"count\" role=\"status\" aria-live=\"polite\"></span><button type=\"reset\">Clear</button></div>"
    );
    let _ = writeln!(out, "<details class=\"facts\"><summary>Filter by facts</summary>\n<div class=\"fields\">");
    for (i, feature) in sheet.features.iter().enumerate() {
        let title = escaped(&feature.title);
        let _ = write!(out, "<label>{title} ");
        let options = options(sheet, feature);
        let fact = match &feature.of {
            Of::Value(input) => format!(" data-fact=\"{}\"", escaped(&sheet.inputs[*input].name)),
            _ => String::new(),
        };
        if options.is_empty() {
            field(out, sheet, (i, &fact), feature);
        } else {
            let _ =
                write!(out, "<select data-feature=\"{i}\"{fact} data-kind=\"choice\"><option value=\"\">any</option>");
            for (value, text) in options {
                let _ = write!(out, "<option value=\"{value}\">{}</option>", escaped(&text));
            }
            if feature.optional {
                let _ = write!(out, "<option value=\"(none)\">{ABSENT}</option>");
            }
            let _ = write!(out, "</select>");
        }
        let _ = writeln!(out, "</label>");
    }
    let _ = writeln!(out, "</div></details>\n</form>");
}

/// What a feature can be, with the numbers that its tests use; nothing where it is a number or moment.
fn options(sheet: &Sheet<'_>, feature: &Feature) -> Vec<(usize, String)> {
    let yes_no = || vec![(1, "yes".to_string()), (0, "no".to_string())];
    match &feature.of {
        Of::Weekday(_) => WEEKDAYS.iter().enumerate().map(|(i, d)| (i, d.to_string())).collect(),
        Of::Within(..) | Of::Contains(..) => yes_no(),
        Of::Value(i) => match &sheet.inputs[*i].kind {
            Kind::YesNo => yes_no(),
            Kind::Choice { values } => values.iter().cloned().enumerate().collect(),
            _ => Vec::new(),
        },
        Of::Distance { .. } => Vec::new(),
    }
}

fn field(out: &mut String, sheet: &Sheet<'_>, (i, fact): (usize, &str), feature: &Feature) {
    let (kind, input, scale) = match &feature.of {
        Of::Value(input) => match &sheet.inputs[*input].kind {
            Kind::Number { scale, .. } => ("number", "number", *scale),
            Kind::Date { .. } => ("date", "date", 0),
            Kind::Time => ("time", "time", 0),
            _ => ("datetime", "datetime-local", 0),
        },
        Of::Distance { measure: Measure::Number { scale }, .. } => ("number", "number", *scale),
        _ => ("number", "number", 0),
    };
    let step = if kind == "number" { format!(" step=\"{}\"", super::words::decimal(1, scale)) } else { String::new() };
    let _ = write!(
        out,
        "<input type=\"{input}\" data-feature=\"{i}\"{fact} data-kind=\"{kind}\" data-scale=\"{scale}\"{step}>"
    );
}

fn rows(out: &mut String, table: &Table) {
    let any = |has: &dyn Fn(&Row) -> bool| table.rows.iter().any(has);
    let (duties, advice) = (any(&|r| !r.duties.is_empty()), any(&|r| !r.advice.is_empty()));
    let mut heads = vec!["#".to_string()];
    heads.extend(table.columns.iter().map(|c| c.title.clone()));
    heads.push(table.name.clone());
    heads.extend(duties.then(|| "duties".to_string()));
    heads.extend(advice.then(|| "advice".to_string()));
    heads.push("rules".into());
    let _ =
        writeln!(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">", escaped(&name(table)));
    let _ = writeln!(out, "<table class=\"decision\">\n<thead><tr>");
    for (i, head) in heads.iter().enumerate() {
        let class = if i == table.columns.len() + 1 { " class=\"result\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escaped(head));
    }
    let _ = writeln!(out, "</tr></thead>\n<tbody>");
    for (i, row) in table.rows.iter().enumerate() {
        let _ = write!(out, "<tr class=\"row\"><th scope=\"row\">{}</th>", i + 1);
        let mut cells: Vec<(String, &str)> = row
            .texts
            .iter()
            .map(|t| (escaped(t), if t == "–" || t == ABSENT { " class=\"any\"" } else { "" }))
            .collect();
        let class = match row.result.as_str() {
            "permit" => "says permit",
            "forbid" => "says forbid",
            "conflict" | "undecided" => "says open",
            _ => "says",
        };
        let says = row.says();
        let said = if says.is_empty() { says } else { format!("<span class=\"{class}\">{}</span>", escaped(&says)) };
        cells.push((said, " class=\"result\""));
        let none = |list: &[String]| if list.is_empty() { " class=\"none\"" } else { "" };
        cells.extend(duties.then(|| (escaped(&row.duties.join(", ")), none(&row.duties))));
        cells.extend(advice.then(|| (escaped(&row.advice.join(", ")), none(&row.advice))));
        let deciders = table.deciders(row);
        cells.push((escaped(&deciders.join(", ")), none(&deciders)));
        for ((cell, class), head) in cells.iter().zip(&heads[1..]) {
            let _ = write!(out, "<td{class} data-title=\"{}\">{cell}</td>", escaped(head));
        }
        let _ = writeln!(out, "</tr>");
    }
    let _ = writeln!(out, "</tbody>\n</table>\n</div>");
}

/// In how many rows each column matters, as bars.
fn matter(out: &mut String, table: &Table) {
    if table.columns.is_empty() || table.rows.is_empty() {
        return;
    }
    let all = table.rows.len();
    let count = |c: usize| table.rows.iter().filter(|r| r.texts.get(c).is_some_and(|t| t != "–")).count();
    let mut bars: Vec<(usize, &str)> =
        table.columns.iter().enumerate().map(|(c, col)| (count(c), col.title.as_str())).collect();
    bars.sort_by_key(|b| std::cmp::Reverse(b.0));
    let _ = writeln!(
        out,
        "<h2>Which facts matter</h2>\n<p class=\"faint\">In how many of the {} rows each of them is asked.</p>",
        thousands(all as u128)
    );
    let _ = writeln!(out, "<div class=\"matter\" role=\"list\">");
    for (n, title) in bars {
        let share = n as f64 * 100.0 / all as f64;
        let _ = writeln!(
            out,
            "<span>{}</span><span class=\"track\" role=\"img\" aria-label=\"{n} of {all} rows\"><span class=\"part\" style=\"display:block;width:{share:.1}%\"></span></span><span class=\"faint\">{n}</span>",
            escaped(title)
        );
    }
    let _ = writeln!(out, "</div>");
}

fn notes(out: &mut String, table: &Table) {
    let mut notes: Vec<(String, String)> = Vec::new();
    if table.rows.iter().any(|r| r.texts.iter().any(|t| t == "–")) {
        notes.push(("–".into(), "does not matter".into()));
    }
    if table.rows.iter().any(|r| r.texts.iter().any(|t| t.contains(ABSENT))) {
        notes.push((ABSENT.into(), "there is no such fact in these cases".into()));
    }
    if let Some(default) = &table.default
        && (table.hit == Hit::Collect || table.rows.iter().any(|r| r.by_default))
    {
        notes.push(("by default".into(), format!("{default} where no rule speaks")));
    }
    notes.extend(table.legend.iter().cloned());
    notes.extend(table.duties.iter().filter_map(|d| Some((d.name.clone(), d.title.clone()?))));
    if !notes.is_empty() {
        let _ = writeln!(out, "<h2>Words</h2>\n<dl>");
        for (term, meaning) in notes {
            let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escaped(&term), escaped(&meaning));
        }
        let _ = writeln!(out, "</dl>");
    }
    if !table.rules.is_empty() {
        let _ = writeln!(out, "<h2>Rules</h2>\n<dl>");
        for rule in &table.rules {
            let cites = if rule.cites.is_empty() { String::new() } else { format!(" ({})", rule.cites.join(", ")) };
            let title = rule.title.as_deref().unwrap_or_default();
            let _ = writeln!(
                out,
                "<dt><code>{}</code></dt><dd>{}</dd>",
                escaped(&rule.path),
                escaped(&format!("{title}{cites}"))
            );
        }
        let _ = writeln!(out, "</dl>");
    }
}

/// What the script needs: the tests of each row's lines, and what it tells of a row.
fn data(sheet: &Sheet<'_>) -> String {
    let table = sheet.table;
    let rules: Vec<Value> =
        table.rules.iter().map(|r| json!({ "path": r.path, "title": r.title, "cites": r.cites })).collect();
    let place: std::collections::BTreeMap<_, usize> =
        table.rules.iter().enumerate().map(|(i, r)| (r.clause, i)).collect();
    let mut tests: Vec<Vec<Value>> = vec![Vec::new(); table.rows.len()];
    for line in &sheet.lines {
        let all =
            sheet.features.iter().zip(&line.tests).map(|(f, t)| t.as_ref().map_or(Value::Null, |t| test(sheet, f, t)));
        tests[line.number].push(all.collect());
    }
    let info = table.rows.iter().map(|row| {
        let mut own: Vec<usize> = row.by.iter().chain(&row.also).filter_map(|c| place.get(c)).copied().collect();
        own.sort_unstable();
        own.dedup();
        let kinds = row.kinds.filter(|_| table.kinds > 0).map(|n| {
            let kinds = if n == 1 { "kind" } else { "kinds" };
            format!("{} of {} {kinds} of case", thousands(n), thousands(table.kinds))
        });
        let by_default = table.default.as_ref().filter(|_| row.by_default);
        json!({ "rules": own, "kinds": kinds, "by_default": by_default.map(|d| format!("By default {d}, where no rule speaks")) })
    });
    let info: Vec<Value> = info.collect();
    embedded(&json!({ "rows": tests, "info": info, "rules": rules }))
}

/// JSON in a script element, where nothing but "</" and "<!--" can do harm.
fn embedded(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// `[absent, kind, what]`
fn test(sheet: &Sheet<'_>, feature: &Feature, test: &Test) -> Value {
    let local = |v: i64| match &feature.of {
        Of::Value(i) if matches!(sheet.inputs[*i].kind, Kind::DateTime { .. }) => v + sheet.model.zone.offset(v),
        _ => v,
    };
    let (kind, what) = match &test.allowed {
        Allowed::Nothing => ("none", Value::Null),
        Allowed::Any => ("any", Value::Null),
        Allowed::Bool(yes) => ("is", json!([u8::from(*yes)])),
        Allowed::Values(values) => ("is", json!(values)),
        Allowed::Days(days) => ("is", (0..7).filter(|d| days >> d & 1 == 1).collect()),
        Allowed::Ranges(ranges) => ("in", ranges.iter().map(|r| json!([r.lo.map(local), r.hi.map(local)])).collect()),
    };
    json!([test.absent, kind, what])
}

/// Text as HTML, in elements and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
