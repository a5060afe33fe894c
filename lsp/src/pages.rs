//! What the compiler carries in itself, as files: the pages of the codes and the standard library, so that an editor can
//! open them, also without a network.

use crate::server::lsp_types::Url;
use ordain::diagnostics::Code;
use ordain::stdlib;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Default)]
pub struct Pages {
    known: RefCell<BTreeMap<String, Option<Url>>>,
}

impl Pages {
    /// Where the page of a code can be read; `None` where there is no place to put it.
    pub fn url(&self, code: &'static Code) -> Option<Url> {
        self.get(format!("codes/{}.md", code.id), code.page)
    }

    /// Where a file of the standard library, `<std/school.ordain>`, can be read.
    pub fn library(&self, path: &str) -> Option<Url> {
        let (_, _, text) = stdlib::FILES.iter().find(|f| f.1 == path)?;
        self.get(path.trim_matches(['<', '>']).to_string(), text)
    }

    /// Is this a file of the standard library that was put there to be read? It belongs to no project.
    pub fn is_library(&self, url: &Url) -> bool {
        let inside = || Some(cache()?.join("ordain"));
        let path = url.to_file_path().ok();
        path.is_some_and(|path| inside().is_some_and(|folder| path.starts_with(folder)))
    }

    fn get(&self, name: String, text: &str) -> Option<Url> {
        let mut known = self.known.borrow_mut();
        known.entry(name.clone()).or_insert_with(|| write(&name, text)).clone()
    }
}

/// Writes a file among those that can be made again; `None` where there is no place for them.
pub fn write(name: &str, text: &str) -> Option<Url> {
    let file = cache()?.join("ordain").join(env!("CARGO_PKG_VERSION")).join(name);
    if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return Url::from_file_path(file).ok();
    }
    std::fs::create_dir_all(file.parent()?).ok()?;
    // Several servers may run: each writes a file of its own and moves it into place.
    let draft = file.with_extension(format!("{}.tmp", std::process::id()));
    std::fs::write(&draft, text).ok()?;
    std::fs::rename(&draft, &file).ok()?;
    Url::from_file_path(file).ok()
}

/// The user's folder for what can be made again.
fn cache() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join("Library/Caches")))
    } else {
        from("XDG_CACHE_HOME").or_else(|| from("HOME").map(|home| home.join(".cache")))
    }
}
