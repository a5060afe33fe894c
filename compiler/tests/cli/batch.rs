//! `ordain decide --batch`: lines in, the same lines out with what is decided, and what becomes of bad ones.

use super::bench::Bench;
use super::schema::assert_fits;
use insta::assert_snapshot;

const POLICY: &str = "policy library \"The library\" { default forbid  default loan none }
use std.school
fact member: yes/no
fact age: number 0 to 120 years
fact visit: one of reading, lending
fact returns: date 2026-01-01 to 2026-12-31 if visit is lending
fact with: set of role
duty sign
duty supervise
decision loan: one of none, week, month

rule members { permit when member  oblige sign when visit is lending }
rule children {
  permit when age < 12 years provided { adult: with include staff }
  oblige supervise
}
rule loans { loan is week when visit is lending and member }
rule long  { loan is month when visit is lending and age > 70 years }
rule quiet { advise with include none of guardian when age >= 18 years }
";

/// The results of a line of NDJSON are what the schema says; the fields of the input are whatever they are.
fn assert_described(lines: &str) {
    for line in lines.lines().take_while(|l| l.starts_with('{')) {
        let mut value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let object = value.as_object_mut().expect("an object");
        object.retain(|name, _| ["verdict", "duties", "advice", "rules", "error"].contains(&name.as_str()));
        match object.remove("error") {
            Some(why) => *object = serde_json::Map::from_iter([("error".to_string(), why)]),
            None => assert!(object.contains_key("rules"), "{line}"),
        }
        assert_fits("batch", &value);
    }
}

fn library() -> Bench {
    Bench::new(&[("library.ordain", POLICY)])
}

const CASES: &str = "id,member,age,visit,returns,with
1,yes,30,reading,,none
2,no,8,lending,2026-03-01,\"teacher,guardian\"
3,no,8,reading,-,guardian
4,yes,71,lending,2026-03-01,none
";

#[test]
fn lines_come_back_with_what_is_decided() {
    let bench = library();
    bench.write("cases.csv", CASES);
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "cases.csv"]), @r#"
    id,member,age,visit,returns,with,verdict,loan,duties,advice,rules
    1,yes,30,reading,,none,permit,none,,with includes none of guardian,members
    2,no,8,lending,2026-03-01,"teacher,guardian",permit,none,supervise,,children
    3,no,8,reading,-,guardian,forbid,none,,,children
    4,yes,71,lending,2026-03-01,none,permit,conflict,sign,with includes none of guardian,"members, loans, long"
    "#);
    let lines = "{\"id\": 1, \"member\": true, \"age\": 30, \"visit\": \"reading\", \"with\": []}\n\n\
                 { \"age\": 8,\"member\":false, \"visit\": \"lending\", \"returns\": \"2026-03-01\", \"with\": [\"teacher\", \"guardian\"] }\r\n";
    let args = ["decide", ".", "--batch", "-", "--input-format", "ndjson"];
    assert_snapshot!(bench.run_with(lines, &args), @r#"
    {"id": 1, "member": true, "age": 30, "visit": "reading", "with": [],"verdict":"permit","loan":"none","duties":[],"advice":["with includes none of guardian"],"rules":["members"]}
    {"age": 8,"member":false, "visit": "lending", "returns": "2026-03-01", "with": ["teacher", "guardian"],"verdict":"permit","loan":"none","duties":["supervise"],"advice":[],"rules":["children"]}
    "#);
    assert_described(&bench.run_with(lines, &args));
}

#[test]
fn facts_that_do_not_matter_may_be_missing() {
    let bench = library();
    bench.write("cases.csv", "member,age,visit,with\nyes,30,reading,\n,30,reading,none\n");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "cases.csv", "--bad-lines", "skip"]), @r#"
    member,age,visit,with,verdict,loan,duties,advice,rules,error
    yes,30,reading,,permit,none,,with includes none of guardian,members,
    ,30,reading,none,,,,,,"`member` has no value, and what is decided depends on it"
    -- remarks --
    line 3 of `cases.csv`: `member` has no value, and what is decided depends on it
    1 of 2 lines is skipped
    -- exit code 1 --
    "#);
}

