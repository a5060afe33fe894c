//! The smallest tables on which the analyses of widely used engines miss a dead row or report a gap that is none, as
//! policies, with the truth.
//!
//! The third row is dead in each. It is stated in two ways: with the outcome of the other rows (then it is redundant),
//! and with another outcome in a policy that yields to theirs, as in a table whose first matching row wins (then it is
//! unreachable).

/// A table with what has to be found about it.
#[derive(Debug, Clone)]
pub struct Minimal {
    pub name: String,
    /// Path and text.
    pub files: Vec<(&'static str, String)>,
    /// The finding about the third row: `redundant` or `unreachable`.
    pub dead: &'static str,
    /// A condition that describes exactly the undecided cases, where there are some.
    pub gap: Option<&'static str>,
}

const ACCOUNT: &str = "fact account: one of retail, professional\nfact consent: yes/no\n";
const LEAD: &str = "fact lead: number 0 to 30\nfact consent: yes/no\n";
const ONLY_LEAD: &str = "fact lead: number 0 to 30\n";

/// Name, facts, the conditions of the three rows, the gap.
type Table = (&'static str, &'static str, [&'static str; 3], Option<&'static str>);

const TABLES: [Table; 4] = [
    ("both answers", ACCOUNT, ["consent", "not consent", "account is retail"], None),
    ("all values", ACCOUNT, ["account is retail", "account is professional", "consent"], None),
    ("adjoining integers", LEAD, ["lead between 0 and 9", "lead between 10 and 30", "consent"], None),
    (
        "across two intervals",
        ONLY_LEAD,
        ["lead between 0 and 9", "lead between 10 and 20", "lead between 5 and 15"],
        Some("lead > 20"),
    ),
];

/// All of them, in both forms.
pub fn minimal() -> Vec<Minimal> {
    let mut found = Vec::new();
    for (name, facts, [one, two, three], gap) in TABLES {
        let rows = format!("rule row1 {{ permit when {one} }}\nrule row2 {{ permit when {two} }}\n");
        found.push(Minimal {
            name: format!("{name}, same outcome"),
            files: vec![(
                "table.ordain",
                format!("policy rows {{ }}\n{facts}{rows}rule row3 {{ permit when {three} }}\n"),
            )],
            dead: "redundant",
            gap,
        });
        found.push(Minimal {
            name: format!("{name}, first row wins"),
            files: vec![
                ("rows.ordain", format!("policy rows {{ }}\n{facts}{rows}")),
                (
                    "third.ordain",
                    format!("use rows\npolicy third {{ yields to rows }}\nrule row3 {{ forbid when {three} }}\n"),
                ),
            ],
            dead: "unreachable",
            gap,
        });
    }
    found
}
