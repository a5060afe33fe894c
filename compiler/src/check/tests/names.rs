//! Names that mean nothing, or something else.

use super::*;

#[test]
fn unknown_names() {
    let text = r#"
policy p { default forbid }
fact member: yes/no
rule a { permit when membr }
rule b { permit when member and nonsense is x }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2001 p.ordain:3:22 `membr`: `membr` is not declared, and a yes/no fact or a define is expected here
      - p.ordain:3:22 not declared
      > did you mean `member`? ["membr" -> "member"]
    O2001 p.ordain:4:33 `nonsense`: `nonsense` is not declared, and a fact is expected here
      - p.ordain:4:33 not declared
    "#);
}

#[test]
fn names_of_another_kind() {
    let text = r#"
use std.school
use std.communication
policy p { default forbid }
duty report
define d = sender is student
rule a { permit when teacher }
rule b { permit student from email to staff }
rule c { oblige d when sender is student }
rule e { permit email when d is student }
rule f { permit when sender is email  oblige report }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2003 p.ordain:6:22 `teacher`: `teacher` is a role, but a yes/no fact or a define is expected here
      - p.ordain:6:22 this is a role
      - <std/school.ordain>:16:3 declared here
      > write `sender is teacher` ["teacher" -> "sender is teacher"]
    O2003 p.ordain:7:17 `student`: `student` is a role, but a channel is expected here
      - p.ordain:7:17 this is a role
      - <std/school.ordain>:12:6 declared here
      > a head names channels first, then roles: `email, call from student to staff`
    O2003 p.ordain:7:30 `email`: `email` is a channel, but a role is expected here
      - p.ordain:7:30 this is a channel
      - <std/communication.ordain>:12:9 declared here
      > a head names channels first, then roles: `email, call from student to staff`
    O2003 p.ordain:8:17 `d`: `d` is a define, but a duty is expected here
      - p.ordain:8:17 this is a define
      - p.ordain:5:8 declared here
    O2003 p.ordain:9:28 `d`: `d` is a define, which holds or not: write `d` or `not d` alone
      - p.ordain:9:28 a fact is expected here
      - p.ordain:5:8 defined here
    O2003 p.ordain:10:32 `email`: `email` is a channel, but a role is expected here
      - p.ordain:10:32 this is a channel
      - <std/communication.ordain>:12:9 declared here
    "#);
}

#[test]
fn missing_std_module() {
    let text = r#"
policy p { default forbid }
rule a { permit email from student to staff }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2009 p.ordain:2:17 `email`: `email` is a channel of `std.communication`, which this file does not use
      - p.ordain:2:17 not visible here
      > add `use std.communication` ["" -> "\n\nuse std.communication"]
    O2009 p.ordain:2:28 `student`: `student` is a role of `std.school`, which this file does not use
      - p.ordain:2:28 not visible here
      = `staff` is declared there as well
      > add `use std.school` ["" -> "\n\nuse std.school"]
    "#);
}

#[test]
fn duplicates() {
    let text = r#"
policy p { default forbid }
role a
channel a
fact x, x: yes/no
define x = x
fact e: one of u, v, u
rule r { permit when x provided { n: x, n: not x } }
rule r { forbid when e is u  except k { waive }  except k { waive } }
period x = weekdays
decision verdict: one of m, n
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2002 p.ordain:3:9 `a`: `a` is declared as a role and as a channel
      - p.ordain:3:9 declared again here
      - p.ordain:2:6 first declared here
      > give one of them another name
    O2002 p.ordain:4:9 `x`: there are two facts called `x`
      - p.ordain:4:9 declared again here
      - p.ordain:4:6 first declared here
      > give one of them another name
    O2002 p.ordain:5:8 `x`: `x` is declared as a fact and as a define
      - p.ordain:5:8 declared again here
      - p.ordain:4:6 first declared here
      > give one of them another name
    O2002 p.ordain:6:22 `u`: the value `u` is listed twice
      - p.ordain:6:22 listed again here
      - p.ordain:6:16 first listed here
      > take one of them away
    O2002 p.ordain:7:41 `n`: there are two provisos called `n`
      - p.ordain:7:41 named again here
      - p.ordain:7:35 first named here
      > give one of them another name
    O2002 p.ordain:8:6 `r`: there are two rules called `r`
      - p.ordain:8:6 declared again here
      - p.ordain:7:6 first declared here
      > give one of them another name
    O2002 p.ordain:8:57 `k`: there are two rules called `r.k`
      - p.ordain:8:57 declared again here
      - p.ordain:8:37 first declared here
      > give one of them another name
    O2002 p.ordain:10:10 `verdict`: `verdict` is the decision between permit and forbid, which every policy has
      > give this decision another name
    "#);
}

