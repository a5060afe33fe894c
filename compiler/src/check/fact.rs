//! Facts: their types, the facts that come into being by use, and the conditions under which facts exist.

use super::context::Cx;
use super::domain;
use super::literal::unit;
use crate::diagnostics::{Diagnostic, Edit, codes};
use crate::model::{Bits, Cond, CondKind, Define, DefineId, Element, Fact, FactId, FactKind, Type, time};
use crate::resolve::names::{FactDecl, Kind, Wanted};
use crate::resolve::{graph, similar};
use crate::source::Span;
use crate::syntax::ast::{self, Literal, LiteralKind, Name, SettingKind, Text, TypeKind};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Sets over more elements than this are refused.
const MOST_ELEMENTS: usize = 512;
/// References from fact to define to fact … may follow one another this often.
const DEEPEST: u32 = 200;

impl Cx<'_> {
    pub fn facts(&mut self) {
        for &(name, span) in &self.decls.by_use {
            let (kind, ty) = match name {
                "channel" => (FactKind::Head, self.tree_type(Element::Channel, None)),
                "on" => (FactKind::On, self.on_type()),
                _ => (FactKind::Head, self.tree_type(Element::Role, None)),
            };
            // A domain without values means that the names in the heads are unknown, which is said there.
            let broken = matches!(&ty, Type::Choice(d) if d.values.is_empty());
            self.broken.push(broken);
            self.facts.push(Fact {
                name: Text::new(name),
                title: None,
                span,
                docs: Vec::new(),
                kind,
                ty,
                exists_if: None,
            });
        }
        let mut last: Option<(&ast::Facts, Option<Type>)> = None;
        for decl in &self.decls.facts {
            let ty = match &last {
                Some((facts, ty)) if std::ptr::eq(*facts, decl.facts) => ty.clone(),
                _ => self.ty(&decl.facts.ty, decl.name),
            };
            last = Some((decl.facts, ty.clone()));
            let ty = ty.filter(|ty| self.fits_its_name(decl, ty));
            self.broken.push(ty.is_none());
            let kind = match decl.name.text.as_str() {
                "channel" | "sender" | "recipient" => FactKind::Head,
                "on" => FactKind::On,
                _ => FactKind::Declared,
            };
            self.facts.push(Fact {
                name: decl.name.text.clone(),
                title: decl.facts.title.as_ref().map(|t| t.text.clone()),
                span: decl.name.span,
                docs: decl.item.docs.clone(),
                kind,
                ty: ty.unwrap_or(Type::YesNo),
                exists_if: None,
            });
        }
        let names = |fact: &Fact| match &fact.ty {
            Type::Choice(d) | Type::Set(d) => {
                d.groups.iter().enumerate().map(|(i, g)| (g.0.clone(), i as u32)).collect()
            }
            _ => FxHashMap::default(),
        };
        self.groups = self.facts.iter().map(|f| Arc::new(names(f))).collect();
        self.heads = ["channel", "sender", "recipient"].map(|name| self.names.known.position(Kind::Fact, name));
        self.on = self.fact_named("on").filter(|&id| !self.is_broken(id));
    }

    fn tree_type(&self, what: Element, only: Option<&Bits>) -> Type {
        let tree = if what == Element::Channel { &self.channels } else { &self.roles };
        Type::Choice(domain::of_tree(tree, what, only, false))
    }

    /// All days of the default range, and those that some period of validity names.
    fn on_type(&self) -> Type {
        let (mut lo, mut hi) = time::DEFAULT_DAYS;
        let mut see = |period: &ast::InForce| {
            for literal in period.from.iter().chain(&period.until) {
                if let LiteralKind::Date(text) = &literal.kind
                    && let Some(day) = time::parse_date(text)
                {
                    lo = lo.min(day);
                    hi = hi.max(day);
                }
            }
        };
        for setting in self.decls.policies.iter().flat_map(|p| &p.0.settings) {
            if let SettingKind::InForce(period) = &setting.kind {
                see(period);
            }
        }
        self.decls.clauses.iter().flat_map(|c| &c.clause.in_force).for_each(&mut see);
        Type::Date { lo, hi }
    }

    /// `channel`, `sender`, `recipient` and `on` may be declared, to narrow them, but only as what they are.
    fn fits_its_name(&self, decl: &FactDecl, ty: &Type) -> bool {
        let (fits, must) = match decl.name.text.as_str() {
            "channel" => (matches!(ty, Type::Choice(d) if d.what == Element::Channel), "`channel`"),
            "sender" | "recipient" => (matches!(ty, Type::Choice(d) if d.what == Element::Role), "`role`"),
            "on" => (matches!(ty, Type::Date { .. }), "`date`"),
            _ => return true,
        };
        if !fits {
            let what = match decl.name.text.as_str() {
                "on" => "the date of the case",
                "channel" => "the channel that heads speak of",
                "sender" => "the role behind `from`",
                _ => "the role behind `to`",
            };
            let message = format!("`{}` is {what}, so its type must be {must}", decl.name.text);
            self.report(
                Diagnostic::new(&codes::WRONG_TYPE, decl.facts.ty.span, message)
                    .help("give the fact another name if something else is meant"),
            );
        }
        fits
    }

    fn ty(&self, ty: &ast::Type, fact: &Name) -> Option<Type> {
        Some(match &ty.kind {
            TypeKind::YesNo => Type::YesNo,
            TypeKind::OneOf(values) => {
                self.distinct(values);
                Type::Choice(domain::of_values(values))
            }
            TypeKind::Role(only) => self.tree_fact(Element::Role, only, ty.span, false)?,
            TypeKind::Channel(only) => self.tree_fact(Element::Channel, only, ty.span, false)?,
            TypeKind::Number { range, unit } => self.number_type(range.as_ref(), unit.as_ref(), ty.span, fact)?,
            TypeKind::Date(range) => {
                let (lo, hi) = match range {
                    None => time::DEFAULT_DAYS,
                    Some((lo, hi)) => {
                        let days = (self.date_only(lo), self.date_only(hi));
                        let days = (days.0?, days.1?);
                        self.ordered(lo, hi, days.0 <= days.1)?;
                        days
                    }
                };
                Type::Date { lo, hi }
            }
            TypeKind::Time => Type::Time,
            TypeKind::DateTime(range) => {
                let (lo, hi) = match range {
                    None => {
                        (self.zone.day_start(time::DEFAULT_DAYS.0), self.zone.day_start(time::DEFAULT_DAYS.1 + 1) - 1)
                    }
                    Some((lo, hi)) => {
                        let ends = (self.moments(lo), self.moments(hi));
                        let ends = (ends.0?.0, ends.1?.1);
                        self.ordered(lo, hi, ends.0 <= ends.1)?;
                        ends
                    }
                };
                Type::DateTime { lo, hi }
            }
            TypeKind::Set(of) => self.set_type(of, fact)?,
            TypeKind::Error => return None,
        })
    }

    fn set_type(&self, of: &ast::Type, fact: &Name) -> Option<Type> {
        let ty = match &of.kind {
            TypeKind::OneOf(values) => {
                self.distinct(values);
                Type::Set(domain::of_values(values))
            }
            TypeKind::Role(only) => self.tree_fact(Element::Role, only, of.span, true)?,
            TypeKind::Channel(only) => self.tree_fact(Element::Channel, only, of.span, true)?,
            TypeKind::Error => return None,
            _ => {
                let message = "the elements of a set are roles, channels or the values of a `one of`";
                self.report(
                    Diagnostic::new(&codes::WRONG_TYPE, of.span, message)
                        .help("write for example `set of role` or `set of one of a, b`"),
                );
                return None;
            }
        };
        if let Type::Set(domain) = &ty
            && domain.values.len() > MOST_ELEMENTS
        {
            let message =
                format!("a set has at most {MOST_ELEMENTS} elements, and this one has {}", domain.values.len());
            self.report(
                Diagnostic::new(&codes::TOO_MANY_VALUES, fact.span, message).help("name fewer of them in its type"),
            );
            return None;
        }
        Some(ty)
    }

    /// A fact over roles or channels, or a set of them; `only` are the names that narrow it.
    fn tree_fact(&self, what: Element, only: &[Name], span: Span, set: bool) -> Option<Type> {
        let (tree, wanted) = match what {
            Element::Channel => (&self.channels, Wanted::CHANNEL),
            _ => (&self.roles, Wanted::ROLE),
        };
        let mut narrow = Bits::new();
        let mut known = true;
        for name in only {
            match self.find(name, wanted) {
                Some(symbol) => narrow = narrow.union(&tree.below[symbol.index as usize]),
                None => known = false,
            }
        }
        if !known {
            return None;
        }
        let domain = domain::of_tree(tree, what, (!only.is_empty()).then_some(&narrow), set);
        if domain.values.is_empty() {
            let noun = if what == Element::Channel { "channel" } else { "role" };
            let message = format!("no {noun} is declared, so the fact has no values");
            let module = if what == Element::Channel { "std.communication" } else { "std.school" };
            self.report(
                Diagnostic::new(&codes::EMPTY_RANGE, span, message)
                    .help(format!("declare some with `{noun} a, b`, or use those of `{module}`")),
            );
            return None;
        }
        Some(if set { Type::Set(domain) } else { Type::Choice(domain) })
    }

    fn number_type(
        &self,
        range: Option<&(Literal, Literal)>,
        named: Option<&Name>,
        span: Span,
        fact: &Name,
    ) -> Option<Type> {
        let Some((low, high)) = range else {
            let message = format!("`{}` needs a range: the least and the greatest number that can occur", fact.text);
            self.report(Diagnostic::new(&codes::EMPTY_RANGE, span, message).help(
                "write for example `number 0 to 100`; both ends belong to it, and their decimals say how exact it is",
            ));
            return None;
        };
        let unit = named.or(unit(high)).or(unit(low)).map(|u| u.text.clone());
        let digits = |l: &Literal| match &l.kind {
            LiteralKind::Number { digits, .. } => self.decimal(digits, l.span),
            _ => {
                self.report(Diagnostic::new(
                    &codes::WRONG_TYPE,
                    l.span,
                    "the range of a number goes from number to number",
                ));
                None
            }
        };
        let (lo, hi) = (digits(low), digits(high));
        let (lo, hi) = (lo?, hi?);
        let scale = lo.decimals.max(hi.decimals);
        let (Some(lo), Some(hi)) = (lo.scaled(scale), hi.scaled(scale)) else {
            self.too_big(low.span.to(high.span));
            return None;
        };
        self.ordered(low, high, lo <= hi)?;
        Some(Type::Number { lo, hi, scale, unit })
    }

    /// Reports a range whose ends are not in order.
    pub fn ordered(&self, low: &Literal, high: &Literal, in_order: bool) -> Option<()> {
        if in_order {
            return Some(());
        }
        let span = low.span.to(high.span);
        let (a, b) = (self.sources.text(low.span).to_string(), self.sources.text(high.span).to_string());
        let message = format!("nothing lies between: `{a}` comes after `{b}`");
        let swap = vec![Edit::replace(low.span, b), Edit::replace(high.span, a)];
        self.report(Diagnostic::new(&codes::EMPTY_RANGE, span, message).fix("swap the two ends", swap));
        None
    }

    /// Reports values that are listed twice.
    pub fn distinct(&self, values: &[ast::EnumValue]) {
        let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
        for value in values {
            if let Some(&first) = seen.get(value.name.text.as_str()) {
                let message = format!("the value `{}` is listed twice", value.name.text);
                self.report(
                    Diagnostic::new(&codes::DUPLICATE_NAME, value.name.span, message)
                        .label(value.name.span, "listed again here")
                        .label(first, "first listed here")
                        .help("take one of them away"),
                );
            } else {
                seen.insert(&value.name.text, value.name.span);
            }
        }
    }

    pub fn defines(&mut self) -> Vec<Define> {
        let lower = |&(name, cond, _): &(&Name, &ast::Cond, _)| Define {
            name: name.text.clone(),
            span: name.span,
            cond: self.cond(cond),
        };
        self.decls.defines.iter().map(lower).collect()
    }

    /// The `if` of facts; then circles of facts and defines are reported and cut.
    pub fn existence(&mut self, defines: &mut [Define]) {
        let first = self.decls.by_use.len();
        let mut last: Option<(&ast::Facts, Option<Cond>)> = None;
        for (i, decl) in self.decls.facts.iter().enumerate() {
            let cond = match &last {
                Some((facts, cond)) if std::ptr::eq(*facts, decl.facts) => cond.clone(),
                _ => decl.facts.exists_if.as_ref().map(|c| self.cond(c)),
            };
            last = Some((decl.facts, cond.clone()));
            self.facts[first + i].exists_if = cond;
        }
        let n = self.facts.len();
        let exists = self.facts.iter().map(|f| f.exists_if.as_ref().map_or(Vec::new(), |c| references(c, n)));
        let edges: Vec<Vec<usize>> = exists.chain(defines.iter().map(|d| references(&d.cond, n))).collect();
        let shape = graph::shape(&edges);
        let place = |i: usize| match i.checked_sub(n) {
            None => (self.facts[i].name.clone(), self.facts[i].span),
            Some(d) => (defines[d].name.clone(), defines[d].span),
        };
        let mut found = Vec::new();
        for circle in &shape.circles {
            found.push(circular(&circle.iter().map(|&i| place(i)).collect::<Vec<_>>(), "rests on"));
        }
        for i in (0..edges.len()).filter(|&i| shape.depth[i] == DEEPEST) {
            let (name, span) = place(i);
            let message = format!("`{name}` rests on other names {DEEPEST} levels deep");
            found.push(Diagnostic::new(&codes::TOO_DEEP, span, message).help("say one of the levels by facts"));
        }
        found.into_iter().for_each(|d| self.report(d));
        for i in (0..edges.len()).filter(|&i| shape.cut[i] || shape.depth[i] >= DEEPEST) {
            match i.checked_sub(n) {
                None => self.facts[i].exists_if = None,
                Some(d) => defines[d].cond = Cond::always(defines[d].cond.span),
            }
        }
    }
}

