//! A failing program -> a smaller one that fails in the same way.
//!
//! Every part that can be left out (a rule, a fact, a statement, a part of a condition) is an edit with a number; edits are
//! tried in order and kept where the program still fails. What no longer checks does not fail in the same way.

use super::tree::*;

/// The smallest program that greedy edits find; `fails` is asked for every candidate.
pub fn shrink(program: Program, mut fails: impl FnMut(&Program) -> bool) -> Program {
    let mut best = program;
    loop {
        let mut better = false;
        let mut k = 0;
        loop {
            let mut candidate = best.clone();
            let mut edit = Edit { left: Some(k) };
            edit.program(&mut candidate);
            if edit.left.is_some() {
                break;
            }
            if fails(&candidate) {
                best = candidate;
                better = true;
            } else {
                k += 1;
            }
        }
        if !better {
            return best;
        }
    }
}

/// The program without its part of this number; `None` behind the last.
pub fn without(program: &Program, part: usize) -> Option<Program> {
    let mut smaller = program.clone();
    let mut edit = Edit { left: Some(part) };
    edit.program(&mut smaller);
    edit.left.is_none().then_some(smaller)
}

/// Counts down over the places where something can be left out, and does so at the last.
struct Edit {
    left: Option<usize>,
}

impl Edit {
    /// Is this the place?
    fn here(&mut self) -> bool {
        match self.left {
            Some(0) => {
                self.left = None;
                true
            }
            Some(n) => {
                self.left = Some(n - 1);
                false
            }
            None => false,
        }
    }

    fn list<T>(&mut self, list: &mut Vec<T>) {
        let mut i = 0;
        while i < list.len() && self.left.is_some() {
            if self.here() {
                list.remove(i);
            }
            i += 1;
        }
    }

    fn option<T>(&mut self, option: &mut Option<T>) {
        if option.is_some() && self.here() {
            *option = None;
        }
    }

    fn program(&mut self, program: &mut Program) {
        self.list(&mut program.policies);
        for policy in &mut program.policies {
            self.items(&mut policy.items);
        }
        self.list(&mut program.expects);
        self.list(&mut program.assumes);
        self.list(&mut program.defines);
        self.list(&mut program.facts);
        self.list(&mut program.periods);
        self.list(&mut program.duties);
        self.list(&mut program.decisions);
        self.list(&mut program.trees);
        self.option(&mut program.zone);
        for policy in &mut program.policies {
            self.list(&mut policy.defaults);
            self.option(&mut policy.in_force);
            self.option(&mut policy.yields_to);
        }
        for expect in &mut program.expects {
            self.head(&mut expect.head);
            self.when(&mut expect.when);
            self.option(&mut expect.by);
        }
        program.assumes.iter_mut().for_each(|c| self.cond(c));
        program.defines.iter_mut().for_each(|d| self.cond(&mut d.1));
        program.facts.iter_mut().for_each(|f| self.when(&mut f.exists_if));
        program.duties.iter_mut().for_each(|d| self.list(&mut d.1));
    }

    fn items(&mut self, items: &mut Vec<Item>) {
        self.list(items);
        let mut i = 0;
        while i < items.len() && self.left.is_some() {
            // A section gives way to what it holds.
            if matches!(items[i], Item::Section(..)) && self.here() {
                let Item::Section(_, inner) = items.remove(i) else { return };
                items.splice(i..i, inner);
                return;
            }
            match &mut items[i] {
                Item::Clause(clause) => self.clause(clause),
                Item::Section(_, inner) => self.items(inner),
            }
            i += 1;
        }
    }

    fn clause(&mut self, clause: &mut Clause) {
        self.option(&mut clause.in_force);
        self.list(&mut clause.statements);
        self.list(&mut clause.exceptions);
        if clause.to.len() > 1 {
            self.list(&mut clause.to);
        }
        for statement in &mut clause.statements {
            self.head(&mut statement.head);
            self.when(&mut statement.when);
            match &mut statement.kind {
                StatementKind::Permit { provisos } => {
                    self.list(provisos);
                    provisos.iter_mut().for_each(|p| self.cond(p));
                }
                StatementKind::Require(cond) | StatementKind::Advise(cond) => self.cond(cond),
                StatementKind::Oblige(duties) if duties.len() > 1 => self.list(duties),
                _ => {}
            }
        }
        clause.exceptions.iter_mut().for_each(|e| self.clause(e));
    }

    fn head(&mut self, head: &mut Head) {
        self.list(&mut head.channels);
        self.list(&mut head.from);
        self.list(&mut head.to);
    }

    fn when(&mut self, when: &mut Option<Cond>) {
        self.option(when);
        if let Some(cond) = when {
            self.cond(cond);
        }
    }

    fn cond(&mut self, cond: &mut Cond) {
        let parts = match cond {
            Cond::And(parts) | Cond::Or(parts) => parts.len(),
            Cond::Not(_) => 1,
            _ => 0,
        };
        for i in 0..parts {
            if self.here() {
                *cond = match cond {
                    Cond::And(parts) | Cond::Or(parts) => parts[i].clone(),
                    Cond::Not(part) => (**part).clone(),
                    _ => return,
                };
                return;
            }
        }
        match cond {
            Cond::And(parts) | Cond::Or(parts) => {
                if parts.len() > 2 {
                    self.list(parts);
                }
                parts.iter_mut().for_each(|p| self.cond(p));
            }
            Cond::Not(part) => self.cond(part),
            Cond::Atom(Atom::Is { values, .. } | Atom::Include { values, .. }) if values.len() > 1 => self.list(values),
            _ => {}
        }
    }
}
