//! Conditions that the types of facts cannot answer.

use super::*;

#[test]
fn wrong_types() {
    let text = r#"
policy p { default forbid }
fact account: one of district, personal
fact ok: yes/no
fact n: number 0 to 10
fact d: date
fact dt: datetime
fact t: time
fact s: set of one of u, v
period w = weekdays
define def = ok
rule r1 { permit when account }
rule r2 { permit when ok is yes }
rule r3 { permit when n is account }
rule r4 { permit when s is u }
rule r5 { permit when account include any of district, personal }
rule r6 { permit when n before 2026-01-01 }
rule r7 { permit when d < 2026-01-01 }
rule r8 { permit when account = district }
rule r9 { permit when d before 2026-01-01 08:00 }
rule s1 { permit when t during w }
rule s2 { permit when d at least 2 hours before dt }
rule s3 { permit when dt at least 2 hours before 2026-01-01 }
rule s4 { permit when t before d }
rule s5 { permit when d before d }
rule s6 { permit when n < d }
rule s7 { permit when t on weekdays }
rule s8 { permit when ok > 5 }
rule s9 { permit when n = 08:00 }
rule t1 { permit when t at least 2 days before t }
rule t2 { permit when def is u }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2003 p.ordain:11:23 `account`: a name alone asks a yes/no fact or a define, and `account` is an enumeration
      - p.ordain:11:23 an enumeration
      - p.ordain:2:6 declared here
      > write for example `account is district`
    O2003 p.ordain:12:23 `ok`: `is` asks for the value of an enumeration, a role or a channel, and `ok` is a yes/no fact
      - p.ordain:12:23 a yes/no fact
      - p.ordain:3:6 declared here
      > write `ok` ["ok is yes" -> "ok"]
    O2003 p.ordain:13:23 `n`: `is` asks for the value of an enumeration, a role or a channel, and `n` is a number
      - p.ordain:13:23 a number
      - p.ordain:4:6 declared here
      > write for example `n >= 5`
    O2003 p.ordain:14:23 `s`: `is` asks for the value of an enumeration, a role or a channel, and `s` is a set
      - p.ordain:14:23 a set
      - p.ordain:8:6 declared here
      > write `s include u` ["s is u" -> "s include u"]
    O2003 p.ordain:15:23 `account`: `include` asks for the elements of a set, and `account` is an enumeration
      - p.ordain:15:23 an enumeration
      - p.ordain:2:6 declared here
      > write `account is any of district, personal` ["account include any of district, personal" -> "account is any of district, personal"]
    O2003 p.ordain:16:23 `n`: `before` is asked of dates, times and datetimes, and `n` is a number
      - p.ordain:16:23 a number
      - p.ordain:4:6 declared here
      > write for example `n >= 5`
    O2003 p.ordain:17:23 `d`: `<` compares numbers, and `d` is a date
      - p.ordain:17:23 a date
      - p.ordain:5:6 declared here
      > write `d before 2026-01-01` ["d < 2026-01-01" -> "d before 2026-01-01"]
    O2003 p.ordain:18:23 `account`: `=` compares numbers, and `account` is an enumeration
      - p.ordain:18:23 an enumeration
      - p.ordain:2:6 declared here
      > write `account is district` ["account = district" -> "account is district"]
    O2003 p.ordain:19:32 `2026-01-01 08:00`: `d` is a date, and a date with a time stands here
      - p.ordain:19:32 a date such as `2026-09-14` is expected here
      - p.ordain:5:6 declared here
      > write `2026-01-01` ["2026-01-01 08:00" -> "2026-01-01"]
    O2003 p.ordain:20:23 `t`: periods are asked of a date or datetime, and `t` is a time of day
      - p.ordain:20:23 a time of day
      - p.ordain:7:6 declared here
      > write for example `t before 12:00` or `t between 08:00 and 15:30`
    O2003 p.ordain:21:36 `hours`: `hours` are counted between two datetimes or two times, and `d` is a date
      - p.ordain:5:6 declared here
      > count days, or declare it as `datetime`
    O2003 p.ordain:22:50 `2026-01-01`: hours are counted between moments, and `2026-01-01` has no time
      > write `2026-01-01 00:00` ["2026-01-01" -> "2026-01-01 00:00"]
      > or count days
    O2003 p.ordain:23:32 `d`: `t` is a time of day and `d` is a date: they cannot be compared
      - p.ordain:23:32 a date
      - p.ordain:5:6 declared here
      > a time of day has no date: declare a datetime, if the date matters
    O2003 p.ordain:24:32 `d`: `d` is compared with itself
      > name the other fact that is meant
    O2003 p.ordain:25:27 `d`: `n` is a number and `d` is a date: they cannot be compared
      - p.ordain:25:27 a date
      - p.ordain:5:6 declared here
    O2003 p.ordain:26:23 `t`: weekdays are asked of a date or datetime, and `t` is a time of day
      - p.ordain:26:23 a time of day
      - p.ordain:7:6 declared here
      > write for example `t before 12:00` or `t between 08:00 and 15:30`
    O2003 p.ordain:27:23 `ok`: `>` compares numbers, and `ok` is a yes/no fact
      - p.ordain:27:23 a yes/no fact
      - p.ordain:3:6 declared here
      > write for example `ok` or `not ok`
    O2003 p.ordain:28:27 `08:00`: `n` is a number, and a time of day stands here
      - p.ordain:28:27 a number is expected here
      - p.ordain:4:6 declared here
    O2003 p.ordain:29:36 `days`: `days` are counted between dates and datetimes, and `t` is a time of day
      - p.ordain:7:6 declared here
      > count hours or minutes
    O2003 p.ordain:30:23 `def`: `def` is a define, which holds or not: write `def` or `not def` alone
      - p.ordain:30:23 a fact is expected here
      - p.ordain:10:8 defined here
    "#);
}

