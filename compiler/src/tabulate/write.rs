//! Rows of cells -> the table with its words, the rules behind each row, and the proof.
//!
//! What the rows say needs only cells and outputs; which rules stand behind them, and whether the rows are the policy, are
//! asked of the diagrams, one as long as the other. So with many rows these are asked side by side, the proof of a copy.

use super::*;

/// What is known of a row's cases.
#[derive(Default)]
struct Cited {
    by: Vec<ClauseId>,
    also: Vec<ClauseId>,
    by_default: bool,
    kinds: u128,
}

pub(super) fn write(lowered: &mut Lowered<'_>, decision: DecisionId, hit: Hit, raw: Boxes) -> Table {
    let model = lowered.model;
    let finished = raw.finished;
    let mut table = frame(lowered, decision, hit, raw);
    let (texts, cited, mut proof);
    if table.rows.len() < MANY || table.from_rules {
        texts = words(model, &table);
        cited = cite(lowered, &table);
        proof = prove(lowered, &table);
    } else {
        let mut copy = lowered.clone();
        let since = copy.dd.steps();
        let second = || (words(model, &table), prove(&mut copy, &table));
        (cited, (texts, proof)) = side_by_side(|| cite(lowered, &table), second);
        lowered.dd.note_steps(&copy.dd, since);
    }
    proof.finished &= finished && !lowered.dd.exhausted();
    table.proof = Some(proof);
    for (row, texts) in table.rows.iter_mut().zip(texts) {
        row.texts = texts;
    }
    for (row, cited) in table.rows.iter_mut().zip(cited) {
        row.by.extend(cited.by);
        row.also.extend(cited.also);
        row.by_default |= cited.by_default;
        row.kinds = Some(cited.kinds);
    }
    let mut named: Vec<ClauseId> = table.rows.iter().flat_map(|r: &Row| r.by.iter().chain(&r.also)).copied().collect();
    named.sort_unstable();
    named.dedup();
    table.rules = named.into_iter().map(|c| rule_note(model, c)).collect();
    table
}

/// The table without the words of its rows and without the rules behind them, but for rows that are a rule's own.
fn frame(lowered: &mut Lowered<'_>, decision: DecisionId, hit: Hit, raw: Boxes) -> Table {
    let model = lowered.model;
    let Boxes { fused, levels, rows: raw, from_rules, finished: _ } = raw;
    let mut used: Vec<usize> =
        (0..fused.axes.len()).filter(|l| raw.iter().any(|r| r.cells.cells[*l].is_some())).collect();
    used.sort_by_key(|l| levels.rank[*l]);
    let axes: Vec<AxisNote> = used.iter().map(|l| axis_note(model, &lowered.space, &fused, *l)).collect();
    let decided = model.decision(decision);
    let row = |mut row: Raw| {
        let own = row.source.map(|s| s.0);
        let gives = !row.output.duties.is_empty() || !row.output.advice.is_empty();
        Row {
            cells: used.iter().map(|l| row.cells.cells[*l].take()).collect(),
            texts: Vec::new(),
            result: row.output.result.map(|r| result_word(model, decision, r)).unwrap_or_default(),
            duties: row.output.duties.iter().map(|d| model.duty(*d).name.to_string()).collect(),
            advice: advice_words(model, &row.output),
            by: own.filter(|_| row.output.result.is_some()).into_iter().collect(),
            also: own.filter(|_| gives).into_iter().collect(),
            by_default: own.is_none() && from_rules && decided.default.is_some(),
            output: row.output,
            overrides: row.source.is_some_and(|s| s.1),
            conflicts: row.conflicts,
            kinds: None,
        }
    };
    let rows: Vec<Row> = raw.into_iter().map(row).collect();
    let mut duties: Vec<DutyId> = rows.iter().flat_map(|r| r.output.duties.iter().copied()).collect();
    duties.sort_unstable();
    duties.dedup();
    let note = |d: DutyId| DutyNote {
        duty: d,
        name: model.duty(d).name.to_string(),
        title: model.duty(d).title.as_ref().map(|t| t.to_string()),
    };
    Table {
        decision,
        hit,
        from_rules,
        name: decided.name.to_string(),
        title: decided.title.as_ref().map(|t| t.to_string()),
        values: decided.values.iter().map(|v| v.name.to_string()).collect(),
        default: decided.default.and_then(|d| decided.values.get(d as usize)).map(|v| v.name.to_string()),
        policies: model.policies.iter().filter(|p| !p.name.is_empty()).map(policy_note).collect(),
        legend: legend(model, &axes),
        columns: columns(&axes),
        axes,
        rows,
        duties: duties.into_iter().map(note).collect(),
        rules: Vec::new(),
        kinds: lowered.dd.count(lowered.space.valid),
        proof: None,
    }
}

