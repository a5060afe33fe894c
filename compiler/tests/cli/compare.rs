//! `ordain compare` on two folders and on the revisions of a repository.

use super::bench::Bench;
use super::schema::assert_fits;
use insta::assert_snapshot;
use std::path::Path;
use std::process::Command;

const DOORS: &str = "policy p \"Doors\" { default forbid }
fact late, known: yes/no
fact age: number 0 to 99 years
role guest, staff { cook, porter }
channel front, back
duty lock
rule open { permit front from guest when not late }
rule shut { forbid back from guest when late and not known }
rule night { oblige lock when late }
";

/// A version that differs in everything that can be told.
const OTHER: &str = "policy p \"Doors\" { default forbid }
fact late: yes/no
fact age: number 0 to 120 years
fact ticket: yes/no
role guest, staff { cook, porter, guard }
channel front, side
duty lock
duty light \"Leave a light on\"
decision fee: one of none, full
rule open { permit front from guest when not late and ticket }
rule shut { forbid side from guest when late }
rule staff_only { permit from staff when age >= 18 years }
rule night { oblige light when late }
rule fees { fee is full when late }
";

fn two(old: &str, new: &str) -> Bench {
    Bench::new(&[("old/doors.ordain", old), ("new/doors.ordain", new)])
}

/// The founding example in a folder of its own.
fn founding() -> Bench {
    let bench = Bench::new(&[]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/student-aup");
    for entry in std::fs::read_dir(folder).expect("the example").flatten() {
        if entry.path().is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            bench.write(&format!("aup/{name}"), &std::fs::read_to_string(entry.path()).expect("a text"));
        }
    }
    bench
}

fn edit(bench: &Bench, path: &str, from: &str, to: &str) {
    let text = bench.read(path);
    assert!(text.contains(from), "{path} does not say {from}");
    bench.write(path, &text.replacen(from, to, 1));
}

