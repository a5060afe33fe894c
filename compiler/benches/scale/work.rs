//! A kind of work, a shape and a size -> what was measured.

use crate::deciding;
use crate::measured::{Measured, peak};
use crate::rows::SEED;
use crate::ways;
use ordain::analyse::{self, Found};
use ordain::compare::{self, Version};
use ordain::diagnostics::codes;
use ordain::lower::Lowered;
use ordain::model::DecisionId;
use ordain::tabulate::{self, Hit, Table};
use ordain::workspace::{Change, Checked, Workspace};
use ordain_tests::shapes;

pub enum Work {
    /// From text to all findings, with nothing kept from before.
    Findings { shape: &'static str, rules: usize },
    /// A project that was checked gets one rule changed, and is checked again.
    Change { rules: usize, files: bool },
    /// From text to the typed model.
    Understand { shape: &'static str, rules: usize },
    /// One decision by the compiled policy.
    Decide { shape: &'static str, rules: usize },
    /// One question of the analysis, from what the rules were lowered to.
    Question { name: &'static str, shape: &'static str, rules: usize },
    /// From the typed model to the unique table, or to rows by rule of which the first that fits decides; with its proof.
    Table { shape: &'static str, rules: usize, ordered: bool },
    /// Two versions, from their texts to what is decided differently: about one rule of a hundred is edited.
    Compare { rules: usize },
    /// One way to the answer of a question, whether or not it would be taken.
    Way { way: &'static ways::Way, shape: &'static str, rules: usize },
}

/// Path and text.
type Files = Vec<(String, String)>;

impl Work {
    pub fn name(&self) -> String {
        match self {
            Work::Findings { shape, rules } => format!("findings/{shape}/{rules}"),
            Work::Change { rules, files: true } => format!("change/aup-files/{rules}"),
            Work::Change { rules, files: false } => format!("change/aup/{rules}"),
            Work::Understand { shape, rules } => format!("understand/{shape}/{rules}"),
            Work::Decide { shape, rules } => format!("decide/{shape}/{rules}"),
            Work::Question { name, shape, rules } => format!("{name}/{shape}/{rules}"),
            Work::Table { shape, rules, ordered: false } => format!("table/{shape}/{rules}"),
            Work::Table { shape, rules, ordered: true } => format!("table-ordered/{shape}/{rules}"),
            Work::Way { way, shape, rules } => format!("{}-{}/{shape}/{rules}", way.question, way.name),
            Work::Compare { rules } => format!("compare/aup/{rules}"),
        }
    }

    pub fn run(&self) -> Measured {
        let mut measured = match *self {
            Work::Findings { shape, rules } => findings(&policy(shape, rules)),
            Work::Change { rules, files: true } => change(&shapes::aup_files(rules, SEED)),
            Work::Change { rules, files: false } => change(&policy("aup", rules)),
            Work::Understand { shape, rules } => understand(&policy(shape, rules)),
            Work::Decide { shape, rules } => decide(&policy(shape, rules)),
            Work::Question { name, shape, rules } => question(name, &policy(shape, rules)),
            Work::Table { shape, rules, ordered } => table(&policy(shape, rules), ordered),
            Work::Way { way, shape, rules } => {
                let files = policy(shape, rules);
                ways::measure(way, &workspace(&files).understand(), SEED)
            }
            Work::Compare { rules } => compare(&policy("aup", rules)),
        };
        measured.peak = peak();
        measured
    }
}

fn policy(shape: &str, rules: usize) -> Files {
    shapes::by_name(shape, rules, SEED).unwrap_or_default()
}

fn workspace(files: &Files) -> Workspace {
    let mut workspace = Workspace::default();
    for (path, text) in files {
        workspace.apply(Change::Set { path: path.clone(), text: text.as_str().into() });
    }
    workspace
}

fn bytes(files: &Files) -> usize {
    files.iter().map(|(_, text)| text.len()).sum()
}

/// How many findings, how many of them say that the analysis gave up, and whether the text was understood at all.
fn outcome(measured: &mut Measured, checked: &Checked) {
    let unfinished = checked.diagnostics.iter().filter(|d| d.code.id == codes::BUDGET.id).count();
    measured.count = checked.diagnostics.len() - unfinished;
    if !checked.complete {
        measured.broken = true;
        measured.note = "the policy is not understood".to_string();
    } else if unfinished > 0 {
        measured.partial = true;
        measured.note = format!("not finished: {unfinished} questions");
    }
}

fn findings(files: &Files) -> Measured {
    let (mut measured, checked) = Measured::repeat(|| workspace(files).check());
    measured.bytes = bytes(files);
    outcome(&mut measured, &checked);
    measured
}

fn understand(files: &Files) -> Measured {
    let (mut measured, checked) = Measured::repeat(|| workspace(files).understand());
    measured.bytes = bytes(files);
    outcome(&mut measured, &checked);
    measured
}

/// The change moves a bound of one rule in the middle to and fro. What is found at last must be what a fresh start finds.
fn change(files: &Files) -> Measured {
    let mut workspace = workspace(files);
    let mut before = Some(workspace.check());
    let (path, text) = &files[files.len() / 2];
    let middle = text.len() / 2;
    let Some(at) = text.get(middle..).and_then(|t| t.find("when grade >= ")).map(|i| middle + i + 14) else {
        return Measured::broken("no rule has a bound to change");
    };
    let end = at + text[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    let texts = [11, 10].map(|n| format!("{}{n}{}", &text[..at], &text[end..]));
    let mut turn = 0;
    let (mut measured, ()) = Measured::repeat(|| {
        turn += 1;
        workspace.apply(Change::Set { path: path.clone(), text: texts[turn % 2].as_str().into() });
        before = before.take().map(|before| workspace.check_again(before.leave()));
    });
    let Some(checked) = before else { return Measured::broken("nothing was checked") };
    measured.bytes = bytes(files);
    outcome(&mut measured, &checked);
    let last: Files =
        files.iter().map(|(p, t)| (p.clone(), if p == path { texts[turn % 2].clone() } else { t.clone() })).collect();
    let fresh = self::workspace(&last).check();
    let messages = |c: &Checked| c.diagnostics.iter().map(|d| (d.code.id, d.message.clone())).collect::<Vec<_>>();
    if messages(&fresh) != messages(&checked) || fresh.kinds != checked.kinds {
        measured = Measured::broken("a change is not checked as a fresh start is");
    }
    measured
}

fn decide(files: &Files) -> Measured {
    let mut measured = deciding::row(&workspace(files).understand().model, SEED);
    measured.bytes = bytes(files);
    measured
}

type Find = fn(&mut Lowered<'_>, &mut Found);

/// The questions of `analyse`, by the names of their rows.
const QUESTIONS: [(&str, Find); 9] = [
    ("never-applies", analyse::scope::find),
    ("exceptions", analyse::exception::find),
    ("conflicts", analyse::conflict::find),
    ("gaps", analyse::gap::find),
    ("requirements", analyse::requirement::find),
    ("unreachable", |lowered, found| analyse::reach::find(lowered, found, &[])),
    ("redundant", |lowered, found| drop(analyse::redundant::find(lowered, found))),
    ("duties", analyse::duty::find),
    ("parts", analyse::parts::find),
];

fn question(name: &str, files: &Files) -> Measured {
    let checked = workspace(files).understand();
    let lower = || Lowered::new(&checked.model, &[], checked.settings.budget);
    let mut measured = if name == "lowering" {
        Measured::repeat(lower).0
    } else {
        let Some((_, find)) = QUESTIONS.iter().find(|q| q.0 == name) else {
            return Measured::broken("no such question");
        };
        let ask = |mut lowered: Lowered<'_>| {
            let mut found = Found::default();
            find(&mut lowered, &mut found);
            (found.findings.len(), found.unfinished())
        };
        let (mut measured, (count, unfinished)) = Measured::repeat_after(lower, ask);
        measured.count = count;
        measured.partial = unfinished > 0;
        measured
    };
    measured.bytes = bytes(files);
    measured
}

fn table(files: &Files, ordered: bool) -> Measured {
    let checked = workspace(files).understand();
    let (mut measured, table) = Measured::repeat(|| {
        let mut lowered = Lowered::new(&checked.model, &[], checked.settings.budget);
        match ordered {
            true => tabulate::by_rules(&mut lowered, DecisionId(0)),
            false => Some(tabulate::tabulate(&mut lowered, DecisionId(0), Hit::Unique)),
        }
    });
    let Some(table) = table else { return Measured::broken("there is no such table") };
    measured.bytes = bytes(files);
    measured.count = table.rows.len();
    measured.note = proof(&table);
    // Too large for the budget is an answer, a proof that fails is none.
    measured.partial = table.proof.as_ref().is_some_and(|p| !p.finished);
    measured.broken = !measured.partial && !table.proof.as_ref().is_some_and(|p| p.holds());
    measured
}

/// In the new version every twentieth rule that has a bound, about one rule of a hundred, has it moved by one.
fn compare(files: &Files) -> Measured {
    let mut seen = 0;
    let bound = "when grade >= ";
    let edited: Files = files
        .iter()
        .map(|(path, text)| {
            let mut parts = text.split(bound);
            let mut new = parts.next().unwrap_or_default().to_string();
            for part in parts {
                seen += 1;
                let to = if seen % 20 == 1 { "when grade > " } else { bound };
                new.push_str(to);
                new.push_str(part);
            }
            (path.clone(), new)
        })
        .collect();
    let budget = workspace(files).understand().settings.budget;
    let (mut measured, found) = Measured::repeat(|| {
        let [old, new] = [files, &edited].map(|f| workspace(f).understand());
        let [a, b] = [&old, &new].map(|c| Version { model: &c.model, sources: &c.sources });
        compare::compare(a, b, budget).map(|c| (c.aspects.iter().map(|a| a.rows.len()).sum::<usize>(), c.changed))
    });
    measured.bytes = bytes(files) + bytes(&edited);
    match found {
        Ok((rows, changed)) if changed > 0 => {
            measured.count = rows;
            measured.note = "rows".to_string();
        }
        Ok(_) => return Measured::broken("nothing was edited"),
        Err(_) => return Measured::broken("no comparison"),
    }
    measured
}

fn proof(table: &Table) -> String {
    match &table.proof {
        Some(proof) if proof.holds() => "rows, proved".to_string(),
        Some(proof) => proof.sentence(),
        None => "not proved".to_string(),
    }
}
