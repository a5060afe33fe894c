//! The standard library: `stdlib/*.ordain`, embedded under the file names `<std/….ordain>`.
//!
//! It is versioned with the compiler, parsed only where a project uses it, and can be opened like any other file.

/// (module, shown path, text), by module name: `school` is imported as `std.school`.
pub static FILES: &[(&str, &str, &str)] = &[];

/// The file of `std.NAME`.
pub fn find(module: &str) -> Option<(&'static str, &'static str)> {
    FILES.iter().find(|f| f.0 == module).map(|f| (f.1, f.2))
}
