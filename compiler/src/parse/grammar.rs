//! The grammar of everything that has no braces around items or statements: headers, types, conditions, statements.
//!
//! Why it exists: the parts that `items` and `bodies` have cut out are parsed here, each on its own, so that an error
//! in one costs nothing else. It is the definition: `quick` takes what is plainly in order, and this decides about the
//! rest and knows what was expected where it fails. Every production is boxed (it halves the build time) and built at
//! most once for a whole parse. Must not know how a file is cut into items, nor how errors are worded.

use super::conds::{self, cond};
use super::periods::period;
use crate::source::{FileId, Span};
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;
use chumsky::input::MappedInput;
use chumsky::prelude::*;

pub type Tok = (K, Span);
pub type In<'a> = MappedInput<'a, K, Span, &'a [Tok]>;
/// A parser whose complaints say what was expected.
pub type P<'a, O> = Boxed<'a, 'a, In<'a>, O, extra::Err<Rich<'a, K, Span>>>;

impl chumsky::span::Span for Span {
    type Context = FileId;
    type Offset = u32;

    fn new(file: FileId, range: std::ops::Range<u32>) -> Self {
        Span { file, start: range.start, end: range.end }
    }

    fn context(&self) -> FileId {
        self.file
    }

    fn start(&self) -> u32 {
        self.start
    }

    fn end(&self) -> u32 {
        self.end
    }
}

/// The name and what may follow it up to the opening brace.
pub type Header = (Name, Option<Str>, Vec<Str>);

/// A section's name and title may be missing.
pub type SectionHeader = (Option<Name>, Option<Str>, Vec<Str>);

/// What an `expect` says between its braces.
pub struct ExpectBody {
    pub some: bool,
    pub claim: Claim,
    pub head: Head,
    pub when: Option<Cond>,
    pub by: Option<Path>,
}

/// A parser for each kind of part.
pub struct Grammar<'a> {
    pub cond: P<'a, Cond>,
    pub statement: P<'a, StatementKind>,
    pub in_force: P<'a, InForce>,
    pub cite: P<'a, Str>,
    pub allow: P<'a, Allow>,
    pub setting: P<'a, SettingKind>,
    /// `use`, `role`, `channel`, `may be`, `fact`, `assume`, `define`, `duty`, `period`, `decision`, `not encoded`
    pub simple: P<'a, ItemKind>,
    pub policy: P<'a, (Name, Option<Str>)>,
    pub section: P<'a, SectionHeader>,
    /// The header of `rule` and `except`.
    pub clause: P<'a, Header>,
    pub exception: P<'a, (Header, Vec<Target>)>,
    pub expect: P<'a, Str>,
    pub expect_body: P<'a, ExpectBody>,
}

impl<'a> Grammar<'a> {
    pub fn new(text: &'a str) -> Self {
        let cond = cond(text);
        let title = string(text).or_not().boxed();
        let cites = kw(K::Cite).ignore_then(string(text)).repeated().collect::<Vec<_>>().boxed();
        let header = group((name(text), title.clone(), cites.clone())).boxed();
        Grammar {
            statement: statement(text, cond.clone()),
            in_force: in_force(text),
            cite: kw(K::Cite).ignore_then(string(text)).boxed(),
            allow: allow(text),
            setting: setting(text),
            simple: simple(text, cond.clone()),
            policy: kw(K::Policy).ignore_then(name(text)).then(title.clone()).boxed(),
            section: kw(K::Section)
                .ignore_then(group((
                    name_but(text, "a name", |k| !matches!(k, K::Cite)).or_not(),
                    title.clone(),
                    cites.clone(),
                )))
                .boxed(),
            clause: choice((kw(K::Rule), kw(K::Except))).ignore_then(header).boxed(),
            exception: kw(K::Exception).ignore_then(exception(text, title, cites)).boxed(),
            expect: kw(K::Expect).ignore_then(string(text)).boxed(),
            expect_body: expect_body(text, cond.clone()),
            cond,
        }
    }
}

/// A keyword or sign.
pub fn kw<'a>(kind: K) -> P<'a, ()> {
    just(kind).ignored().boxed()
}

