//! The space against brute force: every case of small models falls into a valid assignment, every valid assignment has a
//! case, and the case shown for it falls back into it.

use super::*;
use crate::decide;
use crate::model::time::{day_of, parse_date};
use crate::model::*;
use crate::source::Span;
use std::collections::BTreeSet;

pub(super) fn span() -> Span {
    Span::default()
}

pub(super) fn atom(atom: Atom) -> Cond {
    Cond::new(CondKind::Atom(atom), span())
}

pub(super) fn not(cond: Cond) -> Cond {
    Cond::new(CondKind::Not(Box::new(cond)), span())
}

pub(super) fn fact(name: &str, ty: Type) -> Fact {
    Fact {
        name: name.into(),
        title: None,
        span: span(),
        docs: Vec::new(),
        kind: FactKind::Declared,
        ty,
        exists_if: None,
    }
}

pub(super) fn domain(names: &str) -> Domain {
    let values = names.split(' ').map(|n| ValueName { name: n.into(), title: None, span: span() });
    Domain { what: Element::Enumeration, values: values.collect(), groups: Vec::new() }
}

pub(super) fn model(zone: Zone, facts: Vec<Fact>) -> Model {
    let verdict = ["permit", "forbid"].map(|n| ValueName { name: n.into(), title: None, span: span() });
    Model {
        policies: vec![Policy {
            name: "".into(),
            title: None,
            span: span(),
            yields_to: Vec::new(),
            in_force: None,
            sources: Vec::new(),
        }],
        facts,
        defines: Vec::new(),
        periods: Vec::new(),
        sections: Vec::new(),
        clauses: Vec::new(),
        replaced_by: Vec::new(),
        asked: Default::default(),
        decisions: vec![Decision {
            name: "verdict".into(),
            title: None,
            span: span(),
            values: verdict.into(),
            default: None,
            default_span: None,
        }],
        duties: Vec::new(),
        assumptions: Vec::new(),
        expectations: Vec::new(),
        on: None,
        zone,
        not_encoded: Vec::new(),
        unused: Vec::new(),
    }
}

fn assume(model: &mut Model, cond: Cond) {
    model.assumptions.push(Assumption { cond, because: None, span: span(), implied: false });
}

fn values(ty: &Type) -> Vec<Value> {
    match ty {
        Type::YesNo => vec![Value::Bool(false), Value::Bool(true)],
        Type::Choice(domain) => (0..domain.values.len() as u32).map(Value::Choice).collect(),
        Type::Set(domain) => {
            let n = domain.values.len();
            (0u32..1 << n).map(|s| Value::Set((0..n).filter(|i| s >> i & 1 == 1).collect())).collect()
        }
        Type::Number { lo, hi, .. } | Type::Date { lo, hi } | Type::DateTime { lo, hi } => {
            (*lo..=*hi).map(Value::Int).collect()
        }
        Type::Time => (0..1440).map(Value::Int).collect(),
    }
}

/// Every legal case.
fn cases(model: &Model, visit: &mut dyn FnMut(&Case)) {
    let options: Vec<Vec<Option<Value>>> = model
        .facts
        .iter()
        .map(|f| {
            let absent = f.exists_if.iter().map(|_| None);
            absent.chain(values(&f.ty).into_iter().map(Some)).collect()
        })
        .collect();
    let mut at = vec![0; options.len()];
    loop {
        let case = Case { values: at.iter().zip(&options).map(|(&i, o)| o[i].clone()).collect() };
        if decide::check_case(model, &case).is_empty() {
            visit(&case);
        }
        let Some(i) = (0..at.len()).find(|&i| at[i] + 1 < options[i].len()) else { return };
        at[i] += 1;
        at[..i].fill(0);
    }
}