#[test]
fn set_of_numbers_and_reserved_facts() {
    let text = r#"
policy p { default forbid }
fact s: set of number 0 to 5
fact channel: yes/no
fact on: datetime
fact x: role
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2003 p.ordain:2:16 `number 0 to 5`: the elements of a set are roles, channels or the values of a `one of`
      > write for example `set of role` or `set of one of a, b`
    O2003 p.ordain:3:15 `yes/no`: `channel` is the channel that heads speak of, so its type must be `channel`
      > give the fact another name if something else is meant
    O2003 p.ordain:4:10 `datetime`: `on` is the date of the case, so its type must be `date`
      > give the fact another name if something else is meant
    O2010 p.ordain:5:9 `role`: no role is declared, so the fact has no values
      > declare some with `role a, b`, or use those of `std.school`
    "#);
}

#[test]
fn out_of_range() {
    let text = r#"
policy p { default forbid }
fact n: number 0 to 1234567890123456
fact d: date
fact t: time
rule r { permit when d after 2300-01-01 }
rule s { permit when t before 24:00 }
period p = every day 24:00 to 06:00
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2004 p.ordain:2:21 `1234567890123456`: the number has 16 digits, and at most 15 can be counted exactly
    O2004 p.ordain:5:30 `2300-01-01`: `2300-01-01` is outside the dates that can be written, 1900-01-01 to 2199-12-31
    O2004 p.ordain:6:31 `24:00`: `24:00` is only the end of a period's hours: a time of day lies between 00:00 and 23:59
    O2004 p.ordain:7:22 `24:00`: `24:00` is only the end of a period's hours: a time of day lies between 00:00 and 23:59
    "#);
}

