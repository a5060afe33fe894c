//! Sets of cases that changed -> aspects of few rows, each with a case, those who decide, and the edits that cause it.

use super::changes::{Changes, DEFAULT, Deciders};
use super::joint::Joint;
use super::pairs::Pairs;
use super::sides::{NEW, OLD, Sides};
use super::words;
use super::{Apart, Aspect, Direction, Fault, MOST_ROWS, Row, What, Witness};
use crate::decide::{self, Decided, Verdict, check_case, decide_among};
use crate::diagram::{Diagrams, Node};
use crate::lower::Lowered;
use crate::model::show;
use crate::model::*;
use crate::tabulate::touch::Touch;
use crate::tabulate::{self, Region, regions, result_word};
use crate::witness;
use std::collections::BTreeSet;

pub struct Maker<'a> {
    /// The versions as they are.
    pub models: [&'a Model; 2],
    pub joint: &'a Joint,
    pub pairs: &'a Pairs,
    pub changes: &'a Changes,
    /// By pair: its edit.
    pub of_pair: &'a [Option<usize>],
}

/// Some cases of an aspect: what they were and are.
struct Set {
    before: String,
    after: String,
    direction: Direction,
    cases: Node,
    shows: Shows,
}

/// What a case of the set has to show when both versions decide it.
enum Shows {
    Results(DecisionId, Verdict, Verdict),
    Duty(DutyId, bool),
    Advice(String, bool),
    /// Other rules: by pair, before and not now, or now and not before.
    Rules(DecisionId),
}

type Legend = Vec<(String, String)>;

