//! The specification and the documentation, executed: every block of `tests/spec`, of `docs` and of the pages at the root is
//! checked, and its marks, expectations and `decide` lines must hold exactly.

use ordain_tests::{Page, Project, pages, report, root};

fn complaints(page: &Page) -> Vec<String> {
    match Project::of_page(page) {
        Ok(projects) => projects.iter().flat_map(|p| p.complaints(page)).collect(),
        Err(message) => vec![message],
    }
}

#[test]
fn specification() {
    let pages = pages("tests/spec", &[]);
    assert!(!pages.is_empty(), "the specification is missing");
    report(pages.iter().flat_map(complaints).collect());
}

#[test]
fn documentation() {
    let mut pages = pages("docs", &["docs/codes", "docs/schema"]);
    assert!(!pages.is_empty(), "the documentation is missing");
    for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        pages.push(Page::read(&root(), path));
    }
    report(pages.iter().flat_map(complaints).collect());
}

/// A page that is not in its folder's index, or a numbered page out of line, is not found by readers.
#[test]
fn indexes_name_every_page() {
    let mut complaints = Vec::new();
    for folder in ["docs", "tests/spec"] {
        let index = Page::read(&root(), &format!("{folder}/README.md"));
        for page in pages(folder, &["docs/codes", "docs/schema"]) {
            let name = page.path.trim_start_matches(folder).trim_start_matches('/');
            if name != "README.md" && !index.text.contains(&format!("({name})")) {
                complaints.push(format!("{}: {name} is not listed", index.path));
            }
        }
    }
    report(complaints);
}

/// Links between the repository's pages lead somewhere.
#[test]
fn links_lead_somewhere() {
    let mut complaints = Vec::new();
    let mut all = pages("docs", &["docs/schema"]);
    all.extend(pages("tests/spec", &[]));
    for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        all.push(Page::read(&root(), path));
    }
    for page in &all {
        let folder = root().join(&page.path).parent().map(|p| p.to_path_buf()).unwrap_or_default();
        for part in page.text.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or("");
            let file = target.split('#').next().unwrap_or("");
            if !file.is_empty() && !target.contains("://") && !folder.join(file).exists() {
                complaints.push(format!("{}: nothing at {target}", page.path));
            }
        }
    }
    report(complaints);
}
