//! What is expected at a place -> the names and words that fit, those of the right type first.

use super::context::{Context, Expected};
use super::{Offer, OfferKind};
use crate::ide::View;
use crate::ide::index::Target;
use crate::ide::words::{self, Place};
use crate::model::{Element, FactId, Type};
use crate::resolve::names::Kind;
use crate::resolve::{Project, candidates, module_of, near};
use crate::source::{FileId, Span};
use crate::stdlib;

/// The most time zones that are offered.
const MOST_ZONES: usize = 700;

pub(super) struct Offers<'v> {
    view: &'v View<'v>,
    file: FileId,
    span: Span,
    /// Where the part begins that is being written.
    part: u32,
    project: Option<Project<'v>>,
    pub out: Vec<Offer>,
}

/// Fits at once; fits; may follow; is not known here yet.
const FITS: u8 = 0;
const OTHER: u8 = 2;
const WORD: u8 = 4;
const HIDDEN: u8 = 6;

impl<'v> Offers<'v> {
    pub fn new(view: &'v View<'v>, file: FileId, span: Span) -> Self {
        Self { view, file, span, part: span.start, project: None, out: Vec::new() }
    }

    pub fn expected(&mut self, context: &Context) {
        self.part = context.part;
        self.one(&context.expected, context.in_rule);
        if let Some(next) = &context.next
            && **next != context.expected
        {
            self.one(next, context.in_rule);
        }
    }

    fn one(&mut self, expected: &Expected, in_rule: bool) {
        match expected {
            Expected::Item => self.templates(Place::Item),
            Expected::Setting => self.templates(Place::Setting),
            Expected::Statement => {
                self.templates(Place::Statement);
                self.decisions(" is ");
            }
            Expected::Claim => {
                self.templates(Place::Claim);
                self.decisions(" is ");
            }
            Expected::Head => {
                self.symbols(&[Kind::Channel], FITS);
                self.words(&["from", "to", "when"]);
            }
            Expected::AfterHead => {
                self.words(&["from", "to", "when"]);
                self.words(if in_rule { &["provided"] } else { &["by"] });
            }
            Expected::Role => self.symbols(&[Kind::Role], FITS),
            Expected::Channel => self.symbols(&[Kind::Channel], FITS),
            Expected::Condition => self.condition(),
            Expected::Question(name, follow) => self.question(name, follow),
            Expected::AfterCondition(follow) => self.after_condition(follow),
            Expected::Value(name, begins) => self.values(name, *begins),
            Expected::Unit => {
                for unit in ["days", "weeks", "months", "years", "hours", "minutes"] {
                    self.word(unit, FITS, "a unit of time");
                }
                self.symbols(&[Kind::Period], OTHER);
            }
            Expected::Direction => self.words(&["before", "after"]),
            Expected::Moment(name) => self.moments(name),
            Expected::Period => self.symbols(&[Kind::Period], FITS),
            Expected::Duty => self.symbols(&[Kind::Duty], FITS),
            Expected::Rule => self.symbols(&[Kind::Rule], FITS),
            Expected::Within(path) => self.within(path),
            Expected::Target => {
                self.symbols(&[Kind::Rule], FITS);
                self.sections();
            }
            Expected::Policy => self.symbols(&[Kind::Policy], FITS),
            Expected::Default => {
                self.word("permit", FITS, "where no rule decides");
                self.word("forbid", FITS, "where no rule decides");
                self.decisions(" ");
            }
            Expected::Type => self.types(),
            Expected::Module => self.modules(),
            Expected::Cite(file) => self.cite(file.as_deref()),
            Expected::File => self.texts(),
            Expected::Zone => {
                for zone in jiff::tz::db().available().take(MOST_ZONES) {
                    self.push(zone.as_str(), OfferKind::Text, FITS, "time zone");
                }
            }
            Expected::Nothing => {}
        }
    }

    fn push(&mut self, label: &str, kind: OfferKind, rank: u8, detail: &str) -> &mut Offer {
        self.out.push(Offer {
            label: label.to_string(),
            kind,
            detail: detail.to_string(),
            insert: label.to_string(),
            span: self.span,
            edits: Vec::new(),
            rank,
            target: None,
            about: String::new(),
        });
        let last = self.out.len() - 1;
        &mut self.out[last]
    }

    fn word(&mut self, word: &str, rank: u8, detail: &str) {
        let about = words::meaning(word).unwrap_or_default().to_string();
        self.push(word, OfferKind::Keyword, rank, detail).about = about;
    }

