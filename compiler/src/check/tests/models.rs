//! What models are made of: domains, conditions, clauses, policies.

use super::*;
use crate::model::{Atom, Bits, Cond, CondKind, Domain, FactId, Parent, SetTest, Type, Unit, time};

/// The program on the first page of the language's description.
const TASTE: &str = r#"
policy student_aup "Student acceptable use" {
  timezone "America/Chicago"
  in force from 2019-08-28
  default forbid
}

use std.school
use std.communication

fact account:   one of district, personal          if channel is email
fact purpose:   one of lesson, safety_meetup, field_trip, bulk_alert, oral_exam, required_service
fact approved:  yes/no   "approved by the school beforehand"
fact one_to_one, recorded, consent: yes/no         if channel is video
fact invited, starts: datetime                     if channel is video
fact attendees: set of role                        if channel is video
fact distressing: yes/no

section "Student e-mail" {
  rule district_mail { permit email from student to staff when account is district }
  rule personal_mail { forbid email from student to staff when account is personal }
}

section "Personal devices" {
  rule phone "No calls or texts to staff" {
    forbid call, text from student to staff

    except authorised_text {
      permit text when approved and purpose is any of safety_meetup, field_trip, bulk_alert
    }
  }
}

section "One-to-one meetings" {
  define private_meeting = one_to_one and channel is video

  rule only_on_meet { require channel is google_meet when private_meeting }

  rule meet {
    permit google_meet from staff to student when private_meeting
    provided {
      notice:   invited at least 4 days before starts
      guardian: attendees include guardian
      school:   attendees include any of principal, assistant_principal
    }
    advise recorded
  }

  rule consent_first {
    require not recorded when private_meeting and not consent
    except services { waive when purpose is required_service }
  }
}

duty report "Tell a teacher or another adult at the school promptly"
rule speak_up { oblige report when distressing }

expect "students never phone staff"            { forbid call from student to staff }
expect "three days' notice is too short"       { forbid google_meet from staff to student
                                                 when one_to_one and invited less than 4 days before starts }
expect "an approved field-trip text is fine"   { permit text from student to teacher
                                                 when approved and purpose is field_trip  by phone.authorised_text }
"#;

#[test]
fn the_taste_has_a_model() {
    assert_eq!(errors(TASTE), "");
    let model = model(TASTE);
    let paths: Vec<_> = model.clauses.iter().map(|c| c.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "district_mail",
            "personal_mail",
            "phone",
            "phone.authorised_text",
            "only_on_meet",
            "meet",
            "consent_first",
            "consent_first.services",
            "speak_up"
        ]
    );
    let facts: Vec<_> = model.facts.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(facts[..4], ["channel", "sender", "recipient", "on"]);
    assert_eq!(model.expectations.len(), 3);
}

/// A condition in few words: dates and datetimes as they are written, everything else as the model has it.
fn show(model: &Model, cond: &Cond) -> String {
    let join = |parts: &[Cond], with: &str| parts.iter().map(|p| show(model, p)).collect::<Vec<_>>().join(with);
    match &cond.kind {
        CondKind::True => "always".into(),
        CondKind::And(parts) => format!("({})", join(parts, " & ")),
        CondKind::Or(parts) => format!("({})", join(parts, " | ")),
        CondKind::Not(inner) => format!("!{}", show(model, inner)),
        CondKind::Define(d) => format!("{}()", model.define(*d).name),
        CondKind::Atom(atom) => show_atom(model, atom),
    }
}

