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
static NAMES: &[(&str, &str, &str)] = &[
    ("weekdays", "calendar", "period"),
    ("weekend", "calendar", "period"),
    ("every_day", "calendar", "period"),
    ("office_hours", "calendar", "period"),
    ("evening", "calendar", "period"),
    ("night", "calendar", "period"),
    ("email", "communication", "channel"),
    ("call", "communication", "channel"),
    ("text", "communication", "channel"),
    ("video", "communication", "channel"),
    ("google_meet", "communication", "channel"),
    ("zoom", "communication", "channel"),
    ("microsoft_teams", "communication", "channel"),
    ("other_video", "communication", "channel"),
    ("chat", "communication", "channel"),
    ("google_chat", "communication", "channel"),
    ("group_messaging", "communication", "channel"),
    ("other_chat", "communication", "channel"),
    ("social_media", "communication", "channel"),
    ("facebook", "communication", "channel"),
    ("instagram", "communication", "channel"),
    ("snapchat", "communication", "channel"),
    ("tiktok", "communication", "channel"),
    ("other_social_media", "communication", "channel"),
    ("learning_platform", "communication", "channel"),
    ("google_classroom", "communication", "channel"),
    ("blackboard", "communication", "channel"),
    ("canvas", "communication", "channel"),
    ("other_learning_platform", "communication", "channel"),
    ("letter", "communication", "channel"),
    ("in_person", "communication", "channel"),
    ("other_tool", "communication", "channel"),
    ("consent", "consent", "fact"),
    ("consent_form", "consent", "fact"),
    ("consented", "consent", "define"),
    ("consented_in_writing", "consent", "define"),
    ("objected", "consent", "define"),
    ("ask_consent", "consent", "duty"),
    ("keep_consent", "consent", "duty"),
    ("respect_withdrawal", "consent", "duty"),
    ("student", "school", "role"),
    ("staff", "school", "role"),
    ("teacher", "school", "role"),
    ("coordinator", "school", "role"),
    ("administrator", "school", "role"),
    ("principal", "school", "role"),
    ("assistant_principal", "school", "role"),
    ("counselor", "school", "role"),
    ("nurse", "school", "role"),
    ("other_staff", "school", "role"),
    ("guardian", "school", "role"),
    ("other_person", "school", "role"),
    ("employee", "workplace", "role"),
    ("worker", "workplace", "role"),
    ("manager", "workplace", "role"),
    ("executive", "workplace", "role"),
    ("human_resources", "workplace", "role"),
    ("compliance_officer", "workplace", "role"),
    ("intern", "workplace", "role"),
    ("contractor", "workplace", "role"),
    ("applicant", "workplace", "role"),
    ("business_partner", "workplace", "role"),
    ("customer", "workplace", "role"),
    ("supplier", "workplace", "role"),
    ("public_official", "workplace", "role"),
    ("outsider", "workplace", "role"),
];

/// The module that declares a name, and what it is there: "role", "channel", "fact", "define", "period", "duty".
pub fn declares(name: &str) -> Option<(&'static str, &'static str)> {
    NAMES.iter().find(|n| n.0 == name).map(|n| (n.1, n.2))
}

/// Everything that the library declares: (name, module, what it is).
pub fn names() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    NAMES.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{Project, collect};
    use crate::source::{Source, Sources};

    #[test]
    fn names_are_those_declared() {
        let mut sources = Sources::default();
        let mut files = Vec::new();
        for (_, path, text) in FILES {
            let id = sources.add(Source::new(*path, *text));
            let (file, errors) = crate::parse::parse(id, text);
            assert!(errors.is_empty(), "{path}: {errors:?}");
            files.push((id, file));
        }
        let (project, _) = Project::new(&sources, &files);
        let (_, found, errors) = collect::collect(&sources, &project, None);
        assert!(errors.is_empty(), "the modules can be used together: {errors:?}");
        let module = |file: usize| FILES.iter().find(|f| f.1 == project.files[file].path).map_or("", |f| f.0);
        let mut declared: Vec<_> = found
            .known
            .symbols
            .iter()
            .filter_map(|s| Some((s.name.as_str(), module(s.file?), s.kind.noun())))
            .collect();
        let mut told = NAMES.to_vec();
        declared.sort();
        told.sort();
        assert_eq!(told, declared);
    }
}