    fn words(&mut self, list: &[&str]) {
        list.iter().for_each(|word| self.word(word, WORD, ""));
    }

    fn templates(&mut self, place: Place) {
        for word in words::at(place) {
            let offer = self.push(word.word, OfferKind::Template, WORD, "");
            offer.insert = word.template.to_string();
            offer.about = format!("{}\n\n```ordain\n{}\n```", word.meaning, plain(word.template));
        }
    }

    /// The names of these kinds: those that are known here, those of other files, those of the standard library.
    fn symbols(&mut self, kinds: &[Kind], rank: u8) {
        let index = self.view.index;
        for (i, symbol) in index.names.symbols.iter().enumerate().filter(|(_, s)| kinds.contains(&s.kind)) {
            // The exceptions within a rule are offered behind its dot, and as whole paths.
            self.symbol(i as u32, symbol.name.as_str(), rank);
        }
        for (name, module, what) in stdlib::names() {
            let known = kinds.iter().any(|k| index.find(*k, name).is_some());
            if !known && kinds.iter().any(|k| k.noun() == what) {
                let path = format!("<std/{module}.ordain>");
                self.hidden(name, what, &path, kinds[0]);
            }
        }
    }

    fn symbol(&mut self, i: u32, label: &str, rank: u8) {
        let index = self.view.index;
        let Some((symbol, about)) = index.symbol(i) else { return };
        // Nothing is spoken of in its own declaration.
        let (own, here) = (symbol.span, symbol.file.is_some() && symbol.span.file == self.file);
        if here && self.part <= own.start && own.start < self.span.start {
            return;
        }
        let detail = about.title.as_ref().map_or(symbol.kind.noun().to_string(), |t| t.to_string());
        if index.visible(self.file, symbol) {
            self.push(label, OfferKind::Named(symbol.kind), rank, &detail).target = Some(Target::Symbol(i));
        } else {
            let path = self.view.checked.sources.get(symbol.span.file).path.clone();
            self.hidden(label, &detail, &path, symbol.kind);
        }
    }

    /// A name that is not known here, with the `use` that it needs.
    fn hidden(&mut self, name: &str, detail: &str, path: &str, kind: Kind) {
        let view = self.view;
        let file = self.file;
        let project = self.project.get_or_insert_with(|| Project::new(&view.checked.sources, &view.checked.files).0);
        let Some((module, edit)) = project.import_edit(file, path) else { return };
        let offer = self.push(name, OfferKind::Named(kind), HIDDEN, &format!("{detail} (use {module})"));
        offer.about = format!("Adds `use {module}`.");
        offer.edits = vec![edit];
    }

    fn decisions(&mut self, behind: &str) {
        let index = self.view.index;
        for (i, symbol) in index.names.symbols.iter().enumerate().filter(|(_, s)| s.kind == Kind::Decision) {
            if index.visible(self.file, symbol) {
                let offer = self.push(&symbol.name, OfferKind::Named(Kind::Decision), WORD + 1, "decision");
                offer.insert = format!("{}{behind}", symbol.name);
                offer.target = Some(Target::Symbol(i as u32));
            }
        }
    }

    /// Yes/no facts and defines are conditions; other facts begin one.
    fn condition(&mut self) {
        let model = &self.view.checked.model;
        let index = self.view.index;
        for (i, symbol) in index.names.symbols.iter().enumerate() {
            let rank = match symbol.kind {
                Kind::Define => FITS,
                Kind::Fact => match model.find_fact(&symbol.name).map(|f| &model.fact(f).ty) {
                    Some(Type::YesNo) => FITS,
                    _ => FITS + 1,
                },
                _ => continue,
            };
            self.symbol(i as u32, symbol.name.as_str(), rank);
        }
        self.words(&["not"]);
        for (name, module, what) in stdlib::names().filter(|n| ["fact", "define"].contains(&n.2)) {
            if index.find(Kind::Fact, name).or(index.find(Kind::Define, name)).is_none() {
                self.hidden(name, what, &format!("<std/{module}.ordain>"), Kind::Fact);
            }
        }
    }

    fn fact(&self, name: &str) -> Option<(FactId, &'v Type)> {
        let model = &self.view.checked.model;
        let id = model.find_fact(name)?;
        Some((id, &model.fact(id).ty))
    }

