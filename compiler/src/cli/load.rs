//! Paths -> projects: finds the files, reads them, and reads what they speak of.
//!
//! A project is a folder with an `ordain.toml`, or the folder that is named. To it belong all `*.ordain` below, but not what
//! lies below a subfolder with an `ordain.toml` of its own, in hidden folders, in `target` or in `node_modules`. A file
//! named alone brings along the files that it uses. The language server loads its projects here as well. Must not know
//! what is done with a project.

use super::ui::Failure;
use crate::diagnostics::render::Stand;
use crate::workspace::{Change, Options, SETTINGS, STDIN, Workspace, is_policy};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use walkdir::WalkDir;

/// One project, loaded.
pub struct Project {
    pub workspace: Workspace,
    /// An absolute path.
    pub root: PathBuf,
    pub stand: Stand,
}

/// Of a single file's folder, no more entries are looked at to see whether it is a part of a larger project.
const FOLDER: usize = 20_000;
/// Spans are 32 bits wide; no policy is this long.
const LONGEST: u64 = 256 << 20;

/// Loads the projects that the paths (files, folders, `-` for standard input) belong to, in order of their roots.
pub fn projects(paths: &[PathBuf], options: &Options) -> Result<Vec<Project>, Failure> {
    let here = absolute(Path::new("."))?;
    let mut projects: BTreeMap<PathBuf, Workspace> = BTreeMap::new();
    let mut found = Vec::new();
    for path in paths {
        match path.as_os_str().to_str() {
            Some("-") => found.push((root_of(&here), Files::Stdin)),
            _ => found.extend(find(path)?),
        }
    }
    for (root, files) in found {
        let workspace = projects.entry(root.clone()).or_default();
        match files {
            Files::Stdin => set(workspace, STDIN.into(), read_stdin()?),
            Files::Found(files) => {
                for file in files {
                    let text = read(&file)?;
                    set(workspace, inside(&root, &file)?, text);
                }
            }
        }
    }
    let mut loaded = Vec::new();
    for (root, mut workspace) in projects {
        let settings = root.join(SETTINGS);
        if settings.is_file() {
            set(&mut workspace, SETTINGS.into(), read(&settings)?);
        }
        complete(&mut workspace, |path| {
            let file = root.join(path);
            match (file.is_file(), is_policy(path)) {
                (false, _) => Ok(None),
                (true, true) => read(&file).map(Some),
                (true, false) => cited(&file).map(Some),
            }
        })?;
        let all = walk(&root, FOLDER)?.unwrap_or_default();
        let partial = !workspace.contains(STDIN)
            && all.iter().any(|file| inside(&root, file).is_ok_and(|path| !workspace.contains(&path)));
        workspace.apply(Change::Options(Options { partial, ..options.clone() }));
        loaded.push(Project { workspace, stand: stand(&here, &root), root });
    }
    Ok(loaded)
}

/// The one project of a path, for verbs that are about one.
pub fn project(path: &Path, options: &Options) -> Result<Project, Failure> {
    projects(&[path.to_path_buf()], options)?
        .pop()
        .ok_or_else(|| Failure::unreadable(format!("`{}` holds no policy", path.display())))
}

/// The policy files that the paths name, those of projects below a folder too: for work on single files.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = BTreeSet::new();
    for path in paths {
        let full = absolute(path)?;
        for folder in folders(&full) {
            all.extend(walk(&folder, usize::MAX)?.unwrap_or_default());
        }
        if !full.is_dir() || all.is_empty() {
            for (_, files) in find(path)? {
                if let Files::Found(files) = files {
                    all.extend(files);
                }
            }
        }
    }
    Ok(all.into_iter().collect())
}

/// Reads what the files speak of, and what that speaks of, as far as it exists.
pub fn complete(
    workspace: &mut Workspace,
    mut read: impl FnMut(&str) -> Result<Option<String>, Failure>,
) -> Result<(), Failure> {
    let mut tried = BTreeSet::new();
    loop {
        let wanted: Vec<String> = workspace.wanted().into_iter().filter(|p| !tried.contains(p)).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        for path in wanted {
            if let Some(text) = read(&path)? {
                set(workspace, path.clone(), text);
            }
            tried.insert(path);
        }
    }
}