impl Maker<'_> {
    /// All that changed.
    pub fn aspects(&self, sides: &mut Sides<'_>) -> Result<(Vec<Aspect>, Legend), Fault> {
        let (mut aspects, mut legend) = (Vec::new(), Vec::new());
        let model = &self.joint.models[NEW];
        for decision in (0..model.decisions.len() as u32).map(DecisionId) {
            let sets: Vec<Set> = self.results(decision);
            let named = model.decision(decision);
            let title = named.title.as_ref().map(|t| t.to_string());
            aspects.extend(self.aspect(sides, What::Decision(decision), &named.name, title, sets, &mut legend)?);
        }
        for (i, duty) in model.duties.iter().enumerate() {
            let id = DutyId(i as u32);
            let sets = self.changes.duties.iter().filter(|((d, _), _)| *d == id).map(|((_, now), node)| {
                let words = if *now { ("does not follow", "follows") } else { ("follows", "does not follow") };
                set(words, Direction::Other, *node, Shows::Duty(id, *now))
            });
            let title = duty.title.as_ref().map(|t| t.to_string());
            let sets = sets.collect();
            aspects.extend(self.aspect(sides, What::Duty(id), &duty.name, title, sets, &mut legend)?);
        }
        let texts: BTreeSet<&String> = self.changes.advice.keys().map(|k| &k.0).collect();
        for text in texts {
            let own = self.changes.advice.iter().filter(|((t, _), _)| t == text);
            let sets = own.map(|((_, now), node)| {
                let words = if *now { ("not advised", "advised") } else { ("advised", "not advised") };
                set(words, Direction::Other, *node, Shows::Advice(text.clone(), *now))
            });
            let sets = sets.collect();
            aspects.extend(self.aspect(sides, What::Advice(text.clone()), text, None, sets, &mut legend)?);
        }
        for (&decision, &node) in &self.changes.rules {
            let region = sides.dd().diff(node, self.changes.differs);
            let sets = self.other_rules(sides, decision, region);
            let name = &model.decision(decision).name;
            aspects.extend(self.aspect(sides, What::Rules(decision), name, None, sets, &mut legend)?);
        }
        Ok((aspects, legend))
    }

    /// The results that changed, those that widen first.
    fn results(&self, decision: DecisionId) -> Vec<Set> {
        let model = &self.joint.models[NEW];
        let word = |v: Verdict| result_word(model, decision, v);
        let permit = Verdict::Is(PERMIT);
        let own = self.changes.results.iter().filter(|((d, ..), _)| *d == decision);
        let mut sets: Vec<Set> = own
            .map(|(&(_, a, b), node)| {
                let direction = match decision {
                    VERDICT if b == permit => Direction::Widening,
                    VERDICT if a == permit => Direction::Narrowing,
                    _ => Direction::Other,
                };
                set((&word(a), &word(b)), direction, *node, Shows::Results(decision, a, b))
            })
            .collect();
        sets.sort_by_key(|s| s.direction);
        sets
    }

    /// Cases with the same answer, parted by which rules ceased and began to give it.
    fn other_rules(&self, sides: &mut Sides<'_>, decision: DecisionId, region: Node) -> Vec<Set> {
        const PARTS: usize = 500;
        let mut parts: Vec<([Vec<usize>; 2], Node)> = vec![(Default::default(), region)];
        let none = Deciders::new();
        let dd = sides.dd();
        for (&pair, [before, now]) in self.changes.deciders.get(&decision).unwrap_or(&none) {
            for (side, a, b) in [(OLD, before, now), (NEW, now, before)] {
                let only = dd.diff(*a, *b);
                if only == Diagrams::FALSE || dd.disjoint(only, region) || parts.len() > PARTS {
                    continue;
                }
                for (names, part) in std::mem::take(&mut parts) {
                    let (inside, outside) = (dd.and(part, only), dd.diff(part, only));
                    if outside != Diagrams::FALSE {
                        parts.push((names.clone(), outside));
                    }
                    if inside != Diagrams::FALSE {
                        let mut names = names;
                        names[side].push(pair);
                        parts.push((names, inside));
                    }
                }
            }
        }
        let named = |pairs: &[usize]| {
            let names: Vec<String> = pairs.iter().map(|u| self.pair_name(*u)).collect();
            if names.is_empty() { "–".to_string() } else { names.join(", ") }
        };
        parts.retain(|p| p.1 != Diagrams::FALSE);
        parts.sort_by(|a, b| a.0.cmp(&b.0));
        let set = |(pairs, node): ([Vec<usize>; 2], Node)| {
            set((&named(&pairs[OLD]), &named(&pairs[NEW])), Direction::Other, node, Shows::Rules(decision))
        };
        parts.into_iter().map(set).collect()
    }

    fn pair_name(&self, pair: usize) -> String {
        if pair == DEFAULT {
            return super::report::BY_DEFAULT.into();
        }
        words::pair(&self.models, &self.pairs.all[pair])
    }

    fn aspect(
        &self,
        sides: &mut Sides<'_>,
        what: What,
        name: &str,
        title: Option<String>,
        sets: Vec<Set>,
        legend: &mut Legend,
    ) -> Result<Option<Aspect>, Fault> {
        let sets: Vec<Set> = sets.into_iter().filter(|s| s.cases != Diagrams::FALSE).collect();
        if sets.is_empty() {
            return Ok(None);
        }
        sides.dd().begin();
        let nodes: Vec<Node> = sets.iter().map(|s| s.cases).collect();
        let all = sides.dd().or_all(&nodes);
        let kinds = sides.dd().count(all);
        let lowered = sides.on(NEW);
        let steps = lowered.dd.steps_left();
        let made = lowered.attempt(steps, |lowered| regions(lowered, &nodes, MOST_ROWS)).flatten();
        let listed = made.is_some();
        if made.as_ref().is_some_and(|m| !m.proved) {
            return Err(Fault::Unproved(format!("the rows of `{name}` are not the cases that changed")));
        }
        sides.dd().begin();
        let (axes, columns, rows) = match made {
            Some(made) => {
                let said = |name: &str| {
                    made.columns.iter().any(|c| c.title == name)
                        || made.rows.iter().flat_map(|r| &r.texts).any(|t| names(t, name))
                };
                for note in made.legend {
                    if said(&note.0) && !legend.contains(&note) {
                        legend.push(note);
                    }
                }
                (made.axes, made.columns.into_iter().map(|c| c.title).collect(), made.rows)
            }
            None => {
                let row = |(set, cases): (usize, &Node)| Region { cells: vec![], texts: vec![], set, cases: *cases };
                (Vec::new(), Vec::new(), nodes.iter().enumerate().map(row).collect())
            }
        };
        let decision = match what {
            What::Decision(d) | What::Rules(d) => Some(d),
            _ => None,
        };
        let none = Deciders::new();
        let deciders = decision.and_then(|d| self.changes.deciders.get(&d)).unwrap_or(&none);
        let touch =
            |which: usize, dd: &Diagrams| Touch::new(dd, deciders.iter().map(|(u, n)| (*u, n[which])).collect());
        let touches = [touch(OLD, sides.dd()), touch(NEW, sides.dd())];
        let mut effects: Vec<(usize, Node)> = self.changes.effects.iter().copied().enumerate().collect();
        let defaults = self.changes.defaults.iter().filter(|d| decision.is_none_or(|own| own == d.0));
        effects.extend(defaults.map(|(d, node)| (self.pairs.all.len() + d.index(), *node)));
        let effects = Touch::new(sides.dd(), effects);
        let relevant = self.relevant(&what);
        let mut done = Vec::with_capacity(rows.len());
        for row in rows {
            let set = &sets[row.set];
            let by = [OLD, NEW].map(|which| {
                let mut names: Vec<(bool, String)> =
                    touches[which].of(sides.dd(), row.cases).map(|u| (u == DEFAULT, self.pair_name(u))).collect();
                names.sort_by_key(|n| n.0);
                names.into_iter().map(|n| n.1).collect()
            });
            let causes = effects.of(sides.dd(), row.cases).filter_map(|u| self.of_pair.get(u).copied().flatten());
            let mut causes: Vec<usize> = causes.collect();
            if causes.iter().any(|edit| relevant.contains(edit)) {
                causes.retain(|edit| relevant.contains(edit));
            }
            causes.sort_unstable();
            causes.dedup();
            done.push(Row {
                kinds: sides.dd().count(row.cases),
                witness: self.witness(sides, set, row.cases)?,
                cells: row.cells,
                texts: row.texts,
                before: set.before.clone(),
                after: set.after.clone(),
                direction: set.direction,
                by,
                causes,
            });
        }
        if sides.dd().exhausted() {
            return Err(Fault::Exhausted(format!("in which cases `{name}` differs")));
        }
        Ok(Some(Aspect { what, name: name.to_string(), title, kinds, columns, axes, rows: done, listed }))
    }

    /// The edits that can have to do with an aspect: of clauses that speak of it, or replace one that does. Duties and advice
    /// of a clause with an outcome follow only where that is the answer, so clauses that speak of that matter, too.
    fn relevant(&self, what: &What) -> BTreeSet<usize> {
        let speaks = |clause: &Clause, decision: DecisionId| {
            clause.outcome.as_ref().is_some_and(|o| o.decision == decision)
                || (decision == VERDICT && !clause.requirements.is_empty())
        };
        let gives = |model: &Model, clause: &Clause| match what {
            What::Decision(d) | What::Rules(d) => speaks(clause, *d),
            What::Duty(duty) => clause.obligations.iter().any(|o| o.duties.contains(duty)),
            What::Advice(text) => clause.advice.iter().any(|a| show::describe(model, &a.cond) == *text),
        };
        let mut decisions: BTreeSet<DecisionId> = BTreeSet::new();
        if !matches!(what, What::Decision(_) | What::Rules(_)) {
            for model in &self.joint.models {
                let giving = model.clauses.iter().filter(|c| gives(model, c));
                decisions.extend(giving.filter_map(|c| c.outcome.as_ref()).map(|o| o.decision));
            }
        }
        let matters = |which: usize, id: Option<ClauseId>| {
            let model = &self.joint.models[which];
            let own = |clause: &Clause| gives(model, clause) || decisions.iter().any(|d| speaks(clause, *d));
            id.is_some_and(|id| {
                let clause = model.clause(id);
                own(clause) || clause.replaces.iter().any(|p| own(model.clause(*p)))
            })
        };
        let mut edits: BTreeSet<usize> = BTreeSet::new();
        for (pair, edit) in self.pairs.all.iter().zip(self.of_pair) {
            if let Some(edit) = edit
                && (matters(OLD, pair.old) || matters(NEW, pair.new))
            {
                edits.insert(*edit);
            }
        }
        edits.extend(self.of_pair.iter().skip(self.pairs.all.len()).flatten());
        edits
    }

    /// A case of the region that both versions decide as the set says.
    fn witness(&self, sides: &mut Sides<'_>, set: &Set, region: Node) -> Result<Option<Witness>, Fault> {
        let Some((case, facts)) = witness::choose(sides.on(NEW), region, None) else { return Ok(None) };
        if sides.dd().exhausted() {
            return Err(Fault::Exhausted("an example of what differs".into()));
        }
        let decided = [OLD, NEW].map(|which| {
            let near = sides.on(which).around_case(&case);
            let own = self.joint.sides[which].case(self.models[which], &case);
            let legal = check_case(self.models[which], &own).is_empty();
            (legal, decide_among(self.models[which], &own, &near))
        });
        let sound = decided.iter().all(|d| d.0) && self.shows(&set.shows, [&decided[OLD].1, &decided[NEW].1]);
        if !sound {
            return Err(Fault::Unproved(format!("the case {case:?} does not replay")));
        }
        Ok(Some(told(sides.on(NEW), case, &facts)))
    }

    fn shows(&self, shows: &Shows, decided: [&Decided; 2]) -> bool {
        let place =
            |which: usize, joint: DecisionId| self.joint.sides[which].decisions.iter().position(|d| d.0 == joint);
        let result = |which: usize, joint: DecisionId| {
            let at = place(which, joint)?;
            Some(match decided[which].answers.get(at)?.result {
                Verdict::Is(v) => Verdict::Is(*self.joint.sides[which].decisions[at].1.get(v as usize)?),
                other => other,
            })
        };
        match shows {
            Shows::Results(d, a, b) => result(OLD, *d) == Some(*a) && result(NEW, *d) == Some(*b),
            Shows::Duty(duty, now) => {
                let follows = |which: usize| {
                    decided[which].duties.iter().any(|d| self.joint.sides[which].duties.get(d.index()) == Some(duty))
                };
                follows(OLD) != *now && follows(NEW) == *now
            }
            Shows::Advice(text, now) => {
                let given = |which: usize| {
                    let model = &self.joint.models[which];
                    decided[which].advice.iter().any(|(c, i)| {
                        model.clause(*c).advice.get(*i).is_some_and(|a| show::describe(model, &a.cond) == *text)
                    })
                };
                given(OLD) != *now && given(NEW) == *now
            }
            Shows::Rules(d) => {
                let by = |which: usize| {
                    let answer = decided[which].answers.get(place(which, *d)?)?;
                    let mut pairs: Vec<usize> = answer.by.iter().map(|c| self.pairs.of[which][c.index()]).collect();
                    pairs.sort_unstable();
                    Some((pairs, answer.by_default))
                };
                result(OLD, *d) == result(NEW, *d) && by(OLD) != by(NEW)
            }
        }
    }
}