fn show_atom(model: &Model, atom: &Atom) -> String {
    let name = |f: &FactId| model.fact(*f).name.as_str();
    let names = |f: &FactId, bits: &Bits| {
        let (Type::Choice(d) | Type::Set(d)) = &model.fact(*f).ty else { return String::new() };
        bits.iter().map(|i| d.values[i].name.as_str()).collect::<Vec<_>>().join(",")
    };
    match atom {
        Atom::Yes(f) => name(f).into(),
        Atom::OneOf(f, bits) => format!("{}={{{}}}", name(f), names(f, bits)),
        Atom::Range(f, ranges) => {
            let end = |v: i64| match model.fact(*f).ty {
                Type::Date { .. } => time::show_date(v),
                Type::DateTime { .. } => {
                    let (day, minute) = model.zone.local(v);
                    format!("{} {}", time::show_date(day), time::show_time(minute))
                }
                Type::Time => time::show_time(v),
                _ => v.to_string(),
            };
            let ranges: Vec<String> = ranges.iter().map(|r| format!("{}..{}", end(r.0), end(r.1))).collect();
            format!("{}=[{}]", name(f), ranges.join(", "))
        }
        Atom::Weekday(f, days) => format!("{} on {days:07b}", name(f)),
        Atom::Within { fact, period, inside } => {
            format!("{} {} {}", name(fact), if *inside { "in" } else { "out of" }, model.period(*period).name)
        }
        Atom::Set { fact, test } => {
            let test = match test {
                SetTest::Any(b) => format!("any {}", names(fact, b)),
                SetTest::All(sets) => {
                    format!("all {}", sets.iter().map(|b| names(fact, b)).collect::<Vec<_>>().join(" and "))
                }
                SetTest::None(b) => format!("none {}", names(fact, b)),
                SetTest::Only(b) => format!("only {}", names(fact, b)),
            };
            format!("{} {test}", name(fact))
        }
        Atom::Distance { from, to, unit, low, high } => {
            let unit = match unit {
                Unit::PeriodDays(p) => model.period(*p).name.to_string(),
                other => format!("{other:?}"),
            };
            let end = |v: &Option<i64>| v.map_or(String::new(), |v| v.to_string());
            format!("{}->{} {unit} [{}..{}]", name(from), name(to), end(low), end(high))
        }
    }
}

/// The scopes of rules that permit in these conditions, one a line.
fn scopes(declarations: &str, conditions: &[&str]) -> String {
    let mut text = format!("{declarations}\n");
    for (i, condition) in conditions.iter().enumerate() {
        text += &format!("rule r{i} {{ permit {condition} }}\n");
    }
    let model = model(&text);
    let lines = model.clauses.iter().zip(conditions).map(|(c, text)| format!("{text}: {}", show(&model, &c.scope)));
    lines.collect::<Vec<_>>().join("\n")
}

fn domain<'m>(model: &'m Model, fact: &str) -> &'m Domain {
    match &model.fact(model.find_fact(fact).expect("declared")).ty {
        Type::Choice(d) | Type::Set(d) => d,
        other => panic!("{other:?}"),
    }
}

fn groups(domain: &Domain) -> String {
    let names = |b: &Bits| b.iter().map(|i| domain.values[i].name.as_str()).collect::<Vec<_>>().join(" ");
    domain.groups.iter().map(|g| format!("{}: {}", g.0, names(&g.1))).collect::<Vec<_>>().join("\n")
}

const PEOPLE: &str = "policy p { default forbid }
role student
role staff \"Staff\" { teacher, office { principal, clerk } }
role guardian \"Parent\"
role librarian under staff
guardian may be staff
teacher may be librarian
";

