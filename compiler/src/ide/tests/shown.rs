//! Outline, search, folds, selections, links, layout, colours, hints, lenses.

use super::Fixture;
use crate::ide::{colours, folds, hints, lenses, links, outline, reformat};
use crate::source::Span;

const TEXT: &str = "// One.
// Two.
use std.school
use std.communication

/// All of it.
policy p \"Policy\" {
  source \"policy.md\"
  default forbid
}
role guest { visitor \"Visitor\", inspector }
section \"Devices\" cite \"policy.md#devices\" {
  rule phone \"Phones\" {
    permit call from guest to staff
    except lesson {
      forbid call when late
    }
  }
}
fact late: yes/no
exception exam to phone { waive when not late }
expect \"no calls\" { forbid call from visitor when late }
";

fn project() -> Fixture {
    Fixture::new(&format!("-- p.ordain\n{TEXT}-- policy.md\n# P\n## Devices\ntext\n"))
}

#[test]
fn outlines_nest() {
    fn tell(entries: &[outline::Entry], depth: usize, out: &mut String) {
        for e in entries {
            let detail = if e.detail.is_empty() { String::new() } else { format!(" ({})", e.detail) };
            *out += &format!("{}{:?} {}{detail}\n", "  ".repeat(depth), e.kind, e.name);
            tell(&e.children, depth + 1, out);
        }
    }
    let fixture = project();
    let mut out = String::new();
    tell(&outline::outline(&fixture.view(), fixture.cursor.file), 0, &mut out);
    insta::assert_snapshot!(out, @r"
Named(Policy) p (Policy)
Named(Role) guest
  Named(Role) visitor (Visitor)
  Named(Role) inspector
Named(Section) Devices (policy.md#devices)
  Named(Rule) phone (Phones)
    Exception lesson
Named(Fact) late
Exception exam
Expectation no calls
");
    let found: Vec<String> = outline::search(&fixture.view(), "pln").into_iter().map(|f| f.name).collect();
    assert_eq!(found, ["phone.lesson"]);
}

#[test]
fn folds_and_selections() {
    let fixture = project();
    let view = fixture.view();
    let found = folds::folds(&view, fixture.cursor.file);
    let all: Vec<String> = found.iter().map(|f| format!("{}-{} {:?}", f.first, f.last, f.kind)).collect();
    let at = TEXT.find("late\n    }").expect("a place") as u32 + 1;
    let grown = folds::selections(&view, fixture.cursor.file, at);
    let grown: Vec<String> = grown.iter().map(|s| format!("{} characters", s.end - s.start)).collect();
    insta::assert_snapshot!(format!("{}\n{}", all.join(", "), grown.join(", ")), @r"
0-1 Comment, 2-3 Imports, 6-9 Code, 11-18 Code, 12-17 Code, 14-16 Code
4 characters, 21 characters, 49 characters, 115 characters, 164 characters, 461 characters
");
}

#[test]
fn links_lead_to_files_and_headings() {
    let fixture = project();
    let found = links::links(&fixture.view(), fixture.cursor.file);
    let told: Vec<String> =
        found.iter().map(|l| format!("{} -> {}", fixture.place(l.span), fixture.place(l.target))).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
p.ordain:3:5 `std.school` -> <std/school.ordain>:1:1 ``
p.ordain:4:5 `std.communication` -> <std/communication.ordain>:1:1 ``
p.ordain:8:10 `"policy.md"` -> policy.md:1:1 ``
p.ordain:12:24 `"policy.md#devices"` -> policy.md:2:1 `## Devices`
"#);
}

#[test]
fn layout_moves_only_what_is_wrong() {
    let wrong =
        "policy p { default forbid }\nfact x: yes/no\nrule a {\n      permit when x }\nrule b   { forbid   when x }\n";
    let fixture = Fixture::new(wrong);
    let view = fixture.view();
    let all = reformat::reformat(&view, fixture.cursor.file, None);
    let new = fixture.edited(&all)[0].1.clone();
    assert_eq!(Some(new.as_str()), crate::format::format(wrong).as_deref());
    assert_eq!(all.len(), 4, "{all:?}");
    let from = wrong.find("rule b").expect("a rule");
    let range = Span::new(fixture.cursor.file, from..wrong.len());
    let part = fixture.edited(&reformat::reformat(&view, fixture.cursor.file, Some(range)))[0].1.clone();
    assert!(part.contains("      permit when x }") && part.contains("rule b { forbid when x }"), "{part}");
    let brace = wrong.find("}\nrule b").expect("a brace") as u32 + 1;
    let part = fixture.edited(&reformat::after_brace(&view, fixture.cursor.file, brace))[0].1.clone();
    assert!(!part.contains("      permit") && part.contains("rule b   {"), "{part}");
}

#[test]
fn colours_say_what_words_mean() {
    let fixture = project();
    let all = colours::colours(&fixture.view(), fixture.cursor.file);
    let line = |c: &&colours::Coloured| TEXT[..c.span.start as usize].lines().count() > 10;
    let told: Vec<String> = all
        .iter()
        .filter(line)
        .map(|c| {
            let marks = format!("{}{}", if c.declares { "+" } else { "" }, if c.library { "*" } else { "" });
            format!("{}:{:?}{marks}", fixture.checked.sources.text(c.span), c.colour)
        })
        .collect();
    insta::assert_snapshot!(told.join(" "), @r#"
guest:Role+ visitor:Role+ "Visitor":Text inspector:Role+ section:Keyword "Devices":Text cite:Keyword "policy.md#devices":Text rule:Keyword phone:Rule+ "Phones":Text permit:Keyword call:Channel* from:Keyword guest:Role to:Keyword staff:Role* except:Keyword lesson:Rule+ forbid:Keyword call:Channel* when:Keyword late:Fact fact:Keyword late:Fact+ yes:Keyword no:Keyword exception:Keyword exam:Rule+ to:Keyword phone:Rule waive:Keyword when:Keyword not:Keyword late:Fact expect:Keyword "no calls":Text forbid:Keyword call:Channel* from:Keyword visitor:Role when:Keyword late:Fact
"#);
    assert!(all.windows(2).all(|w| w[0].span.end <= w[1].span.start), "in order, without overlap");
}

#[test]
fn hints_and_lenses_tell_figures() {
    let fixture = project();
    let view = fixture.view();
    let whole = Span::new(fixture.cursor.file, 0..TEXT.len());
    let hints: Vec<String> = hints::hints(&view, whole)
        .iter()
        .map(|h| format!("{} {}", fixture.checked.sources.place(h.at), h.label))
        .collect();
    let lenses: Vec<String> = lenses::lenses(&view, fixture.cursor.file)
        .iter()
        .map(|l| match &l.leads {
            lenses::Leads::Places(places) => format!("{} {} => {}", fixture.place(l.span), l.title, places.len()),
            lenses::Leads::Nowhere => format!("{} {}", fixture.place(l.span), l.title),
            leads => format!("{} {} => {leads:?}", fixture.place(l.span), l.title),
        })
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", hints.join("\n"), lenses.join("\n")), @r#"
p.ordain:9:17 decides 92 % of cases
p.ordain:14:27 (visitor, inspector)
p.ordain:14:36 (teacher, 5 more)
p.ordain:7:8 `p` show table => Table
p.ordain:13:8 `phone` decides no case
p.ordain:13:8 `phone` 2 exceptions => 2
p.ordain:15:12 `lesson` decides 8 % of cases
p.ordain:21:11 `exam` applies in 8 % of cases
p.ordain:22:8 `"no calls"` holds => Expectation("no calls")
p.ordain:22:8 `"no calls"` why? => Why([("channel", "call"), ("sender", "visitor"), ("late", "yes")])
"#);
}
