//! The registry: every diagnostic is one line here and one page in `docs/codes/`.

use super::Level::{self, Error, Note, Warning};

/// A kind of diagnostic.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `O3001`
    pub id: &'static str,
    /// `conflict`
    pub name: &'static str,
    pub level: Level,
    /// The page of the code, Markdown: `docs/codes/O3001.md`.
    pub page: &'static str,
}

impl Code {
    /// A finding of this kind may be accepted and left as it is. Where a text is not understood, or the analysis not
    /// finished, nothing is known that anybody could accept.
    pub fn acceptable(&self) -> bool {
        matches!(self.id.as_bytes().get(1), Some(b'3'..=b'5'))
    }
}

macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $level:ident)*) => {
        $(pub static $constant: Code = Code {
            id: $id, name: $name, level: $level,
            page: include_str!(concat!("../../../docs/codes/", $id, ".md")),
        };)*
        /// All codes, by number.
        pub static ALL: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    STRAY_CHARACTER       "O1001" "stray character"             Error
    UNTERMINATED          "O1002" "unterminated text"           Error
    BRACKETS              "O1003" "brackets do not match"       Error
    SYNTAX                "O1004" "not understood"              Error
    NOT_AN_ITEM           "O1005" "starts no statement"         Error
    TOO_DEEP              "O1006" "nested too deeply"           Error
    UNKNOWN_NAME          "O2001" "unknown name"                Error
    DUPLICATE_NAME        "O2002" "duplicate name"              Error
    WRONG_TYPE            "O2003" "wrong type"                  Error
    OUT_OF_RANGE          "O2004" "out of range"                Error
    WRONG_UNIT            "O2005" "wrong unit"                  Error
    NOT_A_VALUE           "O2006" "not a value of the fact"     Error
    BAD_LITERAL           "O2007" "no such date or number"      Error
    CYCLE                 "O2008" "defined by itself"           Error
    MISSING_IMPORT        "O2009" "missing import"              Error
    EMPTY_RANGE           "O2010" "empty range"                 Error
    MISPLACED             "O2011" "does not belong here"        Error
    UNKNOWN_IMPORT        "O2012" "nothing to import"           Error
    UNKNOWN_ZONE          "O2013" "unknown time zone"           Error
    POLICIES_DISAGREE     "O2014" "policies disagree"           Error
    TOO_MANY_VALUES       "O2015" "too many values"             Error
    TOO_PRECISE           "O2016" "more decimals than the fact" Error
    CONFLICT              "O3001" "conflict"                    Error
    GAP                   "O3002" "gap"                         Error
    NEVER_APPLIES         "O3003" "never applies"               Error
    UNREACHABLE           "O3004" "unreachable"                 Error
    REDUNDANT             "O3005" "redundant"                   Warning
    EXCEPTION_MISSES      "O3006" "exception never meets its rule" Error
    EXCEPTION_NO_EFFECT   "O3007" "exception without effect"    Warning
    IMPOSSIBLE            "O3008" "impossible requirement"      Error
    DUTIES_CONTRADICT     "O3009" "contradictory duties"        Error
    ALWAYS_TRUE           "O3010" "always true"                 Warning
    ALWAYS_FALSE          "O3011" "always false"                Warning
    RESTS_ON_ABSENCE      "O3012" "holds because a fact is absent" Note
    NO_CASES              "O3013" "no case is left"             Error
    EXPECTATION_FAILS     "O4001" "expectation fails"           Error
    EXPECTATION_VACUOUS   "O4002" "vacuous expectation"         Warning
    UNUSED                "O5001" "unused"                      Warning
    UNCITED               "O5002" "heading without a rule"      Warning
    UNKNOWN_TEXT          "O5003" "no such text"                Error
    UNKNOWN_HEADING       "O5004" "no such heading"             Error
    EXPIRED               "O5005" "expired"                     Warning
    NOT_YET_IN_FORCE      "O5006" "not yet in force"            Note
    NEVER_IN_FORCE        "O5007" "never in force"              Error
    ALLOWANCE_EXPIRED     "O5008" "acceptance expired"          Warning
    ALLOWANCE_UNUSED      "O5009" "acceptance of nothing"       Warning
    BUDGET                "O9001" "analysis not finished"       Error
    UNREADABLE            "O9002" "unreadable file"             Error
    BAD_SETTINGS          "O9003" "bad settings"                Error
}

/// The code with this id or name, in any case.
pub fn find(text: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|c| c.id.eq_ignore_ascii_case(text) || c.name.eq_ignore_ascii_case(text))
}