#[test]
fn bad_lines_are_fatal_or_skipped() {
    let bench = library();
    let cases = "member,age,visit,returns,with,note
yes,30,reading,,none,fine
maybe,30,reading,,none,no value
yes,30,reading,2026-03-01,none,not there
yes,30,lending,-,none,there
yes,300,reading,,none,too old
yes,30,reading
yes,30,reading,,staff,several
yes,30,reading,,none,\"fine, too\"
";
    bench.write("cases.csv", cases);
    let args = ["decide", ".", "--batch", "cases.csv", "--out", "decided.csv"];
    assert_snapshot!(bench.run(&args), @r"
    -- remarks --
    error: line 3 of `cases.csv`: `maybe` is no value of `member`
       = line 4: `returns` does not exist in this case
       = line 5: `returns` exists in this case
       = line 6: `300` is no value of `age`
       = line 7: it has 3 fields, and the header has 6
       = line 8: `staff` stands for several elements of `with`
       = help: write `yes` or `no`
       = help: `--bad-lines skip` decides the other lines and marks these
    -- exit code 2 --
    ");
    assert!(!bench.exists("decided.csv"), "nothing is half-written");
    assert_snapshot!(bench.run(&[args.as_slice(), &["--bad-lines", "skip"]].concat()), @r"
    -- remarks --
    line 3 of `cases.csv`: `maybe` is no value of `member`
    line 4 of `cases.csv`: `returns` does not exist in this case
    line 5 of `cases.csv`: `returns` exists in this case
    line 6 of `cases.csv`: `300` is no value of `age`
    line 7 of `cases.csv`: it has 3 fields, and the header has 6
    line 8 of `cases.csv`: `staff` stands for several elements of `with`
    6 of 8 lines are skipped
    -- exit code 1 --
    ");
    assert_snapshot!(bench.read("decided.csv"), @r#"
    member,age,visit,returns,with,note,verdict,loan,duties,advice,rules,error
    yes,30,reading,,none,fine,permit,none,,with includes none of guardian,members,
    maybe,30,reading,,none,no value,,,,,,`maybe` is no value of `member`
    yes,30,reading,2026-03-01,none,not there,,,,,,`returns` does not exist in this case
    yes,30,lending,-,none,there,,,,,,`returns` exists in this case
    yes,300,reading,,none,too old,,,,,,`300` is no value of `age`
    yes,30,reading,,,,,,,,,"it has 3 fields, and the header has 6"
    yes,30,reading,,staff,several,,,,,,`staff` stands for several elements of `with`
    yes,30,reading,,none,"fine, too",permit,none,,with includes none of guardian,members,
    "#);
    assert_eq!(bench.run(&args[..4]).lines().next(), Some("-- remarks --"), "standard output stays empty, too");

    let lines = "{\"member\": true}\n[1]\n{\"member\": true, \"member\": false}\n{\"verdict\": 1, \"member\": true}\n{\"age\": {}}\n{\"age\": 3\n";
    let args = ["decide", ".", "--batch", "-", "--input-format", "ndjson", "--bad-lines", "skip"];
    assert_snapshot!(bench.run_with(lines, &args), @r#"
    {"member": true,"error":"`age`, `visit` and `with` have no value, and what is decided depends on them"}
    {"error":"it is no JSON object: invalid type: sequence, expected an object"}
    {"member": true, "member": false,"error":"`member` is given twice"}
    {"verdict": 1, "member": true,"error":"`verdict` is a name of the results"}
    {"age": {},"error":"the value of `age` is no value of a fact"}
    {"error":"it is no JSON object: EOF while parsing an object, at character 9"}
    -- remarks --
    line 1 of standard input: `age`, `visit` and `with` have no value, and what is decided depends on them
    line 2 of standard input: it is no JSON object: invalid type: sequence, expected an object
    line 3 of standard input: `member` is given twice
    line 4 of standard input: `verdict` is a name of the results
    line 5 of standard input: the value of `age` is no value of a fact
    line 6 of standard input: it is no JSON object: EOF while parsing an object, at character 9
    6 of 6 lines are skipped
    -- exit code 1 --
    "#);
    assert_described(&bench.run_with(lines, &args));
}

#[test]
fn files_of_other_programs_are_understood() {
    let bench = library();
    bench.write_bytes("excel.csv", "\u{feff}member,age,visit,with\r\nyes,30,reading,none\r\n\r\n".as_bytes());
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "excel.csv"]), @r"
    member,age,visit,with,verdict,loan,duties,advice,rules
    yes,30,reading,none,permit,none,,with includes none of guardian,members
    ");
    bench.write_bytes("latin.csv", b"member,note\nyes,caf\xe9\n");
    assert_eq!(bench.code(&["decide", ".", "--batch", "latin.csv"]), 2, "the answer depends on what is not there");
    bench.write_bytes("wide.csv", b"\xff\xfem\0");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "wide.csv"]), @r"
    -- remarks --
    error[O9002] unreadable file: `wide.csv` is UTF-16, not UTF-8
       = help: save it with the encoding UTF-8
    -- exit code 2 --
    ");
    bench.write("quote.csv", "member,age,visit,with\nyes,30,\"reading,none\n");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "quote.csv"]), @r"
    -- remarks --
    error: line 2 of `quote.csv`: it has 3 fields, and the header has 4
       = help: `--bad-lines skip` decides the other lines and marks these
    -- exit code 2 --
    ");
    bench.write("semicolon.csv", "member;age;visit;with\nyes;30;reading;none\n");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "semicolon.csv"]), @r"
    -- remarks --
    error: no column is named like a fact of the policy
       = help: its facts are `member`, `age`, `visit`, `returns`, `with`
       = help: the fields of a line are separated by commas
    -- exit code 2 --
    ");
    bench.write("slip.csv", "membr,age,visit,with,id\nno,8,reading,none,1\n");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "slip.csv"]), @r"
    -- remarks --
    note: column `membr` is no fact, so it is not read; did you mean `member`?
    error: line 2 of `slip.csv`: `member` has no value, and what is decided depends on it
       = help: `--bad-lines skip` decides the other lines and marks these
    -- exit code 2 --
    ");
}

