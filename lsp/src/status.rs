//! How far a project is -> the notification `ordain/status`, for clients that asked for it.

use crate::event::Message;
use crate::project::Place;
use crate::server::lsp_types::Url;
use crate::worker::Worker;
use ordain::diagnostics::json::Counts;
use ordain::ide::form;
use ordain::stdlib;
use serde_json::json;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its files are read for the first time.
    Reading,
    /// What is known is known without proofs.
    Proving,
    /// The findings of this state have been given.
    Done,
}

impl Worker {
    /// Says how far a project is, and what has been found in it so far.
    pub fn say_status(&self, place: &Place, phase: Phase, number: u64) {
        if !self.client.status {
            return;
        }
        let state = self.projects.get(place).and_then(|p| p.state.as_ref());
        let mut counts = Counts::default();
        let mut name = String::new();
        if let Some(state) = state {
            let sources = &state.checked.sources;
            // What is wrong with the library is nothing that its reader could change.
            let own = |d: &&ordain::diagnostics::Diagnostic| !stdlib::is_std(&sources.get(d.span.file).path);
            counts = Counts::of(state.diagnostics.iter().filter(own));
            name = form::title(&state.checked.model);
        }
        let uri = match place {
            Place::Folder(root) => Url::from_file_path(root).ok(),
            Place::Alone(url) => Some(url.clone()),
        };
        let phase = match phase {
            Phase::Reading => "reading",
            Phase::Proving => "proving",
            Phase::Done => "done",
        };
        self.tell(Message::Status(json!({
            "uri": uri, "name": name, "state": phase, "number": number,
            "errors": counts.errors, "warnings": counts.warnings, "notes": counts.notes,
        })));
    }
}
