//! The end-to-end tests' tools: Markdown pages -> blocks -> projects -> what must be found in them.
//!
//! The specification (`tests/spec`), the documentation (`docs`) and the pages of the codes (`docs/codes`) are read by
//! these few modules and executed. The conventions are written down in CONTRIBUTING.md, "Executed pages".
//! Must not know how the compiler works inside: it uses `workspace` and `decide` as any caller does.

pub mod case;
pub mod markdown;
pub mod marks;
pub mod project;
pub mod random;
pub mod sample;
pub mod shapes;
pub mod shown;

pub use markdown::{Block, Page};
pub use project::Project;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The Markdown pages below a folder of the repository, by path; not those of the folders in `except`.
pub fn pages(folder: &str, except: &[&str]) -> Vec<Page> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let shown = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if path.is_dir() {
                if !except.contains(&shown.as_str()) {
                    folders.push(path);
                }
            } else if shown.ends_with(".md") {
                found.push(Page::read(&root, &shown));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The folder of the commands `ordain` and `ordain-lsp`, built as they are now.
pub fn commands() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let built = BUILT.get_or_init(|| {
        let build = ["build", "--quiet", "--workspace", "--bins"];
        let done = Command::new(env!("CARGO")).args(build).current_dir(root()).output();
        let done = done.expect("cargo can be started, as it started this test");
        assert!(done.status.success(), "the commands do not build:\n{}", String::from_utf8_lossy(&done.stderr));
        let test = std::env::current_exe().expect("this test has a path");
        test.ancestors().nth(2).expect("tests lie in `deps`").to_path_buf()
    });
    built.clone()
}

/// Fails with all the complaints, one a line, or passes where there are none.
pub fn report(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n\n{}\n\n{} complaints\n", complaints.join("\n"), complaints.len());
}
