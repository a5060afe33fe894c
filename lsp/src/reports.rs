//! Diagnostics to the client: pushed as they come, or kept until the client asks.

use crate::desk::Desk;
use crate::event::{Message, Stale};
use crate::project::Place;
use crate::server::lsp_types::*;
use crate::worker::Worker;
use ordain::ide;
use std::collections::BTreeMap;
use tokio::sync::oneshot;

/// What is said about each file, and since which state.
#[derive(Debug, Default)]
pub struct Reports {
    files: BTreeMap<Url, (u64, Vec<Diagnostic>)>,
    /// How many reports there have been.
    count: u64,
}

/// A request for diagnostics.
pub enum Waiting {
    Document(Url, Option<String>, oneshot::Sender<DocumentDiagnosticReportResult>),
    Workspace(BTreeMap<Url, String>, oneshot::Sender<WorkspaceDiagnosticReportResult>),
}

impl Waiting {
    /// It will be answered with what is said about this file.
    fn wants(&self, file: &Url) -> bool {
        match self {
            Waiting::Document(url, ..) => url == file,
            Waiting::Workspace(..) => true,
        }
    }
}

impl Worker {
    /// Shows or keeps the diagnostics of every file of a project that has some, had some, or is open.
    pub fn show(&mut self, place: &Place) {
        let Some(project) = self.projects.get(place) else { return };
        let Some(desk) = self.bare_desk(project) else { return };
        let files = by_file(&desk, &project.published);
        let published = files.iter().filter(|(_, list)| !list.is_empty()).map(|(url, _)| url.clone()).collect();
        if let Some(project) = self.projects.get_mut(place) {
            project.published = published;
        }
        let mut elsewhere = false;
        for (url, diagnostics) in files {
            if !self.client.pulls {
                let version = self.documents.get(&url).map(|document| document.version);
                self.tell(Message::Diagnostics { url, diagnostics, version });
                continue;
            }
            let waited_for = self.waiting.iter().any(|waiting| waiting.wants(&url));
            elsewhere |= self.reports.keep(url, diagnostics) && !waited_for;
        }
        if elsewhere && self.client.refreshes_diagnostics {
            self.tell(Message::Stale(Stale::Diagnostics));
        }
    }

    /// Nothing is said about a file any more.
    pub fn forget(&mut self, url: Url) {
        if self.client.pulls {
            self.reports.keep(url, Vec::new());
        } else {
            let version = self.documents.get(&url).map(|document| document.version);
            self.tell(Message::Diagnostics { url, diagnostics: Vec::new(), version });
        }
    }

    /// Answers requests for diagnostics with what is known once it would be shown. A client that cannot be told of more
    /// waits until there is no more to be said.
    pub fn answer_waiting(&mut self) {
        let tells = self.client.refreshes_diagnostics;
        let busy = |p: &crate::project::Project| {
            p.stale || p.state.as_ref().is_some_and(|s| s.due.is_some() || !s.settled && !tells)
        };
        if self.waiting.is_empty() || self.projects.values().any(busy) {
            return;
        }
        for waiting in std::mem::take(&mut self.waiting) {
            match waiting {
                Waiting::Document(url, old, reply) => drop(reply.send(self.reports.document(&url, old))),
                Waiting::Workspace(old, reply) => {
                    let version = |url: &Url| self.documents.get(url).map(|d| i64::from(d.version));
                    drop(reply.send(self.reports.workspace(&old, &version)));
                }
            }
        }
    }
}

/// What is said about each file of a project; nothing about those that are open or of which something was said.
fn by_file(desk: &Desk, said: &std::collections::BTreeSet<Url>) -> BTreeMap<Url, Vec<Diagnostic>> {
    let mut files: BTreeMap<Url, Vec<Diagnostic>> = BTreeMap::new();
    files.extend(said.iter().map(|url| (url.clone(), Vec::new())));
    let sources = &desk.view.checked.sources;
    let open = desk.open.iter().filter(|(path, _)| sources.find(path).is_some());
    files.extend(open.map(|(_, url)| (url.clone(), Vec::new())));
    for (file, marks) in ide::diagnostics(desk.view.diagnostics) {
        // What is wrong with the library is nothing that its reader could change.
        let Some(url) = desk.url(file).filter(|_| !ordain::stdlib::is_std(&sources.get(file).path)) else { continue };
        let shown = marks.iter().map(|marked| {
            let page = desk.pages.url(marked.code);
            desk.client.encoding.diagnostic(marked, sources, &|file| desk.url(file), page)
        });
        files.insert(url, shown.collect());
    }
    files
}

impl Reports {
    /// Keeps what is said about a file; whether that is something else than before.
    fn keep(&mut self, url: Url, diagnostics: Vec<Diagnostic>) -> bool {
        let known = self.files.get(&url);
        if known.map_or(diagnostics.is_empty(), |old| old.1 == diagnostics) {
            return false;
        }
        self.count += 1;
        self.files.insert(url, (self.count, diagnostics));
        true
    }

    fn document(&self, url: &Url, old: Option<String>) -> DocumentDiagnosticReportResult {
        let (number, items) = self.files.get(url).cloned().unwrap_or_default();
        let id = number.to_string();
        let report = if old.as_deref() == Some(&id) {
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
            })
        } else {
            DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
            })
        };
        DocumentDiagnosticReportResult::Report(report)
    }

    fn workspace(
        &self,
        old: &BTreeMap<Url, String>,
        version: &dyn Fn(&Url) -> Option<i64>,
    ) -> WorkspaceDiagnosticReportResult {
        let report = |(url, (number, items)): (&Url, &(u64, Vec<Diagnostic>))| {
            let (id, version) = (number.to_string(), version(url));
            if old.get(url) == Some(&id) {
                return WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                    uri: url.clone(),
                    version,
                    unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
                });
            }
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri: url.clone(),
                version,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: Some(id),
                    items: items.clone(),
                },
            })
        };
        let items = self.files.iter().map(report).collect();
        WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items })
    }
}
