//! What continuous integration asks: formats, baselines, repairs, the watch; expectations as tests, with what they cover.

use super::bench::Bench;
use super::schema::assert_fits;
use insta::assert_snapshot;
use serde_json::Value;

const POLICY: &str = "policy p \"Doors\" { default forbid }
fact late, known, spare: yes/no
rule open { permit when late }
rule shut { forbid when late and not known }
rule again { permit when late and known }
";

fn doors() -> Bench {
    Bench::new(&[("a b/doors.ordain", POLICY)])
}

#[test]
fn findings_as_commands_of_a_workflow() {
    assert_snapshot!(doors().run(&["check", "a b", "--format", "github"]), @r"
    ::warning file=a b/doors.ordain,line=2,col=19,endLine=2,endColumn=24,title=O5001 unused::nothing uses the fact `spare`
    ::error file=a b/doors.ordain,line=3,col=13,endLine=3,endColumn=19,title=O3001 conflict::`open` permits what `shut` forbids%0Afor example: late, not known%0A1 of 4 kinds of case (25 %25)%0Aboth apply there and neither is an exception to the other, so nothing is decided
    ::warning file=a b/doors.ordain,line=5,col=14,endLine=5,endColumn=20,title=O3005 redundant::`again` is redundant: `open` decides the same in every case it decides%0Afor example: late, known%0Atoday that is permit, by `open` and `again`
    -- exit code 1 --
    ");
}

#[test]
fn findings_as_xml() {
    assert_snapshot!(doors().run(&["check", "a b", "--format", "checkstyle"]), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <checkstyle version="4.3">
      <file name="a b/doors.ordain">
        <error line="2" column="19" severity="warning" message="unused: nothing uses the fact `spare`" source="ordain.O5001"/>
        <error line="3" column="13" severity="error" message="conflict: `open` permits what `shut` forbids" source="ordain.O3001"/>
        <error line="5" column="14" severity="warning" message="redundant: `again` is redundant: `open` decides the same in every case it decides" source="ordain.O3005"/>
      </file>
    </checkstyle>
    -- exit code 1 --
    "#);
    let junit = doors().run(&["check", "a b", "--format", "junit"]);
    assert!(junit.contains("<testsuites name=\"ordain check\" tests=\"3\" failures=\"1\">"), "{junit}");
    assert!(junit.contains("<failure type=\"O3001\" message=\"`open` permits what `shut` forbids\">"), "{junit}");
    let strict = doors().run(&["check", "a b", "--format", "junit", "--fail-level", "warning"]);
    assert!(strict.contains("failures=\"3\""), "{strict}");
    let calm = Bench::new(&[("a.ordain", "policy p { default forbid }\nfact a: yes/no\nrule r { permit when a }\n")]);
    assert!(
        calm.run(&["check", "--format", "junit"]).contains("<testcase classname=\"a.ordain\" name=\"no findings\"/>")
    );
}

#[test]
fn findings_for_gitlab_have_fingerprints_of_their_own() {
    let report = doors().json(&["check", "a b", "--format", "gitlab"]);
    let entries = report.as_array().expect("an array");
    assert_eq!(entries.len(), 3);
    let mut prints: Vec<&str> = entries.iter().filter_map(|e| e["fingerprint"].as_str()).collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), 3);
    assert_eq!(entries[1]["severity"], "critical");
    assert_eq!(entries[1]["location"]["path"], "a b/doors.ordain");
    assert_eq!(entries[1]["location"]["lines"]["begin"], 3);
}

