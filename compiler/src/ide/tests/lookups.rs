//! Definition, references, highlights, rename, the hierarchy of exceptions.

use super::Fixture;
use crate::ide::{calls, lookup, rename};

const PROJECT: &str = "-- words.ordain
use std.school
fact account: one of district, personal \"whose\"
fact starts, invited: datetime
channel email, text
period school_days = weekdays 08:00 to 15:30
duty report \"Tell\"
decision approval: one of none, teacher
define own = account is personal
-- p.ordain
use words
policy p { default forbid default approval none source \"policy.md\" }
section devices \"Devices\" cite \"policy.md#devices\" {
  rule phone {
    forbid text from student to staff
    except approved { permit text when account is district and own }
  }
  rule early { permit email when invited at least 3 school_days before starts provided { mine: own } }
}
exception late to phone, phone.approved { waive when starts during school_days }
rule duty_ { oblige report when own }
rule ask { approval is teacher when own }
expect \"x\" { forbid text from teacher to staff when account is district by phone }
-- policy.md
# Policy
## Devices
Phones stay home.
";

fn at(from: &str) -> Fixture {
    let (line, marked) = from.split_once(" | ").expect("a line and its mark");
    assert!(PROJECT.contains(line), "{line}");
    Fixture::new(&PROJECT.replacen(line, marked, 1))
}

fn defined(from: &str) -> String {
    let fixture = at(from);
    let found = lookup::definition(&fixture.view(), fixture.cursor.file, fixture.cursor.start);
    found.map_or("nothing".into(), |d| fixture.place(d.name))
}

