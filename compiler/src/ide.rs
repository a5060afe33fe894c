//! What editors show, as plain data: offsets and texts, no protocol, no files.
//!
//! The language server turns this into its protocol and adds nothing; a web page can use it as well.

pub mod diagnostics;

pub use diagnostics::{Marked, Related, diagnostics};
