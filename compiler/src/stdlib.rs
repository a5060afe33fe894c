//! The standard library: `stdlib/*.ordain`, embedded under the file names `<std/….ordain>`.
//!
//! It is versioned with the compiler, parsed only where a project uses it, and can be opened like any other file.

macro_rules! modules {
    ($($module:literal)*) => {
        /// (module, shown path, text), by module name: `school` is imported as `std.school`.
        pub static FILES: &[(&str, &str, &str)] = &[$((
            $module,
            concat!("<std/", $module, ".ordain>"),
            include_str!(concat!("../../stdlib/", $module, ".ordain")),
        )),*];
    };
}

modules! { "calendar" "communication" "consent" "school" "workplace" }

/// The file of `std.NAME`: its shown path and its text.
pub fn find(module: &str) -> Option<(&'static str, &'static str)> {
    FILES.iter().find(|f| f.0 == module).map(|f| (f.1, f.2))
}

/// Is this the shown path of a file of the standard library?
pub fn is_std(path: &str) -> bool {
    path.starts_with("<std/")
}

/// What the library declares, to say which module a name is missing from: (name, module, what it is).
static NAMES: &[(&str, &str, &str)] = &[];

/// The module that declares a name, and what it is there: "role", "channel", "fact", "define", "period", "duty".
pub fn declares(name: &str) -> Option<(&'static str, &'static str)> {
    NAMES.iter().find(|n| n.0 == name).map(|n| (n.1, n.2))
}