/// The text names this value.
fn names(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name)
}

fn set((before, after): (&str, &str), direction: Direction, cases: Node, shows: Shows) -> Set {
    Set { before: before.to_string(), after: after.to_string(), direction, cases, shows }
}

fn told(lowered: &Lowered<'_>, case: Case, facts: &[FactId]) -> Witness {
    let model = lowered.model;
    let given = |f: &FactId| {
        let value = case.values.get(f.index())?.as_ref()?;
        Some((model.fact(*f).name.to_string(), show::value(model, *f, value)))
    };
    Witness { sentence: show::sentence(model, &case, facts), values: facts.iter().filter_map(given).collect(), case }
}

/// What a version decides in cases that the other does not know, `region`, which is all that it is about.
pub fn only(lowered: &mut Lowered<'_>, region: Node, other: &Model, own: &[DecisionId]) -> Result<Apart, Fault> {
    let model = lowered.model;
    let kinds = lowered.dd.count(region);
    let mut apart = Apart { kinds, why: Vec::new(), permitted: 0, aspects: Vec::new() };
    for assumption in &other.assumptions {
        let node = lowered.cond(&assumption.cond);
        if !lowered.dd.implies(region, node) {
            let why = words::broken(other, assumption);
            if !apart.why.contains(&why) {
                apart.why.push(why);
            }
        }
    }
    if lowered.dd.exhausted() {
        return Ok(apart);
    }
    for decision in tabulate::decisions(model).into_iter().filter(|d| own.contains(d)) {
        lowered.dd.begin();
        let sets = lowered.decision(decision);
        let mut parts: Vec<(Verdict, Node)> =
            sets.result.iter().enumerate().map(|(v, node)| (Verdict::Is(v as u32), *node)).collect();
        parts.extend([(Verdict::Conflict, sets.conflict), (Verdict::Undecided, sets.undecided)]);
        parts.retain(|p| p.1 != Diagrams::FALSE);
        if decision == VERDICT {
            apart.permitted = lowered.dd.count(sets.result[PERMIT as usize]);
        }
        let nodes: Vec<Node> = parts.iter().map(|p| p.1).collect();
        let steps = lowered.dd.steps_left();
        let Some(made) = lowered.attempt(steps, |lowered| regions(lowered, &nodes, MOST_ROWS)).flatten() else {
            continue;
        };
        if !made.proved {
            return Err(Fault::Unproved("the rows of new or gone cases are not these cases".into()));
        }
        lowered.dd.begin();
        let mut rows = Vec::new();
        for row in made.rows {
            let result = parts[row.set].0;
            let found = witness::choose(lowered, row.cases, None);
            let witness = found.map(|(case, facts)| {
                let replayed = lowered.decide(&case).answers[decision.index()].result == result
                    && decide::check_case(model, &case).is_empty();
                (replayed, told(lowered, case, &facts))
            });
            if witness.as_ref().is_some_and(|w| !w.0) && !lowered.dd.exhausted() {
                return Err(Fault::Unproved("a new or gone case does not replay".into()));
            }
            let word = result_word(model, decision, result);
            rows.push(Row {
                kinds: lowered.dd.count(row.cases),
                witness: witness.map(|w| w.1),
                cells: row.cells,
                texts: row.texts,
                before: word.clone(),
                after: word,
                direction: Direction::Other,
                by: Default::default(),
                causes: Vec::new(),
            });
        }
        let named = model.decision(decision);
        apart.aspects.push(Aspect {
            what: What::Decision(decision),
            name: named.name.to_string(),
            title: named.title.as_ref().map(|t| t.to_string()),
            kinds,
            columns: made.columns.into_iter().map(|c| c.title).collect(),
            axes: made.axes,
            rows,
            listed: true,
        });
    }
    Ok(apart)
}
