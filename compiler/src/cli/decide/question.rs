//! A condition in Ordain's own words -> a condition of the model: asked as an expectation that nobody proves.

use super::super::load::Project;
use super::super::ui::{Failure, Ui};
use super::super::uses;
use super::check;
use crate::model::{Cond, Model};
use crate::workspace::{Change, Checked, QUESTION, is_policy};

/// The title by which the question is found again.
const TITLE: &str = "what `ordain decide --when` asks";

/// Adds the question to a project that it is about.
pub fn ask(mut project: Project, when: &str, ui: &Ui) -> Result<(Project, Checked), Failure> {
    let before = project.workspace.understand();
    if !before.complete {
        return Err(check::refuse(&project, &before, ui));
    }
    // The question sees every name. A file that no `use` can name gets the question at its end.
    let paths: Vec<String> =
        before.sources.iter().map(|(_, s)| s.path.clone()).filter(|p| is_policy(p) || p.starts_with("<std/")).collect();
    let uses: String = paths.iter().filter_map(|p| uses::statement(p)).collect();
    let host = paths.iter().find(|path| uses::statement(path).is_none());
    let text = match host {
        Some(path) => format!("{}\n", project.workspace.text(path).map_or("", |text| text)),
        None => String::new(),
    };
    let path = host.cloned().unwrap_or_else(|| QUESTION.to_string());
    // A head may come first: `from student when late`.
    let forms = [format!("when {when}"), when.to_string()];
    let mut first = None;
    for form in forms {
        let question = format!("{text}{uses}expect \"{TITLE}\" {{ some permit {form} }}\n");
        project.workspace.apply(Change::Set { path: path.clone(), text: question.into() });
        let checked = project.workspace.understand();
        if checked.complete {
            return Ok((project, checked));
        }
        first.get_or_insert(checked);
    }
    let failure = Failure::usage("the condition is not understood").help("write it like the `when` of a rule");
    if let Some(checked) = first {
        check::refuse(&project, &checked, ui);
    }
    Err(failure)
}

/// The condition that was asked about.
pub fn scope(model: &Model) -> Option<&Cond> {
    model.expectations.iter().rev().find(|e| e.title == TITLE).map(|e| &e.scope)
}
