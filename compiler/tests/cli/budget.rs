//! What becomes of a check, and of a comparison, that its budget does not suffice for.

use super::bench::Bench;
use insta::assert_snapshot;

const TRIP: &str = "policy trip { default forbid }
fact asked, approved, leaves, returns, paid: date 2026-01-01 to 2026-12-31
fact staff, idle: yes/no
rule early { permit when asked at least 14 days before leaves and approved at least 3 days before leaves }
rule soon  { permit when staff and leaves at most 5 days before returns }
rule pays  { forbid when staff and asked more than 30 days before paid and returns more than 3 days before paid }
rule other { permit when staff and leaves on or after 2026-05-01 }
";

fn budget(steps: u64, text: &str) -> String {
    let bench = Bench::new(&[("trip.ordain", text)]);
    bench.run(&["check", "--budget", &steps.to_string()])
}

/// Times that are measured from one another are tried within the budget; the report says which rules ask about them, and
/// what needs no proof is told besides.
#[test]
fn times_are_tried_within_the_budget() {
    assert_snapshot!(budget(60, TRIP), @r"
    warning[O5001] unused: nothing uses the fact `idle`
       ┌─ trip.ordain:3:13
     3 │ fact staff, idle: yes/no
       │             ────
       = help: delete `idle`, or write the rule that asks for it

    error[O9001] analysis not finished: the budget did not suffice to find out which values `asked`, `approved`, `leaves`, `returns` and `paid` can have together
       ┌─ trip.ordain:4:6
     4 │ rule early { permit when asked at least 14 days before leaves and approved at least 3 days before leaves }
       │      ──┬──
       │        ╰─ asks about them
     5 │ rule soon  { permit when staff and leaves at most 5 days before returns }
       │      ──┬─
       │        ╰─ asks about them
     6 │ rule pays  { forbid when staff and asked more than 30 days before paid and returns more than 3 days before paid }
       │      ──┬─
       │        ╰─ asks about them
       = `early`, `soon` and `pays` ask about them
       = nothing was proved: there may be conflicts and gaps that are not reported
       = help: raise the budget (`--budget`), or split the policy

    1 error, 1 warning in 1 file
    -- exit code 1 --
    ");
}

/// With more steps the same policy is analysed, and nothing is said of a budget.
#[test]
fn a_larger_budget_answers() {
    for steps in [2_000_000, 10_000] {
        let told = budget(steps, TRIP);
        assert!(!told.contains("O9001") && told.contains("`early` permits what `pays` forbids"), "{steps}: {told}");
        assert!(told.contains("nothing uses the fact `idle`"), "{steps}: {told}");
    }
}

/// One rule alone may be too much, and is named.
#[test]
fn a_rule_that_is_too_much_is_named() {
    let head = "policy p { default forbid }\nfact a, b, c, d, e, f: yes/no\nrule one { permit when a }\n";
    let text = format!("{head}rule two {{ permit when a and b or c and d or e and f }}\n");
    assert_snapshot!(budget(6, &text), @r"
    error[O9001] analysis not finished: the budget did not suffice to find out where `two` applies
       ┌─ trip.ordain:4:6
     4 │ rule two { permit when a and b or c and d or e and f }
       │      ─┬─
       │       ╰─ not decided
       = nothing was proved: there may be conflicts and gaps that are not reported
       = help: raise the budget (`--budget`), or split the policy

    1 error in 1 file
    -- exit code 1 --
    ");
}

/// Where no budget would do, none is asked for.
#[test]
fn too_many_distances_are_too_many_for_any_budget() {
    let names: Vec<String> = (0..24).map(|i| format!("d{i}")).collect();
    let mut text = format!("policy p {{ default forbid }}\nfact {}: date 2026-01-01 to 2026-12-31\n", names.join(", "));
    for (i, a) in names.iter().enumerate() {
        for b in &names[..i] {
            text.push_str(&format!("rule {a}_{b} {{ permit when {a} before {b} }}\n"));
        }
    }
    let told = [60, 2_000_000, 200_000_000].map(|steps| budget(steps, &text));
    assert!(told[0] == told[1] && told[1] == told[2], "{told:?}");
    assert!(told[0].contains("`d22` and `d23` are measured from one another in too many ways"), "{}", told[0]);
    assert!(told[0].contains("and 256 more ask about them"), "{}", told[0]);
    assert!(told[0].contains("a larger budget does not help: split the policy"), "{}", told[0]);
}

#[test]
fn versions_are_compared_within_the_budget() {
    let bench = Bench::new(&[("old/trip.ordain", TRIP), ("new/trip.ordain", &TRIP.replace("30 days", "20 days"))]);
    assert_snapshot!(bench.run(&["compare", "old", "new", "--budget", "60"]), @r"
    -- remarks --
    error[O9001] analysis not finished: the 60 steps of the budget did not suffice to find out which values `asked`, `approved`, `leaves`, `returns` and `paid` can have together
       = help: try `--budget 240`, or fewer facts that rules compare with one another
    -- exit code 1 --
    ");
    assert!(bench.run(&["compare", "old", "new"]).contains("because: rule `pays` changed"));
}
