//! Random policies, everything the compiler says of them, and the same found by looking at every case.
//!
//! `generate` makes a program from a seed, `tree` writes it as text, `check` compiles it and holds every result against
//! `world`, the list of all its cases with what `decide` says of each; `shrink` makes a failing program small.
//! Nothing here but `check` looks at cells or diagrams.

pub mod check;
pub mod generate;
pub mod meaning;
pub mod mutate;
pub mod oracle;
pub mod pair;
pub mod set;
pub mod shrink;
pub mod tree;
pub mod world;