fn set(workspace: &mut Workspace, path: String, text: String) {
    workspace.apply(Change::Set { path, text: Arc::from(text) });
}

enum Files {
    Stdin,
    Found(Vec<PathBuf>),
}

/// A folder and those below it that are projects of their own; nothing for a file.
fn folders(folder: &Path) -> Vec<PathBuf> {
    if !folder.is_dir() {
        return Vec::new();
    }
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    let below = walk.filter_entry(|e| e.depth() == 0 || !is_apart(&e.file_name().to_string_lossy())).flatten();
    let marked = below.filter(|e| e.depth() > 0 && e.file_type().is_dir() && e.path().join(SETTINGS).is_file());
    std::iter::once(folder.to_path_buf()).chain(marked.map(walkdir::DirEntry::into_path)).collect()
}

pub fn is_apart(name: &str) -> bool {
    name.starts_with('.') || name == "target" || name == "node_modules"
}

/// The root and the policy files of a path: of a folder without policies of its own, those of the projects below it.
fn find(path: &Path) -> Result<Vec<(PathBuf, Files)>, Failure> {
    let full = absolute(path)?;
    let shown = path.display();
    match std::fs::metadata(&full) {
        Ok(data) if data.is_dir() => {
            let files = walk(&full, usize::MAX)?.unwrap_or_default();
            if files.is_empty() {
                let mut below = Vec::new();
                for folder in folders(&full).into_iter().skip(1) {
                    let files = walk(&folder, usize::MAX)?.unwrap_or_default();
                    below.extend((!files.is_empty()).then_some((folder, Files::Found(files))));
                }
                if !below.is_empty() {
                    return Ok(below);
                }
                return Err(Failure::unreadable(format!("no `*.ordain` file lies below `{shown}`"))
                    .help(format!("`ordain new {shown}/my-policy` starts a policy there")));
            }
            Ok(vec![(root_of(&full), Files::Found(files))])
        }
        Ok(_) if full.extension().is_some_and(|e| e == "ordain") => {
            let folder = full.parent().unwrap_or(&full);
            Ok(vec![(root_of(folder), Files::Found(vec![full]))])
        }
        Ok(_) => Err(Failure::usage(format!("`{shown}` is no policy: names of policy files end in `.ordain`"))),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(missing(path, &full)),
        Err(error) => Err(Failure::unreadable(format!("`{shown}` cannot be read: {}", reason(&error)))),
    }
}

fn missing(path: &Path, full: &Path) -> Failure {
    let failure = Failure::unreadable(format!("there is no file or folder `{}`", path.display()));
    let (Some(folder), Some(name)) = (full.parent(), full.file_name().map(|n| n.to_string_lossy().into_owned())) else {
        return failure;
    };
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    let near = names.into_iter().map(|n| (strsim::damerau_levenshtein(&n, &name), n)).min();
    match near.filter(|n| n.0 <= 1.max(name.chars().count() / 4)) {
        Some((_, near)) => failure.help(format!("did you mean `{}`?", path.with_file_name(near).display())),
        None => failure,
    }
}

/// The policy files below a folder; `None` where there are more than `most` entries to look at.
pub fn walk(folder: &Path, most: usize) -> Result<Option<Vec<PathBuf>>, Failure> {
    let (mut files, mut seen) = (Vec::new(), 0);
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let folder = entry.file_type().is_dir();
        entry.depth() == 0 || !folder || !(is_apart(&name) || entry.path().join(SETTINGS).is_file())
    });
    for entry in walk {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).display().to_string();
            let why = error.io_error().map_or("it leads back to itself".into(), reason);
            Failure::unreadable(format!("`{path}` cannot be read: {why}"))
        })?;
        seen += 1;
        if seen > most {
            return Ok(None);
        }
        let name = entry.file_name().to_string_lossy();
        if name.ends_with(".ordain") && !name.starts_with('.') && entry.path().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(Some(files))
}