#[test]
fn name_of_a_head_fact() {
    let text = r#"
policy p { default forbid }
role a
channel c
define sender = recipient is a
rule r { permit c from a when sender }
fact recipient: yes/no
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2002 p.ordain:4:8 `sender`: `sender` is the name of a fact that rules use already, so it cannot name a define
      - p.ordain:4:8 declared again here
      - p.ordain:5:24 used as a fact here
      > give one of them another name
    O2003 p.ordain:5:31 `sender`: a name alone asks a yes/no fact or a define, and `sender` is a role
      - p.ordain:5:31 a role
      - p.ordain:5:24 declared here
      > write for example `sender is a`
    O2003 p.ordain:6:17 `yes/no`: `recipient` is the role behind `to`, so its type must be `role`
      > give the fact another name if something else is meant
    "#);
}

#[test]
fn unknown_imports() {
    let text = r#"
use std.scool
use std
use school
use nowhere.at_all
policy p { default forbid }
rule r { permit when anything }
"#;
    insta::assert_snapshot!(errors(&text[1..]), @r#"
    O2012 p.ordain:1:5 `std.scool`: the standard library has no module `std.scool`
      > did you mean `std.school`? ["std.scool" -> "std.school"]
      > its modules are `std.calendar`, `std.communication`, `std.consent`, `std.school` and `std.workplace`
    O2012 p.ordain:2:5 `std`: `use std` does not say which module of the standard library
      > its modules are `std.calendar`, `std.communication`, `std.consent`, `std.school` and `std.workplace`
    O2012 p.ordain:3:5 `school`: there is no file for `use school`
      = looked for `school.ordain`
      > did you mean `std.school`? ["school" -> "std.school"]
    O2012 p.ordain:4:5 `nowhere.at_all`: there is no file for `use nowhere.at_all`
      = looked for `nowhere/at_all.ordain`
    "#);
}

/// So many clauses are lowered in two halves; what is used, wrong or missing in the second counts as in the first.
#[test]
fn many_clauses() {
    let declared = "use std.school\npolicy p { default forbid }\nchannel email\nfact late, ill, early: yes/no\n";
    let rules = |last: &str| {
        let rule = |i: usize| {
            format!("rule r{i} {{ permit email from student when {} }}\n", if i < 599 { "late" } else { last })
        };
        (0..600).map(rule).collect::<String>()
    };
    insta::assert_snapshot!(errors(&format!("{declared}{}", rules("ill and early"))), @"");
    insta::assert_snapshot!(errors(&format!("{declared}{}", rules("ill"))), @r#"
    O5001 p.ordain:4:17 `early`: nothing uses the fact `early`
      > delete `early`, or write the rule that asks for it [", early" -> ""]
    "#);
    insta::assert_snapshot!(errors(&format!("{declared}{}", rules("il or erly"))), @r#"
    O2001 p.ordain:604:44 `il`: `il` is not declared, and a yes/no fact or a define is expected here
      - p.ordain:604:44 not declared
    O2001 p.ordain:604:50 `erly`: `erly` is not declared, and a yes/no fact or a define is expected here
      - p.ordain:604:50 not declared
      > did you mean `early`? ["erly" -> "early"]
    "#);
    let hidden = format!("{declared}{}", rules("ill or early")).replace("use std.school\n", "");
    insta::assert_snapshot!(errors(&hidden), @r#"
    O2009 p.ordain:4:29 `student`: `student` is a role of `std.school`, which this file does not use
      - p.ordain:4:29 not visible here
      > add `use std.school` ["" -> "\n\nuse std.school"]
    "#);
    let known = model(&format!("{declared}{}", rules("not ill or early and late")));
    let few = model(&format!("{declared}rule r599 {{ permit email from student when not ill or early and late }}\n"));
    let parts = |model: &Model| model.clauses[model.clauses.len() - 1].scope.conjuncts().len();
    assert_eq!((known.clauses.len(), parts(&known)), (600, parts(&few)));
}
