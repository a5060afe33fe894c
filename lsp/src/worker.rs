//! The one thread that owns all state: applies events in their order, answers from the state as it is then, and has the
//! last state proved when no event is waiting.

use crate::answers::reading::Sent;
use crate::capabilities::Client;
use crate::desk::Desk;
use crate::documents::Documents;
use crate::event::{Ask, Event, Message, Stale};
use crate::pages::Pages;
use crate::project::{Place, Project, State};
use crate::prover::{Job, Prover};
use crate::reports::{Reports, Waiting};
use crate::server::lsp_types::Url;
use crate::status::Phase;
use ordain::ide::{Earlier, Index, View};
use ordain::workspace::{Checked, SETTINGS};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// So long a proof may take before what is known without it is shown: shorter, and marks would flicker.
const PATIENCE: Duration = Duration::from_millis(60);

/// So long nothing must come in before a proof starts. Editors ask with each key, and what works beside the answers, and
/// beside the threads that write them, slows them down by more than this.
const GRACE: Duration = Duration::from_millis(1);

pub struct Worker {
    pub client: Client,
    pub documents: Documents,
    pub projects: BTreeMap<Place, Project>,
    pub pages: Pages,
    pub reports: Reports,
    /// The coloured words that were sent last.
    pub sent: Sent,
    /// Requests for diagnostics that wait for a proof.
    pub waiting: Vec<Waiting>,
    folders: Vec<PathBuf>,
    no_names: Index,
    prover: Prover,
    /// The number of the last state.
    number: u64,
    tell: Box<dyn Fn(Message) + Send>,
}

impl Worker {
    pub fn new(prover: Prover, tell: Box<dyn Fn(Message) + Send>) -> Self {
        Self {
            client: Client::default(),
            documents: Documents::default(),
            projects: BTreeMap::new(),
            pages: Pages::default(),
            reports: Reports::default(),
            sent: Sent::default(),
            waiting: Vec::new(),
            folders: Vec::new(),
            no_names: Index::default(),
            prover,
            number: 0,
            tell,
        }
    }