#[test]
fn definitions_are_found_across_files() {
    let all: Vec<String> = [
        "account is district and own | account$0 is district and own",
        "account is district and own | account is $0district and own",
        "account is district and own | account is district and o$0wn",
        "forbid text from student | forbid te$0xt from student",
        "forbid text from student | forbid text from stu$0dent",
        "3 school_days before | 3 school$0_days before",
        "before starts provided | before st$0arts provided",
        "to phone, phone.approved | to phone, phone.appr$0oved",
        "to phone, phone.approved | to phone, ph$0one.approved",
        "oblige report | oblige r$0eport",
        "approval is teacher when | approval is tea$0cher when",
        "default approval none | default app$0roval none",
        "cite \"policy.md#devices\" | cite \"policy.md#$0devices\"",
        "source \"policy.md\" | source \"poli$0cy.md\"",
        "use words | use wo$0rds",
        "by phone | by $0phone",
        "mine: own | mi$0ne: own",
    ]
    .iter()
    .map(|from| defined(from))
    .collect();
    insta::assert_snapshot!(all.join("\n"), @r"
words.ordain:2:6 `account`
words.ordain:2:22 `district`
words.ordain:8:8 `own`
words.ordain:4:16 `text`
<std/school.ordain>:12:6 `student`
words.ordain:5:8 `school_days`
words.ordain:3:6 `starts`
p.ordain:6:12 `approved`
p.ordain:4:8 `phone`
words.ordain:6:6 `report`
words.ordain:7:33 `teacher`
words.ordain:7:10 `approval`
policy.md:2:1 `## Devices`
policy.md:1:1 ``
words.ordain:1:1 ``
p.ordain:4:8 `phone`
p.ordain:8:90 `mine`
");
}

#[test]
fn references_are_complete() {
    let fixture = at("define own = | define o$0wn =");
    let found = lookup::references(&fixture.view(), fixture.cursor.file, fixture.cursor.start, true);
    let own: Vec<String> = found.iter().map(|s| fixture.place(*s)).collect();
    let fixture = at("rule phone { | rule ph$0one {");
    let found = lookup::references(&fixture.view(), fixture.cursor.file, fixture.cursor.start, false);
    let phone: Vec<String> = found.iter().map(|s| fixture.place(*s)).collect();
    insta::assert_snapshot!(format!("{}\n\n{}", own.join("\n"), phone.join("\n")), @r"
p.ordain:6:64 `own`
p.ordain:8:96 `own`
p.ordain:11:33 `own`
p.ordain:12:37 `own`
words.ordain:8:8 `own`

p.ordain:10:19 `phone`
p.ordain:10:26 `phone`
p.ordain:13:76 `phone`
");
}

#[test]
fn highlights_stay_in_the_file() {
    let fixture = at("account is personal | account$0 is personal");
    let found = lookup::highlights(&fixture.view(), fixture.cursor.file, fixture.cursor.start);
    let told: Vec<String> = found.iter().map(|(s, declares)| format!("{} {declares}", fixture.place(*s))).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
words.ordain:2:6 `account` true
words.ordain:8:14 `account` false
");
}

/// The new text of all files that changed, or why it was refused.
fn renamed(from: &str, new: &str) -> String {
    let fixture = at(from);
    match rename::rename(&fixture.view(), fixture.cursor.file, fixture.cursor.start, new) {
        Err(why) => why,
        Ok(edits) => {
            let files = fixture.edited(&edits);
            assert_eq!(super::findings(&files).len(), super::findings(&fixture.files).len(), "nothing else changes");
            let lines = |files: &[(String, String)]| -> Vec<String> {
                files.iter().flat_map(|f| f.1.lines().map(str::to_string).collect::<Vec<_>>()).collect()
            };
            let (old, new) = (lines(&fixture.files), lines(&files));
            let changed = old.iter().zip(&new).filter(|(a, b)| a != b).map(|(_, b)| b.trim().to_string());
            changed.collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn names_are_changed_everywhere() {
    let told = [
        renamed("rule phone { | rule ph$0one {", "phones"),
        renamed("except approved | except appr$0oved", "agreed"),
        renamed("account is personal | account is $0personal", "private"),
        renamed("section devices | section dev$0ices", "gadgets"),
        renamed("mine: own | $0mine: own", "yours"),
    ];
    insta::assert_snapshot!(told.join("\n\n"), @r#"
rule phones {
exception late to phones, phones.approved { waive when starts during school_days }
expect "x" { forbid text from teacher to staff when account is district by phones }

except agreed { permit text when account is district and own }
exception late to phone, phone.agreed { waive when starts during school_days }

fact account: one of district, private "whose"
define own = account is private

section gadgets "Devices" cite "policy.md#devices" {

rule early { permit email when invited at least 3 school_days before starts provided { yours: own } }
"#);
}

#[test]
fn what_would_change_the_meaning_is_refused() {
    let told = [
        renamed("define own = | define o$0wn =", "account"),
        renamed("define own = | define o$0wn =", "when"),
        renamed("define own = | define o$0wn =", "two words"),
        renamed("account is personal | account is $0personal", "district"),
        renamed("from student to | from stu$0dent to", "pupil"),
        renamed("period school_days | period school$0_days", "days"),
        renamed("rule early | rule ear$0ly", "phone"),
        renamed("use words | use wo$0rds", "other"),
    ];
    insta::assert_snapshot!(told.join("\n"), @r"
`account` is the name of a fact already
`when` is a word of the language
`two words` is no name: names are made of letters, digits and `_`, and begin with a letter
`district` is a value of `account` already
`student` belongs to the standard library
`days` is a unit of time already
`phone` is the name of a rule already
a file is renamed where files are; its `use` follows it
");
}

#[test]
fn exceptions_are_a_hierarchy() {
    let fixture = at("rule phone { | rule ph$0one {");
    let view = fixture.view();
    let entry = calls::entry_at(&view, fixture.cursor.file, fixture.cursor.start).expect("a rule");
    let by: Vec<String> = calls::exceptions(&view, &entry.path).into_iter().map(|e| e.path).collect();
    let of: Vec<String> = calls::replaced(&view, "late").into_iter().map(|e| e.path).collect();
    assert_eq!((entry.path.as_str(), entry.exception), ("phone", false));
    assert_eq!(by, ["phone.approved", "late"]);
    assert_eq!(of, ["phone", "phone.approved"]);
}
