//! `--columns`: the order of a table's columns -> the same table with these first.

use crate::cli::ui::Failure;
use crate::explain::given::shortened;
use crate::model::show::words;
use crate::model::{FactId, Model};
use crate::tabulate::{Column, Hit, Table};

/// Puts the columns of these facts first, in this order. A fact that no row speaks of gets a column in which nothing matters.
pub fn arrange(model: &Model, tables: &mut [Table], names: &[String]) -> Result<(), Failure> {
    let mut facts: Vec<FactId> = Vec::with_capacity(names.len());
    for name in names {
        let name = name.trim();
        let Some(fact) = model.find_fact(name) else {
            let all: Vec<String> = model.facts.iter().map(|f| f.name.to_string()).collect();
            let failure = Failure::usage(format!("the policy has no fact `{name}` for a column"));
            return Err(failure.help(format!("its facts are {}", shortened(&all))));
        };
        if facts.contains(&fact) {
            return Err(Failure::usage(format!("`--columns` names `{name}` twice")));
        }
        facts.push(fact);
    }
    tables.iter_mut().for_each(|table| order(model, table, &facts));
    Ok(())
}

fn order(model: &Model, table: &mut Table, facts: &[FactId]) {
    let place = |column: &Column| {
        let of = column.axes.iter().flat_map(|a| &table.axes[*a].facts);
        of.filter_map(|f| facts.iter().position(|g| g == f)).min().unwrap_or(facts.len())
    };
    let mut columns: Vec<usize> = (0..table.columns.len()).collect();
    let places: Vec<usize> = table.columns.iter().map(place).collect();
    columns.sort_by_key(|c| places[*c]);
    // The axes follow their columns.
    let axes: Vec<usize> = columns.iter().flat_map(|c| table.columns[*c].axes.clone()).collect();
    let mut new = vec![0; axes.len()];
    axes.iter().enumerate().for_each(|(i, axis)| new[*axis] = i);
    table.axes = axes.iter().map(|a| table.axes[*a].clone()).collect();
    table.columns = columns
        .iter()
        .map(|c| Column {
            title: table.columns[*c].title.clone(),
            axes: table.columns[*c].axes.iter().map(|a| new[*a]).collect(),
        })
        .collect();
    for row in &mut table.rows {
        row.cells = axes.iter().map(|a| row.cells[*a].clone()).collect();
        row.texts = columns.iter().map(|c| row.texts[*c].clone()).collect();
    }
    if table.hit == Hit::Unique {
        table.rows.sort_by_cached_key(|row| {
            let cells = row.cells.iter().map(|cells| match cells {
                None => vec![u32::MAX],
                Some(cells) => cells.iter().map(|c| c as u32).collect(),
            });
            (cells.collect::<Vec<_>>(), row.output.clone())
        });
    }
    // Facts that do not matter, where they are wanted.
    for (i, fact) in facts.iter().enumerate() {
        if !table.axes.iter().any(|a| a.facts.contains(fact)) {
            let at = i.min(table.columns.len());
            table.columns.insert(at, Column { title: words(&model.fact(*fact).name), axes: Vec::new() });
            table.rows.iter_mut().for_each(|row| row.texts.insert(at, "–".to_string()));
        }
    }
}
