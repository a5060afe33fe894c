//! What editors show, as plain data: offsets and texts, no protocol, no files.
//!
//! The language server turns this into its protocol and adds nothing; a web page can use it as well. Each feature is one
//! file. All of them read a [`View`]: the text as it is now, understood as far as it can be, and what was last proved.

pub mod around;
pub mod calls;
pub mod case;
pub mod colours;
pub mod complete;
pub mod decide;
pub mod diagnostics;
pub mod earlier;
pub mod exceptions;
pub mod expectations;
pub mod fixes;
pub mod folds;
pub mod form;
pub mod hints;
pub mod hover;
pub mod index;
pub mod lenses;
pub mod links;
pub mod lookup;
pub mod measure;
pub mod moves;
pub mod outline;
pub mod reformat;
pub mod rename;
pub mod table;
pub mod words;

#[cfg(test)]
mod tests;

pub use diagnostics::{Marked, Related, diagnostics};
pub use earlier::Earlier;
pub use index::{Index, Target};
pub use measure::Measured;

use crate::diagnostics::Diagnostic;
use crate::source::FileId;
use crate::syntax::ast;
use crate::workspace::Checked;

/// What the features read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The project as it is now: its names and types.
    pub checked: &'a Checked,
    /// Everything that is said about it so far: its findings, once it is proved; until then what still stands of the
    /// last ones.
    pub diagnostics: &'a [Diagnostic],
    /// Its names.
    pub index: &'a Index,
    /// The figures of the last state that was measured.
    pub measured: Option<&'a Measured>,
    /// They are those of the project as it is now.
    pub current: bool,
}

impl<'a> View<'a> {
    /// The syntax tree of a policy file.
    pub fn tree(&self, file: FileId) -> Option<&'a ast::File> {
        self.checked.files.iter().find(|f| f.0 == file).map(|f| &*f.1)
    }
}
