//! A range of tokens -> items.
//!
//! Why it exists: a file is cut at the words that begin items before the grammar sees it, so that a broken item ends
//! where the next begins. What can be saved of a broken one is kept: a definition that is not understood still
//! declares its name, so that its uses are not errors too. Must not know what names refer to.

use super::{Parser, errors};
use crate::diagnostics::{Diagnostic, codes};
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;

/// Behind these words an operand follows, unless they are names.
fn wants_more(kind: K) -> bool {
    matches!(
        kind,
        K::From
            | K::To
            | K::Of
            | K::If
            | K::Under
            | K::Be
            | K::As
            | K::Excludes
            | K::Before
            | K::After
            | K::On
            | K::During
            | K::Outside
            | K::Least
            | K::Most
            | K::Than
            | K::Exactly
            | K::Within
            | K::Between
            | K::Only
            | K::By
            | K::Because
            | K::Cite
    )
}

/// An item or statement may end with this token.
pub fn can_end(kind: K) -> bool {
    kind.is_name() || matches!(kind, K::String | K::Number | K::Date | K::Time | K::RBrace | K::RParen)
}

/// A setting begins with this word.
fn may_be_setting(kind: K) -> bool {
    matches!(kind, K::Source | K::Timezone | K::In | K::Yields | K::Default | K::Allow)
}

impl<'a> Parser<'a> {
    /// Behind this token an operand follows: nothing begins there. In a list and the like the word is a name:
    /// `role from, to`.
    pub fn wants_more(&self, i: usize) -> bool {
        let named = i.checked_sub(1).is_some_and(|before| match self.kind(before) {
            Some(K::Comma | K::Is | K::Dot) => true,
            Some(K::Role | K::Channel) => self.first_on_line(before),
            _ => false,
        });
        self.kind(i).is_some_and(wants_more) && !named
    }

    /// The items between two tokens: of the file, or of a section.
    pub fn items(&mut self, lo: usize, hi: usize, in_section: bool) -> Vec<Item> {
        let mut items = Vec::new();
        let mut i = lo;
        while i < hi {
            self.part(i);
            if self.item_starts(i, lo) {
                let end = self.next_item(i, hi);
                let (item, after) = self.item(i, end, in_section);
                items.push(item);
                i = after.max(i + 1);
            } else {
                let mut end = self.step(i);
                while end < hi && !self.item_starts(end, lo) {
                    end = self.step(end);
                }
                let error = errors::not_an_item(self.text, self.toks, i);
                self.error(i, end, error);
                items.push(Item::new(self.span(i, end), Vec::new(), ItemKind::Error));
                i = end;
            }
        }
        items
    }

    fn next_item(&self, start: usize, hi: usize) -> usize {
        let mut end = start + 1;
        // An exception's header may name sections.
        let mut header = self.kind(start) == Some(K::Exception);
        while end < hi {
            let target = header && self.kind(end) == Some(K::Section);
            let begins = self.item_starts(end, start) && (end > start + 1 && !target || self.first_on_line(end));
            if begins {
                break;
            }
            header &= self.kind(end) != Some(K::LBrace);
            end = self.step(end);
        }
        end.min(hi)
    }

    /// Whether an item begins here; `lo` is the first token that counts.
    fn item_starts(&self, i: usize, lo: usize) -> bool {
        let (Some(kind), before) = (self.kind(i), i.checked_sub(1).filter(|&p| p >= lo).and_then(|p| self.kind(p)))
        else {
            return false;
        };
        // A file may be named by a keyword: `use rules.policy`.
        let file = |k: K| k.is_reserved() && i >= lo + 2 && matches!(self.kind(i - 2), Some(K::Dot | K::Use));
        let free = before.is_none_or(|k| can_end(k) || file(k));
        if kind.starts_item() {
            if kind == K::Section && matches!(before, Some(K::To | K::Comma)) {
                return false;
            }
            return free || self.first_on_line(i);
        }
        if !kind.is_name() {
            return kind == K::Not && free && self.kind(i + 1) == Some(K::Encoded);
        }
        if !free || i > lo && self.wants_more(i - 1) {
            return false;
        }
        self.kind(i + 1) == Some(K::May) && (self.kind(i + 2) == Some(K::Be) || self.first_on_line(i))
            || matches!(kind, K::Role | K::Channel) && self.is_name(i + 1)
            || self.allow_starts(i)
    }