/// The nearest folder upwards with settings, or the folder itself.
fn root_of(folder: &Path) -> PathBuf {
    marked_root(folder).unwrap_or(folder).to_path_buf()
}

/// The nearest folder upwards with settings.
pub fn marked_root(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|f| f.join(SETTINGS).is_file())
}

/// The text of a file, without a byte order mark.
pub fn read(path: &Path) -> Result<String, Failure> {
    let shown = shown(path);
    let unreadable = |why: String| Failure::unreadable(format!("`{shown}` cannot be read: {why}"));
    let length = std::fs::metadata(path).map_err(|error| unreadable(reason(&error)))?.len();
    if length > LONGEST {
        return Err(unreadable(format!("it is longer than {} MB", LONGEST >> 20)));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(reason(&error)))?;
    decode(bytes, &shown)
}

/// The text of a cited document. One that is no text (a PDF) exists and has no headings.
pub fn cited(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|error| Failure::unreadable(format!("`{}` cannot be read: {}", shown(path), reason(&error))))?;
    Ok(decode(bytes, "").unwrap_or_default())
}

fn read_stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes);
    read.map_err(|error| Failure::unreadable(format!("standard input cannot be read: {}", reason(&error))))?;
    decode(bytes, STDIN)
}

/// All of standard input, for verbs that read no project from it.
pub fn stdin() -> Result<String, Failure> {
    read_stdin()
}

/// The text of bytes, without a byte order mark; `shown` is what they are called.
pub fn decode(bytes: Vec<u8>, shown: &str) -> Result<String, Failure> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(
            Failure::unreadable(format!("`{shown}` is UTF-16, not UTF-8")).help("save it with the encoding UTF-8")
        );
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|b| **b == b'\n').count() + 1;
            let byte = error.as_bytes().get(at).copied().unwrap_or_default();
            Err(Failure::unreadable(format!("`{shown}` is not UTF-8 text: byte {byte:#04x} in line {line}"))
                .help("save it with the encoding UTF-8"))
        }
    }
}

/// An I/O error in words, without the number of the operating system.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// A path as the reader would write it: relative to where they stand, if it lies below.
pub fn shown(path: &Path) -> String {
    let here = absolute(Path::new(".")).unwrap_or_default();
    slashes(path.strip_prefix(&here).unwrap_or(path))
}

/// Absolute, with `.` and `..` worked out by name.
pub fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let full = std::path::absolute(path)
        .map_err(|error| Failure::unreadable(format!("`{}` cannot be read: {}", path.display(), reason(&error))))?;
    let mut clean = PathBuf::new();
    for part in full.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    Ok(clean)
}

/// The path of a file inside its project.
pub fn inside(root: &Path, file: &Path) -> Result<String, Failure> {
    let path = file.strip_prefix(root).unwrap_or(file);
    if path.to_str().is_none() {
        return Err(Failure::unreadable(format!("the name of `{}` is not UTF-8", path.display())));
    }
    Ok(slashes(path))
}

fn slashes(path: &Path) -> String {
    let parts: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let text = parts.join("/");
    // The root of an absolute path is a part of its own.
    if text.starts_with("//") { text[1..].to_string() } else { text }
}

fn stand(here: &Path, root: &Path) -> Stand {
    let folder = |path: &Path| match slashes(path) {
        text if text.is_empty() => text,
        text => format!("{}/", text.trim_end_matches('/')),
    };
    if let Ok(inside) = here.strip_prefix(root) {
        return Stand { prefix: String::new(), inside: folder(inside) };
    }
    if let Ok(below) = root.strip_prefix(here) {
        return Stand { prefix: folder(below), inside: String::new() };
    }
    Stand { prefix: folder(root), inside: String::new() }
}
