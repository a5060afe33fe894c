//! The pages of the codes, executed: every `ordain fails` block gives its page's code and no other error, every `ordain
//! passes` block gives no error and not that code; every code has a page with both, and every page has a code.

use ordain::diagnostics::{Level, codes};
use ordain_tests::{Page, Project, pages, project, report};

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages = pages("docs/codes", &[]);
    let mut complaints = Vec::new();
    for page in pages.iter().filter(|p| !p.path.ends_with("README.md")) {
        let name = page.path.trim_start_matches("docs/codes/").trim_end_matches(".md");
        match codes::find(name) {
            Some(code) if page.title() == format!("{}: {}", code.id, code.name) => {}
            Some(code) => complaints.push(format!("{}: the title must be `# {}: {}`", page.path, code.id, code.name)),
            None => complaints.push(format!("{}: there is no such code", page.path)),
        }
    }
    for code in codes::ALL {
        if !pages.iter().any(|p| p.path.ends_with(&format!("{}.md", code.id))) {
            complaints.push(format!("docs/codes/{}.md is missing", code.id));
        }
    }
    report(complaints);
}

#[test]
fn every_page_shows_its_code_and_the_repair() {
    let pages = pages("docs/codes", &[]);
    report(pages.iter().filter(|p| !p.path.ends_with("README.md")).flat_map(check_page).collect());
}

fn check_page(page: &Page) -> Vec<String> {
    let projects = match Project::of_page(page) {
        Ok(projects) => projects,
        Err(message) => return vec![message],
    };
    let mut complaints = Vec::new();
    for heading in ["## Example", "## Repair", "## Notes"] {
        if !page.text.lines().any(|l| l == heading) {
            complaints.push(format!("{}: no `{heading}`", page.path));
        }
    }
    for word in ["fails", "passes"] {
        if !projects.iter().any(|p| p.words.iter().any(|w| w == word)) {
            complaints.push(format!("{}: no block that {word}", page.path));
        }
    }
    let code = page.title().split(':').next().unwrap_or("");
    for project in &projects {
        let fails = project.words.iter().any(|w| w == "fails");
        if project.files.iter().any(|f| f.bytes.is_some()) {
            complaints.extend(load(page, project, code, fails));
            continue;
        }
        let checked = project.check();
        let mut found = false;
        for diagnostic in &checked.diagnostics {
            found |= diagnostic.code.id == code;
            let foreign = diagnostic.code.id != code && diagnostic.level == Level::Error;
            if foreign || (!fails && diagnostic.code.id == code) {
                let (_, line) = project.place(&checked, diagnostic);
                let shown = project::shown(diagnostic);
                complaints.push(format!("{}:{line}: unexpected {}: {shown}", page.path, diagnostic.code.id));
            }
        }
        if fails && !found {
            complaints.push(format!("{}:{}: {code} is not found", page.path, project.line));
        }
    }
    complaints
}

/// Files with bytes of their own are read from a folder, as the command reads them.
fn load(page: &Page, project: &Project, code: &str, fails: bool) -> Option<String> {
    let folder = tempfile::tempdir().ok()?;
    for file in &project.files {
        let bytes = file.bytes.as_deref().unwrap_or(file.text.as_bytes());
        std::fs::write(folder.path().join(&file.path), bytes).ok()?;
    }
    let loaded = ordain::cli::load::project(folder.path(), &project.options);
    let at = |text: String| Some(format!("{}:{}: {text}", page.path, project.line));
    match loaded {
        Ok(loaded) if !fails => {
            let checked = loaded.workspace.check();
            let error = checked.diagnostics.iter().find(|d| d.level == Level::Error)?;
            at(format!("unexpected {}: {}", error.code.id, project::shown(error)))
        }
        Ok(_) => at(format!("{code} is not found")),
        Err(failure) if fails && failure.code.is_some_and(|c| c.id == code) => None,
        Err(failure) => at(format!("unexpected: {}", failure.message)),
    }
}
