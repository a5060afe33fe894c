//! A cell's text -> words, signs, numbers and texts.

use super::Language;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Word(String),
    /// As written: `-50.01`.
    Number(String),
    Text(String),
    /// `date("2026-09-14")`, `@"2026-09-14"`: the function's name, which may have several words or be `@`, and the text.
    Literal(String, String),
    Sign(&'static str),
}

impl Token {
    pub fn show(&self) -> String {
        match self {
            Token::Word(text) | Token::Number(text) => format!("`{text}`"),
            Token::Text(text) => format!("`\"{text}\"`"),
            Token::Literal(name, text) if name == "@" => format!("`@\"{text}\"`"),
            Token::Literal(name, text) => format!("`{name}(\"{text}\")`"),
            Token::Sign(sign) => format!("`{sign}`"),
        }
    }
}

/// Longer signs first.
const SIGNS: [&str; 18] =
    ["..", "<=", ">=", "!=", "==", "<", ">", "=", "[", "]", "(", ")", ",", "?", "$", "+", "-", "@"];

pub fn tokens(text: &str, language: Language) -> Result<Vec<Token>, String> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = if first == '"' || (first == '\'' && language == Language::Zen) {
            let (text, len) = quoted(rest, first, language)?;
            tokens.push(Token::Text(text));
            len
        } else if first.is_ascii_digit() || (first == '-' && negative(rest, &tokens)) {
            let len = number(rest);
            tokens.push(Token::Number(rest[..len].to_string()));
            len
        } else if first.is_alphabetic() || first == '_' {
            let len = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..len].to_string()));
            len
        } else if let Some(sign) = SIGNS.into_iter().find(|s| rest.starts_with(s)) {
            tokens.push(Token::Sign(sign));
            sign.len()
        } else {
            return Err(format!("`{first}` is not expected there"));
        };
        rest = rest[len..].trim_start();
        literal(&mut tokens);
    }
    Ok(tokens)
}

/// A minus belongs to the number behind it, unless something is subtracted.
fn negative(rest: &str, before: &[Token]) -> bool {
    let digit = rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    digit && !matches!(before.last(), Some(Token::Number(_) | Token::Text(_) | Token::Sign(")")))
}

fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut end = 1;
    while digit(end) || (bytes.get(end) == Some(&b'.') && digit(end + 1)) {
        end += 1;
    }
    end
}

/// The text in quotes at the beginning, and how long it is with them.
fn quoted(text: &str, quote: char, language: Language) -> Result<(String, usize), String> {
    let mut said = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        if c == quote {
            return Ok((said, i + c.len_utf8()));
        }
        if c != '\\' || language == Language::Zen {
            said.push(c);
            continue;
        }
        match chars.next().map(|e| e.1) {
            Some('n') => said.push('\n'),
            Some('r') => said.push('\r'),
            Some('t') => said.push('\t'),
            Some('u') => {
                let code: String = chars.by_ref().take(4).map(|e| e.1).collect();
                let sign = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                said.push(sign.ok_or_else(|| format!("`\\u{code}` is no sign"))?);
            }
            Some(sign) => said.push(sign),
            None => break,
        }
    }
    Err(format!("the text `{text}` does not end"))
}

/// Joins `date`, `(`, a text, `)` into one token as soon as they are there, and `@` with its text.
fn literal(tokens: &mut Vec<Token>) {
    let (name, text, count) = match tokens.as_slice() {
        [.., Token::Sign("@"), Token::Text(text)] => ("@".to_string(), text.clone(), 2),
        [before @ .., Token::Sign("("), Token::Text(text), Token::Sign(")")] => {
            // `date and time` is one name; `$ in date` is none.
            let words = |n: usize| -> Option<Vec<&str>> {
                let words = before.get(before.len().checked_sub(n)?..)?;
                words.iter().map(|t| if let Token::Word(w) = t { Some(w.as_str()) } else { None }).collect()
            };
            if words(3).is_some_and(|w| w == ["date", "and", "time"]) {
                ("date and time".to_string(), text.clone(), 6)
            } else if let Some([name @ ("date" | "time" | "d")]) = words(1).as_deref() {
                (name.to_string(), text.clone(), 4)
            } else {
                return;
            }
        }
        _ => return,
    };
    tokens.truncate(tokens.len() - count);
    tokens.push(Token::Literal(name, text));
}
