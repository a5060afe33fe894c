//! An export -> the elements of its DMN model: inputs, helpers, tables, with their names and expressions. Writing and
//! reading back both go by it.

use super::super::sheet::{Input, Kind, Of};
use super::super::{Export, Sheet};
use super::feel::{self, Scope};
use super::names::Names;

pub struct Plan<'a> {
    pub inputs: Vec<PlannedInput<'a>>,
    pub helpers: Vec<Helper>,
    pub tables: Vec<PlannedTable<'a>>,
}

pub struct PlannedInput<'a> {
    pub input: &'a Input,
    /// In FEEL.
    pub name: String,
    pub type_name: String,
}

/// A decision that is an expression: what tables need and nobody asks for.
pub struct Helper {
    pub name: String,
    pub title: String,
    pub expression: String,
    /// `date and time`, or nothing.
    pub type_name: &'static str,
    /// Into the inputs.
    pub needs: Option<usize>,
}

pub struct PlannedTable<'a> {
    pub sheet: &'a Sheet<'a>,
    pub name: String,
    /// The output that has the decision's value.
    pub result: String,
    pub type_name: String,
    /// By feature.
    pub expressions: Vec<String>,
    /// Into the inputs, and into the helpers.
    pub needs: (Vec<usize>, Vec<usize>),
}

/// The outputs beside the decision's value.
pub const OTHERS: [&str; 3] = ["duties", "advice", "rules"];

impl<'a> Plan<'a> {
    pub fn of(export: &'a Export<'a>) -> Self {
        let zone = &export.model.zone;
        let mut names = Names::default();
        let mut types = Names::default();
        let decisions: Vec<String> = export.sheets.iter().map(|s| names.name(&s.table.name)).collect();
        let inputs: Vec<PlannedInput<'_>> = export
            .inputs()
            .into_iter()
            .map(|input| {
                let type_name = match input.kind {
                    Kind::YesNo => "boolean".to_string(),
                    Kind::Time => "time".to_string(),
                    _ => types.name(&format!("t_{}", input.name)),
                };
                PlannedInput { input, name: names.name(&input.name), type_name }
            })
            .collect();
        let mut plan = Self { inputs, helpers: Vec::new(), tables: Vec::new() };
        for (sheet, name) in export.sheets.iter().zip(decisions) {
            let place = |i: usize| {
                let fact = sheet.inputs.get(i).map(|i| i.fact);
                plan.inputs.iter().position(|p| Some(p.input.fact) == fact).unwrap_or(0)
            };
            let places: Vec<usize> = (0..sheet.inputs.len()).map(place).collect();
            let own: Vec<String> =
                places.iter().map(|i| plan.inputs.get(*i).map_or_else(String::new, |p| p.name.clone())).collect();
            let mut needs = (Vec::new(), Vec::new());
            let mut locals = vec![String::new(); places.len()];
            let mut expressions = Vec::with_capacity(sheet.features.len());
            for feature in &sheet.features {
                let ids = match feature.of {
                    Of::Distance { from, to, .. } => vec![from, to],
                    Of::Value(i) | Of::Weekday(i) | Of::Within(i, ..) | Of::Contains(i, _) => vec![i],
                };
                for i in ids {
                    let Some((input, at)) = sheet.inputs.get(i).zip(places.get(i).copied()) else { continue };
                    let is_moment = matches!(input.kind, Kind::DateTime { .. });
                    if !(is_moment && feel::by_clock(sheet, feature)) {
                        push(&mut needs.0, at);
                        continue;
                    }
                    let helper = Helper {
                        name: format!("local_{}", own[i]),
                        title: format!("{} by the clock of {}", own[i], zone.name),
                        expression: feel::local(zone, &own[i], input.optional),
                        type_name: "date and time",
                        needs: Some(at),
                    };
                    let at = help(&mut plan.helpers, &mut names, helper);
                    push(&mut needs.1, at);
                    locals[i].clone_from(&plan.helpers[at].name);
                }
                let mut spans = None;
                if let Some(expression) = feel::spans(sheet, feature) {
                    let helper = Helper {
                        name: format!("days_of_{}", feature.name),
                        title: match feel::in_minutes(sheet, feature) {
                            true => {
                                format!("{}: first and last of spans of minutes since 1970-01-01, UTC", feature.title)
                            }
                            false => format!(
                                "{}: first day, last day, days of the week (0 is Monday), in days since 1970-01-01",
                                feature.title
                            ),
                        },
                        expression,
                        type_name: "",
                        needs: None,
                    };
                    let at = help(&mut plan.helpers, &mut names, helper);
                    push(&mut needs.1, at);
                    spans = Some(plan.helpers[at].name.clone());
                }
                let scope = Scope { inputs: &own, locals: &locals, spans: spans.as_deref() };
                expressions.push(feel::expression(sheet, feature, &scope));
            }
            let result = if OTHERS.contains(&name.as_str()) { format!("{name}_") } else { name.clone() };
            let type_name = types.name(&format!("t_{name}"));
            plan.tables.push(PlannedTable { sheet, name, result, type_name, expressions, needs });
        }
        plan
    }
}

impl PlannedTable<'_> {
    /// The outputs beside the value that its rows have.
    pub fn others(&self) -> Vec<&'static str> {
        let table = self.sheet.table;
        let has = |output: &&str| match *output {
            "duties" => !table.duties.is_empty(),
            "advice" => table.rows.iter().any(|r| !r.advice.is_empty()),
            _ => true,
        };
        OTHERS.into_iter().filter(has).collect()
    }
}

fn push(list: &mut Vec<usize>, item: usize) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// The place of a helper; the same for the same expression under the same name.
fn help(helpers: &mut Vec<Helper>, names: &mut Names, helper: Helper) -> usize {
    let same = |h: &Helper| h.expression == helper.expression && h.title == helper.title;
    helpers.iter().position(same).unwrap_or_else(|| {
        let name = names.name(&helper.name);
        helpers.push(Helper { name, ..helper });
        helpers.len() - 1
    })
}
