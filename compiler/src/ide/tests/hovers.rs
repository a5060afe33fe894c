//! What a hover says.

use super::Fixture;
use crate::ide::hover;

fn told(text: &str) -> String {
    let fixture = Fixture::new(text);
    match hover::hover(&fixture.view(), fixture.cursor.file, fixture.cursor.start) {
        Some(hover) => format!("{}\n{}", fixture.place(hover.span), hover.text),
        None => "nothing".into(),
    }
}

const RULES: &str = "use std.school
policy p { default forbid timezone \"America/Chicago\" }
channel email, text
/// Who owns it.
fact account: one of district \"of the school\", personal
fact invited, starts: datetime
period school_days = weekdays during year
period year = 2026-08-17 to 2027-06-11
rule mail { permit email from staff when account is district }
rule phone \"Phones\" {
  forbid text from student to staff when account is personal and starts after 2026-01-01
  except late { permit text when invited at least 4 days before starts }
}
rule late_ { permit email when invited at most 3 school_days before starts }
";

fn at(from: &str, to: &str) -> String {
    assert!(RULES.contains(from));
    told(&RULES.replacen(from, to, 1))
}

#[test]
fn names_say_what_they_are() {
    let all = [
        at("account is district", "acc$0ount is district"),
        at("account is district", "account is dis$0trict"),
        at("from staff", "from st$0aff"),
        at("permit email from", "permit em$0ail from"),
        at("period year", "period ye$0ar"),
        at("school_days before", "school_$0days before"),
    ];
    insta::assert_snapshot!(all.join("\n\n=====\n"), @"");
}

#[test]
fn rules_say_what_was_proved() {
    let all = [at("rule phone", "rule ph$0one"), at("except late", "except l$0ate"), at("rule mail", "rule ma$0il")];
    insta::assert_snapshot!(all.join("\n\n=====\n"), @"");
}

#[test]
fn words_and_conditions_are_explained() {
    let all = [
        at("permit email from", "per$0mit email from"),
        at("invited at least 4", "invited at l$0east 4"),
        at("invited at most 3", "invited at m$0ost 3"),
        at("starts after 2026", "starts af$0ter 2026"),
    ];
    insta::assert_snapshot!(all.join("\n\n=====\n"), @"");
}

#[test]
fn broken_text_is_explained_as_well() {
    insta::assert_snapshot!(told("fact late: yes/no\nrule a { permit when late and }\nrule b { permit when la$0te is is }"), @"");
}

#[test]
fn headings_say_what_the_policy_says() {
    insta::assert_snapshot!(told("-- p.ordain
policy p { default forbid source \"policy.md\" }
fact x: yes/no
rule a cite \"policy.md#pho$0nes\" { permit when x }
-- policy.md
# Title

## Phones

Phones stay at home.

## Other
"), @"");
}
