//! Nouns of the syntax: tokens and the syntax tree.

pub mod ast;
pub mod shift;
pub mod token;
pub mod uses;
