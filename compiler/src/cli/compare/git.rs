//! A revision of a git repository -> the project as it was then.
//!
//! Asks the installed `git` for the list of files and their contents; the working tree is not touched. Which files belong to
//! the project is decided as `load` decides it for files on disk.

use super::load::{self, Project};
use crate::cli::ui::Failure;
use crate::diagnostics::render::Stand;
use crate::workspace::{Change, Options, SETTINGS, Workspace, is_policy};
use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The project of a path at a revision.
pub fn project(rev: &str, path: &Path, options: &Options) -> Result<Project, Failure> {
    let full = load::absolute(path)?;
    let folder = if full.is_dir() { full.as_path() } else { full.parent().unwrap_or(&full) };
    let top = git(folder, &["rev-parse", "--show-toplevel"])
        .map_err(|failure| outside(failure, path))?
        .trim_end_matches(['\n', '\r'])
        .to_string();
    let prefix = git(folder, &["rev-parse", "--show-prefix"])?;
    let prefix = prefix.trim_end_matches(['\n', '\r', '/']);
    let top = Path::new(&top);
    let asked = format!("{rev}^{{commit}}");
    if rev.is_empty() || rev.starts_with('-') {
        return Err(unknown(rev));
    }
    let commit = git(top, &["rev-parse", "--verify", "--quiet", &asked]).map_err(|_| unknown(rev))?;
    let tree = Tree::new(top, commit.trim())?;
    let below = match full.file_name().filter(|_| !full.is_dir()) {
        None => prefix.to_string(),
        Some(name) => join(prefix, &name.to_string_lossy()),
    };
    let shown = path.display();
    let (root, files) = match tree.files.contains_key(&below) {
        true if is_policy(&below) => (tree.root(prefix), vec![below.clone()]),
        true => return Err(Failure::usage(format!("`{shown}` is no policy: names of policy files end in `.ordain`"))),
        false => (tree.root(&below), tree.policies(&below)),
    };
    if files.is_empty() {
        return Err(Failure::unreadable(format!("at `{rev}` no `*.ordain` file lies below `{shown}`"))
            .help("name a revision in which the policy was there, or compare two folders"));
    }
    let mut workspace = Workspace::default();
    let inside = |file: &str| file.strip_prefix(&folder_of(&root)).unwrap_or(file).to_string();
    let mut wanted: Vec<String> = files;
    let settings = join(&root, SETTINGS);
    wanted.extend(tree.files.contains_key(&settings).then_some(settings));
    for (file, bytes) in wanted.iter().zip(tree.read(&wanted)?) {
        let text = load::decode(bytes, &format!("{rev}:{file}"))?;
        workspace.apply(Change::Set { path: inside(file), text: Arc::from(text) });
    }
    load::complete(&mut workspace, |path| {
        let file = join(&root, path);
        if !tree.files.contains_key(&file) {
            return Ok(None);
        }
        let bytes = tree.read(std::slice::from_ref(&file))?.pop().unwrap_or_default();
        // A cited document that is no text exists and has no headings.
        let text = load::decode(bytes, &format!("{rev}:{file}"));
        if is_policy(path) { text.map(Some) } else { Ok(Some(text.unwrap_or_default())) }
    })?;
    workspace.apply(Change::Options(Options { partial: true, ..options.clone() }));
    let stand = Stand { prefix: format!("{rev}:{}", folder_of(&root)), inside: String::new() };
    Ok(Project { workspace, root: top.join(&root), stand })
}

fn unknown(rev: &str) -> Failure {
    Failure::usage(format!("git knows no revision `{rev}`"))
        .help("a branch, a tag or a commit; after a shallow clone the history may have to be fetched first")
}

fn outside(failure: Failure, path: &Path) -> Failure {
    if failure.code.is_some() {
        return failure;
    }
    Failure::usage(format!("`{}` lies in no git repository", path.display()))
        .help("`ordain compare OLD NEW` compares two folders")
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_string() } else { format!("{folder}/{name}") }
}

