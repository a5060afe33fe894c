//! What stands in the wrong place, leads back to itself, or is used by nothing.

use super::*;

#[test]
fn circles() {
    let text = r#"
policy p { default forbid }
fact m: yes/no
fact q: yes/no if w
define w = q and m
define a = b
define b = c and m
define c = a
define s = s
period x = y
period y = x except weekends
role r1 under r2
role r2 under r1
rule r { permit when a or w or s }
exception e1 to e2 { waive }
exception e2 to e1 { waive }
duty d excludes d
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2008 p.ordain:3:6 `q`: `q` rests on `w`, and `w` rests on `q`
      - p.ordain:3:6 `q` is part of the circle
      - p.ordain:4:8 `w` is part of the circle
    O2008 p.ordain:5:8 `a`: `a` rests on itself, by way of `b` and `c`
      - p.ordain:5:8 `a` is part of the circle
      - p.ordain:6:8 `b` is part of the circle
      - p.ordain:7:8 `c` is part of the circle
    O2008 p.ordain:8:8 `s`: `s` rests on itself
      - p.ordain:8:8 `s` is part of the circle
    O2008 p.ordain:9:8 `x`: `x` rests on `y`, and `y` rests on `x`
      - p.ordain:9:8 `x` is part of the circle
      - p.ordain:10:8 `y` is part of the circle
    O2008 p.ordain:11:6 `r1`: `r1` stands under itself: `r1` and `r2` are under one another
      > take one of the `under` away
    O2008 p.ordain:14:11 `e1`: `e1` is an exception to `e2`, and `e2` is an exception to `e1`
      - p.ordain:14:11 `e1` is part of the circle
      - p.ordain:15:11 `e2` is part of the circle
    O2008 p.ordain:16:17 `d`: `d` excludes itself, so it could never be done
      > name the other duty that is meant
    "#);
}

#[test]
fn misplaced() {
    let text = r#"
policy p { default forbid }
fact a: yes/no
rule two { permit when a  forbid when not a }
rule lift { waive when a }
rule both { permit when a except e { waive require a } except f { waive waive } }
rule nothing { }
rule validity { in force from 2026-01-01 in force until 2027-01-01 permit }
section "S" { policy q { default permit } use std.school }
policy second { default forbid }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2011 p.ordain:8:15 `policy`: `policy` stands at the top of a file, not in a section
    O2011 p.ordain:8:43 `use`: `use` stands at the top of a file, not in a section
    O2011 p.ordain:3:27 `forbid`: `two` gives two outcomes, and a rule or exception gives one
      - p.ordain:3:27 the second outcome
      - p.ordain:3:12 the first
      > make the second a rule of its own
    O2011 p.ordain:4:13 `waive`: only an exception can waive, and `lift` is a rule
      > put it into an `except` of the rule that it lifts
    O2011 p.ordain:5:44 `require`: `e` waives its rule and says something as well
      - p.ordain:5:44 an exception that waives says nothing else
      - p.ordain:5:38 waived here
      > leave `waive` out: an exception replaces its rule anyway
    O2011 p.ordain:5:73 `waive`: `f` waives twice
      - p.ordain:5:73 again here
      - p.ordain:5:67 first here
      > join the conditions with `or`
    O2011 p.ordain:6:6 `nothing`: the rule `nothing` says nothing
      > give it a `permit`, `forbid`, `require`, `oblige` or `advise`, or delete it
    O2011 p.ordain:7:42 `in force until 2027-01-01`: `in force` is stated twice
      - p.ordain:7:42 stated again here
      - p.ordain:7:17 first stated here
      > take one of them away
    O2011 p.ordain:9:8 `second`: a file has one policy, and this one has `p` and `second`
      - p.ordain:9:8 the second policy of this file
      - p.ordain:1:8 the first
      > move `second` and its rules to a file of their own
    "#);
}

#[test]
fn unknown_zone() {
    let text = r#"
policy p { timezone "America/Chigaco" timezone "UTC" default forbid }
fact a: yes/no
rule r { permit when a }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2013 p.ordain:1:21 `"America/Chigaco"`: there is no time zone `America/Chigaco`
      > did you mean `America/Chicago`? ["\"America/Chigaco\"" -> "\"America/Chicago\""]
    O2002 p.ordain:1:48 `"UTC"`: `p` states its time zone twice
      - p.ordain:1:48 stated again here
      - p.ordain:1:21 first stated here
      > take one of them away
    "#);
}