/// One circle of names, as an error at its first.
pub(crate) fn circular(circle: &[(Text, Span)], verb: &str) -> Diagnostic {
    let (first, span) = circle.first().cloned().unwrap_or_default();
    let message = match circle {
        [_] => format!("`{first}` {verb} itself"),
        [_, (second, _)] => format!("`{first}` {verb} `{second}`, and `{second}` {verb} `{first}`"),
        _ => {
            let names: Vec<&str> = circle[1..].iter().map(|c| c.0.as_str()).collect();
            format!("`{first}` {verb} itself, by way of {}", similar::list(&names, "and"))
        }
    };
    let mut d = Diagnostic::new(&codes::CYCLE, span, message);
    for (name, span) in circle.iter().take(4) {
        d = d.label(*span, format!("`{name}` is part of the circle"));
    }
    d
}

/// The facts and defines a condition refers to: facts by id, defines behind all `facts`.
fn references(cond: &Cond, facts: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open = vec![cond];
    while let Some(cond) = open.pop() {
        match &cond.kind {
            CondKind::True => {}
            CondKind::And(parts) | CondKind::Or(parts) => open.extend(parts),
            CondKind::Not(inner) => open.push(inner),
            CondKind::Atom(atom) => found.extend(atom.facts().map(FactId::index)),
            CondKind::Define(DefineId(i)) => found.push(facts + *i as usize),
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
