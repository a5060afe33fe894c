//! The one thread that owns all state: applies events in their order, and checks when none is waiting.

use crate::convert::Encoding;
use crate::documents::Documents;
use crate::event::{Event, Message};
use crate::pages::Pages;
use crate::project::{Place, Project};
use crate::server::lsp_types::{Diagnostic, Url};
use ordain::ide;
use ordain::workspace::{Checked, SETTINGS};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError};

pub struct Worker<Tell: Fn(Message)> {
    encoding: Encoding,
    folders: Vec<PathBuf>,
    documents: Documents,
    projects: BTreeMap<Place, Project>,
    pages: Pages,
    tell: Tell,
}

impl<Tell: Fn(Message)> Worker<Tell> {
    pub fn new(tell: Tell) -> Self {
        Self {
            encoding: Encoding::Utf16,
            folders: Vec::new(),
            documents: Documents::default(),
            projects: BTreeMap::new(),
            pages: Pages::default(),
            tell,
        }
    }

    /// Works until nobody can send events any more.
    pub fn run(mut self, events: &Receiver<Event>) {
        while let Ok(event) = events.recv() {
            self.apply(event);
            loop {
                match events.try_recv() {
                    Ok(event) => self.apply(event),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            self.check();
        }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Start { encoding, folders } => (self.encoding, self.folders) = (encoding, folders),
            Event::Open { url, version, text } => {
                self.documents.open(url.clone(), version, text);
                self.take(&url);
            }
            Event::Change { url, version, changes } => {
                self.documents.change(&url, version, changes, self.encoding);
                self.take(&url);
            }
            Event::Close { url } => {
                self.documents.close(&url);
                self.reload(&url);
            }
            Event::Disk { urls } => {
                if urls.iter().any(|url| url.path().ends_with(SETTINGS)) {
                    self.regroup();
                }
                for url in &urls {
                    if self.documents.get(url).is_none() {
                        self.reload(url);
                    }
                }
            }
            Event::Folders { added, removed } => {
                self.folders.retain(|folder| !removed.contains(folder));
                self.folders.extend(added);
                self.regroup();
            }
        }
    }

    /// Gives a document's text to its project, which is loaded if it is the first one of it.
    fn take(&mut self, url: &Url) {
        let place = Place::of(url, &self.folders);
        if let Some(project) = self.projects.get_mut(&place) {
            return project.take(url, &self.documents);
        }
        let (project, faults) = Project::load(place.clone(), url, &self.documents);
        faults.into_iter().for_each(|fault| (self.tell)(Message::Log(fault)));
        self.projects.insert(place, project);
    }

    fn reload(&mut self, url: &Url) {
        for project in self.projects.values_mut() {
            project.reload(url).into_iter().for_each(|fault| (self.tell)(Message::Log(fault)));
        }
        if self.projects.remove(&Place::Alone(url.clone())).is_some() {
            (self.tell)(Message::Diagnostics { url: url.clone(), diagnostics: Vec::new(), version: None });
        }
    }

    /// What belongs together may have changed: all projects start anew.
    fn regroup(&mut self) {
        for project in std::mem::take(&mut self.projects).into_values() {
            for url in project.published {
                let version = self.documents.get(&url).map(|d| d.version);
                (self.tell)(Message::Diagnostics { url, diagnostics: Vec::new(), version });
            }
        }
        let urls: Vec<Url> = self.documents.urls().cloned().collect();
        urls.iter().for_each(|url| self.take(url));
    }

    fn check(&mut self) {
        for project in self.projects.values_mut().filter(|project| project.stale) {
            project.stale = false;
            // A fault of the compiler must not end the server: the editor keeps what it had.
            let checked = catch_unwind(AssertUnwindSafe(|| {
                project.complete(&self.documents);
                project.workspace.check()
            }));
            match checked {
                Ok(checked) => {
                    publish(project, &checked, &self.documents, self.encoding, &mut self.pages, &self.tell);
                }
                Err(_) => {
                    (self.tell)(Message::Log("internal fault: the check did not finish; please report it".into()))
                }
            }
        }
    }
}

/// Sends the diagnostics of every file that has some, had some, or is open.
fn publish(
    project: &mut Project,
    checked: &Checked,
    documents: &Documents,
    encoding: Encoding,
    pages: &mut Pages,
    tell: &impl Fn(Message),
) {
    let place = project.place.clone();
    // An open document keeps the name that the editor gave it.
    let open: BTreeMap<String, Url> =
        documents.urls().filter_map(|url| Some((place.path(url)?, url.clone()))).collect();
    let url_of = |file| {
        let path = &checked.sources.get(file).path;
        open.get(path).cloned().or_else(|| place.url(path))
    };
    let mut files: BTreeMap<Url, Vec<Diagnostic>> = BTreeMap::new();
    files.extend(std::mem::take(&mut project.published).into_iter().map(|url| (url, Vec::new())));
    let shown = open.iter().filter(|(path, _)| project.workspace.text(path).is_some());
    files.extend(shown.map(|(_, url)| (url.clone(), Vec::new())));
    for (file, marks) in ide::diagnostics(checked) {
        let Some(url) = url_of(file) else { continue };
        let diagnostics: Vec<Diagnostic> = marks
            .iter()
            .map(|marked| encoding.diagnostic(marked, &checked.sources, &url_of, pages.url(marked.code)))
            .collect();
        project.published.insert(url.clone());
        files.insert(url, diagnostics);
    }
    for (url, diagnostics) in files {
        let version = documents.get(&url).map(|document| document.version);
        tell(Message::Diagnostics { url, diagnostics, version });
    }
}
