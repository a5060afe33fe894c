//! Conditions and periods, by hand.
//!
//! Why it exists: conditions are most of a policy's text. Must not know types.

use super::Quick;
use crate::syntax::ast::*;
use crate::syntax::token::TokenKind as K;

impl Quick<'_> {
    pub fn cond(&mut self) -> Option<Cond> {
        self.chain(K::Or, CondKind::Or, |q| q.chain(K::And, CondKind::And, Self::unary))
    }

    /// `part (sign part)*`; one part alone is itself.
    fn chain(
        &mut self,
        sign: K,
        join: fn(Vec<Cond>) -> CondKind,
        part: impl Fn(&mut Self) -> Option<Cond>,
    ) -> Option<Cond> {
        let first = part(self)?;
        if self.peek() != sign {
            return Some(first);
        }
        let mut span = first.span;
        let mut parts = vec![first];
        while self.has(sign) {
            let next = part(self)?;
            span = span.to(next.span);
            parts.push(next);
        }
        Some(Cond { span, kind: join(parts) })
    }

    fn unary(&mut self) -> Option<Cond> {
        let first = self.at;
        while self.has(K::Not) {}
        let nots = first..self.at;
        let open = self.at;
        let mut cond = if self.has(K::LParen) {
            let inner = self.cond()?;
            self.take(K::RParen)?;
            Cond { span: self.since(open)?, kind: inner.kind }
        } else {
            self.atom()?
        };
        for not in nots.rev() {
            let span = self.toks.get(not)?.1.to(cond.span);
            cond = Cond { span, kind: CondKind::Not(Box::new(cond)) };
        }
        Some(cond)
    }

    fn atom(&mut self) -> Option<Cond> {
        let first = self.at;
        let subject = self.name()?;
        let kind = match self.peek() {
            K::Is => self.is(subject)?,
            K::Includes => self.include(subject)?,
            K::Between => {
                self.at += 1;
                let low = self.boxed_operand()?;
                self.take(K::And)?;
                CondKind::Between { subject, low, high: self.boxed_operand()? }
            }
            K::Before => self.relation(subject, Relation::Before)?,
            K::After => self.relation(subject, Relation::After)?,
            K::On => self.on(subject)?,
            during @ (K::During | K::Outside) => {
                self.at += 1;
                CondKind::During { subject, outside: during == K::Outside, period: Box::new(self.name()?) }
            }
            K::At | K::More | K::Less | K::Exactly | K::Within => self.distance(subject)?,
            sign => match comparison(sign) {
                Some(op) => {
                    self.at += 1;
                    CondKind::Compare { subject, op, value: self.boxed_operand()? }
                }
                None => CondKind::Name(subject),
            },
        };
        Some(Cond { span: self.since(first)?, kind })
    }

    fn is(&mut self, subject: Name) -> Option<CondKind> {
        self.take(K::Is)?;
        let not = self.has(K::Not);
        let (negated, values) = match (self.peek(), self.ahead(1)) {
            (K::Any, K::Of) => (not, true),
            (K::None, K::Of) if !not => (true, true),
            _ => (not, false),
        };
        if values {
            self.at += 2;
            return Some(CondKind::Is { subject, negated, values: self.names()? });
        }
        Some(CondKind::Is { subject, negated, values: vec![self.name()?] })
    }

    fn include(&mut self, subject: Name) -> Option<CondKind> {
        self.take(K::Includes)?;
        let (mode, words) = match (self.peek(), self.ahead(1)) {
            (K::Any, K::Of) => (Include::Any, 2),
            (K::All, K::Of) => (Include::All, 2),
            (K::None, K::Of) => (Include::None, 2),
            // `only` may be a value's name.
            (K::Only, next) if next.is_name() => (Include::Only, 1),
            _ => (Include::Any, 0),
        };
        self.at += words;
        Some(CondKind::Include { subject, mode, values: self.names()? })
    }

    fn relation(&mut self, subject: Name, relation: Relation) -> Option<CondKind> {
        self.at += 1;
        Some(CondKind::When { subject, relation, value: self.boxed_operand()? })
    }

    fn on(&mut self, subject: Name) -> Option<CondKind> {
        self.take(K::On)?;
        match (self.peek(), self.ahead(1)) {
            (K::Date, _) => {
                let value = Box::new(Operand::Literal(self.date()?));
                Some(CondKind::When { subject, relation: Relation::On, value })
            }
            (K::Or, K::Before) => {
                self.at += 1;
                self.relation(subject, Relation::OnOrBefore)
            }
            (K::Or, K::After) => {
                self.at += 1;
                self.relation(subject, Relation::OnOrAfter)
            }
            (K::The, K::Same) => {
                self.at += 2;
                self.take(K::Day)?;
                self.take(K::As)?;
                let value = Box::new(Operand::Name(self.name()?));
                Some(CondKind::When { subject, relation: Relation::On, value })
            }
            _ => Some(CondKind::OnDays { subject, days: self.days()? }),
        }
    }

    /// `weekdays`, `weekends`, `every day`, `Monday, Tuesday`: bit 0 is Monday.
    fn days(&mut self) -> Option<u8> {
        match (self.peek(), self.ahead(1)) {
            (K::Weekdays, _) => {
                self.at += 1;
                Some(0b001_1111)
            }
            (K::Weekends, _) => {
                self.at += 1;
                Some(0b110_0000)
            }
            (K::Every, K::Day) => {
                self.at += 2;
                Some(0b111_1111)
            }
            _ => {
                let mut days = 0;
                loop {
                    days |= 1 << self.peek().weekday()?;
                    self.at += 1;
                    if !self.has(K::Comma) {
                        return Some(days);
                    }
                }
            }
        }
    }

    fn distance(&mut self, subject: Name) -> Option<CondKind> {
        let (bound, words) = match (self.peek(), self.ahead(1)) {
            (K::At, K::Least) => (Bound::AtLeast, 2),
            (K::At, K::Most) => (Bound::AtMost, 2),
            (K::More, K::Than) => (Bound::MoreThan, 2),
            (K::Less, K::Than) => (Bound::LessThan, 2),
            (K::Exactly, _) => (Bound::Exactly, 1),
            (K::Within, _) => (Bound::Within, 1),
            _ => return None,
        };
        self.at += words;
        let amount = Box::new(self.number()?);
        let unit = Box::new(self.name_if(|k| !matches!(k, K::Before | K::After))?);
        let direction = match self.peek() {
            K::Before => Direction::Before,
            K::After => Direction::After,
            _ => return None,
        };
        self.at += 1;
        Some(CondKind::Distance { subject, bound, amount, unit, direction, other: self.boxed_operand()? })
    }

    fn boxed_operand(&mut self) -> Option<Box<Operand>> {
        Some(Box::new(match self.peek() {
            K::Number => {
                let first = self.at;
                let mut amount = self.number()?;
                let is_unit = |k: K| !matches!(k, K::Because | K::By | K::If | K::To);
                if let Some(name) = self.name_if(is_unit)
                    && let LiteralKind::Number { unit, .. } = &mut amount.kind
                {
                    *unit = Some(Box::new(name));
                }
                amount.span = self.since(first)?;
                Operand::Literal(amount)
            }
            K::Date => {
                let first = self.at;
                let date = self.date()?;
                let kind = match (date.kind, self.time()) {
                    (LiteralKind::Date(day), Some(Literal { kind: LiteralKind::Time(time), .. })) => {
                        LiteralKind::DateTime(day, time)
                    }
                    (kind, _) => kind,
                };
                Operand::Literal(Literal { span: self.since(first)?, kind })
            }
            K::Time => Operand::Literal(self.time()?),
            _ => Operand::Name(self.name()?),
        }))
    }

    /// `weekdays 08:00 to 15:30 during school_year except winter_break`
    pub fn period(&mut self) -> Option<PeriodExpr> {
        let first = self.at;
        let one = self.period_term()?;
        if self.peek() != K::Or {
            return Some(one);
        }
        let mut all = vec![one];
        while self.has(K::Or) {
            all.push(self.period_term()?);
        }
        Some(PeriodExpr { span: self.since(first)?, kind: PeriodKind::Either(all) })
    }

    fn period_term(&mut self) -> Option<PeriodExpr> {
        let mut left = self.period_base()?;
        loop {
            let during = match self.peek() {
                K::During => true,
                K::Except => false,
                _ => return Some(left),
            };
            self.at += 1;
            let right = self.period_base()?;
            let span = left.span.to(right.span);
            let (a, b) = (Box::new(left), Box::new(right));
            let kind = if during { PeriodKind::During(a, b) } else { PeriodKind::Except(a, b) };
            left = PeriodExpr { span, kind };
        }
    }

    fn period_base(&mut self) -> Option<PeriodExpr> {
        let first = self.at;
        let kind = match self.peek() {
            K::Date => {
                let from = self.date()?;
                let to = if self.has(K::To) { self.date()? } else { from.clone() };
                PeriodKind::Dates(from, to)
            }
            K::Time => PeriodKind::Days { days: 0b111_1111, hours: Some(self.hours()?) },
            K::LParen => {
                self.at += 1;
                let inner = self.period()?;
                self.take(K::RParen)?;
                inner.kind
            }
            K::Weekdays | K::Weekends => self.days_with_hours()?,
            K::Every if self.ahead(1) == K::Day => self.days_with_hours()?,
            kind if kind.weekday().is_some() => self.days_with_hours()?,
            _ => PeriodKind::Name(self.name()?),
        };
        Some(PeriodExpr { span: self.since(first)?, kind })
    }

    fn days_with_hours(&mut self) -> Option<PeriodKind> {
        let days = self.days()?;
        let hours = if self.peek() == K::Time { Some(self.hours()?) } else { None };
        Some(PeriodKind::Days { days, hours })
    }

    fn hours(&mut self) -> Option<(Literal, Literal)> {
        let from = self.time()?;
        self.take(K::To)?;
        Some((from, self.time()?))
    }
}

fn comparison(sign: K) -> Option<Compare> {
    Some(match sign {
        K::Equal => Compare::Equal,
        K::NotEqual => Compare::NotEqual,
        K::LessSign => Compare::Less,
        K::LessEqual => Compare::LessEqual,
        K::Greater => Compare::Greater,
        K::GreaterEqual => Compare::GreaterEqual,
        _ => return None,
    })
}