#[test]
fn wrong_usage_is_said_before_anything_is_decided() {
    let bench = library();
    bench.write("cases.txt", CASES);
    bench.write("empty.csv", "");
    bench.write("taken.csv", "member,verdict\nyes,permit\n");
    bench.write("twice.csv", "member,member\nyes,no\n");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "cases.txt"]), @r"
    -- remarks --
    error: the name of the cases' file does not say what they are written in
       = help: say it with `--input-format csv` or `--input-format ndjson`
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "empty.csv"]), @r"
    -- remarks --
    error: `empty.csv` is empty
       = help: its first line names the facts of its columns
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "taken.csv"]), @r"
    -- remarks --
    error: the column `verdict` has the name of a result
       = help: rename the column, the results are written behind the columns that are there
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "twice.csv"]), @r"
    -- remarks --
    error: two columns are named `member`
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["decide", ".", "--batch", "none.csv"]), @r"
    -- remarks --
    error[O9002] unreadable file: `none.csv` cannot be read: no such file or directory
    -- exit code 2 --
    ");
    assert_eq!(bench.code(&["decide", ".", "--batch", "cases.txt", "member=yes"]), 2);
    assert_eq!(bench.code(&["decide", ".", "--bad-lines", "skip"]), 2);
}

/// More lines than are decided at a time come back in their order.
#[test]
fn order_is_kept() {
    let bench = library();
    let mut cases = String::from("id,member,age,visit,with\n");
    (0..50_000)
        .for_each(|i| cases.push_str(&format!("{i},{},30,reading,none\n", if i % 3 == 0 { "yes" } else { "no" })));
    bench.write("cases.csv", &cases);
    // Nor is anything said of how far it is, where no terminal shows it: neither exit code nor remarks.
    assert_eq!(bench.run(&["decide", ".", "--batch", "cases.csv", "--out", "decided.csv"]), "");
    let decided = bench.read("decided.csv");
    assert_eq!(decided.lines().count(), 50_001);
    for (i, line) in decided.lines().skip(1).enumerate() {
        let verdict = if i % 3 == 0 { "permit" } else { "forbid" };
        assert!(line.starts_with(&format!("{i},")) && line.contains(verdict), "{line}");
    }
}
