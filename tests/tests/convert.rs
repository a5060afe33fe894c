//! A requirement into provisos and back, as the editor offers it: what is offered decides every case as before, is laid
//! out, and is offered only then.

use ordain::compare::{self, Version};
use ordain::diagnostics::edited;
use ordain::format::format;
use ordain::ide::fixes::{self, Action};
use ordain::ide::{Index, View};
use ordain::source::Span;
use ordain::workspace::{Change, Checked, Workspace};

fn check(text: &str) -> Checked {
    let mut workspace = Workspace::default();
    workspace.apply(Change::Set { path: "p.ordain".into(), text: text.into() });
    workspace.understand()
}

/// What is offered behind `before` in a text.
fn offered(text: &str, at: usize) -> Option<Action> {
    let checked = check(text);
    let index = Index::new(&checked);
    let diagnostics = &checked.diagnostics;
    let view = View { checked: &checked, diagnostics, index: &index, measured: None, current: true };
    let file = checked.sources.find("p.ordain").expect("the file");
    fixes::convert(&view, Span::new(file, at..at), true)
}

fn after(text: &str, action: &Action) -> String {
    let edits: Vec<_> = action.edits.iter().collect();
    edited(text, &edits).expect("edits within the text")
}

/// The text once the offer at `$0` is taken, with its title; "nothing" where there is none.
fn taken(marked: &str) -> String {
    let at = marked.find("$0").expect("a cursor");
    let text = marked.replace("$0", "");
    assert_eq!(format(&text).as_deref(), Some(&*text), "the text is laid out");
    match offered(&text, at) {
        Some(action) => format!("{}\n{}", action.title, after(&text, &action)),
        None => "nothing".to_string(),
    }
}

/// Every case is decided as before: verdicts, duties, advice.
fn same(old: &str, new: &str) -> bool {
    let [old, new] = [old, new].map(check);
    assert!(old.complete && new.complete, "both are understood");
    let [a, b] = [&old, &new].map(|c| Version { model: &c.model, sources: &c.sources });
    !compare::compare(a, b, 1_000_000).expect("small enough").any()
}

const FACTS: &str = "policy p {\n  default forbid\n}\n\nfact late, ill, small: yes/no\n\n";

