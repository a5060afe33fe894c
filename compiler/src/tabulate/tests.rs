//! Tables of small policies: every case of theirs is looked up in the table and decided by the rules.

use super::*;
use crate::check::tests::project;
use crate::decide::{check_case, decide};
use crate::model::{Case, Value};
use crate::source::Sources;

/// The model of one file without errors.
pub(crate) fn model(text: &str) -> (Sources, Model) {
    let (sources, model, diagnostics) = project(&[("p.ordain", text)]);
    let errors: Vec<String> = diagnostics
        .iter()
        .filter(|d| d.level == crate::diagnostics::Level::Error)
        .map(|d| format!("{} {}: {}", d.code.id, sources.place(d.span), d.message))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    (sources, model)
}

/// Every legal case of a policy of yes/no facts, choices, small sets and small numbers.
pub(crate) fn cases(model: &Model) -> Vec<Case> {
    let mut all = vec![Vec::new()];
    for fact in &model.facts {
        let mut values: Vec<Option<Value>> = match &fact.ty {
            Type::YesNo => vec![Some(Value::Bool(false)), Some(Value::Bool(true))],
            Type::Choice(d) => (0..d.values.len() as u32).map(|v| Some(Value::Choice(v))).collect(),
            Type::Set(d) => (0..1usize << d.values.len())
                .map(|set| Some(Value::Set((0..d.values.len()).filter(|e| set >> e & 1 == 1).collect())))
                .collect(),
            Type::Number { lo, hi, .. } | Type::Date { lo, hi } if hi - lo < 100 => {
                (*lo..=*hi).map(|v| Some(Value::Int(v))).collect()
            }
            _ => panic!("{} has too many values", fact.name),
        };
        values.extend(fact.exists_if.as_ref().map(|_| None));
        all = all
            .into_iter()
            .flat_map(|case: Vec<Option<Value>>| {
                values.iter().map(move |v| case.iter().cloned().chain([v.clone()]).collect())
            })
            .collect();
    }
    let mut cases: Vec<Case> = all.into_iter().map(|values| Case { values }).collect();
    cases.retain(|c| check_case(model, c).is_empty());
    assert!(!cases.is_empty());
    cases
}

fn fits(table: &Table, row: &Row, assignment: &[u32]) -> bool {
    table.axes.iter().zip(&row.cells).all(|(axis, cells)| {
        let mine: Vec<u32> = axis.axes.iter().map(|a| assignment[*a]).collect();
        cells.as_ref().is_none_or(|s| s.iter().any(|c| axis.cells[c] == mine))
    })
}

