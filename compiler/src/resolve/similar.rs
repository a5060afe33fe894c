//! A misspelt word -> the word that was probably meant; and lists in words.

/// The closest of the candidates, if it is close enough to be meant; of equally close ones the first.
pub fn closest<S: AsRef<str>>(word: &str, candidates: impl Iterator<Item = S>) -> Option<String> {
    let length = word.chars().count();
    let allowed = 1 + length / 4;
    let lower = word.to_lowercase();
    let mut best: Option<(usize, String)> = None;
    for candidate in candidates {
        let text = candidate.as_ref();
        if text == word || text.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &text.to_lowercase());
        // A word of two letters is close to half of all words of two letters.
        if distance <= allowed && distance * 2 < length.max(2) && best.as_ref().is_none_or(|b| distance < b.0) {
            best = Some((distance, text.to_string()));
        }
    }
    best.map(|b| b.1)
}

/// `` `a`, `b` and `c` ``; at most eight of them.
pub fn list<S: AsRef<str>>(words: &[S], last: &str) -> String {
    const MOST: usize = 8;
    let mut quoted: Vec<String> = words.iter().take(MOST).map(|w| format!("`{}`", w.as_ref())).collect();
    if words.len() > MOST {
        return format!("{} … ({} in all)", quoted.join(", "), words.len());
    }
    match quoted.pop() {
        None => "nothing".into(),
        Some(only) if quoted.is_empty() => only,
        Some(end) => format!("{} {last} {end}", quoted.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let names = ["teacher", "student", "on", "of"];
        assert_eq!(closest("teachr", names.iter()).as_deref(), Some("teacher"));
        assert_eq!(closest("Student", names.iter()).as_deref(), Some("student"));
        assert_eq!(closest("nurse", names.iter()), None);
        assert_eq!(closest("in", names.iter()), None);
    }

    #[test]
    fn lists_in_words() {
        assert_eq!(list(&["a"], "or"), "`a`");
        assert_eq!(list(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