    /// `allow O3001`: behind the word stands what looks like a code.
    pub fn allow_starts(&self, i: usize) -> bool {
        let code = || self.text.get(self.at(i + 1).range()).unwrap_or("");
        self.kind(i) == Some(K::Allow)
            && self.is_name(i + 1)
            && code().strip_prefix(['O', 'o']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The item from `i` to before `end`, and the token behind it.
    fn item(&mut self, i: usize, end: usize, in_section: bool) -> (Item, usize) {
        let docs = self.docs(i);
        let kind = self.kind(i).unwrap_or(K::Stray);
        if in_section && matches!(kind, K::Policy | K::Use) {
            let message = format!("`{}` stands at the top of a file, not in a section", kind.text());
            self.error(i, i + 1, Diagnostic::new(&codes::MISPLACED, self.at(i), message));
        }
        let has_brace = matches!(kind, K::Rule | K::Exception | K::Section | K::Policy | K::Expect);
        if !has_brace {
            let parsed = run!(self, simple, i, end);
            let parsed = parsed.and_then(|kind| self.shallow(i, end, kind));
            let kind = parsed.unwrap_or_else(|| self.saved(i, end));
            return (Item::new(self.span(i, end), docs, kind), end);
        }
        let brace = self.brace(i, end);
        let header = brace.unwrap_or(end);
        let after = brace.map_or(end, |b| self.step(b));
        let span = self.span(i, after);
        let inner = brace.map(|b| (b + 1, self.brackets.inner_end(b).unwrap_or(after)));
        if self.too_deep(header, header + 1) {
            return (Item::new(span, docs, ItemKind::Error), after);
        }
        let kind = match kind {
            K::Policy => self.policy(i, header, inner),
            K::Section => self.section(i, header, inner),
            K::Expect => self.expect(i, header, inner),
            K::Exception => self.exception(i, header, inner, docs.clone()),
            _ => self.clause(i, header, inner, docs.clone()).map(ItemKind::Rule),
        };
        (Item::new(span, docs, kind.unwrap_or(ItemKind::Error)), after)
    }

    /// A chain of `during` and `except` nests to the left, so its length is bounded like any depth.
    fn shallow(&mut self, lo: usize, hi: usize, kind: ItemKind) -> Option<ItemKind> {
        if matches!(kind, ItemKind::Period { .. }) {
            let links = self.toks[lo..hi].iter().enumerate().filter(|(_, t)| matches!(t.0, K::During | K::Except));
            if let Some((at, _)) = links.clone().nth(super::MAX_DEPTH) {
                self.report_too_deep(self.at(lo + at));
                return None;
            }
        }
        Some(kind)
    }

    /// What a broken item without braces still declares.
    fn saved(&self, i: usize, end: usize) -> ItemKind {
        let Some(name) = self.name_at(i + 1) else { return ItemKind::Error };
        let span = self.span(i + 1, end);
        match self.kind(i) {
            Some(K::Define) => ItemKind::Define { name, cond: Cond { span, kind: CondKind::Error } },
            Some(K::Period) => ItemKind::Period { name, expr: PeriodExpr { span, kind: PeriodKind::Error } },
            Some(K::Duty) => ItemKind::Duty { name, title: None, excludes: Vec::new() },
            Some(K::Fact) => {
                let mut names = vec![name];
                let mut next = i + 2;
                while next + 1 < end && self.kind(next) == Some(K::Comma) {
                    names.extend(self.name_at(next + 1));
                    next += 2;
                }
                let ty = Type { span, kind: TypeKind::Error };
                ItemKind::Facts(Box::new(Facts { names, ty, title: None, exists_if: None }))
            }
            Some(kind @ (K::Role | K::Channel)) => {
                let nodes = (i + 1..end)
                    .take_while(|&n| self.kind(n) != Some(K::Under))
                    .filter_map(|n| self.name_at(n))
                    .map(|name| TreeNode { name, title: None, children: Vec::new() })
                    .collect();
                let tree = Tree { nodes, under: None };
                if kind == K::Role { ItemKind::Roles(tree) } else { ItemKind::Channels(tree) }
            }
            _ => ItemKind::Error,
        }
    }

    fn policy(&mut self, i: usize, header: usize, inner: Option<(usize, usize)>) -> Option<ItemKind> {
        let parsed = run!(self, policy, i, header);
        self.expect_brace(parsed.is_some(), i, header, inner);
        let settings = inner.map_or_else(Vec::new, |(lo, hi)| self.settings(lo, hi));
        let (name, title) = parsed.or_else(|| Some((self.name_at(i + 1)?, None)))?;
        Some(ItemKind::Policy(Policy { name, title, settings }))
    }

    fn settings(&mut self, lo: usize, hi: usize) -> Vec<Setting> {
        let mut settings = Vec::new();
        let mut i = lo;
        while i < hi {
            self.part(i);
            let mut end = self.step(i);
            // An unknown word at the start of a line is an error of its own.
            let alone = |p: &Self, end| p.first_on_line(end) && p.is_name(end) && !p.setting_goes_on(i, end);
            while end < hi && !self.setting_starts(end) && !alone(self, end) {
                end = self.step(end);
            }
            let end = end.min(hi);
            let kind = if self.setting_starts(i) || self.kind(i).is_some_and(may_be_setting) {
                run!(self, setting, i, end)
            } else {
                let error = errors::not_a_setting(self.text, self.toks, i);
                self.error(i, end, error);
                None
            };
            let kind = kind.unwrap_or(SettingKind::Error);
            settings.push(Setting { span: self.span(i, end), kind });
            i = end;
        }
        settings
    }

    /// The setting from `i` goes on with the token `end`, though that is the first one on its line.
    fn setting_goes_on(&self, i: usize, end: usize) -> bool {
        let before = self.kind(end - 1);
        let asked = matches!(before, Some(K::In | K::Yields | K::Default | K::Until | K::Allow | K::Comma));
        // `default approval none`
        let value = end == i + 2 && self.kind(i) == Some(K::Default) && before.is_some_and(K::is_name);
        let link = matches!(self.kind(end), Some(K::Force | K::From | K::Until | K::To | K::Because));
        asked || value || link || self.wants_more(end - 1)
    }

    fn setting_starts(&self, i: usize) -> bool {
        let before = i.checked_sub(1).and_then(|p| self.kind(p));
        let first = self.first_on_line(i);
        let ended = |k: K| can_end(k) && k != K::Default || matches!(k, K::Permit | K::Forbid);
        let free = first || before.is_some_and(ended) && !self.wants_more(i - 1);
        let follows = |kinds: &[K]| self.kind(i + 1).is_some_and(|k| first || kinds.contains(&k));
        free && match self.kind(i) {
            Some(K::Source | K::Timezone) => follows(&[K::String]),
            Some(K::In) => follows(&[K::Force]),
            Some(K::Yields) => follows(&[K::To]),
            Some(K::Allow) => self.allow_starts(i),
            Some(K::Default) => first || self.is_name(i + 1) || follows(&[K::Permit, K::Forbid]),
            _ => false,
        }
    }

    fn section(&mut self, i: usize, header: usize, inner: Option<(usize, usize)>) -> Option<ItemKind> {
        let parsed = run!(self, section, i, header);
        self.expect_brace(parsed.is_some(), i, header, inner);
        let (name, title, cites) = parsed.unwrap_or_else(|| (self.name_at(i + 1), None, Vec::new()));
        let items = inner.map_or_else(Vec::new, |(lo, hi)| self.items(lo, hi, true));
        Some(ItemKind::Section(Section { name, title, cites, items }))
    }

    fn expect(&mut self, i: usize, header: usize, inner: Option<(usize, usize)>) -> Option<ItemKind> {
        let title = run!(self, expect, i, header);
        self.expect_brace(title.is_some(), i, header, inner);
        let (lo, hi) = inner?;
        let body = self.span(lo, hi);
        self.part(lo);
        let parsed = run!(self, expect_body, lo, hi);
        let title = title?;
        Some(ItemKind::Expect(Box::new(match parsed {
            Some(e) => Expect { title, body, some: e.some, claim: e.claim, head: e.head, when: e.when, by: e.by },
            None => {
                let head = Head::default();
                Expect { title, body, some: false, claim: Claim::Error, head, when: None, by: None }
            }
        })))
    }

    fn exception(
        &mut self,
        i: usize,
        header: usize,
        inner: Option<(usize, usize)>,
        docs: Vec<Text>,
    ) -> Option<ItemKind> {
        let (header, targets) = match run!(self, exception, i, header) {
            Some((parts, targets)) => {
                self.expect_brace(true, i, header, inner);
                (parts, targets)
            }
            None => ((self.name_at(i + 1)?, None, Vec::new()), Vec::new()),
        };
        let clause = self.clause_of(i, header, inner, docs);
        Some(ItemKind::Exception { clause, targets })
    }

    /// Behind a header that is in order, the brace must follow.
    pub fn expect_brace(&mut self, header_is_fine: bool, i: usize, header: usize, inner: Option<(usize, usize)>) {
        if header_is_fine && inner.is_none() {
            let error = errors::missing_brace(self.text, self.toks, i, header);
            self.error(i, header, error);
        }
    }
}
