//! SMT-LIB 2 terms as text: symbols, numbers, and connectives that leave out what is trivial.
//!
//! Must not know the model.

/// A quoted symbol; what a quoted symbol cannot hold is replaced.
pub fn symbol(words: &str) -> String {
    let legal = |c: char| if c == '|' || c == '\\' || c.is_control() { '?' } else { c };
    format!("|{}|", words.chars().map(legal).collect::<String>())
}

/// The quoted symbols of a term, without their bars.
pub fn symbols(term: &str) -> impl Iterator<Item = &str> {
    term.split('|').skip(1).step_by(2)
}

pub fn int(value: i64) -> String {
    if value < 0 { format!("(- {})", value.unsigned_abs()) } else { value.to_string() }
}

pub fn truth(value: bool) -> String {
    value.to_string()
}

pub fn and(parts: impl IntoIterator<Item = String>) -> String {
    join("and", "true", "false", parts)
}

pub fn or(parts: impl IntoIterator<Item = String>) -> String {
    join("or", "false", "true", parts)
}

/// `neutral` parts are left out, and one that `decides` is the whole.
fn join(word: &str, neutral: &str, decides: &str, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|p| p != neutral).collect();
    match &parts[..] {
        _ if parts.iter().any(|p| p == decides) => decides.into(),
        [] => neutral.into(),
        [one] => one.clone(),
        _ => format!("({word} {})", parts.join(" ")),
    }
}

pub fn not(term: String) -> String {
    match &*term {
        "true" => "false".into(),
        "false" => "true".into(),
        _ => format!("(not {term})"),
    }
}

pub fn equal(a: &str, b: &str) -> String {
    format!("(= {a} {b})")
}

/// `low <= term <= high`, as far as there are bounds.
pub fn between(term: &str, low: Option<i64>, high: Option<i64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) if low == high => equal(term, &int(low)),
        (Some(low), Some(high)) => format!("(<= {} {term} {})", int(low), int(high)),
        (Some(low), None) => format!("(<= {} {term})", int(low)),
        (None, Some(high)) => format!("(<= {term} {})", int(high)),
        (None, None) => "true".into(),
    }
}

/// The value of a step function: `values[i]` from its start on, up to the next. Nested evenly, so that it is not deep.
pub fn steps(of: &str, values: &[(i64, String)]) -> String {
    match values {
        [] => "0".into(),
        [(_, one)] => one.clone(),
        _ => {
            let (low, high) = values.split_at(values.len() / 2);
            let (low_term, high_term) = (steps(of, low), steps(of, high));
            if low_term == high_term {
                return low_term;
            }
            format!("(ite (< {of} {}) {low_term} {high_term})", int(high[0].0))
        }
    }
}
