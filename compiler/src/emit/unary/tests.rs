//! Cells in both languages, and what they stand for.

use super::*;

fn read(scale: Scale, language: Language, text: &str) -> String {
    let zone = Zone::find("America/Chicago").unwrap_or_else(Zone::utc);
    match Reader::new(scale, language, &zone).read(text) {
        Ok(None) => "any".to_string(),
        Ok(Some(test)) => format!("{}{:?}", if test.absent { "absent or " } else { "" }, test.allowed),
        Err(message) => message,
    }
}

#[test]
fn names_and_absence() {
    let names = || Scale::Names(["a", "b", "c"].map(String::from).to_vec());
    let feel = |text| read(names(), Language::Feel, text);
    assert_eq!(feel("-"), "any");
    assert_eq!(feel("\"a\", \"c\""), "Values([0, 2])");
    assert_eq!(feel("null, \"b\""), "absent or Values([1])");
    assert_eq!(feel("not(\"b\")"), "absent or Values([0, 2])");
    assert_eq!(feel("not(null)"), "Any");
    assert_eq!(feel("null"), "absent or Nothing");
    assert_eq!(feel("? != null and ? != \"a\""), "Values([1, 2])");
    assert_eq!(feel("\"d\""), "`d` is none of a, b and c");
    assert_eq!(feel("\"a\" \"b\""), "`\"b\"` is not expected there");
    assert_eq!(read(names(), Language::Zen, "$ in ['a', \"b\"]"), "Values([0, 1])");
}

#[test]
fn numbers_between_their_steps() {
    let cents = |text| read(Scale::Number { lo: 0, hi: 50000, scale: 2 }, Language::Feel, text);
    assert_eq!(cents("> 50"), "Ranges([Range { lo: Some(5001), hi: None }])");
    assert_eq!(cents(">= 50.005"), cents("> 50"));
    assert_eq!(cents("< 50.001"), "Ranges([Range { lo: None, hi: Some(5000) }])");
    assert_eq!(
        cents("[3..5), 7"),
        "Ranges([Range { lo: Some(300), hi: Some(499) }, Range { lo: Some(700), hi: Some(700) }])"
    );
    assert_eq!(cents(">= 0"), "Any");
    assert_eq!(cents("cost > 3"), "`cost` is not a number");
    let zen = |text| read(Scale::Number { lo: -10, hi: 10, scale: 0 }, Language::Zen, text);
    assert_eq!(
        zen("$ in [-5..-2], $ > 8 and $ != null"),
        "Ranges([Range { lo: Some(-5), hi: Some(-2) }, Range { lo: Some(9), hi: None }])"
    );
    assert_eq!(zen("$ == null or $ in (3..5]"), "absent or Ranges([Range { lo: Some(4), hi: Some(5) }])");
    assert_eq!(zen("$ > 3 or $ < 5 and $ == 4"), "Ranges([Range { lo: Some(4), hi: Some(4) }])");
    assert_eq!(zen("not(3)"), "`not` is not a number");
    assert_eq!(zen("($ > 3)"), "a cell of ZEN cannot have parentheses");
    assert_eq!(cents(&"(".repeat(1000)), "there are too many parentheses within parentheses");
}

#[test]
fn moments_in_many_spellings() {
    let date = |text| read(Scale::Date { lo: 0, hi: 40000 }, Language::Feel, text);
    assert_eq!(date("[date(\"2026-09-01\")..@\"2026-10-01\")"), "Ranges([Range { lo: Some(20697), hi: Some(20726) }])");
    assert_eq!(date("< date(\"2026-02-30\")"), "`date(\"2026-02-30\")` is not a date");
    let time = |text| read(Scale::Time, Language::Feel, text);
    assert_eq!(time(">= time(\"15:00:30\")"), "Ranges([Range { lo: Some(901), hi: None }])");
    let moment = |text: &str| read(Scale::DateTime { lo: 0, hi: 1 << 40 }, Language::Feel, text);
    let chicago = moment(">= date and time(\"2026-09-14T15:00:00-05:00\")");
    assert_eq!(chicago, moment(">= date and time(\"2026-09-14T20:00:00Z\")"));
    assert_eq!(chicago, moment(">= @\"2026-09-14T15:00:00@America/Chicago\""));
    assert_eq!(chicago, "Ranges([Range { lo: Some(29823600), hi: None }])");
}

#[test]
fn texts_of_outputs() {
    let list = |t: &str| t.split('|').map(String::from).collect::<Vec<_>>();
    assert_eq!(texts("\"permit\"", Language::Feel), Ok(list("permit")));
    assert_eq!(texts(r#"["a \"b\"", "c"]"#, Language::Feel), Ok(list("a \"b\"|c")));
    assert_eq!(texts(r#"["it's " + '"so"', 'c\']"#, Language::Zen), Ok(list("it's \"so\"|c\\")));
    assert_eq!(texts("[]", Language::Zen), Ok(Vec::new()));
    assert!(texts("[1]", Language::Zen).is_err());
    assert!(texts("\"a", Language::Zen).is_err());
}