    /// What a fact can be asked, by its type.
    fn question(&mut self, name: &str, follow: &[&str]) {
        let Some((_, ty)) = self.fact(name) else { return self.after_condition(follow) };
        let forms: &[&str] = match ty {
            Type::YesNo => return self.after_condition(follow),
            Type::Choice(_) => &["is", "is not", "is any of", "is none of"],
            Type::Set(_) => &["include", "include any of", "include all of", "include none of", "include only"],
            Type::Number { .. } => &["<", "<=", "=", "!=", ">=", ">", "between"],
            Type::Time => &["before", "on or before", "after", "between", "at least", "less than"],
            Type::Date { .. } | Type::DateTime { .. } => &[
                "at least",
                "at most",
                "less than",
                "more than",
                "within",
                "before",
                "on or before",
                "after",
                "on or after",
                "between",
                "during",
                "outside",
                "on weekdays",
                "on the same day as",
            ],
        };
        for (i, form) in forms.iter().enumerate() {
            let first = form.split(' ').next().unwrap_or_default();
            let about = words::meaning(first).unwrap_or_default().to_string();
            let offer = self.push(form, OfferKind::Keyword, FITS + u8::from(i > 0), "");
            offer.insert = format!("{form} ");
            offer.about = about;
        }
    }

    fn after_condition(&mut self, follow: &[&str]) {
        self.words(&["and", "or"]);
        self.words(follow);
    }

    /// The values that a fact or a decision can have.
    fn values(&mut self, name: &str, begins: bool) {
        let view = self.view;
        let index = view.index;
        if let Some((_, Type::Choice(domain) | Type::Set(domain))) = self.fact(name)
            && domain.what != Element::Enumeration
        {
            let kind = if domain.what == Element::Role { Kind::Role } else { Kind::Channel };
            for (group, _) in &domain.groups {
                match index.find(kind, group) {
                    Some(i) => self.symbol(i, group, FITS),
                    None => drop(self.push(group, OfferKind::Value, FITS, kind.noun())),
                }
            }
            if begins {
                self.words(&["any of", "not", "none of"]);
            }
            return;
        }
        for (i, value) in index.values.iter().enumerate().filter(|(_, v)| v.owners.iter().any(|o| o == name)) {
            let detail = value.title.as_ref().map_or(format!("value of {name}"), |t| t.to_string());
            self.push(&value.name, OfferKind::Value, FITS, &detail).target = Some(Target::Value(i as u32));
        }
        if begins {
            self.words(&["any of", "not", "none of"]);
        }
    }

    /// What a fact can be compared with.
    fn moments(&mut self, name: &str) {
        let Some((id, ty)) = self.fact(name) else { return };
        let model = &self.view.checked.model;
        let same = |other: &Type| {
            matches!(
                (ty, other),
                (Type::Date { .. } | Type::DateTime { .. }, Type::Date { .. } | Type::DateTime { .. })
                    | (Type::Time, Type::Time)
            ) || matches!((ty, other), (Type::Number { unit: a, .. }, Type::Number { unit: b, .. }) if a == b)
        };
        let fits: Vec<String> = model
            .fact_ids()
            .filter(|f| *f != id && same(&model.fact(*f).ty))
            .map(|f| model.fact(f).name.to_string())
            .collect();
        for name in fits {
            if let Some(i) = self.view.index.find(Kind::Fact, &name) {
                self.symbol(i, &name, FITS);
            }
        }
        let template = match ty {
            Type::Date { .. } | Type::DateTime { .. } => "2026-09-14",
            Type::Time => "08:00",
            Type::Number { unit: Some(unit), .. } => {
                let text = format!("0 {unit}");
                let offer = self.push(&text, OfferKind::Template, OTHER, "a number");
                offer.insert = format!("${{1:0}} {unit}");
                return;
            }
            _ => return,
        };
        let offer = self.push(template, OfferKind::Template, OTHER, "");
        offer.insert = format!("${{1:{template}}}");
    }

    /// The exceptions directly within a rule.
    fn within(&mut self, path: &str) {
        let inner = format!("{path}.");
        let symbols = self.view.index.names.symbols.iter().enumerate();
        for (i, symbol) in symbols.filter(|(_, s)| s.kind == Kind::Rule) {
            if let Some(name) = symbol.name.strip_prefix(&inner).filter(|n| !n.contains('.')) {
                self.symbol(i as u32, name, FITS);
            }
        }
    }

