//! The built command on small projects: what it prints where, and its exit code. Verbs with many tests have files of their
//! own beside this one.

#[path = "cli/batch.rs"]
mod batch;
#[path = "cli/bench.rs"]
mod bench;
#[path = "cli/budget.rs"]
mod budget;
#[path = "cli/ci.rs"]
mod ci;
#[path = "cli/compare.rs"]
mod compare;
#[path = "cli/missing.rs"]
mod missing;
#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/table.rs"]
mod table;

use bench::Bench;
use insta::assert_snapshot;

const CONFLICT: &str = "policy p \"Doors\" { source \"policy.md\" default forbid }
fact late, known: yes/no

section \"Doors\" cite \"policy.md#doors\" {
  rule open { permit when late }
  rule shut { forbid when late and not known }
}
expect \"known people come in late\" { permit when late and known by open }
";
const TEXT: &str = "# Rules\n\n## Doors\n\nOpen late, shut for strangers.\n";

fn conflict() -> Bench {
    Bench::new(&[("doors/doors.ordain", CONFLICT), ("doors/policy.md", TEXT)])
}

#[test]
fn check_shows_both_sides_of_a_conflict() {
    assert_snapshot!(conflict().run(&["check", "doors"]), @r"
    error[O3001] conflict: `open` permits what `shut` forbids
       ┌─ doors/doors.ordain:5:15
     5 │   rule open { permit when late }
       │               ───┬──  policy.md#doors
       │                  ╰─ permits
     6 │   rule shut { forbid when late and not known }
       │               ───┬──  policy.md#doors
       │                  ╰─ forbids
       = for example: late, not known
       = 1 of 4 kinds of case (25 %)
       = both apply there and neither is an exception to the other, so nothing is decided
       = help: let `open` win: make it an exception to `shut`
       = help: let `shut` win: make it an exception to `open`

    1 error in 1 file
    -- exit code 1 --
    ");
}

#[test]
fn check_is_calm_when_all_is_well() {
    let bench = conflict();
    bench.write("doors/doors.ordain", &CONFLICT.replace("permit when late", "permit when late and known"));
    assert_snapshot!(bench.run(&["check", "doors"]), @"no findings: 2 rules decide 4 kinds of case");
}

#[test]
fn check_of_a_broken_file_goes_on_to_the_end() {
    let text = "policy p { default forbid }\nrule a { permit when lat }\nrul b { }\nfact late: yes/no\nrule c { permit when late\n";
    assert_snapshot!(Bench::new(&[("a.ordain", text)]).run(&["check", "a.ordain"]), @r"
    error[O2001] unknown name: `lat` is not declared, and a yes/no fact or a define is expected here
       ┌─ a.ordain:2:22
     2 │ rule a { permit when lat }
       │                      ─┬─
       │                       ╰─ not declared
       = help: did you mean `late`?

    error[O1005] starts no statement: `rul` begins no item, such as a `rule` or a `fact`
       ┌─ a.ordain:3:1
     3 │ rul b { }
       │ ───
       = help: did you mean `rule`?

    error[O1003] brackets do not match: the `{` of `rule c` is never closed
       ┌─ a.ordain:5:8
     5 │ rule c { permit when late
       │        ┬                 ┬
       │        │                 ╰─ expected `}` before the end of the file
       │        ╰─ opened here
       = help: add `}`

    3 errors in 1 file
    -- exit code 1 --
    ");
}

#[test]
fn paths_lead_there_from_where_the_reader_stands() {
    let bench = conflict();
    bench.write("doors/ordain.toml", "[check]\nfail-level = \"warning\"\n");
    let first = |text: String| text.lines().filter(|l| l.contains("┌─")).map(str::to_string).next().unwrap_or_default();
    assert_eq!(first(bench.run(&["check", "doors"])), "   ┌─ doors/doors.ordain:5:15");
    assert_eq!(first(bench.run_in("doors", &["check"])), "   ┌─ doors.ordain:5:15");
    bench.write("doors/deep/er/x.md", "");
    assert_eq!(first(bench.run_in("doors/deep/er", &["check", "../../doors.ordain"])), "   ┌─ ../../doors.ordain:5:15");
}

#[test]
fn fail_levels_come_from_the_command_or_from_settings() {
    let unused = "policy p { default forbid }\nfact late, odd: yes/no\nrule a { permit when late }\n";
    let bench = Bench::new(&[("p.ordain", unused)]);
    assert_eq!(bench.code(&["check", "."]), 0);
    assert_eq!(bench.code(&["check", ".", "--fail-level", "warning"]), 1);
    bench.write("ordain.toml", "[check]\nfail-level = \"note\"\n");
    assert_eq!(bench.code(&["check", "."]), 1);
    assert_eq!(bench.code(&["check", ".", "--fail-level", "error"]), 0);
}

#[test]
fn settings_that_mean_nothing_are_wrong_usage() {
    let bench = conflict();
    bench.write("doors/ordain.toml", "[check]\nfail-levl = \"note\"\n");
    assert_snapshot!(bench.run(&["check", "doors"]), @r#"
    error[O9003] bad settings: `fail-levl` is no setting of `[check]`
       ┌─ doors/ordain.toml:2:1
     2 │ fail-levl = "note"
       │ ─────────
       = help: did you mean `fail-level`?

    1 error in 1 file
    -- exit code 2 --
    "#);
}

#[test]
fn input_that_cannot_be_read_is_named() {
    let bench = conflict();
    assert_snapshot!(bench.run(&["check", "dors"]), @r"
    -- remarks --
    error[O9002] unreadable file: there is no file or folder `dors`
       = help: did you mean `doors`?
    -- exit code 2 --
    ");
    bench.write_bytes("doors/more.ordain", b"rule a {\n // caf\xe9\n}");
    assert_snapshot!(bench.run(&["check", "doors"]), @r"
    -- remarks --
    error[O9002] unreadable file: `doors/more.ordain` is not UTF-8 text: byte 0xe9 in line 2
       = help: save it with the encoding UTF-8
    -- exit code 2 --
    ");
    bench.write("notes.txt", "");
    assert_snapshot!(bench.run(&["check", "notes.txt"]), @r"
    -- remarks --
    error: `notes.txt` is no policy: names of policy files end in `.ordain`
    -- exit code 2 --
    ");
    bench.write("empty/readme.md", "");
    assert_snapshot!(bench.run(&["check", "empty"]), @r"
    -- remarks --
    error[O9002] unreadable file: no `*.ordain` file lies below `empty`
       = help: `ordain new empty/my-policy` starts a policy there
    -- exit code 2 --
    ");
}

#[test]
fn a_cited_document_need_not_be_text() {
    let text = "policy p { source \"policy.pdf\" default forbid }\nfact late: yes/no\nrule a cite \"policy.pdf\" { permit when late }\n";
    let bench = Bench::new(&[("p.ordain", text)]);
    assert!(bench.run(&["check"]).contains("O5003"));
    bench.write_bytes("policy.pdf", b"%PDF-1.7\n\xe2\xe3\xcf\xd3");
    assert_snapshot!(bench.run(&["check"]), @"no findings: 1 rule decides 2 kinds of case");
}

#[test]
fn a_day_and_a_budget_can_be_set() {
    let text =
        "policy p { default forbid }\nfact late: yes/no\nrule a { permit when late in force until 2020-12-31 }\n";
    let bench = Bench::new(&[("p.ordain", text)]);
    assert_eq!(bench.code(&["check", "--fail-level", "note"]), 0);
    assert!(bench.run(&["check", "--as-of", "2026-01-01"]).contains("O5005"));
    bench.write("ordain.toml", "[check]\nas-of = 2026-01-01\n");
    assert!(bench.run(&["check"]).contains("O5005"));
    let text = "policy p { default forbid }\nfact child, member, late: yes/no\nfact age: number 0 to 120\n\
        rule a { permit when member and age >= 18 and not late }\nrule b { permit when child and not (age > 12 and late) }\n";
    let bench = Bench::new(&[("p.ordain", text)]);
    assert_eq!(bench.code(&["check"]), 0);
    assert!(bench.run(&["check", "--budget", "3"]).contains("O9001"));
    assert_snapshot!(bench.run(&["table", "--budget", "3"]), @r"
    -- remarks --
    error[O9001] analysis not finished: a question about the rules needs more than the 3 steps of the budget
       = help: try `--budget 12`, or fewer facts that rules compare with one another
    -- exit code 1 --
    ");
    assert_eq!(bench.code(&["decide", ".", "late=yes", "member=yes", "--budget", "3"]), 1);
}

#[test]
fn standard_input_is_a_policy() {
    let bench = conflict();
    assert_snapshot!(bench.run_with("rule a { permit when late }\n", &["check", "-"]), @r"
    error[O2001] unknown name: `late` is not declared, and a yes/no fact or a define is expected here
       ┌─ <stdin>:1:22
     1 │ rule a { permit when late }
       │                      ──┬─
       │                        ╰─ not declared

    1 error in 1 file
    -- exit code 1 --
    ");
    assert_eq!(
        bench.code_with(
            "fact late: yes/no\npolicy p { default forbid }\nrule a { permit when late }\n",
            &["check", "-"]
        ),
        0
    );
}

#[test]
fn windows_files_are_files() {
    let bench = conflict();
    let plain = bench.run(&["check", "doors"]);
    bench.write("doors/doors.ordain", &format!("\u{feff}{}", CONFLICT.replace('\n', "\r\n")));
    assert_eq!(bench.run(&["check", "doors"]), plain);
}

#[test]
fn a_file_brings_along_what_it_uses_and_a_folder_what_lies_below() {
    let bench = Bench::new(&[
        ("a.ordain", "use shared.facts\npolicy p { default forbid }\nrule a { permit when late }\n"),
        ("shared/facts.ordain", "fact late: yes/no\n"),
        ("b.ordain", "use shared.facts\nrule b { forbid when late }\n"),
        ("other/ordain.toml", ""),
        ("other/c.ordain", "rule c { nonsense }\n"),
        (".hidden/d.ordain", "rule d { nonsense }\n"),
        ("target/e.ordain", "rule e { nonsense }\n"),
    ]);
    assert_eq!(bench.code(&["check", "a.ordain"]), 0);
    let text = bench.run(&["check", "."]);
    assert!(text.contains("O3001") && text.contains("a.ordain") && text.contains("b.ordain"), "{text}");
    assert!(!text.contains("nonsense"), "{text}");
    // Named together they are one project; a project of its own stays one.
    assert!(bench.run(&["check", "a.ordain", "b.ordain"]).contains("O3001"));
    assert!(bench.run(&["check", "a.ordain", "other"]).contains("nonsense"));
}

#[test]
fn colours_come_only_when_asked_for() {
    let bench = conflict();
    assert!(!bench.run(&["check", "doors"]).contains('\u{1b}'));
    assert!(bench.run(&["check", "doors", "--color", "always"]).contains("\u{1b}[1;31merror[O3001]"));
}

#[test]
fn results_for_machines_are_as_described() {
    let bench = conflict();
    for (schema, args) in [
        ("check", ["check", "doors", "--format", "json"].as_slice()),
        ("expect", &["expect", "doors", "--format", "json"]),
        ("expect", &["expect", "doors", "--format", "json", "--mutants"]),
        ("decide", &["decide", "doors", "late=yes", "known=no", "--format", "json"]),
        ("decide", &["decide", "doors", "known=no", "--format", "json"]),
        ("decide", &["decide", "doors", "late=no", "--format", "json"]),
        ("codes", &["codes", "--format", "json"]),
        ("table", &["table", "doors", "--to", "json"]),
    ] {
        schema::assert_fits(schema, &bench.json(args));
    }
    let report = bench.json(&["check", "doors", "--format", "json"]);
    assert_eq!(report["version"], 1);
    assert_eq!(report["failed"], true);
    let conflict = &report["diagnostics"][0];
    assert_eq!(conflict["code"], "O3001");
    assert_eq!(conflict["place"]["file"], "doors/doors.ordain");
    assert_eq!(conflict["place"]["start"]["line"], 5);
    let offset = conflict["place"]["start"]["offset"].as_u64().unwrap_or_default() as usize;
    assert!(CONFLICT[offset..].starts_with("permit"));
}

const MEETING: &str = "policy p { timezone \"America/Chicago\" default forbid }
role student, guardian
fact invited, starts: datetime
fact attendees: set of role
duty report \"Tell the principal\"
rule meet \"Meetings are announced\" {
  permit
  provided { notice: invited at least 4 days before starts  guardian: attendees include guardian }
  oblige report
}
";

#[test]
fn decide_says_why_and_what_would_change_it() {
    let bench = Bench::new(&[("meet.ordain", MEETING)]);
    let decide = |args: &[&str]| bench.run(&[["decide", "."].as_slice(), args].concat());
    let (invited, starts) = ("invited=2026-09-14 15:00", "starts=2026-09-17 08:00");
    assert_snapshot!(decide(&[invited, starts, "attendees=guardian"]), @r"
    verdict: forbidden
       = by `meet` at meet.ordain:6:6
       = its proviso `notice` fails: invited 3 days before starts; needs at least 4 days
       = nearest change: permitted if invited on Sunday 13 September 2026 at 15:00
    ");
    assert_snapshot!(decide(&[invited, starts]), @r"
    verdict: forbidden
       = by `meet` at meet.ordain:6:6
       = its proviso `notice` fails: invited 3 days before starts; needs at least 4 days
       = nearest change: permitted if invited on Sunday 13 September 2026 at 15:00 and attendees include guardian and nobody else
    ");
    assert_snapshot!(decide(&[invited, "--fact", "starts=2026-09-20", "attendees=guardian,student"]), @r"
    verdict: permitted
       = by `meet` at meet.ordain:6:6
       = nearest change: forbidden if attendees include student and nobody else
    duty: report: Tell the principal
       = by `meet` at meet.ordain:6:6
    ");
    assert_snapshot!(decide(&["attendees=student", invited]), @r"
    verdict: forbidden
       = by `meet` at meet.ordain:6:6
       = its proviso `guardian` fails: attendees are student; needs guardian
       = nearest change: permitted if starts on Friday 18 September 2026 at 09:00 and attendees include student, guardian and nobody else
    ");
    assert_snapshot!(decide(&[invited]), @r"
    verdict: depends on `starts` and `attendees`
       = permitted, for example, if starts on Friday 18 September 2026 at 09:00 and attendees include guardian and nobody else
       = forbidden, for example, if attendees include nobody
    duty: report: Tell the principal (in some of these cases)
       = by `meet` at meet.ordain:6:6
    ");
    assert_snapshot!(decide(&["--when", "invited less than 1 day before starts"]), @r"
    verdict: forbidden
       = by `meet` at meet.ordain:6:6
       = its proviso `notice` fails: invited on the same day as starts; needs at least 4 days
       = nearest change: permitted if starts on Friday 18 September 2026 at 09:00 and attendees include guardian and nobody else, provided invited on Monday 14 September 2026 at 09:00
    ");
    assert_snapshot!(decide(&["--when", "invted before starts"]), @r#"
    -- remarks --
    error[O2001] unknown name: `invted` is not declared, and a fact is expected here
       ┌─ <question>:2:62
     2 │ expect "what `ordain decide --when` asks" { some permit when invted before starts }
       │                                                              ───┬──
       │                                                                 ╰─ not declared
       = help: did you mean `invited`?

    error: the condition is not understood
       = help: write it like the `when` of a rule
    -- exit code 2 --
    "#);
    assert_snapshot!(decide(&["attendes=student"]), @r"
    -- remarks --
    error: the policy has no fact `attendes`
       = help: did you mean `attendees`?
    -- exit code 2 --
    ");
    assert_snapshot!(decide(&[]), @r"
    -- remarks --
    error: nothing is known of the case
       = `invited` can be a date and time
       = `starts` can be a date and time
       = `attendees` can be some of student, guardian
       = help: say what is known like `NAME=VALUE`
    -- exit code 2 --
    ");
    let case = "{\"attendees\": [\"guardian\"], \"invited\": \"2026-09-01 08:00\", \"starts\": \"2026-09-17 08:00\"}";
    assert_snapshot!(bench.run_with(case, &["decide", ".", "--json", "-"]), @r"
    verdict: permitted
       = by `meet` at meet.ordain:6:6
       = nearest change: forbidden if attendees include nobody
    duty: report: Tell the principal
       = by `meet` at meet.ordain:6:6
    ");
}

#[test]
fn expectations_are_proved_and_covered() {
    let bench = conflict();
    assert_snapshot!(bench.run(&["expect", "doors"]), @r"
    holds  known people come in late

    the expectation holds
    covered: 1 of 2 rules and exceptions, 1 of 3 rows of the tables
       = nothing depends on rule `shut`
       = nothing depends on row 1 of the table of `verdict`
       = nothing depends on row 2 of the table of `verdict`
       = help: `--write-missing FILE` writes expectations for these
    ");
    assert_snapshot!(bench.run(&["expect", "doors", "--write-missing", "doors/more.ordain"]), @r"
    holds  known people come in late

    the expectation holds
    covered: 1 of 2 rules and exceptions, 1 of 3 rows of the tables
       = nothing depends on rule `shut`
       = nothing depends on row 1 of the table of `verdict`
       = nothing depends on row 2 of the table of `verdict`
       = help: `--write-missing FILE` writes expectations for these
    -- remarks --
    wrote 2 expectations to `doors/more.ordain`; confirm or correct each
    ");
    assert!(!bench.run(&["check", "doors"]).contains("O2009"));
    bench.write("doors/more.ordain", "use doors\nexpect \"strangers come in\" { permit when late }\n");
    assert_snapshot!(bench.run(&["expect", "doors"]), @r#"
    holds  known people come in late
    fails  strangers come in

    error[O4001] expectation fails: "strangers come in" expects `permit`, and not every case it speaks of has that
       ┌─ doors/more.ordain:2:8
     2 │ expect "strangers come in" { permit when late }
       │        ─────────┬─────────
       │                 ╰─ fails
       = for example: late, not known
       = this case gets conflict, by `open` and `shut`
       = it fails in 1 of the 2 kinds of case it speaks of
       = help: change `open` and `shut`, if the expectation is right

    1 of 2 expectations hold
    covered: 1 of 2 rules and exceptions, 1 of 3 rows of the tables
       = nothing depends on rule `shut`
       = nothing depends on row 1 of the table of `verdict`
       = nothing depends on row 2 of the table of `verdict`
       = help: `--write-missing FILE` writes expectations for these
    -- exit code 1 --
    "#);
}

#[test]
fn formatting_changes_only_what_is_out_of_style() {
    let bench = Bench::new(&[("a.ordain", "rule   a {permit when late}\n"), ("b.ordain", "rule b { \"\n")]);
    assert_snapshot!(bench.run(&["fmt", "--check"]), @r#"
    a.ordain
    -- remarks --
    error[O1002] unterminated text: this text has no closing `"` on its line
       ┌─ b.ordain:1:10
     1 │ rule b { "
       │          ─
       = help: close it with `"` on the same line
    `b.ordain` stays as it is: it has syntax errors
    -- exit code 1 --
    "#);
    assert_snapshot!(bench.run(&["fmt"]), @r#"
    -- remarks --
    formatted a.ordain
    error[O1002] unterminated text: this text has no closing `"` on its line
       ┌─ b.ordain:1:10
     1 │ rule b { "
       │          ─
       = help: close it with `"` on the same line
    `b.ordain` stays as it is: it has syntax errors
    -- exit code 1 --
    "#);
    assert_snapshot!(bench.read("a.ordain"), @"rule a { permit when late }");
    assert_eq!(bench.code(&["fmt", "--check", "a.ordain"]), 0);
    assert_snapshot!(bench.run_with("fact  x:yes/no", &["fmt", "-"]), @"fact x: yes/no");
}

#[test]
fn a_new_policy_is_in_order() {
    let bench = Bench::new(&[]);
    assert_snapshot!(bench.run(&["new", "our-visitors"]), @r"
    wrote our-visitors/rules.ordain
    wrote our-visitors/policy.md
    wrote our-visitors/ordain.toml
    wrote our-visitors/README.md
    wrote our-visitors/.github/workflows/policy.yml
    wrote our-visitors/.editorconfig
    wrote our-visitors/.vscode/settings.json
    wrote our-visitors/.vscode/extensions.json

    next: ordain check our-visitors
    ");
    assert_snapshot!(bench.run(&["check", "our-visitors"]), @"no findings: 3 rules decide 72 kinds of case");
    assert_eq!(bench.code(&["fmt", "--check", "our-visitors"]), 0);
    assert_snapshot!(bench.run_in("our-visitors", &["expect"]), @r"
    holds  a visitor who is expected and signs in may come in the morning
    holds  nobody passes the desk unseen
    holds  a parcel may come at night
    holds  caretakers have keys

    all 4 expectations hold
    covered: 3 of 3 rules and exceptions, 2 of 4 provisos, 4 of 6 rows of the tables
       = nothing depends on proviso `notice` of `visits`
       = nothing depends on proviso `hours` of `visits`
       = nothing depends on row 2 of the table of `verdict`
       = nothing depends on row 3 of the table of `verdict`
       = help: `--write-missing FILE` writes expectations for these
    ");
    // Named as its own sections are, too.
    for folder in ["visitors", "staff"] {
        bench.run(&["new", folder]);
        assert!(bench.run(&["check", folder]).starts_with("no findings"), "{folder}");
    }
    let readme = bench.read("our-visitors/README.md");
    for step in ["\n1. See", "\n2. Make", "\n3. Let"] {
        assert!(readme.contains(step), "{readme}");
    }
    // What the README says is there, and what it says to run, runs.
    let named = readme.split('`').skip(1).step_by(2).filter(|word| word.starts_with('.') || word.ends_with(".toml"));
    named.for_each(|file| assert!(bench.exists(&format!("our-visitors/{file}")), "{file}"));
    let commands = readme.lines().filter_map(|line| line.strip_prefix("       ordain "));
    let commands: Vec<&str> = commands.filter(|line| !line.contains("&&")).collect();
    assert_eq!(commands.len(), 3);
    for command in commands {
        let words = command.split('#').next().unwrap_or("").split_whitespace();
        assert_eq!(bench.output("our-visitors", "", &words.collect::<Vec<_>>()).status.code(), Some(0), "{command}");
    }
    for file in [".vscode/settings.json", ".vscode/extensions.json"] {
        let text = bench.read(&format!("our-visitors/{file}"));
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    }
    let workflow = bench.read("our-visitors/.github/workflows/policy.yml");
    assert!(workflow.contains(concat!("uses: OWNER/ordain@v", env!("CARGO_PKG_VERSION"), "\n")), "{workflow}");
    assert_snapshot!(bench.run(&["new", "our-visitors"]), @r"
    -- remarks --
    error: `our-visitors` already has a file `rules.ordain`, and nothing is overwritten
       = help: name a folder that does not exist yet
    -- exit code 2 --
    ");
}

#[test]
fn pages_are_found_by_code_and_name() {
    let bench = Bench::new(&[]);
    assert!(bench.run(&["explain", "o3001"]).starts_with("# O3001"));
    assert!(bench.run(&["explain", "never", "applies"]).starts_with("# O3003"));
    assert_snapshot!(bench.run(&["explain", "O301"]), @r"
    -- remarks --
    error: no diagnostic is called `O301`
       = help: did you mean `O3001`, conflict?
       = help: `ordain codes` lists them all
    -- exit code 2 --
    ");
    assert!(bench.run(&["codes"]).contains("O3001  error    conflict"));
}

#[test]
fn certificates_get_a_folder_of_their_own() {
    let bench = conflict();
    assert!(
        bench.run(&["check", "doors", "--certify", "out/new"]).contains("wrote 18 claims in 5 scripts to `out/new`")
    );
    assert!(bench.read("out/new/decision-verdict.smt2").contains("(set-info :status sat)"));
    let index: serde_json::Value = serde_json::from_str(&bench.read("out/new/index.json")).expect("JSON");
    assert_eq!(index["scripts"][1]["file"], "decision-verdict.smt2");
    assert_eq!(index["scripts"][1]["claims"][0]["expected"], "sat");
    assert_eq!(index["not_certified"], serde_json::json!([]));

    // A later run replaces the scripts, leaves what others put there, and deletes what is no longer claimed.
    bench.write("out/new/notes.txt", "mine");
    bench.write("doors/doors.ordain", &CONFLICT.replace("rule shut ", "rule closed "));
    bench.run(&["check", "doors", "--certify", "out/new"]);
    assert!(bench.exists("out/new/rule-closed.smt2") && !bench.exists("out/new/rule-shut.smt2"));
    assert_eq!(bench.read("out/new/notes.txt"), "mine");

    // A folder of others is not touched, and a policy with errors has no verdicts.
    assert_eq!(bench.code(&["check", "doors", "--certify", "doors"]), 2);
    assert!(!bench.exists("doors/index.json"));
    bench.write("doors/doors.ordain", "rule {");
    assert!(bench.run(&["check", "doors", "--certify", "none"]).contains("not certified: `doors` has errors"));
    assert!(!bench.exists("none"));
}

#[test]
fn wrong_usage_has_its_own_code_and_help_has_examples() {
    let bench = Bench::new(&[]);
    assert_eq!(bench.code(&["check", "--nonsense"]), 2);
    assert_eq!(bench.code(&["chek"]), 2);
    assert_eq!(bench.code(&["check", "--as-of", "2026-02-30"]), 2);
    assert_eq!(bench.code(&["--help"]), 0);
    assert_eq!(bench.code(&["--version"]), 0);
    for verb in ["check", "table", "decide", "expect", "fmt", "explain", "new", "codes"] {
        let help = bench.run(&[verb, "--help"]);
        assert!(help.contains("Example") && help.contains(&format!("ordain {verb}")), "{help}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_fault() {
    assert_eq!(conflict().run_unread(&["codes", "--format", "json"]), Some(0));
}