#[test]
fn wrong_units() {
    let text = r#"
policy p { default forbid }
fact fee: number 0.00 to 500.00 USD
fact n: number 0 to 10
fact eur: number 0.00 to 5.00 EUR
fact usd: number 0 to 5 USD
rule a { permit when fee > 50 }
rule b { permit when fee > 50 EUR }
rule c { permit when n > 5 USD }
rule d { permit when fee > eur }
rule e { permit when fee > usd }
rule f { permit when fee > n }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2005 p.ordain:6:28 `50`: `fee` counts `USD`, and the number has no unit
      - p.ordain:2:6 declared here
      > write `50 USD` ["50" -> "50 USD"]
    O2005 p.ordain:7:28 `50 EUR`: `fee` counts `USD`, and the number counts `EUR`
      - p.ordain:2:6 declared here
      > write `50 USD` ["50 EUR" -> "50 USD"]
    O2005 p.ordain:8:26 `5 USD`: `n` has no unit, and the number has `USD`
      - p.ordain:3:6 declared here
      > write `5` ["5 USD" -> "5"]
    O2005 p.ordain:9:28 `eur`: `fee` counts `USD` and `eur` counts `EUR`: they cannot be compared
      - p.ordain:2:6 declared here
      - p.ordain:4:6 and here
      > declare both with the same unit; nothing is converted
    O2003 p.ordain:10:28 `usd`: `fee` has 2 decimals and `usd` has 0: they cannot be compared
      - p.ordain:2:6 declared here
      - p.ordain:5:6 and here
      > write both ranges with the same number of decimals
    O2005 p.ordain:11:28 `n`: `fee` counts `USD` and `n` counts nothing: they cannot be compared
      - p.ordain:2:6 declared here
      - p.ordain:3:6 and here
      > declare both with the same unit; nothing is converted
    "#);
}

#[test]
fn no_values() {
    let text = r#"
use std.school
policy p { default forbid }
fact purpose: one of study, research
fact other: one of games, play
fact who: role student, guardian
rule a { permit when purpose is studdy }
rule b { permit when purpose is games }
rule c { permit when who is teacher }
rule d { permit when who is studnt }
rule e { permit from principal when purpose is x }
fact sender: role student
decision approval: one of none, teacher
rule f { approval is princpal }
policy q { default approval nobody }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2006 p.ordain:6:33 `studdy`: `studdy` is not a value of `purpose`
      - p.ordain:6:33 not a value of `purpose`
      - p.ordain:3:6 declared here
      = its values are `study` and `research`
      > did you mean `study`? ["studdy" -> "study"]
    O2006 p.ordain:7:33 `games`: `games` is not a value of `purpose`
      - p.ordain:7:33 not a value of `purpose`
      - p.ordain:3:6 declared here
      = its values are `study` and `research`
      > `games` is a value of `other`
    O2006 p.ordain:8:29 `teacher`: `teacher` is not a value of `who`
      - p.ordain:8:29 not a value of `who`
      - p.ordain:5:6 declared here
      = its values are `student` and `guardian`
      > add `teacher` to the values of `who`, if it should have it
    O2001 p.ordain:9:29 `studnt`: `studnt` is not declared, and a role is expected here
      - p.ordain:9:29 not declared
      > did you mean `student`? ["studnt" -> "student"]
    O2006 p.ordain:10:22 `principal`: `principal` is not a value of `sender`
      - p.ordain:10:22 not a value of `sender`
      - p.ordain:11:6 declared here
      = its only value is `student`
      > add `principal` to the values of `sender`, if it should have it
    O2006 p.ordain:10:48 `x`: `x` is not a value of `purpose`
      - p.ordain:10:48 not a value of `purpose`
      - p.ordain:3:6 declared here
      = its values are `study` and `research`
      > add `x` to the values of `purpose`, if it should have it ["" -> "x, "]
    O2006 p.ordain:13:22 `princpal`: `princpal` is not an outcome of `approval`
      - p.ordain:13:22 not one of its outcomes
      - p.ordain:12:10 declared here
      = its outcomes are `none` and `teacher`
    O2011 p.ordain:14:8 `q`: a file has one policy, and this one has `p` and `q`
      - p.ordain:14:8 the second policy of this file
      - p.ordain:2:8 the first
      > move `q` and its rules to a file of their own
    O2006 p.ordain:14:29 `nobody`: `nobody` is not an outcome of `approval`
      - p.ordain:14:29 not one of its outcomes
      - p.ordain:12:10 declared here
      = its outcomes are `none` and `teacher`
    "#);
}

