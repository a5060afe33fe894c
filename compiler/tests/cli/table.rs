//! `ordain table`: what it prints and writes, and that it is proved.

use super::bench::Bench;
use super::{CONFLICT, conflict, schema};
use insta::assert_snapshot;

#[test]
fn where_unique_rows_would_be_too_many_the_table_is_ordered() {
    // A thousand nodes are enough for each rule and not for all together.
    let facts = |name: &str| (0..10).map(|i| format!("{name}{i}")).collect::<Vec<_>>().join(", ");
    let rules = (0..10).map(|i| format!("rule r{i} {{ permit when a{i} and b{i} }}\n")).collect::<String>();
    let text = format!(
        "policy p {{ default forbid }}\nfact {}, {}: yes/no\n{rules}rule no {{ forbid when a9 and not b0 }}\n",
        facts("a"),
        facts("b")
    );
    let bench = Bench::new(&[("p.ordain", &text)]);
    let shown = bench.run(&["table", "p.ordain", "--budget", "1_000", "--to", "csv"]);
    let lines: Vec<&str> = shown.lines().collect();
    assert_snapshot!([&lines[..3], &lines[10..]].concat().join("\n"), @r#"
    "row","a0","a1","a2","a3","a4","a5","a6","a7","a8","a9","b0","b1","b2","b3","b4","b5","b6","b7","b8","b9","verdict","duties","advice","rules","citations"
    1,"–","–","–","–","–","–","–","–","–","yes","no","–","–","–","–","–","–","–","–","–","forbid, or conflict","","","no",""
    2,"yes","–","–","–","–","–","–","–","–","–","yes","–","–","–","–","–","–","–","–","–","permit","","","r0",""
    10,"–","–","–","–","–","–","–","–","yes","–","–","–","–","–","–","–","–","–","yes","–","permit","","","r8",""
    11,"–","–","–","–","–","–","–","–","–","yes","–","–","–","–","–","–","–","–","–","yes","permit","","","r9",""
    12,"–","–","–","–","–","–","–","–","–","–","–","–","–","–","–","–","–","–","–","–","forbid","","","by default",""
    -- remarks --
    note: verdict: the cases are too many to be put together into rows, so each row is a rule's, in the order in which they count; `--hit unique` with a larger `--budget` insists on one
    carried exactly: every row, result, duty, advice and rule
    verdict: proved: these 12 rows decide all 1,048,576 kinds of case as the rules do
    "#);
    let table = bench.json(&["table", "p.ordain", "--budget", "1_000", "--to", "json"]);
    schema::assert_fits("table", &table);
    assert_eq!(
        (&table["hit_policy"], &table["from_rules"], &table["proof"]["holds"]),
        (&"first".into(), &true.into(), &true.into())
    );
    assert_snapshot!(bench.run(&["table", "p.ordain", "--budget", "1_000", "--hit", "unique"]), @r"
    -- remarks --
    error[O9001] analysis not finished: the table of `verdict` in which every case is in exactly one row is too large
       = help: try `--hit first`, in which the first row that fits decides, or a larger `--budget` than 1,000
    -- exit code 1 --
    ");
    // There is room for all of them by default.
    let table = bench.json(&["table", "p.ordain", "--to", "json"]);
    assert_eq!(
        (&table["hit_policy"], &table["from_rules"], &table["proof"]["holds"]),
        (&"unique".into(), &false.into(), &true.into())
    );
}

#[test]
fn tables_are_printed_and_proved() {
    let bench = conflict();
    bench.write("doors/doors.ordain", &CONFLICT.replace("permit when late", "permit when late and known"));
    assert_snapshot!(bench.run(&["table", "doors"]), @r"
    # Doors: verdict

    Doors: policy.md  
    Hit policy unique: every case is in exactly one row

    |   # | late | known | verdict | rules      |
    |----:|------|-------|---------|------------|
    |   1 | no   | –     | forbid  | by default |
    |   2 | yes  | no    | forbid  | shut       |
    |   3 | yes  | yes   | permit  | open       |

    Proved: these 3 rows decide all 4 kinds of case as the rules do

    –: does not matter  
    by default: forbid where no rule speaks  

    Rules:

    - `open` (policy.md#doors)
    - `shut` (policy.md#doors)
    ");
    assert_snapshot!(bench.run(&["table", "doors", "--to", "csv", "--hit", "first", "--out", "t.csv"]), @r"
    -- remarks --
    carried exactly: every row, result, duty, advice and rule
    verdict: proved: these 2 rows decide all 4 kinds of case as the rules do
    ");
    assert_snapshot!(bench.read("t.csv"), @r#"
    "row","late","known","verdict","duties","advice","rules","citations"
    1,"yes","yes","permit","","","open","policy.md#doors"
    2,"–","–","forbid","","","shut, by default","policy.md#doors"
    "#);
    assert_snapshot!(bench.run(&["table", "doors", "--by-citation"]), @r"
    # Doors: verdict: where each heading is carried out

    | heading         | rules      | rows |
    |-----------------|------------|------|
    | policy.md#rules | –          | –    |
    | policy.md#doors | open, shut | 2–3  |
    ");
    assert_snapshot!(bench.run(&["table", "doors", "--decision", "approval"]), @r"
    -- remarks --
    error: the policy makes no decision `approval`
       = help: it decides `verdict`
    -- exit code 2 --
    ");
}

#[test]
fn formats_that_cannot_take_a_table_say_so() {
    let bench = conflict();
    bench.write("doors/doors.ordain", &CONFLICT.replace("permit when late", "permit when late and known"));
    bench.write("empty.jdm", "{\"nodes\": []}");
    assert_snapshot!(bench.run(&["table", "doors", "--out", "t.foo"]), @r"
    -- remarks --
    error: no format is known by the ending `.foo`
       = help: name it with `--to`
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["table", "doors", "--to", "odrl", "--hit", "first"]), @r"
    -- remarks --
    error: the table of `verdict` is ordered, and this format knows no order
       = help: use `--hit unique`
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["table", "doors", "--to", "dmn", "--hit", "collect"]), @r"
    -- remarks --
    error: `--hit collect` lists what each rule says, and this format holds what is decided
       = help: use `--hit unique` or `--hit first`
    -- exit code 2 --
    ");
    assert_snapshot!(bench.run(&["table", "doors", "--verify", "empty.jdm"]), @r"
    verdict: not the policy: `empty.jdm` has no table of this decision
    -- exit code 1 --
    ");
}
