//! ast -> text without spans, to compare trees and to show them in tests.
//!
//! Why it exists: two texts mean the same if their dumps are equal; and a tree of 200 nodes fits a screen. One line for
//! an item or statement, indented by its depth; conditions as nested `(and a b)`. Must not know what names refer to.

use crate::syntax::ast::*;
use std::fmt::Write;

/// The whole tree, every node and text of it, without spans.
pub fn dump(file: &File) -> String {
    let mut out = String::new();
    items(&mut out, &file.items, 0);
    out
}

/// One condition, as in [`dump`].
pub fn dump_cond(it: &Cond) -> String {
    let mut out = String::new();
    cond(&mut out, it);
    out
}

fn line(out: &mut String, depth: usize) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n("  ", depth));
}

fn docs(out: &mut String, docs: &[Text], depth: usize) {
    for doc in docs {
        line(out, depth);
        let _ = write!(out, "/// {doc}");
    }
}

fn list(names: &[Name]) -> String {
    names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn title(out: &mut String, title: &Option<Str>) {
    if let Some(title) = title {
        let _ = write!(out, " {:?}", title.text);
    }
}

fn cites(out: &mut String, cites: &[Str]) {
    for cite in cites {
        let _ = write!(out, " cite:{:?}", cite.text);
    }
}

fn items(out: &mut String, items: &[Item], depth: usize) {
    for it in items {
        if !matches!(it.kind, ItemKind::Rule(_) | ItemKind::Exception { .. }) {
            docs(out, &it.docs, depth);
        }
        item(out, &it.kind, depth);
    }
}

fn item(out: &mut String, kind: &ItemKind, depth: usize) {
    if let ItemKind::Rule(it) = kind {
        return clause(out, "rule", it, "", depth);
    }
    if let ItemKind::Exception { clause: it, targets } = kind {
        let mut to = String::from(" to");
        for target in targets {
            let _ = match target {
                Target::Named { path, section } => {
                    write!(to, " {}{}", if *section { "section:" } else { "" }, path.dotted())
                }
                Target::Section(title) => write!(to, " section:{:?}", title.text),
            };
        }
        return clause(out, "exception", it, &to, depth);
    }
    line(out, depth);
    let _ = match kind {
        ItemKind::Use(path) => write!(out, "use {}", path.dotted()),
        ItemKind::Roles(tree) => roles(out, "role", tree),
        ItemKind::Channels(tree) => roles(out, "channel", tree),
        ItemKind::MayBe { who, also } => write!(out, "{} may be {}", who.text, list(also)),
        ItemKind::Define { name, cond: it } => {
            let _ = write!(out, "define {} ", name.text);
            cond(out, it);
            Ok(())
        }
        ItemKind::Duty { name, title: label, excludes } => {
            let _ = write!(out, "duty {}", name.text);
            title(out, label);
            if excludes.is_empty() { Ok(()) } else { write!(out, " excludes {}", list(excludes)) }
        }
        ItemKind::Period { name, expr } => {
            let _ = write!(out, "period {} ", name.text);
            period(out, expr);
            Ok(())
        }
        ItemKind::Decision { name, values: all, title: label } => {
            let _ = write!(out, "decision {}", name.text);
            values(out, all);
            title(out, label);
            Ok(())
        }
        ItemKind::NotEncoded { cite, because } => {
            let _ = write!(out, "not-encoded {:?}", cite.text);
            title(out, because);
            Ok(())
        }
        ItemKind::Allow(it) => write!(out, "{}", allow(it)),
        ItemKind::Assume(it) => {
            out.push_str("assume ");
            cond(out, &it.cond);
            title(out, &it.because);
            Ok(())
        }
        ItemKind::Facts(it) => {
            let _ = write!(out, "fact {}: ", list(&it.names));
            ty(out, &it.ty);
            title(out, &it.title);
            when(out, "if", &it.exists_if);
            Ok(())
        }
        ItemKind::Policy(it) => {
            let _ = write!(out, "policy {}", it.name.text);
            title(out, &it.title);
            settings(out, &it.settings, depth + 1);
            Ok(())
        }
        ItemKind::Section(it) => {
            let _ = write!(out, "section {}", it.name.as_ref().map_or("_", |n| n.text.as_str()));
            title(out, &it.title);
            cites(out, &it.cites);
            items(out, &it.items, depth + 1);
            Ok(())
        }
        ItemKind::Expect(it) => {
            expect(out, it);
            Ok(())
        }
        ItemKind::Rule(_) | ItemKind::Exception { .. } | ItemKind::Error => write!(out, "ERROR"),
    };
}

fn roles(out: &mut String, word: &str, tree: &Tree) -> std::fmt::Result {
    out.push_str(word);
    nodes(out, &tree.nodes);
    tree.under.as_ref().map_or(Ok(()), |under| write!(out, " under {}", under.text))
}

fn nodes(out: &mut String, all: &[TreeNode]) {
    for node in all {
        let _ = write!(out, " {}", node.name.text);
        title(out, &node.title);
        if !node.children.is_empty() {
            out.push_str(" {");
            nodes(out, &node.children);
            out.push_str(" }");
        }
    }
}

fn settings(out: &mut String, all: &[Setting], depth: usize) {
    for setting in all {
        line(out, depth);
        let _ = match &setting.kind {
            SettingKind::Source(text) => write!(out, "source {:?}", text.text),
            SettingKind::Timezone(zone) => write!(out, "timezone {:?}", zone.text),
            SettingKind::InForce(it) => write!(out, "{}", in_force(it)),
            SettingKind::Default { decision: None, value } => write!(out, "default {}", value.text),
            SettingKind::Default { decision: Some(d), value } => write!(out, "default {} {}", d.text, value.text),
            SettingKind::Allow(it) => write!(out, "{}", allow(it)),
            SettingKind::YieldsTo(names) => write!(out, "yields to {}", list(names)),
            SettingKind::Error => write!(out, "ERROR"),
        };
    }
}

fn in_force(it: &InForce) -> String {
    let end =
        |word: &str, date: &Option<Literal>| date.as_ref().map_or(String::new(), |d| format!(" {word} {}", literal(d)));
    format!("in-force{}{}", end("from", &it.from), end("until", &it.until))
}

fn allow(it: &Allow) -> String {
    let until = it.until.as_ref().map_or(String::new(), |d| format!(" until {}", literal(d)));
    format!("allow {}{until} {:?}", list(&it.codes), it.because.text)
}

fn ty(out: &mut String, it: &Type) {
    let pair = |range: &Option<(Literal, Literal)>| {
        range.as_ref().map_or(String::new(), |(a, b)| format!(" {}..{}", literal(a), literal(b)))
    };
    let _ = match &it.kind {
        TypeKind::YesNo => write!(out, "yes/no"),
        TypeKind::OneOf(all) => {
            out.push_str("one-of");
            values(out, all);
            Ok(())
        }
        TypeKind::Role(names) => write!(out, "role[{}]", list(names)),
        TypeKind::Channel(names) => write!(out, "channel[{}]", list(names)),
        TypeKind::Number { range, unit } => {
            write!(out, "number{}{}", pair(range), unit.as_ref().map_or(String::new(), |u| format!(" {}", u.text)))
        }
        TypeKind::Date(range) => write!(out, "date{}", pair(range)),
        TypeKind::Time => write!(out, "time"),
        TypeKind::DateTime(range) => write!(out, "datetime{}", pair(range)),
        TypeKind::Set(inner) => {
            out.push_str("set of ");
            ty(out, inner);
            Ok(())
        }
        TypeKind::Error => write!(out, "ERROR"),
    };
}

fn values(out: &mut String, all: &[EnumValue]) {
    out.push('[');
    for (i, value) in all.iter().enumerate() {
        let _ = write!(out, "{}{}", if i > 0 { " " } else { "" }, value.name.text);
        title(out, &value.title);
    }
    out.push(']');
}

fn clause(out: &mut String, word: &str, it: &Clause, to: &str, depth: usize) {
    docs(out, &it.docs, depth);
    line(out, depth);
    let _ = write!(out, "{word} {}{to}", it.name.text);
    title(out, &it.title);
    cites(out, &it.cites);
    for period in &it.in_force {
        line(out, depth + 1);
        out.push_str(&in_force(period));
    }
    for it in &it.allows {
        line(out, depth + 1);
        out.push_str(&allow(it));
    }
    for it in &it.statements {
        line(out, depth + 1);
        statement(out, &it.kind, depth + 1);
    }
    for it in &it.exceptions {
        clause(out, "except", it, "", depth + 1);
    }
}

fn head(out: &mut String, it: &Head) {
    for (word, names) in [("", &it.channels), ("from ", &it.from), ("to ", &it.to)] {
        if !names.is_empty() {
            let _ = write!(out, " {word}[{}]", list(names));
        }
    }
}

fn when(out: &mut String, word: &str, it: &Option<Cond>) {
    if let Some(it) = it {
        let _ = write!(out, " {word} ");
        cond(out, it);
    }
}

fn statement(out: &mut String, kind: &StatementKind, depth: usize) {
    match kind {
        StatementKind::Permit { head: h, when: w, provided } => {
            out.push_str("permit");
            head(out, h);
            when(out, "when", w);
            for proviso in provided {
                line(out, depth + 1);
                let _ = write!(out, "provided {}: ", proviso.name.text);
                cond(out, &proviso.cond);
            }
        }
        StatementKind::Forbid { head: h, when: w } => {
            out.push_str("forbid");
            head(out, h);
            when(out, "when", w);
        }
        StatementKind::Decide { decision, value, head: h, when: w } => {
            let _ = write!(out, "{} := {}", decision.text, value.text);
            head(out, h);
            when(out, "when", w);
        }
        StatementKind::Require { cond: it, when: w } | StatementKind::Advise { cond: it, when: w } => {
            out.push_str(if matches!(kind, StatementKind::Require { .. }) { "require " } else { "advise " });
            cond(out, it);
            when(out, "when", w);
        }
        StatementKind::Oblige { duties, when: w } => {
            let _ = write!(out, "oblige {}", list(duties));
            when(out, "when", w);
        }
        StatementKind::Waive { when: w } => {
            out.push_str("waive");
            when(out, "when", w);
        }
        StatementKind::Error => out.push_str("ERROR"),
    }
}

fn expect(out: &mut String, it: &Expect) {
    let _ = write!(out, "expect {:?}{}", it.title.text, if it.some { " some" } else { "" });
    let about =
        |word: &str, name: &Option<Name>| name.as_ref().map_or(word.to_string(), |n| format!("{word}({})", n.text));
    let claim = match &it.claim {
        Claim::Permit => "permit".to_string(),
        Claim::Forbid => "forbid".to_string(),
        Claim::Undecided(of) => about("undecided", of),
        Claim::Conflict(of) => about("conflict", of),
        Claim::Obliges(duty) => format!("obliges({})", duty.text),
        Claim::Decides { decision, value } => format!("{} := {}", decision.text, value.text),
        Claim::Error => "ERROR".to_string(),
    };
    let _ = write!(out, " {claim}");
    head(out, &it.head);
    when(out, "when", &it.when);
    if let Some(by) = &it.by {
        let _ = write!(out, " by {}", by.dotted());
    }
}

fn cond(out: &mut String, it: &Cond) {
    let _ = match &it.kind {
        CondKind::And(parts) | CondKind::Or(parts) => {
            out.push_str(if matches!(it.kind, CondKind::And(_)) { "(and" } else { "(or" });
            for part in parts {
                out.push(' ');
                cond(out, part);
            }
            write!(out, ")")
        }
        CondKind::Not(inner) => {
            out.push_str("(not ");
            cond(out, inner);
            write!(out, ")")
        }
        CondKind::Name(name) => write!(out, "{}", name.text),
        CondKind::Is { subject, negated, values } => {
            write!(out, "({} {} {})", subject.text, if *negated { "is-not" } else { "is" }, list(values))
        }
        CondKind::Compare { subject, op, value } => {
            let sign = match op {
                Compare::Equal => "=",
                Compare::NotEqual => "!=",
                Compare::Less => "<",
                Compare::LessEqual => "<=",
                Compare::Greater => ">",
                Compare::GreaterEqual => ">=",
            };
            write!(out, "({} {sign} {})", subject.text, operand(value))
        }
        CondKind::Between { subject, low, high } => {
            write!(out, "({} between {} {})", subject.text, operand(low), operand(high))
        }
        CondKind::When { subject, relation, value } => {
            let word = match relation {
                Relation::Before => "before",
                Relation::OnOrBefore => "on-or-before",
                Relation::After => "after",
                Relation::OnOrAfter => "on-or-after",
                Relation::On => "on",
            };
            write!(out, "({} {word} {})", subject.text, operand(value))
        }
        CondKind::OnDays { subject, days } => write!(out, "({} on-days {days:07b})", subject.text),
        CondKind::During { subject, outside, period } => {
            write!(out, "({} {} {})", subject.text, if *outside { "outside" } else { "during" }, period.text)
        }
        CondKind::Distance { subject, bound, amount, unit, direction, other } => {
            let bound = match bound {
                Bound::AtLeast => "at-least",
                Bound::AtMost => "at-most",
                Bound::MoreThan => "more-than",
                Bound::LessThan => "less-than",
                Bound::Exactly => "exactly",
                Bound::Within => "within",
            };
            let direction = if *direction == Direction::Before { "before" } else { "after" };
            let amount = literal(amount);
            write!(out, "({} {bound} {amount} {} {direction} {})", subject.text, unit.text, operand(other))
        }
        CondKind::Include { subject, mode, values } => {
            let mode = match mode {
                Include::Any => "any",
                Include::All => "all",
                Include::None => "none",
                Include::Only => "only",
            };
            write!(out, "({} include-{mode} {})", subject.text, list(values))
        }
        CondKind::Error => write!(out, "ERROR"),
    };
}

fn operand(it: &Operand) -> String {
    match it {
        Operand::Name(name) => name.text.to_string(),
        Operand::Literal(it) => literal(it),
    }
}

fn literal(it: &Literal) -> String {
    match &it.kind {
        LiteralKind::Number { digits, unit } => {
            unit.as_ref().map_or(format!("#{digits}"), |u| format!("#{digits}_{}", u.text))
        }
        LiteralKind::Date(day) => format!("@{day}"),
        LiteralKind::Time(time) => format!("@{time}"),
        LiteralKind::DateTime(day, time) => format!("@{day}T{time}"),
    }
}

fn period(out: &mut String, it: &PeriodExpr) {
    let two = |out: &mut String, word: &str, a: &PeriodExpr, b: &PeriodExpr| {
        let _ = write!(out, "({word} ");
        period(out, a);
        out.push(' ');
        period(out, b);
        out.push(')');
    };
    match &it.kind {
        PeriodKind::Dates(from, to) => {
            let _ = write!(out, "{}..{}", literal(from), literal(to));
        }
        PeriodKind::Days { days, hours } => {
            let _ = write!(out, "days:{days:07b}");
            if let Some((from, to)) = hours {
                let _ = write!(out, "[{}..{}]", literal(from), literal(to));
            }
        }
        PeriodKind::Name(name) => out.push_str(&name.text),
        PeriodKind::Either(parts) => {
            out.push_str("(either");
            for part in parts {
                out.push(' ');
                period(out, part);
            }
            out.push(')');
        }
        PeriodKind::During(a, b) => two(out, "during", a, b),
        PeriodKind::Except(a, b) => two(out, "except", a, b),
        PeriodKind::Error => out.push_str("ERROR"),
    }
}
