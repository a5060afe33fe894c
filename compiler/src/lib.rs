//! Ordain: a policy language whose compiler proves what the rules decide.
//!
//! The pipeline on one page, in the order of the modules:
//!
//! ```text
//! text --lex--> tokens --parse--> ast --resolve, check--> model
//!      --lower--> rules over cells --analyse--> findings
//!                                  --tabulate--> table --emit--> markdown | csv | json
//!                                  --compile--> an array that decides cases
//! ```
//!
//! `decide` gives the semantics of one case straight from the model; everything after it is checked against it.
//! `workspace` is the only state; `cli` (the command) and the crate `ordain-lsp` are the only edges to the world.

mod beside;
pub mod diagnostics;
pub mod source;
pub mod stdlib;
mod xml;

pub mod syntax;

pub mod lex;
pub mod parse;

pub mod format;

pub mod model;

pub mod check;
pub mod resolve;

pub mod decide;

pub mod space;

pub mod diagram;

pub mod boxes;
pub mod sat;

pub mod lower;

pub mod compile;

pub mod witness;

pub mod analyse;

pub mod tabulate;

pub mod emit;

pub mod compare;

pub mod expect;

pub mod allow;

pub mod certify;

pub mod explain;

pub mod ide;
pub mod workspace;

pub mod cli;

pub use compile::Policy;