#[test]
fn exception_targets() {
    let text = r#"
policy p { default forbid }
fact a: yes/no
section devices "Devices" { rule phone { forbid when a except text { permit } } }
section "Devices" { rule other { forbid } }
exception e1 to devices { waive }
exception e2 to text { waive }
exception e3 to section "Device" { waive }
exception e4 to section "Devices" { waive }
exception e5 to section nowhere { waive }
expect "x" { forbid by phon }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2003 p.ordain:5:17 `devices`: `devices` is a section, but a rule is expected here
      - p.ordain:5:17 a rule is expected here
      - p.ordain:3:9 declared here
      > write `section devices` ["devices" -> "section devices"]
    O2001 p.ordain:6:17 `text`: `text` is not declared, and a rule is expected here
      - p.ordain:6:17 not declared
      > did you mean `phone.text`? ["text" -> "phone.text"]
    O2001 p.ordain:7:25 `"Device"`: no section has the title `Device`
      > did you mean `Devices`? ["\"Device\"" -> "\"Devices\""]
    O2002 p.ordain:8:25 `"Devices"`: 2 sections have the title `Devices`
      - p.ordain:8:25 which one is meant?
      - p.ordain:3:17 one of them
      - p.ordain:4:9 one of them
      > give the section a name, as in `section devices "…"`, and write `to section devices`
    O2001 p.ordain:9:25 `nowhere`: `nowhere` is not declared, and a section is expected here
      - p.ordain:9:25 not declared
    O2001 p.ordain:10:24 `phon`: `phon` is not declared, and a rule is expected here
      - p.ordain:10:24 not declared
      > did you mean `phone`? ["phon" -> "phone"]
    "#);
}

#[test]
fn unused() {
    let text = r#"
policy p { default forbid }
/// Not needed.
fact a, b, c: yes/no
fact lone: yes/no
define def = a
period per = weekdays
duty d1 excludes d2
duty d2
duty d3 "x"
role r { s, t }
channel c1, c2
rule x { permit when a oblige d1 when a }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O5001 p.ordain:3:9 `b`: nothing uses the fact `b`
      > delete `b`, or write the rule that asks for it [", b" -> ""]
    O5001 p.ordain:3:12 `c`: nothing uses the fact `c`
      > delete `c`, or write the rule that asks for it [", c" -> ""]
    O5001 p.ordain:4:6 `lone`: nothing uses the fact `lone`
      > delete `lone`, or write the rule that asks for it ["fact lone: yes/no\n" -> ""]
    O5001 p.ordain:5:8 `def`: nothing uses the define `def`
      > delete `def`, or write the rule that asks for it ["define def = a\n" -> ""]
    O5001 p.ordain:6:8 `per`: nothing uses the period `per`
      > delete `per`, or write the rule that asks for it ["period per = weekdays\n" -> ""]
    O5001 p.ordain:8:6 `d2`: nothing uses the duty `d2`
      > delete `d2`, or write the rule that asks for it
    O5001 p.ordain:9:6 `d3`: nothing uses the duty `d3`
      > delete `d3`, or write the rule that asks for it ["duty d3 \"x\"\n" -> ""]
    O5001 p.ordain:10:6 `r`: nothing uses the role `r`
      > delete `r`, or write the rule that asks for it ["role r { s, t }\n" -> ""]
    O5001 p.ordain:11:9 `c1`: nothing uses the channel `c1`
      > delete `c1`, or write the rule that asks for it ["c1, " -> ""]
    O5001 p.ordain:11:13 `c2`: nothing uses the channel `c2`
      > delete `c2`, or write the rule that asks for it [", c2" -> ""]
    "#);
}

#[test]
fn unused_roles() {
    let text = r#"
policy p { default forbid }
role student, outsider
role staff { teacher, nurse }
role club { member, guest }
fact who: role student
rule x { permit when who is student }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O5001 p.ordain:2:15 `outsider`: nothing uses the role `outsider`
      > delete `outsider`, or write the rule that asks for it [", outsider" -> ""]
    O5001 p.ordain:3:6 `staff`: nothing uses the role `staff`
      > delete `staff`, or write the rule that asks for it ["role staff { teacher, nurse }\n" -> ""]
    O5001 p.ordain:4:6 `club`: nothing uses the role `club`
      > delete `club`, or write the rule that asks for it ["role club { member, guest }\n" -> ""]
    "#);
}