#[test]
fn a_requirement_becomes_a_proviso() {
    let text = format!("{FACTS}rule a {{ permit when late }}\nrule asked {{ re$0quire ill when late }}\n");
    insta::assert_snapshot!(taken(&text), @r"
    turn the requirement into a proviso of `a` (another rule gives the answer)
    policy p {
      default forbid
    }

    fact late, ill, small: yes/no

    rule a { permit when late provided { asked: ill } }
    ");
}

#[test]
fn elsewhere_nothing_is_asked() {
    let text = format!("{FACTS}rule a {{ permit when late }}\nrule asked {{ re$0quire ill when small }}\n");
    insta::assert_snapshot!(taken(&text), @r"
    turn the requirement into a proviso of `a` (another rule gives the answer)
    policy p {
      default forbid
    }

    fact late, ill, small: yes/no

    rule a { permit when late provided { asked: not small or ill } }
    ");
}

#[test]
fn a_proviso_becomes_a_requirement() {
    let text = format!("{FACTS}rule a {{ permit when late provided {{ we$0ll: not ill, tall: not small }} }}\n");
    insta::assert_snapshot!(taken(&text), @r"
    turn the proviso `well` into a requirement
    policy p {
      default forbid
    }

    fact late, ill, small: yes/no

    rule a {
      permit when late provided { tall: not small }
      require not ill
    }
    ");
}

#[test]
fn what_would_decide_otherwise_is_not_offered() {
    let refused = [
        // Another rule permits what the proviso forbids: a conflict today, none with a requirement.
        "rule a { permit when late provided { w$0ell: not ill } }\nrule b { permit when late and small }\n",
        // Another rule forbids there: with a requirement the rule would still permit, which is a conflict.
        "rule a { permit when late provided { w$0ell: not ill } }\nrule b { forbid when ill }\n",
        // An exception to the requirement has no rule to be an exception to.
        "rule a { permit when late }\nrule asked {\n  req$0uire ill when late\n  except never { waive when small }\n}\n",
    ];
    for text in refused {
        let text = format!("{FACTS}{text}");
        let at = text.find("$0").expect("a cursor");
        assert!(offered(&text.replace("$0", ""), at).is_none(), "{text}");
    }
    // Without a default a failed requirement forbids, and a proviso of a rule that does not apply leaves it open.
    let text = "fact late, ill: yes/no\n\nrule a { permit when late }\nrule asked { req$0uire ill }\n";
    assert_eq!(taken(text), "nothing");
}

/// A random policy of small rules over four facts.
fn random(rng: &mut fastrand::Rng) -> String {
    let fact = |rng: &mut fastrand::Rng| {
        let name = ["a", "b", "c", "d"][rng.usize(..4)];
        if rng.bool() { name.to_string() } else { format!("not {name}") }
    };
    let cond = |rng: &mut fastrand::Rng| match rng.u8(..3) {
        0 => format!("{} and {}", fact(rng), fact(rng)),
        1 => format!("{} or {}", fact(rng), fact(rng)),
        _ => fact(rng),
    };
    let default = ["\n  default forbid\n", "", "\n  default permit\n"][rng.usize(..3)];
    let mut text = format!("policy p {{{default}}}\nfact a, b, c, d: yes/no\nduty report\n");
    for i in 0..rng.usize(2..5) {
        let (when, more) = (cond(rng), cond(rng));
        let statement = match rng.u8(..5) {
            0 => format!("forbid when {when}"),
            1 | 2 => format!("permit when {when} provided {{ x: {more}, y: {} }}", fact(rng)),
            3 => format!("permit when {when}"),
            _ => format!("require {more} when {when}"),
        };
        let duty = if rng.u8(..5) == 0 { "\n  oblige report" } else { "" };
        text += &format!("rule r{i} {{\n  {statement}{duty}\n}}\n");
    }
    format(&text).expect("it is understood")
}

#[test]
fn random_policies_keep_their_meaning() {
    let (mut offers, mut refused, mut back) = (0, 0, 0);
    for seed in 0..400 {
        let text = random(&mut fastrand::Rng::with_seed(seed));
        let places = ["require ", "x: ", "y: "].iter().flat_map(|w| text.match_indices(w).map(|m| m.0));
        for at in places.collect::<Vec<_>>() {
            let Some(action) = offered(&text, at) else {
                refused += 1;
                continue;
            };
            offers += 1;
            let new = after(&text, &action);
            assert!(same(&text, &new), "seed {seed}: `{}`:\n{text}\n{new}", action.title);
            assert_eq!(format(&new).as_deref(), Some(&*new), "seed {seed}: laid out");
            // And back, wherever that is offered.
            let returns = ["require ", "r0: ", "r1: ", "r2: ", "r3: "];
            for place in returns.iter().filter_map(|w| new.find(w)) {
                if let Some(action) = offered(&new, place) {
                    back += 1;
                    assert!(same(&text, &after(&new, &action)), "seed {seed}: there and back:\n{text}\n{new}");
                }
            }
        }
    }
    assert!(offers > 50 && refused > 50 && back > 50, "{offers} offers, {refused} refused, {back} taken back");
}

#[test]
fn large_policies_are_not_compared_unasked() {
    let rules: String = (0..60).map(|i| format!("fact f{i}: yes/no\nrule r{i} {{ permit when f{i} }}\n")).collect();
    let text = format!("policy p {{ default forbid }}\n{rules}rule asked {{ require f1 when f0 }}\n");
    let checked = check(&text);
    let index = Index::new(&checked);
    let view =
        View { checked: &checked, diagnostics: &checked.diagnostics, index: &index, measured: None, current: true };
    let at = text.find("require").expect("it stands there");
    let file = checked.sources.find("p.ordain").expect("the file");
    assert!(fixes::convert(&view, Span::new(file, at..at), false).is_none());
}

/// The texts of an example, by path.
fn example(name: &str) -> Vec<(String, String)> {
    let folder = ordain_tests::root().join("examples").join(name);
    let files = std::fs::read_dir(&folder).expect("the example").flatten().map(|e| e.path()).filter(|p| p.is_file());
    let kept = files.filter(|p| ["ordain", "md"].iter().any(|e| p.extension().is_some_and(|x| x == *e)));
    let path = |p: &std::path::PathBuf| p.file_name().unwrap_or_default().to_string_lossy().to_string();
    let mut texts: Vec<_> = kept.map(|p| (path(&p), std::fs::read_to_string(&p).expect("its text"))).collect();
    texts.sort();
    texts
}

fn understood(files: &[(String, String)]) -> Checked {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: path.clone(), text: text.as_str().into() });
    }
    workspace.check()
}

/// At every requirement and every proviso of the examples: what is offered decides as before, and finds nothing new.
#[test]
fn the_examples_keep_their_meaning() {
    let (mut offers, mut refused) = (0, 0);
    for name in ["approvals", "first-policy", "school-calendar", "student-aup", "workplace"] {
        let files = example(name);
        let checked = understood(&files);
        let index = Index::new(&checked);
        let diagnostics = &checked.diagnostics;
        let view = View { checked: &checked, diagnostics, index: &index, measured: None, current: true };
        let clauses = &checked.model.clauses;
        let requirements = clauses.iter().flat_map(|c| &c.requirements).map(|r| r.keyword);
        let provisos = clauses.iter().filter_map(|c| c.outcome.as_ref()).flat_map(|o| &o.provisos).map(|p| p.name_span);
        for place in requirements.chain(provisos) {
            let Some(action) = fixes::convert(&view, place, true) else {
                refused += 1;
                continue;
            };
            offers += 1;
            let mut new = files.clone();
            for (path, text) in &mut new {
                let id = checked.sources.find(path).expect("a file of the example");
                let own: Vec<_> = action.edits.iter().filter(|e| e.span.file == id).collect();
                *text = edited(text, &own).expect("edits within the text");
            }
            let after = understood(&new);
            let [a, b] = [&checked, &after].map(|c| Version { model: &c.model, sources: &c.sources });
            assert!(
                after.complete && !compare::compare(a, b, 10_000_000).expect("small enough").any(),
                "{}",
                action.title
            );
            let faults = |c: &Checked| -> Vec<String> {
                let shown = c.diagnostics.iter().filter(|d| d.level > ordain::diagnostics::Level::Note);
                shown.map(|d| d.message.clone()).collect()
            };
            let (before, now) = (faults(&checked), faults(&after));
            assert!(now.iter().all(|f| before.contains(f)), "{name}: {}: {now:#?}", action.title);
        }
    }
    assert!(offers > 5 && refused > 5, "{offers} offers, {refused} refused");
}