/// By row and column.
fn words(model: &Model, table: &Table) -> Vec<Vec<String>> {
    let mut words = Words::default();
    let mut of = |row: &Row| -> Vec<String> {
        table.columns.iter().map(|c| cell_words(model, &mut words, &table.axes, c, &row.cells)).collect()
    };
    table.rows.iter().map(&mut of).collect()
}

/// The rules behind each row; none for rules' own rows in order, whose cases are never put together.
fn cite(lowered: &mut Lowered<'_>, table: &Table) -> Vec<Cited> {
    if table.from_rules || table.rows.is_empty() {
        return Vec::new();
    }
    let nodes = prove::row_regions(lowered, table);
    if table.hit == Hit::Collect {
        let of = |node: Node| Cited { kinds: lowered.dd.count(node), ..Cited::default() };
        return nodes.into_iter().map(of).collect();
    }
    let sources = Sources::new(lowered, table.decision);
    let mut cited = Vec::with_capacity(nodes.len());
    for (row, node) in table.rows.iter().zip(nodes) {
        cited.push(Cited {
            by: sources.deciders.of(&mut lowered.dd, node).collect(),
            also: givers(lowered, &sources, node, &row.output),
            by_default: !lowered.dd.disjoint(node, sources.defaulted),
            kinds: lowered.dd.count(node),
        });
    }
    cited
}

/// Where each clause decides and obliges.
struct Sources {
    deciders: Touch<ClauseId>,
    obligations: Touch<(ClauseId, usize)>,
    defaulted: Node,
}

impl Sources {
    fn new(lowered: &mut Lowered<'_>, decision: DecisionId) -> Self {
        let model = lowered.model;
        let deciders: Vec<(ClauseId, Node)> =
            model.clause_ids().map(|c| (c, lowered.decides_in(c, decision))).collect();
        let obligations: Vec<((ClauseId, usize), Node)> = model
            .clause_ids()
            .flat_map(|c| lowered.obligations[c.index()].iter().enumerate().map(move |(i, node)| ((c, i), *node)))
            .collect();
        let defaulted = lowered.decision(decision).defaulted;
        Self {
            deciders: Touch::new(&lowered.dd, deciders),
            obligations: Touch::new(&lowered.dd, obligations),
            defaulted,
        }
    }
}

/// The clauses whose duties and advice a row gives.
fn givers(lowered: &mut Lowered<'_>, sources: &Sources, node: Node, output: &Output) -> Vec<ClauseId> {
    let model = lowered.model;
    let mut clauses: Vec<ClauseId> = output.advice.iter().map(|a| a.0).collect();
    if !output.duties.is_empty() {
        let given = |(clause, i): &(ClauseId, usize)| {
            model.clause(*clause).obligations[*i].duties.iter().any(|d| output.duties.contains(d))
        };
        clauses.extend(sources.obligations.of(&mut lowered.dd, node).filter(given).map(|o| o.0));
    }
    clauses.sort_unstable();
    clauses.dedup();
    clauses
}
