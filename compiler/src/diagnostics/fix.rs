//! Texts and the edits of fixes -> new texts.
//!
//! Only fixes that need no decision of a person are made without one: the finding offers one way out, and what is decided
//! stays the same with it, or was not known before.

use super::{Diagnostic, Edit, Fix, codes};

impl Diagnostic {
    /// The fix that may be made without asking.
    pub fn safe_fix(&self) -> Option<&Fix> {
        const SAFE: &[&codes::Code] = &[
            &codes::STRAY_CHARACTER,
            &codes::UNTERMINATED,
            &codes::BRACKETS,
            &codes::SYNTAX,
            &codes::NOT_AN_ITEM,
            &codes::REDUNDANT,
            &codes::EXCEPTION_NO_EFFECT,
            &codes::ALWAYS_TRUE,
            &codes::ALWAYS_FALSE,
            &codes::UNUSED,
            &codes::ALLOWANCE_UNUSED,
        ];
        match self.fixes.as_slice() {
            [fix] if !fix.edits.is_empty() && SAFE.contains(&self.code) => Some(fix),
            _ => None,
        }
    }
}

/// The text with these edits, all of one file; `None` where two of them overlap or one lies outside.
pub fn edited(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        let range = edit.span.range();
        out.push_str(text.get(at..range.start)?);
        text.get(range.clone())?;
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn edits_are_made_from_front_to_back() {
        let edit = |range, text: &str| Edit::replace(Span::new(FileId(0), range), text);
        let (a, b, c) = (edit(0..1, "x"), edit(3..3, "+"), edit(2..4, ""));
        assert_eq!(edited("abcdé", &[&b, &a]).as_deref(), Some("xbc+dé"));
        assert_eq!(edited("abcdé", &[&a, &c]).as_deref(), Some("xbé"));
        assert_eq!(edited("abcdé", &[&b, &c]), None);
        assert_eq!(edited("abcdé", &[&edit(5..6, "")]), None);
        assert_eq!(edited("ab", &[&edit(9..9, "")]), None);
    }
}
