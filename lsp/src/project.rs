//! One project of the editor: its texts from disk, the open documents before them, and where what was published stands.

use crate::documents::Documents;
use crate::server::lsp_types::Url;
use ordain::cli::load;
use ordain::diagnostics::Diagnostic;
use ordain::ide::{Earlier, Index, Measured};
use ordain::workspace::{Change, Checked, SETTINGS, Workspace, is_policy};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// The most entries of a folder without settings that are looked at: whoever opens their home folder means one file.
const MOST: usize = 20_000;

pub struct Project {
    pub workspace: Workspace,
    pub place: Place,
    /// The files that have diagnostics in the editor.
    pub published: BTreeSet<Url>,
    /// Something changed since the last state.
    pub stale: bool,
    /// The last state that was understood.
    pub state: Option<State>,
    /// The figures of the last state that was measured, and its number.
    pub measured: Option<(u64, Measured)>,
}

/// A project as it was at one moment.
pub struct State {
    pub number: u64,
    pub checked: Arc<Checked>,
    /// Its names, once somebody asks for one.
    index: OnceCell<Index>,
    /// What is said about it: until it is proved, with what still stands of the last findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The last findings, as far as they stand.
    pub earlier: Earlier,
    /// Its proof was asked for.
    pub asked: bool,
    /// Nothing more will be said about it.
    pub settled: bool,
    /// When to say what is known, if it is not proved by then.
    pub due: Option<Instant>,
}

impl State {
    pub fn new(number: u64, checked: Arc<Checked>, due: Instant, earlier: Earlier) -> Self {
        Self {
            number,
            diagnostics: earlier.report(&checked),
            earlier,
            asked: false,
            settled: !checked.complete,
            checked,
            index: OnceCell::new(),
            due: Some(due),
        }
    }

    pub fn unproved(&self) -> bool {
        self.checked.complete && !self.asked
    }

    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.checked))
    }
}

/// Where a project is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Folder(PathBuf),
    /// A document that lies on no disk.
    Alone(Url),
}

impl Place {
    /// The project that a document belongs to: the nearest folder with settings, else the folder that is open in the
    /// editor, else its own folder.
    pub fn of(url: &Url, folders: &[PathBuf]) -> Place {
        let Some(path) = path_of(url) else { return Place::Alone(url.clone()) };
        let folder = path.parent().unwrap_or(&path);
        let open = folders.iter().filter(|f| path.starts_with(f)).max_by_key(|f| f.as_os_str().len());
        let root = load::marked_root(folder).unwrap_or_else(|| open.map_or(folder, PathBuf::as_path));
        Place::Folder(root.to_path_buf())
    }

    /// The path that a document has in this project.
    pub fn path(&self, url: &Url) -> Option<String> {
        match self {
            Place::Alone(own) => (own == url).then(|| "untitled.ordain".to_string()),
            Place::Folder(root) => {
                let path = path_of(url)?;
                path.strip_prefix(root).ok()?;
                load::inside(root, &path).ok()
            }
        }
    }

    pub fn url(&self, path: &str) -> Option<Url> {
        match self {
            Place::Alone(url) => Some(url.clone()),
            Place::Folder(_) if path.starts_with('<') => None,
            Place::Folder(root) => Url::from_file_path(root.join(path)).ok(),
        }
    }
}

fn path_of(url: &Url) -> Option<PathBuf> {
    (url.scheme() == "file").then(|| url.to_file_path().ok()).flatten()
}

impl Project {
    /// Loads a project. What cannot be read is left out and told.
    pub fn load(place: Place, document: &Url, documents: &Documents) -> (Self, Vec<String>) {
        let mut project = Self {
            workspace: Workspace::default(),
            place,
            published: BTreeSet::new(),
            stale: true,
            state: None,
            measured: None,
        };
        let mut faults = Vec::new();
        if let Place::Folder(root) = project.place.clone() {
            let files = match load::walk(&root, MOST) {
                Ok(Some(files)) => files,
                Ok(None) => path_of(document).into_iter().filter(|path| path.is_file()).collect(),
                Err(failure) => {
                    faults.push(failure.message);
                    Vec::new()
                }
            };
            for file in files.iter().chain([&root.join(SETTINGS)]) {
                if let (true, Ok(path)) = (file.is_file(), load::inside(&root, file)) {
                    project.read(&root, &path, &mut faults);
                }
            }
        }
        for url in documents.urls() {
            project.take(url, documents);
        }
        (project, faults)
    }

    /// Takes over the text of an open document, if it is one of this project.
    pub fn take(&mut self, url: &Url, documents: &Documents) {
        let (Some(path), Some(document)) = (self.place.path(url), documents.get(url)) else { return };
        if is_policy(&path) || path == SETTINGS || self.workspace.text(&path).is_some() {
            self.workspace.apply(Change::Set { path, text: Arc::clone(document.text()) });
            self.stale = true;
        }
    }

    /// The file on disk has the say again: it was closed in the editor, or it changed on disk. The same for a folder.
    pub fn reload(&mut self, url: &Url, documents: &Documents) -> Vec<String> {
        let mut faults = Vec::new();
        let Some(path) = self.place.path(url) else { return faults };
        self.stale = true;
        match self.place.clone() {
            Place::Folder(root) if root.join(&path).is_file() => {
                if is_policy(&path) || path == SETTINGS || self.workspace.text(&path).is_some() {
                    self.read(&root, &path, &mut faults);
                }
            }
            Place::Folder(root) => {
                let below = format!("{path}/");
                let known = self.workspace.paths().filter(|p| **p == path || p.starts_with(&below));
                let open = |p: &str| self.place.url(p).is_some_and(|url| documents.get(&url).is_some());
                let gone: Vec<String> =
                    known.filter(|p| !root.join(p).is_file() && !open(p)).map(str::to_string).collect();
                gone.into_iter().for_each(|path| self.workspace.apply(Change::Remove { path }));
                let folder = root.join(&path);
                // A folder with settings of its own is another project, and one that is hidden is none.
                if folder.is_dir()
                    && load::marked_root(&folder) != Some(&folder)
                    && !path.split('/').any(load::is_apart)
                {
                    for file in load::walk(&folder, MOST).ok().flatten().unwrap_or_default() {
                        match load::inside(&root, &file) {
                            Ok(path) if !self.workspace.contains(&path) => self.read(&root, &path, &mut faults),
                            _ => {}
                        }
                    }
                }
            }
            Place::Alone(_) => self.workspace.apply(Change::Remove { path }),
        }
        faults
    }

    /// Reads what the files speak of and the project does not have yet; open documents go first.
    pub fn complete(&mut self, documents: &Documents) {
        let Place::Folder(root) = self.place.clone() else { return };
        let place = self.place.clone();
        let _ = load::complete(&mut self.workspace, |path| {
            let open = place.url(path).and_then(|url| documents.get(&url));
            Ok(match open {
                Some(document) => Some(document.text().to_string()),
                None if is_policy(path) => load::read(&root.join(path)).ok(),
                None => load::cited(&root.join(path)).ok(),
            })
        });
    }

    fn read(&mut self, root: &Path, path: &str, faults: &mut Vec<String>) {
        match load::read(&root.join(path)) {
            Ok(text) => self.workspace.apply(Change::Set { path: path.to_string(), text: text.into() }),
            Err(failure) => faults.push(failure.message),
        }
    }
}