    /// Works until nobody can send events any more.
    pub fn run(mut self, events: &Receiver<Event>) {
        loop {
            match self.next(events) {
                Ok(event) => self.apply(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            loop {
                match events.try_recv() {
                    Ok(event) => self.apply(event),
                    // What came in meanwhile goes first.
                    Err(TryRecvError::Empty) if self.understand() => {}
                    Err(TryRecvError::Empty) if !self.unproved() => break,
                    Err(TryRecvError::Disconnected) => return,
                    Err(TryRecvError::Empty) => match events.recv_timeout(GRACE) {
                        Ok(event) => self.apply(event),
                        Err(RecvTimeoutError::Timeout) => break self.have_proved(),
                        Err(RecvTimeoutError::Disconnected) => return,
                    },
                }
            }
            self.show_what_is_due();
            self.answer_waiting();
        }
    }

    fn next(&self, events: &Receiver<Event>) -> Result<Event, RecvTimeoutError> {
        let due = self.projects.values().filter_map(|p| p.state.as_ref()?.due).min();
        match due {
            Some(due) => events.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    pub fn tell(&self, message: Message) {
        (self.tell)(message);
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Start { client, folders } => (self.client, self.folders) = (client, folders),
            Event::Open { url, version, text } => {
                self.documents.open(url.clone(), version, text);
                self.take(&url);
            }
            Event::Change { url, version, changes } => {
                self.documents.change(&url, version, changes, self.client.encoding);
                self.take(&url);
            }
            Event::Close { url } => {
                self.documents.close(&url);
                self.sent.forget(&url);
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
            Event::Ask(Ask(work)) => {
                // A fault while answering must not end the server: the request fails, since its answer is dropped.
                if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
                    self.tell(Message::Log("internal fault: a request could not be answered; please report it".into()));
                }
            }
            Event::Proved { place, number, findings } => self.proved(&place, number, findings),
            Event::Measured { place, number, measured } => {
                let Some(project) = self.projects.get_mut(&place) else { return };
                project.measured = Some((number, *measured));
                if project.state.as_ref().is_some_and(|s| s.number == number) {
                    self.tell(Message::Stale(Stale::Figures));
                }
            }
        }
    }

    /// Gives a document's text to its project, which is loaded if it is the first one of it.
    fn take(&mut self, url: &Url) {
        if self.pages.is_library(url) {
            return;
        }
        let place = Place::of(url, &self.folders);
        if let Some(project) = self.projects.get_mut(&place) {
            return project.take(url, &self.documents);
        }
        self.say_status(&place, Phase::Reading, self.number + 1);
        let (project, faults) = Project::load(place.clone(), url, &self.documents);
        faults.into_iter().for_each(|fault| self.tell(Message::Log(fault)));
        self.projects.insert(place, project);
    }

    fn reload(&mut self, url: &Url) {
        let mut faults = Vec::new();
        for project in self.projects.values_mut() {
            faults.extend(project.reload(url, &self.documents));
        }
        faults.into_iter().for_each(|fault| self.tell(Message::Log(fault)));
        if self.projects.remove(&Place::Alone(url.clone())).is_some() {
            self.forget(url.clone());
        }
    }

    /// What belongs together may have changed: all projects start anew.
    fn regroup(&mut self) {
        for project in std::mem::take(&mut self.projects).into_values() {
            project.published.into_iter().for_each(|url| self.forget(url));
        }
        let urls: Vec<Url> = self.documents.urls().cloned().collect();
        urls.iter().for_each(|url| self.take(url));
    }

    /// Brings every project that changed to its next state: names and types. Says whether there was one.
    pub fn understand(&mut self) -> bool {
        let mut some = false;
        for (place, project) in self.projects.iter_mut().filter(|(_, project)| project.stale) {
            project.stale = false;
            some = true;
            self.number += 1;
            let number = self.number;
            self.prover.changed(place.clone(), number);
            let first = project.state.is_none();
            let earlier = project.state.as_mut().map(|state| std::mem::take(&mut state.earlier)).unwrap_or_default();
            // A fault of the compiler must not end the server: the editor keeps what it shows.
            let understood = catch_unwind(AssertUnwindSafe(|| {
                // What nobody reads any more is taken over where the edit left it alone.
                let before = project.state.take().and_then(|state| Arc::into_inner(state.checked)).map(Checked::leave);
                project.complete(&self.documents);
                match before {
                    Some(before) => project.workspace.understand_again(before),
                    None => project.workspace.understand(),
                }
            }));
            let Ok(checked) = understood else {
                (self.tell)(Message::Log("internal fault: the check did not finish; please report it".into()));
                continue;
            };
            let checked = Arc::new(checked);
            // Where nothing is shown yet, no mark can flicker.
            let soon = !checked.complete || first && !checked.diagnostics.is_empty();
            let due = Instant::now() + if soon { Duration::ZERO } else { PATIENCE };
            let earlier = earlier.in_next(&checked.sources);
            project.state = Some(State::new(number, checked, due, earlier));
        }
        some
    }

    /// Is there a state whose proof was not asked for?
    fn unproved(&self) -> bool {
        self.projects.values().filter_map(|p| p.state.as_ref()).any(State::unproved)
    }

    /// Asks for the proofs of such states.
    fn have_proved(&mut self) {
        let mut proving = Vec::new();
        for (place, project) in &mut self.projects {
            let Some(state) = project.state.as_mut().filter(|s| s.unproved()) else { continue };
            state.asked = true;
            let (place, number, checked) = (place.clone(), state.number, Arc::clone(&state.checked));
            proving.push((place.clone(), number));
            self.prover.prove(Job { place, number, checked });
        }
        proving.iter().for_each(|(place, number)| self.say_status(place, Phase::Proving, *number));
    }

    fn proved(&mut self, place: &Place, number: u64, findings: Option<Vec<ordain::diagnostics::Diagnostic>>) {
        let Some(state) = self.projects.get_mut(place).and_then(|p| p.state.as_mut()) else { return };
        if state.number != number {
            return;
        }
        (state.settled, state.due) = (true, Some(Instant::now()));
        match findings {
            Some(findings) => {
                state.earlier = Earlier::of(&state.checked, &findings);
                state.diagnostics = findings;
            }
            None => self.tell(Message::Log("internal fault: the check did not finish; please report it".into())),
        }
    }

    /// Shows the diagnostics of the projects whose time has come, unless they have changed since.
    fn show_what_is_due(&mut self) {
        let now = Instant::now();
        let due = |p: &Project| !p.stale && p.state.as_ref().and_then(|s| s.due).is_some_and(|due| due <= now);
        let places: Vec<Place> = self.projects.iter().filter(|(_, p)| due(p)).map(|(place, _)| place.clone()).collect();
        for place in places {
            if let Some(state) = self.projects.get_mut(&place).and_then(|p| p.state.as_mut()) {
                state.due = None;
            }
            self.show(&place);
            let settled = self.projects.get(&place).and_then(|p| p.state.as_ref()).filter(|s| s.settled);
            if let Some(number) = settled.map(|s| s.number) {
                self.say_status(&place, Phase::Done, number);
            }
        }
    }

    /// The project of a document, and the document in it, understood as it is now.
    pub fn desk(&mut self, url: &Url) -> Option<Desk<'_>> {
        self.understand();
        let place = Place::of(url, &self.folders);
        let project = self.projects.get(&place)?;
        let state = project.state.as_ref()?;
        let file = state.checked.sources.find(&place.path(url)?)?;
        Some(Desk { file, ..self.desk_of(project)? })
    }

    /// Every project, understood as it is now.
    pub fn desks(&mut self) -> Vec<Desk<'_>> {
        self.understand();
        self.projects.values().filter_map(|project| self.desk_of(project)).collect()
    }

    fn desk_of<'a>(&'a self, project: &'a Project) -> Option<Desk<'a>> {
        self.desk_with(project, project.state.as_ref()?.index())
    }

    /// A desk that knows no names: enough to say where something is.
    pub fn bare_desk<'a>(&'a self, project: &'a Project) -> Option<Desk<'a>> {
        self.desk_with(project, &self.no_names)
    }

    fn desk_with<'a>(&'a self, project: &'a Project, index: &'a Index) -> Option<Desk<'a>> {
        let state = project.state.as_ref()?;
        let place = &project.place;
        // An open document keeps the name that the editor gave it.
        let open = self.documents.urls().filter_map(|url| Some((place.path(url)?, url.clone()))).collect();
        let view = View {
            checked: &state.checked,
            diagnostics: &state.diagnostics,
            index,
            measured: project.measured.as_ref().map(|m| &m.1),
            current: project.measured.as_ref().is_some_and(|m| m.0 == state.number),
        };
        let file = ordain::source::FileId(0);
        Some(Desk { view, file, client: &self.client, place, open, documents: &self.documents, pages: &self.pages })
    }
}
