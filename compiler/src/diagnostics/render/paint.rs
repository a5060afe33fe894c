//! Colours of a terminal, or none.

/// Adds colours if `on`; without, text passes unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Paint {
    pub on: bool,
}

/// What a piece of text is; each has one colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tint {
    Error,
    Warning,
    Note,
    /// Good news.
    Good,
    Help,
    Strong,
    /// Line numbers, bars.
    Gutter,
    /// Further places.
    Second,
    /// Citations and other asides.
    Faint,
}

impl Paint {
    pub fn text(self, tint: Tint, text: &str) -> String {
        if !self.on || text.is_empty() {
            return text.to_string();
        }
        let code = match tint {
            Tint::Error => "1;31",
            Tint::Warning => "1;33",
            Tint::Note => "1;36",
            Tint::Good => "1;32",
            Tint::Help => "32",
            Tint::Strong => "1",
            Tint::Gutter | Tint::Second => "34",
            Tint::Faint => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
