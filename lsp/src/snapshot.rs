//! A project as it was when a request came, with all that it takes to say where something is: for work that is done aside.

use crate::convert::Encoding;
use crate::project::Place;
use crate::server::lsp_types::{Location, Url};
use crate::worker::Worker;
use ordain::source::Span;
use ordain::workspace::Checked;
use std::path::PathBuf;
use std::sync::Arc;

pub struct Snapshot {
    pub checked: Arc<Checked>,
    /// The number of the state.
    pub number: u64,
    /// The folder of the project; none of a document that lies on no disk.
    pub root: Option<PathBuf>,
    encoding: Encoding,
    /// By file.
    urls: Vec<Option<Url>>,
}

impl Snapshot {
    pub fn location(&self, span: Span) -> Option<Location> {
        let uri = self.urls.get(span.file.0 as usize)?.clone()?;
        Some(Location { uri, range: self.encoding.range(&self.checked.sources, span) })
    }
}

impl Worker {
    /// The project of a document, as it is now.
    pub fn snapshot(&mut self, url: &Url) -> Option<Snapshot> {
        let desk = self.desk(url)?;
        let place = desk.place.clone();
        let urls = desk.view.checked.sources.iter().map(|(file, _)| desk.url(file)).collect();
        let encoding = desk.client.encoding;
        let state = self.projects.get(&place)?.state.as_ref()?;
        let (checked, number) = (Arc::clone(&state.checked), state.number);
        let root = match place {
            Place::Folder(root) => Some(root),
            Place::Alone(_) => None,
        };
        Some(Snapshot { checked, number, root, encoding, urls })
    }
}