fn git(bench: &Bench, args: &[&str]) {
    let who = ["-c", "user.name=ci", "-c", "user.email=ci@example.org", "-c", "init.defaultBranch=main"];
    let done = Command::new("git").args(who).args(args).current_dir(bench.path()).output().expect("git");
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn commit(bench: &Bench, message: &str) {
    git(bench, &["add", "-A"]);
    git(bench, &["commit", "-qm", message]);
}

/// Three commits: the policy, a refactoring, and a change that lets students text staff.
#[test]
fn three_commits_of_the_founding_policy() {
    let bench = founding();
    git(&bench, &["init", "-q"]);
    commit(&bench, "The policy");
    let any = ["compare", "--git", "HEAD", "aup", "--fail-on", "any"];
    assert_snapshot!(bench.run(&any), @r"
    no case is decided differently

    proved for all 66,414 kinds of case
    ");

    edit(&bench, "aup/contact.ordain", "when account is personal", "when not account is district");
    edit(&bench, "aup/contact.ordain", "rule school_pages", "rule own_pages");
    edit(&bench, "aup/expectations.ordain", "by school_pages", "by own_pages");
    assert_snapshot!(bench.run(&any), @r"
    no case is decided differently

    what was edited
       rule `personal_mail` “No personal mail” changed  aup/contact.ordain:10
         was  forbid email from student to staff when account is personal
         is   forbid email from student to staff when not account is district
         it says the same as before in every case
       rule `own_pages` “No contact through the district's own pages” renamed, it was `school_pages`  aup/contact.ordain:53

    proved for all 66,414 kinds of case
    ");
    commit(&bench, "Said the other way round");

    edit(&bench, "aup/contact.ordain", "forbid text from student to staff", "permit text from student to staff");
    let widening = ["compare", "--git", "HEAD", "aup", "--fail-on", "widening"];
    assert_snapshot!(bench.run(&widening), @r"
    4 of 66,414 kinds of case are decided differently (less than 0.01 %)
       = 4 kinds of case are permitted now and not before
       = who gains as sender: student (4)
       = who gains as recipient: teacher (2), coordinator, administrator, counselor, nurse and other_staff (2)

    what is permitted: 4 kinds of case
    + forbid → permit: channel: text; sender: student; recipient: staff; activity: contact; purpose: other_purpose
        for example: a student reaches a teacher through text message, purpose is other purpose
        4 kinds of case; before by texts; now by texts
        because: rule `texts` changed

    what was edited
       rule `texts` “No text messages” changed  aup/contact.ordain:20
         was  forbid text from student to staff
         is   permit text from student to staff
         it says something else in 8 kinds of case

    proved: the rows are exactly the cases that changed, and both versions decided each example
    -- exit code 1 --
    ");
    assert_eq!(bench.code(&["compare", "--git", "HEAD", "aup", "--fail-on", "narrowing,duty"]), 0);
    assert_eq!(bench.code(&["compare", "--git", "HEAD", "aup", "--fail-on", "duty,verdict"]), 1);
    assert_eq!(bench.code(&["compare", "--git", "HEAD", "aup"]), 0);
    assert_snapshot!(bench.run(&["compare", "--git", "HEAD", "aup", "--format", "markdown"]), @r"
    ## 4 of 66,414 kinds of case are decided differently (less than 0.01 %)

    * 4 kinds of case are permitted now and not before
    * Who gains, as sender: student (4)
    * Who gains, as recipient: teacher (2), coordinator, administrator, counselor, nurse and other_staff (2)

    ### What is permitted: 4 kinds of case

    | In these cases | Before | Now | For example | Because |
    |---|---|---|---|---|
    | channel: **text**<br>sender: **student**<br>recipient: **staff**<br>activity: **contact**<br>purpose: **other_purpose** | forbid | **permit** | a student reaches a teacher through text message, purpose is other purpose | rule `texts` changed |

    ### What was edited

    * Rule `texts` “No text messages” changed (aup/contact.ordain:20); it says something else in 8 kinds of case
      * was `forbid text from student to staff`
      * is `permit text from student to staff`

    <details><summary>What the words mean</summary>

    **contact**: somebody contacts somebody

    </details>

    <sub>Proved: the rows are exactly the cases that changed, and both versions decided each example. A kind of case is a class of cases that no rule tells apart.</sub>
    ");
    // From inside the folder, of a file, and against an older revision.
    let from_above = bench.run(&["compare", "--git", "HEAD", "aup"]).replace("aup/", "");
    assert_eq!(bench.run_in("aup", &["compare", "--git", "HEAD"]), from_above);
    assert_eq!(bench.code(&["compare", "--git", "HEAD~1", "aup/contact.ordain", "--fail-on", "widening"]), 1);
}

#[test]
fn everything_that_can_differ() {
    let bench = two(DOORS, OTHER);
    assert_snapshot!(bench.run(&["compare", "old", "new"]), @r"
    24 of 32 kinds of case are decided differently (75 %)
       = 8 kinds of case are permitted now and not before
       = 4 kinds of case are no longer permitted
       = the duty `lock` differs in 16 kinds of case
       = the duty `light` differs in 16 kinds of case
       = 112 kinds of case are new to the policy (channel is side; sender is guard; age at least 100 years); it permits 58 of them
       = 32 kinds of case are no case any more (channel is back)
       = who gains as sender: cook and porter (8)
       = who loses as sender: guest (4)

    what is permitted: 12 kinds of case
    + forbid → permit: sender: cook, porter; age (years): ≥ 18
        for example: a cook reaches someone through front, age is 20 years
        8 kinds of case; before by default; now by staff_only
        because: rule `staff_only` added
    - permit → forbid: sender: guest; late: no; ticket: no
        for example: a guest reaches someone through front, not late, not ticket
        4 kinds of case; before by open; now by default
        because: rule `open` changed

    the duty `lock`: 16 kinds of case
    ~ follows → does not follow: late: yes
        for example: contact through front, late
        16 kinds of case
        because: rule `night` changed

    the duty `light` (Leave a light on): 16 kinds of case
    ~ does not follow → follows: late: yes
        for example: contact through front, late
        16 kinds of case
        because: rule `night` changed

    new cases, what is permitted: 112 kinds of case
       permit: channel: front; sender: guest; late: no; ticket: yes
       permit: sender: staff; age (years): ≥ 18
       forbid: channel: front; sender: guest; late: no; ticket: no
       forbid: channel: front; sender: guest; late: yes
       forbid: channel: side; sender: guest
       forbid: sender: staff; age (years): ≤ 17

    new cases, the decision `fee`: 112 kinds of case
       full: late: yes
       undecided: late: no

    cases that are gone, what is permitted: 32 kinds of case
       all of them: forbid

    what was edited
       role `guard` added  new/doors.ordain:5
       channel `side` added  new/doors.ordain:6
       channel `back` removed  old/doors.ordain:5
       fact `age` changed  new/doors.ordain:3
         was  number 0 to 99 years
         is   number 0 to 120 years
       fact `ticket` added  new/doors.ordain:4
         is  yes/no
       fact `known` removed  old/doors.ordain:2
         was  yes/no
       duty `light` added  new/doors.ordain:8
         is  Leave a light on
       decision `fee` added  new/doors.ordain:9
         is  one of none, full
       rule `open` changed  new/doors.ordain:10
         was  permit front from guest when not late
         is   permit front from guest when not late and ticket
         it says something else in 4 kinds of case
       rule `shut` changed  new/doors.ordain:11
         was  forbid back from guest when late and not known
         is   forbid side from guest when late
         it says the same as before in every case that both versions know
       rule `staff_only` added  new/doors.ordain:12
         says  permit from staff when age >= 18 years
         it applies in 8 kinds of case
       rule `night` changed  new/doors.ordain:13
         obliges, before  oblige lock when late
         obliges, now     oblige light when late
         it says something else in 16 kinds of case
       rule `fees` added  new/doors.ordain:14
         says  fee is full when late
         it applies in 16 kinds of case

    note: `ticket` is a fact of the new version alone: every case was compared with each of its values, which the old version does not ask for
    note: `known` is a fact of the old version alone: every case was compared with each of its values, which the new version does not ask for
    note: `fee` is decided by the new version alone, so it was not compared

    proved: the rows are exactly the cases that changed, and both versions decided each example
    ");
}

#[test]
fn json_fits_its_schema() {
    for (old, new) in [(DOORS, OTHER), (OTHER, DOORS), (DOORS, DOORS)] {
        let value = two(old, new).json(&["compare", "old", "new", "--format", "json"]);
        assert_fits("compare", &value);
        assert_eq!(value["same"], old == new);
    }
    let value =
        two(DOORS, &DOORS.replace("permit front", "permit back")).json(&["compare", "old", "new", "--format", "json"]);
    assert_fits("compare", &value);
    assert_eq!(value["changes"][0]["rows"][0]["causes"][0], 0);
    assert_eq!(value["edits"][0]["new_place"]["file"], "new/doors.ordain");
}

#[test]
fn formats_are_the_same_each_time_and_fetch_nothing() {
    let bench = two(DOORS, OTHER);
    for format in ["text", "markdown", "html", "json"] {
        let args = ["compare", "old", "new", "--format", format];
        assert_eq!(bench.run(&args), bench.run(&args));
    }
    let page = bench.run(&["compare", "old", "new", "--format", "html"]);
    for word in ["http:", "https:", "<script", "<link", "url(", "@import"] {
        assert!(!page.contains(word), "the page has {word}");
    }
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"));
    assert_eq!(bench.run(&["compare", "old", "new", "--format", "html", "--out", "page.html"]), "");
    assert_eq!(bench.read("page.html"), page);
}

#[test]
fn what_is_written_into_a_policy_is_no_markup() {
    let new = DOORS.replace("rule open {", "rule open \"<b>*x*</b> | `y`\" {").replace("permit front", "permit back");
    let bench = two(DOORS, &new);
    let page = bench.run(&["compare", "old", "new", "--format", "html"]);
    assert!(!page.contains("<b>*x*"));
    let comment = bench.run(&["compare", "old", "new", "--format", "markdown"]);
    assert!(!comment.contains("<b>") && !comment.contains(" *x*"));
}

#[test]
fn versions_that_cannot_be_compared() {
    let broken = two("rule a { permit when lat }\n", DOORS);
    assert_snapshot!(broken.run(&["compare", "old", "new"]), @r"
    -- remarks --
    error[O2001] unknown name: `lat` is not declared, and a yes/no fact or a define is expected here
       ┌─ old/doors.ordain:1:22
     1 │ rule a { permit when lat }
       │                      ─┬─
       │                       ╰─ not declared

    error: the old version (`old`) has errors, so it cannot be compared
       = help: compare with an earlier version that has none
    -- exit code 1 --
    ");
    let bench = two(DOORS, OTHER);
    assert_snapshot!(bench.run(&["compare", "old"]), @r"
    -- remarks --
    error: two versions are compared: name the old one and the new one
       = help: `ordain compare OLD NEW`, or `ordain compare --git REV` for a revision against the files as they are
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["compare", "old", "nwe"]), @r"
    -- remarks --
    error[O9002] unreadable file: the new version: there is no file or folder `nwe`
       = help: did you mean `new`?
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["compare", "--git", "HEAD", "new"]), @r"
    -- remarks --
    error: `new` lies in no git repository
       = help: `ordain compare OLD NEW` compares two folders
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["compare", "old", "new", "--budget", "3"]), @r"
    -- remarks --
    error[O9001] analysis not finished: the 3 steps of the budget did not suffice to find out which cases both versions know
       = help: try `--budget 12`, or fewer facts that rules compare with one another
    -- exit code 1 --
    ");
    git(&bench, &["init", "-q"]);
    assert_snapshot!(bench.run(&["compare", "--git", "HEAD", "new"]), @r"
    -- remarks --
    error: git knows no revision `HEAD`
       = help: a branch, a tag or a commit; after a shallow clone the history may have to be fetched first
    -- exit code 2 --
    ");
    commit(&bench, "Doors");
    bench.write("more/a.ordain", DOORS);
    assert_snapshot!(bench.run(&["compare", "--git", "HEAD", "more"]), @r"
    -- remarks --
    error[O9002] unreadable file: at `HEAD` no `*.ordain` file lies below `more`
       = help: name a revision in which the policy was there, or compare two folders
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["compare", "--git", "HEAD", "old", "new"]), @r"
    -- remarks --
    error: with `--git` one path is named: its old version comes from git
    -- exit code 2 --
    ");
}

/// The message says what was to be found out, and of which rules.
#[test]
fn a_budget_that_does_not_suffice_names_the_rules() {
    let head = "policy p { default forbid }\nfact a, b, c, d, e, f, g, h: yes/no\n";
    let old = format!("{head}rule one {{ permit when a and b or c and d or e and f or g and h }}\n");
    let new = format!("{head}rule one {{ permit when a and b or c and d or e and f or g and (h or a) }}\n");
    let bench = two(&old, &new);
    let mut said: Vec<String> = Vec::new();
    for budget in 1..200 {
        let shown = bench.run(&["compare", "old", "new", "--budget", &budget.to_string()]);
        let found_out =
            shown.split_once("did not suffice to find out ").map(|(_, rest)| rest.lines().next().unwrap_or(""));
        match found_out {
            Some(what) if said.last().is_none_or(|last| last != what) => said.push(what.to_string()),
            Some(_) => {}
            None => assert!(
                shown.contains("O9001")
                    || shown.contains("is decided differently")
                    || shown.contains("are decided differently"),
                "{shown}"
            ),
        }
    }
    assert_snapshot!(said.join("\n"), @r"
    where the rules of both versions apply
    where `one` says something else
    an example of what differs
    ");
}

#[test]
fn moments_of_another_zone_are_no_cases_to_compare() {
    let dated = "policy p { timezone \"Europe/Berlin\" default forbid }\nfact starts: datetime\nrule a { permit when starts on Monday }\n";
    let bench = two(dated, &dated.replace("Europe/Berlin", "America/Chicago"));
    assert_snapshot!(bench.run(&["compare", "old", "new"]), @r"
    -- remarks --
    error: the old version reads times in Europe/Berlin, the new one in America/Chicago, so no moment is the same case in both
       = help: give both versions one time zone to compare the rules; the change of the zone itself moves every time
    -- exit code 1 --
    ");
    let days = dated.replace("datetime", "date");
    let bench = two(&days, &days.replace("Europe/Berlin", "America/Chicago"));
    assert_eq!(bench.code(&["compare", "old", "new", "--fail-on", "any"]), 0);
}

/// A role that now has kinds of its own stands for all of them.
#[test]
fn a_value_that_has_become_several() {
    let old =
        "policy p { default forbid }\nrole student, staff\nrule a { permit to staff }\nrule b { forbid to student }\n";
    let new = old.replace("role student, staff", "role student, staff { cook, porter }");
    assert_eq!(two(old, &new).code(&["compare", "old", "new", "--fail-on", "any"]), 0);
    assert_eq!(two(&new, old).code(&["compare", "old", "new", "--fail-on", "any"]), 0);
    let other = new.replace("permit to staff", "permit to cook");
    assert_snapshot!(two(old, &other).run(&["compare", "old", "new"]), @r"
    1 of 3 kinds of case is decided differently (33 %)
       = 1 kind of case is no longer permitted
       = who loses as recipient: porter (1)

    what is permitted: 1 kind of case
    - permit → forbid: recipient: porter
        for example: someone reaches a porter
        1 kind of case; before by a; now by default
        because: rule `a` changed

    what was edited
       role `cook` added  new/doors.ordain:2
       role `porter` added  new/doors.ordain:2
       role `staff` changed  old/doors.ordain:2
         is  cook, porter
       rule `a` changed  new/doors.ordain:3
         was  permit to staff
         is   permit to cook
         it says something else in 1 kind of case

    proved: the rows are exactly the cases that changed, and both versions decided each example
    ");
}
