//! Decision tables in other tools' formats: one file per format.
//!
//! Every format is written from a finished [`Table`](crate::tabulate::Table) alone (and the model's names); the bytes are
//! the same for the same table on every machine.

pub mod csv;
pub mod json;
pub mod list;
pub mod markdown;

#[cfg(test)]
mod tests;
