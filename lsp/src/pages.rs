//! The pages of the codes as files, so that an editor can open them from a diagnostic, also without a network.

use crate::server::lsp_types::Url;
use ordain::diagnostics::Code;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Default)]
pub struct Pages {
    known: BTreeMap<&'static str, Option<Url>>,
}

impl Pages {
    /// Where the page of a code can be read; `None` where there is no place to put it.
    pub fn url(&mut self, code: &'static Code) -> Option<Url> {
        self.known.entry(code.id).or_insert_with(|| write(code)).clone()
    }
}

fn write(code: &Code) -> Option<Url> {
    let folder = cache()?.join("ordain").join(env!("CARGO_PKG_VERSION")).join("codes");
    let file = folder.join(format!("{}.md", code.id));
    if std::fs::read_to_string(&file).is_ok_and(|text| text == code.page) {
        return Url::from_file_path(file).ok();
    }
    std::fs::create_dir_all(&folder).ok()?;
    // Several servers may run: each writes a file of its own and moves it into place.
    let draft = folder.join(format!("{}.{}.tmp", code.id, std::process::id()));
    std::fs::write(&draft, code.page).ok()?;
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
