//! A project -> what a form has to ask for a case: its facts, and what each can be.

use crate::model::show;
use crate::model::{Domain, Element, Fact, Model, Type, time};
use crate::tabulate;

/// What a policy decides, and of what.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub title: String,
    pub decisions: Vec<String>,
    /// In the order in which people read them.
    pub facts: Vec<Field>,
}

/// One fact as a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// The text behind its type.
    pub text: Option<String>,
    /// `yesno`, `choice`, `role`, `channel`, `several`, `number`, `date`, `time`, `datetime`.
    pub ty: &'static str,
    /// Of a choice, or the elements of several: name, title.
    pub values: Vec<(String, Option<String>)>,
    /// Names that stand for several of the values: a parent, those under it.
    pub groups: Vec<(String, Vec<String>)>,
    /// The least and the greatest that can be given, as one would write it.
    pub range: Option<(String, String)>,
    pub unit: Option<String>,
    /// How many digits behind the point a number has.
    pub decimals: Option<u32>,
    /// It exists in some cases only.
    pub optional: bool,
}

/// The form of a project, as far as it is understood.
pub fn form(model: &Model) -> Form {
    Form {
        title: title(model),
        decisions: tabulate::decisions(model).iter().map(|d| model.decision(*d).name.to_string()).collect(),
        facts: show::reading_order(model).into_iter().map(|f| field(model, model.fact(f))).collect(),
    }
}

/// The policies' titles, or their names.
pub fn title(model: &Model) -> String {
    let titles: Vec<&str> = model.policies.iter().map(|p| p.title.as_ref().unwrap_or(&p.name).as_str()).collect();
    let titles: Vec<&str> = titles.into_iter().filter(|t| !t.is_empty()).collect();
    if titles.is_empty() { "Policy".into() } else { titles.join(", ") }
}

fn field(model: &Model, fact: &Fact) -> Field {
    let field = Field {
        name: fact.name.to_string(),
        text: fact.title.as_ref().map(|t| t.to_string()),
        optional: fact.exists_if.is_some(),
        ..Field::default()
    };
    let choice = |domain: &Domain| match domain.what {
        Element::Enumeration => "choice",
        Element::Role => "role",
        Element::Channel => "channel",
    };
    match &fact.ty {
        Type::YesNo => Field { ty: "yesno", ..field },
        Type::Choice(domain) => Field { ty: choice(domain), values: values(domain), groups: groups(domain), ..field },
        Type::Set(domain) => Field { ty: "several", values: values(domain), ..field },
        Type::Number { lo, hi, scale, unit } => Field {
            ty: "number",
            range: Some((show::number(*lo, *scale), show::number(*hi, *scale))),
            unit: unit.as_ref().map(|u| u.to_string()),
            decimals: Some(*scale),
            ..field
        },
        Type::Date { lo, hi } => {
            Field { ty: "date", range: Some((time::show_date(*lo), time::show_date(*hi))), ..field }
        }
        Type::Time => Field { ty: "time", range: Some(("00:00".into(), "23:59".into())), ..field },
        Type::DateTime { lo, hi } => {
            let moment = |v: i64| {
                let (day, minute) = model.zone.local(v);
                format!("{} {}", time::show_date(day), time::show_time(minute))
            };
            Field { ty: "datetime", range: Some((moment(*lo), moment(*hi))), ..field }
        }
    }
}

fn values(domain: &Domain) -> Vec<(String, Option<String>)> {
    domain.values.iter().map(|v| (v.name.to_string(), v.title.as_ref().map(|t| t.to_string()))).collect()
}

/// The parents, outermost first; a name that stands for one value is that value.
fn groups(domain: &Domain) -> Vec<(String, Vec<String>)> {
    let several = domain.groups.iter().filter(|(_, values)| values.len() > 1);
    let names = |values: &crate::model::Bits| {
        values.iter().filter_map(|v| domain.values.get(v)).map(|v| v.name.to_string()).collect()
    };
    several.map(|(name, values)| (name.to_string(), names(values))).collect()
}
