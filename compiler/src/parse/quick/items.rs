//! Headers, statements, settings and items without braces, by hand.
//!
//! Why it exists: beside conditions these are what a policy's text consists of. Must not know how a file is cut.

use super::Quick;
use crate::parse::grammar::{ExpectBody, Header, SectionHeader, last_title, named};
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;

impl Quick<'_> {
    pub fn statement(&mut self) -> Option<StatementKind> {
        let kind = self.peek();
        if !kind.starts_statement() {
            let decision = Box::new(self.name()?);
            self.take(K::Is)?;
            let value = Box::new(self.name()?);
            return Some(StatementKind::Decide { decision, value, head: self.head()?, when: self.when()? });
        }
        self.at += 1;
        Some(match kind {
            K::Permit => StatementKind::Permit { head: self.head()?, when: self.when()?, provided: Vec::new() },
            K::Forbid => StatementKind::Forbid { head: self.head()?, when: self.when()? },
            K::Require => StatementKind::Require { cond: self.cond()?, when: self.when()? },
            K::Advise => StatementKind::Advise { cond: self.cond()?, when: self.when()? },
            K::Oblige => StatementKind::Oblige { duties: self.names()?, when: self.when()? },
            _ => StatementKind::Waive { when: self.when()? },
        })
    }

    /// `when COND` or nothing; `None` where the condition is not in order.
    fn when(&mut self) -> Option<Option<Cond>> {
        if self.has(K::When) { self.cond().map(Some) } else { Some(None) }
    }

    fn head(&mut self) -> Option<Head> {
        let mut head = Head::default();
        if self.peek().is_name() && !matches!(self.peek(), K::From | K::To | K::By) {
            head.channels = self.names()?;
        }
        if self.has(K::From) {
            head.from = self.names()?;
        }
        if self.has(K::To) {
            head.to = self.names()?;
        }
        Some(head)
    }

    pub fn in_force(&mut self) -> Option<InForce> {
        let first = self.at;
        self.take(K::In)?;
        self.take(K::Force)?;
        let from = if self.has(K::From) { Some(self.date()?) } else { None };
        let until = if self.has(K::Until) { Some(self.date()?) } else { None };
        (from.is_some() || until.is_some()).then_some(InForce { span: self.since(first)?, from, until })
    }

    pub fn allow(&mut self) -> Option<Allow> {
        let first = self.at;
        self.take(K::Allow)?;
        let codes = self.names()?;
        let until = if self.has(K::Until) { Some(self.date()?) } else { None };
        self.take(K::Because)?;
        let because = self.string()?;
        Some(Allow { span: self.since(first)?, codes, until, because })
    }

    pub fn cite(&mut self) -> Option<Str> {
        self.take(K::Cite)?;
        self.string()
    }

    fn cites(&mut self) -> Option<Vec<Str>> {
        let mut cites = Vec::new();
        while self.peek() == K::Cite {
            cites.push(self.cite()?);
        }
        Some(cites)
    }

    pub fn setting(&mut self) -> Option<SettingKind> {
        let kind = self.peek();
        match kind {
            K::In => return self.in_force().map(SettingKind::InForce),
            K::Allow => return self.allow().map(SettingKind::Allow),
            _ => {}
        }
        self.at += 1;
        Some(match kind {
            K::Source => SettingKind::Source(self.string()?),
            K::Timezone => SettingKind::Timezone(self.string()?),
            K::Yields => {
                self.take(K::To)?;
                SettingKind::YieldsTo(self.names()?)
            }
            K::Default => {
                let first = self.outcome()?;
                match self.outcome() {
                    Some(value) => SettingKind::Default { decision: Some(first), value },
                    None => SettingKind::Default { decision: None, value: first },
                }
            }
            _ => return None,
        })
    }

    fn outcome(&mut self) -> Option<Name> {
        let span = self.take(K::Permit).or_else(|| self.take(K::Forbid));
        span.map(|span| named(self.text, span)).or_else(|| self.name())
    }

    pub fn policy(&mut self) -> Option<(Name, Option<Str>)> {
        self.take(K::Policy)?;
        Some((self.name()?, self.string()))
    }

    pub fn section(&mut self) -> Option<SectionHeader> {
        self.take(K::Section)?;
        Some((self.name_if(|k| k != K::Cite), self.string(), self.cites()?))
    }

    pub fn clause(&mut self) -> Option<Header> {
        self.take(K::Rule).or_else(|| self.take(K::Except))?;
        Some((self.name()?, self.string(), self.cites()?))
    }

    pub fn exception(&mut self) -> Option<(Header, Vec<Target>)> {
        self.take(K::Exception)?;
        let name = self.name()?;
        let before = self.string();
        self.take(K::To)?;
        let targets = self.list(Self::target)?;
        let title = if before.is_some() { before } else { self.string() };
        Some(((name, title, self.cites()?), targets))
    }

    fn target(&mut self) -> Option<Target> {
        if !self.has(K::Section) {
            return Some(Target::Named { path: self.path()?, section: false });
        }
        if let Some(title) = self.string() {
            return Some(Target::Section(title));
        }
        let name = self.name()?;
        let span = name.span;
        Some(Target::Named { path: Path { segments: vec![name], span }, section: true })
    }

    pub fn expect(&mut self) -> Option<Str> {
        self.take(K::Expect)?;
        self.string()
    }

    pub fn expect_body(&mut self) -> Option<ExpectBody> {
        let some = self.has(K::Some);
        let claim = match self.peek() {
            K::Permit | K::Forbid => {
                self.at += 1;
                if self.toks.get(self.at - 1)?.0 == K::Permit { Claim::Permit } else { Claim::Forbid }
            }
            kind if kind.is_name() && self.ahead(1) == K::Is => {
                let decision = self.name()?;
                self.take(K::Is)?;
                Claim::Decides { decision, value: self.name()? }
            }
            K::Undecided => {
                self.at += 1;
                Claim::Undecided(self.about())
            }
            K::Conflict => {
                self.at += 1;
                Claim::Conflict(self.about())
            }
            K::Obliges => {
                self.at += 1;
                Claim::Obliges(self.name()?)
            }
            _ => return None,
        };
        let (head, when) = (self.head()?, self.when()?);
        let by = if self.has(K::By) { Some(self.path()?) } else { None };
        Some(ExpectBody { some, claim, head, when, by })
    }

    /// The decision that is undecided; a list is the head's: `undecided email, text`.
    fn about(&mut self) -> Option<Name> {
        if self.ahead(1) == K::Comma {
            return None;
        }
        self.name_if(|k| !matches!(k, K::From | K::To | K::By))
    }

    /// The items without braces.
    pub fn simple(&mut self) -> Option<ItemKind> {
        let kind = self.peek();
        if kind.is_name() && self.ahead(1) == K::May && self.ahead(2) == K::Be {
            let who = self.name()?;
            self.at += 2;
            return Some(ItemKind::MayBe { who, also: self.names()? });
        }
        if kind == K::Allow {
            return self.allow().map(ItemKind::Allow);
        }
        self.at += 1;
        Some(match kind {
            K::Use => ItemKind::Use(self.dotted(Self::word)?),
            K::Fact => ItemKind::Facts(Box::new(self.facts()?)),
            K::Assume => ItemKind::Assume(Assume { cond: self.cond()?, because: self.because()? }),
            K::Define => {
                let name = self.name()?;
                self.take(K::Equal)?;
                ItemKind::Define { name, cond: self.cond()? }
            }
            K::Duty => {
                let (name, title) = (self.name()?, self.string());
                let excludes = if self.has(K::Excludes) { self.names()? } else { Vec::new() };
                ItemKind::Duty { name, title, excludes }
            }
            K::Period => {
                let name = self.name()?;
                self.take(K::Equal)?;
                ItemKind::Period { name, expr: self.period()? }
            }
            K::Decision => {
                let name = self.name()?;
                self.take(K::Colon)?;
                self.take(K::One)?;
                self.take(K::Of)?;
                let mut values = self.values()?;
                let title = self.string().or_else(|| values.last_mut().and_then(|v| v.title.take()));
                ItemKind::Decision { name, values, title }
            }
            K::Not => {
                self.take(K::Encoded)?;
                ItemKind::NotEncoded { cite: self.string()?, because: self.because()? }
            }
            K::Role => ItemKind::Roles(self.tree()?),
            K::Channel => ItemKind::Channels(self.tree()?),
            _ => return None,
        })
    }

    /// Any word: a file may be called like a keyword.
    fn word(&mut self) -> Option<Name> {
        let &(kind, span) = self.toks.get(self.at)?;
        (kind <= K::Name).then(|| {
            self.at += 1;
            named(self.text, span)
        })
    }

    fn because(&mut self) -> Option<Option<Str>> {
        if self.has(K::Because) { self.string().map(Some) } else { Some(None) }
    }

    fn tree(&mut self) -> Option<Tree> {
        let nodes = self.list(Self::node)?;
        let under = if self.has(K::Under) { Some(self.name()?) } else { None };
        Some(Tree { nodes, under })
    }

    fn node(&mut self) -> Option<TreeNode> {
        let (name, title) = (self.name()?, self.string());
        let mut children = Vec::new();
        if self.has(K::LBrace) {
            children.push(self.node()?);
            while self.has(K::Comma) && self.peek() != K::RBrace {
                children.push(self.node()?);
            }
            self.take(K::RBrace)?;
        }
        Some(TreeNode { name, title, children })
    }

    fn values(&mut self) -> Option<Vec<EnumValue>> {
        self.list(|q| Some(EnumValue { name: q.name()?, title: q.string() }))
    }

    fn facts(&mut self) -> Option<Facts> {
        let names = self.names()?;
        self.take(K::Colon)?;
        let mut ty = self.ty()?;
        let mut title = self.string();
        let exists_if = if self.has(K::If) { Some(self.cond()?) } else { None };
        if title.is_none() && exists_if.is_some() {
            title = self.string();
        }
        let title = title.or_else(|| last_title(&mut ty));
        Some(Facts { names, ty, title, exists_if })
    }

    fn ty(&mut self) -> Option<Type> {
        let first = self.at;
        if self.peek() == K::Set && self.ahead(1) == K::Of {
            self.at += 2;
            let inner = Box::new(self.plain_type()?);
            return Some(Type { span: self.since(first)?, kind: TypeKind::Set(inner) });
        }
        self.plain_type()
    }

    fn plain_type(&mut self) -> Option<Type> {
        let first = self.at;
        self.at += 1;
        let kind = match self.toks.get(first)?.0 {
            K::Yes => {
                self.take(K::Slash)?;
                self.take(K::No)?;
                TypeKind::YesNo
            }
            K::One => {
                self.take(K::Of)?;
                TypeKind::OneOf(self.values()?)
            }
            K::Role => TypeKind::Role(self.members()?),
            K::Channel => TypeKind::Channel(self.members()?),
            K::NumberWord => {
                let range = if self.peek() == K::Number { Some(self.ends(Self::number)?) } else { None };
                TypeKind::Number { range, unit: self.name_if(|k| k != K::If) }
            }
            K::DateWord if self.peek() == K::Date => TypeKind::Date(Some(self.ends(Self::date)?)),
            K::DateWord => TypeKind::Date(None),
            K::DateTimeWord if self.peek() == K::Date => TypeKind::DateTime(Some(self.ends(Self::date)?)),
            K::DateTimeWord => TypeKind::DateTime(None),
            K::TimeWord => TypeKind::Time,
            _ => return None,
        };
        Some(Type { span: self.since(first)?, kind })
    }

    fn members(&mut self) -> Option<Vec<Name>> {
        if self.peek().is_name() && self.peek() != K::If { self.names() } else { Some(Vec::new()) }
    }

    fn ends(&mut self, end: fn(&mut Self) -> Option<Literal>) -> Option<(Literal, Literal)> {
        let low = end(self)?;
        self.take(K::To)?;
        Some((low, end(self)?))
    }
}