/// The space has exactly the assignments that cases have, conditions mean what `decide` says, and witnesses fall back.
fn check(model: &Model, conditions: &[Cond], what: &str) {
    let mut given = crate::model::show::conditions(model);
    given.extend(conditions);
    let (space, mut dd) = build(model, &given, 1_000_000, u64::MAX);
    assert!(!dd.exhausted() && space.unfinished.is_empty(), "{what}: not finished");
    let mut memo = Memo::default();
    let lowered: Vec<Node> = conditions.iter().map(|c| lower_cond(&space, model, &mut dd, &mut memo, c)).collect();
    let mut found = BTreeSet::new();
    cases(model, &mut |case| {
        let assignment = space.locate(model, case);
        for (cond, node) in conditions.iter().zip(&lowered) {
            let holds = decide::holds(model, cond, case);
            assert_eq!(dd.eval(*node, &assignment) == 1, holds, "{what}: {cond:?}\n{case:?}\n{:?}", space.axes);
        }
        found.insert(assignment);
    });
    for assignment in &found {
        assert_eq!(dd.eval(space.valid, assignment), 1, "{what}: invalid {assignment:?}\n{:#?}", space.axes);
        for (cond, node) in conditions.iter().zip(&lowered) {
            assert_eq!(super::cond::holds(&space, model, cond, assignment), dd.eval(*node, assignment) == 1);
        }
        let case = space.case(model, assignment).unwrap_or_else(|| panic!("{what}: no case for {assignment:?}"));
        assert_eq!(decide::check_case(model, &case), Vec::<String>::new(), "{what}: {case:?}");
        assert_eq!(&space.locate(model, &case), assignment, "{what}: {case:?}");
    }
    assert_eq!(dd.count(space.valid), found.len() as u128, "{what}: {:#?}", space.axes);
}

fn bits(rng: &mut fastrand::Rng, n: usize) -> Bits {
    (0..n).filter(|_| rng.bool()).collect()
}

/// A random atom about one of the first `facts` facts, or a distance between two.
fn random_atom(rng: &mut fastrand::Rng, model: &Model, facts: usize) -> Atom {
    let id = FactId(rng.u32(0..facts as u32));
    let range = |rng: &mut fastrand::Rng, lo: i64, hi: i64| {
        let parts = (0..rng.usize(1..3)).map(|_| {
            let a = rng.i64(lo - 3..=hi);
            (a.max(lo), (a + rng.i64(0..=(hi - lo))).min(hi))
        });
        Atom::Range(id, Intervals::from_parts(parts).parts().to_vec())
    };
    match &model.fact(id).ty {
        Type::YesNo => Atom::Yes(id),
        Type::Choice(domain) => Atom::OneOf(id, bits(rng, domain.values.len())),
        Type::Set(domain) => {
            let n = domain.values.len();
            let test = match rng.u32(0..4) {
                0 => SetTest::Any(bits(rng, n)),
                1 => SetTest::All((0..rng.usize(0..3)).map(|_| bits(rng, n)).collect()),
                2 => SetTest::None(bits(rng, n)),
                _ => SetTest::Only(bits(rng, n)),
            };
            Atom::Set { fact: id, test }
        }
        ty => {
            let (lo, hi) = build::range(ty).unwrap();
            let grain = Grain::of(ty).unwrap();
            let others: Vec<FactId> = (0..facts as u32)
                .map(FactId)
                .filter(|f| match Grain::of(&model.fact(*f).ty) {
                    Some(Grain::Plain) => model.fact(*f).ty == *ty,
                    Some(_) => grain != Grain::Plain,
                    None => false,
                })
                .collect();
            if rng.u32(0..5) < 3 {
                let to = others[rng.usize(0..others.len())];
                let both_minutes = [id, to].iter().all(|f| Grain::of(&model.fact(*f).ty) == Some(Grain::Minute));
                let unit = match rng.u32(0..4) {
                    _ if grain == Grain::Plain => Unit::Number,
                    0 if both_minutes => Unit::Minutes,
                    1 => Unit::Months,
                    2 if !model.periods.is_empty() => {
                        Unit::PeriodDays(PeriodId(rng.u32(0..model.periods.len() as u32)))
                    }
                    _ => Unit::Days,
                };
                let calendars = Calendars::new(
                    model,
                    (lo.min(0), 40_000),
                    model.periods.iter().enumerate().map(|p| PeriodId(p.0 as u32)),
                );
                let ruler = Ruler { zone: &model.zone, calendars: &calendars };
                let to_range = build::range(&model.fact(to).ty).unwrap();
                let to_grain = Grain::of(&model.fact(to).ty).unwrap();
                let mid = ruler.distance(unit, (grain, rng.i64(lo..=hi)), (to_grain, rng.i64(to_range.0..=to_range.1)));
                let width = if unit == Unit::Minutes { 90 } else { 2 };
                let low = rng.bool().then(|| mid - rng.i64(0..=width));
                let high = (low.is_none() || rng.bool()).then(|| mid + rng.i64(0..=width));
                return Atom::Distance { from: id, to, unit, low, high };
            }
            match rng.u32(0..3) {
                0 if grain != Grain::Plain => Atom::Weekday(id, rng.u8(0..128)),
                1 if grain != Grain::Plain && !model.periods.is_empty() => Atom::Within {
                    fact: id,
                    period: PeriodId(rng.u32(0..model.periods.len() as u32)),
                    inside: rng.bool(),
                },
                _ => range(rng, lo, hi),
            }
        }
    }
}