#[test]
fn roles_that_overlap_have_profiles() {
    let model = model(&format!(
        "{PEOPLE} fact who: role\n fact few: role guardian, office\n fact all: set of role\n rule r {{ permit when who is staff and few is clerk and all include staff }}"
    ));
    insta::assert_snapshot!(groups(domain(&model, "who")), @r"
    student: student
    staff: teacher principal clerk librarian teacher+librarian teacher+guardian principal+guardian clerk+guardian librarian+guardian teacher+librarian+guardian
    teacher: teacher teacher+librarian teacher+guardian teacher+librarian+guardian
    office: principal clerk principal+guardian clerk+guardian
    principal: principal principal+guardian
    clerk: clerk clerk+guardian
    librarian: librarian teacher+librarian librarian+guardian teacher+librarian+guardian
    guardian: guardian teacher+guardian principal+guardian clerk+guardian librarian+guardian teacher+librarian+guardian
    ");
    insta::assert_snapshot!(groups(domain(&model, "few")), @r"
    staff: principal clerk teacher+guardian principal+guardian clerk+guardian librarian+guardian teacher+librarian+guardian
    teacher: teacher+guardian teacher+librarian+guardian
    office: principal clerk principal+guardian clerk+guardian
    principal: principal principal+guardian
    clerk: clerk clerk+guardian
    librarian: librarian+guardian teacher+librarian+guardian
    guardian: guardian teacher+guardian principal+guardian clerk+guardian librarian+guardian teacher+librarian+guardian
    ");
    insta::assert_snapshot!(groups(domain(&model, "all")), @r"
    student: student
    staff: teacher principal clerk librarian
    teacher: teacher
    office: principal clerk
    principal: principal
    clerk: clerk
    librarian: librarian
    guardian: guardian
    ");
    let titles: Vec<_> = domain(&model, "who").values.iter().filter_map(|v| v.title.as_deref()).collect();
    assert_eq!(titles[..2], ["Parent", "teacher + Parent"]);
}

#[test]
fn heads_are_conditions() {
    let declarations = format!("{PEOPLE} channel email, video {{ meet, zoom }}\n fact ok: yes/no");
    insta::assert_snapshot!(scopes(&declarations, &[
        "email, video from student to office",
        "to student when ok",
        "meet when ok and not ok",
        "when channel is not video",
    ]), @r"
    email, video from student to office: (channel={email,meet,zoom} & sender={student} & recipient={principal,clerk,principal+guardian,clerk+guardian})
    to student when ok: (recipient={student} & ok)
    meet when ok and not ok: (channel={meet} & ok & !ok)
    when channel is not video: channel={email}
    ");
}

#[test]
fn numbers_are_ranges_in_their_smallest_step() {
    insta::assert_snapshot!(scopes("fact fee, limit: number 0.00 to 500.00 USD\n fact n: number -5 to 5", &[
        "when fee = 50 USD",
        "when fee != 50.5 USD",
        "when fee != 0 USD",
        "when fee < 0.01 USD",
        "when fee > 499.99 USD or fee >= 600 USD",
        "when fee between 1.5 USD and 1_000 USD",
        "when n > -1 and n <= 0",
        "when fee > limit",
        "when fee != limit",
        "when fee between 1.00 USD and limit",
    ]), @r"
    when fee = 50 USD: fee=[5000..5000]
    when fee != 50.5 USD: fee=[0..5049, 5051..50000]
    when fee != 0 USD: fee=[1..50000]
    when fee < 0.01 USD: fee=[0..0]
    when fee > 499.99 USD or fee >= 600 USD: (fee=[50000..50000] | fee=[])
    when fee between 1.5 USD and 1_000 USD: fee=[150..50000]
    when n > -1 and n <= 0: (n=[0..5] & n=[-5..0])
    when fee > limit: limit->fee Number [1..]
    when fee != limit: (limit->fee Number [..-1] | limit->fee Number [1..])
    when fee between 1.00 USD and limit: (fee=[100..50000] & limit->fee Number [..0])
    ");
}

#[test]
fn dates_are_days_and_datetimes_minutes() {
    let declarations = "policy p { timezone \"America/Chicago\" }
fact d, e: date
fact t, u: datetime
fact c, b: time";
    insta::assert_snapshot!(scopes(declarations, &[
        "when d before 2026-09-14",
        "when d on 2026-09-14",
        "when d = 2026-09-14 or d != 2026-09-14",
        "when d between 2026-09-14 and 2026-09-15",
        "when t before 2026-09-14",
        "when t on or before 2026-09-14",
        "when t after 2026-09-14",
        "when t on 2026-11-01",
        "when t between 2026-09-14 and 2026-09-15",
        "when t before 2026-09-14 08:00",
        "when t = 2026-09-14 08:00",
        "when c between 08:00 and 12:00",
        "when c after 23:59",
        "when t before u",
        "when t on or before u",
        "when t after u",
        "when t on the same day as u",
        "when d before t",
        "when t on or after d",
        "when c before b",
        "when t between u and d",
        "when t on weekdays or d on Sunday",
    ]), @r"
    when d before 2026-09-14: d=[2000-01-01..2026-09-13]
    when d on 2026-09-14: d=[2026-09-14..2026-09-14]
    when d = 2026-09-14 or d != 2026-09-14: (d=[2026-09-14..2026-09-14] | d=[2000-01-01..2026-09-13, 2026-09-15..2099-12-31])
    when d between 2026-09-14 and 2026-09-15: d=[2026-09-14..2026-09-15]
    when t before 2026-09-14: t=[2000-01-01 00:00..2026-09-13 23:59]
    when t on or before 2026-09-14: t=[2000-01-01 00:00..2026-09-14 23:59]
    when t after 2026-09-14: t=[2026-09-15 00:00..2099-12-31 23:59]
    when t on 2026-11-01: t=[2026-11-01 00:00..2026-11-01 23:59]
    when t between 2026-09-14 and 2026-09-15: t=[2026-09-14 00:00..2026-09-15 23:59]
    when t before 2026-09-14 08:00: t=[2000-01-01 00:00..2026-09-14 07:59]
    when t = 2026-09-14 08:00: t=[2026-09-14 08:00..2026-09-14 08:00]
    when c between 08:00 and 12:00: c=[08:00..12:00]
    when c after 23:59: c=[]
    when t before u: t->u Minutes [1..]
    when t on or before u: t->u Days [0..]
    when t after u: u->t Minutes [1..]
    when t on the same day as u: t->u Days [0..0]
    when d before t: d->t Days [1..]
    when t on or after d: d->t Days [0..]
    when c before b: c->b Minutes [1..]
    when t between u and d: (u->t Minutes [0..] & t->d Days [0..])
    when t on weekdays or d on Sunday: (t on 0011111 | d on 1000000)
    ");
}

#[test]
fn distances() {
    let declarations = "policy p { timezone \"America/Chicago\" }
period school_days = weekdays except 2026-09-07
fact d: date
fact t, u: datetime
fact c, b: time";
    insta::assert_snapshot!(scopes(declarations, &[
        "when t at least 4 days before u",
        "when t less than 4 days before u",
        "when t more than 2 hours after u",
        "when t exactly 1 week before d",
        "when t within 1 year after u",
        "when t at most 3 school_days before u",
        "when c at least 30 minutes before b",
        "when d at least 4 days before 2026-09-14",
        "when d less than 4 days before 2026-09-14",
        "when d within 4 days after 2026-09-14",
        "when t exactly 1 day before 2026-09-14",
        "when t at least 2 hours before 2026-09-14 08:00",
        "when t at most 96 hours after 2026-10-31 08:00",
        "when d at least 1 month before 2026-03-31",
        "when d less than 18 years after 2008-02-29",
        "when d at least 2 school_days before 2026-09-08",
        "when d within 2 school_days after 2026-09-04",
        "when c at least 2 hours before 10:00",
    ]), @r"
    when t at least 4 days before u: t->u Days [4..]
    when t less than 4 days before u: t->u Days [..3]
    when t more than 2 hours after u: u->t Minutes [121..]
    when t exactly 1 week before d: t->d Days [7..7]
    when t within 1 year after u: u->t Months [0..12]
    when t at most 3 school_days before u: t->u school_days [..3]
    when c at least 30 minutes before b: c->b Minutes [30..]
    when d at least 4 days before 2026-09-14: d=[2000-01-01..2026-09-10]
    when d less than 4 days before 2026-09-14: d=[2026-09-11..2099-12-31]
    when d within 4 days after 2026-09-14: d=[2026-09-14..2026-09-18]
    when t exactly 1 day before 2026-09-14: t=[2026-09-13 00:00..2026-09-13 23:59]
    when t at least 2 hours before 2026-09-14 08:00: t=[2000-01-01 00:00..2026-09-14 06:00]
    when t at most 96 hours after 2026-10-31 08:00: t=[2000-01-01 00:00..2026-11-04 07:00]
    when d at least 1 month before 2026-03-31: d=[2000-01-01..2026-02-28]
    when d less than 18 years after 2008-02-29: d=[2000-01-01..2026-02-27]
    when d at least 2 school_days before 2026-09-08: d=[2000-01-01..2026-09-03]
    when d within 2 school_days after 2026-09-04: d=[2026-09-04..2026-09-09]
    when c at least 2 hours before 10:00: c=[00:00..08:00]
    ");
}

#[test]
fn sets_and_choices() {
    let declarations = format!("{PEOPLE} fact who: set of role\n fact why: one of a, b, c\n fact one: role");
    insta::assert_snapshot!(scopes(&declarations, &[
        "when who include office",
        "when who include any of student, office",
        "when who include all of student, office",
        "when who include none of staff",
        "when who include only student, guardian",
        "when why is not a",
        "when why is any of a, b and why is none of b, c",
        "when one is not staff",
    ]), @r"
    when who include office: who any principal,clerk
    when who include any of student, office: who any student,principal,clerk
    when who include all of student, office: who all student and principal,clerk
    when who include none of staff: who none teacher,principal,clerk,librarian
    when who include only student, guardian: who only student,guardian
    when why is not a: why={b,c}
    when why is any of a, b and why is none of b, c: (why={a,b} & why={a})
    when one is not staff: one={student,guardian}
    ");
}

#[test]
fn periods_have_rules() {
    let model = model(
        "policy p { default forbid }
fact d: date
period year = 2026-08-17 to 2027-06-11 except winter
period winter = 2026-12-21 to 2027-01-04
period hours = weekdays 08:00 to 15:30 during year
period night = every day 22:00 to 06:00
period late = Monday, Friday 18:00 to 24:00 or 2026-01-01
rule r { permit when d during hours or d outside night or d during late }",
    );
    let rules: Vec<String> = model.periods.iter().map(|p| format!("{}: {:?}", p.name, p.rule)).collect();
    insta::assert_snapshot!(rules.join("\n"), @r"
    year: Except(Dates(20682, 20980), Named(PeriodId(1)))
    winter: Dates(20808, 20822)
    hours: During(Days { days: 31, from: 480, to: 930 }, Named(PeriodId(0)))
    night: Days { days: 127, from: 1320, to: 360 }
    late: Either([Days { days: 17, from: 1080, to: 1440 }, Dates(20454, 20454)])
    ");
    insta::assert_snapshot!(show(&model, &model.clauses[0].scope), @r"
    (d in hours | d out of night | d in late)
    ");
}

#[test]
fn clauses() {
    let files = [
        (
            "p.ordain",
            "policy p { in force from 2026-01-01 default forbid default how b }
fact a, b, c: yes/no
decision how: one of a, b
duty d excludes e, f
duty e
duty f excludes d
section outer \"Outer\" cite \"t.md#x\" {
  rule first {
    in force until 2026-06-30
    require a when b
    advise b when c
    except inner { waive when c }
  }
  section \"Inner\" { rule second cite \"t.md#y\" { require a oblige d, e, f when b } }
}
exception early to section outer { how is a when c }
exception late to first.inner, second { permit when a provided { n: b } advise c }",
        ),
        ("t.md", "# x\n# y\n"),
    ];
    let (_, model, diagnostics) = project(&files);
    let errors: Vec<_> = diagnostics.iter().map(|d| (d.code.id, &d.message)).collect();
    assert_eq!(errors, []);
    let clause = |c: &crate::model::Clause| {
        let replaces: Vec<_> = c.replaces.iter().map(|r| model.clause(*r).path.as_str()).collect();
        let cites: Vec<_> = c.cites.iter().map(|c| c.text()).collect();
        format!(
            "{} {:?} replaces {replaces:?} cites {cites:?}\n  in force {}\n  scope {}",
            c.path,
            c.parent,
            show(&model, &c.in_force),
            show(&model, &c.scope)
        )
    };
    let clauses: Vec<String> = model.clauses.iter().map(clause).collect();
    insta::assert_snapshot!(clauses.join("\n"), @r#"
    first None replaces [] cites ["t.md#x"]
      in force (on=[2000-01-01..2026-06-30] & on=[2026-01-01..2099-12-31])
      scope (b | c)
    first.inner Nested(ClauseId(0)) replaces ["first"] cites ["t.md#x"]
      in force on=[2026-01-01..2099-12-31]
      scope c
    second None replaces [] cites ["t.md#y"]
      in force on=[2026-01-01..2099-12-31]
      scope always
    early Section(SectionId(0)) replaces ["first", "second"] cites ["t.md#x"]
      in force on=[2026-01-01..2099-12-31]
      scope c
    late Clauses([ClauseId(1), ClauseId(2)]) replaces ["first.inner", "second"] cites ["t.md#x"]
      in force on=[2026-01-01..2099-12-31]
      scope a
    "#);
    assert_eq!(model.clauses[3].parent, Parent::Section(crate::model::SectionId(0)));
    assert_eq!(model.clauses[4].outcome.as_ref().map(|o| o.provisos.len()), Some(1));
    let excludes: Vec<Vec<u32>> = model.duties.iter().map(|d| d.excludes.iter().map(|e| e.0).collect()).collect();
    assert_eq!(excludes, [vec![1, 2], vec![0], vec![0]]);
    assert_eq!(model.decisions.iter().map(|d| d.default).collect::<Vec<_>>(), [Some(1), Some(1)]);
    let assumed: Vec<String> = model.assumptions.iter().map(|a| show(&model, &a.cond)).collect();
    assert_eq!(assumed, ["on=[2026-01-01..2099-12-31]"]);
}

#[test]
fn policies_yield_through_others() {
    let files = [
        ("a.ordain", "use b\npolicy a { default permit yields to b }\nfact x: yes/no\nrule r1 { permit when x }"),
        ("b.ordain", "use c\npolicy b { yields to c }\nrule r2 { permit when x }\nuse a"),
        ("c.ordain", "use a\npolicy c { default forbid }\nrule r3 { permit when x }"),
    ];
    let (_, model, diagnostics) = project(&files);
    assert_eq!(diagnostics.iter().map(|d| &d.message).collect::<Vec<_>>(), Vec::<&String>::new());
    let yields: Vec<Vec<u32>> = model.policies.iter().map(|p| p.yields_to.iter().map(|y| y.0).collect()).collect();
    assert_eq!(yields, [vec![1, 2], vec![2], vec![]]);
    assert_eq!(model.decisions[0].default, Some(1));
    assert_eq!(model.clauses.iter().map(|c| c.policy.0).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn order_does_not_depend_on_the_order_of_files() {
    let files = [
        ("b.ordain", "use std.school\nfact y: role\nrule r2 { permit when x and y is student }\nuse a"),
        ("a.ordain", "fact x: yes/no\nrule r1 { permit when x }"),
    ];
    let (_, model, _) = project(&files);
    assert_eq!(model.clauses.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["r1", "r2"]);
    assert_eq!(model.facts.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["x", "y"]);
}

#[test]
fn broken_text_costs_one_error() {
    let text = "policy p { default forbid }\nfact member yes/no\nfact other: yes/no\nrule r { permit when member and other }\n";
    let found = errors(text);
    assert_eq!(found.lines().filter(|l| l.starts_with('O')).count(), 1, "{found}");
}

#[test]
fn any_text_has_a_model() {
    for end in (0..TASTE.len()).step_by(7) {
        let _ = project(&[("p.ordain", &TASTE[..end])]);
    }
}