    fn sections(&mut self) {
        let index = self.view.index;
        for (i, symbol) in index.names.symbols.iter().enumerate().filter(|(_, s)| s.kind == Kind::Section) {
            if index.visible(self.file, symbol) {
                let label = format!("section {}", symbol.name);
                self.push(&label, OfferKind::Named(Kind::Section), OTHER, "all its rules").target =
                    Some(Target::Symbol(i as u32));
            }
        }
    }

    fn types(&mut self) {
        for (label, template, about) in [
            ("yes/no", "yes/no", "Holds or does not hold."),
            ("one of", "one of ${1:a}, ${2:b}", "One of these values."),
            ("role", "role", "Who; any role, or the roles named behind it."),
            ("channel", "channel", "By which means; any channel, or those named behind it."),
            ("number", "number ${1:0} to ${2:100} ${3:USD}", "A number with a range and a unit; decimals are exact."),
            ("date", "date", "A day of the calendar."),
            ("time", "time", "A time of day."),
            ("datetime", "datetime", "A day with a time, in the policy's zone."),
            ("set of", "set of ${1:role}", "Any of these, several or none."),
        ] {
            let offer = self.push(label, OfferKind::Template, FITS, "type");
            offer.insert = template.to_string();
            offer.about = about.to_string();
        }
    }

    fn modules(&mut self) {
        let sources = &self.view.checked.sources;
        let using = sources.get(self.file).path.clone();
        let folder = using.rsplit_once('/').map_or(String::new(), |p| format!("{}/", p.0));
        // What stands before the dot is written already.
        let before = sources.get(self.file).text.get(..self.span.start as usize).unwrap_or_default();
        let written = before.rsplit_once("use").map_or("", |p| p.1).trim_start().to_string();
        let mut modules: Vec<(String, String)> =
            stdlib::FILES.iter().map(|f| (format!("std.{}", f.0), "standard library".to_string())).collect();
        for (_, source) in sources.iter().filter(|(_, s)| s.path.ends_with(".ordain") && s.path != using) {
            let own = source.path.strip_prefix(&folder).and_then(module_of).or_else(|| module_of(&source.path));
            let means =
                |m: &String| candidates(&using, m).first().is_some_and(|p| *p == source.path) || !folder.is_empty();
            modules.extend(own.filter(means).map(|m| (m, source.path.clone())));
        }
        for (module, detail) in modules {
            if let Some(rest) = module.strip_prefix(&written).filter(|_| !module.starts_with("<")) {
                self.push(rest, OfferKind::Module, FITS, &detail);
            }
        }
    }

    fn adopted(&self) -> Vec<(String, FileId)> {
        let sources = &self.view.checked.sources;
        let using = &sources.get(self.file).path;
        let folder = using.rsplit_once('/').map_or(String::new(), |p| format!("{}/", p.0));
        let texts = self.view.index.headings.keys();
        texts
            .map(|file| (sources.get(*file).path.clone(), *file))
            .map(|(path, file)| (path.strip_prefix(&folder).map_or(path.clone(), str::to_string), file))
            .collect()
    }

    fn texts(&mut self) {
        for (path, _) in self.adopted() {
            self.push(&path, OfferKind::File, FITS, "adopted text");
        }
    }

    /// The headings of the adopted texts, as they are cited.
    fn cite(&mut self, file: Option<&str>) {
        let sources = &self.view.checked.sources;
        let using = sources.get(self.file).path.clone();
        for (path, id) in self.adopted() {
            let wanted = |f: &str| near(&using, f).iter().any(|p| *p == sources.get(id).path);
            if !file.is_none_or(wanted) {
                continue;
            }
            let headings = self.view.index.headings.get(&id).map_or(&[][..], Vec::as_slice);
            for (i, heading) in headings.iter().enumerate() {
                let label = format!("{}#{}", file.unwrap_or(&path), heading.id);
                let line = sources.text(heading.span).trim_start_matches('#').trim().to_string();
                self.push(&label, OfferKind::Heading, FITS, &line).target = Some(Target::Heading(id, i as u32));
            }
        }
    }
}

/// A template without its marks.
fn plain(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        rest = match behind.strip_prefix('{').and_then(|b| b.split_once('}')) {
            Some((inner, after)) => {
                out.push_str(inner.split_once(':').map_or("", |p| p.1));
                after
            }
            None => behind.trim_start_matches(|c: char| c.is_ascii_digit()),
        };
    }
    out.push_str(rest);
    out
}