#[test]
fn bad_literals() {
    let text = r#"
policy p { default forbid }
fact d: date
fact t: time
fact n: number 0 to 10
rule a { permit when d before 2026-02-29 }
rule b { permit when d before 2026-13-01 }
rule c { permit when t before 25:00 }
rule e { permit when d at least 1.5 days before 2026-01-01 }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2007 p.ordain:5:31 `2026-02-29`: there is no `2026-02-29`: February 2026 has 28 days
      > write `2026-02-28`, the last of them ["2026-02-29" -> "2026-02-28"]
    O2007 p.ordain:6:31 `2026-13-01`: `2026-13-01` is no date
      > dates are written year-month-day, as in `2026-08-17`
    O2007 p.ordain:7:31 `25:00`: there is no time `25:00`: the clock runs from 00:00 to 23:59
    O2007 p.ordain:8:33 `1.5`: a distance is counted in whole units from 0 on, and `1.5` is none
      > use a smaller unit, or `after` instead of `before`
    "#);
}

#[test]
fn empty_ranges() {
    let text = r#"
policy p { default forbid }
fact a: number
fact b: number 5 to 1 km
fact d: date 2026-02-01 to 2026-01-01
fact n: number 0 to 9
period p = 2027-01-01 to 2026-01-01
period h = weekdays 08:00 to 08:00
rule r { in force from 2026-02-01 until 2026-01-01 permit when n between 7 and 3 }
rule s { permit when a > 5 and b > 3 m }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2010 p.ordain:2:9 `number`: `a` needs a range: the least and the greatest number that can occur
      > write for example `number 0 to 100`; both ends belong to it, and their decimals say how exact it is
    O2010 p.ordain:3:16 `5 to 1`: nothing lies between: `5` comes after `1`
      > swap the two ends ["5" -> "1"] ["1" -> "5"]
    O2010 p.ordain:4:14 `2026-02-01 to 2026-01-01`: nothing lies between: `2026-02-01` comes after `2026-01-01`
      > swap the two ends ["2026-02-01" -> "2026-01-01"] ["2026-01-01" -> "2026-02-01"]
    O2010 p.ordain:6:12 `2027-01-01 to 2026-01-01`: nothing lies between: `2027-01-01` comes after `2026-01-01`
      > swap the two ends ["2027-01-01" -> "2026-01-01"] ["2026-01-01" -> "2027-01-01"]
    O2010 p.ordain:7:21 `08:00 to 08:00`: the hours end when they begin
      > for the whole day leave the hours out
    O2010 p.ordain:8:24 `2026-02-01 until 2026-01-01`: nothing lies between: `2026-02-01` comes after `2026-01-01`
      > swap the two ends ["2026-02-01" -> "2026-01-01"] ["2026-01-01" -> "2026-02-01"]
    O2010 p.ordain:8:74 `7 and 3`: nothing lies between: `7` comes after `3`
      > swap the two ends ["7" -> "3"] ["3" -> "7"]
    "#);
}

#[test]
fn too_precise() {
    let text = r#"
policy p { default forbid }
fact fee: number 0.00 to 5.00 USD
fact n: number 0 to 5
rule r { permit when fee < 1.005 USD or n < 2.5 }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2016 p.ordain:4:28 `1.005 USD`: `1.005` has 3 decimals, and `fee` has 2 decimals
      - p.ordain:2:6 its range says how exact it is
      > write `1.00 USD` ["1.005 USD" -> "1.00 USD"]
      > or give the range of `fee` more decimals
    O2016 p.ordain:4:45 `2.5`: `2.5` has 1 decimal, and `n` has no decimals
      - p.ordain:3:6 its range says how exact it is
      > write `2` ["2.5" -> "2"]
      > or give the range of `n` more decimals
    "#);
}

#[test]
fn too_many_values() {
    let names: Vec<String> = (0..13).map(|i| format!("r{i}")).collect();
    let mut text = format!("policy p {{ default forbid }}\nrole {}\n", names.join(", "));
    for i in 0..12 {
        text += &format!("r{i} may be {}\n", names[i + 1..].join(", "));
    }
    let elements: Vec<String> = (0..513).map(|i| format!("e{i}")).collect();
    text +=
        &format!("fact v: role\nfact big: set of one of {}\nrule r {{ permit when v is r1 }}\n", elements.join(", "));
    insta::assert_snapshot!(errors(&text), @r"
    O2015 p.ordain:3:1 `r0`: roles may come together in more than 4096 ways
      > let only those roles come together that one person can really have
      > or ask for a `set of role`, which may have any elements
    O2015 p.ordain:16:6 `big`: a set has at most 512 elements, and this one has 513
      > name fewer of them in its type
    ");
}