/// A name; its text is `text` under its span.
pub fn name<'a>(text: &'a str) -> P<'a, Name> {
    name_but(text, "a name", |_| true)
}

/// A name whose kind passes the test: words that mean something at this place are left out.
pub fn name_but<'a>(text: &'a str, label: &'static str, fits: fn(K) -> bool) -> P<'a, Name> {
    any()
        .filter(move |k: &K| k.is_name() && fits(*k))
        .map_with(move |_, e| named(text, e.span()))
        .labelled(label)
        .boxed()
}

pub fn named(text: &str, span: Span) -> Name {
    Name { text: Text::new(text.get(span.range()).unwrap_or("")), span }
}

pub fn string<'a>(text: &'a str) -> P<'a, Str> {
    just(K::String).map_with(move |_, e| quoted(text, e.span())).labelled("a text in quotes").boxed()
}

/// A string literal's content: without quotes, `\"` and `\\` resolved.
pub fn quoted(text: &str, span: Span) -> Str {
    let whole = text.get(span.range()).unwrap_or("");
    let inner = whole.strip_prefix('"').map_or_else(
        || whole.trim_matches(['“', '”', '„']),
        |rest| if rest.len() < whole.len() { rest.strip_suffix('"').unwrap_or(rest) } else { rest },
    );
    if !inner.contains('\\') {
        return Str { text: Text::new(inner), span };
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some(&next @ ('"' | '\\'))) => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    Str { text: Text::new(out), span }
}

/// One or more, separated by commas.
pub fn list<'a, O: 'a>(part: P<'a, O>) -> P<'a, Vec<O>> {
    part.separated_by(just(K::Comma)).at_least(1).collect::<Vec<_>>().boxed()
}

pub fn names<'a>(text: &'a str) -> P<'a, Vec<Name>> {
    list(name(text))
}

/// A list whose first name passes the test.
fn names_but<'a>(text: &'a str, label: &'static str, fits: fn(K) -> bool) -> P<'a, Vec<Name>> {
    name_but(text, label, fits)
        .then(just(K::Comma).ignore_then(name(text)).repeated().collect::<Vec<_>>())
        .map(|(first, mut rest)| {
            rest.insert(0, first);
            rest
        })
        .boxed()
}

pub fn path<'a>(text: &'a str) -> P<'a, Path> {
    dotted(name(text))
}

/// The path of a file may contain any word: `use policy`, `use rules.exception`.
fn file_path<'a>(text: &'a str) -> P<'a, Path> {
    let word =
        any().filter(|k: &K| *k <= K::Name).map_with(move |_, e| named(text, e.span())).labelled("a name").boxed();
    dotted(word)
}

fn dotted<'a>(segment: P<'a, Name>) -> P<'a, Path> {
    segment
        .separated_by(just(K::Dot))
        .at_least(1)
        .collect::<Vec<_>>()
        .map_with(|segments, e| Path { segments, span: e.span() })
        .boxed()
}

/// What follows `exception`; its title stands before `to` or behind the targets.
fn exception<'a>(text: &'a str, title: P<'a, Option<Str>>, cites: P<'a, Vec<Str>>) -> P<'a, (Header, Vec<Target>)> {
    let targets = kw(K::To).ignore_then(list(target(text))).boxed();
    let before = string(text).map(Some).then(targets.clone()).boxed();
    let behind = targets.then(title).map(|(targets, title)| (title, targets)).boxed();
    group((name(text), choice((before, behind)), cites))
        .map(|(name, (title, targets), cites)| ((name, title, cites), targets))
        .boxed()
}

fn target<'a>(text: &'a str) -> P<'a, Target> {
    let section = just(K::Section).ignore_then(choice((
        string(text).map(Target::Section),
        name(text).map(|name| {
            let span = name.span;
            Target::Named { path: Path { segments: vec![name], span }, section: true }
        }),
    )));
    choice((section, path(text).map(|path| Target::Named { path, section: false })))
        .labelled("the path of a rule, or `section` and its name")
        .boxed()
}

