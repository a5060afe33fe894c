//! Tokens: the words, signs and comments of a text, each with its place.
//!
//! Why it exists: `lex` makes them; `parse` reads those that carry meaning, `format` and the editor all of them.
//! Must not know the grammar: a word such as `from` has a kind of its own and is still a name wherever the grammar
//! expects no keyword.

use crate::source::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

macro_rules! kinds {
    (reserved { $($r:ident $rt:literal)* } words { $($w:ident $wt:literal)* } signs { $($s:ident $st:literal)* }) => {
        /// What a token is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum TokenKind {
            // Words that are always keywords.
            $($r,)*
            // Words that are keywords where the grammar expects them, else names.
            $($w,)*
            /// Any other name.
            Name,
            // Signs.
            $($s,)*
            /// `"…"`, with its quotes.
            String,
            /// `50`, `50.00`, `10_000`, `-5`
            Number,
            /// `2026-08-17`, whether or not there is such a day.
            Date,
            /// `08:00`, whether or not there is such a time.
            Time,
            /// `// …`
            LineComment,
            /// `/* … */`
            BlockComment,
            /// `/// …`
            Doc,
            /// A run of characters that begin nothing; an error has been reported.
            Stray,
        }

        impl TokenKind {
            /// The text of a keyword or sign; empty for the kinds whose text differs.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$r => $rt,)*
                    $(Self::$w => $wt,)*
                    $(Self::$s => $st,)*
                    _ => "",
                }
            }
        }

        /// Every keyword with its kind.
        const KEYWORDS: &[(&str, TokenKind)] =
            &[$(($rt, TokenKind::$r),)* ("include", TokenKind::Includes), $(($wt, TokenKind::$w),)*];

        /// The words that are always keywords.
        pub const RESERVED: &[&str] = &[$($rt,)* "include"];
        /// The words that are keywords only where the grammar expects them.
        pub const WORDS: &[&str] = &[$($wt,)*];
    };
}

kinds! {
    reserved {
        Policy "policy" Use "use" Fact "fact" Section "section" Rule "rule" Exception "exception" Duty "duty"
        Period "period" Decision "decision" Assume "assume" Expect "expect" Define "define" Permit "permit"
        Forbid "forbid" Require "require" Oblige "oblige" Advise "advise" Waive "waive" Provided "provided"
        Except "except" When "when" And "and" Or "or" Not "not" Is "is" Includes "includes"
    }
    words {
        Role "role" Channel "channel" From "from" To "to" In "in" Force "force" Until "until" On "on"
        Before "before" After "after" At "at" Least "least" Most "most" More "more" Less "less" Than "than"
        Exactly "exactly" Within "within" Between "between" During "during" Outside "outside" Any "any" All "all"
        None "none" Only "only" Of "of" One "one" NumberWord "number" DateWord "date" TimeWord "time"
        DateTimeWord "datetime" Set "set" If "if" Some "some" By "by" Undecided "undecided" Conflict "conflict"
        Obliges "obliges" Default "default" Source "source" Timezone "timezone" Yields "yields" Cite "cite"
        Because "because" Encoded "encoded" May "may" Be "be" Under "under" Excludes "excludes"
        Weekdays "weekdays" Weekends "weekends" Every "every" Day "day" Monday "Monday" Tuesday "Tuesday"
        Wednesday "Wednesday" Thursday "Thursday" Friday "Friday" Saturday "Saturday" Sunday "Sunday"
        Yes "yes" No "no" The "the" Same "same" As "as" Allow "allow"
    }
    signs {
        LBrace "{" RBrace "}" LParen "(" RParen ")" Comma "," Colon ":" Dot "." Slash "/" Equal "=" NotEqual "!="
        LessSign "<" LessEqual "<=" Greater ">" GreaterEqual ">="
    }
}

/// A power of two, and a few times as many as there are keywords.
const SLOTS: usize = 512;

/// Each keyword at its slot, or at the first free one behind. Most of a text is words, so none is compared with many.
static TABLE: [Option<(&str, TokenKind)>; SLOTS] = {
    let mut table = [None; SLOTS];
    let mut i = 0;
    while i < KEYWORDS.len() {
        let mut at = slot(KEYWORDS[i].0.as_bytes());
        while table[at].is_some() {
            at = (at + 1) % SLOTS;
        }
        table[at] = Some(KEYWORDS[i]);
        i += 1;
    }
    table
};

/// Told apart by length, the first two letters and the last.
const fn slot(word: &[u8]) -> usize {
    let second = if word.len() > 1 { word[1] } else { 0 };
    let (first, last) = if word.is_empty() { (0, 0) } else { (word[0], word[word.len() - 1]) };
    (first as usize * 287 + second as usize * 187 + last as usize * 142 + word.len() * 173) % SLOTS
}

impl TokenKind {
    /// The kind of a word: a keyword's own kind, or `Name`.
    pub fn of_word(text: &str) -> TokenKind {
        let mut at = slot(text.as_bytes());
        while let Some((word, kind)) = TABLE[at] {
            if word == text {
                return kind;
            }
            at = (at + 1) % SLOTS;
        }
        Self::Name
    }

    /// Always a keyword, never a name.
    pub fn is_reserved(self) -> bool {
        self <= Self::Includes
    }

    /// Can be a name: a plain one, or a word that is a keyword only elsewhere.
    pub fn is_name(self) -> bool {
        self > Self::Includes && self <= Self::Name
    }

    /// Carries no meaning for the grammar.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment | Self::Doc)
    }

    /// A reserved word that can only begin an item: `rule`, `fact` …
    pub fn starts_item(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Policy | Use | Fact | Section | Rule | Exception | Duty | Period | Decision | Assume | Expect | Define
        )
    }

    /// A reserved word that begins a statement of a rule: `permit`, `waive` …
    pub fn starts_statement(self) -> bool {
        use TokenKind::*;
        matches!(self, Permit | Forbid | Require | Oblige | Advise | Waive)
    }

    /// Behind a fact in a condition: `before`, `within` …
    pub fn relates(self) -> bool {
        use TokenKind::*;
        matches!(self, On | Before | After | Between | During | Outside | At | More | Less | Exactly | Within)
    }

    /// `Some(0)` for Monday … `Some(6)` for Sunday.
    pub fn weekday(self) -> Option<u8> {
        (Self::Monday..=Self::Sunday).contains(&self).then(|| self as u8 - Self::Monday as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found() {
        for &(word, kind) in KEYWORDS {
            assert_eq!(TokenKind::of_word(word), kind, "{word}");
            assert_eq!(TokenKind::of_word(&format!("{word}x")), TokenKind::Name, "{word}");
        }
        assert_eq!(TokenKind::of_word(""), TokenKind::Name);
        assert_eq!((TokenKind::of_word("include"), TokenKind::Includes.text()), (TokenKind::Includes, "includes"));
    }

    /// No word is looked for at more than a few slots.
    #[test]
    fn runs_of_slots_are_short() {
        let longest = TABLE.split(Option::is_none).map(<[_]>::len).max();
        assert!(longest <= Some(4), "{longest:?}");
    }
}
