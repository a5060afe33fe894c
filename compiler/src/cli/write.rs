//! Texts -> files, whole or not at all.

use super::load;
use super::ui::Failure;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Replaces a file in one step, so that nobody ever sees half of it.
pub fn replace(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut file = Staged::new(path)?;
    file.write_all(bytes.as_ref()).map_err(|error| fault(path, error))?;
    file.finish()
}

/// A file that is written beside the one it replaces, and takes its place when it is whole.
pub struct Staged {
    file: tempfile::NamedTempFile,
    target: PathBuf,
}

impl Staged {
    pub fn new(path: &Path) -> Result<Self, Failure> {
        // A link stays a link.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = target.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file =
            tempfile::Builder::new().prefix(".ordain-").tempfile_in(folder).map_err(|error| fault(path, error))?;
        Ok(Self { file, target })
    }

    /// Puts it in its place.
    pub fn finish(self) -> Result<(), Failure> {
        let Self { file, target } = self;
        let permissions = match std::fs::metadata(&target) {
            Ok(data) => file.as_file().set_permissions(data.permissions()),
            Err(_) => open_to_all(file.as_file()),
        };
        let placed = permissions.and_then(|()| file.persist(&target).map_err(|error| error.error));
        placed.map(|_| ()).map_err(|error| fault(&target, error))
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn fault(path: &Path, error: std::io::Error) -> Failure {
    Failure::unreadable(format!("`{}` cannot be written: {error}", load::shown(path)))
}

/// A new file is readable as other new files are; temporary ones are not.
#[cfg(unix)]
fn open_to_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