/// With a slash behind it, unless it is the top.
fn folder_of(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// Git in a folder. In a hook, variables name the hook's own repository and index; here the folder does.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"].into_iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// What git says. A failure with a code means that git could not be asked at all.
fn git(folder: &Path, args: &[&str]) -> Result<String, Failure> {
    let bytes = output(command(folder).args(args))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn output(command: &mut Command) -> Result<Vec<u8>, Failure> {
    let done = command.stderr(Stdio::piped()).output();
    let done = done.map_err(|error| {
        let why = load::reason(&error);
        Failure::unreadable(format!("`git` cannot be started: {why}")).help("install git, or compare two folders")
    })?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    let said = String::from_utf8_lossy(&done.stderr).trim().replace('\n', "; ");
    Err(Failure::usage(format!("git: {said}")))
}

/// The files of a revision.
struct Tree<'a> {
    top: &'a Path,
    /// Path from the top, and the name of the content.
    files: BTreeMap<String, String>,
}

impl<'a> Tree<'a> {
    fn new(top: &'a Path, commit: &str) -> Result<Self, Failure> {
        let list = output(command(top).args(["ls-tree", "-r", "-z", "--full-tree", commit]))?;
        let mut files = BTreeMap::new();
        for entry in list.split(|b| *b == 0) {
            // `100644 blob 5f2c… <tab> path`; links (120000) and modules (commit) are left out.
            let entry = String::from_utf8_lossy(entry);
            let Some((head, path)) = entry.split_once('\t') else { continue };
            let mut words = head.split(' ');
            if let (Some(mode), Some("blob"), Some(name)) = (words.next(), words.next(), words.next())
                && mode != "120000"
            {
                files.insert(path.to_string(), name.to_string());
            }
        }
        Ok(Self { top, files })
    }

    /// The nearest folder upwards with settings, or the folder itself.
    fn root(&self, folder: &str) -> String {
        let mut at = folder;
        loop {
            if self.files.contains_key(&join(at, SETTINGS)) {
                return at.to_string();
            }
            match at.rsplit_once('/') {
                Some((above, _)) => at = above,
                None if !at.is_empty() => at = "",
                None => return folder.to_string(),
            }
        }
    }

    /// The policy files below a folder, without those of projects of their own.
    fn policies(&self, folder: &str) -> Vec<String> {
        let before = folder_of(folder);
        let own = |path: &&String| {
            let Some(rest) = path.strip_prefix(&before) else { return false };
            let mut at = folder.to_string();
            let (folders, name) = rest.rsplit_once('/').map_or(("", rest), |(a, b)| (a, b));
            let inside = folders.split('/').filter(|f| !f.is_empty()).all(|part| {
                at = join(&at, part);
                !load::is_apart(part) && !self.files.contains_key(&join(&at, SETTINGS))
            });
            inside && name.ends_with(".ordain") && !name.starts_with('.')
        };
        self.files.keys().filter(own).cloned().collect()
    }

    /// The contents of files, in one call.
    fn read(&self, paths: &[String]) -> Result<Vec<Vec<u8>>, Failure> {
        let fault =
            |error: std::io::Error| Failure::unreadable(format!("`git` cannot be asked: {}", load::reason(&error)));
        let mut names = tempfile::tempfile().map_err(fault)?;
        for path in paths {
            let name = self.files.get(path).map_or("", String::as_str);
            writeln!(names, "{name}").map_err(fault)?;
        }
        names.rewind().map_err(fault)?;
        let all = output(command(self.top).args(["cat-file", "--batch"]).stdin(Stdio::from(names)))?;
        let mut rest = all.as_slice();
        let mut contents = Vec::with_capacity(paths.len());
        for path in paths {
            // `name blob size`, a line; the content; an end of line.
            let broken = || Failure::unreadable(format!("git did not give the content of `{path}`"));
            let end = rest.iter().position(|b| *b == b'\n').ok_or_else(broken)?;
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            let size: usize = head.rsplit(' ').next().and_then(|n| n.parse().ok()).ok_or_else(broken)?;
            let content = rest.get(end + 1..end + 1 + size).ok_or_else(broken)?;
            contents.push(content.to_vec());
            rest = rest.get(end + 2 + size..).unwrap_or_default();
        }
        Ok(contents)
    }
}