/// `CHANNELS from ROLES to ROLES`, all of it optional.
fn head<'a>(text: &'a str) -> P<'a, Head> {
    group((
        names_but(text, "a channel", |k| !matches!(k, K::From | K::To | K::By)).or_not(),
        just(K::From).ignore_then(names(text)).or_not(),
        just(K::To).ignore_then(names(text)).or_not(),
    ))
    .map(|(channels, from, to)| Head {
        channels: channels.unwrap_or_default(),
        from: from.unwrap_or_default(),
        to: to.unwrap_or_default(),
    })
    .boxed()
}

fn when<'a>(cond: P<'a, Cond>) -> P<'a, Option<Cond>> {
    just(K::When).ignore_then(cond).or_not().boxed()
}

fn statement<'a>(text: &'a str, cond: P<'a, Cond>) -> P<'a, StatementKind> {
    let (head, when) = (head(text), when(cond.clone()));
    choice((
        just(K::Permit)
            .ignore_then(head.clone())
            .then(when.clone())
            .map(|(head, when)| StatementKind::Permit { head, when, provided: Vec::new() })
            .boxed(),
        just(K::Forbid)
            .ignore_then(head.clone())
            .then(when.clone())
            .map(|(head, when)| StatementKind::Forbid { head, when })
            .boxed(),
        just(K::Require)
            .ignore_then(cond.clone())
            .then(when.clone())
            .map(|(cond, when)| StatementKind::Require { cond, when })
            .boxed(),
        just(K::Oblige)
            .ignore_then(list(name_but(text, "the name of a duty", |_| true)))
            .then(when.clone())
            .map(|(duties, when)| StatementKind::Oblige { duties, when })
            .boxed(),
        just(K::Advise)
            .ignore_then(cond)
            .then(when.clone())
            .map(|(cond, when)| StatementKind::Advise { cond, when })
            .boxed(),
        just(K::Waive).ignore_then(when.clone()).map(|when| StatementKind::Waive { when }).boxed(),
        name(text)
            .then_ignore(just(K::Is))
            .then(name_but(text, "an outcome", |_| true))
            .then(head)
            .then(when)
            .map(|(((decision, value), head), when)| {
                let (decision, value) = (Box::new(decision), Box::new(value));
                StatementKind::Decide { decision, value, head, when }
            })
            .boxed(),
    ))
    .labelled("a statement")
    .boxed()
}

fn in_force<'a>(text: &'a str) -> P<'a, InForce> {
    let date = || conds::date(text).labelled("a date like `2026-08-17`");
    let from = just(K::From).ignore_then(date());
    let until = just(K::Until).ignore_then(date());
    let ends = choice((
        from.then(until.clone().or_not()).map(|(from, until)| (Some(from), until)).boxed(),
        until.map(|until| (None, Some(until))).boxed(),
    ));
    just(K::In)
        .ignore_then(just(K::Force))
        .ignore_then(ends)
        .map_with(|(from, until), e| InForce { span: e.span(), from, until })
        .boxed()
}

fn allow<'a>(text: &'a str) -> P<'a, Allow> {
    let until = just(K::Until).ignore_then(conds::date(text).labelled("a date like `2026-08-17`")).or_not();
    just(K::Allow)
        .ignore_then(list(name_but(text, "a code like `O3001`", |_| true)))
        .then(until)
        .then_ignore(just(K::Because))
        .then(string(text))
        .map_with(|((codes, until), because), e| Allow { span: e.span(), codes, until, because })
        .boxed()
}

fn setting<'a>(text: &'a str) -> P<'a, SettingKind> {
    let value = choice((
        name_but(text, "an outcome", |_| true),
        choice((just(K::Permit), just(K::Forbid))).map_with(move |_, e| named(text, e.span())).boxed(),
    ))
    .boxed();
    choice((
        just(K::Source).ignore_then(string(text)).map(SettingKind::Source).boxed(),
        just(K::Timezone).ignore_then(string(text)).map(SettingKind::Timezone).boxed(),
        in_force(text).map(SettingKind::InForce).boxed(),
        just(K::Default)
            .ignore_then(value.clone())
            .then(value.or_not())
            .map(|(first, second)| match second {
                Some(value) => SettingKind::Default { decision: Some(first), value },
                None => SettingKind::Default { decision: None, value: first },
            })
            .boxed(),
        just(K::Yields).ignore_then(just(K::To)).ignore_then(names(text)).map(SettingKind::YieldsTo).boxed(),
        allow(text).map(SettingKind::Allow).boxed(),
    ))
    .labelled("a setting")
    .boxed()
}