fn random_cond(rng: &mut fastrand::Rng, model: &Model, facts: usize, depth: u32) -> Cond {
    let parts = |rng: &mut fastrand::Rng| (0..2).map(|_| random_cond(rng, model, facts, depth - 1)).collect();
    match if depth == 0 { 9 } else { rng.u32(0..6) } {
        0 => Cond::new(CondKind::And(parts(rng)), span()),
        1 => Cond::new(CondKind::Or(parts(rng)), span()),
        2 => not(random_cond(rng, model, facts, depth - 1)),
        3 if !model.defines.is_empty() && facts == model.facts.len() => {
            Cond::new(CondKind::Define(DefineId(rng.u32(0..model.defines.len() as u32))), span())
        }
        _ => atom(random_atom(rng, model, facts)),
    }
}

fn random_period(rng: &mut fastrand::Rng, days: (i64, i64), earlier: u32, depth: u32) -> PeriodRule {
    let part = |rng: &mut fastrand::Rng| Box::new(random_period(rng, days, earlier, depth - 1));
    let minute = |rng: &mut fastrand::Rng| [0, 90, 150, 480, 1380, 1440][rng.usize(0..6)] + rng.u32(0..2) * 17;
    match if depth == 0 { rng.u32(0..3) } else { rng.u32(0..6) } {
        0 => {
            let from = rng.i64(days.0 - 1..=days.1);
            PeriodRule::Dates(from, from + rng.i64(0..4))
        }
        2 if earlier > 0 => PeriodRule::Named(PeriodId(rng.u32(0..earlier))),
        3 => PeriodRule::Either(vec![*part(rng), *part(rng)]),
        4 => PeriodRule::During(part(rng), part(rng)),
        5 => PeriodRule::Except(part(rng), part(rng)),
        _ => {
            let (from, to) = (minute(rng) % 1440, minute(rng).min(1440));
            PeriodRule::Days { days: rng.u8(1..128), from, to }
        }
    }
}

fn add_periods(rng: &mut fastrand::Rng, model: &mut Model, days: (i64, i64), count: u32) {
    for i in 0..count {
        let rule = random_period(rng, days, i, 2);
        model.periods.push(Period { name: format!("p{i}").into(), span: span(), docs: Vec::new(), rule });
    }
}

/// Makes some facts conditional on the facts before them, adds an assumption, and checks some random conditions.
fn check_random(rng: &mut fastrand::Rng, mut model: Model, conditions: usize, what: &str) {
    for i in 1..model.facts.len() {
        if rng.u32(0..3) == 0 {
            model.facts[i].exists_if = Some(random_cond(rng, &model, i, 1));
        }
    }
    let n = model.facts.len();
    let cond = random_cond(rng, &model, n, 1);
    model.defines.push(Define { name: "d".into(), span: span(), cond });
    if rng.u32(0..3) == 0 {
        let cond = random_cond(rng, &model, n, 2);
        assume(&mut model, cond);
    }
    let conditions: Vec<Cond> = (0..conditions).map(|_| random_cond(rng, &model, n, 2)).collect();
    check(&model, &conditions, what);
}