/// Tabulates in all ways and looks every case up. Returns the rows of the unique and the first table.
fn check(text: &str) -> Vec<(usize, usize)> {
    let (_, model) = model(text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let cases = cases(&model);
    let mut counts = Vec::new();
    for decision in decisions(&model) {
        let unique = tabulate(&mut lowered, decision, Hit::Unique);
        let first = tabulate(&mut lowered, decision, Hit::First);
        let collect = tabulate(&mut lowered, decision, Hit::Collect);
        for table in [&unique, &first, &collect] {
            assert!(table.proof.unwrap().holds(), "{:?} {}", table.hit, table.proof.unwrap().sentence());
        }
        for case in &cases {
            let assignment = lowered.space.locate(&model, case);
            let decided = decide(&model, case);
            let answer = &decided.answers[decision.index()];
            let hits: Vec<&Row> = unique.rows.iter().filter(|r| fits(&unique, r, &assignment)).collect();
            assert_eq!(hits.len(), 1, "{case:?}");
            let ordered = first.rows.iter().find(|r| fits(&first, r, &assignment)).unwrap();
            for row in [hits[0], ordered] {
                assert_eq!(row.output.result, Some(answer.result), "{case:?}");
                assert!(answer.by.iter().all(|c| row.by.contains(c)), "{case:?}");
                assert!(!answer.by_default || row.by_default);
                if carries_duties(&model, decision) {
                    assert_eq!(row.output.duties, decided.duties, "{case:?}");
                    assert_eq!(row.output.advice, decided.advice, "{case:?}");
                }
            }
            let said: Vec<&Row> = collect.rows.iter().filter(|r| fits(&collect, r, &assignment)).collect();
            for clause in &answer.by {
                assert!(said.iter().any(|r| r.by.contains(clause)), "{case:?}");
            }
            if carries_duties(&model, decision) {
                for duty in &decided.duties {
                    assert!(said.iter().any(|r| r.output.duties.contains(duty)), "{case:?}");
                }
            }
        }
        counts.push((unique.rows.len(), first.rows.len()));
    }
    counts
}

pub(crate) const SCHOOL: &str = r#"
policy school "School contact" { default forbid }
role student, staff { teacher, principal }
channel email, call, text
fact account: one of district "the district's account", personal if channel is email
fact approved: yes/no "approved beforehand" if channel is text
fact distressing: yes/no
fact people: set of role
duty report "Tell an adult"

rule mail { permit email from student to staff when account is district }
rule phone "No calls or texts" {
  forbid call, text from student to staff
  except approved_text { permit text when approved provided { company: people include any of teacher, principal } }
}
rule staff_mail { permit email from staff to student  advise people include principal }
rule only_mail { require not approved when recipient is principal }
rule tell { oblige report when distressing }
"#;

#[test]
fn every_case_of_a_policy_is_in_its_row() {
    check(SCHOOL);
}

#[test]
fn one_rule_takes_as_few_rows_as_it_can() {
    let rows = |facts: &str, rules: &str| check(&format!("policy p {{ default forbid }} {facts} {rules}"))[0];
    assert_eq!(rows("fact a: yes/no", "rule r { permit when a }"), (2, 2));
    assert_eq!(rows("fact a, b, c: yes/no", "rule r { permit when a and b and c }"), (4, 2));
    assert_eq!(rows("fact a, b: yes/no", "rule r { permit when a or b }"), (3, 2));
    assert_eq!(rows("fact x: one of a, b, c, d", "rule r { permit when x is any of a, c }"), (2, 2));
    assert_eq!(rows("fact n: number 0 to 20", "rule r { permit when n > 3 and n < 9 }"), (2, 2));
    // What exists only under a condition needs no row elsewhere.
    assert_eq!(
        rows("fact a: yes/no fact x: one of y, z if a", "rule r { permit when x is y } rule s { permit when not a }"),
        (2, 2)
    );
    // Either of two people: one row for them, one for the rest.
    assert_eq!(rows("fact s: set of one of p, q, r", "rule r { permit when s include any of p, q }"), (2, 2));
}

#[test]
fn conflicts_gaps_and_decisions_have_rows() {
    let text = "policy p { default approval none }
        fact a, b: yes/no
        fact fee: number 0.00 to 1.00 USD
        decision approval: one of none, teacher, principal
        rule x { permit when a }
        rule y { forbid when b }
        rule z { approval is teacher when fee > 0.20 USD }
        rule w { approval is principal when fee > 0.50 USD and a }";
    let (_, model) = model(text);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let table = tabulate(&mut lowered, VERDICT, Hit::Unique);
    let mut results: Vec<&str> = table.rows.iter().map(|r| r.result.as_str()).collect();
    results.sort_unstable();
    assert_eq!(results, ["conflict", "forbid", "permit", "undecided"]);
    let table = tabulate(&mut lowered, DecisionId(1), Hit::Unique);
    let texts: Vec<(Vec<String>, String)> = table.rows.iter().map(|r| (r.texts.clone(), r.result.clone())).collect();
    insta::assert_debug_snapshot!(texts);
}

#[test]
fn the_proof_notices_a_changed_row() {
    let (_, model) = model(SCHOOL);
    for hit in [Hit::Unique, Hit::First, Hit::Collect] {
        let mut lowered = Lowered::new(&model, &[], 1_000_000);
        let table = tabulate(&mut lowered, VERDICT, hit);
        assert!(prove(&mut lowered, &table).holds());
        for i in 0..table.rows.len() {
            let mut other = table.clone();
            other.rows[i].output.result = match other.rows[i].output.result {
                Some(Verdict::Is(0)) => Some(Verdict::Is(1)),
                Some(_) => Some(Verdict::Is(0)),
                None => continue,
            };
            assert!(!prove(&mut lowered, &other).equal, "{hit:?} row {i}");
            let mut other = table.clone();
            other.rows[i].output.duties = vec![DutyId(0)];
            let same = other.rows[i].output.duties == table.rows[i].output.duties;
            // A collect row of another rule that gives a duty counts as that rule's.
            if hit != Hit::Collect {
                assert_eq!(prove(&mut lowered, &other).equal, same, "{hit:?} row {i}");
            }
            let mut other = table.clone();
            other.rows.remove(i);
            let proof = prove(&mut lowered, &other);
            assert!(!proof.holds(), "{hit:?} row {i}");
            // Without its row a case falls to the last, ordered row.
            let caught = hit == Hit::First && i + 1 < table.rows.len();
            assert_eq!(proof.complete, hit == Hit::Collect || caught);
            if hit == Hit::Unique {
                let mut other = table.clone();
                other.rows.push(table.rows[i].clone());
                assert!(!prove(&mut lowered, &other).disjoint);
                for c in 0..table.axes.len() {
                    let mut other = table.clone();
                    if other.rows[i].cells[c].take().is_some() {
                        let proof = prove(&mut lowered, &other);
                        assert!(!proof.disjoint || proof.holds(), "row {i} axis {c}");
                    }
                }
            }
        }
    }
}

#[test]
fn headings_lead_to_rules_and_rows() {
    let text = "# Rules\n## Mail\nMail is fine.\n## Phones\nNo.\n## Contact\nBob.\n### Office hours\nNine.\n";
    let (sources, model, diagnostics) = project(&[
        (
            "p.ordain",
            "policy p { source \"p.md\" default forbid } fact phone: yes/no
             section \"Mail\" cite \"p.md#mail\" { rule mail { permit when not phone } }
             rule phones cite \"p.md#phones\" { forbid when phone }
             not encoded \"p.md#contact\" because \"an address\"",
        ),
        ("p.md", text),
    ]);
    assert!(diagnostics.is_empty(), "{:?}", diagnostics.iter().map(|d| &d.message).collect::<Vec<_>>());
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let table = tabulate(&mut lowered, VERDICT, Hit::Unique);
    let notes = by_citation(&model, &sources, &table);
    insta::assert_snapshot!(crate::emit::markdown::citations(&model, &table, &notes));
}

const CLASH: &str = "policy p { default permit }
fact a, b, c: yes/no
rule open { permit when a provided { fine: b } }
rule shut { forbid when c }
rule both { require b when not a }";

#[test]
fn the_rules_own_rows_stand_in_the_order_in_which_they_count() {
    let (_, model) = model(CLASH);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let table = by_rules(&mut lowered, VERDICT).unwrap();
    assert!(table.proof.unwrap().holds());
    insta::assert_snapshot!(crate::emit::markdown::write(&table));
    // A clause that gives a duty cannot be told by its row.
    let (_, model) = super::tests::model(SCHOOL);
    assert!(by_rules(&mut Lowered::new(&model, &[], 1_000_000), VERDICT).is_none());
}

#[test]
fn the_proof_by_rules_notices_a_change() {
    let (_, model) = model(CLASH);
    let mut lowered = Lowered::new(&model, &[], 1_000_000);
    let table = by_rules(&mut lowered, VERDICT).unwrap();
    assert!(table.rows.iter().any(|r| r.conflicts) && table.rows.iter().any(|r| r.overrides));
    for i in 0..table.rows.len() {
        let changes: [&dyn Fn(&mut Table); 6] = [
            &|t| drop(t.rows.remove(i)),
            &|t| t.rows[i].conflicts = !t.rows[i].conflicts,
            &|t| t.rows[i].overrides = !t.rows[i].overrides,
            &|t| {
                t.rows[i].output.result = Some(Verdict::Is(u32::from(t.rows[i].output.result == Some(Verdict::Is(0)))))
            },
            &|t| t.rows.swap(i, (i + 1) % table.rows.len()),
            &|t| t.rows[i].cells.iter_mut().for_each(|c| *c = c.is_none().then(|| Bits::one(0))),
        ];
        for (k, change) in changes.iter().enumerate() {
            let mut other = table.clone();
            change(&mut other);
            let one_stage = k == 4 && i + 1 < table.rows.len() && {
                let of = |r: &Row| (r.output.result, r.overrides);
                of(&table.rows[i]) == of(&table.rows[i + 1]) && i + 2 < table.rows.len()
            };
            assert_eq!(prove(&mut lowered, &other).holds(), one_stage, "row {i}, change {k}");
        }
    }
}

#[test]
fn many_rows_are_made_in_halves() {
    let cells = (0..600u32).map(|i| [i / 60, i / 6 % 10, i % 6]);
    let says = |[x, y, z]: [u32; 3]| match (7 * x * x + 3 * y * y * y + 11 * x * y * z + z * z) % 23 {
        0..7 => "permit",
        7..10 => "forbid",
        10..14 => "oblige report",
        14..18 => "oblige record",
        _ => "",
    };
    let rules = cells.filter(|c| !says(*c).is_empty()).enumerate().map(|(i, c)| {
        let [x, y, z] = c;
        format!("rule r{i} {{ {} when x = {x} and y = {y} and z = {z} }}\n", says(c))
    });
    let facts = "fact x, y: number 0 to 9 fact z: number 0 to 5
        duty report \"Tell an adult\" duty record \"Write it down\"";
    let (unique, _) = check(&format!("policy p {{ default forbid }} {facts} {}", rules.collect::<String>()))[0];
    assert!(unique > MANY.max(partition::SEARCHED), "{unique} rows");
}

#[test]
fn the_same_policy_gives_the_same_bytes() {
    let write = || {
        let (_, model) = model(SCHOOL);
        let mut lowered = Lowered::new(&model, &[], 1_000_000);
        crate::emit::markdown::write(&tabulate(&mut lowered, VERDICT, Hit::Unique))
    };
    assert_eq!(write(), write());
}
