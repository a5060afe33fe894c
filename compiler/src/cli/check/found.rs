//! A checked project -> what is shown of it: findings with their fingerprints, and those that somebody has accepted.

use crate::cli::load::Project;
use crate::diagnostics::json::{self, Accepted, Report};
use crate::diagnostics::{Diagnostic, fingerprints};
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
        let prints = fingerprints(&checked.diagnostics, &checked.sources, &checked.files);
        Self { project, checked, prints, accepted: Vec::new() }
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