#[test]
fn plain_facts() {
    let mut rng = fastrand::Rng::with_seed(1);
    for round in 0..60 {
        let number = Type::Number { lo: -2, hi: rng.i64(2..6), scale: 0, unit: None };
        let mut facts = vec![
            fact("a", Type::YesNo),
            fact("c", Type::Choice(domain("x y z"))),
            fact("n", number.clone()),
            fact("s", Type::Set(domain("p q r"))),
            fact("b", Type::YesNo),
            fact("m", number),
        ];
        rng.shuffle(&mut facts);
        check_random(&mut rng, model(Zone::utc(), facts), 3, &format!("round {round}"));
    }
}

#[test]
fn linked_numbers() {
    let mut rng = fastrand::Rng::with_seed(2);
    for round in 0..60 {
        let number = Type::Number { lo: 0, hi: rng.i64(3..11), scale: 1, unit: None };
        let facts = ["a", "b", "c", "d"].iter().map(|n| fact(n, number.clone())).collect();
        check_random(&mut rng, model(Zone::utc(), facts), 4, &format!("round {round}"));
    }
}

#[test]
fn dates_with_months_and_periods() {
    let mut rng = fastrand::Rng::with_seed(3);
    for round in 0..40 {
        let day = |m, d| day_of(2028, m, d).unwrap_or_default();
        let ranges = [(day(1, 25), day(3, 3)), (day(2, 27), day(3, 30)), (day(12, 28), day(12, 28) + 40)];
        let (lo, hi) = ranges[rng.usize(0..3)];
        let facts = ["a", "b", "c"].iter().map(|n| fact(n, Type::Date { lo, hi: hi - rng.i64(0..14) })).collect();
        let mut model = model(Zone::utc(), facts);
        add_periods(&mut rng, &mut model, (lo, hi), 3);
        check_random(&mut rng, model, 6, &format!("round {round}"));
    }
}

/// Two datetimes and a date around a change of clocks.
fn around(zone: &str, date: &str, seed: u64, rounds: usize) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let zone = Zone::find(zone).unwrap();
    let change = parse_date(date).unwrap();
    for round in 0..rounds {
        let window = |rng: &mut fastrand::Rng| {
            let day = change + rng.i64(-2..=2);
            let lo = zone.day_start(day) + [-30, 75, 100, 455][rng.usize(0..4)];
            Type::DateTime { lo, hi: lo + 60 }
        };
        let mut facts = vec![fact("a", window(&mut rng)), fact("b", window(&mut rng))];
        facts.insert(rng.usize(0..3), fact("d", Type::Date { lo: change - 2, hi: change + 2 }));
        let mut model = model(zone.clone(), facts);
        add_periods(&mut rng, &mut model, (change - 3, change + 3), 2);
        check_random(&mut rng, model, 6, &format!("round {round}"));
    }
}

#[test]
fn clocks_forward() {
    around("America/Chicago", "2026-03-08", 4, 12);
}

#[test]
fn clocks_back() {
    around("America/Chicago", "2026-11-01", 5, 12);
}

#[test]
fn clocks_change_at_midnight() {
    around("America/Sao_Paulo", "2018-11-04", 6, 10);
    around("America/Sao_Paulo", "2018-02-18", 7, 10);
}

#[test]
fn a_day_is_skipped() {
    around("Pacific/Apia", "2011-12-30", 8, 10);
}

/// Every file below a folder of the repository, by path relative to it.
fn folder(name: &str) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    let entries = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = entries.filter(|e| e.file_type().is_file());
    files
        .filter_map(|e| {
            let path = e.path().strip_prefix(&root).ok()?.to_string_lossy().replace('\\', "/");
            Some((path, std::fs::read_to_string(e.path()).ok()?))
        })
        .collect()
}

