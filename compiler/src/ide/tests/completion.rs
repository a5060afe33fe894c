//! What is offered where.

use super::Fixture;
use crate::ide::complete::{self, OfferKind};

const WORDS: &str = "use std.school
policy p { default forbid source \"policy.md\" }
channel email, video { meet, zoom }
fact account: one of district, personal
fact late, early: yes/no
fact fee: number 0 to 100 USD
fact invited, starts: datetime
fact day: date
fact attendees: set of role
period school_days = weekdays
duty report \"Tell\"
decision approval: one of none, teacher
define private = late and early
section devices \"Devices\" { rule phone { forbid email except approved { permit email when late } } }
";

/// The labels offered behind a text, the best first, at most twelve; templates in brackets.
fn offered(text: &str) -> String {
    let mut all = format!("-- p.ordain\n{WORDS}{text}");
    if !text.contains("$0") {
        all += "$0";
    }
    let fixture = Fixture::new(&format!("{all}\n-- policy.md\n# Policy\n## Phones\n## Mail\n"));
    let offers = complete::complete(&fixture.view(), fixture.cursor.file, fixture.cursor.start);
    let label = |o: &complete::Offer| match o.kind {
        OfferKind::Template => format!("[{}]", o.label),
        _ => o.label.clone(),
    };
    let shown: Vec<String> = offers.iter().take(12).map(label).collect();
    format!("{} => {}", text.replace("$0", "|").replace('\n', "⏎"), shown.join(" "))
}

#[test]
fn offers_fit_their_place() {
    let all: Vec<String> = [
        "",
        "rule a { ",
        "rule a { per$0",
        "rule a { permit ",
        "rule a { permit email ",
        "rule a { permit email from ",
        "rule a { permit email from student to ",
        "rule a { permit email from student, ",
        "rule a { permit when ",
        "rule a { permit when l$0ate }",
        "rule a { permit when account ",
        "rule a { permit when account is ",
        "rule a { permit when account is any of district, ",
        "rule a { permit when fee ",
        "rule a { permit when fee < ",
        "rule a { permit when invited ",
        "rule a { permit when invited at least 3 ",
        "rule a { permit when invited at least 3 days ",
        "rule a { permit when invited at least 3 days before ",
        "rule a { permit when starts during ",
        "rule a { permit when attendees include ",
        "rule a { permit when attendees include any of student, ",
        "rule a { permit when late ",
        "rule a { permit provided { x: ",
        "rule a { require ",
        "rule a { oblige ",
        "rule a { approval is ",
        "rule a { permit when channel is ",
        "exception b to ",
        "exception b to phone.",
        "expect \"x\" { ",
        "expect \"x\" { forbid when late by ",
        "use ",
        "use std.",
        "rule a cite \"$0\" { permit }",
        "rule a cite \"policy.md#$0\" { permit }",
        "fact x: ",
        "role new under ",
        "policy q { ",
        "policy q { default ",
        "define x = ",
        "fact x: yes/no if ",
        "assume ",
        "// nothing $0",
        "rule a { permit email when late\n  $0 }",
    ]
    .iter()
    .map(|text| offered(text))
    .collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
 => [rule] [fact] [section] [exception] [define] [role] [channel] [period] [duty] [decision] [assume] [expect]
rule a {  => [permit] [forbid] [require] [oblige] [advise] [except] [waive] [cite] [in force] approval
rule a { per| => [permit] [forbid] [require] [oblige] [advise] [except] [waive] [cite] [in force] approval
rule a { permit  => email video meet zoom from to when call text google_meet microsoft_teams other_video
rule a { permit email  => from to when provided
rule a { permit email from  => student staff teacher coordinator administrator principal assistant_principal counselor nurse other_staff guardian other_person
rule a { permit email from student to  => student staff teacher coordinator administrator principal assistant_principal counselor nurse other_staff guardian other_person
rule a { permit email from student,  => student staff teacher coordinator administrator principal assistant_principal counselor nurse other_staff guardian other_person
rule a { permit when  => late early private channel account fee invited starts day attendees not consent
rule a { permit when l|ate } => late early private channel account fee invited starts day attendees not consent
rule a { permit when account  => is is not is any of is none of
rule a { permit when account is  => district personal any of not none of
rule a { permit when account is any of district,  => district personal
rule a { permit when fee  => < <= = != >= > between
rule a { permit when fee <  => [0 USD]
rule a { permit when invited  => at least at most less than more than within before on or before after on or after between during outside
rule a { permit when invited at least 3  => days weeks months years hours minutes school_days weekdays weekend every_day office_hours evening
rule a { permit when invited at least 3 days  => before after
rule a { permit when invited at least 3 days before  => starts day [2026-09-14]
rule a { permit when starts during  => school_days weekdays weekend every_day office_hours evening night
rule a { permit when attendees include  => student staff teacher coordinator administrator principal assistant_principal counselor nurse other_staff guardian other_person
rule a { permit when attendees include any of student,  => student staff teacher coordinator administrator principal assistant_principal counselor nurse other_staff guardian other_person
rule a { permit when late  => and or provided
rule a { permit provided { x:  => late early private channel account fee invited starts day attendees not consent
rule a { require  => late early private channel account fee invited starts day attendees not consent
rule a { oblige  => report ask_consent keep_consent respect_withdrawal
rule a { approval is  => none teacher
rule a { permit when channel is  => email video meet zoom any of not none of
exception b to  => phone phone.approved section devices
exception b to phone. => approved
expect "x" {  => [permit] [forbid] [undecided] [conflict] [obliges] [some] approval
expect "x" { forbid when late by  => phone phone.approved
use  => std.calendar std.communication std.consent std.school std.workplace
use std. => calendar communication consent school workplace
rule a cite "|" { permit } => policy.md#policy policy.md#phones policy.md#mail
rule a cite "policy.md#|" { permit } => policy.md#policy policy.md#phones policy.md#mail
fact x:  => [yes/no] [one of] [role] [channel] [number] [date] [time] [datetime] [set of]
role new under  => student staff teacher coordinator administrator principal assistant_principal counselor nurse other_staff guardian other_person
policy q {  => [source] [timezone] [in force] [default] [yields to]
policy q { default  => permit forbid approval
define x =  => late early private channel account fee invited starts day attendees not consent
fact x: yes/no if  => late early private channel account fee invited starts day attendees not consent
assume  => late early private channel account fee invited starts day attendees not consent
// nothing | => 
rule a { permit email when late⏎  | } => and or provided [permit] [forbid] [require] [oblige] [advise] [except] [waive] [cite] [in force]
"#);
}

#[test]
fn names_that_are_not_known_bring_their_use() {
    let fixture = Fixture::new("-- a.ordain\nchannel pigeon\n-- p.ordain\npolicy p {}\nrule a { permit $0 }\n");
    let offers = complete::complete(&fixture.view(), fixture.cursor.file, fixture.cursor.start);
    let of = |name: &str| offers.iter().find(|o| o.label == name).expect("an offer");
    assert_eq!(fixture.edited(&of("pigeon").edits)[1].1, "policy p {}\n\nuse a\nrule a { permit  }\n");
    assert_eq!(fixture.edited(&of("email").edits)[1].1, "policy p {}\n\nuse std.communication\nrule a { permit  }\n");
}

#[test]
fn offers_replace_the_word_and_have_a_text() {
    let fixture = Fixture::new(&format!("{WORDS}rule a {{ permit when acc$0ount is district }}"));
    let offers = complete::complete(&fixture.view(), fixture.cursor.file, fixture.cursor.start);
    let offer = offers.iter().find(|o| o.label == "account").expect("the fact");
    assert_eq!(fixture.checked.sources.text(offer.span), "account");
    assert!(complete::resolve(&fixture.view(), offer).contains("one of district, personal"));
}
