//! Texts -> files, whole or not at all.

use super::load;
use super::ui::Failure;
use std::io::Write;
use std::path::Path;

/// Replaces a file in one step, so that nobody ever sees half of it.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let fault =
        |error: std::io::Error| Failure::unreadable(format!("`{}` cannot be written: {error}", load::shown(path)));
    // A link stays a link.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".ordain-").tempfile_in(folder).map_err(fault)?;
    file.write_all(text.as_bytes()).map_err(fault)?;
    let permissions = match std::fs::metadata(&target) {
        Ok(data) => Some(data.permissions()),
        Err(_) => None,
    };
    match permissions {
        Some(permissions) => file.as_file().set_permissions(permissions).map_err(fault)?,
        None => open_to_all(file.as_file()).map_err(fault)?,
    }
    file.persist(&target).map(|_| ()).map_err(|error| fault(error.error))
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