#[test]
fn examples_have_cases() {
    let mut rng = fastrand::Rng::with_seed(9);
    for name in ["student-aup", "school-calendar", "district", "workplace", "approvals"] {
        let files = folder(&format!("examples/{name}"));
        // A folder below is another project.
        let files: Vec<(&str, &str)> =
            files.iter().filter(|f| !f.0.contains('/')).map(|f| (f.0.as_str(), f.1.as_str())).collect();
        let (_, model, _) = crate::check::tests::project(&files);
        let (space, mut dd) = build(&model, &crate::model::show::conditions(&model), 1_000_000, u64::MAX);
        assert!(!dd.exhausted() && space.unfinished.is_empty() && dd.count(space.valid) > 0, "{name}");
        for _ in 0..200 {
            let seed = rng.u64(..);
            let prefer = |level: usize, cell: u32| {
                fastrand::Rng::with_seed(seed ^ ((level as u64) << 32) ^ u64::from(cell)).u64(..)
            };
            let assignment = dd.pick(space.valid, &prefer).unwrap();
            let case = space.case(&model, &assignment).unwrap_or_else(|| panic!("{name}: {assignment:?}"));
            assert_eq!(decide::check_case(&model, &case), Vec::<String>::new(), "{name}: {case:?}");
            assert_eq!(space.locate(&model, &case), assignment, "{name}: {case:?}");
        }
    }
}

#[test]
fn examples_a_person_would_choose() {
    let text = r#"
        policy p { timezone "America/Chicago" }
        period school_year  = 2026-08-17 to 2027-06-11
        period school_hours = weekdays 08:00 to 15:30 during school_year
        fact invited, starts: datetime
        fact fee: number 0.00 to 500.00 USD
        fact age: number 0 to 120 years
        fact at: time
        fact on: date
        rule notice { forbid when invited less than 4 days before starts }
        rule hours  { forbid when starts outside school_hours }
        rule old    { forbid when starts before 2026-08-17 }
        rule money  { forbid when fee > 50.00 USD }
        rule ages   { forbid when age >= 3 years and age <= 40 years }
        rule late   { forbid when at after 15:30 }
    "#;
    let (_, model, diagnostics) = crate::check::tests::project(&[("p.ordain", text)]);
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.level == crate::diagnostics::Level::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let (space, mut dd) = build(&model, &crate::model::show::conditions(&model), 100_000, u64::MAX);
    let mut memo = Memo::default();
    let mut lines = Vec::new();
    for clause in &model.clauses {
        let scope = lower_cond(&space, &model, &mut dd, &mut memo, &clause.scope);
        let not_scope = dd.not(scope);
        for (what, set) in [(format!("{}", clause.name), scope), (format!("not {}", clause.name), not_scope)] {
            let set = dd.and(set, space.valid);
            let assignment = dd.pick(set, &|_, cell| u64::from(cell)).unwrap();
            let case = space.case(&model, &assignment).unwrap();
            let facts = crate::model::show::fact_facts(&model, &clause.scope);
            let said = facts.iter().map(|f| {
                let value = case.values[f.index()].as_ref().unwrap();
                format!("{} {}", model.fact(*f).name, crate::model::show::value(&model, *f, value))
            });
            lines.push(format!("{what}: {}", said.collect::<Vec<_>>().join("; ")));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    notice: invited Tuesday 11 August 2026, 09:00; starts Friday 14 August 2026, 09:00
    not notice: invited Monday 10 August 2026, 09:00; starts Friday 14 August 2026, 09:00
    hours: starts Friday 14 August 2026, 09:00
    not hours: starts Thursday 17 September 2026, 09:00
    old: starts Friday 14 August 2026, 09:00
    not old: starts Thursday 17 September 2026, 16:00
    money: fee 50.01 USD
    not money: fee 50.00 USD
    ages: age 10 years
    not ages: age 2 years
    late: at 16:00
    not late: at 09:00
    ");
}
