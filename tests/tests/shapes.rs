//! The shapes of `ordain_tests::shapes`: the same text every time, understood without a fault, and the truth about the
//! smallest tables on which other analyses fail.

use ordain::diagnostics::{Level, codes};
use ordain::workspace::{Change, Checked, Workspace};
use ordain_tests::shapes::{self, Bpm, NAMES, bpm, by_name, minimal};

fn workspace<P: Into<String>>(files: impl IntoIterator<Item = (P, String)>) -> Workspace {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: path.into(), text: text.into() });
    }
    workspace
}

fn one(text: &str) -> Workspace {
    workspace([("policy.ordain", text.to_string())])
}

/// The findings' codes, by number.
fn found(checked: &Checked) -> Vec<&'static str> {
    let mut found: Vec<&str> = checked.diagnostics.iter().map(|d| d.code.id).collect();
    found.sort_unstable();
    found
}

#[test]
fn every_shape_is_the_same_each_time_and_understood() {
    for (name, _) in NAMES {
        let files = by_name(name, 120, 7).expect("a shape of the list");
        assert_eq!(Some(&files), by_name(name, 120, 7).as_ref(), "{name} differs from itself");
        let understood = workspace(files).understand();
        assert!(understood.complete, "{name}: {:?}", understood.diagnostics.first());
    }
    assert_ne!(by_name("aup", 120, 7), by_name("aup", 120, 8));
    assert_eq!(by_name("nothing", 120, 7), None);
}

#[test]
fn sizes_are_what_was_asked_for() {
    let sizes = [("aup", 300, 1), ("bpm5", 500, 2), ("sel8", 200, 3), ("hard20", 50, 4), ("layers", 400, 5)];
    for (name, size, seed) in sizes {
        let files = by_name(name, size, seed).expect("a shape of the list");
        let rules = files.iter().flat_map(|f| f.1.lines()).filter(|l| l.starts_with("rule ")).count();
        assert!(rules.abs_diff(size) <= size / 20, "{name}: {rules} rules, not about {size}");
    }
}

#[test]
fn the_files_of_a_policy_say_what_its_one_file_says() {
    let whole = one(&shapes::aup(240, 5)).check();
    let parts = workspace(shapes::aup_files(240, 5)).check();
    let messages = |c: &Checked| {
        let mut all: Vec<String> = c.diagnostics.iter().map(|d| d.message.clone()).collect();
        all.sort();
        all
    };
    assert!(whole.complete && parts.complete);
    assert_eq!(messages(&whole), messages(&parts));
    assert_eq!(whole.kinds, parts.kinds);
}

/// What an owner would see: few findings, and each of the planted causes somewhere.
#[test]
fn a_policy_on_acceptable_use_is_clean_but_for_what_is_planted() {
    let checked = one(&shapes::aup(400, 1)).check();
    let planted = checked.diagnostics.iter().filter(|d| d.level > Level::Note);
    let counted = planted.clone().count();
    assert!((1..=20).contains(&counted), "{counted} findings");
    for finding in planted {
        assert!(finding.message.contains("_x") || finding.code.id == codes::UNUSED.id, "{}", finding.message);
    }
}

/// Policies that yield: what is planted is found, the policies do not quarrel, and no rule is idle but those.
#[test]
fn layers_are_clean_but_for_what_is_planted() {
    let files = shapes::layers(400, 1);
    let planted = files.iter().flat_map(|f| f.1.lines()).filter(|l| l.starts_with("rule never")).count();
    let checked = workspace(files).check();
    let told: Vec<&str> =
        checked.diagnostics.iter().filter(|d| d.level > Level::Note).map(|d| d.message.as_str()).collect();
    assert!(planted > 0 && told.len() == planted, "{planted} planted: {told:#?}");
    assert!(told.iter().all(|message| message.starts_with("`never")), "{told:#?}");
    assert!(found(&checked).contains(&codes::UNREACHABLE.id));
}

#[test]
fn where_each_row_has_an_outcome_of_its_own_every_overlap_is_a_conflict() {
    let table = Bpm { columns: 3, rules: 80, distinct: true, seed: 3 };
    let (apart, few) = (one(&bpm(&table)).check(), one(&bpm(&Bpm { distinct: false, ..table })).check());
    let conflicts = |c: &Checked| found(c).iter().filter(|c| **c == codes::CONFLICT.id).count();
    assert!(conflicts(&apart) > conflicts(&few), "{} and {}", conflicts(&apart), conflicts(&few));
    assert!(found(&apart).contains(&codes::GAP.id) && found(&few).contains(&codes::GAP.id));
}

/// The third row is dead in each, and the gap is exactly the one stated: proved by two expectations, one on either side.
#[test]
fn the_smallest_tables_on_which_others_fail() {
    for table in minimal() {
        let mut workspace = workspace(table.files.iter().map(|(path, text)| (path.to_string(), text.clone())));
        let (path, text) = &table.files[0];
        let claims = match table.gap {
            Some(gap) => format!(
                "expect \"the gap\" {{ undecided when {gap} }}\nexpect \"the rest\" {{ permit when not ({gap}) }}\n"
            ),
            None => "expect \"all\" { permit }\n".to_string(),
        };
        workspace.apply(Change::Set { path: path.to_string(), text: format!("{text}{claims}").into() });
        let checked = workspace.check();
        let dead = if table.dead == "redundant" { codes::REDUNDANT.id } else { codes::UNREACHABLE.id };
        let mut expected = vec![dead];
        expected.extend(table.gap.map(|_| codes::GAP.id));
        expected.sort_unstable();
        assert_eq!(found(&checked), expected, "{}: {:?}", table.name, checked.diagnostics);
        let about = checked.diagnostics.iter().find(|d| d.code.id == dead).expect("the dead row is found");
        assert!(about.message.starts_with("`row3`"), "{}: {}", table.name, about.message);
    }
}