/// What the schema asks is checked by `tests/ci/run`; here, what the results say.
#[test]
fn findings_as_sarif() {
    let bench = doors();
    let sarif = bench.json(&["check", "a b", "--format", "sarif"]);
    let run = &sarif["runs"][0];
    assert_eq!((&sarif["version"], &run["columnKind"]), (&"2.1.0".into(), &"unicodeCodePoints".into()));
    let conflict = &run["results"][1];
    assert_eq!((&conflict["ruleId"], &conflict["level"]), (&"O3001".into(), &"error".into()));
    let rule = &run["tool"]["driver"]["rules"][conflict["ruleIndex"].as_u64().unwrap_or(99) as usize];
    assert_eq!(rule["id"], "O3001");
    assert!(rule["help"]["markdown"].as_str().is_some_and(|page| page.contains("## Repair")));
    let place = &conflict["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/doors.ordain");
    assert_eq!((&place["region"]["startLine"], &place["region"]["startColumn"]), (&3.into(), &13.into()));
    assert_eq!(conflict["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 4);
    let replacements = &conflict["fixes"][0]["artifactChanges"][0]["replacements"];
    assert!(replacements[0]["insertedContent"]["text"].is_string(), "{conflict:#}");
    // The fingerprint stays when lines move, and every format has the same.
    let print = &conflict["partialFingerprints"]["ordain/v1"];
    bench.write("a b/doors.ordain", &format!("// moved\n\n\n{POLICY}"));
    let moved = bench.json(&["check", "a b", "--format", "sarif"]);
    assert_eq!(&moved["runs"][0]["results"][1]["partialFingerprints"]["ordain/v1"], print);
    assert_eq!(&bench.json(&["check", "a b", "--format", "json"])["diagnostics"][1]["fingerprint"], print);
}

#[test]
fn two_runs_give_the_same_bytes() {
    let bench = doors();
    for format in ["text", "json", "sarif", "github", "gitlab", "junit", "checkstyle"] {
        let args = ["check", "a b", "--format", format];
        assert_eq!(bench.run(&args), bench.run(&args), "{format}");
    }
}

#[test]
fn a_baseline_accepts_what_is_there() {
    let bench = doors();
    let (check, write) = (["check", "a b", "--baseline", "base.json"], "--write-baseline");
    assert_snapshot!(bench.run(&check), @r"
    -- remarks --
    error[O9002] unreadable file: there is no baseline `base.json`
       = help: `--write-baseline` writes today's findings into it
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&[&check[..], &[write]].concat()), @r"
    no new findings: 3 rules decide 4 kinds of case; accepted: 3 by the baseline
    -- remarks --
    wrote 3 findings to `base.json`
    ");
    let written: Value = serde_json::from_str(&bench.read("base.json")).expect("JSON");
    assert_fits("baseline", &written);
    // Lines may move; a finding that was not there fails.
    bench.write("a b/doors.ordain", &format!("\n\n// moved\n{POLICY}"));
    assert_eq!(bench.code(&check), 0);
    bench.write(
        "a b/doors.ordain",
        &format!("{}rule new {{ forbid when known }}\n", POLICY.replace("late and known", "known")),
    );
    let news = bench.run(&check);
    assert!(news.contains("what `new` forbids") && !news.contains("what `shut` forbids"), "{news}");
    assert!(news.ends_with("2 errors in 1 file; accepted: 2 by the baseline\n-- remarks --\n1 finding of the baseline no longer occurs; `--baseline base.json --write-baseline` drops what is not needed\n   = a b/doors.ordain: O3005 `again` is redundant: `open` decides the same in every case it decides\n-- exit code 1 --\n"), "{news}");
    // What is accepted is told to machines.
    let report = bench.json(&[&check[..], &["--format", "json"]].concat());
    assert_fits("check", &report);
    assert_eq!(report["accepted"][0]["by"], "baseline");
    let sarif = bench.json(&[&check[..], &["--format", "sarif"]].concat());
    let kinds: Vec<&Value> =
        sarif["runs"][0]["results"].as_array().expect("results").iter().map(|r| &r["suppressions"]).collect();
    assert!(kinds.iter().any(|k| k[0]["kind"] == "external") && kinds.iter().all(|k| k.is_array()), "{kinds:?}");
    // Written twice, it is the same.
    assert_eq!(bench.code(&[&check[..], &[write]].concat()), 0);
    let once = bench.read("base.json");
    assert_eq!(bench.code(&[&check[..], &[write]].concat()), 0);
    assert_eq!(bench.read("base.json"), once);
}

#[test]
fn a_baseline_knows_nothing_of_what_is_not_understood() {
    let bench = doors();
    assert_eq!(bench.code(&["check", "a b", "--baseline", "base.json", "--write-baseline"]), 0);
    bench.write("a b/doors.ordain", &POLICY.replace("late and known", "nobody"));
    assert_eq!(bench.code(&["check", "a b", "--baseline", "base.json"]), 1);
    assert_snapshot!(bench.run(&["check", "a b", "--baseline", "base.json", "--write-baseline"]), @r"
    -- remarks --
    error: `a b` has errors, so its findings are not known
    -- exit code 1 --
    ");
    bench.write("base.json", "{\"version\": 7, \"findings\": []}");
    assert_eq!(bench.code(&["check", "a b", "--baseline", "base.json"]), 2);
    bench.write("base.json", "[]");
    assert_eq!(bench.code(&["check", "a b", "--baseline", "base.json"]), 2);
}

#[test]
fn repairs_that_need_no_decision_are_made() {
    let bench = doors();
    assert_snapshot!(bench.run(&["check", "a b", "--fix", "--dry-run"]), @r#"
    --- a/a b/doors.ordain
    +++ b/a b/doors.ordain
    @@ -1,5 +1,4 @@
     policy p "Doors" { default forbid }
    -fact late, known, spare: yes/no
    +fact late, known: yes/no
     rule open { permit when late }
     rule shut { forbid when late and not known }
    -rule again { permit when late and known }
    -- remarks --
    would repair 2 findings in `a b/doors.ordain`
    -- exit code 1 --
    "#);
    assert_eq!(bench.read("a b/doors.ordain"), POLICY);
    let repaired = bench.run(&["check", "a b", "--fix"]);
    // The conflict has two ways out, and stays.
    assert!(repaired.contains("1 error in 1 file") && repaired.contains("repaired 2 findings"), "{repaired}");
    assert!(!bench.read("a b/doors.ordain").contains("again"));
    assert_snapshot!(bench.run(&["check", "a b", "--fix", "--dry-run"]), @r#"
    -- remarks --
    nothing can be repaired without a decision of yours
    "#);
}

/// Of two rules of which each makes the other redundant, one stays.
#[test]
fn repairs_change_no_decision() {
    let text = "policy p { default forbid }\nfact a, b: yes/no\nrule one { permit when a }\nrule two { permit when a }\n\
                rule three { permit when a and b or a }\nrule four { permit when b; }\n";
    let bench = Bench::new(&[("a.ordain", text)]);
    assert_snapshot!(bench.run(&["check", "--fix"]), @r"
    no findings: 2 rules decide 4 kinds of case
    -- remarks --
    repaired 3 findings in `a.ordain`
    ");
    assert_snapshot!(bench.read("a.ordain"), @r"
    policy p { default forbid }
    fact a, b: yes/no
    rule one { permit when a }
    rule four { permit when b }
    ");
}

/// What only a deleted rule used is deleted with it; a heading that has no other rule keeps it.
#[test]
fn what_a_repair_leaves_over_goes_with_it() {
    let text = "policy p { source \"policy.md\" default forbid }\nfact a, b: yes/no\nfact n: number 0 to 9\ndefine few = n < 3\n\
                rule one cite \"policy.md#doors\" { permit when a }\nrule two cite \"policy.md#doors\" { permit when a and b and few }\n";
    let bench = Bench::new(&[("a.ordain", text), ("policy.md", "# Doors\n\nAs it is.\n")]);
    assert_snapshot!(bench.run(&["check", "--fix"]), @r"
    no findings: 1 rule decides 2 kinds of case
    -- remarks --
    repaired 4 findings in `a.ordain`
    ");
    assert_snapshot!(bench.read("a.ordain"), @r#"
    policy p { source "policy.md" default forbid }
    fact a: yes/no
    rule one cite "policy.md#doors" { permit when a }
    "#);
    bench.write("a.ordain", &text.replace("two cite \"policy.md#doors\"", "two cite \"policy.md#nights\""));
    bench.write("policy.md", "# Doors\n\nAs it is.\n\n# Nights\n\nAs by day.\n");
    let kept = bench.run(&["check", "--fix"]);
    assert!(kept.contains("`two` is redundant") && kept.contains("nothing can be repaired"), "{kept}");
}

#[cfg(unix)]
#[test]
fn the_watch_checks_again_and_ends() {
    let bench = doors();
    let mut watch = bench.spawn(&["check", "a b", "--watch"]);
    let mut wait = |text: &str| watch.wait_for(text);
    wait("1 error, 2 warnings in 1 file");
    bench.write("a b/doors.ordain", &POLICY.replace("late and not known", "not late"));
    wait("2 warnings in 1 file");
    // A moment in which nothing can be read does not end it.
    bench.write_bytes("a b/doors.ordain", &[0xff, 0x00]);
    bench.write("a b/doors.ordain", POLICY);
    wait("1 error, 2 warnings in 1 file");
    assert_eq!(watch.interrupt(), Some(1));
}

const LIBRARY: &str = "policy p \"Reading room\" { default forbid }
fact member, in_debt: yes/no
fact age: number 0 to 120 years
rule members {
  permit when member
  provided { grown: age >= 6 years }
  except debtors { forbid when in_debt }
}
expect \"members may enter\" { permit when member and age >= 6 years and not in_debt }
expect \"<small> ones & \\\"others\\\"\" { permit when member and age < 6 years }
";

fn library() -> Bench {
    Bench::new(&[("library.ordain", LIBRARY)])
}

#[test]
fn expectations_are_test_cases() {
    assert_snapshot!(library().run(&["expect", "--format", "junit"]), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="ordain expect" tests="2" failures="1">
      <testsuite name="library.ordain" tests="2" failures="1" errors="0">
        <testcase classname="library.ordain" name="members may enter" file="library.ordain" line="9"/>
        <testcase classname="library.ordain" name="&lt;small&gt; ones &amp; &quot;others&quot;" file="library.ordain" line="10">
          <failure type="O4001" message="not so: member, age is 5 years">not so: member, age is 5 years
    it gets forbid, by `members`
    `members` asks for `grown`: age is 5 years; needs at least 6 years</failure>
        </testcase>
      </testsuite>
    </testsuites>
    -- exit code 1 --
    "#);
}

#[test]
fn coverage_in_each_format() {
    let bench = library();
    bench.write("library.ordain", &LIBRARY.replace("permit when member and age < 6 years", "forbid when in_debt"));
    assert_snapshot!(bench.run(&["expect", "--coverage", "lcov"]), @r"
    TN:
    SF:library.ordain
    FN:4,members
    FN:7,members.debtors
    FNDA:1,members
    FNDA:1,members.debtors
    FNF:2
    FNH:2
    DA:4,1
    DA:6,0
    DA:7,1
    LF:3
    LH:2
    end_of_record
    ");
    let shown = bench.run(&["expect", "--coverage", "html", "--coverage-out", "coverage.html", "--fail-under", "95"]);
    assert!(shown.contains("all 2 expectations hold") && shown.contains("is less than 95 %"), "{shown}");
    assert!(shown.ends_with("-- exit code 1 --\n"), "{shown}");
    let page = bench.read("coverage.html");
    assert!(page.contains("nothing depends on <b>grown</b>") && page.contains("&lt;small&gt; ones &amp;"), "{page}");
    assert!(!page.contains("http") && !page.contains("<script"), "{page}");
    assert_eq!(bench.code(&["expect", "--fail-under", "50"]), 0);
    assert_eq!(bench.code(&["expect", "--fail-under", "101"]), 2);
    assert_eq!(bench.code(&["expect", "--coverage-out", "x.html"]), 2);
}

#[test]
fn mistakes_that_nothing_notices_are_told() {
    let bench = library();
    bench.write("library.ordain", &LIBRARY.replace("permit when member and age < 6 years", "forbid when in_debt"));
    let shown = bench.run(&["expect", "--mutants", "--mutants-fail-under", "95"]);
    assert!(shown.contains("unnoticed in `members`: without the proviso `grown`"), "{shown}");
    assert!(shown.ends_with("-- exit code 1 --\n"), "{shown}");
    assert_eq!(bench.code(&["expect", "--mutants"]), 0);
    // What is written for them notices all.
    assert_eq!(bench.code(&["expect", "--mutants", "--write-missing", "more.ordain"]), 0);
    assert!(bench.read("more.ordain").contains("// Pinned to what is decided today: confirm or correct each.\n"));
    let shown = bench.run(&["expect", "--mutants", "--mutants-fail-under", "100"]);
    assert!(shown.contains("(100 %)"), "{shown}");
    // Boundaries are written without being asked for.
    bench.write("more.ordain", "");
    let missing = bench.run(&["expect", "--write-missing", "-"]);
    assert_eq!(missing.matches("age = 5 years").count(), 1, "{missing}");
    let open =
        LIBRARY.replace("expect \"members may enter\" { permit when member and age >= 6 years and not in_debt }", "");
    bench.write("library.ordain", &open.replace("permit when member and age < 6 years", "forbid when in_debt"));
    let missing = bench.run(&["expect", "--write-missing", "-"]);
    assert!(missing.contains("age = 5 years") && missing.contains("age = 6 years"), "{missing}");
}
