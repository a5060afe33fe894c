//! The words of the language: what each means, and how a statement that begins with it is written.
//!
//! Hover and completion say the same about a word because both read it here.

/// Where a word begins something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At the top of a file or in a section.
    Item,
    /// In a `policy`.
    Setting,
    /// In a rule or an exception.
    Statement,
    /// In an `expect`.
    Claim,
    /// Within a part; it is only explained.
    Inside,
}

/// A word, what it means, and a template: `${1:name}` are places to fill in, `$0` is where one ends.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    pub word: &'static str,
    pub place: Place,
    pub template: &'static str,
    pub meaning: &'static str,
}

const fn word(word: &'static str, place: Place, template: &'static str, meaning: &'static str) -> Word {
    Word { word, place, template, meaning }
}

use Place::{Claim, Inside, Item, Setting, Statement};

/// All words that are explained, in the order in which they are offered.
pub const WORDS: &[Word] = &[
    word(
        "rule",
        Item,
        "rule ${1:name} \"${2:what it says}\" {\n  $0\n}",
        "A rule: what it says holds wherever it applies, unless an exception replaces it there.",
    ),
    word("fact", Item, "fact ${1:name}: ${2:yes/no}", "A fact of a case: one column of the decision table."),
    word(
        "section",
        Item,
        "section \"${1:title}\" cite \"${2:policy.md#heading}\" {\n  $0\n}",
        "A section holds rules that belong together and cite the same part of the adopted text.",
    ),
    word(
        "exception",
        Item,
        "exception ${1:name} to ${2:rule} {\n  $0\n}",
        "An exception that stands apart: where it and the rule apply, it replaces the rule.",
    ),
    word("define", Item, "define ${1:name} = ${2:condition}", "A name for a condition."),
    word("role", Item, "role ${1:name}", "Whoever acts or is reached. A role covers the roles in its braces."),
    word("channel", Item, "channel ${1:name}", "A means of contact. A channel covers the channels in its braces."),
    word(
        "period",
        Item,
        "period ${1:name} = ${2:2026-08-17} to ${3:2027-06-11}",
        "A named set of days and hours, in the policy's time zone.",
    ),
    word("duty", Item, "duty ${1:name} \"${2:what has to be done}\"", "Something that rules can oblige people to do."),
    word(
        "decision",
        Item,
        "decision ${1:name}: one of ${2:none}, ${3:some}",
        "A decision besides the verdict, with outcomes of its own.",
    ),
    word(
        "assume",
        Item,
        "assume ${1:condition} because \"${2:why}\"",
        "Rules out cases that cannot occur; all findings are about the others.",
    ),
    word(
        "expect",
        Item,
        "expect \"${1:what must hold}\" { ${2:forbid} $0 }",
        "A claim about every case of its condition. It is proved, not sampled.",
    ),
    word(
        "policy",
        Item,
        "policy ${1:name} \"${2:title}\" {\n  source \"${3:policy.md}\"\n  default ${4:forbid}\n}",
        "The policy that the rules of this file belong to, and its settings.",
    ),
    word(
        "use",
        Item,
        "use ${1:std.school}",
        "Makes the names of another file, or of the standard library, known here.",
    ),
    word(
        "not encoded",
        Item,
        "not encoded \"${1:policy.md#heading}\" because \"${2:why}\"",
        "A heading of the adopted text that no rule puts into effect, and why.",
    ),
    word(
        "allow",
        Item,
        "allow ${1:O3001} because \"${2:why}\"",
        "Accepts findings of this code where it stands: in a file, a section or a rule. A day may follow: `until 2027-01-31`.",
    ),
    word("source", Setting, "source \"${1:policy.md}\"", "The adopted text that this policy puts into effect."),
    word(
        "timezone",
        Setting,
        "timezone \"${1:America/Chicago}\"",
        "The time zone in which days and hours are counted.",
    ),
    word("in force", Setting, "in force from ${1:2026-08-17}", "The days on which it applies, both included."),
    word(
        "default",
        Setting,
        "default ${1:forbid}",
        "The answer where no rule decides. Without it such cases are reported as gaps.",
    ),
    word("yields to", Setting, "yields to ${1:policy}", "Where the other policy speaks, this one is silent."),
    word("permit", Statement, "permit $0", "Permits the cases of its head and condition."),
    word("forbid", Statement, "forbid $0", "Forbids the cases of its head and condition."),
    word(
        "require",
        Statement,
        "require ${1:condition} when ${2:condition}",
        "Where the first condition fails, whatever else permits is forbidden. Decides nothing by itself.",
    ),
    word("oblige", Statement, "oblige ${1:duty} when ${2:condition}", "The duty follows in these cases."),
    word(
        "advise",
        Statement,
        "advise ${1:condition} when ${2:condition}",
        "A recommendation; it never changes a verdict.",
    ),
    word(
        "except",
        Statement,
        "except ${1:name} {\n  $0\n}",
        "An exception to this rule: where both apply, it replaces the rule.",
    ),
    word("waive", Statement, "waive when ${1:condition}", "Lifts the rule in these cases and says nothing instead."),
    word(
        "cite",
        Statement,
        "cite \"${1:policy.md#heading}\"",
        "The heading of the adopted text that this puts into effect.",
    ),
    word("in force", Statement, "in force from ${1:2026-08-17}", "The days on which it applies, both included."),
    word("permit", Claim, "permit $0", "Every case of the condition is permitted."),
    word("forbid", Claim, "forbid $0", "Every case of the condition is forbidden."),
    word("undecided", Claim, "undecided $0", "No rule and no default decides any case of the condition."),
    word("conflict", Claim, "conflict $0", "Rules contradict one another in every case of the condition."),
    word("obliges", Claim, "obliges ${1:duty} $0", "The duty follows in every case of the condition."),
    word("some", Claim, "some ${1:permit} $0", "At least one case of the condition, instead of every case."),
    word(
        "provided",
        Inside,
        "provided {\n  ${1:name}: ${2:condition}\n}",
        "Provisos: where one fails, the permit becomes a prohibition, and the answer names it.",
    ),
    word("when", Inside, "when ", "The condition under which the statement applies."),
    word(
        "if",
        Inside,
        "if ",
        "The cases in which the fact exists. Elsewhere every condition about it is false, except behind `not`.",
    ),
    word("is", Inside, "is ", "The fact has this value, or one of these. A parent covers what is under it."),
    word("include", Inside, "include ", "What the set has among its elements."),
    word("includes", Inside, "include ", "What the set has among its elements."),
    word("during", Inside, "during ", "The moment lies in the period."),
    word("outside", Inside, "outside ", "The moment does not lie in the period."),
    word("between", Inside, "between ", "From the first to the second, both included."),
    word("by", Inside, "by ", "The rule that must be the one that decides."),
    word("under", Inside, "under ", "The role or channel, declared elsewhere, that covers these."),
    word("excludes", Inside, "excludes ", "The duties that nobody can do together with this one."),
    word("because", Inside, "because ", "The reason, for readers."),
    word("and", Inside, "and ", "Both hold."),
    word("or", Inside, "or ", "At least one holds."),
    word("not", Inside, "not ", "Does not hold; this is also so where the fact does not exist."),
    word(
        "before",
        Inside,
        "before ",
        "Earlier than; `A at least 4 days before B` counts calendar days in the policy's time zone.",
    ),
    word("after", Inside, "after ", "Later than."),
    word("within", Inside, "within ", "From none to so many."),
];

/// What a word means, the first of its places.
pub fn meaning(word: &str) -> Option<&'static str> {
    let is = |w: &&Word| w.word == word || w.word.split(' ').next() == Some(word);
    WORDS.iter().find(is).map(|w| w.meaning)
}

/// The words that begin something at a place.
pub fn at(place: Place) -> impl Iterator<Item = &'static Word> {
    WORDS.iter().filter(move |w| w.place == place)
}
