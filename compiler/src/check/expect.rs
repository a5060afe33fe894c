//! Expectations: what each claims, about which cases, and by which rule.

use super::context::Cx;
use crate::model::{Claim, ClauseId, DutyId, Expectation, FORBID, PERMIT, VERDICT};
use crate::resolve::names::{Kind, Wanted};
use crate::syntax::ast;

impl Cx<'_> {
    /// One that cannot be understood is left out.
    pub fn expectations(&self) -> Vec<Expectation> {
        self.decls.expects.iter().filter_map(|(expect, item)| self.expectation(expect, item)).collect()
    }

    fn expectation(&self, expect: &ast::Expect, item: &ast::Item) -> Option<Expectation> {
        // `undecided email` speaks of a channel, unless there is such a decision.
        let mut expect = std::borrow::Cow::Borrowed(expect);
        if let ast::Claim::Undecided(Some(name)) | ast::Claim::Conflict(Some(name)) = &expect.claim
            && self.peek(&name.text, name.span, Kind::Decision).is_none()
            && self.peek(&name.text, name.span, Kind::Channel).is_some()
        {
            let name = name.clone();
            let expect = expect.to_mut();
            expect.head.channels.insert(0, name);
            expect.claim = match expect.claim {
                ast::Claim::Undecided(_) => ast::Claim::Undecided(None),
                _ => ast::Claim::Conflict(None),
            };
        }
        let scope = self.scope(&expect.head, expect.when.as_ref(), expect.body);
        let by = expect.by.as_ref().map(|path| self.find_text(&path.dotted(), path.span, Wanted::RULE));
        let of = |name: &Option<ast::Name>| name.as_ref().map_or(Some(VERDICT), |n| self.decision(n));
        let claim = match &expect.claim {
            ast::Claim::Permit => Claim::Outcome(VERDICT, PERMIT),
            ast::Claim::Forbid => Claim::Outcome(VERDICT, FORBID),
            ast::Claim::Undecided(name) => Claim::Undecided(of(name)?),
            ast::Claim::Conflict(name) => Claim::Conflict(of(name)?),
            ast::Claim::Obliges(duty) => Claim::Obliges(DutyId(self.find(duty, Wanted::DUTY)?.index)),
            ast::Claim::Decides { decision, value } => {
                let decision = self.decided(decision)?;
                Claim::Outcome(decision, self.outcome(decision, value)?)
            }
            ast::Claim::Error => return None,
        };
        Some(Expectation {
            title: expect.title.text.clone(),
            span: item.span,
            title_span: expect.title.span,
            some: expect.some,
            claim,
            scope,
            by: match by {
                None => None,
                Some(symbol) => Some(ClauseId(symbol?.index)),
            },
        })
    }
}
