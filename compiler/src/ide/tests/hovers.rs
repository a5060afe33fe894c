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
    insta::assert_snapshot!(all.join("\n\n=====\n"), @r#"
p.ordain:9:42 `account`
```ordain
fact account: one of district "of the school", personal
```

Who owns it.

* `district`: of the school

`account is district` holds in 10 of the 20 kinds of case in which the rest of its condition holds (50 %).

=====
p.ordain:9:53 `district`
**`district`**: a value of `account`

of the school

`account is district` holds in 10 of the 20 kinds of case in which the rest of its condition holds (50 %).

=====
p.ordain:9:31 `staff`
```ordain
role staff "member of staff"
```

Everybody whom the school or its district employs, or who works there on its behalf.

Covers `teacher`, `coordinator`, `administrator`, `counselor`, `nurse` and `other_staff`.

From the standard library: `use std.school`

=====
p.ordain:9:20 `email`
```ordain
channel email
```

=====
p.ordain:8:8 `year`
```ordain
period year = 2026-08-17 to 2027-06-11
```

From Monday 17 August 2026 to Friday 11 June 2027: 299 days.

=====
p.ordain:14:50 `school_days`
```ordain
period school_days = weekdays during year
```

From Monday 17 August 2026 to Friday 11 June 2027: 215 days. For example: Monday 17 August 2026 to Friday 21 August 2026.

`invited at most 3 school_days before starts` holds in 48 of the 60 kinds of case in which the rest of its condition holds (80 %).
"#);
}

#[test]
fn rules_say_what_was_proved() {
    let all = [at("rule phone", "rule ph$0one"), at("except late", "except l$0ate"), at("rule mail", "rule ma$0il")];
    insta::assert_snapshot!(all.join("\n\n=====\n"), @r#"
p.ordain:10:6 `phone`
```ordain
rule phone "Phones"
```

Applies in 3 of 120 kinds of case (3 %), decides 1 (0.83 %).

For example: a student reaches a teacher through text, account is personal, invited on Monday 14 September 2026 at 09:00, starts on Thursday 17 September 2026 at 09:00, 3 days later

Replaced by `phone.late` where that applies.

=====
p.ordain:12:10 `late`
```ordain
exception phone.late
```

Applies in 2 of 120 kinds of case (2 %), decides 2 (2 %).

For example: a student reaches a teacher through text, account is personal, invited on Tuesday 15 September 2026 at 09:00, starts on Saturday 19 September 2026 at 08:00, 4 days later

Replaces `phone` where both apply.

=====
p.ordain:9:6 `mail`
```ordain
rule mail
```

Applies in 10 of 120 kinds of case (8 %), decides 10 (8 %).

For example: a teacher reaches someone through email, account is of the school
"#);
}

#[test]
fn words_and_conditions_are_explained() {
    let all = [
        at("permit email from", "per$0mit email from"),
        at("invited at least 4", "invited at l$0east 4"),
        at("invited at most 3", "invited at m$0ost 3"),
        at("starts after 2026", "starts af$0ter 2026"),
    ];
    insta::assert_snapshot!(all.join("\n\n=====\n"), @r"
p.ordain:9:13 `permit`
**`permit`**: Permits the cases of its head and condition.

=====
p.ordain:12:34 `invited at least 4 days before starts`
For example: with `invited` on Monday 14 September 2026, `starts` is on Friday 18 September 2026 at the earliest.

`invited at least 4 days before starts` holds in 36 of the 60 kinds of case in which the rest of its condition holds (60 %).

=====
p.ordain:14:32 `invited at most 3 school_days before starts`
For example: with `invited` on Monday 14 September 2026, `starts` is on Thursday 17 September 2026 at the latest.

`invited at most 3 school_days before starts` holds in 48 of the 60 kinds of case in which the rest of its condition holds (80 %).

=====
p.ordain:11:73 `after`
**`after`**: Later than.

`starts` from 2026-01-02 00:00

`starts after 2026-01-01` holds in 3 of the 5 kinds of case in which the rest of its condition holds (60 %).
");
}

#[test]
fn broken_text_is_explained_as_well() {
    insta::assert_snapshot!(told("fact late: yes/no\nrule a { permit when late and }\nrule b { permit when la$0te is is }"), @r"
p.ordain:3:22 `late`
```ordain
fact late: yes/no
```
");
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
"), @r#"
p.ordain:3:13 `"policy.md#phones"`
## Phones

Phones stay at home.

Put into effect by `a`.

`policy.md#phones`
"#);
}