fn simple<'a>(text: &'a str, cond: P<'a, Cond>) -> P<'a, ItemKind> {
    let because = just(K::Because).ignore_then(string(text)).or_not().boxed();
    let title = string(text).or_not().boxed();
    choice((
        just(K::Use).ignore_then(file_path(text)).map(ItemKind::Use).boxed(),
        facts(text, cond.clone()),
        just(K::Assume)
            .ignore_then(cond.clone())
            .then(because.clone())
            .map(|(cond, because)| ItemKind::Assume(Assume { cond, because }))
            .boxed(),
        just(K::Define)
            .ignore_then(name(text))
            .then_ignore(just(K::Equal))
            .then(cond)
            .map(|(name, cond)| ItemKind::Define { name, cond })
            .boxed(),
        just(K::Duty)
            .ignore_then(name(text))
            .then(title.clone())
            .then(just(K::Excludes).ignore_then(names(text)).or_not())
            .map(|((name, title), excludes)| ItemKind::Duty { name, title, excludes: excludes.unwrap_or_default() })
            .boxed(),
        just(K::Period)
            .ignore_then(name(text))
            .then_ignore(just(K::Equal))
            .then(period(text))
            .map(|(name, expr)| ItemKind::Period { name, expr })
            .boxed(),
        just(K::Decision)
            .ignore_then(name(text))
            .then_ignore(just(K::Colon))
            .then_ignore(just(K::One))
            .then_ignore(just(K::Of))
            .then(values(text))
            .then(title)
            .map(|((name, mut values), title)| {
                let title = title.or_else(|| values.last_mut().and_then(|v| v.title.take()));
                ItemKind::Decision { name, values, title }
            })
            .boxed(),
        just(K::Not)
            .ignore_then(just(K::Encoded))
            .ignore_then(string(text))
            .then(because)
            .map(|(cite, because)| ItemKind::NotEncoded { cite, because })
            .boxed(),
        // `role`, `channel` and `may` are names too: what follows decides.
        name(text)
            .then_ignore(just(K::May))
            .then_ignore(just(K::Be))
            .then(names(text))
            .map(|(who, also)| ItemKind::MayBe { who, also })
            .boxed(),
        allow(text).map(ItemKind::Allow).boxed(),
        just(K::Role).ignore_then(tree(text)).map(ItemKind::Roles).boxed(),
        just(K::Channel).ignore_then(tree(text)).map(ItemKind::Channels).boxed(),
    ))
    .boxed()
}

fn tree<'a>(text: &'a str) -> P<'a, Tree> {
    let node = recursive(|node| {
        let children = node
            .separated_by(just(K::Comma))
            .at_least(1)
            .allow_trailing()
            .collect::<Vec<_>>()
            .delimited_by(just(K::LBrace), just(K::RBrace))
            .boxed();
        group((name(text), string(text).or_not(), children.or_not()))
            .map(|(name, title, children)| TreeNode { name, title, children: children.unwrap_or_default() })
            .boxed()
    });
    list(node.boxed())
        .then(just(K::Under).ignore_then(name(text)).or_not())
        .map(|(nodes, under)| Tree { nodes, under })
        .boxed()
}

fn values<'a>(text: &'a str) -> P<'a, Vec<EnumValue>> {
    list(
        name_but(text, "the name of a value", |_| true)
            .then(string(text).or_not())
            .map(|(name, title)| EnumValue { name, title })
            .boxed(),
    )
}

