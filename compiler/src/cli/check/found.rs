//! A checked project -> what is shown of it: findings with their fingerprints, and those that somebody has accepted.

use crate::allow::Allowed;
use crate::cli::load::Project;
use crate::diagnostics::json::{self, Accepted, By, Report};
use crate::diagnostics::{Diagnostic, fingerprints};
use crate::model::time;
use crate::source::Source;
use crate::stdlib;
use crate::workspace::Checked;

pub struct Found {
    pub project: Project,
    /// Its diagnostics are those that nobody has accepted.
    pub checked: Checked,
    /// Of its diagnostics, one by one.
    pub prints: Vec<String>,
    pub accepted: Vec<Accepted>,
}

impl Found {
    pub fn new(checked: Checked, project: Project) -> Self {
        // Together, so that what the policy accepts renames nothing else.
        let allowed = checked.allowed.iter().map(|a| &a.diagnostic);
        let mut all = fingerprints(allowed.chain(&checked.diagnostics), &checked.sources, &checked.files);
        let prints = all.split_off(checked.allowed.len());
        let mut found = Self { project, checked, prints, accepted: Vec::new() };
        let accepted = |(allowed, print): (&Allowed, &String)| Accepted {
            by: By::Policy,
            because: Some(allowed.because.clone()),
            until: allowed.until.map(time::show_date),
            report: found.report(&allowed.diagnostic, print),
        };
        found.accepted = found.checked.allowed.iter().zip(&all).map(accepted).collect();
        found
    }

    pub fn failed(&self) -> bool {
        self.checked.worst().is_some_and(|level| level >= self.checked.settings.fail_level)
    }

    /// The findings that nobody has accepted, as data.
    pub fn reports(&self) -> Vec<Report> {
        self.checked.diagnostics.iter().zip(&self.prints).map(|(d, print)| self.report(d, print)).collect()
    }

    pub fn report(&self, diagnostic: &Diagnostic, print: &str) -> Report {
        let path = |source: &Source| self.project.stand.path(&source.path);
        json::report(diagnostic, print, &self.checked.sources, &path)
    }

    /// The project's own policy files, as they are in the project.
    pub fn own_files(&self) -> impl Iterator<Item = &Source> {
        let files = self.checked.files.iter().map(|(id, _)| self.checked.sources.get(*id));
        files.filter(|source| !stdlib::is_std(&source.path))
    }
}
