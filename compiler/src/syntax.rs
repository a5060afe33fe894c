//! Nouns of the syntax: tokens and the syntax tree.

pub mod ast;
pub mod token;