fn facts<'a>(text: &'a str, cond: P<'a, Cond>) -> P<'a, ItemKind> {
    let exists_if = just(K::If).ignore_then(cond).boxed();
    let title = string(text);
    let tail = choice((
        title.clone().then(exists_if.clone().or_not()).map(|(title, cond)| (Some(title), cond)).boxed(),
        exists_if.then(title.or_not()).map(|(cond, title)| (title, Some(cond))).boxed(),
    ))
    .or_not();
    just(K::Fact)
        .ignore_then(names(text))
        .then_ignore(just(K::Colon))
        .then(ty(text))
        .then(tail)
        .map(|((names, mut ty), tail)| {
            let (title, exists_if) = tail.unwrap_or_default();
            let title = title.or_else(|| last_title(&mut ty));
            ItemKind::Facts(Box::new(Facts { names, ty, title, exists_if }))
        })
        .boxed()
}

/// The label behind the last value, which belongs to the fact.
pub fn last_title(ty: &mut Type) -> Option<Str> {
    match &mut ty.kind {
        TypeKind::OneOf(values) => values.last_mut().and_then(|v| v.title.take()),
        TypeKind::Set(inner) => match &mut inner.kind {
            TypeKind::OneOf(values) => values.last_mut().and_then(|v| v.title.take()),
            _ => None,
        },
        _ => None,
    }
}

fn ty<'a>(text: &'a str) -> P<'a, Type> {
    let not_if: fn(K) -> bool = |k| !matches!(k, K::If);
    let members = names_but(text, "a name", not_if).or_not().map(Option::unwrap_or_default).boxed();
    let (number, date) = (conds::number(text), conds::date(text));
    let dates = date.clone().then_ignore(just(K::To)).then(date).or_not().boxed();
    let plain = choice((
        group((just(K::Yes), just(K::Slash), just(K::No))).to(TypeKind::YesNo).boxed(),
        just(K::One).ignore_then(just(K::Of)).ignore_then(values(text)).map(TypeKind::OneOf).boxed(),
        just(K::Role).ignore_then(members.clone()).map(TypeKind::Role).boxed(),
        just(K::Channel).ignore_then(members).map(TypeKind::Channel).boxed(),
        just(K::NumberWord)
            .ignore_then(number.clone().then_ignore(just(K::To)).then(number).or_not())
            .then(name_but(text, "a unit", not_if).or_not())
            .map(|(range, unit)| TypeKind::Number { range, unit })
            .boxed(),
        just(K::DateWord).ignore_then(dates.clone()).map(TypeKind::Date).boxed(),
        just(K::DateTimeWord).ignore_then(dates).map(TypeKind::DateTime).boxed(),
        just(K::TimeWord).to(TypeKind::Time).boxed(),
    ))
    .map_with(|kind, e| Type { span: e.span(), kind })
    .labelled("a type")
    .boxed();
    let set = just(K::Set)
        .ignore_then(just(K::Of))
        .ignore_then(plain.clone())
        .map_with(|inner, e| Type { span: e.span(), kind: TypeKind::Set(Box::new(inner)) })
        .boxed();
    choice((set, plain)).labelled("a type").boxed()
}

fn expect_body<'a>(text: &'a str, cond: P<'a, Cond>) -> P<'a, ExpectBody> {
    let about: fn(K) -> bool = |k| !matches!(k, K::From | K::To | K::By);
    // A list behind `undecided` is the head's: `undecided email, text`.
    let decision = name_but(text, "a decision", about).then_ignore(just(K::Comma).not().rewind()).or_not().boxed();
    let claim = choice((
        name(text)
            .then_ignore(just(K::Is))
            .then(name_but(text, "an outcome", |_| true))
            .map(|(decision, value)| Claim::Decides { decision, value })
            .boxed(),
        just(K::Permit).to(Claim::Permit).boxed(),
        just(K::Forbid).to(Claim::Forbid).boxed(),
        just(K::Undecided).ignore_then(decision.clone()).map(Claim::Undecided).boxed(),
        just(K::Conflict).ignore_then(decision).map(Claim::Conflict).boxed(),
        just(K::Obliges).ignore_then(name_but(text, "the name of a duty", |_| true)).map(Claim::Obliges).boxed(),
    ))
    .labelled("a claim")
    .boxed();
    just(K::Some)
        .or_not()
        .then(claim)
        .then(head(text))
        .then(when(cond))
        .then(just(K::By).ignore_then(path(text)).or_not())
        .map(|((((some, claim), head), when), by)| ExpectBody { some: some.is_some(), claim, head, when, by })
        .boxed()
}
